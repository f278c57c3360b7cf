"""Lists for stateless.py: what a function may use that outlives no call."""

from __future__ import annotations

import ast
import collections.abc
import itertools
import math
import typing

import numpy as np

# Modules that a notebook may import. What its functions may use of them is in PURE.
MODULES = frozenset(
    {"numpy", "math", "itertools", "functools", "typing", "collections.abc", "matplotlib", "matplotlib.pyplot", "time"}
)
# To be named before a dot only: a module in a variable could be asked for anything.
BEFORE_A_DOT = MODULES | {"numpy.linalg", "numpy.random"}

BUILTINS = frozenset(
    "abs all any bool complex dict divmod enumerate filter float frozenset int isinstance iter len list map max "
    "min next pow range reversed round set slice sorted str sum tuple zip True False None NotImplemented Ellipsis "
    "ArithmeticError AssertionError Exception IndexError KeyError NotImplementedError OverflowError "
    "TypeError ValueError ZeroDivisionError".split()
)

# Not np.empty and its like: what they hold is what an earlier call left in memory.
_NUMPY = (
    "abs all allclose any append apply_along_axis arange argmax argmin argsort array array_equal asarray "
    "atleast_1d atleast_2d average block bool bool_ broadcast_arrays broadcast_to clip column_stack concatenate "
    "copy copyto count_nonzero cov cross cumprod cumsum diag diagonal diff dot e einsum expand_dims eye finfo "
    "flatnonzero flip float32 float64 full full_like geomspace hstack identity inf inner int32 int64 intp isclose "
    "isscalar iterable kron lexsort linspace logspace mat max mean median meshgrid min moveaxis nan nan_to_num "
    "nanmax nanmean nanmin nansum ndim newaxis nonzero ones ones_like outer pad pi prod ptp quantile ravel repeat "
    "reshape result_type roll rollaxis rot90 round searchsorted shape sign size sort split squeeze stack std sum "
    "swapaxes take take_along_axis tensordot tile trace transpose trapezoid tri tril triu unique uint8 vander var "
    "vdot vstack where zeros zeros_like errstate fromiter nanargmax ndindex random.default_rng linalg.norm "
    "linalg.inv linalg.solve linalg.det linalg.eig linalg.eigh linalg.eigvals linalg.eigvalsh linalg.qr "
    "linalg.svd linalg.lstsq linalg.pinv linalg.matrix_rank linalg.multi_dot"
).split()
# Not getattr for each of dir(np): asked for numpy.f2py, NumPy imports it.
_UFUNCS = [name for name, value in vars(np).items() if isinstance(value, np.ufunc)]
_UFUNC_METHODS = [f"{name}.{m}" for name in _UFUNCS for m in ("at", "accumulate", "outer", "reduce", "reduceat")]
# All of these, by name.
_OTHERS = [
    f"{module.__name__}.{name}"
    for module in (math, itertools, typing, collections.abc)
    for name in dir(module)
    if not name.startswith("_")
]
PURE = frozenset(
    {f"numpy.{name}" for name in (*_NUMPY, *_UFUNCS, *_UFUNC_METHODS)}
    | {"functools.reduce", "functools.partial", *_OTHERS}
)

# Of arrays, lists and the like; not what writes files, and not an array's memory.
_PLAIN = (np.ndarray, np.float64, np.random.Generator, list, dict, tuple, set, str, int, float, range, slice)
METHODS = frozenset(name for each in _PLAIN for name in dir(each) if not name.startswith("_")) - {
    "ctypes", "data", "dump", "dumps", "tofile", "base", "format", "format_map",
}  # fmt: skip

NODES = (
    *(
        ast.FunctionDef,
        ast.Lambda,
        ast.arguments,
        ast.arg,
        ast.Return,
        ast.Assign,
        ast.AugAssign,
        ast.AnnAssign,
        ast.For,
    ),
    *(ast.While, ast.If, ast.Raise, ast.Assert, ast.Expr, ast.Pass, ast.Break, ast.Continue, ast.With, ast.withitem),
    *(ast.Try, ast.ExceptHandler, ast.BoolOp, ast.NamedExpr, ast.BinOp, ast.UnaryOp, ast.IfExp, ast.Dict, ast.Set),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.comprehension, ast.Compare, ast.Call, ast.keyword),
    *(ast.JoinedStr, ast.FormattedValue, ast.Constant, ast.Subscript, ast.Starred, ast.Name, ast.List, ast.Tuple),
    *(ast.Slice, ast.expr_context, ast.boolop, ast.operator, ast.unaryop, ast.cmpop),
)
TOP_LEVEL_NODES = (*NODES, ast.Attribute)
