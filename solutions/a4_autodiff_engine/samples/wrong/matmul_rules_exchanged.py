"""The rule of A for B.

fails: q6.matmul
diagnosis: order
"""

def matmul_vjp(k, u, A, B):
    """The rule of A @ B for input k. u: (N, K).  A: (N, H).  B: (H, K)."""
    return u @ B.T if k == 1 else A.T @ u
