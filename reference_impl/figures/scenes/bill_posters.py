"""Posters of the two bills and of the tape, to be filled by pencil. They need no code of the student's."""

from .bill_drawing import BILL_WIDTH
from .posters import poster_named
from .receipts import BILL_ORDERS, bill_name
from .scene import Scene
from .svg import tag, text


@poster_named("two_bills")
def bill_poster():
    """Both orders of a small chain, with lines in place of the numbers."""
    dims = (3, 4, 5, 2)
    rows = [bill_stairs(dims, "forward", 40), bill_stairs(dims, "reverse", 230)]
    says = (
        "Two ways to multiply three matrices of 4 × 3, 5 × 4 and 2 × 5 numbers. The upper one begins at the input, the "
        "lower one at the output. Write the shape of each product into its box, and its cost below."
    )
    svg = tag("svg", *rows, viewBox=f"0 0 {BILL_WIDTH} 410")
    return Scene("two_bills", "Fill in by pencil: the two bills", svg, says)


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
