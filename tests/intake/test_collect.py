"""What comes back from students, in every shape that a host gives it, and where it goes."""

import hashlib
import json
import re

import pytest
from intake.counter import HOUR, NOON, SECRET, notebook, zip_bytes, zipped

from autograder.errors import AutograderError
from autograder.intake.adopting import adopt
from autograder.intake.received import Received
from autograder.intake.submissions import find_submissions

ROSTER = "id,name,email,canvas_id,moodle_id\nada,Ada Lovelace,ada@uni.edu,11,\nbob,Bob Noyce,bob@uni.edu,22,701\n"
GRADESCOPE = """\
submission_1:
  :submitters:
  - :name: Ada Lovelace
    :sid: 'ada'
    :email: ada@uni.edu
  :created_at: 2026-11-29 10:15:48.353478000 Z
  :score: 1.0
  :results: !ruby/hash:ActiveSupport::HashWithIndifferentAccess
    output: ''
submission_2:
  :submitters:
  - :name: Bob
    :sid:
    :email: bob@uni.edu
  - :name: Cyd
    :sid: '33'
    :email: cyd@uni.edu
  :created_at: 2026-11-29 10:15:48.353478000 -07:00
submission_3:
  :submitters: []
"""


def test_a_canvas_archive_is_placed_by_its_user_numbers(counter):
    """Made as Canvas makes it: NAME[_LATE]_USER_ATTACHMENT_FILE, `-1` for a file handed in again."""
    source = zipped(
        counter.folder / "submissions.zip",
        {
            "lovelaceada_11_901_a1.ipynb": notebook("ada"),
            "noycebob_LATE_22_902_my work-1.ipynb": notebook("bob"),
            "müllerzoë_33_903_a1.ipynb": notebook("zoë"),
            "LATE_anon_a1B2c_904_a1-2.ipynb": notebook("anonymous"),
        },
    )
    taken, problems = counter.collect(source)
    assert (taken, problems) == ([(who, "a1", "new") for who in ("11", "22", "33", "anon_a1B2c")], [])
    assert counter.files()["22/a1/a1.ipynb"] == notebook("bob")
    assert [counter.record(who)["late"] for who in ("11", "22", "33", "anon_a1B2c")] == [False, True, False, True]
    assert [s.student for s in find_submissions(counter.out, ["a1"]) if s.notebook] == ["11", "22", "33", "anon_a1B2c"]


def test_a_roster_gives_canvas_users_their_ids_and_reports_strangers(counter):
    source = zipped(
        counter.folder / "s.zip", {"lovelaceada_11_901_a1.ipynb": notebook(), "eve_99_902_a1.ipynb": notebook()}
    )
    taken, problems = counter.collect(source, roster=ROSTER)
    assert taken == [("ada", "a1", "new")]
    assert problems == [("Canvas user 99", "nobody in the roster has the canvas_id '99'")]


def test_a_canvas_name_that_ends_like_a_number_makes_nobody_somebody_else(counter):
    """Who calls herself `Eve_11` gets `eve_11_22_901_a1.ipynb`: user 22's, or user 11's file `901_a1.ipynb`."""
    source = zipped(counter.folder / "s.zip", {"eve_11_22_901_a1.ipynb": notebook()})
    taken, problems = counter.collect(source)
    assert taken == []
    assert "the Canvas users 11 or 22" in problems[0][1]
    assert counter.collect(source, roster=ROSTER)[0] == []  # both are in the class
    only_bob = "id,canvas_id\nbob,22\n"
    assert counter.collect(source, roster=only_bob)[0] == [("bob", "a1", "new")]


@pytest.mark.parametrize(
    "folder", ["Ada Lovelace_700_assignsubmission_file_/", "Ada Lovelace_700_assignsubmission_file/"]
)
def test_a_moodle_archive_is_placed_by_participant_or_full_name(counter, folder):
    source = zipped(
        counter.folder / "s.zip",
        {
            f"{folder}a1.ipynb": notebook("ada"),
            "Ada Lovelace_700_assignsubmission_onlinetext_/onlinetext.html": b"hello",
            "Robert N_701_assignsubmission_file_/work.ipynb": notebook("bob"),
        },
    )
    assert counter.collect(source, roster=ROSTER) == ([("ada", "a1", "new"), ("bob", "a1", "new")], [])
    counter.out = counter.folder / "without"
    assert counter.collect(source) == ([("Ada-Lovelace", "a1", "new"), ("Robert-N", "a1", "new")], [])


