"""Rows V: values that are not numbers, or not these. What comes back is rebuilt from bytes and compared in one sense."""

import pytest
from attacks.arena import other_question, outcomes

# Bodies of `mean_square(x)`, none of which may pass.
REFUSED = {
    "V1 equal to everything": "return type('Any', (), {'__eq__': lambda *a: True, '__sub__': lambda s, o: s})()",
    "V2 an array with arithmetic of its own": (
        "return np.zeros(()).view(type('Any', (np.ndarray,), {'__array_ufunc__': lambda s, *a, **k: np.array(True),"
        " '__array_function__': lambda s, *a, **k: True, '__eq__': lambda *a: True, 'tobytes': lambda s: b''}))"
    ),
    "V3 NaN": "return float('nan')",
    "V4 empty": "return np.empty((0, 1, 1))",
    "V5 broadcast": "return np.full((2, 2), np.mean(np.square(x)))",
    "V6 objects": "return np.array([type('Any', (), {'__float__': lambda s: 4.2})()], dtype=object)",
    "V7 complex": "return complex(np.mean(np.square(x)))",
    "V7 bool": "return True",
    "V7 a date": "return np.datetime64('2026-01-01')",
    "V7 structured": "return np.zeros((), dtype=[('a', 'f8')])",
    "V7 big-endian": "return np.array(np.mean(np.square(x)), dtype='>f8')",
    "V11 an interface to elsewhere": (
        "return type('Fake', (), {'__array_interface__': {'version': 3, 'shape': (), 'typestr': '<f8', 'data': (0x1000, True)}})()"
    ),
    "V11 an array that raises": "return type('Fake', (), {'__array__': lambda *a, **k: 1 / 0, '__len__': lambda s: 2**62})()",
    "V13 infinity": "return np.inf",
    "V13 huge": "return 1e308",
    "V15 a pair": "return np.mean(np.square(x)), 0",
    "V15 a dict": "return {float('nan'): 1, 2: 3}",
    "V16 a million digits": "return 10 ** 1_000_000",
    "X11 eight terabytes": "return np.broadcast_to(0.0, (10**6, 10**6))",
    "X12 nested": "out = []\n    for _ in range(100_000): out = [out]\n    return out",
    "X12 in itself": "out = []\n    out.append(out)\n    return out",
}
# Right values in other clothes, which must pass.
ACCEPTED = {
    "C5 a Python float": "return float(np.mean(np.square(x)))",
    "C5 a NumPy float": "return np.mean(np.square(x))",
    "V7 float32": "return np.float32(np.mean(np.square(x)))",
    "V8 a masked array": "return np.ma.array(np.mean(np.square(x)))",
    "V8 of shape (1,)": "return np.array([np.mean(np.square(x))])[::-1]",
    "V14 settings": "np.seterr(all='raise'); np.set_printoptions(precision=1); np.random.seed(0)\n    return np.mean(np.square(x))",
}


def answer(body):
    return f"def mean_square(x):\n    {body}"


@pytest.mark.parametrize("name", REFUSED)
def test_the_value_is_refused_and_the_other_question_keeps_its_points(arena, name):
    result = arena.attack(answer=answer(REFUSED[name]))
    assert outcomes(result)["q1.value"] in {"fail", "error", "crash", "timeout"}
    assert other_question(result) == 5


@pytest.mark.parametrize("name", ACCEPTED)
def test_the_right_value_passes_in_these_clothes(arena, name):
    assert arena.attack(answer=answer(ACCEPTED[name])).score == 15


def test_v10_overwritten_inputs_do_not_reach_the_reference(arena):
    """The grader's own copy is what it computes with."""
    assert outcomes(arena.attack(answer=answer("x[:] = 0\n    return 0.0")))["q1.value"] == "fail"


def test_v9_a_view_changed_by_a_thread_is_judged_as_it_was_copied(arena):
    """One copy of the bytes is checked and compared."""
    body = (
        "import threading\n    out = np.array(0.0)\n    def later():\n        while True: out[...] = 4.2\n"
        "    threading.Thread(target=later, daemon=True).start()\n    return out"
    )
    result = arena.attack(answer=answer(body))
    assert outcomes(result)["q1.value"] in {"fail", "crash", "timeout"}
