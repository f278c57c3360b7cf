"""Divides the way back by the way there and forgets that a gradient needs both.

fails: q7.ratio q7.example
diagnosis: missing
"""

def mlp_macs(N, D, H, K):
    forward = N * D * H + N * H * K
    backward = N * D * H + 2 * N * H * K
    return {"forward": forward, "backward": backward, "gradient_over_forward": backward / forward}
