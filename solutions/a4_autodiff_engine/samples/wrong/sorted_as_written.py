"""The order of the keys.

fails: q3.example q3.valid q3.only_needed
diagnosis: example
"""

def sort_graph(graph, out):
    return list(graph)
