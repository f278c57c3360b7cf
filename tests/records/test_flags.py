"""A flag is a kind and its data; the sentence is made from them, and nothing reads it back."""

from pathlib import Path
from typing import get_args

import pytest

from autograder.records.flags import Flag, FlagKind, of_the_release


@pytest.mark.parametrize(
    ("flag", "sentence"),
    [
        (Flag(kind="checks_changed", data=("q1-a", "q2-b")), "public checks changed or removed: q1-a, q2-b"),
        (Flag(kind="device_differs", data=("cuda", "q1.a", "q1.b")), "right on the CPU and wrong on cuda: q1.a, q1.b"),
        (Flag(kind="ids_missing"), "cell ids stripped by an editor"),
        (Flag(kind="judged_on_cpu", data=("cuda", "q1.a (sort)")), "judged on the CPU instead of cuda: q1.a (sort)"),
        (Flag(kind="libraries", data=("torch",)), "imports what may do the work: torch"),
        (Flag(kind="named_after", data=("bob",)), "the file is named after another student: bob"),
        (Flag(kind="note", data=("anything",)), "anything"),
        (Flag(kind="output", data=("64",)), "printed more than the 64 kB that are kept"),
        (Flag(kind="undated", data=("no time",)), "when it came in is not known: no time"),
    ],
    ids=lambda value: value.kind if isinstance(value, Flag) else "",
)
def test_each_kind_has_one_sentence(flag, sentence):
    assert str(flag) == sentence


def test_data_with_braces_line_ends_and_escapes_is_text_on_one_line():
    assert str(Flag(kind="named_after", data=("{all}\n\x1b[31m",))) == (
        "the file is named after another student: {all} �[31m"
    )


PAGE = Path(__file__).parents[2] / "docs" / "by-hand.md"


def test_the_page_has_each_kind_with_what_a_person_does_about_it():
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.read_text().splitlines()]
    advices = {row[0].strip("`"): row[2] for row in rows if len(row) == 3 and row[0].startswith("`")}
    assert set(advices) == set(get_args(FlagKind))
    for kind, advice in advices.items():
        asked = Flag(kind=kind).advice
        assert advice == asked or (advice.startswith("nothing") and not asked)


def test_checks_that_most_of_a_class_has_otherwise_were_released_so():
    old, edited = (Flag(kind="checks_changed", data=(name,)) for name in ("q1-old", "q1-edited"))
    named = Flag(kind="named_after", data=("bob",))
    assert of_the_release([(old,), (old, edited), (old, named), (edited,), ()]) == {old}
    assert of_the_release([(old,), (old,), (old,), (), (), ()]) == set()
    assert of_the_release([(old,), (old,)]) == set()
    assert of_the_release([(named,)] * 9) == set()
