"""The order is turned.

fails: q3.example q3.valid
diagnosis: example
"""

def sort_graph(graph, out):
    """The names that out needs, each once, each after its sources. Raises ValueError if out leads into a cycle."""
    order, finished = [], {out: False}  # a name is open as long as the names below it are being visited
    stack = [(out, iter(graph[out]))]
    while stack:
        name, sources = stack[-1]
        source = next((s for s in sources if not finished.get(s, False)), None)
        if source is None:
            finished[name] = True
            order.append(name)
            stack.pop()
        elif source in finished:
            raise ValueError(f"graph: expected no cycle, got one through {source}.")
        else:
            finished[source] = False
            stack.append((source, iter(graph[source])))
    return order[::-1]
