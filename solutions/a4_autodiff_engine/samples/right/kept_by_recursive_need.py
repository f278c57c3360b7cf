"""Needed lines by repeated passes, then a set comprehension."""

def must_keep(program, n_inputs, reads):
    n_slots = n_inputs + len(program)
    needed = {n_slots - 1}
    for _ in program:
        for i, (name, sources) in enumerate(program):
            if n_inputs + i in needed:
                needed.update(sources)
    kept = []
    for i, (name, sources) in enumerate(program):
        slot = n_inputs + i
        if slot in needed:
            kept += [s for s in sources if "inputs" in reads[name]]
            kept += [slot for word in reads[name] if word == "output"]
    return frozenset(kept)
