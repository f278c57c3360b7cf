"""Functions that travel as text: the student's process evaluates them without asking the grader.

The text is an author's, and never a student's. The grader compiles it; the worker gets the code. A `Formula` computes
with arrays of floats. An `Expression` works on whatever it is given.
"""

from __future__ import annotations

import dis
import functools
import marshal
import re
from collections.abc import Callable, Iterator, Mapping
from types import CodeType
from typing import Any

import numpy as np

_WITH_NAMES = re.compile(r"\s*\w+(\s*,\s*\w+)*\s*:")  # "x, u: …", and not "x[1:] …"


@functools.cache
def code_of(text: str) -> np.ndarray:
    """A NumPy expression of x, or of arrays named before it, as the bytes of its code, for this version of Python.

    It is compiled once, in the grader: a submission's process would need 0.1 ms for each expression.
    """
    return np.frombuffer(marshal.dumps(_compiled(text)), np.uint8)


def evaluating(code: np.ndarray, constants: Mapping[str, Any], *, as_given: bool = False) -> Callable[..., Any]:
    """The function of an author's text, from its `code_of`.

    as_given: whether it works on its arguments themselves, as an Expression does. Otherwise it makes arrays of floats
    of them, and each result is a new array.
    """
    body: Callable[..., Any] = eval(marshal.loads(code.tobytes()), {"np": np, **constants})  # noqa: S302, S307 — the grader's
    return body if as_given else lambda *arrays: np.array(body(*map(_as_floats, arrays)))[()]


class Formula:
    """A function of an array x that travels as text: the student's process evaluates it without asking the grader.

    text: a NumPy expression of `x` and the constants, for example Formula("H @ (x - top)", H=H, top=top); of several
    arrays with their names before it, Formula("x, u: u @ (H * x)", H=H); of a dict of arrays as Formula("p: p['w'] @
    p['w']"). If calls need not be counted, it saves a
    message for each; its text tells no more than its values do. It can be a method of a Callback. A call in the grader
    gives the same numbers in a new array.

    Example: `student.slope(Formula("a * x", a=2.0), 3.0)`.
    """

    __slots__ = ("_function", "code", "constants", "text")

    def __init__(self, text: str, **constants: Any) -> None:
        self.text, self.constants, self.code = text, constants, code_of(text)
        self._function = evaluating(self.code, constants)

    def __call__(self, *arrays: Any) -> Any:
        return self._function(*arrays)


class Expression:
    """A function that travels as text, and works in the student's process on whatever it is given.

    text: an expression of `x`, or of the names before it: Expression("a, b: (a + b) * a"). Its arguments can be objects
    of the student's own class: operators, attributes, `if` and `else`, and lambdas inside work as in a notebook.
    Nothing is converted and nothing is copied, so it may return the very object that it got. It knows `np`, its
    constants, and no other name. methods: more texts, which the student's side finds as attributes: `op(x)` and
    `op.vjp(u, x)`; they know the same constants. A constant can be a function, such as a Callback that counts its
    calls. Student code can read the text. The grader never evaluates it for a student; a check may call it.

    Example: `student.derivative(Expression("x: x * x if x.value else -x"), 3.0)`.
    """

    def __init__(self, text: str, methods: Mapping[str, str] | None = None, **constants: Any) -> None:
        self.text, self.constants, self.texts = text, constants, dict(methods or {})
        for each in (text, *self.texts.values()):
            _require_known(each, {"np", *constants})
        self.code = code_of(text)
        self.methods = {name: Expression(each, **constants) for name, each in self.texts.items()}
        self._function = self.function()
        vars(self).update({name: method for name, method in self.methods.items() if name not in vars(self)})

    def __call__(self, *arguments: Any) -> Any:
        return self._function(*arguments)

    def function(self) -> Callable[..., Any]:
        """A plain function with its methods, as a student gets it."""
        function = evaluating(self.code, self.constants, as_given=True)
        for name, method in self.methods.items():
            setattr(function, name, method.function())
        return function

    def with_constants(self, change: Callable[[Any], Any]) -> Expression:
        """The same expression with each constant changed."""
        return Expression(self.text, self.texts, **{name: change(value) for name, value in self.constants.items()})


def _compiled(text: str) -> CodeType:
    function = f"lambda {text}" if _WITH_NAMES.match(text) else f"lambda x: {text}"
    return compile(function, "<formula>", "eval", dont_inherit=True)


def _require_known(text: str, names: set[str]) -> None:
    """Raises ValueError if the text takes another name from outside than one of `names`."""
    unknown = sorted(_outside_names(text) - names)
    if unknown:
        raise ValueError(
            f"Expression {text!r}: expected no other names than np and its constants, got {', '.join(unknown)}. "
            "Hint: give it as a constant."
        )


@functools.cache  # a check makes the same expression for each of its cases
def _outside_names(text: str) -> frozenset[str]:
    return frozenset(_taken_from_outside(_compiled(text)))


def _taken_from_outside(code: CodeType) -> Iterator[str]:
    """The names that a code, or a code in it, looks up outside of all functions."""
    for step in dis.get_instructions(code):
        if step.opname in {"LOAD_GLOBAL", "LOAD_NAME", "STORE_GLOBAL", "DELETE_GLOBAL"}:
            yield step.argval
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _taken_from_outside(constant)


def _as_floats(argument: Any) -> Any:
    """An array of floats, or a dict of such arrays."""
    if isinstance(argument, dict):
        return {name: np.asarray(array, dtype=np.float64) for name, array in argument.items()}
    return np.asarray(argument, dtype=np.float64)
