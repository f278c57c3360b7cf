# %% [markdown]
# # Assignment 4: build the engine
#
# In A2 you wrote a gradient by hand, for one network. In A3 you counted what it costs, for chains. Nobody writes
# gradients by hand any more: a program does it, for every program. Such a program is called an engine for automatic
# differentiation, and back-propagation is its reverse mode. You build one now. At the end it differentiates A2's
# network, and finds the gradients that you made by hand.
#
# **When you are done you can**
#
# 1. differentiate a program that you have never seen, line by line;
# 2. say what happens to a value that is used twice;
# 3. put a graph in order without recursion;
# 4. undo the stretching (broadcasting) of an array;
# 5. let ordinary Python write the tape;
# 6. compute the bill of both modes on any graph, and what must be remembered;
# 7. distrust an engine properly, and prove a bug by a program of two lines.
#
# | Question | You write | Points |
# |---|---|---|
# | 1 | `local_vjp` | 6 |
# | 2 | `run` | 4 |
# | 3 | `sort_graph` | 10 |
# | 4 | `backprop` | 22 |
# | 5 | `gradients` | 6 |
# | 6 | `unbroadcast`, `matmul_vjp` | 8 |
# | 7 | `trace` | 12 |
# | 8 | `dual_derivative`, `rule_calls` | 8 |
# | 9 | `must_keep` | 4 |
# | 10 | `counterexample` | 6 |
# | 11 | `judge` | 8 |
# | 12 | `engine_gradients` | 6 |
# | Bonus | `layernorm_vjp`, `batchnorm_vjp`; `hvp`; `error_norms`, `steady_gain`; `checkpointed` | 5 + 4 + 4 + 4 |
# | In your own words | one paragraph, graded by hand | 10, beyond the 100 |

# %% [markdown]
# ## What a program is
#
# A **program** is a list of lines `(name, sources)`. It has numbered **slots**. The $n$ inputs fill slots $0$ to
# $n-1$. Line $i$ (from 0) fills slot $n+i$: it takes the values of the slots in the tuple `sources`, each smaller than
# its own slot, and applies the operation `name`. The last slot is the result. A program has at least one line.
#
# ```
# [("add", (0, 1)), ("mul", (2, 0))]     with inputs a and b:   slot 2 = a + b,   slot 3 = (a + b) · a
# ```
#
# An **op** is an object `ops[name]`. It knows itself, and nothing of programs:
#
# * `op(*inputs)` is its value;
# * `op.vjp(k, u, y, *inputs)` is its **rule** for input `k`: `u`, an array of the shape of the op's value `y`, pulled
#   back to input `k`. For numbers that is `u` times the derivative of `y` with respect to input `k`; for arrays it is
#   the gradient of the sum of all entries of `u * y`. It has the shape of input `k`. A rule may hand on the very array
#   that it was given: `add` does.
#
# A program together with the values of its slots is called a **tape**.
#
# Inputs are float arrays of any shape, also `()`, or plain numbers. Conventions of the whole course: a gradient has the
# shape of what it is the gradient of; arguments stay unchanged; NumPy is allowed and autodiff libraries are not; time
# is never graded, but every call of an op and of a rule is counted.
#
# Below each question stand public checks. After you submit, hidden checks run, on programs that are drawn anew; each
# is listed with its question. `graphs`, `broken`, `network` and `scenes` are files beside this notebook. `TOY` from
# `graphs` holds three ops to try on: `add`, `mul` and `sin`.

# %% role="setup"
import broken  # noqa: F401 — for Question 10
import graphs
import matplotlib.pyplot as plt
import network  # the data of A2, and one of its figures
import numpy as np
import scenes  # the drawing of a graph
from graphs import TOY, VALUES, as_engine, first_doubled, table, verdict_and_sizes  # noqa: F401 — checks use them

plt.rcParams.update(graphs.STYLE | {"figure.dpi": 110})

# %% [markdown] q="q1"
# ## Question 1: seven rules (6 points)
#
# Two rules as examples. `add`: if $a$ grows by a little, $a + b$ grows by as much. The slope is 1, so the rule for both
# inputs is `u * 1`, which is `u`. `mul`: if $a$ grows by a little, $a b$ grows by $b$ times that. So the rule is
# `u * b` for `k = 0`, and `u * a` for `k = 1`.
#
# **Write** `local_vjp(name, k, u, y, *inputs)` for the seven names `sub, neg, div, exp, log, tanh, relu`. `y` is the
# op's own value: the rules of `exp` and `tanh` need nothing else. `u`, `y` and all inputs have one shape, or are plain
# numbers. The gate of `relu` is closed where its input is 0 or less: there the answer is 0 for every `u`, also for an
# infinite one. (In NumPy, `inf * 0` is NaN.)
#
# *Checks:* `example` (public, 1), `linear` (1: sub, neg), `div` (1), `curves` (2: exp, log, tanh), `gate` (1: relu).


# %% q="q1" role="solution"
def local_vjp(name, k, u, y, *inputs):
    """u pulled back through the operation `name` to its input k. y: the operation's value at the inputs."""
    # BEGIN SOLUTION
    a, b = inputs[0], inputs[-1]
    rules = {
        "sub": lambda: u if k == 0 else -u,
        "neg": lambda: -u,
        "div": lambda: u / b if k == 0 else -u * y / b,
        "exp": lambda: u * y,
        "log": lambda: u / a,
        "tanh": lambda: u * (1 - y * y),
        "relu": lambda: np.where(a > 0, u, 0.0),
    }
    return rules[name]()
    # END SOLUTION


# %% q="q1" role="check" points=1
def test_example(local_vjp):
    """exp at 0 with u = 3 gives 3; div at (1, 2) gives 0.5 for the numerator and -0.25 for the denominator"""
    for name, k, u, y, inputs, expected in (
        ("exp", 0, 3.0, 1.0, (0.0,), 3.0),
        ("div", 0, 1.0, 0.5, (1.0, 2.0), 0.5),
        ("div", 1, 1.0, 0.5, (1.0, 2.0), -0.25),
    ):
        got = local_vjp(name, k, u, y, *inputs)
        assert abs(got - expected) < 1e-9, f"{name}, k = {k}: expected {expected}, got {got}"


# %% [markdown] q="q2"
# ## Question 2: the forward walk (4 points)
#
# **Write** `run(program, xs, ops)`. It returns the list of the values of *all* slots: first the inputs `xs`, then one
# value for each line. Each line's op is evaluated exactly once, also if no later line uses its value.
#
# *Checks:* `example` (public, 1), `value` (1), `once` (1), `pure` (1: `program` and `xs` stay as they are, and a second
# call says the same).


# %% q="q2" role="solution"
def run(program, xs, ops):
    """The values of all slots, inputs first."""
    # BEGIN SOLUTION
    slots = list(xs)
    for name, sources in program:
        slots.append(ops[name](*(slots[s] for s in sources)))
    return slots
    # END SOLUTION


# %% q="q2" role="check" points=1
def test_example(run, TOY):
    """(a + b) · a at (2, 3): the slots hold 2, 3, 5, 10"""
    got = run([("add", (0, 1)), ("mul", (2, 0))], [2.0, 3.0], TOY)
    assert isinstance(got, list), f"expected a list, got {type(got).__name__}"
    assert [float(value) for value in got] == [2.0, 3.0, 5.0, 10.0], f"expected 2, 3, 5, 10, got {got}"


# %% [markdown] q="q3"
# ## Question 3: what must come first (10 points)
#
# A program is in order because it was written in order. A graph that is drawn on paper is not.
#
# **Write** `sort_graph(graph, out)`. `graph` is a dict: each name, to the tuple of the names that it is computed from.
# Leaves have `()`. The keys stand in any order. Return a list of the names that `out` needs, leaves and `out` included:
# each once, and each after all names that it is computed from. There may be many such orders; any is right. If a name
# that `out` needs is computed from itself, directly or through others (a cycle), no order exists: raise `ValueError`.
# A cycle among names that `out` does not need is no error.
#
# Two sizes must work. The first is a chain of 10,000 names: a function that calls itself for each name fails there,
# because Python's stack holds about 1000 calls. The second is a ladder of 60 rungs, where each rung uses the one below
# it twice: it has 61 names, and $2^{60}$ paths.
#
# *Checks:* `example` (public, 2), `ladder_example` (public, 0: a self-check with 20 rungs), `valid` (3), `only_needed`
# (1), `ladder` (2), `deep` (1), `cycle` (1).


