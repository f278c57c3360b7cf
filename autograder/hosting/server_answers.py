"""Parts of a server's answers: only the fields that we read, each with its type."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from autograder.errors import HostError

_T = TypeVar("_T", bound=BaseModel)


class PartOfAnswer(BaseModel):
    """The fields of an answer that we read; all others are passed over."""

    model_config = ConfigDict(extra="ignore")


def read_answer(kind: type[_T], item: object, what: str) -> _T:
    """The fields of an answer. what: the answer in words, for the error. Raises HostError for another form."""
    try:
        return kind.model_validate(item)
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        raise HostError(f"expected the server's {what}, got another form at {place[:60]}", "failed") from None
