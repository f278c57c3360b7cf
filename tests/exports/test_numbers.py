"""Numbers as hosts write them, with a point or a comma."""

import pytest

from autograder.exports.numbers import decimal_sign, first_number, number_text, read_number


@pytest.mark.parametrize(
    ("texts", "sign"),
    [
        (["90,50", "100,00"], ","),
        (["90.50", "100,00", "1.5"], "."),
        (["1,234.00"], "."),
        (["1.234,00", "0,5"], ","),
        (["1,500", "27.11.2026", "Ada, B.", "x1,5", "", "7"], "."),  # nothing here says that it is a comma
        ([], "."),
    ],
)
def test_the_sign_is_the_one_that_most_numbers_have(texts, sign):
    assert decimal_sign(texts) == sign


@pytest.mark.parametrize(
    ("text", "sign", "number"),
    [
        ("100,00", ",", 100.0), ("90.50", ".", 90.5), ("1,234.5", ".", 1234.5), ("1.234,5", ",", 1234.5),
        ("1 234,5", ",", 1234.5), (" 7 ", ".", 7.0), ("-0.5", ".", -0.5), ("", ".", None), ("EX", ".", None),
        ("90%", ".", None), ("1.2.3", ".", None), ("\u0663", ".", None), ("1e9", ".", None),
    ],
)  # fmt: skip
def test_a_number_is_read_with_its_sign(text, sign, number):
    assert read_number(text, sign) == number


def test_a_score_is_written_with_the_sign_and_all_its_digits():
    assert [number_text(88.5, ","), number_text(99.999996, "."), number_text(80.0, ",")] == ["88,5", "99.999996", "80"]


def test_the_first_number_of_a_header():
    assert [first_number(t) for t in ("Total Pts: 100 Score", "up to 1,000.5", "12,50", "none")] == [
        [100.0], [1000.5], [12.5], [],
    ]  # fmt: skip
