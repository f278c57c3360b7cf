"""One implementation, as a student's test sees it: see trials.py. What the test asks comes from a hostile process."""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol

import numpy as np

from autograder.authoring.failing import SafeText

Implementation = Callable[..., Any]
Kept = dict[tuple[str, Hashable], Any]


class Rules(Protocol):
    """What a test may ask. See Trial, which has these fields."""

    @property
    def accept(self) -> Callable[..., tuple[Any, ...]]: ...

    @property
    def most(self) -> int: ...

    @property
    def size(self) -> Callable[..., float] | None: ...

    @property
    def most_size(self) -> float: ...


@dataclass(frozen=True)
class Breach:
    """A test asked what it may not ask. words: why."""

    words: str


def keeping(name: str, implementation: Implementation, key: Callable[..., Hashable], kept: Kept) -> Implementation:
    """The implementation of this name, which computes the answer to a question once.

    key: what of a question decides its answer.  kept: the answers so far, of all implementations that share them. An
    exception is not kept.
    """

    def answer(*question: Any) -> Any:
        entry = name, key(*question)  # before the implementation, which may change what it is given
        if entry not in kept:
            kept[entry] = copy.deepcopy(implementation(*question))
        return copy.deepcopy(kept[entry])

    return answer


class Witness:
    """One implementation as a test sees it: every answer costs what a right and a wrong one cost together.

    breach: the first thing that the test may not ask, even if it caught the exception.
    """

    def __init__(
        self,
        rules: Rules,
        right: Implementation,
        wrong: Implementation,
        *,
        is_wrong: bool,
        disguise: Callable[[Any], Any],
    ) -> None:
        self._rules, self._right, self._wrong = rules, right, wrong
        self._is_wrong, self._disguise = is_wrong, disguise
        self._calls, self._size = 0, 0.0
        self.breach: Breach | None = None

    def answer(self, *args: Any, **kwargs: Any) -> Any:
        """Answer one question. Raises ValueError if it may not be asked, or what a wrong implementation raises."""
        with np.errstate(all="ignore"):
            given = self._accepted(args, kwargs)
            try:
                right = copy.deepcopy(self._right(*given))
            except Exception:  # noqa: BLE001 — it is right, so the question is not
                self._refuse(SafeText("a question without a right answer"))
            try:
                wrong = self._wrong(*given)
            except Exception:
                if self._is_wrong:
                    raise
            return self._disguise(wrong if self._is_wrong else right)

    def _accepted(self, args: Iterable[Any], kwargs: Mapping[str, Any]) -> tuple[Any, ...]:
        self._calls += 1
        if self._calls > self._rules.most:
            self._refuse(SafeText(f"more than {self._rules.most} questions to one implementation"))
        try:
            given = self._rules.accept(*args, **kwargs)
            self._size += self._rules.size(*given) if self._rules.size else 0.0
        except ValueError as error:
            self._refuse(error.args[0] if error.args and isinstance(error.args[0], str) else str(error))
        except Exception:  # noqa: BLE001 — hostile arguments: of any type, in any number
            self._refuse(SafeText("a question with other arguments than an implementation takes"))
        if self._rules.size and self._size > self._rules.most_size:
            self._refuse(SafeText("questions that are too large together"))
        return given

    def _refuse(self, words: str) -> NoReturn:
        self.breach = self.breach or Breach(words)
        raise ValueError(f"your test asks what it may not ask: {words}")
