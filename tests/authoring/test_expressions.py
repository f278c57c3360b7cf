"""An Expression works on whatever it is given, in each implementation of `student`, and only where it was handed to."""

import numpy as np
import pytest
from authoring.students import PLACES_AND_DEVICE, student_in
from patience import opened

from autograder.authoring import Callback, Expression
from autograder.authoring.inprocess import PlainStudent
from autograder.errors import CrashError
from autograder.sandbox.sandboxed_student import SandboxedStudent

NODE = """
import numpy as np
class Node:
    __array_ufunc__ = None
    def __init__(self, value, text): self.value, self.text = value, text
    def __add__(self, other): return Node(0, f"({show(self)} + {show(other)})")
    def __radd__(self, other): return Node(0, f"({show(other)} + {show(self)})")
    def __mul__(self, other): return Node(0, f"({show(self)} * {show(other)})")
    def __matmul__(self, other): return Node(0, f"({show(self)} @ {show(other)})")
    def __neg__(self): return Node(0, f"-{show(self)}")
    def exp(self): return Node(0, f"exp({show(self)})")
    def __getitem__(self, place): return Node(0, f"{self.text}[{place.start}:{place.stop}]")
def show(x): return x.text if isinstance(x, Node) else str(x) if np.isscalar(x) else "k"
def write(f, *values): return f(*[Node(v, "abc"[i]) for i, v in enumerate(values)]).text
"""


@pytest.fixture(params=PLACES_AND_DEVICE)
def student(request, zygote_of):
    """student(code): a student whose notebook holds that code."""
    with student_in(request.param, zygote_of) as made:
        yield made


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a, b: (a + b) * a", "((a + b) * a)"),
        ("a, b: (lambda t: t * t)(a + b)", "((a + b) * (a + b))"),
        ("a, b: (lambda f: f(f(a)))(lambda t: -t)", "--a"),
        ("a, b: (lambda s, t: s @ t)(b, a)", "(b @ a)"),
        ("a, b: a.exp() + b[1:3]", "(exp(a) + b[1:3])"),
        ("a, b: a * a if a.value > b.value else -a", "-a"),
        ("a, b: [a + i for i in np.arange(3)][-1]", "(a + 2)"),
        ("a, b: 2 + a", "(2 + a)"),
        ("a, b: a * k + b", "((a * k) + b)"),
        ("a, b: k + a", "(k + a)"),
    ],
)
def test_it_works_on_objects_of_the_students_own_class(student, text, written):
    """a holds 1.0 and b holds 2.0; k is an array, and stands on either side."""
    assert student(NODE).write(Expression(text, k=np.array([1.0, 2.0])), 1.0, 2.0) == written


def test_it_returns_the_very_object_that_it_got(student):
    made = student(
        "import numpy as np\ndef same(f):\n    objects = object(), [1], {'w': 2}, np.zeros(2), 3\n"
        "    return [f(each) is each for each in objects], str(f(np.arange(2)).dtype), type(f(1)).__name__"
    )
    assert made.same(Expression("x")) == ([True] * 5, str(np.arange(2).dtype), "int")


def test_its_methods_are_attributes_and_know_the_same_constants(student):
    op = Expression("a, b: a * b + c", methods={"vjp": "k, u, y, a, b: u * (b if k == 0 else a)"}, c=1.0)
    got = student(
        "def use(op): return op(2.0, 3.0), op.vjp(0, 10.0, 7.0, 2.0, 3.0), op.vjp(1, 10.0, 7.0, 2.0, 3.0)"
    ).use(op)
    assert got == (7.0, 30.0, 20.0)
    assert (op(2.0, 3.0), op.vjp(1, 10.0, 7.0, 2.0, 3.0)) == (7.0, 20.0)  # in a check, too


def test_a_table_of_expressions_is_handed_over_at_once(student):
    ops = {"add": Expression("a, b: a + b", methods={"vjp": "k, u, y, a, b: u"}), "neg": Expression("a: -a")}
    assert student("def use(ops): return ops['add'](1, 2), ops['neg'](3), ops['add'].vjp(0, 5, 3, 1, 2)").use(ops) == (
        3,
        -3,
        5,
    )


