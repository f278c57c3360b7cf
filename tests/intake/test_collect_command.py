"""`autograder collect` as a person types it, and as a log reads it."""

import os
import shlex
import shutil

import pytest
from commands import process, program
from intake.counter import notebook, zipped


@pytest.fixture
def collect(course, tmp_path):
    def run(*arguments, code=0, how=program):
        words = ["collect", *map(str, arguments), "--course", str(course.root), "--out", str(tmp_path / "submitted")]
        ended, said = how(tmp_path, *words, **{**os.environ, "NO_COLOR": "1", "COLUMNS": "40"})
        assert ended == code, said
        assert "Traceback" not in said
        return said

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
    assert collect(source, code=1, how=process).startswith("2 placed,")
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


def test_what_cannot_be_placed_is_settled_in_one_command_that_the_last_line_names(collect, course, tmp_path):
    """The line is run as it stands, with a student in the place of the word STUDENT."""
    (course.root / "work").mkdir(exist_ok=True)
    (tmp_path / "r.csv").write_text("id,name,canvas_id\nada,Ada Lovelace,11\nmia,Mía Sol,\n")
    source = zipped(
        tmp_path / "the class.zip",
        {"ada_11_1_a9_test.ipynb": notebook(), "solmia_99_1_w.ipynb": notebook("m"), "x_98_1_w.html": b""},
    )
    options = ["-a", "a9_test", "--roster", tmp_path / "r.csv"]
    first = collect(source, *options, code=1).splitlines()
    assert "'Canvas user 99'" in first[-3]
    assert first[-3].endswith("nobody in the roster has the canvas_id '99'; perhaps: mia (Mía Sol)")
    *_, last = first[-1].partition("Next: autograder collect ")
    again, _, hint = last.partition(" (or ")
    assert hint == "--ignore 'Canvas user 99')"
    words = shlex.split(again.replace("STUDENT", "mia"))
    words = words[: words.index("--out")] + words[words.index("--assign") :]
    assert words == [str(source), *map(str, options), "--assign", "Canvas user 99=mia"]
    dry = collect(*words, "--dry-run", code=1)
    assert "--assign 'Canvas user 99=mia' --assign 'Canvas user 98'=STUDENT" in dry  # a dry run remembers nothing
    assert not (course.root / "work" / "settled.json").exists()
    told = collect(*words, code=1)
    assert told.splitlines()[0].startswith("roster: ")
    assert "1 placed, 0 new attempts, 1 unchanged, 1 not placed" in told
    assert "settled as before" not in told
    assert "--ignore 'Canvas user 98' (or mend" in told or "--assign 'Canvas user 98'=STUDENT" in told
    done = collect(source, *options, "--ignore", "Canvas user 98")
    assert "0 placed, 0 new attempts, 2 unchanged, 0 not placed, 1 ignored" in done
    assert "1 settled as before" in done
    assert done.splitlines()[-1].endswith("Next: autograder grade")
    assert "2 settled as before" in collect(source, *options)
    shutil.rmtree(course.root / "work")
