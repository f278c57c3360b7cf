"""`make bench`: what a submission costs, side by side with nbgrader, otter and no machinery at all; `make bench FULL=1`.

All grade the same notebooks in one run: the solution, the starter and honest samples of every assignment. Medians and
quartiles are printed, and written with a plot to work/bench.json, bench.svg and bench-profile.txt. Numbers of one run can
be compared; across machines only ratios can. `--page` writes the tables of docs/performance.md and docs/comparison.md from work/bench.json.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from statistics import median

from benchmarks import commands, engine, page, phases, plot, report, tools
from benchmarks.material import Class, hand_in
from benchmarks.spread import spread

from autograder.assignment.assignment import Assignment, load_assignment
from autograder.course import Course, bundled_course

CLASS = "a2_mlp_backprop"
JOBS = 2


def assignment_numbers(course: Course, assignment: Assignment, notebooks: int, rounds: int) -> tuple[dict, str]:
    """Everything of one assignment that needs no other tool, and the profile's text."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        handed = hand_in(course, assignment, Path(folder) / "in", notebooks)
        with engine.opened(assignment, Path(folder) / "out") as (calls, tier):
            numbers = {"tier": tier, **engine.side_by_side(calls, handed.submissions, rounds)}
            numbers["where"] = phases.phases_of(calls["ours"], handed.submissions, rounds)
            profile = phases.profile_of(calls["ours"], handed.submissions)
    return numbers, profile


def tool_numbers(course: Course, assignment: Assignment, cold: int, batch: int) -> dict:
    """nbgrader and otter on the same notebooks, ours before and after each; and the solution once with its figures."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        root = Path(folder)
        handed = hand_in(course, assignment, root / "in", batch)
        archive = tools.otter_archive(assignment, root)
        own = [own_times(handed, root / "own1")]
        times = {"nbgrader": tools.nbgrader_times(handed, cold, batch)}
        own.append(own_times(handed, root / "own2"))
        times["otter"] = tools.otter_times(handed, archive, cold, batch)
        own.append(own_times(handed, root / "own3"))
        drawn = hand_in(course, assignment, root / "figures", 1, figures=True)
        drawing = {"nbgrader": tools.nbgrader_times(drawn, 1, 0), "otter": tools.otter_times(drawn, archive, 1, 0)}
    found = {}
    for tool, before, after in zip(times, own, own[1:], strict=False):
        beside = [*before, *after]
        found[tool] = {"ours_ms": spread(beside), "cold_with_figures_ms": drawing[tool]["cold"][0]}
        for kind, values in times[tool].items():
            found[tool][f"{kind}_ms"] = spread(values)
            found[tool][f"{kind}_over_ours"] = spread(value / median(beside) for value in values)
    return found


def own_times(handed: Class, out: Path) -> list[float]:
    """Milliseconds of ours, twice over the notebooks, after once that is not counted."""
    with engine.opened(handed.assignment, out) as (calls, _):
        found = [phases.timed(calls["ours"], s) for _ in range(3) for s in handed.submissions]
    return found[len(handed.submissions) :]


def command_numbers(course: Course, counts: list[int], given: argparse.Namespace) -> dict:
    """Seconds and memory of whole commands."""
    assignment = load_assignment(course.solutions / CLASS)
    found = {"help_s": commands.times_of(course, given.repeats, "--help")}
    found["first_result_s"] = commands.first_result(course, assignment, given.repeats)
    found["classes"] = {str(n): asdict(commands.whole_class(course, assignment, n, JOBS)) for n in counts}
    return found


def measure(course: Course, names: tuple[str, ...], given: argparse.Namespace) -> tuple[dict, str]:
    """The whole run. Prints each part when it is there."""
    began = time.monotonic()
    found: dict = {"machine": commands.machine(), "assignments": {}}
    profiles = []
    for name in names:
        assignment = load_assignment(course.solutions / name)
        numbers, profile = assignment_numbers(course, assignment, given.notebooks, given.rounds)
        found["assignments"][name] = numbers
        profiles.append(f"== {name}\n{profile}")
        report.say_engine(name, numbers)
    if not given.no_commands:
        found["commands"] = command_numbers(course, sorted({*given.classes, *([10_000] if given.full else [])}), given)
        report.say_commands(found["commands"])
    for name in () if given.no_tools else names:
        own = tool_numbers(course, load_assignment(course.solutions / name), given.cold, given.batch)
        found["assignments"][name]["tools"] = own
        report.say_tools(name, own)
    found["minutes"] = round((time.monotonic() - began) / 60, 1)
    return found, "\n".join(profiles)


def options(arguments: list[str] | None = None) -> argparse.Namespace:
    """What can be asked for; without anything the whole run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="assignments; default: all")
    parser.add_argument("--full", action="store_true", help="also a class of 10 000")
    parser.add_argument("--no-tools", action="store_true", help="without nbgrader and otter")
    parser.add_argument("--no-commands", action="store_true", help="without whole commands")
    parser.add_argument(
        "--page",
        action="store_true",
        help="measure nothing; write the tables of docs/performance.md and docs/comparison.md",
    )
    parser.add_argument("--notebooks", type=int, default=12, help="of each assignment, for us and the floor")
    parser.add_argument("--rounds", type=int, default=5, help="over them")
    parser.add_argument("--cold", type=int, default=3, help="cold runs of each tool")
    parser.add_argument("--batch", type=int, default=5, help="notebooks for the marginal cost of each tool")
    parser.add_argument("--classes", type=int, nargs="+", default=[100, 1000], help="sizes of classes")
    parser.add_argument("--repeats", type=int, default=5, help="of short commands")
    parser.add_argument("--out", type=Path, help="default: work/")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> None:
    """Measure, print, save."""
    given = options(arguments)
    course = bundled_course()
    out = given.out or course.work
    target = out / "bench.json"
    if given.page:
        page.write(course.root, json.loads(target.read_text()))
        return
    found, profile = measure(course, course.select(given.names), given)
    out.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(found, indent=1) + "\n")
    (out / "bench-profile.txt").write_text(profile)
    plot.draw(found, out / "bench.svg")
    report.say_targets(found)
    print(f"written: {target}, bench.svg, bench-profile.txt, after {found['minutes']} minutes")
