"""Accuses nobody.

fails: q10.form q10.embedding q10.residual q10.centred q10.power q10.innocent
diagnosis: example
"""

def counterexample(which):
    return {"E": None}.get(which)
