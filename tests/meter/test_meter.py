"""The meter counts what is really done: in one process and through the sandbox, for honest and hostile code."""

import itertools

import numpy as np
import pytest
from devices import device_or_skip
from patience import opened

from autograder.authoring.inprocess import PlainStudent
from autograder.errors import RaisedError
from autograder.meter import MAX_SIZE, Meter, strict
from autograder.sandbox.sandboxed_student import SandboxedStudent

# Widths 3, 4, 5, 2 by hand: from the input (5·4·3 = 60) + (2·5·3 = 30) = 90; from the output (2·5·4 = 40) + (2·4·3 = 24) = 64.
FORWARD, REVERSE = 90, 64
BLURRED = 1e-6  # each result is off by some 1e-9 of its terms, and terms cancel; see blur.py
WRITTEN = {
    "operator": "for K in Js[1:]: P = K @ P",
    "dot": "for K in Js[1:]: P = np.dot(K, P)",
    "method": "for K in Js[1:]: P = K.dot(P)",
    "einsum": "for K in Js[1:]: P = np.einsum('ij,jk->ik', K, P)",
    "tensordot": "for K in Js[1:]: P = np.tensordot(K, P, axes=1)",
    "broadcasting": "for K in Js[1:]: P = (K[:, :, None] * P[None]).sum(axis=1)",
    "transposed": "for K in Js[1:]: P = (P.T @ K.T).T",
    "rows": "for K in Js[1:]: P = np.stack([sum(K[i, k] * P[k] for k in range(len(P))) * 1.0 for i in range(len(K))])",
    "in_place": (
        "for K in Js[1:]:\n"
        "        C = np.zeros((K.shape[0], P.shape[1]))\n"
        "        for i in range(K.shape[0]):\n"
        "            for j in range(P.shape[1]):\n"
        "                for k in range(K.shape[1]): C[i, j] += K[i, k] * P[k, j]\n"
        "        P = C"
    ),
    "lists": "for K in Js[1:]: P = np.array([[sum(K[i][k] * P[k][j] for k in range(len(P))) for j in range(3)] for i in range(len(K))])",
}


def source(body):
    return f"import numpy as np\ndef accumulate(Js):\n    P = np.asarray(Js[0])\n    {body}\n    return P"


def jacobians(rng, dims=(3, 4, 5, 2)):
    return [rng.standard_normal((m, n)) for n, m in itertools.pairwise(dims)]


@pytest.fixture
def in_one_process():
    def student(code):
        names = {}
        exec(code, names)
        return PlainStudent(names)

    return student


@pytest.fixture
def in_the_sandbox(zygote):
    sessions = []

    def student(code):
        sessions.append(opened(zygote))
        sessions[-1].run_cell(code)
        return SandboxedStudent(sessions[-1])

    yield student
    for session in sessions:
        session.close()


@pytest.mark.parametrize("body", WRITTEN.values(), ids=WRITTEN.keys())
def test_every_way_to_write_a_product_costs_the_same_in_one_process(in_one_process, body):
    meter, Js = Meter(observe=True), jacobians(np.random.default_rng(0))
    got = in_one_process(source(body)).accumulate([meter.array(J) for J in Js])
    np.testing.assert_allclose(meter.value(got), Js[2] @ Js[1] @ Js[0], rtol=BLURRED)
    assert meter.multiply_adds == FORWARD


@pytest.mark.parametrize("body", WRITTEN.values(), ids=WRITTEN.keys())
def test_every_way_to_write_a_product_costs_the_same_in_the_sandbox(in_the_sandbox, body):
    meter, Js = Meter(observe=True), jacobians(np.random.default_rng(0))
    got = in_the_sandbox(source(body)).accumulate([meter.array(J) for J in Js])
    np.testing.assert_allclose(meter.value(got), Js[2] @ Js[1] @ Js[0], rtol=BLURRED)
    assert meter.multiply_adds == FORWARD


