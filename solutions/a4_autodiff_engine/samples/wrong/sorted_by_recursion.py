"""Recursion with a set.

fails: q3.deep
diagnosis: deep
"""

def sort_graph(graph, out):
    order, done, open_names = [], set(), set()

    def visit(name):
        if name in open_names:
            raise ValueError("cycle")
        if name in done:
            return
        open_names.add(name)
        for source in graph[name]:
            visit(source)
        open_names.discard(name)
        done.add(name)
        order.append(name)

    visit(out)
    return order
