"""A class of 300 with its odd students, over three assignments and a change of clocks, through every job of a night.

    make ci-class                      300 students, 3 assignments
    make ci-class STUDENTS=60          a smaller class

The jobs are the workflow's own steps. Feedback is posted in this process, on the stand-in's clock, because GitHub's
limits would make it take two hours. The first run of posting is killed after 200 writes; the second one meets the limit
of an hour. Exits with 1 if anything is otherwise than expected.
"""

import argparse
import contextlib
import os
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from ci.odd_students import AFTER, ODD, WITHIN
from ci.semester import JOBS, TOKENS, Semester
from ci.test_post import KilledError, Unlucky

from autograder.ci import on_github
from autograder.ci.feedback_pages import Message, Pages, find
from autograder.ci.post import post
from autograder.course import open_course
from autograder.hosting.api import Api
from autograder.hosting.pace import GITHUB_WRITES, Pace
from autograder.hosting.server import Server
from autograder.roster.read import read_roster

TELL = "autograder ci post"  # the step that this process does


def leave_out(semester, script):
    """Leave a step out of the job `publish`."""
    steps = semester.runner.jobs["publish"]["steps"]
    steps[:] = [step for step in steps if not step.get("run", "").startswith(script)]


@contextmanager
def timed(what):
    """Print how long it took."""
    began = time.monotonic()
    yield
    print(f"  {time.monotonic() - began:7.1f} s  {what}", flush=True)


def posted(semester, kill_after=0):
    """A run of posting, and how often each outcome came. kill_after: so many writes, if not 0."""
    hosts, course = semester.school.hosts, open_course(semester.course)
    server = Server("github", "https://github.com", "https://api.github.com", TOKENS["FEEDBACK_TOKEN"])
    transport = Unlucky(hosts, kill_after, KilledError()) if kill_after else hosts
    pace = Pace(GITHUB_WRITES, hosts.clock, hosts.clock.sleep)
    artifacts = semester.runner.root / "artifacts"
    folders = artifacts / "grades/feedback", artifacts / "class/work/submitted"
    roster = read_roster(semester.course / "students.csv", course.zone)
    with Api(server, transport=transport, pace=pace) as api:
        pages = [*find(Pages(course, roster, server, *folders, datetime.now(UTC)))]
        assert all(isinstance(page, Message) for page in pages), pages
        try:
            return dict(Counter(each.outcome for each in post(on_github.GitHubIssues(api), pages)))
        except KilledError:
            return {"killed after": kill_after}


def night(semester):
    """All jobs, with feedback posted in several runs."""
    for job in JOBS:
        with timed(job):
            semester.run(job)
        if job == "publish":
            _post_all(semester)


def _post_all(semester):
    """Kill one run, let the limit stop another, and go on in the next hours."""
    hosts = semester.school.hosts
    for number, kill_after in enumerate((200, 0, 0, 0)):
        outcomes = posted(semester, kill_after)
        print(f"    posting, run {number + 1}: {outcomes}; {hosts.clock() / 60:.0f} minutes on the host's clock")
        if "left" in outcomes:
            hosts.clock.sleep(3600)
    assert set(outcomes) <= {"unchanged", "not begun"}
    assert len(hosts.created) == len(semester.school.issues()), "something was written twice"


def main():
    """Print the numbers."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--students", type=int, default=300)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        with timed("the class is made"):
            semester = Semester(Path(folder), (ODD, AFTER, WITHIN), options.students)
            leave_out(semester, TELL)
            semester.runner.machine = contextlib.nullcontext  # all cores
        with semester.host():
            night(semester)
            _report(semester)
            _again(semester)


def _report(semester):
    """Print what came out, and whether it is what was expected."""
    differences, issues = semester.differences(), semester.school.issues()
    rows = Counter(name for _, name in semester.marks())
    print(f"  rows: {dict(rows)} of {len(semester.present)} students; {len(issues)} issues, none twice")
    print("\n".join(["  otherwise than expected:", *differences]) if differences else "  every row as expected")
    assert set(rows.values()) == {len(semester.present)}
    assert not differences


def _again(semester):
    """Run each job again, in a new folder: the record and the issues stay as they are."""
    before = semester.tip, semester.school.issues()
    for job in JOBS:
        with timed(f"{job} again"):
            semester.run(job)
        if job == "publish":
            print(f"    posting: {posted(semester)}")
    assert (semester.tip, semester.school.issues()) == before, "a job that was run again changed something"
    print("  record and issues are the same after every job was run again")


if __name__ == "__main__":
    main()
