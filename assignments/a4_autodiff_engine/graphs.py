"""The figures of assignment 4. NumPy and Matplotlib; nothing here walks a program.

`TOY`, `counted` and `table` come from op_tables.py. Values and derivatives come from the functions that you write.
Every `draw_…` function returns what it has drawn, with a description in words.
"""

import matplotlib.pyplot as plt
import numpy as np

try:
    from drawn import BLUE, GREY, INK, ORANGE, PALE, RED, SKY, STYLE, Drawn  # the files beside this one
    from op_tables import TOY, VALUES, as_engine, counted, first_doubled, table, verdict_and_sizes
except ModuleNotFoundError:  # in the course's own repository
    from .drawn import BLUE, GREY, INK, ORANGE, PALE, RED, SKY, STYLE, Drawn
    from .op_tables import TOY, VALUES, as_engine, counted, first_doubled, table, verdict_and_sizes

__all__ = [
    "TOY", "VALUES", "as_engine", "counted", "draw_copies", "draw_rules", "draw_tape", "draw_two_costs",
    "first_doubled", "table", "verdict_and_sizes",
]  # fmt: skip

# --- Stretching ------------------------------------------------------------------------------------

COPIES = np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0], [100.0, 200.0, 300.0]])


def draw_copies(unbroadcast):
    """A strip b of three numbers that was copied down three rows, and what your `unbroadcast` sends back to it."""
    answer = unbroadcast(COPIES.copy(), (3,))
    texts, right = _strip_texts(answer), _is_close(answer, COPIES.sum(axis=0))
    with plt.rc_context(STYLE):
        figure, axis = plt.subplots(figsize=(7.5, 3.4), layout="constrained")
        for row, values in enumerate(COPIES):
            _strip(axis, 6, 2 - 1.2 * row, [f"{v:g}" for v in values], PALE)
            _arrow(axis, (3.1, 2.6 - 0.25 * row), (5.9, 2.45 - 1.2 * row), GREY)
            _arrow(axis, (5.9, 2.15 - 1.2 * row), (3.1, 0.2 - 0.25 * row), BLUE)
        _strip(axis, 0, 1.95, ["$b_0$", "$b_1$", "$b_2$"], SKY)
        _strip(axis, 0, -0.45, texts, SKY if right else ORANGE)
        axis.text(1.5, 2.95, "b, one strip", ha="center", fontsize=9)
        axis.text(7.5, 2.95, "the message of each of the three copies", ha="center", fontsize=9)
        axis.text(1.5, -0.6, "what your unbroadcast says", ha="center", va="top", fontsize=9)
        axis.set(xlim=(-0.3, 9.8), ylim=(-1.2, 3.4))
        axis.set_axis_off()
    rows = ", ".join("(" + ", ".join(f"{v:g}" for v in row) + ")" for row in COPIES)
    words = f"A strip b of three numbers is copied down three rows. Back come three messages: {rows}. "
    words += f"Your unbroadcast gives b ({', '.join(texts)}). "
    words += "Each copy counts once." if right else "This is not what the three messages add up to."
    return Drawn(messages=COPIES, answer=_numbers(answer)).in_words(figure, words)


def _strip(axis, left, bottom, texts, colour):
    for i, text in enumerate(texts):
        axis.add_patch(plt.Rectangle((left + i, bottom), 1, 0.8, fc=colour, ec=INK, lw=0.9))
        axis.text(left + i + 0.5, bottom + 0.4, text, ha="center", va="center", fontsize=9)


def _arrow(axis, start, end, colour):
    style = {"arrowstyle": "-|>", "color": colour, "lw": 1.3, "shrinkA": 2, "shrinkB": 2}
    axis.annotate("", end, xytext=start, arrowprops=style)


def _strip_texts(answer):
    """Three texts for three boxes, whatever came back."""
    numbers = _numbers(answer)
    return [f"{v:.3g}" for v in numbers] if numbers.shape == (3,) else ["?", f"{np.shape(numbers)}", "?"]


def _numbers(value):
    """What a function returned, as floats; an array of one NaN for anything else."""
    try:
        return np.array(value, dtype=float)
    except (TypeError, ValueError):
        return np.array([np.nan])


def _is_close(value, right):
    numbers = _numbers(value)
    return numbers.shape == np.shape(right) and np.allclose(numbers, right)


# --- The tape --------------------------------------------------------------------------------------

# A2's network as a program, over X, one-hot Y, W1, b1, W2, b2; and what each rule reads on the way back.
NETWORK = [
    ("matmul", (0, 2)), ("add", (6, 3)), ("relu", (7,)), ("matmul", (8, 4)), ("add", (9, 5)),
    ("cross_entropy", (10, 1)),
]  # fmt: skip
READS = {"matmul": ("inputs",), "add": (), "relu": ("output",), "cross_entropy": ("inputs",)}
SLOTS = {  # the name of each slot, and how many numbers it holds: 160 points, 16 hidden units, 2 classes
    "X": 320, "Y": 320, "W1": 32, "b1": 16, "W2": 32, "b2": 2,
    "X W1": 2560, "X W1 + b1": 2560, "a = relu": 2560, "a W2": 320, "a W2 + b2": 320, "cost": 1,
}  # fmt: skip


