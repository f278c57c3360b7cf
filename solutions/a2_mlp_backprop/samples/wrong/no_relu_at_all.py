"""Forgets the relu in the forward pass.

fails: q2.logits q2.example
diagnosis: chain
"""


def forward(X, params):
    z1 = X @ params["W1"] + params["b1"]
    return z1 @ params["W2"] + params["b2"], (X, z1, z1)