def test_a_rule_may_hand_on_the_array_that_it_was_given(student):
    """A student who then adds in place sees it: an Expression copies nothing."""
    made = student("import numpy as np\ndef use(f):\n    u = np.ones(2)\n    part = f(u)\n    part += 1\n    return u")
    np.testing.assert_array_equal(made.use(Expression("u: u")), [2.0, 2.0])


def test_a_constant_of_the_check_stays_what_it_was(student):
    constant = np.ones(2)
    got = student("def use(f):\n    a = f(0)\n    a += 1\n    return f(0)").use(Expression("x: k", k=constant))
    np.testing.assert_array_equal(got, [2.0, 2.0])  # the student's side has one copy of it
    np.testing.assert_array_equal(constant, [1.0, 1.0])


def test_a_constant_can_be_a_function_that_counts_its_calls(student):
    calls = []
    double = Callback(lambda x: calls.append(x) or 2 * x)
    assert student("def use(f): return f(3.0)").use(Expression("x: double(double(x))", double=double)) == 12.0
    assert calls == [3.0, 6.0]


def test_it_can_be_a_method_of_a_callback(student):
    op = Callback(lambda x: 2 * x, methods={"same": Expression("x")})
    assert student("def use(op):\n    it = object()\n    return op(2.0), op.same(it) is it").use(op) == (4.0, True)
    with pytest.raises(TypeError, match="expected a function, got an Expression"):
        Callback(Expression("x"))


def test_the_student_hands_it_back_as_the_checks_own():
    expression = Expression("x: 2 * x")
    names = {}
    exec("def back(f): return f", names)
    assert PlainStudent(names).back(expression)(4) == 8


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("x: open('/etc/passwd')", "open"),
        ("x: __import__('os')", "__import__"),
        ("x: (lambda y: eval(y))('1')", "eval"),
        ("x: [getattr(x, y) for y in 'ab']", "getattr"),
        ("x, y: z + w", "w, z"),
        ("x: (lambda h=len: h(x))()", "len"),
        ("x: {**globals()}", "globals"),
        ("x: f'{reference}'", "reference"),
    ],
)
def test_it_reaches_no_name_but_numpy_and_its_constants(text, names):
    with pytest.raises(ValueError, match=rf"expected no other names than np and its constants, got {names}\. Hint: "):
        Expression(text)
    with pytest.raises(ValueError, match="expected no other names"):
        Expression("x", methods={"vjp": text})


def test_names_that_the_text_makes_itself_are_its_own():
    assert Expression("x: [y := x, y + 1][1] + (lambda z: z)(k) + sum_", k=1, sum_=10)(5) == 17


def test_a_name_of_the_notebook_means_nothing_in_it(zygote):
    """The text sees its constants, and not what a notebook calls by the same name."""
    with opened(zygote) as process:
        process.run_cell("k = 100\ndef use(f): return f(1)\nimport builtins\nbuiltins.k = 100")
        assert SandboxedStudent(process).use(Expression("x: x + k", k=1)) == 2


@pytest.mark.parametrize("number", ["f.__handed__", "f.vjp.__handed__"])
def test_the_grader_evaluates_it_for_no_student(zygote, number):
    """A process that asks the grader to evaluate it, on objects of its choice, breaks the protocol."""
    with opened(zygote) as process:
        process.run_cell(
            "import gc\ndef use(f):\n"
            "    session = next(o for o in gc.get_objects() if type(o).__name__ == 'Session')\n"
            f"    return session.channel.ask({number}, [lambda: 1], {{}})"
        )
        with pytest.raises(CrashError, match="a call of a text"):
            SandboxedStudent(process).use(Expression("x: x()", methods={"vjp": "x: x()"}))


def test_a_kept_expression_is_evaluated_again_without_the_grader(zygote):
    with opened(zygote) as process:
        process.run_cell("kept = []\ndef use(f): kept.append(f); return f(1)\ndef again(): return kept[0]([2])")
        student = SandboxedStudent(process)
        assert student.use(Expression("x: x * 2")) == 2
        assert student.again() == [2, 2]


def test_an_exception_in_it_is_the_students_own(zygote):
    with opened(zygote) as process:
        process.run_cell("def use(f):\n    try: return f(3)\n    except AttributeError as error: return str(error)")
        assert SandboxedStudent(process).use(Expression("x: x.value")) == "'int' object has no attribute 'value'"