def test_a_flat_moodle_archive_and_two_people_of_one_name(counter):
    files = {f"Ada L_{n}_assignsubmission_file_a1.ipynb": notebook(n) for n in ("1", "2")}
    source = zipped(counter.folder / "s.zip", {**files, "Bob_3_assignsubmission_file_a1.ipynb": notebook()})
    taken, problems = counter.collect(source)
    assert sorted(taken) == [("Ada-L-1", "a1", "new"), ("Ada-L-2", "a1", "new"), ("Bob", "a1", "new")]
    assert problems == []


def test_a_gradescope_export_is_placed_for_each_member_with_its_own_time(counter):
    top = "assignment_7_export"
    source = zipped(
        counter.folder / "s.zip",
        {
            f"{top}/submission_metadata.yml": GRADESCOPE.encode(),
            f"{top}/submission_1/a1.ipynb": notebook("ada"),
            f"{top}/submission_1/submission_metadata.yml": b"submission_2: {}",  # a student's own
            f"{top}/submission_2/a1.ipynb": notebook("both"),
            f"{top}/submission_3/a1.ipynb": notebook("nobody"),
            f"{top}/submission_4/a1.ipynb": notebook("unknown"),
        },
    )
    taken, problems = counter.collect(source)
    assert taken == [("ada", "a1", "new"), ("bob@uni.edu", "a1", "new"), ("33", "a1", "new")]
    assert sorted(file for file, _ in problems) == [f"{top}/submission_4/a1.ipynb", "submission_3"]
    assert counter.files()["ada/a1/timestamp.txt"] == b"2026-11-29 10:15:48.353478 UTC"
    assert counter.files()["33/a1/timestamp.txt"] == b"2026-11-29 17:15:48.353478 UTC"  # 7 hours west of Greenwich
    assert counter.record("ada")["clock"] == "host"


def test_a_gradescope_list_that_one_student_hands_in_elsewhere_says_nothing_about_the_others(counter):
    folder = "{} L_{}_assignsubmission_file_"
    forged = GRADESCOPE.replace("submission_1", folder.format("Bob", 2)).encode()
    source = zipped(
        counter.folder / "s.zip",
        {
            f"{folder.format('Ada', 1)}/submission_metadata.yml": forged,
            f"{folder.format('Ada', 1)}/a1.ipynb": notebook("ada"),
            **{f"{folder.format('Ada', 1)}/data/{n}.txt": b"" for n in range(20)},  # most files of the archive
            f"{folder.format('Bob', 2)}/a1.ipynb": notebook("bob"),
            f"{folder.format('Cyd', 3)}/a1.ipynb": notebook("cyd"),
        },
    )
    taken, _ = counter.collect(source)
    assert sorted(student for student, _, _ in taken) == ["Ada-L", "Bob-L", "Cyd-L"]


def test_folders_of_every_shape_are_placed(counter):
    root = counter.folder / "given"
    for path in ("ada/a1/a1.ipynb", "bob/a2.ipynb", "cyd_a1.ipynb", "a2-dan.ipynb"):
        root.joinpath(path).parent.mkdir(parents=True, exist_ok=True)
        root.joinpath(path).write_bytes(notebook(path))
    taken, problems = counter.collect(root, names=())
    assert sorted(taken) == [("ada", "a1", "new"), ("bob", "a2", "new"), ("cyd", "a1", "new"), ("dan", "a2", "new")]
    assert problems == []
    (root / "eve.ipynb").write_bytes(notebook("eve"))
    assert counter.collect(root, names=())[1] == [
        ("eve.ipynb", "expected notebooks called as assignments are, got 'notebook.ipynb'. Hint: -a NAME")
    ]
    assert ("eve", "a1", "new") in counter.collect(root, names=["a1"])[0]


