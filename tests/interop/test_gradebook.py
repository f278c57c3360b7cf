"""`autograder export nbgrader`: what a person entered stays, what a regrade decides is written, twice changes nothing."""

import csv
import io
import json
import os
from datetime import timedelta
from pathlib import Path

import nbformat
import pytest
from commands import program, run
from interop.classroom import CHANGES_ITS_INPUT, NAME, WORDS, Classroom
from nbconvert.exporters import HTMLExporter
from nbgrader.api import Grade, MissingEntry

from autograder.course import Course
from autograder.errors import AutograderError
from autograder.hand.given import Given, HandWork
from autograder.interop import gradebook
from autograder.interop.graded_notebook import _SEE_PICTURES, NO_ANSWER
from autograder.interop.hand_scores import hand_scores
from autograder.records.grades import grade_of, grades_csv

HIDDEN = "q1-after-you-hand-in"
CHECKS = {"q1-example": 2.0, HIDDEN: 8.0}  # one cell for all hidden checks
HARD_IDS = ['O\'Hara, "Jr."', "=HYPERLINK(1)", "Ωmega", "名前"]
LATE = 'c.LateSubmissionPlugin.penalty_method = "zero"\n'


@pytest.fixture(scope="module")
def sandbox(skeleton, sandboxes):
    return sandboxes.open({skeleton.name: skeleton.handouts})


@pytest.fixture(scope="module")
def empty(tmp_path_factory, sandbox):
    """With the assignment in the gradebook already: to make one takes two seconds."""
    room = Classroom(tmp_path_factory.mktemp("empty") / "course", sandbox)
    room.enter()
    return room


@pytest.fixture
def room(tmp_path, empty):
    return empty.copy(tmp_path / "course")


def automatic(room, student):
    return {name: row[0] for name, row in room.scores(student).items() if name != "explain"}


def test_nbgrader_enters_an_assignment_again_only_if_it_or_the_gradebook_has_changed(room, monkeypatch):
    asked = []

    class Counted(gradebook.NbGraderAPI):
        def generate_assignment(self, *args, **kwargs):
            asked.append(args)
            return super().generate_assignment(*args, **kwargs)

    monkeypatch.setattr(gradebook, "NbGraderAPI", Counted)
    room.hand_in("ada")
    room.export()
    before = room.scores("ada")
    asked.clear()
    room.export()
    assert asked == []
    with room.gradebook() as book:
        book.find_grade_cell(HIDDEN, NAME, NAME).max_score = 5.0
        book.db.commit()
    room.export()
    assert len(asked) == 1
    with room.gradebook() as book:
        assert book.find_grade_cell(HIDDEN, NAME, NAME).max_score == 8.0
    assert room.scores("ada") == before
    room.edit("notebook.py", "Write `mean_square(x)`", "Please write `mean_square(x)`")
    room.export(room.grade())
    assert len(asked) == 2


def test_the_gradebook_holds_the_points_of_each_public_check_and_of_all_hidden_ones(room):
    room.hand_in("ada")
    room.hand_in("bob", CHANGES_ITS_INPUT)
    written = room.export()
    assert (written.submissions, written.look) == (2, 2)
    assert automatic(room, "ada") == CHECKS
    assert automatic(room, "bob") == {"q1-example": 2.0, HIDDEN: 7.0}
    assert room.scores("ada")["explain"] == (None, None, None, True)


def test_who_handed_in_nothing_has_no_submission(room):
    room.hand_in("ada")
    (room.course.work / "submitted" / "zoe").mkdir()
    room.export()
    with room.gradebook() as book, pytest.raises(MissingEntry):
        book.find_submission(NAME, "zoe")


def test_an_answer_in_words_that_was_not_written_is_shown_as_empty_and_a_person_decides(room):
    room.hand_in_starter("ada")
    assert room.export().look == 1
    assert room.scores("ada")["explain"] == (None, None, None, True)
    assert room.comment("ada") == "No response."
    assert answer_cell(room, "ada") == NO_ANSWER
    room.by_hand("ada", manual_score=0.0)
    assert room.export().look == 0
    assert room.scores("ada")["explain"] == (None, 0.0, None, False)


