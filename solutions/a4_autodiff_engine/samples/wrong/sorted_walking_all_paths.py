"""Each path is walked.

fails: q3.ladder
diagnosis: timeout
"""

def sort_graph(graph, out):
    order, stack = [], [(out, False, ())]
    while stack:
        name, ready, above = stack.pop()
        if ready:
            if name not in order:
                order.append(name)
            continue
        stack.append((name, True, above))
        for source in graph[name]:
            stack.append((source, False, above))
    return order
