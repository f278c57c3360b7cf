"""A line that reads one slot twice counts once.

fails: q8.rule_calls
"""

def rule_calls(program, n_inputs, n_outputs):
    n_sources = sum(len(set(sources)) for _, sources in program)
    return {"forward": n_inputs * n_sources, "reverse": n_outputs * n_sources}