def answer_cell(room, student):
    """What formgrader shows where points for the answer in words are given."""
    (cell,) = (c for c in nbformat.reads(room.graded_notebook(student), 4).cells if c.id == "explain")
    assert (cell.cell_type, cell.metadata.nbgrader.grade, cell.metadata.nbgrader.solution) == ("markdown", True, True)
    return cell.source


def handed_in(room, student, change):
    """A notebook with an answer in words, its cells changed."""
    path = room.hand_in(student) / f"{NAME}.ipynb"
    notebook = json.loads(path.read_text())
    cells = {cell["id"]: cell for cell in notebook["cells"]}
    change(notebook["cells"], cells["explain"])
    path.write_text(json.dumps(notebook))


def became_code(_, answer):
    answer |= {"cell_type": "code", "source": "```\nA variance. <b>\n```"}


def moved_to_the_top(cells, answer):
    cells.remove(answer)
    cells.insert(0, {"cell_type": "raw", "id": "x", "metadata": {}, "source": WORDS})


def kept_by_colab(cells, answer):
    for cell in cells:
        cell["metadata"] = {"id": cell.pop("id")}
    cells.reverse()


def drawn(_, answer):
    answer |= {"source": "![a](attachment:a.png)", "attachments": {"a.png": {"image/png": "AAAA"}}}


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        (became_code, "*In a code cell:*\n\n````\n```\nA variance. < b>\n```\n````"),
        (
            moved_to_the_top,
            f"*Nothing is written below the question. Perhaps this, from elsewhere in the notebook:*\n\n{WORDS}",
        ),
        (kept_by_colab, WORDS),
        (
            drawn,
            f"![a] (attachment:a.png)\n\n{_SEE_PICTURES}",
        ),
    ],
)
def test_an_answer_that_an_editor_or_a_student_moved_waits_and_is_shown(room, change, shown):
    handed_in(room, "ada", change)
    assert room.export().look == 1
    assert room.scores("ada")["explain"] == (None, None, None, True)
    assert room.comment("ada") is None
    assert answer_cell(room, "ada") == shown
    room.by_hand("ada", manual_score=4.0)
    assert room.export().look == 0  # the same text again


def test_the_maximum_is_that_of_our_pages_with_and_without_a_bonus(room):
    room.hand_in("ada")
    room.export()
    settings = room.course.solutions / NAME / "assignment.toml"
    settings.write_text(settings.read_text() + '\n[[questions]]\nid = "b1"\ntitle = "b"\npoints = 3\nbonus = true\n')
    room.edit("hidden_checks.py", '@check("q1", points=1)', '@check("b1", points=3)')
    room.edit("hidden_checks.py", "points=7", "points=8")
    path = room.course.solutions / NAME / "notebook.py"
    path.write_text(path.read_text() + '\n# %% [markdown] q="b1"\n# ## Bonus\n')
    (result,) = room.grade()
    room.export([result])
    room.by_hand("ada", manual_score=5.0)
    with room.gradebook() as book:
        assert book.find_assignment(NAME).max_score == result.max_score == room.suite.max_score == 10
        submission = book.find_submission(NAME, "ada")
        assert (result.score, submission.score, submission.max_score) == (13.0, 18.0, 10.0)
        assert book.find_grade("explain", NAME, NAME, "ada").max_score == 5.0  # formgrader takes no more than this
        assert book.find_grade("b1-after-you-hand-in", NAME, NAME, "ada").max_score == 3.0


def test_what_a_person_entered_survives_the_next_export(room):
    room.hand_in("ada")
    room.export()
    room.by_hand("ada", manual_score=4.0, extra_credit=0.5, comment="Say whose variance.")
    room.by_hand("ada", HIDDEN, extra_credit=1.0)
    assert room.export().look == 0
    assert room.scores("ada")["explain"] == (None, 4.0, 0.5, False)
    assert room.scores("ada")[HIDDEN] == (8.0, None, 1.0, False)
    assert room.comment("ada") == "Say whose variance."
    assert room.total("ada") == (15.5, 0)


def test_a_second_export_changes_no_row_and_no_byte(room):
    room.hand_in("ada")
    room.hand_in("bob", CHANGES_ITS_INPUT, at="2026-11-24 10:00:00 UTC")
    room.hand_in_starter("cy")
    room.hand_in("dan", data="no notebook")
    room.export()
    room.by_hand("ada", manual_score=4.0, comment="Good.")
    room.export()
    rows, files = room.dump(), {p: p.read_bytes() for p in room.course.work.rglob("*") if p.is_file()}
    room.export()
    assert room.dump() == rows
    assert {p: p.read_bytes() for p in room.course.work.rglob("*") if p.is_file()} == files


