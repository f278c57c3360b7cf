"""What `make load` hands in, and when."""

import collections

from benchmarks import portal_load

from autograder.course import bundled_course


def test_the_density_of_hand_ins_doubles_every_fifteen_seconds():
    """In 60 s, 1, 2, 4 and 8 of 15 parts come in each quarter; a fifth are second ones, and one in a hundred loops."""
    planned = portal_load.plan(bundled_course(), 1000, 60.0, 7)
    hand_ins = [each for many in planned.values() for each in many]
    quarters = collections.Counter(int(each.at // 15) for each in hand_ins)
    for quarter, parts in enumerate((1, 2, 4, 8)):
        assert abs(quarters[quarter] - 1000 * parts / 15) < 50  # three standard deviations of the largest
    assert len({each.data for each in hand_ins}) == len(hand_ins) == 1000
    assert sum(each.endless for each in hand_ins) == 10
    assert 130 < sum(len(many) - 1 for many in planned.values()) < 240


def test_a_run_is_bounded():
    planned = portal_load.plan(bundled_course(), 5000, 1e6, 7)
    hand_ins = [each for many in planned.values() for each in many]
    assert len(hand_ins) == portal_load.MOST_UPLOADS
    assert max(each.at for each in hand_ins) <= portal_load.MOST_SECONDS
