"""Inputs or output, never both.

fails: q9.kept
diagnosis: missing
"""

def must_keep(program, n_inputs, reads):
    last = n_inputs + len(program) - 1
    needed, kept = {last}, set()
    for slot in range(last, n_inputs - 1, -1):
        name, sources = program[slot - n_inputs]
        if slot in needed:
            needed |= set(sources)
            kept |= set(sources) if "inputs" in reads[name] else set()
            kept |= {slot} if "output" in reads[name] and "inputs" not in reads[name] else set()
    return kept
