"""Hand in a notebook to the portal of your course. It needs Python 3.9 or newer, and nothing else.

In Jupyter, save the notebook, and then:   %run submit.py my_notebook.ipynb
In a terminal:                             python submit.py my_notebook.ipynb

Make a token on your page of the portal. You are asked for it, or it stands in AUTOGRADER_TOKEN.
"""

from __future__ import annotations

import argparse
import builtins
import getpass
import json
import os
import re
import secrets
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import Any

PORTAL = ""  # the portal's address, which the portal itself writes here
FRESH = 60  # seconds; an older file was perhaps not saved
MOST = 20 << 20  # bytes of a notebook
TRIES = 5
PATIENCE = 150  # times that it asks for the feedback, 2 seconds apart
EMPTY = re.compile(r"YOUR (CODE|ANSWER) HERE|^\s*raise NotImplementedError", re.MULTILINE)


class Stop(Exception):
    """One line that says why it ends."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Nothing: the token goes to the portal alone."""


def main() -> None:
    """Ask what is missing, hand in, keep the receipt, and wait for the feedback."""
    given = _arguments()
    name, data, age = _notebook(given.notebook)
    print(f"{name}: saved {_age_text(age)} ago" if age is not None else f"{name}: as it is in Colab now")
    if empty := _empty_questions(data):
        print(f"These look empty: {', '.join(empty)}")
    is_old = age is not None and age > FRESH
    if is_old and not given.yes and input("Did you save it, and shall it be handed in? [y/N] ").strip().lower() != "y":
        raise Stop("NOT handed in. Save the notebook, and run this again.")
    token = os.environ.get("AUTOGRADER_TOKEN") or getpass.getpass("Your token (nothing is shown): ")
    ask = _asker(token.strip())
    stem = name.removesuffix(".ipynb")
    path = "/api/v1/hand-in/" + urllib.parse.quote(given.assignment or stem, safe="")
    answer = ask("PUT", path + ("?late=yes" if given.late else ""), data)
    id_ = str(answer.get("id"))
    if not re.fullmatch("[0-9a-f]{16}", id_) or not isinstance(answer.get("receipt"), str):
        raise Stop("portal: expected a receipt, got something else. Hint: download submit.py again.")
    print(f"{name}: handed in, id {id_}")
    print(_keep(Path(given.notebook or name).with_name(f"{stem}-{id_}.receipt.json"), answer["receipt"]))
    print(f"Your feedback: {PORTAL}/a/{urllib.parse.quote(given.assignment or stem)}/{id_}", flush=True)
    print(_feedback(ask, id_))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="submit.py", description="Hand in a notebook to the portal of your course.")
    parser.add_argument("notebook", nargs="?", default="", help="the file, .ipynb; not needed if it is alone here")
    parser.add_argument("--assignment", default="", help="its name; without it, the file's name")
    parser.add_argument("--late", action="store_true", help="late work may replace work in time")
    parser.add_argument("--yes", action="store_true", help="do not ask, also if the file is old")
    return parser.parse_args()


def _notebook(given: str) -> tuple[str, bytes, int | None]:
    """(name, bytes, age in seconds). In Colab, the notebook that is open; it is no file there."""
    if not given and "google.colab" in sys.modules:
        from google.colab import _message

        notebook = _message.blocking_request("get_ipynb", timeout_sec=60)["ipynb"]
        return notebook["metadata"]["colab"]["name"], json.dumps(notebook).encode(), None
    here = sorted(Path().glob("*.ipynb"))
    if not given and len(here) != 1:
        raise Stop(f"notebook: expected its name, got {len(here)} notebooks here. Hint: %run submit.py NAME.ipynb")
    path = Path(given) if given else here[0]
    data = path.read_bytes()
    if len(data) > MOST:
        raise Stop(f"{path.name}: expected at most 20 MiB, got more. Hint: clear large outputs, and save.")
    return path.name, data, max(0, int(time.time() - path.stat().st_mtime))


def _age_text(seconds: int) -> str:
    if seconds < 120:
        return f"{seconds} seconds"
    return f"{seconds // 60} minutes" if seconds < 7200 else f"{seconds // 3600} hours"


