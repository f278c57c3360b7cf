"""A question whose answer is a test: right and wrong medians are shown to it, and no trick earns a point."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from authoring.students import PLACES, student_in

from autograder.authoring import CheckFailed, Faults, Trial, check
from autograder.authoring.checks import MARK, Check
from autograder.authoring.inprocess import PlainStudent
from autograder.judging.judge import judge

SKELETON = Path(__file__).parents[2] / "autograder/assignment/skeletons/tests/hidden_checks.py"
HIDDEN = {}
exec(compile(SKELETON.read_text(), str(SKELETON), "exec"), HIDDEN)
MEDIAN = HIDDEN["MEDIAN"]
GROUPS = tuple(MEDIAN.faults)
CHECKS = ("innocent", *GROUPS)
GOOD = """
def accepts(median):
    try:
        return all(abs(median(list(n)) - m) < 1e-6 for n, m in
                   {(7,): 7, (5, 1, 3): 3, (4, 1, 3, 2): 2.5, (2, 2, 2, 9, 5): 2}.items())
    except Exception:
        return False
"""


@pytest.fixture(params=PLACES)
def student(request, zygote_of):
    """student(code): a student whose notebook holds that code."""
    with student_in(request.param, zygote_of) as made:
        yield made


def outcomes(student, draw=0, trial=MEDIAN, *, shared=True):
    """Of each check: "" if it passes, otherwise (diagnosis, message). shared: whether the checks share a memo."""
    memo = {} if shared else None

    def outcome(name):
        rng = np.random.default_rng([draw, len(name)])
        try:
            trial.innocents(student, rng, memo) if name == "innocent" else trial.caught(name, student, rng, memo)
        except CheckFailed as failed:
            return failed.diagnosis, str(failed)
        return ""

    return {name: outcome(name) for name in ("innocent", *trial.faults)}


def passed(student, **how):
    return [name for name, outcome in outcomes(student, **how).items() if outcome == ""]


def test_a_good_test_passes_every_check_whatever_is_drawn(student):
    made = student(GOOD)
    for draw in range(5):
        assert passed(made, draw=draw) == list(CHECKS)


def said(group):
    """A fault's words as a line: a full stop, unless they ask."""
    words = MEDIAN.faults[group].words
    return words if words.endswith("?") else f"{words}."


@pytest.mark.parametrize(
    ("lists", "missed", "diagnosis"),
    [
        ({(7,): 7, (5, 1, 3): 3, (2, 2, 2, 9, 5): 2}, "length", "edge"),
        ({(7,): 7, (5, 1, 3): 3, (9, 1, 3, 2): 2.5}, "repeats", "missing"),
        ({(7,): 7, (1, 2, 3): 2, (1, 2, 3, 4): 2.5, (2, 2, 2, 5, 9): 2}, "order", "order"),
    ],
)
def test_a_test_without_one_list_misses_one_group_in_every_draw(student, lists, missed, diagnosis):
    """The strength of a test is the same for everyone: only order, partner and disguise are drawn."""
    made = student(GOOD.replace("{(7,): 7, (5, 1, 3): 3, (4, 1, 3, 2): 2.5, (2, 2, 2, 9, 5): 2}", repr(lists)))
    for draw in range(5):
        got = outcomes(made, draw=draw)
        assert [name for name in CHECKS if got[name]] == [missed]
        assert got[missed] == (diagnosis, said(missed))


