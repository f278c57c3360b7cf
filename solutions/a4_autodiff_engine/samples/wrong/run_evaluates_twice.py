"""Each op is evaluated twice.

fails: q2.once
diagnosis: twice
"""

def run(program, xs, ops):
    """The values of all slots, inputs first."""
    values = list(xs)
    for name, sources in program:
        ops[name](*(values[s] for s in sources))
        values.append(ops[name](*(values[s] for s in sources)))
    return values