def test_the_other_order_costs_what_the_formula_says(in_one_process):
    meter, Js = Meter(observe=True), jacobians(np.random.default_rng(0))
    reverse = in_one_process("def accumulate(Js):\n    P = Js[-1]\n    for K in Js[-2::-1]: P = P @ K\n    return P")
    reverse.accumulate([meter.array(J) for J in Js])
    assert meter.multiply_adds == REVERSE


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("np.linalg.multi_dot(Js[::-1])", "its own order"),
        ("np.einsum('ij,jk,kl->il', *Js[::-1])", "own order"),
        ("float(Js[0][0, 0])", "take its numbers out"),
        ("Js[0].tolist()", "take its numbers out"),
        ("Js[0][0, 0] > 0 and 1", "greater is not available"),
        ("bool(Js[0][0, 0])", "take its numbers out"),
        ("memoryview(Js[0])", "memoryview"),
        ("np.exp(np.log(Js[0]))", "where multiply-adds are being counted"),
        ("Js[0] ** 2", "where multiply-adds are being counted"),
        ("Js[0].astype(object)", "dtype object"),
        ("np.broadcast_to(Js[0][0, 0], (10**6, 10**6)).copy()", "more than"),
        ("np.outer(np.ones(10**6), np.ones(10**6))", "more than"),
        ("np.einsum('ij,kl->', np.ones((1000, 1000)), np.ones((1000, 1000)))", "more than"),
        ("np.ones_like(Js[0], shape=(10**6, 10**6))", "'shape' is not available"),
        ("Js[0].astype('S1000000')", "dtype |S1000000"),
        ("Js[0].astype('i8')", "dtype int64"),
        ("Js[0][np.zeros((10**5, 20), dtype=int)]", "dtype int64"),
        ("np.zeros(Js[0].size)[Js[0][0]]", "cannot be a size, an index or an option"),
        ("np.zeros((3, Js[0][0, 0]))", "cannot be a size, an index or an option"),
        ("Js[0].sum(axis=Js[0][0, 0])", "cannot be a size, an index or an option"),
        ("Js[0].__setitem__(Js[0], 1.0)", "cannot be a size, an index or an option"),
        ("np.repeat(Js[0], 2)", "repeat is not available"),
        ("np.matmul(Js[1], Js[0], axes=[(0, 1), (0, 1), (0, 1)])", "'axes' is not available"),
        ("np.where(Js[0], 'x' * 10**5, 'y')", "where multiply-adds are being counted"),
    ],
)
def test_what_would_escape_the_count_or_the_memory_is_refused_with_the_reason(in_the_sandbox, expression, reason):
    meter = Meter(observe=True)
    student = in_the_sandbox(f"import numpy as np\ndef f(Js): return {expression}")
    with pytest.raises(RaisedError) as raised:
        student.f([meter.array(J) for J in jacobians(np.random.default_rng(0))])
    assert reason in raised.value.text


