"""Takes the two buffers of a forward pass for the memory of the way back.

fails: q9.c3
diagnosis: concept
"""

answers = {
    "c1": (50, 1000, 1, 5),
    "c2": lambda n_in, n_out: ("forward", n_in) if n_in < n_out else ("reverse", n_out),
    "c3": lambda dims: 2 * max(dims),
}
