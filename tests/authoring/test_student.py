"""`student` is one interface with three implementations: each method does the same in all of them.

PlainStudent runs the notebook here, SandboxedStudent in the sandbox, DeviceStudent keeps its arrays on a device; numbers
of these tests are exact in float32, too.
"""

import inspect
import textwrap

import numpy as np
import pytest
from authoring.students import PLACES_AND_DEVICES, student_in

from autograder.authoring import Callback, Formula, Line, Student
from autograder.errors import NotDefinedError, RaisedError
from autograder.sandbox.student_process import StudentProcess


@pytest.fixture(params=PLACES_AND_DEVICES)
def student(request, zygote_of):
    """student(code): a student whose notebook holds that code."""
    with student_in(request.param, zygote_of) as made:
        yield made


MUTATE = """
def change(x, d, items, *, out):
    x += 1
    d["new"] = d.pop("old") * 2
    items.append(items[0])
    items[0] = 7
    out[...] = 5
    return "done"
"""


def test_every_method_of_the_interface_is_there_and_explained(student):
    made = student("")
    methods = [name for name in vars(Student) if not name.startswith("_")]
    values = ["each", "keep", "keep_each", "keeping", "fetch", "overwrite", "shown", "plot"]
    assert methods == [*values, "run_inside", "run_outside"]
    for name in (*methods, "__getattr__"):
        assert getattr(Student, name).__doc__
        assert callable(getattr(type(made), name))


def test_the_examples_of_the_docstrings_hold(student):
    """The notebook is the one in the docstring of Student; see test_reference_examples.py for the plain student."""
    made = student(textwrap.dedent(inspect.getdoc(Student).partition("notebook:\n\n")[2]))
    assert (made.mean(np.array([1.0, 3.0])), made.rate) == (2.0, 0.5)
    assert list(made.each("mean", [(np.array([1.0, 3.0]),), (np.zeros(2),)])) == [2.0, 0.0]
    x = made.keep(np.ones(3))
    made.step(x)
    np.testing.assert_array_equal(made.fetch(x), [0.5, 0.5, 0.5])
    X = np.ones((2, 2))
    kept = made.keep(X)
    loss, cache = made.keeping("forward", item=1)(kept)
    assert loss == 4.0
    np.testing.assert_array_equal(made.backward(cache), np.full((2, 2), 2.0))
    made.overwrite(kept, 0 * X)
    np.testing.assert_array_equal(made.fetch(cache)["X"], np.zeros((2, 2)))
    np.testing.assert_array_equal(made.fetch(made.keep_each({"W": X}))["W"], X)
    y = np.ones(3)
    made.shown("step")(y)
    np.testing.assert_array_equal(y, [0.5, 0.5, 0.5])
    plot = made.plot("draw", np.array([1.0, 3.0]))
    np.testing.assert_array_equal(plot.axes[0].all(Line)[0].y, [1, 3])


COUNTS = """
seen = []
def add(x, y=0.0):
    if x < 0:
        raise ValueError("below zero")
    seen.append(x)
    return sum(seen) + y
def so_far():
    return len(seen)
"""


def test_calls_of_each_come_one_after_another_with_the_state_that_they_leave(student):
    made = student(COUNTS)
    assert list(made.each("add", [(1.0,), (2.0, 10.0), (4.0,)])) == [1.0, 13.0, 7.0]
    assert list(made.each("add", [])) == []
    assert made.add(8.0) == 15.0


def test_after_the_first_exception_each_calls_no_more(student):
    made = student(COUNTS)
    results = made.each("add", [(1.0,), (-1.0,), (2.0,), (4.0,)])
    assert next(results) == 1.0
    with pytest.raises(ValueError, match="below zero"):
        next(results)
    assert made.so_far() == 1
    assert made.add(8.0) == 9.0


def test_an_array_in_two_cases_of_each_is_a_copy_in_each(student):
    x = np.ones(2)
    made = student("def double(x):\n    x *= 2\n    return x")
    for got in made.each("double", [(x,), (x,)]):
        np.testing.assert_array_equal(got, [2.0, 2.0])
    np.testing.assert_array_equal(x, [1.0, 1.0])


def test_each_hands_functions_over_for_their_own_call(student):
    """A function of an earlier call cannot be called any more in the next one, as in a loop."""
    made = student("kept = []\ndef use(f, x):\n    kept.append(f)\n    return f(x)")
    assert list(made.each("use", [(lambda x: x + 1, 1.0), (lambda x: x + 2, 1.0)])) == [2.0, 3.0]


