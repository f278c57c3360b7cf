"""A line that leads nowhere keeps its values.

fails: q9.dead_lines
diagnosis: unneeded
"""

def must_keep(program, n_inputs, reads):
    kept = set()
    for i, (name, sources) in enumerate(program):
        kept |= set(sources) if "inputs" in reads[name] else set()
        kept |= {n_inputs + i} if "output" in reads[name] else set()
    return kept
