"""Finds functions of public checks that the student's process can evaluate itself. This saves a message for each call.

A public check passes functions such as `lambda x: -2 * x` to student code. Its text is in every notebook, so it hides
nothing, and a function that only computes gives the same result in any process. A function that remembers something
(it counts, or appends to a list) must run in the grader. Lists of harmless operations decide; a function with
another operation runs in the grader and only costs time. Hidden checks use `Formula` for this.
"""

from __future__ import annotations

import dis
import functools
import marshal
from types import CodeType, FunctionType
from typing import Any, Final

import numpy as np

_PLAIN: Final = (int, float, bool, str, np.ndarray, np.generic)
# vars(np) and not getattr for each of dir(np), which would import numpy.f2py.
_NAMES: Final = frozenset(n for n, value in vars(np).items() if isinstance(value, np.ufunc)) | frozenset(
    "np float int abs len sum max min range T shape size ndim dot mean prod array asarray zeros ones eye diag where "
    "clip linalg norm pi e inf".split()
)
_REMEMBERS: Final = ("STORE_DEREF", "STORE_GLOBAL", "STORE_ATTR", "STORE_SUBSCR", "STORE_SLICE", "DELETE", "IMPORT")
_IS_MORE: Final = ("MAKE_FUNCTION", "YIELD", "RETURN_GENERATOR", "LOAD_BUILD_CLASS")


def travelling(function: object) -> dict[str, Any] | None:
    """The parts of a function that only computes, as `sharing.rebuilt` takes them; None for any other function.

    The parts are its code as bytes in an array, for this version of Python; its closure; its defaults.
    """
    if type(function) is not FunctionType or function.__kwdefaults__:
        return None
    held = [_content(cell) for cell in function.__closure__ or ()]
    defaults = list(function.__defaults__ or ())
    if not all(isinstance(value, _PLAIN) for value in (*held, *defaults)):
        return None
    code = _harmless(function.__code__)
    if code is None or (function.__globals__.get("np", np) is not np):
        return None
    return {"code": code, "held": held, "defaults": defaults}


@functools.lru_cache(maxsize=1024)
def _harmless(code: CodeType) -> np.ndarray | None:
    """The code's bytes if it only computes from its arguments; otherwise None."""
    steps = list(dis.get_instructions(code))
    remembers = any(s.opname.startswith((*_REMEMBERS, *_IS_MORE)) for s in steps)
    in_place = any(s.opname == "BINARY_OP" and s.argrepr.endswith("=") for s in steps)
    into = any(type(c) is tuple and "out" in c for c in code.co_consts)
    if remembers or in_place or into or not _NAMES.issuperset(code.co_names):
        return None
    return np.frombuffer(marshal.dumps(code), np.uint8)


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # an empty cell
        return cell
