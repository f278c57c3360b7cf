"""Commands of nbgrader and otter: each in a process of its own, whose imports are paid once."""

import os
import subprocess
import sys

import pytest

from autograder.errors import CourseError
from autograder.interop.tools import get_ready, run_tool

SAYS = """import os, sys
print(os.getppid(), os.getpid(), os.getcwd(), *sys.argv[1:])
print("warned", file=sys.stderr)
"""


@pytest.fixture
def module(tmp_path):
    """module(source): a tool of that text, by its name."""

    def of(source):
        (tmp_path / "tool_of_test.py").write_text(source)
        return "tool_of_test"

    return of


def test_a_command_runs_in_its_folder_and_gives_what_it_printed(module, tmp_path):
    printed = run_tool(tmp_path, module(SAYS), "one", "two three").split()
    assert printed[2:] == [str(tmp_path), "one", "two", "three", "warned"]


def test_two_commands_are_two_copies_of_one_process(module, tmp_path):
    first, second = (run_tool(tmp_path, module(SAYS), "x").split()[:2] for _ in range(2))
    assert first[0] == second[0] != str(os.getpid())
    assert first[1] != second[1]


def test_what_one_command_changes_the_next_does_not_see(module, tmp_path):
    changes = (
        "import os, json\nprint('MARK' in os.environ, hasattr(json, 'mark'))\nos.environ['MARK'] = json.mark = 'x'\n"
    )
    assert [run_tool(tmp_path, module(changes), "x").split() for _ in range(2)] == [["False", "False"]] * 2


@pytest.mark.parametrize(
    ("source", "got"),
    [
        ("raise ValueError('no such cell')", "ValueError: no such cell"),
        ("import sys; sys.exit('no course here')", "no course here"),
        ("import sys; sys.exit(3)", "no message"),
    ],
)
def test_a_command_that_fails_is_one_line_with_the_last_error(module, tmp_path, source, got):
    with pytest.raises(CourseError) as said:
        run_tool(tmp_path, module(source), "build")
    assert str(said.value) == f"tool_of_test build: expected it to succeed, got: {got}"


def test_a_command_without_end_is_one_line(module, tmp_path):
    with pytest.raises(CourseError, match=r"expected it to end within 0\.5 s, got no end\.$"):
        run_tool(tmp_path, module("import time\nwhile True: time.sleep(1)"), "build", seconds=0.5)


def test_after_its_process_was_ended_from_outside_the_next_command_has_a_new_one(module, tmp_path):
    server = int(run_tool(tmp_path, module(SAYS), "x").split()[0])
    with pytest.raises(CourseError, match=r"got its process ended from outside\.$"):
        run_tool(tmp_path, module("import os, signal\nos.kill(os.getppid(), signal.SIGKILL)"), "x")
    assert int(run_tool(tmp_path, module(SAYS), "x").split()[0]) != server


@pytest.mark.real_tools
def test_a_process_that_was_got_ready_has_both_tools_imported_before_a_command_asks(module, tmp_path):
    asked = module("import sys; print('nbgrader.apps' in sys.modules, 'otter.assign' in sys.modules)")
    get_ready()
    assert run_tool(tmp_path, asked, "x").split() == ["True", "True"]


def test_elsewhere_each_command_is_a_fresh_process(module, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")
    assert run_tool(tmp_path, module(SAYS), "x").split()[0] == str(os.getpid())
    with pytest.raises(CourseError, match=r"got no end\.$"):
        run_tool(tmp_path, module("import time\nwhile True: time.sleep(1)"), "build", seconds=0.5)


def test_a_command_that_reads_notebooks_compiles_no_grammars_for_web_addresses():
    """They are 38, and take a second."""
    code = "import autograder.interop.gradebook, sys; print(sys.modules['rfc3987_syntax'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "None\n"
