"""Counts lines, not sources.

fails: q8.rule_calls
diagnosis: count
"""

def rule_calls(program, n_inputs, n_outputs):
    return {"forward": n_inputs * len(program), "reverse": n_outputs * len(program)}
