"""The reference on a device against NumPy, at every size that is timed: the same lines, other arrays."""

import numpy as np
import pytest
from devices import device_or_skip

from reference_impl import mlp
from reference_impl.backend import to_numpy

SIZES = [(32, 2, 16, 3), (64, 64, 32, 10), (256, 784, 256, 10), (1024, 784, 1024, 10)]
# A sum of 1,024 products carries a rounding error of some 1e-6 in float32 and 1e-15 in float64, of its largest term.
RTOL = {np.float32: 1e-4, np.float64: 1e-12}


@pytest.fixture(scope="module", params=["strict", "cuda"])
def there(request):
    """To the device."""
    library = device_or_skip(request.param).library

    def move(value):
        return {k: move(v) for k, v in value.items()} if isinstance(value, dict) else library.asarray(value)

    return move


def case(sizes, dtype):
    """Weights as a network has them, so that sums of many products stay near 1. Units near 0 are moved away."""
    N, D, H, K = sizes
    rng = np.random.default_rng(6)
    X = rng.standard_normal((N, D))
    W1, W2 = rng.standard_normal((D, H)) / np.sqrt(D), rng.standard_normal((H, K)) / np.sqrt(H)
    b1 = rng.standard_normal(H)
    z1 = X @ W1 + b1
    # float32 may round a z1 of 1e-6 to the other side of 0, which is another gradient and no error.
    X = X[np.min(np.abs(z1), axis=1) > 1e-5]
    params = {"W1": W1, "b1": b1, "W2": W2, "b2": rng.standard_normal(K)}
    return {k: v.astype(dtype) for k, v in params.items()}, X.astype(dtype), rng.integers(0, K, len(X))


def assert_close(got, expected, dtype):
    got = to_numpy(got)
    assert got.dtype == dtype
    assert got.shape == expected.shape
    assert np.max(np.abs(got - expected)) <= RTOL[dtype] * np.max(np.abs(expected))


@pytest.mark.parametrize("dtype", RTOL)
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_cost_and_gradients_are_numpys(there, sizes, dtype):
    params, X, y = case(sizes, dtype)
    exact = {k: v.astype(np.float64) for k, v in params.items()}
    expected = mlp.backward_of(X.astype(np.float64), y, exact)
    got = mlp.backward_of(there(X), there(y), there(params))
    for name, array in expected.items():
        assert_close(got[name], array, dtype)
    logits = mlp.forward(there(X), there(params))[0]
    cost = mlp.cross_entropy(mlp.forward(X.astype(np.float64), exact)[0], y)
    assert_close(mlp.cross_entropy(logits, there(y)), np.asarray(cost), dtype)


@pytest.mark.parametrize("dtype", RTOL)
def test_three_steps_of_training_end_where_numpys_do(there, dtype):
    params, X, y = case((64, 64, 32, 10), dtype)
    exact = {k: v.astype(np.float64) for k, v in params.items()}
    expected, expected_losses = mlp.train(X.astype(np.float64), y, exact, lr=0.1, n_steps=3)
    got, losses = mlp.train(there(X), there(y), there(params), lr=0.1, n_steps=3)
    for name, array in expected.items():
        assert_close(got[name], array, dtype)
    assert_close(losses, np.asarray(expected_losses), dtype)


@pytest.mark.parametrize("dtype", RTOL)
def test_large_logits_and_a_unit_at_zero_are_handled_as_everywhere(there, dtype):
    logits = np.array([[1000.0, 0.0, -1000.0], [0.0, 0.0, 0.0]], dtype=dtype)
    assert float(mlp.cross_entropy(there(logits), there(np.array([1, 0])))) == pytest.approx((1000 + np.log(3)) / 2)
    z, g = np.array([-0.0, 0.0, 1e-8, -1.0], dtype=dtype), np.full(4, 5, dtype=dtype)
    assert to_numpy(mlp.relu_vjp(there(z), there(g))).tolist() == [0, 0, 5, 0]
