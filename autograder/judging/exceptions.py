"""Explains an exception of student code: its name out of a fixed list, and what such an exception usually means.

The student's process chooses the name and the text of an exception, so a hidden check shows neither as they came. They
only choose a row of a table. Python's own words are read for that: for these facts Python has no field.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from autograder.errors import RaisedError


@dataclass(frozen=True, slots=True)
class Explanation:
    """One row. types: names of exceptions.  words: a pattern of Python's own words, "" for any text.

    meaning, hint: for the student.  shown: the name for the student; "" for the exception's own.
    diagnosis: out of `DIAGNOSES`.
    """

    types: str
    words: str
    meaning: str
    hint: str = ""
    shown: str = ""
    diagnosis: str = "raised"


_SHAPES = "print the shapes in front of that line, and try small inputs of other shapes"
_ROWS = (
    Explanation(
        "TypeError",
        r"\(\) (takes|missing|got an unexpected keyword|got multiple values|got some positional)",
        "a call does not fit the function it calls",
        "keep the arguments you were asked for, in number, name and order",
        diagnosis="signature",
    ),
    Explanation(
        "TypeError",
        r"cannot unpack",
        "one value stands where several are due",
        "return all of them, as in `return a, b`",
    ),
    Explanation("TypeError", r"NoneType", "something is None", "look for a function without a `return`"),
    Explanation(
        "TypeError",
        r"(only|size-1|length-1|0-dimensional).* converted",
        "float() and int() take one number, and this is an array of several",
    ),
    Explanation(
        "TypeError",
        r"indices must be integers.*, not '?str",
        "a list, a tuple or a text is asked for a name, as only a dict can be",
        "return a dict where one is due, or write a number in [ ]",
    ),
    Explanation(
        "TypeError",
        r"cannot be interpreted as an integer|integer argument expected|must be integers|sequence of integers",
        "a float stands where a whole number is due",
        "use // or int()",
    ),
    Explanation(
        "TypeError",
        r"not subscriptable|not iterable|not callable|has no len",
        "a value is used as a list, an array or a function, and is none",
        "look for a name that is used twice",
    ),
    Explanation(
        "TypeError",
        r"not supported for the input types",
        "NumPy cannot compute with values of this type",
        "print the dtypes",
    ),
    Explanation("TypeError", "", "an operation met a value of another type than it takes", "print the types"),
    Explanation(
        "_UFuncOutputCastingError _UFuncInputCastingError UFuncTypeError",
        "",
        "floats do not fit into an array of whole numbers",
        "begin with np.array(x, dtype=float)",
        shown="TypeError",
    ),
    Explanation(
        "_UFuncNoLoopError _UFuncBinaryResolutionError DTypePromotionError",
        "",
        "NumPy cannot compute with values of this type",
        "print the dtypes",
        shown="TypeError",
    ),
    Explanation("NameError", "", "a name is used that is defined nowhere", "look for names of another question's code"),
    Explanation(
        "UnboundLocalError",
        "",
        "a name is used before it gets a value on this way through the function",
        "look at `if` and loops",
    ),
    Explanation("AttributeError", r"NoneType", "something is None", "look for a function without a `return`"),
    Explanation(
        "AttributeError",
        r"module '?numpy",
        "NumPy has no such name, or not any more",
        "np.float is float now, np.product is np.prod, np.int is int, np.bool8 is np.bool_, np.asscalar(x) is x.item()",
    ),
    Explanation(
        "AttributeError",
        "",
        "a value has no such attribute",
        "it may be a list, a number or a dict, and no array, or a table without this column",
    ),
    Explanation(
        "IndexError",
        r"only integers|valid indices|arrays used as indices",
        "an index must be a whole number, a slice or a mask",
        "look for a name in [ ], as only a dict takes it, or a float: use // or astype(int)",
    ),
    Explanation("IndexError", r"too many indices", "an array has fewer axes than the index", _SHAPES),
    Explanation("IndexError", r"boolean index", "a mask has another shape than the array", _SHAPES),
    Explanation("IndexError", r"empty|pop index", "a list is empty", "it is used up, or was never filled"),
    Explanation("IndexError", r"out of bounds", "an index is beyond the end of an array", _SHAPES),
    Explanation("IndexError", "", "an index is beyond the end, or the list is empty", "print the index and the length"),
    Explanation(
        "ValueError",
        r"matmul|not aligned|einstein",
        "a matrix product of shapes that do not fit",
        "look for the other order, or a missing .T",
    ),
    Explanation(
        "ValueError",
        r"broadcast",
        "two arrays whose shapes do not fit together",
        "look for a missing keepdims=True or [:, None], and for a size that is not counted from the input",
    ),
    Explanation("ValueError", r"unpack", "a value has more or fewer items than there are names to the left of ="),
    Explanation(
        "ValueError",
        r"truth value",
        "`if`, `and` and `or` need one truth value, and this is an array or a column",
        "use np.where, & or |",
    ),
    Explanation(
        "ValueError", r"inhomogeneous|setting an array element", "rows of different lengths do not make an array"
    ),
    Explanation("ValueError", r"read-only", "an array must not be changed", "work on a copy"),
    Explanation(
        "ValueError", r"empty|zero-size", "a list or an array is empty", "see what is due where nothing is left"
    ),
    Explanation("ValueError", r"shape|dimension|axis|axes|[12]-d", "the shape of an array does not fit", _SHAPES),
    Explanation(
        "ValueError",
        r"not in list|not in tuple|not in deque",
        "a list has no such item",
        "ask with `in` before you look for it or remove it",
    ),
    Explanation("ValueError", r"domain error", "the math module has no value for this number", "print the number"),
    Explanation("ValueError", r"could not convert|invalid literal", "a text is read as a number, and is none"),
    Explanation("ValueError", "", "a function cannot use a value that it got", "print the value in front of that line"),
    Explanation(
        "UnicodeDecodeError", "", "a file has another encoding", "give encoding= the name of the file's encoding"
    ),
    Explanation("AxisError", "", "an axis that the array does not have", _SHAPES),
    Explanation(
        "KeyError",
        "",
        "a dict has no such key, or a table no such column or row",
        "compare the names, letter by letter, and add none to a dict or a table of the caller's",
    ),
    Explanation(
        "RecursionError",
        "",
        "a function calls itself without end",
        "look for its last case, and for its own name where another function is meant",
    ),
    Explanation("ZeroDivisionError", "", "a division by zero", "look for an empty list, a length of 0 or a zero case"),
    Explanation("OverflowError", "", "a number became too large", "math.exp overflows where np.exp gives infinity"),
    Explanation("FloatingPointError", "", "a number became infinite or NaN, and np.seterr made it an error"),
    Explanation("LinAlgError", "", "a matrix is singular or not square", "perhaps no inverse is needed"),
    Explanation("AssertionError", "", "an `assert` of your own failed", "see whether it holds for every input"),
    Explanation("StopIteration", "", "next() found nothing", "an iterator is used up, or a list is empty"),
    Explanation("RuntimeError", r"changed size", "a dict or set must not grow or shrink while a loop goes over it"),
    Explanation("RuntimeError", "", "read the message that it gives in your notebook"),
    Explanation(
        "ModuleNotFoundError ImportError",
        "",
        "this package, or this name in it, is not there while grading",
        shown="ImportError",
    ),
    Explanation(
        "FileNotFoundError PermissionError OSError",
        "",
        "a file cannot be opened while grading",
        "the files of the assignment lie beside the notebook and can only be read; look at the name, letter by letter",
        shown="OSError",
    ),
    Explanation("EOFError StdinNotImplementedError", "", "nobody answers input() while grading", shown="EOFError"),
    Explanation(
        "SystemExit KeyboardInterrupt", "", "exit() or quit() ends the function", "use return", shown="SystemExit"
    ),
    Explanation(
        "SyntaxError IndentationError TabError", "", "a text that is run as code is no Python", shown="SyntaxError"
    ),
)
_OTHER = Explanation("", "", "call the function in your notebook and read the last line", shown="an exception")


def explain(error: RaisedError) -> Explanation:
    """The first row that fits."""
    rows = (row for row in _ROWS if error.type_name in row.types.split() and re.search(row.words, error.text))
    return next(rows, _OTHER)


def name_of(error: RaisedError) -> str:
    """The exception's name, out of the table."""
    row = explain(error)
    return row.shown or error.type_name
