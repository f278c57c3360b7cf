"""`autograder collect` as a person types it, and as a log reads it."""

import os
import subprocess
import sys

import pytest
from intake.counter import notebook, zipped


@pytest.fixture
def collect(course, tmp_path):
    def run(*arguments, code=0):
        command = [sys.executable, "-m", "autograder", "collect", *map(str, arguments), "--course", course.root]
        done = subprocess.run(
            [*command, "--out", tmp_path / "submitted"], capture_output=True, text=True, timeout=60, check=False,
            cwd=tmp_path, env={**os.environ, "NO_COLOR": "1", "COLUMNS": "40"},
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    return run


def test_the_command_says_what_it_did_in_plain_lines_with_no_command_of_a_students(collect, tmp_path):
    source = zipped(
        tmp_path / "s.zip",
        {
            "ada_LATE_11_1_a9_test.ipynb": notebook(),
            "bob_22_2_::error::[red]x\x1b[31m\r\n##[error].py": b"",
            "cyd_33_3_a9_test.ipynb": notebook(),
        },
    )
    told = collect(source, "--dry-run", code=1)
    assert told.startswith("would be: 2 placed, 0 new attempts, 0 unchanged, 1 not placed\nlate: 11\n")
    assert not (tmp_path / "submitted").exists()
    assert collect(source, code=1).startswith("2 placed,")
    again = collect(source, code=1)
    assert again.startswith("0 placed, 0 new attempts, 2 unchanged, 1 not placed")
    assert len(again.splitlines()) == 5
    assert not any(sign in again for sign in ("::error::", "##[error]", "\x1b", "\r"))
    assert "[red]" in again  # a name, and no markup


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["absent.zip"], "expected a zip, a folder or a CSV list"),
        ([".", "--deadline", "2026-11-30"], "--deadline: expected a time with its zone"),
        ([".", "--received", "0001-01-01T00:00+14:00"], "--received: expected a time with its zone"),
        ([".", "--received", "9999-12-31T23:59-14:00"], "--received: expected a time with its zone"),
        ([".", "-a", "a7"], "expected one of a9_test, got 'a7'"),
        ([".", "--roster", "absent.csv"], "absent.csv: expected a roster, got no file"),
    ],
)
def test_misuse_is_one_line_and_exit_code_2(collect, arguments, said):
    told = collect(*arguments, code=2)
    assert said in told
    assert len(told.splitlines()) == 1
