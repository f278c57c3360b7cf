"""Asks a thousand times.

fails: q1.innocent q1.order q1.length q1.repeats q1.memory
diagnosis: calls
"""


def accepts(median):
    try:
        return all(abs(median([i % 7]) - i % 7) < 1e-6 for i in range(1000))
    except Exception:
        return False
