"""The commands of the how-to pages, as they stand there, with the built wheel in a small course that has a class."""

import re
import shutil

import pytest
from documentation import ROOT, shell
from how_to_blocks import ADA, NAME, NOT_RUN, RUN
from wheels import build_wheel, lend_dependencies

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
OTHERS = {"start", "reference"}  # tests/test_start_pages.py runs the first; the others are made from the program
_COMMAND = re.compile(
    r"^ *(?:sudo )?(?:autograder|nbgrader|otter|docker|make|pip|git|cp|mkdir|cd|dask|read|chmod|curl)\b ", re.MULTILINE
)
PREPARED = f"""
printf 'title = "My course"\\n' > course.toml
autograder new {NAME} && autograder release {NAME}
printf 'id,name,email\\nada,Ada Lovelace,ada@uni.example\\nbob,Bob Dylan,bob@uni.example\\n' > students.csv
mkdir inbox
sed 's|raise NotImplementedError()|return np.mean(x) ** 2|' {ADA} > inbox/ada.ipynb
autograder collect inbox -a {NAME} && autograder grade && autograder report
"""


def blocks_of(page):
    """The blocks of a page that hold commands, also those that are set in, such as in a list."""
    found = re.findall(r"^( *)```(\w*)\n(.*?)^ *```", page.read_text(), re.MULTILINE | re.DOTALL)
    texts = [
        re.sub(rf"^{indent}", "", text, flags=re.MULTILINE) for indent, kind, text in found if kind in {"", "bash"}
    ]
    return [text for text in texts if _COMMAND.search(text)]


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    """A folder with an environment, `.venv`, and a course that has a class, `my-course`."""
    folder = tmp_path_factory.mktemp("machine")
    wheel = build_wheel(tmp_path_factory.mktemp("wheel"))
    shell("python3 -m venv .venv && .venv/bin/pip install backprop-course", folder, wheel)
    lend_dependencies(next((folder / ".venv/lib").glob("python*/site-packages")), tmp_path_factory.mktemp("l") / "lent")
    (folder / "my-course").mkdir()
    shell(f"source ../.venv/bin/activate{PREPARED}", folder / "my-course", wheel)
    return folder, wheel


@pytest.mark.real_tools
@pytest.mark.parametrize("block", RUN, ids=lambda block: f"{block.page}-{block.begins[:24]}")
def test_the_commands_of_a_block_work(block, machine, tmp_path):
    folder, wheel = machine
    shutil.copytree(folder / "my-course", tmp_path / "class" / "my-course", symlinks=True)
    (text,) = [text for text in blocks_of(ROOT / block.page) if text.startswith(block.begins)]
    for old, new in block.changes:
        assert old in text
        text = text.replace(old, new)
    script = "\n".join([f"REPOSITORY={ROOT}; source {folder}/.venv/bin/activate", block.before, text])
    shell(script, tmp_path / "class" / "my-course", wheel)


def commands_of_pages():
    """(page, block) of each block of commands on the how-to pages."""
    for page in PAGES:
        place = page.relative_to(ROOT)
        if not OTHERS & set(place.parts) and page.name != "troubleshooting.md":
            yield from ((place.as_posix(), text) for text in blocks_of(page))


def test_each_block_of_commands_is_run_or_has_a_reason_why_not():
    known = [*((block.page, block.begins) for block in RUN), *NOT_RUN]
    shown = list(commands_of_pages())
    fits = {(page, text): [k for k in known if k[0] == page and text.startswith(k[1])] for page, text in shown}
    assert [block for block, keys in fits.items() if len(keys) != 1] == []
    assert set(known) == {keys[0] for keys in fits.values()}  # and none is about a block that is gone