# %% q="q3" role="solution"
def sort_graph(graph, out):
    """The names that out needs, each once, each after its sources. Raises ValueError if out leads into a cycle."""
    # BEGIN SOLUTION
    order, finished = [], {out: False}  # a name is open as long as the names below it are being visited
    stack = [(out, iter(graph[out]))]
    while stack:
        name, sources = stack[-1]
        source = next((s for s in sources if not finished.get(s, False)), None)
        if source is None:
            finished[name] = True
            order.append(name)
            stack.pop()
        elif source in finished:
            raise ValueError(f"graph: expected no cycle, got one through {source}.")
        else:
            finished[source] = False
            stack.append((source, iter(graph[source])))
    return order
    # END SOLUTION


# %% q="q3" role="check" points=2
def test_example(sort_graph):
    """y is computed from p and a, p from a and b: so p stands before y, and the leaves before p"""
    graph = {"y": ("p", "a"), "p": ("a", "b"), "a": (), "b": ()}
    got = sort_graph(graph, "y")
    assert isinstance(got, (list, tuple)), f"expected a list, got {type(got).__name__}"
    assert sorted(got) == ["a", "b", "p", "y"], f"expected each of a, b, p, y once, got {got}"
    early = [name for name in graph for source in graph[name] if got.index(source) > got.index(name)]
    assert not early, f"{early[0]} stands before a name that it is computed from: {got}"


# %% q="q3" role="check" points=0
def test_ladder_example(sort_graph):
    """A ladder of 20 rungs, each used twice: 21 names, and a million paths"""
    graph = {"r0": ()} | {f"r{i}": (f"r{i - 1}", f"r{i - 1}") for i in range(1, 21)}
    got = sort_graph(graph, "r20")
    assert len(got) == 21, f"expected each of the 21 names once, got {len(got)} names"
    assert list(got) == [f"r{i}" for i in range(21)], f"expected r0 first, then r1, and so on to r20, got {got}"


# %% [markdown] q="q4"
# ## Question 4: backprop, the heart (22 points)
#
# Walk forward, and keep the values. Then give each slot an **adjoint**: how much the result, weighted by `u`, changes
# if this slot's value changes. The last slot's adjoint is `u`. Read the program from its end. Each line takes its own
# adjoint, asks its op's rule once for each of its sources, and **adds** the answer to that source's adjoint.
#
# Why does it add? A value that is used twice moves the result along two roads; this is called **fan-out**. For
# $y = (a + b)\,a$ with $s = a + b$:
#
# $$ \frac{dy}{da} = \underbrace{s}_{a \text{ as a factor}} +
#    \underbrace{a \cdot 1}_{a \text{ as a part of } s} . $$
#
# **Write** `backprop(program, xs, u, ops)`. It returns `(y, grads)`: the result, and a list with one gradient for each
# of `xs`. Its duties have numbers, as Questions 10 and 11 speak of them:
#
# * **D1** Uses add up, however many there are, also if one line uses a value twice: `("mul", (0, 0))`.
# * **D2** A line asks its rules only when all lines that use its value have added their part to its adjoint.
# * **D3** The last slot's adjoint begins with `u`, the **seed**: a number, or any array of the result's shape; zeros as
#   well.
# * **D4** An input that does not lead to the result has a gradient, too: zeros of its shape.
# * **D5** Each line's op is evaluated once, and its rule is asked once for each of its sources. A line that does not
#   lead to the result is never asked for a rule.
# * **D6** Arguments stay as they are, and no gradient shares memory with `u`, although a rule may hand on the array
#   that it was given.
# * **D7** A program may have ten thousand lines.
# * **D8** Nothing is remembered between two calls.
#
# *Checks:* `example` (public, 2), `fan_out_example` (public, 2), `chain` (2: no value is used twice), `fan_out` (5: D1,
# D2), `same_twice` (2: D1 in one line), `seed` (2: D3), `unused` (2: D4), `once` (3: D5), `deep` (1: D7), `own_memory`
# (1: D6).


# %% [markdown]
# ### Fill in a graph on paper
#
# $(a + b)\,a$ at $a = 2$, $b = 3$. Copy the drawing, or print it. Walk forward first, and write a value into each slot.
# Then begin at the result with $u = 1$: write on each line what travels back, and into each slot the sum of what
# arrives.

# %% role="poster"
scenes.poster("graph")


# %% q="q4" role="solution"
def backprop(program, xs, u, ops):
    """The result, and the gradients of u · result with respect to each of xs: the pair (y, grads)."""
    # BEGIN SOLUTION
    values = run(program, xs, ops)
    adjoints = [None] * len(values)
    adjoints[-1] = u
    for slot in range(len(values) - 1, len(xs) - 1, -1):
        if adjoints[slot] is None:
            continue  # the result does not need this line
        name, sources = program[slot - len(xs)]
        inputs = [values[s] for s in sources]
        for k, source in enumerate(sources):
            part = ops[name].vjp(k, adjoints[slot], values[slot], *inputs)
            # A new array, never +=: a rule may have handed on an array that another slot holds, too.
            adjoints[source] = part if adjoints[source] is None else adjoints[source] + part
    grads = [np.zeros(np.shape(x)) if g is None else np.array(g) for x, g in zip(xs, adjoints, strict=False)]
    return values[-1], grads
    # END SOLUTION


# %% q="q4" role="check" points=2 needs="q2"
def test_example(backprop, TOY):
    """a · b, then times c, at (2, 3, 4) with u = 1: y = 24, and the gradients are 12, 8 and 6"""
    got = backprop([("mul", (0, 1)), ("mul", (3, 2))], [2.0, 3.0, 4.0], 1.0, TOY)
    assert isinstance(got, (tuple, list)), "expected the pair (y, grads)"
    assert len(got) == 2, "expected the pair (y, grads)"
    assert float(got[0]) == 24.0, f"y: expected 24, got {got[0]}"
    assert [float(g) for g in got[1]] == [12.0, 8.0, 6.0], f"grads: expected 12, 8, 6, got {got[1]}"


# %% q="q4" role="check" points=2 needs="q2"
def test_fan_out_example(backprop, TOY):
    """(a + b) · a at (2, 3): y = 10, and a's two uses add up to 5 + 2 = 7"""
    got = backprop([("add", (0, 1)), ("mul", (2, 0))], [2.0, 3.0], 1.0, TOY)
    is_pair = isinstance(got, (tuple, list)) and len(got) == 2 and isinstance(got[1], (tuple, list))
    assert is_pair, "expected the pair (y, grads), grads a list of two gradients"
    a, b = (float(g) for g in got[1])
    why = {5.0: "5: only the use as a factor is counted", 2.0: "2: only the use in the sum is counted"}
    assert a == 7.0, f"gradient of a: expected 7, got {why.get(a, a)}"
    assert b == 2.0, f"gradient of b: expected 2, got {b}"


# %% [markdown]
# ### Your adjoints, line by line
#
# The same program, read backwards by your `backprop`. `GraphWatch` notes what each rule is given, so each slot shows
# the adjoint that *you* gave it. Press *Next* for one line after the other.
#
# First a question: $y = (a + b)\,a$, now at $a = 2$ and $b = -3$. What is the gradient of $a$?

# %% role="predict" spoilers=["−1 + 2 = 1", "-1 + 2"]
guess = None  # a number

# %% role="figure"
FAN_OUT, at = [("add", (0, 1)), ("mul", (2, 0))], [2.0, -3.0]
watch = scenes.GraphWatch(FAN_OUT, TOY)
_, grads = backprop(watch.program, at, 1.0, watch.ops)
print("You said", guess, "for the gradient of a.")
scenes.graph(FAN_OUT, at, watch.values(at), watch.adjoints(grads), TOY, names=("a", "b"))

# %% [markdown]
# *How to read it: values stand above, adjoints below. On each line travels what its rule sends back, the adjoint at its
# right end times a slope. The messages that arrive at a slot add up to its adjoint; a cross stands where yours do not.*

