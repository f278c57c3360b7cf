"""Counts by playing the products through, shape by shape."""

def forward_macs(dims):
    total, columns = 0, dims[0]
    rows = dims[1]
    for n in dims[2:]:
        total += n * rows * columns
        rows = n
    return total


def reverse_macs(dims):
    total, rows = 0, dims[-1]
    inner = dims[-2]
    for n in reversed(dims[:-2]):
        total += rows * inner * n
        inner = n
    return total


def cheaper_mode(dims):
    costs = {"forward": forward_macs(dims), "reverse": reverse_macs(dims)}
    return "tie" if len(set(costs.values())) == 1 else min(costs, key=costs.get)


def mlp_macs(N, D, H, K):
    products = {"XW1": (N, D, H), "A1W2": (N, H, K), "dW2": (H, N, K), "dA1": (N, K, H), "dW1": (D, N, H)}
    cost = {name: p * q * r for name, (p, q, r) in products.items()}
    forward = cost["XW1"] + cost["A1W2"]
    backward = cost["dW2"] + cost["dA1"] + cost["dW1"]
    return {"forward": forward, "backward": backward, "gradient_over_forward": 1 + backward / forward}