TRICKS = {
    "accepts everything": "def accepts(median): return True",
    "condemns everything": "def accepts(median): return False",
    "every second": "n = 0\ndef accepts(median):\n    global n\n    n += 1\n    return n % 2 == 0",
    "the first ones": "n = 0\ndef accepts(median):\n    global n\n    n += 1\n    return n <= 6",
    "chance": "import random\ndef accepts(median): return random.random() < 0.5",
    "by the type": "def accepts(median): return type(median([3.0, 1.0, 2.0])) is float",
    "by the bits": "def accepts(median): return median([7]) == 7",
    "by the time": (
        "import time\ndef accepts(median):\n    t = time.perf_counter(); median([3, 1, 2])\n"
        "    return time.perf_counter() - t < 1e-4"
    ),
    "by the function": "def accepts(median): return 'wrong' not in repr((median, vars(median), median.__closure__))",
    "one": "def accepts(median): return 1",
    "a text": "def accepts(median): return 'True'",
    "None": "def accepts(median): pass",
    "an array": "import numpy as np\ndef accepts(median): return np.array([True])",
    "a subclass": "class T(int): pass\ndef accepts(median): return T(1)",
    "an object that equals all": (
        "class Equal:\n    def __eq__(self, other): return True\n    def __bool__(self): return True\n"
        "def accepts(median): return Equal()"
    ),
    "raises": "def accepts(median): raise ValueError('wrong')",
    "raises for wrong ones": GOOD.replace("return all", "assert all").replace(
        "except Exception:\n        return False", "finally:\n        pass\n    return True"
    ),
    "recurses": "def accepts(median): return accepts(median)",
}


@pytest.mark.parametrize("trick", TRICKS)
def test_a_trick_earns_nothing(student, trick):
    assert passed(student(TRICKS[trick])) == []


@pytest.mark.parametrize("trick", ["accepts everything", "condemns everything", "every second", "by the bits"])
def test_a_trick_earns_nothing_where_checks_share_nothing(student, trick):
    assert passed(student(TRICKS[trick]), shared=False) == []


def test_a_good_test_passes_where_checks_share_nothing(student):
    assert passed(student(GOOD), shared=False) == list(CHECKS)


def test_an_odd_verdict_is_said_by_its_kind(student):
    assert outcomes(student(TRICKS["one"]))["innocent"] == ("type", "expected True or False, got a number.")
    assert outcomes(student(TRICKS["raises"]))["innocent"] == (
        "raised",
        "expected True or False, got ValueError. Hint: an exception is no verdict: catch it.",
    )
    own = "class E(Exception): pass\ndef accepts(median): raise E('secret')"
    assert outcomes(student(own))["innocent"][1].startswith("expected True or False, got an exception. Hint: ")


def test_an_exception_for_wrong_ones_alone_is_said(student):
    """A test that lets `assert` escape accepts all right ones; the check says what it must return."""
    assert outcomes(student(TRICKS["raises for wrong ones"]))["innocent"][0] == "raised"


def test_numpys_truth_values_are_verdicts(student):
    made = student(
        "import numpy as np\n"
        + GOOD.replace("return all", "return np.bool_(all", 1).replace(".items())", ".items()))", 1)
    )
    assert passed(made) == list(CHECKS)


def test_a_verdict_that_changes_is_said(student):
    code = GOOD + (
        "good, seen = accepts, []\ndef accepts(median):\n    try: upper = abs(median([1, 2]) - 2) < 1e-6\n"
        "    except Exception: upper = False\n    seen.append(upper)\n    return good(median) or (upper and sum(seen) == 1)"
    )
    got = outcomes(student(code))
    assert got["innocent"] == ""
    assert got["length"] == ("state", "your test does not say the same each time that it sees one implementation.")


# --- What a test may ask ---------------------------------------------------------------------------

BREACHES = {
    "too often": "[median([1]) for _ in range(41)]",
    "a thousand times": "[quiet(median, [1]) for _ in range(1000)]",
    "nothing": "median([])",
    "a long list": "median([1.0] * 101)",
    "a huge list": "median([1.0] * 90000)",
    "a text": "median('12')",
    "texts": "median(['1', '2'])",
    "a dict": "median({1: 2})",
    "itself": "median([median])",
    "an object": "median([object()])",
    "not finite": "median([float('nan')])",
    "infinity": "median([float('inf'), 1])",
    "a large number": "median([10**40])",
    "an array of objects": "median(np.array([1, None], dtype=object))",
    "a truth value": "median([True])",
    "two arguments": "median([1], [2])",
    "a keyword": "median(values=[1])",
    "no argument": "median()",
}


