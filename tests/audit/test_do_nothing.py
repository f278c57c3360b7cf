"""A function that does nothing earns nothing: alone, and with all other questions answered rightly."""

import sys

import numpy as np
import pytest
from bundled import SOME_ASSIGNMENTS, bundled_suite
from patience import be_patient

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import solved_cells
from autograder.assignment.source import module_from
from autograder.authoring.inprocess import PlainStudent
from autograder.course import bundled_course, open_course
from autograder.judging.judge import judge
from autograder.scaffold import new

COURSE = bundled_course()


def first_copied(args):
    return args[0].copy() if isinstance(args[0], (dict, np.ndarray)) else args[0]


def zeros_like_first(args):
    try:
        return np.zeros_like(args[0])
    except TypeError:  # a list of functions
        return np.zeros(len(args[0]))


# What such a body returns, from its arguments.
BODIES = {
    "pass": lambda *_, **__: None,
    "return x": lambda *args, **_: args[0] if args else None,
    "return x.copy()": lambda *args, **_: first_copied(args) if args else None,
    "return all arguments": lambda *args, **_: args,
    "return the last argument": lambda *args, **_: args[-1] if args else None,
    "return {}": lambda *_, **__: {},
    "return []": lambda *_, **__: [],
    "return ()": lambda *_, **__: (),
    "return zeros like x": lambda *args, **_: zeros_like_first(args) if args else 0.0,
    "return an empty array": lambda *_, **__: np.array([]),
    "return 0": lambda *_, **__: 0,
    "return 1": lambda *_, **__: 1,
    "return 0.0": lambda *_, **__: 0.0,
    "return True": lambda *_, **__: True,
    "return a text": lambda *_, **__: "",
    "return NaN": lambda *_, **__: np.nan,
}


def names_of(suite, monkeypatch):
    """What the author's notebook defines, in this process."""
    for name, text in suite.handouts.items():
        monkeypatch.setitem(sys.modules, name, module_from(name, text))
    names = {"__name__": "notebook"}
    left_out = {c.name for c in suite.cells if c.role in {"figure", "check", "otter"}}
    for kind, cell, source in solved_cells(suite):
        if kind == "code" and cell not in left_out:
            exec(compile(source, f"<{cell}>", "exec", dont_inherit=True), names)
    return names


def earned(suite, names, replaced, questions):
    """The checks of these questions that earn points if the names do nothing."""
    saved = {name: names[name] for name in replaced}
    names.update(replaced)
    checks = [c for c in suite.checks if c.question in questions and c.points]
    passed = [c.id for c in checks if judge(c, PlainStudent(names), suite.reference, "seed").points]
    names.update(saved)
    return passed


def functions_of(suite, names):
    """{question: the functions that it asks for, and the dict of rules}."""
    functions = {}
    for cell in suite.cells:
        if cell.role == "solution":
            functions.setdefault(cell.question, []).extend(
                n for n in sorted(cell.defines) if callable(names[n]) or n == "answers"
            )
    return {question: asked for question, asked in functions.items() if asked}


def with_body(names, asked, does):
    """The names with this body. A rule among the answers to a concept question has it, too; no other answer is given."""
    answers = {key: does for key, answer in names.get("answers", {}).items() if callable(answer)}
    return dict.fromkeys(asked, does) | ({"answers": answers} if "answers" in names else {})


def all_that_earn(suite, names):
    functions = functions_of(suite, names)
    every = [name for asked in functions.values() for name in asked]
    for body, does in BODIES.items():
        yield from ((body, check) for check in earned(suite, names, with_body(names, every, does), set(functions)))
        for question, asked in functions.items():
            yield from ((body, check) for check in earned(suite, names, with_body(names, asked, does), {question}))


@pytest.mark.parametrize("name", SOME_ASSIGNMENTS)
def test_a_body_that_does_nothing_earns_no_point(name, monkeypatch):
    suite = bundled_suite(name)
    assert sorted(set(all_that_earn(suite, names_of(suite, monkeypatch)))) == []


def test_a_body_that_does_nothing_earns_no_point_in_a_new_assignment(tmp_path, monkeypatch):
    (tmp_path / "course.toml").write_text('title = "Test course"\n')
    course = open_course(tmp_path)
    be_patient(new(course, "a9_test"))
    suite = load_assignment(course.solutions / "a9_test")
    assert sorted(set(all_that_earn(suite, names_of(suite, monkeypatch)))) == []
