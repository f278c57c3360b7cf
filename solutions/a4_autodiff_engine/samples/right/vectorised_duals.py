"""One array holds value and derivative: the last axis has length 2."""

import numpy as np


class Both:
    """data[..., 0] is the value, data[..., 1] the derivative. Binary operators stretch both in the same way."""

    __array_priority__ = 100
    __array_ufunc__ = None

    def __init__(self, data):
        self.data = data

    @property
    def value(self):
        return self.data[..., 0]

    @property
    def moves(self):
        return self.data[..., 1]

    def _chain(self, y, slope):
        return Both(np.stack([y, slope * self.moves], axis=-1))

    def _with(self, other, turned, function):
        one, two = (lift(other), self) if turned else (self, lift(other))
        return Both(function(one.data, two.data))

    def __add__(self, other):
        return self._with(other, False, aligned_sum)

    def __sub__(self, other):
        return self._with(other, False, lambda a, b: aligned_sum(a, -b))

    def __rsub__(self, other):
        return self._with(other, True, lambda a, b: aligned_sum(a, -b))

    def __mul__(self, other):
        return self._with(other, False, product)

    __radd__, __rmul__ = __add__, __mul__

    def __truediv__(self, other):
        return self._with(other, False, lambda a, b: product(a, inverse(b)))

    def __rtruediv__(self, other):
        return self._with(other, True, lambda a, b: product(a, inverse(b)))

    def __matmul__(self, other):
        return self._with(other, False, matrix_product)

    def __rmatmul__(self, other):
        return self._with(other, True, matrix_product)

    def __neg__(self):
        return Both(-self.data)

    def exp(self):
        return self._chain(np.exp(self.value), np.exp(self.value))

    def log(self):
        return self._chain(np.log(self.value), 1 / self.value)

    def tanh(self):
        return self._chain(np.tanh(self.value), 1 - np.tanh(self.value) ** 2)

    def relu(self):
        return Both(np.where(self.value[..., None] > 0, self.data, 0.0))

    def sum(self):
        return Both(self.data.reshape(-1, 2).sum(axis=0))


def lift(x):
    return x if isinstance(x, Both) else Both(np.stack([np.asarray(x, float), np.zeros(np.shape(x))], axis=-1))


def aligned(a, b):
    """Both arrays with as many axes; the pair stays last."""
    shape = np.broadcast_shapes(a.shape[:-1], b.shape[:-1])
    return (np.broadcast_to(x.reshape((1,) * (len(shape) + 1 - x.ndim) + x.shape), (*shape, 2)) for x in (a, b))


def aligned_sum(a, b):
    a, b = aligned(a, b)
    return a + b


def product(a, b):
    a, b = aligned(a, b)
    return np.stack([a[..., 0] * b[..., 0], a[..., 0] * b[..., 1] + a[..., 1] * b[..., 0]], axis=-1)


def inverse(b):
    return np.stack([1 / b[..., 0], -b[..., 1] / b[..., 0] ** 2], axis=-1)


def matrix_product(a, b):
    return np.stack([a[..., 0] @ b[..., 0], a[..., 0] @ b[..., 1] + a[..., 1] @ b[..., 0]], axis=-1)


def dual_derivative(f, xs, vs):
    y = f(*[Both(np.stack([np.asarray(x, float), np.asarray(v, float)], axis=-1)) for x, v in zip(xs, vs)])
    return y.value.copy(), y.moves.copy()
