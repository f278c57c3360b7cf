"""In order, all names of the graph.

fails: q3.only_needed q3.cycle
diagnosis: unneeded
"""

def sort_graph(graph, out):
    left, order = dict(graph), []
    placed = set()
    while left:
        ready = [name for name, sources in left.items() if placed.issuperset(sources)]
        if not ready:
            raise ValueError("cycle")
        for name in ready:
            del left[name]
            placed.add(name)
            order.append(name)
    return order
