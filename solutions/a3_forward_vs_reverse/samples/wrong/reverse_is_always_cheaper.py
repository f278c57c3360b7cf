"""Believes that reverse is cheaper because it is reverse.

fails: q6.rule_of_thumb q6.uneven q6.example
diagnosis: criterion
"""

def cheaper_mode(dims):
    return "reverse"
