"""The pages name only files that there are."""

import functools
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "Makefile")]
PAGES += sorted((ROOT / "docs").rglob("*.md"))
_FILE = re.compile(r"[A-Za-z_][\w./-]*\.(?:py|toml)\b")
_FOLDER = re.compile(r"(?<![\w/])(?:autograder|reference_impl|tests|docs)/[\w./-]*\w")
_LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


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
