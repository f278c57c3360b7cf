"""`autograder return --to canvas` and `--to moodle`: the archive that the host takes, and every page for its student."""

import io
import random
import zipfile

import pytest
from hand.hand_course import NAME, HandCourse, run
from result_builders import check, question, record
from returning.as_hosts_read import as_canvas_reads, as_moodle_reads

from autograder.assignment.samples import notebook_text, solved_cells
from autograder.errors import AutograderError
from autograder.intake.way_back import WayBack
from autograder.marks import Mark
from autograder.returning.hosts import canvas_names, moodle_names
from autograder.returning.page_archives import Named, archives
from autograder.returning.returnable import FeedbackPage, returnable, score_text
from autograder.roster.roster import Person


def mark(student="ada", assignment=NAME, person=None, **fields):
    result = record(student, assignment, max_score=100.0, **fields.pop("result", {}))
    given = {"attempts": 1, "due": None, "extended": False, "days_late": 0, "received": None, "score": 80.0}
    return Mark(**{"result": result, "student": person, **given, **fields})


def page(student="ada", content=b"<p>", **fields):
    return FeedbackPage(mark(student, **fields), "T", content)


def called(host_name, kind="canvas", student="ada", number=""):
    return WayBack(
        student=student,
        assignment=NAME,
        kind=kind,
        identity={"moodle_id": number} if number else {},
        host_name=host_name,
    )


@pytest.mark.parametrize(
    ("host", "read"),
    [
        ("doejane_1001_50001_a1.ipynb", ("1001", "50001")),
        ("doejane_LATE_1001_50001_a1-2.ipynb", ("1001", "50001")),
        ("group7_2001_50001_a_b_3_4.ipynb", ("2001", "50001")),
        ("anon_aB3dE_50001_a1.ipynb", ("aB3dE", "50001")),
        ("LATE_anon_aB3dE_50001_a1.ipynb", ("aB3dE", "50001")),
        ("doejane_1001_50001_link.ipynb", ("1001", "50001")),  # a name that Canvas would ignore
        ("x_1_2_3_a.ipynb", ("1", "2")),
        ("名前_1001_50001_a1.ipynb", ("1001", "50001")),
    ],
)
def test_canvas_reads_the_student_out_of_our_name(host, read):
    (named,), unreturned = canvas_names([page()], lambda _: called(host))
    assert not unreturned
    assert as_canvas_reads(named.name) == read
    assert named.name.endswith("_feedback.html")


@pytest.mark.parametrize("host", ["", "a1.ipynb", "doejane_1001_text.html", "Jane Doe_111_assignsubmission_file_"])
def test_a_submission_without_canvas_s_numbers_is_named(host):
    named, (unreturned,) = canvas_names([page()], lambda _: called(host))
    assert not named
    assert unreturned.reason.startswith("expected a name with the numbers of Canvas")


def test_a_submission_of_another_host_or_without_a_record_is_named():
    pages = [page("ada"), page("bob")]
    records = {"ada": None, "bob": called("doe_1_2_a.ipynb", kind="folder", student="bob")}
    named, unreturned = canvas_names(pages, lambda p: records[p.student])
    assert not named
    assert [each.student for each in unreturned] == ["ada", "bob"]
    assert {each.reason for each in unreturned} == {"expected a submission that came from Canvas, got another"}


def test_a_group_gets_one_page_that_of_the_member_who_uploaded():
    pages = [page(s, person=Person(s, canvas_id=i)) for s, i in (("ada", "1"), ("bob", "2001"), ("cy", "3"))]
    named, unreturned = canvas_names(pages, lambda _: called("group7_2001_50001_a1.ipynb"))
    assert [(n.name, n.feedback.student) for n in named] == [("group7_2001_50001_feedback.html", "bob")]
    assert not unreturned


@pytest.mark.parametrize(
    "name",
    ["Jane Doe", "Ann_Mary 5_7 Doe", "../../etc/passwd", ".hidden", "~x", "O'Hara, \"Jr.\"", "名前", "\u202eab\x00\n", "", "a" * 400, "..", "TEAM-Jane Doe"],
)  # fmt: skip
def test_moodle_reads_the_number_out_of_our_name_whatever_a_student_is_called(name):
    person = Person("ada", name=name, moodle_id="222")
    (named,), unreturned = moodle_names([page(person=person)], lambda _: None)
    assert not unreturned
    assert as_moodle_reads(named.name) == ("222", "assignfeedback_file", "feedback.html")
    assert len(named.name.encode()) < 255
    assert not set(named.name) & set("/\\:\x00\n\u202e")


