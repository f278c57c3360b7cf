"""What a failed comparison says, and that it says nothing about the answer."""

import tracemalloc

import numpy as np
import pytest

from autograder.authoring import Suspect, assert_array, assert_gradients, assert_number, assert_unchanged
from autograder.authoring.failing import DIAGNOSES, CheckFailed, fail

A = np.array([[1.0, -2.0, 3.0], [4.0, 5.0, -7.0]])
SQUARE = np.array([[1.0, 2.0], [-3.0, 5.0]])
GRADIENTS = {"W2": A, "b2": np.array([1.0, 2.0, 4.0]), "b1": np.array([3.0, 5.0]), "W1": SQUARE}


def verdict(assertion, *args, **settings):
    """(diagnosis, message) of a failure."""
    with pytest.raises(CheckFailed) as caught:
        assertion(*args, **settings)
    return caught.value.diagnosis, str(caught.value)


class TestArrays:
    @pytest.mark.parametrize("got", [A, A.tolist(), A + 1e-6, A.astype(np.float32), [A[0], A[1]]], ids=str)
    def test_a_right_answer_in_another_dress_passes(self, got):
        assert_array(got, A)

    @pytest.mark.parametrize(
        "got", [None, "A", {"A": 1}, [[1, 2], [3]], object(), [None], b"x"], ids=lambda v: type(v).__name__
    )
    def test_what_is_no_array_of_numbers_has_the_wrong_type(self, got):
        assert verdict(assert_array, got, A)[0] == "type"

    def test_nothing_returned_asks_for_a_return(self):
        assert "missing return" in verdict(assert_array, None, A, name="logits")[1]

    @pytest.mark.parametrize(
        ("got", "diagnosis"),
        [
            (A + 1j, "dtype"),
            (A > 0, "dtype"),
            (A * [1, np.nan, 1], "non_finite"),
            (0 * A, "zero"),
            (-A, "sign"),
            (2 * A, "scale"),
            (-0.37 * A, "scale"),
            (A.T, "transpose"),
            (A[None], "shape"),
            (A[:, :2], "shape"),
            (A + np.array([0, 0, 1]), "value"),
        ],
    )
    def test_each_slip_has_its_word(self, got, diagnosis):
        assert verdict(assert_array, got, A)[0] == diagnosis

    @pytest.mark.parametrize(
        ("got", "expected"),
        [(np.array([1, -1, 0]), np.array([1.5, -1.5, 0.25])), (np.zeros(2, dtype=int), np.array([0.3, 0.6])), (2, 2.6)],
    )
    def test_integers_that_cannot_hold_the_fractions_are_named(self, got, expected):
        """trunc(1.5) = 1, trunc(−1.5) = −1, trunc(0.25) = 0; 13 // 5 = 2 for 2.6."""
        diagnosis, message = verdict(assert_array, got, np.asarray(expected))
        assert diagnosis == "precision"
        assert "fractions cut off" in message

    def test_the_same_numbers_as_floats_are_no_cut_off_fractions(self):
        assert verdict(assert_array, np.array([1.0, 0.0]), np.array([1.5, 0.25]))[0] == "value"

    @pytest.mark.parametrize("odd", [np.inf, -np.inf, np.nan])
    def test_nothing_is_like_an_infinite_reference(self, odd):
        """Every finite number is closer than infinity to infinity: a slip's variant can overflow where no answer may."""
        expected = np.array([1.0, odd, 3.0])
        for got in (expected, np.zeros(3), np.array([1.0, 0.0, 3.0])):
            verdict(assert_array, got, expected)
        assert verdict(assert_array, A, A + 1, suspects=[Suspect(A + odd, "any number", "sign")])[0] != "sign"

    def test_a_square_transpose_is_recognised_by_its_numbers(self):
        assert verdict(assert_array, SQUARE.T, SQUARE)[0] == "transpose"

    def test_a_missing_sum_over_the_batch_is_recognised_by_its_shape(self):
        diagnosis, message = verdict(assert_array, np.ones((7, 6)), np.ones(6), name="db", batch=7)
        assert diagnosis == "batch_sum"
        assert "expected shape (6,), got one row an example" in message

    def test_a_constant_multiple_takes_more_than_one_entry_that_is_not_zero(self):
        one = np.array([0.0, 0.0, 1.0])
        assert verdict(assert_array, 0.7 * one, one)[0] == "value"
        assert verdict(assert_array, 0.7 * np.array([0.0, 3.0, 1.0]), np.array([0.0, 3.0, 1.0]))[0] == "scale"

    def test_an_answer_with_digits_lost_is_close(self):
        diagnosis, message = verdict(assert_array, A + 1e-3 * A**2, A)
        assert diagnosis == "precision"
        assert message.startswith("the result: close to the reference, and not right: a difference quotient")

    @pytest.mark.parametrize(
        ("got", "form"),
        [
            (A.astype(np.longdouble), "np.longdouble"),
            (A.astype(object), "Python objects"),
            (A.astype(complex), "complex numbers"),
            (A.astype(str), "text"),
            (A.astype(">f8"), "another byte order"),
        ],
    )
    def test_an_array_of_another_kind_is_named_before_its_shape(self, got, form):
        diagnosis, message = verdict(assert_array, got, A)
        assert diagnosis == "dtype"
        assert "expected real numbers, got an array " in message
        assert form in message

    @pytest.mark.parametrize("got", [A.astype(np.float16), np.ma.masked_array(A), [tuple(r) for r in A]])
    def test_a_right_answer_in_an_odd_array_passes(self, got):
        assert_array(got, A)

    def test_an_axis_of_length_one_is_a_shape_with_a_hint(self):
        diagnosis, message = verdict(assert_array, np.ones((1, 6)), np.ones(6), batch=7)
        assert diagnosis == "shape"
        assert "keepdims" in message

    def test_an_answer_of_zeros_must_be_exactly_zero(self):
        assert_array(-np.zeros(3), np.zeros(3))
        assert verdict(assert_array, np.full(3, 1e-300), np.zeros(3))[0] == "value"

    def test_a_suspect_speaks_before_anything_else(self):
        suspects = [Suspect(A + 1, "that is one too many.", "stale"), Suspect(-A, "upside down.", "chain")]
        assert verdict(assert_array, A + 1, A, name="x", suspects=suspects) == ("stale", "x: that is one too many.")
        assert verdict(assert_array, -A, A, name="x", suspects=suspects) == ("chain", "x: upside down.")

    def test_a_suspect_that_equals_the_answer_accuses_nobody(self):
        assert_array(A, A, suspects=[Suspect(A, "never said.")])

    def test_a_right_answer_asks_for_no_suspect(self):
        def suspects():
            raise AssertionError("asked for")
            yield

        assert_array(A, A, suspects=suspects())
        assert_number(2.0, 2.0, suspects=suspects())
        assert_gradients(GRADIENTS, GRADIENTS, suspects=suspects())

    def test_a_factor_of_the_question_goes_before_the_usual_ones(self):
        diagnosis, message = verdict(assert_array, 4 * A, A, factors={4: "N ×"})
        assert diagnosis == "scale"
        assert "N ×" in message

    def test_no_message_quotes_the_answer(self):
        secret = np.array([123456.5, -98765.25])
        for got in (None, secret + 100, -secret, 2 * secret, secret[:1], secret * np.nan, secret.astype(complex)):
            message = verdict(assert_array, got, secret)[1]
            assert "12345" not in message
            assert "98765" not in message


