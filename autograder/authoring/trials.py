"""A question whose answer is a test: students write a function that judges implementations, right and wrong ones.

The implementations run in the grader. The student's process holds a callable without source or name, so a test can
learn nothing of an implementation but its answers. A `Trial` keeps these rules, so that no trick earns a point:

* Each implementation is shown at least `TIMES` times, new each time, all in an order that is drawn for the submission.
  So it does not help to count or to remember calls.
* A right implementation and a wrong one compute for every question, and one of their answers is given. Each wrong one
  is as often behind a right answer as every other. So time tells nothing, also where an answer is kept (`key`): both
  of them keep theirs. A harmless disguise changes the answer, of
  right and wrong ones alike. Each right one is shown in each disguise.
* Only True and False are verdicts. An exception is none.
* All right implementations must be accepted. Otherwise no check of the trial passes. At least `LEAST` wrong ones must
  be condemned, each time. Otherwise the check of the right ones does not pass.
* What a test asks is looked at before anything computes with it, and it is bounded.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import numpy as np

from autograder.authoring.diagnosis import describe
from autograder.authoring.failing import CheckFailed, SafeText, fail, refuse
from autograder.authoring.student import Student
from autograder.authoring.witnesses import Breach, Implementation, Kept, Witness, keeping
from autograder.errors import CrashError, NotDefinedError, SandboxError, TimeLimitError
from autograder.sandbox.worker.sharing import Callback

TIMES: Final = 2  # that each implementation is shown, or more
LEAST: Final = 3  # wrong ones that a test must condemn: a test that guesses condemns one now and then
_SHOWN: Final = frozenset(  # names of exceptions
    "AssertionError AttributeError IndexError KeyError NameError RecursionError TypeError ValueError".split()
)
# After these, no further call makes sense.
_STOPS: Final = (NotImplementedError, NotDefinedError, TimeLimitError, CrashError, SandboxError)

Maker = Callable[[], Implementation]
Memo = dict[Any, Any] | None
Thing = TypeVar("Thing")


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


@dataclass(frozen=True, eq=False)
class Trial:
    """A question whose answer is a test of implementations: `function(implementation)` returns True or False.

    function: the student's.  right: makers of right implementations, by a name for you; a maker takes no argument and
    returns a new implementation.  faults: wrong ones, by the name of their group.  accept: takes what a test asked, of
    any type, and returns the arguments as a tuple; raises ValueError, with your words, for all that may not be asked.
    disguises: functions of an answer that change it harmlessly, such as a rounding; they get right and wrong answers.
    most: how often a test may ask one implementation.
    size: the size of a question, from what `accept` returned; most_size: of all questions to one implementation.
    key: what of a question decides its answer, from what `accept` returned, as a key of a dict. Then an implementation
    computes each question once in a trial, so a test that asks each one the same is judged faster.
    remembering: names of implementations that remember earlier questions; these compute each time.

    A check of a trial takes `memo`, a dict that the checks of one submission share, or None if they share nothing: so
    the test is asked once for all of them.

    Example: `MEDIAN = Trial("accepts", right={"NumPy": lambda: np.median}, faults={"even": EVEN}, accept=floats)` with
    `EVEN` of `Faults` and a function `floats` of yours; then `MEDIAN.innocents(student, rng, memo)` in one check and
    `MEDIAN.caught("even", student, rng, memo)` in another.
    """

    function: str
    right: Mapping[str, Maker]
    faults: Mapping[str, Faults]
    accept: Callable[..., tuple[Any, ...]]
    disguises: Sequence[Callable[[Any], Any]] = ()
    most: int = 60
    size: Callable[..., float] | None = None
    most_size: float = 0.0
    key: Callable[..., Hashable] | None = None
    remembering: Collection[str] = ()

    def __post_init__(self) -> None:
        """Raises ValueError if there is no right or no wrong implementation, or if two have one name."""
        names = [*self.right, *(name for each in self.faults.values() for name in each.makers)]
        if not self.right or len(names) == len(self.right) or len(set(names)) < len(names):
            raise ValueError(
                f"Trial: expected right and wrong implementations, each with a name of its own, got {names}."
            )

    def innocents(self, student: Student, rng: np.random.Generator, memo: Memo) -> None:
        """The check that the test accepts every right implementation, and condemns some. Raises CheckFailed."""
        verdicts = list(self._verdicts(student, rng, memo, self.faults).values())
        right = [v for v in verdicts if not v.group]
        _require_verdicts(right)
        if any(v.settled is not True for v in right):  # one disguise may be condemned, and another one not
            refuse("your test condemns a right implementation", "search")
        faulty = [v for v in verdicts if v.group]
        if sum(v.settled is False for v in faulty) < min(LEAST, len(faulty)):
            _require_verdicts(faulty)
            refuse(f"your test condemns fewer than {LEAST} of the wrong implementations", "search")

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

    def verdicts(self, student: Student, rng: np.random.Generator, memo: Memo = None) -> dict[str, Verdict]:
        """What the test says of each implementation, by its name: right ones first. For a picture.

        If the test asks what it may not ask, the trial ends, and only this Verdict is there.
        """
        return self._verdicts(student, rng, memo, self.faults)

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
        said: dict[str, list[Any]] = {name: [] for name in groups_of}
        kept: Kept = {}
        for showing in self._showings(groups_of, rng):
            said[showing.name].append(self._ask(student, showing, kept))
            if isinstance(said[showing.name][-1], Breach):  # it costs all points, so the trial ends
                return {showing.name: Verdict("", tuple(said[showing.name]))}
        return {name: Verdict(groups_of[name], tuple(answers)) for name, answers in said.items()}

    def _showings(self, groups_of: Mapping[str, str], rng: np.random.Generator) -> list[_Showing]:
        """In a drawn order. Each right implementation is shown in each disguise, so a test that is too strict is seen.

        Each wrong one computes as often as every other where a right one is shown, too. So a slow one tells nothing.
        """
        wrong = [name for name, group in groups_of.items() if group]
        disguises = (_as_it_is, *self.disguises)
        worn = itertools.cycle(_shuffled(rng, disguises))
        shown = [_Showing(name, _one_of(rng, list(self.right)), name, next(worn)) for name in wrong * TIMES]
        rights = _shuffled(rng, list(itertools.product(self.right, disguises)))
        partners = wrong * math.ceil(max(TIMES * len(self.right), len(rights)) / len(wrong))
        shown += [
            _Showing(name, name, partner, disguise)
            for partner, (name, disguise) in zip(_shuffled(rng, partners), itertools.cycle(rights), strict=False)
        ]
        return _shuffled(rng, shown)

    def _made(self, name: str, kept: Kept) -> Implementation:
        """A new implementation. The answers in `kept` are those of its kind to the same questions."""
        made = _together(self.faults).get(name) or self.right[name]
        return made() if self.key is None or name in self.remembering else keeping(name, made(), self.key, kept)

    def _ask(self, student: Student, showing: _Showing, kept: Kept) -> Any:
        """What the test says of one implementation: its verdict, its exception, or its Breach."""
        right, wrong = self._made(showing.right, kept), self._made(showing.wrong, kept)
        is_wrong = showing.name == showing.wrong
        witness = Witness(self, right, wrong, is_wrong=is_wrong, disguise=showing.disguise)
        try:
            said = getattr(student, self.function)(Callback(witness.answer))
        except _STOPS:
            raise
        except Exception as error:  # noqa: BLE001 — the student's, of any type
            said = error
        return witness.breach or said


@dataclass(frozen=True)
class _Showing:
    """One implementation, shown to the test once. A right and a wrong one compute, and that of `name` answers."""

    name: str
    right: str
    wrong: str
    disguise: Callable[[Any], Any]


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


def _as_it_is(answer: Any) -> Any:
    return answer


def _is_verdict(said: Any) -> bool:
    return type(said) is bool or isinstance(said, np.bool_)


def _together(faults: Mapping[str, Faults]) -> dict[str, Maker]:
    return {name: maker for each in faults.values() for name, maker in each.makers.items()}


def _shuffled(rng: np.random.Generator, things: Sequence[Thing]) -> list[Thing]:
    return [things[i] for i in rng.permutation(len(things))]


def _one_of(rng: np.random.Generator, things: Sequence[Any]) -> Any:
    return things[int(rng.integers(len(things)))]