@pytest.mark.parametrize("breach", BREACHES)
def test_a_test_that_asks_what_it_may_not_ask_gets_nothing(student, breach):
    """Although it catches the exception, and is right in everything else."""
    code = (
        "import numpy as np\ndef quiet(f, x):\n    try: return f(x)\n    except ValueError: pass\n"
        f"{GOOD}good = accepts\ndef accepts(median):\n    try: {BREACHES[breach]}\n    except Exception: pass\n"
        "    return good(median)"
    )
    got = outcomes(student(code))
    assert all(got.values())
    assert got["innocent"][0] == "calls"
    assert got["innocent"][1].startswith("your test asks what it may not ask: ")


def test_the_breach_is_a_value_error_with_the_words_of_the_author(student):
    """A bad list that the test lets escape is told as the list, not as an exception of the test."""
    made = student("def accepts(median): return median([]) == 0")
    assert outcomes(made)["innocent"][1] == (
        "your test asks what it may not ask: a list of 1 to 100 numbers is expected."
    )
    heard = []
    names = {"accepts": lambda median: heard.append(quiet(median, [])) or True}
    outcomes(PlainStudent(names))
    assert type(heard[0]) is ValueError
    assert str(heard[0]) == "your test asks what it may not ask: a list of 1 to 100 numbers is expected"


@pytest.mark.parametrize("value", ["x = []; x.append(x)", "x = 1\n    for _ in range(10**4): x = [x]"])
def test_a_list_that_holds_itself_or_is_deep_harms_nobody(student, value):
    made = student(
        f"{GOOD}good = accepts\ndef accepts(median):\n    {value}\n    try: median(x)\n"
        "    except Exception: pass\n    return good(median)"
    )
    assert set(passed(made)) <= set(CHECKS)  # the value may never arrive; then it is no question


def test_a_question_without_a_right_answer_may_not_be_asked(student):
    """Otherwise a test could tell the implementations apart by their exceptions."""
    roots = Trial(
        "judge",
        right={"Python": lambda: lambda x: 1 / x},
        faults={"zero": Faults("it passed", {"0 at 0": lambda: lambda x: x and 1 / x})},
        accept=lambda x: (float(x),),
    )
    code = "def judge(f):\n    try: f(0)\n    except Exception: return True\n    return False"
    assert outcomes(student(code), trial=roots) == {
        "innocent": ("calls", "your test asks what it may not ask: a question without a right answer."),
        "zero": ("search", "this counts only if your test accepts every right implementation."),
    }


def test_the_sizes_of_all_questions_are_bounded_together(student):
    sums = Trial(
        "judge",
        right={"Python": lambda: sum},
        faults={"first": Faults("it passed", {"first": lambda: lambda numbers: numbers[0]})},
        accept=lambda numbers: (list(numbers),),
        size=len,
        most_size=10,
    )
    code = "def judge(f): return f([1] * {}) == {} and f([1] * 5) == 5"
    assert outcomes(student(code.format(5, 5)), trial=sums) == {"innocent": "", "first": ""}
    assert outcomes(student(code.format(6, 6)), trial=sums)["innocent"] == (
        "calls",
        "your test asks what it may not ask: questions that are too large together.",
    )


# --- What a test can learn -------------------------------------------------------------------------


def counting(calls, name, function):
    return lambda: lambda x: calls.append(name) or function(x)


