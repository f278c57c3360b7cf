"""Grading on a Dask cluster: the same bytes as on one machine, also where a worker or the scheduler is lost."""

import os
import shutil
import signal
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from faults.kills import below
from result_builders import collected, trust_of

from autograder.assignment.samples import notebook_text, solved_cells
from autograder.errors import AutograderError
from autograder.grading.cluster import client, messages, scheduler
from autograder.grading.grade_class import grade_class
from autograder.grading.plan import GradingPlan
from autograder.intake.submissions import find_submissions
from autograder.records.grades import key_of
from autograder.secret import course_secret

distributed = pytest.importorskip("distributed", reason="distributed is not installed: there is no cluster to grade on")
dask_config = pytest.importorskip("dask.config")


REALLY = client.forget_course


def open_cluster(port=0, workers=2):
    return distributed.LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        dashboard_address=":0",
        scheduler_port=port,
        memory_limit=0,
        silence_logs=50,
    )


@pytest.fixture(scope="module")
def dask():
    """[cluster]: a list, since one test puts another in its place."""
    opened = [open_cluster()]
    yield opened
    opened[0].close()


@pytest.fixture
def address(dask):
    return dask[0].scheduler_address


@pytest.fixture(autouse=True)
def one_sandbox_a_process(monkeypatch):
    """Here, and in the workers, which otherwise forget a course when a run of it ends."""
    monkeypatch.setattr(client, "forget_course", lambda *_: None)
    monkeypatch.setenv("AUTOGRADER_SECRET", "of this test")


@pytest.fixture
def run(course, hand_in, tmp_path):
    """Grade the class, here or at an address. Returns {path: bytes} of all that is in the results folder then."""

    def of(address=None, done=lambda _: None, tell=lambda _: None, **options):
        submissions = tuple(find_submissions(hand_in.root, ("a9_test",), trust=trust_of(course)))
        out = tmp_path / ("there" if address else "here")
        grade_class(
            GradingPlan(course, ("a9_test",), submissions, out, **{"tier": "B", "cluster": address, **options}),
            done,
            tell=tell,
        )
        return contents(out)

    return of


def contents(out):
    return {str(p.relative_to(out)): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}


@pytest.fixture
def slow_class(hand_in, skeleton):
    """Ten students, whose notebooks take long enough that others are under way when the first is done."""
    for i in range(10):
        hand_in(f"s{i}", notebook_text([("code", "slow", "import time; time.sleep(0.15)"), *solved_cells(skeleton)]))


def test_a_cluster_gives_the_bytes_that_this_machine_gives(run, address, course, hand_in, solved, starter, skeleton):
    hand_in("ada", solved)
    hand_in("bob", starter)
    hand_in("crash", notebook_text([*solved_cells(skeleton), ("code", "x", "import os; os._exit(0)")]))
    hand_in("malformed", "no JSON")
    own = [(k, n, "from mine import *" if n == "q1-solution" else s) for k, n, s in solved_cells(skeleton)]
    hand_in("module", notebook_text(own))
    hand_in("module", "import numpy as np\ndef mean_square(x):\n    return np.mean(x**2)\n", name="mine.py")
    hand_in("module", "not used", name="unused.py")
    (hand_in.root / "missing").mkdir()
    hand_in("link", solved).unlink()
    (hand_in.root / "link" / "a9_test" / "a9_test.ipynb").symlink_to("/etc/passwd")
    (hand_in("late", solved).parent / "timestamp.txt").write_text("yesterday")
    collected(hand_in("git", solved), course_secret(course), commit="c" * 40)
    collected(hand_in("ada", starter, "a9_test/earlier/1"), course_secret(course))
    here, there = run(), run(address)
    assert there == here
    assert b'"score": 10.0' in there["a9_test/module.json"]
    assert len(here) == 10 + 1 + 10 + 2  # results, grades.csv, and the history's
    assert b'"commit": "' + b"c" * 40 in there["a9_test/git.json"]


