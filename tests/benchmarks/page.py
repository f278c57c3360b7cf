"""The tables of docs/performance.md and docs/comparison.md, between `<!-- NAME -->` and `<!-- end NAME -->`, out of work/bench.json."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from benchmarks import plot
from benchmarks.phases import ORDER
from benchmarks.report import phase_rows, targets, verdict
from benchmarks.spread import digits, shown

TOOLS = (
    ("nbgrader", "cold", "`nbgrader autograde`, one command"),
    ("nbgrader", "marginal", "`nbgrader autograde`, one more in a batch"),
    ("otter", "cold", "`otter run`, one command"),
    ("otter", "marginal", "otter, one more in a process that has it loaded"),
)
FILE, SHORT, PLOT = "performance.md", "comparison.md", "performance.svg"


def write(root: Path, found: dict) -> None:
    """Rewrite the tables and the plot, and the short table of docs/comparison.md. Raises ValueError where a marker is missing."""
    _rewrite(root / "docs" / FILE, tables(found))
    _rewrite(root / "docs" / SHORT, short(found))
    plot.draw(found, root / "docs" / PLOT)


def _rewrite(file: Path, made: dict[str, list[str]]) -> None:
    text = file.read_text()
    for name, lines in made.items():
        text = replaced(text, name, "\n".join(lines))
    file.write_text(text)


def replaced(text: str, name: str, table: str) -> str:
    """The text with the table between the markers of that name."""
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end {name} -->)", flags=re.DOTALL)
    if len(pattern.findall(text)) != 1:
        raise ValueError(f"page: expected one <!-- {name} --> and its end, got another number")
    return pattern.sub(lambda m: f"{m[1]}{table}\n{m[2]}", text)


def tables(found: dict) -> dict[str, list[str]]:
    """Lines of Markdown by marker."""
    made = {
        "machine": [_machine(found)],
        "targets": _table(
            ("", "target", "measured", ""), ((t.what, t.wanted, t.value, "" if t.met is None else verdict(t)) for t in targets(found))
        ),
        "floor": _table(
            ("ms a submission", *_names(found)), _floor_rows(found)
        ),
        "where": _table(("ms a submission", *_names(found)), _where_rows(found)),
    }  # fmt: skip
    if all("tools" in own for own in found["assignments"].values()):
        made["tools"] = _table(("ms a submission", *_names(found)), _tool_rows(found))
    if "commands" in found:
        made["commands"] = _table(
            ("submissions", "seconds", "all processes, MB", "own process, MB"), _class_rows(found)
        )
    return made


def short(found: dict) -> dict[str, list[str]]:
    """The few numbers of docs/comparison.md, by marker."""
    every = list(found["assignments"].values())
    rows = [["`autograder grade`, tier A, ms", *(digits(own["wall_ms"]["ours"]["median"]) for own in every)]]
    for tool, kind, what in TOOLS if all("tools" in own for own in every) else ():
        over = [own["tools"][tool][f"{kind}_over_ours"]["median"] for own in every]
        rows.append([f"{what}: × ours", *map(digits, over)])
    over = [own["ours_over_floor"]["median"] for own in every]
    rows.append(["ours: × the same checks bare in one process", *map(digits, over)])
    return {"speed": _table(("", *_names(found)), rows)}


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    heads = list(heads)
    return [_row(heads), _row(["---"] * len(heads)), *map(_row, rows)]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _names(found: dict) -> list[str]:
    return [name.partition("_")[0].upper() for name in found["assignments"]]


def _machine(found: dict) -> str:
    m = found["machine"]
    return (
        f"{m['processor']}, {m['cores']} cores, {m['system']}, Python {m['python']}, NumPy {m['numpy']}, {m['date']}; "
        f"load average at the start {m['load']}; the run took {found['minutes']} minutes."
    )


def _floor_rows(found: dict) -> Iterable[list[str]]:
    every = list(found["assignments"].values())
    told = {"floor": "the floor", "core": "the same work in the sandbox", "ours": "all that `autograder grade` does"}
    for kind, what in told.items():
        yield [what, *(shown(own["wall_ms"][kind]) for own in every)]
    more = [own["wall_ms"]["ours"]["median"] - own["wall_ms"]["core"]["median"] for own in every]
    yield ["what causes, pictures and the file add", *map(digits, more)]
    for kind, what in (("core", "the same work"), ("ours", "all of it")):
        yield [f"{what}: × the floor", *(shown(own[f"{kind}_over_floor"]) for own in every)]
        yield ["… in processor time", *(shown(own[f"{kind}_over_floor_processor"]) for own in every)]


def _tool_rows(found: dict) -> Iterable[list[str]]:
    every = list(found["assignments"].values())
    yield ["ours, at the time of nbgrader", *(shown(a["tools"]["nbgrader"]["ours_ms"]) for a in every)]
    yield ["ours, at the time of otter", *(shown(a["tools"]["otter"]["ours_ms"]) for a in every)]
    for tool, kind, what in TOOLS:
        own = [a["tools"][tool] for a in every]
        yield [what, *(shown(o[f"{kind}_ms"]) for o in own)]
        yield ["… × ours", *(shown(o[f"{kind}_over_ours"]) for o in own)]
    for tool in ("nbgrader", "otter"):
        yield [
            f"{tool}, one command, figures drawn",
            *(digits(a["tools"][tool]["cold_with_figures_ms"]) for a in every),
        ]


def _where_rows(found: dict) -> Iterable[list[str]]:
    every = list(found["assignments"].values())
    rows = [{phase: (ms, share) for phase, ms, share in phase_rows(own)} for own in every]
    for phase in ORDER:
        yield [phase, *(f"{digits(row[phase][0])} ({row[phase][1]:.0f} %)" for row in rows)]
    yield ["together", *(digits(sum(ms for ms, _ in row.values())) for row in rows)]
    yield ["exchanges", *(f"{own['where']['exchanges']:.0f}" for own in every)]
    yield ["processes", *(f"{own['where']['processes']:.2f}" for own in every)]


def _class_rows(found: dict) -> Iterable[list[str]]:
    for count, own in found["commands"]["classes"].items():
        yield [f"{int(count):,}", f"{own['seconds']:.1f}", f"{own['family_mb']:.0f}", f"{own['parent_mb']:.0f}"]
