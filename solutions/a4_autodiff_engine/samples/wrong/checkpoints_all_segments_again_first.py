"""Runs all segments again, and only then walks back: at that moment every value is there.

fails: b4.memory b4.extra
diagnosis: method
"""

import numpy as np


def checkpointed(program, xs, u, ops, cuts):
    """As backprop, but most values are forgotten, and each segment is run again on the way back."""
    n, kept = len(xs), dict(enumerate(xs))
    segments = [range(start, end) for start, end in zip((0, *cuts), (*cuts, len(program)), strict=True)]

    def segment_values(lines):
        values = dict(kept)
        for i in lines:
            name, sources = program[i]
            values[n + i] = ops[name](*(values[s] for s in sources))
        return values

    for lines in segments:
        values = segment_values(lines)
        read_later = {s for _, sources in program[lines.stop :] for s in sources}
        kept |= {slot: value for slot, value in values.items() if slot in read_later}
    last = n + len(program) - 1
    y, adjoints = values[last], {last: u}
    again = {}
    for lines in segments:
        again |= segment_values(lines)
    for lines in segments[::-1]:
        for i in lines[::-1]:
            if n + i not in adjoints:
                continue
            name, sources = program[i]
            for k, s in enumerate(sources):
                part = ops[name].vjp(k, adjoints[n + i], again[n + i], *(again[q] for q in sources))
                adjoints[s] = adjoints[s] + part if s in adjoints else part
    return y, [np.array(adjoints.get(i, np.zeros(np.shape(x)))) for i, x in enumerate(xs)]
