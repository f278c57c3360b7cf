"""The last minute before a due time at a real `autograder serve`, on loopback: what a class waits for, and what it costs.

    make load                              1,000 hand-ins in 60 seconds, twice as many each 15 s; and 20 alone
    make load STUDENTS=40 SECONDS=10       a small one

Nobody is refused and nothing is lost: that is checked, receipt for receipt, and 50 results are graded again with
`autograder grade`. Seconds are printed beside their bars. They say something only if the machine has nothing else to do.
"""

import argparse
import asyncio
import contextlib
import math
import os
import random
import statistics
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.portal_aftermath import look_at_all
from benchmarks.portal_clients import HandIn, Seen, Site, Student, watch_class
from portal.portal_server import PortalServer, children_of

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import load_samples, notebook_text, solved_cells
from autograder.demo_portal import demo_course
from autograder.portal.catalogue import catalogue_of
from autograder.portal.credentials import give
from autograder.portal.database import Database
from autograder.portal.schema import GradingRow, JobRow, PersonRow, SubmissionRow

MOST_UPLOADS, MOST_SECONDS = 1200, 180
DOUBLES = 15.0  # seconds in which the density of hand-ins doubles
AGAIN = 0.2  # of the hand-ins are a student's second
ENDLESS = 0.01
STORM = "a2_mlp_backprop"
OTHER = "a1_gradient_ascent"
STAFF, WARM_UP = "dana", "zoe"
# {what: (idle, storm)}: p50, p95 and p99, or one number; seconds, and GiB of memory
BARS = {
    "receipt": ((0.1, 0.25, 0.5), (0.3, 1, 2)),
    "feedback": ((0.8, 1.5, 2), (15, 40, 50)),
    "student's page": ((None, 0.15, None), (None, 1, None)),
    "class page": ((None, 0.3, None), (None, 1, None)),
}


def main():
    """Measure both, and look whether anything was lost. Exit 1 if so."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--students", type=int, default=1000, help="hand-ins of the storm; 1200 at most")
    options.add_argument("--seconds", type=float, default=60.0, help="of the storm; 180 at most")
    options.add_argument("--idle", type=int, default=20, help="hand-ins one after another")
    options.add_argument("--seed", type=int, default=26)
    given = options.parse_args()
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}")
    print(idle(given.students, given.idle, given.seed), flush=True)
    print(storm(given.students, given.seconds, given.seed))


# --- What is handed in ---


def notebooks(course, rng, number):
    """So many notebooks of the storm's assignment, no two with the same bytes: right and wrong ones, some endless."""
    assignment = load_assignment(course.solutions / STORM)
    cells = [solved_cells(assignment), *(solved_cells(assignment, sample) for sample in load_samples(assignment))]
    texts = [notebook_text(each) for each in cells]
    endless = notebook_text([*cells[0], ("code", "own-loop", "while True:\n    pass")])
    loops = set(rng.sample(range(number), round(ENDLESS * number)))
    return [((endless if i in loops else rng.choice(texts)) + " " * (i + 1), i in loops) for i in range(number)]


def plan(course, students, seconds, seed):
    """By student, the hand-ins of the storm. The density doubles every 15 seconds; a fifth are second ones."""
    number, seconds = min(students, MOST_UPLOADS), min(seconds, MOST_SECONDS)
    rng = random.Random(seed)
    growth = 2 ** (seconds / DOUBLES) - 1
    times = sorted(DOUBLES * math.log2(1 + rng.random() * growth) for _ in range(number))
    planned: dict[str, list[HandIn]] = {}
    for at, (text, endless) in zip(times, notebooks(course, rng, number), strict=True):
        once = [name for name, each in planned.items() if len(each) == 1 and at - each[0].at > DOUBLES]
        name = rng.choice(once) if once and rng.random() < AGAIN else f"s{len(planned):04}"
        planned.setdefault(name, []).append(HandIn(at, name, text.encode(), endless))
    return planned


