"""Runs as Classroom 50's autograder.py in a student's repository: says that the notebook came in, and grades nothing.

Everybody can read this file, so it holds no check and no secret. The hidden checks run in the course's own private
repository. That repository fetches each submit tag by itself, and its result replaces the one that is written here.
It uses Python's own library alone. Whatever happens, it writes ./result.json and ends with exit code 0.
The rules: https://github.com/foundation50/classroom50/wiki/Advanced-Autograding#contract
"""

import contextlib
import http.client
import json
import os
import stat
import sys
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

WAKE = ""  # an https address that starts the grading at once; "": it starts by its schedule
SECONDS = 5.0  # that the address may take, all in all
MOST_BYTES = 20 << 20  # of a notebook, as the grading accepts it
MOST_FILES = 1000  # that are looked at in one folder
LONGEST = 2000  # characters of a value from the environment
HERE = (
    "Received. The hidden checks run in the course's own repository. Their result will stand in the place of this one."
)
NOT_HERE = "No notebook of this assignment was found: expected {name}.ipynb, at the top or in a folder of that name."


def value(name: str, default: str = "unknown") -> str:
    """A variable of the environment, bounded. Never empty."""
    return os.environ.get(name, "")[:LONGEST] or default


def plain(text: str) -> str:
    """A short name as it may stand on a page: letters, digits, - and _."""
    return "".join(c for c in text[:60] if c.isascii() and (c.isalnum() or c in "-_")) or "notebook"


def is_notebook(path: Path) -> bool:
    """Whether a file is JSON with cells. It is read, never run; a link is not followed."""
    if not stat.S_ISREG(path.lstat().st_mode) or path.lstat().st_size > MOST_BYTES:
        return False
    content = json.loads(path.read_bytes())
    return isinstance(content, dict) and isinstance(content.get("cells"), list)


def candidates(checkout: Path, slug: str) -> list[Path]:
    """Files that are called as the assignment is; its _ is - here."""
    found = []
    folders = [checkout, *(Path(entry) for entry in entries(checkout) if entry.is_dir(follow_symlinks=False))]
    for folder in folders:
        names = (Path(entry) for entry in entries(folder) if entry.name.endswith(".ipynb"))
        found += [path for path in names if path.stem.lower().replace("_", "-") == slug.lower()]
    return found


def entries(folder: Path) -> list[os.DirEntry[str]]:
    """The first of a folder; none if it cannot be read."""
    with contextlib.suppress(OSError), os.scandir(folder) as listing:
        return [entry for entry, _ in zip(listing, range(MOST_FILES), strict=False)]
    return []


def has_notebook(checkout: Path, slug: str) -> bool:
    """Whether one of the candidates is a notebook. What cannot be read is none."""
    for path in candidates(checkout, slug):
        with contextlib.suppress(OSError, ValueError, RecursionError, MemoryError):
            if is_notebook(path):
                return True
    return False


def result_of(came_in: bool) -> dict[str, object]:
    """`classroom50/result/v1` with 0 of 0 points: there is no mark yet."""
    name = f"{plain(value('ASSIGNMENT'))}.ipynb came in"
    return {
        "schema": "classroom50/result/v1",
        "classroom": value("CLASSROOM"),
        "assignment": value("ASSIGNMENT"),
        "assignment_type": value("ASSIGNMENT_TYPE", "individual"),
        "owner": value("OWNER", value("USERNAME", value("GITHUB_ACTOR"))),
        "submission": value("SUBMISSION_TAG", "submit/unknown"),
        "commit": value("COMMIT_URL"),
        "release": value("RELEASE_URL"),
        "review": value("REVIEW_URL", value("COMMIT_URL")),
        "datetime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "score": 0,
        "max-score": 0,
        "tests": [{"test-name": name, "passed": came_in, "score": 0, "max-score": 0}],
    }


def write(path: Path, text: str) -> None:
    """Put a file in its place. A link or a folder that a student left there is replaced, not followed."""
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
        file.write(text)
    if path.is_dir() and not path.is_symlink():
        path.rename(f"{name}.student")
    Path(name).chmod(0o644)
    Path(name).replace(path)


def say(sentence: str, came_in: bool) -> None:
    """For the release's page, and for the line beside the commit."""
    write(Path("release-body.md"), f"### {'Handed in' if came_in else 'Not found'}\n\n{sentence}\n")
    output = os.environ.get("GITHUB_OUTPUT", "")
    if output and Path(output).is_file():
        with Path(output).open("a", encoding="utf-8") as file:
            file.write(f"status={'success' if came_in else 'failure'}\nsummary={sentence}\n")


def wake(address: str, result: dict[str, object]) -> None:
    """Tell the address which tag there is. It is no proof: the grading looks for itself. No answer is read."""
    parts = urlsplit(address)
    body = json.dumps({name: result[name] for name in ("classroom", "assignment", "submission", "commit")})
    with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
        server = http.client.HTTPSConnection(parts.netloc, timeout=SECONDS)
        server.request("POST", parts.path or "/", body, {"Content-Type": "application/json"})
        server.getresponse()


def main() -> None:
    """Write ./result.json first; all else may fail."""
    came_in = False
    with contextlib.suppress(Exception):
        came_in = has_notebook(Path.cwd(), value("ASSIGNMENT"))
    result = result_of(came_in)
    write(Path("result.json"), json.dumps(result, indent=2))
    sentence = HERE if came_in else NOT_HERE.format(name=plain(value("ASSIGNMENT")))
    with contextlib.suppress(Exception):
        sys.stdout.write(f"{sentence}\n")
        say(sentence, came_in)
    if WAKE:  # in a thread: an answer that never ends must not hold the runner
        thread = threading.Thread(target=wake, args=(WAKE, result), daemon=True)
        thread.start()
        thread.join(SECONDS)


if __name__ == "__main__":
    with contextlib.suppress(Exception):  # Classroom 50 takes another exit code for a fault of its own
        main()
    sys.stdout.flush()
    os._exit(0)  # a thread that still waits for an answer does not count
