"""No transpose.

fails: q6.matmul
diagnosis: chain
"""

def matmul_vjp(k, u, A, B):
    """The rule of A @ B for input k. u: (N, K).  A: (N, H).  B: (H, K)."""
    return u @ B if k == 0 else A.T @ u