@pytest.mark.parametrize(("words", "look"), [(WORDS, False), (WORDS + "\n", False), ("Something else.", True)])
def test_a_changed_answer_in_words_asks_for_another_look_once(room, words, look):
    room.hand_in("ada")
    room.export()
    room.by_hand("ada", manual_score=4.0)
    room.hand_in("ada", CHANGES_ITS_INPUT, words)
    room.export()
    assert room.scores("ada")["explain"] == (None, 4.0, None, look)
    room.by_hand("ada")  # looked at
    room.export()
    assert room.scores("ada")["explain"] == (None, 4.0, None, False)


def test_an_automatic_score_that_changes_under_a_manual_one_asks_for_a_look(room):
    room.hand_in("ada")
    room.export()
    room.by_hand("ada", HIDDEN, manual_score=7.5)
    room.by_hand("ada", "q1-example", manual_score=1.0)
    room.hand_in("ada", CHANGES_ITS_INPUT)
    room.export()
    assert room.scores("ada")[HIDDEN] == (7.0, 7.5, None, True)
    assert room.scores("ada")["q1-example"] == (2.0, 1.0, None, False)


def test_a_resubmission_that_cannot_be_read_resets_the_automatic_scores_and_is_shown_as_such(room):
    room.hand_in("ada")
    room.export()
    room.by_hand("ada", manual_score=4.0)
    room.hand_in("ada", data="no notebook")
    room.export()
    assert automatic(room, "ada") == dict.fromkeys(CHECKS, 0.0)
    assert room.scores("ada")["explain"] == (None, 4.0, None, True)
    assert "expected JSON" in room.graded_notebook("ada")
    assert WORDS not in room.graded_notebook("ada")
    room.by_hand("ada", manual_score=0.0)
    room.export()
    assert room.scores("ada")["explain"] == (None, 0.0, None, False)


def test_checks_that_are_removed_take_their_grades_with_them(room):
    room.hand_in("ada")
    room.export()
    room.edit("hidden_checks.py", '@check("q1", points=1)', "")
    room.edit("hidden_checks.py", '@check("q1", points=7, device=True)', "")
    room.edit("notebook.py", 'role="check" points=2', 'role="check" points=10')
    room.export()
    assert automatic(room, "ada") == {"q1-example": 10.0}
    assert room.total("ada") == (10.0, 0)


def test_a_check_that_is_added_is_graded_for_those_who_handed_in_before(room):
    room.hand_in("ada")
    room.export()
    room.by_hand("ada", manual_score=4.0)
    room.edit("hidden_checks.py", "points=7", "points=6")
    more = '\n\n@check("q1", points=1)\ndef test_zero(student, rng):\n    """0 for zeros"""\n    assert student.mean_square(0 * rng.normal(size=2)) == 0\n'
    path = room.course.solutions / NAME / "hidden_checks.py"
    path.write_text(path.read_text() + more)
    room.export()
    assert automatic(room, "ada") == CHECKS
    assert room.scores("ada")["explain"][1] == 4.0
    with room.gradebook() as book:
        assert book.find_assignment(NAME).max_score == 10.0


def test_points_that_a_person_gave_in_the_cells_of_an_earlier_release_go_to_the_cell_of_the_question(room):
    """Earlier releases had a cell for each hidden check. A manual score replaces the automatic one of its cell."""
    for student in ("ada", "bob", "cy"):
        room.hand_in(student)
    room.export()
    with room.gradebook() as book:
        one_cell = book.find_grade_cell(HIDDEN, NAME, NAME)
        for name, points in (("q1-value", 7.0), ("q1-pure", 1.0)):
            cell = book.update_or_create_grade_cell(name, NAME, NAME, max_score=points, cell_type="code")
            book.update_or_create_source_cell(name, NAME, NAME, cell_type="code")
            for grade in one_cell.grades:
                book.db.add(Grade(cell_id=cell.id, notebook_id=grade.notebook_id, auto_score=points))
        for row in [*one_cell.grades, one_cell, book.find_source_cell(HIDDEN, NAME, NAME)]:
            book.db.delete(row)
        book.db.commit()
    room.by_hand("ada", "q1-value", manual_score=5.0)
    room.by_hand("bob", "q1-value", extra_credit=0.5)
    room.export()
    assert {s: room.scores(s)[HIDDEN] for s in ("ada", "bob", "cy")} == {
        "ada": (8.0, 6.0, None, True),
        "bob": (8.0, None, 0.5, False),
        "cy": (8.0, None, None, False),
    }
    assert set(room.scores("ada")) == {*CHECKS, "explain"}


