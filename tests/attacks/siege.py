"""`make siege`: 200 hostile notebooks in a class of 1,000 delay the rest by no more than their limits allow.

Grades the 800 honest ones alone, then all 1,000, with two grader processes in one run. Every hostile one uses up
whatever it may. Fails unless every honest result is the same in both, byte for byte, and the second run is longer by
at most 200 times the limit of a submission, divided by the processes.
"""

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from attacks.arena import FOLDER, sources
from attacks.test_exhaustion import HARMLESS, LOOPS, body

from autograder.assignment.samples import notebook_text
from autograder.course import open_course
from autograder.grading.grade_class import grade
from autograder.grading.plan import GradingPlan
from autograder.intake.submissions import find_submissions

CLASS, HOSTILE, JOBS, SECONDS, WALL_FACTOR = 1000, 200, 2, 1.0, 2
STARTING = 10.0  # seconds in which two processes, their imports and sandboxes are ready on a busy machine
PAYLOADS = [
    *({"answer": body(text)} for text in LOOPS.values()),
    *({"last": text + "\nwhile True: pass"} for text in HARMLESS.values()),
    {"first": "while True: pass"},
    {"last": "big = []\nwhile True: big.append(bytearray(1 << 20))"},
    {
        "answer": "import time\ndef mean_square(x):\n    time.sleep(0.19)\n    return 12.5",
        "last": "while True: double = None",
    },
]


def make_course(root):
    """The arena's course with short limits."""
    folder = root / "solutions" / "arena"
    folder.mkdir(parents=True)
    (root / "course.toml").write_text('title = "Siege"\n')
    for file in FOLDER.iterdir():
        if file.is_file():
            (folder / file.name).write_text(file.read_text())
    text = (folder / "assignment.toml").read_text()
    limits = f"[limits]\nmemory_mb = 512\ncell_seconds = 0.4\ncall_seconds = 0.2\nsubmission_seconds = {SECONDS}\n"
    limits += f"wall_factor = {WALL_FACTOR}\n\n"
    (folder / "assignment.toml").write_text(
        text[: text.index("[limits]")] + limits + text[text.index("[[questions]]") :]
    )
    return open_course(root)


def hand_in(root, number):
    """Every fifth student is hostile."""
    hostile = number % (CLASS // HOSTILE) == 0
    where = PAYLOADS[number // (CLASS // HOSTILE) % len(PAYLOADS)] if hostile else {"first": f"me = {number}"}
    folder = root / f"{'mallory' if hostile else 'ada'}{number:04}" / "arena"
    folder.mkdir(parents=True)
    cells = [("code", f"c{i}", source) for i, source in enumerate(sources(**where))]
    (folder / "arena.ipynb").write_text(notebook_text(cells))


def run(course, submissions, out):
    """Seconds, and {student: result}."""
    began = time.monotonic()
    results = grade(GradingPlan(course, ("arena",), tuple(submissions), out, JOBS))
    return time.monotonic() - began, {r.student: r for r in results}


def main():
    """Exit with 1 if the hostile ones cost more than they may."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        course = make_course(root / "course")
        for number in range(CLASS):
            hand_in(root / "submitted", number)
        everyone = find_submissions(root / "submitted", ["arena"])
        honest = [s for s in everyone if s.student.startswith("ada")]
        alone, expected = run(course, honest, root / "alone")
        together, got = run(course, everyone, root / "together")
    allowed = HOSTILE * SECONDS * WALL_FACTOR / JOBS
    same = all(got[s.student] == expected[s.student] for s in honest)
    scores = Counter(got[s.student].score for s in everyone if s not in honest)
    print(f"{len(honest)} honest alone: {alone:.1f} s; with {HOSTILE} hostile: {together:.1f} s, {JOBS} processes")
    print(f"delay {together - alone:.1f} s, allowed {allowed:.1f} s; honest results the same: {same}")
    print(f"points of the hostile ones: {dict(sorted(scores.items()))}")
    sys.exit(0 if same and together - alone <= allowed + STARTING else 1)


if __name__ == "__main__":
    main()