@pytest.mark.parametrize(
    "files, reason",
    [
        ({"main.py": b"x"}, "expected a notebook, got 'main.py'"),
        ({"text.html": b"x"}, "expected a notebook, got 'text.html'"),
        ({"x.ipynb": b"1", "y.ipynb": b"2"}, "expected one notebook for a1, got 'x.ipynb', 'y.ipynb'"),
        ({"a1.ipynb": b"1", "a1 (1).ipynb": b"2"}, "expected one notebook for a1, got 'a1.ipynb', 'a1 (1).ipynb'"),
        ({"a2.ipynb": b"1"}, "expected one notebook for a1, got 'a2.ipynb'"),
    ],
)
def test_an_upload_that_leaves_a_choice_is_reported(counter, files, reason):
    named = {f"ada_11_{900 + i}_{name}": data for i, (name, data) in enumerate(files.items())}
    named = {name.replace("900_text", "text"): data for name, data in named.items()}  # Canvas's own, no attachment
    taken, ((student, text),) = counter.collect(zipped(counter.folder / "s.zip", named))
    assert (taken, student, text.partition(". Hint")[0]) == ([], "Canvas user 11", reason)


def test_the_notebook_that_is_called_as_the_assignment_is_taken_among_several(counter):
    files = {"ada_11_1_a1.ipynb": notebook("it"), "ada_11_2_scratch.ipynb": notebook(), "ada_11_3_plot.png": b"png"}
    assert counter.collect(zipped(counter.folder / "s.zip", files)) == ([("11", "a1", "new")], [])
    assert counter.files()["11/a1/a1.ipynb"] == notebook("it")


def test_a_zip_that_a_student_uploaded_is_opened_and_once_more_a_zip_in_it(counter):
    inner = zip_bytes(
        {"work/a1.ipynb": notebook("in"), "__MACOSX/work/._a1.ipynb": b"junk", "work/timestamp.txt": b"1"}
    )
    twice = zip_bytes({"deeper.zip": inner})
    thrice = zip_bytes({"deepest.zip": twice})
    uploads = {"ada_11_1_work.zip": inner, "bob_22_2_work.zip": twice, "cyd_33_3_work.zip": thrice}
    taken, problems = counter.collect(zipped(counter.folder / "s.zip", uploads))
    assert taken == [("11", "a1", "new"), ("22", "a1", "new")]
    assert counter.files()["11/a1/a1.ipynb"] == counter.files()["22/a1/a1.ipynb"] == notebook("in")
    hint = "Hint: unpack it, and hand in the notebook in it"
    assert problems == [("Canvas user 33", f"expected a notebook, got 'work.zip'. {hint}")]


def test_collecting_twice_changes_nothing(counter):
    source = zipped(counter.folder / "s.zip", {"ada_11_901_a1.ipynb": notebook()})
    counter.collect(source)
    before, counter.now = counter.files(), NOON + HOUR
    assert counter.collect(source) == ([("11", "a1", "unchanged")], [])
    assert counter.files() == before


def test_a_newer_notebook_puts_the_one_before_aside(counter):
    for hour, text in enumerate(("first", "second", "third")):
        counter.now = NOON + hour * HOUR
        counter.collect(zipped(counter.folder / "s.zip", {f"ada_11_{hour}_a1.ipynb": notebook(text)}))
    files = counter.files()
    assert [files[f"11/a1/{where}a1.ipynb"] for where in ("earlier/1/", "earlier/2/", "")] == [
        notebook(t) for t in ("first", "second", "third")
    ]
    times = [files[f"11/a1/{where}timestamp.txt"] for where in ("earlier/1/", "earlier/2/", "")]
    assert times == [f"2026-11-30 {h}:00:00.000000 UTC".encode() for h in (12, 13, 14)]
    assert counter.record("11", attempt=2)["notebook_sha256"] == hashlib.sha256(notebook("second")).hexdigest()
    assert len(files) == 9  # and nothing else


def test_an_old_archive_collected_again_takes_nobodys_place(counter):
    old = zipped(counter.folder / "old.zip", {"ada_11_1_a1.ipynb": notebook("old")})
    counter.collect(old)
    counter.collect(zipped(counter.folder / "new.zip", {"ada_11_2_a1.ipynb": notebook("new")}))
    before = counter.files()
    taken, problems = counter.collect(old)
    assert taken == []
    assert "came before, as attempt 1" in problems[0][1]
    assert counter.files() == before


