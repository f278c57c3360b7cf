"""Products that cost nothing, on arrays that count: hostile notebooks of A3, really graded with all their time."""

from pathlib import Path

import pytest
from bundled import some
from patience import within

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import notebook_text, solved_cells
from autograder.authoring.seeds import seeds_from
from autograder.intake.submissions import Submission
from autograder.judging.submission import grade_submission
from autograder.sandbox.tiers import open_sandbox

SUITE = Path(__file__).resolve().parents[2] / "solutions" / "a3_forward_vs_reverse"
# Both functions multiply from the same side, by `times`, and then add the products that the check waits for.
ANSWER = """
import numpy as np

def take(J, n):
    v = np.broadcast_to(J[:1, :1], (1, n))
    np.multiply(v, v)

def honest(dims, forward):
    if forward:
        return sum(dims[0] * dims[i] * dims[i + 1] for i in range(1, len(dims) - 1))
    return sum(dims[-1] * dims[i] * dims[i - 1] for i in range(len(dims) - 2, 0, -1))

def product(Js, forward):
    if isinstance(Js[0], np.ndarray):
        P = Js[0].copy()
        for J in Js[1:]:
            P = J @ P
        return P
    P = Js[-1]
    for J in Js[-2::-1]:
        P = outer_sum(P, J, times)
    n = honest([Js[0].shape[1]] + [J.shape[0] for J in Js], forward)
    if n:
        take(Js[0], n)
    return P

def accumulate_forward(Js):
    return product(Js, True)

def accumulate_reverse(Js):
    return product(Js, False)

def outer_sum(A, B, times):
    total = None
    for k in range(A.shape[1]):
        a = np.broadcast_to(A[:, k:k+1], (A.shape[0], B.shape[1]))
        b = np.broadcast_to(B[k:k+1, :], (A.shape[0], B.shape[1]))
        total = times(a, b) if total is None else total + times(a, b)
    return total
"""
PAYLOADS = {
    "by bits and absorption": """
def times(x, y):
    t, total = (y + 8) * 2.0**-4, x * 0.0
    for k in range(1, 24):
        t = t * 2.0
        bit = ((t - 0.5) + 1.5 * 2.0**52) - 1.5 * 2.0**52
        t = t - bit
        off = bit * -2.0**80 + 2.0**80
        total = total + ((x + off) - off) * (16 * 2.0**-k)
    return total - x * 8.0
""",
    "by bits in one sum": """
def times(x, y):
    t, total, one = (y + 8) * 2.0**-4, x * 0.0, np.ones(x.shape)
    for k in range(1, 24):
        t = t * 2.0
        bit = np.stack([t - 0.5, one * (1.5 * 2.0**52), one * (-1.5 * 2.0**52)]).sum(axis=0)
        t = t - bit
        off = bit * -2.0**80 + 2.0**80
        total = total + np.stack([x, off, -off]).sum(axis=0) * (16 * 2.0**-k)
    return total - x * 8.0
""",
    "by bits of a sum as integers": """
def times(x, y):
    t, total = (y + 8) * 2.0**-4, x * 0.0
    for k in range(1, 24):
        t = t * 2.0
        bit = np.sum(t[None], axis=0, dtype="int64")
        t = t - bit
        total = total + np.sum((bit + x * 2.0**-9)[None], axis=0, dtype="int8") * (16 * 2.0**-k)
    return total - x * 8.0
""",
    "by bits of half precision": """
def times(x, y):
    t, total = (y + 8) * 2.0**-4, x * 0.0
    for k in range(1, 24):
        t = t * 2.0
        bit = ((t - 0.5) + 1536.0).astype(np.float16).astype(np.float64) - 1536.0
        t = t - bit
        off = bit * -2.0**80 + 2.0**80
        total = total + ((x + off) - off) * (16 * 2.0**-k)
    return total - x * 8.0
""",
}


@pytest.fixture(scope="module")
def suite():
    return within(load_assignment(SUITE))


@pytest.fixture(scope="module")
def sandbox(suite):
    with open_sandbox({suite.name: suite.handouts}) as opened:
        yield opened


@pytest.mark.parametrize("name", some(PAYLOADS))
def test_k11_products_of_free_operations_are_not_the_product(suite, sandbox, tmp_path, name):
    cells = [*solved_cells(suite), ("code", "attack", ANSWER + PAYLOADS[name])]
    (tmp_path / "nb.ipynb").write_text(notebook_text(cells))
    seeds = seeds_from(b"secret")
    result = grade_submission(Submission("mallory", suite.name, tmp_path / "nb.ipynb"), suite, sandbox, seeds)
    outcomes = {c.id: (c.outcome, c.diagnosis) for q in result.questions for c in q.checks}
    assert outcomes["q1.fwd_order"][0] == "fail"
    assert outcomes["q1.fwd_value"] == ("pass", "")  # the notebook ran: only the arrays that count are not NumPy's
    assert [q.score for q in result.questions[1:]] == [q.max_score for q in result.questions[1:]]
