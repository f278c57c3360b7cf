"""The cost of a product of Jacobians, by order of multiplication: the reference of assignment 3's counts.

A chain of L layers has widths dims = (n_0, ..., n_L); layer l has the Jacobian J_l of shape (n_l, n_{l-1}),
and the Jacobian of the whole is J_L ... J_1. The unit of cost is one multiply-add: a (p, q) matrix times a
(q, r) matrix costs p q r. Two ways of counting are in use, and they differ:

* Jacobian products: the first factor is a Jacobian, so there are L - 1 products.
* Seeded passes: a JVP or VJP carries a vector through all L layers, and costs sum n_l n_{l-1}. The whole
  Jacobian takes n_0 JVPs or n_L VJPs.

Every count is an exact Python int. This module uses no arrays and imports nothing of `autograder`.
Sources: Griewank & Walther, Evaluating Derivatives, 2nd ed. (2008), chapters 3, 4 and 12; Baur & Strassen,
The complexity of partial derivatives (1983); Naumann, Optimal Jacobian accumulation is NP-complete (2008),
which is about general graphs: for a chain the dynamic programme below is exact.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Sequence
from typing import Literal, TypedDict, Union

Tree = Union[int, tuple["Tree", "Tree"]]  # noqa: UP007 — it names itself, which `|` cannot do in Python 3.11
Mode = Literal["forward", "reverse", "tie"]


class MlpCounts(TypedDict):
    """Multiply-adds of one batch through a network with one hidden layer."""

    forward: int
    backward: int
    gradient_over_forward: float


# --- Jacobian products ----------------------------------------------------------------------------


def forward_macs(dims: Sequence[int]) -> int:
    """Multiply-adds of J_L (... (J_3 (J_2 J_1))): n_0 sum_{l=2..L} n_l n_{l-1}.

    dims: L + 1 widths, L >= 1.  Returns an exact int; 0 for L = 1, where nothing is multiplied.
    """
    widths = _widths(dims)
    return widths[0] * sum(a * b for a, b in itertools.pairwise(widths[1:]))


def reverse_macs(dims: Sequence[int]) -> int:
    """Multiply-adds of (((J_L J_{L-1}) J_{L-2}) ...) J_1: n_L sum_{l=1..L-1} n_l n_{l-1}.

    dims: L + 1 widths, L >= 1.  Returns an exact int. Transposing turns one order into the other, so this is
    `forward_macs` of the widths read backwards.
    """
    return forward_macs(_widths(dims)[::-1])


def cheaper_mode(dims: Sequence[int]) -> Mode:
    """The cheaper end to start from: "forward", "reverse", or "tie" if both cost the same.

    dims: L + 1 widths. L <= 2 always ties. If all hidden widths are equal and L > 2, comparing n_0 with n_L
    decides; otherwise it may not.
    """
    forward, reverse = forward_macs(dims), reverse_macs(dims)
    if forward == reverse:
        return "tie"
    return "forward" if forward < reverse else "reverse"


# --- Seeded passes --------------------------------------------------------------------------------


def pass_macs(dims: Sequence[int]) -> int:
    """Multiply-adds of one JVP or one VJP through the chain: sum_{l=1..L} n_l n_{l-1}."""
    return sum(a * b for a, b in itertools.pairwise(_widths(dims)))


def seeded_macs(dims: Sequence[int]) -> tuple[int, int]:
    """Multiply-adds of the whole Jacobian by n_0 JVPs, and by n_L VJPs."""
    widths = _widths(dims)
    return widths[0] * pass_macs(widths), widths[-1] * pass_macs(widths)


# --- A network with one hidden layer ---------------------------------------------------------------


def mlp_macs(N: int, D: int, H: int, K: int) -> MlpCounts:
    """Multiply-adds of the matrix products of a D-H-K network on a batch of N.

    forward: X W1 and A1 W2, N D H + N H K.  backward: X' dZ1, A1' dLogits and dLogits W2', so N D H + 2 N H K:
    the gradient of the input X is not needed, which saves the fourth product.
    gradient_over_forward: (forward + backward) / forward = 1 + (D + 2K) / (D + K), strictly between 2 and 3.
    Biases and elementwise functions are left out: their cost has one width less as a factor.
    Source: Griewank & Walther (2008), section 4.4, bounds the ratio by a small constant for every function.
    """
    forward = N * D * H + N * H * K
    backward = N * D * H + 2 * N * H * K
    return {"forward": forward, "backward": backward, "gradient_over_forward": 1 + (D + 2 * K) / (D + K)}


# --- The best bracketing --------------------------------------------------------------------------


def optimal_bracketing(dims: Sequence[int]) -> tuple[int, Tree]:
    """The cheapest order of multiplying the chain, by dynamic programming over its pieces.

    dims: L + 1 widths, L >= 1.  Returns (multiply-adds, tree): a leaf is a layer's index from 0, a pair is a
    product, its output-side factor first; ((3, 2), (1, 0)) is (J_4 J_3)(J_2 J_1). For L = 1: (0, 0).
    Of equally cheap trees it returns one. Takes O(L**3) steps.
    Source: Godbole, On efficient computation of matrix chain products (1973); Cormen et al., section 14.2.
    """
    widths = _widths(dims)

    @functools.cache
    def best(first: int, last: int) -> tuple[int, Tree]:
        """The product J_last ... J_first, indices from 0; it has the shape (widths[last + 1], widths[first])."""
        if first == last:
            return 0, first
        splits = []
        for split in range(first, last):
            (above, left), (below, right) = best(split + 1, last), best(first, split)
            cost = above + below + widths[last + 1] * widths[split + 1] * widths[first]
            splits.append((cost, (left, right)))
        return min(splits, key=lambda choice: choice[0])

    return best(0, len(widths) - 2)


def cost_of(tree: Tree, dims: Sequence[int]) -> int:
    """Multiply-adds of one bracketing.

    tree: as `optimal_bracketing` returns it.  dims: L + 1 widths.
    Raises ValueError unless the leaves, read from the left, are L - 1, ..., 1, 0.
    """
    widths = _widths(dims)
    cost, first, last = _cost_and_span(tree, widths)
    if (first, last) != (0, len(widths) - 2):
        raise ValueError(f"tree: expected the leaves {len(widths) - 2} to 0, got {last} to {first}.")
    return cost


def _cost_and_span(tree: Tree, widths: tuple[int, ...]) -> tuple[int, int, int]:
    if isinstance(tree, int):
        return 0, tree, tree
    left, right = tree
    above, left_first, left_last = _cost_and_span(left, widths)
    below, right_first, right_last = _cost_and_span(right, widths)
    if left_first != right_last + 1:
        raise ValueError(f"tree: expected neighbours, output side first, got {left_first} beside {right_last}.")
    product = widths[left_last + 1] * widths[left_first] * widths[right_first]
    return above + below + product, right_first, left_last


def where_reverse_loses(widths: Sequence[int], max_layers: int) -> tuple[int, ...] | None:
    """Search for a chain with one output that some bracketing multiplies more cheaply than reverse order.

    widths: what n_0, ..., n_{L-1} may be; n_L is 1.  max_layers: the largest L.
    Returns the first such dims, shorter chains first, or None. Tries sum_L len(widths)**L chains.
    With all widths >= 2 there is none. Proof. For a, c >= 2, abc >= ab + bc, as 1/a + 1/c <= 1. So by induction
    on the top split, any bracketing of a chain (m_0, ..., m_s) costs at least sum m_l m_{l-1} - m_s m_0. With
    one output, let the top product be a row of n_s times such a piece: the product costs n_s n_0, so the piece
    and the product together cost at least sum m_l m_{l-1}, which is the cost of reverse order.
    """
    for layers in range(1, max_layers + 1):
        for head in itertools.product(widths, repeat=layers):
            dims = (*head, 1)
            if optimal_bracketing(dims)[0] < reverse_macs(dims):
                return dims
    return None


# --- Memory ---------------------------------------------------------------------------------------


def stored_inputs(dims: Sequence[int]) -> int:
    """Numbers that one reverse pass keeps: the inputs of all layers, sum_{l<L} n_l."""
    return sum(_widths(dims)[:-1])


def forward_buffers(dims: Sequence[int]) -> int:
    """Numbers that one forward pass keeps at most: a value and a tangent, 2 max n_l."""
    return 2 * max(_widths(dims))


def checkpoint_memory(n_layers: int, interval: int) -> int:
    """Layer inputs held at most, if every `interval`-th is kept and the rest recomputed: ceil(L / k) + k.

    It counts ceil(L / k) checkpoints, and the k inputs of the segment that is walked backwards. One of the k is
    itself a checkpoint, so a careful program needs one less. Recomputing costs at most one more forward pass.
    Source: Griewank & Walther (2008), chapter 12; Chen et al., Training deep nets with sublinear memory (2016).
    """
    return -(-n_layers // interval) + interval


def best_intervals(n_layers: int) -> tuple[int, ...]:
    """The intervals 1 <= k <= L of least `checkpoint_memory`, in rising order; they lie around sqrt(L)."""
    memory = {k: checkpoint_memory(n_layers, k) for k in range(1, n_layers + 1)}
    least = min(memory.values())
    return tuple(k for k, kept in memory.items() if kept == least)


def bracketings(first: int, last: int) -> Iterator[Tree]:
    """Every way to bracket J_last ... J_first, output side first: a Catalan number of trees. For small chains."""
    if first == last:
        yield first
        return
    for split in range(first, last):
        yield from itertools.product(bracketings(split + 1, last), bracketings(first, split))


def _widths(dims: Sequence[int]) -> tuple[int, ...]:
    widths = tuple(int(n) for n in dims)  # NumPy's int64 would overflow at a few million
    if len(widths) < 2 or min(widths) < 1:
        raise ValueError(f"dims: expected at least two widths, each at least 1, got {dims!r}.")
    return widths