# --- The server ---


@contextlib.contextmanager
def portal(students):
    """A server of the bundled course with this class, and a site with a session for everybody."""
    with contextlib.ExitStack() as stack:
        course = stack.enter_context(demo_course())
        server = PortalServer(course, graders=len(os.sched_getaffinity(0)))
        stack.callback(server.stop)
        with server.database() as database, database.write() as session:
            people = [PersonRow(id=f"s{i:04}", name=f"Student {i}", role="student") for i in range(students)]
            people.append(PersonRow(id=WARM_UP, role="student"))
            session.add_all([*people, PersonRow(id=STAFF, role="instructor")])
            session.flush()
            names = [*(person.id for person in people), STAFF]
            sessions = {name: give(session, name, "session", datetime.now(UTC), by="load") for name in names}
        site = Site(int(server.url.rpartition(":")[2]), sessions)
        asyncio.run(_warm_up(site, course))
        yield server, site


async def _warm_up(site, course):
    """One hand-in of another assignment: graders load the course when they start, some seconds before they grade."""
    text = notebook_text(solved_cells(load_assignment(course.solutions / OTHER)))
    await Student(WARM_UP, site, OTHER, Seen()).do_all([HandIn(0.0, WARM_UP, text.encode())], time.monotonic())


def memory(pid):
    """PSS of a process and all that it started, in bytes. Pages that several share are counted once."""
    total, below = 0, [pid]
    while below:
        here = below.pop()
        with contextlib.suppress(OSError):
            below += children_of(here)
            text = Path(f"/proc/{here}/smaps_rollup").read_text()
            total += 1024 * sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total


# --- One after another ---


def idle(students, number, seed):
    """Hand-ins that meet an idle portal, and the class page with three assignments that all have a grading."""
    with portal(students) as (server, site):
        _fill(server, students)
        seen = Seen()
        asyncio.run(_one_after_another(site, notebooks(server.course, random.Random(seed), number), seen))
        used = memory(server.process.pid)
    return _report("Idle", seen, 0) + f"\nmemory of all processes: {used / 2**30:.2f} GiB (bar 0.8)"


async def _one_after_another(site, texts, seen):
    for i, (text, _) in enumerate(texts):
        each = HandIn(0.0, f"s{i:04}", text.encode())
        await Student(each.student, site, STORM, seen).do_all([each], time.monotonic())
        page = await site.get(STAFF, f"/class?a={OTHER}")
        assert page.code == 200, page
        seen.class_pages.append(page.seconds)


def _fill(server, students):
    """Gradings of three other assignments for everybody, as rows alone: the class page reads no more than those."""
    rng, now = random.Random(3), datetime.now(UTC)
    rows = []
    for entry in (e for e in catalogue_of(server.course).entries if e.name != STORM):
        for i in range(students):
            id_ = f"{rng.getrandbits(64):016x}"
            points = [[q.id, round(q.points * rng.random(), 2), q.points] for q in entry.questions if not q.by_hand]
            sums = {"score": round(sum(q[1] for q in points), 6), "max_score": entry.max_score, "questions": points}
            of_it = {"assignment": entry.name, "student": f"s{i:04}", "received": now, "key": id_}
            rows.append(SubmissionRow(id=id_, size=3, sha256="0" * 64, **of_it))
            known = {"result": "0" * 64, "status": "graded", "carried": 0, "flags": [], "graded": now, "counts": True}
            rows.append(GradingRow(submission_id=id_, suite=entry.suite, **sums, **known))
    with server.database() as database, database.write() as session:
        session.add_all(sorted(rows, key=lambda row: isinstance(row, GradingRow)))


# --- The storm ---


