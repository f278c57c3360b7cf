"""A result that the system refuses to read stops every list of marks: nobody is left out in silence."""

import os

import pytest
from result_builders import record

from autograder.errors import UnreadableError
from autograder.records import store
from autograder.records.store import read_attempts, read_results, result_path


@pytest.fixture
def results(tmp_path):
    for student in ("ada", "bob"):
        path = result_path(tmp_path, "a1", student)
        path.parent.mkdir(exist_ok=True)
        path.write_text(record(student, "a1").to_json())
    return tmp_path


def closed(monkeypatch, path):
    """Let the system refuse this path, as it does to an ordinary user."""
    real = os.access
    monkeypatch.setattr(store.os, "access", lambda p, mode: str(p) != str(path) and real(p, mode))


@pytest.mark.parametrize("read", [read_results, read_attempts])
@pytest.mark.parametrize("place", ["a1/ada.json", "a1", "."])
def test_a_result_or_folder_without_permission_is_named(results, monkeypatch, read, place):
    path = results / place if place != "." else results
    closed(monkeypatch, path)
    with pytest.raises(UnreadableError) as caught:
        read(results)
    assert str(caught.value).startswith(f"{path}: expected a ")
    assert "no permission to read it" in str(caught.value)


def test_a_link_to_nothing_is_no_result(results):
    (results / "a1" / "cyd.json").symlink_to("nothing")
    assert [r.student for r in read_results(results)] == ["ada", "bob"]