@pytest.mark.parametrize(
    ("expression", "multiply_adds"),
    [  # A is 2 × 3, v has 3 entries, S is a stack of four 2 × 3
        ("A @ A.T", 2 * 3 * 2),
        ("A @ v", 2 * 3),
        ("v @ A.T", 3 * 2),
        ("v @ v", 3),
        ("S @ A.T", 4 * 2 * 3 * 2),
        ("S @ np.ones((4, 3, 1))", 4 * 2 * 3 * 1),
        ("np.dot(v, v)", 3),
        ("np.dot(S, A.T)", 4 * 2 * 3 * 2),
        ("np.inner(A, A)", 2 * 3 * 2),
        ("np.vdot(A, A)", 2 * 3),
        ("np.outer(v, A)", 3 * 6),
        ("np.multiply.outer(v, v)", 3 * 3),
        ("np.tensordot(A, A)", 2 * 3),
        ("np.tensordot(A, A, axes=([1], [1]))", 2 * 3 * 2),
        ("np.tensordot(v, v, 0)", 3 * 3),
        ("np.einsum('ij,kj->ik', A, A)", 2 * 3 * 2),
        ("np.einsum('ij, ij', A, A)", 2 * 3),
        ("np.einsum('ij,jk->ik', A[:, :1], A)", 2 * 2 * 3),  # the axis of length 1 is stretched to 2
        ("np.einsum('ij->j', A)", 0),
        ("A * v", 2 * 3),
        ("A[0, 0] * v", 3),
        ("A * np.float64(2)", 0),
        ("A * 2", 0),
        ("np.dot(A, 2)", 0),
        ("A + A - A.sum()", 0),
    ],
)
def test_a_product_costs_what_is_worked_by_hand_and_has_the_size_foretold(in_one_process, expression, multiply_adds):
    arrays = {"A": np.arange(6.0).reshape(2, 3), "v": np.arange(3.0), "S": np.arange(24.0).reshape(4, 2, 3)}
    meter = Meter(observe=True)
    student = in_one_process(f"import numpy as np\ndef f(A, v, S): return {expression}")
    got = student.f(*(meter.array(a) for a in arrays.values()))
    np.testing.assert_allclose(meter.value(got), eval(expression, {"np": np, **arrays}), rtol=BLURRED)
    assert meter.multiply_adds == multiply_adds


def test_an_array_that_was_not_filled_holds_zeros_not_what_the_grader_computed_before(in_one_process):
    meter = Meter()
    student = in_one_process("import numpy as np\ndef f(A): return np.empty_like(A), A.perform('empty', [5], {})")
    for got in meter.value(student.f(meter.array(np.ones(1000)))):
        np.testing.assert_array_equal(got, 0)


def test_a_hostile_notebook_cannot_lower_the_count_or_reach_an_array_by_number(in_the_sandbox):
    meter, other = Meter(observe=True), Meter(observe=True)
    J = meter.array(np.eye(2))
    other.array(np.full((2, 2), 7.0))
    student = in_the_sandbox(
        "def f(J):\n"
        "    P = J @ J\n"
        "    J.perform('setattr', [], {})\n"
        "def g(J):\n"
        "    P = J @ J\n"
        "    P.handle = 10**6\n"
        "    return P"
    )
    with pytest.raises(RaisedError) as raised:
        student.f(J)
    assert "not available" in raised.value.text
    with pytest.raises(LookupError):
        meter.value(student.g(J))
    assert meter.multiply_adds == 16


def test_after_an_observed_call_numpy_is_itself_again(in_the_sandbox):
    student = in_the_sandbox("import numpy as np\ndef f(J): return J @ np.eye(2)\ndef g(): return np.eye(2)")
    meter = Meter(observe=True)
    student.f(meter.array(np.eye(2)))
    np.testing.assert_array_equal(student.g(), np.eye(2))


def test_an_array_kept_from_an_earlier_call_is_refused(in_the_sandbox):
    student = in_the_sandbox("kept = []\ndef f(J):\n    kept.append(J)\n    return kept[0] @ J")
    meter = Meter(observe=True)
    student.f(meter.array(np.eye(2)))
    with pytest.raises(RaisedError) as raised:
        student.f(Meter(observe=True).array(np.eye(2)))
    assert "earlier call" in raised.value.text


def test_without_observing_every_array_function_of_a_backward_pass_works(in_the_sandbox):
    student = in_the_sandbox(
        "import numpy as np\n"
        "def softmax(x):\n"
        "    e = np.exp(x - x.max(axis=1, keepdims=True))\n"
        "    return np.where(x > -np.inf, e / e.sum(axis=1, keepdims=True), 0)"
    )
    meter, x = Meter(), np.array([[0.0, np.log(3.0)]])
    np.testing.assert_allclose(
        meter.value(student.softmax(meter.array(x))), [[0.25, 0.75]], rtol=1e-15
    )  # e^0 : e^log 3


