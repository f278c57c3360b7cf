"""Pictures of a student's answers: right where the answer is, bounded whatever it is, and never worth a point."""

import contextlib
import math
import re
import shutil
from types import SimpleNamespace

import numpy as np
import pytest
from bundled import ONE_TIER, bundled_suite
from patience import BRIEF, within

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import Sample, load_samples, notebook_text, solved_cells
from autograder.authoring.drawing_parts import Pair
from autograder.authoring.drawings import Bars, Ground, HeatMap, Messages, Paths, Picture
from autograder.authoring.pictures import NoPicture, numbers
from autograder.authoring.seeds import seeds_from
from autograder.course import open_course
from autograder.errors import CourseError
from autograder.grading import grader
from autograder.grading.grade_class import grade
from autograder.grading.plan import GradingPlan
from autograder.intake.reader import read_notebook
from autograder.intake.submissions import find_submissions
from autograder.judging import draw_pictures as stage
from autograder.judging.submission import grade_notebook
from autograder.records.result import Result
from autograder.records.store import result_path
from autograder.sandbox.clocks import Deadline
from autograder.scaffold import new
from reference_impl.figures.scenes.messages import follow_messages

PICTURES = '''"""Pictures."""

import numpy as np

from autograder.authoring import Bars, Pair, numbers, picture


@picture("q1", title="The mean of three squares")
def three(student, reference):
    """Of 1.25, 2 and 3."""
    x = np.array([1.25, 2.0, 3.0])
    got = numbers(student.mean_square(x), (), "mean_square")
    return Bars(bars=(Pair.of("mean_square", got, reference.mean_square(x)),), unit="of mean square")
'''
RIGHT = "def mean_square(x):\n    return np.sum(x * x) / len(x)"
# The mean is right but for the one input that the picture is made of.
ONLY_THERE = "def mean_square(x):\n    if len(x) == 3 and x[0] == 1.25:\n        {}\n    return np.sum(x * x) / len(x)"
KEEPS = """kept = []
def mean_square(x):
    if len(x) == 3 and x[0] == 1.25:
        return max([float(np.max(k)) for k in kept], default=4.8541666666667)
    kept.append(np.array(x))
    return np.sum(x * x) / len(x)"""


@pytest.fixture(scope="module")
def pictured(tmp_path_factory):
    """One assignment, a9_test, with a picture."""
    root = tmp_path_factory.mktemp("pictured")
    (root / "course.toml").write_text('title = "Test course"\n')
    made = open_course(root)
    folder = new(made, "a9_test")
    (folder / "pictures.py").write_text(PICTURES)
    return made


@pytest.fixture(scope="module")
def assignment(pictured):
    return within(load_assignment(pictured.solutions / "a9_test"), **BRIEF)


@pytest.fixture
def result(assignment, zygote, tmp_path):
    """result(source): of a notebook whose solution cell is this."""

    def of(source):
        cells = [(k, n, source if n == "q1-solution" else s) for k, n, s in solved_cells(assignment)]
        (tmp_path / "own.ipynb").write_text(notebook_text(cells))
        return grade_notebook(read_notebook(tmp_path / "own.ipynb"), "ada", assignment, zygote, seeds_from(b"secret"))

    return of


def test_a_right_answer_is_shown_beside_the_reference(result):
    made = result(RIGHT)
    (shown,) = made.pictures
    assert shown.agrees
    assert shown.drawing.bars[0].yours == ((4.85417,),)  # (1.5625 + 4 + 9) / 3, to six digits
    assert (shown.id, shown.question, shown.caption) == ("q1.three", "q1", "Of 1.25, 2 and 3.")
    assert made.score == 10


@ONE_TIER
@pytest.mark.parametrize(
    ("returned", "why"),
    [
        ("return 'ten'", "where numbers are due"),
        ("return np.zeros(1_000_000)", "returned shape (1000000,) where () is due"),
        ("return {'a': 1}", "where numbers are due"),
        ("return [[1.0], [2.0, 3.0]]", "mean_square returned"),
        ("return 1 + 2j", "returned a complex number"),
        ("return object()", "mean_square returned"),
        ("return None", "mean_square returned"),
        ("raise ValueError('<b>' + 'x' * 10_000)", "it raised ValueError: <b>xxx"),
        ("raise NotImplementedError", "not written yet"),
        ("import ctypes; ctypes.string_at(0)", "process"),
        ("while True: pass", "a call used more than 0.5 s of processor time"),
    ],
)
def test_an_answer_that_cannot_be_drawn_gives_a_sentence_and_costs_nothing(result, returned, why):
    made = result(ONLY_THERE.format(returned))
    (shown,) = made.pictures
    assert shown.drawing is None
    assert why in shown.why
    assert len(shown.why) <= 200
    assert made.score == 10
    assert not made.cell_errors


