"""[ci] of course.toml."""

import pytest

from autograder.course import open_course
from autograder.errors import CourseError


@pytest.fixture
def opened(tmp_path):
    def of(text):
        (tmp_path / "course.toml").write_text(text)
        return open_course(tmp_path)

    return of


def test_without_the_table_feedback_is_full(opened):
    assert opened("").ci.hidden_feedback == opened("[ci]\n").ci.hidden_feedback == "full"


@pytest.mark.parametrize("level", ["counts", "full"])
def test_the_level_is_one_of_two(opened, level):
    assert opened(f'[ci]\nhidden_feedback = "{level}"\n').ci.hidden_feedback == level


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[ci]\nhidden_feedback = "none"\n', "ci.hidden_feedback: expected 'counts' or 'full', got 'none'."),
        ("[ci]\nhidden_feedback = true\n", "ci.hidden_feedback: expected 'counts' or 'full', got true."),
        (
            '[ci]\nhiden_feedback = "full"\n',
            "ci.hiden_feedback: expected one of hidden_feedback, got 'hiden_feedback'. Hint: hidden_feedback?",
        ),
        ('ci = "full"\n', "ci: expected a table, got 'full'."),
        ("[[ci]]\n", "ci: expected a table, got a list of 1."),
    ],
)
def test_another_value_is_refused_in_one_line(opened, text, said):
    with pytest.raises(CourseError) as caught:
        opened(text)
    assert str(caught.value).endswith(f"course.toml, {said}")
