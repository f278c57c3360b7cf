"""Returns zeros of the right shape, and one word, wherever something is asked.

fails: q1.fwd_value q1.example q1.count q1.rev_value q1.fwd_order q1.rev_order q1.list_untouched q2.example q2.forward_counts q2.reverse_counts q2.exact_int q2.symmetry q3.example q3.jvp q3.cost q4.example q4.vjp q4.cost q4.list_untouched q5.example q5.fwd_value q5.rev_value q5.cost q6.example q6.rule_of_thumb q6.uneven q7.example q7.mlp q7.ratio q8.example q8.cost q8.tree q8.optimal b1.example b1.value b1.memory b1.extra_forward b1.best_interval b2.example b2.chain b2.search
diagnosis: zero
"""

import numpy as np


def accumulate_forward(Js):
    return np.zeros((Js[-1].shape[0], Js[0].shape[1]))


def accumulate_reverse(Js):
    return np.zeros((Js[-1].shape[0], Js[0].shape[1]))


def forward_macs(dims):
    return 0


def reverse_macs(dims):
    return 0


def jvp(layers, x, v):
    for layer in layers:
        x, v = layer(x), layer.jvp(x, v)
    return 0 * x, 0 * v


def vjp(layers, x, u):
    places = [x]
    for layer in layers:
        places.append(layer(places[-1]))
    for layer, place in zip(reversed(layers), places[-2::-1]):
        u = layer.vjp(place, u)
    return 0 * places[-1], 0 * u


def jacobian_forward(layers, x):
    return np.stack([0 * jvp(layers, x, e)[1] for e in np.eye(len(x))], axis=1)


def jacobian_reverse(layers, x):
    y, _ = jvp(layers, x, x)
    return np.stack([0 * vjp(layers, x, e)[1] for e in np.eye(len(y))])


def cheaper_mode(dims):
    return "tie"


def mlp_macs(N, D, H, K):
    return {"forward": 0, "backward": 0, "gradient_over_forward": 0.0}


def optimal_bracketing(dims):
    tree = 0
    for layer in range(1, len(dims) - 1):
        tree = (layer, tree)
    return 0, tree


def checkpointed_vjp(layers, x, u, k):
    y, rows = vjp(layers, x, u)
    return y, rows


def best_interval(L):
    return 0


def reverse_loses():
    return [0, 0]


def search_counterexample(widths, max_layers):
    return None
