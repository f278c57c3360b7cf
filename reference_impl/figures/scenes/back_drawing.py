"""The drawing of the messages back: boxes for units, arrows for messages, numbers at their places.

A hidden unit is a box in three parts: from the right the sum of what arrives, the gate, and the δ that leaves. With
two examples each place holds two numbers, one above the other. What belongs to the way forward stands above the boxes,
upright. All lines are drawn before all texts, so no line crosses a number. Standard library only.
"""

import math

from .layers import table_of
from .look import label, look
from .svg import tag, text

BACK_ACROSS = (58, 382, 840)  # the middles of the columns: inputs, hidden units, scores
BACK_HALF = (44, 112, 54)  # half the width of a box in each column
BACK_GATE = 20  # half the width of a gate
BACK_TOP, BACK_PITCH, BACK_LINE = 112, 152, 18  # the first unit, from unit to unit, one line of text
BACK_WIDE = 910
BACK_LONG = 24  # signs of a message with its factors; a longer one is shown without them
BACK_HEADS = (("inputs x", "the way ends"), ("hidden units", "δ ← gate ← sum"), ("scores", "δ"))


def back_text(params, messages, key):
    """A number as the drawing shows it: a message with its factors, a gate as a sign, p with its target, or alone.

    The player makes the same texts.
    """
    name, *places = key.split("-")
    numbers, examples = messages.numbers, messages.sizes[0]
    value = label(numbers[key])
    match name:
        case "m2":
            n, h, k = map(int, places)
            product = f"{label(table_of(params['W2'])[h][k])} × {label(numbers[f'd2-{n}-{k}'])} = {value}"
            return product if len(product) <= BACK_LONG else value
        case "z":
            return "←" if numbers[key] > 0 else "‖"
        case "a":
            return f"z = {label(numbers[f'z{key[1:]}'])}, a = {value}"
        case "p":
            n, k = map(int, places)
            target = f"{value} − {int(k == messages.classes[n])}"
            return target if examples == 1 else f"({target}) / {examples}"
        case "J" | "J2":
            return f"{'cost J =' if name == 'J' else 'after one step down:'} {value}"
    return value


class BackPen:
    """What every part of the drawing needs.

    seats: places for numbers, one an example.  lines: of text in a box: one a seat, or two for a pencil.
    """

    def __init__(self, params, messages, blank, batch):
        """params, messages: of the scene.  blank: boxes stay empty.  batch: a second example may come."""
        self.params, self.messages, self.blank, self.batch = params, messages, blank, batch
        self.numbers, self.examples = messages.numbers, range(messages.sizes[0])
        self.seats = 2 if batch else messages.sizes[0]
        self.lines = 2 if blank else self.seats
        self.wrong = {d.key for d in messages.disagreements}

    def number(self, x, y, key, step, kind="small", anchor=None, known=False):
        """One number at its place; anchor None: in its middle. An empty box has none, unless it is known before."""
        if self.blank and not known:
            return ""
        words = back_text(self.params, self.messages, key) if key in self.numbers else ""
        words, kind = (f"✗ {words}", f"{kind} wrong") if key in self.wrong else (words, kind)
        value = self.numbers.get(key)
        return text(x, y, words, class_=kind, text_anchor=anchor, data_k=key, data_v=value, data_step=step or None)

    def column(self, x, y, name, ends, step, kind="small", **how):
        """One number an example, around the height y. ends: the rest of its key."""
        first = y + 5 - (self.seats - 1) * BACK_LINE / 2
        kinds = (f"{kind} one", f"{kind} two") if self.batch else (kind,) * self.seats
        return "".join(
            self.number(x, first + BACK_LINE * n, f"{name}-{n}-{ends}", step, kind, **how)
            for n, kind in enumerate(kinds)
        )

    def box(self, column, row, parts=()):
        """A unit's box, with a border at each of `parts`."""
        half, tall = BACK_HALF[column], BACK_LINE * self.lines + 10
        top = self.level(row) - tall / 2
        borders = "".join(tag("path", class_="thin", d=f"M{x} {top:g}v{tall}") for x in parts)
        frame = tag("rect", x=BACK_ACROSS[column] - half, y=top, width=2 * half, height=tall, class_="unit")
        return frame + borders

    def above(self, row):
        """The middle of what the way forward left above a unit's box."""
        return self.level(row) - BACK_LINE * (self.lines + self.seats - 1) / 2 - 17

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


