"""Flags: things in a submission that an instructor may want to look at. No flag changes a score."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from autograder.text import one_line

FlagKind = Literal[
    "checks_changed",
    "device_differs",
    "ids_missing",
    "judged_on_cpu",
    "libraries",
    "missigned",
    "named_after",
    "not_graded",
    "note",
    "output",
    "undated",
    "unsigned",
]
# The sentence of each kind. {first} is the first item of the data, {rest} all others, {all} all of them.
_SENTENCES: dict[FlagKind, str] = {
    "checks_changed": "public checks changed or removed: {all}",
    "device_differs": "right on the CPU and wrong on {first}: {rest}",
    "ids_missing": "cell ids stripped by an editor",
    "judged_on_cpu": "judged on the CPU instead of {first}: {rest}",
    "libraries": "imports what may do the work: {all}",
    "missigned": "not believed, as its signature is not of this notebook and this course's secret: {all}",
    "named_after": "the file is named after another student: {all}",
    "not_graded": "could not be graded: {all}",
    "note": "{all}",
    "output": "printed more than the {first} kB that are kept",
    "undated": "when it came in is not known: {all}",
    "unsigned": "not believed, as autograder collect did not sign it: {all}",
}


class Flag(BaseModel):
    """One thing to look at.

    kind: what it is.  data: what it is about, by kind:

    checks_changed  names of public checks
    device_differs  the device, then the checks that only the CPU passes
    ids_missing     nothing; only results of earlier versions have it
    judged_on_cpu   the device, then the checks that could not be judged there, each with the reason
    libraries       names of libraries
    missigned       files beside the notebook that another secret signed, or that were changed or moved since
    named_after     the other student
    not_graded      why, where the fault is ours
    note            a sentence, from a result of schema 1
    output          kilobytes of output that are kept
    undated         why nobody knows when the notebook came in
    unsigned        files beside the notebook that autograder collect did not sign
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: FlagKind
    data: Annotated[tuple[str, ...], Field(max_length=1000)] = ()

    def __str__(self) -> str:
        """The sentence for a person. It is never read back: look at `kind` and `data`."""
        first, *rest = self.data or ("",)
        parts = {"first": first, "rest": ", ".join(rest), "all": ", ".join(self.data)}
        return one_line(_SENTENCES[self.kind].format_map(parts))