# %% [markdown] q="q5"
# ## Question 5: ask only what is wanted (6 points)
#
# Labels, data and the number 2 are inputs, too, and nobody wants their gradients. A slot is **active** if it is a
# wanted input, or if a wanted input leads to it.
#
# **Write** `gradients(program, xs, u, ops, wrt)`. It returns `(y, [gradient of xs[i] for i in wrt])`. `wrt` holds the
# positions of the wanted inputs in `xs`, in any order. A position may come twice, and `wrt` may be empty. The duties of
# Question 4 hold here, too, and one more: ask no rule for a source that is not active. So the first `matmul` of A2 is
# asked for its weights and not for the data. The two `matmul` then take three products on the way back in place of
# four, as A3 counted. The forward walk stays as it is.
#
# *Checks:* `example` (public, 1), `value` (1), `count` (2: exactly the rules that are needed), `order_of_wrt` (1),
# `own_memory` (1: D6).


# %% q="q5" role="solution"
def gradients(program, xs, u, ops, wrt):
    """As backprop, for the inputs numbered in wrt only: the pair (y, grads)."""
    # BEGIN SOLUTION
    values, active = run(program, xs, ops), [i in wrt for i in range(len(xs))]
    for _, sources in program:
        active.append(any(active[s] for s in sources))
    adjoints = [None] * len(values)
    adjoints[-1] = u
    for slot in range(len(values) - 1, len(xs) - 1, -1):
        name, sources = program[slot - len(xs)]
        if adjoints[slot] is None:
            continue
        for k, source in enumerate(sources):
            if active[source]:
                part = ops[name].vjp(k, adjoints[slot], values[slot], *(values[s] for s in sources))
                adjoints[source] = part if adjoints[source] is None else adjoints[source] + part
    grads = [np.zeros(np.shape(xs[i])) if adjoints[i] is None else np.array(adjoints[i]) for i in wrt]
    return values[-1], grads
    # END SOLUTION


# %% q="q5" role="check" points=1 needs="q2"
def test_example(gradients, TOY):
    """(a + b) · a at (2, 3), b alone is wanted: its gradient is 2"""
    got = gradients([("add", (0, 1)), ("mul", (2, 0))], [2.0, 3.0], 1.0, TOY, (1,))
    is_pair = isinstance(got, (tuple, list)) and len(got) == 2 and isinstance(got[1], (tuple, list))
    assert is_pair, "expected the pair (y, grads), grads a list with one gradient"
    assert float(got[0]) == 10.0, f"y: expected 10, got {got[0]}"
    assert [float(g) for g in got[1]] == [2.0], f"expected one gradient, 2, got {got[1]}"


# %% [markdown] q="q6"
# ## Question 6: arrays (8 points)
#
# Adding a bias `(H,)` to `(N, H)` makes $N$ copies of it. The bias is stretched; NumPy calls this broadcasting. Each
# copy sends its own message back. The one bias receives their sum: stretching *is* fan-out (D1).
#
# **Write** `unbroadcast(g, shape)`. `g` is an array of a stretched shape. Return an array of `shape`: add up the axes
# in front that `shape` lacks, and the axes where `shape` has 1. If nothing was stretched, the answer has the numbers of
# `g`.
#
# **Write** `matmul_vjp(k, u, A, B)`, the rule of `A @ B`. A is (N, H), B is (H, K), u is (N, K).
#
# *Checks:* `example` (public, 2), `matmul_example` (public, 0: a self-check), `leading` (1), `ones` (2: axes of length
# 1 stay), `scalar` (1: shape `()`), `matmul` (2).


# %% q="q6" role="solution"
def unbroadcast(g, shape):
    """The sum of the copies that stretching `shape` to g's shape made."""
    # BEGIN SOLUTION
    g = np.asarray(g)
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    return g.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)
    # END SOLUTION


def matmul_vjp(k, u, A, B):
    """The rule of A @ B for input k. u: (N, K).  A: (N, H).  B: (H, K)."""
    # BEGIN SOLUTION
    return u @ B.T if k == 0 else A.T @ u
    # END SOLUTION


# %% q="q6" role="check" points=2
def test_example(unbroadcast):
    """Two rows of messages: for a row of three numbers, and for a column of two"""
    g = np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])
    for shape, expected in (((3,), [11, 22, 33]), ((2, 1), [[6], [60]])):
        got = np.asarray(unbroadcast(g, shape))
        assert got.shape == shape, f"expected the shape {shape}, got {got.shape}"
        assert np.allclose(got, expected), f"to {shape}: expected {expected}, got {got.tolist()}"


# %% q="q6" role="check" points=0
def test_matmul_example(matmul_vjp):
    """A of one row, B of two rows and three columns: both gradients, worked by hand"""
    A, B = np.array([[1.0, 2.0]]), np.array([[1.0, 0.0, 2.0], [0.0, 3.0, 1.0]])
    for k, expected in ((0, [[201, 130]]), (1, [[1, 10, 100], [2, 20, 200]])):
        got = np.asarray(matmul_vjp(k, np.array([[1.0, 10.0, 100.0]]), A, B))
        assert got.shape == np.shape(expected), f"k = {k}: expected the shape {np.shape(expected)}, got {got.shape}"
        assert np.allclose(got, expected), f"k = {k}: expected {expected}, got {got.tolist()}"


# %% [markdown]
# A strip of three numbers is copied down three rows (grey arrows). Each copy sends a message of its own back (blue
# arrows). At the lower left stands the answer of your `unbroadcast`.

# %% role="figure"
graphs.draw_copies(unbroadcast)

# %% [markdown] q="q7"
# ## Question 7: Python writes the tape (12 points)
#
# Nobody wants to write programs by hand. So let ordinary Python do it. Hand a function not numbers but objects of your
# own class. Each object carries a value, and knows from what it was computed. Python asks such an object what `+`
# means: `a + b` calls `a.__add__(b)`. Every operator of your class then does three things: it computes the value, it
# notes its own name and its sources, and it returns a new object. Afterwards the objects are a graph, and Question 3
# puts it in order.
#
# **Write** a class `Node`, and with it `trace(f, xs)`. `f` gets one node for each of `xs`. It uses
#
# * `+ - * / @` and the unary `-`, with a node on both sides, or with a number or an array on one side: left or right;
# * the methods `.exp()`, `.log()`, `.tanh()`, `.relu()` and `.sum()`;
# * `.value`, an array or a number, to decide which way to go; and loops, functions and all else that Python has.
#
# The result of `f` is always one node that an operation made. **Return the pair** `(program, inputs)`:
#
# * `inputs` is a list that begins with `xs`, in their order, used or not. Constants follow, in any order: each number
#   or array that a line of the program uses is an input, too. One constant may be listed twice. A constant that no line
#   uses does no harm.
# * `program` has one line for each operation that the result needs, and no other line. The names are those of
#   Question 1, and `add`, `mul`, `matmul`, `sum`. So `a - b` is one line `sub`.
#
# `VALUES` holds the values of all these operations: `VALUES["add"](2.0, 3.0)` is 5. `VALUES["tanh"](400.0)` is 1, where
# the formula $(e^{2x} - 1) / (e^{2x} + 1)$ says NaN.
#
# What may surprise you:
#
# * In `2 - a` Python asks the number 2 first. It does not know nodes, so Python calls `a.__rsub__(2)`. The 2 stands on
#   the left there.
# * In `array * a` NumPy feels responsible, and multiplies every entry with your object. The line
#   `__array_ufunc__ = None` in the class tells NumPy to leave the work to `a.__rmul__`.
# * A node that is used twice is one node: its line stands in the program once.
# * Python's stack holds about 1000 calls. A loop makes longer programs than that.
# * A trace ends, and another begins. One may even begin within another; the inner function then uses no node of the
#   outer one. So keep nothing outside of the nodes.
#
# *Checks:* `example` (public, 2), `constant_example` (public, 0: a self-check), `operators` (2), `reflected` (2: a
# number on the left side), `constants` (2: arrays on either side, also stretched ones), `shared` (1), `roads` (1: the
# program holds the road that `f` took at these values), `deep` (1: 1500 operations), `two_at_once` (1: one trace after
# and within the other).


