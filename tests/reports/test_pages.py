"""Pages show what was decided, and whatever a student wrote stays text."""

import re

import pytest
from result_builders import check, question, record

from autograder.course import Course
from autograder.records.result import CellError, Sandbox
from autograder.reports.pages import write_reports
from autograder.reports.summary import summarise

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}\x1b[31m"


def result(student="ada", passed=True, tier="A", **fields):
    made = check(points=6.0, max_points=6.0) if passed else check(max_points=6.0, message=HOSTILE, diagnosis="sign")
    given = {"max_score": 6.0, "sandbox": Sandbox(tier=tier), "questions": (question("q1", made),), **fields}
    return record(student, "a9_test", **given)


@pytest.fixture
def pages(course, tmp_path):
    def write(*results):
        index = write_reports(course, list(results), tmp_path)
        return index.read_text(), {p.name: p.read_text() for p in (tmp_path / "a9_test").iterdir()}

    return write


def test_what_a_student_wrote_is_never_markup(pages):
    index, students = pages(
        result(
            HOSTILE,
            passed=False,
            cell_errors=(CellError(cell=1, error=HOSTILE),),
            flags=({"kind": "note", "data": (HOSTILE,)},),
        )
    )
    for page in (index, *students.values()):
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "\x1b" not in page
        assert "{{7*7}}" in page  # text, not evaluated
        assert "default-src 'none'" in page  # and if it were, it could load nothing
    assert index.count("<script") == 1  # our own
    assert not [page for page in students.values() if "<script" in page]


def test_nothing_is_loaded_from_anywhere(pages):
    index, students = pages(result())
    assert not re.findall(r"(src|href)=[\"']?(https?:|//)", index + "".join(students.values()))


def test_each_student_links_from_the_class_page_to_an_own_page(pages):
    index, students = pages(result("ada"), result("../evil"), result("Žofie O'Hara"))
    links = re.findall(r'href="a9_test/([^"]+)"', index)
    assert len(links) == 6  # the list of students, and who waits with an answer in words
    from urllib.parse import unquote

    assert {unquote(link) for link in links} == set(students)


def test_an_assignment_without_a_title_is_called_as_its_notebook_is(tmp_path):
    """A hostile heading of the author's stays text, too."""
    folder = tmp_path / "solutions" / "a9_test"
    folder.mkdir(parents=True)
    (folder / "assignment.toml").write_text('[[questions]]\nid = "q1"\ntitle = "f"\npoints = 6\n')
    (folder / "notebook.py").write_text("# %% [markdown]\n# # Hills & valleys\n")
    index = write_reports(Course(tmp_path, "Test"), [result()], tmp_path / "out")
    for page in (index, tmp_path / "out" / "assignment-a9_test.html", tmp_path / "out" / "a9_test" / "ada.html"):
        assert "Hills &amp; valleys" in page.read_text()
    assert "<h1>a9_test" not in page.read_text()


def test_two_reports_of_the_same_results_are_the_same_bytes(pages):
    assert pages(result(passed=False), result("bob")) == pages(result(passed=False), result("bob"))


def test_unsafe_grading_is_stamped_on_every_page(pages):
    index, students = pages(result(tier="unsafe"))
    assert all("WITHOUT a sandbox" in page for page in (index, *students.values()))


def test_the_class_numbers_are_right():
    summary = summarise(
        [
            result("a"),
            result("b"),
            result("c", passed=False),
            result("d", passed=False, status="missing", questions=()),
        ]
    )
    assert (summary.mean, summary.median) == (3.0, 3.0)  # 6, 6, 0, 0
    assert summary.bins == (2, 0, 0, 0, 0, 0, 0, 0, 0, 2)
    assert (summary.hardest.id, summary.hardest.full) == ("q1", 2)
    assert summary.hardest.rate == pytest.approx(2 / 3)  # of the three that were graded
    assert [(m.check, m.diagnosis, m.students) for m in summary.mistakes] == [("q1.value", "sign", 1)]
