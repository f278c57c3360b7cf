"""Compares the number of inputs with the number of outputs.

fails: q6.uneven
diagnosis: criterion
"""

def cheaper_mode(dims):
    if dims[0] == dims[-1]:
        return "tie"
    return "forward" if dims[0] < dims[-1] else "reverse"