def test_an_array_at_the_limit_is_kept_and_a_larger_one_is_not():
    meter = Meter()
    meter.array(np.zeros(MAX_SIZE, dtype=np.uint8))
    with pytest.raises(ValueError, match="too much memory"):
        meter.array(np.zeros(MAX_SIZE + 1, dtype=np.uint8))


@pytest.mark.parametrize("take", ["a += J", "numpy.add(a, J, out=a)", "numpy.copyto(a, J)", "a[...] = J"])
def test_an_array_of_the_students_own_cannot_be_written_into_and_so_take_numbers_out(in_the_sandbox, take):
    meter = Meter(observe=True)
    student = in_the_sandbox(f"def f(J):\n    import numpy\n    a = numpy.zeros((2, 2))\n    {take}\n    return a")
    with pytest.raises(TypeError):
        student.f(meter.array(np.full((2, 2), 7.0)))


@pytest.mark.parametrize("of_the_graders", ["Js[0] > 0", "np.zeros(2)", "[Js[0][0, 0]]", "(slice(None), Js[0])"])
def test_while_an_order_is_observed_an_array_of_the_graders_is_no_index(in_the_sandbox, of_the_graders):
    student = in_the_sandbox(f"import numpy as np\ndef f(Js): return Js[1][{of_the_graders}]")
    meter = Meter(observe=True)
    with pytest.raises(TypeError):
        student.f([meter.array(J) for J in jacobians(np.random.default_rng(0))])


@pytest.fixture(params=["strict", "cuda"])
def library(request):
    return device_or_skip(request.param).library


# Without observing, and with all that is made meanwhile on the grader's side: x is (2, 3), y has two labels.
IDIOMS = {
    "a mask assigned": "x[x <= 0] = 0\n    return x",
    "a mask picks": "return x[x > 0]",
    "an entry a row": "return x[np.arange(len(y)), y]",
    "an entry a row changed": "p = x.copy()\n    p[np.arange(2), y] -= 1\n    return p",
    "indices of the grader's": "return x[np.arange(2), np.argmax(x, axis=1)]",
    "places where": "return x[np.where(x > 0)]",
    "one-hot rows": "return np.eye(3)[y]",
    "one-hot rows by assignment": "Y = np.zeros((2, 3))\n    Y[np.arange(2), y] = 1\n    return Y - x",
    "added at": "s = np.zeros(3)\n    np.add.at(s, y, x[:, 0])\n    return s",
    "a list of numbers": "return np.array([v.sum() for v in x])",
    "a mixed list": "return np.array([x[0, 0], 1.5])",
    "the mean of a list": "return np.mean([row.max() for row in x])",
    "another dtype": "return np.array(x, dtype=np.float64)",
    "dtypes by place": "return np.zeros((2, 3), float) + np.full(x.shape, 0.5, x.dtype) + np.array(x, float)",
    "dtypes by name": "return np.eye(3, dtype=x.dtype) + np.identity(3, np.float32) + x[0].astype('f8', copy=False)",
    "divided where": "return np.divide(1.0, x, out=np.zeros_like(x), where=x > 0)",
    "reduced": "return np.maximum.reduce(x, axis=1) + np.add.reduce(x, 1) - np.logaddexp.reduce(x, axis=1)",
    "three factors": "return np.einsum('ij,ij,j->i', x, x, x[0])",
    "an instance": "return x if isinstance(x, np.ndarray) else None",
    "a text of it": "return f'{x.sum():.2f}'",
    "the shape": "return np.ones(np.shape(x)) * np.size(x) + np.ndim(x)",
    "two axes": "return x.sum(axis=(0, 1), keepdims=True)",
    "columns": "return np.column_stack([x.T, np.ones(3)])",
    "in place": "z = x - 1\n    z *= 2\n    z += x\n    z /= 3\n    z **= 2\n    return z",
    "Python's own": "return max(x[0]) + sum(x[1]) + abs(x[0, 0]) + round(x[0, 1], 1)",
}


