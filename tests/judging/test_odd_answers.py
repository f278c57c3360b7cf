"""What a student reads about odd answers and unfinished notebooks: graded in the sandbox, with the skeleton."""

import pytest

from autograder.assignment.samples import notebook_text, solved_cells
from autograder.authoring.seeds import seeds_from
from autograder.intake.submissions import Submission
from autograder.judging.submission import grade_submission


@pytest.fixture
def graded(sandboxes, skeleton, tmp_path):
    """graded(answer, *cells): {check: (outcome, diagnosis, message)} of a notebook with this answer, and more cells."""

    def of(answer, *more):
        cells = [(k, n, answer if n == "q1-solution" else s) for k, n, s in solved_cells(skeleton)]
        path = tmp_path / "mine.ipynb"
        path.write_text(notebook_text([*cells, *(("code", f"own-{i}", source) for i, source in enumerate(more))]))
        zygote = sandboxes.open({skeleton.name: skeleton.handouts}, "B")
        result = grade_submission(Submission("ann", skeleton.name, path), skeleton, zygote, seeds_from(b"secret"))
        return {c.id: (c.outcome, c.diagnosis, c.message) for c in result.checks}

    return of


def answering(body):
    return "def mean_square(x):\n" + "\n".join(f"    {line}" for line in body.splitlines())


@pytest.mark.parametrize("body", ["pass", "...", "return", "return None", '"""The mean."""', '"""It."""\npass'])
def test_a_function_without_code_is_not_written_yet(graded, body):
    for outcome, diagnosis, message in graded(answering(body)).values():
        assert (outcome, diagnosis) == ("missing", "not_implemented")
        assert message == "not written yet: `mean_square` has no code but returns None."


@pytest.mark.parametrize("body", ["return 0", "return x and None", "x.sum()", "return []"])
def test_a_function_with_some_code_is_a_wrong_answer(graded, body):
    assert {outcome for outcome, _, _ in graded(answering(body)).values()} <= {"fail", "error"}


@pytest.mark.parametrize(
    ("body", "form"),
    [
        ("return np.mean(np.square(x.astype(np.longdouble)))", "a number of type np.longdouble"),
        ("return np.square(x.astype(np.longdouble))", "an array of np.longdouble"),
        ("return np.square(x) + 0j", "an array of complex numbers"),
        ("return complex(np.mean(np.square(x)))", "a complex number"),
        ("return np.array([x, [1, 2, 3, 4]], dtype=object)", "an array of Python objects"),
        ("return np.array(['a'])", "an array of text"),
        ("return np.zeros(2, dtype=[('a', float)])", "a structured array"),
        ("return np.array(['2026-01-01'], dtype='M8')", "an array of dates or times"),
        ("return np.square(x).astype('>f8')", "an array in another byte order"),
        ("return np.zeros(9 * (1,))", "an array of more than 8 axes"),
        ("return {1.0, 2.0}", "a set"),
        ("return (v * v for v in x)", "a generator or another iterator"),
    ],
)
def test_a_value_that_is_no_real_numbers_is_named(graded, body, form):
    outcome, diagnosis, message = graded(answering(body))["q1.value"]
    assert (outcome, diagnosis) == ("fail", "dtype")
    assert message.startswith(f"the result: expected real numbers, got {form}.")


@pytest.mark.parametrize(
    "body",
    [
        "return np.mean(np.square(x)).astype(np.float32)",
        "return np.matrix(np.mean(np.square(x)))[0, 0]",
        "return np.ma.masked_array(np.mean(np.square(x)))",
        "return np.array(np.mean(np.square(x)))",
        "return [np.mean(np.square(x))]",
        "return (float(np.mean(np.square(x))),)",
    ],
)
def test_a_right_number_in_another_dress_passes(graded, body):
    assert {outcome for outcome, _, _ in graded(answering(body)).values()} <= {"pass", "error"}
    assert graded(answering(body))["q1.value"][0] == "pass"


def test_a_number_has_a_sentence_of_its_own(graded):
    for factor, words in ((2, "yours is twice the reference."), (-1, "yours = −1 × the reference."), (0, "zero, and")):
        message = graded(answering(f"return {factor} * np.mean(np.square(x))"))["q1.value"][2]
        assert words in message
        assert "everywhere" not in message
        assert "entries" not in message


def test_a_cell_that_cannot_be_read_is_named_by_every_check_that_misses_its_name(graded):
    for outcome, diagnosis, message in graded("def mean_square(x):\n    return (x").values():
        assert (outcome, diagnosis) == ("missing", "not_defined")
        assert message.startswith("mean_square is not defined: code cell 3 cannot be read as Python (line 2)")


def test_a_cell_that_stopped_before_the_definition_is_named(graded):
    messages = graded("mean_square = 1 / 0").values()
    assert all("code cell 3 stopped with ZeroDivisionError (line 1)" in message for _, _, message in messages)


def test_the_line_stands_in_hidden_checks_too_if_the_public_check_knows_it(graded):
    got = graded(answering("y = x.mean()\nreturn yy"))
    assert "line 3" in got["q1.example"][2]
    assert got["q1.value"][2].startswith("raised NameError (line 3, as in the public check): a name is used that is")


def test_a_shape_is_spoken_of_only_where_a_shape_is_at_fault(graded):
    assert "shapes" not in graded(answering("return np.product(x)"))["q1.value"][2]
    assert "shapes" in graded(answering("return x.reshape(1000).mean()"))["q1.value"][2]
