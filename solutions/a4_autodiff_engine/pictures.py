"""The picture of A4's graph: the public example with a fan-out. That of Question 11 stands in hidden_checks.py."""

import numpy as np

from autograder.authoring import Callback, Graph, no_picture, picture
from reference_impl.engine_ops import OPS
from reference_impl.figures.scenes.graph import GraphWatch, graph_messages

PROGRAM, NAMES, XS = [("add", (0, 1)), ("mul", (2, 0))], ("a", "b"), [2.0, 3.0]  # of the check fan_out_example
MOST_ASKED, MOST_NUMBERS = 50, 100  # rules of one line, numbers of an argument: each question is kept


def _bounded(op):
    """A line's op as student code gets it. A student whose code asks for more reads why there is no picture."""

    def few(arguments):
        if len(op.asked) >= MOST_ASKED:
            raise ValueError(f"backprop asked one line for its rules {MOST_ASKED} times, and twice is enough")
        if any(np.size(x) > MOST_NUMBERS for x in arguments):
            raise ValueError(f"each value has one number, and a line was asked about more than {MOST_NUMBERS}")
        return arguments

    return Callback(lambda *xs: op(*few(xs)), methods={"vjp": lambda k, *rest: op.vjp(k, *few(rest))})


def _slots(backprop, handed):
    """(values, adjoints) of all slots, as a backward pass makes them on PROGRAM. handed: what it gets for an op."""
    watch = GraphWatch(PROGRAM, OPS)
    passed = backprop(watch.program, XS, 1.0, {name: handed(op) for name, op in watch.ops.items()})
    if not isinstance(passed, (tuple, list)) or len(passed) != 2 or not isinstance(passed[1], (tuple, list)):
        no_picture("backprop returned no pair (y, grads)")
    if len(passed[1]) != len(XS):
        no_picture("backprop returned another number of gradients than there are inputs")
    return watch.values(XS), watch.adjoints(passed[1])


@picture("q4", title="Your adjoints on the graph")
def adjoints(student, reference):
    """(a + b) · a at (2, 3) with u = 1, from your own backprop. A cross stands where an adjoint is not the sum of the
    messages that arrive."""
    yours = _slots(student.backprop, _bounded)
    right = _slots(reference.backprop, lambda op: op)
    sent = graph_messages(PROGRAM, len(XS), *yours, OPS)
    return Graph.of(PROGRAM, NAMES, yours, right, sent)
