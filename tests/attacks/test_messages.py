"""Row R10: a hidden check's message says one of a few things, whatever the answer is.

An adversary answers rightly, up to some call. There it answers with anything: arrays of any shape and kind, dicts with
any names, text, exceptions of any name, and every slip that has a word of its own. All messages of a check are counted.
"""

import builtins
import itertools
import math
import re

import numpy as np
import pytest
from attacks.test_value_first import solution, suite  # noqa: F401 — fixtures
from bundled import some

from autograder.authoring.failing import DIAGNOSES
from autograder.authoring.inprocess import PlainStudent
from autograder.errors import RaisedError
from autograder.judging.exceptions import _ROWS
from autograder.judging.judge import judge

ERRORS = sorted(n for n, v in vars(builtins).items() if isinstance(v, type) and issubclass(v, Exception))
# The exceptions that messages explain, each with the words that choose its row.
KNOWN = {n: [re.sub(r"\\|[(?)]|\.\*", "", w) for r in _ROWS if n in r.types for w in r.words.split("|")]
         for row in _ROWS for n in row.types.split()}  # fmt: skip
DTYPES = ("f2", "f4", "i1", "u8", "c16", "?", "U7", "O", "M8[s]", "i4,f8", "f8")
MOST = 100  # messages of one check, passing and every kind of failing together
MOST_BITS = {"a1_gradient_ascent": 200, "a2_mlp_backprop": 250, "a3_forward_vs_reverse": 160}  # of all hidden checks


def raise_one(rng):
    """An exception as it comes from a sandbox: its name and text are the student's."""
    name = rng.choice([*ERRORS, *KNOWN, "".join(rng.choice(list("abcXYZ"), 9))])
    words = rng.choice(["", *KNOWN.get(name, [""])])
    raise RaisedError(str(name), words + "".join(rng.choice(list("0123456789 "), 20)), line=int(rng.integers(1, 99)))


def anything(rng):
    """A value that has nothing to do with the question."""
    digits = "".join(rng.choice(list("0123456789"), 6))
    shape = tuple(int(n) for n in rng.integers(0, 12, rng.integers(0, 5)))
    return [
        lambda: np.zeros(shape).astype(DTYPES[rng.integers(len(DTYPES))]),
        lambda: np.full(shape, np.nan),
        lambda: [0.5] * int(rng.integers(0, 40)),
        lambda: tuple(range(int(rng.integers(0, 5)))),
        lambda: {digits: rng.random(), "W1": np.zeros(shape)},
        lambda: digits,
        lambda: int(digits),
        lambda: float(digits),
        lambda: complex(0, 3),
        lambda: np.float32(digits),
        lambda: bool(rng.integers(2)),
        lambda: None,
        digits.encode,
        lambda: {int(digits)},
        type(f"T{digits}", (), {}),
        lambda: lambda: digits,
        lambda: [[1.0], [2.0, int(digits)]],
    ][rng.integers(17)]()


SLIPS = (
    lambda a, r: 0 * a,
    lambda a, r: -a,
    lambda a, r: a * r.choice([2.0, 0.5, 3.0, -2.0, 10.0, r.random()]),
    lambda a, r: a + r.random(),
    lambda a, r: np.swapaxes(np.atleast_2d(a), 0, -1),
    lambda a, r: np.asarray(a)[None],
    lambda a, r: np.asarray(a)[..., None],
    lambda a, r: np.ravel(a),
    lambda a, r: np.ravel(a)[: r.integers(0, 9)],
    lambda a, r: np.resize(a, (int(r.integers(1, 30)), *np.shape(a))),
    lambda a, r: np.resize(a, (int(r.integers(1, 30)), *np.shape(a)[1:])),
    lambda a, r: np.where(r.random(np.shape(a)) < 0.3, a, a + 1),
    lambda a, r: np.where(r.random(np.shape(a)) < 0.5, a, np.nan),
    lambda a, r: np.asarray(a).astype("f4"),
    lambda a, r: float(np.sum(a)),
    lambda a, r: anything(r),
)


def slip(answer, rng):
    """The right answer with something wrong in it, in one item or in several."""
    try:
        match answer:
            case dict() if answer and rng.random() < 0.9:
                chosen = [key for key in answer if rng.random() < 0.5]
                same = SLIPS[rng.integers(len(SLIPS))]
                return {k: same(v, rng) if k in chosen else v for k, v in answer.items() if rng.random() < 0.98}
            case list() | tuple() if answer and rng.random() < 0.9:
                place = rng.integers(len(answer))
                return type(answer)(slip(v, rng) if i == place else v for i, v in enumerate(answer))
        return SLIPS[rng.integers(len(SLIPS))](answer, rng)
    except (TypeError, ValueError, IndexError):
        return anything(rng)


class Adversary:
    """Functions that are right, up to the call at which they are not any more."""

    def __init__(self, names, rng):
        self.rng, self.left = rng, int(rng.choice([0, 0, 1, 2, 4, 8]))
        self.student = PlainStudent({n: self.wrapped(v) if callable(v) else v for n, v in names.items()})

    def wrapped(self, function):
        def call(*args, **kwargs):
            self.left -= 1
            if self.left >= 0:
                return function(*args, **kwargs)
            if self.rng.random() < 0.2:
                raise_one(self.rng)
            return anything(self.rng) if self.rng.random() < 0.3 else slip(function(*args, **kwargs), self.rng)

        return call


def said(suite, check, names, tries):  # noqa: F811
    """{all that a page shows of a check} for as many adversaries."""
    shown = set()
    for i in range(tries):
        rng = np.random.default_rng([i, *check.id.encode()])
        result = judge(check, Adversary(names, rng).student, suite.reference, f"seed {i}")
        shown.add((result.outcome, result.diagnosis, result.message, result.blocked_by))
    return shown


@pytest.fixture
def messages(suite, solution, request):  # noqa: F811
    """{hidden check: all that its adversaries were told}. The parameter: how many there are."""
    hidden = [c for c in suite.checks if c.visibility == "hidden" and c.function.__class__.__name__ == "function"]
    return {c.id: said(suite, c, solution, request.param) for c in hidden}


@pytest.mark.parametrize("messages", some([25, 150]), indirect=True)
def test_k12_r10_each_hidden_check_has_few_messages_and_all_of_its_words_are_the_authors(suite, messages):  # noqa: F811
    count = {name: len(shown) for name, shown in messages.items()}
    assert max(count.values()) <= MOST, count
    assert sum(map(math.log2, count.values())) <= MOST_BITS[suite.name], count
    for _, diagnosis, message, _ in itertools.chain.from_iterable(messages.values()):
        withheld = DIAGNOSES.get(diagnosis, " ")
        assert not message.removesuffix(".").endswith(withheld), f"not a text of the file: {message}"