def back_drawing(params, messages, blank, notes, batch=False):
    """The whole drawing. notes: (class, words) of each line of text below it.  batch: a second example may come."""
    pen = BackPen(params, messages, blank, batch)
    _, D, H, K = messages.sizes
    tall = pen.below(max(D, H, K) - 1) + 40
    wires = [(2, h, k) for h in range(H) for k in range(K)] + [(1, i, h) for i in range(D) for h in range(H)]
    drawing = (
        _back_heads(),
        *(_back_arrow(pen, *wire) for wire in wires),
        *(_back_input(pen, i) for i in range(D)),
        *(_back_unit(pen, h) for h in range(H)),
        *(_back_score(pen, k) for k in range(K)),
        *(_back_numbers(pen, *wire) for wire in wires),
        _back_cost(pen, tall - 14),
        "" if blank else _back_dot() * max(H * K, D * H),
        *(
            text(20, tall + BACK_LINE * (i + 2), words, class_=f"small {k}", text_anchor="start")
            for i, (k, words) in enumerate(notes)
        ),
    )
    kind = {"class": "messages single", "id": "way-back"} if batch else {"class": "messages"}  # back_strip.py copies it
    # A reader who hears the page has the table and the live words; on the drawing, the spots.
    spots = () if blank else [*(_back_unit_spot(pen, h) for h in range(H)), *(_back_spot(pen, *wire) for wire in wires)]
    return tag(
        "svg",
        *((*spots, tag("g", *drawing, aria_hidden="true", **kind)) if spots else drawing),
        viewBox=f"0 0 {BACK_WIDE} {tall + BACK_LINE * (len(notes) + 1) + 8:g}",
        class_="messages",
        text_anchor="middle",  # of every text that says nothing else
    )


def _back_heads():
    """What the columns are, and what their boxes hold."""
    return "".join(
        text(x, 20, name, class_="strong") + text(x, 40, holds, class_="small below")
        for x, (name, holds) in zip(BACK_ACROSS, BACK_HEADS, strict=True)
    )


def _back_ends(pen, layer, i, j):
    """The two ends of a line, (x, y) at the left and (x, y) at the right."""
    left, right = BACK_ACROSS[layer - 1] + BACK_HALF[layer - 1], BACK_ACROSS[layer] - BACK_HALF[layer]
    return (left, pen.level(i)), (right, pen.level(j))


def _back_arrow(pen, layer, i, j):
    """One line, and on it the message as an arrow to the left: width is size, colour and dash are sign."""
    (left, top), (right, bottom) = _back_ends(pen, layer, i, j)
    step, pale = (2, "") if layer == 2 else (7, " pale")
    sent = 0.0 if pen.blank else sum(pen.numbers[f"m{layer}-{n}-{i}-{j}"] for n in pen.examples)
    shown, key = look(sent, pen.largest(f"m{layer}")), f"m{layer}-{i}-{j}"
    turn = math.degrees(math.atan2(top - bottom, left - right))
    thin = tag("line", x1=right, y1=bottom, x2=left, y2=top, class_="thin")
    if pen.blank:
        return thin
    wire = tag("line", x1=right, y1=bottom, x2=left + 9, y2=top, class_=f"wire {shown.kind}{pale}", data_line=key,
               stroke_width=shown.width, data_step=step, style=f"transform-origin:{right}px {bottom}px")  # fmt: skip
    # Behind its line, so that the style sheet leaves it out if nothing travels.
    tip = tag("path", class_=f"tip{pale}", d="M-12-5 0 0-12 5z", data_step=step,
              transform=f"translate({left} {top}) rotate({turn:.1f})")  # fmt: skip
    return thin + wire + tip


