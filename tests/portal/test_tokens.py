"""Tokens: two in a row and one more each ten minutes, computed from the hand-ins alone."""

from datetime import timedelta

from portal.portal_helpers import at

from autograder.portal.tokens import CountedHandIn, count_tokens

TEN = timedelta(minutes=10)


def minute(number):
    return at(60 * number)


def count(*minutes, now, idle=()):
    hand_ins = [CountedHandIn(str(m), minute(m), m not in idle) for m in minutes]
    return count_tokens(hand_ins, 2, TEN, minute(now))


def test_without_a_hand_in_all_tokens_are_there():
    assert (count(now=0).left, count(now=0).next) == (2, None)


def test_each_hand_in_spends_one_and_one_comes_back_after_ten_minutes():
    counted = count(0, 1, now=1)
    assert counted.opens == {"0": minute(0), "1": minute(1)}
    assert (counted.left, counted.next) == (0, minute(10))
    assert count(0, 1, now=10).left == 1
    assert count(0, 1, now=20).left == 2


def test_a_hand_in_without_a_token_waits_for_the_next_one_and_spends_it():
    assert count(0, 1, 2, now=2).opens["2"] == minute(10)
    later = count(0, 1, 2, now=10)
    assert (later.left, later.next) == (0, minute(20))


def test_of_several_that_wait_only_the_newest_gets_the_token():
    """So nobody gets more feedback by handing in faster: three that wait cost one token, and one of them opens."""
    counted = count(0, 1, 2, 3, 4, now=10)
    assert [counted.opens[m] for m in "234"] == [None, None, minute(10)]
    assert (counted.left, counted.next) == (0, minute(20))


def test_one_that_waited_has_its_token_before_the_next_hand_in():
    counted = count(0, 1, 2, 12, now=12)
    assert counted.opens["2"] == minute(10)
    assert counted.opens["12"] == minute(20)


def test_what_gives_no_hidden_feedback_spends_nothing():
    counted = count(0, 1, 2, now=2, idle=(0,))
    assert counted.opens == {"0": minute(0), "1": minute(1), "2": minute(2)}
