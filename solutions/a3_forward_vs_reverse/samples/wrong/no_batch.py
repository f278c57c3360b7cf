"""Counts a single example.

fails: q7.mlp
diagnosis: missing
"""

def mlp_macs(N, D, H, K):
    forward = D * H + H * K
    backward = D * H + 2 * H * K
    return {"forward": forward, "backward": backward, "gradient_over_forward": (forward + backward) / forward}
