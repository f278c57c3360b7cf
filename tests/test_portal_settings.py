"""[portal] of course.toml: each key, what it is without it, and one line for each wrong value."""

import pytest

from autograder.course import open_course
from autograder.errors import CourseError
from autograder.portal_settings import PortalFeedback, read_portal_settings

KNOWN = ("a1_climber", "a2_layers")


def read(table):
    return read_portal_settings(table, "course.toml", KNOWN)


def test_without_the_table_hidden_feedback_is_full_with_five_tokens_of_twenty_minutes_and_a_week_to_ask():
    for table in (None, {}, {"feedback": {}}):
        settings = read(table)
        assert settings.url == ""
        assert settings.feedback_of("a1_climber") == PortalFeedback(
            before_due="full", after_due="full", tokens=5, token_minutes=20.0, regrade_days=7
        )


@pytest.mark.parametrize("level", ["public", "counts", "full"])
@pytest.mark.parametrize("moment", ["before_due", "after_due"])
def test_each_moment_has_one_of_three_levels(moment, level):
    assert getattr(read({"feedback": {moment: level}}).feedback, moment) == level


@pytest.mark.parametrize(
    ("key", "smallest", "largest"), [("tokens", 1, 10_000), ("token_minutes", 0.1, 100_000), ("regrade_days", 0, 1000)]
)
def test_a_number_may_be_its_smallest_and_its_largest(key, smallest, largest):
    for value in (smallest, largest):
        assert getattr(read({"feedback": {key: value}}).feedback, key) == value


@pytest.mark.parametrize("url", ["", "https://grading.example.edu", "http://[::1]:8000/portal", "http://127.0.0.1"])
def test_an_address_begins_with_http(url):
    assert read({"url": url}).url == url


def test_an_assignment_says_what_is_different_and_has_the_rest_from_all():
    table = {"feedback": {"before_due": "counts", "tokens": 3, "a1_climber": {"tokens": 9, "after_due": "public"}}}
    settings = read(table)
    assert settings.feedback_of("a1_climber") == PortalFeedback(before_due="counts", after_due="public", tokens=9)
    assert settings.feedback_of("a2_layers") == PortalFeedback(before_due="counts", tokens=3)


def test_a_course_reads_it_from_its_file(tmp_path):
    (tmp_path / "course.toml").write_text('[portal]\nurl = "https://a.example"\n[portal.feedback]\ntokens = 2\n')
    settings = open_course(tmp_path).portal
    assert (settings.url, settings.feedback.tokens) == ("https://a.example", 2)


LEVELS = "expected 'public', 'counts' or 'full'"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("x", "portal: expected a table [portal], with [portal.feedback] in it."),
        ([{}], "portal: expected a table [portal], with [portal.feedback] in it."),
        ({"feedback": "full"}, "portal: expected a table [portal], with [portal.feedback] in it."),
        ({"url": "grading.example.edu"}, "portal.url: expected an address such as https://grading.example.edu, got "),
        ({"url": "javascript:alert(1)"}, "portal.url: expected an address such as https://grading.example.edu, got "),
        ({"url": 'https://a.example/"x'}, "portal.url: expected an address such as https://grading.example.edu, got "),
        ({"url": 8000}, "portal.url: expected "),
        ({"url": "https://" + "a" * 300}, "portal.url: expected "),
        ({"ulr": ""}, "portal.ulr: expected one of url, feedback, got 'ulr'. Hint: url?"),
        ({"assignments": {}}, "portal.assignments: expected [portal.feedback.NAME] for one assignment."),
        ({"feedback": {"before_due": "none"}}, f"portal.feedback.before_due: {LEVELS}, got 'none'."),
        ({"feedback": {"after_due": True}}, f"portal.feedback.after_due: {LEVELS}, got true."),
        ({"feedback": {"tokens": 0}}, "portal.feedback.tokens: expected "),
        ({"feedback": {"tokens": 10_001}}, "portal.feedback.tokens: expected "),
        ({"feedback": {"tokens": 2.5}}, "portal.feedback.tokens: expected "),
        ({"feedback": {"tokens": "5"}}, "portal.feedback.tokens: expected "),
        ({"feedback": {"token_minutes": 0}}, "portal.feedback.token_minutes: expected "),
        ({"feedback": {"token_minutes": -1.0}}, "portal.feedback.token_minutes: expected "),
        ({"feedback": {"token_minutes": float("inf")}}, "portal.feedback.token_minutes: expected "),
        ({"feedback": {"token_minutes": float("nan")}}, "portal.feedback.token_minutes: expected "),
        ({"feedback": {"regrade_days": -1}}, "portal.feedback.regrade_days: expected "),
        ({"feedback": {"regrade_days": 1001}}, "portal.feedback.regrade_days: expected "),
        ({"feedback": {"token": 3}}, "portal.feedback.token: expected one of "),
        ({"feedback": {"a1_climbr": {}}}, "portal.feedback.a1_climbr: expected one of a1_climber, a2_layers, got "),
        ({"feedback": {"a1_climber": {"tokens": 0}}}, "portal.feedback.a1_climber.tokens: expected "),
        ({"feedback": {"a1_climber": {"tokns": 3}}}, "portal.feedback.a1_climber.tokns: expected one of "),
        ({"feedback": {"a1_climber": {"deep": {"er": 1}}}}, "portal.feedback.a1_climber.deep: expected one of "),
    ],
)
def test_a_wrong_value_is_one_line_with_its_place(table, said):
    with pytest.raises(CourseError) as caught:
        read(table)
    text = str(caught.value)
    assert text.startswith(f"course.toml, {said}")
    assert "\n" not in text
    assert len(text) < 400