def draw_tape(must_keep, guess=None):
    """The slots of A2's network as boxes, as long as they have numbers, and which of them your `must_keep` keeps.

    guess: the share of all numbers that is kept, from 0 to 1.
    """
    kept = _slots(must_keep(NETWORK, 6, READS))
    sizes = np.array(list(SLOTS.values()))
    is_kept = np.isin(np.arange(len(sizes)), list(kept))
    share = sizes[is_kept].sum() / sizes.sum()
    with plt.rc_context(STYLE):
        figure, axis = plt.subplots(figsize=(7.5, 4.6), layout="constrained")
        for slot, (name, size) in enumerate(SLOTS.items()):
            look = {"fc": BLUE, "hatch": None} if is_kept[slot] else {"fc": "white", "hatch": "///"}
            axis.add_patch(
                plt.Rectangle((0, -slot - 0.35), size, 0.7, ec=INK if is_kept[slot] else GREY, lw=0.9, **look)
            )
            axis.text(-60, -slot, f"{slot}:  {name}", ha="right", va="center", fontsize=9)
            end = "kept" if is_kept[slot] else "not kept"
            axis.text(size + 60, -slot, f"{end}, {size} number{'s' * (size != 1)}", va="center", fontsize=9)
        axis.axhline(-5.5, color=GREY, lw=0.8, ls=(0, (4, 3)))
        axis.text(3700, -5.42, "above: inputs; below: the program's lines", ha="right", va="bottom", fontsize=8)
        axis.set(xlim=(-900, 3700), ylim=(-len(SLOTS) + 0.4, 0.7), xticks=[], yticks=[])
        axis.spines[:].set_visible(False)
        axis.set_title(f"What the way back reads: {share:.0%} of all numbers{_guessed(guess)}")
    names = [name for name, stays in zip(SLOTS, is_kept, strict=True) if stays]
    words = f"The twelve slots of the network as bars. Kept: {', '.join(names) or 'none'}. "
    words += f"These hold {sizes[is_kept].sum()} of {sizes.sum()} numbers, {share:.0%}.{_guess_words(guess)}"
    return Drawn(kept=np.flatnonzero(is_kept), share=share).in_words(figure, words)


def _slots(kept):
    """The slots of an answer that are slots."""
    kept = kept if isinstance(kept, (set, frozenset, list, tuple)) else ()
    return {slot for slot in kept if isinstance(slot, (int, np.integer)) and 0 <= slot < len(SLOTS)}


def _guessed(guess):
    return "" if _number(guess) is None else f" (you said {_number(guess):.0%})"


def _guess_words(guess):
    return "" if _number(guess) is None else f" Your guess was {_number(guess):.0%}."


def _number(value):
    """A finite number, or None for anything else."""
    numbers = _numbers(value) if value is not None else np.array([np.nan])
    return float(numbers.ravel()[0]) if numbers.size == 1 and np.isfinite(numbers).all() else None


# --- Rules asked -----------------------------------------------------------------------------------

OUTPUTS = 4


def draw_rules(rule_calls, backprop, guess=None):
    """Rules that a whole Jacobian of 4 outputs asks, against the number of inputs.

    Lines: your `rule_calls`. Squares: what your `backprop` asked in one run, counted, times the outputs.
    guess: the number of inputs at which both modes ask for the same.
    """
    sizes = np.array([1, 2, 3, 4, 6, 8, 12, 16, 24, 32])
    bills = [_bill(rule_calls, _long_sum(n), n) for n in sizes.tolist()]
    asked = np.array([_rules_asked(backprop, _long_sum(n), n) for n in sizes.tolist()])
    with plt.rc_context(STYLE):
        figure, axis = plt.subplots(figsize=(7.5, 4.0), layout="constrained")
        for name, colour, line in (("forward", BLUE, "-"), ("reverse", RED, (0, (5, 2)))):
            curve = np.array([bill[name] for bill in bills])
            axis.plot(sizes, np.where(curve > 0, curve, np.nan), color=colour, ls=line, lw=2, label=f"{name}, your law")
        axis.plot(sizes, np.where(asked > 0, asked, np.nan), "s", mfc="none", mec=RED, ms=8, label="reverse, counted")
        axis.axvline(OUTPUTS, color=INK, lw=1.2, ls=(0, (2, 2)))
        frame = axis.get_xaxis_transform()
        axis.text(OUTPUTS, 1.01, "as many inputs as outputs", transform=frame, ha="center", fontsize=9)
        if _number(guess) is not None and _number(guess) > 0:
            axis.axvline(_number(guess), color=ORANGE, lw=4, zorder=1)  # below the line of a right guess
            axis.text(_number(guess), 0.02, " you said", transform=frame, color=INK, fontsize=9)
        _log_scales(axis, [*asked, *(count for bill in bills for count in bill.values())])
        axis.set(xlabel="inputs", ylabel="rules asked for the whole Jacobian")
        axis.set_title(f"{OUTPUTS} outputs: which mode asks for less?", pad=20)
        axis.set_xticks(sizes, sizes)
        axis.minorticks_off()
        axis.grid(color=PALE, lw=0.8)
        axis.legend(loc="upper left")
    drawn = {name: np.array([bill[name] for bill in bills]) for name in ("forward", "reverse")}
    return Drawn(inputs=sizes, counted=asked, **drawn).in_words(figure, _rules_words(sizes, drawn, asked, guess))


