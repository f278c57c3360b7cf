"""Writes scores.json: what every sample gets. Run by `make scores` after a change that is meant to move scores.

The tests hold each version of Python and NumPy to this one file, and a review sees whose score a change moves.
"""

import json
from pathlib import Path

FILE = Path(__file__).with_name("scores.json")


def scores(findings):
    """{kind/name: score} of all samples."""
    return {f"{f.case.kind}/{f.case.name}": f.result.score for f in findings if f.case.kind in {"right", "wrong"}}


def main():
    from autograder.assignment.assignment import load_assignment
    from autograder.audit.run import audit, corpus
    from autograder.course import bundled_course

    course = bundled_course()
    made = {}
    for name in course.names():
        cases = [c for c in corpus(load_assignment(course.solutions / name)) if c.sample]
        made[name] = scores(audit(course, name, cases))
    FILE.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