# %% q="q7" role="solution"
class Node:
    """A value that knows from what it was computed. Add what you need."""

    def __init__(self, value, name="", sources=()):
        # BEGIN SOLUTION
        self.value, self.name, self.sources = np.asarray(value, dtype=float), name, sources

    __array_ufunc__ = None  # `array * node` is ours: NumPy would multiply entry by entry

    def __add__(self, other):
        return noted("add", self, other)

    def __radd__(self, other):
        return noted("add", other, self)

    def __sub__(self, other):
        return noted("sub", self, other)

    def __rsub__(self, other):
        return noted("sub", other, self)

    def __mul__(self, other):
        return noted("mul", self, other)

    def __rmul__(self, other):
        return noted("mul", other, self)

    def __truediv__(self, other):
        return noted("div", self, other)

    def __rtruediv__(self, other):
        return noted("div", other, self)

    def __matmul__(self, other):
        return noted("matmul", self, other)

    def __rmatmul__(self, other):
        return noted("matmul", other, self)

    def __neg__(self):
        return noted("neg", self)

    def exp(self):
        return noted("exp", self)

    def log(self):
        return noted("log", self)

    def tanh(self):
        return noted("tanh", self)

    def relu(self):
        return noted("relu", self)

    def sum(self):
        return noted("sum", self)


def noted(name, *parts):
    """A node of this op. A part that is no node is a constant."""
    nodes = [part if isinstance(part, Node) else Node(part) for part in parts]
    return Node(VALUES[name](*(node.value for node in nodes)), name, nodes)
    # END SOLUTION


def trace(f, xs):
    """Let f write a program. f takes one node for each of xs. Returns (program, inputs)."""
    # BEGIN SOLUTION
    leaves = [Node(x) for x in xs]
    last = f(*leaves)
    graph, waiting = {}, [last]
    while waiting:
        node = waiting.pop()
        if node not in graph:
            graph[node] = tuple(node.sources)
            waiting.extend(node.sources)
    order = sort_graph(graph, last)
    inputs = leaves + [node for node in order if not node.name and node not in set(leaves)]
    lines = [node for node in order if node.name]
    slots = {node: slot for slot, node in enumerate(inputs + lines)}
    program = [(node.name, tuple(slots[source] for source in node.sources)) for node in lines]
    return program, [node.value for node in inputs]
    # END SOLUTION


# %% q="q7" role="check" points=2 needs="q3"
def test_example(trace):
    """(a + b) · a at (2, 3) gives two lines and two inputs"""
    got = trace(lambda a, b: (a + b) * a, [2.0, 3.0])
    is_pair = isinstance(got, (tuple, list)) and len(got) == 2
    assert is_pair, "expected the pair (program, inputs)"
    program = [(name, tuple(sources)) for name, sources in got[0]]
    assert program == [("add", (0, 1)), ("mul", (2, 0))], f"slot 2 is a + b, slot 3 is (a + b) · a: got {program}"
    assert [float(x) for x in got[1]] == [2.0, 3.0], f"inputs: expected 2 and 3, got {got[1]}"


# %% q="q7" role="check" points=0 needs="q3"
def test_constant_example(trace):
    """(2 - a) · a at 3: xs fills slot 0, the constant 2 fills slot 1, and then come the lines"""
    got = trace(lambda a: (2 - a) * a, [3.0])
    is_pair = isinstance(got, (tuple, list)) and len(got) == 2
    assert is_pair, "expected the pair (program, inputs)"
    assert [float(x) for x in got[1]] == [3.0, 2.0], f"inputs: expected 3 and 2, got {got[1]}"
    program = [(name, tuple(sources)) for name, sources in got[0]]
    assert program == [("sub", (1, 0)), ("mul", (2, 0))], f"slot 2 is 2 - a, slot 3 is (2 - a) · a: got {program}"


# %% [markdown]
# ### Your own `grad`
#
# `grad` joins Questions 1, 5, 6 and 7. It differentiates Python that nobody wrote for it: here a function with a loop
# and a branch. The solid line is the function. The broken line is what your engine says of its slope. The two roads of
# the branch meet at 0 without a jump and without a corner. So the broken line must be 0 wherever the solid line has a
# top or a bottom.

# %% role="figure"
OPS = table(local_vjp, matmul_vjp, unbroadcast, backprop)


def grad(f, *xs):
    """The gradients of f at xs."""
    program, inputs = trace(f, xs)
    return gradients(program, inputs, np.ones(()), OPS, range(len(xs)))[1]


def wavy(x):
    """Ordinary Python, with a loop and a branch."""
    for _ in range(3):
        x = 1.5 - x * x if x.value > 0 else 1.5 - 2 * x.tanh() * x.tanh()
    return x


places = np.linspace(-1.5, 1.5, 401)
heights, slopes = [], []
for place in places:
    program, inputs = trace(wavy, [place])
    heights.append(run(program, inputs, OPS)[-1])
    slopes.append(grad(wavy, place)[0])
plt.figure(figsize=(7, 3.2), layout="constrained")
plt.plot(places, heights, color="#0072B2", label="wavy(x)")
plt.plot(places, slopes, color="#D55E00", ls="--", label="its slope, by your engine")
plt.axhline(0, color="grey", lw=0.8)
plt.xlabel("x")
plt.ylabel("wavy(x), and its slope")
plt.legend()
plt.show()

# %% [markdown] q="q8"
# ## Question 8: the other mode (8 points)
#
# Forward mode needs no tape. Let the number carry its derivative with it: $a + b\,\varepsilon$, with
# $\varepsilon^2 = 0$. Then
#
# $$ (a + b\,\varepsilon)(c + d\,\varepsilon) = ac + (ad + bc)\,\varepsilon, \qquad
# \tanh(a + b\,\varepsilon) = \tanh a + (1 - \tanh^2 a)\, b\,\varepsilon, $$
#
# and so on: each operation works on pairs, and the second number of the result is the derivative along the direction
# in which the inputs moved. Such pairs are called dual numbers.
#
# **Write** a class `Dual`, and with it `dual_derivative(f, xs, vs)`. `f` is as in Question 7: it uses the same
# operators and methods, numbers and arrays on either side, and `.value`. Input `xs[i]` moves in the direction `vs[i]`,
# which has the same shape. Return the pair `(y, dy)`: the value of `f`, and its derivative along `vs`. Both have the
# shape of the result.
#
# **Write** `rule_calls(program, n_inputs, n_outputs)`, the bill. The program has $E$ sources in all its lines
# together. A whole Jacobian takes one pass for each input in forward mode, and one for each output in reverse mode.
# Suppose that no rule can be left out: each pass asks one rule for each source. Return the two numbers of rules as
# `{"forward": …, "reverse": …}`. It is A3's law, without matrices. `n_inputs` and `n_outputs` count numbers: an input
# of shape `(3,)` counts 3, and so does a result of shape `(3,)`.
#
# *Checks:* `example` (public, 1), `constant_example` and `both_modes` (public, 0: self-checks), `value` (2),
# `constants` (1: numbers and arrays on either side), `roads` (1: branches, and a loop of 1500 operations), `large` (1:
# `tanh` and `relu` far out), `two_directions` (1: nothing is remembered, and `xs` and `vs` stay as they are),
# `rule_calls` (1).


# %% q="q8" role="solution"
class Dual:
    """A value that carries its derivative along one direction. Add what you need."""

    def __init__(self, value, tangent=0.0):
        # BEGIN SOLUTION
        self.value = np.array(value, dtype=float)
        self.tangent = np.zeros(self.value.shape) + tangent

    __array_ufunc__ = None

    def __add__(self, other):
        other = dual(other)
        return Dual(self.value + other.value, self.tangent + other.tangent)

    def __sub__(self, other):
        return self + -dual(other)

    def __rsub__(self, other):
        return dual(other) + -self

    def __mul__(self, other):
        other = dual(other)
        return Dual(self.value * other.value, self.tangent * other.value + self.value * other.tangent)

    __radd__, __rmul__ = __add__, __mul__

    def __truediv__(self, other):
        other = dual(other)
        value = self.value / other.value
        return Dual(value, (self.tangent - value * other.tangent) / other.value)

    def __rtruediv__(self, other):
        return dual(other) / self

    def __matmul__(self, other):
        other = dual(other)
        return Dual(self.value @ other.value, self.tangent @ other.value + self.value @ other.tangent)

    def __rmatmul__(self, other):
        return dual(other) @ self

    def __neg__(self):
        return Dual(-self.value, -self.tangent)

    def exp(self):
        return Dual(np.exp(self.value), np.exp(self.value) * self.tangent)

    def log(self):
        return Dual(np.log(self.value), self.tangent / self.value)

    def tanh(self):
        value = np.tanh(self.value)
        return Dual(value, (1 - value**2) * self.tangent)

    def relu(self):
        return Dual(np.maximum(self.value, 0), np.where(self.value > 0, self.tangent, 0))

    def sum(self):
        return Dual(self.value.sum(), self.tangent.sum())


