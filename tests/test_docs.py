"""The pages name only files and commands that there are."""

import ast
import functools
import re
from pathlib import Path

import pytest
import typer

from autograder.cli.main import app

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "Makefile")]
PAGES += sorted((ROOT / "docs").rglob("*.md"))
_FILE = re.compile(r"[A-Za-z_][\w./-]*\.(?:py|toml)\b")
_FOLDER = re.compile(r"(?<![\w/])(?:autograder|reference_impl|tests|docs)/[\w./-]*\w")
_LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def _imported_from_tests(script):
    """Modules and packages of tests/ that a script imports and does not find, in its own folder or by a path it adds."""
    source = script.read_text()
    imports = (n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.ImportFrom) and n.module)
    tops = {node.module.partition(".")[0] for node in imports}
    both = {folder: {path.stem for path in folder.iterdir()} for folder in (ROOT / "tests", script.parent)}
    return tops & both[ROOT / "tests"] - both[script.parent] if "sys.path" not in source else set()


def test_make_runs_each_script_where_it_finds_what_it_imports():
    for line in (ROOT / "Makefile").read_text().splitlines():
        for script in re.findall(r"\$\(BIN\)/python (tests/\S+\.py)", line):
            assert "PYTHONPATH=tests" in line or not _imported_from_tests(ROOT / script), line


@functools.cache
def paths_below(root):
    """Files and folders, without those that are made by use."""
    tops = [p for p in root.iterdir() if not p.name.startswith(".") and p.name != "work"]
    return {p.relative_to(root).as_posix() for top in tops for p in (top, *top.rglob("*"))}


def missing(page, root):
    """What a page names and is not there. A file may be named by the end of its path, such as `judging/judge.py`."""
    text, paths = page.read_text(), paths_below(root)
    ends = {"/".join(path.split("/")[i:]) for path in paths for i in range(path.count("/") + 1)}
    files = {name for name in _FILE.findall(text) if name.removeprefix("./") not in ends}
    folders = {name for name in _FOLDER.findall(text) if name not in paths}
    links = {name for name in _LINK.findall(text) if not (page.parent / name).exists()}
    return sorted(files | folders | links)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_file_that_a_page_names_is_there(page):
    assert missing(page, ROOT) == []


def test_a_name_without_a_file_is_seen(tmp_path):
    (tmp_path / "autograder").mkdir()
    (tmp_path / "autograder" / "marks.py").touch()
    page = tmp_path / "page.md"
    page.write_text("`marks.py`, `policy.py`, autograder/marks.py, autograder/grading, [a](page.md), [b](gone.md#part)")
    assert missing(page, tmp_path) == ["autograder/grading", "gone.md", "policy.py"]


# Commands

STEPS = ROOT / "docs" / "ci.md"


def commands(text):
    """The words of each `autograder …` in the blocks of a page."""
    for block in re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            for command in re.split(r"&&|\|\|?|;", re.sub(r"\s+#.*", "", line)):
                words = re.sub("['\"]", "", command).split()
                if words[:1] == ["autograder"]:
                    yield words[1:]


def unknown(words):
    """What of a command is no subcommand and no option of ours; "" if all is known."""
    command = typer.main.get_command(app)
    while hasattr(command, "commands"):
        if command.invoke_without_command and (not words or words[0].startswith("-")):
            break  # `autograder serve`: a command that has others below it
        if not words or words[0] not in command.commands:
            return " ".join(words[:1]) or "no subcommand"
        command, words = command.commands[words[0]], words[1:]
    options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    return " ".join(word for word in words if word.startswith("-") and word.partition("=")[0] not in options)


@pytest.mark.parametrize("page", [p for p in PAGES if "```" in p.read_text()], ids=lambda page: page.name)
def test_every_command_in_a_block_of_a_page_is_one_with_these_options(page):
    assert [words for words in commands(page.read_text()) if unknown(words)] == []


def test_the_way_from_nothing_to_a_graded_class_has_at_most_ten_steps():
    numbers = [int(n) for n in re.findall(r"^## (\d+)\. ", STEPS.read_text(), re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) <= 10


@pytest.mark.parametrize(
    ("line", "what"), [("autograder grads", "grads"), ("autograder ci", "no subcommand"), ("autograder serve --prt 1", "--prt"), ("autograder grade --jobz 4", "--jobz")]
)  # fmt: skip
def test_a_command_that_there_is_not_is_seen(line, what):
    (words,) = commands(f"```\n$(x) && {line}  # a comment\n```\n")
    assert unknown(words) == what


def test_every_page_can_be_reached_from_the_readme():
    reached, ahead = set(), [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        if page in reached or page.suffix != ".md" or not page.is_file():
            continue
        reached.add(page)
        ahead += [(page.parent / name).resolve() for name in _LINK.findall(page.read_text())]
    assert sorted(set(PAGES) - reached - {ROOT / "Makefile"}) == []
