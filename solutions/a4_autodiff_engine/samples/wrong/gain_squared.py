"""Returns the factor of the mean square.

fails: b3.gain
diagnosis: quantity
"""

def steady_gain(slope):
    return 2 / (1 + slope**2)
