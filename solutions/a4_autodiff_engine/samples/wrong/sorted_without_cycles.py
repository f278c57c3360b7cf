"""A cycle is passed over.

fails: q3.cycle
diagnosis: edge
"""

def sort_graph(graph, out):
    """The names that out needs, each once, each after its sources. Raises ValueError if out leads into a cycle."""
    order, finished = [], {out: False}  # a name is open as long as the names below it are being visited
    stack = [(out, iter(graph[out]))]
    while stack:
        name, sources = stack[-1]
        source = next((s for s in sources if s not in finished), None)
        if source is None:
            finished[name] = True
            order.append(name)
            stack.pop()
        else:
            finished[source] = False
            stack.append((source, iter(graph[source])))
    return order
