"""Each line leaves a closure behind that sends its messages, and these are called from the last one on."""

import numpy as np


def forward(program, lines, n, values, ops):
    """Evaluate these lines into `values`. Returns their closures: each takes the table of adjoints."""
    closures = []
    for i in lines:
        name, sources = program[i]
        inputs = [values[s] for s in sources]
        values[n + i] = ops[name](*inputs)
        closures.append(pullback(ops[name], n + i, sources, values[n + i], inputs))
    return closures


def pullback(op, slot, sources, y, inputs):
    def send(adjoints, wanted=lambda slot: True):
        if slot in adjoints:
            message = adjoints.pop(slot)
            for k, source in enumerate(sources):
                if wanted(source):
                    answer = op.vjp(k, message, y, *inputs)
                    adjoints[source] = answer if source not in adjoints else adjoints[source] + answer

    return send


def gathered(adjoints, xs, numbers):
    return [np.zeros(np.shape(xs[i])) + adjoints.get(i, 0.0) for i in numbers]


def backprop(program, xs, u, ops):
    values, adjoints = dict(enumerate(xs)), {len(xs) + len(program) - 1: u}
    closures = forward(program, range(len(program)), len(xs), values, ops)
    y = values[len(values) - 1]
    while closures:
        closures.pop()(adjoints)
    return y, gathered(adjoints, xs, range(len(xs)))


def gradients(program, xs, u, ops, wrt):
    values, adjoints = dict(enumerate(xs)), {len(xs) + len(program) - 1: u}
    active = set(wrt)
    for slot, (_, sources) in enumerate(program, len(xs)):
        if not active.isdisjoint(sources):
            active.add(slot)
    for send in forward(program, range(len(program)), len(xs), values, ops)[::-1]:
        send(adjoints, active.__contains__)
    return values[len(values) - 1], gathered(adjoints, xs, wrt)


def checkpointed(program, xs, u, ops, cuts):
    n, starts = len(xs), [0, *cuts]
    readers = {}  # slot: the last line that reads it
    for i, (_, sources) in enumerate(program):
        readers |= dict.fromkeys(sources, i)
    kept, adjoints = dict(enumerate(xs)), {n + len(program) - 1: u}
    for start, end in zip(starts, [*cuts, len(program)]):
        values = dict(kept)
        forward(program, range(start, end), n, values, ops)
        y = values[n + end - 1]
        kept |= {slot: value for slot, value in values.items() if readers.get(slot, -1) >= end}
    for start, end in reversed(list(zip(starts, [*cuts, len(program)]))):
        for send in reversed(forward(program, range(start, end), n, dict(kept), ops)):
            send(adjoints)
    return y, gathered(adjoints, xs, range(n))
