"""Killed from outside: `make faults` does 200 of these, here is one of each kind, and what each layer promises."""

import contextlib
import errno
import os
import shutil
import signal
import socket
from types import SimpleNamespace

import pytest
from faults.kills import Scenario, draw
from patience import opened

from autograder.assignment.samples import notebook_text, solved_cells
from autograder.errors import CrashError, KilledError, NoRoomError, StudentError
from autograder.grading import pool
from autograder.judging import submission as one
from autograder.records import writer
from autograder.sandbox import launcher, tasks, tiers
from autograder.sandbox.student_process import StudentProcess
from autograder.sandbox.worker import zygote as serving


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return Scenario(tmp_path_factory.mktemp("faults") / "course", ("B",))


@pytest.mark.parametrize("number", range(4))
def test_whoever_is_killed_every_result_comes_out_as_undisturbed(scenario, number):
    """Four kinds in tier B, the same in every run; `make faults` draws others, in tier A and of bubblewrap, too."""
    scenario.run(draw(1, number, scenario.tiers), scenario.root / f"run-{number}")


def kill(session):
    signal.pidfd_send_signal(session.line.process.pidfd, signal.SIGKILL)


def test_a_process_killed_from_outside_is_told_from_one_that_ended_itself(zygote):
    for code in ("import os; os._exit(0)", "import ctypes; ctypes.string_at(0)", "import os; os.abort()"):
        with opened(zygote) as session, pytest.raises(CrashError):
            session.run_cell(code)
    with opened(zygote) as session:
        kill(session)
        with pytest.raises(KilledError):
            session.run_cell("1")


@pytest.mark.parametrize(
    "code",
    [
        "import signal; signal.raise_signal(9)",
        "import os; os.kill(os.getpid(), 9)",
        "import ctypes, os; ctypes.CDLL(None).syscall(234, os.getpid(), os.getpid(), 9)",
        "import ctypes, os; ctypes.CDLL(None).syscall(234, os.getpid(), os.getpid(), ctypes.c_long((1 << 32) + 9))",
        "import os; os.close(3); import time; time.sleep(60)",
    ],
)
def test_student_code_cannot_pass_for_killed(zygote, code):
    """SIGKILL is refused even to itself, and who hangs up but lives on was not killed."""
    with opened(zygote, cell=5.0) as session, contextlib.suppress(StudentError):
        session.run_cell(code)  # KilledError is none of these


def test_no_ended_process_stays_behind_as_a_zombie(zygote):
    for _ in range(3):
        opened(zygote).close()
    with opened(zygote) as session:
        session.run_cell("import os")
        states = [state(int(p)) for p in os.listdir("/proc") if p.isdigit() and is_below(int(p), zygote._process.pid)]
    assert "Z" not in states


def is_below(pid, root):
    while pid > 1 and pid != root:
        try:
            pid = int(fields(pid)[1])
        except OSError:
            return False
    return pid == root


def state(pid):
    try:
        return fields(pid)[0]
    except OSError:
        return ""


def fields(pid):
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rpartition(")")[2].split()


@pytest.fixture
def killing(monkeypatch):
    """killing(n) kills the first n processes that grade a notebook, each when its second cell begins."""

    def arm(times):
        left, real = [None] * times, StudentProcess.run_cell

        def run_cell(session, source):
            if left and "mean_square" in source:
                left.pop()
                kill(session)
            return real(session, source)

        monkeypatch.setattr(StudentProcess, "run_cell", run_cell)

    return arm


def test_a_submission_whose_process_is_killed_is_graded_anew(run, hand_in, solved, killing):
    hand_in("ada", solved)
    expected = run()["ada"]
    killing(one.MAX_RUNS - 1)
    assert run(everything=True)["ada"] == expected


def test_a_submission_whose_process_is_killed_every_time_stops_nobody(run, hand_in, solved, killing):
    """Its own memory may be why; so after three runs it counts as a crash, and the class goes on."""
    hand_in("ada", solved)
    hand_in("bob", solved)
    killing(one.MAX_RUNS)
    results = run()
    assert results["bob"].score == 10
    assert results["ada"].status == "graded"
    assert results["ada"].cell_errors[0].error.startswith("left out")


