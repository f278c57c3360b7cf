"""Scene G: a graph in which a number may be used more than once, read backwards line by line.

Each line of the tape sends one message to each of its sources. A slot adds what arrives: a value that is used twice
hears two messages. The scene computes no value and no adjoint; it gets them, adds the messages, and says where the sum
is not the adjoint. Standard library only.
"""

from .graph_drawing import graph_drawing, graph_places
from .graph_numbers import graph_numbers, graph_program, graph_shape, graph_words
from .graph_watch import GraphWatch
from .look import label
from .posters import poster_named
from .scene import NO_TABLE, Scene, Table, button

GRAPH_MOST_WORDS = 3  # faults that the drawing lists; the sentences of the steps have all
GRAPH_FEW = 12  # numbers of an array that the table writes out
GRAPH_MOST_PARTS = 6  # of a sum that is written out in a sentence

__all__ = ["GraphWatch", "graph", "graph_messages", "graph_poster"]


def graph(program, xs, values, adjoints, ops=None, *, messages=None, u=1.0, names=(), blank=False, told=True):
    """A program as a graph, at most 12 slots, with a value and an adjoint in each.

    program: lines (name, sources).  xs: the inputs.  values, adjoints: one for each slot, inputs first; None where
    there is none. An entry may be a number, an array, or anything else that an answer holds.
    ops: what each line sends back is then `ops[name].vjp(k, adjoint, value, *inputs)`.
    messages: or these, for each line one for each source.  u: what the last slot's adjoint begins with.
    names: of the inputs; else x0, x1, …  blank: empty places, to be filled in by pencil.
    told: whether steps and notes say what disagrees; not on a page that says it above the scene.
    """
    lines = graph_program(program, len(xs))
    known = [*values] if values is not None else [*xs]
    if messages is None:
        messages = graph_messages(lines, len(xs), known, adjoints, ops) if ops else ()
    numbers = graph_numbers(lines, xs, known, adjoints, messages, u)
    given = [str(name)[:40] for name in names][: len(xs)]
    titles = given + [f"x{slot}" for slot in range(len(given), len(xs))]
    steps = () if blank else _graph_steps(numbers, told)
    first = min((fault.step for fault in numbers.faults), default=None)
    return Scene(
        name="graph",
        title="A graph, read backwards",
        svg=graph_drawing(numbers, titles, blank, [] if blank else _graph_notes(numbers, told)),
        says=_graph_blank_words(lines, titles) if blank else " ".join(_graph_steps(numbers)),
        steps=steps,
        table=NO_TABLE if blank else _graph_table(numbers, titles),
        controls=""
        if blank
        else button("← Back", do="back", keys="ArrowLeft") + button("Next →", do="next", keys="ArrowRight"),
        facts={} if blank else {"opens": first, "places": graph_places(numbers)},
    )


@poster_named("graph")
def graph_poster():
    """y = (a + b) a at (2, 3), with empty places for values, messages and adjoints."""
    return graph([("add", (0, 1)), ("mul", (2, 0))], (2, 3), (2, 3), (), names=("a", "b"), blank=True)


def graph_messages(lines, n, values, adjoints, ops):
    """What each line's rule answers to the line's own adjoint; None where it has none, or where the rule fails."""
    rows = []
    for i, (name, sources) in enumerate(lines):
        row = []
        for k in range(len(sources)):
            try:
                adjoint, inputs = adjoints[n + i], [values[s] for s in sources]
                row.append(None if adjoint is None else ops[name].vjp(k, adjoint, values[n + i], *inputs))
            except Exception:  # noqa: BLE001 — the rules are a student's: the drawing shows what there is
                row.append(None)
        rows.append(row)
    return rows


# --- Words --------------------------------------------------------------------------------------------------------


def _graph_steps(numbers, told=True):
    """One sentence or more for each step, and behind it what is wrong there, if that is told here."""
    last = numbers.n + len(numbers.program) - 1
    seed = graph_words(numbers.sums[last])
    steps = [f"The last slot, {last}, begins with the seed {seed}: how much more would the result be for more of it?"]
    steps += [_graph_line(numbers, i) for i in range(len(numbers.program) - 1, -1, -1)]
    faults = numbers.faults if told else ()
    wrong = [[fault.words for fault in faults if fault.step == step] for step in range(1, len(steps) + 1)]
    return tuple(" ".join([words, *more]) for words, more in zip(steps, wrong, strict=True))