@pytest.mark.parametrize(
    ("host", "number"),
    [
        ("Jane Doe_111_assignsubmission_file_", "111"),
        ("Jane Doe_111_assignsubmission_file_a1.ipynb", "111"),
        ("Participant_333_assignsubmission_file_", "333"),
        ("TEAM-Jane Doe_444_assignsubmission_file", "444"),
    ],
)
def test_what_moodle_called_the_submission_counts_more_than_the_roster(host, number):
    person = Person("ada", name="Jane", moodle_id="999")
    (named,), _ = moodle_names([page(person=person)], lambda _: called(host, "moodle", number=number))
    assert as_moodle_reads(named.name)[0] == number


def test_the_number_of_a_teams_folder_is_nobodys_own():
    """`collect` noted no number of the student's, because Moodle's number was the group's."""
    person = Person("ada", name="Jane", moodle_id="999")
    host = "Team 7_111_assignsubmission_file"
    (named,), _ = moodle_names([page(person=person)], lambda _: called(host, "moodle"))
    assert named.name == "Jane_999_assignfeedback_file_feedback.html"
    named, unreturned = moodle_names([page()], lambda _: called(host, "moodle"))
    assert not named
    assert len(unreturned) == 1


def test_a_student_without_a_number_of_moodle_is_named():
    named, (unreturned,) = moodle_names([page()], lambda _: None)
    assert not named
    assert "or a moodle_id in the roster, got neither" in unreturned.reason


def test_archives_are_split_at_the_limit_and_the_same_pages_give_the_same_bytes():
    rows = [Named(f"n{i:03}.html", page(f"s{i}", random.Random(i).randbytes(3000))) for i in range(40)]
    made = archives(rows, 20_000)
    assert made == archives(rows[::-1], 20_000)
    assert len(made.zips) > 2
    assert all(len(data) <= 20_000 for data in made.zips)
    contents = {}
    for data in made.zips:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            assert file.testzip() is None
            contents |= {name: file.read(name) for name in file.namelist()}
    assert contents == {row.name: row.feedback.page for row in rows}
    assert made.pages == 40


def test_a_page_larger_than_an_archive_is_named_and_the_others_go():
    big = random.Random(1).randbytes(2 << 20)
    made = archives([Named("a", page("ada", big)), Named("b", page("bob"))], 1 << 20)
    assert made.pages == 1
    assert [(u.student, u.reason) for u in made.unreturned] == [
        ("ada", "expected a page of at most 1 MB, got a larger one")
    ]


def test_only_marks_that_are_there_go_back():
    marks = [
        mark("ada"), mark("named", "a2", state="draft"), mark("closed", state="closed"),
        mark("excused", excused=True), mark("missing", result={"status": "missing", "score": 0.0}),
        mark("error", result={"status": "error", "score": 0.0}), mark("bad", result={"status": "malformed", "score": 0.0}),
    ]  # fmt: skip
    going, left_out = returnable(marks)
    assert [m.result.student for m in going] == ["ada", "named", "closed", "bad"]
    assert left_out == {"excused": 1, "handed in nothing": 1, "not graded yet": 1}


def test_the_score_is_that_of_the_page_and_lateness_is_said():
    blocked = check("q2.value", 0.0, 10.0, "blocked", blocked_by="q1", carried=10.0)
    right = check("q1.value", 80.0, 80.0)
    with_carried = {"questions": (question("q1", right), question("q2", blocked))}
    assert score_text(mark(counts=0.5, result=with_carried), 2.5, 10.0) == "87.5 of 110 points"
    assert score_text(mark(days_late=1), 0.0, 0.0) == "80 of 100 points; 1 day late"
    assert score_text(mark(days_late=2), -90.0, 0.0) == "0 of 100 points; 2 days late"
    assert score_text(mark(closed=True), 0.0, 0.0) == "80 of 100 points; it came after the assignment was closed"


