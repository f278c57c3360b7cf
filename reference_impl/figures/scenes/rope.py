"""Scene S2, the ball and the rope: a walk down a cost, and a rope that can disprove that the cost is convex.

`rope` draws one curve with a rope, a student's witness for example. Standard library only.
"""

import math

from .look import label
from .scene import Scene, Table
from .svg import small, tag
from .terrain import CURVES, highest_above, number, walk

BOX = (40, 16, 620, 300)  # the picture: left, top, width, height; in units of the drawing
EPSILON = 1e-9  # rounding: a straight line is not above its own rope


def rope(curve="bump", witness=None, *, ends=(1.0, 3.0), start=-2.5, rate=0.4):
    """A curve with a rope and a ball.

    curve: "range", "bowl", "bump", "vee" or "well".  witness: (a, b, t) as `convexity_witness` returns it, whose
    rope is drawn.  ends: the rope's ends without a witness.  start, rate: the ball's walk.
    """
    ground = CURVES[curve]
    a, b = (number(end) for end in _ends(witness, ends))
    path = [ground.left] if not math.isfinite(start) else walk(start, rate, climb=lambda w: -ground.slope(w))
    return Scene(
        name="rope",
        title="The ball and the rope",
        svg=_rope_svg(curve, a, b, path),
        says=f"{say_rope(ground, a, b)} {_say_ball(path)}",
        table=Table(
            ("step", "w", "cost"), tuple((str(t), label(w), label(ground.cost(w))) for t, w in enumerate(path))
        ),
    )


def _ends(witness, ends):
    """The two ends of a witness's rope; the given ones if it has no two ends."""
    try:
        return (witness[0], witness[1]) if witness is not None else ends
    except (TypeError, LookupError):
        return math.nan, math.nan


def say_rope(ground, a, b):
    """What this rope proves, in words."""
    if not (math.isfinite(a) and math.isfinite(b)) or a == b:
        return f"There is no rope: expected two different places, got {label(a)} and {label(b)}."
    place, gap = highest_above(ground.cost, a, b)
    ends = f"The rope from {label(a)} to {label(b)}"
    if gap > EPSILON:
        return f"{ends} runs below the graph, by {label(gap)} at {label(place)}. So this curve is not convex."
    return f"{ends} runs nowhere below the graph. One such rope proves nothing."


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
            "svg",
            tag("g",
                tag("use", href=f"#rope-{curve}", class_="hatch", clip_path="url(#rope-above)", data_part="area"),
                tag("use", href=f"#rope-{curve}", class_="ground", data_part="graph"),
                _rope_line(ground, a, b),
                _ball(ground, path[-1]),
                data_part="flip"),
            x=left, y=top, width=wide, height=tall, viewBox=f"{left} {top} {wide} {tall}",
        ),
        _ticks(ground),
        _trail(ground, path),
        viewBox="0 0 700 372",
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
    """The rope and its two handles."""
    if not (math.isfinite(a) and math.isfinite(b)):
        return ""
    across, down = places_of(ground)
    (x1, y1), (x2, y2) = ((across(w), down(ground.cost(w))) for w in (a, b))
    handles = (
        tag("circle", class_="handle", cx=x, cy=y, r=7, data_part=name, data_v=w)
        for name, x, y, w in (("a", x1, y1, a), ("b", x2, y2, b))
    )
    return tag("path", class_="rope", d=f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}", data_part="rope") + "".join(handles)


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
