"""Scene S5, the two bills: a chain of matrices is multiplied in several orders, and each order has a receipt.

A receipt lists the products that stand in the picture. Its total is a number that the caller gives. Standard library
only.
"""

import math
from dataclasses import dataclass

from .posters import poster_named
from .scene import Prediction, Scene, Table, button, slider
from .svg import tag, text

BILL_CHAIN = (784, 512, 512, 10, 1)
BILL_SLOTS = 5  # matrices at most; a receipt has one line less
BILL_SIDE, BILL_LEAST, BILL_GAP = 84, 6, 40  # the side of the largest width, the least side, and a gap between matrices
BILL_WIDTH, BILL_MIDDLE, BILL_RECEIPT, BILL_SHELF = 680, 82, 164, 340  # where the parts of the picture stand
BILL_ORDERS = (
    ("forward", "from the input", "forward_macs"),
    ("reverse", "from the output", "reverse_macs"),
    ("own", "your own order", "optimal_bracketing"),
)
BILL_CHAINS = (BILL_CHAIN, (6, 1000, 2, 5), (100, 100, 2, 100, 100), (3, 4, 5, 2))
BILL_QUESTION = Prediction(
    "A cost stands at the left end, 784 inputs at the right. How many times as much does the whole product cost if "
    "you begin at the input?",
    ("2 times", "10 times", "300 times"),
    "300 times",
)


@dataclass(frozen=True)
class Receipt:
    """What an order costs. products: (p, q, r) of each.  gaps: where each of them joins two matrices.

    total: that the caller gives, or None.  complaint: "", or why the total does not fit the products.
    """

    products: tuple = ()
    gaps: tuple = ()
    total: object = None
    complaint: str = ""


def bills(dims=BILL_CHAIN, forward=None, reverse=None, cheapest=None, guess=None, free=False):
    """A chain of matrices, and what its product costs in both orders.

    dims: 3 to 6 widths, the input's first.  forward, reverse: the totals that you computed.
    cheapest: your (total, tree) of the cheapest order.  guess: how many times dearer you said that the dearer one is.
    free: the reader first predicts, and may then change the chain.
    """
    dims = tuple(int(n) for n in dims)
    if not 3 <= len(dims) <= BILL_SLOTS + 1 or min(dims) < 1:
        raise ValueError(f"dims: expected 3 to {BILL_SLOTS + 1} widths of at least 1, got {dims}.")
    layers = len(dims) - 1
    total, tree = bill_choice(cheapest)
    orders = [
        bill_receipt(bill_tree("forward", layers), dims, forward),
        bill_receipt(bill_tree("reverse", layers), dims, reverse),
        bill_receipt(tree, dims, total),
    ]
    return Scene(
        name="bills",
        title="The two bills",
        svg=bill_drawing(dims, orders, bill_ratio(orders, guess)),
        says=bill_words(dims, orders, guess),
        table=bill_table(orders),
        controls=bill_controls(dims, free, free or bool(orders[2].products)),
        ask=BILL_QUESTION if free else None,
        facts={"dims": dims, "free": free, "cheapest": orders[2].gaps, "given": (forward, reverse) != (None, None)},
        spoilers=tuple(bill_count(order.total) for order in orders[:2] if order.total is not None),
    )


# --- Numbers ---------------------------------------------------------------------------------------


def bill_tree(order, layers):
    """The bracketing of an order: a layer from 0, or a pair of bracketings, the output's side first."""
    tree = 0 if order == "forward" else layers - 1
    for layer in range(1, layers):
        tree = (layer, tree) if order == "forward" else (tree, layers - 1 - layer)
    return tree


def bill_products(tree, dims):
    """The products ((p, q, r), gap) of a bracketing, the first one first, and its first and last layer.

    gap: the layer on whose output the two factors meet, from 1.
    """
    if isinstance(tree, int):
        return [], tree, tree
    left, right = tree
    above, middle, last = bill_products(left, dims)
    below, first, end = bill_products(right, dims)
    if middle != end + 1:
        raise ValueError("expected neighbours")
    return [*below, *above, ((dims[last + 1], dims[middle], dims[first]), middle)], first, last


def bill_receipt(tree, dims, total):
    """The receipt of a bracketing."""
    try:
        lines, first, last = bill_products(tree, dims)
    except (TypeError, ValueError, LookupError, RecursionError):
        return Receipt(total=total, complaint="" if total is None else "this is no order of the chain")
    if (first, last) != (0, len(dims) - 2):
        return Receipt(total=total, complaint="this is no order of the whole chain")
    adds = sum(p * q * r for (p, q, r), _ in lines)
    right = total is None or (not isinstance(total, str) and bool(total == adds))
    complaint = "" if right else f"the lines add up to {bill_count(adds)}"
    return Receipt(tuple(pqr for pqr, _ in lines), tuple(gap for _, gap in lines), total, complaint)


