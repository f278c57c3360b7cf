"""Tells that a notebook belongs to another assignment of the course than the one it was handed in for.

The names that an assignment asks for decide, such as `gradient_ascent`. A notebook is another's if its text holds no
name that only its own assignment asks for, and at least half of those that only the other one does. Then it answers
nothing of its own assignment. So a mistake here costs nobody a point, and a trick earns none: no mark is moved.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from autograder.intake.own_modules import names_in


def another_assignment(code: Iterable[str], assignment: str, asked: Mapping[str, Collection[str]]) -> str:
    """The assignment that the code belongs to, or "" if it can be its own. asked: names by assignment."""
    words = {word for text in code for word in names_in(text)}
    only = {name: set(names).difference(*(asked[o] for o in asked if o != name)) for name, names in asked.items()}
    if not only.get(assignment) or only[assignment] & words:
        return ""
    shares = {name: len(names & words) / len(names) for name, names in only.items() if names and name != assignment}
    best = max(shares, key=lambda name: shares[name], default="")
    return best if best and shares[best] >= 0.5 else ""
