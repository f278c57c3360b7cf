"""The numbers of a graph: what stands in each slot, what each line sends back, and where they disagree.

The scene gets all values and adjoints from outside. It adds the messages that arrive at a slot and compares the sum
with the adjoint: a mistake shows in the slot where it is made. Any answer is drawn: NaN, an array, a text, or none.
Standard library only.
"""

import math
from typing import NamedTuple

from .graph_layout import GRAPH_MOST_SLOTS, GRAPH_MOST_SOURCES, graph_uses
from .look import label

GRAPH_AGREE = 3e-5  # of the largest number at a slot: a smaller difference is none; a result keeps six digits
GRAPH_MOST_NUMBERS, GRAPH_MOST_AXES = 4096, 6


class GraphAmount(NamedTuple):
    """What a slot holds. shape: () for one number; None if it holds no numbers.  flat: the numbers."""

    shape: tuple | None
    flat: tuple = ()

    @property
    def words(self):
        """A number, or the shape of an array: array (2, 3)."""
        if self.shape is None:
            return "no number"
        if self.shape == ():
            return label(self.flat[0])
        return f"array {graph_shape(self.shape)}"

    @property
    def largest(self):
        """The size of its largest finite number."""
        return max((abs(v) for v in self.flat if math.isfinite(v)), default=0.0)


def graph_shape(shape):
    """A shape as NumPy writes it: (2, 3), (2,)."""
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


class GraphFault(NamedTuple):
    """A slot whose adjoint does not follow from the numbers before it. step: of the scene, from 1 on."""

    step: int
    slot: int
    words: str


class GraphNumbers(NamedTuple):
    """values, adjoints: an amount for each slot, or None.  messages: by (line, k), without missing ones.

    sums: what the uses of a slot add up to, by slot; None if they cannot be added.  faults: in the order of the way
    back.
    """

    program: tuple
    n: int
    values: tuple
    adjoints: tuple
    messages: dict
    sums: dict
    faults: tuple

    def arrivals(self, slot):
        """The (line, k) that send something to a slot, in the order of the way back."""
        return [use for use in reversed(graph_uses(self.program, slot)) if use in self.messages]

    def step_of(self, line):
        """The step in which a line is read backwards. Step 1 puts the seed into the last slot."""
        return 1 + len(self.program) - line

    def complete(self, slot):
        """The step in which all users of a slot have spoken."""
        uses = graph_uses(self.program, slot)
        if slot == self.n + len(self.program) - 1:
            return 1
        return self.step_of(uses[0][0]) if uses else 1 + len(self.program)


def graph_numbers(program, xs, values, adjoints, messages, seed):
    """The numbers of a graph. messages: for each line what it sends to each source.  seed: for the last slot."""
    lines = graph_program(program, len(xs))
    slots = len(xs) + len(lines)
    known = tuple(map(graph_amount, _graph_filled(values, slots)))
    heard = tuple(map(graph_amount, _graph_filled(adjoints, slots)))
    sent = {
        (i, k): amount
        for i, ((_, sources), row) in enumerate(zip(lines, _graph_filled(messages, len(lines)), strict=True))
        for k, message in enumerate(_graph_filled(row, len(sources)))
        if (amount := graph_amount(message)) is not None
    }
    numbers = GraphNumbers(lines, len(xs), known, heard, sent, {}, ())
    sums = {slot: _graph_sum([sent[use] for use in numbers.arrivals(slot)]) for slot in range(slots - 1)}
    sums = {slot: total for slot, total in sums.items() if numbers.arrivals(slot)} | {slots - 1: graph_amount(seed)}
    summed = GraphNumbers(lines, len(xs), known, heard, sent, sums, ())
    faults = sorted(filter(None, (_graph_fault(summed, s) for s in range(slots))), key=lambda f: (f.step, -f.slot))
    return GraphNumbers(lines, len(xs), known, heard, sent, sums, tuple(faults))


def graph_program(program, n):
    """The lines of a program as (name, sources). Raises ValueError for a program that cannot be drawn."""
    try:
        lines = tuple((str(name)[:40], tuple(int(s) for s in sources)) for name, sources in program)
    except (TypeError, ValueError):
        raise ValueError("graph: expected lines (name, sources), got another thing. Hint: print the program.") from None
    if not lines or n + len(lines) > GRAPH_MOST_SLOTS:
        raise ValueError(
            f"graph: expected 1 line or more, and at most {GRAPH_MOST_SLOTS} slots, got {len(lines)} lines and "
            f"{n + len(lines)} slots. Hint: draw a smaller program."
        )
    for i, (_, sources) in enumerate(lines):
        if len(sources) > GRAPH_MOST_SOURCES or any(not 0 <= s < n + i for s in sources):
            raise ValueError(
                f"graph: expected at most {GRAPH_MOST_SOURCES} sources before slot {n + i}, got {sources}. Hint: a "
                "line uses earlier slots only."
            )
    return lines