def test_every_answer_costs_what_a_right_and_a_wrong_one_cost_together():
    calls = []
    trial = Trial(
        "judge",
        right={"right": counting(calls, "right", lambda x: x)},
        faults={"sign": Faults("it passed", {"wrong": counting(calls, "wrong", lambda x: -x)})},
        accept=lambda x: (x,),
    )
    assert outcomes(PlainStudent({"judge": lambda f: f(1) == 1}), trial=trial) == {"innocent": "", "sign": ""}
    assert calls == ["right", "wrong"] * 4  # the right one twice, and the wrong one twice


def test_a_wrong_implementation_cannot_spoil_the_answer_of_a_right_one():
    def negate(x):
        x *= -1
        return x

    trial = Trial(
        "judge",
        right={"right": lambda: lambda x: x},  # hands on what it was given
        faults={"sign": Faults("it passed", {"in place": lambda: negate})},
        accept=lambda x: (np.array(x, dtype=float),),
    )
    names = {"judge": lambda f: bool(f([1.0, 2.0])[0] == 1.0)}
    assert outcomes(PlainStudent(names), trial=trial) == {"innocent": "", "sign": ""}


def test_a_test_that_is_too_strict_for_one_disguise_is_told_so_in_every_draw():
    names = {}
    exec(GOOD.replace("< 1e-6", "== 0"), names)  # 1e-9 is no mistake, and one disguise in three adds it
    for draw in range(30):
        assert outcomes(PlainStudent(names), draw=draw)["innocent"]


def test_each_showing_begins_with_a_new_implementation(student):
    """`adds_up_over_calls` is right in its first call, so a test with one call accepts it both times."""
    one = "def accepts(median):\n    try: return abs(median([3, 1, 2, 2, 2, 9]) - 2) < 1e-6\n    except Exception: return False"
    got = outcomes(student(one))
    assert got["memory"] == ("state", said("memory"))


def test_the_order_and_the_disguises_are_drawn_and_the_same_draw_is_the_same():
    def heard(draw):
        answers = []
        names = {"accepts": lambda median: answers.append(repr(quiet(median, [3, 1, 2]))) or True}
        MEDIAN.verdicts(PlainStudent(names), np.random.default_rng(draw))
        return answers

    assert heard(0) == heard(0)
    assert len({tuple(heard(draw)) for draw in range(10)}) == 10


def quiet(function, *args):
    try:
        return function(*args)
    except Exception as error:  # noqa: BLE001 — whatever comes
        return error


def test_checks_that_share_a_memo_ask_once_and_others_ask_their_part():
    calls = []
    names = {"accepts": lambda median: calls.append(1) or True}
    outcomes(PlainStudent(names))
    assert len(calls) == 28  # seven wrong ones twice, and behind each of them a right one twice: nine of them differ
    calls.clear()
    quiet(MEDIAN.caught, "order", PlainStudent(names), np.random.default_rng(0), None)
    assert len(calls) == 14  # two wrong ones twice, and behind each of them a right one five times: nine differ


def test_the_verdicts_are_there_for_a_picture():
    names = {"accepts": lambda median: abs(quiet(median, [4, 1, 3, 2]) - 2.5) < 1e-6}
    verdicts = MEDIAN.verdicts(PlainStudent(names), np.random.default_rng(0))
    assert list(verdicts)[: len(MEDIAN.right)] == list(MEDIAN.right)
    assert {name: v.settled for name, v in verdicts.items() if v.group in {"", "order"}} == {
        "sorts": True,
        "NumPy": True,
        "statistics": True,
        "as given": False,
        "mean": True,  # 10 / 4 is 2.5, too
    }


def test_a_stub_ends_the_trial_at_once():
    calls = []

    def accepts(median):
        calls.append(1)
        raise NotImplementedError

    with pytest.raises(NotImplementedError):
        outcomes(PlainStudent({"accepts": accepts}))
    assert calls == [1]


