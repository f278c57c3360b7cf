"""Two paths that meet are taken for a cycle.

fails: q3.example q3.valid q3.ladder
"""

def sort_graph(graph, out):
    order, seen, stack = [], {out}, [(out, iter(graph[out]))]
    while stack:
        name, sources = stack[-1]
        source = next(sources, None)
        if source is None:
            order.append(name)
            stack.pop()
        elif source in seen:
            raise ValueError("cycle")
        else:
            seen.add(source)
            stack.append((source, iter(graph[source])))
    return order
