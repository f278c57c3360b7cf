"""Returns the last value only.

fails: q2.example q2.value q2.pure
diagnosis: example
"""

def run(program, xs, ops):
    """The values of all slots, inputs first."""
    values = list(xs)
    for name, sources in program:
        values.append(ops[name](*(values[s] for s in sources)))
    return values[-1]
