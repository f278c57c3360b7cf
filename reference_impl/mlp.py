"""A two-layer perceptron with softmax and cross-entropy: the reference solution of assignment 2.

Batch first: X (N, D), y (N,) whole numbers in 0..K-1, params = {"W1": (D, H), "b1": (H,), "W2": (H, K),
"b2": (K,)}. The cost is natural-log cross-entropy, averaged over the batch; 1/N enters in
`cross_entropy_grad` and nowhere else. relu'(0) = 0.
Every function is pure: arguments keep their contents, and results own their memory (the cache is the
exception: it may refer to X). float32 in, float32 out. The code runs on any array library that follows the
array API standard, so labels do not index an array: they are compared with arange.
Imports nothing of `autograder`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from reference_impl.backend import namespace_of

Array = Any  # of any array library; `Any` is what the standard offers for a type today
Params = dict[str, Array]
Elementwise = Callable[[Array], Array]


def nested_derivative(fs: Sequence[Elementwise], dfs: Sequence[Elementwise], x: Array) -> tuple[Array, Array]:
    """The value and the derivative of fs[-1](... fs[1](fs[0](x))), by the chain rule.

    fs: elementwise functions, fs[0] innermost; dfs[i] is the derivative of fs[i].  x: a float, or floating
    numbers of any shape.  Returns (y, dy/dx), both of x's shape; (x, 1) if there are no functions.
    Calls every function once.
    Source: the chain rule, dy/dx = prod_i dfs[i](v_i) with v_0 = x and v_{i+1} = fs[i](v_i).
    """
    start = np.asarray(x, dtype=np.float64) if isinstance(x, (int, float)) else x
    xp = namespace_of(start)
    value, slope = xp.asarray(start, copy=True), xp.ones_like(start)
    for f, df in zip(fs, dfs, strict=True):
        slope = slope * df(value)  # at the value that goes in, so before f moves it on
        value = f(value)
    return value, slope


def forward(X: Array, params: Params) -> tuple[Array, Params]:
    """One forward pass: relu(X W1 + b1) W2 + b2.

    X: (N, D).  Returns the logits (N, K) and what `backward` needs: {"X": (N, D), "z1": (N, H), "a1": (N, H)}.
    """
    z1 = X @ params["W1"] + params["b1"]
    a1 = namespace_of(z1).maximum(z1, 0)
    return a1 @ params["W2"] + params["b2"], {"X": X, "z1": z1, "a1": a1}


def log_softmax(logits: Array) -> Array:
    """The logarithm of each row's softmax, without forming the softmax.

    logits: (N, K), finite.  Returns (N, K).  Taking each row's maximum off first does not change the value,
    and keeps the exponentials within (0, 1], so no difference of logits up to the largest float overflows.
    Source: Goodfellow, Bengio & Courville, Deep Learning (2016), section 4.1.
    """
    xp = namespace_of(logits)
    shifted = logits - xp.max(logits, axis=1, keepdims=True)
    return shifted - xp.log(xp.sum(xp.exp(shifted), axis=1, keepdims=True))


def cross_entropy(logits: Array, y: Array) -> Array:
    """The mean over the batch of -log softmax(logits)[n, y[n]], in nats.

    logits: (N, K).  y: (N,), any integer dtype.  Returns one number (an array of shape () off NumPy).
    """
    log_p = log_softmax(logits)
    return _mean_surprise(log_p, _one_hot(y, log_p))


def cross_entropy_grad(logits: Array, y: Array) -> Array:
    """The derivative of `cross_entropy` in the logits, (softmax - onehot) / N; the only place where 1/N enters.

    logits: (N, K).  y: (N,), any integer dtype; classes may be absent.  Returns (N, K); each row sums to 0.
    Source: Bishop, Pattern Recognition and Machine Learning (2006), equation 4.109.
    """
    log_p = log_softmax(logits)
    return _error_term(log_p, _one_hot(y, log_p))


def _one_hot(y: Array, log_p: Array) -> Array:
    xp = namespace_of(log_p)
    classes = xp.arange(log_p.shape[1], dtype=xp.int64, device=log_p.device)
    return xp.astype(y, xp.int64)[:, None] == classes


def _mean_surprise(log_p: Array, one_hot: Array) -> Array:
    xp = namespace_of(log_p)
    # `where` and not a product with the one-hot matrix: 0 × -inf would be NaN
    return -xp.sum(xp.where(one_hot, log_p, 0)) / log_p.shape[0]


def _error_term(log_p: Array, one_hot: Array) -> Array:
    xp = namespace_of(log_p)
    return (xp.exp(log_p) - xp.astype(one_hot, log_p.dtype)) / log_p.shape[0]


def relu_vjp(z: Array, g: Array) -> Array:
    """Pull g back through max(0, z): g where z > 0, and 0 elsewhere, at z = 0 and z = -0 too.

    z, g: of one shape.  Returns that shape, with g's dtype.
    """
    xp = namespace_of(z, g)
    return xp.where(z > 0, g, xp.zeros_like(g))


def linear_vjp(X: Array, W: Array, g: Array) -> tuple[Array, Array, Array]:
    """Pull g back through X W + b.

    X: (N, D).  W: (D, H).  g: (N, H).  Returns dX = g W' (N, D), dW = X' g (D, H), db = sum_n g[n] (H,).
    b goes to every row of the batch, so it collects from every row; X' g holds the same sum over n.
    """
    return g @ W.T, *_parameters_vjp(X, g)


def _parameters_vjp(X: Array, g: Array) -> tuple[Array, Array]:
    return X.T @ g, namespace_of(g).sum(g, axis=0)


def backward(dlogits: Array, cache: Params, params: Params) -> Params:
    """Pull dlogits back through the network of `forward`.

    dlogits: (N, K), the derivative of any scalar in the logits.  cache: of the forward pass with `params`.
    Returns the derivatives in the parameters, each under its parameter's key and of its shape. Linear in
    dlogits, without a factor 1/N.
    Source: Rumelhart, Hinton & Williams (1986), doi 10.1038/323533a0, for this network.
    """
    d_z1, d_W2, d_b2 = linear_vjp(cache["a1"], params["W2"], dlogits)
    # Until here d_a1. Numbers are finite, so the slope of relu may multiply: NumPy's `where`, as in relu_vjp, takes
    # ten times as long.
    d_z1 *= namespace_of(d_z1).astype(cache["z1"] > 0, d_z1.dtype)
    d_W1, d_b1 = _parameters_vjp(cache["X"], d_z1)  # nobody asks for dX, which is as much work as dW1
    return {"W1": d_W1, "b1": d_b1, "W2": d_W2, "b2": d_b2}


def loss_and_gradient(X: Array, y: Array, params: Params) -> tuple[Array, Params]:
    """The cost of a batch and its gradient: what one training step needs, with one softmax for both.

    X: (N, D).  y: (N,), any integer dtype.  Returns `cross_entropy` of the logits, and for each key of params
    its derivative.
    """
    logits, cache = forward(X, params)
    log_p = log_softmax(logits)
    one_hot = _one_hot(y, log_p)
    return _mean_surprise(log_p, one_hot), backward(_error_term(log_p, one_hot), cache, params)


def sgd_update(params: Params, grads: Params, lr: float) -> Params:
    """One step of gradient descent: a new dict of new arrays, p - lr * dp for each key of params."""
    return {key: value - lr * grads[key] for key, value in params.items()}


def train(X: Array, y: Array, params: Params, lr: float, n_steps: int) -> tuple[Params, Array]:
    """n_steps of full-batch gradient descent.

    Returns the parameters after the last step and losses (n_steps,): losses[t] is the cost before step t,
    with the parameters at which that step takes its gradient. No steps: a copy of params and an empty array.
    """
    xp = namespace_of(X)
    current = {key: xp.asarray(value, copy=True) for key, value in params.items()}
    losses = []
    for _ in range(n_steps):
        loss, grads = loss_and_gradient(X, y, current)
        losses.append(xp.asarray(loss))
        current = sgd_update(current, grads, lr)
    return current, xp.stack(losses) if losses else xp.zeros((0,), dtype=X.dtype)


def backward_of(X: Array, y: Array, params: Params) -> Params:
    """The gradient of the cost of a batch: forward, cross_entropy_grad, backward."""
    return loss_and_gradient(X, y, params)[1]


def draw_case(
    rng: np.random.Generator, N: int, D: int, H: int, K: int, dtype: Any = np.float64
) -> tuple[Params, Array, Array]:
    """A random batch and network, far enough from the kink of relu that rounding cannot flip a unit.

    Returns (params, X, y): NumPy arrays, standard normal, biases included; y (N,) int64. Draws again until
    every |z1| > 1e-3, some unit is on, and (unless N H = 1) some unit is off. Without the first condition, float32 or
    another device may round a z1 to the other side of 0, which moves the gradient by O(1/N). For the labels see
    `draw_labels`.
    """
    shapes = {"W1": (D, H), "b1": (H,), "W2": (H, K), "b2": (K,)}
    while True:
        params: Params = {key: rng.standard_normal(shape).astype(dtype) for key, shape in shapes.items()}
        X = rng.standard_normal((N, D)).astype(dtype)
        z1 = X @ params["W1"] + params["b1"]
        if np.min(np.abs(z1)) > 1e-3 and np.max(z1) > 0 and (z1.size == 1 or np.min(z1) < 0):
            return params, X, draw_labels(rng, N, K)


def draw_labels(rng: np.random.Generator, N: int, K: int) -> Array:
    """N labels of K classes in random order, (N,) int64: as many classes as fit, and the last one always.

    So code that takes the number of classes from y is right for every draw, or wrong for every draw.
    """
    classes = [K - 1, *rng.permutation(K - 1)]
    return rng.permutation(np.resize(classes, N))
