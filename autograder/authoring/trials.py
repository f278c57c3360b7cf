"""A question whose answer is a test: students write a function that judges implementations, right and wrong ones.

The implementations run in the grader. The student's process holds a callable without source or name, so a test can
learn nothing of an implementation but its answers. A `Trial` keeps these rules, so that no trick earns a point:

* Each implementation is shown `TIMES` times, new each time, all in an order that is drawn for the submission. So it
  does not help to count or to remember calls.
* A right implementation and a wrong one compute for every question, and one of their answers is given. So time tells
  nothing. A harmless disguise changes the answer, of right and wrong ones alike.
* Only True and False are verdicts. An exception is none.
* All right implementations must be accepted, and something must be condemned. Otherwise no check of the trial passes.
* What a test asks is looked at before anything computes with it, and it is bounded.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn

import numpy as np

from autograder.authoring.diagnosis import describe
from autograder.authoring.failing import CheckFailed, SafeText, fail, refuse
from autograder.authoring.student import Student
from autograder.errors import CrashError, NotDefinedError, SandboxError, TimeLimitError
from autograder.sandbox.worker.sharing import Callback

TIMES: Final = 2
_SHOWN: Final = frozenset(  # names of exceptions
    "AssertionError AttributeError IndexError KeyError NameError RecursionError TypeError ValueError".split()
)
# After these, no further call makes sense.
_STOPS: Final = (NotImplementedError, NotDefinedError, TimeLimitError, CrashError, SandboxError)

Implementation = Callable[..., Any]
Maker = Callable[[], Implementation]
Memo = dict[Any, Any] | None


@dataclass(frozen=True)
class Faults:
    """Wrong implementations of one kind; a check of its own is about them, see `Trial.caught`.

    words: for a student whose test accepts one of them.  makers: functions without arguments, by a name for you; each
    returns a new implementation.  diagnosis: out of `DIAGNOSES`.

    Example: `Faults("a median of unsorted numbers passed.", {"as given": lambda: middle_as_given})`.
    """

    words: str
    makers: Mapping[str, Maker]
    diagnosis: str = "search"


@dataclass(frozen=True)
class Verdict:
    """What a student's test said of one implementation, each time that it was shown.

    group: of the fault; "" for a right implementation.  said: True, False, or another value that is no verdict; an
    exception that left the test; a `Breach`.
    """

    group: str
    said: tuple[Any, ...]

    @property
    def settled(self) -> bool | None:
        """True or False if it was a verdict, and the same each time; otherwise None."""
        first = self.said[0]
        same = all(_is_verdict(each) and each == first for each in self.said)
        return bool(first) if same else None


@dataclass(frozen=True)
class Breach:
    """A test asked what it may not ask. words: why."""

    words: str


@dataclass(frozen=True, eq=False)
class Trial:
    """A question whose answer is a test of implementations: `function(implementation)` returns True or False.

    function: the student's.  right: makers of right implementations, by a name for you; a maker takes no argument and
    returns a new implementation.  faults: wrong ones, by the name of their group.  accept: takes what a test asked, of
    any type, and returns the arguments as a tuple; raises ValueError, with your words, for all that may not be asked.
    disguises: functions of an answer that change it harmlessly, such as a rounding; they get right and wrong answers.
    most: how often a test may ask one implementation.
    size: the size of a question, from what `accept` returned; most_size: of all questions to one implementation.

    A check of a trial takes `memo`, a dict that the checks of one submission share, or None if they share nothing: so
    the test is asked once for all of them.

    Example: `MEDIAN = Trial("accepts", right={"NumPy": lambda: np.median}, faults={…}, accept=numbers)`, then
    `MEDIAN.innocents(student, rng, memo)` in one check and `MEDIAN.caught("even", student, rng, memo)` in another.
    """

    function: str
    right: Mapping[str, Maker]
    faults: Mapping[str, Faults]
    accept: Callable[..., tuple[Any, ...]]
    disguises: Sequence[Callable[[Any], Any]] = ()
    most: int = 60
    size: Callable[..., float] | None = None
    most_size: float = 0.0

    def innocents(self, student: Student, rng: np.random.Generator, memo: Memo) -> None:
        """The check that the test accepts every right implementation, and not everything. Raises CheckFailed."""
        verdicts = list(self._verdicts(student, rng, memo, self.faults).values())
        right = [v for v in verdicts if not v.group]
        _require_verdicts(right)
        if any(v.settled is not True for v in right):  # one disguise may be condemned, and another one not
            refuse("your test condemns a right implementation", "search")
        if all(v.settled is not False for v in verdicts):
            _require_verdicts(verdicts)
            refuse("your test condemns none of the wrong implementations", "search")

    def caught(self, group: str, student: Student, rng: np.random.Generator, memo: Memo) -> None:
        """The check that the test condemns every wrong implementation of a group. Raises CheckFailed."""
        verdicts = list(self._verdicts(student, rng, memo, [group]).values())
        if any(v.settled is not True for v in verdicts if not v.group):
            refuse("this counts only if your test accepts every right implementation", "search")
        faulty = [v for v in verdicts if v.group == group]
        _require_verdicts(faulty)
        if any(v.settled is None for v in faulty):
            refuse("your test does not say the same each time that it sees one implementation", "state")
        if any(v.settled for v in faulty):
            fail(self.faults[group].words, self.faults[group].diagnosis)

    def verdicts(self, student: Student, rng: np.random.Generator) -> dict[str, Verdict]:
        """What the test says of each implementation, by its name: right ones first. For a picture."""
        return self._verdicts(student, rng, None, self.faults)

    def _verdicts(
        self, student: Student, rng: np.random.Generator, memo: Memo, groups: Iterable[str]
    ) -> dict[str, Verdict]:
        """Those of all groups where checks share them; otherwise those of the right ones and of these groups."""
        if memo is None:
            return self._asked(student, rng, groups)
        if self not in memo:
            memo[self] = self._asked(student, rng, self.faults)
        verdicts: dict[str, Verdict] = memo[self]
        return verdicts

    def _asked(self, student: Student, rng: np.random.Generator, groups: Iterable[str]) -> dict[str, Verdict]:
        groups_of = dict.fromkeys(self.right, "") | {name: g for g in groups for name in self.faults[g].makers}
        names = list(groups_of) * TIMES
        said: dict[str, list[Any]] = {name: [] for name in groups_of}
        for i in rng.permutation(len(names)):
            said[names[i]].append(self._ask(student, names[i], groups_of[names[i]], rng))
        return {name: Verdict(groups_of[name], tuple(answers)) for name, answers in said.items()}

    def _ask(self, student: Student, name: str, group: str, rng: np.random.Generator) -> Any:
        """What the test says of one implementation: its verdict, its exception, or its Breach."""
        another = _one_of(rng, self.right if group else _together(self.faults))
        makers = (another, self.faults[group].makers[name]) if group else (self.right[name], another)
        disguise = _one_of(rng, dict(enumerate((_as_it_is, *self.disguises))))
        witness = _Witness(self, makers[0](), makers[1](), bool(group), disguise)
        try:
            said = getattr(student, self.function)(Callback(witness.answer))
        except _STOPS:
            raise
        except Exception as error:  # noqa: BLE001 — the student's, of any type
            said = error
        return witness.breach or said


def _require_verdicts(verdicts: Iterable[Verdict]) -> None:
    """Raises CheckFailed unless each is True or False each time."""
    for verdict in verdicts:
        for said in verdict.said:
            if isinstance(said, Breach):
                subject = SafeText("your test asks what it may not ask")
                raise CheckFailed(said.words, "calls", subject=subject)
            if isinstance(said, Exception):
                got = getattr(said, "type_name", type(said).__name__)
                got = got if got in _SHOWN else "an exception"
                refuse("expected True or False", "raised", got=got, hint="an exception is no verdict: catch it")
            if not _is_verdict(said):
                refuse("expected True or False", "type", got=describe(said))


class _Witness:
    """One implementation as a test sees it: every answer costs what a right and a wrong one cost together.

    breach: the first thing that the test may not ask, even if it caught the exception.
    """

    def __init__(
        self,
        trial: Trial,
        right: Implementation,
        wrong: Implementation,
        is_wrong: bool,
        disguise: Callable[[Any], Any],
    ) -> None:
        self._trial, self._right, self._wrong, self._is_wrong, self._disguise = trial, right, wrong, is_wrong, disguise
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
        if self._calls > self._trial.most:
            self._refuse(SafeText(f"more than {self._trial.most} questions to one implementation"))
        try:
            given = self._trial.accept(*args, **kwargs)
            self._size += self._trial.size(*given) if self._trial.size else 0.0
        except ValueError as error:
            self._refuse(error.args[0] if error.args and isinstance(error.args[0], str) else str(error))
        except Exception:  # noqa: BLE001 — hostile arguments: of any type, in any number
            self._refuse(SafeText("a question with other arguments than an implementation takes"))
        if self._trial.size and self._size > self._trial.most_size:
            self._refuse(SafeText("questions that are too large together"))
        return given

    def _refuse(self, words: str) -> NoReturn:
        self.breach = self.breach or Breach(words)
        raise ValueError(f"your test asks what it may not ask: {words}")


def _as_it_is(answer: Any) -> Any:
    return answer


def _is_verdict(said: Any) -> bool:
    return type(said) is bool or isinstance(said, np.bool_)


def _together(faults: Mapping[str, Faults]) -> dict[str, Maker]:
    return {name: maker for each in faults.values() for name, maker in each.makers.items()}


def _one_of(rng: np.random.Generator, things: Mapping[Any, Any]) -> Any:
    return list(things.values())[rng.integers(len(things))]
