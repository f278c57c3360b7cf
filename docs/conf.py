"""How Sphinx builds the site (make docs). The pages are Markdown and read well on GitHub, too."""  # noqa: INP001 — Sphinx wants it here

import sys
import tomllib
from pathlib import Path

from docutils import nodes
from sphinx.addnodes import download_reference, pending_xref
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

project = "backprop-course"
release = version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
language = "en"

extensions = ["myst_parser", "sphinx_copybutton"]
myst_heading_anchors = 4
highlight_language = "text"
smartquotes = False  # it makes –course of --course, and a reader copies that

html_theme = "furo"
html_title = f"{project} {release}"
html_extra_path = ["explain.html"]  # a page of its own, at the top of the site
html_copy_source = html_show_sourcelink = html_show_copyright = html_use_index = False
copybutton_exclude = ".linenos, .gp, .go, .c1"  # a comment beside a command is for people
templates_path, html_static_path = ["_templates"], ["_static"]
html_css_files, html_js_files = ["site.css"], ["tables.js"]
html_search_scorer = str(Path(__file__).with_name("search_scorer.js"))

# Files of the repository that a page of the site shows. GitHub shows the file itself.
PAGES_OF = {"SECURITY": "security-model", "CHANGELOG": "changelog", "CONTRIBUTING": "contributing", "README": "index"}


class Diagrams(SphinxTransform):
    """Gives the class "diagram" to a block that draws with lines and arrows: site.css never breaks its lines."""

    default_priority = 5

    def apply(self) -> None:
        for block in self.document.findall(nodes.literal_block):
            if set("│►▼") & set(block.astext()):
                block["classes"].append("diagram")


class OutsideLinks(SphinxTransform):
    """Points links at the site: to a file above docs/ at the page that shows it, to explain.html at its place."""

    default_priority = 5

    def apply(self) -> None:
        for link in list(self.document.findall(pending_xref)):
            outside = Path(link.get("reftarget", ""))  # MyST gives the whole path of what is not below docs/
            if outside.parent == ROOT and outside.name in PAGES_OF:
                link["reftarget"] = PAGES_OF[outside.name]
            if link.astext().endswith(".md"):
                link["refexplicit"] = False  # a reader of the site reads the title in the place of the file's name
        for link in list(self.document.findall(download_reference)):
            if Path(link["reftarget"]).name in html_extra_path:
                up = "../" * self.env.docname.count("/")
                address = up + Path(link["reftarget"]).name
                link.replace_self(nodes.reference("", "", *link.children, refuri=address, internal=True))


def setup(app: Sphinx) -> None:
    app.add_transform(Diagrams)
    app.add_transform(OutsideLinks)
