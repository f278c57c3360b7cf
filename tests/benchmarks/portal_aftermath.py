"""What must be true after `portal_load`: each receipt's notebook is there, graded once, as `autograder grade` does it."""

import asyncio
import hashlib
import random
import subprocess
import sys

from autograder.portal.schema import GradingRow, JobRow, SubmissionRow
from autograder.portal.signed_receipts import checked
from autograder.publishing.signing import public_key
from autograder.records.store import result_path

SAMPLE = 50  # results that are graded again


def look_at_all(server, site, seen, warm_up, seed):
    """Hold receipts, rows, files and results against each other. Returns a line; raises AssertionError.

    warm_up: the student whose hand-in is none of the storm's.
    """
    known = {row.id: row for row in server.rows(SubmissionRow)}
    files = {file.id: file.path for file in server.places.all_handed_in() if file.student != warm_up}
    rows = {id_: row for id_, row in known.items() if row.student != warm_up}
    assert set(seen.receipts) == set(rows) == set(files)
    asyncio.run(_check_receipts(server, site, seen, rows, files))
    gradings = server.rows(GradingRow)
    assert server.rows(JobRow) == []
    assert sorted(g.submission_id for g in gradings if g.counts) == sorted(known) == sorted(server.gradings())
    for grading in gradings:
        data = server.places.result_of(grading.result).read_bytes()
        assert hashlib.sha256(data).hexdigest() == grading.result
    again = _graded_again(server, rows, {g.submission_id: g for g in gradings}, seed)
    return (
        f"{len(rows)} receipts = rows = files; each signature is right; {again} random results are the bytes that "
        "`autograder grade` writes"
    )


async def _check_receipts(server, site, seen, rows, files):
    """Each receipt as its student downloads it, checked with the public key alone."""
    key = public_key(server.places.root / "receipts.pem.pub")
    for id_, student in seen.owners.items():
        answer = await site.get(student, f"/a/{rows[id_].assignment}/{id_}/receipt")
        receipt = checked(answer.body.encode(), key)
        assert (receipt.id, receipt.student) == (id_, student)
        assert receipt.is_of(files[id_].read_bytes()), id_


def _graded_again(server, rows, gradings, seed):
    """After `serve sync`, `grade` has nothing to do; of results that are removed, it writes the same bytes."""
    root = server.course.root
    _run(root, "serve", "sync")
    assert "graded now" not in _run(root, "grade"), "grade: expected nothing to do after a sync"
    newest = {row.student: row for row in sorted(rows.values(), key=lambda row: row.received)}
    sample = random.Random(seed).sample(sorted(newest), min(SAMPLE, len(newest)))
    paths = {name: result_path(server.course.work / "results", newest[name].assignment, name, 0) for name in sample}
    for path in paths.values():
        path.unlink()
    _run(root, "grade")
    for name, path in paths.items():
        kept = server.places.result_of(gradings[newest[name].id].result)
        assert path.read_bytes() == kept.read_bytes(), newest[name].id
    return len(sample)


def _run(root, *command):
    given = [sys.executable, "-m", "autograder", *command]
    done = subprocess.run(given, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr
