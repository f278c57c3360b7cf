"""Rows I: what a student wrote, on its way into pages and gradebooks."""

import base64
import csv
import hashlib
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources

import pytest
from attacks.arena import RIGHT, outcomes, sources
from pydantic import ValidationError

from autograder.course import Course
from autograder.records.flags import Flag
from autograder.records.grades import grade_of, grades_csv
from autograder.records.result import Result
from autograder.records.store import read_result
from autograder.reports.pages import write_reports

TAGS = set(
    "html head meta title style body header main nav section footer p h1 h2 b i em small span code a ul ol li div "
    "table thead tbody tr th td details summary progress".split()
)
CLASS_TAGS = set(
    "script nav main section figure figcaption details summary h3 dl dt dd pre label input select option output "
    "svg rect circle line text".split()
)
MARKUP = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</title></style><svg/onload=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "{{7*7}}{% raw %}<b>",
    '"><iframe srcdoc=x>',
]
CONTROL = {
    "a title by OSC": "\x1b]0;owned\x07",
    "a line overwritten": "0 of 15\r\x1b[2K15 of 15",
    "C1": "\x9b31mred",
    "BiDi": "\u202e51/51",
    "isolates": "\u2067x\u2069",
    "NUL": "a\0b",
    "a line of Unicode": "a\u2028::error::b",
}


class Elements(HTMLParser):
    """What of a page is markup."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes = set(), []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs


def hostile(text):
    """A notebook that says `text` wherever a notebook can: output, errors, their type, a name, a public answer."""
    says = f"text = {text!r}\nprint(text)\n"
    return {
        "first": f"# {text!a}\n{says}function = lambda: 0\nfunction.__name__ = text\nraise type('T' + text, (Exception,), {{}})(text)".replace(
            "'T' + text", "'T' + text.replace('\\0', '')"
        ),
        "answer": f"def mean_square(x):\n    {says.replace(chr(10), '; ')}raise ValueError(text)",
        "last": f"{says}raise RuntimeError(text)",
    }


@pytest.fixture
def published(tmp_path):
    """The pages, all in one text each, of a result in a course of that title: the class's first."""

    def of(*results, title="Arena"):
        write_reports(Course(tmp_path, title), list(results), tmp_path / "out")
        return [p.read_text() for folder in ("out", "out/arena") for p in sorted((tmp_path / folder).glob("*.html"))]

    return of


@pytest.mark.parametrize("text", MARKUP)
def test_i1_what_a_student_wrote_is_never_an_element_of_a_page(arena, published, text):
    result = arena.attack(**hostile(text))
    assert len(result.cell_errors) == 2  # it was said
    assert text in next(c.message for c in result.questions[0].checks if c.visibility == "public")
    questions = tuple(q.model_copy(update={"title": text}) for q in result.questions)
    result = result.model_copy(
        update={"student": text, "flags": (Flag(kind="note", data=(text,)),), "reason": text, "questions": questions}
    )
    *of_class, of_student = published(result, title=text)
    assert len(of_class) == 2
    for page in (*of_class, of_student):
        elements = Elements(page)
        assert elements.tags <= (TAGS if page is of_student else TAGS | CLASS_TAGS)
        assert not [name for name, _ in elements.attributes if name.startswith("on")]
        assert not [v for name, v in elements.attributes if name in {"href", "src"} and ":" in v]
        policy = next(v for name, v in elements.attributes if name == "content" and "default-src" in v)
        script = "" if page is of_student else f"script-src {own_hash(page)}; "
        assert policy == f"default-src 'none'; style-src 'unsafe-inline'; {script}base-uri 'none'; form-action 'none'"


def own_hash(page):
    """What a policy calls the one script of a page, which must be the file of this package."""
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert script == (resources.files("autograder.reports") / "templates" / "class.js").read_text().rstrip()
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def test_i2_what_a_notebook_displays_goes_nowhere(arena, published):
    shown = (
        "from IPython.display import HTML, SVG, Javascript, Markdown, Math, display\nfor kind in (HTML, Javascript, Markdown, Math):\n"
        "    display(kind('<script>owned()</script>'))\n\n"
        "try: display(SVG('<svg><script>owned()</script></svg>'))\nexcept ImportError: pass\n"
        "display({'text/html': 'owned', 'application/vnd.jupyter.widget-view+json': {'model_id': 'owned'}}, raw=True)\nHTML('owned')"
    )
    result = arena.attack(last=shown)
    assert (result.score, result.cell_errors) == (15, ())
    assert not [page for page in [result.to_json(), *published(result)] if "owned" in page]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "＝", "＋", "－", "＠", "\0="])
