"""The names by which Canvas and Moodle know whose file it is, made from what they called the submission.

Canvas, "Upload multiple feedback files": `NAME_USER_ATTACHMENT_…`. It takes the first two parts that are numbers, or
`anon_XXXXX_ATTACHMENT_…`, and ignores a file whose last part begins with `link` (app/models/abstract_assignment.rb,
`infer_comment_context_from_filename`). The attachment must be one of the student's newest submission.

Moodle, "Upload multiple feedback files in a zip": `FULL NAME_NUMBER_assignfeedback_file_FILE`. It cuts a name at the
first four `_` and takes the second part as the student's number; files that begin with `.` or `~` are ignored
(mod/assign/feedback/file/importziplib.php).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from autograder.errors import MalformedError
from autograder.intake.canvas_names import CanvasName, readings
from autograder.intake.moodle_names import MOODLE
from autograder.intake.way_back import WayBack
from autograder.returning.page_archives import Named
from autograder.returning.returnable import FeedbackPage, Unreturned

PAGE = "feedback.html"
_CANVAS_NUMBER = re.compile(r"[0-9]+")
_ODD = re.compile(r"[_/\\:*?\"'<>|&`~\x00-\x1f\x7f]+")  # Moodle drops some of them; others no file may have
_NAME_CHARACTERS = 60

Calls = Callable[[FeedbackPage], WayBack | None]


def canvas_names(pages: Sequence[FeedbackPage], way_back: Calls) -> tuple[list[Named], list[Unreturned]]:
    """A name for each page. A group handed in one file, so one page goes back: the page of the member who uploaded it.

    way_back: how the host called a student's newest upload, if `collect` says it.
    """
    named: dict[str, FeedbackPage] = {}
    unreturned = []
    for page in pages:
        try:
            name, user = _canvas_name(way_back(page))
        except MalformedError as error:
            unreturned.append(Unreturned(page.student, page.assignment, error.reason))
            continue
        other = named.setdefault(name, page)
        if other is not page and page.mark.student and page.mark.student.canvas_id == user:
            named[name] = page
    return [Named(name, page) for name, page in named.items()], unreturned


def _canvas_name(way_back: WayBack | None) -> tuple[str, str]:
    """The name, and the user's number in it. Raises MalformedError with the reason."""
    if way_back is None or way_back.kind != "canvas":
        raise MalformedError("expected a submission that came from Canvas, got another")
    top = way_back.host_name
    for way in readings(top):
        start = top.removesuffix(way.file)
        if way.file and top.endswith(way.file) and _canvas_takes(f"{start}{PAGE}", way):
            return f"{start}{PAGE}", way.user
    raise MalformedError("expected a name with the numbers of Canvas, got another")


def _canvas_takes(name: str, way: CanvasName) -> bool:
    """Whether Canvas will read the user out of the name who was read out of it when it was collected."""
    words = [word for word in name.split("_") if word != "LATE"]
    if words[0] == "anon":
        return way.user == f"anon_{words[1]}" and _CANVAS_NUMBER.fullmatch(words[2]) is not None
    digits = [word for word in words if _CANVAS_NUMBER.fullmatch(word)]
    return len(digits) >= 2 and digits[0] == way.user


def moodle_names(pages: Sequence[FeedbackPage], way_back: Calls) -> tuple[list[Named], list[Unreturned]]:
    """A name for each page. Without a signed number of Moodle's the roster's counts: it is of one assignment only.

    The number in the name of a team's folder is the team's, and can be another student's, too. So only a number counts
    that `collect` noted as this student's.
    """
    named, unreturned = [], []
    for page in pages:
        calls = way_back(page)
        listed = page.mark.student.moodle_id if page.mark.student else ""
        number = (calls.identity.get("moodle_id") if calls and calls.kind == "moodle" else "") or listed
        if not re.fullmatch(r"[0-9]{1,18}", number):
            reason = "expected a submission that came from Moodle, or a moodle_id in the roster, got neither"
            unreturned.append(Unreturned(page.student, page.assignment, reason))
            continue
        name = _moodle_words((calls and _moodle_name(calls.host_name, number)) or page.mark.name)
        named.append(Named(f"{name}_{number}_assignfeedback_file_{PAGE}", page))
    return named, unreturned


def _moodle_name(host_name: str, number: str) -> str:
    """What Moodle wrote in front of this number; "" if it wrote another number."""
    match = MOODLE.fullmatch(host_name)
    return match["name"] if match and match["number"] == number else ""


def _moodle_words(name: str) -> str:
    """A name that no `_` cuts and that does not begin with a dot. Moodle does not look at it; people do."""
    words = _ODD.sub(" ", name).split()
    plain = "".join(c if c.isprintable() else " " for c in " ".join(words)).strip(". ")
    return plain[:_NAME_CHARACTERS].strip(". ") or "Participant"
