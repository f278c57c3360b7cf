"""In order, all names of the graph.

fails: q3.only_needed q3.cycle
diagnosis: unneeded
"""

from graphlib import TopologicalSorter


def sort_graph(graph, out):
    return list(TopologicalSorter(graph).static_order())
