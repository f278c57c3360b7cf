"""Saves the wrong product: doubles the first layer instead of the second.

fails: q7.mlp
diagnosis: order
"""

def mlp_macs(N, D, H, K):
    forward = N * D * H + N * H * K
    backward = 2 * N * D * H + N * H * K
    return {"forward": forward, "backward": backward, "gradient_over_forward": (forward + backward) / forward}
