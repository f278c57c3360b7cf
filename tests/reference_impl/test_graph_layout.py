"""Where a graph's circles, roads and texts stand: nothing touches, for any program of at most 12 slots."""

import itertools
import math
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from reference_impl.figures.scenes.graph import graph
from reference_impl.figures.scenes.graph_layout import GRAPH_RADIUS, graph_layout
from tests.reference_impl.test_messages import boxes_of, touching

FAN_OUT = (("add", (0, 1)), ("mul", (2, 0)))
BY_HAND = (("matmul", (0, 2)), ("add", (6, 3)), ("relu", (7,)), ("matmul", (8, 4)), ("add", (9, 5)), ("loss", (10, 1)))
NUMBERS = (
    -12.35,
    1e-7,
    math.nan,
    -1234.56,
    -9.87e12,
    0.0,
    3.0,
    -0.269,
    math.inf,
    5e-324,
    None,
    "x",
    [1, 2],
    [[1], [2]],
)


def drawn_program(rng):
    """A random program of at most 12 slots; lines have one to four sources, often the same one twice."""
    n = int(rng.integers(1, 7))
    lines = [
        ("an_op_with_a_long_name"[: rng.integers(1, 23)], tuple(map(int, rng.integers(0, n + i, rng.integers(1, 5)))))
        for i in range(rng.integers(1, 13 - n))
    ]
    return tuple(lines), n


PROGRAMS = [(FAN_OUT, 2), (BY_HAND, 6), *(drawn_program(np.random.default_rng(seed)) for seed in range(28))]


def drawing(program, n, seed):
    """The scene with drawn numbers, most of them long or odd."""
    rng = np.random.default_rng(seed)
    pick = lambda count: [NUMBERS[i] for i in rng.integers(0, len(NUMBERS), count)]  # noqa: E731
    slots = n + len(program)
    messages = [pick(len(sources)) for _, sources in program]
    return graph(program, pick(n), pick(slots), pick(slots), messages=messages, u=pick(1)[0])


def test_a_line_stands_right_of_its_sources_and_an_input_next_to_its_first_user():
    """By hand: Y, input 1 of the network, is used by the last line only, so it stands beside slot 10."""
    x = [place[0] for place in graph_layout(BY_HAND, 6).slots]
    assert x[0] == x[2] < x[6] == x[3] < x[7] < x[8] == x[4] < x[9] == x[5] < x[10] == x[1] < x[11]


def test_no_two_circles_are_closer_than_eight():
    for program, n in PROGRAMS:
        for (x, y), (to_x, to_y) in itertools.combinations(graph_layout(program, n).slots, 2):
            assert math.hypot(x - to_x, y - to_y) >= 2 * GRAPH_RADIUS + 8, program


@pytest.mark.parametrize("k", range(len(PROGRAMS)))
def test_no_road_crosses_a_circle_but_its_two_ends(k):
    program, n = PROGRAMS[k]
    layout = graph_layout(program, n)
    for (i, source_index), places in layout.roads.items():
        ends = {n + i, program[i][1][source_index]}
        for (x, y), (to_x, to_y) in itertools.pairwise(places):
            for slot in set(range(len(layout.slots))) - ends:
                cx, cy = layout.slots[slot]
                for share in np.linspace(0, 1, 20):
                    place = x + share * (to_x - x), y + share * (to_y - y)
                    assert math.hypot(place[0] - cx, place[1] - cy) > GRAPH_RADIUS + 2


@pytest.mark.parametrize("k", range(len(PROGRAMS)))
def test_no_text_lies_on_another_or_on_a_road(k):
    svg = drawing(*PROGRAMS[k], k).svg
    assert touching(svg, 99) == []
    points = list(points_of_roads(svg))
    for words, left, right, top, bottom in boxes_of(svg, 99):
        for x, y in points:
            assert not (left + 1 < x < right - 1 and top + 2 < y < bottom - 1), words  # widths are estimates


def points_of_roads(svg):
    """Many points of each road, from its path: moves, level pieces, and curves."""
    for path in ET.fromstring(svg).iter("path"):
        if (path.get("class") or "").startswith("wire"):
            x = y = 0.0
            for command in path.get("d").replace("M", " M").replace("H", " H").replace("C", " C").split(" M"):
                yield from points_of("M" + command.strip() if command.strip() else "", x, y)


def points_of(path, x, y):
    """The points of one path text."""
    words = path.replace("M", "M ").replace("H", "H ").replace("C", "C ").split()
    while words:
        kind = words.pop(0)
        count = {"M": 2, "H": 1, "C": 6}[kind]
        numbers, words = list(map(float, words[:count])), words[count:]
        if kind == "M":
            x, y = numbers
        elif kind == "H":
            yield from ((x + share * (numbers[0] - x), y) for share in np.linspace(0, 1, 30))
            x = numbers[0]
        else:
            a, b, c, d, to_x, to_y = numbers
            for t in np.linspace(0, 1, 30):
                weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
                yield (
                    sum(w * v for w, v in zip(weights, (x, a, c, to_x), strict=True)),
                    sum(w * v for w, v in zip(weights, (y, b, d, to_y), strict=True)),
                )
            x, y = to_x, to_y


def test_a_graph_of_thirteen_slots_is_refused_in_one_line():
    with pytest.raises(ValueError, match=r"graph: expected .* at most 12 slots, got 12 lines and 13 slots. Hint: draw"):
        graph([("neg", (i,)) for i in range(12)], [1.0], None, ())


@pytest.mark.parametrize(
    "program", [[], [("neg", (1,))], [("neg", (0,)), ("neg", (2,))], [("f", (0,) * 5)], [3], "ab", None]
)
def test_a_program_that_cannot_be_drawn_is_refused_in_one_line(program):
    with pytest.raises(ValueError, match=r"^graph: expected .* Hint: .*\.$"):
        graph(program, [1.0], None, ())
