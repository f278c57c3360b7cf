"""Automatic differentiation of a program: the reference of Assignment 4.

A program is a list of lines `(name, sources)`. Slots 0 to n - 1 are its n inputs, and line i fills slot n + i from the
slots `sources`, each smaller than its own. The last slot is the result. Operations come from outside, by name
(engine_ops.py), so that a grader can count how often each is asked.
Sources: Griewank & Walther, Evaluating Derivatives, 2nd ed. (2008), chapters 3 and 4; Wengert, A simple automatic
derivative evaluation program (1964).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

Line: TypeAlias = tuple[str, tuple[int, ...]]
Program: TypeAlias = Sequence[Line]
Ops: TypeAlias = Mapping[str, Any]  # name -> an object like engine_ops.Op
Bill: TypeAlias = dict[str, int]


def run(program: Program, xs: Sequence[Any], ops: Ops) -> list[Any]:
    """The values of all slots, inputs first. Each operation is evaluated once."""
    values = list(xs)
    for name, sources in program:
        values.append(ops[name](*(values[s] for s in sources)))
    return values


def sort_graph(graph: Mapping[str, Sequence[str]], out: str) -> list[str]:
    """The names that `out` needs, itself last, each once and after all names that it is computed from.

    graph: each name, and the names it is computed from; leaves have none.  Raises ValueError if `out` leads into a
    cycle. The stack is a list, so depth is no limit, and each name is opened once.
    """
    order: list[str] = []
    opened, finished = {out}, set[str]()
    stack: list[tuple[str, Iterator[str]]] = [(out, iter(graph[out]))]
    while stack:
        name, sources = stack[-1]
        source = next((s for s in sources if s not in finished), None)
        if source is None:
            stack.pop()
            finished.add(name)
            order.append(name)
        elif source in opened:
            raise ValueError(f"graph: expected no cycle, got one through {source!r}.")
        else:
            opened.add(source)
            stack.append((source, iter(graph[source])))
    return order


def backprop(program: Program, xs: Sequence[Any], u: Any, ops: Ops) -> tuple[Any, list[Any]]:
    """The result, and u times its derivative in each input."""
    return gradients(program, xs, u, ops, range(len(xs)))


def gradients(program: Program, xs: Sequence[Any], u: Any, ops: Ops, wrt: Collection[int]) -> tuple[Any, list[Any]]:
    """The result, and u times its derivative in xs[i] for each i of wrt, in the order of wrt.

    u has the result's shape. Operations are evaluated once. A rule is asked only if its answer leads to an input of
    wrt, and for a line only if it leads to the result. Gradients share memory with nothing.
    """
    values = run(program, xs, ops)
    active = _active(program, len(xs), wrt)
    adjoints: list[Any] = [None] * len(values)
    adjoints[-1] = u
    for slot in range(len(values) - 1, len(xs) - 1, -1):
        name, sources = program[slot - len(xs)]
        if adjoints[slot] is None:  # this line does not lead to the result, or to nothing that is wanted
            continue
        for k, s in enumerate(sources):
            if active[s]:
                part = ops[name].vjp(k, adjoints[slot], values[slot], *(values[q] for q in sources))
                adjoints[s] = part if adjoints[s] is None else adjoints[s] + part
    return values[-1], [_own(adjoints[i], xs[i]) for i in wrt]


def _active(program: Program, n_inputs: int, wrt: Collection[int]) -> list[bool]:
    """For each slot: does a wanted input lead to it?"""
    active = [i in wrt for i in range(n_inputs)]
    for _name, sources in program:
        active.append(any(active[s] for s in sources))
    return active


def _own(adjoint: Any, x: Any) -> Any:
    """A copy, since a rule may hand on the very array that it was given; zeros for an input that nobody uses."""
    return np.zeros(np.shape(x)) if adjoint is None else np.array(adjoint, dtype=float)


def must_keep(program: Program, n_inputs: int, reads: Mapping[str, Collection[str]]) -> set[int]:
    """The slots that the way back reads.

    reads: for each name what its rules read, "inputs" and "output" or one or none of them. Lines that do not lead to
    the result are never asked for a rule, so they keep nothing.
    """
    kept, needed = set[int](), {n_inputs + len(program) - 1}
    for slot in range(n_inputs + len(program) - 1, n_inputs - 1, -1):
        if slot not in needed:
            continue
        name, sources = program[slot - n_inputs]
        needed.update(sources)
        kept.update(sources if "inputs" in reads[name] else ())
        kept.update((slot,) if "output" in reads[name] else ())
    return kept


def rule_calls(program: Program, n_inputs: int, n_outputs: int) -> Bill:
    """How many rules a full Jacobian asks, where every source of every line is active and leads to the results."""
    edges = sum(len(sources) for _name, sources in program)
    return {"forward": n_inputs * edges, "reverse": n_outputs * edges}
