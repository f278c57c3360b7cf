"""Ops for assignment 4: three toys, ops that count, and ops made of your own rules. NumPy, and no walk of a program.

`graphs` hands on everything from this file, so a notebook imports only that.
"""

import numpy as np

# --- Ops -------------------------------------------------------------------------------------------


class ToyOp:
    """An op that works entry by entry: its value, and for each input the slope. Nothing is stretched."""

    def __init__(self, value, *slopes):
        self._value, self._slopes = value, slopes

    def __call__(self, *inputs):
        """The value."""
        return self._value(*inputs)

    def vjp(self, k, u, y, *inputs):
        """u, pulled back to input k."""
        return self._slopes[k](u, y, *inputs)

    def jvp(self, k, v, y, *inputs):
        """v at input k, pushed to the output."""
        return self._slopes[k](v, y, *inputs)


TOY = {
    "add": ToyOp(lambda a, b: a + b, lambda g, y, a, b: g, lambda g, y, a, b: g),
    "mul": ToyOp(lambda a, b: a * b, lambda g, y, a, b: g * b, lambda g, y, a, b: g * a),
    "sin": ToyOp(np.sin, lambda g, y, a: g * np.cos(a)),
}


class CountedOps(dict):
    """Ops that note in `calls` what they are asked: (name, "value"), or (name, k) for a rule."""

    def __init__(self, ops):
        self.calls = []
        super().__init__({name: _CountedOp(name, op, self.calls) for name, op in ops.items()})

    def rules(self):
        """How many rules were asked."""
        return sum(asked != "value" for _, asked in self.calls)


class _CountedOp:
    def __init__(self, name, op, calls):
        self._name, self._op, self._calls = name, op, calls

    def __call__(self, *inputs):
        self._calls.append((self._name, "value"))
        return self._op(*inputs)

    def vjp(self, k, u, y, *inputs):
        self._calls.append((self._name, k))
        return self._op.vjp(k, u, y, *inputs)

    def jvp(self, k, v, y, *inputs):
        self._calls.append((self._name, k))
        return self._op.jvp(k, v, y, *inputs)


def counted(ops):
    """The same ops, and `calls` beside them: a list of what they were asked."""
    return CountedOps(ops)


# --- Ops out of your rules -------------------------------------------------------------------------

VALUES = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "neg": lambda a: -a,
    "exp": np.exp,
    "log": np.log,
    "tanh": np.tanh,
    "relu": lambda a: np.maximum(a, 0),
    "matmul": lambda a, b: a @ b,
    "sum": np.sum,
}
# cross_entropy is a program, too: of the logits, Y, a column of ones, and 1/N. So its rule is your engine's answer.
CROSS_ENTROPY = [
    ("exp", (0,)), ("matmul", (4, 2)), ("log", (5,)), ("sub", (0, 6)), ("mul", (1, 7)), ("sum", (8,)), ("neg", (9,)),
    ("mul", (10, 3)),
]  # fmt: skip


def table(local_vjp, matmul_vjp, unbroadcast, backprop):
    """{name: op} of your rules: those of Questions 1 and 6, and `add`, `mul`, `sum` from the text.

    The rule of `cross_entropy` asks your `backprop` about a program of eight lines.
    """
    rules = {
        "add": lambda k, u, y, a, b: u,
        "mul": lambda k, u, y, a, b: u * (b, a)[k],
        "sum": lambda k, u, y, a: u * np.ones(np.shape(a)),
        "matmul": lambda k, u, y, a, b: matmul_vjp(k, u, a, b),
    }
    ops = {name: _RuledOp(name, value, rules.get(name), local_vjp, unbroadcast) for name, value in VALUES.items()}
    ops["cross_entropy"] = _CrossEntropy(backprop, ops)
    return ops


class _RuledOp:
    def __init__(self, name, value, rule, local_vjp, unbroadcast):
        self._name, self._value, self._rule = name, value, rule
        self._local_vjp, self._unbroadcast = local_vjp, unbroadcast

    def __call__(self, *inputs):
        return self._value(*inputs)

    def vjp(self, k, u, y, *inputs):
        part = self._rule(k, u, y, *inputs) if self._rule else self._local_vjp(self._name, k, u, y, *inputs)
        return part if np.shape(part) == np.shape(inputs[k]) else self._unbroadcast(part, np.shape(inputs[k]))


class _CrossEntropy:
    def __init__(self, backprop, ops):
        self._backprop, self._ops = backprop, ops

    def __call__(self, logits, Y):
        return np.sum(Y * (np.logaddexp.reduce(logits, axis=1)[:, None] - logits)) / len(logits)

    def vjp(self, k, u, y, logits, Y):
        shifted = logits - logits.max(1)[:, None]  # a shift changes nothing; see broken.py, E
        inputs = [shifted, Y, np.ones((logits.shape[1], 1)), np.array(1 / len(logits))]
        return self._backprop(CROSS_ENTROPY, inputs, np.asarray(u, dtype=float), self._ops)[1][k]


def as_engine(backprop, ops):
    """An engine for Question 11, engine(program, xs, u) -> (y, grads): your backprop on these ops."""
    return lambda program, xs, u: backprop(program, xs, u, ops)


def first_doubled(engine):
    """The same engine with its first gradient doubled: a wrong one."""

    def doubled(program, xs, u):
        y, grads = engine(program, xs, u)
        return y, [2 * grads[0], *grads[1:]]

    return doubled


def verdict_and_sizes(judge, engine):
    """What a judge of Question 11 says of an engine, and how much it asks for that: the pair (verdict, sizes)."""
    lines, numbers = [], []

    def noting(program, xs, u):
        lines.append(len(program))
        numbers.append(sum(np.size(x) for x in xs))
        return engine(program, xs, u)

    verdict = judge(noting)
    return verdict, {
        "calls": len(lines),
        "lines of one program": max(lines, default=0),
        "lines in all": sum(lines),
        "numbers in the inputs of one program": max(numbers, default=0),
    }
