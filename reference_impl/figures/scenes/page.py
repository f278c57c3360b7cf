"""The page with all scenes, docs/explain.html: one file that works without network, without script and on paper.

`make explain` writes it. Students do not get this module; they get what it writes. Standard library and this package's
mathematics; imports nothing of the grader.
"""

import base64
import hashlib
from dataclasses import replace
from html import escape
from pathlib import Path

from reference_impl import complexity

from .back_strip import back_strip
from .backward import backward
from .bills import BILL_CHAIN, bills
from .climber import climber
from .files import FILES
from .forward import forward
from .rope import rope
from .scene import player
from .svg import tag

TITLE = "Back-propagation in five pictures"
LEAD = (
    "Each picture shows one idea of the course. First say what you expect. Then move the picture and look. Nothing "
    "here is graded. The page keeps nothing, sends nothing and needs no network."
)
NO_SCRIPT = (
    "This page moves if scripts are allowed. Without them every picture shows its last state, with all its numbers."
)
KEYS = "Every picture works with the keyboard, too: press Tab until you reach its buttons."
THEME = (
    '<label>Colours <select data-knob="theme"><option value="">as on this machine</option>'
    '<option value="light">light</option><option value="dark">dark</option></select></label>'
)
# The idea of each scene in one paragraph. No paragraph may contain the answer of a prediction.
IDEAS = {
    "climber": (
        "A climber wants to go up, but she has a scarf over her eyes. Her feet feel one thing: the slope of the "
        "ground on which she stands. She makes a step of <em>rate × slope</em> and feels again. This is gradient "
        "ascent. It uses the ground at her feet, and nothing else of the mountain."
    ),
    "rope": (
        "Turn the mountains upside down, and height becomes cost. A ball rolls down by the same rule with a minus "
        "sign: this is gradient descent. A curve is <em>convex</em> if no rope between two of its points passes "
        "below the curve."
    ),
    "forward": (
        "Read the network from left to right. A circle is a unit and holds one number. A line is a weight and "
        "multiplies the number at its left end. A unit adds what arrives, and its bias. Then comes its gate, "
        "relu: a sum above 0 passes, and any other becomes 0. At the right end the scores become probabilities, and "
        "one number says how bad they are: the cost J."
    ),
    "backward": (
        "One question goes back along the same lines: <em>how much more would the cost be for a little more of this "
        "number?</em> The answer at a unit is called δ. Each unit sends its δ to the left along its lines, and the "
        "weight of the line multiplies it. A unit adds the messages that arrive. Its gate decides what becomes of the "
        "sum. Then each weight reads its own gradient off its two ends."
    ),
    "bills": (
        "The derivative of a chain of layers is a product of matrices, one for each layer. You may multiply them in "
        "any order. The result is the same; the bill is not. A matrix of p × q numbers times a matrix of q × r "
        "numbers costs p·q·r multiply-adds. A cost is one number, so its matrix is one row. It stands at the left "
        "end, and back-propagation begins there."
    ),
}
ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "explain.html"
STILL = ROOT / "docs" / "bills.svg"  # the last scene as a picture file, for a page about the mathematics
# The worked instance of assignment 2.
WEIGHTS = {"W1": [[1.0, -1.0], [0.5, 1.0]], "b1": [0.0, -2.0], "W2": [[1.0, 0.0], [3.0, 1.0]], "b2": [0.0, 1.0]}
INPUTS, LABELS = [[1.0, 2.0], [1.0, 4.0]], [0, 1]  # the second example opens both gates


def scenes():
    """The scenes of the page, in the order of the course."""
    totals = complexity.forward_macs(BILL_CHAIN), complexity.reverse_macs(BILL_CHAIN)
    return (
        climber(),
        rope(),
        forward(WEIGHTS, INPUTS[:1], LABELS[:1], ask=True),
        replace(backward(WEIGHTS, INPUTS, LABELS, ask=True, batch=True), strip=back_strip(2)),
        bills(BILL_CHAIN, *totals, free=True),
    )


def explanation():
    """The whole page as text."""
    script, style = player(), FILES["style.css"]
    shown = scenes()
    body = (
        tag("h1", TITLE),
        tag("p", LEAD),
        tag("noscript", tag("p", tag("strong", NO_SCRIPT))),
        tag("nav", tag("ol", *(link(scene) for scene in shown)), aria_label="pictures"),
        tag("p", KEYS, " ", THEME, class_="note"),
        *(part(scene) for scene in shown),
    )
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n{policy(script)}\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{TITLE}</title>\n'
        f'<style>\n{style}</style>\n</head>\n<body class="sheet">\n<main>\n{chr(10).join(body)}\n</main>\n'
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


def link(scene):
    """A line of the list of pictures."""
    return tag("li", tag("a", escape(scene.title), href=f"#{scene.name}"))


def part(scene):
    """One scene with its idea below its title."""
    return tag("div", scene.block("h2", tag("p", IDEAS[scene.name])), id=scene.name)


def still():
    """The two bills as an SVG file. Its style travels with it, dark or light as the reader's machine is."""
    totals = complexity.forward_macs(BILL_CHAIN), complexity.reverse_macs(BILL_CHAIN)
    style = f"<style>{escape(FILES['style.css'], quote=False)}</style>"
    drawing = bills(BILL_CHAIN, *totals).svg
    size = drawing.split('"')[1]  # the viewBox stands first
    paper = tag("rect", width="100%", height="100%", style="fill:var(--paper)")
    scene = tag("g", paper, drawing, class_="scene")
    return tag("svg", style, scene, xmlns="http://www.w3.org/2000/svg", viewBox=size) + "\n"


def policy(script):
    """The browser may run this one script, and load nothing."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    rules = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; img-src data:"
    return f'<meta http-equiv="Content-Security-Policy" content="{rules}">'


if __name__ == "__main__":
    PAGE.write_text(explanation(), encoding="utf-8")
    STILL.write_text(still(), encoding="utf-8")
