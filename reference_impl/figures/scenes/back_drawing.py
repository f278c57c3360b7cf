"""The drawing of the messages back: boxes for units, arrows for messages, numbers at their places.

A hidden unit is a box in three parts: from the right the sum of what arrives, the gate, and the δ that leaves. With
two examples each place holds two numbers, one above the other. Standard library only.
"""

import math

from .look import label, look
from .messages import table_of
from .svg import tag, text

BACK_ACROSS = (70, 420, 800)  # the middles of the columns: inputs, hidden units, scores
BACK_HALF = (40, 108, 46)  # half the width of a box in each column
BACK_TOP, BACK_PITCH, BACK_LINE = 92, 152, 18  # the first unit, from unit to unit, one line of text
BACK_WIDE = 1000
BACK_HEADS = (("x", "the way back ends"), ("hidden units", "δ ← gate ← sum"), ("scores", "δ"))


def back_text(params, found, key):
    """A number as the drawing shows it: a message with its factors, a gate with its z, p with its target, or alone.

    The player makes the same texts.
    """
    name, n, *rest = key.split("-")
    numbers, examples = found.numbers, found.sizes[0]
    value = label(numbers[key])
    match name:
        case "m2":
            h, k = map(int, rest)
            return f"{label(table_of(params['W2'])[h][k])} × {label(numbers[f'd2-{n}-{k}'])} = {value}"
        case "z":
            return f"z = {value} {'←' if numbers[key] > 0 else '‖'}"
        case "p":
            target = f"{value} − {int(int(rest[0]) == found.classes[int(n)])}"
            return target if examples == 1 else f"({target}) / {examples}"
    return value


class BackPen:
    """What every part of the drawing needs. lines: of text in a box: one an example, or two for a pencil."""

    def __init__(self, params, found, blank):
        """params, found: of the scene.  blank: boxes stay empty."""
        self.params, self.found, self.blank = params, found, blank
        self.numbers, self.examples = found.numbers, range(found.sizes[0])
        self.lines = 2 if blank else found.sizes[0]
        self.wrong = {d.key for d in found.disagreements}

    def number(self, x, y, key, step, kind="small", anchor="middle", known=False):
        """One number at its place. An empty box has none, unless it is known before the way back."""
        if self.blank and not known:
            return ""
        words = back_text(self.params, self.found, key)
        words, kind = (f"✗ {words}", f"{kind} wrong") if key in self.wrong else (words, kind)
        return text(x, y, words, class_=kind, text_anchor=anchor, data_k=key, data_v=self.numbers[key], data_step=step)

    def column(self, x, y, name, i, step, **how):
        """One number an example, around the height y."""
        first = y + 5 - (len(self.examples) - 1) * BACK_LINE / 2
        return "".join(self.number(x, first + BACK_LINE * n, f"{name}-{n}-{i}", step, **how) for n in self.examples)

    def box(self, column, row, parts=()):
        """A unit's box, with a border at each of `parts`."""
        half, tall = BACK_HALF[column], BACK_LINE * self.lines + 10
        top = self.level(row) - tall / 2
        borders = "".join(tag("path", class_="thin", d=f"M{x} {top:g}v{tall}") for x in parts)
        frame = tag("rect", x=BACK_ACROSS[column] - half, y=top, width=2 * half, height=tall, class_="unit")
        return frame + borders

    def below(self, row):
        """The first line of text below a unit's box."""
        return self.level(row) + BACK_LINE * self.lines / 2 + 20

    def level(self, row):
        """The height of a unit's middle."""
        return BACK_TOP + BACK_PITCH * row

    def largest(self, name):
        """The largest size of a kind of number, to which widths are drawn."""
        sizes = [abs(v) for key, v in self.numbers.items() if key.startswith(f"{name}-") and math.isfinite(v)]
        return max(sizes, default=1.0)


def back_drawing(params, found, blank, notes):
    """The whole drawing. notes: lines of text below it."""
    pen = BackPen(params, found, blank)
    _, D, H, K = found.sizes
    tall = pen.below(max(D, H, K) - 1) + 40
    return tag(
        "svg",
        _back_heads(),
        *(_back_wire(pen, 2, h, k) for h in range(H) for k in range(K)),
        *(_back_wire(pen, 1, i, h) for i in range(D) for h in range(H)),
        *(_back_input(pen, i) for i in range(D)),
        *(_back_unit(pen, h) for h in range(H)),
        *(_back_score(pen, k) for k in range(K)),
        _back_cost(pen, tall - 14),
        *(text(20, tall + BACK_LINE * (i + 1), words, class_="small note") for i, words in enumerate(notes)),
        viewBox=f"0 0 {BACK_WIDE} {tall + BACK_LINE * len(notes) + 16:g}",
        class_="messages",
    )


