"""Scene S5, the two bills: a chain of matrices is multiplied in several orders, and each order has a receipt.

Standard library only. The player's part is bills.js.
"""

import math

from .bill_drawing import bill_drawing
from .receipts import BILL_ORDERS, BILL_SLOTS, bill_choice, bill_count, bill_name, bill_receipt, bill_tree
from .scene import Prediction, Scene, Table, button, slider
from .svg import tag

BILL_CHAIN = (784, 512, 512, 10, 1)
BILL_CHAINS = (BILL_CHAIN, (6, 1000, 2, 5), (100, 100, 2, 100, 100), (3, 4, 5, 2))
BILL_QUESTION = Prediction(
    "A cost stands at the left end, 784 inputs at the right. How many times as much does the whole product cost if "
    "you begin at the input?",
    ("2 times", "10 times", "300 times"),
)


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
    given = not free and (forward, reverse) != (None, None)  # then the receipts are there from the start
    return Scene(
        name="bills",
        title="The two bills",
        svg=bill_drawing(dims, orders, "" if free else bill_ratio(orders, guess)),
        says=bill_words(dims, orders, guess),
        table=bill_table(orders),
        controls=bill_controls(dims, free, free or bool(orders[2].products)),
        asks=(BILL_QUESTION,) if free else (),
        facts={"dims": dims, "free": free, "cheapest": orders[2].gaps, "given": given},
        spoilers=tuple(bill_count(order.total) for order in orders[:2] if order.total is not None),
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
    """How the two totals compare, and the reader's guess beside it; nothing if one of them is wrong."""
    totals = [order.total for order in orders[:2] if not order.complaint and order.total]
    if len(totals) < 2:
        return ""
    forward, reverse = totals
    ratio = f"{max(totals) / min(totals):.3g}"
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