def test_gradescopes_clock_says_which_export_is_newer(counter):
    """10:00 A, 12:00 B; then the 11:00 export turns up; then the student hands A in again at 13:00."""

    def export(hour, text):
        told = f"submission_1:\n  :submitters:\n  - :sid: '7'\n  :created_at: 2026-11-29 {hour}:00:00.000000000 Z\n"
        files = {"submission_metadata.yml": told.encode(), "submission_1/a1.ipynb": notebook(text)}
        return zipped(counter.folder / "s.zip", files)

    assert counter.collect(export(10, "A"))[0] == [("7", "a1", "new")]
    assert counter.collect(export(12, "B"))[0] == [("7", "a1", "again")]
    taken, problems = counter.collect(export(11, "C"))
    assert (taken, "older than what is there, of 2026-11-29 12:00:00" in problems[0][1]) == ([], True)
    assert counter.collect(export(13, "A"))[0] == [("7", "a1", "again")]
    assert counter.files()["7/a1/timestamp.txt"] == b"2026-11-29 13:00:00.000000 UTC"


@pytest.mark.parametrize("by", ["new", "old"])
def test_a_run_that_was_killed_between_two_files_is_set_right_by_the_next(counter, monkeypatch, by):
    """Collecting the new one again finishes it; collecting the old one undoes it, to the byte."""
    from autograder.intake import placing

    first, second = (zipped(counter.folder / f"{t}.zip", {"ada_11_1_a1.ipynb": notebook(t)}) for t in ("old", "new"))
    real = placing.write_atomically
    for survived in range(6):  # 3 files put aside, 3 files written
        counter.out = counter.folder / f"killed{survived}"
        counter.collect(first)
        before = counter.files()
        calls = iter(range(100))

        def write(path, data, calls=calls, survived=survived):
            if next(calls) == survived:
                raise KeyboardInterrupt
            real(path, data)

        monkeypatch.setattr(placing, "write_atomically", write)
        with pytest.raises(KeyboardInterrupt):
            counter.collect(second)
        monkeypatch.setattr(placing, "write_atomically", real)
        assert counter.files()["11/a1/a1.ipynb"] == notebook("old")
        counter.now += HOUR
        if by == "old":
            assert counter.collect(first) == ([("11", "a1", "unchanged")], [])
            assert counter.files() == before
            continue
        counter.collect(second)
        files = counter.files()
        assert files["11/a1/a1.ipynb"] == notebook("new")
        assert files["11/a1/earlier/1/a1.ipynb"] == notebook("old")
        assert len(files) == 6
        assert counter.record("11")["notebook_sha256"] == hashlib.sha256(notebook("new")).hexdigest()


def test_t6_the_time_is_the_hosts_or_ours_and_never_the_students(counter):
    """A file's date, a date inside the archive and a timestamp.txt in an upload are whatever a student likes."""
    root = counter.folder / "given" / "ada" / "a1"
    root.mkdir(parents=True)
    (root / "a1.ipynb").write_bytes(notebook())
    (root / "timestamp.txt").write_text("2020-01-01 00:00:00 UTC")
    import os

    os.utime(root / "a1.ipynb", (1e9, 1e9))
    counter.collect(root.parents[1])
    assert counter.files()["ada/a1/timestamp.txt"] == b"2026-11-30 12:00:00.000000 UTC"
    source = zipped(counter.folder / "s.zip", {"bob_22_1_a1.ipynb": notebook()})  # entries of 1980 or of now
    counter.collect(source)
    assert counter.record("22")["received_at"] == "2026-11-30T12:00:00Z"
    assert counter.record("22")["clock"] == "collecting"


