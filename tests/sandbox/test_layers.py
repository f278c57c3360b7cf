"""A layer that is missing is noticed: the attack on itself gets through, or no process serves, and nothing is graded.

The worker's own code is copied and one line of it taken out, as if a kernel had said yes and done nothing.
"""

import os
import signal

import pytest
from bundled import some
from conftest import available_tiers
from patience import opened

from autograder.authoring.seeds import seeds_from
from autograder.errors import (
    CrashError,
    KilledError,
    MemoryLimitError,
    RaisedError,
    SandboxError,
    TimeLimitError,
)
from autograder.intake.submissions import Submission
from autograder.judging.submission import grade_submission
from autograder.sandbox import seccomp, tiers
from autograder.sandbox.worker import landlock

# What is taken out of lockdown.py or zygote.py, what stands there instead, and words of the reason to refuse.
LAYERS = {
    "no descriptor closed": (
        ("lockdown.py", "    os.closerange(3 + len(descriptors), MAX_DESCRIPTORS)\n", ""),
        "use an inherited descriptor",
    ),
    "no resource limits": (
        ("zygote.py", "        lockdown.limit_resources(limits)\n", ""),
        "take address space without a limit",
    ),
    "no_new_privs not set": (("zygote.py", "        lockdown.renounce_privileges()\n", ""), "expected it to begin"),
    "Landlock not put on": (
        ("landlock.py", 'succeed(libc.syscall(446, fd, 0), "landlock_restrict_self")', "pass"),
        "write to a device",
    ),
    "capabilities kept": (("zygote.py", "        lockdown.drop_capabilities()\n", ""), "keep a capability"),
    "no filter of system calls": (
        ("zygote.py", "        lockdown.filter_system_calls(home.setup.seccomp)\n", ""),
        "open a socket",
    ),
    "no namespaces": (
        ("zygote.py", "lockdown.fork(namespaces=home.namespaces)", "lockdown.fork(namespaces=False)"),
        "expected it to begin",
    ),
    "a scratch folder without a bound": (
        ("lockdown.py", "(limits.folder, limits.files)", "(1 << 40, limits.files)"),
        "fill the disk",
    ),
    "mounts that can be written": (("lockdown.py", '"QQQQ", MS_RDONLY', '"QQQQ", 0'), "leave a time of reading"),
}


TIERS_AND_LAYERS = [
    (tier, layer)
    for tier in available_tiers()
    for layer in LAYERS
    # bubblewrap sets both before
    if tier != "A" or layer not in {"no_new_privs not set", "mounts that can be written"}
]


@pytest.mark.usefixtures("without_matplotlib")
@pytest.mark.parametrize(("tier", "layer"), TIERS_AND_LAYERS)
def test_without_one_of_its_layers_a_tier_refuses_to_grade(altered, tier, layer):
    change, reason = LAYERS[layer]
    altered(*change)
    with pytest.raises(SandboxError, match=reason) as refused:
        tiers.open_sandbox({}, tier)
    assert "\n" not in str(refused.value)


@pytest.mark.usefixtures("without_matplotlib")
@pytest.mark.parametrize("tier", available_tiers())
@pytest.mark.skipif(os.getuid() != 0, reason="only root has root to keep")
def test_s7_a_grader_run_as_root_that_could_not_leave_root_refuses(altered, tier):
    altered("zygote.py", "        lockdown.become(setup.drop_to)\n", "        pass\n")
    with pytest.raises(SandboxError, match="expected"):
        tiers.open_sandbox({}, tier)


def test_s7_student_code_is_never_root(zygote):
    with opened(zygote, "") as session:
        session.run_cell("import os\nids = [*os.getresuid(), *os.getresgid()]")
        assert 0 not in session.get("ids")


