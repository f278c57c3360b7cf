"""Asks one program.

fails: q11.order_and_seed q11.memory q11.size q11.rules
diagnosis: search
"""

def judge(engine):
    try:
        y, grads = engine([("mul", (0, 0)), ("mul", (1, 0)), ("add", (2, 0)), ("add", (3, 0))], [np.array(2.0)], np.array(3.0))
        return abs(float(grads[0]) - 42) < 1e-6
    except Exception:
        return False