def test_i4_no_cell_of_the_gradebook_is_a_formula(sign):
    name = f'{sign}HYPERLINK("http://x", 1),2\n'
    rows = list(csv.reader(io.StringIO(grades_csv([grade_of(blank(student=name))]))))
    assert [len(row) for row in rows] == [6, 6]
    assert rows[1][1][0] in {"'", "�"}
    assert [float(number) for number in rows[1][2:4]] == [0.0, 15.0]


@pytest.mark.parametrize("name", CONTROL)
def test_i5_no_control_or_direction_sign_of_a_notebook_is_written_anywhere(arena, published, name):
    result = arena.attack(**hostile(CONTROL[name]))
    told = [c.message for q in result.questions for c in q.checks] + [e.error for e in result.cell_errors]
    assert all(text.isprintable() for text in told)
    for page in published(
        result.model_copy(update={"student": CONTROL[name], "flags": (Flag(kind="note", data=(CONTROL[name],)),)})
    ):
        assert page.replace("\n", "").isprintable()


# --- I14 and I15: the grader's own errors, and the numbers it passes on ------------------------------------------------


@pytest.mark.parametrize("error", [ValueError, ZeroDivisionError, MemoryError, RecursionError, KeyError])
def test_i14_an_error_of_the_grader_shows_no_expected_value(arena, published, capfd, error):
    def broken(student, reference, rng):
        expected = 4.2086588541
        raise error(f"expected {expected}, inputs 2.03125, {reference}")

    checks = tuple(replace(c, function=broken) if c.id == "q1.value" else c for c in arena.suite.checks)
    other = arena.within()
    other.suite = replace(arena.suite, checks=checks)
    result = other._grade(sources(answer=RIGHT))
    assert outcomes(result)["q1.value"] == "error"
    pages = [re.sub("<style>.*?</style>", "", page, flags=re.DOTALL) for page in published(result)]
    shown = [result.to_json(), *pages, *capfd.readouterr()]
    assert not [text for text in shown for secret in ("4.2086", "2.03125", "reference", "Traceback") if secret in text]


def blank(**fields):
    return Result(assignment="arena", student="ada", status="graded", score=0.0, max_score=15.0).model_copy(
        update=fields
    )


def scored(score=4.0, points=4.0, most=8.0, total=4.0, top=15.0):
    """A result whose numbers may disagree."""
    check = {
        "id": "q1.value",
        "title": "t",
        "visibility": "hidden",
        "outcome": "pass",
        "points": points,
        "max_points": most,
    }
    question = {"id": "q1", "title": "t", "score": score, "max_score": 10.0, "checks": [check]}
    return {
        "assignment": "arena",
        "student": "a",
        "status": "graded",
        "score": total,
        "max_score": top,
        "questions": [question],
    }


@pytest.mark.parametrize(
    "numbers",
    [
        {"points": -1.0, "score": -1.0, "total": -1.0},
        {"points": 9.0, "score": 9.0, "total": 9.0},
        {"points": float("nan")},
        {"points": float("inf"), "most": float("inf")},
        {"score": 5.0},
        {"total": 5.0},
        {"total": float("nan")},
        {"total": 1e308},
        {"top": float("nan")},
        {"top": -15.0},
    ],
    ids=str,
)
def test_i15_a_result_whose_numbers_do_not_hold_cannot_be_made_or_read(tmp_path, numbers):
    assert Result.model_validate(scored()).score == 4
    with pytest.raises(ValidationError):
        Result.model_validate(scored(**numbers))
    path = tmp_path / "r.json"
    path.write_text(json.dumps(scored(**numbers)))
    assert read_result(path) is None


def test_i15_a_score_is_not_rounded_up_on_its_way_to_the_gradebook():
    assert ",99.999996," in grades_csv([grade_of(blank(score=99.999996))])
