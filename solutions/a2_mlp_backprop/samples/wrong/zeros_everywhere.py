"""Returns zeros of the right shape, and one word, wherever something is asked.

fails: q3.log_softmax q1.example q1.nested q1.empty q2.example q2.keeps_arguments q2.logits q2.pure q2.f32 q3.example q3.finite q3.stable q3.rowwise_shift q3.f32 q4.example q4.mean_of_batch q4.value q4.batch_mean q4.extreme q5.example q5.value q5.missing_class q5.stable q5.uint8 q5.f32 q5.pure q6.example q6.single_precision q6.relu_vjp q6.relu_vjp_inf q6.linear_vjp q6.adjoint q6.pure q7.example q7.finite_difference q7.reference q7.linear_in_dlogits q7.kink q7.interleaved q7.repeatable q7.f32 q8.example q8.update q8.own_memory q9.example q9.trajectory q9.zero_steps q9.learns b1.example b1.gradients b1.saturated b2.example b2.same_gradients b3.example b3.remote
diagnosis: zero
"""

import numpy as np


def nested_derivative(fs, dfs, x):
    return np.zeros(np.shape(x)), np.zeros(np.shape(x))


def forward(X, params):
    return np.zeros((len(X), len(params["b2"])), dtype=X.dtype), {"X": X}


def log_softmax(logits):
    return np.zeros_like(logits)


def cross_entropy(logits, y):
    return 0.0


def cross_entropy_grad(logits, y):
    return np.zeros_like(logits)


def relu_vjp(z, g):
    return np.zeros_like(g)


def linear_vjp(X, W, g):
    return np.zeros_like(X), np.zeros_like(W), np.zeros(g.shape[1], dtype=g.dtype)


def backward(dlogits, cache, params):
    return {name: np.zeros_like(array) for name, array in params.items()}


def sgd_update(params, grads, lr):
    return {name: np.zeros_like(array) for name, array in params.items()}


def train(X, y, params, lr, n_steps):
    return {name: np.zeros_like(array) for name, array in params.items()}, [0.0] * n_steps


def sigmoid_network(X, Y, params):
    return 0.0, {name: np.zeros_like(array) for name, array in params.items()}


def bias_column_gradients(X, y, V1, V2):
    return np.zeros_like(V1), np.zeros_like(V2)


def portable_gradients(X, Y, params):
    return {name: 0 * array for name, array in params.items()}
