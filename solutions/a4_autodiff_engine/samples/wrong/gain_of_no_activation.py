"""Keeps the length without an activation, and so forgets the gates.

fails: b3.gain
diagnosis: ignored
"""

def steady_gain(slope):
    return 1.0