def test_a_question_that_is_added_is_there_for_those_who_handed_in_before(room):
    room.hand_in("ada")
    room.export()
    path = room.course.solutions / NAME / "notebook.py"
    path.write_text(
        path.read_text()
        + '\n# %% [markdown] q="why"\n# ## And why?\n\n# %% [markdown] q="why" role="manual" points=3\n# So.\n'
        + '\n# %% q="q1" role="solution"\ndef other(x):\n    # BEGIN SOLUTION\n    return 0\n    # END SOLUTION\n'
    )
    room.export()
    assert room.scores("ada")["why"] == (None, None, None, True)
    assert room.comment("ada", "why") == "No response."


def test_a_question_that_is_removed_takes_grade_and_comment_with_it(room):
    room.hand_in("ada")
    room.export()
    room.by_hand("ada", manual_score=4.0, comment="Good.")
    room.edit("notebook.py", '# %% [markdown] q="explain" role="manual" points=5\n', "")
    room.export()
    assert set(room.scores("ada")) == set(CHECKS)
    assert not [row for row in room.dump() if "Good." in row]


def test_points_that_are_worth_something_else_now_are_written(room):
    room.hand_in("ada")
    room.export()
    room.edit("notebook.py", 'role="check" points=2', 'role="check" points=3')
    room.edit("hidden_checks.py", "points=7", "points=6")
    room.edit("notebook.py", 'role="manual" points=5', 'role="manual" points=7')
    room.export()
    assert automatic(room, "ada") == {"q1-example": 3.0, HIDDEN: 7.0}
    with room.gradebook() as book:
        assert book.find_grade("explain", NAME, NAME, "ada").max_score == 7.0


@pytest.mark.parametrize("change", ["notebook", "checks", "gone"])
def test_results_of_another_notebook_or_other_checks_are_left_out_and_the_others_are_written(room, change):
    folder = room.hand_in("ada")
    if change != "checks":
        room.hand_in("bob")
    results = room.grade()
    match change:
        case "notebook":
            room.hand_in("ada", CHANGES_ITS_INPUT)
        case "checks":
            room.edit("hidden_checks.py", "size=4", "size=5")
        case "gone":
            folder.joinpath(f"{NAME}.ipynb").unlink()
    written = room.export(results)
    assert [result.student for result in written.stale] == ["ada"]
    with room.gradebook() as book:
        assert [student.id for student in book.students] == ([] if change == "checks" else ["bob"])


def late_room(room):
    (room.root / "nbgrader_config.py").write_text(f"c = get_config()\n{LATE}")
    room.hand_in("ada", at="2026-11-24 10:00:00 UTC")
    room.hand_in("bob", at="2026-11-24 11:00:00 UTC")
    room.export()
    return room


def test_what_is_late_is_penalised_by_nbgraders_plugin_until_it_is_not(room):
    late_room(room).due("2026-11-24 10:30:00 UTC")
    room.export()
    assert [room.total(s) for s in ("ada", "bob")] == [(10.0, 0), (10.0, 10.0)]
    room.by_hand("bob", manual_score=3.0)
    room.export()
    assert room.total("bob") == (13.0, 13.0)
    rows = room.dump()
    room.export()
    assert room.dump() == rows
    room.due("2026-11-24 11:00:00 UTC")
    room.export()
    assert room.total("bob") == (13.0, 0)


def test_an_extension_is_respected_and_stays(room):
    late_room(room).due("2026-11-24 09:00:00 UTC")
    with room.gradebook() as book:
        book.grant_extension(NAME, "ada", hours=1)
    room.export()
    assert [room.total(s)[1] for s in ("ada", "bob")] == [0, 10.0]
    with room.gradebook() as book:
        assert book.find_submission(NAME, "ada").extension == timedelta(hours=1)


