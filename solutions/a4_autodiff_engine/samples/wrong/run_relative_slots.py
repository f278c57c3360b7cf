"""Slot 0 is the first line.

fails: q2.example q2.value
diagnosis: example
"""

def run(program, xs, ops):
    """The values of all slots, inputs first."""
    values = list(xs)
    for name, sources in program:
        values.append(ops[name](*(values[s - len(xs)] for s in sources)))
    return values
