"""Takes the mean of the slopes in place of the mean of their squares.

fails: b3.gain
"""

def steady_gain(slope):
    return 2 / (1 + slope)
