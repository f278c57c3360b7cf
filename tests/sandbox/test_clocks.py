"""Limits count processor time: a busy machine ends nobody, and nobody sleeps for ever."""

import os
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
from bundled import ONE_TIER
from flaky import busy
from patience import opened

from autograder.errors import SandboxError, TimeLimitError
from autograder.sandbox import clocks
from autograder.sandbox.clocks import Deadline, Patience, ProcessClock, SubmissionClock, TimeLimit

BURN = """
import time
def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: pass
    return "done"
"""
CROWD = "import threading\nfor _ in range(3): threading.Thread(target=burn, args=(30,), daemon=True).start()\n"


class ByHand:
    """A clock that a test sets: of a process and of the wall at once."""

    def __init__(self, monkeypatch):
        self.wall, self.used, self.waits = 1000.0, 0.0, {}
        stand_in = SimpleNamespace(monotonic=lambda: self.wall, thread_time=lambda: 0.0)
        monkeypatch.setattr(clocks, "time", stand_in)

    def seconds(self):
        return self.used

    def kept_waiting(self):
        return dict(self.waits)

    def go_on(self, wall, used=0.0):
        self.wall, self.used = self.wall + wall, self.used + used


@pytest.fixture
def by_hand(monkeypatch):
    return ByHand(monkeypatch)


def patience(clock, seconds=2.0, wall_factor=5.0, submission=30.0):
    whole = SubmissionClock()
    whole.add(clock)
    deadline = Deadline(submission, wall_factor, clock=whole)
    return Patience(TimeLimit("a call", seconds, wall_factor, whole, clock.seconds), deadline, clock)


def until_its_end(clock, given, wall, used):
    """Go on in steps of the clock until a limit is met. Returns its words and the wall clock that it took."""
    began = clock.wall
    for _ in range(10_000):
        clock.go_on(wall, used)
        if given.until_look() <= 0:
            try:
                given.look(waiting=True)
            except TimeLimitError as error:
                return str(error), error.waited, clock.wall - began
    raise AssertionError("no limit was met")


# --- By hand ---------------------------------------------------------------------------------------


def test_a_loop_ends_at_its_processor_time_however_long_that_takes(by_hand):
    words, waited, seconds = until_its_end(by_hand, patience(by_hand), wall=0.1, used=0.05)
    assert (words, waited) == ("a call used more than 2 s of processor time", False)
    assert seconds == pytest.approx(4.0, abs=0.2)


def test_who_sleeps_ends_at_the_factor_of_the_limit(by_hand):
    words, waited, seconds = until_its_end(by_hand, patience(by_hand, wall_factor=3), wall=0.1, used=0.0)
    assert (words, waited) == ("a call did not answer within 6 s (it waited or slept)", True)
    assert seconds == pytest.approx(6.0, abs=0.2)


def test_time_without_a_core_is_not_sleep(by_hand):
    """A ninth of a core: 2 s of processor time take 18 s, and the backstop of 10 s must not end it before."""
    given, began = patience(by_hand), by_hand.wall
    with pytest.raises(TimeLimitError, match="used more than 2 s"):
        for _ in range(10_000):
            by_hand.go_on(0.09, 0.01)
            by_hand.waits["1"] = by_hand.waits.get("1", 0.0) + 0.08
            if given.until_look() <= 0:
                given.look(waiting=True)
    assert by_hand.wall - began == pytest.approx(18.0, abs=0.5)


def test_threads_that_wait_for_each_other_do_not_add_up(by_hand):
    """Each second sixty threads wait; the wall clock stands still for one second at most."""
    given, began = patience(by_hand), by_hand.wall
    given.look(waiting=True)
    for thread in range(60):
        by_hand.waits[str(thread)] = 0.0
    with pytest.raises(TimeLimitError):
        for second in range(1, 1000):
            by_hand.go_on(1.0, 0.1)
            by_hand.waits = {str(thread): 0.1 * second for thread in range(60)}
            if given.until_look() <= 0:
                given.look(waiting=True)
    assert by_hand.wall - began <= 12


def test_what_a_process_used_before_a_call_does_not_count_for_the_call(by_hand):
    by_hand.used = 25.0
    words, _, _ = until_its_end(by_hand, patience(by_hand), wall=0.1, used=0.1)
    assert words == "a call used more than 2 s of processor time"


def test_calls_that_are_each_in_time_use_up_the_time_of_the_whole_notebook(by_hand):
    whole = SubmissionClock()
    whole.add(by_hand)
    deadline, calls = Deadline(30, clock=whole), 0
    while not deadline.has_passed():
        calls += 1
        by_hand.go_on(3.0, 1.9)
    assert calls == 16  # 30 / 1.9
    assert str(deadline.error()) == "the whole notebook used more than 30 s of processor time"


def test_an_answer_that_has_come_counts_although_the_grader_was_late_to_read_it(by_hand):
    """The machine stopped the grader for a minute; the process had answered at once."""
    given = patience(by_hand)
    by_hand.go_on(60.0, 0.001)
    given.look(waiting=False)
    by_hand.go_on(0.1)
    with pytest.raises(TimeLimitError):
        given.look(waiting=True)


def test_time_in_which_it_waits_for_the_grader_is_not_sleep(by_hand):
    given = patience(by_hand)
    by_hand.go_on(9.0)
    given.request.leave_out(9.0)
    by_hand.go_on(9.0)
    given.look(waiting=True)


