"""Says True for the first engines, then False.

fails: q11.innocent
"""

SEEN = []


def judge(engine):
    SEEN.append(engine)
    return len(SEEN) % 2 == 1
