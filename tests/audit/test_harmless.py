"""Changes that are no mistakes are not tried: nobody has to list them."""

import pytest

from autograder.assignment.source import SourceCell
from autograder.audit.mutants import _of_cell


def changes(body):
    cell = SourceCell("q1-solution", "code", "solution", f"def f(x, y):\n    {body}", "q1")
    return [mutant.change for mutant in _of_cell(cell, statements=False)]


@pytest.mark.parametrize(
    ("body", "change"),
    [
        ("return np.maximum(x, 0)", "np.maximum(x, 0) → np.maximum(0, x)"),
        ("return max(x, y)", "max(x, y) → max(y, x)"),
        ("return np.hypot(x, y)", "np.hypot(x, y) → np.hypot(y, x)"),
        ("return np.allclose(x, y)", "np.allclose(x, y) → np.allclose(y, x)"),
        ("return abs(x - y)", "x - y → y - x"),
        ("return np.linalg.norm(x - y)", "x - y → y - x"),
        ("return (x - y) ** 2", "x - y → y - x"),
        ("return np.random.default_rng(7).normal()", "7 → 8"),
        ("rng = np.random.default_rng(seed=7)", "7 → 8"),
        ("return shuffled(x, random_state=7)", "7 → 8"),
        ("return shuffled(x, random_state=7)", "shuffled(x, random_state=7) → shuffled(x)"),
        ("np.random.seed(3)", "np.random.seed(3) → pass"),
        ("print(x)", "print(x) → pass"),
        ("plt.subplots(figsize=(8, 4))", "8 → 9"),
        ("return x.sum(axis=None)", "x.sum(axis=None) → x.sum()"),
        ("return x.std(ddof=0)", "x.std(ddof=0) → x.std()"),
    ],
)
def test_a_change_that_is_no_mistake_is_not_tried(body, change):
    assert change not in changes(body)


@pytest.mark.parametrize(
    ("body", "change"),
    [
        ("return np.maximum(x, 0)", "np.maximum(x, 0) → np.minimum(x, 0)"),
        ("return np.maximum(x, 0)", "0 → 1"),
        ("return np.subtract(x, y)", "np.subtract(x, y) → np.subtract(y, x)"),
        ("return x - y", "x - y → y - x"),
        ("return (x - y) ** 3", "x - y → y - x"),
        ("return x.sum(axis=0)", "x.sum(axis=0) → x.sum()"),
        ("return x.std(ddof=1)", "x.std(ddof=1) → x.std()"),
        ("x.sort()", "x.sort() → pass"),
        ("return sorted(x, reverse=True)", "sorted(x, reverse=True) → sorted(x)"),
    ],
)
def test_a_mistake_is_tried(body, change):
    assert change in changes(body)
