"""A course is a folder with `course.toml`; an assignment is a folder in its `solutions/`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from autograder.ci_settings import CiSettings, read_ci_settings
from autograder.course_settings import ROSTER, read_course_settings
from autograder.errors import CourseError, FileError
from autograder.files import FileKind, read_text, read_toml
from autograder.granted import NOTHING_GRANTED, PLACE, GrantedExceptions, read_granted
from autograder.mail_settings import MailSettings, read_mail_settings
from autograder.marking_rules import MarkingRules, read_marking_rules
from autograder.portal_settings import PortalSettings, read_portal_settings
from autograder.text import nearest

FILE = "course.toml"
_SETTINGS_ONLY = "it holds settings only; move other text away"
COURSE_FILE = FileKind("the course's settings", 1 << 20, _SETTINGS_ONLY, links=True)
ASSIGNMENT_FILE = FileKind("the assignment's settings", 1 << 20, _SETTINGS_ONLY, links=True)
AUTHOR_FILE = FileKind("the author's file", 20 << 20, "it holds Python only; move data into another file", links=True)
PACKAGE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Course:
    """A course's folders and settings. root: the folder that holds course.toml.

    url: of nbgrader's gradebook, or "".  policy: late rules and the like, with what the portal `granted`.
    zone: of times without an offset.
    roster_file: of the class; it need not exist.  email: how mail is sent, or None.
    ci: how a CI tells students.  portal: what the portal's feedback shows, and when.
    open_first: a file below root that students open before their first notebook, or "".
    trust_timestamps: whether a timestamp.txt counts that `collect` did not write; if nbgrader's exchange wrote it, say.
    """

    root: Path
    title: str
    url: str = ""
    policy: MarkingRules = field(default_factory=MarkingRules)
    trust_timestamps: bool = False
    zone: tzinfo | None = None
    roster_file: str = ROSTER
    email: MailSettings | None = None
    ci: CiSettings = field(default_factory=CiSettings)
    open_first: str = ""
    granted: GrantedExceptions = NOTHING_GRANTED
    portal: PortalSettings = field(default_factory=PortalSettings)

    @property
    def solutions(self) -> Path:
        """The author's folders, one for each assignment."""
        return self.root / "solutions"

    @property
    def assignments(self) -> Path:
        """The generated folders that students get."""
        return self.root / "assignments"

    @property
    def work(self) -> Path:
        """The folder for everything that comes from students; git ignores it."""
        return self.root / "work"

    @property
    def gradebook(self) -> str:
        """SQLAlchemy's URL of nbgrader's gradebook."""
        return self.url or f"sqlite:///{self.work / 'gradebook.db'}"

    @property
    def identity(self) -> str:
        """The course's name for nbgrader."""
        return re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")[:50] or "course"

    def names(self) -> tuple[str, ...]:
        """The assignments, in order."""
        if not self.solutions.is_dir():
            return ()
        folders = [p.parent.name for p in self.solutions.glob("*/assignment.toml")]
        return tuple(sorted(name for name in folders if not name.startswith(".")))  # Jupyter's checkpoints, say

    def select(self, wanted: list[str] | tuple[str, ...] = ()) -> tuple[str, ...]:
        """The assignments of these names, or all. Raises CourseError for an unknown name."""
        known = self.names()
        for name in wanted:
            if name not in known:
                names = ", ".join(known) or "none in this course"
                raise CourseError(f"assignment: expected one of {names}, got {name!r}.{nearest(name, known)}")
        if not known:
            raise CourseError(f"{self.solutions}: expected an assignment, got none. Hint: autograder new NAME.")
        return tuple(wanted) or known


def open_course(root: Path, *, with_granted: bool = True) -> Course:
    """The course in `root`. Raises CourseError if course.toml is missing, is no TOML, or has a wrong `[marks]`.

    with_granted: add the exceptions that the portal granted. The portal itself reads them in its database.
    """
    if not (root / FILE).exists():
        raise CourseError(f"{root}: expected {FILE}, got none. Hint: autograder init {root}.")
    where = str(root / FILE)
    settings = read_course_settings(read_toml(root / FILE, COURSE_FILE), where)
    zone = _zone(settings.timezone, where)
    rules = read_marking_rules(settings.marks, settings.assignments, where, _assignments(root), zone)
    granted = read_granted(root / "work" / PLACE) if with_granted else NOTHING_GRANTED
    return Course(
        root.resolve(),
        root.name if settings.title is None else settings.title,
        settings.gradebook,
        granted.added_to(rules) if granted != NOTHING_GRANTED else rules,
        settings.trust_timestamps,
        zone,
        settings.roster,
        read_mail_settings(settings.email, where),
        read_ci_settings(settings.ci, where),
        settings.open_first,
        granted,
        read_portal_settings(settings.portal, where, _assignments(root)),
    )


def _zone(name: str, where: str) -> tzinfo | None:
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        names = available_timezones()
        raise CourseError(
            f"{where}, timezone: expected a time zone such as Europe/Berlin, got {name[:60]!r}.{nearest(name, names)}"
        ) from None


def author_text(path: Path) -> str:
    """A text of the author's, such as notebook.py, with line ends as Python reads them. Raises CourseError."""
    try:
        return read_text(path, AUTHOR_FILE).replace("\r\n", "\n").replace("\r", "\n")
    except FileError as error:
        raise CourseError(str(error)) from None


def _assignments(root: Path) -> set[str]:
    """The names that `[marks]` may use. A student's copy of the course has no solutions."""
    solutions = {p.parent.name for p in root.glob("solutions/*/assignment.toml")}
    return solutions | {p.parent.name for p in root.glob("assignments/*/*.ipynb")}


def find_course(start: Path) -> Course:
    """The course in `start` or in a folder above it. Raises CourseError."""
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / FILE).is_file():
            return open_course(folder)
    raise CourseError(
        f"course: expected {FILE} here or in a folder above, got none. Hint: autograder init DIR, or --course DIR."
    )


def bundled_course() -> Course:
    """The course that comes with the package: inside the wheel, or beside an editable installation."""
    for root in (PACKAGE / "_course", PACKAGE.parent):
        if (root / FILE).is_file() and (root / "solutions").is_dir():
            return open_course(root)
    raise CourseError("backprop-course: expected its own course in the installation, got none. Hint: reinstall it.")
