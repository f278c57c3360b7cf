"""The numbers of the two bills: orders of multiplication, and a receipt for each. Standard library only.

A receipt lists products. Its total is a number that the caller gives.
"""

from typing import NamedTuple

BILL_SLOTS = 5  # matrices at most; a receipt has one line less
BILL_ORDERS = (
    ("forward", "from the input", "forward_macs"),
    ("reverse", "from the output", "reverse_macs"),
    ("own", "your own order", "optimal_bracketing"),
)


class Receipt(NamedTuple):
    """What an order costs. products: (p, q, r) of each.  gaps: where each of them joins two matrices.

    total: that the caller gives, or None.  complaint: "", or why the total does not fit the products.
    """

    products: tuple = ()
    gaps: tuple = ()
    total: object = None
    complaint: str = ""


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
    right = total is None or (getattr(total, "shape", ()) == () and not isinstance(total, str) and total == adds)
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


def bill_name(layer):
    """J₁ for layer 0, and so on."""
    return "J" + "₁₂₃₄₅"[layer]
