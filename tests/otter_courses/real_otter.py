"""`otter run` on a case, as a person types it, and its results in the form of expected.json."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_RUN = """
import json, sys
from otter.run import main
from otter.test_files import GradingResults
results = main(sys.argv[2], autograder=sys.argv[1], output_dir=sys.argv[3], no_logo=True)
questions = {} if results.has_catastrophic_failure() else {
    name: {
        "score": float(f.score), "possible": float(f.possible), "all_or_nothing": bool(f.all_or_nothing),
        "cases": [
            {"name": r.test_case.name, "hidden": bool(r.test_case.hidden), "points": float(r.test_case.points), "passed": r.passed}
            for r in f.test_case_results
        ],
    }
    for name, f in results.results.items()
}
grading = {"total": results.total, "possible": results.possible, "percent": results.percent, "questions": questions}
open(sys.argv[3] + "/grading.json", "w").write(json.dumps(grading))
"""


def otter_run(archive: Path, submission: Path, seconds=120):
    """{"results_json", "grading", "wall_s"}; results_json is None where otter gives no results."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "HOME": folder, "MPLBACKEND": "Agg", "PYTHONWARNINGS": "ignore"}
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", _RUN, str(archive.resolve()), str(submission.resolve()), folder],
            cwd=folder, env=environment, capture_output=True, text=True, timeout=seconds, check=False,
        )  # fmt: skip
        spent = time.perf_counter() - began
        if done.returncode:
            last = done.stderr.strip().splitlines()[-1:]
            return {
                "results_json": None,
                "grading": None,
                "wall_s": round(spent, 2),
                "stderr_last": "".join(last)[:300],
            }
        written = json.loads((Path(folder) / "results.json").read_text())
        kept = ("name", "visibility", "status", "score", "max_score")
        results = {
            "score": written.get("score"),
            "stdout_visibility": written.get("stdout_visibility"),
            "tests": [{key: test[key] for key in kept if key in test} for test in written["tests"]],
        }
        grading = json.loads((Path(folder) / "grading.json").read_text())
        return {"results_json": results, "grading": grading, "wall_s": round(spent, 2)}
