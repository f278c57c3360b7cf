"""What a check hands over: formulas, functions with methods, kept results, and numbers that are never reused."""

import numpy as np
import pytest
from bundled import ONE_TIER
from patience import opened

from autograder.authoring import Callback, Expression, Formula
from autograder.errors import CrashError, NotDefinedError, RaisedError, TimeLimitError
from autograder.sandbox.sandboxed_student import SandboxedStudent


def test_a_formula_may_have_slices_and_names_of_its_arrays():
    np.testing.assert_array_equal(Formula("x[1:]")([1, 2, 3]), [2.0, 3.0])
    np.testing.assert_array_equal(Formula("x, u: u @ x[1:]")([1, 2, 3], [10, 100]), 320.0)  # 10 * 2 + 100 * 3


def test_a_formula_may_take_a_dict_of_arrays(zygote):
    cost = Formula("p: p['w'] @ p['w'] + k * np.sum(p['b'])", k=3.0)
    assert cost({"w": [1, 2], "b": 1}) == 8.0  # 1 + 4 + 3 * 1
    with opened(zygote) as session:
        session.run_cell("def use(f): return f({'w': [1, 2], 'b': [0.5, 0.5]})")
        assert SandboxedStudent(session).use(cost) == 8.0


def test_a_formula_arrives_compiled(zygote):
    with opened(zygote) as session:
        session.run_cell("import builtins\nbuiltins.compile = None\ndef use(f): return f(3.0)")
        assert SandboxedStudent(session).use(Formula("2 * x + 1")) == 7.0


def test_a_function_kept_from_an_earlier_call_is_not_another_one(zygote):
    with opened(zygote) as session:
        session.run_cell("kept = []\ndef use(f):\n    kept.append(f)\n    return kept[0](1.0)")
        student = SandboxedStudent(session)
        assert student.use(lambda x: x) == 1.0
        with pytest.raises(RaisedError) as raised:
            student.use(lambda x: -x)
        assert "earlier call" in raised.value.text


def test_an_exception_of_the_graders_function_has_its_own_type_in_the_notebook(zygote):
    def refuse(x):
        raise IndexError("outside")

    with opened(zygote) as session:
        session.run_cell("def use(f):\n    try: f(1)\n    except IndexError as error: return str(error)")
        assert SandboxedStudent(session).use(refuse) == "outside"


@pytest.mark.parametrize(
    "forged",
    [
        "msgpack.ExtType(6, msgpack.packb([1, False, {}, '1/0', {}, None, True]))",  # a function of the grader's, with a formula
        "msgpack.ExtType(6, msgpack.packb([1, False, {}, None, {}, None, 'x']))",
        "msgpack.ExtType(7, msgpack.packb([99, 'x', [], '<f8', True]))",  # an array behind a handle that is none
        "msgpack.ExtType(5, msgpack.packb(['1', True, '']))",
    ],
)
def test_a_forged_marker_ends_the_session(zygote, forged):
    with opened(zygote) as session, pytest.raises(CrashError, match="broke the protocol"):
        session.run_cell(
            "import os, struct, sys\n"
            "msgpack = sys.modules['msgpack']\n"
            f"body = msgpack.packb([1, [{forged}]])\n"
            "os.write(3, struct.pack('<I', len(body)) + body)"
        )


def test_an_answer_without_its_arguments_breaks_the_protocol(zygote):
    # student code can patch the worker it lives in; what comes back then is no longer what was asked for
    with opened(zygote) as session:
        session.run_cell(
            "import sys, gc\n"
            "from types import FunctionType\n"
            "worker = next(o for o in gc.get_objects() if type(o).__name__ == 'Session')\n"
            "type(worker).do_call = lambda self, **_: 1\n"
            "def f(x): return x"
        )
        with pytest.raises(CrashError, match="without its arguments"):
            SandboxedStudent(session).shown("f")(np.ones(1))


# --- Names exchanged for functions of ours ---------------------------------------------------------

SOLUTION = "def double(x): return 2 * x + 31337 - 31337"


