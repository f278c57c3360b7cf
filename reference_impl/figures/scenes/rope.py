"""Scene S2, the ball and the rope: a walk down a cost, and a rope that can disprove that the cost is convex.

`rope` draws one curve with a rope, a student's witness for example. Standard library only.
"""

import math
from html import escape

from .look import label
from .posters import poster_named
from .scene import Prediction, Scene, Table, button, slider
from .svg import small, tag, text
from .terrain import CURVES, HILLS, LEVEL, MOST_STEPS, PARTS, highest_above, number, walk

BOX = (40, 16, 620, 300)  # the picture: left, top, width, height; in units of the drawing
ROPE_WIDE = 700  # of the drawing
ROPE_QUESTION = Prediction(
    "Is w²/(1 + w²) convex? It has one minimum. Answer first; then pull the rope and look.",
    ("yes", "no", "cannot tell"),
)
# Ends of a rope that proves nothing: a reader who looks for a witness begins with these.
SAFE = {"range": (7.5, 8.5), "bowl": (-1.0, 1.0), "bump": (-0.5, 0.5), "vee": (-1.0, 1.0), "well": (-0.5, 0.5)}
BALL_RATES = (0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.9, 1.0, 1.1)
ROPE_SAYS = (
    "The rope from {a} to {b} runs below the graph, by {gap} at {place}. So this curve is not convex.",
    "The rope from {a} to {b} runs nowhere below the graph. One such rope proves nothing.",
    "There is no rope: expected two different places, got {a} and {b}.",
)
BALL_SAYS = "Step {t}. The ball lies at {w}, cost {h}, slope {g}."
EPSILON = 1e-9  # rounding: a straight line is not above its own rope


def rope(curve="bump", witness=None, *, ends=(1.0, 3.0), start=-2.5, rate=0.4):
    """A curve with a rope and a ball.

    curve: "range", "bowl", "bump", "vee" or "well".  witness: (a, b, t) as `convexity_witness` returns it, whose
    rope is drawn.  ends: the rope's ends without a witness.  start, rate: the ball's walk.
    """
    ground = CURVES[curve]
    a, b = (number(end) for end in _ends(witness, ends))
    held = (a, b) if witness is not None else SAFE[curve]  # the ends that a reader begins with
    path = [ground.left] if not math.isfinite(start) else walk(start, rate, climb=lambda w: -ground.slope(w))
    return Scene(
        name="rope",
        title="The ball and the rope",
        svg=_rope_svg(curve, a, b, path),
        says=f"{say_rope(ground, a, b)} {_say_ball(path)}",
        table=Table(
            ("step", "w", "cost"), tuple((str(t), label(w), label(ground.cost(w))) for t, w in enumerate(path))
        ),
        controls=_rope_controls(curve, *held, path[0], rate),
        asks=(ROPE_QUESTION,) if witness is None and curve == "bump" else (),
        facts={**_rope_facts(curve, *held, path[0], rate), "drawn": [v if math.isfinite(v) else None for v in (a, b)]},
        spoilers=("is not convex",),
        aim=places_of(ground)[0](path[-1]) / ROPE_WIDE,
    )


def _rope_controls(curve, a, b, start, rate):
    """The choice of a curve, two sliders for the rope, two for the ball, and what the ball does."""
    options = (
        tag("option", escape(it.name), value=key, selected="" if key == curve else None) for key, it in CURVES.items()
    )
    ground = CURVES[curve]
    ends = (ground.left, ground.right, 0.1)
    chosen = min(range(len(BALL_RATES)), key=lambda k: abs(BALL_RATES[k] - rate))
    return (
        tag("label", "curve ", tag("select", *options, data_knob="curve"))
        + slider("left end", "a", *ends, a if math.isfinite(a) else 1.0, label(a))
        + slider("right end", "b", *ends, b if math.isfinite(b) else 3.0, label(b))
        + slider("ball", "ball", *ends, start, label(start))
        + slider("rate", "rate", 0, len(BALL_RATES) - 1, 1, chosen, label(BALL_RATES[chosen]))
        + button("Step", do="next", keys="ArrowRight")
        + button("Roll", do="roll", keys="Shift+ArrowRight")
        + button("Turn upside down", do="flip", pressed="false")
    )


def _rope_facts(curve, a, b, start, rate):
    """The numbers that the player needs to move the ball and the rope, and the sentences that it fills in."""
    drawn = {key: (it.left, it.right, it.low, it.high) for key, it in CURVES.items()}
    ends = {"a": a if math.isfinite(a) else None, "b": b if math.isfinite(b) else None}
    words = {"says": ROPE_SAYS, "ball": BALL_SAYS}
    walked = {"hills": HILLS, "rates": BALL_RATES, "level": LEVEL, "most": MOST_STEPS, "parts": PARTS, "safe": SAFE}
    return {**ends, **words, **walked, "curves": drawn, "box": BOX, "curve": curve, "start": start, "rate": rate}


def _ends(witness, ends):
    """The two ends of a witness's rope; the given ones if it has no two ends."""
    try:
        return (witness[0], witness[1]) if witness is not None else ends
    except (TypeError, LookupError):
        return math.nan, math.nan


def say_rope(ground, a, b):
    """What this rope proves, in words."""
    place, gap, kind = math.nan, math.nan, 2
    if math.isfinite(a) and math.isfinite(b) and a != b:
        place, gap = highest_above(ground.cost, a, b)
        kind = 0 if gap > EPSILON else 1
    return ROPE_SAYS[kind].format(a=label(a), b=label(b), gap=label(gap), place=label(place))


def _say_ball(path):
    steps = len(path) - 1
    return f"The ball starts at {label(path[0])} and lies at {label(path[-1])} after {steps} step{'s' * (steps != 1)}."