def dual(other):
    """A constant has the derivative zero."""
    return other if isinstance(other, Dual) else Dual(other)
    # END SOLUTION


def dual_derivative(f, xs, vs):
    """f at xs, and its derivative along the direction vs: the pair (y, dy)."""
    # BEGIN SOLUTION
    result = f(*(Dual(x, v) for x, v in zip(xs, vs, strict=True)))
    return result.value, result.tangent
    # END SOLUTION


def rule_calls(program, n_inputs, n_outputs):
    """The rules that a whole Jacobian asks in each mode: {"forward": …, "reverse": …}."""
    # BEGIN SOLUTION
    n_sources = sum(len(sources) for _, sources in program)
    return {"forward": n_inputs * n_sources, "reverse": n_outputs * n_sources}
    # END SOLUTION


# %% q="q8" role="check" points=1
def test_example(dual_derivative):
    """(a + b) · a at (2, 3) is 10; if only a moves, it moves 7 times as fast"""
    got = dual_derivative(lambda a, b: (a + b) * a, [2.0, 3.0], [1.0, 0.0])
    is_pair = isinstance(got, (tuple, list)) and len(got) == 2
    assert is_pair, "expected the pair (y, dy)"
    assert abs(got[0] - 10.0) < 1e-9, f"y: expected 10, got {got[0]}"
    assert abs(got[1] - 7.0) < 1e-9, f"dy: 5 from the factor a, 2 from the sum: expected 7, got {got[1]}"


# %% q="q8" role="check" points=0
def test_constant_example(dual_derivative):
    """2 - a · 4 at 3 is -10; the numbers 2 and 4 stand still, so it falls 4 times as fast as a grows"""
    got = dual_derivative(lambda a: 2 - a * 4, [3.0], [1.0])
    is_pair = isinstance(got, (tuple, list)) and len(got) == 2
    assert is_pair, "expected the pair (y, dy)"
    assert abs(got[0] + 10.0) < 1e-9, f"y: expected -10, got {got[0]}"
    assert abs(got[1] + 4.0) < 1e-9, f"dy: expected -4, got {got[1]}"


# %% q="q8" role="check" points=0 needs="q4"
def test_both_modes(dual_derivative, backprop, TOY):
    """u (J v) by Question 8 equals (u J) v by Question 4. Two wrong modes can agree, too: this proves nothing"""
    program = [("mul", (0, 1)), ("add", (2, 0)), ("mul", (3, 3))]
    x, w, v, u = np.array([1.0, -2.0]), np.array([3.0, 0.5]), np.array([0.3, 0.7]), np.array([2.0, -1.0])
    _, moved = dual_derivative(lambda a, b: (a * b + a) * (a * b + a), [x, w], [v, 0 * w])
    _, grads = backprop(program, [x, w], u, TOY)
    forward, reverse = float(np.sum(u * moved)), float(np.sum(grads[0] * v))
    assert abs(forward - reverse) < 1e-9, f"forward mode says {forward}, reverse mode says {reverse}"


# %% [markdown]
# Below, both laws of `rule_calls`, for four outputs. The program adds up its inputs and takes the sine of the sum, so
# with $n$ inputs it has $2(n - 1) + 1$ sources. The squares are no law: they were counted in one run of your
# `backprop`, times four outputs.

# %% role="predict" spoilers=["as many inputs as outputs"]
crossing = None  # with how many inputs do both modes ask for equally many rules? Then run the next cell

# %% role="figure"
graphs.draw_rules(rule_calls, backprop, guess=crossing)

# %% [markdown] q="q9"
# ## Question 9: what the tape must remember (4 points)
#
# When the forward walk is over, the rules still need values. Which ones, depends on the op. The rule of `mul` reads
# both of its inputs. The rule of `exp` reads its output. The rule of `add` reads nothing: it hands its `u` on.
#
# **Write** `must_keep(program, n_inputs, reads)`. `reads[name]` is a tuple that says what the rules of an op read:
# `()`, `("inputs",)`, `("output",)`, or `("inputs", "output")`. Return the set of the slots whose values must still be
# there when the way back begins. Inputs of the program are slots, too. A line that does not lead to the result is never
# asked for a rule, so it keeps nothing.
#
# Here is A2's network. The inputs are the slots 0 to 5: X, the one-hot labels Y, W1, b1, W2, b2. `relu` reads its
# output, as $y > 0$ says where the gate is open. Then the values before the gates are not kept, and no bias ever is.
# In the figure below, X holds 160 points of 2 numbers each; there are 16 hidden units and 2 classes.
#
# *Checks:* `example` (public, 1), `kept` (2), `dead_lines` (1).


# %% q="q9" role="solution"
def must_keep(program, n_inputs, reads):
    """The set of the slots whose values the way back reads."""
    # BEGIN SOLUTION
    last = n_inputs + len(program) - 1
    needed, kept = {last}, set()
    for slot in range(last, n_inputs - 1, -1):
        name, sources = program[slot - n_inputs]
        if slot in needed:
            needed |= set(sources)
            kept |= set(sources) if "inputs" in reads[name] else set()
            kept |= {slot} if "output" in reads[name] else set()
    return kept
    # END SOLUTION


# %% q="q9" role="check" points=1
def test_example(must_keep):
    """A2's network keeps X, Y, W1, W2, the hidden units and the logits"""
    network = [
        ("matmul", (0, 2)),  # slot 6
        ("add", (6, 3)),
        ("relu", (7,)),  # slot 8, the hidden units
        ("matmul", (8, 4)),
        ("add", (9, 5)),  # slot 10, the logits
        ("cross_entropy", (10, 1)),
    ]
    reads = {"matmul": ("inputs",), "add": (), "relu": ("output",), "cross_entropy": ("inputs",)}
    got = must_keep(network, 6, reads)
    assert isinstance(got, (set, frozenset)), f"expected a set, got {type(got).__name__}"
    assert got == {0, 1, 2, 4, 8, 10}, f"expected the slots 0, 1, 2, 4, 8, 10, got {sorted(got)}"


# %% role="predict" spoilers=["0.396", "3584"]
share = None  # of all numbers in the slots of A2's network: which share stays, from 0 to 1? Then run the next cell

# %% role="figure"
graphs.draw_tape(must_keep, guess=share)

# %% [markdown] q="q10"
# ## Question 10: find the bug (6 points)
#
# The file `broken.py` beside this notebook holds five backward passes, `A` to `E`, each with the function that it
# belongs to. They are short. Four of them are wrong. One looks wrong, and is right.
#
# Do not mend them: **convict** them. **Write** `counterexample(which)`. For the letter of a wrong pass it returns the
# tuple of that pass's arguments, in its own order, on which its gradient is wrong. For the letter of the innocent it
# returns `None`. All arguments together hold 12 numbers at most, all of them finite. `p` may be a plain number.
#
# Our checks run the broken pass on your arguments, and compare with the exact gradient. It is convicted if the two
# differ by more than a thousandth of the largest entry of the two, or if it says NaN where the slope is a number.
#
# You may try `broken.PASSES["A"]` on whatever you like. Two tools find some of the bugs: reading, with the duties of
# Question 4 in hand, and the difference quotient of A1. Random numbers do not find them all.
#
# *Checks:* `form` (public, 0: a self-check), `embedding` (1: A), `residual` (1: B), `centred` (1: C), `power` (1: D),
# `innocent` (2: E is right; this counts if you convict at least two of the others).


# %% q="q10" role="solution"
def counterexample(which):
    """Arguments that convict the backward pass of this letter; None for the innocent one."""
    # BEGIN SOLUTION
    one = np.ones((1, 1))
    return {
        "A": (one, np.array([0, 0]), np.ones((2, 1))),  # one row, looked up twice
        "B": (one, one, one),  # the road around the block
        "C": (np.array([1.0, 2.0]), np.array([1.0, 0.0])),  # a g that does not add up to 0
        "D": (np.zeros(1), 0.0, np.ones(1)),  # 0 · 0**(-1)
        "E": None,  # a shift of the whole row changes nothing, so its derivative adds nothing
    }[which]
    # END SOLUTION