def test_each_of_a_name_that_is_no_function_says_what_a_call_of_it_says(student):
    with pytest.raises(TypeError, match="not callable"):
        next(student("rate = 0.5").each("rate", [(1.0,)]))
    with pytest.raises(NotDefinedError):
        student("rate = 0.5").each("missing", [(1.0,)])


def test_a_function_may_draw_on_axes_that_it_is_given(student):
    made = student("import matplotlib.pyplot as plt\ndef new(): return plt.subplots()[1]\ndef draw(y, ax): ax.plot(y)")
    plot = made.plot("draw", np.array([1.0, 3.0]), ax=made.keeping("new")())
    np.testing.assert_array_equal(plot.axes[0].all(Line)[0].y, [1, 3])


def test_a_name_is_what_the_notebook_defines(student):
    made = student("rate = 0.5\ndef double(x): return 2 * x")
    assert made.rate == 0.5
    assert made.double(1.5) == 3.0
    np.testing.assert_array_equal(made.double(np.array([1.0, 2.0])), [2.0, 4.0])


def test_a_name_that_the_notebook_does_not_define_is_told_by_name(student):
    with pytest.raises(NotDefinedError) as error:
        _ = student("x = 1").missing
    assert error.value.name == "missing"


def test_an_exception_of_the_notebooks_is_raised_with_its_type_and_text(student, request):
    """Without a process in between it is the exception itself, for the author who looks for its cause."""
    made = student("def f(x): raise IndexError('no such row')")
    for call in (made.f, made.keeping("f"), made.shown("f")):
        if request.node.callspec.params["student"].endswith("plain"):
            with pytest.raises(IndexError, match="no such row"):
                call(1.0)
        else:
            with pytest.raises(RaisedError) as raised:
                call(1.0)
            assert raised.value.type_name == "IndexError"
            assert raised.value.text.startswith("no such row")


def test_an_exception_of_the_notebooks_own_class_is_the_one_of_pythons_that_it_extends(student):
    made = student(
        "class Cycle(ValueError): pass\nclass Far(IndexError, Cycle): pass\ndef f(kind): raise globals()[kind](kind)"
    )
    with pytest.raises(ValueError, match="Cycle"):
        made.f("Cycle")
    with pytest.raises(IndexError, match="Far"):
        made.f("Far")


def test_arguments_and_results_are_copies(student):
    made = student(
        "memory = []\ndef f(x):\n    memory.append(x)\n    x += 1\n    return x\ndef last(): return memory[-1]"
    )
    x = np.zeros(2)
    result = made.f(x)
    result += 5
    np.testing.assert_array_equal(x, [0.0, 0.0])
    np.testing.assert_array_equal(made.last(), [1.0, 1.0])


def test_a_kept_value_is_an_argument_of_several_calls(student):
    made = student("def step(x): x += 1")
    kept = made.keep(np.zeros(2))
    made.step(kept)
    made.step(kept)
    np.testing.assert_array_equal(made.fetch(kept), [2.0, 2.0])


def test_a_formula_gives_the_same_numbers_on_both_sides(student):
    H = np.array([[2.0, 1.0], [1.0, 3.0]])
    f = Formula("H @ x - 1", H=H)
    got = student("def use(f): return f([1, 2]), None").use(f)
    np.testing.assert_array_equal(got[0], [3.0, 6.0])  # 2 + 2 - 1, 1 + 6 - 1
    np.testing.assert_array_equal(f([1, 2]), [3.0, 6.0])


def test_what_a_formula_returns_is_a_copy_of_its_constant(student):
    g = np.array([1.0, 2.0])
    got = student("def use(f):\n    a = f([0]); a += 9\n    return f([0])").use(Formula("g", g=g))
    np.testing.assert_array_equal(got, [1.0, 2.0])
    np.testing.assert_array_equal(g, [1.0, 2.0])


def test_a_function_with_methods_is_called_and_counted_as_an_object(student):
    calls = []
    layer = Callback(lambda x: 2 * x, methods={"vjp": lambda x, u: calls.append("vjp") or 2 * u})
    got = student("def use(layers): return [layer(3.0) for layer in layers], layers[0].vjp(3.0, 5.0)").use(
        [layer, layer]
    )
    assert got == ([6.0, 6.0], 10.0)
    assert calls == ["vjp"]


