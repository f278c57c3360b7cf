"""docs/hosts: a page a host has at most five steps, and every command in it is one that there is.

The classes run the commands of the pages, too: see `run_page`.
"""

import inspect
import re
import shlex
from pathlib import Path

import pytest
from hosts.the_class import commands_of
from typer.main import get_command

from autograder.cli.formats import FORMATS
from autograder.cli.main import app
from autograder.cli.returning import TARGETS

FOLDER = Path(__file__).parents[2] / "docs" / "hosts"
INDEX = FOLDER / "README.md"
PAGES = sorted(path for path in FOLDER.glob("*.md") if path != INDEX)
HOSTS = {"canvas", "moodle", "gradescope", "github-classroom", "blackboard", "brightspace"}
_INLINE = re.compile(r"`(autograder [^`\n]+)`")


def names(path):
    return path.stem


def test_each_host_has_a_page_and_the_index_names_it():
    assert {path.stem for path in PAGES} == HOSTS
    assert all(f"]({path.name})" in INDEX.read_text() for path in PAGES)


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_a_page_has_at_most_five_steps(page):
    numbers = [int(number) for number in re.findall(r"^(\d+)\. ", page.read_text(), re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert 0 < len(numbers) <= 5


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_a_page_says_in_three_lines_what_can_go_wrong(page):
    wrong = page.read_text().partition("What can go wrong:\n")[2]
    assert len(re.findall(r"^\* ", wrong, re.MULTILINE)) == 3


def require_command(line):
    """Raises for an option that does not exist, and for one that the format of an export does not take."""
    _, name, *arguments = shlex.split(line)
    try:
        context = get_command(app).commands[name].make_context(name, arguments)
    except Exception as error:  # noqa: BLE001 — those of typer are its own
        raise AssertionError(f"{line}: {error}") from None
    given = {k for k in context.params if context.get_parameter_source(k).name == "COMMANDLINE"}
    if name == "export":
        takes = set(inspect.signature(FORMATS[context.params["kind"]]).parameters)
        assert given <= takes | {"kind", "names", "student", "results", "roster", "course"}, line
    if name == "return":
        assert context.params["to"] in TARGETS, line


@pytest.mark.parametrize("page", [*PAGES, INDEX], ids=names)
def test_every_command_of_a_page_is_one_that_there_is(page):
    lines = [*commands_of(page), *(text for text in _INLINE.findall(page.read_text()) if len(text.split()) > 2)]
    assert lines
    for line in lines:
        require_command(line)


@pytest.mark.parametrize(
    "line",
    [
        "autograder colect submissions.zip",
        "autograder collect",
        "autograder grade --rooster students.csv",
        "autograder export canvas --worksheet worksheet.csv",
        "autograder export sakai",
        "autograder return --to sakai",
    ],
)
def test_a_command_that_there_is_not_is_seen(line):
    with pytest.raises((KeyError, AssertionError)):
        require_command(line)
