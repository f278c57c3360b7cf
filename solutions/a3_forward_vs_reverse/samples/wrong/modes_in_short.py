"""Says "fwd" and "rev".

fails: q6.rule_of_thumb q6.uneven q6.example
diagnosis: type
"""

def cheaper_mode(dims):
    forward, reverse = forward_macs(dims), reverse_macs(dims)
    return "tie" if forward == reverse else "fwd" if forward < reverse else "rev"