def test_a_kept_list_of_functions_serves_several_calls(student):
    made = student("def use(layers):\n    total = sum(f(1.0) for f in layers)\n    layers.pop()\n    return total")
    kept = made.keep([Callback(lambda x: x), Callback(lambda x: 10 * x)])
    assert made.use(kept) == 11.0
    assert made.use(kept) == 1.0  # the pop of the first call shows


def test_a_result_kept_on_the_students_side_comes_back_as_the_same_object(student):
    made = student(
        "class Cache: pass\nseen = Cache()\ndef forward(x): return 2 * x, seen\ndef same(c): return c is seen"
    )
    value, cache = made.keeping("forward", item=1)(3.0)
    assert value == 6.0
    assert made.same(cache) is True


def test_a_result_without_that_item_comes_back_as_it_is(student):
    assert student("def forward(x): return x").keeping("forward", item=1)(3.0) == 3.0


def test_overwriting_an_argument_shows_a_result_that_shares_its_memory(student):
    made = student("def view(p): return {'W': p['W'][:]}\ndef copy(p): return {'W': p['W'].copy()}")
    zeros, ones = {"W": np.zeros(3)}, {"W": np.ones(3)}
    for name, after in (("view", 1.0), ("copy", 0.0)):
        argument = made.keep(zeros)
        result = made.keeping(name)(argument)
        made.overwrite(argument, ones)
        np.testing.assert_array_equal(made.fetch(result)["W"], [after] * 3)


def test_a_function_that_is_shown_changes_the_callers_own_arguments(student):
    x, d, items, out = np.zeros(2), {"old": np.ones(2)}, [np.ones(1), "text"], np.zeros((2, 2))
    assert student(MUTATE).shown("change")(x, d, items, out=out) == "done"
    np.testing.assert_array_equal(x, [1, 1])
    assert list(d) == ["new"]
    np.testing.assert_array_equal(d["new"], [2, 2])
    assert items[0] == 7
    assert items[1] == "text"
    np.testing.assert_array_equal(items[2], [1])
    np.testing.assert_array_equal(out, np.full((2, 2), 5))


def test_without_being_shown_the_callers_arguments_stay_what_they_were(student):
    x = np.zeros(2)
    student(MUTATE).change(x, {"old": 1.0}, [1.0], out=np.zeros(1))
    np.testing.assert_array_equal(x, [0, 0])


def test_a_name_that_is_no_function_is_shown_as_its_value(student):
    assert student("answers = {'c1': 'a'}").shown("answers") == {"c1": "a"}


def test_several_kept_objects_are_read_back_at_once(student):
    made = student("def grow(a): a += 1")
    kept = {"one": made.keep(np.zeros(2)), "two": made.keep({"W": np.ones(1)})}
    made.grow(kept["one"])
    got = made.fetch(kept)
    np.testing.assert_array_equal(got["one"], [1.0, 1.0])
    np.testing.assert_array_equal(got["two"]["W"], [1.0])


def test_several_values_are_kept_at_once_and_each_has_its_own_handle(student):
    made = student("def grow(a): a += 1")
    kept = made.keep_each({"one": np.zeros(2), "two": {"W": np.ones(1)}})
    made.grow(kept["one"])
    one, two = made.fetch([kept["one"], kept["two"]])
    np.testing.assert_array_equal(one, [1.0, 1.0])
    np.testing.assert_array_equal(two["W"], [1.0])
    made.overwrite(kept, {"one": np.full(2, 7.0), "two": {"W": np.full(1, 8.0)}})
    one, two = made.fetch([kept["one"], kept["two"]])
    np.testing.assert_array_equal(one, [7.0, 7.0])
    np.testing.assert_array_equal(two["W"], [8.0])


def test_a_layer_of_formulas_asks_nobody(student, monkeypatch, request):
    """x -> 2 x with the Jacobian 2: at x = 3, J v = 2 * 5 and u J = 7 * 2. For a device, the check's side computes it."""
    if not request.node.callspec.params["student"].startswith("device"):
        monkeypatch.setattr(StudentProcess, "_serve_callback", lambda *_: pytest.fail("it asked"))
    layer = Callback(Formula("a * x", a=2), methods={"jvp": Formula("x, v: a * v", a=2), "vjp": Formula("x, u: u * 2")})
    got = student("def use(layer): return layer(3.0), layer.jvp(3.0, 5.0), layer.vjp(3.0, 7.0)").use(layer)
    assert got == (6.0, 10.0, 14.0)