def test_what_comes_after_the_deadline_is_marked_and_replaces_nothing(counter):
    root, roster = counter.folder / "given", f"id,extension\nada,\nbob,\ncyd,{(NOON + 2 * HOUR).isoformat()}\n"
    root.mkdir()
    (root / "ada.ipynb").write_bytes(notebook("in time"))
    (root / "cyd.ipynb").write_bytes(notebook("in time"))
    assert len(counter.collect(root, deadline=NOON, roster=roster)[0]) == 2
    counter.now += HOUR
    for student in ("ada", "bob", "cyd"):
        (root / f"{student}.ipynb").write_bytes(notebook("an hour later"))
    taken, problems = counter.collect(root, deadline=NOON, roster=roster)
    assert taken == [("bob", "a1", "new"), ("cyd", "a1", "again")]
    assert "after the deadline; kept what came before it" in problems[0][1]
    assert counter.files()["ada/a1/a1.ipynb"] == notebook("in time")
    assert [counter.record(who)["late"] for who in ("ada", "bob", "cyd")] == [False, None, False]
    (root / "ada.ipynb").write_bytes(notebook("in time"))
    again = list(counter.run(root, deadline=NOON, roster=roster))
    assert [(t.student, t.placed, t.late) for t in again] == [
        ("ada", "unchanged", False),
        ("bob", "unchanged", False),
        ("cyd", "unchanged", False),
    ]


def test_a_folder_that_cannot_be_read_or_written_is_one_line(counter, monkeypatch):
    from autograder.intake import sources

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    root = counter.folder / "given"
    root.mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(sources, "folder_entries", refuse)
        reason = "expected a folder that can be read, got Permission denied. Hint: look at its name and its permissions"
        assert counter.collect(root) == ([], [("given", reason)])
    counter.out = counter.folder / "file" / "submitted"
    counter.out.parent.write_bytes(b"")
    with pytest.raises(AutograderError, match="expected to write it, got Not a directory"):
        counter.collect(root)


def test_canvas_knows_better_than_we_do_who_was_late(counter):
    """The archive is downloaded after the deadline; Canvas's own mark says whose work came before it."""
    for attempt, mark in enumerate(("", "", "_LATE")):
        counter.now += HOUR
        source = zipped(counter.folder / "s.zip", {f"ada{mark}_1_{attempt}_a1.ipynb": notebook(str(attempt))})
        taken, problems = counter.collect(source, deadline=NOON)
    assert (taken, "after the deadline" in problems[0][1]) == ([], True)
    assert counter.files()["1/a1/a1.ipynb"] == notebook("1")


def test_the_instructor_can_say_when_it_all_came_in(counter):
    source = zipped(counter.folder / "s.zip", {"ada_1_1_a1.ipynb": notebook()})
    counter.collect(source, received=NOON - HOUR)
    assert counter.files()["1/a1/timestamp.txt"] == b"2026-11-30 11:00:00.000000 UTC"
    assert counter.record("1")["clock"] == "given"


def test_a_dry_run_writes_nothing(counter):
    source = zipped(counter.folder / "s.zip", {"ada_1_1_a1.ipynb": notebook()})
    assert counter.collect(source, dry=True) == ([("1", "a1", "new")], [])
    assert not counter.out.exists()


def test_what_others_put_there_is_not_overwritten(counter):
    folder = counter.out / "1" / "a1"
    folder.mkdir(parents=True)
    (folder / "theirs.ipynb").write_bytes(b"theirs")
    (counter.out / "2").symlink_to(counter.folder)
    (counter.out / "Cyd").mkdir()
    source = zipped(counter.folder / "s.zip", {f"x_{n}_1_a1.ipynb": notebook() for n in (1, 2)})
    taken, problems = counter.collect(source)
    assert taken == []
    assert "'theirs.ipynb', which was not collected" in problems[0][1]
    assert "got a link" in problems[1][1]
    flat = counter.folder / "flat"
    flat.mkdir()
    (flat / "cyd.ipynb").write_bytes(notebook())
    assert "differ from 'Cyd' by capitals only" in counter.collect(flat)[1][0][1]


def test_the_record_beside_a_notebook_keeps_its_fields(counter):
    counter.collect(zipped(counter.folder / "s.zip", {"ada_LATE_1_1_work.ipynb": notebook()}))
    record = counter.record("1")
    assert re.fullmatch("[0-9a-f]{64}", record.pop("mac"))
    assert record == {
        "schema": 1,
        "student": "1",
        "assignment": "a1",
        "kind": "canvas",
        "source": "s.zip",
        "file": "work.ipynb",
        "notebook_sha256": hashlib.sha256(notebook()).hexdigest(),
        "received_at": "2026-11-30T12:00:00Z",
        "clock": "collecting",
        "collected_at": "2026-11-30T12:00:00Z",
        "late": True,
        "commit": "",
        "tree": "",
        "branch": "",
        "claimed_author_time": None,
        "claimed_commit_time": None,
        "attempt": 0,
        "modules": {},
        "identity": {"canvas_id": "1"},
        "host_name": "ada_LATE_1_1_work.ipynb",
    }
    assert Received.model_validate(counter.record("1")).late


