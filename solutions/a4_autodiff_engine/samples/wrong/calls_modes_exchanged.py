"""The modes are exchanged.

fails: q8.rule_calls
diagnosis: order
"""

def rule_calls(program, n_inputs, n_outputs):
    n_sources = sum(len(sources) for _, sources in program)
    return {"forward": n_outputs * n_sources, "reverse": n_inputs * n_sources}