@pytest.fixture
def room(course, tmp_path, monkeypatch):
    made = HandCourse(tmp_path / "class", course)
    (made.root / "students.csv").write_text(
        "id,name,canvas_id,withdrawn,excused\nada,Ada L.,1001,,\nbob,Bob N.,1002,,\ncy,Cy,1003,,a9_test\ndan,Dan,1004,yes,\nmia,Mia,1005,,\n"
    )
    monkeypatch.chdir(made.root)
    return made


def collected(room, *names):
    with zipfile.ZipFile(room.root / "all.zip", "w") as file:
        for name in names:
            file.writestr(name, notebook_text(solved_cells(room.assignment)))
    run("collect", "all.zip", "-a", NAME)


def test_a_canvas_class_gets_its_archive(room):
    names = ("lada_1001_501_x.ipynb", "nbob_LATE_1002_502_x_y.ipynb", "cy_1003_503_x.ipynb", "dan_1004_504_x.ipynb")
    collected(room, *names)
    room.graded("ada", "bob", "cy", "dan")
    said = run("return", "--to", "canvas")
    assert "a9_test: 2 pages" in said
    assert "1 excused" in said
    with zipfile.ZipFile(room.root / "work/returned/canvas-a9_test-1-of-1.zip") as file:
        pages = {as_canvas_reads(name): file.read(name).decode() for name in file.namelist()}
    assert set(pages) == {("1001", "501"), ("1002", "502")}
    assert "Feedback for <b>Ada L.</b>" in pages["1001", "501"]
    assert "Feedback for <b>Bob N.</b>" in pages["1002", "502"]


def test_a_draft_goes_back_only_if_it_is_named(room):
    (room.root / "course.toml").write_text(f"[assignments.{NAME}]\nstate = 'draft'\n")
    collected(room, "lada_1001_501_x.ipynb")
    room.graded("ada")
    with pytest.raises(AutograderError, match=r"expected an assignment that is open, got only drafts\. Hint: -a NAME"):
        run("return", "--to", "canvas")
    assert "a9_test: 1 pages" in run("return", "--to", "canvas", "-a", NAME)


def test_canvas_s_newest_number_counts_when_the_same_file_is_handed_in_again(room):
    collected(room, "lada_1001_501_x.ipynb")
    collected(room, "lada_1001_777_x-1.ipynb")
    room.graded("ada")
    run("return", "--to", "canvas")
    with zipfile.ZipFile(room.root / "work/returned/canvas-a9_test-1-of-1.zip") as file:
        assert [as_canvas_reads(name) for name in file.namelist()] == [("1001", "777")]


def test_a_moodle_class_gets_its_archive_and_who_cannot_is_named(room):
    collected(room, *(f"{name}_assignsubmission_file_/x.ipynb" for name in ("Ada L._111", "Bob N._222")))
    room.graded("ada", "bob", "mia")
    said = run("return", "--to", "moodle", code=1)
    assert "a9_test: 2 pages" in said
    assert "mia" in said
    with zipfile.ZipFile(room.root / "work/returned/moodle-a9_test-1-of-1.zip") as file:
        assert {as_moodle_reads(name)[0] for name in file.namelist()} == {"111", "222"}


def test_parts_of_an_earlier_run_do_not_stay(room):
    collected(room, "lada_1001_501_x.ipynb")
    room.graded("ada")
    folder = room.root / "work" / "returned"
    folder.mkdir()
    for name in ("canvas-a9_test-2-of-2.zip", "canvas-a9_test-b-1-of-2.zip", "moodle-a9_test-1-of-1.zip"):
        (folder / name).touch()
    before = {path.name for path in folder.iterdir()}
    run("return", "--to", "canvas", "--dry-run")
    assert {path.name for path in folder.iterdir()} == before
    run("return", "--to", "canvas")
    assert {path.name for path in folder.iterdir()} == before - {"canvas-a9_test-2-of-2.zip"} | {
        "canvas-a9_test-1-of-1.zip"
    }


def test_misuse_is_one_line(room):
    with pytest.raises(AutograderError, match="--to: expected one of canvas, moodle, email, folder, got 'cnavas'"):
        run("return", "--to", "cnavas")
    with pytest.raises(AutograderError, match="expected results, got none"):
        run("return", "--to", "canvas")
    room.graded("cy")
    with pytest.raises(AutograderError, match="return: expected marks to return, got none"):
        run("return", "--to", "canvas")
    with pytest.raises(AutograderError, match="--student: expected one that has results, got 'nobody'"):
        run("return", "--to", "canvas", "--student", "nobody")
