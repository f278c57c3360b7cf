"""Takes the ratio of the example for a law of nature.

fails: q7.ratio
diagnosis: quantity
"""

def mlp_macs(N, D, H, K):
    return {"forward": N * D * H + N * H * K, "backward": N * D * H + 2 * N * H * K, "gradient_over_forward": 2.5}
