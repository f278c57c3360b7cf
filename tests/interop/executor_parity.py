"""`nbgrader autograde` with a Jupyter kernel and in our sandbox, on every odd notebook: the same score in every cell.

Then every idiom of public notebooks with both: the scores of the tables. Part of `make parity`. Fails on any difference that is not listed with its reason, and on one that is listed and gone.
"""

import sys
import tempfile
from pathlib import Path

from interop.idioms import IDIOMS, compare
from interop.nbgrader_course import DIFFERS, ODD, SANDBOXED, autograde, make_course


def main():
    """Print what was compared; 1 if anything differs that is not known to."""
    answers = {**ODD, **{name: answer for name, (answer, _) in DIFFERS.items()}}
    taken, scores = {}, {}
    for kind, config in {"kernel": "", "sandbox": SANDBOXED}.items():
        with tempfile.TemporaryDirectory() as folder:
            make_course(Path(folder) / "course", answers, config)
            taken[kind], scores[kind] = autograde(Path(folder) / "course")
    different = {name for name in answers if scores["kernel"].get(name) != scores["sandbox"].get(name)}
    print(f"executor: {len(answers)} odd notebooks, kernel {taken['kernel']:.0f} s, sandbox {taken['sandbox']:.0f} s")
    for name in sorted(different):
        reason = DIFFERS[name][1] if name in DIFFERS else "NOT KNOWN"
        print(f"  {name}: {reason}\n    kernel {scores['kernel'].get(name)}\n    sandbox {scores['sandbox'].get(name)}")
    for name in sorted(set(DIFFERS) - different):
        print(f"  {name}: listed as a difference, and there is none")
    print(f"  agree: {len(answers) - len(different)} of {len(answers)}", flush=True)
    wrong = compare(list(IDIOMS)) + compare(list(IDIOMS), SANDBOXED, "here")
    return 0 if different == set(DIFFERS) and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