TOO_MUCH = {
    "socket": "open a socket",
    "socketpair": "make a Unix socket pair",
    "clone": "start a process",
    "kill": "signal its parent",
    "unshare": "enter a new user namespace",
    "fcntl": "have the kernel send a signal",
    "prlimit64": "lower its own limits",
    "openat": "hold a file without opening it",
}


@pytest.mark.usefixtures("without_matplotlib")
@pytest.mark.parametrize("tier", some(reversed(available_tiers())))  # both have their filter of one list
@pytest.mark.parametrize("call", TOO_MUCH)
def test_s10_a_filter_that_lets_one_call_too_much_through_is_noticed(monkeypatch, tier, call):
    monkeypatch.setattr(seccomp, "_ALLOWED", [*seccomp._ALLOWED, call])
    seccomp.program.cache_clear()
    try:
        with pytest.raises(SandboxError, match=TOO_MUCH[call]):
            tiers.open_sandbox({}, tier)
    finally:
        seccomp.program.cache_clear()


NOTHING = {"access": "ask whether", "chdir": "go into", "newfstatat": "learn a file's size"}
CHANGES = {"chmod": "change a file's mode", "utimensat": "change a file's times"}


@pytest.mark.usefixtures("without_matplotlib")
@pytest.mark.parametrize("call", NOTHING | (CHANGES if os.getuid() else {}))
def test_a_filter_of_tier_b_that_lets_a_call_about_a_path_through_is_noticed(monkeypatch, altered, call):
    """Where there are no mounts of its own, nothing else protects the grader's files against these calls."""
    altered("lockdown.py", "        pid, pidfd = fork(namespaces=True)\n", "        raise OSError\n")
    monkeypatch.setattr(seccomp, "_ALLOWED", [*seccomp._ALLOWED, call])
    for names in ("_BY_OPENING", "_CHANGES"):
        monkeypatch.setattr(seccomp, names, [n for n in getattr(seccomp, names) if n != call])
    seccomp.program.cache_clear()
    try:
        with pytest.raises(SandboxError, match=(NOTHING | CHANGES)[call]):
            tiers.open_sandbox({}, "B")
    finally:
        seccomp.program.cache_clear()


@pytest.fixture
def broken_bwrap(monkeypatch, tmp_path):
    """A bubblewrap that the system forbids to make namespaces, as on Ubuntu 24.04."""
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")


@pytest.mark.usefixtures("without_matplotlib")
def test_s6_where_bubblewrap_is_forbidden_tier_b_takes_over(broken_bwrap):
    with tiers.open_sandbox({}) as zygote:
        assert zygote.tier == "B"


@pytest.mark.usefixtures("without_matplotlib")
def test_s6_where_no_tier_holds_nothing_is_graded_and_both_reasons_are_told(broken_bwrap, altered):
    altered("zygote.py", "        lockdown.filter_system_calls(home.setup.seccomp)\n", "")
    with pytest.raises(SandboxError, match=r"(?s)tier A.*Permission denied.*tier B.*could.*--unsafe"):
        tiers.open_sandbox({})


@pytest.mark.usefixtures("without_matplotlib")
def test_where_no_file_can_be_written_a_module_beside_the_notebook_is_held_in_memory(altered, skeleton):
    altered("lockdown.py", "        pid, pidfd = fork(namespaces=True)\n", "        raise OSError\n")
    modules = {"mine": "import other\nx = other.w - 2\n", "other": "w = 9\n"}
    with (
        tiers.open_sandbox({skeleton.name: skeleton.handouts}, "B") as zygote,
        opened(zygote, modules=modules) as session,
    ):
        assert not zygote.namespaces
        session.run_cell("from mine import x\n%run other.py\n%run other")
        session.run_cell("%%writefile -a other.py\nw += 1")
        session.run_cell("import importlib, other, inspect\nz = importlib.reload(other).w")
        assert [session.get(n) for n in "xwz"] == [7, 9, 10]


