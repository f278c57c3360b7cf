"""No operation of student code makes the grader take more memory than a known limit, in whatever form it is asked."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from bundled import some

from autograder.meter import Meter
from autograder.meter.meter import MAX_ANSWER

SCRIPT = Path(__file__).with_name("hostile_arguments.py")
MOST = 600 << 10  # KiB: a meter's arrays twice (256 MiB), and Python with NumPy


@pytest.mark.parametrize("drawn", some([60, 300]))
def test_no_form_of_arguments_takes_more_memory_than_sixteen_arrays(drawn):
    """In a process whose address space is limited: what is asked for counts, not only what is used."""
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # each thread reserves address space
    command = [sys.executable, str(SCRIPT), str(drawn)]
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


LONG = {
    "a shape": ("zeros", [[2**62] * 99_000]),
    "repetitions": ("tile", ["a", np.full(170_000, 2**62)]),
    "an index": ("getitem", ["a", [{"all": True}] * 36_000]),
    "two ellipses": ("getitem", ["a", [{"all": True}] * 2]),
    "axes": ("expand_dims", ["a", list(range(15_000))]),
    "axes in two arrays": ("tensordot", ["a", "a", [np.zeros(50_000, int), np.zeros(50_000, int)]]),
    "axes of a move": ("moveaxis", ["a", list(range(99_000)), list(range(99_000))]),
    "lengths of a view": ("broadcast_to", ["a", [1] * 99_000]),
    "lists in lists": ("zeros", [[[2**62] * 300] * 300]),
}


@pytest.mark.parametrize("name", LONG)
@pytest.mark.parametrize("observe", [True, False])
def test_a_shape_axes_or_an_index_without_end_is_refused_before_anything_is_computed(name, observe):
    """Each of these kept the grader for up to an hour: a product of long integers, a sum for each part."""
    meter = Meter(observe=observe)
    array = meter.array(np.ones((2, 3)))
    operation, args = LONG[name]
    args = [array if type(part) is str else part for part in args]
    with pytest.raises((ValueError, TypeError, IndexError), match=r"more than 64|one ellipsis|not available"):
        meter.perform(operation, args, {})


def test_einsum_has_two_arrays_at_most_where_products_count_however_they_are_given():
    meter = Meter(observe=True)
    J = meter.array(np.ones((2, 3)))
    with pytest.raises(TypeError, match="at most two arrays"):
        meter.perform("einsum", ["ij,ij,ij->ij"], {"arrays": [J] * 3})


def test_with_more_arrays_each_further_one_costs_a_product_for_each_letter_combination():
    """2 × 3 entries, three operands: 2 products each."""
    meter = Meter()
    J = meter.array(np.ones((2, 3)))
    meter.perform("einsum", ["ij,ij,ij->ij", J, J, J], {})
    assert meter.multiply_adds == 12