# %% q="q10" role="check" points=0
def test_form(counterexample):
    """For each letter a tuple of at most 12 numbers, or None (whether it convicts is graded later)"""
    answers = {which: counterexample(which) for which in "ABCDE"}
    for which, arguments in answers.items():
        if arguments is not None:
            assert isinstance(arguments, (tuple, list)), f"{which}: expected a tuple or None, got {arguments!r}"
            count = sum(np.size(argument) for argument in arguments)
            assert count <= 12, f"{which}: expected at most 12 numbers in all, got {count}"
    assert any(arguments is not None for arguments in answers.values()), "four of the five passes are wrong"


# %% [markdown] q="q11"
# ## Question 11: write the test (8 points)
#
# Somebody hands you an engine, and says that it works. You cannot see its source. **Write** `judge(engine)`. It returns
# `True` if it finds nothing wrong, and `False` if the engine breaks one of the duties of Question 4, or a rule of
# Question 1 or 6. Nobody can see from outside how often an engine asks its rules, so leave D5 out. Each wrong engine is
# wrong in `grads`; you may look at `y`, too.
#
# `engine(program, xs, u)` returns `(y, grads)`, as your `backprop` does. It knows its own ops: those of Question 1, and
# `add, mul, matmul, sum`, where arrays stretch as in Question 6. A wrong engine may raise an exception; a right one
# raises only if what it is given is not a program. An engine that breaks D7 fails at 400 lines already: each line takes
# several places of Python's stack.
#
# For one engine you may make 60 calls at most, and a program that you ask again counts again. A program has 2000 lines
# at most, and its inputs hold 1000 numbers at most, without `u`. All calls to one engine together have 5000 lines at
# most. A judge that asks for more gets no point of the hidden checks, even if it catches the exception; the public
# check counts for you.
#
# What may `judge` compare with? Numbers that you worked out by hand; difference quotients; identities, such as
# a gradient that doubles with `u`; your own `backprop` with `table(…)`, if you trust it. Right engines differ in
# harmless ways. Do not condemn these:
#
# * rounding: differences of 1e-9 of the value; so compare with a tolerance, such as 1e-6;
# * a tuple where yours returns a list, and a plain number where yours returns an array of shape `()`.
#
# Your test must return `True` or `False`, and an exception is no verdict: so catch what an engine raises. Each engine
# is shown to your test at least twice, new each time, and all of them in a drawn order. An engine gets copies of your
# arguments, and you get copies of its arrays. So of D6 you see only wrong *numbers*, as those that adding in place
# makes.
#
# First you need to condemn nobody who is right: `innocent` comes first, and the other checks count only if it holds.
#
# *Checks:* `example` (public, 1), `innocent` (2: right engines are accepted, and something is condemned), `uses` (1:
# D1), `order_and_seed` (1: D2, D3), `memory` (1: D6, D8), `size` (1: D4, D7), `rules` (1: Questions 1 and 6).


# %% q="q11" role="solution"
def judge(engine):
    """True if nothing is found that is wrong with an engine, else False."""
    # BEGIN SOLUTION
    v, w = np.array([0.5, -2.0, 3.0]), np.array([2.0, 4.0, -1.0])
    edge, zeros = np.array([0.0, 2.0, -1.0]), np.zeros(3)
    one, two, three = np.array(1.0), np.array(2.0), np.array(3.0)
    copied = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    columns = copied.sum(axis=0)[:, None]
    chain = [("add", (0, 1))] + [("mul", (2 + i, 0)) for i in range(399)]
    cases = [  # program, inputs, u, and the gradients by hand
        ([("mul", (0, 0)), ("mul", (1, 0)), ("add", (2, 0)), ("add", (3, 0))], [two], three, [42.0]),  # x³ + 2x
        ([("add", (0, 1)), ("neg", (0,)), ("mul", (2, 3)), ("mul", (2, 4))], [two, three], one, [-45.0, -20.0]),
        ([("neg", (0,)), ("mul", (1, 1)), ("mul", (2, 1))], [v], w, [-3 * v * v * w]),
        ([("add", (0, 1)), ("add", (0, 2))], [two, three], one, [2.0, 1.0]),  # an add hands its u on twice
        ([("mul", (0, 1))], [v, w], zeros, [zeros, zeros]),  # u may be zero
        ([("mul", (0, 1)), ("exp", (0,)), ("neg", (4,))], [v, w, copied], w, [-w * np.exp(v), zeros, 0 * copied]),
        ([("sub", (0, 1))], [v, w], v, [v, -v]),
        ([("relu", (0,))], [edge], w, [np.array([0.0, 4.0, 0.0])]),
        ([("div", (0, 1))], [v, w], edge, [edge / w, -edge * v / w**2]),
        ([("log", (0,)), ("tanh", (1,))], [w**2], v, [v * (1 - np.tanh(np.log(w**2)) ** 2) / w**2]),
        ([("add", (0, 1)), ("mul", (2, 0))], [copied, v], copied, [copied * (2 * copied + v), (copied**2).sum(0)]),
        ([("matmul", (0, 1)), ("sum", (2,))], [copied, v[:, None]], two, [2 * v + 0 * copied, 2 * columns]),
    ]
    cases += [(cases[0][0], [two + two], three, [150.0]), *cases[:2]]  # with other numbers, and once more
    cases += [(chain, [one, zeros[0]], one, [400.0, 1.0])]  # the long one last: few wrong engines come so far
    for program, xs, u, right in cases:
        try:
            _, grads = engine(program, [x.copy() for x in xs], u.copy())
        except Exception:  # noqa: BLE001 — whatever an engine raises, a right one does not
            return False
        for grad, expected in zip(grads, right, strict=True):
            if grad is None or np.shape(grad) != np.shape(expected) or not np.allclose(grad, expected, rtol=1e-6):
                return False
    return True
    # END SOLUTION


# %% q="q11" role="check" points=1 needs=["q1", "q4", "q6"]
def test_example(
    judge, as_engine, first_doubled, verdict_and_sizes, table, backprop, local_vjp, matmul_vjp, unbroadcast
):
    """Accepts your own engine within the limits, and condemns it if its first gradient is doubled"""
    engine = as_engine(backprop, table(local_vjp, matmul_vjp, unbroadcast, backprop))
    verdict, asked = verdict_and_sizes(judge, engine)
    limits = {
        "calls": 60,
        "lines of one program": 2000,
        "lines in all": 5000,
        "numbers in the inputs of one program": 1000,
    }
    for what, most in limits.items():
        assert asked[what] <= most, f"your judge asks too much. {what}: at most {most}, got {asked[what]}"
    assert verdict in (True, False), f"expected True or False, got {verdict!r}"
    assert verdict, "your judge condemns your own engine: one of the two is wrong"
    assert not judge(first_doubled(engine)), "your own engine passes although its first gradient is doubled"


# %% [markdown] q="q12"
# ## Question 12: your engine, your network (6 points)
#
# **Write** `engine_gradients(X, Y, params, ops)`. A2's network is a program of six lines over the six inputs X, one-hot
# labels Y, W1, b1, W2, b2, with the ops `matmul`, `add`, `relu` and `cross_entropy`. `cross_entropy` takes the logits
# and Y, and its value is the mean cost. `params` holds the four parameters by name. Return the pair
# `(cost, {"W1": …, "b1": …, "W2": …, "b2": …})`, by your `gradients`. Each op is evaluated once for each line, and no
# rule is asked for X or for Y.
#
# *Checks:* `example` (public, 1), `as_by_hand` (3: the gradients of A2), `count` (2: six evaluations and nine rules).


# %% q="q12" role="solution"
def engine_gradients(X, Y, params, ops):
    """The cost of A2's network, and the gradients of its four parameters."""
    # BEGIN SOLUTION
    keys = ("W1", "b1", "W2", "b2")
    network = [("matmul", (0, 2)), ("add", (6, 3)), ("relu", (7,)), ("matmul", (8, 4)), ("add", (9, 5))]
    network.append(("cross_entropy", (10, 1)))
    inputs = [X, Y, *(params[key] for key in keys)]
    cost, grads = gradients(network, inputs, np.ones(()), ops, (2, 3, 4, 5))
    return cost, dict(zip(keys, grads, strict=True))
    # END SOLUTION


