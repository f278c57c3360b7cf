"""Divides with //, so the ratio is always 2.

fails: q7.ratio q7.example
diagnosis: precision
"""

def mlp_macs(N, D, H, K):
    forward = N * D * H + N * H * K
    backward = N * D * H + 2 * N * H * K
    return {"forward": forward, "backward": backward, "gradient_over_forward": (forward + backward) // forward}
