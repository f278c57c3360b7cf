"""A teacher's test files of otter as plain values. They are loaded in a process of their own, never in a student's."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

from .otter_stub import MAX_TEXT, cases_in, executed


def described_or_broken(source: str, path: str) -> list[Any]:
    """The test file as plain values, or ["broken", why it cannot be loaded]."""
    try:
        return describe_test(source, path)
    except BaseException as error:  # noqa: BLE001 — a teacher's file may raise anything, also SystemExit
        return ["broken", f"{type(error).__name__}: {error}"[:MAX_TEXT]]


def describe_test(source: str, path: str) -> list[Any]:
    """A teacher's test file as plain values. Raises whatever the file raises.

    Returns [form, name, points, all_or_nothing, cases]; a case is [name, hidden, points, success message, failure
    message, code]. The grader checks each of them.
    """
    content = executed(source, path)
    if "OK_FORMAT" not in content:
        raise RuntimeError("it does not define OK_FORMAT")
    if not content["OK_FORMAT"]:
        cases = [
            [c.name, bool(c.hidden), c.points, c.success_message, c.failure_message, ""] for c in cases_in(content)
        ]
        if "name" not in content:
            raise ValueError("it does not define name")
        return ["exceptions", content["name"], content.get("points"), bool(content.get("all_or_nothing")), cases]
    test = content["test"]
    (suite,) = test["suites"]
    if suite.get("type", "doctest") != "doctest" or suite.get("setup") or suite.get("teardown"):
        raise ValueError("expected a suite of doctests without setup and teardown")
    cases = [_described(case) for case in suite["cases"]]
    return ["examples", test["name"], test.get("points"), bool(test.get("all_or_nothing")), cases]


def _described(case: dict[str, Any]) -> list[Any]:
    rest = (case.get(key) for key in ("points", "success_message", "failure_message"))
    return [case.get("name"), bool(case.get("hidden", True)), *rest, dedent(case["code"])]