def bill_choice(cheapest):
    """The pair (total, tree) that `optimal_bracketing` returned; anything else is a total without an order."""
    try:
        total, tree = cheapest
    except (TypeError, ValueError):
        return cheapest, None
    return total, tree


def bill_count(value):
    """A number as a receipt prints it, 668,672; anything else as its own text."""
    try:
        return f"{value:,}"[:16]
    except (TypeError, ValueError):
        return str(value)[:16]


# --- The drawing -----------------------------------------------------------------------------------


def bill_side(n, largest):
    """The side of a width: its square root, so that 1 and 784 fit one picture."""
    return max(BILL_LEAST, BILL_SIDE * (n / largest) ** 0.5)


def bill_places(count):
    """The middles of so many matrices, from the left."""
    pitch = BILL_SIDE + BILL_GAP
    return [BILL_WIDTH / 2 + pitch * (k - (count - 1) / 2) for k in range(count)]


def bill_name(layer):
    """J₁ for layer 0, and so on."""
    return "J" + "₁₂₃₄₅"[layer]


def bill_drawing(dims, orders, ratio):
    """The chain, a receipt for each order, and below them what waits in memory. ratio: of the totals, in words."""
    layers = len(dims) - 1
    places = bill_places(layers)
    matrices = []
    for slot in range(BILL_SLOTS):
        layer = layers - 1 - slot
        shape = (dims[layer + 1], dims[layer]) if layer >= 0 else (1, 1)
        matrices.append(bill_matrix(places[slot] if layer >= 0 else 0, shape, max(dims), layer))
    return tag(
        "svg",
        text(10, 14, "← output", class_="small"),
        text(BILL_WIDTH - 10, 14, "input →", class_="small", text_anchor="end"),
        *matrices,
        *(bill_gap(slot, places, layers) for slot in range(BILL_SLOTS - 1)),
        text(8, BILL_RECEIPT - 6, ratio, class_="strong"),
        *(bill_paper(number, receipt) for number, receipt in enumerate(orders)),
        bill_shelf(dims),
        viewBox=f"0 0 {BILL_WIDTH} {BILL_SHELF + 84}",
    )


def bill_matrix(x, shape, largest, layer):
    """One matrix: a rectangle of unit size that is stretched, its name above and its shape below."""
    rows, columns = shape
    size = f"scale({bill_side(columns, largest):.1f} {bill_side(rows, largest):.1f})"
    return tag(
        "g",
        tag(
            "rect", x=-0.5, y=-0.5, width=1, height=1, transform=size, class_="mat", vector_effect="non-scaling-stroke"
        ),
        text(0, -48, bill_name(layer) if layer >= 0 else "", class_="strong", text_anchor="middle"),
        text(0, 60, f"{rows} × {columns}", class_="small", text_anchor="middle"),
        transform=f"translate({x:.1f} {BILL_MIDDLE})",
        class_="matrix",
        display=None if layer >= 0 else "none",
    )


def bill_gap(slot, places, layers):
    """The dot between a matrix and its right neighbour: a press multiplies the two."""
    there = slot < layers - 1
    return tag(
        "circle",
        cx=(places[slot] + places[slot + 1]) / 2 if there else 0,
        cy=BILL_MIDDLE,
        r=7,
        class_="gap",
        data_do="gap",
        data_gap=layers - 1 - slot,
        display=None if there else "none",
    )


def bill_paper(number, receipt):
    """One receipt: a line for each product, the total, and whether the two agree."""
    left, width, bottom = 8 + 224 * number, 216, BILL_RECEIPT + 134
    order, title, _ = BILL_ORDERS[number]
    end = {"x": left + width - 8, "text_anchor": "end"}
    lines = []
    for row in range(BILL_SLOTS - 1):
        pqr = receipt.products[row] if row < len(receipt.products) else ()
        y = BILL_RECEIPT + 44 + 20 * row
        adds = bill_count(pqr[0] * pqr[1] * pqr[2]) if pqr else ""
        lines += [
            text(left + 8, y, " · ".join(map(str, pqr)), class_="small line"),
            text(y=y, words=adds, class_="small line", **end),
        ]
    total = "" if receipt.total is None else ("✗ " if receipt.complaint else "") + bill_count(receipt.total)
    return tag(
        "g",
        tag("rect", x=left, y=BILL_RECEIPT, width=width, height=168, class_="paper"),
        text(left + 8, BILL_RECEIPT + 20, title, class_="strong"),
        *lines,
        tag("path", d=f"M{left + 8} {bottom - 18}h{width - 16}", class_="thin"),
        text(left + 8, bottom, "total", class_="small"),
        text(y=bottom, words=total, class_="total", **end),
        text(left + 8, bottom + 22, receipt.complaint, class_="small complaint"),
        data_part=order,
    )


