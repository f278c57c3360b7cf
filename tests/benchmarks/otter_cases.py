"""`otter run` against our engine on the recorded cases, one after the other in one run: milliseconds, and the ratio.

Without Docker otter has one command a submission. Ours is the time from the archive's bytes to results.json, in a sandbox
that is open already, as in a class; the time to open it is printed, too. `--quick` takes every sixth case.
"""

import statistics
import sys
import time

from otter_courses.cases import CASES, EXPECTED, graded
from otter_courses.real_otter import otter_run

from autograder.sandbox.launcher import Kernel
from autograder.sandbox.tiers import open_sandbox

BAR = 20  # times faster, each case


def main():
    """Print a line a case; 1 if one is not fast enough."""
    names = list(EXPECTED)[:: 6 if "--quick" in sys.argv else 1]
    began = time.perf_counter()
    with open_sandbox({}, None, Kernel()) as zygote:
        print(f"opening the sandbox: {1e3 * (time.perf_counter() - began):.0f} ms")
        ratios = {name: _ratio(name, zygote) for name in names}
    slowest = min(ratios, key=ratios.__getitem__)
    print(f"otter: {statistics.median(ratios.values()):.0f} × faster; the least: {ratios[slowest]:.0f} × ({slowest})")
    return 0 if ratios[slowest] >= BAR else 1


def _ratio(name, zygote):
    pair = CASES / EXPECTED[name]["autograder"], CASES / EXPECTED[name]["submission"]
    theirs = otter_run(*pair)["wall_s"]
    began = time.perf_counter()
    graded(*pair, zygote)
    ours = time.perf_counter() - began
    print(f"{name}: otter run {1e3 * theirs:.0f} ms, ours {1e3 * ours:.0f} ms, {theirs / ours:.0f} ×", flush=True)
    return theirs / ours


if __name__ == "__main__":
    sys.exit(main())