@pytest.mark.parametrize("body", IDIOMS.values(), ids=IDIOMS.keys())
def test_what_students_write_with_numpy_gives_the_same_on_a_device(in_one_process, library, body):
    x, y = np.array([[1.0, -2.0, 0.5], [-0.25, 4.0, 3.0]], dtype=np.float32), np.array([2, 0])
    code = f"import numpy as np\ndef f(x, y):\n    {body}"
    meter = Meter(namespace=library, makes=True)
    got, expected = meter.value(in_one_process(code).f(meter.array(x), y)), in_one_process(code).f(x.copy(), y)
    assert np.shape(got) == np.shape(expected)
    if isinstance(expected, str):
        assert got == expected
    else:
        np.testing.assert_allclose(got, expected, rtol=1e-6)
        assert got.dtype == np.asarray(expected).dtype


@pytest.mark.parametrize("body", list(IDIOMS.values())[:6], ids=list(IDIOMS)[:6])
def test_and_through_the_sandbox(in_the_sandbox, body):
    x, y = np.array([[1.0, -2.0, 0.5], [-0.25, 4.0, 3.0]], dtype=np.float32), np.array([2, 0])
    code = f"import numpy as np\ndef f(x, y):\n    {body}"
    meter, student = Meter(namespace=strict, makes=True), in_the_sandbox(code)
    np.testing.assert_allclose(meter.value(student.f(meter.array(x), y)), student.f(x, y), rtol=1e-6)


def test_after_a_call_on_a_device_numpy_is_itself_again_even_where_something_was_kept(in_the_sandbox):
    student = in_the_sandbox("import numpy as np\ndef f(x): return np.zeros(2)")
    meter = Meter(namespace=strict, makes=True)
    kept = student.keep({"x": meter.array(np.zeros(2))})
    assert type(student.f(np.zeros(2))) is np.ndarray
    assert type(meter.value(student.f(kept))) is np.ndarray
    assert type(student.f(np.zeros(2))) is np.ndarray


@pytest.mark.parametrize(
    "expression",
    [
        "x[np.zeros((10**5, 20), dtype=int)]",
        "x.__setitem__(np.zeros(10**6, dtype=int), 1.0)",
        "np.repeat(x, 10**6)",
        "np.tile(x, (10**3, 10**3))",
        "np.take(x, np.zeros(10**6, dtype=int), axis=0)",
        "np.diag(np.ones(10**4))",
        "np.add.at(x, np.zeros((10**6), dtype=int), 1.0)",
        "np.einsum('ia,ib,ic->abc', np.ones((9, 900)), np.ones((9, 900)), np.ones((9, 900)))",
        "np.einsum('a,b,c->', np.ones(900), np.ones(900), np.ones(900))",
        "np.add(x, 1.0, where=np.ones((10**3, 2, 10**3, 1), dtype=bool))",
        "np.append(np.ones(10**6), np.ones(10**6))",
    ],
)
def test_nothing_larger_than_the_limit_is_begun_on_a_device_either(in_one_process, expression):
    meter = Meter(namespace=strict, makes=True)
    with pytest.raises(ValueError, match="more than"):
        in_one_process(f"import numpy as np\ndef f(x): return {expression}").f(meter.array(np.ones((2, 3))))


def test_an_index_has_the_size_it_has_and_no_more(in_one_process):
    """An entry of each of 1,000 rows of 1,000 is 1,000 numbers, not 1,000 times all of them."""
    meter, x = Meter(), np.arange(1e6).reshape(1000, 1000)
    student = in_one_process("import numpy as np\ndef f(x): return x[np.arange(1000), np.arange(1000)]")
    np.testing.assert_array_equal(meter.value(student.f(meter.array(x))), np.diag(x))


def test_a_closed_meter_keeps_nothing_and_makes_nothing():
    meter = Meter()
    x = meter.array(np.ones(3))
    meter.close()
    for use in (lambda: x + 1, lambda: x.perform("zeros", [3], {}), lambda: meter.value(x)):
        with pytest.raises((TypeError, LookupError)):
            use()