def _back_numbers(pen, layer, i, j):
    """On a line: the message that travels to the left, and the gradient that its weight reads off."""
    (left, top), (right, bottom) = _back_ends(pen, layer, i, j)
    y, step, pale = top + 0.25 * (bottom - top), 2 if layer == 2 else 7, "" if layer == 2 else " pale"
    message = pen.column(left + 17, y, f"m{layer}", f"{i}-{j}", step, kind=f"on small below{pale}", anchor="start")
    if pen.blank and layer == 2:
        weight = label(table_of(pen.params["W2"])[i][j])
        message = text(left + 17, y + 5, f"{weight} × ____ = ____", class_="on small", text_anchor="start")
    at = top + 0.8 * (bottom - top) + 5
    return message + pen.number(right - 8, at, f"W{layer}-{i}-{j}", 7 - layer, "on harvest", "end")


def _back_input(pen, i):
    """x, and below its box what a layer before it would hear."""
    x, heard = BACK_ACROSS[0], pen.below(i) + (pen.seats - 1) * BACK_LINE / 2 - 5
    numbers = pen.column(x, pen.level(i), "x", i, 0, kind="plain", known=True)
    return pen.box(0, i) + numbers + pen.column(x, heard, "dx", i, 7, kind="small below pale")


def _back_unit(pen, h):
    """A hidden unit: sum, gate and δ from right to left; above it z and a, which the way forward left there."""
    x, y, aside = BACK_ACROSS[1], pen.level(h), (BACK_GATE + BACK_HALF[1]) / 2
    return (
        pen.box(1, h, (x - BACK_GATE, x + BACK_GATE))
        + pen.column(x + aside, y, "u", h, 3)
        + pen.column(x, y, "z", h, 0, known=True)
        + pen.column(x - aside, y, "d1", h, 4, kind="strong small")
        + pen.column(x, pen.above(h), "a", h, 0, known=True)
        + pen.number(x, pen.below(h), f"b1-0-{h}", 6, "harvest")
    )


def _back_dot():
    """What travels a line, one for each line of a layer: with δ on the first half of its way, then with the message."""
    number = tag("text", y=-12, class_="on small")
    return tag("g", tag("circle", r=6), number, number, class_="dot")


def _back_spot(pen, layer, i, j):
    """The place on which the pointer or the focus asks for the two factors of a weight's gradient."""
    (x1, y1), (x2, y2) = _back_ends(pen, layer, i, j)
    return tag(
        "line", x1=x1, y1=y1, x2=x2, y2=y2, **_back_asks(f"W{layer}-{i}-{j}", f"weight W{layer}[{i}, {j}]", 7 - layer)
    )


def _back_unit_spot(pen, h):
    """The same for the sum of a hidden unit."""
    half, tall = BACK_HALF[1], BACK_LINE * pen.lines + 10
    place = {"x": BACK_ACROSS[1] - half, "y": pen.level(h) - tall / 2, "width": 2 * half, "height": tall}
    return tag("rect", **place, **_back_asks(f"u-{h}", f"hidden unit {h + 1}", 3))


def _back_asks(spot, name, step):
    """What every spot has."""
    return {"class": "spot", "data-spot": spot, "data-step": step, "tabindex": 0, "role": "button", "aria-label": name}


def _back_score(pen, k):
    """δ of a score, and above it where it comes from: probability minus target."""
    x, y = BACK_ACROSS[2], pen.level(k)
    answer = pen.column(x, y, "d2", k, 1, kind="strong small")
    origin = pen.column(x, pen.above(k), "p", k, 0, known=True)
    return pen.box(2, k) + answer + origin + pen.number(x, pen.below(k), f"b2-0-{k}", 5, "harvest")


def _back_cost(pen, y):
    """The cost, where the question begins; and the cost after one step down."""
    x = BACK_WIDE - 16
    return pen.number(x, y, "J", 0, "plain", "end", known=True) + pen.number(x, y + 20, "J2", 8, anchor="end")
