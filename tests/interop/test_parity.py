"""nbgrader autograde, otter on autograder.zip and our grader give every question the same score: a small sample.

All of the course: `make parity`. The differences by nature show on notebooks made for them.
"""

from collections import defaultdict
from types import SimpleNamespace

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


NOTHING_WAITS = defaultdict(lambda: defaultdict(float))


def in_the_answer(cells, lines):
    return [(k, n, s.replace("    return", f"{lines}    return") if n == "q1-solution" else s) for k, n, s in cells]


def graded(assignment, cells, tmp_path_factory):
    handed = parity.hand_in(assignment, cells, tmp_path_factory.mktemp("parity"))
    ours = parity.scores_of(parity.our_results(handed))
    return handed, ours, parity.nbgrader_scores(handed), parity.otter_scores(handed)


def test_three_graders_agree_where_nothing_else_is_listed(scores):
    handed, ours, theirs, others = scores
    found = parity.differences(handed, ours, NOTHING_WAITS, nbgrader=theirs, otter=others)
    assert {d.key for d in found} == {key for key in parity.known_differences() if key[0] == "a9_test"}


def test_ours_is_the_fairer_score_wherever_they_differ(scores):
    handed, ours, theirs, others = scores
    for difference in parity.differences(handed, ours, NOTHING_WAITS, nbgrader=theirs, otter=others):
        assert difference.ours > difference.theirs
        assert difference.ours == 10


def test_the_solution_gets_all_points_and_the_starter_none_from_each_of_them(scores):
    _, *graders = scores
    assert [s["solution"]["q1"] for s in graders] == [10, 10, 10]
    assert [s["starter"]["q1"] for s in graders] == [0, 0, 0]


def test_a_question_graded_by_hand_is_none_of_their_business(scores):
    _, *graders = scores
    assert all(set(own) == {"q1"} for s in graders for case, own in s.items() if case == "solution")


@pytest.mark.parametrize(("theirs", "differ"), [(1, True), (2, False), (5, False), (9, False), (10, True)])
def test_the_others_may_give_points_of_checks_that_wait_with_us_and_no_more(theirs, differ):
    handed = SimpleNamespace(assignment=SimpleNamespace(name="a"))
    found = parity.differences(handed, {"c": {"q1": 2.0}}, {"c": {"q1": 7.0}}, nbgrader={"c": {"q1": float(theirs)}})
    assert bool(found) == differ


def test_only_hidden_checks_that_need_another_question_wait():
    def check(id_, needs, visibility="hidden"):
        return SimpleNamespace(id=id_, needs=needs, visibility=visibility)

    checks = [check("q1.a", ("q0",)), check("q1.b", ()), check("q1.c", ("q0",), "public")]
    carried = [SimpleNamespace(id=c.id, carried=2.0) for c in checks]
    result = SimpleNamespace(questions=[SimpleNamespace(id="q1", checks=carried)])
    assert parity.waiting_points(SimpleNamespace(checks=checks), {"c": result}) == {"c": {"q1": 2.0}}


def test_every_known_difference_has_a_reason():
    assert all(len(reason) > 20 for reason in parity.known_differences().values())
