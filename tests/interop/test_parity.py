"""nbgrader autograde, otter on autograder.zip and our grader give every question the same score: a small sample.

All of the course: `make parity`. The differences by nature show on notebooks made for them.
"""

import pytest
from interop import parity

from autograder.assignment.samples import solved_cells

pytestmark = pytest.mark.real_tools


@pytest.fixture(scope="module")
def scores(skeleton, tmp_path_factory):
    cells = parity.chosen_cells(skeleton, wrong=1, right=0)  # `make parity` has more of them
    solved = solved_cells(skeleton)
    cells["writes-to-stderr"] = in_the_answer(solved, "    import sys\n    print('slow', file=sys.stderr)\n")
    cells["changes-folder"] = [(k, n, f"import os\n\nos.chdir('/')\n{s}" if n == "setup" else s) for k, n, s in solved]
    cells["hides-open"] = [*solved, ("code", "own-1", "open = 5")]
    return graded(skeleton, cells, tmp_path_factory)


def in_the_answer(cells, lines):
    return [(k, n, s.replace("    return", f"{lines}    return") if n == "q1-solution" else s) for k, n, s in cells]


def graded(assignment, cells, tmp_path_factory):
    handed = parity.hand_in(assignment, cells, tmp_path_factory.mktemp("parity"))
    ours = parity.our_scores(handed)
    return handed, ours, parity.nbgrader_scores(handed), parity.otter_scores(handed)


def test_three_graders_agree_where_nothing_else_is_listed(scores):
    handed, ours, theirs, others = scores
    found = parity.differences(handed, ours, nbgrader=theirs, otter=others)
    assert {d.key for d in found} == {key for key in parity.known_differences() if key[0] == "a9_test"}


def test_ours_is_the_fairer_score_wherever_they_differ(scores):
    handed, ours, theirs, others = scores
    for difference in parity.differences(handed, ours, nbgrader=theirs, otter=others):
        assert difference.ours > difference.theirs
        assert difference.ours == 10


def test_the_solution_gets_all_points_and_the_starter_none_from_each_of_them(scores):
    _, *graders = scores
    assert [s["solution"]["q1"] for s in graders] == [10, 10, 10]
    assert [s["starter"]["q1"] for s in graders] == [0, 0, 0]


def test_a_question_graded_by_hand_is_none_of_their_business(scores):
    _, *graders = scores
    assert all(set(own) == {"q1"} for s in graders for case, own in s.items() if case == "solution")


def test_every_known_difference_has_a_reason():
    assert all(len(reason) > 20 for reason in parity.known_differences().values())
