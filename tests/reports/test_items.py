"""How hard, how telling, and what looks broken. Correlations are worked by hand."""

import pytest
from result_builders import check, nothing, question, record

from autograder.reports.items import check_items, item_rest, question_items
from autograder.reports.limits import limits_met
from autograder.reports.needs_a_person import groups, reasons
from autograder.reports.summary import spread, summarise
from autograder.reports.words import Waiting


def test_an_item_is_compared_with_the_total_less_itself():
    """Item 1 1 0 0 worth 10 each, totals 30 20 20 0: the rest is 20 10 20 0, mean 12.5, deviations 7.5 −2.5 7.5 −12.5.

    Item deviations ±0.5: covariance (7.5 − 2.5 − 7.5 + 12.5) / 2 = 5; squares 1 and 275; r = 5 / √275 = 0.30151.
    """
    assert item_rest([1, 1, 0, 0], [10, 10, 0, 0], [30, 20, 20, 0]) == pytest.approx(0.3015113)


def test_with_the_item_left_in_it_would_agree_with_itself():
    """All else being equal there is nothing to compare with, though item and total are one and the same."""
    assert item_rest([1, 0, 1], [10, 0, 10], [15, 5, 15]) is None


@pytest.mark.parametrize("item", [[1, 1, 1], [0, 0, 0]])
def test_an_item_that_is_the_same_for_all_has_no_discrimination(item):
    assert item_rest(item, [0, 0, 0], [1, 2, 3]) is None


def student(i, passes, elsewhere, visibility="hidden"):
    """q1.x, worth 1, and q2 with as many points elsewhere."""
    own = check("q1.x", float(passes), 1.0, visibility=visibility)
    return record(f"s{i:02}", questions=(question("q1", own), question("q2", check("q2.y", float(elsewhere), 100.0))))


def of_class(*passes, **fields):
    """The item q1.x of a class in which the i-th student has i points elsewhere."""
    return check_items([student(i, p, i, **fields) for i, p in enumerate(passes)])[0]


def test_a_check_that_the_weaker_half_passes_is_flagged_with_the_strongest_who_fail():
    """Ten pass with 0 to 9, ten fail with 10 to 19: the difference of means 10, over the spread √33.25, halved."""
    item = of_class(*[1] * 10, *[0] * 10)
    assert item.discrimination == pytest.approx(-10 / 33.25**0.5 / 2)  # point-biserial: −0.8671
    assert (item.flag, item.strongest) == ("negative", ("s19", "s18", "s17"))
    assert (item.rate, item.full, item.n) == (0.5, 10, 20)


def test_the_right_way_round_nothing_is_flagged():
    item = of_class(*[0] * 10, *[1] * 10)
    assert item.discrimination == pytest.approx(10 / 33.25**0.5 / 2)
    assert (item.flag, item.strongest) == ("", ())


def test_what_all_fail_and_what_all_pass_is_flagged_and_says_nothing_of_who_can():
    assert [(i.flag, i.discrimination) for i in (of_class(*[0] * 20), of_class(*[1] * 20))] == [
        ("nobody", None),
        ("everybody", None),
    ]


def test_a_public_check_that_all_pass_is_as_it_should_be():
    assert of_class(*[1] * 20, visibility="public").flag == ""
    assert of_class(*[0] * 20, visibility="public").flag == "nobody"


def test_a_small_class_flags_nothing():
    assert of_class(*[0] * 19).flag == ""
    assert of_class(*[1] * 10, *[0] * 9).flag == ""


def test_four_who_fail_are_too_few_to_say_that_a_check_is_the_wrong_way_round():
    item = of_class(*[1] * 16, *[0] * 4)
    assert item.discrimination < -0.5
    assert item.flag == ""
    assert of_class(*[1] * 15, *[0] * 5).flag == "negative"


def test_a_check_worth_nothing_still_tells_who_passes():
    """It adds nothing to the total: 1 1 0 with 1, 2 and 3 points elsewhere; (−1·⅓ + 0·⅓ − 1·⅔) / √(2 · ⅔) = −0.8660."""
    graded = [
        record(
            f"s{i}",
            questions=(
                question("q1", check("q1.x", 0.0, 0.0, outcome=o)),
                question("q2", check("q2.y", float(i), 9.0)),
            ),
        )
        for i, o in ((1, "pass"), (2, "pass"), (3, "fail"))
    ]
    assert check_items(graded)[0].discrimination == pytest.approx(-(3**0.5) / 2)
    assert question_items(graded)[0].rate == 0.0  # and no division by its points