@pytest.mark.parametrize("text", ["yesterday?", "9" * 30, "2026-13-45 10:00:00 UTC", "\x00", "\udcff"])
def test_a_time_stamp_that_nobody_can_read_stops_nobodys_export(room, text):
    room.hand_in("ada").joinpath("timestamp.txt").write_bytes(text.encode(errors="surrogateescape"))
    assert room.export().submissions == 1


def test_ids_with_quotes_commas_formulas_and_other_scripts_survive(room):
    for student in HARD_IDS:
        room.hand_in(student)
    results = room.grade()
    room.export(results)
    with room.gradebook() as book:
        assert sorted(s.id for s in book.students) == sorted(HARD_IDS)
    for student in HARD_IDS:
        assert automatic(room, student) == CHECKS
        assert WORDS in room.graded_notebook(student)
    rows = list(csv.DictReader(io.StringIO(grades_csv(map(grade_of, results)))))
    assert [r["student"] for r in rows] == ["'=HYPERLINK(1)", 'O\'Hara, "Jr."', "Ωmega", "名前"]


@pytest.mark.parametrize(
    ("student", "says"),
    [("x" * 129, "at most 128 characters, got 129"), ("<img src=x onerror=alert(1)>", "expected an id without <")],
)
def test_an_id_that_nbgrader_cannot_hold_or_show_is_one_clear_line(room, student, says):
    room.hand_in(student)
    with pytest.raises(AutograderError, match=says):
        room.export()


HOSTILE = """<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1))
[y](JaVaScRiPt:alert(1)) [z](java&#115;cript:alert(1)) ![beacon](http://203.0.113.1/x.png) <svg/onload=alert(1)>
<javascript:alert(1)> $\\href{javascript:alert(1)}{x}$ $\\\\href{javascript:alert(1)}{x}$ <!-- [w](data:text/html,x) --> ``<b>`` <a href=x>

<div>

[u]: javascript:alert(1)

[u] </textarea><script>
"""


def test_hostile_text_is_inert_in_the_graded_notebook(room):
    folder = room.hand_in("ada", words=HOSTILE)
    path = folder / f"{NAME}.ipynb"
    text = path.read_text().replace('"id": "text"', '"id": "x\\" onload=\\"alert(1)"')
    path.write_text(text.replace('"metadata": {}', '"metadata": {"nbgrader": {"grade_id": "<script>"}}', 1))
    room.export()
    notebook = nbformat.reads(room.graded_notebook("ada"), 4)
    nbformat.validate(notebook)
    assert "onload=" not in "".join(c.id for c in notebook.cells)
    assert "<script>" not in str([c.metadata for c in notebook.cells])
    cell = next(c for c in notebook.cells if c.id == "explain")
    page, _ = HTMLExporter(template_name="basic").from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    for live in ("<script>", "<img", "<svg", "<div>\n\n[", "<!--", 'href="javascript', 'href="data', "<b>"):
        assert live.lower() not in page.lower()
    assert "\\href" not in page


def test_formulas_and_code_read_as_they_were_written(room):
    room.hand_in("ada", words="If $a<b$ then `x<y`; & so on.\n\n```\nif a<b: pass\n```")
    room.export()
    cell = next(c for c in nbformat.reads(room.graded_notebook("ada"), 4).cells if c.id == "explain")
    assert cell.source == "If $a< b$ then `x< y`; & so on.\n\n```\nif a< b: pass\n```"


OPENED_BY = [
    ("no url", "expected a URL such as postgresql://user@host/database, got text that is none"),
    (
        "nothing://me:hunter2@here/x",
        "expected a URL such as postgresql://user@host/database, got nothing://me:***@here/x",
    ),
    ("oracle://me:hunter2@here/x", "expected a driver for oracle://me:***@here/x, got none"),
    ("postgresql+psycopg2cffi://me:hunter2@here/x", "expected a driver for postgresql+psycopg2cffi://me:***@here/x"),
    ("sqlite:////nowhere/at/all.db", "expected to write to sqlite:////nowhere/at/all.db, got: unable to open"),
]


