"""An arena: a hostile notebook is really graded, then an honest one on the same zygote, and nothing may be left."""

import copy
import time
from pathlib import Path

from patience import within

from autograder.assignment.samples import notebook_text
from autograder.authoring.seeds import seeds_from
from autograder.intake.submissions import Submission
from autograder.judging.submission import grade_submission

SECRET = b"a secret of the course"
HIDDEN = ("4.2086588", "2.03125")  # an expected value and an input of the hidden checks
FOLDER = Path(__file__).with_name("course")
RIGHT = "def mean_square(x):\n    return float(np.mean(np.square(x)))"
WRONG = "def mean_square(x):\n    return 0.0"


# For a payload: `sys_` makes a raw system call. Its numbers are x86-64's.
RAW_CALLS = """
import ctypes, os
_libc = ctypes.CDLL(None, use_errno=True)
def sys_(number, *args):
    ctypes.set_errno(0)
    got = _libc.syscall(ctypes.c_long(number), *args)
    if got < 0:
        raise OSError(ctypes.get_errno(), 'syscall %d' % number)
    return got
"""


def sources(*, first="", answer=RIGHT, last=""):
    """The notebook's cells: a payload before, in place of `mean_square`, or after the answers."""
    return ["import numpy as np", first, answer, "def double(x):\n    return 2 * x", last]


def below(zygote):
    """Ids of all processes below a zygote's first, which other tests of this worker have no part in."""
    children, found = {}, set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int(entry.joinpath("stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError, ValueError):
                continue
            children.setdefault(parent, []).append(int(entry.name))
    todo = [zygote._process.pid]
    while todo:
        for child in children.get(todo.pop(), ()):
            found.add(child)
            todo.append(child)
    return found


def told(pid):
    """What a process is, for whoever must find out why it is there: its id, name, state, parent and command."""
    try:
        entry = Path("/proc", str(pid))
        name, _, rest = entry.joinpath("stat").read_text().rpartition(")")
        return f"{name}) {rest.split()[:2]} {entry.joinpath('cmdline').read_bytes()[:200]!r}"
    except OSError:
        return f"{pid}, which has ended"


class Arena:
    """Grades notebooks of one assignment on one zygote."""

    def __init__(self, suite, zygote, folder):
        self.suite, self.zygote, self.path = suite, zygote, folder / "arena.ipynb"
        self.honest = self._grade(sources())
        assert self.honest.score == self.suite.max_score

    def within(self, **limits):
        """The same arena with other limits, of those that assignment.toml has."""
        other = copy.copy(self)
        other.suite = within(self.suite, **limits)
        return other

    def attack(self, **where):
        """Grade a hostile notebook; check what every row implies; return the result."""
        before, started = below(self.zygote), time.monotonic()
        result = self._grade(sources(**where))
        assert time.monotonic() - started < self.suite.settings.limits.submission_seconds + 60
        left = self._left(before)
        assert left == set(), f"left: {', '.join(map(told, left))}"
        assert _verdict(self._grade(sources())) == _verdict(self.honest), "the next submission is touched"
        assert result.status == "graded"
        shown = result.to_json()
        assert not any(text in shown for text in HIDDEN)
        assert SECRET.decode() not in shown
        return result

    def _left(self, before):
        latest = time.monotonic() + 60
        while (left := below(self.zygote) - before) and time.monotonic() < latest:
            time.sleep(0.02)
        return left

    def _grade(self, cells):
        self.path.write_text(notebook_text([("code", f"c{i}", s) for i, s in enumerate(cells)]))
        return grade_submission(Submission("mallory", "arena", self.path), self.suite, self.zygote, seeds_from(SECRET))


def _verdict(result):
    return [(c.id, c.outcome, c.points) for q in result.questions for c in q.checks]


def outcomes(result):
    """{check: outcome}."""
    return {c.id: c.outcome for q in result.questions for c in q.checks}


def other_question(result):
    """Points of the question that is not attacked."""
    return next(q.score for q in result.questions if q.id == "q2")
