"""The documentation builds without a warning, its links lead somewhere, and its numbers are those of the project."""

import re

import pytest
from attacks.bench.payloads import load_payloads
from documentation import DOCS, ROOT, Links, bash_blocks, broken_links, build_site, read_site


def test_the_site_builds_without_a_warning_and_each_of_its_links_leads_to_a_place(tmp_path):
    """It has each page and the moving pictures, and loads nothing from elsewhere. An option outside code keeps its two
    hyphens. One test, because a build takes seconds."""
    done = build_site(DOCS, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    site = read_site(tmp_path / "site")
    names = {page.relative_to(tmp_path / "site").as_posix() for page in site}
    assert {p.relative_to(DOCS).with_suffix(".html").as_posix() for p in DOCS.rglob("*.md")} <= names
    assert "explain.html" in names
    assert "--force replaces them." in (tmp_path / "site" / "troubleshooting.html").read_text()
    assert broken_links(site) == []


def test_a_broken_link_is_seen(tmp_path):
    (tmp_path / "there.html").write_text('<p id="place">')
    page = tmp_path / "page.html"
    page.write_text(
        '<a href="there.html#place">1</a><a href="there.html#gone">2</a><a href="gone.html">3</a><a href="#here">4</a>'
        '<a href="https://example.org">5</a><img src="https://example.org/x.png">'
    )
    assert broken_links({p: Links(p.read_text()) for p in tmp_path.iterdir()}) == [
        "page.html: #here",
        "page.html: gone.html",
        "page.html: https://example.org/x.png",
        "page.html: there.html#gone",
    ]


@pytest.mark.parametrize("text", ["[a](gone.md)", "[a](page.md#gone)", "# Title\n\n### Two levels below"])
def test_a_mistake_in_a_page_stops_the_build(tmp_path, text):
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "conf.py").write_text('extensions = ["myst_parser"]\nmyst_heading_anchors = 4\n')
    (docs / "index.md").write_text("# Pages\n\n```{toctree}\npage\n```\n")
    (docs / "page.md").write_text(f"# Page\n\n{text}\n")
    assert build_site(docs, tmp_path).returncode != 0


def test_each_block_on_a_start_page_is_run_by_a_test_or_is_python_to_read():
    """tests/test_start_pages.py runs those that are marked as bash."""
    for page in (DOCS / "start").glob("*.md"):
        fences = re.findall(r"^ *```(.*)$", page.read_text(), re.MULTILINE)
        assert set(fences[::2]) <= {"bash", "python"}, page.name
        assert set(fences[1::2]) == {""}, page.name
        assert fences.count("bash") == len(bash_blocks(page)) > 2, page.name


# Numbers that a page repeats


def row(page, first):
    """The cells of the row of a page's table that begins with this cell."""
    (line,) = re.findall(rf"^\| {re.escape(first)} \| (.*) \|$", (ROOT / page).read_text(), re.MULTILINE)
    return [cell.strip("* ") for cell in line.split(" | ")]


@pytest.mark.parametrize(
    ("first", "name"),
    [
        ("A1, gradient ascent", "a1_gradient_ascent"),
        ("A2, an MLP by hand", "a2_mlp_backprop"),
        ("A3, forward or reverse", "a3_forward_vs_reverse"),
        ("A4, an engine", "a4_autodiff_engine"),
    ],
)
def test_the_page_about_accuracy_counts_the_samples_as_they_are(first, name):
    folders = [ROOT / "solutions" / name / "samples" / kind for kind in ("right", "wrong")]
    assert row("docs/accuracy.md", first) == [str(len(list(folder.glob("*.py")))) for folder in folders]


def test_the_page_about_hidden_tests_has_the_numbers_of_the_attack_bench():
    commands = ("`autograder grade`, tier A", "`autograder grade`, tier B", "`nbgrader autograde`", "`otter run`")
    shown = [row("docs/why-outside.md", command) for command in commands]
    assert [cell for (cell,) in shown] == row("SECURITY.md", "**any of these, of the payloads tried**")


def test_the_page_about_hidden_tests_counts_the_payloads_that_a_tool_cannot_express():
    """Two forge an answer in our own protocol; one needs a second file, which `otter run` does not take."""
    payloads = load_payloads()
    left_out = {name: [p.id for p in payloads if not p.concerns(name)] for name in ("A", "B", "nbgrader", "otter")}
    own = ["F3-own-reply", "F4-early-replies"]
    assert left_out == {"A": [], "B": [], "nbgrader": own, "otter": [*own, "F16-shadow-file"]}
    text = " ".join((DOCS / "why-outside.md").read_text().split())
    assert f"{len(payloads)} hostile notebooks" in text
    assert "Two of them forge an answer to a message that only our grader sends. One hands in a second file" in text
