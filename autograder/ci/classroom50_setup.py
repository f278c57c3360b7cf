"""What `autograder ci init --provider classroom50` writes beside the workflow of GitHub.

The grading repository is the same. It collects the newest submit tag, and puts results into the releases of these tags.
Classroom 50 gets an autograder.py for a whole classroom that only says what came in.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

from autograder.ci.classroom50_results import short_name
from autograder.errors import AutograderError

_PROGRAM = Path(__file__).with_name("classroom50_receipt.py")
_COLLECT = "autograder collect students.csv"
_TOKEN = "AUTOGRADER_FEEDBACK_TOKEN: ${{ secrets.FEEDBACK_TOKEN }} # writes issues, and cannot push"  # noqa: S105 — a line
_POST = "autograder ci post feedback --submitted work/class/work/submitted"
_ADDRESS = re.compile(r"https://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/[\w./~-]*)?", re.ASCII)


def grading_workflow(github: str, classroom: str) -> str:
    """GitHub's workflow with submit tags, and with results in releases in place of issues."""
    changes = {
        _COLLECT: f"{_COLLECT} --branch 'submit/*'",
        _TOKEN: "CLASSROOM50_TOKEN: ${{ secrets.CLASSROOM50_TOKEN }} # writes releases and statuses",
        _POST: f"autograder ci classroom50 results feedback --classroom {short_name(classroom)} "
        "--submitted work/class/work/submitted",
    }
    for old, new in changes.items():
        github = github.replace(old, new)
    return github


def receipt_files(classroom: str, wake: str = "") -> dict[str, bytes]:
    """{path: bytes} in the course repository, for the clone of Classroom 50's. wake: an https address, or "".

    Raises AutograderError for a classroom that is no short name, and for another address.
    """
    if wake and (not _ADDRESS.fullmatch(wake) or not urlsplit(wake).hostname):
        raise AutograderError(f"--wake: expected an address such as https://wake.example.edu/cs1, got {wake[:80]!r}.")
    program = _PROGRAM.read_text(encoding="utf-8").replace('\nWAKE = ""', f"\nWAKE = {json.dumps(wake)}", 1)
    return {f"classroom50/{short_name(classroom)}/autograder.py": program.encode()}