@pytest.mark.parametrize(
    "text, what",
    [
        ("name\nada\n", "a header with the column id"),
        ("id\n../etc\n", "an id of letters"),
        ("id\n.hidden\n", "an id of letters"),
        ("id\nada\nADA\n", "each id once"),
        ("id,canvas_id\nada,1\nbob,1\n", "each canvas_id once"),
        ("id,extension\nada,2026-11-30 12:00\n", "an extension such as"),
        ('id\n"ada\n', "expected CSV"),
    ],
)
def test_a_roster_that_is_wrong_is_refused_in_one_line(counter, text, what):
    source = zipped(counter.folder / "s.zip", {"ada_1_1_a1.ipynb": notebook()})
    with pytest.raises(AutograderError, match=what):
        counter.collect(source, roster=text)


def test_what_is_no_source_is_refused(counter):
    file = counter.folder / "a1.ipynb"
    file.write_bytes(notebook())
    with pytest.raises(AutograderError, match="expected a zip, a folder or a CSV list"):
        counter.collect(file)
    with pytest.raises(AutograderError, match="expected a zip, a folder or a CSV list"):
        counter.collect(counter.folder / "absent.zip")


def test_an_archive_that_tells_no_time_makes_nobody_late_and_a_given_time_may(counter):
    """Downloaded a week after the due date, say: whom Canvas itself marks late is for a person to look at."""
    names = {"ada_11_901_a1.ipynb": notebook("ada"), "bob_LATE_22_902_a1.ipynb": notebook("bob")}
    counter.collect(zipped(counter.folder / "s.zip", names))
    assert [(s.received, s.undated, s.unsigned + s.missigned) for s in counter.submissions()] == [
        ("", "", ()),
        ("", "the host marks it late and tells no time", ()),
    ]
    names["ada_11_901_a1.ipynb"] = notebook("again")
    counter.collect(zipped(counter.folder / "s.zip", names), received=NOON)
    assert counter.submissions()[0].received == NOON.isoformat()


def canvas(counter, text, number=1):
    return zipped(counter.folder / "s.zip", {f"ada_11_{number}_a1.ipynb": notebook(text)})


def test_what_collect_wrote_counts_with_every_attempt(counter):
    for hour, text in enumerate(("first", "second", "third")):
        counter.collect(canvas(counter, text, hour), received=NOON + hour * HOUR)
    assert [(s.attempt, s.received[11:13], s.unsigned + s.missigned) for s in counter.submissions()] == [
        (0, "14", ()),
        (1, "12", ()),
        (2, "13", ()),
    ]
    assert [(s.attempt, s.received, s.missigned) for s in counter.submissions(b"another")] == [
        (0, "", ("received.json", "timestamp.txt", "earlier/"))
    ]


def test_another_secret_stops_collecting_for_each_student_and_says_so(counter):
    """Else half of the records would count with one secret, and half with the other."""
    counter.collect(canvas(counter, "first"))
    before = counter.files()
    for text in ("first", "second"):
        taken, problems = counter.collect(canvas(counter, text), secret=b"another")
        assert taken == []
        assert "expected a record that this course's secret signed, got another one. Hint: restore" in problems[0][1]
        assert counter.files() == before
    adopted = list(adopt(counter.out, ["a1"], b"another"))
    assert [s.place for s in adopted] == [("11", "a1", 0)]
    assert counter.collect(canvas(counter, "second"), secret=b"another") == ([("11", "a1", "again")], [])
    assert [s.attempt for s in counter.submissions(b"another")] == [0, 1]


def test_records_of_a_version_that_signed_none_are_adopted_once(counter):
    for text in ("first", "second"):
        counter.collect(canvas(counter, text), received=NOON)
    for path in counter.out.rglob("received.json"):
        fields = json.loads(path.read_text())
        del fields["mac"], fields["attempt"]
        path.write_text(json.dumps(fields))
    assert [(s.attempt, s.received) for s in counter.submissions()] == [(0, "")]
    assert len(list(adopt(counter.out, ["a1"], SECRET))) == 2
    assert [(s.attempt, s.received) for s in counter.submissions()] == [(n, NOON.isoformat()) for n in (0, 1)]
    assert list(adopt(counter.out, ["a1"], SECRET)) == []


