"""Computes dX as well, the product nobody needs.

fails: q7.mlp q7.example
diagnosis: extra
"""

def mlp_macs(N, D, H, K):
    forward = N * D * H + N * H * K
    return {"forward": forward, "backward": 2 * forward, "gradient_over_forward": 3.0}