class TestDtype:
    def test_single_precision_must_be_single_and_has_a_tolerance_of_its_own(self):
        assert_array((A * (1 + 5e-5)).astype(np.float32), A, dtype=np.float32)  # within 1e-4, not within 1e-5
        diagnosis, message = verdict(assert_array, A, A, dtype=np.float32)
        assert diagnosis == "dtype"
        assert "got float64" in message

    def test_an_integer_mask_is_named_where_double_came_out_of_single(self):
        assert "(z > 0).astype(int) * g" in verdict(assert_array, A, A, dtype=np.float32)[1]
        assert "got float16" in verdict(assert_array, A.astype(np.float16), A, dtype=np.float32)[1]

    def test_a_list_has_no_dtype(self):
        assert verdict(assert_array, A.tolist(), A, dtype=np.float32)[0] == "dtype"


class TestNumbers:
    @pytest.mark.parametrize("got", [2, 2.0, np.float32(2), np.array(2.0), np.array([2.0])], ids=repr)
    def test_one_number_has_many_dresses(self, got):
        assert_number(got, 2.0)

    def test_an_array_is_not_one_number(self):
        assert verdict(assert_number, np.ones(3), 1.0)[0] == "shape"

    @pytest.mark.parametrize(
        ("got", "words"),
        [
            (4.0, "yours is twice the reference. Hint: look for a factor too many"),
            (1.0, "yours is half of the reference. Hint: look for a factor that is missing"),
            (-2.0, "yours = −1 × the reference"),
            (0.0, "zero, and the answer is not"),
            (2.001, "close to the reference, and not right"),
            (2.7, "larger than the reference"),
            (1.7, "smaller than the reference"),
        ],
    )
    def test_a_number_has_sentences_of_its_own(self, got, words):
        message = verdict(assert_number, got, 2.0)[1]
        assert words in message
        assert not {"entries", "everywhere", "multiple"} & set(message.split())

    def test_a_suspect_is_named(self):
        suspects = [Suspect(10.0, "yours is the sum.", "scale")]
        assert verdict(assert_number, 10.0, 2.0, suspects=suspects) == ("scale", "the result: yours is the sum.")


