"""Compares with a median of its own, on lists that it draws."""

import random


def accepts(median):
    draw = random.Random(1)
    for size in range(1, 30):
        numbers = [draw.randrange(-3, 4) for _ in range(size)]
        ordered = sorted(numbers)
        try:
            if abs(median(numbers) - (ordered[(size - 1) // 2] + ordered[size // 2]) / 2) > 1e-6:
                return False
        except (IndexError, ValueError):
            return False
    return True
