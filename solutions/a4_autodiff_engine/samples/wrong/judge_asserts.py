"""An AssertionError is meant as a verdict.

fails: q11.innocent q11.uses q11.size
diagnosis: raised
"""

def judge(engine):
    y, grads = engine([("mul", (0, 0))], [np.array(3.0)], np.array(1.0))
    assert abs(grads[0] - 6) < 1e-6
    return True
