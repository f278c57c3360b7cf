"""Has no word for a tie.

fails: q6.rule_of_thumb q6.uneven
diagnosis: edge
"""

def cheaper_mode(dims):
    return "forward" if forward_macs(dims) < reverse_macs(dims) else "reverse"