@pytest.mark.parametrize("when", ["first", "last"])
def test_a_zygote_killed_during_a_submission_costs_no_points(run, hand_in, solved, skeleton, monkeypatch, when):
    """At the last check, too, after which no new process would be asked of it."""
    hand_in("ada", solved)
    real, done = one.judge, []

    def judge(check, student, *rest):
        if not done and check.id == {"first": skeleton.checks[0], "last": skeleton.checks[-1]}[when].id:
            done.append(True)
            zygote = student._session.line._zygote
            zygote._process.kill()
            zygote._process.wait()
        return real(check, student, *rest)

    monkeypatch.setattr(one, "judge", judge)
    result = run()["ada"]
    assert result.score == 10
    assert result.cell_errors == ()
    assert done


@pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed: tier A cannot be tested here")
def test_a_sandbox_killed_while_it_starts_is_started_again_in_its_own_tier(monkeypatch):
    real, killed = tiers.confirm, []

    def confirm(zygote):
        if len(killed) < tiers.MAX_STARTS - 1:
            killed.append(zygote.tier)
            zygote._process.kill()
        real(zygote)

    monkeypatch.setattr(tiers, "MAX_STARTS", 2)
    monkeypatch.setattr(tiers, "confirm", confirm)
    with tiers.open_sandbox({}) as zygote:
        assert zygote.tier == "A"
    assert killed == ["A"]
    monkeypatch.setattr(tiers, "MAX_STARTS", 1)
    monkeypatch.setattr(tiers, "confirm", lambda zygote: zygote._process.kill() or real(zygote))
    with pytest.raises(KilledError):
        tiers.open_sandbox({})


def test_half_of_a_bubblewrap_is_ended_at_once(tmp_path, monkeypatch):
    """Its inner half waits for ever for an outer one that was killed first, and holds the pipes we would wait for."""
    script = f"sleep 1000 & echo $! > {tmp_path}/inner; kill -9 $$"
    monkeypatch.setattr(launcher.bubblewrap, "command", lambda *_: ["sh", "-c", script, "sh"])
    zygote = launcher.Zygote("A")
    with pytest.raises(KilledError):
        zygote.wait_until_ready({})
    zygote.close()
    assert state(int((tmp_path / "inner").read_text())) in {"", "Z"}


def test_a_full_disk_does_not_wait_for_submissions_nobody_will_take(run, hand_in, solved, skeleton, monkeypatch):
    slow = notebook_text([("code", "slow", "import time; time.sleep(2)"), *solved_cells(skeleton)])
    hand_in("a", solved)
    for i in range(8):
        hand_in(f"s{i}", slow)
    cancelled, real = [], pool.ProcessPoolExecutor.shutdown

    def shutdown(self, wait=True, *, cancel_futures=False):
        cancelled.append(cancel_futures)
        real(self, wait, cancel_futures=cancel_futures)

    def full(*_):
        raise KilledError("a full disk")

    monkeypatch.setattr(pool.ProcessPoolExecutor, "shutdown", shutdown)
    monkeypatch.setattr(writer, "write_atomically", full)
    with pytest.raises(KilledError):
        run(jobs=2)
    assert cancelled[0] is True


def test_k8_a_zygote_that_the_system_refuses_a_process_lives_and_answers_the_next_time(monkeypatch):
    """As beside a neighbour's thousand threads."""

    def refused(**_):
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(serving.lockdown, "fork", refused)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    pid = os.fork()
    if pid == 0:
        try:
            ours.close()
            serving._serve(theirs, SimpleNamespace(namespaces=False))
        finally:
            os._exit(1)
    theirs.close()
    zygote = launcher.Zygote.__new__(launcher.Zygote)
    zygote._control, zygote._threads = ours, 64
    for _ in range(2):
        with pytest.raises(NoRoomError, match="Resource temporarily unavailable"):
            zygote.fork(1 << 30, 10)
    ours.close()
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


@pytest.mark.parametrize(("most", "allowed"), [(590, 526), (64, 1), (-1, 600)])
def test_k8_a_submission_leaves_tasks_below_the_users_limit_to_the_grader(monkeypatch, most, allowed):
    """By hand: 64 of a submission, 24 of the user now and 512 more are 600; the limit leaves 590 - 64 = 526."""
    monkeypatch.setattr(tasks.resource, "getrlimit", lambda _: (most, most))
    monkeypatch.setattr(tasks, "tasks_of_user", lambda: 24)
    assert tasks.allowed_tasks(namespaces=False) == allowed


def test_k8_a_submission_with_namespaces_has_its_own_tasks_and_no_more(monkeypatch):
    monkeypatch.setattr(tasks.resource, "getrlimit", lambda _: (-1, -1))
    monkeypatch.setattr(tasks, "tasks_of_user", lambda: 24)
    assert tasks.allowed_tasks(namespaces=True) == 64
