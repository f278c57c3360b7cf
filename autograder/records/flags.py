"""Flags: facts about a submission beside its score. No flag changes a score.

Most kinds ask a person for something: pages and summaries then say that a person should look. The others are notes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
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
# For each kind its sentence, and what a person does about it. {first} is the first item of the data, {rest} all others,
# {all} all of them. A kind that asks nothing of a person has "": it is a note, and no page asks for a look.
_KINDS: dict[FlagKind, tuple[str, str]] = {
    "checks_changed": (
        "public checks changed or removed: {all}",
        "Compare the cells with the released ones. The grader put its own checks, so no point depends on it.",
    ),
    "device_differs": (
        "right on the CPU and wrong on {first}: {rest}",
        "Read the function: its answer depends on where it runs.",
    ),
    "ids_missing": ("cell ids stripped by an editor", ""),
    "judged_on_cpu": (
        "judged on the CPU instead of {first}: {rest}",
        "Read the reason: an operation that the device lacks, or one that leaves the device.",
    ),
    "libraries": ("imports what may do the work: {all}", ""),  # the sandbox has none of them, so none did
    "missigned": (
        "not believed, as its signature is not of this notebook and this course's secret: {all}",
        "Collect again, or ask how the file came there: its time or its earlier attempts do not count.",
    ),
    "named_after": ("the file is named after another student: {all}", "Ask both students whose work it is."),
    "not_graded": ("could not be graded: {all}", "Mend what it names, then autograder grade again."),
    "note": ("{all}", "Read the sentence: an earlier version wrote it."),
    "output": ("printed more than the {first} kB that are kept", ""),  # the page lists it among the limits
    "undated": (
        "when it came in is not known: {all}",
        "Find out the time if there is a due date: without one, nothing is late.",
    ),
    "unsigned": (
        "not believed, as autograder collect did not sign it: {all}",
        "Collect with autograder collect, or set trust_timestamps = true if students cannot write the file.",
    ),
}


FEW = 3  # submissions; fewer with the same flag are no sign of anything


class Flag(BaseModel):
    """One fact about a submission.

    kind: what it is.  data: what it is about, by kind:

        checks_changed  names of public checks
        device_differs  the device, then the checks that only the CPU passes
        ids_missing     nothing; only results of earlier versions have it
        judged_on_cpu   the device, then the checks that cannot be judged there, each with why
        libraries       names of libraries
        missigned       files beside the notebook: signed by another secret, changed or moved
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
        return one_line(_KINDS[self.kind][0].format_map(parts))

    @property
    def advice(self) -> str:
        """What a person does about it; "" for a note, about which nobody has to do anything."""
        return _KINDS[self.kind][1]


def of_the_release(flags: Iterable[Sequence[Flag]]) -> frozenset[Flag]:
    """The flags that most of a class has because its notebook was released with other public checks than today's.

    flags: of each submission to one assignment.
    """
    each = list(flags)
    counts = Counter(flag for these in each for flag in set(these) if flag.kind == "checks_changed")
    return frozenset(flag for flag, n in counts.items() if n >= FEW and 2 * n > len(each))
