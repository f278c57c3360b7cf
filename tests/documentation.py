"""The site that `make docs` makes, and the commands on its pages."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"


def build_site(docs, out):
    """Run the command of `make docs` on other folders: the site is out/site."""
    (line,) = re.findall(
        r"^\t@\$\(BIN\)/(sphinx-build .*) docs work/docs$", (ROOT / "Makefile").read_text(), re.MULTILINE
    )
    words = [word.replace("work/docs-trees", str(out / "trees")) for word in line.split()]
    command = [Path(sys.executable).parent / words[0], *words[1:], docs, out / "site"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


def bash_blocks(page):
    """The blocks of a page that a reader copies into a shell, in their order."""
    return re.findall(r"^```bash\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)


def shell(commands, folder, wheel):
    """Run commands of a page in one shell. The first one that fails ends it. pip finds our wheel, and nothing else.

    The programs of lent dependencies, such as nbgrader, are those of this environment.
    """
    home = folder.parent / "home"
    home.mkdir(exist_ok=True)
    pip = {
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        "PIP_FIND_LINKS": str(wheel.parent),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=folder,
        env={
            "PATH": f"{sys.base_prefix}/bin:{os.defpath}:{Path(sys.executable).parent}",
            "HOME": str(home),
            "NO_COLOR": "1",
            **pip,
        },
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


class Links(HTMLParser):
    """ids: what a link of another page can point to.  links: where `a` leads.  loads: what a browser fetches at once."""

    def __init__(self, html):
        super().__init__()
        self.ids, self.links, self.loads = set(), set(), set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids |= {given[key] for key in ("id", "name") if given.get(key)}
        if tag == "a" and given.get("href"):
            self.links.add(given["href"])
        elif given.get("href") and given.get("rel") != "canonical":
            self.loads.add(given["href"])
        self.loads |= {given["src"]} if given.get("src") else set()


def read_site(site):
    """{page: its Links} of every page of a site."""
    return {page: Links(page.read_text(encoding="utf-8")) for page in sorted(site.rglob("*.html"))}


def broken_links(pages):
    """The links within a site that lead to no file, or to no such place on a page; and what comes from elsewhere."""
    broken = []
    for page, found in pages.items():
        for address in sorted(found.links | found.loads):
            parts = urlsplit(address)
            if (parts.scheme in {"http", "https", "mailto"} and address not in found.loads) or parts.scheme == "data":
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            there = not parts.scheme and target.is_file()
            known = pages[target].ids if target in pages else {parts.fragment}
            if not there or (parts.fragment and unquote(parts.fragment) not in known | {""}):
                broken.append(f"{page.name}: {address}")
    return broken
