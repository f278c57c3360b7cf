"""A student's own modules: the plain `.py` files beside a notebook that it uses, such as `helpers.py`.

A module counts if the code of the notebook, or of a module that counts, holds its name as a word. So the other files of
a folder or a repository neither run nor change what is graded. A module is as hostile as a cell: it is text until the
sandbox imports it. Hand-outs are the course's own files; the grader has them already, and a copy is not looked at.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

from autograder.files import FileKind

MODULE = FileKind("a module", 256 << 10, "hand in code, not data", subject="module")
MAX_MODULES = 20  # of one notebook
MAX_CANDIDATES = 1000  # files beside a notebook that are looked at
# Names that mean something else in the sandbox, or that a release gives out.
_TAKEN = frozenset({"numpy", "matplotlib", "mpl_toolkits", "IPython", "autograder", "reference_impl"})
_RELEASED = frozenset({"public_checks", "hidden_checks", "grader"})
_WORD = re.compile(r"\w+")


def module_of(file: str) -> str:
    """The module's name for a file such as `helpers.py`, or "" for a file that cannot be imported."""
    stem, dot, ending = file.rpartition(".")
    plain = dot and ending == "py" and stem.isidentifier() and stem.isascii() and not stem.startswith("__")
    return stem if plain and stem not in _RELEASED else ""


def is_taken(module: str) -> bool:
    """Whether Python or a package of the course has a module of this name, which a student's must not replace."""
    return module in _TAKEN or module in sys.stdlib_module_names


def modules_beside(folder: Path, handed_out: Collection[str]) -> tuple[Path, ...]:
    """The files of a folder that can be a student's own modules. handed_out: names of the assignment's hand-outs."""
    if not folder.is_dir():
        return ()
    files = (p for p in folder.iterdir() if p.suffix == ".py" and p.is_file() and not p.is_symlink())
    return tuple(sorted(p for p in files if _is_own(p.name, handed_out)))[:MAX_CANDIDATES]


def _is_own(file: str, handed_out: Collection[str]) -> bool:
    module = module_of(file)
    return bool(module) and module not in handed_out and not is_taken(module)


def used(code: Iterable[str], names: Collection[str], read: Callable[[str], str | None]) -> dict[str, str]:
    """The text of each module that counts, by name. read: gives a module's text, or None if it cannot be taken."""
    texts: dict[str, str] = {}
    looked_at: set[str] = set()
    todo = list(code)
    while todo:
        for name in sorted((names_in(todo.pop()) & set(names)) - looked_at):
            looked_at.add(name)
            text = read(name) if len(texts) < MAX_MODULES else None
            if text is not None:
                texts[name] = text
                todo.append(text)
    return dict(sorted(texts.items()))


def names_in(text: str) -> set[str]:
    """The words of a text."""
    return set(_WORD.findall(text))


def module_text(data: bytes) -> str:
    """The text of a module's bytes. A byte that is no UTF-8 is replaced, as in a comment of another encoding."""
    return data.decode("utf-8", "replace").lstrip("\ufeff").replace("\r\n", "\n")


def work_sha256(notebook: bytes, modules: Mapping[str, str]) -> str:
    """The sha256 of what is graded: of the notebook's bytes alone, or of them and of each module that counts."""
    digest = hashlib.sha256(notebook)
    for name, text in sorted(modules.items()):
        digest.update(f"\0{name}.py\0{hashlib.sha256(text.encode()).hexdigest()}".encode())
    return digest.hexdigest()
