"""Where the slots and the lines of a graph stand: inputs at the left, the result at the right.

A line of the program stands one column to the right of its last source. An input stands in the column before its first
user, so that no input of a late line has a long road. A road that passes a column has a row of its own in it. So no
road crosses a circle or a text. Standard library only.
"""

from typing import NamedTuple

GRAPH_RADIUS = 38  # of a circle
GRAPH_ZONE = 106  # half of a column: only circles, their texts and level pieces of roads lie in it
GRAPH_GAP = 36  # between two columns: only bends lie in it
GRAPH_SLOT_TALL, GRAPH_ROAD_TALL = 132, 30  # one row of a column, with a circle or with a road that passes
GRAPH_MOST_SLOTS, GRAPH_MOST_SOURCES = 12, 4


class GraphLayout(NamedTuple):
    """slots: the middle of each circle.  roads: for (line, k) the places that its road passes, from the line's circle
    back to the source's.  size: of the drawing.
    """

    slots: tuple
    roads: dict
    size: tuple


def graph_layout(program, n):
    """The layout of a program with `n` inputs."""
    columns = _graph_columns(program, n)
    rows = _graph_rows(program, n, columns)
    middles = {key: (_graph_middle(column), y) for (column, key), y in rows.items()}
    slots = tuple(middles[slot] for slot in range(n + len(program)))
    roads = {
        (i, k): _graph_road(program, n, columns, rows, slots, i, k)
        for i, (_, sources) in enumerate(program)
        for k in range(len(sources))
    }
    tall = max(y + _graph_tall(key) / 2 for (_, key), y in rows.items())
    return GraphLayout(slots, roads, (_graph_middle(max(columns)) + GRAPH_ZONE, tall))


def _graph_middle(column):
    return GRAPH_ZONE + column * (2 * GRAPH_ZONE + GRAPH_GAP)


def _graph_columns(program, n):
    """The column of each slot."""
    columns = [0] * n
    for _, read in program:
        columns.append(1 + max((columns[s] for s in read), default=0))
    for slot in range(n):
        users = [columns[n + i] for i, (_, sources) in enumerate(program) if slot in sources]
        columns[slot] = min(users, default=1) - 1
    return columns


def _graph_rows(program, n, columns):
    """{(column, what): height}. what: a slot, or (line, k) of a road that passes this column."""
    stacks = [[s for s, column in enumerate(columns) if column == c] for c in range(max(columns) + 1)]
    for i, (_, sources) in enumerate(program):
        for place, source in enumerate(sources):
            for column in range(columns[source] + 1, columns[n + i]):
                stacks[column].append((i, place))
    tallest = max(sum(map(_graph_tall, stack)) for stack in stacks)
    rows = {}
    for column, stack in enumerate(stacks):
        top = (tallest - sum(map(_graph_tall, stack))) / 2
        for key in sorted(stack, key=lambda key, c=column: _graph_median(program, n, columns, rows, c, key)):
            rows[column, key] = top + _graph_tall(key) / 2
            top += _graph_tall(key)
    return rows


def _graph_tall(key):
    return GRAPH_ROAD_TALL if isinstance(key, tuple) else GRAPH_SLOT_TALL


def _graph_median(program, n, columns, rows, column, key):
    """The median height of what leads to `key` from the column before; an input comes last."""
    if isinstance(key, tuple):
        (i, _), roads = key, [key]
    else:
        i = key - n
        roads = [(i, k) for k in range(len(program[i][1]))] if i >= 0 else []
    heights = sorted(_graph_before(program, columns, rows, column, *road) for road in roads)
    return heights[len(heights) // 2] if heights else float("inf")


def _graph_before(program, columns, rows, column, i, k):
    """The height at which the road (i, k) leaves the column before `column`."""
    source = program[i][1][k]
    return rows[column - 1, source if columns[source] == column - 1 else (i, k)]


def _graph_road(program, n, columns, rows, slots, i, k):
    """The places of one road, from right to left, two for each column: (x, y) where it enters and where it leaves."""
    source, line = program[i][1][k], n + i
    (x, y), (to_x, to_y) = slots[line], slots[source]
    stub = graph_spread(k, len(program[i][1]), 54, 40)
    port = _graph_port(program, n, columns, rows, source, (i, k))
    places = [(x - _graph_edge(stub), y + stub), (x - GRAPH_ZONE, y + stub)]
    for column in range(columns[line] - 1, columns[source], -1):
        height = rows[column, (i, k)]
        places += [(_graph_middle(column) + GRAPH_ZONE, height), (_graph_middle(column) - GRAPH_ZONE, height)]
    return (*places, (to_x + GRAPH_ZONE, to_y + port), (to_x + _graph_edge(port), to_y + port))


def _graph_port(program, n, columns, rows, source, road):
    """How far below the middle of its source a road ends: the roads of one source lie one above the other."""

    def next_height(use):
        after = columns[source] + 1
        return rows.get((after, use), rows.get((after, n + use[0])))

    uses = graph_uses(program, source)
    order = sorted(uses, key=lambda use: (next_height(use), use[1]))
    return graph_spread(order.index(road), len(order), 44, 16)


def graph_uses(program, slot):
    """All (line, k) that use a slot, in the order of the tape."""
    return [
        (i, place) for i, (_, sources) in enumerate(program) for place, source in enumerate(sources) if source == slot
    ]


def graph_spread(index, count, room, most):
    """The place of one of `count` things around 0, within `room`, at most `most` apart."""
    return (index - (count - 1) / 2) * min(most, room / max(count - 1, 1))


def _graph_edge(aside):
    """How far left or right of its middle a circle's edge is at this height."""
    return (GRAPH_RADIUS**2 - aside**2) ** 0.5
