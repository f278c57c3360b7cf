"""The drawing of a graph: circles for slots, roads for uses, numbers at their places.

In a circle the value stands above, upright, and the adjoint below, italic. On a road a message travels to the left; its
number stands below the road, near the line that sends it. Below a circle stands the sum of what arrives. Standard
library only.
"""

from textwrap import wrap

from .graph_layout import GRAPH_RADIUS, GRAPH_ZONE, graph_layout, graph_uses
from .look import Look, label, look
from .svg import tag, text

GRAPH_HEAD, GRAPH_FOOT, GRAPH_LINE = 26, 6, 20  # above the circles, below them, and one line of text
GRAPH_LEAST = 560  # units: a narrower drawing would be blown up too much
GRAPH_LONG = 23  # signs of a sum below a circle; of a longer one only the total is written
GRAPH_TITLE = 23  # signs above a circle: "slot 11 = cross_entropy" fits
GRAPH_NUMBER = 7  # signs of a number in a circle or below a road
GRAPH_SUM = 36  # units: half of "5 + 2 = 7"
GRAPH_SIGN = 8.6  # units: the width of a sign, on the safe side


class GraphPen:
    """What every part of the drawing needs. names: of the inputs.  blank: the places are empty, for a pencil."""

    def __init__(self, numbers, names, blank):
        self.numbers, self.names, self.blank = numbers, names, blank
        self.layout = graph_layout(numbers.program, numbers.n)
        self.wrong = {fault.slot for fault in numbers.faults}
        self.largest = max((a.largest for a in numbers.messages.values()), default=0.0) or 1.0

    def place(self, slot):
        """The middle of a circle."""
        x, y = self.layout.slots[slot]
        return x, y + GRAPH_HEAD

    def title(self, slot):
        """What stands above a circle: "slot 0: a", "slot 3 = mul"."""
        if slot < self.numbers.n:
            return graph_short(f"slot {slot}: {self.names[slot]}")
        return graph_short(f"slot {slot} = {self.numbers.program[slot - self.numbers.n][0]}")


def graph_short(title):
    """A title that fits above a circle."""
    return title if len(title) <= GRAPH_TITLE else f"{title[: GRAPH_TITLE - 1]}…"


def graph_drawing(numbers, names, blank, notes):
    """The whole drawing. notes: (class, words) of each line of text below it."""
    pen = GraphPen(numbers, names, blank)
    wide, tall = pen.layout.size
    wide, tall = max(wide, GRAPH_LEAST), tall + GRAPH_HEAD + GRAPH_FOOT
    lines = [(kind, line) for kind, words in notes for line in wrap(words, int(wide / GRAPH_SIGN))]
    roads = pen.layout.roads
    slots = range(numbers.n + len(numbers.program))
    return tag(
        "svg",
        text(8, 18, "values go to the right →"),
        text(wide - 8, 18, "← messages go to the left", text_anchor="end", class_="below"),
        *(_graph_drawn_road(pen, use, places) for use, places in roads.items()),
        *(_graph_circle(pen, slot) for slot in slots),
        *(_graph_message(pen, use, places[0]) for use, places in roads.items()),
        *(_graph_texts(pen, slot) for slot in slots),
        *(text(8, tall + GRAPH_LINE * i + 14, words, class_=f"small {kind}") for i, (kind, words) in enumerate(lines)),
        viewBox=f"0 0 {wide} {tall + GRAPH_LINE * len(lines) + 4:g}",
        class_="graph",
        style=f"--wide:{wide}px",
    )


def graph_places(numbers):
    """For each step from 0 on, how far to the right its drawing is: (the left end of the sum at the nearest source, the
    middle between this source and the line that is read).
    """
    slots = graph_layout(numbers.program, numbers.n).slots
    last, lines = slots[-1][0], []
    for i, (_, sources) in enumerate(numbers.program):
        x = slots[numbers.n + i][0]
        nearest = max((slots[s][0] for s in sources), default=x)
        lines.append((nearest - GRAPH_SUM, (x + nearest) / 2))
    return ((last, last), (last, last), *reversed(lines))


def _graph_look(amount, largest):
    """The look of a message; an array of both signs has no sign."""
    if amount is None or amount.shape is None:
        return Look(1.0, "none", "")
    if amount.shape == ():
        return look(amount.flat[0], largest)
    signs = {look(v).kind for v in amount.flat} - {"none"}
    return Look(look(amount.largest, largest).width, signs.pop() if len(signs) == 1 else "lit" if signs else "none", "")


def _graph_drawn_road(pen, use, places):
    """One road from a line's circle to its source's, and the arrow head at its left end."""
    level = [(x, y + GRAPH_HEAD) for x, y in places]
    (x, y), *rest = level
    path = [f"M{_graph_place(x, y)}"]
    for (from_x, from_y), (to_x, to_y) in zip(level, rest, strict=False):
        turn = (from_x + to_x) / 2
        bend = f"C{_graph_place(turn, from_y)} {_graph_place(turn, to_y)} {_graph_place(to_x, to_y)}"
        path.append(f"H{to_x:.1f}" if from_y == to_y else bend)
    line = "".join(path)
    thin = tag("path", d=line, class_="thin", fill="none")
    if pen.blank:
        return thin
    i, k = use
    shown, step = _graph_look(pen.numbers.messages.get(use), pen.largest), pen.numbers.step_of(i)
    wire = tag("path", d=line, class_=f"wire {shown.kind}", fill="none", stroke_width=shown.width, data_step=step,
               data_line=f"m-{i}-{k}", style=f"transform-origin:{x:.1f}px {y:.1f}px")  # fmt: skip
    end_x, end_y = level[-1]
    tip = tag("path", class_="tip", d="M12-5 0 0 12 5z", data_step=step,
              transform=f"translate({_graph_place(end_x, end_y)})")  # fmt: skip
    return thin + wire + (tip if shown.kind != "none" else "")