@pytest.fixture
def with_data(course, tmp_path):
    """The course with a hand-out and with hidden data. All tests share the course: it is put back at the end."""
    folder, before = course.solutions / "a9_test", tmp_path / "before"
    shutil.copytree(folder, before)
    for file, text in {"data/x.csv": "3,4", "hidden/y.csv": "12.5"}.items():
        (folder / file).parent.mkdir()
        (folder / file).write_text(text)
    settings, checks = folder / "assignment.toml", folder / "hidden_checks.py"
    settings.write_text(settings.read_text().replace("[limits]", 'handout = ["data/"]\n[limits]'))
    needs = 'from pathlib import Path\nassert (Path(__file__).parent / "hidden/y.csv").read_text() == "12.5"\n'
    inside = '    assert Path("data/x.csv").read_text() == "3,4"\n    assert Path("hidden/y.csv").exists()\n'
    title = '"""Leaves its input as it was"""\n'
    text = checks.read_text().replace(title, title + inside)
    checks.write_text(text.replace("\nfrom autograder", f"\n{needs}from autograder", 1))
    yield
    shutil.rmtree(folder)
    shutil.copytree(before, folder)


@pytest.mark.usefixtures("with_data")
def test_data_goes_to_the_workers_once_and_the_results_are_the_same(run, address, hand_in, skeleton, monkeypatch):
    read = ("code", "read", "with open('data/x.csv') as file:\n    assert file.read() == '3,4'")
    for student in ("ada", "bob", "eve"):
        hand_in(student, notebook_text([read, *solved_cells(skeleton)]))
    sent = []
    real = client.ClusterRun._send_data
    monkeypatch.setattr(client.ClusterRun, "_send_data", lambda self: sent.append(1) or real(self))
    here, there = run(), run(address)
    assert there == here
    assert b'"score": 10.0' in there["a9_test/eve.json"]
    assert b'"cell_errors": []' in there["a9_test/eve.json"]
    assert sent == [1]


def test_a_worker_killed_in_the_middle_costs_nothing_and_leaves_no_process(run, dask, address, slow_class):
    here, heard, killed = run(), [], []

    def done(result):
        heard.append(key_of(result))
        if len(heard) == 1:  # whoever made it has its sandbox, and another batch at its door
            workers = [nanny.process.pid for nanny in dask[0].workers.values()]
            victim = next(pid for pid in workers if any(b"zygote" in cmdline(p) for p in below(pid)))
            killed.extend(below(victim))
            os.kill(victim, signal.SIGKILL)

    assert run(address, done) == here
    assert set(Counter(heard).values()) == {1}
    assert len(heard) == 10
    ended(killed)


def ended(pids, seconds=60.0):
    """Wait until none of them lives."""
    latest = time.monotonic() + seconds
    while left := [p for p in pids if Path(f"/proc/{p}").exists() and b"autograder" in cmdline(p)]:
        assert time.monotonic() < latest, f"left behind: {left}"
        time.sleep(0.02)


