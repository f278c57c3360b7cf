"""What to try assignment 3 on: layers that know their two products, and matrices that count multiply-adds.

NumPy and nothing else; no derivative of a whole chain is computed here.
"""

import itertools
import math

import numpy as np

# --- Layers ----------------------------------------------------------------------------------------


class Layer:
    """A map of x (n_in,) to y (n_out,) that knows both products with its Jacobian J(x), (n_out, n_in).

    `calls` counts what it was asked for. Shapes are checked, not guessed.
    """

    def __init__(self, name, value, times, row_times, shape=(None, None)):
        self.calls = {"evaluated": 0, "jvp": 0, "vjp": 0}
        self._name, self._value, self._times, self._row_times = name, value, times, row_times
        self._n_out, self._n_in = shape

    def __call__(self, x):
        """The layer's value at x (n_in,). Returns (n_out,)."""
        self.calls["evaluated"] += 1
        return self._value(self._vector(x, self._n_in, "x"))

    def jvp(self, x, v):
        """J(x) times v: x the layer's input (n_in,), v (n_in,). Returns (n_out,)."""
        self.calls["jvp"] += 1
        x = self._vector(x, self._n_in, "x")
        return self._times(x, self._vector(v, x.size, "v"))

    def vjp(self, x, u):
        """A row u times J(x): x the layer's input (n_in,), u (n_out,). Returns (n_in,)."""
        self.calls["vjp"] += 1
        x = self._vector(x, self._n_in, "x")
        return self._row_times(x, self._vector(u, self._n_out or x.size, "u"))

    def __repr__(self):
        """What it does."""
        return self._name

    def _vector(self, values, size, name):
        values = np.array(values, dtype=float)
        if values.ndim != 1 or size not in {None, values.size}:
            wanted = "(n,)" if size is None else f"({size},)"
            raise ValueError(f"{self}: expected {name} of shape {wanted}, got {values.shape}")
        return values


def affine(W, b):
    """The layer x -> W x + b. Its Jacobian is W. W: (n_out, n_in), b: (n_out,)."""
    W, b = np.array(W, dtype=float), np.array(b, dtype=float)
    name = f"affine({W.shape[1]} → {W.shape[0]})"
    return Layer(name, lambda x: W @ x + b, lambda _, v: W @ v, lambda _, u: u @ W, W.shape)


def elementwise(name, f, slope):
    """The layer x -> f(x), entry by entry. Its Jacobian is diagonal, the slopes."""
    return Layer(name, f, lambda x, v: slope(x) * v, lambda x, u: u * slope(x))


def square():
    """The layer x -> x², entry by entry."""
    return elementwise("square", lambda x: x * x, lambda x: 2 * x)


def tanh():
    """The layer x -> tanh x, entry by entry."""
    return elementwise("tanh", np.tanh, lambda x: 1 - np.tanh(x) ** 2)


def two_layers():
    """Squares, then a matrix: (a, b) -> (a² + b², 2a² - b² + 1, 3b²). All whole numbers, to check by hand."""
    return [square(), affine([[1, 1], [2, -1], [0, 3]], [0, 1, 0])]


def three_layers():
    """Squares, a matrix, squares: (a, b) -> ((a² + b²)², (a² - b²)²). A Jacobian taken at a wrong place shows."""
    return [square(), affine([[1, 1], [1, -1]], [0, 0]), square()]


def network(dims, seed=0):
    """Affine layers with tanh between them; dims are the widths."""
    rng = np.random.default_rng(seed)
    layers = []
    for n, m in itertools.pairwise(dims):
        layers += [affine(rng.standard_normal((m, n)) / np.sqrt(n), rng.standard_normal(m)), tanh()]
    return layers[:-1]


def calls_of(layers):
    """How often each layer was evaluated and asked for its products, a dict a layer."""
    return [dict(layer.calls) for layer in layers]


# --- Matrices that count ---------------------------------------------------------------------------