def _graph_line(numbers, i):
    """A line read backwards: what it has, what it sends, and which sums are complete now."""
    name, sources = numbers.program[i]
    slot = numbers.n + i
    sent = [
        f"{numbers.messages[i, place].words} to slot {source}"
        for place, source in enumerate(sources)
        if (i, place) in numbers.messages
    ]
    head = f"Line {i}, slot {slot} = {name}{_graph_tuple(sources)}"
    if not sent:
        return f"{head}, sends nothing."
    step = numbers.step_of(i)
    full = [s for s in dict.fromkeys(sources) if numbers.complete(s) == step and len(numbers.arrivals(s)) > 1]
    sums = [f"All uses of slot {s} have spoken: {graph_sum_words(numbers, s)}." for s in full]
    return " ".join([f"{head}, has {graph_words(numbers.adjoints[slot])} and sends {', '.join(sent)}.", *sums])


def _graph_tuple(sources):
    return f"({', '.join(f'slot {s}' for s in sources)})"


def graph_sum_words(numbers, slot):
    """The sum at a slot, written out: 5 + 2 = 7."""
    parts = [numbers.messages[use].words for use in numbers.arrivals(slot)]
    total = graph_words(numbers.sums[slot]) if numbers.sums[slot] else "they cannot be added"
    if len(parts) > GRAPH_MOST_PARTS:
        parts = [*parts[: GRAPH_MOST_PARTS - 1], "…"]
    return f"{' + '.join(parts)} = {total}"


def _graph_notes(numbers, told):
    """(class, words) of the lines below the drawing: the first faults, and what stands for an array."""
    faults = numbers.faults if told else ()
    more = len(faults) - GRAPH_MOST_WORDS
    words = [fault.words for fault in faults[:GRAPH_MOST_WORDS]] + ([f"… and {more} more."] if more > 0 else [])
    shapes = {a.shape for a in (*numbers.values, *numbers.adjoints) if a is not None and a.shape}
    example = f"{graph_shape(min(shapes))} stands for an array of this shape." if shapes else ""
    return [("note", each) for each in words] + ([("", example)] if example else [])


def _graph_table(numbers, names):
    """Slot, value, adjoint, and what the uses add up to."""
    rows = []
    for slot, (value, adjoint) in enumerate(zip(numbers.values, numbers.adjoints, strict=True)):
        name, line = names[slot] if slot < numbers.n else "", slot - numbers.n
        name = name or f"{numbers.program[line][0]}{_graph_tuple(numbers.program[line][1])}"
        total = numbers.sums.get(slot)
        parts = len(numbers.arrivals(slot))
        due = "" if total is None else graph_sum_words(numbers, slot) if parts > 1 else _graph_entries(total)
        rows.append((f"slot {slot}: {name}", _graph_entries(value), _graph_entries(adjoint), due))
    return Table(("slot", "value", "adjoint", "the uses add up to"), tuple(rows))


def _graph_entries(amount):
    """An amount with its numbers, if they are few."""
    if amount is None or amount.shape in (None, ()) or len(amount.flat) > GRAPH_FEW:
        return graph_words(amount)
    numbers = ", ".join(map(label, amount.flat))
    return f"{amount.words}: {numbers}"


def _graph_blank_words(lines, names):
    """The poster in words."""
    n = len(names)
    told = ", ".join(f"slot {slot} is {name}" for slot, name in enumerate(names))
    made = ". ".join(f"Slot {n + i} is {name}{_graph_tuple(sources)}" for i, (name, sources) in enumerate(lines))
    return (
        f"A graph: {told}. {made}. The upper half of each circle is for its value, the lower half for its adjoint, and "
        "the lines below the roads for the messages that go back. Below a circle that hears two messages or more is "
        "a place for their sum. Fill them in by pencil."
    )