def places_of(ground):
    """Two functions: w -> from the left, and a cost -> from the top, in units of the drawing; cut near the box."""
    left, top, wide, tall = BOX

    def across(w):
        return left + wide * min(max((w - ground.left) / (ground.right - ground.left), -0.1), 1.1)

    def down(cost):
        return top + tall * min(max((ground.high - cost) / (ground.high - ground.low), -3.0), 3.0)

    return across, down


def curve_line(ground):
    """A curve as the `d` of a closed path: the graph, and far below the picture back to its beginning."""
    across, down = places_of(ground)
    parts = 100
    places = [ground.left + (ground.right - ground.left) * k / parts for k in range(parts + 1)]
    points = "L".join(f"{across(w):.1f} {down(ground.cost(w)):.1f}" for w in places)
    return f"M-20 900V{down(ground.cost(ground.left)):.0f}H{across(ground.left):.0f}L{points}H720V900Z"


def _rope_svg(curve, a, b, path):
    ground = CURVES[curve]
    left, top, wide, tall = BOX
    return tag(
        "svg",
        tag("defs", _hatch(), *(tag("path", id=f"rope-{name}", d=curve_line(it)) for name, it in CURVES.items()),
            _above(ground, a, b)),
        tag(
            "g",
            tag("svg",  # cuts the graph off at the edges, and neither the ball nor the rope's handles
                tag("use", href=f"#rope-{curve}", class_="hatch", clip_path="url(#rope-above)", data_part="area"),
                tag("use", href=f"#rope-{curve}", class_="ground", data_part="graph"),
                x=left, y=top, width=wide, height=tall, viewBox=f"{left} {top} {wide} {tall}"),
            _rope_line(ground, a, b),
            _ball(ground, path[-1]),
            data_part="flip",
        ),
        _ticks(ground),
        _trail(ground, path),
        viewBox=f"0 0 {ROPE_WIDE} 372",
    )  # fmt: skip


def _hatch():
    return tag(
        "pattern", tag("path", d="M0 8 8 0", class_="stripe"), id="rope-hatch", width=8, height=8,
        patternUnits="userSpaceOnUse",
    )  # fmt: skip


def _above(ground, a, b):
    """The part of the picture above the rope; the graph below its own line is hatched there."""
    across, down = places_of(ground)
    points = ""
    if math.isfinite(a) and math.isfinite(b):
        (x1, y1), (x2, y2) = ((across(w), down(ground.cost(w))) for w in (a, b))
        points = f"{x1:.1f},{y1:.1f} {x2:.1f},{y2:.1f} {x2:.1f},-900 {x1:.1f},-900"
    return tag("clipPath", tag("polygon", points=points, data_part="above"), id="rope-above")


def _rope_line(ground, a, b):
    """The rope and its two handles; hidden without two ends."""
    across, down = places_of(ground)
    real = math.isfinite(a) and math.isfinite(b) and a != b
    (x1, y1), (x2, y2) = ((across(w), down(ground.cost(w))) for w in ((a, b) if real else (0.0, 0.0)))
    line = tag("path", class_="rope", d=f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}", data_part="rope")
    handles = (
        tag("circle", class_="handle", cx=x, cy=y, r=7, data_part=f"end-{name}", data_v=w)
        for name, x, y, w in (("a", x1, y1, a), ("b", x2, y2, b))
    )
    return tag("g", line, *handles, data_part="whole", visibility=None if real else "hidden")


def _ball(ground, w):
    """The ball and the tangent on which it lies."""
    across, down = places_of(ground)
    one = (across(ground.left + 1) - across(ground.left), down(0) - down(1))
    tilt = math.degrees(math.atan2(-ground.slope(w) * one[1], one[0]))
    return tag(
        "g",
        tag("path", class_="plank", d="M-30 0H30", transform=f"rotate({tilt:.1f})", data_part="tangent"),
        tag("circle", class_="ball", r=8),
        transform=f"translate({across(w):.1f} {down(ground.cost(w)):.1f})",
        data_part="ball",
        data_v=w,
    )


def _ticks(ground):
    """Five numbers below the picture; the player re-labels them for another curve."""
    across, _ = places_of(ground)
    places = [ground.left + (ground.right - ground.left) * k / 4 for k in range(5)]
    return "".join(small(across(w), 334, label(w), data_part=f"tick{k}") for k, w in enumerate(places))


def _trail(ground, path):
    """One dot for each place of the ball."""
    across, _ = places_of(ground)
    dots = "".join(f"M{across(w):.1f} 352h0" for w in path)
    return small(0, 356, "steps", text_anchor=None) + tag(
        "path", class_="dots", d=dots, data_part="trail", data_v=" ".join(map(repr, path))
    )


@poster_named("rope")
def rope_poster():
    """Two curves with one minimum each, and rings at two places between which the reader draws a rope."""
    names, ends = ("bowl", "bump"), (1.0, 3.0)
    halves = []
    for k, name in enumerate(names):
        ground = CURVES[name]
        across, down = places_of(ground)
        rings = "".join(tag("circle", class_="handle", cx=across(w), cy=down(ground.cost(w)), r=9) for w in ends)
        line = tag("path", class_="ground", d=curve_line(ground))
        inner = tag("svg", line, rings, x=20 + 340 * k, y=30, width=310, height=170, viewBox="40 16 620 300")
        halves.append(text(24 + 340 * k, 22, ground.name) + inner)
    asks = "Draw a straight rope from ring to ring. Is the graph anywhere above it?"
    svg = tag("svg", *halves, text(24, 232, asks), viewBox="0 0 700 246")
    says = "Two curves with one minimum each, w² and w²/(1 + w²), with rings at 1 and 3. The ropes are left to you."
    return Scene(name="two-ropes", title="A rope between two places", svg=svg, says=says)
