"""Changes that are no mistakes, by rule: nobody should have to list them in equivalent_mutants.toml.

`np.maximum(0, x)` is `np.maximum(x, 0)`, another seed is as good as this one, and a size of letters is no answer.
"""

from __future__ import annotations

import ast

# Functions of two or more arguments whose order does not matter.
_SYMMETRIC = frozenset(
    "add allclose array_equal bitwise_and bitwise_or bitwise_xor equal fmax fmin gcd hypot isclose lcm logaddexp "
    "logical_and logical_or logical_xor max maximum min minimum multiply not_equal union1d intersect1d".split()
)
_EVEN = frozenset({"abs", "absolute", "fabs", "norm", "square"})  # f(a - b) is f(b - a)
_SEEDED = frozenset({"PCG64", "RandomState", "SeedSequence", "default_rng", "manual_seed", "seed"})
_SHOWING = frozenset({"filterwarnings", "print", "seterr", "show", "simplefilter", "tight_layout", "warn"})
# Arguments that decide about looks and luck only.
_ASIDE = frozenset(
    "alpha capsize dpi figsize flush fontsize layout linewidth lw markersize ms n_jobs pad random_state rotation seed "
    "stacklevel tight_layout verbose zorder".split()
)
# Arguments with the value that they have anyway, in NumPy, pandas and Python.
_USUAL = frozenset(
    {("axis", None), ("ddof", 0), ("endpoint", True), ("keepdims", False), ("key", None), ("out", None)}
    | {("ascending", True), ("copy", True), ("dropna", True), ("inplace", False), ("reverse", False), ("sort", True)}
)


def leaves_alone(node: ast.AST) -> bool:
    """Whether no change inside this node is a mistake: it prints, shows, or sets a seed."""
    match node:
        case ast.Expr(ast.Call(func)):
            return _name(func) in _SHOWING | _SEEDED
        case ast.Call(func):
            return _name(func) in _SEEDED
        case ast.keyword(arg):
            return arg in _ASIDE
    return False


def symmetric(call: ast.Call) -> bool:
    """Whether the arguments may change places."""
    return _name(call.func) in _SYMMETRIC


def under_an_even_function(parent: ast.AST, difference: ast.BinOp) -> bool:
    """Whether `b - a` is as good as `a - b` in this place: abs(a - b), (a - b) ** 2."""
    if not isinstance(difference.op, ast.Sub):
        return False
    match parent:
        case ast.Call(func, [first]):
            return first is difference and _name(func) in _EVEN
        case ast.BinOp(left, ast.Pow(), ast.Constant(int(power))):
            return left is difference and power % 2 == 0
    return False


def usual(argument: ast.keyword) -> bool:
    """Whether a call without this argument does the same."""
    if argument.arg in _ASIDE:
        return True
    return isinstance(argument.value, ast.Constant) and any(
        argument.arg == name and argument.value.value == value for name, value in _USUAL
    )


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
