"""What can be said of the benchmark without measuring time: it compares equal things, and says what it cannot do."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from benchmarks import contenders

INSTALLED = [n for n in contenders.CONTENDERS if importlib.util.find_spec(contenders.NEEDS.get(n, "numpy"))]


@pytest.mark.parametrize("name", [n for n in INSTALLED if n not in {"reference", "five products"}])
def test_contenders_compute_the_reference_s_cost_and_gradient(name):
    case = contenders.draw(5, 4, 3, 6, "float64")
    cost, grads = contenders.reference(case, "cpu")[0]()
    step, fetch = contenders.CONTENDERS[name](case, "cpu")
    their_cost, theirs = step()
    np.testing.assert_allclose(fetch(their_cost), cost, rtol=1e-13)
    for key, gradient in grads.items():
        np.testing.assert_allclose(fetch(theirs[key]), gradient, rtol=1e-11, atol=1e-15)  # some 100 roundings


@pytest.mark.skipif(importlib.util.find_spec("cupy") is not None, reason="CuPy is installed here")
def test_without_cupy_a_gpu_is_refused_in_one_line():
    script = Path(contenders.__file__).with_name("reference.py")
    ran = subprocess.run([sys.executable, script, "--device", "cuda"], capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert ran.stderr.count("\n") == 1
    assert "cupy" in ran.stderr
    assert "Hint" in ran.stderr
