"""The meter counts what is really done: in one process and through the sandbox, for honest and hostile code."""

import itertools
import time

import numpy as np
import pytest

from autograder.authoring.inprocess import Namespace
from autograder.errors import RaisedError
from autograder.meter import MAX_SIZE, Meter
from autograder.sandbox.client import Session, Student
from autograder.sandbox.line import Limits

# Widths 3, 4, 5, 2 by hand: from the input (5·4·3 = 60) + (2·5·3 = 30) = 90; from the output (2·5·4 = 40) + (2·4·3 = 24) = 64.
FORWARD, REVERSE = 90, 64
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
        return Namespace(names)

    return student


@pytest.fixture
def in_the_sandbox(zygote):
    sessions = []

    def student(code):
        sessions.append(Session(zygote, Limits(), "a9_test", time.monotonic() + 30))
        sessions[-1].run_cell(code)
        return Student(sessions[-1])

    yield student
    for session in sessions:
        session.close()


@pytest.mark.parametrize("body", WRITTEN.values(), ids=WRITTEN.keys())
def test_every_way_to_write_a_product_costs_the_same_in_one_process(in_one_process, body):
    meter, Js = Meter(observe=True), jacobians(np.random.default_rng(0))
    got = in_one_process(source(body)).accumulate([meter.array(J) for J in Js])
    np.testing.assert_allclose(meter.value(got), Js[2] @ Js[1] @ Js[0], rtol=1e-12)  # same sums, another order
    assert meter.multiply_adds == FORWARD


@pytest.mark.parametrize("body", WRITTEN.values(), ids=WRITTEN.keys())
def test_every_way_to_write_a_product_costs_the_same_in_the_sandbox(in_the_sandbox, body):
    meter, Js = Meter(observe=True), jacobians(np.random.default_rng(0))
    got = in_the_sandbox(source(body)).accumulate([meter.array(J) for J in Js])
    np.testing.assert_allclose(meter.value(got), Js[2] @ Js[1] @ Js[0], rtol=1e-12)
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
        ("Js[0][np.zeros((10**5, 20), dtype=int)]", "more than"),
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
    np.testing.assert_allclose(meter.value(got), eval(expression, {"np": np, **arrays}), rtol=1e-12)
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
