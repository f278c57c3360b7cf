"""Grading on a Dask cluster: the same bytes as here, whoever is lost on the way."""

import json
import os
import shutil
import signal

import pytest

distributed = pytest.importorskip("distributed", reason="distributed is not installed: no cluster to grade on")

from records import arrival  # noqa: E402

from autograder.authoring.samples import notebook_text, solved_cells  # noqa: E402
from autograder.errors import AutograderError  # noqa: E402
from autograder.grading import cluster as stage  # noqa: E402
from autograder.grading.grade import Plan, grade  # noqa: E402
from autograder.intake.submissions import find_submissions  # noqa: E402


def open_cluster(port=0):
    return distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, scheduler_port=port, memory_limit=0, silence_logs=50
    )


@pytest.fixture(scope="module")
def dask():
    with open_cluster() as opened:
        yield opened


@pytest.fixture
def run(course, hand_in, tmp_path):
    """Grade the class, here or at an address. Returns {path: bytes} of all that is in the results folder then."""

    def of(address=None, out=None, done=lambda _: None, tell=lambda _: None, **options):
        submissions = tuple(find_submissions(hand_in.root, ("a9_test",)))
        out = out or tmp_path / ("there" if address else "here")
        grade(Plan(course, ("a9_test",), submissions, out, **{"tier": "B", "cluster": address, **options}), done, tell)
        return {str(p.relative_to(out)): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}

    return of


def test_a_cluster_gives_the_bytes_that_this_machine_gives(run, dask, hand_in, solved, starter, skeleton):
    import hashlib

    hand_in("ada", solved)
    hand_in("bob", starter)
    hand_in("crash", notebook_text([*solved_cells(skeleton), ("code", "x", "import os; os._exit(0)")]))
    hand_in("malformed", "no JSON")
    (hand_in.root / "missing").mkdir()
    (hand_in("link", solved).parent / "a9_test.ipynb").unlink()
    (hand_in.root / "link" / "a9_test" / "a9_test.ipynb").symlink_to("/etc/passwd")
    told = hand_in("late", solved)
    (told.parent / "timestamp.txt").write_text("yesterday")
    git = hand_in("git", solved)
    record = arrival(hashlib.sha256(git.read_bytes()).hexdigest(), commit="c" * 40)
    (git.parent / "received.json").write_text(json.dumps(record))
    earlier = hand_in("ada", starter).parent / "earlier" / "1"
    earlier.mkdir(parents=True)
    shutil.copy(git, earlier / "a9_test.ipynb")
    here, there = run(), run(dask.scheduler_address)
    assert there == here
    assert len(here) > 16