def graph_amount(value):
    """A value as an amount: numbers, lists and arrays of numbers; None stays None, anything else holds no numbers."""
    if value is None or isinstance(value, GraphAmount):
        return value
    try:
        shape, flat = _graph_flat(value.tolist() if hasattr(value, "tolist") else value, GRAPH_MOST_AXES)
        return GraphAmount(shape, tuple(flat)) if len(flat) <= GRAPH_MOST_NUMBERS else GraphAmount(None)
    except Exception:  # noqa: BLE001 — a student's object may raise anything, and must not stop the drawing
        return GraphAmount(None)


def _graph_flat(value, axes):
    """(shape, numbers) of nested lists. Raises ValueError if they are ragged, too deep or hold other things."""
    if not isinstance(value, (list, tuple)):
        if isinstance(value, (str, bytes)):
            raise TypeError("a text is no number")  # although float("7") is 7
        return (), [float(value)]
    if axes == 0 or not value:
        raise ValueError("too deep, or empty")
    shapes, parts = zip(*(_graph_flat(item, axes - 1) for item in value), strict=True)
    if len(set(shapes)) > 1:
        raise ValueError("ragged")
    return (len(value), *shapes[0]), [v for part in parts for v in part]


def _graph_filled(given, length):
    """A list of this length; what is missing is None."""
    try:
        rows = list(given)[:length]
    except TypeError:
        rows = []
    return rows + [None] * (length - len(rows))


def _graph_sum(amounts):
    """The sum of amounts of one shape; None if there is none."""
    shapes = {a.shape for a in amounts}
    if len(shapes) != 1 or None in shapes:
        return None
    return GraphAmount(amounts[0].shape, tuple(sum(column) for column in zip(*(a.flat for a in amounts), strict=True)))


def _graph_fault(numbers, slot):
    """What is wrong in a slot, or None."""
    words = _graph_wrong(numbers, slot)
    return GraphFault(numbers.complete(slot), slot, f"Slot {slot}: {words}.") if words else None


def _graph_wrong(numbers, slot):
    """Half a sentence about a slot: "yours 5, the uses add up to 7"; "" if it is right."""
    yours, due, value = numbers.adjoints[slot], numbers.sums.get(slot), numbers.values[slot]
    if slot not in numbers.sums:  # nothing arrives: a line need not be asked, an input gets zeros
        odd = (yours is None and slot < numbers.n) or (yours is not None and (yours.shape is None or any(yours.flat)))
        return f"yours {graph_words(yours)}, and no message arrives: 0 is due" if odd else ""
    if due is None:
        return f"yours {graph_words(yours)}, and the messages that arrive cannot be added: " + ", ".join(
            numbers.messages[use].words for use in numbers.arrivals(slot)
        )
    if yours is not None and yours.shape is not None and value is not None and yours.shape != value.shape:
        return f"yours {graph_words(yours)}, its value {graph_words(value)}: both have one shape"
    size = max([due.largest, *(numbers.messages[use].largest for use in numbers.arrivals(slot))])
    if yours is not None and graph_agree(yours, due, size):
        return ""
    source = "the seed is" if slot == len(numbers.values) - 1 else "the uses add up to"
    place, mine, total = _graph_apart(yours, due, size)
    return f"{place}yours {mine}, {source} {total}"


def _graph_apart(yours, due, size):
    """(place, yours, due) in words that differ: with more digits, or of the first entry that differs."""
    if yours is None or yours.shape != due.shape or yours.shape is None:
        return "", graph_words(yours), graph_words(due)
    pairs = list(zip(yours.flat, due.flat, strict=True))
    at = next(i for i, pair in enumerate(pairs) if not _graph_near(*pair, size))
    short = tuple(map(label, pairs[at]))
    words = short if short[0] != short[1] else tuple(f"{v:.9g}".replace("-", "−") for v in pairs[at])
    return (f"entry {_graph_index(at, yours.shape)}, " if yours.shape else "", *words)


def _graph_index(at, shape):
    """The place of an entry as code writes it: [1, 0]."""
    index = []
    for size in reversed(shape):
        at, i = divmod(at, size)
        index.insert(0, str(i))
    return f"[{', '.join(index)}]"


def graph_words(amount):
    """An amount in words; "missing" for None."""
    return "missing" if amount is None else amount.words


def graph_agree(yours, due, size):
    """Whether two amounts are the same up to rounding. size: of the largest number that is a part of them."""
    if yours.shape != due.shape or yours.shape is None:
        return False
    return all(_graph_near(a, b, size) for a, b in zip(yours.flat, due.flat, strict=True))


def _graph_near(a, b, largest):
    return a == b or (math.isnan(a) and math.isnan(b)) or abs(a - b) <= GRAPH_AGREE * max(largest, 1e-9)
