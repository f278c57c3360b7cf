"""Bells: a ring ends a wait, waits for nobody, and is heard once."""

import fcntl
import os
import select

import pytest

from autograder.portal.bells import made_bell, quieten, ring, wait_for_ring


@pytest.fixture
def bell():
    """(heard, ringing): its descriptors."""
    descriptors = made_bell()
    yield descriptors
    for each in descriptors:
        os.close(each)


def rings(heard):
    return bool(select.select([heard], [], [], 0)[0])


def test_a_ring_is_heard_once_however_often_it_rang(bell):
    heard, ringing = bell
    assert not rings(heard)
    ring([ringing, ringing])
    wait_for_ring(heard, 3600)
    assert not rings(heard)


def test_without_a_ring_a_wait_ends_too(bell):
    wait_for_ring(bell[0], 0)


def test_who_rings_waits_for_nobody_even_if_nobody_hears_for_a_term(bell):
    fcntl.fcntl(bell[1], fcntl.F_SETPIPE_SZ, 4096)  # else it is full after 65,536 rings
    ring([bell[1]] * 10_000)
    while rings(bell[0]):
        quieten(bell[0])


def test_a_program_that_a_process_starts_has_no_bell_of_its(bell):
    assert not any(map(os.get_inheritable, bell))


def test_the_database_rings_after_what_was_written_and_for_nothing_else(database):
    heard = []
    database.wrote = lambda: heard.append(1)
    with database.read():
        pass
    with pytest.raises(ZeroDivisionError), database.write():
        raise ZeroDivisionError
    assert heard == []
    with database.write():
        assert heard == []
    assert heard == [1]