@pytest.fixture
def two(zygote):
    """A student's process with a wrong double, and the author's."""
    with opened(zygote) as own, opened(zygote) as right:
        own.run_cell("def double(x): return 3 * x\ndef use(x): return double(x=x) + 1")
        right.run_cell(SOLUTION)
        yield own, right


def test_an_exchanged_name_is_answered_by_the_other_process_and_given_back(two):
    own, right = two
    own.exchange({"double": right.get("double"), "new": right.get("double")})
    assert SandboxedStudent(own).use(10.0) == 21.0
    assert SandboxedStudent(own).new(1.0) == 2.0
    own.exchange({})
    assert SandboxedStudent(own).use(10.0) == 31.0
    with pytest.raises(NotDefinedError):
        own.get("new")


def test_the_code_behind_an_exchanged_name_is_not_in_the_students_process(two):
    own, right = two
    own.run_cell(
        "import gc, types\n"
        "def loot():\n"
        "    double(1.0)\n"
        "    codes = [o for o in gc.get_objects() if isinstance(o, types.FunctionType)]\n"
        "    return sum(c + 1 - 1 == 31336 + 1 for f in codes for c in f.__code__.co_consts if type(c) is int)"
    )
    own.exchange({"double": right.get("double")})
    assert SandboxedStudent(own).loot() == 0
    right.run_cell(
        "import gc, types\n"
        "def loot():\n"
        "    codes = [o for o in gc.get_objects() if isinstance(o, types.FunctionType)]\n"
        "    return sum(c + 1 - 1 == 31336 + 1 for f in codes for c in f.__code__.co_consts if type(c) is int)"
    )
    assert SandboxedStudent(right).loot() > 0  # the search finds it where it is


def test_a_function_of_the_checks_goes_through_the_students_hands_to_the_other_process(two):
    own, right = two
    right.run_cell("def applied(layers, x): return [layer.twice(layer(x)) for layer in layers]")
    own.run_cell("def applied(layers, x): return None\ndef use(layers, x): return applied(layers, x)")
    own.exchange({"applied": right.get("applied")})
    layer = Callback(lambda x: x + 1, methods={"twice": lambda x: 2 * x})
    assert SandboxedStudent(own).use([layer], 3.0) == [8.0]  # 2 (3 + 1)


def test_an_expression_goes_through_the_students_hands_to_the_other_process(two):
    """There it works on objects that neither the student's process nor the grader can read."""
    own, right = two
    right.run_cell(
        "class Text(str):\n    def __mul__(self, other): return Text(f'{self} * {other}')\n"
        "def trace(f): return str(f(Text('a'), Text('b')))"
    )
    own.run_cell("def trace(f): return None\ndef use(f): return trace(f)")
    own.exchange({"trace": right.get("trace")})
    assert SandboxedStudent(own).use(Expression("a, b: (lambda t: t * b)(a)")) == "a * b"


OWN_CLASS = """
class Thing:
    def __init__(self, name): self.name = name
    def __eq__(self, other): return True
    __hash__ = object.__hash__
"""


def test_objects_of_the_students_own_class_go_by_names_to_the_other_process_and_come_back(two):
    own, right = two
    right.run_cell("def last_first(graph, out): return [out, *[n for n in reversed(list(graph)) if n != out]]")
    own.run_cell(
        OWN_CLASS + "def last_first(graph, out): return None\n"
        "def use():\n"
        "    a, b, c = things = [Thing(n) for n in 'abc']\n"
        "    got = last_first({a: (), b: (a,), c: {a, b}}, a)\n"
        "    return [t.name for t in got], [t in things for t in got], [t is a for t in got]"
    )
    own.exchange({"last_first": right.get("last_first")})
    assert SandboxedStudent(own).use() == (["a", "c", "b"], [True] * 3, [True, False, False])