def _graph_place(x, y):
    return f"{x:.1f} {y:.1f}".replace(".0", "")


def _graph_circle(pen, slot):
    """A slot: two halves, the value above and the adjoint below."""
    x, y = pen.place(slot)
    circle = tag("circle", cx=x, cy=y, r=GRAPH_RADIUS, class_="unit")
    return circle + tag("path", class_="thin", d=f"M{x - GRAPH_RADIUS:g} {y:g}h{2 * GRAPH_RADIUS}")


def _graph_message(pen, use, place):
    """The number that travels on a road, below its level piece beside the circle that sends it."""
    x, y = pen.layout.slots[pen.numbers.n + use[0]][0] - GRAPH_ZONE + 3, place[1] + GRAPH_HEAD + 15
    if pen.blank:
        return text(x, y, "____", class_="small below")
    amount = pen.numbers.messages.get(use)
    if amount is None:
        return ""
    return text(x, y, _graph_fits(amount), class_="small below", data_k=f"m-{use[0]}-{use[1]}",
                data_v=_graph_value(amount), data_step=pen.numbers.step_of(use[0]))  # fmt: skip


def _graph_value(amount):
    """The number for tests and scripts; no attribute for an array."""
    return amount.flat[0] if amount is not None and amount.shape == () else None


def _graph_fits(amount):
    """An amount in a circle or beside a road: an array by its shape alone, as (2, 3)."""
    if amount is None:
        return "–"
    words = "?" if amount.shape is None else amount.words.removeprefix("array ")
    if amount.shape != () or len(words) <= GRAPH_NUMBER:
        return words
    digit, exponent = f"{amount.flat[0]:.0e}".replace("-", "−", amount.flat[0] < 0).split("e")
    return f"{digit}e{int(exponent)}"


def _graph_texts(pen, slot):
    """The texts of a slot: its name, its value, its adjoint, and the sum of what arrives."""
    (x, y), numbers = pen.place(slot), pen.numbers
    step, wrong = numbers.complete(slot), " wrong" if slot in pen.wrong else ""
    name = text(x, y - GRAPH_RADIUS - 8, pen.title(slot), class_="small", text_anchor="middle")
    value, adjoint = numbers.values[slot], numbers.adjoints[slot]
    known = not pen.blank or slot < numbers.n
    above = text(x, y - 9, _graph_fits(value), class_="small", text_anchor="middle", data_k=f"v-{slot}",
                 data_v=_graph_value(value)) if known else ""  # fmt: skip
    if pen.blank:
        return name + above + _graph_sum_places(pen, slot)
    dead = slot not in numbers.sums and adjoint is None
    below = text(x, y + 20, _graph_fits(adjoint), class_=f"small below strong{wrong}", text_anchor="middle",
                 data_k=f"a-{slot}", data_v=_graph_value(adjoint), data_step=step)  # fmt: skip
    return name + above + below + _graph_sum_text(pen, slot, dead)


def _graph_sum_places(pen, slot):
    """Empty places for the messages of a slot that is used more than once."""
    (x, y), uses = pen.place(slot), len(graph_uses(pen.numbers.program, slot))
    words = " + ".join(["____"] * uses)
    return text(x, y + GRAPH_RADIUS + 20, words, class_="small below", text_anchor="middle") if uses > 1 else ""


def _graph_sum_text(pen, slot, dead):
    """What the uses add up to, each part in the step in which it arrives; "✗" before a sum that is not the adjoint."""
    x, y = pen.place(slot)
    parts = _graph_sum_parts(pen, slot, dead)
    if not parts:
        return ""
    inside = "".join(tag("tspan", words, data_step=step) for step, words in parts)
    kind = f"small below{' wrong' if slot in pen.wrong else ''}"
    return tag("text", inside, x=x, y=y + GRAPH_RADIUS + 20, class_=kind, text_anchor="middle", data_k=f"s-{slot}")


def _graph_sum_parts(pen, slot, dead):
    """[(step, words)] of the sum below a circle."""
    numbers, end = pen.numbers, pen.numbers.complete(slot)
    mark = [(end, "✗ ")] if slot in pen.wrong else []
    if slot not in numbers.sums:
        words = "no message arrives" if not dead or slot < numbers.n else "leads nowhere"
        return [*mark, (end, words)]
    if slot == len(numbers.values) - 1:
        return [*mark, (1, f"seed {_graph_fits(numbers.sums[slot])}")]
    uses, total = numbers.arrivals(slot), numbers.sums[slot]
    words = [_graph_fits(numbers.messages[use]) for use in uses]
    if total is None or total.shape != ():
        return [*mark, (end, f"{len(uses)} uses")] if mark or len(uses) > 1 else []
    steps = [numbers.step_of(use[0]) for use in uses]
    full = [(step, f"{' + ' if i else ''}{part}") for i, (step, part) in enumerate(zip(steps, words, strict=True))]
    result = f" = {label(total.flat[0])}"
    if sum(len(part) for _, part in full) + len(result) > GRAPH_LONG:
        return [*mark, (end, f"{len(uses)} uses{result}")]
    return [*mark, *full, (end, result)] if len(uses) > 1 else mark and [*mark, (end, f"{words[0]} arrives")]
