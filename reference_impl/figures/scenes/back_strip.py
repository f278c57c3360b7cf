"""The messages back on paper: the drawing after steps 1, 2, 4 and 6, one below the other. Standard library only.

Students get no file of this module: only the page with all scenes prints the strip.
"""

from .back_drawing import BACK_PITCH, BACK_TOP, BACK_WIDE
from .svg import tag, text

LATER = {
    1: "abcd",
    2: "bcd",
    4: "cd",
    6: "d",
}  # the style sheet's names of steps: a is 2, b 3 and 4, c 5 and 6, d 7 and 8


def back_strip(rows):
    """Copies of the drawing. Each hides what comes later. rows: of units in its highest column."""
    tall = BACK_TOP + BACK_PITCH * rows
    panels = (
        text(220, tall * k + 20, f"Step {step}", class_="strong")
        + tag("use", href="#way-back", y=tall * k, style="".join(f"--{name}:none;" for name in hidden))
        for k, (step, hidden) in enumerate(LATER.items())
    )
    return tag(
        "svg",
        *panels,
        viewBox=f"0 0 {BACK_WIDE} {len(LATER) * tall}",
        class_="strip",
        text_anchor="middle",
        aria_hidden="true",
    )
