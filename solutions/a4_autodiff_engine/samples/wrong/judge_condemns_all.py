"""Condemns every engine.

fails: q11.example q11.innocent q11.uses q11.rules
diagnosis: example
"""

def judge(engine):
    return False
