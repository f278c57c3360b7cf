"""A name that a later cell overwrote by mistake: the function that was right is judged, and the page names the cell."""

import pytest
from attacks.arena import RIGHT

SCRATCH = {
    "the function by its result": ("mean_square = mean_square(np.ones(2))", "mean_square", "cell 3"),
    "the function deleted": ("del mean_square", "mean_square", "cell 3"),
    "the function by None": ("mean_square = None", "mean_square", "cell 3"),
    "NumPy by a number": ("np = 5", "np", "cell 1"),
    "a function of Python's own": ("float = 0.5", "float", "Python's own"),
    "in a loop": ("for mean_square in range(3): pass", "mean_square", "cell 3"),
    "in a cell that fails then": ("mean_square = 3\n1 / 0", "mean_square", "cell 3"),
}


@pytest.mark.parametrize("name", SCRATCH)
def test_the_function_that_was_overwritten_is_judged_and_the_cell_is_named(arena, name):
    code, lost, meant = SCRATCH[name]
    result = arena.attack(last=code)
    assert result.score == 15
    (entry,) = [e for e in result.cell_errors if e.kind == "overwrote"]
    assert entry.cell == 5
    assert f"`{lost}`" in entry.error
    assert meant in entry.error


def test_a_new_function_of_the_same_name_is_meant(arena):
    result = arena.attack(last="def mean_square(x): return 0.0")
    assert (result.score, result.cell_errors) == (5, ())


def test_a_variable_with_a_name_of_pythons_own_stays_if_an_answer_below_may_use_it(arena):
    answer = "max = 1.0\n" + RIGHT.replace("return float", "return max * float")
    assert arena.attack(answer=answer).score == 15