def _empty_questions(data: bytes) -> list[str]:
    """The answers that are as they were handed out, as far as one can see from here."""
    try:
        marked = [
            (cell["metadata"].get("nbgrader") or {}, "".join(cell["source"])) for cell in json.loads(data)["cells"]
        ]
        answers = [(str(mark["grade_id"]), text) for mark, text in marked if mark.get("solution")]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Stop("notebook: expected one of Jupyter's, got another file. Hint: save it as .ipynb.") from None
    names = [name.removesuffix("-solution") for name, _ in answers]
    return [name for name, (_, text) in zip(names, answers) if not text.strip() or EMPTY.search(text)]  # noqa: B905 — strict= came with Python 3.10


def _asker(token: str) -> Any:
    """A function that asks the portal. It asks again where that can help, and a notebook is handed in once."""
    local = urllib.parse.urlsplit(PORTAL).hostname in ("127.0.0.1", "localhost", "::1")
    if not token or not token.isascii() or not token.isprintable():
        raise Stop("token: expected one, got none. Hint: make one on your page of the portal.")
    if not local and not PORTAL.startswith("https://"):
        raise Stop("portal: expected its address with https. Hint: download submit.py again from your page.")
    proxy = [urllib.request.ProxyHandler({})] if local else []
    opener = urllib.request.build_opener(_NoRedirect, *proxy)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": secrets.token_hex(16)}

    def ask(method: str, path: str, data: bytes | None = None) -> dict[str, Any]:
        for left in reversed(range(TRIES)):
            request = urllib.request.Request(PORTAL + path, data, headers, method=method)  # noqa: S310
            try:
                with opener.open(request, timeout=90) as answer:
                    return _fields(answer)
            except urllib.error.HTTPError as error:
                wait = error.headers.get("Retry-After", "")
                if error.code not in (429, 502, 503, 504) or not left:
                    fields = _fields(error)
                    raise Stop(str(fields.get("error", f"portal: got code {error.code}"))[:500]) from None
            except (OSError, HTTPException) as error:
                wait = ""
                if not left:
                    raise Stop(f"portal: expected an answer of {PORTAL}, got {error}. Is the network there?") from None
            time.sleep(min(60, int(wait)) if wait.isdigit() else 2)
        raise AssertionError  # the last try returns or raises

    return ask


def _fields(answer: Any) -> dict[str, Any]:
    """What the portal answered. Something else, the page of a proxy say, is no error of this program."""
    try:
        fields = json.loads(answer.read(4 << 20))
    except (ValueError, RecursionError):
        fields = None
    return fields if isinstance(fields, dict) else {}


def _keep(path: Path, receipt: str) -> str:
    """Keep the receipt beside the notebook, never over another file. Returns a line about it."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(receipt)
    except FileExistsError:
        return f"receipt: {path} was there before"
    except OSError:
        return "receipt: no file can be written here. Hint: download it from the page below."
    return f"receipt: {path}"


def _feedback(ask: Any, id_: str) -> str:
    """Wait for the grading. Returns one line."""
    for _ in range(PATIENCE):
        answer = ask("GET", f"/api/v1/hand-ins/{id_}")
        result = answer.get("result")
        if answer.get("state") != "waiting":
            break
        time.sleep(2)
    if answer.get("state") == "malformed":
        return "not readable as a notebook"
    if answer.get("state") != "graded" or not isinstance(result, dict):
        return "not graded yet: look at the page later"
    return f"graded: {float(result['score']):g} of {float(result['max_score']):g} points shown"


if __name__ == "__main__":
    problem = ""
    try:
        main()
    except Stop as stop:
        problem = str(stop)
    except OSError as error:
        problem = f"{error.filename}: expected a file that can be read, got {error.strerror}."
    except (KeyError, TypeError, ValueError):
        problem = "portal: expected its answer, got something else. Hint: is this its address?"
    except (KeyboardInterrupt, EOFError):
        problem = "stopped. Is there a receipt above? Then your notebook is handed in."
    if problem:
        print(problem, file=sys.stderr)
        if not hasattr(builtins, "get_ipython"):  # a notebook would show more than this line
            sys.exit(1)
