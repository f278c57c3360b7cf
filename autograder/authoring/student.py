"""`student`, as a check sees it: the functions of a notebook, and values that stay in the notebook's process.

Three classes have this interface. PlainStudent (inprocess.py) runs the notebook's functions in this process, for the
author's own tests. SandboxedStudent (sandbox/sandboxed_student.py) asks the student's process. DeviceStudent
(judging/device_view.py) keeps arrays on a device. A check is written once and works with each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, overload

from autograder.authoring.plots import Plot
from autograder.errors import RaisedError, StudentError


class Student(Protocol):
    """The `student` of a hidden check or a picture. "Handle" means: a name for a value in the notebook's process.

    The examples are lines of a check of this notebook:

        rate = 0.5
        def mean(x): return sum(x) / len(x)
        def step(x): x -= rate * x
        def forward(X): return (X * X).sum(), {"X": X}
        def backward(cache): return 2 * cache["X"]
        def draw(y): import matplotlib.pyplot as plt; plt.plot(y)
    """

    def __getattr__(self, name: str) -> Any:
        """A function or a value that the notebook defines.

        Arguments and results of a function are copies: neither side sees what the other does to them later.
        Raises NotDefinedError if the notebook does not define the name. A call raises RaisedError for an exception of
        the student's code, TimeLimitError or CrashError; PlainStudent lets the exception itself through.

        Example: `student.mean(np.array([1.0, 3.0]))` calls `mean` and returns 2.0; `student.rate` is 0.5.
        """

    def each(self, name: str, cases: Sequence[Sequence[Any]]) -> Iterator[Any]:
        """The results of the function `name` for each of these arguments, in this order.

        As a loop over `student.name(*case)`: one call after another, each with the time of a call, and none after the
        first that raises; its exception comes when you reach its place. But all calls are made before you see the first
        result. In the sandbox this is one message, which is faster.

        Example: `list(student.each("mean", [(np.array([1.0, 3.0]),), (np.zeros(2),)]))` is [2.0, 0.0].
        """

    def keep(self, value: Any) -> Any:
        """Put a copy of a value into the notebook's process. Returns a handle, which several calls can share.

        Example: `x = student.keep(np.ones(3)); student.step(x); student.fetch(x)` returns [0.5, 0.5, 0.5],
        because `step` changes its argument.
        """

    def keep_each(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Keep several values at once, each with a handle of its own. In the sandbox this is one message.

        Example: `p = student.keep_each({"W": W, "b": b})`, then `student.step(p["W"])`.
        """

    def keeping(self, name: str, item: int | None = None) -> Callable[..., Any]:
        """The function `name`, but its result stays in the notebook's process: the call returns a handle.

        item: only this item of the result stays. The other items come back as copies.

        Example: `loss, cache = student.keeping("forward", item=1)(X)`, then `student.backward(cache)`. The check never
        sees the cache, so students may choose what it is.
        """

    def fetch(self, kept: Any) -> Any:
        """A copy of the value behind a handle, as it is now. For a list or dict of handles: one of copies.

        Example: `student.fetch(student.keep_each({"W": W}))["W"]` equals `W`.
        """

    def overwrite(self, kept: Any, value: Any) -> None:
        """Write numbers into the array behind a handle, in place. For a list or dict of handles: one of values.

        Example: `x = student.keep(X); loss, cache = student.keeping("forward", item=1)(x)`, then
        `student.overwrite(x, 0 * X)`. Now `student.fetch(cache)["X"]` is zeros: the cache shares memory with `x`.
        """

    def shown(self, name: str) -> Any:
        """The function `name`, but what it does to its arguments shows in the caller's own, as in a notebook.

        A public check gets its functions in this way, and so does a test that was written for a notebook
        (authoring/lifting.py).

        Example: `x = np.ones(3); student.shown("step")(x)` leaves [0.5, 0.5, 0.5] in `x`.
        """

    @overload
    def plot(self, *, question: str = "") -> tuple[Plot, ...]: ...

    @overload
    def plot(self, name: str, *args: Any, **kwargs: Any) -> Plot: ...

    def plot(self, name: str = "", *args: Any, **kwargs: Any) -> Any:
        """A drawing of student code, as data: see plots.py, and assert_plot, which compares it.

        With the name of a function: call it; the plot is what it returned (a figure, axes, a list of them, a grid of
        seaborn), or all that it drew with pyplot, or the figure of axes that it was given. With the name of a value:
        the figure that it belongs to. Without a name: a plot for each figure that a cell left, all or those of one
        question. As in Jupyter, a figure ends with its cell, and with `plt.show()`.

        Example: `student.plot("draw", np.array([1.0, 3.0])).axes[0].all(Line)[0].y` equals [1, 3].
        """

    def run_inside(self, lines: str) -> None:
        """Run lines in the notebook's own process, as one more cell. For a check with `inside=True` only.

        Student code can read the lines from then on, and can change what they find. Raises what they raise.

        Example: `student.run_inside("assert rate > 0")`.
        """

    def run_outside(self, test: str, given: str, names: Mapping[str, str]) -> Any:
        """Run a test that was written for a notebook, in a process of the author's. See `lifting.lifted`.

        Returns the number with which the test ends, or None. Raises AssertionError if it does not hold.

        Example: `student.run_outside("assert mean(x) == 2", "x = [1, 3]", {"mean": "mean"})`.
        """


def one_by_one(call: Callable[..., Any], cases: Iterable[Sequence[Any]]) -> Iterator[Any]:
    """Make all calls, as `Student.each` says. Raises at once what ends the process, such as TimeLimitError."""
    results: list[Any] = []
    for case in cases:
        try:
            results.append(call(*case))
        except Exception as error:
            if isinstance(error, StudentError) and not isinstance(error, RaisedError):
                raise
            return then_raising(results, error)
    return iter(results)


def then_raising(results: Iterable[Any], error: Exception) -> Iterator[Any]:
    """The results, and after them this exception."""
    yield from results
    raise error
