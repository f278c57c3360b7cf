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

from reference_impl.backend import fused, namespace_of

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
    z1, a1 = _hidden_layer(X @ params["W1"], params["b1"])
    return a1 @ params["W2"] + params["b2"], {"X": X, "z1": z1, "a1": a1}


@fused
def _hidden_layer(xp: Any, product: Array, b: Array) -> tuple[Array, Array]:
    z = product + b
    return z, xp.maximum(z, 0)


def log_softmax(logits: Array) -> Array:
    """The logarithm of each row's softmax, without forming the softmax.

    logits: (N, K), finite.  Returns (N, K).  Taking each row's maximum off first does not change the value,
    and keeps the exponentials within (0, 1], so no difference of logits up to the largest float overflows.
    Source: Goodfellow, Bengio & Courville, Deep Learning (2016), section 4.1.
    """
    xp = namespace_of(logits)
    shifted, powers = _shifted(logits, xp.max(logits, axis=1, keepdims=True))
    return _less_log(shifted, xp.sum(powers, axis=1, keepdims=True))


@fused
def _shifted(xp: Any, logits: Array, largest: Array) -> tuple[Array, Array]:
    shifted = logits - largest
    return shifted, xp.exp(shifted)


@fused
def _less_log(xp: Any, shifted: Array, total: Array) -> Array:
    return shifted - xp.log(total)


def cross_entropy(logits: Array, y: Array) -> Array:
    """The mean over the batch of -log softmax(logits)[n, y[n]], in nats.

    logits: (N, K).  y: (N,), any integer dtype.  Returns one number (an array of shape () off NumPy).
    """
    log_p = log_softmax(logits)
    return _mean_surprise(_surprise(log_p, *_labels_and_classes(y, log_p)))


def cross_entropy_grad(logits: Array, y: Array) -> Array:
    """The derivative of `cross_entropy` in the logits, (softmax - onehot) / N; the only place where 1/N enters.

    logits: (N, K).  y: (N,), any integer dtype; classes may be absent.  Returns (N, K); each row sums to 0.
    Source: Bishop, Pattern Recognition and Machine Learning (2006), equation 4.109.
    """
    log_p = log_softmax(logits)
    return _error(log_p, *_labels_and_classes(y, log_p), log_p.shape[0])


def _labels_and_classes(y: Array, log_p: Array) -> tuple[Array, Array]:
    """Columns of labels (N, 1) and a row of classes (K,): where they are equal, one-hot is 1."""
    xp = namespace_of(log_p)
    return xp.astype(y, xp.int64, copy=False)[:, None], xp.arange(log_p.shape[1], dtype=xp.int64, device=log_p.device)


def _of_the_label(xp: Any, log_p: Array, labels: Array, classes: Array) -> Array:
    # `where` and not a product with the one-hot matrix: 0 × -inf would be NaN
    return xp.where(labels == classes, log_p, 0)


def _error_term(xp: Any, log_p: Array, labels: Array, classes: Array, N: int) -> Array:
    return (xp.exp(log_p) - xp.astype(labels == classes, log_p.dtype)) / N


_surprise = fused(_of_the_label)
_error = fused(_error_term)


@fused
def _surprise_and_error(xp: Any, log_p: Array, labels: Array, classes: Array, N: int) -> tuple[Array, Array]:
    return _of_the_label(xp, log_p, labels, classes), _error_term(xp, log_p, labels, classes, N)


def _mean_surprise(surprise: Array) -> Array:
    return -namespace_of(surprise).sum(surprise) / surprise.shape[0]


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
    d_a1, d_W2, d_b2 = linear_vjp(cache["a1"], params["W2"], dlogits)
    # nobody asks for dX, which is as much work as dW1
    d_W1, d_b1 = _parameters_vjp(cache["X"], _through_relu(d_a1, cache["z1"]))
    return {"W1": d_W1, "b1": d_b1, "W2": d_W2, "b2": d_b2}


@fused
def _through_relu(xp: Any, d_a: Array, z: Array) -> Array:
    # Numbers are finite, so the slope of relu may multiply: NumPy's `where`, as in relu_vjp, takes ten times as long.
    return d_a * xp.astype(z > 0, d_a.dtype)


def loss_and_gradient(X: Array, y: Array, params: Params) -> tuple[Array, Params]:
    """The cost of a batch and its gradient: what one training step needs, with one softmax for both.

    X: (N, D).  y: (N,), any integer dtype.  Returns `cross_entropy` of the logits, and for each key of params
    its derivative.
    """
    logits, cache = forward(X, params)
    log_p = log_softmax(logits)
    surprise, d_logits = _surprise_and_error(log_p, *_labels_and_classes(y, log_p), log_p.shape[0])
    return _mean_surprise(surprise), backward(d_logits, cache, params)


def sgd_update(params: Params, grads: Params, lr: float) -> Params:
    """One step of gradient descent: a new dict of new arrays, p - lr * dp for each key of params."""
    return {key: _step(value, grads[key], lr) for key, value in params.items()}


@fused
def _step(_: Any, p: Array, dp: Array, lr: float) -> Array:
    return p - lr * dp


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
