"""Pictures that are scenes of the course: messages through a network, and a graph that is read backwards.

What disagrees is said once, in the words above the scene; in the drawing, the number has a cross.
"""

from __future__ import annotations

from dataclasses import replace

from autograder.authoring.drawings import Messages
from autograder.authoring.graph_drawings import Graph, SlotAmount
from autograder.reports.array_pictures import comparison, entries_of, entries_table
from autograder.reports.scales import Drawn, Table, number_text
from reference_impl.figures.scenes.backward import backward
from reference_impl.figures.scenes.graph import graph as graph_scene
from reference_impl.figures.scenes.graph_numbers import GraphAmount, graph_numbers, graph_words
from reference_impl.figures.scenes.messages import follow_messages
from reference_impl.figures.scenes.scene import Scene


def messages(drawing: Messages) -> Drawn:
    """The scene of the messages back with the student's numbers; it opens where they first go wrong."""
    yours = {pair.name: pair.yours for pair in drawing.answers}
    scene = backward(drawing.params, drawing.X, drawing.y, yours, told=False)
    wrong = [each.words for each in follow_messages(drawing.params, drawing.X, drawing.y, yours).disagreements]
    more = [f"{len(wrong) - 1} more numbers do not follow from those before them."] if len(wrong) > 1 else []
    said = [*wrong[:1], *more, *(f"{words}." for words in drawing.undrawn)]
    words = " ".join(said) if wrong else comparison(drawing.answers, drawing.undrawn)
    named = [(pair.name, entries_of(pair)) for pair in drawing.answers]
    return words, entries_table(named), {"scene": _opened(scene)}


def _opened(scene: Scene) -> Scene:
    """The scene, opened at the last step if nothing is wrong: a page of feedback shows all numbers."""
    return replace(scene, facts={**scene.facts, "opens": scene.facts["opens"] or len(scene.steps)})


def graph(drawing: Graph) -> Drawn:
    """The scene of a graph with the student's numbers; it opens at the first slot that is wrong."""
    values, adjoints = map(_amounts, (drawing.values, drawing.adjoints))
    sent, seed = [_amounts(row) for row in drawing.messages], _amount(drawing.seed)
    scene = graph_scene(
        drawing.program, drawing.names, values, adjoints, messages=sent, u=seed, names=drawing.names, told=False
    )  # fmt: skip
    faults = graph_numbers(drawing.program, drawing.names, values, adjoints, sent, seed).faults
    more = [f"{len(faults) - 1} more slots do not follow from those before them."] if len(faults) > 1 else []
    wrong = [faults[0].words, *more] if faults else _other_slots(drawing)
    return " ".join(wrong) or "Every number is right.", _slots_table(drawing, scene), {"scene": _opened(scene)}


def _amount(amount: SlotAmount | None) -> GraphAmount | None:
    return None if amount is None else GraphAmount(amount.shape, amount.numbers)


def _amounts(amounts: tuple[SlotAmount | None, ...]) -> list[GraphAmount | None]:
    return [_amount(amount) for amount in amounts]


def _words(amount: SlotAmount | None) -> str:
    """A number with its digits; the words of the drawing for all else."""
    one = amount is not None and amount.shape == ()
    return number_text(amount.numbers[0]) if amount is not None and one else graph_words(_amount(amount))


def _other_slots(drawing: Graph) -> list[str]:
    """Where a student's slots follow from each other, and are not the reference's all the same."""
    sides = (("value", drawing.values, drawing.right_values), ("adjoint", drawing.adjoints, drawing.right_adjoints))
    return [
        f"Slot {slot}: your {name} {_words(yours)}, the reference has {_words(right)}."
        for name, all_yours, all_right in sides
        for slot, (yours, right) in enumerate(zip(all_yours, all_right, strict=True))
        if yours != right
    ]


def _slots_table(drawing: Graph, scene: Scene) -> Table:
    """Each slot: the value and the adjoint of both, and what the student's own messages add up to."""
    rows = zip(
        scene.table.rows,
        *(map(_words, side) for side in (drawing.values, drawing.right_values)),
        *(map(_words, side) for side in (drawing.adjoints, drawing.right_adjoints)),
        strict=True,
    )
    head = ("slot", "your value", "reference", "your adjoint", "reference", "the uses add up to")
    return Table(head, tuple((row[0], *texts, row[-1]) for row, *texts in rows))
