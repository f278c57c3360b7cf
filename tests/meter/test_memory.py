"""No operation of student code makes the grader take more memory than a known limit, in whatever form it is asked."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autograder.meter import Meter
from autograder.meter.meter import MAX_ANSWER

SCRIPT = Path(__file__).with_name("hostile_arguments.py")
MOST = 600 << 10  # KiB: a meter's arrays twice (256 MiB), and Python with NumPy


def test_no_form_of_arguments_takes_more_memory_than_sixteen_arrays():
    """In a process whose address space is limited: what is asked for counts, not only what is used."""
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # each thread reserves address space
    command = [sys.executable, str(SCRIPT), "300"]
    done = subprocess.run(command, env=os.environ | threads, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert int(done.stdout) < MOST


def test_a_result_that_names_one_array_many_times_is_copied_once():
    meter = Meter()
    x = meter.array(np.ones(1000))
    got = meter.value([x] * 1000)
    assert all(array is got[0] for array in got)


@pytest.mark.parametrize(
    "nested", [lambda x: [x] * 10, lambda x: dict.fromkeys(range(10), x), lambda x: [[x, [x] * 9]]]
)
def test_a_result_with_more_numbers_than_the_limit_is_refused_before_it_is_copied(nested):
    """A check would join them: 100,000 times one handle is 800 GB in np.asarray."""
    meter = Meter()
    x = meter.array(np.ones(MAX_ANSWER // 8))
    with pytest.raises(ValueError, match="more than"):
        meter.value(nested(x))


def test_a_number_that_is_no_handle_is_no_array():
    """Handles are random, so no arithmetic on one gives another."""
    meter = Meter()
    first, second = meter.array(np.ones(2)), meter.array(np.zeros(2))
    assert abs(first.handle - second.handle) > 1000
    for number in (0, 1, first.handle - 1, first.handle + 1):
        forged = type(first)(first.perform, number, (2,), "<f8", observed=False)
        with pytest.raises(LookupError):
            meter.value(forged)


@pytest.mark.parametrize(("dtype", "possible"), [("f8", True), ("f4", True), ("f2", False), ("i8", False)])
def test_products_of_slow_numbers_are_limited_earlier(dtype, possible):
    """2**28 products of float64 take 0.1 s here, of float16 or integers 5 s."""
    meter = Meter()
    A, B = (meter.array(np.ones(shape, dtype=dtype)) for shape in ((128, 512), (512, 512)))  # 2**25 products
    if possible:
        assert (A @ B).shape == (128, 512)
    else:
        with pytest.raises(ValueError, match="more than"):
            A @ B
