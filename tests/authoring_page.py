"""Writes docs/authoring-reference.md from the docstrings of autograder.authoring and the models of the settings.

`python tests/authoring_page.py` writes it (make reference); tests/test_authoring_page.py compares.
"""

import inspect
import re
import textwrap
from pathlib import Path

from pydantic import BaseModel

from autograder import authoring
from autograder.assignment import settings
from autograder.audit import equivalent
from autograder.authoring.failing import DIAGNOSES
from autograder.authoring.student import Student

PAGE = Path(__file__).parents[1] / "docs" / "authoring-reference.md"
WIDTH = 120
HEAD = """# Reference for authors

All that an author imports, and all keys of an author's files. [The guide](authoring.md) says how they go together.
`make reference` writes this page from the docstrings; do not edit it.
"""
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
MODELS = {
    "assignment.toml": (
        settings.Settings,
        settings.LimitSettings,
        settings.Question,
        settings.Rubric,
        settings.RubricItem,
    ),
    "equivalent_mutants.toml": (equivalent.EquivalentMutants,),
}


def page():
    parts = [HEAD, "## `student`\n", paragraphs(inspect.getdoc(Student)), *methods()]
    for title, names in SECTIONS.items():
        parts += [f"## {title}\n", *(entry(name, getattr(authoring, name)) for name in names.split())]
    parts += ["## Diagnoses\n", table(("word", "meaning: the student's answer …"), DIAGNOSES.items())]
    for file, models in MODELS.items():
        parts.append(f"## {file}\n")
        for model in models:
            parts += [paragraphs(inspect.getdoc(model)), table(("key", "values", "default", ""), keys(model))]
    return "\n".join(parts)


def methods():
    for name, method in vars(Student).items():
        if inspect.isfunction(method) and (not name.startswith("_") or name == "__getattr__"):
            called = "student.NAME" if name == "__getattr__" else f"student.{name}{signature(method, skip=1)}"
            yield f"### `{called}`\n"
            yield paragraphs(inspect.getdoc(method))


def entry(name, thing):
    called = f"@{name}" if name in {"check", "picture"} else name
    text = f"{called}{signature(thing)}" if callable(thing) and not is_value(name) else called
    return "\n".join([f"### {name}\n", "```", *lines_of(text), "```\n", paragraphs(inspect.getdoc(thing))])


def is_value(name):
    return name == "nonempty"


def signature(function, skip=0):
    """The arguments with their defaults, without types: the docstring says what each is."""
    if isinstance(function, type) and issubclass(function, BaseModel):
        fields = {n: f for n, f in function.model_fields.items() if n != "kind"}
        return f"({', '.join(n if f.is_required() else f'{n}={f.get_default(call_default_factory=True)!r}' for n, f in fields.items())})"
    if isinstance(function, type) and issubclass(function, (str, Exception)) and "__init__" not in vars(function):
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
    if len(text) <= WIDTH - 10:
        return [text]
    head, _, arguments = text.partition("(")
    body = textwrap.wrap(arguments.removesuffix(")"), WIDTH - 10, break_long_words=False)
    return [f"{head}(", *(f"    {line}" for line in body), ")"]


def paragraphs(text):
    blocks = [" ".join(block.split()) if not block.startswith("    ") else None for block in text.split("\n\n")]
    raw = text.split("\n\n")
    wrapped = [code(raw[i]) if block is None else fill(block) for i, block in enumerate(blocks)]
    return "\n\n".join(wrapped) + "\n"


def fill(block):
    block = re.sub(r"(?<![`\w])([|<>])(?![`\w])", r"\\\1", block)
    return "\n".join(textwrap.wrap(block, WIDTH, break_long_words=False, break_on_hyphens=False))


def code(block):
    return f"```\n{textwrap.dedent(block)}\n```"


def keys(model):
    for name, field in model.model_fields.items():
        default = "needed" if field.is_required() else plain(field.get_default(call_default_factory=True))
        yield f"`{name}`", values(field), default, field.description or ""


def plain(default):
    if isinstance(default, BaseModel) or default in ({}, (), None, ""):
        return ""
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def values(field):
    """The values of a key in words, with their bounds."""
    if field.title:
        return field.title
    text = str(field.annotation)
    kind = next(word for sign, word in KINDS if sign in text)
    bounds = {type(m).__name__: next(iter(vars_of(m).values())) for m in field.metadata if vars_of(m)}
    signs = [f"{SIGNS[name]} {bound:g}" for name, bound in bounds.items() if name in SIGNS]
    return " ".join([kind, ", ".join(signs)]).strip()


KINDS = [
    ("dict[", "a table"),
    ("tuple[str", "a list of texts"),
    ("tuple[typing.Annotated[str", "a list of texts"),
    ("tuple[", "tables"),
    ("Settings", "a table"),
    ("bool", "true or false"),
    ("int", "a whole number"),
    ("float", "a number"),
    ("str", "a text"),
    ("", "a value"),
]
SIGNS = {"Ge": "at least", "Gt": "above", "Le": "at most"}


def vars_of(bound):
    return {name: getattr(bound, name) for name in ("ge", "gt", "le") if hasattr(bound, name)}


def table(heads, rows):
    lines = [" | ".join(heads), " | ".join("---" for _ in heads)]
    lines += [" | ".join(str(cell).replace("|", "\\|") for cell in row) for row in rows]
    return "".join(f"| {line} |\n" for line in lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