def cmdline(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def test_no_more_is_under_way_than_the_workers_can_soon_take(run, address, hand_in, monkeypatch):
    """Two batches for each of two workers; a notebook is read when its batch goes out, and not before."""
    for i in range(40):
        hand_in(f"s{i:02}", "no JSON")
    most, read, real = [], [], client.ClusterRun._submit
    monkeypatch.setattr(client, "MAX_BATCH", 2)
    monkeypatch.setattr(messages, "read_bytes", lambda path, kind: read.append(path) or path.read_bytes())
    heard = []

    def submit(self, batch):
        real(self, batch)
        most.append(len(self._under_way))
        assert len(read) - len(heard) <= (2 * 2 + 1) * 2  # one more than under way: the batch that is being written

    monkeypatch.setattr(client.ClusterRun, "_submit", submit)
    run(address, heard.append)
    assert max(most) == 4
    assert len(heard) == len(read) == 40


def test_workers_of_other_versions_grade_nothing(run, address, hand_in, solved, monkeypatch):
    hand_in("ada", solved)
    real = messages.provenance
    monkeypatch.setattr(messages, "provenance", lambda: real().model_copy(update={"numpy": "9.9"}))
    with pytest.raises(
        AutograderError, match=r"versions: expected autograder .*, NumPy 9\.9, .*, got .* Hint: "
    ) as error:
        run(address)
    assert "\n" not in str(error.value)


def test_workers_with_other_checks_grade_nothing(run, address, hand_in, solved, monkeypatch):
    """Their reference, say, which is a package of theirs."""
    hand_in("ada", solved)
    real = messages.load_suites

    def load(*arguments, **options):
        return {name: replace(suite, suite_sha256="0" * 64) for name, suite in real(*arguments, **options).items()}

    monkeypatch.setattr("autograder.grading.grade_class.load_suites", load)
    with pytest.raises(
        AutograderError, match="a9_test: expected the checks and the reference that this run has"
    ) as error:
        run(address)
    assert "\n" not in str(error.value)


def test_what_a_worker_cannot_do_is_told_in_its_own_words(run, address, hand_in, solved):
    if shutil.which("bwrap"):
        pytest.skip("bubblewrap is installed: tier A is possible here")
    hand_in("ada", solved)
    with pytest.raises(AutograderError, match=r"tcp://.*: .*tier A|bwrap"):
        run(address, tier="A")


def test_after_a_lost_scheduler_the_same_command_goes_on_where_the_first_one_stopped(run, dask, address, slow_class):
    here, heard = run(), []

    def done(grade):
        heard.append(key_of(grade))
        if len(heard) == 2:
            dask[0].close()

    with pytest.raises(AutograderError, match=f"{address}: expected the scheduler to stay, got a lost connection"):
        run(address, done)
    kept = set(heard)
    assert 2 <= len(kept) < 10
    dask[0] = open_cluster(int(address.rpartition(":")[2]), workers=1)
    again = []
    assert run(address, again.append) == here
    assert {key_of(grade) for grade in again if grade.up_to_date} == kept
    assert len(again) == 10


def test_a_worker_forgets_course_secret_and_sandbox_when_nobody_waits_any_more(
    run, dask, address, hand_in, monkeypatch
):
    hand_in("mal", "no JSON")
    run(address)
    assert any(b"zygote" in cmdline(p) for nanny in dask[0].workers.values() for p in below(nanny.process.pid))
    (hand_in.root / "eve").mkdir()
    monkeypatch.setattr(client, "forget_course", REALLY)
    run(address)
    ended([p for nanny in dask[0].workers.values() for p in below(nanny.process.pid) if b"zygote" in cmdline(p)])


def test_nothing_to_grade_needs_no_cluster(run, hand_in, solved, tmp_path):
    hand_in("ada", solved)
    before = run()
    (tmp_path / "here").rename(tmp_path / "there")
    assert run("tcp://127.0.0.1:9") == before


@pytest.mark.parametrize("text", ["", "nonsense", "tcp://", "http://host:80", "tcp://host", "gopher://host:70"])
def test_what_is_no_address_is_one_line(text):
    with (
        pytest.raises(AutograderError, match="--cluster: expected an address such as tls://") as error,
        scheduler.connected(text),
    ):
        pass
    assert "\n" not in str(error.value)


def test_encryption_without_certificates_is_one_line(tmp_path):
    for setting, got in ((None, "got none"), (str(tmp_path / "none.pem"), "No such file")):
        keys = ("ca-file", "client.cert", "client.key")
        with (
            dask_config.set({f"distributed.comm.tls.{key}": setting for key in keys}),
            pytest.raises(AutograderError, match=f"expected a certificate, a key and a CA for tls://.*{got}") as error,
            scheduler.connected("tls://127.0.0.1:9"),
        ):
            pass
        assert "\n" not in str(error.value)


def test_where_nobody_answers_the_command_says_so_and_exits_with_2(
    course, hand_in, solved, tmp_path, monkeypatch, capsys
):
    from autograder.cli.main import main

    hand_in("ada", solved)
    monkeypatch.setattr(scheduler, "CONNECT_SECONDS", 0.3)
    words = ["autograder", "grade", hand_in.root, "--course", course.root, "--out", tmp_path / "r"]
    monkeypatch.setattr(sys, "argv", [*map(str, words), "--cluster", "tcp://127.0.0.1:9"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    said = capsys.readouterr()
    assert said.err.startswith("autograder: --cluster: expected a Dask scheduler at tcp://127.0.0.1:9, got no answer")
    assert len((said.err + said.out).splitlines()) == 1


def test_without_dask_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(AutograderError, match=r"pip install 'backprop-course\[cluster\]'"), scheduler.connected("h:1"):
        pass
