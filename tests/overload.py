"""`make overload`: the marks of the demo's class do not depend on the load of the machine.

Grades a part of the class once, then five times beside eight busy loops a core, and compares the results byte for byte.
The class has more than honest notebooks: an endless loop, a sleeper, and a function that is right and uses more than
half of the processor time that a call may take.

    make overload                           five rounds of the first students of each assignment
    make overload ROUNDS=2 STUDENTS=4       a short one
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from flaky import busy
from patience import be_patient

from autograder import demo
from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import notebook_text, solved_cells
from autograder.grading.grade_class import grade
from autograder.grading.plan import GradingPlan
from autograder.intake.submissions import find_submissions
from autograder.scaffold import init

LIMITS = {"cell_seconds": 3, "call_seconds": 1, "submission_seconds": 15}
OVERSUBSCRIBED = 8  # busy loops a core

# The first call of a process uses up 60 % of the time of a call, by a clock that stands still while others run.
SLOW = """
import time
_full = True
def _slowly(function):
    def slow(*args, **kwargs):
        global _full
        end = time.process_time() + {seconds}
        while _full and time.process_time() < end:
            pass
        _full = False
        return function(*args, **kwargs)
    return slow
{name} = _slowly({name})
"""
ASLEEP = "import time\n{name} = lambda *_, **__: time.sleep(10**6)"


def class_of(assignment, students):
    """{student: notebook}: the first of the demo, which are the odd ones; a slow one, and one that sleeps."""
    first = dict(list(demo.sample_class(assignment).items())[:students])
    _, name, _ = demo._first_function(assignment)
    for student, text in {"slow": SLOW, "asleep": ASLEEP}.items():
        cell = text.format(name=name, seconds=0.6 * assignment.settings.limits.call_seconds)
        first[student] = notebook_text([*solved_cells(assignment), ("code", "last", cell)])
    return first


def hand_in(course, students):
    """Write the class with short limits. Returns its submissions."""
    folder = course.work / "submitted"
    for name in course.names():
        be_patient(course.solutions / name, LIMITS)
        for student, text in class_of(load_assignment(course.solutions / name), students).items():
            target = folder / student / name
            target.mkdir(parents=True)
            (target / f"{name}.ipynb").write_text(text, encoding="utf-8")
    return tuple(find_submissions(folder, course.names()))


def graded(course, submissions, out):
    """Seconds, results, and {file: bytes} of all that the run wrote but the history, which has times."""
    began = time.monotonic()
    jobs = os.cpu_count() or 1
    results = grade(GradingPlan(course, tuple(course.names()), submissions, out, jobs))
    files = {p.relative_to(out): p.read_bytes() for p in sorted(out.rglob("*.json")) if "history" not in p.parts}
    return time.monotonic() - began, results, files


def main():
    """Exit with 1 if any byte of any result is another one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--students", type=int, default=8, help="of the demo's class, for each assignment")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        course = init(root / "course")
        submissions = hand_in(course, options.students)
        seconds, results, expected = graded(course, submissions, root / "idle")
        print(f"{len(results)} results, {len(expected)} files, {seconds:.0f} s without busy loops", flush=True)
        changed = set()
        for number in range(options.rounds):
            with busy(OVERSUBSCRIBED * (os.cpu_count() or 1)):
                seconds, _, files = graded(course, submissions, root / f"busy{number}")
            other = {str(p) for p in expected.keys() | files.keys() if expected.get(p) != files.get(p)}
            print(f"round {number + 1}: {seconds:.0f} s, {len(other)} files differ", *sorted(other), flush=True)
            changed |= other
    sys.exit(1 if changed else 0)


if __name__ == "__main__":
    main()
