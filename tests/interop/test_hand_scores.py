"""`export --with-manual`: what a person gave in formgrader is added to what counts."""

import pytest
from interop.classroom import NAME, Classroom
from result_builders import grade
from typer.testing import CliRunner

from autograder.cli.main import app
from autograder.errors import AutograderError
from autograder.hand.given import Given, waiting
from autograder.interop.hand_scores import hand_scores


@pytest.fixture(scope="module")
def room(tmp_path_factory, skeleton, sandboxes):
    sandbox = sandboxes.open({skeleton.name: skeleton.handouts})
    room = Classroom(tmp_path_factory.mktemp("hand") / "course", sandbox)
    with pytest.raises(AutograderError, match="gradebook: expected one, got none"):
        hand_scores(room.course, [NAME])
    assert not (room.course.work / "gradebook.db").exists()
    for student in ("ada", "bob", "eve", "zoe"):
        room.hand_in(student)
    room.export()
    return room


def test_manual_scores_extra_credit_and_corrections_count_and_what_waits_is_counted(room):
    """Automatically each has 2 + 7 + 1; the answer in words is worth 5."""
    room.by_hand("ada", manual_score=4.0, comment=" Whose variance? ")
    room.by_hand("bob", manual_score=3.0, extra_credit=0.5)
    room.by_hand("bob", "q1-after-you-hand-in", manual_score=2.5)  # 5.5 less than the 8 of the hidden checks
    room.by_hand("eve", "q1-after-you-hand-in", extra_credit=1.0)
    room.by_hand("zoe", "q1-solution", comment="Say what x is.", grade=False)
    work = hand_scores(room.course, [NAME, "a0_never_exported"])
    assert work.points == {(NAME, "ada"): 4, (NAME, "bob"): -2, (NAME, "eve"): 1, (NAME, "zoe"): 0}
    assert [s for s in ("ada", "bob", "eve", "zoe") if waiting(work.of((NAME, s)), ["explain"])] == ["eve", "zoe"]
    assert work.given[NAME, "ada"] == {"explain": Given(4.0, "Whose variance?")}
    assert work.given[NAME, "bob"] == {"explain": Given(3.5), "q1": Given(-5.5)}
    assert work.given[NAME, "zoe"] == {"explain": Given(None, waits=True), "q1": Given(None, "Say what x is.")}


def test_reading_changes_nothing(room):
    before = room.dump()
    hand_scores(room.course, [NAME])
    assert room.dump() == before


def test_the_command_says_how_many_wait_and_how_many_the_gradebook_has_not_seen(room, monkeypatch):
    """bob's and ada's are graded by now; fay handed in after the last export, and waits as eve and zoe do."""
    room.hand_in("fay")
    grade(room.course.work / "results", *room.grade())
    monkeypatch.chdir(room.root)
    done = CliRunner().invoke(app, ["export", "csv", "--with-manual"])
    lines = done.stderr.splitlines()
    assert "autograder: not in the gradebook yet: 1 of 5 submissions. Hint: autograder export nbgrader." in lines
    assert (
        "autograder: 3 grades are still for a person to give. Hint: nbgrader formgrader, or autograder hand sheet."
        in lines
    )
