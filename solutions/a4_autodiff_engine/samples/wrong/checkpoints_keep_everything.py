"""Forgets nothing: it is Question 4 once more.

fails: b4.memory b4.extra
diagnosis: method
"""

def checkpointed(program, xs, u, ops, cuts):
    return backprop(program, xs, u, ops)
