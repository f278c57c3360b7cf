"""Python lists where arrays would do, in and out of the passes."""

import numpy as np



def jacobian_forward(layers, x):
    columns = [list(jvp(layers, x, e)[1]) for e in np.eye(len(x))]
    return [list(row) for row in zip(*columns)]


def jacobian_reverse(layers, x):
    m = len(jvp_value(layers, x))
    return [list(vjp(layers, x, [float(i == j) for j in range(m)])[1]) for i in range(m)]


def jvp_value(layers, x):
    for layer in layers:
        x = layer(x)
    return x
