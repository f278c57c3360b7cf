"""Believes that reverse is cheaper because it is reverse.

fails: q6.mode q6.example
diagnosis: criterion
"""

def cheaper_mode(dims):
    return "reverse"