@pytest.mark.parametrize(("returned", "value"), [("np.nan", math.nan), ("-np.inf", -math.inf), ("1e300", 1e300)])
def test_what_is_no_number_is_kept_as_such(result, returned, value):
    made = result(ONLY_THERE.format(f"return {returned}"))
    back = Result.model_validate_json(made.to_json())
    assert back.pictures[0].drawing.bars[0].yours[0][0] == pytest.approx(value, nan_ok=True)
    assert not back.pictures[0].agrees


def test_a_hidden_input_that_a_notebook_kept_reaches_no_picture(result):
    """The process that answered the checks would return the largest number of all inputs so far."""
    (shown,) = result(KEEPS).pictures
    assert shown.agrees  # as in a process that was asked nothing else


NOTED = '''

from autograder.authoring import picture as of_a_memo


@of_a_memo("q1", title="What a check noted")
def noted(student, reference, memo):
    """From the memo."""
    assert student.mean_square(np.zeros(1)) == 0
    return Bars(bars=(Pair.of("noted", memo.get("noted", 1.0), 1.0),), unit="of a note")
'''


@pytest.mark.parametrize(("noted", "shown"), [("1.0", 1.0), ("np.max(x)", 1.0)])
def test_what_a_check_noted_is_shown_only_if_it_is_right(tmp_path, zygote, noted, shown):
    """A note that is not right is drawn again, in a process and with a memo that know no hidden input."""
    (tmp_path / "course.toml").write_text('title = "Test course"\n')
    folder = new(open_course(tmp_path), "a9_test")
    (folder / "pictures.py").write_text(PICTURES + NOTED)
    checks = (folder / "hidden_checks.py").read_text()
    checks = re.sub(r"def test_value\((.*?)\):\n", r"def test_value(\1, memo):\n", checks)
    checks = checks.replace("assert_number(", f"memo['noted'] = {noted}; assert_number(", 1)
    (folder / "hidden_checks.py").write_text(checks)
    suite = within(load_assignment(folder), **BRIEF)
    (tmp_path / "own.ipynb").write_text(notebook_text(solved_cells(suite)))
    made = grade_notebook(read_notebook(tmp_path / "own.ipynb"), "ada", suite, zygote, seeds_from(b"secret"))
    assert made.pictures[1].drawing.bars[0].yours == ((shown,),)


@ONE_TIER
def test_a_hidden_input_that_a_notebook_kept_reaches_no_message_of_a_public_check(tmp_path, zygote, sandboxes):
    """q1's hidden check has a public one of q2 behind it, which would show what was raised."""

    suite = bundled_suite("a2_mlp_backprop")
    keeps = "kept = []\ndef forward(X, params):\n    kept.append(X.shape)\n    z1 = X @ params['W1'] + params['b1']\n    a1 = np.maximum(z1, 0)\n    return a1 @ params['W2'] + params['b2'], (X, z1, a1)"
    tells = "def cross_entropy(logits, y):\n    raise ValueError(sorted(set(kept)))"
    cells = solved_cells(suite, Sample("k", "wrong", "", keeps, ("x",)), Sample("t", "wrong", "", tells, ("x",)))
    (tmp_path / "own.ipynb").write_text(notebook_text(cells))
    opened = sandboxes.open({suite.name: suite.handouts}, zygote.tier)
    made = grade_notebook(read_notebook(tmp_path / "own.ipynb"), "ada", suite, opened, seeds_from(b"secret"))
    told = next(c.message for q in made.questions for c in q.checks if c.id == "q4.example")
    # The shapes of the notebook's own cells and public checks; the hidden ones have (5, 4) first.
    assert "(1, 2)" in told
    assert "(5, 4)" not in told


def test_a_wrong_answer_is_the_same_whatever_was_asked_before(result):
    counts = "calls = []\ndef mean_square(x):\n    calls.append(1)\n    return float(len(calls))"
    (shown,) = result(counts).pictures
    assert shown.drawing.bars[0].yours == ((1.0,),)


def test_nothing_is_asked_of_what_is_not_written(result):
    made = result("def mean_square(x):\n    raise NotImplementedError")
    assert [(p.drawing, p.why) for p in made.pictures] == [(None, "nothing is written here yet")]