def test_results_of_other_checks_do_not_mix():
    """A check that only some results have is judged over those."""
    old, new = student(1, 1, 5), record("new", questions=(question("q9", check("q9.z", 3.0, 4.0, outcome="fail")),))
    assert [(q.id, q.n) for q in question_items([old, new])] == [("q1", 1), ("q2", 1), ("q9", 1)]


def test_quartiles_of_five_scores_are_three_of_them():
    s = spread([10.0, 50.0, 20.0, 40.0, 30.0])
    assert (s.low, s.q1, s.median, s.q3, s.high, s.mean, s.n) == (10, 20, 30, 40, 50, 30, 5)
    alone = spread([7.0])
    assert (alone.q1, alone.median, alone.q3) == (7, 7, 7)


def test_a_misconception_counts_a_student_once_however_many_checks_say_so():
    def of(student, *diagnoses):
        wrong = [check(f"q1.{i}", diagnosis=d, outcome="fail") for i, d in enumerate(diagnoses)]
        return record(student, questions=(question("q1", *wrong),))

    found = summarise([of("a", "sign", "sign"), of("b", "sign", "shape"), of("c", "not_implemented", "timeout")])
    assert [(m.diagnosis, m.students) for m in found.misconceptions] == [("sign", 2), ("shape", 1)]
    assert [(m.check, m.names) for m in found.misconceptions[0].mistakes] == [("q1.0", ("a", "b")), ("q1.1", ("a",))]


def test_limits_are_counted_by_kind_with_who_met_them():
    def of(student, *outcomes, **fields):
        checks = [check(f"q1.{i}", outcome=o, diagnosis=d) for i, (o, d) in enumerate(outcomes)]
        return record(student, questions=(question("q1", *checks),), **fields)

    met = limits_met(
        [
            of("a", ("timeout", "timeout"), ("timeout", "timeout"), ("error", "memory")),
            of("b", ("timeout", "timeout"), flags=({"kind": "output", "data": ("64",)},)),
            of(
                "c",
                ("crash", "crash"),
                cell_errors=({"cell": 1, "error": "x"}, {"cell": 2, "error": "left out: why", "kind": "left_out"}),
            ),
            of("d", ("fail", "sign"), ("error", "raised")),
        ]
    )
    assert [(m.name, m.students, m.events) for m in met] == [
        ("time", ("a", "b"), 3),
        ("memory", ("a",), 1),
        ("crash", ("c",), 1),
        ("deadly cell", ("c",), 1),
        ("cell error", ("c",), 1),
        ("output", ("b",), 1),
    ]
    assert met[0].places == (("q1.0", 2), ("q1.1", 1))


def test_who_needs_a_person_is_grouped_the_gravest_first_and_each_reason_is_said_once():
    safe = {"sandbox": {"tier": "A"}, "suite_sha256": "1"}
    found = [
        record("a", flags=({"kind": "checks_changed", "data": ("q1-a",)},), **safe),
        record("b", flags=({"kind": "checks_changed", "data": ("q1-a",)},), **safe),
        record("c", flags=({"kind": "named_after", "data": ("a",)},), **safe),
        record("d", **safe | {"suite_sha256": "2"}),
        record("e", **safe | {"sandbox": {"tier": "unsafe"}}),
        record("f", suite_sha256="1"),
        nothing("g"),
        nothing("h", status="malformed"),
        record("i", **safe),
        record("j", flags=({"kind": "libraries", "data": ("torch",)}, {"kind": "ids_missing"}), **safe),  # notes
    ]
    listed = groups(reasons(found, [Waiting("a1", "i", "explain", "")]))
    assert [(g.kind, [line.students for line in g.lines]) for g in listed] == [
        ("unsafe", [("e",)]),
        ("no sandbox", [("f",)]),
        ("malformed", [("h",)]),
        ("other checks", [("d",)]),
        ("flag", [("c",), ("a", "b")]),
        ("answer", [("i",)]),
        ("missing", [("g",)]),
    ]


def test_what_says_little_counts_only_where_no_check_of_the_question_says_more():
    def of(student, *words):
        checks = [check(f"q1.{i}", diagnosis=word) for i, word in enumerate(words)]
        return record(student, questions=(question("q1", *checks),))

    summary = summarise([of("a", "example", "axis"), of("b", "value", "axis"), of("c", "example"), of("d", "value")])
    assert {m.diagnosis: m.students for m in summary.misconceptions} == {"axis": 2, "example": 1, "value": 1}
