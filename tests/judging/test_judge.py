"""What a hidden check says of an answer, for checks of any author: nothing that the answer could choose."""

import inspect
from pathlib import Path

import pytest
from patience import be_patient

from autograder.assignment.assignment import load_assignment
from autograder.assignment.withheld import withheld
from autograder.authoring.inprocess import PlainStudent
from autograder.course import bundled_course, open_course
from autograder.errors import CrashError, RaisedError
from autograder.judging.judge import judge
from autograder.scaffold import new

SECRET = "0.4142135"
# A careless author's checks: each quotes what came back.
CHECKS = '''import numpy as np

from autograder.authoring import SafeText, Suspect, assert_array, blocked, check, fail


@check("q1", points=1)
def test_quotes(student):
    """Quotes"""
    fail(f"expected 3, got {student.answer()}", "value", subject=student.answer(), hint=f"not {student.answer()}")


@check("q1", points=1)
def test_hands_on(student):
    """Hands on"""
    fail(student.answer(), "value", got=student.answer())


@check("q1", points=1)
def test_names(student):
    """Names"""
    assert_array(np.ones(2), np.zeros(2), name=f"the answer {student.answer()}")


@check("q1", points=1)
def test_suspects(student):
    """Suspects"""
    assert_array(np.ones(2), np.zeros(2), suspects=[Suspect(np.ones(2), student.answer())])


@check("q1", points=1)
def test_waits(student):
    """Waits"""
    blocked("q1", student.answer())


@check("q1", points=1)
def test_asserts(student):
    """Asserts"""
    assert student.answer() == 3, f"got {student.answer()}"


@check("q1", points=1)
def test_says(student):
    """Says"""
    for d in (2, 3):
        fail("not the mean", "value", subject=SafeText(f"d = {d}"), hint="divide by the length")
'''


@pytest.fixture(scope="module")
def checks(tmp_path_factory):
    root = tmp_path_factory.mktemp("careless")
    (root / "course.toml").write_text('title = "Careless"\n')
    course = open_course(root)
    be_patient(new(course, "a1_careless"))
    folder = course.solutions / "a1_careless"
    (folder / "hidden_checks.py").write_text(CHECKS)
    settings, notebook = folder / "assignment.toml", folder / "notebook.py"
    settings.write_text('title = "Careless"\n[[questions]]\nid = "q1"\ntitle = "answer"\npoints = 7\n')
    notebook.write_text('# %% role="setup"\nimport numpy as np\n')
    return {c.id.partition(".")[2]: c for c in load_assignment(folder).checks}


def message_of(check, answer):
    """The message of a check to a notebook whose function `answer` does this."""
    return judge(check, PlainStudent({"answer": answer}), None, "seed").message


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("quotes", "returns another value."),
        ("hands_on", "returns another value."),
        ("names", "all entries differ from the reference."),
        ("suspects", "the result: returns another value."),
        ("waits", "This cannot be checked before q1 passes: waits for an earlier question."),
        ("asserts", "this property does not hold."),
    ],
)
def test_r10_a_text_with_an_answer_in_it_is_not_shown(checks, name, message):
    assert message_of(checks[name], lambda: SECRET) == message


def test_the_audit_names_the_lines_whose_texts_are_not_shown(checks):
    folder = Path(inspect.getfile(checks["quotes"].function)).parent
    lines = CHECKS.splitlines()
    assert [lines[n - 1].split("(")[0].strip() for n in withheld(folder)] == ["fail", "assert_array"]


def test_no_text_of_the_course_is_withheld():
    course = bundled_course()
    assert [withheld(course.solutions / name) for name in course.names()] == [[]] * len(course.names())


def test_a_text_of_the_file_and_a_safe_text_are_shown(checks):
    assert message_of(checks["says"], lambda: SECRET) == "d = 2: not the mean. Hint: divide by the length."


@pytest.mark.parametrize("name", ["E2BIG", "TimeoutError", "UnicodeTranslateError", "BufferError", SECRET])
def test_r10_the_name_of_an_exception_is_one_of_a_short_list(checks, name):
    def answer():
        raise RaisedError(name, SECRET)

    assert message_of(checks["quotes"], answer) == (
        "raised an exception: call the function in your notebook and read the last line."
    )


def test_an_exception_of_honest_code_has_its_name(checks):
    def answer():
        raise RaisedError("IndexError", SECRET)

    assert message_of(checks["quotes"], answer).startswith("raised IndexError: an index is beyond the end")


def test_r10_what_breaks_a_check_is_not_named(checks):
    def answer():
        raise ArithmeticError(SECRET)

    assert message_of(checks["quotes"], answer).startswith("the check could not use what was returned. Hint:")


def test_r10_a_frame_that_cannot_be_read_is_one_kind_of_end(zygote, skeleton):
    """Lengths and numbers of extensions stand in the codec's errors, and student code chooses them."""
    from autograder.sandbox.clocks import Deadline
    from autograder.sandbox.connection import Limits
    from autograder.sandbox.student_process import StudentProcess

    for frame in (b"\xc1", b"\xd4\x7f\x00"):
        with StudentProcess(zygote, Limits(), skeleton.name, Deadline(1000)) as process:
            process.line.receive = lambda _, frame=frame: frame
            with pytest.raises(CrashError, match="a frame that cannot be read"):
                process.get("answer")