# %% q="q12" role="check" points=1 needs=["q1", "q4", "q5", "q6"]
def test_example(engine_gradients, table, local_vjp, matmul_vjp, unbroadcast, backprop):
    """A2's worked instance: the cost is 0.313262, and one hidden unit is off"""
    params = {"W1": np.eye(2), "b1": np.array([0.0, -3.0]), "W2": np.eye(2), "b2": np.zeros(2)}
    ops = table(local_vjp, matmul_vjp, unbroadcast, backprop)
    got = engine_gradients(np.array([[1.0, 2.0]]), np.array([[1.0, 0.0]]), params, ops)
    is_pair = isinstance(got, (tuple, list)) and len(got) == 2 and isinstance(got[1], dict)
    assert is_pair, "expected the pair (cost, dict of four gradients)"
    cost, grads = got
    assert abs(float(cost) - 0.313262) < 1e-6, f"cost: expected 0.313262, got {cost}"
    expected = [[-0.268941, 0.0], [-0.537883, 0.0]]
    assert np.allclose(grads["W1"], expected, atol=1e-6), f"W1: expected {expected}, got {grads['W1']}"


# %% [markdown]
# Now your engine trains the network of A2, on the two moons of A2, with your own rules. Nobody wrote a backward pass
# for this network. The first figure compares the costs with those of the gradients by hand; it takes some seconds. The
# second one shows the border.

# %% role="figure"
moons_X, moons_y = network.moons()
moons_params, moons_losses = network.fresh_parameters(D=2, H=16, K=2), []
moons_ops = table(local_vjp, matmul_vjp, unbroadcast, backprop)
for _ in range(1500):
    cost, grads = engine_gradients(moons_X, np.eye(2)[moons_y], moons_params, moons_ops)
    moons_losses.append(cost)
    moons_params = {name: array - 0.5 * grads[name] for name, array in moons_params.items()}
graphs.draw_two_costs(moons_losses)


# %% role="figure"
def moons_logits(points):
    """What the trained network says: (M, 2) -> (M, 2)."""
    hidden = np.maximum(points @ moons_params["W1"] + moons_params["b1"], 0)
    return hidden @ moons_params["W2"] + moons_params["b2"]


network.draw_regions(moons_logits, moons_X, moons_y)

# %% [markdown] q="b1"
# ## Bonus: two rules that everybody gets wrong (5 points, beyond the 100)
#
# Layer normalisation takes each row of `x` (N, D), subtracts the row's mean, and divides by the square root of the
# row's variance plus `eps = 1e-5`. Call the result $n$; then $y = n\,\gamma + \beta$, with $\gamma$ and $\beta$ of
# shape (D,). Batch normalisation does the same with each *column*: mean and variance go over the examples. The variance
# is the mean of the squared distances, as `np.var` has it. Libraries write the way back as one formula, for speed.
#
# **Write** `layernorm_vjp(x, gamma, u)` and `batchnorm_vjp(x, gamma, u)`. Both return `(dx, dgamma, dbeta)`. Your own
# engine is the judge: `trace` the forward pass and compare. There the means of the rows are `x @ np.ones((D, 1)) / D`,
# those of the columns are `np.ones((1, N)) @ x / N`, and the root of `v` is `(0.5 * v.log()).exp()`. Every entry of a
# row moves the row's mean and its variance, so each value of `x` is used more than once (D1).
#
# *Checks:* `example` (public, 1), `layernorm` (2: also one row, one row of equal entries), `batchnorm` (1: also a
# column of equal entries), `float32` (1: float32 in, float32 out).


# %% q="b1" role="solution"
def layernorm_vjp(x, gamma, u):
    """x, u: (N, D), gamma: (D,). Returns (dx, dgamma, dbeta), of the shapes (N, D), (D,), (D,)."""
    # BEGIN SOLUTION
    scale = 1 / np.sqrt(np.var(x, axis=1, keepdims=True) + np.asarray(1e-5, dtype=x.dtype))
    n = (x - np.mean(x, axis=1, keepdims=True)) * scale
    g = u * gamma
    dx = scale * (g - np.mean(g, axis=1, keepdims=True) - n * np.mean(g * n, axis=1, keepdims=True))
    return dx, np.sum(u * n, axis=0), np.sum(u, axis=0)
    # END SOLUTION


def batchnorm_vjp(x, gamma, u):
    """The same with the mean and the variance of each column."""
    # BEGIN SOLUTION
    scale = 1 / np.sqrt(np.var(x, axis=0) + np.asarray(1e-5, dtype=x.dtype))
    n = (x - np.mean(x, axis=0)) * scale
    g = u * gamma
    dx = scale * (g - np.mean(g, axis=0) - n * np.mean(g * n, axis=0))
    return dx, np.sum(u * n, axis=0), np.sum(u, axis=0)
    # END SOLUTION


# %% q="b1" role="check" points=1
def test_example(layernorm_vjp):
    """A row (0, 0, 3) has mean 1 and variance 2; the message (1, 0, 0) comes back as (0.3536, −0.3536, 0)"""
    got = layernorm_vjp(np.array([[0.0, 0.0, 3.0]]), np.ones(3), np.array([[1.0, 0.0, 0.0]]))
    is_triple = isinstance(got, (tuple, list)) and len(got) == 3
    assert is_triple, "expected (dx, dgamma, dbeta)"
    expected = [[0.353553, -0.353553, 0.0]]
    assert np.allclose(got[0], expected, atol=1e-4), f"dx: expected about {expected}, got {got[0]}"
    assert np.allclose(got[1], [-0.707107, 0.0, 0.0], atol=1e-4), f"dgamma: expected (−0.7071, 0, 0), got {got[1]}"
    assert np.allclose(got[2], [1.0, 0.0, 0.0]), f"dbeta: expected (1, 0, 0), got {got[2]}"


# %% [markdown] q="b2"
# ## Bonus: second derivatives (4 points, beyond the 100)
#
# A gradient has a derivative, too. All second derivatives together are a matrix $H$, as large as the square of the
# number of inputs. Often only $H v$ is wanted, for one direction $v$: the derivative of the *gradient* along $v$. It
# costs one pass: run your reverse mode (Question 4) on the numbers of your forward mode (Question 8).
#
# **Write** `hvp(f, xs, vs)`. `f` is a function as in Question 7. It has one number for each of `xs`, and uses `+ - *`,
# unary `-` and constants only. Return the pair `(grads, products)`: two lists with one number for each of `xs`, the
# gradient of `f` and $H v$. `trace` writes the program. Your ops must work on a `Dual`, so write a small table whose
# rules use `+ - *` alone. Your `backprop` must not turn messages or gradients into arrays of floats: `dtype=float`
# raises here. If it copies gradients by `np.array(g)`, then `np.array(g).item()` is the `Dual` again. An input that
# nobody uses has the plain zero of D4, which is no `Dual`.
#
# *Checks:* `example` (public, 1), `value` (2: constants, an unused input), `symmetric` (1: two directions, one
# matrix).


# %% q="b2" role="solution"
def hvp(f, xs, vs):
    """The gradient of f at xs, and its derivative along vs: two lists of numbers."""
    # BEGIN SOLUTION
    kind = type(TOY["add"])
    ops = {
        "sub": kind(lambda a, b: a - b, lambda u, *_: u, lambda u, *_: -u),
        "neg": kind(lambda a: -a, lambda u, *_: -u),
        "add": TOY["add"],
        "mul": TOY["mul"],
    }
    program, inputs = trace(f, xs)
    tangents = list(vs) + [0.0] * (len(inputs) - len(xs))
    duals = [Dual(x, v) for x, v in zip(inputs, tangents, strict=True)]
    _, grads = backprop(program, duals, Dual(1.0), ops)
    grads = [dual(np.array(g).item()) for g in grads[: len(xs)]]
    return [float(g.value) for g in grads], [float(g.tangent) for g in grads]
    # END SOLUTION


# %% q="b2" role="check" points=1 needs=["q2", "q4", "q7", "q8"]
def test_example(hvp):
    """x² y + x y at (2, 3) along (1, 0): the gradient is (15, 6), and its derivative is (6, 5)"""
    got = hvp(lambda x, y: x * x * y + x * y, [2.0, 3.0], [1.0, 0.0])
    is_pair = isinstance(got, (tuple, list)) and len(got) == 2
    assert is_pair, "expected the pair (grads, products)"
    assert np.allclose(got[0], [15.0, 6.0]), f"gradient: expected (15, 6), got {got[0]}"
    assert np.allclose(got[1], [6.0, 5.0]), f"second derivative times (1, 0): expected (6, 5), got {got[1]}"


