"""Accepts every claim.

fails: b4.honest b4.blunt b4.one_entry b4.small
diagnosis: criterion
"""


def gradient_agrees(cost, grads, params):
    return True
