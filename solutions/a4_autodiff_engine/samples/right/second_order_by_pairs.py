"""Carries pairs of its own both ways, without Dual and without backprop."""

import numpy as np


class Pair:
    """A value and its derivative, for the rules of the way back."""

    def __init__(self, value, slope=0.0):
        self.value, self.slope = float(value), float(slope)


def hvp(f, xs, vs):
    program, inputs = trace(f, xs)
    slots = [Pair(x, v) for x, v in zip(inputs, list(vs) + [0.0] * (len(inputs) - len(xs)), strict=True)]
    signs = {"add": (1, 1), "sub": (1, -1), "neg": (-1,)}
    for name, sources in program:
        parts = [slots[s] for s in sources]
        if name == "mul":
            a, b = parts
            slots.append(Pair(a.value * b.value, a.value * b.slope + a.slope * b.value))
        else:
            weighted = list(zip(signs[name], parts, strict=True))
            slots.append(Pair(sum(s * p.value for s, p in weighted), sum(s * p.slope for s, p in weighted)))
    values, slopes = [0.0] * len(slots), [0.0] * len(slots)
    values[-1] = 1.0
    for slot in range(len(slots) - 1, len(inputs) - 1, -1):
        name, sources = program[slot - len(inputs)]
        for k, s in enumerate(sources):
            other = slots[sources[1 - k]] if name == "mul" else Pair(signs[name][k])
            slopes[s] += slopes[slot] * other.value + values[slot] * other.slope
            values[s] += values[slot] * other.value
    return values[: len(xs)], slopes[: len(xs)]