@pytest.mark.usefixtures("without_matplotlib")
@pytest.mark.parametrize("namespaces", some([True, False]))
@pytest.mark.parametrize("abi", [1, 2, 3, 4, 5, 6, 7])
def test_s8_with_an_older_landlock_every_attack_is_still_refused_and_the_result_says_which(
    altered, monkeypatch, abi, namespaces, skeleton, solved, hand_in
):
    if landlock.landlock_abi() < abi:
        pytest.skip(f"this kernel has no Landlock {abi}")
    altered("landlock.py", "return max(0, int(libc.syscall(444, None, 0, 1)))", f"return {abi}")
    if not namespaces:
        altered("lockdown.py", "        pid, pidfd = fork(namespaces=True)\n", "        raise OSError\n")
    monkeypatch.setattr("autograder.judging.submission.landlock_abi", lambda: abi)
    with tiers.open_sandbox({skeleton.name: skeleton.handouts}, "B") as zygote:
        handed_in = Submission("ada", skeleton.name, hand_in("ada", solved))
        result = grade_submission(handed_in, skeleton, zygote, seeds_from(b"secret"))
    assert (result.score, result.sandbox.landlock) == (result.max_score, abi)


@pytest.mark.usefixtures("without_matplotlib")
def test_tier_b_holds_where_ordinary_users_may_make_no_namespaces_and_has_no_folder_then(altered):
    altered("lockdown.py", "        pid, pidfd = fork(namespaces=True)\n", "        raise OSError\n")
    with tiers.open_sandbox({}, "B") as zygote, opened(zygote, "") as session:
        assert not zygote.namespaces
        session.run_cell("x = 1")
        with pytest.raises(RaisedError, match="FileNotFoundError"):
            session.run_cell("import tempfile\ntempfile.TemporaryFile()")
        assert session.get("x") == 1


# --- How a process ended ---------------------------------------------------------------------------------------------

ENDINGS = {
    "ctypes.string_at(0)": (CrashError, "segmentation fault"),
    "os.abort()": (CrashError, "abort|fault"),
    "os._exit(7)": (CrashError, "ended itself"),
    "while True: pass": (TimeLimitError, "1 s of processor time"),
    "np.ones(2**40)": (MemoryLimitError, "512 MB"),
}


@pytest.mark.parametrize("code", ENDINGS)
def test_how_a_process_ended_is_told_and_which_limit_it_met(zygote, code):
    error, words = ENDINGS[code]
    with opened(zygote, "", memory=512 << 20, cpu=1) as session, pytest.raises(error, match=words):
        session.run_cell(f"import ctypes, os\nimport numpy as np\n{code}")


def test_a_cell_that_only_waits_is_ended_by_the_wall_clock(zygote):
    with (
        opened(zygote, "", cell=0.1) as session,
        pytest.raises(TimeLimitError, match=r"not answer within 0.5 s \(it waited or slept\)"),
    ):
        session.run_cell("import time; time.sleep(1000)")


def test_the_whole_notebooks_deadline_is_named_where_that_is_what_was_met(zygote):
    with (
        opened(zygote, "", seconds=0.5) as session,
        pytest.raises(TimeLimitError, match=r"whole notebook used more than 0\.5 s"),
    ):
        session.run_cell("while True: pass")


def killed(session):
    signal.pidfd_send_signal(session.line.process.pidfd, signal.SIGKILL)


def test_a_process_that_was_killed_from_outside_is_our_fault_the_first_time(zygote):
    for forgives, error in ((True, KilledError), (False, CrashError)):
        with opened(zygote, "", forgives=forgives) as session:
            killed(session)
            with pytest.raises(error):
                session.run_cell("x = 1")


def test_output_beyond_the_limit_is_dropped_and_counted(zygote):
    with opened(zygote, "", output=1000) as session:
        session.run_cell("print('x' * 999)")
        assert session.dropped() == 0
        session.run_cell("print('y' * 50)")
        assert session.dropped() == 51
