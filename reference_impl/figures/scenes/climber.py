"""Scene S1, the blindfolded climber: a walk on the range of assignment 1, and the poster of her two feet.

`climber` draws a walk of its own, or the path that a student's `gradient_ascent` returned. Standard library only.
"""

import math
from html import escape

from .look import label
from .posters import poster_named
from .scene import Prediction, Scene, Table, button, slider
from .svg import small, tag, text
from .terrain import HILLS, LEVEL, MOST_STEPS, SUMMITS, height, number, numbers, rate_limit, slope, walk
from .walk_words import FEELS, GENTLE, SAYS, rows_of_walk, say_slope, say_step, say_walk

WALK_WIDE = 720  # of the drawing
LEFT, UNIT = 60, 60  # where w = 0 lies, and one unit of w; in units of the drawing
FLOOR, TALL = 236, 48  # where height 0 lies, and one unit of height
SEES = 0.35  # how far her feet feel to each side, in units of w
BASE, RISE = 432, 20  # the same two for the small graph of heights, one step after the other
CLIMBER_QUESTION = Prediction(
    "She starts at 8.7. Where will she stop? Click on the picture, or write a number from 0 to 10."
)
STARTS = (0.4, 1.2, 2.2, 2.9, 4.3, 5.0, 6.4, 7.2, 8.7, 10.0)
RATES = (0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.24, 0.26, 0.3, 0.4, 0.5)
GOALS = (
    ("top", "End on a summit.", "She cannot know whether it is the highest. Take off the blindfold."),
    ("short", "Make a walk whose first and last steps are short.", "Short steps alone do not mean that she arrived."),
    ("level", "Find level ground that is no summit.", "Her feet cannot tell it from a summit."),
    (
        "hops",
        "Find a rate with which she never settles.",
        "Each summit has a largest rate. It is small where the summit is sharp.",
    ),
    ("starts", "Walk from all ten starts.", "Where she starts decides where she stops."),
)


OWN = "own"  # the scene walks by itself; None is what a function gives that is not written yet


def climber(path=OWN, *, rate=0.05, start=8.7, guess=None, longest=None):
    """A walk on the range.

    path: the places of a walk, (T+1, 1) or a list; without one the scene walks by itself from `start` with
    `rate`.  guess: where the reader said that she stops.  longest: the step that the reader said is the longest.
    """
    live = isinstance(path, str) and path == OWN
    places = walk(start, rate) if live else numbers(path)
    guess, longest = number(guess), number(longest)
    return Scene(
        name="climber",
        title="The blindfolded climber",
        svg=_climber_svg(places, guess, live),
        says=say_walk(places, guess, longest),
        steps=tuple(say_step(t, w) for t, w in enumerate(places)),
        table=Table(("step", "w", "height", "slope"), rows_of_walk(places)),
        controls=_climber_controls(live, rate, start),
        asks=(CLIMBER_QUESTION,) if live else (),
        facts=_climber_facts(None if live else places, rate, start),
        spoilers=("7.996", "8.0", "not the highest"),
        aim=next((across(w) / WALK_WIDE for w in reversed(places) if not math.isnan(w)), 0.0),
    )


def _climber_controls(live, rate, start):
    """Buttons and sliders. A student's own path has no rate and no start to choose."""
    buttons = (
        button("Feel", do="feel", keys="Space"),
        button("Step", do="next", keys="ArrowRight"),
        button("Walk", do="walk", keys="Shift+ArrowRight"),
        button("Back to the start", do="again"),
        button("Blindfold", do="fog", keys="b B", pressed="true" if live else "false"),
    )
    if not live:
        return "".join(buttons)
    chosen = min(range(len(RATES)), key=lambda k: abs(RATES[k] - rate))
    sliders = (
        slider("rate", "rate", 0, len(RATES) - 1, 1, chosen, label(RATES[chosen])),
        slider("start", "start", 0, 10, 0.1, start, label(start)),
        button("Start somewhere", do="somewhere"),
    )
    goals = (tag("li", escape(words), data_goal=key, data_then=then) for key, words, then in GOALS)
    return "".join(buttons + sliders) + tag("ul", *goals)


def _climber_facts(path, rate, start):
    """The numbers that the player needs to walk, and where they lie in the drawing."""
    places = {"left": LEFT, "unit": UNIT, "floor": FLOOR, "tall": TALL, "base": BASE, "rise": RISE}
    words = {"says": SAYS, "feels": FEELS, "gentle": GENTLE, "level": LEVEL, "most": MOST_STEPS}
    shown = None if path is None else [w if math.isfinite(w) else _WORDS.get(w, "NaN") for w in path]
    ground = {"hills": HILLS, "summits": SUMMITS, "starts": STARTS, "rates": RATES}
    return {**places, **words, **ground, "path": shown, "steps": (), "rate": rate, "start": start}


_WORDS = {math.inf: "Infinity", -math.inf: "-Infinity"}  # JSON has no such numbers; JavaScript reads these words


def across(w):
    """Where w lies in the drawing, from the left; places outside the range lie at its ends."""
    return LEFT + UNIT * min(max(w, 0.0), 10.0)


def up(level):
    """Where a height lies in the drawing, from the top."""
    return FLOOR - TALL * level


def range_line():
    """The range as the `d` of a path, one point each 0.1 of w."""
    return "M" + "L".join(f"{across(k / 10):.0f} {up(height(k / 10)):.1f}" for k in range(101))


def axis(y):
    """The numbers 0 to 10 below the range."""
    return "".join(small(across(w), y, w) for w in range(11))


