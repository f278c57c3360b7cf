"""Counts the users that have not spoken yet; a queue holds whoever has heard all of them."""

from collections import Counter, deque

import numpy as np


def sort_graph(graph, out):
    users, reach = Counter(), deque([out])
    seen = {out}
    while reach:
        for source in graph[reach.popleft()]:
            users[source] += 1
            if source not in seen:
                seen.add(source)
                reach.append(source)
    order, ready = deque(), deque([out] if not users[out] else [])
    while ready:
        name = ready.popleft()
        order.appendleft(name)
        for source in graph[name]:
            users[source] -= 1
            if not users[source]:
                ready.append(source)
    if len(order) != len(seen):
        raise ValueError("the graph has a cycle")
    return list(order)


def backprop(program, xs, u, ops):
    n, values = len(xs), run(program, xs, ops)
    last = len(values) - 1
    graph = {slot: () for slot in range(n)} | {n + i: sources for i, (_, sources) in enumerate(program)}
    order = sort_graph(graph, last)
    messages = {slot: [] for slot in graph}
    messages[last].append(u)
    for slot in reversed(order):
        if slot >= n:
            adjoint = sum(messages[slot][1:], messages[slot][0])
            name, sources = program[slot - n]
            for k, source in enumerate(sources):
                messages[source].append(ops[name].vjp(k, adjoint, values[slot], *(values[s] for s in sources)))
    return values[-1], [sum(messages[i], np.zeros(np.shape(x))) for i, x in enumerate(xs)]
