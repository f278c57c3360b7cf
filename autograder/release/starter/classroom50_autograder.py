"""Runs the public checks of a student's notebook for Classroom 50, and writes its result.json.

Everybody can read this file and those beside it, so they hold only what students were given. Each check is the released
one, whatever the student's notebook has in its place. The marks come from the hidden checks, which run elsewhere.
"""

import importlib
import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Write ./result.json. Classroom 50 sets the variables: wiki/Advanced-Autograding#contract."""
    # jsonschema takes this package where it is installed. Its 38 grammars take 3 s, and a notebook needs none.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None: not to be had
    try:
        import nbclient  # noqa: F401
    except ImportError:
        install = [sys.executable, "-m", "pip", "install", "--quiet", "--user", "-r", str(HERE / "requirements.txt")]
        subprocess.run(install, check=True)
    sys.path.insert(0, str(HERE))
    released = next(HERE.glob("*.ipynb"))
    tests: list[dict[str, Any]] = [
        {"test-name": f"{question}: {name}", "passed": not wrong, "score": int(not wrong), "max-score": 1}
        for question, name, wrong in checks(released)
    ]
    commit = os.environ["COMMIT_URL"]
    result = {
        "schema": "classroom50/result/v1",
        "classroom": os.environ["CLASSROOM"],
        "assignment": os.environ["ASSIGNMENT"],
        "submission": os.environ["SUBMISSION_TAG"],
        "commit": commit,
        "release": os.environ["RELEASE_URL"],
        "review": os.environ.get("REVIEW_URL") or commit,
        "datetime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "score": sum(test["score"] for test in tests),
        "max-score": len(tests),
        "tests": tests,
    }
    Path("result.json").write_text(json.dumps(result, indent=2))


def checks(released: Path) -> list[tuple[str, str, str]]:
    """(question, name, what went wrong or "") of each released check."""
    nbformat, public_checks = importlib.import_module("nbformat"), importlib.import_module("public_checks")
    given = nbformat.read(released, as_version=4)
    names = [check for cell in given.cells if (check := public_checks.check_of(cell))]
    places = [Path(released.name), Path(released.stem) / released.name]
    handed_in = next((place for place in places if place.is_file()), None)
    if handed_in is None:
        return [(*name, "there is no notebook of this name") for name in names]
    try:
        notebook = restored(nbformat.read(handed_in, as_version=4), given, public_checks.check_of)
        with tempfile.TemporaryDirectory(dir=handed_in.parent) as folder:
            copy = Path(folder) / released.name
            nbformat.write(notebook, copy)
            for given_out in (p for p in HERE.rglob("*") if p.is_file() and p.suffix != ".ipynb"):
                place = Path(folder) / given_out.relative_to(HERE)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(given_out.read_bytes())
            for beside in handed_in.parent.glob("*.py"):
                (Path(folder) / beside.name).write_bytes(beside.read_bytes())
            report = public_checks.Run(copy, 30, 300).report()
    except Exception as error:  # noqa: BLE001 - nbformat has many; each means that this is no notebook
        return [(*name, f"the notebook cannot be run: {type(error).__name__}") for name in names]
    outcomes = {(question, name): wrong for question, name, wrong in report.checks}
    return [(*name, outcomes.get(name, "the check did not run")) for name in names]


def restored(notebook: Any, given: Any, check_of: Any) -> Any:
    """The student's notebook with the released checks: each in its place, or at the end."""
    released = {check_of(cell): cell for cell in given.cells if check_of(cell)}
    kept = []
    for cell in notebook.cells:
        check = check_of(cell)
        kept.append(released.pop(check) if check in released else cell)
    notebook.cells = [*kept, *released.values()]
    return notebook


if __name__ == "__main__":
    main()
