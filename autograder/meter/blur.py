"""While an order of multiplication is observed, each computed number is blurred: changed by a small random part.

Why this is needed. A meter counts products. Moves, sums, and scaling by a number of the student count nothing, because
honest code needs them in any amount. In exact arithmetic they cannot multiply. Each entry of their results is a
constant plus the grader's entries, each times a constant. x·y has no such form, and a chain of moves, sums and scalings
has it always.

A computer rounds, and rounding has not this form. (t + C) - C with C = 1.5·2**52 gives t rounded to a whole number, so
it reads the bits of t. (x + D) - D with D = 2**80 gives 0, and with D = 0 it gives x. So additions of constants could
read y bit by bit, switch copies of x on and off, and add them up: a product that costs nothing. Two numbers in one
float, x + 2**-36 · z, could be multiplied at the price of one product and taken apart by rounding.

Why the free operations cannot multiply now. Each result of a computation gets a random part of up to 2**-30 of the sum
of its terms' sizes. (For the terms' sizes, the same operation is done with absolute values.) Student code does not know
it: it comes from the grader's numbers, which student code never sees.

* Rounding changes a result by 2**-53 of the largest term at most. The random part is 8 million times as large, so
  (t + C) - C is t plus a random number of millions, and no longer a step. A mean of n copies has a random part that is
  smaller by the root of n: to see a step again takes some 2**46 copies for each bit. A meter holds 2**25 numbers, and a
  submission's time is enough for some 2**30.
* One operation with many terms, such as the sum of [t, C, -C], is blurred by the size of its terms, not of its result.
* Overflow gives inf or NaN, and no operation that is possible here makes a finite number of these. Near 0, where floats
  have a fixed step of 2**-1074, a part of 2**-900 is added that hides it.
* Short floats would be rounded at 2**-11, and sums as integers at 1. So all arrays are of float64 while they are
  observed, and no other dtype than a floating one can be asked for.
* No number leaves the grader; no shape, error or choice depends on one: no comparison, sorting, index or mask, maximum,
  rounding, division or conversion to integers is possible on the grader's arrays.

What remains. A matrix product with fewer products than pqr, as by Strassen, is possible. These products are counted as
they are done. An honest answer is changed by some 1e-9 of its size; checks accept 1e-5.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

import numpy as np

from autograder.meter.executing import execute

RELATIVE: Final = 2.0**-30
_LEAST: Final = 2.0**-900
_OF_SIZES: Final = {"subtract": "add"}  # the operation that adds the sizes of the terms


class Blur:
    """Random parts of numbers. The same arrays of a check give the same parts, so a result can be repeated."""

    def __init__(self) -> None:
        self._seed = hashlib.sha256()
        self._random = np.random.default_rng(0)

    def depend_on(self, array: np.ndarray) -> None:
        """From now on the random parts depend on these numbers, too."""
        self._seed.update(array.tobytes())
        self._random = np.random.default_rng(int.from_bytes(self._seed.digest(), "big"))

    def execute(self, library: Any, operation: str, placed: list[Any], named: dict[str, Any]) -> Any:
        """See executing.py. The result is blurred; so are the numbers of `out`."""
        options = {name: value for name, value in named.items() if name != "out"}
        # Before the operation, because `out` can be one of its operands.
        sizes = execute(library, _OF_SIZES.get(operation, operation), _absolute(placed), options)
        result = execute(library, operation, placed, named)
        random = library.asarray(self._random.uniform(-1.0, 1.0, getattr(result, "shape", ())))
        with np.errstate(all="ignore"):
            blurred = result + random * (abs(sizes) * RELATIVE + _LEAST)
        if "out" in named:
            named["out"][...] = blurred
        return blurred


def sharp(array: np.ndarray) -> np.ndarray:
    """The same numbers, with 0 where an honest result would be 0."""
    return np.where(np.abs(array) < _LEAST * 2.0**64, 0.0, array)


def _absolute(value: Any) -> Any:
    if isinstance(value, list):
        return [_absolute(item) for item in value]
    return value if value is None or isinstance(value, str) else abs(value)
