"""relu is open at 0.

fails: q8.large
"""

class Pair:
    __array_ufunc__ = None

    def __init__(self, value, moves=0.0):
        self.value = np.asarray(value, dtype=float)
        self.moves = np.broadcast_to(moves, self.value.shape)

    def __add__(self, other):
        other = paired(other)
        return Pair(self.value + other.value, self.moves + other.moves)

    def __radd__(self, other):
        return paired(other) + self

    def __sub__(self, other):
        other = paired(other)
        return Pair(self.value - other.value, self.moves - other.moves)

    def __rsub__(self, other):
        return paired(other) - self

    def __mul__(self, other):
        other = paired(other)
        return Pair(self.value * other.value, self.moves * other.value + self.value * other.moves)

    def __rmul__(self, other):
        return paired(other) * self

    def __truediv__(self, other):
        other = paired(other)
        moves = self.moves / other.value - self.value * other.moves / other.value**2
        return Pair(self.value / other.value, moves)

    def __rtruediv__(self, other):
        return paired(other) / self

    def __matmul__(self, other):
        other = paired(other)
        return Pair(self.value @ other.value, self.moves @ other.value + self.value @ other.moves)

    def __rmatmul__(self, other):
        return paired(other) @ self

    def __neg__(self):
        return Pair(-self.value, -self.moves)

    def exp(self):
        y = np.exp(self.value)
        return Pair(y, y * self.moves)

    def log(self):
        return Pair(np.log(self.value), self.moves / self.value)

    def tanh(self):
        y = np.tanh(self.value)
        return Pair(y, (1 - y * y) * self.moves)

    def relu(self):
        return Pair(np.maximum(self.value, 0.0), self.moves * (self.value >= 0))

    def sum(self):
        return Pair(np.sum(self.value), np.sum(self.moves))


def paired(other):
    return other if isinstance(other, Pair) else Pair(other)


def dual_derivative(f, xs, vs):
    y = f(*[Pair(x, v) for x, v in zip(xs, vs)])
    return y.value, np.array(y.moves)