def test_k15_a_folder_that_a_student_filled_costs_no_other_student_and_counts_for_nothing(counter):
    """A teacher copied it: a time, attempts with odd names, and the copy that a killed run of ours would leave."""
    folder = counter.out / "11" / "a1"
    for name in ("earlier/1", "earlier/" + "9" * 250, "earlier/9998"):
        (folder / name).mkdir(parents=True)
    for where in (folder, folder / "earlier/9998", folder / "earlier/1"):
        (where / "a1.ipynb").write_bytes(notebook("hers"))
        (where / "timestamp.txt").write_text("2020-01-01 00:00:00 UTC")
    (folder / "earlier/9999").symlink_to(counter.folder)
    source = zipped(counter.folder / "s.zip", {f"x_{n}_1_a1.ipynb": notebook("new") for n in (11, 22)})
    taken, problems = counter.collect(source)
    assert taken == [("22", "a1", "new")]
    assert problems == [("11, a1.ipynb", "expected at most 9999 attempts, got more. Hint: move earlier/ away")]
    (folder / "earlier/9999").unlink()
    assert counter.collect(source)[0][0] == ("11", "a1", "again")
    assert [(s.student, s.attempt, s.received, s.unsigned) for s in counter.submissions()] == [
        ("11", 0, "", ("earlier/",)),
        ("22", 0, "", ()),
    ]


def test_a_notebook_that_a_person_mended_by_hand_keeps_no_time_without_a_flag(counter):
    counter.collect(canvas(counter, "first"), received=NOON)
    (counter.out / "11" / "a1" / "a1.ipynb").write_bytes(notebook("mended"))
    (submission,) = counter.submissions()
    assert (submission.received, submission.missigned) == ("", ("received.json", "timestamp.txt"))
    assert counter.collect(canvas(counter, "second"), received=NOON + HOUR)[0] == [("11", "a1", "again")]
    assert [(s.attempt, s.missigned) for s in counter.submissions()] == [(0, ("earlier/",))]


@pytest.mark.parametrize("trusted", [False, True])
@pytest.mark.parametrize("text", ["2026-11-30 10:00:00 UTC", "2026-11-30 10:00:00.000000 UTC", "no time"])
def test_an_attempt_that_only_nbgrader_dated_keeps_its_time_where_the_course_trusts_it(counter, trusted, text):
    folder = counter.out / "11" / "a1"
    folder.mkdir(parents=True)
    (folder / "a1.ipynb").write_bytes(notebook("in time"))
    (folder / "timestamp.txt").write_text(text)
    counter.collect(canvas(counter, "later"), received=NOON, trust_timestamps=trusted)
    kept = trusted and text != "no time"
    attempts = counter.submissions(timestamps=trusted)
    assert [(s.attempt, s.received[11:13], s.missigned) for s in attempts] == [(0, "12", ()), (1, "10", ())][: 1 + kept]
    assert (attempts[0].unsigned == ("earlier/",)) is not kept


def test_a_time_that_was_given_makes_late_what_the_host_did_not_mark(counter):
    names = {"ada_11_901_a1.ipynb": notebook(), "bob_LATE_22_902_a1.ipynb": notebook()}
    for given, late in ((None, [False, True]), (NOON - HOUR, [False, True]), (NOON + HOUR, [True, True])):
        counter.out = counter.folder / f"out{given}"
        counter.now = NOON + 2 * HOUR  # a download says nothing of when its files came in
        counter.collect(zipped(counter.folder / "s.zip", names), deadline=NOON, received=given)
        assert [counter.record(who)["late"] for who in ("11", "22")] == late


def test_a_late_attempt_takes_no_place_when_the_host_marks_nothing_and_a_time_was_given(counter):
    counter.collect(canvas(counter, "in time"), deadline=NOON, received=NOON - HOUR)
    taken, problems = counter.collect(canvas(counter, "late"), deadline=NOON, received=NOON + HOUR)
    assert (taken, "after the deadline; kept what came before it" in problems[0][1]) == ([], True)
