"""What commands look like: to a person at a terminal, in a pipe, without colour, and for a class of 1,000."""

import contextlib
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from fcntl import ioctl

import commands
import pytest
from result_builders import check, grade, of_ten, question, record, unread
from rich.cells import cell_len

from autograder.cli.grading_summary import print_counts
from autograder.records.grades import grade_of

HOSTILE = "[bold red]eve[/] :bomb: \x1b[31m\u202elive \x07##[error]x"
SHOWN = "[bold red]eve[/] :bomb: �[31m�live �# #[error]x"  # nothing lost, nothing obeyed
LONG = "W1: yours = 7 × the reference everywhere. Hint: the mean over the batch, not the sum; divide by N once, at the end."
COLOUR = re.compile(r"\x1b\[(?:\d+;)*(?:3\d|4\d|9\d|10\d)(?:;\d+)*m")


def two_gradings(folder, size):
    """Every third student loses seven points by repaired checks; the first has a hostile name."""
    students = [HOSTILE, *(f"student{i:04d}" for i in range(1, size))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        grade(folder, *(of_ten(s, 10) for s in students))
        grade(folder, *(of_ten(s, 10 - 7 * (i % 3 == 0), suite="2" * 64, message=LONG) for i, s in enumerate(students)))
    return folder


@pytest.fixture(scope="module")
def class_of_1000(tmp_path_factory):
    return two_gradings(tmp_path_factory.mktemp("class") / "results", 1000)


@pytest.fixture(scope="module")
def class_of_60(tmp_path_factory):
    """Enough for a bar to move."""
    return two_gradings(tmp_path_factory.mktemp("few") / "results", 60)


def on_terminal(*arguments, columns=80, **environment):
    """The command on a pseudo-terminal: everything it wrote there."""
    ours, theirs = pty.openpty()
    ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    dropped = {"NO_COLOR", "COLUMNS", "LINES", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "CI"}
    kept = {k: v for k, v in os.environ.items() if k not in dropped}
    started = subprocess.Popen(
        [sys.executable, "-m", "autograder", *map(str, arguments)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**kept, "TERM": "xterm-256color", **environment},
    )
    os.close(theirs)
    data = b""
    with contextlib.suppress(OSError):  # EIO: the other end was closed
        while block := os.read(ours, 65536):
            data += block
    os.close(ours)
    assert started.wait() in {0, 1}, data
    return data.decode()


def in_pipe(*arguments, **environment):
    """The same with its output in a pipe, as a log reads it."""
    kept = {k: v for k, v in os.environ.items() if k not in {"NO_COLOR", "COLUMNS", "FORCE_COLOR"}}
    done = subprocess.run(
        [sys.executable, "-m", "autograder", *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**kept, "TERM": "xterm-256color", **environment},
        check=False,
    )
    return done.stdout + done.stderr


def screen(written):
    """What stands on a terminal at the end: as much of one as a bar that is erased needs."""
    lines, y, x = [""], 0, 0
    for part in re.findall(r"\x1b\[[?\d;]*[A-Za-z]|\r|\n|[^\x1b\r\n]+", written):
        match part:
            case "\r":
                x = 0
            case "\n":
                y, x = y + 1, 0
                lines += [""] * (y + 1 - len(lines))
            case "\x1b[1A":
                y -= 1
            case "\x1b[2K":
                lines[y] = ""
            case text if text.startswith("\x1b"):
                assert re.fullmatch(r"\x1b\[(?:[\d;]*m|\?25[lh])", text), repr(text)
            case text:
                lines[y] = lines[y][:x].ljust(x) + text + lines[y][x + len(text) :]
                x += len(text)
    return [line for line in lines if line]


# At a terminal


def test_a_bar_with_the_time_left_appears_and_is_erased(course, class_of_60, tmp_path):
    said = on_terminal("report", class_of_60, "--course", course.root, "--out", tmp_path / "pages")
    assert "writing pages" in said
    assert "━" in said
    assert re.search(r"\d+/60", said)
    assert re.search(r"(\d:\d\d:\d\d|-:--:--)\S* ?\S*left", re.sub(r"\x1b\[[\d;]*m", "", said))
    assert said.rfind("\x1b[?25l") < said.rfind("\x1b[?25h")  # the cursor is back
    shown = screen(said)
    assert len(shown) == 1
    assert shown[0].startswith("class report: ")


def test_release_names_its_stages_in_a_bar_that_is_erased_and_in_a_pipe_in_lines(course):
    said = on_terminal("release", "--check", "--course", course.root)
    assert "nbgrader takes the answers out" in said
    assert all(line.startswith(("a9_test: ", "Next: ")) and "━" not in line for line in screen(said))
    assert len(screen(said)) == 2
    lines = in_pipe("release", "--check", "--course", course.root).splitlines()
    assert [line for line in lines if "searching for answers" in line] == ["a9_test: searching for answers"]
    assert lines[-1].startswith("Next: ")


def test_a_narrow_terminal_has_numbers_and_no_bar_that_wraps(course, class_of_60, tmp_path):
    said = on_terminal("report", class_of_60, "--course", course.root, "--out", tmp_path / "pages", columns=40)
    frames = [re.sub(r"\x1b\[[?\d;]*[A-Za-z]", "", f) for f in said.split("\r") if "/60" in f]
    assert frames
    assert all("━" not in f and cell_len(f.strip()) <= 40 for f in frames)
    assert len(screen(said)) == 1


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_no_row_of_a_diff_is_wider_than_the_terminal(class_of_60, columns):
    rows = [r for r in screen(on_terminal("diff", "--results", class_of_60, columns=columns)) if "pass → fail" in r]
    assert len(rows) == 10
    assert all(cell_len(r) <= columns for r in rows)
    assert all(r.rstrip().endswith("…") for r in rows if columns < 120)


def test_all_of_a_diff_cuts_nothing_off(class_of_60):
    assert "divide by N once, at the end." in on_terminal("diff", "--results", class_of_60, "--all", columns=60)


def test_a_terminal_has_colour_and_with_no_color_none(class_of_60):
    assert COLOUR.search(on_terminal("diff", "--results", class_of_60))
    assert not COLOUR.search(on_terminal("diff", "--results", class_of_60, NO_COLOR="1"))


def test_a_dumb_terminal_gets_no_escape_sequence_at_all(course, class_of_60, tmp_path):
    report = ("report", class_of_60, "--course", course.root, "--out", tmp_path / "pages")
    for arguments in (report, ("diff", "--results", class_of_60), ("--help",)):
        assert "\x1b" not in on_terminal(*arguments, TERM="dumb")


# In a pipe


def test_a_pipe_gets_whole_lines_and_nothing_else(course, class_of_60, tmp_path):
    report = ("report", class_of_60, "--course", course.root, "--out", tmp_path / "pages")
    listing = ("diff", "--list", "--results", class_of_60)
    for arguments in (report, ("diff", "--results", class_of_60), listing, ("--help",), ("grade", "--nonsense")):
        said = in_pipe(*arguments)
        assert said
        assert not re.search("[\x1b\r\u2500-\u259f…]", said), said
        assert not [line for line in said.splitlines() if line != line.rstrip()]
    assert f"  q1.value  pass → fail  -7  {LONG}" in in_pipe("diff", "--results", class_of_60).splitlines()


def test_where_colour_is_forced_into_a_pipe_there_still_is_no_bar(course, class_of_60, tmp_path):
    arguments = ("report", class_of_60, "--course", course.root, "--out", tmp_path / "pages")
    assert len(in_pipe(*arguments, FORCE_COLOR="1").splitlines()) == 1


# Names


def test_a_hostile_name_is_shown_as_it_is_and_obeyed_by_nobody(class_of_60):
    assert SHOWN in in_pipe("diff", "--results", class_of_60)
    said = on_terminal("diff", "--results", class_of_60, "--all")
    assert SHOWN in re.sub(r"\x1b\[[\d;]*m", "", said)
    assert "\u202e" not in said
    assert "\x07" not in said


def test_a_hostile_name_in_the_counts_of_a_grading(capsys):
    print_counts([grade_of(unread(HOSTILE, "malformed", "expected [red]a notebook[/], got :bomb:"))], 1.0)
    assert f"a1_test, {SHOWN}: malformed: expected [red]a notebook[/], got :bomb:" in capsys.readouterr().out


# A class of 1,000


def lines_of(*arguments, code=0):
    return commands.run(*arguments, code=code).output.splitlines()


def test_a_diff_of_1000_prints_a_summary_and_the_first_ten(class_of_1000):
    said = lines_of("diff", "--results", class_of_1000, code=1)
    assert said[0] == "334 of 1000 scores changed, mean change -2.34"  # 334 × 7 / 1000 = 2.338
    assert said[1] == "  why: checks changed (334)"
    assert len(said) < 30
    assert said[-1] == "and 324 more results: --all, or --csv FILE"
    assert len(lines_of("diff", "--results", class_of_1000, "--all", code=1)) > 2 * 334


def test_an_export_of_1000_prints_one_line(course, class_of_1000, tmp_path):
    assert (
        len(lines_of("export", "csv", "--results", class_of_1000, "--course", course.root, "--out", tmp_path / "g.csv"))
        == 1
    )


def test_a_grading_of_1000_prints_counts_the_first_ten_and_a_line_an_assignment(capsys):
    gone = [unread(f"gone{i}", "missing", "nothing was handed in") for i in range(300)]
    broken = [unread(f"zz{i}", "malformed", "expected a notebook, got an empty file.") for i in range(2)]
    graded = [of_ten(f"s{i}", 10 if i % 2 else 4) for i in range(698)]
    print_counts([grade_of(r) for r in (*gone, *broken, *graded)], 1.0)
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "700 submissions: 698 graded, 2 malformed; 300 not handed in"
    assert (
        said[1] == "  a1_test, zz0, zz1: malformed: expected a notebook, got an empty file."
    )  # who needs a look, first
    assert said[2] == "  a1_test, gone0, gone1, gone2, gone3, gone4 and 295 more: missing: nothing was handed in"
    assert said[3].split("  ")[0] == "assignment"
    # of those who handed in: 349 × 10 + 349 × 4 over 700; in order 2 have 0, and then 349 have 4
    assert said[4].split() == ["a1_test", "700", "7.0", "4.0", "10", "349", "2"]
    assert len(said) == 5


NOT_WRITTEN = check(points=0, outcome="missing", diagnosis="not_implemented")


def test_untouched_notebooks_are_told_apart_from_wrong_ones(capsys):
    untouched = [record(f"s{i}", "a1_test", max_score=10, questions=(question("q1", NOT_WRITTEN),)) for i in range(7)]
    wrong = [of_ten("wrong", 0)]
    print_counts([grade_of(r) for r in (*untouched, *wrong)], 1.0)
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "8 submissions: 8 graded"
    assert said[1] == "  a1_test, s0, s1, s2, s3, s4 and 2 more: not begun: no question with a check is answered"
    assert said[2].split("  ")[0] == "assignment"
