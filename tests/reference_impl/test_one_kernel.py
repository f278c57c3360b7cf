"""Elementwise lines as one kernel, on a stand-in for CuPy: NumPy's numbers, arrays of another type, and `fuse`.

As CuPy does, `fuse` first runs the lines on stand-ins for arrays, which have a dtype and no numbers. So lines that
look at a number, or call what is not elementwise, fail here, too.
"""

from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest

from reference_impl import backend, mlp

ELEMENTWISE = ("exp", "log", "maximum", "where")


class Traced(np.lib.mixins.NDArrayOperatorsMixin):
    """An array of which only the dtype is known."""

    def __init__(self, dtype):
        self.dtype = np.dtype(dtype)

    def __bool__(self):
        raise TypeError("a kernel does not know a number while it is made")

    def __array_ufunc__(self, operation, method, *args):
        assert method == "__call__"
        return traced(operation, *args)


def traced(operation, *args):
    """The dtype that NumPy gives arrays of these dtypes."""
    ones = [np.ones(1, each.dtype) if isinstance(each, Traced) else each for each in args]
    return Traced(operation(*ones).dtype)


class StandIn:
    """NumPy's names, and `fuse`. array: the type of its arrays.

    kernels: how often each ran.  made: the dtypes that each was made to give.
    """

    def __init__(self):
        self.array = type("OnDevice", (np.ndarray,), {})
        self.kernels, self.made = Counter(), {}

    def __getattr__(self, name):
        return getattr(np, name)

    def asarray(self, array, *, copy=None):
        return np.array(array, copy=copy, subok=True)

    def fuse(self, kernel_name):
        def of(lines):
            def run(*args):
                names = {name: lambda *given, name=name: traced(getattr(np, name), *given) for name in ELEMENTWISE}
                library = SimpleNamespace(**names, astype=lambda _, dtype: Traced(dtype))
                seen = [Traced(each.dtype) if isinstance(each, np.ndarray) else each for each in args]
                given = lines.func(library, *seen)
                self.made[kernel_name] = [each.dtype for each in (given if isinstance(given, tuple) else (given,))]
                self.kernels[kernel_name] += 1
                return lines(*args)

            return run

        return of


@pytest.fixture
def device(monkeypatch):
    """The stand-in, which owns arrays of a type of its own: kernels are kept by the arrays' type."""
    library = StandIn()
    for number in (1, 2):
        monkeypatch.setitem(backend._NAMESPACES, (library.array,) * number, library)
    return library


def case(device, dtype):
    """The same batch and network here and there."""
    params, X, y = mlp.draw_case(np.random.default_rng(7), 6, 3, 5, 4, dtype=dtype)
    there = {key: value.view(device.array) for key, value in params.items()}
    return (X, y, params), (X.view(device.array), y.view(device.array), there)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_training_gives_the_same_bits_as_without_kernels(device, dtype):
    here, there = case(device, dtype)
    expected, losses = mlp.train(*here, lr=0.1, n_steps=3)
    got, got_losses = mlp.train(*there, lr=0.1, n_steps=3)
    assert device.kernels
    np.testing.assert_array_equal(got_losses, losses)
    for key, value in expected.items():
        np.testing.assert_array_equal(got[key], value)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_kernel_keeps_the_dtype(device, dtype):
    X, y, params = case(device, dtype)[1]
    mlp.train(X, y, params, lr=0.1, n_steps=1)
    mlp.cross_entropy_grad(mlp.forward(X, params)[0], y)
    assert "_error_term" in device.made
    assert device.made == {name: [np.dtype(dtype)] * len(given) for name, given in device.made.items()}


def test_one_step_takes_nine_kernels_besides_products_and_sums(device):
    """Bias and relu, two of the softmax, cost and error term, the slope of relu, and a step for each parameter."""
    X, y, params = case(device, np.float64)[1]
    mlp.train(X, y, params, lr=0.1, n_steps=1)
    assert device.kernels == {
        "_hidden_layer": 1,
        "_shifted": 1,
        "_less_log": 1,
        "_surprise_and_error": 1,
        "_through_relu": 1,
        "_step": 4,
    }


def test_lines_that_look_at_a_number_are_refused(device):
    @backend.fused
    def largest(_, x, y):
        return max(x, y)

    with pytest.raises(TypeError, match="does not know a number"):
        largest(np.ones(2).view(device.array), np.zeros(2).view(device.array))


def test_a_library_without_kernels_runs_the_lines_themselves():
    @backend.fused
    def doubled(xp, x):
        assert xp is np
        return x + x

    np.testing.assert_array_equal(doubled(np.arange(3.0)), [0.0, 2.0, 4.0])