def _climber_svg(places, guess, live):
    drawn = [w for w in places if not math.isnan(w)]
    return tag(
        "svg",
        tag("defs", tag("path", id="climber-range", d=range_line()), _window("climber", drawn)),
        tag("rect", class_="fog", x=LEFT, y=22, width=10 * UNIT, height=FLOOR - 22),
        tag("use", href="#climber-range", class_="ground window", clip_path="url(#climber-window)"),
        axis(FLOOR + 17),
        _limits(),
        _flag(guess),
        _prints(drawn),
        _starts() if live else "",
        _graph(places),
        _feet(drawn),
        viewBox=f"0 0 {WALK_WIDE} 444",
    )


def _window(key, drawn):
    """The part of the ground that her feet feel; the player moves it."""
    shift = f"translate({across(drawn[-1]):.1f})" if drawn else None
    rect = tag("rect", x=-SEES * UNIT, y=0, width=2 * SEES * UNIT, height=300, data_part="window", transform=shift)
    return tag("clipPath", rect, id=f"{key}-window")


def _limits():
    """Under each summit the largest rate that settles there; seen without the blindfold."""
    marks = (small(across(w), FLOOR + 37, label(rate_limit(w))) for w in SUMMITS)
    return tag("g", small(0, FLOOR + 37, "rate ≤", text_anchor=None), *marks, class_="unseen")


def _flag(guess):
    """The place that the reader pointed at; the player moves it."""
    shift = {"transform": f"translate({across(guess):.1f})"} if not math.isnan(guess) else {"visibility": "hidden"}
    words = small(0, 14, f"you said {label(guess)}", data_part="said")
    return tag("g", tag("path", class_="thin", d=f"M0 {FLOOR}V20"), words, data_part="flag", **shift)


def _prints(drawn):
    """One dot for each place, in a strip below the ground."""
    dots = "".join(f"M{across(w):.1f} {FLOOR + 54}h0" for w in drawn)
    return small(0, FLOOR + 58, "steps", text_anchor=None) + tag(
        "path", class_="dots", d=dots, data_part="prints", data_v=" ".join(map(repr, drawn))
    )


def _starts():
    """Ten starts, and the number of the summit on which a walk from each of them ended; the player fills it in."""
    houses = (
        tag("rect", class_="thin", x=across(w) - 8, y=FLOOR + 68, width=16, height=17)
        + small(across(w), FLOOR + 81, "", data_part=f"start{k}", data_v=w)
        for k, w in enumerate(STARTS)
    )
    return small(0, FLOOR + 81, "starts", text_anchor=None) + "".join(houses)


def _graph(places):
    """The height after each step."""
    wide = 10 * UNIT / max(60, len(places) - 1)
    points = (f"{LEFT + wide * t:.1f},{BASE - RISE * height(w):.1f}" for t, w in enumerate(places) if not math.isnan(w))
    top = BASE - RISE * 3.4
    return (
        small(LEFT, top - 12, "height after each step", text_anchor=None)
        + tag("path", class_="thin", d=f"M{LEFT} {top:.0f}V{BASE}h{10 * UNIT}")
        + tag("polyline", class_="trace", points=" ".join(points), data_part="graph")
    )


def _feet(drawn):
    """The climber where the walk ended, on the plank that shows the slope under her feet."""
    if not drawn:
        return ""
    w = drawn[-1]
    tilt = math.degrees(math.atan2(-TALL * slope(w), UNIT))
    return tag(
        "g",
        tag("path", class_="plank felt", d="M-30 0H30", transform=f"rotate({tilt:.1f})", data_part="plank"),
        CLIMBER,
        text(0, -42, say_slope(w), text_anchor="middle", class_="felt", data_part="slope", data_v=slope(w)),
        transform=f"translate({across(w):.1f} {up(height(w)):.1f})",
        data_part="feet",
        data_v=w,
    )


# A climber with a scarf over her eyes; her feet are at the origin.
CLIMBER = (
    tag("path", class_="body", d="M-5 0 0-10 5 0M0-10V-21M-7-13 0-18 7-13")
    + tag("circle", class_="head", cy=-27, r=6)
    + tag("path", class_="scarf", d="M-6-28H6l6 4")
)


@poster_named("climber")
def climber_poster():
    """The climber in the fog with her two feet: enough numbers to work out one slope by pencil."""
    w, reach = 8.7, 0.3
    feet = [(side, w + sign * reach) for side, sign in (("left", -1), ("right", 1))]
    marks = "".join(
        tag("circle", class_="handle", cx=across(foot), cy=up(height(foot)), r=5)
        + text(LEFT + 16, 60 + 24 * k, f"{side} foot: w = {label(foot)}, height {label(height(foot))}")
        for k, (side, foot) in enumerate(feet)
    )
    svg = tag(
        "svg",
        tag("defs", tag("path", id="two-feet-range", d=range_line()), _window("two-feet", [w])),
        tag("rect", class_="mist", x=LEFT, y=22, width=10 * UNIT, height=FLOOR - 22),
        tag("use", href="#two-feet-range", class_="ground", clip_path="url(#two-feet-window)"),
        tag("g", CLIMBER, transform=f"translate({across(w):.1f} {up(height(w)):.1f})"),
        marks,
        axis(FLOOR + 17),
        text(LEFT, FLOOR + 50, "slope  =  ( height ……… − height ……… )  /  ………  =  ………"),
        text(LEFT, FLOOR + 78, "The ground rises to the ………, so one step uphill goes to the ………."),
        viewBox="0 0 720 326",
    )
    said = " ".join(f"Her {side} foot stands at {label(foot)}, height {label(height(foot))}." for side, foot in feet)
    says = f"A climber in the fog at {label(w)}. {said} The slope is left to you."
    return Scene(name="two-feet", title="What two feet can feel", svg=svg, says=says)
