"""Facts are fields: no code of the package takes a sentence of ours apart again.

A sentence is what an exception says (`str(error)`), or a field that holds words for a person. To ask how it begins, to
cut it in two or to match it with a regular expression is to read a fact out of words; the fact belongs into a field.
"""

import ast
import functools
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "autograder"
CUTS = {
    "endswith", "find", "index", "partition", "removeprefix", "removesuffix", "replace", "rfind", "rindex", "rpartition",
    "rsplit", "split", "startswith",
}  # fmt: skip
MATCHES = {"findall", "finditer", "fullmatch", "match", "search", "split", "sub"}
SENTENCES = {"advice", "detail", "error", "flags", "message", "problem", "reason", "says", "undated", "why"}
# (file, function): why words are read there.
ALLOWED = {
    ("judging/exceptions.py", "explain"): "Python's own words for what went wrong: Python gives no fields for it",
}


def sentences(node):
    """Whether an expression is a sentence for a person."""
    match node:
        case ast.Call(func=ast.Name(id="str"), args=[ast.Name(id=name)]):
            return name in {"e", "error", "exception", "failure", "flag", "first", "problem", "refusal"}
        case ast.Attribute(attr=attr):
            return attr in SENTENCES or (
                attr == "text" and isinstance(node.value, ast.Name) and node.value.id == "error"
            )
        case ast.Name(id=name):
            return name in {"flag", "message", "sentence"}
    return False


def taken_apart(tree):
    """(function, line) of every place where a sentence is cut, searched or matched."""
    for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)):
        for node in ast.walk(function):
            match node:
                case ast.Call(func=ast.Attribute(value=value, attr=attr)) if attr in CUTS and sentences(value):
                    yield function.name, node.lineno
                case ast.Call(func=ast.Attribute(attr=attr), args=args) if attr in MATCHES and any(
                    map(sentences, args)
                ):
                    yield function.name, node.lineno
                case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[whole]) if sentences(whole):
                    if isinstance(whole, ast.Call):
                        yield function.name, node.lineno


@functools.cache
def places():
    """The (file, function, line) of each place."""
    return tuple(_places())


def _places():
    for path in sorted(PACKAGE.rglob("*.py")):
        name = str(path.relative_to(PACKAGE))
        if not name.startswith(("release/starter/", "assignment/skeletons/")):
            for function, line in taken_apart(ast.parse(path.read_text())):
                yield name, function, line


def test_no_sentence_of_ours_is_taken_apart():
    assert [f"{n}:{line} in {f}" for n, f, line in places() if (n, f) not in ALLOWED] == []


def test_every_exception_to_the_rule_is_still_needed():
    assert {(n, f) for n, f, _ in places()} >= set(ALLOWED)


@pytest.mark.parametrize(
    "code",
    [
        "str(error).removeprefix('notebook: ')",
        "str(error).partition('got ')[2]",
        "flag.startswith('printed')",
        "result.reason.split(': ')",
        "_WAITS_FOR.match(check.message)",
        "re.search('until', c.message)",
        "'remote ref' in str(error)",
        "cell.error.startswith('left out')",
    ],
)
def test_the_search_finds(code):
    assert list(taken_apart(ast.parse(f"def f():\n    return {code}")))


@pytest.mark.parametrize("code", ["str(path).split('/')", "'x' in names", "name.partition('.')", "re.match('a', text)"])
def test_the_search_passes_over(code):
    assert not list(taken_apart(ast.parse(f"def f():\n    return {code}")))
