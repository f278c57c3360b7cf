"""Every value that is needed stays.

fails: q9.example q9.kept
diagnosis: example
"""

def must_keep(program, n_inputs, reads):
    last = n_inputs + len(program) - 1
    needed, kept = {last}, set()
    for slot in range(last, n_inputs - 1, -1):
        name, sources = program[slot - n_inputs]
        if slot in needed:
            needed |= set(sources)
            kept |= set(sources)
            kept |= {slot}
    return kept
