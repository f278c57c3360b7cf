"""The commands on the pages for beginners, as they stand there, with the built wheel in an empty folder."""

import re

import pytest
from documentation import DOCS, bash_blocks, shell
from wheels import build_wheel, lend_dependencies

PAGES = sorted((DOCS / "start").glob("*.md"))
pytestmark = pytest.mark.real_tools


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_commands_of_a_page_work_in_an_empty_folder(page, wheel, tmp_path):
    """The first block makes an environment and installs the package; its dependencies are lent."""
    folder = tmp_path / "empty"
    folder.mkdir()
    install, *rest = bash_blocks(page)
    shell(install, folder, wheel)
    lend_dependencies(next((folder / ".venv/lib").glob("python*/site-packages")), tmp_path / "lent")
    shell("\n".join(["source .venv/bin/activate", *rest]), folder, wheel)
    made = {path.as_posix() for path in folder.rglob("*.html")}
    for name in re.findall(r"[Oo]pen `([^`]+\.html)`", page.read_text()):
        assert any(path.endswith(f"/{name}") for path in made), name


def test_there_is_a_page_for_each_kind_of_reader():
    assert [page.stem for page in PAGES] == ["author", "instructor", "student"]
