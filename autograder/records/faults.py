"""Checks of one question that fail for one cause are shown together: the message once, every name and its points."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar


class _Failure(Protocol):
    """A check's result, or its change."""

    @property
    def id(self) -> str: ...

    @property
    def fault(self) -> str: ...


Failure = TypeVar("Failure", bound=_Failure)


def together(checks: Iterable[Failure]) -> tuple[tuple[Failure, ...], ...]:
    """The checks of each question, those with the same fault in one group, at the place of the first."""
    groups: dict[tuple[str, str], list[Failure]] = {}
    for check in checks:
        groups.setdefault((check.id.partition(".")[0], check.fault or check.id), []).append(check)
    return tuple(map(tuple, groups.values()))


def repeated(checks: Iterable[_Failure]) -> dict[str, str]:
    """{check: "the same as …"} for every check whose fault an earlier check of its question has."""
    return {check.id: f"the same as {first.id}" for first, *others in together(checks) for check in others}