def test_a_part_of_the_work_ends_no_later_than_the_whole(by_hand):
    deadline = Deadline(3.0, clock=SubmissionClock())
    deadline.clock.add(by_hand)
    part, long = deadline.within(1.0, "a part"), deadline.within(60.0, "a part")
    by_hand.go_on(1.0, 1.0)
    assert (part.has_passed(), long.has_passed()) == (True, False)
    by_hand.go_on(2.0, 2.0)
    assert long.has_passed()


def test_a_process_that_serves_another_submission_counts_for_that_one_only(by_hand):
    first, second = SubmissionClock(), SubmissionClock()
    first.add(by_hand)
    by_hand.go_on(1.0, 1.0)
    first.remove(by_hand)
    second.add(by_hand)
    by_hand.go_on(2.0, 2.0)
    assert (first.used(), second.used()) == (1.0, 2.0)


# --- The kernel's clocks ---------------------------------------------------------------------------


def test_the_clock_counts_all_threads_from_outside_and_keeps_its_last_reading():
    code = "import time, threading\ndef burn():\n    end = time.thread_time() + 0.2\n    while time.thread_time() < end: pass\n"
    code += "threads = [threading.Thread(target=burn) for _ in range(3)]\nfor t in threads: t.start()\n"
    code += "for t in threads: t.join()\nprint(flush=True)\ntime.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        clock = ProcessClock(fd := os.pidfd_open(process.pid))
        process.stdout.read(1)
        used = clock.seconds()
        time.sleep(0.2)
        assert clock.seconds() == pytest.approx(used, abs=0.1)  # it sleeps
        process.kill()
    os.close(fd)
    assert used >= 0.6
    assert clock.seconds() == pytest.approx(used, abs=0.1)
    assert clock.kept_waiting() == {}


def test_the_kernel_says_how_long_a_thread_had_no_core():
    """Four processes that never pause, on one core, for a second and more."""

    code = "import os, time\nos.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\nprint(flush=True)\n"
    code += "end = time.process_time() + 0.3\nwhile time.process_time() < end: pass\nprint(flush=True)\ntime.sleep(60)"
    started = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) for _ in range(4)]
    try:
        opened_ = [(p, os.pidfd_open(p.pid)) for p in started]
        for process, _ in opened_:
            process.stdout.read(2)
        assert sum(max(ProcessClock(fd).kept_waiting().values()) for _, fd in opened_) > 0.3
    finally:
        for process in started:
            process.kill()
            process.communicate()
        for _, fd in opened_:
            os.close(fd)


def test_without_proc_the_error_says_so(monkeypatch):
    monkeypatch.setattr(clocks, "Path", lambda _: SimpleNamespace(read_text=lambda: "pos:\t0\n"))
    with pytest.raises(SandboxError, match="mount /proc"):
        ProcessClock(3)


# --- In a sandbox ----------------------------------------------------------------------------------


@ONE_TIER
def test_a_call_near_its_limit_answers_beside_eight_busy_loops(zygote):
    """Nine processes share each core, so the answer takes four times its limit and more."""
    with opened(zygote, "", call=0.25) as session, busy(8 * (os.cpu_count() or 1)):
        session.run_cell(BURN)
        assert session.get("burn")(0.15) == "done"


@ONE_TIER
def test_a_loop_beside_busy_loops_is_ended_by_its_processor_time(zygote):
    with opened(zygote, "", call=0.2) as session, busy(4 * (os.cpu_count() or 1)):
        session.run_cell(BURN)
        with pytest.raises(TimeLimitError, match=r"used more than 0\.2 s of processor time"):
            session.get("burn")(100)


def test_a_main_thread_that_waits_does_not_hide_what_the_others_compute(zygote):
    with opened(zygote, "", call=0.5, wall_factor=60.0) as session:
        session.run_cell(BURN)
        session.run_cell(f"def crowd():\n    {CROWD.strip().replace(chr(10), chr(10) + '    ')}\n    time.sleep(1000)")
        with pytest.raises(TimeLimitError, match=r"used more than 0\.5 s of processor time"):
            session.get("crowd")()


def test_a_process_cannot_move_its_clock(zygote):
    """Whatever it says about time: the kernel counts, and the grader reads."""
    lies = "time.process_time = time.monotonic = time.time = lambda: 0.0\ndef loop():\n    while True: pass"
    with opened(zygote, "", call=0.5) as session:
        session.run_cell("import time\n" + lies)
        with pytest.raises(TimeLimitError, match="processor time"):
            session.get("loop")()


def test_a_grader_that_computes_for_a_call_counts_with_it(zygote):
    def work(_):
        end = time.thread_time() + 0.2
        while time.thread_time() < end:
            pass

    with opened(zygote, "", call=0.5) as session:
        session.run_cell("def again(f):\n    while True: f(1.0)")
        with pytest.raises(TimeLimitError, match=r"used more than 0\.5 s"):
            session.get("again")(work)


def test_a_grader_that_waits_for_another_process_does_not_end_a_call(zygote):
    with opened(zygote, "", call=0.2, wall_factor=5.0) as session:
        session.run_cell("def once(f):\n    return f(1.0)")
        assert session.get("once")(lambda x: time.sleep(1.5) or x) == 1.0