def count_multiply_adds(multiply, Js):
    """Let multiply(Js) work on arrays that count. Returns the product as nested lists, and the multiply-adds.

    Js: matrices. The arrays know `@`, np.dot, np.matmul, np.einsum over two arrays, indexing, `.T`, `.copy()`,
    and + - * /, so that loops count as `@` does. Turned into ordinary numbers they no longer count.
    """
    tally = _Tally()
    product = multiply([CountingArray(np.array(J, dtype=float), tally) for J in Js])
    return _plain(product), tally.total


class _Tally:
    total = 0

    def __deepcopy__(self, _):
        return self


def _plain(value):
    """Nested lists of numbers out of counting arrays, or lists of them."""
    if isinstance(value, CountingArray):
        return value._values.tolist()
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


class CountingArray(np.lib.mixins.NDArrayOperatorsMixin):
    """An array whose products are counted, in multiply-adds."""

    def __init__(self, values, tally):
        self._values, self._tally = values, tally

    shape = property(lambda self: self._values.shape)
    ndim = property(lambda self: self._values.ndim)
    size = property(lambda self: self._values.size)
    dtype = property(lambda self: self._values.dtype)
    T = property(lambda self: self._counted(self._values.T))

    def __repr__(self):
        """The shape."""
        return f"CountingArray{self.shape}"

    def __len__(self):
        """The rows."""
        return len(self._values)

    def __iter__(self):
        """Row by row."""
        return (self[i] for i in range(len(self)))

    def __getitem__(self, index):
        """A part, which counts into the same sum."""
        return self._counted(self._values[index])

    def __setitem__(self, index, value):
        """Overwrite a part."""
        self._values[index] = _bare(value)

    def copy(self):
        """An array of its own."""
        return self._counted(self._values.copy())

    def dot(self, other):
        """As np.dot."""
        return np.dot(self, other)

    def sum(self, axis=None):
        """As np.sum."""
        return self._counted(self._values.sum(axis=axis))

    def __array__(self, dtype=None, copy=None):
        """The numbers as an ordinary array, which counts nothing."""
        return self._values.astype(dtype or float)

    def __float__(self):
        """The number alone, which counts nothing."""
        return float(self._values)

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **options):
        """Count `@` and `*`, then do what NumPy does."""
        bare = [_bare(a) for a in inputs]
        result = getattr(ufunc, method)(*bare, **options)
        scaling = any(type(a) in {int, float} for a in inputs)  # by a plain number: no product of two matrices
        if method == "__call__" and ufunc is np.multiply and not scaling:
            self._tally.total += np.size(result)
        elif method == "__call__" and ufunc is np.matmul:
            self._tally.total += _of_product(*bare)
        if out is None:
            return self._counted(result)
        out[0][...] = result
        return out[0]

    def __array_function__(self, function, types, arguments, options):
        """Count dot, einsum and tensordot; refuse what chooses an order of its own."""
        bare = [_bare(a) for a in arguments]
        options = {key: _bare(value) for key, value in options.items()}
        name = function.__name__
        if name == "multi_dot" or (name == "einsum" and len(bare) > 3):
            raise TypeError(f"{name} over several arrays chooses its own order: multiply two at a time")
        result = function(*bare, **options)
        if name == "dot":
            self._tally.total += _of_product(*bare)
        elif name == "einsum" and len(bare) == 3:
            self._tally.total += _of_einsum(*bare)
        elif name in {"tensordot", "inner", "outer", "vdot"}:
            # p q numbers times q r numbers are p r numbers: the square root of the three is p q r
            self._tally.total += math.isqrt(np.size(bare[0]) * np.size(bare[1]) * np.size(result))
        return [self._counted(r) for r in result] if isinstance(result, list) else self._counted(result)

    def _counted(self, values):
        return CountingArray(np.asarray(values), self._tally)


def _bare(value):
    if isinstance(value, CountingArray):
        return value._values
    return type(value)(_bare(v) for v in value) if type(value) in {list, tuple} else value


def _of_product(a, b):
    return np.size(a) * (np.shape(b)[-1] if np.ndim(b) > 1 else 1)


def _of_einsum(subscripts, a, b):
    letters = subscripts.replace(" ", "").partition("->")[0].split(",")
    sizes = {letter: n for term, array in zip(letters, (a, b), strict=True) for letter, n in zip(term, array.shape)}  # noqa: B905
    return math.prod(sizes.values())
