"""Prepares the things that every submission needs: imported packages, the list of fonts, compiled hand-outs."""

from __future__ import annotations

import errno
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import linecache
import os
import sys
import types
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from . import kinds

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
# Packages that students know from elsewhere. Every other name is taken for a file of the student's own.
_PACKAGES = frozenset(
    "IPython PIL autograd autograder cupy cv2 dask datasets gdown google gym gymnasium h5py imageio ipympl "
    "ipywidgets jax jaxlib joblib keras lightgbm matplotlib mpl_toolkits nbgrader networkx nltk numba numexpr "
    "numpy otter pandas plotly polars pyarrow pytest requests scipy seaborn skimage sklearn statsmodels sympy "
    "tensorflow theano tinygrad torch torchvision tqdm transformers wandb xgboost yaml".split()
)
held_modules: dict[str, str] = {}  # texts of modules for which there is no folder to write in


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


def lay_in(packages: Sequence[str], handouts: dict[str, dict[str, str]], offered: Sequence[str]) -> Shelf:
    """Forbid imports of other packages, and compile the hand-outs.

    offered: the packages of this course besides the usual ones, for a message.
    """
    kinds.get_ready()
    sys.meta_path.insert(0, _OnlyThese(packages, offered))
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

    def __init__(self, packages: Sequence[str], offered: Sequence[str]) -> None:
        self.names = frozenset(packages) | sys.stdlib_module_names
        self.usual, self.finders = frozenset(sys.path), tuple(sys.meta_path)
        self.offered = ", ".join(("numpy", "matplotlib", *offered))

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
        if fullname in held_modules:
            return importlib.machinery.ModuleSpec(fullname, Handout(fullname, held_modules[fullname]))
        if inner and hasattr(sys.modules.get(name), "__path__"):  # of a package that was found
            return None
        spec = None if inner else self._made_findable(fullname)
        asked = sys._getframe(2).f_globals.get("__name__") == "importlib.util"  # noqa: SLF001 — find_spec says None
        if spec is None and not asked:
            raise ModuleNotFoundError(_absent(fullname, self.offered), name=fullname)
        return spec

    def _made_findable(self, name: str) -> importlib.machinery.ModuleSpec | None:
        """A module in a folder beside the notebook, in a place that it put on sys.path, or of a finder of its own."""
        places = [os.getcwd(), *(place for place in sys.path if place not in self.usual)]  # noqa: PTH109
        spec = importlib.machinery.PathFinder.find_spec(name, places)
        finders = (finder for finder in sys.meta_path if finder is not self and finder not in self.finders)
        return spec or next(filter(None, (finder.find_spec(name, None) for finder in finders)), None)


def _absent(name: str, offered: str) -> str:
    """The message for a module that is not here: a package that the course lacks, or a student's own file."""
    if name.partition(".")[0] in _PACKAGES:
        return f"No module named {name!r} here. This course has {offered} and Python's own modules"
    return (
        f"{name}.py: expected this file beside the notebook, got none: it was not handed in. "
        f"Hint: hand it in together with the notebook. This course has {offered} and Python's own modules"
    )


def importable(names: Iterable[str]) -> None:
    """Allow imports of these names: they belong to files beside the notebook."""
    for finder in sys.meta_path:
        if isinstance(finder, _OnlyThese):
            finder.names |= {part for name in names for part in name.split(".")}


def write_file(name: str, text: str, *, more: bool = False) -> None:
    """Write a file beside the notebook. more: add to it.

    Where there is no folder to write in, a module is held in memory, from where it can be imported and run.
    """
    try:
        if os.getcwd() == "/":  # noqa: PTH109 — this process has no folder of its own
            raise PermissionError(errno.EACCES, "there is no folder to write in", name)
        with open(name, "a" if more else "w", encoding="utf-8") as file:  # noqa: PTH123 — a name of the student's
            file.write(text)
    except OSError:
        if not name.endswith(".py"):
            raise
        module = name.removesuffix(".py")
        held_modules[module] = held_modules.get(module, "") * more + text


class Handout(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from memory: no file of the course is mounted in the sandbox.

    code: its text where a student wrote it, so that a mistake in it is an error of the cell that imports it.
    """

    def __init__(self, name: str, code: types.CodeType | str) -> None:
        self.name, self.code = name, code

    def find_spec(self, fullname: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        return importlib.machinery.ModuleSpec(fullname, self) if fullname == self.name else None

    def exec_module(self, module: types.ModuleType) -> None:
        code = self.code
        if os.path.exists(f"{self.name}.py"):  # noqa: PTH110 — a hand-out can look for data beside itself
            module.__file__ = os.path.abspath(f"{self.name}.py")  # noqa: PTH100
        if isinstance(code, str):
            filename = f"{self.name}.py"
            linecache.cache[filename] = (len(code), None, code.splitlines(keepends=True), filename)
            code = compile(code, filename, "exec", dont_inherit=True)
        exec(code, module.__dict__)  # noqa: S102 — what this process is for