@ONE_TIER
def test_nothing_is_asked_of_what_does_not_end(result):
    made = result("def mean_square(x):\n    while True:\n        pass")
    assert [(p.drawing, p.why) for p in made.pictures] == [(None, "a call did not come to its end")]


def test_a_picture_that_raises_costs_no_point(pictured, tmp_path, zygote):
    folder = tmp_path / "a9_test"
    shutil.copytree(pictured.solutions / "a9_test", folder)
    (folder / "pictures.py").write_text(PICTURES.replace("got = ", "raise KeyError('mine')\n    got = "))
    broken = load_assignment(folder)
    (tmp_path / "own.ipynb").write_text(notebook_text(solved_cells(broken)))
    made = grade_notebook(read_notebook(tmp_path / "own.ipynb"), "ada", broken, zygote, seeds_from(b"secret"))
    assert made.score == 10
    assert made.pictures[0].why == "what was returned could not be drawn (KeyError)"


def test_grading_twice_gives_the_same_bytes(pictured, assignment, hand_in, tmp_path):
    wrong = ONLY_THERE.format("return np.array(7)")
    for student, source in (("ada", RIGHT), ("bob", wrong), ("eve", KEEPS)):
        cells = [(k, n, source if n == "q1-solution" else s) for k, n, s in solved_cells(assignment)]
        hand_in(student, notebook_text(cells))
    found = tuple(find_submissions(hand_in.root, ("a9_test",)))
    texts = []
    for out in (tmp_path / "one", tmp_path / "two"):
        grade(GradingPlan(pictured, ("a9_test",), found, out, tier="B"))
        texts.append([result_path(out, "a9_test", s).read_bytes() for s in ("ada", "bob", "eve")])
    assert texts[0] == texts[1]
    assert b"4.85417" in texts[0][0]


def test_who_needs_marks_only_makes_no_pictures(pictured):
    assert grader.load_suites(pictured, ("a9_test",), pictures=True)["a9_test"].pictures
    assert not grader.load_suites(pictured, ("a9_test",), pictures=False)["a9_test"].pictures


def test_another_picture_is_another_suite(pictured, assignment, tmp_path):
    folder = tmp_path / "a9_test"
    shutil.copytree(pictured.solutions / "a9_test", folder)
    assert load_assignment(folder).suite_sha256 == assignment.suite_sha256
    (folder / "pictures.py").write_text(PICTURES.replace("1.25", "1.5"))
    assert load_assignment(folder).suite_sha256 != assignment.suite_sha256
    (folder / "pictures.py").unlink()
    assert load_assignment(folder).pictures == ()


@pytest.mark.parametrize(
    ("old", "wrong", "told"),
    [("(student, reference)", "(student, rng)", "got 'rng'"), ('"q1"', '"q7"', "got 'q7'")],
)
def test_a_picture_that_cannot_be_made_is_refused_when_the_course_is_read(pictured, tmp_path, old, wrong, told):
    folder = tmp_path / "a9_test"
    shutil.copytree(pictured.solutions / "a9_test", folder)
    (folder / "pictures.py").write_text(PICTURES.replace(old, wrong))
    with pytest.raises(CourseError, match=told):
        load_assignment(folder)


def test_numbers_of_the_right_shape_are_taken_in_any_form():
    assert numbers([[1, True], [2.5, 3]], (2, 2), "f").tolist() == [[1.0, 1.0], [2.5, 3.0]]
    assert numbers(np.arange(3, dtype=np.uint8), (None,), "f").dtype == np.float64
    with pytest.raises(NoPicture, match="f returned shape"):
        numbers(np.zeros((3, 2)), (None, 2), "f", at_most=5)


ONES = {"W1": [[1.0]], "b1": [1.0], "W2": [[1.0]], "b2": [1.0]}


def test_a_result_with_a_drawing_of_an_earlier_version_can_be_read():
    old = {"kind": "network", "columns": [], "weights": []}
    read = Picture.model_validate({"id": "q7.error_terms", "question": "q7", "title": "T", "drawing": old})
    assert (read.drawing, read.why) == (None, "an earlier version of the grader drew it in another way")


