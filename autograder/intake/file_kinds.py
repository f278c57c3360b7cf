"""Names the kind of a file that is not a notebook, by its name or its first bytes, and says what to do instead.

It only helps to word a message. No file is opened, and nothing is decided about points.
"""

from __future__ import annotations

import re
from typing import Literal

FileKindName = Literal["archive", "conflict", "document", "link", "page", "picture", "pointer", "script"]
# Each kind with an article, and what the student should do.
_WORDS: dict[FileKindName, tuple[str, str]] = {
    "archive": ("an archive", "unpack it, and hand in the notebook in it"),
    "conflict": ("a merge conflict of git", "remove the lines <<<<<<<, ======= and >>>>>>>, then open and save it"),
    "document": ("a document", "it holds no cells; hand in the .ipynb file itself"),
    "link": ("a link", "a link is not the file; in Colab: File > Download > Download .ipynb"),
    "page": ("a web page", "it holds no cells; hand in the .ipynb file (in Colab: File > Download > Download .ipynb)"),
    "picture": ("a picture", "it holds no cells; hand in the .ipynb file itself"),
    "pointer": ("a pointer to git's large-file storage", "git lfs untrack '*.ipynb', then commit the notebook again"),
    "script": ("a Python script", "it holds no cells; hand in the .ipynb file that it was made from"),
}
_ENDINGS: dict[FileKindName, str] = {
    "archive": "zip rar 7z tar gz tgz bz2 xz zst",
    "document": "pdf doc docx odt rtf tex md pages ppt pptx xlsx csv",
    "link": "url webloc gdoc lnk desktop gsheet",
    "page": "html htm xhtml mhtml mht webarchive",
    "picture": "png jpg jpeg gif svg heic webp bmp",
    "script": "py ipy pyc r m jl",
}
_KIND_OF = {f".{ending}": kind for kind, endings in _ENDINGS.items() for ending in endings.split()}
_BEGINNINGS: tuple[tuple[FileKindName, re.Pattern[bytes]], ...] = (
    ("pointer", re.compile(rb"version https://git-lfs\.github\.com/spec/")),
    ("archive", re.compile(rb"PK\x03\x04|PK\x05\x06|Rar!\x1a|7z\xbc\xaf\x27\x1c|\x1f\x8b|BZh|\xfd7zXZ")),
    ("document", re.compile(rb"%PDF-|\{\\rtf|\xd0\xcf\x11\xe0")),
    ("picture", re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8")),
    ("page", re.compile(rb"<(?:!doctype|html|head|body|\?xml|!--)|MIME-Version:|From: <Saved by", re.IGNORECASE)),
    ("link", re.compile(rb"https?://\S+\s*$|\[InternetShortcut\]|\{\s*\"url\"\s*:|<a href", re.IGNORECASE)),
    ("conflict", re.compile(rb"<<<<<<< ")),
    (
        "script",
        re.compile(rb"#!|# ?%%|# Databricks|# coding|# In\[|\"\"\"|import\s|from\s+\w+\s+import|def\s|get_ipython\("),
    ),
)
_CONFLICT = re.compile(rb"^<<<<<<< ", re.MULTILINE)


def kind_by_name(name: str) -> FileKindName | None:
    """The kind that the ending of a file's name says, or None."""
    stem, dot, ending = name.lower().rpartition(".")
    return _KIND_OF.get(dot + ending) if stem else None


def kind_by_content(data: bytes) -> FileKindName | None:
    """The kind that the first bytes show, or None."""
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:2000]
    kind = next((kind for kind, pattern in _BEGINNINGS if pattern.match(start)), None)
    return "conflict" if kind is None and _CONFLICT.search(data) else kind


def in_words(kind: FileKindName) -> str:
    """The kind with an article."""
    return _WORDS[kind][0]


def advice(kind: FileKindName) -> str:
    """What a student should do, for a hint."""
    return _WORDS[kind][1]
