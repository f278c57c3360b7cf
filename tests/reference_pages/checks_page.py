"""The page of the words of checks, from the docstrings of autograder.authoring."""

import inspect
import textwrap

from pydantic import BaseModel
from reference_pages.markdown import paragraphs, table
from reference_pages.settings_pages import MADE

from autograder import authoring
from autograder.authoring.failing import DIAGNOSES
from autograder.authoring.student import Student

HEAD = f"""# The words of checks

All that an author imports from `autograder.authoring`, in `hidden_checks.py`. [The guide](../authoring.md) says how it
goes together; [assignment.toml](assignment-toml.md) has the keys of the settings.

{MADE}
"""
WIDTH = 90  # of a line of code: the box on the site is as wide
SECTIONS = {
    "Checks": "check slips Slip rule blocked lifted inside",
    "A test as the answer": "Trial Faults",
    "Comparing": "assert_array assert_number assert_integer assert_gradients assert_unchanged assert_value assert_frame "
    "assert_series assert_sparse assert_plot Suspect",
    "Saying no in your own words": "fail describe SafeText CheckFailed",
    "Functions for the student's side": "Formula Expression Callback",
    "Pictures on the page of feedback": "picture numbers no_picture NoPicture Paths Ground Curves HeatMap Pair Messages Bars "
    "Graph KillMatrix KillRow",
    "Parts of a plot": "Line Curve StraightLine Points BarChart Histogram Image Area ErrorBars Span Segments Pie Box "
    "Contours Arrows Surface Annotation contains nonempty Plot PlotAxes",
}


def page():
    parts = [HEAD, "## `student`\n", paragraphs(inspect.getdoc(Student)), *methods()]
    for title, names in SECTIONS.items():
        parts += [f"## {title}\n", *(entry(name, getattr(authoring, name)) for name in names.split())]
    parts += ["## Diagnoses\n", table(("word", "meaning: the student's answer …"), DIAGNOSES.items())]
    return "\n".join(parts)


def methods():
    for name, method in vars(Student).items():
        if inspect.isfunction(method) and (not name.startswith("_") or name == "__getattr__"):
            called = "student.NAME" if name == "__getattr__" else f"student.{name}{signature(method, skip=1)}"
            yield f"### `{called}`\n"
            yield paragraphs(inspect.getdoc(method), inspect.signature(method).parameters)


def entry(name, thing):
    called = f"@{name}" if name in {"check", "picture"} else name
    text = f"{called}{signature(thing)}" if callable(thing) and not is_value(name) else called
    return "\n".join(
        [f"### {name}\n", "```", *lines_of(text), "```\n", paragraphs(inspect.getdoc(thing), arguments(thing))]
    )


def arguments(thing):
    """The names that a docstring explains."""
    if isinstance(thing, type) and issubclass(thing, BaseModel):
        return list(thing.model_fields)
    return () if takes_a_text(thing) or not callable(thing) else list(inspect.signature(thing).parameters)


def takes_a_text(thing):
    return isinstance(thing, type) and issubclass(thing, (str, Exception)) and "__init__" not in vars(thing)


def is_value(name):
    return name == "nonempty"


def signature(function, skip=0):
    """The arguments with their defaults, without types: the docstring says what each is."""
    if isinstance(function, type) and issubclass(function, BaseModel):
        fields = {n: f for n, f in function.model_fields.items() if n != "kind"}
        return f"({', '.join(n if f.is_required() else f'{n}={f.get_default(call_default_factory=True)!r}' for n, f in fields.items())})"
    if takes_a_text(function):
        return "(text)"
    given = list(inspect.signature(function).parameters.values())[skip:]
    plain = [p.replace(annotation=inspect.Parameter.empty, default=shown(p.default)) for p in given]
    return str(inspect.Signature(plain))


class Shown:
    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return self.text


def shown(default):
    """A default as a reader would write it."""
    if default is inspect.Parameter.empty:
        return default
    text = repr(default)
    return Shown("…" if text.startswith("<") else text)


def lines_of(text):
    if len(text) <= WIDTH:
        return [text]
    head, _, arguments = text.partition("(")
    body = textwrap.wrap(arguments.removesuffix(")"), WIDTH - 4, break_long_words=False)
    return [f"{head}(", *(f"    {line}" for line in body), ")"]
