"""The drawing of the two bills: a chain of matrices, a receipt for each order, and what waits in memory."""

from .receipts import BILL_ORDERS, BILL_SLOTS, bill_count, bill_name
from .svg import tag, text

BILL_SIDE, BILL_LEAST, BILL_GAP = 84, 6, 40  # the side of the largest width, the least side, and a gap between matrices
BILL_WIDTH, BILL_MIDDLE, BILL_RECEIPT, BILL_SHELF = 680, 82, 164, 340  # where the parts of the picture stand


def bill_side(n, largest):
    """The side of a width: its square root, so that 1 and 784 fit one picture."""
    return max(BILL_LEAST, BILL_SIDE * (n / largest) ** 0.5)


def bill_places(count):
    """The middles of so many matrices, from the left."""
    pitch = BILL_SIDE + BILL_GAP
    return [BILL_WIDTH / 2 + pitch * (k - (count - 1) / 2) for k in range(count)]


def bill_drawing(dims, orders, ratio):
    """The chain, a receipt for each order, and below them what waits in memory. ratio: of the totals, in words."""
    layers = len(dims) - 1
    places = bill_places(layers)
    matrices = []
    for slot in range(BILL_SLOTS):
        layer = layers - 1 - slot
        shape = (dims[layer + 1], dims[layer]) if layer >= 0 else (1, 1)
        matrices.append(bill_matrix(places[slot] if layer >= 0 else 0, shape, max(dims), layer))
    stripe = tag("path", d="M0 6L6 0", class_="stripe")
    hatch = tag("pattern", stripe, id="bill-hatch", width=6, height=6, patternUnits="userSpaceOnUse")
    return tag(
        "svg",
        tag("defs", hatch),
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
    """One matrix: a rectangle, its name above and its shape below."""
    rows, columns = shape
    wide, tall = bill_side(columns, largest), bill_side(rows, largest)
    return tag(
        "g",
        tag("rect", x=-wide / 2, y=-tall / 2, width=wide, height=tall, class_="mat"),
        text(0, -48, bill_name(layer) if layer >= 0 else "", class_="strong", text_anchor="middle"),
        text(0, 60, f"{rows} × {columns}", class_="small", text_anchor="middle"),
        transform=f"translate({x:.1f} {BILL_MIDDLE})",
        class_="matrix",
        display=None if layer >= 0 else "none",
    )


def bill_gap(slot, places, layers):
    """The dot between a matrix and its right neighbour: a press multiplies the two."""
    used = slot < layers - 1
    return tag(
        "circle",
        cx=(places[slot] + places[slot + 1]) / 2 if used else 0,
        cy=BILL_MIDDLE,
        r=7,
        class_="gap",
        data_do="gap",
        data_gap=layers - 1 - slot,
        display=None if used else "none",
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
        used = layer < len(dims) - 1
        high = bill_side(dims[layer], max(dims)) / 2 if used else 1
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
                display=None if used else "none",
            ),
            text(x + 8, BILL_SHELF + 76, dims[layer] if used else "", class_="small line", text_anchor="middle"),
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
