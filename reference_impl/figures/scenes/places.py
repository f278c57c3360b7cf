"""Where the units and the lines of the forward picture stand, and how both pictures of a network call an input."""

PLACE_COLUMNS = (60, 300, 540)  # of the inputs, the hidden units and the scores
PLACE_TOP, PLACE_PITCH, PLACE_RADIUS = 60, 130, 26
PLACE_WEIGHT, PLACE_FLOW = (
    0.22,
    0.8,
)  # how far along its line a weight stands, and what travels on it (behind all crossings)


def unit_place(column, row):
    """The middle of a unit; the constant 1 stands in the row after the last one."""
    return PLACE_COLUMNS[column], PLACE_TOP + PLACE_PITCH * row


def input_name(i):
    """x₁ for the input with index 0. A network in a picture has at most nine inputs."""
    return f"x{chr(ord('₁') + i)}"


def line_place(column, source, target, share):
    """A point of the line from a unit of `column` to one of the next column, at this share of its length."""
    (left, top), (right, bottom) = unit_place(column, source), unit_place(column + 1, target)
    left, right = left + PLACE_RADIUS, right - PLACE_RADIUS
    return left + share * (right - left), top + share * (bottom - top)