def _back_heads():
    """What the columns are, and what their boxes hold."""
    return "".join(
        text(x, 20, name, class_="strong", text_anchor="middle")
        + text(x, 40, holds, class_="small below", text_anchor="middle")
        for x, (name, holds) in zip(BACK_ACROSS, BACK_HEADS, strict=True)
    )


def _back_wire(pen, layer, i, j):
    """One line: the message that travels on it to the left, and the gradient that its weight reads off."""
    left, right = BACK_ACROSS[layer - 1] + BACK_HALF[layer - 1], BACK_ACROSS[layer] - BACK_HALF[layer]
    start, end = pen.level(i), pen.level(j)
    step, pale = (2, "") if layer == 2 else (7, " pale")
    rise = end - start
    thin = tag("line", x1=right, y1=end, x2=left, y2=start, class_="thin")
    first = start + 0.24 * rise + 5 - (len(pen.examples) - 1) * BACK_LINE / 2
    words = (
        pen.number(left + 16, first + BACK_LINE * n, f"m{layer}-{n}-{i}-{j}", step, f"on small below{pale}", None)
        for n in pen.examples
    )
    gradient = pen.number(
        left + 0.86 * (right - left), start + 0.86 * rise + 5, f"W{layer}-{i}-{j}", 7 - layer, "on harvest"
    )
    to_fill = ""
    if pen.blank and layer == 2:
        to_fill = text(left + 16, first, f"{label(table_of(pen.params['W2'])[i][j])} × ____ = ____", class_="on small")
    return thin + _back_arrow(pen, layer, (i, j), (left, start), (right, end)) + "".join(words) + gradient + to_fill


def _back_arrow(pen, layer, ends, left, right):
    """The message as an arrow to the left: width is size, colour and dash are sign."""
    (i, j), step, pale = ends, 2 if layer == 2 else 7, "" if layer == 2 else " pale"
    sent = 0.0 if pen.blank else sum(pen.numbers[f"m{layer}-{n}-{i}-{j}"] for n in pen.examples)
    shown = look(sent, pen.largest(f"m{layer}"))
    turn = math.degrees(math.atan2(left[1] - right[1], left[0] - right[0]))
    line = tag("line", x1=right[0], y1=right[1], x2=left[0] + 9, y2=left[1], class_=f"wire {shown.kind}{pale}",
               stroke_width=shown.width, data_line=f"m{layer}-{i}-{j}", data_step=step)  # fmt: skip
    tip = tag("path", class_=f"tip{pale}", d="M-12-5 0 0-12 5z", data_step=step,
              transform=f"translate({left[0]} {left[1]}) rotate({turn:.1f})")  # fmt: skip
    return line + tip


def _back_input(pen, i):
    """x, and below its box what a layer before it would hear."""
    x, heard = BACK_ACROSS[0], pen.below(i) + (len(pen.examples) - 1) * BACK_LINE / 2 - 5
    numbers = pen.column(x, pen.level(i), "x", i, 0, kind="plain", known=True)
    return pen.box(0, i) + numbers + pen.column(x, heard, "dx", i, 7, kind="small below pale")


def _back_unit(pen, h):
    """A hidden unit: sum, gate and δ from right to left; above it what left it on the way forward."""
    x, y = BACK_ACROSS[1], pen.level(h)
    active = ", ".join(label(pen.numbers[f"a-{n}-{h}"]) for n in pen.examples)
    above = text(x, y - BACK_LINE * pen.lines / 2 - 12, f"a = {active}", class_="small", text_anchor="middle",
                 data_active=h)  # fmt: skip
    return (
        pen.box(1, h, (x - 44, x + 44))
        + above
        + pen.column(x + 76, y, "u", h, 3)
        + pen.column(x, y, "z", h, 0, known=True)
        + pen.column(x - 76, y, "d1", h, 4, kind="strong small")
        + pen.number(x, pen.below(h), f"b1-0-{h}", 6, "harvest")
    )


def _back_score(pen, k):
    """δ of a score, and at its right where it comes from: probability minus target."""
    x, y = BACK_ACROSS[2], pen.level(k)
    answer = pen.column(x, y, "d2", k, 1, kind="strong small")
    told = pen.column(x + 56, y, "p", k, 0, anchor=None, known=True)
    return pen.box(2, k) + answer + told + pen.number(x, pen.below(k), f"b2-0-{k}", 5, "harvest")


def _back_cost(pen, y):
    """The cost, where the question begins; and the cost after one step down."""
    words = f"cost J = {label(pen.numbers['J'])}"
    cost = text(BACK_WIDE - 16, y, words, text_anchor="end", data_cost="J")
    if pen.blank:
        return cost
    after = f"after one step down: {label(pen.numbers['J2'])}"
    return cost + text(BACK_WIDE - 16, y + 20, after, class_="small", text_anchor="end", data_after="J2", data_step=8)
