"""The fault of a check that did not pass: a key that two checks of a question share if they fail for one cause.

It is made from the fields of a failure, not from its sentence: two checks draw other numbers, and name other answers.
Of a hidden check, only fields count that the student reads anyway. So the key says no more than the message does.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container

from autograder.authoring.failing import CheckFailed, SafeText
from autograder.errors import RaisedError

_NUMBER = re.compile(r"\d+")


def fault_of(*facts: str) -> str:
    """The key of these facts. It is short, and its text says nothing."""
    return hashlib.sha256("\0".join(facts).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def key_of_failure(error: CheckFailed, texts: Container[str] | None) -> tuple[str, ...]:
    """What a check said no for, without the name of the answer. texts: those that may be shown; None for all."""
    words = (error.message, error.got, error.hint)
    return tuple(_fact(w, error.diagnosis) for w in words if texts is None or isinstance(w, SafeText) or w in texts)


def _fact(words: str, diagnosis: str) -> str:
    """A SafeText can hold sizes of an input. Only in a factor, the number itself is the mistake."""
    return _NUMBER.sub("", words) if isinstance(words, SafeText) and diagnosis != "scale" else str(words)


def key_of_exception(error: RaisedError, message: str, *, public: bool) -> tuple[str, ...]:
    """The exception's type and its line, where a student reads them; else the message."""
    return (error.type_name, str(error.line)) if public and error.line is not None else (message,)
