"""functools.reduce for everything that walks along a chain."""

from functools import reduce

import numpy as np


def accumulate_forward(Js):
    return reduce(lambda P, J: np.dot(J, P), Js[1:], np.array(Js[0]))


def accumulate_reverse(Js):
    return reduce(np.dot, Js[-2::-1], np.array(Js[-1]))


def jvp(layers, x, v):
    return reduce(lambda at, layer: (layer(at[0]), layer.jvp(*at)), layers, (x, v))
