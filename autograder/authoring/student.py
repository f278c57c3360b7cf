"""`student`, as a check sees it: the functions of a notebook, and values that stay on the notebook's side.

Three classes behave so. PlainStudent (inprocess.py) runs the notebook's functions in this process, for the author's own
tests. SandboxedStudent (sandbox/sandboxed_student.py) asks the student's process. DeviceStudent
(judging/device_view.py) keeps arrays on a device. A check is written once, and works with each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol


class Student(Protocol):
    """What a hidden check gets as `student`."""

    def __getattr__(self, name: str) -> Any:
        """A name that the notebook defines: `student.mean(x)` calls its function `mean`, `student.rate` is a value.

        Arguments and results are copies. Raises NotDefinedError if the notebook does not define the name; a call raises
        RaisedError with the function's exception, TimeLimitError or CrashError.
        """

    def keep(self, value: Any) -> Any:
        """Put a value on the notebook's side. Returns a handle, which can be an argument of several calls.

        `x = student.keep(np.ones(3)); student.step(x); student.fetch(x)` shows whether `step` changed its argument.
        """

    def keep_each(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Keep several values, each with a handle of its own: `p = student.keep_each({"W": W, "b": b})`."""

    def keeping(self, name: str, item: int | None = None) -> Callable[..., Any]:
        """The notebook's function NAME, whose result stays on its side: the call returns a handle.

        item: keep only this item of the result. `loss, cache = student.keeping("forward", item=1)(X)` returns the loss,
        and a handle for the cache, which may be any object.
        """

    def fetch(self, kept: Any) -> Any:
        """A copy of what a handle stands for now; of a list or dict of handles, a list or dict of copies."""

    def overwrite(self, kept: Any, value: Any) -> None:
        """Write `value` into the arrays of a handle, in place: `student.overwrite(x, np.zeros(3))`.

        A result that shares memory with them changes, too. With a dict or list of handles, `value` is one of values.
        """

    def shown(self, name: str) -> Any:
        """The notebook's function NAME, which works on the caller's own arguments: changes to them show.

        `student.shown("step")(x)` changes `x` if `step` does. A public check gets its functions so, as in a notebook.
        """