def test_the_other_process_gets_no_object_but_a_text_for_it(two):
    own, right = two
    right.run_cell("def seen(x): return [type(n).__name__ for n in x], x[0] == x[2], x[0] == x[1]")
    own.run_cell(
        OWN_CLASS + "def seen(x): return None\n"
        "def use():\n    a, b = Thing('a'), Thing('b')\n    return seen(x=[a, b, a, 2.0])"
    )
    own.exchange({"seen": right.get("seen")})
    assert SandboxedStudent(own).use() == (["str", "str", "str", "float"], True, False)


def test_a_function_of_the_students_cannot_be_called_while_its_process_waits(two):
    own, right = two
    right.run_cell("def applied(f, x): return f(x)")
    own.run_cell("def use(x): return applied(lambda y: y, x)")
    own.exchange({"applied": right.get("applied")})
    with pytest.raises(RaisedError) as raised:
        SandboxedStudent(own).use(3.0)
    assert "waiting" in raised.value.text


def test_what_one_process_keeps_is_nothing_in_another(two):
    own, right = two
    kept = own.keep(np.ones(2))
    with pytest.raises(TypeError):
        right.fetch(kept)


def test_an_exception_of_the_other_process_keeps_its_type(two):
    own, right = two
    right.run_cell("def double(x): raise KeyError('W1')")
    own.run_cell("def use(x):\n    try:\n        return double(x)\n    except KeyError:\n        return 'caught'")
    own.exchange({"double": right.get("double")})
    assert SandboxedStudent(own).use(1.0) == "caught"


def test_a_number_that_was_never_handed_over_ends_the_session(zygote):
    with opened(zygote) as session:
        session.run_cell("def f(g):\n    g.__handed__ = 10**6\n    return g")
        with pytest.raises(CrashError, match="a frame that cannot be read"):
            SandboxedStudent(session).f(lambda x: x)


BURNS = """
import time
def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return seconds
"""


@ONE_TIER
def test_each_call_of_each_has_the_time_of_a_call(zygote):
    """Four calls of 0.2 seconds are more than the limit of one call, and the fifth alone is."""
    with opened(zygote, call=0.5) as session:
        session.run_cell(BURNS)
        student = SandboxedStudent(session)
        assert list(student.each("burn", [(0.2,)] * 4)) == [0.2] * 4
        with pytest.raises(TimeLimitError):
            student.each("burn", [(0.01,), (0.01,), (60.0,)])


@pytest.mark.parametrize(
    ("forged", "words"),
    [
        (
            "[self.channel.send({'id': request['id'], 'kind': 'value', 'value': 1}) for _ in range(3)]",
            "did not ask|nobody asked",
        ),
        ("self.channel.send({'id': request['id'] + 1, 'kind': 'value', 'value': 1})", "nobody asked for"),
        ("self.channel.send({'id': request['id'], 'kind': 'values', 'value': [1, 2]})", "no known kind"),
    ],
    ids=["too many", "of another request", "all at once"],
)
def test_answers_of_each_that_nobody_asked_for_break_the_protocol(zygote, forged, words):
    with opened(zygote) as session:
        session.run_cell("def f(x): return x")
        function = session.get("f")
        session.run_cell(
            "import gc\n"
            "worker = next(o for o in gc.get_objects() if type(o).__name__ == 'Session')\n"
            f"type(worker).reply = lambda self, request: {forged}"
        )
        with pytest.raises(CrashError, match=words):
            function.each([(1.0,), (2.0,)])
            function.each([(1.0,), (2.0,)])


@pytest.mark.parametrize("forged", ["[]", "{}", "{'a': 1, 'b': 2}", "{'b': Kept(1), 'a': Kept(2)}"])
def test_kept_values_that_come_back_as_something_else_break_the_protocol(zygote, forged):
    with opened(zygote) as session:
        session.run_cell(
            "import gc, sys\n"
            "worker = next(o for o in gc.get_objects() if type(o).__name__ == 'Session')\n"
            "Kept = sys.modules[type(worker).__module__].Kept\n"
            f"type(worker).do_keep_each = lambda self, values: {forged}"
        )
        with pytest.raises(CrashError, match="came back as something else"):
            session.keep_each({"a": np.ones(1), "b": np.ones(1)})