def storm(students, seconds, seed):
    """The report of a storm. Raises AssertionError if something was lost."""
    with portal(students) as (server, site):
        seen, planned = Seen(), plan(server.course, students, seconds, seed)
        run = asyncio.run(_all_at_once(server, site, planned, seen))
        after = look_at_all(server, site, seen, WARM_UP, seed)
    number = sum(map(len, planned.values()))
    lost = number - len(seen.receipts)
    lines = [
        _report(f"Storm of {number} hand-ins of {len(planned)} students in {seconds:.0f} s", seen, 1),
        f"refused {len(seen.refused)}, without a receipt {lost}, without feedback {run['unseen']} (bars 0, 0, 0)",
        *sorted(set(seen.refused))[:3],
        f"after the last hand-in: fast lane empty after {run['fast']:.0f} s (bar 45), all after {run['all']:.0f} s (180)",
        f"memory of all processes: at most {run['memory'] / 2**30:.2f} GiB (bar 1.5)",
        f"the clients took {run['clients']:.0%} of a core (aim 10 %)",
        after,
    ]
    assert not lost, lines
    return "\n".join(lines)


async def _all_at_once(server, site, planned, seen):
    began, cpu = time.monotonic(), time.process_time()
    last = began + max(each.at for many in planned.values() for each in many)
    watching = [
        asyncio.create_task(watch_class(site, STAFF, STORM, seen)),
        asyncio.create_task(_watch_server(server, watched := {"memory": 0})),
    ]
    students = [Student(name, site, STORM, seen).do_all(many, began) for name, many in planned.items()]
    lanes = asyncio.create_task(_lanes(server, last))
    await asyncio.gather(*students)
    spent = (time.process_time() - cpu) / (time.monotonic() - began)
    fast, whole = await lanes
    for task in watching:
        task.cancel()
    await asyncio.gather(*watching, return_exceptions=True)
    left_early = len(seen.receipts) - len(planned)  # second hand-ins: nobody waits for the first any more
    unseen = len(seen.receipts) - len(seen.feedback) - left_early
    return {"clients": spent, "fast": fast, "all": whole, "unseen": max(0, unseen), **watched}


async def _watch_server(server, watched):
    while True:
        watched["memory"] = max(watched["memory"], memory(server.process.pid))
        await asyncio.sleep(3)


async def _lanes(server, last):
    """Seconds from the last hand-in until nothing waits in the fast lane, and nothing at all."""
    database, fast = Database(f"sqlite:///{server.places.database}"), None
    await asyncio.sleep(last - time.monotonic())
    while True:
        await asyncio.sleep(0.5)
        with database.read() as session:
            slow = [row.slow for row in session.query(JobRow)]
        if fast is None and False not in slow:
            fast = time.monotonic() - last
        if not slow and fast is not None:
            database.close()
            return fast, time.monotonic() - last


# --- Numbers ---


def _report(title, seen, column):
    """A table in Markdown."""
    honest = [seconds for id_, seconds in seen.feedback.items() if id_ not in seen.endless]
    endless = [seconds for id_, seconds in seen.feedback.items() if id_ in seen.endless]
    rows = {
        "receipt": list(seen.receipts.values()),
        "feedback": honest,
        "student's page": seen.student_pages,
        "class page": seen.class_pages,
        **({"feedback of endless loops": endless} if endless else {}),
    }
    lines = [f"\n{title}, seconds:\n", "|  | number | p50 | p95 | p99 | bars |", "|---|--:|--:|--:|--:|---|"]
    for what, values in rows.items():
        bars = " / ".join("–" if bar is None else f"{bar:g}" for bar in BARS.get(what, [(), ()])[column])
        numbers = " | ".join(f"{percentile(values, share):.2f}" for share in (50, 95, 99))
        lines.append(f"| {what} | {len(values)} | {numbers} | {bars} |")
    return "\n".join(lines)


def percentile(values, percent):
    """The value that this percentage does not exceed; NaN for none."""
    if len(values) < 2:
        return values[0] if values else math.nan
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


if __name__ == "__main__":
    main()