def test_shapes_that_do_not_fit_together_are_no_drawing():
    row, square = Pair.of("row", [1.0, 2.0], [1.0, 2.0]), Pair.of("square", np.eye(2), np.eye(2))
    with pytest.raises(ValueError, match="square"):
        Bars(bars=(square,), unit="")
    with pytest.raises(ValueError, match="longer"):
        HeatMap(blocks=(Pair.of("longer", [1.0, 2.0, 3.0], [1.0, 2.0]),))
    with pytest.raises(ValueError, match="d1"):
        Messages.of(ONES, [[1.0]], [0], [Pair.of("d1", [1.0, 2.0], [1.0, 2.0])])
    with pytest.raises(ValueError, match="fit together"):
        Messages.of({**ONES, "b1": [1.0, 2.0]}, [[1.0]], [0], [row])
    with pytest.raises(ValueError, match="fit together"):
        Messages.of(ONES, [[1.0]], [1], [row])
    with pytest.raises(ValueError, match="different names"):
        Messages.of(ONES, [[1.0]], [0], [row])
    with pytest.raises(ValueError, match="one to three units"):
        Messages.of({**ONES, "W2": np.ones((4, 1))}, [[1.0]], [0], [row])
    with pytest.raises(ValueError, match="ground"):
        Ground(x=(0, 1), y=(1, 0), heights=((0.0, 1.0), (0.0, 1.0)))
    with pytest.raises(ValueError, match="two rows"):
        Paths(
            ground=Ground(x=(0, 1), y=(0, 1), heights=((0.0, 1.0), (0.0, 1.0))),
            path=Pair(name="p", yours=((1.0,), ()), reference=((1.0,), (2.0,))),
            x_label="x",
            y_label="y",
        )


# --- The three assignments ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def drawn(request, sandboxes):
    """drawn(assignment, sample): that sample's pictures, by id."""

    names = ("a1_gradient_ascent", "a2_mlp_backprop", "a3_forward_vs_reverse")
    suites = {name[:2]: bundled_suite(name) for name in names}
    folder = request.getfixturevalue("tmp_path_factory").mktemp("samples")
    zygote = sandboxes.open({s.name: s.handouts for s in suites.values()}, "B")

    def of(name, sample=None):
        suite = suites[name]
        own = [s for s in load_samples(suite) if s.name == sample]
        assert len(own) == (sample is not None)
        (folder / "own.ipynb").write_text(notebook_text(solved_cells(suite, *own)))
        graded = grade_notebook(read_notebook(folder / "own.ipynb"), "ada", suite, zygote, seeds_from(b"secret"))
        return {p.id: p for p in graded.pictures}

    return of


def errors(pair):
    """|yours − reference| over the reference's largest entry."""
    return np.abs(np.array(pair.yours) - np.array(pair.reference)) / np.max(np.abs(pair.reference))


def test_the_solutions_pictures_agree_with_the_reference(drawn):
    for name in ("a1", "a2", "a3"):
        shown = drawn(name)
        assert shown
        assert all(p.agrees for p in shown.values()), shown


def test_means_for_biases_are_wrong_by_four_fifths_and_nowhere_else(drawn):
    """Five examples: the mean is a fifth of the sum, so each entry lacks 4/5 of itself."""
    shown = drawn("a2", "bias_means_in_backward")
    blocks = {pair.name: pair for pair in shown["q7.heat_map"].drawing.blocks}
    assert {name: pair.agrees for name, pair in blocks.items()} == {
        "dW1": True,
        "db1": False,
        "dW2": True,
        "db2": False,
    }
    for name in ("db1", "db2"):
        share = np.abs(blocks[name].reference) / np.max(np.abs(blocks[name].reference))
        np.testing.assert_allclose(errors(blocks[name]), 0.8 * share, atol=1e-5)  # six digits are kept
    wrong = {pair.name for pair in shown["q7.messages"].drawing.answers if not pair.agrees}
    assert wrong == {"b1", "b2"}  # of two examples, so the mean is half of the sum


def test_without_the_step_through_relu_the_weights_of_the_closed_unit_move(drawn):
    """By hand: example 1 sends −p to the closed unit, which must stop it; example 2 sends q to it, where it is open."""
    answers = {pair.name: pair for pair in drawn("a2", "no_step_through_relu")["q7.messages"].drawing.answers}
    p, q = 0.268941, 0.982014
    np.testing.assert_allclose(answers["sums"].yours, [[-p / 2, -p], [q / 2, q]], atol=2e-6)
    np.testing.assert_allclose(answers["d1"].yours, [[-p / 2, 0], [q / 2, q]], atol=2e-6)  # relu_vjp is right
    np.testing.assert_allclose(np.array(answers["W1"].reference)[:, 1], [q, 4 * q], atol=1e-5)  # six digits
    np.testing.assert_allclose(np.array(answers["W1"].yours)[:, 1], [q - p, 4 * q - 2 * p], atol=1e-5)
    assert {name for name, pair in answers.items() if not pair.agrees} == {"W1", "b1"}


