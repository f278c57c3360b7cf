"""Prepares the things that every submission needs: imported packages, the list of fonts, compiled hand-outs."""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
import types
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# The list is long on purpose: an import in a notebook is then free. And if the interpreter is in a folder that only
# root may enter (/root, for example), a process of tier B that has given up root could not import them.
_WARM = (
    "encodings.cp437 encodings.cp1252 encodings.idna encodings.latin_1 encodings.utf_16 encodings.utf_16_be "
    "encodings.utf_32 encodings.utf_8_sig "
    "abc argparse array ast asyncio base64 bisect calendar cmath collections colorsys contextlib copy csv "
    "dataclasses datetime decimal difflib doctest enum fractions functools gc getpass glob graphlib hashlib heapq "
    "html importlib.metadata inspect io itertools json keyword locale logging math mmap numbers operator os pathlib "
    "pickle pkgutil pprint queue random re sched secrets shutil signal sqlite3 statistics string struct subprocess sys "
    "tempfile textwrap threading time timeit token tokenize traceback types typing unicodedata unittest uuid "
    "warnings weakref zipfile zlib zoneinfo concurrent.futures.thread configparser gzip "
    "multiprocessing urllib.request xml.dom.minidom xml.etree.ElementTree "
    "numpy numpy.fft numpy.linalg numpy.ma numpy.polynomial numpy.random numpy.testing numpy.typing "
    "numpy.lib.stride_tricks matplotlib.pyplot matplotlib.pylab matplotlib.animation matplotlib.patches "
    "matplotlib.colors "
    "matplotlib.backends.backend_agg matplotlib.backends.backend_pdf matplotlib.backends.backend_svg "
    "matplotlib.ticker matplotlib.gridspec matplotlib.collections "
    "mpl_toolkits.mplot3d IPython.display"
).split()


@dataclass(frozen=True, slots=True)
class Shelf:
    """The prepared things. handouts: compiled hand-out modules by assignment and name."""

    handouts: dict[str, dict[str, types.CodeType]]


def warm_up() -> None:
    """Import the packages that notebooks import, and draw once, so that fonts are loaded."""
    for name in _WARM:
        importlib.import_module(name)
    try:
        _draw_once()
    except Exception:  # noqa: BLE001 — a damaged list of fonts may raise anything
        from matplotlib import font_manager

        vars(font_manager.fontManager).update(vars(font_manager.FontManager()))
        _draw_once()


def lay_in(packages: Sequence[str], handouts: dict[str, dict[str, str]], extra: Sequence[str]) -> Shelf:
    """Import the other packages of these submissions, forbid all further ones, and compile the hand-outs."""
    for name in extra:
        importlib.import_module(name)
    sys.meta_path.insert(0, _OnlyThese(packages))
    return Shelf(
        {
            a: {name: compile(text, f"{name}.py", "exec", dont_inherit=True) for name, text in files.items()}
            for a, files in handouts.items()
        }
    )


def _draw_once() -> None:
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    axes.plot([0, 1], label="$x^2$")
    axes.set_title("t")
    axes.legend()
    figure.tight_layout()
    figure.canvas.draw()
    plt.close(figure)


class _OnlyThese(importlib.abc.MetaPathFinder):
    """Finds a module beside the notebook, and turns "permission denied" into "no such module".

    This is only for convenience and for the message; other layers protect.
    """

    def __init__(self, packages: Sequence[str]) -> None:
        self.names = frozenset(packages) | sys.stdlib_module_names

    def find_spec(
        self,
        fullname: str,
        path: object = None,  # noqa: ARG002
        target: object = None,  # noqa: ARG002
    ) -> importlib.machinery.ModuleSpec | None:
        name, _, inner = fullname.partition(".")
        if name in self.names:
            return None
        if not inner and os.path.exists(f"{name}.py"):  # noqa: PTH110
            return importlib.util.spec_from_file_location(name, os.path.abspath(f"{name}.py"))  # noqa: PTH100
        raise ModuleNotFoundError(
            f"No module named {fullname!r} here. This course has numpy, matplotlib and Python's own modules",
            name=fullname,
        )


def importable(names: Iterable[str]) -> None:
    """Allow imports of these names: they belong to files beside the notebook."""
    for finder in sys.meta_path:
        if isinstance(finder, _OnlyThese):
            finder.names |= {part for name in names for part in name.split(".")}


_held: dict[str, str] = {}


def hold_module(name: str, text: str, *, more: bool) -> None:
    """Let a module be imported that could not be written to a file. more: add to its text."""
    _held[name] = _held.get(name, "") * more + text
    sys.meta_path.insert(0, Handout(name, compile(_held[name], f"{name}.py", "exec", dont_inherit=True)))


class Handout(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one hand-out module from memory: no file of the course is mounted in the sandbox."""

    def __init__(self, name: str, code: types.CodeType) -> None:
        self.name, self.code = name, code

    def find_spec(self, fullname: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        return importlib.machinery.ModuleSpec(fullname, self) if fullname == self.name else None

    def exec_module(self, module: types.ModuleType) -> None:
        exec(self.code, module.__dict__)  # noqa: S102 — what this process is for