@pytest.mark.parametrize(("url", "says"), OPENED_BY)
def test_a_gradebook_that_cannot_be_opened_is_one_line_without_the_password(room, url, says):
    (room.root / "course.toml").write_text(f'title = "Test course"\ngradebook = "{url}"\n')
    room.hand_in("ada")
    with pytest.raises(AutograderError) as caught:
        room.export()
    said = str(caught.value)
    assert says in said
    assert "\n" not in said
    assert "hunter2" not in said


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes read-only files: the next test stands for it")
def test_a_read_only_gradebook_is_one_line(room):
    room.hand_in("ada")
    room.export()
    (room.course.work / "gradebook.db").chmod(0o444)
    with pytest.raises(AutograderError, match=r"expected to write to sqlite:.*readonly"):
        room.hand_in("bob")
        room.export()


def test_a_gradebook_opened_for_reading_only_is_one_line(room):
    room.hand_in("ada")
    room.export()
    url = f"sqlite:///file:{room.course.work}/gradebook.db?mode=ro&uri=true"
    (room.root / "course.toml").write_text(f'title = "Test course"\ngradebook = "{url}"\n')
    room.hand_in("bob")
    with pytest.raises(AutograderError, match=r"expected to write to sqlite:.*readonly"):
        room.export()


def test_settings_of_the_instructors_own_win_and_the_rest_is_ours(room):
    (room.root / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.autograded_directory = 'marked'\n"
    )
    room.hand_in("ada")
    room.export()
    assert (room.root / "marked" / "ada" / NAME / f"{NAME}.ipynb").is_file()
    assert (room.course.work / "gradebook.db").is_file()


def test_misuse_of_export_is_one_line_and_exit_code_2(room):
    code, said = program(room.root, "export", "nbgrader")
    assert code == 2
    assert "expected results, got none" in said
    assert len(said.splitlines()) == 1


def test_a_format_that_export_does_not_know_is_one_line():
    with pytest.raises(AutograderError, match="expected one of csv, canvas, moodle") as error:
        run("export", "paper")
    assert "\n" not in str(error.value)


def test_pages_learn_what_a_person_gave_and_what_waits(room):
    for student in ("ada", "bob", "cy"):
        room.hand_in(student)
    room.export()
    nothing = {"explain": Given(None, waits=True)}
    assert hand_scores(room.course, [NAME]) == HandWork({(NAME, s): nothing for s in ("ada", "bob", "cy")})
    room.by_hand("ada", manual_score=3.0, extra_credit=0.5)
    room.by_hand("bob", manual_score=4.0)
    room.by_hand("cy", cell=HIDDEN, manual_score=1.0)  # not an answer in words
    given = {
        (NAME, "ada"): {"explain": Given(3.5)},
        (NAME, "bob"): {"explain": Given(4.0)},
        (NAME, "cy"): {"q1": Given(-7.0), **nothing},
    }
    assert hand_scores(room.course, [NAME]) == HandWork(given)
    room.hand_in("bob", words="Something else.")
    room.export()
    assert hand_scores(room.course, [NAME]).of((NAME, "bob")) == {"explain": Given(4.0, waits=True)}


@pytest.fixture
def no_database(tmp_path):
    """A course whose gradebook is a file of text."""
    (tmp_path / "work").mkdir()
    (tmp_path / "course.toml").write_text('title = "Test"\n')
    (tmp_path / "work" / "gradebook.db").write_text("no database, and a name: eve")
    return Course(tmp_path, "Test")


def test_a_gradebook_that_cannot_be_read_is_said_in_one_line_without_its_text(no_database):
    with pytest.raises(AutograderError, match=r"^gradebook: expected .*gradebook\.db, got: .* not a database") as error:
        hand_scores(no_database, [NAME])
    assert "\n" not in str(error.value)
    assert "eve" not in str(error.value)


def test_a_gradebook_that_cannot_be_read_is_closed(no_database):
    """Python 3.13 warns of a connection that is collected while it is open, and then in the middle of other work."""
    with pytest.raises(AutograderError) as error:  # its traceback keeps nbgrader's objects alive
        hand_scores(no_database, [NAME])
    assert error.tb
    open_files = [os.path.realpath(entry) for entry in Path("/proc/self/fd").iterdir()]
    assert str(no_database.work / "gradebook.db") not in open_files
