"""Runs a notebook from top to bottom and says, question by question, which PUBLIC checks pass.

    python public_checks.py                      every notebook that you have begun
    python public_checks.py NOTEBOOK.ipynb ...   these

Exit code 0: all public checks passed. 1: some did not, a notebook could not be run, or one that you were given is not
under its name. Your code runs here with your own rights, as it does in Jupyter. Hidden checks are not here: they run
after you hand in.
"""

import argparse
import hashlib
import io
import json
import logging
import re
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbclient.util import run_sync

HERE = Path(__file__).resolve().parent
NOT_WRITTEN = "not written yet"
NOT_REACHED = "not reached"
NEXT = "hidden checks run after you hand in"
# What a runner of GitHub, GitLab or Azure takes for a command of ours when it stands in the log.
LOG_COMMAND = re.compile(r":(?=:)|#(?=#)|section_(?=start:|end:)")


@dataclass
class Report:
    """What came of one notebook. checks: (question, name, what went wrong or ""). notes: other cells that failed.

    sentences: {(question, name): what is true if the check passes}.
    """

    checks: list[tuple[str, str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sentences: dict[tuple[str, str], str] = field(default_factory=dict)

    def name(self, question: str, check: str) -> str:
        """A check for people: its sentence, with its name behind."""
        sentence = self.sentences.get((question, check), "")
        return f"{sentence} ({check})" if sentence else check

    @property
    def passed(self) -> bool:
        """Whether there are checks, and each of them passed."""
        return bool(self.checks) and not any(wrong for _, _, wrong in self.checks)


class QuietClient(NotebookClient):
    """Keeps how each cell ended, and nothing of what it printed or drew."""

    def output(self, outs: Any, msg: Any, display_id: Any, cell_index: Any) -> None:
        """Drop it: a cell that prints without end must not fill the memory."""


def plain(text: str, longest: int = 300) -> str:
    """Text from a notebook as it may stand in a log: one line, no control signs, no command."""
    line = " ".join(text[: 4 * longest].split())
    line = "".join(c if c.isprintable() else "?" for c in line)
    line = LOG_COMMAND.sub(lambda sign: f"{sign[0]} ", line)
    return line if len(line) <= longest else line[: longest - 1] + "…"


def check_of(cell: Any) -> tuple[str, str] | None:
    """(question, name) if the cell is a public check, else None."""
    mark = cell.metadata.get("nbgrader", {})
    named = re.search(r"^def (test_\w+)\(", cell.source, re.MULTILINE)
    if cell.cell_type != "code" or not mark.get("grade") or named is None:
        return None
    return str(mark.get("grade_id", "")).partition("-")[0], named[1]


def sentence_of(cell: Any) -> str:
    """The first line of a check's docstring, which says what is true if it passes; "" if there is none."""
    match = re.search(r'^def test_\w+\(.*\):\n +"""(.*?)(?:"""|$)', cell.source, re.MULTILINE)
    return match[1] if match else ""


class Run:
    """One notebook in one kernel. cell_seconds, total_seconds: limits."""

    def __init__(self, path: Path, cell_seconds: int, total_seconds: int) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a notebook of an old editor has no cell ids: no matter
            self.notebook = nbformat.read(path, as_version=4)
        self.seconds = cell_seconds
        self.ends = time.monotonic() + total_seconds
        self.stuck = 0  # cells in a row that did not end
        self.over = ""  # why nothing more can be run
        self.reply: dict[str, Any] = {}
        self.client = QuietClient(
            self.notebook,
            timeout=cell_seconds,
            kernel_name="python3",  # whatever the notebook names
            allow_errors=True,
            on_cell_executed=self.executed,
            resources={"metadata": {"path": str(path.resolve().parent)}},
        )

    def executed(self, execute_reply: dict[str, Any], **_: Any) -> None:
        """Remember how the cell ended."""
        self.reply = execute_reply["content"]

    def report(self) -> Report:
        """Run all cells. What they print goes nowhere."""
        made = Report()
        with self.client.setup_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
            for index, cell in enumerate(self.notebook.cells):
                if cell.cell_type != "code":
                    continue
                wrong = self.run(cell, index)
                check = check_of(cell)
                if check:
                    made.checks.append((*check, wrong))
                    made.sentences[check] = sentence_of(cell)
                elif wrong and not wrong.startswith((NOT_WRITTEN, NOT_REACHED)):
                    made.notes.append(f"cell {index + 1}: {wrong}")
        return made

    def run(self, cell: Any, index: int) -> str:
        """What went wrong in the cell, or ""."""
        if not self.over and time.monotonic() > self.ends:
            self.over = "the notebook took too long as a whole"
        if self.over:
            return f"{NOT_REACHED}: {self.over}"
        self.reply = {}
        try:
            self.client.execute_cell(cell, index)
        except CellTimeoutError:
            return self.interrupt()
        except DeadKernelError:
            self.over = "an earlier cell ended the Python process"
            return "ended the Python process"
        self.stuck = 0
        if self.reply.get("status") == "ok":
            return ""
        name, text = self.reply.get("ename", "error"), self.reply.get("evalue", "")
        return NOT_WRITTEN if name == "NotImplementedError" and not text else f"{name}: {text}"

    def interrupt(self) -> str:
        """As Jupyter's stop button does. A cell that does not heed it costs what comes after it."""
        self.stuck += 1
        if self.stuck >= 2:
            self.over = "an earlier cell does not end"
        run_sync(self.client.km.interrupt_kernel)()  # type: ignore[union-attr, arg-type]
        return f"did not end within {self.seconds} seconds"


def given_out() -> dict[str, str]:
    """{path: digest} of the files that this repository was given; empty if nobody knows."""
    try:
        return dict(json.loads((HERE / ".release.json").read_bytes())["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def lost() -> Iterator[str]:
    """One line for each notebook that does not stand where it was given out: nobody would collect it there."""
    for name in given_out():
        path = HERE / name
        if not name.endswith(".ipynb") or path.is_file():
            continue
        others = [p for p in sorted(HERE.rglob("*.ipynb")) if is_like(p, path) and ".ipynb_checkpoints" not in p.parts]
        there = ", ".join(plain(repr(p.relative_to(HERE).as_posix()), 80) for p in others[:3]) or "no notebook"
        hint = "rename it" if others else f"git checkout -- {name}"
        yield f"{plain(name)}: expected your notebook under this name, got {there}. Hint: {hint}."


def is_like(path: Path, wanted: Path) -> bool:
    """Whether a notebook can be the wanted one under another name, or in another folder."""
    words = [re.sub(r"[\W_]+", "", p.stem.lower()) for p in (path, wanted)]
    return words[1] in words[0] or (path.parent == wanted.parent and path.suffix == ".ipynb")


def begun() -> Iterator[Path]:
    """Notebooks of assignments that are not as they were given out."""
    released = given_out()
    for path in sorted(HERE.glob("*/*.ipynb")):
        if path.stem != path.parent.name:
            continue
        if (
            released.get(path.relative_to(HERE).as_posix())
            == hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
        ):
            print(f"{plain(path.stem)}: not begun")
        else:
            yield path


def show(name: str, report: Report) -> None:
    """One line a question, and one for each check that did not pass."""
    print(f"\n{plain(name)}")
    for question in dict.fromkeys(q for q, _, _ in report.checks):
        mine = [(report.name(q, check), wrong) for q, check, wrong in report.checks if q == question]
        good = sum(not wrong for _, wrong in mine)
        print(
            f"  {'pass' if good == len(mine) else 'FAIL'}  {plain(question, 20)}: {good} of {len(mine)} public checks"
        )
        for check, wrong in mine:
            if wrong:
                print(f"        {plain(check, 160)}: {plain(wrong)}")
    for note in report.notes[:10]:
        print(f"  note  {plain(note)}")
    good = sum(not wrong for _, _, wrong in report.checks)
    if report.passed:
        print(f"  public checks passed; {NEXT}")
    else:
        print(f"  {good} of {len(report.checks)} public checks passed; {NEXT}")


def examine(path: Path, cell_seconds: int, total_seconds: int) -> bool:
    """Run, show, and say whether all public checks passed."""
    try:
        run = Run(path, cell_seconds, total_seconds)
    except Exception as error:  # noqa: BLE001 - nbformat has many; each means that this is no notebook
        print(f"\n{plain(str(path))}\n  cannot be read as a notebook: {plain(f'{type(error).__name__}: {error}')}")
        return False
    try:
        report = run.report()
    except Exception as error:  # noqa: BLE001 - whatever Jupyter has to say about its kernel
        print(f"\n{plain(str(path))}\n  could not be run: {plain(f'{type(error).__name__}: {error}')}")
        return False
    show(path.name, report)
    return report.passed


def main() -> int:
    """Exit code."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("notebooks", nargs="*", type=Path, help="Default: every notebook that you have begun.")
    parser.add_argument("--cell-seconds", type=int, default=30, help="Longest time for one cell. Default: 30.")
    parser.add_argument("--total-seconds", type=int, default=300, help="... for one notebook. Default: 300.")
    options = parser.parse_args()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a console that has no ² or ∇
    logging.disable(logging.CRITICAL)  # Jupyter's own log quotes cells
    missing = [] if options.notebooks else list(lost())
    for line in missing:
        print(line)
    paths = options.notebooks or list(begun())
    good = [examine(path, options.cell_seconds, options.total_seconds) for path in paths]
    return 0 if all(good) and not missing else 1


if __name__ == "__main__":
    sys.exit(main())
