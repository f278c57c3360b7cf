"""The matrix products of assignment 2's network, drawn as rectangles. Matplotlib; assignment 3 hands it out."""

import matplotlib.pyplot as plt
import numpy as np

try:
    from drawn import BLUE, GREY, INK, ORANGE, RED, SKY, STYLE, Drawn  # the file beside this one
except ModuleNotFoundError:  # in the course's own repository
    from .drawn import BLUE, GREY, INK, ORANGE, RED, SKY, STYLE, Drawn

DEEPEST = 17.0  # half of the tallest matrix, and room for its words


def draw_products(N, D, H, K, counts):
    """The products of one forward and one backward pass on a batch; sides are square roots of the sizes.

    counts: what your `mlp_macs(N, D, H, K)` returns. Its totals stand above the products.
    """
    names = {
        "forward": [("X", (N, D), "W1", (D, H)), ("A1", (N, H), "W2", (H, K))],
        "backward": [
            ("A1ᵀ", (H, N), "dLogits", (N, K)),
            ("dLogits", (N, K), "W2ᵀ", (K, H)),
            ("Xᵀ", (D, N), "dZ1", (N, H)),
        ],
    }
    spared = ("dZ1", (N, H), "W1ᵀ", (H, D))
    words, drawn = [], {}
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(2, 1, figsize=(7.5, 4.6), layout="constrained")
        for axis, (name, products), colour in zip(axes, names.items(), (BLUE, RED), strict=True):
            costs = [left[0] * left[1] * right[1] for _, left, _, right in products]
            total, agrees = _total(counts, name, sum(costs))
            axis.set_title(f"{name.capitalize()}: {total}", color=colour, fontweight="bold")
            end = 0.0
            for product in products:
                end = _draw_product(axis, end, *product)
            if name == "backward":
                _cross_out(axis, end, _draw_product(axis, end, *spared, faded=True))
            axis.set(xlim=(-1, 150), ylim=(-DEEPEST - 6, DEEPEST + 3), aspect="equal")
            axis.axis("off")
            drawn[name] = np.array(costs)
            words.append(_in_words(name, products, costs, total, agrees))
    words.append("The product dZ1 W1ᵀ is crossed out: it would be the gradient of the data.")
    return Drawn(drawn).in_words(figure, " ".join(words))


def _total(counts, name, drawn):
    """(words, whether they agree): your count beside the sum of the products that are drawn."""
    count = counts.get(name) if isinstance(counts, dict) else None
    try:
        yours = f"{count:,}"
    except (TypeError, ValueError):
        yours = "no number"
    agrees = isinstance(count, (int, float, np.number)) and bool(count == drawn)
    return f"your count is {yours}" + ("" if agrees else f", and the products below add up to {drawn:,}"), agrees


def _draw_product(axis, start, left_name, left, right_name, right, faded=False):
    """Draw two matrices side by side, and their cost. Returns where the next product begins."""
    middle = _rectangle(axis, start, left_name, left, SKY, faded)
    axis.text(middle + 1.6, 0, "·", ha="center", va="center", fontsize=15)
    end = _rectangle(axis, middle + 3.2, right_name, right, ORANGE, faded)
    (p, q), r = left, right[1]
    centre, colour = (start + end) / 2, GREY if faded else INK
    words = {"ha": "center", "va": "top", "color": colour}
    axis.text(centre, -DEEPEST, f"{p * q * r:,}", fontsize=9, fontweight="bold", **words)
    axis.text(centre, -DEEPEST - 3, f"{p}·{q}·{r}", fontsize=8, **words)
    return end + 6


def _rectangle(axis, start, name, shape, colour, faded):
    height, width = (max(np.sqrt(n), 1.3) for n in shape)
    slot = max(width, 8.0)
    corner = (start + (slot - width) / 2, -height / 2)
    axis.add_patch(plt.Rectangle(corner, width, height, fc=colour, ec=INK, lw=0.9, alpha=0.25 if faded else 0.9))
    label = f"{name}\n{shape[0]}×{shape[1]}"
    colour = GREY if faded else INK
    axis.text(start + slot / 2, height / 2 + 0.6, label, ha="center", va="bottom", fontsize=8, color=colour)
    return start + slot


def _cross_out(axis, start, end):
    for low, high in ((-DEEPEST, DEEPEST), (DEEPEST, -DEEPEST)):
        axis.plot([start, end - 6], [0.6 * low, 0.6 * high], color=RED, lw=2)


def _in_words(name, products, costs, total, agrees):
    parts = [f"{left} times {right}, {cost:,}" for (left, _, right, _), cost in zip(products, costs, strict=True)]
    verdict = "" if agrees else " The two do not agree."
    return f"{name.capitalize()}: {'; '.join(parts)}. Above them: {total}.{verdict}"