def bill_shelf(dims):
    """What waits in memory: from the output every layer's input, from the input only what is in hand."""
    bars = []
    for layer in range(BILL_SLOTS):
        there = layer < len(dims) - 1
        high = bill_side(dims[layer], max(dims)) / 2 if there else 1
        x = 250 + 60 * layer
        bars += [
            tag(
                "rect",
                x=x,
                y=-1,
                width=16,
                height=1,
                transform=f"translate(0 {BILL_SHELF + 60}) scale(1 {high:.1f})",
                class_="full",
                display=None if there else "none",
            ),
            text(x + 8, BILL_SHELF + 76, dims[layer] if there else "", class_="small line", text_anchor="middle"),
        ]
    return tag(
        "g",
        text(8, BILL_SHELF + 22, "memory, from the output:", class_="strong"),
        text(8, BILL_SHELF + 42, "every layer's input waits", class_="small"),
        text(8, BILL_SHELF + 60, "until the way back needs it", class_="small"),
        tag("path", d=f"M240 {BILL_SHELF + 60}h300", class_="thin"),
        *bars,
        data_part="shelf",
    )


# --- Words and controls ----------------------------------------------------------------------------


def bill_words(dims, orders, guess):
    """The picture in words, from its numbers."""
    layers = len(dims) - 1
    parts = [f"A chain of {layers} matrices. Its widths, from the input to the output: {', '.join(map(str, dims))}."]
    for receipt, (_, title, function) in zip(orders, BILL_ORDERS, strict=True):
        if receipt.products:
            lines = ", then ".join(f"{p} × {q} × {r} = {p * q * r:,}" for p, q, r in receipt.products)
            parts.append(f"{title.capitalize()}: {lines}.")
        if receipt.complaint:
            parts.append(f"Your {function} says {bill_count(receipt.total)}, but {receipt.complaint}.")
        elif receipt.total is not None:
            parts.append(f"Total: {bill_count(receipt.total)} multiply-adds.")
    return " ".join([*parts, bill_ratio(orders, guess)]).strip()


def bill_ratio(orders, guess):
    """How the two totals compare, and the reader's guess beside it."""
    try:
        forward, reverse = (float(order.total) for order in orders[:2])
        ratio = f"{max(forward, reverse) / min(forward, reverse):.3g}"
    except (TypeError, ValueError, ArithmeticError):
        return ""
    if guess is None and forward == reverse:
        return "Both ends cost the same."
    if guess is None:
        return f"The dearer order costs {ratio} times as much as the other."
    return f"You said {bill_count(guess)} times; it is {ratio} times."


def bill_table(orders):
    """All products and totals."""
    rows = []
    for receipt, (_, title, _) in zip(orders, BILL_ORDERS, strict=True):
        rows += [(title, f"{p} × {q} × {r}", f"{p * q * r:,}") for p, q, r in receipt.products]
        rows += [(title, "total", bill_count(receipt.total))] if receipt.total is not None else []
    return Table(("order", "product", "multiply-adds"), tuple(rows))


def bill_controls(dims, free, best):
    """The buttons of the gaps and of the orders; for a free chain its widths, too."""
    pairs = range(BILL_SLOTS - 1 if free else len(dims) - 2, 0, -1)
    gaps = [
        tag("button", f"{bill_name(gap)} · {bill_name(gap - 1)}", type="button", data_do="gap", data_gap=gap)
        for gap in pairs
    ]
    orders = [button("all from the input", do="forward"), button("all from the output", do="reverse")]
    orders += [button("cheapest", do="own")] if best else []
    orders += [button("undo", do="undo", keys="u"), button("start again", do="again")]
    return tag("div", "multiply ", *gaps) + tag("div", *orders) + (bill_widths(dims) if free else "")


def bill_widths(dims):
    """A choice of chains, a switch for the last matrix, and a slider for each width."""
    chains = [tag("option", ", ".join(map(str, chain)), value=str(list(chain))) for chain in BILL_CHAINS]
    choice = tag("label", "widths ", tag("select", *chains, data_knob="chain"))
    rows = tag("label", tag("input", type="checkbox", data_knob="rows"), " ten outputs in place of one cost")
    widths = [dims[k] if k < len(dims) else 1 for k in range(BILL_SLOTS + 1)]
    sliders = [
        slider(f"n{'₀₁₂₃₄₅'[k]}", f"n{k}", 0, 3, 0.05, round(math.log10(n), 2), str(n)) for k, n in enumerate(widths)
    ]
    return tag("div", choice, rows) + tag("div", *sliders)