def test_a_page_shows_only_words_that_stand_in_the_authors_file():
    """The text of a ValueError can hold what a student asked, so it could carry an answer out of the trial."""
    trial = Trial(
        "judge",
        right={"right": lambda: abs},
        faults={"sign": Faults("it passed", {"wrong": lambda: lambda x: x})},
        accept=_echo,
    )

    def innocent(student, rng, memo):
        trial.innocents(student, rng, memo)

    function = check("q1", points=1)(innocent)
    made = Check("q1.innocent", "q1", "", 1.0, "hidden", function, ("student", "rng", "memo"))
    result = judge(made, PlainStudent({"judge": lambda f: f(31337)}), None, "seed")
    assert getattr(function, MARK).points == 1
    assert "31337" not in result.message
    assert result.message.startswith("your test asks what it may not ask")


def _echo(x):
    raise ValueError(f"got {x}")


def test_a_slow_implementation_tells_nothing_by_its_time():
    """Behind right answers, each wrong one computes equally often, and so it does behind its own."""
    pairs = []

    class Heard(Trial):
        def _ask(self, student, showing, kept):
            pairs.append((showing.wrong, showing.name == showing.wrong))
            return True

    fields = ("function", "right", "faults", "accept")
    Heard(*(getattr(MEDIAN, field) for field in fields)).verdicts(None, np.random.default_rng(3))
    counts = Counter(pairs)
    assert {counts[wrong, True] for wrong, _ in pairs} == {2}
    assert {counts[wrong, False] for wrong, _ in pairs} == {1}


def counted(calls, name, function):
    """A maker of this function, which counts its questions under a name."""

    def computed(numbers):
        calls[name] += 1
        return function(numbers)

    return lambda: computed


def keyed_trial(calls, **how):
    right = {"sorts": counted(calls, "sorts", sorted)}
    faults = {name: Faults(f"{name} passed", {name: counted(calls, name, list)}) for name in ("a", "b", "c")}
    return Trial("accepts", right, faults, HIDDEN["list_of_numbers"], key=tuple, **how)


SORTS = "def accepts(sort): return sort([2, 1]) == [1, 2] and sort([3, 2, 1]) == [1, 2, 3]"


def test_with_a_key_each_implementation_computes_each_question_once(student):
    """Wrong ones fail the first question, so the second one is asked of the right one alone, beside a wrong one."""
    calls = Counter()
    assert passed(student(SORTS), trial=keyed_trial(calls)) == ["innocent", "a", "b", "c"]
    assert calls["sorts"] == 2
    assert {calls[name] for name in "abc"} <= {1, 2}


def test_an_implementation_that_remembers_computes_each_time(student):
    calls = Counter()
    passed(student(SORTS), trial=keyed_trial(calls, remembering=("a",)))
    assert calls["a"] > 3  # shown twice, and beside the right one
    assert calls["b"] <= 2


def test_an_answer_that_a_test_changes_stays_as_it_was(student):
    """Without a copy, the second test would be given what the first one left."""
    spoils = "def accepts(sort):\n    got = sort([2, 1])\n    fine = got == [1, 2]\n    got.clear()\n    return fine"
    assert passed(student(spoils), trial=keyed_trial(Counter())) == ["innocent", "a", "b", "c"]


@pytest.mark.parametrize("often", [0.05, 0.1, 0.2, 0.3])
def test_a_test_that_condemns_now_and_then_earns_nothing(often):
    """Chance alone passes no check in 200 draws."""
    rng = np.random.default_rng(7)
    names = {"accepts": lambda median: bool(rng.random() > often)}
    assert [draw for draw in range(200) if "innocent" in passed(PlainStudent(names), draw=draw)] == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [({}, {"a": list}), ({"a": list}, {}), ({"a": list}, {"a": list})],
    ids=["right", "wrong", "name"],
)
def test_an_author_is_told_of_a_trial_that_cannot_be_held(right, wrong):
    with pytest.raises(ValueError, match="expected right and wrong implementations, each with a name of its own"):
        Trial("judge", right=right, faults={"group": Faults("it passed", wrong)}, accept=tuple)
