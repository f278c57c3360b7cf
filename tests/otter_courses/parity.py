"""`otter run` and `autograder otter grade` on every case: the same points, cases and results.json.

Part of `make parity`. The fast test compares with what the real tool gave when it was recorded; this runs the tool that
is installed. With `--record` it writes down anew what the real tool gives.
"""

import json
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from os import sched_getaffinity
from pathlib import Path

from otter_courses import course_cases, more_cases
from otter_courses.cases import CASES, EXPECTED, as_recorded, graded, recorded, rounded
from otter_courses.real_otter import otter_run

from autograder.sandbox.launcher import Kernel
from autograder.sandbox.tiers import open_sandbox

RECORD = Path(__file__).with_name("more_expected.json")
WRITTEN = more_cases.CASES | course_cases.CASES


def places(folder):
    """(archive, submission) by case."""
    given = {name: (CASES / case["autograder"], CASES / case["submission"]) for name, case in EXPECTED.items()}
    return given | {name: more_cases.write(case, folder / name) for name, case in WRITTEN.items()}


def main():
    """Print the differences; 1 if there are any."""
    with tempfile.TemporaryDirectory() as folder, open_sandbox({}, None, Kernel(("pandas",))) as zygote:
        cases = places(Path(folder))
        with ThreadPoolExecutor(len(sched_getaffinity(0))) as pool:
            theirs = dict(zip(cases, pool.map(lambda pair: otter_run(*pair), cases.values()), strict=True))
        if "--record" in sys.argv:
            more = {name: theirs[name] for name in WRITTEN}
            RECORD.write_text(json.dumps({"cases": more}, indent=1, ensure_ascii=False) + "\n")
        different = 0
        for name, pair in cases.items():
            ours, real = rounded(as_recorded(*graded(*pair, zygote))), rounded(recorded(theirs[name]))
            if ours != real:
                different += 1
                print(f"  {name}:\n    otter run  {real}\n    ours       {ours}")
    print(f"otter: {len(cases) - different} of {len(cases)} submissions as in otter run", flush=True)
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