# --- Posters ---------------------------------------------------------------------------------------


@poster_named("staircases")
def bill_poster():
    """Both orders of a small chain, with lines in place of the numbers."""
    dims = (3, 4, 5, 2)
    rows = [bill_stairs(dims, "forward", 40), bill_stairs(dims, "reverse", 230)]
    says = (
        "Two ways to multiply three matrices of 4 × 3, 5 × 4 and 2 × 5 numbers. The upper one begins at the input, the "
        "lower one at the output. Write the shape of each product into its box, and its cost below."
    )
    svg = tag("svg", *rows, viewBox=f"0 0 {BILL_WIDTH} 410")
    return Scene("staircases", "Fill in by pencil: the two bills", svg, says)


def bill_stairs(dims, order, top):
    """One order: each product as two factors and an empty box."""
    layers = len(dims) - 1
    names = [bill_name(layer) for layer in range(layers)]
    shapes = [f"{dims[layer + 1]} × {dims[layer]}" for layer in range(layers)]
    forward = order == "forward"
    first, rest = (0, range(1, layers)) if forward else (layers - 1, range(layers - 2, -1, -1))
    drawn, running = [], (names[first], shapes[first])
    for step, layer in enumerate(rest):
        other = names[layer], shapes[layer]
        left, right = (other, running) if forward else (running, other)
        x = 20 + 330 * step
        drawn += [bill_box(x, top + 24, *left), bill_box(x + 104, top + 24, *right)]
        drawn += [bill_box(x + 208, top + 24, left[0] + right[0], "")]
        drawn += [text(x + 92, top + 64, "·"), text(x + 194, top + 64, "=")]
        drawn += [
            text(x, top + 124, "p · q · r =", class_="small"),
            tag("path", d=f"M{x + 84} {top + 126}h200", class_="thin"),
        ]
        running = left[0] + right[0], ""
    title = f"{BILL_ORDERS[0 if forward else 1][1]}: total ="
    return text(20, top, title, class_="strong") + tag("path", d=f"M250 {top + 3}h150", class_="thin") + "".join(drawn)


def bill_box(x, y, name, shape):
    """A matrix of a poster; without a shape there is a line to write it on."""
    line = "" if shape else tag("path", d=f"M{x + 12} {y + 62}h60", class_="thin")
    box = tag("rect", x=x, y=y, width=84, height=72, class_="box-line" if shape else "paper")
    words = text(x + 42, y + 28, name, text_anchor="middle")
    return box + words + text(x + 42, y + 58, shape, class_="small", text_anchor="middle") + line


@poster_named("tape")
def tape_poster():
    """A walk to the output with a tape for the inputs of the layers, and the way back, with lines to write on."""
    says = (
        "Three layers in a row. The upper row goes to the output: below each layer is a box of the tape, where the "
        "layer's own input is kept. The lower row comes back from u and reads the tape. Write the numbers in."
    )
    drawn = [text(20, 24, "to the output: keep each layer's input on the tape", class_="strong")]
    drawn += [text(20, 384, "and back: each layer reads its own box", class_="strong")]
    for k in range(4):
        x = 20 + 180 * k
        value = ("x = (1, 2)", "", "", "y =")[k]
        drawn.append(tape_slot(x, 44, value, k > 0))
        drawn.append(tape_slot(x, 310, "u = (1, 1)" if k == 3 else "", k < 3))
        if k < 3:
            drawn += [
                text(x + 127, 50, f"layer {k + 1}", class_="small", text_anchor="middle"),
                tag("path", d=f"M{x + 108} 66h44l-7-5m7 5l-7 5", class_="net"),
                tag("path", d=f"M{x + 42} 90v60m-5-7l5 7l5-7", class_="net"),
                tape_slot(x, 156, f"tape {k + 1}:", True),
                tag("path", d=f"M{x + 42} 202c0 60 86 30 86 112m-5-7l5 7l5-7", class_="back"),
                tag("path", d=f"M{x + 152} 332h-44l7-5m-7 5l7 5", class_="back"),
                text(x + 130, 352, f"J{'₁₂₃'[k]}", class_="small", text_anchor="middle"),
            ]
    return Scene("tape", "Fill in by pencil: the tape", tag("svg", *drawn, viewBox=f"0 0 {BILL_WIDTH} 394"), says)


def tape_slot(x, y, words, empty):
    """A box of the tape poster, with a line to write on if it is empty."""
    box = tag("rect", x=x, y=y, width=100, height=44, class_="box-line")
    return (
        box
        + text(x + 6, y + 18, words, class_="small")
        + (tag("path", d=f"M{x + 10} {y + 37}h80", class_="thin") if empty else "")
    )