@pytest.mark.parametrize(
    ("sample", "begins"),
    [("missing_one_over_n", "dlogits"), ("not_transposed_if_square", "sums"), ("open_at_zero", None)],
)
def test_what_follows_from_a_wrong_number_is_no_second_mistake(drawn, sample, begins):
    """open_at_zero: no sum of these two examples is 0, so this picture cannot see it."""
    drawing = drawn("a2", sample)["q7.messages"].drawing
    yours = {pair.name: pair.yours for pair in drawing.answers}
    steps = [d.key.split("-")[0] for d in follow_messages(drawing.params, drawing.X, drawing.y, yours).disagreements]
    assert {"d2": "dlogits", "u": "sums"}.get(steps[0] if steps else "") == begins
    assert len(set(steps)) <= 1


def test_who_descends_goes_the_other_way_from_the_same_start(drawn):
    path = drawn("a1", "descends")["q3.from_above"].drawing.path
    yours, right = np.array(path.yours).T, np.array(path.reference).T
    np.testing.assert_array_equal(yours[0], right[0])
    np.testing.assert_allclose(yours[1] - yours[0], right[0] - right[1], atol=1e-5)


def test_the_ground_of_a1_is_the_notebooks_and_its_slope_the_ground_s():
    from conftest import ROOT

    from autograder.assignment.assignment import import_file
    from reference_impl.figures import climbing
    from reference_impl.gradient_ascent import numerical_gradient

    own = import_file(ROOT / "solutions" / "a1_gradient_ascent" / "pictures.py")
    for place in ([-1.9, -1.1], [0.3, 0.2], [1.2, -0.1]):
        assert own.highlands(np.array(place)) == pytest.approx(climbing.highlands(place))
        # two probes at 1e-5: an error of about 1e-10
        np.testing.assert_allclose(own.slope(np.array(place)), numerical_gradient(climbing.highlands, place), atol=1e-8)


@pytest.mark.parametrize(
    ("times", "u", "words"),
    [
        (51, 1.0, "backprop asked one line for its rules 50 times, and twice is enough"),
        (1, np.ones(101), "each value has one number, and a line was asked about more than 100"),
    ],
)
def test_a_backward_pass_that_asks_for_too_much_reads_why_a4_has_no_picture(times, u, words):
    from conftest import ROOT

    from autograder.assignment.assignment import import_file

    def backprop(program, xs, seed, ops):
        for _ in range(times):
            ops[program[0][0]].methods["vjp"](0, u, 5.0, *xs)
        return 10.0, [7.0, 2.0]

    own = import_file(ROOT / "solutions" / "a4_autodiff_engine" / "pictures.py")
    with pytest.raises(ValueError, match=f"^{words}$"):
        own.adjoints(SimpleNamespace(backprop=backprop), reference=None)


def test_the_multiply_adds_of_swapped_orders_are_swapped(drawn):
    """Widths (3, 4, 5, 2): forward 5·4·3 + 2·5·3 = 90, reverse 2·5·4 + 2·4·3 = 64."""
    forward, reverse = drawn("a3", "forward_and_reverse_swapped")["q1.multiply_adds"].drawing.bars
    assert (forward.yours, forward.reference) == (((64.0,),), ((90.0,),))
    assert (reverse.yours, reverse.reference) == (((90.0,),), ((64.0,),))


def test_k7_pictures_have_no_time_but_the_submissions():
    """A run whose time has passed; the pictures of one process may take 6 s."""

    class Run:
        session, deadline, asked = None, Deadline(0), []

        def again(self, deadline):
            self.asked.append(deadline)
            return contextlib.nullcontext(self)

        def bury(self):
            pass

        def student(self):
            raise self.deadline.error()

    function = SimpleNamespace(id="p", question="q1", title="", caption="", function=None, parameters=("student",))
    limits = SimpleNamespace(limits=SimpleNamespace(call_seconds=2.0))
    assignment = SimpleNamespace(settings=limits, pictures=(function,), checks=(), reference=None)
    (drawn,) = stage.draw_pictures(assignment, Run(), {})
    (asked,) = Run.asked
    assert asked.has_passed()
    assert "used more than" in drawn.why
