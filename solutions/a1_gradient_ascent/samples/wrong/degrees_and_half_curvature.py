"""Takes 60 for radians, and the limit from the curvature 3 instead of the second derivative 6.

fails: q9.c4 q9.c5
diagnosis: concept
"""

import math

answers = {"c1": "b", "c2": "c", "c3": "d", "c4": 5 * math.cos(60), "c5": 2 / 3}