# %% [markdown] q="b3"
# ## Bonus: fifty layers (4 points, beyond the 100)
#
# A deep chain has layers $z = W a$, and then an activation: $z$ where $z > 0$, and $s\,z$ elsewhere. The number $s$ is
# called `slope` here: 0 is relu, and 1 is no activation at all. The **error term** of a layer is the derivative of the
# result with respect to its $z$. On the way back each layer changes its length by some factor. Fifty such factors
# multiply: the error term vanishes, or explodes, or stays.
#
# **Write** `error_norms(Ws, x, u, slope)`: the lengths (`np.linalg.norm`) of all error terms, the first layer first.
# `Ws` has one matrix a layer, `x` is the first $a$, and `u` is the derivative of the result with respect to
# the *output* of the last layer's activation. At $z = 0$ the activation's slope is $s$.
#
# **Write** `steady_gain(slope)`: weights are drawn with mean 0 and standard deviation $g / \sqrt n$, for a width of
# $n$. Return the $g$ at which the error term keeps its length, on average over wide layers. Work it out, or measure it
# with `error_norms`: 3 % are near enough.
#
# *Checks:* `example` (public, 1), `norms` (1), `gain` (2: drawn slopes).


# %% q="b3" role="solution"
def error_norms(Ws, x, u, slope):
    """The length of the error term at each layer, the first layer first."""
    # BEGIN SOLUTION
    a, gates = x, []
    for W in Ws:
        z = W @ a
        gates.append(np.where(z > 0, 1.0, slope))
        a = gates[-1] * z
    norms, message = [], u
    for W, gate in zip(Ws[::-1], gates[::-1], strict=True):
        error = gate * message
        norms.append(float(np.linalg.norm(error)))
        message = W.T @ error
    return norms[::-1]
    # END SOLUTION


def steady_gain(slope):
    """The standard deviation of the weights, times the root of the width, that keeps the error term's length."""
    # BEGIN SOLUTION
    return np.sqrt(2 / (1 + slope**2))
    # END SOLUTION


# %% q="b3" role="check" points=1
def test_example(error_norms, steady_gain):
    """x = (1, −1) through diag(2, 3) and diag(5, 7): the error terms are (5, 7) and (1, 2); no activation: gain 1"""
    Ws = [np.diag([2.0, 3.0]), np.diag([5.0, 7.0])]
    got = error_norms(Ws, np.array([1.0, -1.0]), np.array([1.0, 4.0]), 0.5)
    assert np.allclose(got, [np.sqrt(74), np.sqrt(5)]), f"lengths: expected (√74, √5), got {got}"
    assert abs(steady_gain(1.0) - 1) < 0.03, f"gain without an activation: expected 1, got {steady_gain(1.0)}"


# %% [markdown]
# The picture shows relu at your gain, and at a tenth less and a tenth more. Read it from the right: the way back begins
# at layer 50. The axis is logarithmic, so a constant factor in each layer is a straight line.

# %% role="figure"
deep_rng = np.random.default_rng(0)
deep_Ws = [deep_rng.normal(size=(128, 128)) / np.sqrt(128) for _ in range(50)]
deep_x, deep_u = deep_rng.normal(size=(2, 128))
plt.figure(figsize=(7.5, 3.8), layout="constrained")
for factor, style, colour in ((1.1, "--", "#D55E00"), (1.0, "-", "#0072B2"), (0.9, ":", "#009E73")):
    gained = [factor * steady_gain(0.0) * W for W in deep_Ws]
    lengths = error_norms(gained, deep_x, deep_u, 0.0)
    plt.semilogy(range(1, 51), lengths, style, color=colour, lw=2, label=f"{factor} × your gain")
plt.xlabel("layer   (← the way back)")
plt.ylabel("length of the error term")
plt.legend()
plt.show()

# %% [markdown] q="b4"
# ## Bonus: forget, and run again (4 points, beyond the 100)
#
# Your `backprop` keeps the values of all lines. For a long program they may not fit into the memory. So forget most of
# them, and compute them again on the way back. A3's bonus did so for chains; now any program.
#
# `cuts` is a tuple of numbers of lines, increasing. A segment begins at line 0 and at each of these lines, and ends
# before the next one begins. With `cuts = (2, 5)` and six lines the segments are the lines 0 and 1, the lines 2 to 4,
# and line 5. `cuts` may be empty: then all lines are one segment. A line's value **crosses** a cut if a line of a later
# segment reads it.
#
# * On the way forward, keep the values that cross a cut. Forget the other values of a segment after its last line.
# * On the way back, take the last segment first. Run its lines again, ask their rules from its end, and forget its
#   values. Then take the segment before it.
#
# **Write** `checkpointed(program, xs, u, ops, cuts)`. It returns `(y, grads)`, and Question 4's duties hold, except
# that each line's op may be evaluated **twice**. At any time you hold at most as many values of lines as cross a cut,
# all cuts together, plus the number of lines of the longest segment. (`xs` and adjoints do not count.)
#
# We see the questions that you ask the ops, in their order. A value that was made at one question, and is used at a
# later one without having been made again, was held between the two. So a list that you forget to empty is not seen.
#
# *Checks:* `example` (public, 0: a self-check), `value` (1), `memory` (2), `extra` (1: at most twice, each rule once,
# and the memory as well).


# %% q="b4" role="solution"
def checkpointed(program, xs, u, ops, cuts):
    """As backprop, but most values are forgotten, and each segment is run again on the way back."""
    # BEGIN SOLUTION
    n, kept = len(xs), dict(enumerate(xs))
    segments = [range(start, end) for start, end in zip((0, *cuts), (*cuts, len(program)), strict=True)]

    def segment_values(lines):
        filled = dict(kept)
        for i in lines:
            name, sources = program[i]
            filled[n + i] = ops[name](*(filled[s] for s in sources))
        return filled

    for lines in segments:
        values = segment_values(lines)
        read_later = {s for _, sources in program[lines.stop :] for s in sources}
        kept |= {slot: value for slot, value in values.items() if slot in read_later}
    last = n + len(program) - 1
    y, adjoints = values[last], {last: u}
    for lines in segments[::-1]:
        values = segment_values(lines)
        for i in lines[::-1]:
            if n + i not in adjoints:
                continue
            name, sources = program[i]
            for k, s in enumerate(sources):
                part = ops[name].vjp(k, adjoints[n + i], values[n + i], *(values[q] for q in sources))
                adjoints[s] = adjoints[s] + part if s in adjoints else part
    return y, [np.array(adjoints.get(i, np.zeros(np.shape(x)))) for i, x in enumerate(xs)]
    # END SOLUTION


# %% q="b4" role="check" points=0
def test_example(checkpointed, TOY):
    """Two blocks x + w x at x = 3, w = 1, with any cuts: y = 12, and the gradients are 4 and 12"""
    program = [("mul", (1, 0)), ("add", (0, 2)), ("mul", (1, 3)), ("add", (3, 4))]
    for cuts in ((), (2,), (1, 3), (1, 2, 3)):
        got = checkpointed(program, [3.0, 1.0], 1.0, TOY, cuts)
        is_pair = isinstance(got, (tuple, list)) and len(got) == 2
        assert is_pair, "expected the pair (y, grads)"
        assert float(got[0]) == 12.0, f"cuts = {cuts}: y: expected 12, got {got[0]}"
        assert [float(g) for g in got[1]] == [4.0, 12.0], f"cuts = {cuts}: grads: expected 4, 12, got {got[1]}"


# %% [markdown] q="explain"
# ## In your own words: what does the graph add? (10 points, graded by hand, beyond the 100)
#
# A colleague says: "Back-propagation *is* the chain rule." What does the graph add to it? Give an example of your own:
# a small program in which it matters. Five to ten sentences, no code.

# %% [markdown] q="explain" role="manual" points=10
# **A good answer.** The chain rule says what one step does. In a graph a value may have many users, and its messages
# add up: the derivative is a sum over all paths. Their number can double with every line, so nobody walks the paths.
# Instead each line waits until its adjoint is complete, and then asks its rules once. So the work grows with the number
# of lines, not with the number of paths. An example: y = x · x, then y · y, and so on, twenty times: twenty lines and a
# million paths. Back-propagation asks forty rules.
