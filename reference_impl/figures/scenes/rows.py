"""The poster of question 6 of assignment 2: one row of weights serves a whole batch. Standard library only."""

from .posters import poster_named
from .scene import Scene
from .svg import tag, text

WEIGHTS = ("w", (1, 0, 2))  # one row of W: the weights that leave one input
INPUTS = (1, 3, 2)  # this input in three examples
ERRORS = ((1, 0, -1), (0, 2, 1), (-1, 1, 0))  # g, one row an example
WIDE, TALL = 42, 30  # of one cell


@poster_named("rows")
def rows_poster():
    """One row of W, three copies of it, three arrows back, and three empty boxes for the sum."""
    copies = "".join(_copy(n, x, errors) for n, (x, errors) in enumerate(zip(INPUTS, ERRORS, strict=True)))
    svg = tag(
        "svg",
        text(24, 108, "one row of W"),
        _cells(24, 122, WEIGHTS[1], "forth"),
        text(24, 236, "its gradient"),
        _cells(24, 250, ("", "", ""), "back"),
        copies,
        text(24, 366, "Every copy sends x g back. The row hears all three: add them, box by box."),
        viewBox="0 0 700 376",
    )
    return Scene(name="rows", title="One row of weights, three copies", svg=svg, says=_says_rows())


def _cells(x, y, values, kind):
    """Three boxes in a row with a number in each."""
    boxes = (
        tag("rect", class_=f"cell {kind}", x=x + WIDE * k, y=y, width=WIDE, height=TALL)
        + text(x + WIDE * (k + 0.5), y + 20, _signed(value), text_anchor="middle")
        for k, value in enumerate(values)
    )
    return "".join(boxes)


def _signed(value):
    return str(value).replace("-", "−")


def _copy(n, x, errors):
    """One example: a copy of the row, what arrives from above, and the message to the row."""
    y = 30 + 116 * n
    message = ", ".join(_signed(x * error) for error in errors)
    error = ", ".join(map(_signed, errors))
    return (
        tag("path", class_="thin", d=f"M156 130C230 130 230 {y + 12} 300 {y + 12}")
        + tag("path", class_="back", d=f"M470 {y + 44}H240C190 {y + 44} 200 265 160 265l10-5m-10 5 9 7")
        + text(308, y - 8, f"example {n}: x = {x}")
        + _cells(308, y, WEIGHTS[1], "forth")
        + tag("text", f"x g = ({message})", x=308, y=y + 62, class_="below")
        + tag("text", f"g = ({error})", x=482, y=y + 49, class_="below")
    )


def _says_rows():
    """The poster in words, without the sum."""
    parts = (
        f"Example {n} has the input {x} and sends back {x} times ({', '.join(map(_signed, errors))})."
        for n, (x, errors) in enumerate(zip(INPUTS, ERRORS, strict=True))
    )
    return (
        "One row of weights is copied into three examples. "
        + " ".join(parts)
        + " The gradient of the row is the sum of the three messages; its boxes are empty, to fill in."
    )
