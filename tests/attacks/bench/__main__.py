"""`make attack-bench`: every payload against nbgrader, otter and both tiers of ours, on the same tiny assignment.

Each verdict is measured, against a run of the same tool on an honest notebook. Three payloads run at a time. Writes
work/attack-bench.json and .md. `--only F6-allclose,X4` takes some payloads, `--tools A,B` some tools, and `--page
SECURITY.md` writes the table of the last run between the markers of that page.
"""

import argparse
import json
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from attacks.bench import arena, measure, report
from attacks.bench.account import ROOT
from attacks.bench.assignment import MAX_SCORE, Marks
from attacks.bench.payloads import load_payloads
from attacks.bench.tools import SECONDS, TOOLS
from attacks.bench.verdict import Baseline, verdict
from benchmarks.commands import machine

GRACE = 10.0  # seconds beyond the limit, and twice the time of an honest class, before a command is killed
LANES = 3  # on two cores, because a payload that sleeps or waits needs none


def main():
    """Run the bench; 1 if an honest class does not get its points from a tool, or ours lets a payload through."""
    given = _arguments()
    target = ROOT / "work" / "attack-bench.json"
    if given.page:
        report.write_page(given.page, json.loads(target.read_text()))
        return 0
    payloads = [p for p in load_payloads() if not given.only or _chosen(p, given.only.split(","))]
    tools = [TOOLS[name] for name in given.tools.split(",")]
    if not payloads:
        raise SystemExit(f"attack-bench: expected ids or rows of payloads, got --only {given.only}.")
    folder = Path(tempfile.mkdtemp(prefix="attack-bench-"))
    target.parent.mkdir(exist_ok=True)
    try:
        for record in run(tools, payloads, folder):
            target.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    lines = [*report.summary(record), "", *report.details(record)]
    target.with_suffix(".md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))
    return 1 if any(p["verdicts"].get(tier) for p in record["payloads"] for tier in "AB") else 0


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="payloads by id or row, separated by commas")
    parser.add_argument("--tools", default=",".join(TOOLS), help=f"of {','.join(TOOLS)}")
    parser.add_argument("--page", default="", help="run nothing; write the last table into this file")
    return parser.parse_args()


def _chosen(payload, names):
    return payload.id in names or payload.row in names


def run(tools, payloads, folder):
    """Every payload under every tool: yields what the JSON file holds, after each payload."""
    marks, verdicts = Marks.draw(), {}
    with ProcessPoolExecutor(LANES, multiprocessing.get_context("fork"), measure.adopt_orphans) as pool:
        arenas = dict(pool.map(_arena, tools, [marks] * len(tools), [folder] * len(tools)))
        baselines = dict(zip(arenas, pool.map(_baseline, arenas.values()), strict=True))
        tasks = [(p, t) for p in _mixed(payloads) for t in arenas if p.concerns(t)]
        results = pool.map(_attack, *zip(*[(arenas[t], p, baselines[t], marks) for p, t in tasks], strict=True))
        for (payload, tool), outcome in zip(tasks, results, strict=True):
            verdicts.setdefault(payload.id, {})[tool] = outcome
            print(f"{payload.id} {tool}: {json.dumps(outcome, ensure_ascii=False)}", flush=True)
            if [*(t for t in arenas if payload.concerns(t))][-1] == tool:
                yield _record(tools, baselines, [p for p in payloads if p.id in verdicts], verdicts)


def _mixed(payloads):
    """The first of each section, then the second: a run that is stopped has something of each."""
    places = Counter()
    order = {}
    for payload in payloads:
        places[payload.id[0]] += 1
        order[payload.id] = places[payload.id[0]]
    return sorted(payloads, key=lambda p: order[p.id])


def _record(tools, baselines, payloads, verdicts):
    return {
        "machine": machine(),
        "user": "an ordinary user",
        "limits": {"seconds": SECONDS, "grace": GRACE, "max_score": MAX_SCORE},
        "tools": [
            {"name": t.name, "title": t.title, "version": t.version, "killed_after": round(baselines[t.name].seconds)}
            for t in tools
        ],
        "payloads": [{"id": p.id, "title": p.title, "verdicts": verdicts[p.id]} for p in payloads],
    }


def _arena(tool, marks, folder):
    (folder / tool.name).mkdir()
    return tool.name, arena.Arena(tool, marks, folder / tool.name)


def _baseline(course_arena):
    """Honest classes: without a solution, which is compared with; and with one, which must get all points."""
    wrong, changes = course_arena.grade_honest(False)
    right, others = course_arena.grade_honest(True)
    honest = {"ada": MAX_SCORE, "zoe": MAX_SCORE}
    if (wrong.scores, right.scores) != (honest | {"mallory": 4}, honest | {"mallory": MAX_SCORE}):
        raise RuntimeError(
            f"{course_arena.tool.name}: expected full marks for honest notebooks, got {wrong.scores}, {right.scores}."
        )
    return Baseline(wrong, changes | others, SECONDS + GRACE + 2 * wrong.usage.seconds)


def _attack(course_arena, payload, baseline, marks):
    return verdict(course_arena.attack(payload, baseline), baseline, arena.secrets(marks))


if __name__ == "__main__":
    began = time.monotonic()
    os.environ.setdefault("MPLBACKEND", "Agg")
    status = main()
    print(f"{(time.monotonic() - began) / 60:.1f} minutes")
    sys.exit(status)
