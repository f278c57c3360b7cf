"""The values are appended to xs.

fails: q2.pure
"""

def run(program, xs, ops):
    """The values of all slots, inputs first."""
    values = xs
    for name, sources in program:
        values.append(ops[name](*(values[s] for s in sources)))
    return values