class TestGradients:
    def test_all_right_passes_in_any_order(self):
        assert_gradients(dict(reversed(GRADIENTS.items())), GRADIENTS)

    @pytest.mark.parametrize("got", [None, [A], "W1", 3.0], ids=repr)
    def test_anything_but_a_dict_has_the_wrong_type(self, got):
        assert verdict(assert_gradients, got, GRADIENTS)[0] == "type"

    def test_a_prefix_is_recognised(self):
        diagnosis, message = verdict(assert_gradients, {f"d{k}": v for k, v in GRADIENTS.items()}, GRADIENTS)
        assert diagnosis == "keys"
        assert "without a prefix" in message

    def test_other_names_are_counted_and_not_printed(self):
        diagnosis, message = verdict(assert_gradients, {**GRADIENTS, "stolen input": A}, GRADIENTS)
        assert diagnosis == "keys"
        assert "stolen" not in message

    def test_it_praises_what_is_right_and_speaks_of_the_first_that_is_not(self):
        got = {**GRADIENTS, "b1": GRADIENTS["b1"] + [0, 1], "W1": SQUARE + 1}
        diagnosis, message = verdict(assert_gradients, got, GRADIENTS, hints={"b1": "look at the step through relu"})
        assert diagnosis == "value"
        assert message.startswith("b1: some entries differ")
        assert "look at the step through relu" in message
        assert "(W2, b2: right.)" in message

    def test_one_slip_in_all_of_them_is_said_once(self):
        message = verdict(assert_gradients, {k: 2 * v for k, v in GRADIENTS.items()}, GRADIENTS)[1]
        assert message.startswith("W2, b2, b1, W1: yours is twice the reference")

    def test_a_suspect_may_concern_some_of_them(self):
        wrong = {"b1": GRADIENTS["b1"] * 3, "W1": SQUARE - 1}
        suspects = [Suspect(wrong, "matches a backward that uses W2 after its update.", "stale")]
        diagnosis, message = verdict(assert_gradients, {**GRADIENTS, **wrong}, GRADIENTS, suspects=suspects)
        assert diagnosis == "stale"
        assert message == "b1, W1: matches a backward that uses W2 after its update."

    @pytest.mark.parametrize("odd", [None, "x", [[1], [2, 3]], {}, A + 1j], ids=str)
    def test_odd_entries_are_told_and_break_nothing(self, odd):
        suspects = [Suspect({"W1": SQUARE + 1}, "never said.")]
        assert verdict(assert_gradients, {**GRADIENTS, "W1": odd}, GRADIENTS, suspects=suspects)[0] in {"type", "dtype"}


class TestUnchanged:
    def test_one_bit_is_enough(self):
        assert_unchanged(A.copy(), A, name="X")
        assert verdict(assert_unchanged, np.nextafter(A, 9), A, name="X")[0] == "mutated"

    def test_an_entry_of_a_dict_gets_a_remedy_that_does_not_change_the_dict(self):
        assert "new dict" in verdict(assert_unchanged, A + 1, A, name='params["W1"]')[1]


@pytest.mark.parametrize("assertion", [assert_array, lambda got, _: assert_number(got, 1.0)])
def test_an_answer_of_another_shape_is_not_converted(assertion):
    """Two million numbers of one byte are 16 MB as float64."""
    tracemalloc.start()
    try:
        assert verdict(assertion, np.zeros((2_000_000, 1), dtype=np.int8), A)[0] == "shape"
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


def test_a_diagnosis_must_be_a_known_word():
    with pytest.raises(ValueError, match="expected one of"):
        CheckFailed("x", "no such word")
    assert all(phrase and phrase[0].islower() for phrase in DIAGNOSES.values())


@pytest.mark.parametrize("line", ["one row too many.", "one passed: is any list empty?"])
def test_a_line_ends_with_one_sign(line):
    assert str(CheckFailed(line, "value")) == line


def test_a_message_with_a_hint_of_its_own_gets_no_second_one():
    with pytest.raises(CheckFailed) as caught:
        fail("one row too many. Hint: count from 0.", "off_by_one", subject="the path", hint="row 0 is x0")
    assert str(caught.value) == "the path: one row too many. Hint: count from 0."