def _log_scales(axis, numbers):
    """Logarithmic axes, for which Matplotlib needs limits if no number is above 0."""
    if not any(number > 0 for number in numbers):
        axis.set(xlim=(1, 40), ylim=(1, 10))
    axis.set(xscale="log", yscale="log")


def _long_sum(n):
    """A program that adds up n inputs and then takes the sine: each line leads to the result."""
    adds = [("add", (n + i - 1 if i else 0, i + 1)) for i in range(n - 1)]
    return [*adds, ("sin", (n + len(adds) - 1 if adds else 0,))]


def _bill(rule_calls, program, n):
    bill = rule_calls(program, n, OUTPUTS)
    bill = bill if isinstance(bill, dict) else {}
    numbers = {name: _number(bill.get(name)) for name in ("forward", "reverse")}
    return {name: np.nan if number is None else number for name, number in numbers.items()}


def _rules_asked(backprop, program, n):
    """One walk back, counted; a walk for another output asks for as many."""
    ops = counted(TOY)
    backprop(program, [np.array(0.1)] * n, np.array(1.0), ops)
    return OUTPUTS * ops.rules()


def _rules_words(sizes, drawn, asked, guess):
    cheaper = [f"{n}: {_cheaper(f, r)}" for n, f, r in zip(sizes, *drawn.values(), strict=True)]
    words = f"Rules asked for {OUTPUTS} outputs against the number of inputs, both axes logarithmic. "
    words += f"The mode that asks for less, by inputs: {', '.join(cheaper)}. "
    agrees = np.array_equal(drawn["reverse"], asked)
    words += f"Your backprop asked for {'exactly' if agrees else 'another number than'} what your law says."
    return words + ("" if _number(guess) is None else f" Your guess was {_number(guess):g}.")


def _cheaper(forward, reverse):
    if np.isnan(forward) or np.isnan(reverse):
        return "no count"
    return "the same" if forward == reverse else ("forward" if forward < reverse else "reverse")


# --- Your engine against the gradients by hand -----------------------------------------------------

# step -> cost before it, of A2's train on the two moons: 16 hidden units, rate 0.5
BY_HAND = {
    1: 0.826202, 2: 0.436136, 3: 0.362078, 4: 0.331108, 6: 0.303692, 9: 0.287201, 12: 0.278752, 17: 0.269664,
    24: 0.260567, 33: 0.252394, 45: 0.244178, 62: 0.234541, 85: 0.221129, 117: 0.198501, 161: 0.162131, 222: 0.10891,
    305: 0.061908, 420: 0.034781, 577: 0.021106, 794: 0.013448, 1091: 0.008825, 1500: 0.005839,
}  # fmt: skip


def draw_two_costs(losses):
    """The cost before each step, by your engine, on top of that of assignment 2's gradients by hand. losses: (T,)."""
    losses = np.ravel(_numbers(losses))
    steps = np.arange(1, len(losses) + 1)
    with plt.rc_context(STYLE):
        figure, axis = plt.subplots(figsize=(7.5, 3.8), layout="constrained")
        axis.plot(BY_HAND.keys(), BY_HAND.values(), color=ORANGE, lw=7, alpha=0.55, label="gradients by hand (A2)")
        axis.plot(steps, np.where(losses > 0, losses, np.nan), color=BLUE, lw=1.8, label="your engine")
        _log_scales(axis, BY_HAND.values())
        axis.set(xlabel="step", ylabel="cost before the step")
        axis.set_title("One network, two ways to its gradients")
        axis.grid(color=PALE, lw=0.8)
        axis.legend(loc="lower left")
    gaps = [abs(losses[step - 1] - cost) for step, cost in BY_HAND.items() if step <= len(losses)]
    gap = float(np.max(gaps)) if gaps else np.nan
    words = f"Two curves of the cost against the step, both axes logarithmic. Your engine took {len(losses)} steps. "
    same = "The two curves lie on each other." if gap < 1e-5 else "The two curves do not agree."
    return Drawn(losses=losses, gap=gap).in_words(figure, f"{words}The largest difference is {gap:.1e}. {same}")
