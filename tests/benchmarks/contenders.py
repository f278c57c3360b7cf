"""One step of the two-layer perceptron, written for each library as its own manual would write it.

A contender takes a case (NumPy arrays) and a device, moves the data to where its library wants them, and returns
`step`: no arguments, back when the numbers are there. On the CPU a step is the cost and its gradient; on a GPU it
is a training step, so the new parameters as well. Libraries are imported by the contender that needs them:
each runs in a process of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LEARNING_RATE = 0.01


@dataclass(frozen=True)
class Case:
    """X (N, D), y (N,), params of the shapes in `reference_impl.mlp`, all of one floating dtype but y."""

    X: np.ndarray
    y: np.ndarray
    params: dict[str, np.ndarray]


def draw(N: int, D: int, H: int, K: int, dtype: str, seed: int = 0) -> Case:
    """The same numbers for every contender. Weights / sqrt(inputs), as a network starts, keep the logits near 1."""
    rng = np.random.default_rng(seed)
    shapes = {"W1": (D, H), "b1": (H,), "W2": (H, K), "b2": (K,)}
    params = {key: (rng.standard_normal(s) / np.sqrt(s[0])).astype(dtype) for key, s in shapes.items()}
    return Case(rng.standard_normal((N, D)).astype(dtype), rng.integers(0, K, N), params)


def reference(case: Case, device: str):
    """reference_impl.mlp, on NumPy or CuPy."""
    from reference_impl import mlp
    from reference_impl.backend import namespace_for, to_numpy

    xp = namespace_for(device)
    X, y = xp.asarray(case.X), xp.asarray(case.y)
    params = {key: xp.asarray(value) for key, value in case.params.items()}

    def step():
        return mlp.loss_and_gradient(X, y, params)

    def training_step():
        cost, grads = mlp.loss_and_gradient(X, y, params)
        new = mlp.sgd_update(params, grads, LEARNING_RATE)
        xp.cuda.Device().synchronize()
        return cost, grads, new

    return (training_step if device == "cuda" else step), to_numpy


def autodiff(case: Case, device: str):
    """reference_impl.autodiff, reverse mode."""
    from reference_impl import autodiff as ad

    X, names, one_hot = case.X, list(case.params), np.eye(case.params["b2"].size, dtype=case.X.dtype)[case.y]

    def cost(W1, b1, W2, b2):
        z2 = ad.relu(X @ W1 + b1) @ W2 + b2
        shifted = z2 - np.max(z2.value, axis=1, keepdims=True)
        log_z = ad.log(ad.exp(shifted).sum(axis=1))
        return (log_z.sum() - (shifted * one_hot).sum()) / len(X)

    def step():
        y, pullback = ad.vjp(cost, list(case.params.values()))
        return y, dict(zip(names, pullback(1.0), strict=True))

    return step, np.asarray


def five_products(case: Case, device: str):
    """The five matrix products alone, into memory that is there already: the floor, no gradient."""
    X, (W1, _, W2, _) = case.X, case.params.values()
    z1, z2, W1_like, W2_like, d_z1 = X @ W1, X @ W1 @ W2, np.empty_like(W1), np.empty_like(W2), X @ W1

    def step():
        np.matmul(X, W1, out=z1)
        np.matmul(z1, W2, out=z2)
        np.matmul(z1.T, z2, out=W2_like)
        np.matmul(z2, W2.T, out=d_z1)
        np.matmul(X.T, d_z1, out=W1_like)

    return step, None


def pytorch(case: Case, device: str):
    """PyTorch, eager."""
    import torch

    torch.set_float32_matmul_precision("highest")  # no TF32: 10 bits of each factor instead of 23
    if device == "cuda" and not torch.cuda.is_available():
        raise ImportError("torch sees no GPU")
    X, y = torch.tensor(case.X, device=device), torch.tensor(case.y, device=device)
    params = {key: torch.tensor(value, device=device, requires_grad=True) for key, value in case.params.items()}
    W1, b1, W2, b2 = params.values()

    def step():
        logits = torch.addmm(b2, torch.relu(torch.addmm(b1, X, W1)), W2)
        cost = torch.nn.functional.cross_entropy(logits, y)
        return cost, dict(zip(params, torch.autograd.grad(cost, (W1, b1, W2, b2)), strict=True))

    def training_step():
        cost, grads = step()
        with torch.no_grad():
            new = {key: value - LEARNING_RATE * grads[key] for key, value in params.items()}
        torch.cuda.synchronize()
        return cost, grads, new

    return (training_step if device == "cuda" else step), lambda a: a.detach().cpu().numpy()


def jax_jit(case: Case, device: str):
    """JAX, one compiled function."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_default_matmul_precision", "highest")  # on a recent GPU, JAX takes TF32 unless told
    try:
        place = jax.devices(device)[0]
    except RuntimeError as error:
        raise ImportError("jax sees no GPU") from error
    X, y, params = jax.device_put((case.X, case.y, case.params), place)

    def cost(params, X, y):
        logits = jnp.maximum(X @ params["W1"] + params["b1"], 0) @ params["W2"] + params["b2"]
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], axis=1))

    gradient = jax.jit(jax.value_and_grad(cost))

    @jax.jit
    def training(params, X, y):
        value, grads = jax.value_and_grad(cost)(params, X, y)
        return value, grads, jax.tree.map(lambda p, g: p - LEARNING_RATE * g, params, grads)

    compiled = training if device == "cuda" else gradient
    return (lambda: jax.block_until_ready(compiled(params, X, y))), np.asarray


def hips_autograd(case: Case, device: str):
    """HIPS autograd, the same formula as `autodiff` above."""
    import autograd
    import autograd.numpy as anp
    from autograd.tracer import getval

    X, one_hot = case.X, np.eye(case.params["b2"].size, dtype=case.X.dtype)[case.y]

    def cost(params):
        z2 = anp.dot(anp.maximum(anp.dot(X, params["W1"]) + params["b1"], 0), params["W2"]) + params["b2"]
        shifted = z2 - np.max(getval(z2), axis=1, keepdims=True)  # no derivative through the maximum, as in `autodiff`
        return (anp.sum(anp.log(anp.sum(anp.exp(shifted), axis=1))) - anp.sum(shifted * one_hot)) / len(X)

    gradient = autograd.value_and_grad(cost)
    return (lambda: gradient(case.params)), np.asarray


CONTENDERS = {
    "reference": reference,
    "five products": five_products,
    "PyTorch": pytorch,
    "JAX jit": jax_jit,
    "autodiff": autodiff,
    "HIPS autograd": hips_autograd,
}
NEEDS = {"PyTorch": "torch", "JAX jit": "jax", "HIPS autograd": "autograd"}
ON_A_GPU = ("reference", "PyTorch", "JAX jit")
