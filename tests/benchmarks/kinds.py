"""A pandas and a plot assignment against A1, in turns in one run: milliseconds a submission, and the ratio.

They are those of `autograder new --kind pandas` and `--kind plots`, and docs/example-course, which has both. Each round
grades one notebook of every assignment, right after each other on the same core: its solution, its starter or a sample.
Each assignment has its sandbox open, as in a class; the result file is written, too.
"""

import argparse
import contextlib
import sys
import tempfile
from pathlib import Path

from benchmarks import engine
from benchmarks.material import honest
from benchmarks.phases import timed
from benchmarks.spread import ratios, shown, spread

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import notebook_text, solved_cells, starter_cells
from autograder.course import bundled_course, open_course
from autograder.intake.submissions import Submission
from autograder.scaffold import new

ROOT = Path(__file__).resolve().parents[2]
A1, BAR = "a1_gradient_ascent", 2.0  # times as long as A1, at most


def main(arguments=None):
    """Print a line an assignment; 1 if one takes too long."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=60)
    rounds = parser.parse_args(arguments).rounds
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        times = in_turns(assignments_in(Path(folder)), Path(folder), rounds)
    for name, own in times.items():
        print(f"{name}: {shown(spread(own))} ms, {shown(ratios(own, times[A1]))} × A1", flush=True)
    return int(any(ratios(own, times[A1])["median"] >= BAR for own in times.values()))


def assignments_in(folder):
    """A1, the skeletons with packages and with drawings, and the one of docs/, by name."""
    (folder / "course.toml").write_text('title = "Kinds"\n')
    course = open_course(folder)
    places = [bundled_course().solutions / A1, *(new(course, f"a_{kind}", kind) for kind in ("pandas", "plots"))]
    places.append(ROOT / "docs" / "example-course" / "solutions" / "e1_bikes")
    return {place.name: load_assignment(place) for place in places}


def in_turns(assignments, folder, rounds):
    """Milliseconds of each round, by assignment. The first round is not counted."""
    with contextlib.ExitStack() as stack:
        calls, notebooks = {}, {}
        for name, assignment in assignments.items():
            opened, _ = stack.enter_context(engine.opened(assignment, folder / "out" / name))
            calls[name], notebooks[name] = opened["ours"], handed_in(assignment, folder / "in")
        times = {name: [] for name in assignments}
        for i in range(rounds + 1):
            for name, own in notebooks.items():
                times[name].append(timed(calls[name], own[i % len(own)]))
    return {name: own[1:] for name, own in times.items()}


def handed_in(assignment, folder):
    """The solution, the starter, and the honest samples, as files."""
    cells = [solved_cells(assignment), starter_cells(assignment)]
    cells += [solved_cells(assignment, sample) for sample in honest(assignment)]
    folder.mkdir(exist_ok=True)
    made = []
    for i, each in enumerate(cells):
        path = folder / f"{assignment.name}-{i}.ipynb"
        path.write_text(notebook_text(each))
        made.append(Submission(f"s{i:05}", assignment.name, path))
    return made


if __name__ == "__main__":
    sys.exit(main())
