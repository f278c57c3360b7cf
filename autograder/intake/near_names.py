"""Guesses which student of the roster an unknown name may mean. A person reads the guess; no file is placed by it."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence

from autograder.roster.roster import Person, Roster

_NEAR = 0.8  # of difflib's ratio, where 1 is the same
_SHORTEST = 4  # letters: less says nothing


def near_students(called: Sequence[str], roster: Roster | None) -> tuple[Person, ...]:
    """The one or two students whose name, id or e-mail is most like one of these; none if no student is near."""
    if roster is None:
        return ()
    scored = [(max((_likeness(text, person) for text in called), default=0.0), person) for person in roster.present]
    near = sorted((pair for pair in scored if pair[0] >= _NEAR), key=lambda pair: -pair[0])
    return tuple(person for score, person in near[:2] if score > near[0][0] - 0.05)


def _likeness(text: str, person: Person) -> float:
    """Between 0 and 1. A name with one word more or less counts as near, and so do words in another order."""
    words, names = _words(text), _words(person.name)
    turned = {"".join(names[i:] + names[:i]) for i in range(len(names))}  # Canvas writes the last name first
    forms = turned | {"".join(sorted(names))}
    forms |= {"".join(_words(other)) for other in (person.id, person.login, person.email.partition("@")[0])}
    whole, ordered = "".join(words), "".join(sorted(words))
    if len(whole) < _SHORTEST:
        return 0.0
    shorter, longer = sorted((set(words), set(names)), key=len)
    if len(shorter) > 1 and shorter <= longer:
        return 1.0
    long_enough = [form for form in forms if len(form) >= _SHORTEST]
    return max((_ratio(a, b) for a in {whole, ordered} for b in long_enough), default=0.0)


def _ratio(a: str, b: str) -> float:
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    if matcher.real_quick_ratio() < _NEAR or matcher.quick_ratio() < _NEAR:
        return 0.0
    return matcher.ratio()


def _words(text: str) -> list[str]:
    """The words of a name in small letters without accents."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return re.findall(r"[^\W_]+", letters)
