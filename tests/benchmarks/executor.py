"""`nbgrader autograde` with a Jupyter kernel against the same in our sandbox: seconds a notebook, in one run.

The cost of one more notebook in a batch is what a class of `MANY` takes beyond a class of `FEW`, divided by their
difference; whole commands are also given. Prints ratios.
"""

import statistics
import tempfile
from pathlib import Path

from interop.nbgrader_course import ODD, SANDBOXED, autograde, make_course

FEW, MANY, ROUNDS = 2, 12, 3


def seconds(kind, config, count, round_):
    """Of one `nbgrader autograde` over `count` right answers."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / f"{kind}{count}{round_}"
        make_course(root, {f"s{i:03}": ODD["right"] for i in range(count)}, config)
        taken, scores = autograde(root)
        assert all(sum(s.values()) > 0 for s in scores.values())
    return taken


def main():
    """Print both, side by side."""
    marginal = {}
    for round_ in range(ROUNDS):
        for kind, config in {"kernel": "", "sandbox": SANDBOXED}.items():
            few, many = (seconds(kind, config, n, round_) for n in (FEW, MANY))
            each = (many - few) / (MANY - FEW)
            marginal.setdefault(kind, []).append(each)
            print(f"{kind}: {FEW} notebooks {few:.1f} s, {MANY} notebooks {many:.1f} s, one more {1000 * each:.0f} ms")
    ratios = [k / s for k, s in zip(marginal["kernel"], marginal["sandbox"], strict=True)]
    print(f"one more notebook: {statistics.median(ratios):.1f} × faster ({min(ratios):.1f} to {max(ratios):.1f})")


if __name__ == "__main__":
    main()
