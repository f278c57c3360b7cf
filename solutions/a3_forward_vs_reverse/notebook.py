# %% [markdown]
# # Assignment 3: why reverse?
#
# In A2 you computed the gradient of a whole network in about the time of three forward passes. In A1 the
# blindfolded climber needed two heights *for every coordinate*. With a million weights that is the difference
# between a second and a week. Where does this difference come from?
#
# Not from cleverer calculus: both apply the chain rule. It comes from **brackets**. The chain rule gives a
# product of matrices, and a product of matrices may be multiplied from either end, or from the middle. The
# answer is the same. The bill is not.
#
# In this assignment you compute the bill, watch it being paid, and find out when going backwards is much
# cheaper, when it is dearer, and what it costs in memory.
#
# **When you are done you can**
#
# 1. read a network as a chain of Jacobians, and its derivative as their product;
# 2. count the multiply-adds of any order of multiplication, exactly;
# 3. push a vector through a chain from either end, without ever building a Jacobian (`jvp`, `vjp`);
# 4. say how many such passes a Jacobian or a gradient takes, and which mode to choose;
# 5. find the cheapest of all orders, and say what reverse mode pays in memory.
#
# | Question | You write | Points |
# |---|---|---|
# | 1 | `accumulate_forward`, `accumulate_reverse` | 18 |
# | 2 | `forward_macs`, `reverse_macs` | 14 |
# | 3 | `jvp` | 10 |
# | 4 | `vjp` | 14 |
# | 5 | `jacobian_forward`, `jacobian_reverse` | 12 |
# | 6 | `cheaper_mode` | 6 |
# | 7 | `mlp_macs` | 8 |
# | 8 | `optimal_bracketing` | 12 |
# | 9 | three concept answers | 6 |
# | In your own words | one paragraph, graded by hand | 10, beyond the 100 |
# | Bonus | `checkpointed_vjp`, `best_interval`; `reverse_loses`, `search_counterexample` | 5 + 5 |

# %% [markdown]
# ## Conventions of the whole course
#
# | | Convention | In this assignment |
# |---|---|---|
# | 1 | Batch first: `X (N, D)`, labels `y (N,)`; a bias is `(H,)`, never `(1, H)` | Question 7; else one vector |
# | 2 | Cost: natural-log cross-entropy, mean over the batch | in A2 |
# | 3 | `relu'(0) = 0` | in A2 |
# | 4 | A gradient has exactly the shape of what it is the gradient of | **yes**: `u J` has the shape of `x` |
# | 5 | Pure: arguments stay unchanged, results own their memory | **yes**: `q1.keeps_its_list` |
# | 6 | float64 in, right to 1e-5 out; float32 in, float32 out | **yes**: `q1.example`; here float64 only |
# | 7 | Numbers that are 0, or between 1e-150 and 1e150 in size, give finite, right answers | widths to a million |
# | 8 | NumPy is allowed, autodiff libraries are not. Loops are fine; time is never graded | **yes** |
#
# And three of this assignment's own:
#
# * A chain has $L \ge 1$ layers and the **widths** `dims = [n_0, n_1, …, n_L]`, a list or a tuple of whole
#   numbers, each at least 1. Layer $l$ maps $n_{l-1}$ numbers to $n_l$; its Jacobian $J_l$ has the shape
#   $(n_l, n_{l-1})$. Lists begin at the input side: `Js[0]` is $J_1$.
# * The unit of cost is one **multiply-add**. A $(p \times q)$ matrix times a $(q \times r)$ matrix has $pr$
#   entries, each a sum of $q$ products, and costs $pqr$.
# * A vector that multiplies from the right, $Jv$, and a row that multiplies from the left, $uJ$, are both
#   plain arrays of one axis.
#
# ## How you are graded
#
# * Below each question stand public checks. Run them as often as you like; they carry a few of the points.
#   `grader.check("q1")` runs all those of a question at once.
# * After you submit, hidden checks run. Each looks at one property that the text promises, under a name
#   listed with the question, on data that is drawn anew for you. There is no rule that this page does not
#   state.
# * Points belong to checks, not to questions: one slip does not cost you the whole question. A slip that many make,
#   such as a product taken at the wrong place, costs the check of the values. The question's other checks then look
#   for what they are about, the calls or the caller's list, and forgive it. Where a question builds on an earlier one,
#   we hand your function right answers of the earlier one, too, to see whether your new code is right.
# * **Cost is observed, never believed, and never timed.** In Question 1 your functions multiply arrays that
#   count; in Questions 3 to 5 they call layers that count. A slow computer loses nothing.
# * Figures carry no points. They draw what *your* functions say, so look at them.

# %% role="setup"
import cost_charts  # a file beside this notebook, as mlp_products and scenes, which draw, and workbench
import matplotlib.pyplot as plt
import mlp_products
import numpy as np
import scenes
from workbench import calls_of, count_multiply_adds, network, three_layers, two_layers  # noqa: F401 — checks use them

plt.rcParams["figure.dpi"] = 110

# %% [markdown]
# ### Two bills, before any code
#
# A chain of widths $(3, 4, 5, 2)$, multiplied from both ends. Fill the blanks in by pencil: the shape of each product,
# and how many products of two numbers it takes. Questions 1 and 2 ask your code for the same.

# %% role="poster"
scenes.poster("two_bills")

# %% [markdown] q="q1"
# ## Question 1: one product, two ends (18 points)
#
# A network is a chain of functions, $y = f_L(\dots f_2(f_1(x)))$. Wiggle the input a little and the wiggle
# is multiplied by one Jacobian after the other. So the derivative of the whole is the product
#
# $$ J \;=\; J_L\, J_{L-1} \cdots J_2\, J_1, \qquad J_l \text{ of shape } (n_l, n_{l-1}). $$
#
# The layer that acts first stands on the right. Nothing in the formula says which two neighbours to multiply
# first. Two orders have names:
#
# * **forward**, from the input side: $J_L(\cdots(J_3\,(J_2\,J_1)))$;
# * **reverse**, from the output side: $(((J_L\,J_{L-1})\,J_{L-2})\cdots)\,J_1$.
#
# **Write** `accumulate_forward(Js)` and `accumulate_reverse(Js)`: `Js` is the list `[J_1, …, J_L]`, input side
# first. Each returns $J$, shape $(n_L, n_0)$, multiplied in its own order. There are $L-1$ products: begin with
# a Jacobian, not with an identity matrix, which would cost one product more. With $L = 1$ return a copy. The
# list and its matrices belong to the caller and stay as they are.
#
# **How we see the order.** Some of our checks hand over matrices that count what is done with them. They
# multiply by `@`, `np.dot`, `np.matmul`, `np.einsum` with two arrays, or entry by entry in your own loops: all
# of these count the same. What chooses an order of its own is refused: `np.linalg.multi_dot`, `np.einsum` over
# three or more arrays. So is taking the numbers out, by `float(…)`, `.tolist()` or `.item()`, as we could not
# count what happens to them.
#
# *Checks:* `example` (public, 1), `count` and `keeps_its_list` (public, 0: self-checks), `fwd_value` (4: one to four
# layers), `rev_value` (4), `fwd_order` (4: the multiply-adds observed are those of this order), `rev_order` (4),
# `list_untouched` (1: the list, its matrices, and the copy for $L = 1$).


# %% q="q1" role="solution"
def accumulate_forward(Js):
    """J_L (... (J_3 (J_2 J_1))): the product of Js = [J_1, ..., J_L] from the input side, (n_L, n_0)."""
    # BEGIN SOLUTION
    product = Js[0].copy()  # for one layer there is no product, and the result must not be the caller's array
    for J in Js[1:]:
        product = J @ product
    return product
    # END SOLUTION


def accumulate_reverse(Js):
    """((J_L J_{L-1}) J_{L-2}) ... J_1: the product of Js = [J_1, ..., J_L] from the output side, (n_L, n_0)."""
    # BEGIN SOLUTION
    product = Js[-1].copy()
    for J in Js[-2::-1]:
        product = product @ J
    return product
    # END SOLUTION


# %% q="q1" role="check" points=1
def test_example(accumulate_forward, accumulate_reverse):
    """Widths (3, 4, 5, 2): both orders give the product, to 1e-5"""
    J1 = np.array([[1.0, 0, 2], [0, 1, 0], [3, 0, 0], [1, 1, 1]])
    J2 = np.array([[1.0, 0, 0, 1], [0, 2, 0, 0], [0, 0, 1, 0], [1, 1, 1, 1], [0, 0, 0, 3]])
    J3 = np.array([[1.0, 0, 2, 0, 1], [0, 1, 0, 1, 0]])
    expected = np.array([[11, 4, 6], [5, 4, 3]])
    for name, multiply in (("forward", accumulate_forward), ("reverse", accumulate_reverse)):
        got = np.asarray(multiply([J1, J2, J3]))
        assert got.shape == (2, 3), f"{name}: expected J3 J2 J1 of shape (2, 3), got shape {got.shape}"
        assert np.max(np.abs(got - expected)) <= 1e-4, f"{name}: J3 J2 J1 is {expected.tolist()}, got {got.tolist()}"


# %% q="q1" role="check" points=0
def test_count(accumulate_forward, accumulate_reverse, count_multiply_adds):
    """Widths (3, 4, 5, 2), on matrices that count: 90 multiply-adds forward, 64 in reverse"""
    Js = [np.ones((4, 3)), np.ones((5, 4)), np.ones((2, 5))]
    for name, multiply, expected in (("forward", accumulate_forward, 90), ("reverse", accumulate_reverse, 64)):
        product, done = count_multiply_adds(multiply, Js)
        assert np.shape(product) == (2, 3), f"{name}: expected shape (2, 3), got {np.shape(product)}"
        assert np.max(np.abs(np.array(product) - 20)) <= 1e-4, f"{name}: every entry is 20 here, got {product}"
        assert done == expected, f"{name}: this order takes {expected} multiply-adds, yours took {done}"


# %% q="q1" role="check" points=0
def test_keeps_its_list(accumulate_forward, accumulate_reverse):
    """The list still holds the same matrices afterwards (convention 5)"""
    before = [np.ones((2, 3)), 2 * np.ones((4, 2)), 3 * np.ones((1, 4))]
    for multiply in (accumulate_forward, accumulate_reverse):
        Js = [J.copy() for J in before]
        multiply(Js)
        assert len(Js) == 3, f"the list had three matrices before the call and has {len(Js)} now"
        same = all(np.array_equal(J, old) for J, old in zip(Js, before, strict=True))
        assert same, "the matrices in the list are not the ones that were there before the call"


# %% [markdown] q="q2"
# ## Question 2: the bill (14 points)
#
# Write the shapes down, product by product. Going forward, the running product always has $n_0$ columns; going
# in reverse it always has $n_L$ rows. Each new Jacobian $J_l$ is multiplied with it once, so
#
# $$ \text{forward: } \; n_0 \sum_{l=2}^{L} n_l\, n_{l-1}, \qquad\qquad \text{reverse: } \; n_L
# \sum_{l=1}^{L-1} n_l\, n_{l-1}. $$
#
# Look at the factor in front. Forward pays for every *input*, reverse for every *output*. A training cost is
# one number, $n_L = 1$: then reverse drags a single row along, and each of its products is vector times matrix.
# Forward drags $n_0$ columns along, and each of its products is matrix times matrix until the very last.
#
# **Write** `forward_macs(dims)` and `reverse_macs(dims)`: the multiply-adds of the two orders for a chain of
# widths `dims`. Each returns a whole number, an `int`, and exactly: for widths of a million it is far larger
# than $2^{53}$, where floating-point numbers begin to skip. (Python's own `int` is exact at any size.) One
# layer needs no product: 0.
#
# *Checks:* `example` (public, 3), `forward_counts` (3: one to five layers), `reverse_counts` (3), `exact_int` (3:
# widths of a million, type `int`), `symmetry` (2: the widths read backwards).


# %% q="q2" role="solution"
def forward_macs(dims):
    """Multiply-adds of the forward order for widths dims = [n_0, ..., n_L]. Returns an int."""
    # BEGIN SOLUTION
    return dims[0] * sum(dims[i] * dims[i - 1] for i in range(2, len(dims)))
    # END SOLUTION


def reverse_macs(dims):
    """Multiply-adds of the reverse order for widths dims = [n_0, ..., n_L]. Returns an int."""
    # BEGIN SOLUTION
    return dims[-1] * sum(dims[i] * dims[i - 1] for i in range(1, len(dims) - 1))
    # END SOLUTION


# %% q="q2" role="check" points=3
def test_example(forward_macs, reverse_macs):
    """(3, 4, 5, 2): 90 forward, 64 in reverse"""
    forward, reverse = forward_macs((3, 4, 5, 2)), reverse_macs((3, 4, 5, 2))
    assert forward == 90, f"forward: (5×4)(4×3) costs 60 and (2×5)(5×3) costs 30, got {forward}"
    assert reverse == 64, f"reverse: (2×5)(5×4) costs 40 and (2×4)(4×3) costs 24, got {reverse}"


# %% [markdown]
# ### See the bill
#
# A classifier of images: 784 pixels, two hidden layers of 512, 10 classes, one cost. Its product can be worked out from
# the input or from the output. How many times as much does the dearer order cost? Twice? Ten times? More? Write your
# guess down, then run the next two cells.

# %% role="predict" spoilers=["313", "209,542,816", "668,672"]
guess = None  # how many times as much? A number

# %% role="figure"
CLASSIFIER = (784, 512, 512, 10, 1)
scenes.bills(CLASSIFIER, forward=forward_macs(CLASSIFIER), reverse=reverse_macs(CLASSIFIER), guess=guess)

# %% [markdown]
# *How to read it: every rectangle is a matrix. Its sides are drawn by square roots, not to scale, so that 784 and 1 fit
# into one picture. Each receipt lists the products of one order, p × q × r each, and ends in the total that your
# function gives.*
#
# Both orders end in the same $1 \times 784$ row, the gradient. From the input, a $512 \times 784$ matrix is built on
# the way; from the output, nothing larger than a row of 784 numbers. The ratio is 313.
#
# > **"Until we multiply by a vector."** One often hears: forwards, one multiplies large matrices layer after
# > layer, until at last a matrix meets a vector in the output layer. Which vector? Not the
# > input $x$, which has no part in the product at all. It is $J_L$, the $1 \times n_{L-1}$ *row* of the
# > derivatives of the cost with respect to the last layer's inputs. It is a vector only because the cost is
# > one number. Which brings us to the exact reason:
# >
# > **Reverse is cheaper because the output is a scalar**, and not because it is reverse. For a function with
# > one input and many outputs, a trajectory over time for instance, the whole picture flips, and forward is the
# > bargain. "Backwards is always cheaper" is wrong.

# %% role="figure"
cost_charts.draw_growth(forward_macs, reverse_macs)

# %% [markdown]
# *How to read it: multiply-adds of both orders for 100 inputs and one cost, against the number of layers and against
# the hidden width. All axes are logarithmic, so equal distances are equal factors.*
#
# With all hidden widths equal to $H$ the ratio is $\frac{n_0}{n_L} \cdot \frac{(L-2)H + n_L}{(L-2)H + n_0}$.
# Deeper or wider, the second factor tends to 1, and the gap to $n_0 / n_L$: as many times as there are inputs
# for each output.
#
# Do multiply-adds say anything about *time*? Here are your two functions against a clock. Nothing of this is
# graded.

# %% role="figure"
cost_charts.draw_times({"forward": (accumulate_forward, forward_macs), "reverse": (accumulate_reverse, reverse_macs)})

# %% [markdown]
# *How to read it: milliseconds against multiply-adds, both axes logarithmic, one pair of points for each width. Each
# point is the best of four runs. If one stands far above its neighbours all the same, your computer was busy with
# something else: run the cell again. Widths for which a run takes more than a tenth of a second are left out, and the
# chart says so.*
#
# Compare the two orders at the same *width*, and then at the same *count*. The count decides which order is faster for
# wide chains, yet it is not a clock. For small matrices the cost of calling anything at all hides the rest. And a row
# times a matrix fetches every entry of the matrix for a single use, so reverse takes more time *for each* multiply-add;
# it wins because it has so many fewer to do. Caches, threads and the width of a vector unit have their say as well,
# which is why no grade depends on time.

# %% [markdown] q="q3"
# ## Question 3: a direction forward (10 points)
#
# So far the Jacobians lay ready. In a network they never do. A ReLU layer with 512 units has a Jacobian with
# 262,144 entries, of which at most 512 are not zero; multiplying *with* it takes 512 products. So a layer does not hand
# out its Jacobian. It offers the two products with it:
#
# | You call | You get | Name |
# |---|---|---|
# | `layer(x)` | the value, shape `(n_out,)` | |
# | `layer.jvp(x, v)` | $J(x)\,v$, shape `(n_out,)` | Jacobian-vector product |
# | `layer.vjp(x, u)` | $u\,J(x)$, shape `(n_in,)` | vector-Jacobian product |
#
# Everywhere `x` is that layer's **own input** `(n_in,)`, `v` has the shape of its input and `u` of its output,
# plain arrays, by position. Layers raise `ValueError` for any other shape. `layers` is a list of $L \ge 1$ of
# them, input side first. `two_layers()`, `three_layers()` and `network(dims)` make some to try on, and
# `calls_of(layers)` says how often each was called.
#
# A layer cannot know whether the `x` that it gets is its own input. If the shape fits, it answers for that `x`,
# and the answer is wrong without a word. A matrix layer hides this mistake, because its Jacobian is the same
# everywhere. In `three_layers()` all widths are 2, and every wrong place shows: the first layer takes
# $(a, b)$ to the squares $(a^2, b^2)$, the second takes $(a, b)$ to $(a + b,\; a - b)$, and the third squares again.
#
# The climber can ask her chain of layers: *if I shift my foot along $v$, how does each output move?* The answer
# $Jv$ comes out of one walk from input to output, with two things in hand, the value and the direction:
#
# $$ v \;\leftarrow\; J_l(x)\,v, \qquad x \;\leftarrow\; f_l(x), \qquad l = 1, \dots, L. $$
#
# **Write** `jvp(layers, x, v)`: `x` and `v` of shape `(n_0,)`. Returns the pair `(y, Jv)`, the value of the
# chain and its Jacobian at `x` times `v`, both of shape `(n_L,)`. It evaluates each layer **once** and calls
# each layer's `jvp` **once**, its `vjp` never.
#
# *Checks:* `example` (public, 2), `jvp` (5), `cost` (3: the calls, where the answer is right).


# %% q="q3" role="solution"
def jvp(layers, x, v):
    """The value of a chain at x (n_0,), and its Jacobian there times v (n_0,): the pair (y, Jv), both (n_L,)."""
    # BEGIN SOLUTION
    for layer in layers:
        x, v = layer(x), layer.jvp(x, v)  # both from the old x
    return x, v
    # END SOLUTION


# %% q="q3" role="check" points=2
def test_example(jvp, two_layers, three_layers):
    """Squares and a matrix, then squares, a matrix, squares, at (1, 2) along (1, −1): each layer at its own input"""
    places = "(-4, 24): every layer was asked at the chain's x; (-300, 180): each was asked at its own output"
    for name, layers, value, product, hint in (
        ("two_layers", two_layers(), [5, -1, 12], [-2, 8, -12], "J is [[2, 4], [4, -4], [0, 12]] there"),
        ("three_layers", three_layers(), [25, 9], [-20, -36], f"J is [[20, 40], [-12, 24]] there. {places}"),
    ):
        got = jvp(layers, np.array([1.0, 2.0]), np.array([1.0, -1.0]))
        is_pair = isinstance(got, (tuple, list)) and len(got) == 2
        assert is_pair, f"{name}: expected the pair (y, Jv)"
        y, Jv, n = np.asarray(got[0]), np.asarray(got[1]), len(value)
        assert y.shape == Jv.shape == (n,), f"{name}: expected vectors of length {n}, got {y.shape} and {Jv.shape}"
        assert np.max(np.abs(y - value)) <= 1e-4, f"{name}: y: expected {value}, got {y}"
        assert np.max(np.abs(Jv - product)) <= 1e-4, f"{name}: Jv: expected {product}, got {Jv}. {hint}"


# %% [markdown]
# ### The tape, before any code
#
# `three_layers()` at $(1, 2)$, and a question $u = (1, 1)$ at its output. Fill in by pencil what has to be written down
# on the way there, and what each layer is asked on the way back.

# %% role="poster"
scenes.poster("tape")

# %% [markdown] q="q4"
# ## Question 4: a question back (14 points)
#
# The other product asks the opposite: *I care about one combination $u$ of the outputs; how much does each
# input matter to it?* The answer $uJ = ((u J_L) J_{L-1}) \cdots J_1$ begins at the output. For a scalar cost
# and $u = 1$ it is the gradient, and the walk is back-propagation.
#
# There is a catch. $J_L$ has to be taken at layer $L$'s own input, which one only knows after having walked
# there. So reverse mode walks **twice**: to the output, writing down where each layer stood, and back.
#
# $$ \text{there: } x_{l} = f_l(x_{l-1}), \quad l = 1, \dots, L, \qquad\qquad
# \text{back: } u \;\leftarrow\; u\, J_l(x_{l-1}), \quad l = L, \dots, 1. $$
#
# **Write** `vjp(layers, x, u)`: `x` of shape `(n_0,)`, `u` of shape `(n_L,)`. Returns the pair `(y, uJ)`, of
# shapes `(n_L,)` and `(n_0,)`. It evaluates each layer **once** and calls each layer's `vjp` **once**, its
# `jvp` never. So each input has to be kept the first time: walking again from the start for every layer on the
# way back would evaluate $1 + 2 + \dots + L$ layers. Leave the list as you found it: `layers.reverse()` turns
# the *caller's* list around.
#
# *Checks:* `example` (public, 2), `adjoint` (public, 0: a self-check), `vjp` (7), `cost` (4: the calls,
# where the answer is right), `list_untouched` (1: the list, `x` and `u`).


# %% q="q4" role="solution"
def vjp(layers, x, u):
    """The value of a chain at x (n_0,), and u (n_L,) times its Jacobian there: the pair (y, uJ), (n_L,) and (n_0,)."""
    # BEGIN SOLUTION
    inputs = []
    for layer in layers:
        inputs.append(x)
        x = layer(x)
    for layer, place in zip(reversed(layers), reversed(inputs), strict=True):
        u = layer.vjp(place, u)
    return x, u
    # END SOLUTION


# %% q="q4" role="check" points=2
def test_example(vjp, two_layers, three_layers):
    """Squares and a matrix, then squares, a matrix, squares, at (1, 2): each layer at its own input"""
    places = "(12, -8): every layer was asked at the chain's x; (136, 256): each was asked at its own output"
    for name, layers, u, value, product, hint in (
        ("two_layers", two_layers(), [1, 0, 1], [5, -1, 12], [2, 16], "J is [[2, 4], [4, -4], [0, 12]] there"),
        ("three_layers", three_layers(), [1, 1], [25, 9], [8, 64], f"J is [[20, 40], [-12, 24]] there. {places}"),
    ):
        got = vjp(layers, np.array([1.0, 2.0]), np.array(u, dtype=float))
        is_pair = isinstance(got, (tuple, list)) and len(got) == 2
        assert is_pair, f"{name}: expected the pair (y, uJ)"
        y, uJ = np.asarray(got[0]), np.asarray(got[1])
        assert y.shape == (len(value),), f"{name}: y: expected shape ({len(value)},), got {y.shape}"
        assert uJ.shape == (2,), f"{name}: uJ: expected the shape of x, (2,), got {uJ.shape}"
        assert np.max(np.abs(y - value)) <= 1e-4, f"{name}: y: expected {value}, got {y}"
        assert np.max(np.abs(uJ - product)) <= 1e-4, f"{name}: uJ with u = {u}: expected {product}, got {uJ}. {hint}"


# %% q="q4" role="check" points=0 needs="q3"
def test_adjoint(jvp, vjp, two_layers):
    """u (J v) and (u J) v are one number, whatever u and v: your two modes agree"""
    x, v, u = np.array([0.5, -1.5]), np.array([0.3, 0.7]), np.array([1.1, -0.4, 0.2])
    one = float(np.dot(u, jvp(two_layers(), x, v)[1]))
    other = float(np.dot(vjp(two_layers(), x, u)[1], v))
    assert abs(one - other) <= 1e-5, f"u (J v) is {one} and (u J) v is {other}: one of the two modes is wrong"


# %% [markdown]
# > **Agreement is not proof.** The check `adjoint` above asks whether $u(Jv) = (uJ)v$. Many use this test, as it needs
# > no reference. But the equation holds for *every* pair of modes that use one and the same matrix, the wrong one
# > included. If both of yours evaluate a layer at the wrong place, they agree to the last digit. That is why the check
# > carries no points.

# %% [markdown] q="q5"
# ## Question 5: the whole Jacobian (12 points)
#
# Feed unit vectors. $J e_i$ is column $i$ of $J$, and $e_j J$ is row $j$. So the full matrix of a chain from
# $n$ inputs to $m$ outputs takes $n$ passes forward, or $m$ passes in reverse.
#
# **Write** `jacobian_forward(layers, x)` and `jacobian_reverse(layers, x)`: `x` of shape `(n,)`. Both return
# $J$ at `x`, of shape `(m, n)`. The first calls each layer's `jvp` exactly $n$ times and no `vjp`; the second
# calls each layer's `vjp` exactly $m$ times and no `jvp`. How often you *evaluate* layers is up to you here:
# you learn $m$ by evaluating the chain.
#
# *Checks:* `example` (public, 2), `fwd_value` (3: more inputs than outputs, fewer, as many), `rev_value` (3), `cost`
# (4: the calls, where the entries are right).


# %% q="q5" role="solution"
def jacobian_forward(layers, x):
    """The Jacobian (m, n) of a chain at x (n,), column by column."""
    # BEGIN SOLUTION
    return np.stack([jvp(layers, x, seed)[1] for seed in np.eye(x.size)], axis=1)
    # END SOLUTION


def jacobian_reverse(layers, x):
    """The Jacobian (m, n) of a chain at x (n,), row by row."""
    # BEGIN SOLUTION
    y = x
    for layer in layers:
        y = layer(y)
    return np.stack([vjp(layers, x, seed)[1] for seed in np.eye(y.size)])
    # END SOLUTION


# %% q="q5" role="check" points=2 needs=["q3", "q4"]
def test_example(jacobian_forward, jacobian_reverse, two_layers, three_layers):
    """At (1, 2), from both ends: [[2, 4], [4, −4], [0, 12]] of two_layers, [[20, 40], [−12, 24]] of three_layers"""
    x = np.array([1.0, 2.0])
    for chain, make, expected in (
        ("two_layers", two_layers, [[2, 4], [4, -4], [0, 12]]),
        ("three_layers", three_layers, [[20, 40], [-12, 24]]),
    ):
        for name, jacobian in (("forward", jacobian_forward), ("reverse", jacobian_reverse)):
            J, shape, where = np.asarray(jacobian(make(), x)), np.shape(expected), f"jacobian_{name} of {chain}"
            assert J.shape == shape, f"{where}: a row for each output, expected shape {shape}, got {J.shape}"
            assert np.max(np.abs(J - expected)) <= 1e-4, f"{where}: expected {expected}, got {J.tolist()}"


# %% [markdown]
# ### Count your calls
#
# `network((6, 5, 4, 3))` has five layers, three matrices with a tanh after the first two, and turns 6 numbers into 3.
# **Decide before you run the cell:** how often will `jacobian_reverse` call the `vjp` of each layer? The cell prints a
# line for each layer, input side first.

# %% role="figure"
tried = network((6, 5, 4, 3))
jacobian_reverse(tried, np.linspace(-1, 1, 6))
calls_of(tried)

# %% [markdown]
# > **Two ways to count; do not mix them.** Question 2 counts **products of Jacobians**: the first factor is a
# > Jacobian that lies ready, so there are $L - 1$ products. Questions 3 to 5 make **seeded passes**: a vector
# > enters from outside and is multiplied by all $L$ Jacobians, which costs $\sum_{l=1}^{L} n_l\, n_{l-1}$ a
# > pass (if every layer's product is a plain matrix times a vector). For the classifier above:
# >
# > | | forward | reverse |
# > |---|---|---|
# > | Jacobian products | $n_0 \sum_{l>1} n_l n_{l-1} = 209{,}542{,}816$ | $n_L \sum_{l<L} n_l n_{l-1} = 668{,}672$ |
# > | seeded passes | 784 JVPs of 668,682: $524{,}246{,}688$ | 1 VJP: $668{,}682$ |
# >
# > Both are right, each for its own procedure. In reverse they differ by ten multiply-adds, the seed $u = 1$
# > times $J_L$; forward they differ by more than a factor of two, as the unit vectors are multiplied with
# > $J_1$, which is already what that product would give.
# >
# > The same for a **gradient over $P$ parameters**: parameters are inputs of the chain, too. It takes $P$ JVPs,
# > or one VJP. That one line is why networks are trained backwards.

# %% [markdown] q="q6"
# ## Question 6: which end (6 points)
#
# "Few outputs: reverse. Few inputs: forward." As a rule of thumb it is good, and for more than two layers with
# equal hidden widths it is exact. With uneven widths it can fail, because $J_1$ is missing from forward's sum
# and $J_L$ from reverse's. So let the counts decide.
#
# **Write** `cheaper_mode(dims)`. Returns `"forward"` or `"reverse"`, whichever takes fewer multiply-adds as
# products of Jacobians (Question 2), or `"tie"` if both take the same.
#
# *Checks:* `example` (public, 2), `rule_of_thumb` (2: three layers and more with equal hidden widths, where the rule
# is exact, its ties included), `uneven` (2: chains on which the rule of thumb is wrong: uneven hidden widths, and one
# or two layers, which always tie).


# %% q="q6" role="solution"
def cheaper_mode(dims):
    """Which order of products is cheaper for widths dims: "forward", "reverse" or "tie"."""
    # BEGIN SOLUTION
    difference = forward_macs(dims) - reverse_macs(dims)
    if difference == 0:
        return "tie"
    return "forward" if difference < 0 else "reverse"
    # END SOLUTION


# %% q="q6" role="check" points=2
def test_example(cheaper_mode):
    """(784, 128, 10, 1), a classifier with its cost: reverse; the same read backwards: forward"""
    got = cheaper_mode((784, 128, 10, 1))
    assert got == "reverse", f"784·(10·128 + 1·10) against 1·(10·128 + 128·784): expected 'reverse', got {got!r}"
    got = cheaper_mode((1, 10, 128, 784))
    assert got == "forward", f"one input and 784 outputs: expected 'forward', got {got!r}"


# %% [markdown]
# ### The map
#
# Two hidden layers of 100, and every combination of inputs and outputs. Which corner belongs to which order, and
# where is the border? A network with a scalar cost lives on the left edge.

# %% role="figure"
cost_charts.draw_map(forward_macs, reverse_macs, hidden=(100, 100))

# %% [markdown]
# *How to read it: inputs upwards, outputs to the right, both from 1 to 1000 and logarithmic. Colour is the ratio of
# forward to reverse multiply-adds: orange where reverse is cheaper, violet where forward is. Dotted lines mark the
# factors 3, 10 and 30, and the black line is a tie. A star marks 784 inputs and one cost.*

# %% [markdown] q="q7"
# ## Question 7: the price of a gradient (8 points)
#
# Back to the network of A2: a batch `X (N, D)`, `W1 (D, H)`, `W2 (H, K)`. Forward it multiplies `X W1` and
# `A1 W2`. Backward there are three products: `A1ᵀ dLogits` for `W2`, `dLogits W2ᵀ` for the hidden layer, and
# `Xᵀ dZ1` for `W1`. Nobody asks for the gradient of the data `X`, so a fourth, `dZ1 W1ᵀ`, is left out. Biases,
# ReLU and softmax cost one width less, and are left out, too.
#
# **Write** `mlp_macs(N, D, H, K)`. Returns a dict: `"forward"`, the multiply-adds of the forward products;
# `"backward"`, those of the three backward products; and `"gradient_over_forward"`, the cost of a gradient in
# units of a forward pass, (forward + backward) / forward. The gradient needs both walks.
#
# *Checks:* `example` (public, 3), `mlp` (3: the two counts; all widths different, a batch of one, one hidden unit, one
# class), `ratio` (2: the third entry follows from your own two counts, of which one at least is right).


# %% q="q7" role="solution"
def mlp_macs(N, D, H, K):
    """Multiply-adds of A2's network: a dict with "forward", "backward" and "gradient_over_forward"."""
    # BEGIN SOLUTION
    forward = N * D * H + N * H * K
    backward = N * H * D + 2 * N * H * K
    return {"forward": forward, "backward": backward, "gradient_over_forward": (forward + backward) / forward}
    # END SOLUTION


# %% q="q7" role="check" points=3
def test_example(mlp_macs):
    """N = 1, D = H = K = 2: 8 forward, 12 backward, ratio 2.5"""
    got = mlp_macs(1, 2, 2, 2)
    assert isinstance(got, dict), f"expected a dict, got {type(got).__name__}"
    for key, expected in (("forward", 8), ("backward", 12), ("gradient_over_forward", 2.5)):
        assert key in got, f"the dict has no key {key!r}"
        assert got[key] == expected, f"{key}: every product costs 4 here; expected {expected}, got {got[key]}"


# %% role="figure"
mlp_products.draw_products(64, 784, 128, 10, mlp_macs(64, 784, 128, 10))

# %% [markdown]
# *How to read it: the network of A2 on a batch of 64, with 784 pixels, 128 hidden units and 10 classes. Each pair of
# rectangles is a product of two matrices; their sides are square roots of the sizes. Above the products stand your own
# two counts.*
#
# Try a few sizes. The ratio is never 2 and never 3, always between: a gradient over *all* the weights costs
# less than three forward passes, however many weights there are. This is the **cheap gradient principle**, and
# it holds far beyond networks: Baur and Strassen proved it in 1983 for every rational function, and Griewank
# and Walther's book *Evaluating Derivatives* (2nd ed., 2008) gives a small constant for every program of
# elementary operations, however many inputs it has. A finite difference of the same gradient costs at least one
# forward pass *per weight*.

# %% [markdown] q="q8"
# ## Question 8: from the middle (12 points)
#
# Forward and reverse are two of many orders. A chain of 5 layers has 14, one of 10 has 4862. Take widths
# $(100, 100, 2, 100, 100)$, with a waist of 2: both ends cost 1,040,000. But multiply $J_4 J_3$ and $J_2 J_1$
# first, both of which are thin, and then the two results: 60,000.
#
# Finding the best order is a classic. The product that is done *last* splits the chain in two, and each part
# should itself be multiplied as cheaply as possible. For the piece from layer $i$ to layer $j$ (indices from 0,
# so layer $s$ maps `dims[s]` to `dims[s+1]` numbers):
#
# $$ c(i, i) = 0, \qquad c(i, j) = \min_{i \le s < j} \; c(s{+}1, j) + c(i, s) + n_{j+1}\, n_{s+1}\, n_i. $$
#
# **Write** `optimal_bracketing(dims)`. Returns the pair `(cost, tree)`:
#
# * `cost`, the least number of multiply-adds of any order;
# * `tree`, an order of that cost. A leaf is a layer's index, from 0 to $L-1$. A product is the pair of its two
#   factors, as they stand in the formula, the **output side first**: `((3, 2), (1, 0))` is
#   $(J_4 J_3)(J_2 J_1)$, and reverse order for three layers is `((2, 1), 0)`. If several orders cost the same,
#   return any.
#
# One layer: `(0, 0)`, no cost and a single leaf. Our chains have at most six layers, so trying all orders is
# fine, too.
#
# *Checks:* `example` (public, 3), `cost` (4: the cost alone), `tree` (2: the tree alone), `optimal` (3: the cost, and a
# tree that costs it).


# %% q="q8" role="solution"
def optimal_bracketing(dims):
    """The cheapest order to multiply a chain of widths dims: the pair (cost, tree), output side first."""
    # BEGIN SOLUTION
    n_layers = len(dims) - 1
    best = {(i, i): (0, i) for i in range(n_layers)}
    for length in range(1, n_layers):
        for i in range(n_layers - length):
            j = i + length
            splits = []
            for s in range(i, j):
                (above, left), (below, right) = best[s + 1, j], best[i, s]
                splits.append((above + below + dims[j + 1] * dims[s + 1] * dims[i], (left, right)))
            best[i, j] = min(splits, key=lambda split: split[0])
    return best[0, n_layers - 1]
    # END SOLUTION


# %% q="q8" role="check" points=3
def test_example(optimal_bracketing):
    """A waist of 2 in a chain of 100s: 60,000 by (J4 J3)(J2 J1)"""
    got = optimal_bracketing((100, 100, 2, 100, 100))
    is_pair = isinstance(got, (tuple, list)) and len(got) == 2
    assert is_pair, "expected the pair (cost, tree)"
    assert got[0] == 60_000, f"three products of 20,000 each: expected 60000, got {got[0]}"
    as_text = str(got[1]).replace("[", "(").replace("]", ")").replace(" ", "")
    assert as_text == "((3,2),(1,0))", f"expected the tree ((3, 2), (1, 0)), output side first, got {got[1]}"


# %% role="figure"
WAIST = (100, 100, 2, 100, 100)
scenes.bills(WAIST, forward=forward_macs(WAIST), reverse=reverse_macs(WAIST), cheapest=optimal_bracketing(WAIST))

# %% [markdown]
# *How to read it: as above. The third receipt is your own tree, with the cost that you state.*
#
# > **Only for chains.** Real programs are not chains: values are used twice, and paths split and join. For such
# > general graphs, finding the cheapest way to accumulate a Jacobian is NP-complete (Naumann, 2008). So nobody
# > looks for the optimum. Reverse mode is what one can always do, with a guarantee: one VJP costs a small
# > multiple of one evaluation.

# %% [markdown]
# ### What reverse pays: memory
#
# Nothing is free. A forward pass needs the value and the direction of *one* layer at a time: about $2 \max n_l$
# numbers, however deep the chain. The way back needs every layer's input, so they all have to be kept until it
# comes by: $\sum_{l<L} n_l$ numbers, times the batch. Depth costs memory. For a network of a hundred layers
# that is the difference between a laptop and a machine room, and the reason why training needs so much more
# memory than running. Bonus 1 buys some of it back.

# %% [markdown] q="q9"
# ## Question 9: concepts (6 points)
#
# Three answers, 2 points each: an example for c1, a function for c2 and for c3. Our checks call your functions with
# other sizes. Costs are counted as products of Jacobians (Question 2).
#
# **c1.** A fellow student says: "With ten times as many inputs as outputs, reverse order is always cheaper." Give a
# chain that disproves it: the widths of three layers or more, with at least ten times as many inputs as outputs, for
# which *forward* order is cheaper. (A list or a tuple of whole numbers from 1 to a million.)
#
# **c2.** A simulator turns `n_in` parameters into `n_out` measurements, through many layers. Which mode needs fewer
# passes for the whole Jacobian, and how many? (A function of `n_in, n_out` that returns a pair such as
# `("forward", 12)`. The two numbers are never equal.)
#
# **c3.** How many numbers are the layer inputs that one VJP, written as in Question 4, keeps for the way back? (A
# function of the widths `dims` that returns the number.)

# %% q="q9" role="solution"
answers = {}  # the three answers: "c1" widths, "c2" a function of n_in and n_out, "c3" a function of dims
# BEGIN SOLUTION
answers = {
    "c1": (50, 1000, 1, 5),
    "c2": lambda n_in, n_out: ("forward", n_in) if n_in < n_out else ("reverse", n_out),
    "c3": lambda dims: sum(dims[:-1]),
}
# END SOLUTION


# %% q="q9" role="check" points=0
def test_format(answers):
    """Widths for c1, and functions for c2 and c3 that return a pair and a number (what they say is graded later)"""
    assert isinstance(answers, dict), f"expected a dict, got {type(answers).__name__}"
    missing = [key for key in ("c1", "c2", "c3") if answers.get(key) is None]
    assert not missing, f"expected an answer for each of c1 to c3, none yet for {', '.join(missing)}"
    widths = list(answers["c1"]) if isinstance(answers["c1"], (list, tuple, np.ndarray)) else []
    assert len(widths) >= 4, f"c1: expected the widths of three layers or more, got {answers['c1']!r}"
    whole = all(isinstance(n, (int, np.integer)) for n in widths)
    assert whole, f"c1: expected whole numbers, got {answers['c1']!r}"
    assert callable(answers["c2"]), f"c2: expected a function of n_in and n_out, got {answers['c2']!r}"
    pair = answers["c2"](4, 7)
    is_pair = isinstance(pair, (tuple, list)) and len(pair) == 2 and str(pair[0]).lower() in {"forward", "reverse"}
    assert is_pair, f"c2: expected a function that returns a mode and a number of passes, got {pair!r}"
    assert callable(answers["c3"]), f"c3: expected a function of dims, got {answers['c3']!r}"
    number = answers["c3"]((3, 4, 5, 2))
    is_number = isinstance(number, (int, float, np.integer, np.floating))
    assert is_number, f"c3: expected a function that returns a number, got {number!r}"


# %% [markdown] q="explain"
# ## In your own words: when forward? (10 points, graded by hand, beyond the 100)
#
# Everybody trains networks with reverse mode. **When would you choose forward mode, and why?** Name one real
# computation of your own choosing in which forward mode wins, say how many passes each mode needs there, and what
# reverse mode would have to keep in memory. Then name one thing that would make you change your mind. Five to ten
# sentences, no code.

# %% [markdown] q="explain" role="manual" points=10
# **A good answer.** Forward mode pays one pass for every input and reverse mode one for every output, so forward
# wins where inputs are few and outputs are many. An example: how the whole trajectory of a simulated pendulum, a
# thousand positions, depends on its length and its starting angle: two forward passes against a thousand reverse
# ones, and reverse would store the state of every time step. A second reason is memory: a forward pass carries its
# tangent along and may forget each layer at once. One changes one's mind when the outputs are boiled down to one
# number, such as the squared distance to a measurement, or when the two parameters become two thousand.
#
# *Points:* inputs against outputs as what decides (3), an example with both numbers of passes (3), memory (2),
# what would change the choice (2).

# %% [markdown] q="b1"
# ## Bonus 1: forget, and walk again (5 points, beyond the 100)
#
# Keep only every $k$-th layer input, a **checkpoint**, and forget the others. On the way back, take the chain a
# segment of $k$ layers at a time, last segment first: evaluate it again from its checkpoint to recover its
# inputs, use them, forget them. At any time you hold at most the $\lceil L/k \rceil$ checkpoints and the $k$
# inputs of one segment, and you pay at most one extra forward pass.
#
# **Write**
#
# * `checkpointed_vjp(layers, x, u, k)`: the pair `(y, uJ)` as in Question 4, for an interval $k \ge 1$, which
#   may be larger than $L$. It calls each layer's `vjp` once, evaluates no layer more than **twice**, and holds
#   at most $\lceil L/k \rceil + k$ layer inputs at a time (`x` is one of them);
# * `best_interval(L)`: a $k$ from 1 to $L$ for which $\lceil L/k \rceil + k$ is least; of several, any.
#
# **What we can see, and what not.** Your memory is yours; we see the calls your function makes, in their order.
# A layer input that was made at one call and is used at a later one, without having been made anew, must have
# been kept between them. The check adds up, for every moment, how many inputs must have been kept. Whoever
# keeps more than the calls need goes unseen.
#
# *Checks:* `example` (public, 1), `value` (1), `memory` (1), `extra_forward` (1), `best_interval` (1).


# %% q="b1" role="solution"
def checkpointed_vjp(layers, x, u, k):
    """The pair (y, uJ) of a chain at x, with every k-th layer input kept and the others evaluated again."""
    # BEGIN SOLUTION
    checkpoints = {}
    for index, layer in enumerate(layers):
        if index % k == 0:
            checkpoints[index] = x
        x = layer(x)
    for start in sorted(checkpoints, reverse=True):
        segment = layers[start : start + k]
        inputs = [checkpoints.pop(start)]
        for layer in segment[:-1]:
            inputs.append(layer(inputs[-1]))
        for layer in segment[::-1]:
            u = layer.vjp(inputs.pop(), u)
    return x, u
    # END SOLUTION


def best_interval(L):
    """An interval k, 1 <= k <= L, of least memory ceil(L / k) + k."""
    # BEGIN SOLUTION
    return min(range(1, L + 1), key=lambda k: -(-L // k) + k)
    # END SOLUTION


# %% q="b1" role="check" points=1
def test_example(checkpointed_vjp, best_interval, three_layers):
    """Three layers and k = 1, 2 or 3: as vjp. 100 layers: 10 is the best interval, 20 inputs instead of 100"""
    for k in (1, 2, 3):
        got = checkpointed_vjp(three_layers(), np.array([1.0, 2.0]), np.array([1.0, 1.0]), k)
        is_pair = isinstance(got, (tuple, list)) and len(got) == 2
        assert is_pair, f"k = {k}: expected the pair (y, uJ)"
        y, uJ = np.asarray(got[0]), np.asarray(got[1])
        assert y.shape == uJ.shape == (2,), f"k = {k}: expected vectors of length 2, got {y.shape} and {uJ.shape}"
        assert np.max(np.abs(y - [25, 9])) <= 1e-4, f"k = {k}: y: expected [25, 9], got {y}"
        assert np.max(np.abs(uJ - [8, 64])) <= 1e-4, f"k = {k}: uJ: expected [8, 64], got {uJ}"
    assert best_interval(100) == 10, f"100/10 + 10 = 20 is least, expected 10, got {best_interval(100)}"


# %% [markdown] q="b2"
# ## Bonus 2: when reverse loses (5 points, beyond the 100)
#
# One output, $n_L = 1$. Is reverse order then the cheapest of *all* orders? Nearly always. Find the exception,
# and find out where exceptions live.
#
# **Write**
#
# * `reverse_loses()`: the widths of a chain with $n_L = 1$, at most 11 layers and widths from 1 to a million,
#   on which some order takes fewer multiply-adds than reverse order;
# * `search_counterexample(widths, max_layers)`: look through all chains of 1 to `max_layers` layers whose
#   $n_0, \dots, n_{L-1}$ are taken from the list `widths` (each as often as you like) and whose $n_L$ is 1.
#   Return the `dims` of one on which some order beats reverse order, or `None` if there is none.
#
# *Checks:* `example` (public, 1), `chain` (1), `search` (3: at most five layers and three widths).


# %% q="b2" role="solution"
def reverse_loses():
    """The widths of a chain with one output on which reverse order is not the cheapest."""
    # BEGIN SOLUTION
    return (1, 2, 1, 1)
    # END SOLUTION


def search_counterexample(widths, max_layers):
    """The widths of a chain with one output, all others out of `widths`, on which reverse order loses; or None."""
    # BEGIN SOLUTION
    heads = [()]
    for _ in range(max_layers):
        heads = [(*head, width) for head in heads for width in widths]
        for head in heads:
            dims = (*head, 1)
            if optimal_bracketing(dims)[0] < reverse_macs(dims):
                return dims
    return None
    # END SOLUTION


# %% q="b2" role="check" points=1 needs=["q2", "q8"]
def test_example(reverse_loses, optimal_bracketing, reverse_macs):
    """By your own counts: the chain ends in one output, and some order beats reverse order on it"""
    dims = [int(n) for n in reverse_loses()]
    assert dims[-1:] == [1], f"expected widths that end in 1, got {dims}"
    least, reverse = optimal_bracketing(dims)[0], reverse_macs(dims)
    assert least < reverse, f"reverse order takes {reverse} there, and the best order {least}: not fewer"


# %% [markdown]
# A search is not a proof. Once you have found where exceptions live, here is one, in three steps. Suppose that
# every width but the last is at least 2.
#
# 1. *A product is never cheaper than two passes.* If $a, c \ge 2$ then $abc \ge ab + bc$, since
#    $\tfrac1c + \tfrac1a \le 1$.
# 2. *So bringing matrices together never pays by itself.* Take any order of multiplying the layers of a piece
#    with widths $(m_0, \dots, m_s)$. It costs at least $\sum_{l=1}^{s} m_l m_{l-1} - m_s m_0$. For one layer
#    that is 0. For more, let the last product be $(m_s \times m_t)(m_t \times m_0)$: by induction the two parts
#    cost at least the sum, less $m_s m_t + m_t m_0$, and step 1 says that the last product gives back at least
#    that much.
# 3. *So the row should walk alone.* With one output, let the last product be a row of $n_t$ numbers times a
#    piece with widths $(n_0, \dots, n_t)$. The piece and the product together cost at least
#    $\sum_{l \le t} n_l n_{l-1}$ by step 2, which is exactly what reverse order pays to take the row through
#    those layers one by one. The row itself, by induction, was not made more cheaply than in reverse order. ∎

# %% [markdown]
# ## What to remember
#
# * The derivative of a chain is a **product of Jacobians**. Brackets do not change it; they change the bill.
# * **Forward** pays for every input, **reverse** for every output. A scalar cost has one output, so its
#   gradient over any number of weights is one pass back: less than three forward passes all together.
# * A **JVP** asks what one direction does to all outputs; a **VJP** asks what all inputs do to one output.
#   Neither ever builds a matrix.
# * Reverse is **not always** best: with few inputs, with uneven widths, with a waist, something else wins.
# * Reverse pays with **memory**: all layer inputs, unless it forgets some and walks again.
#
# The blindfolded climber of A1 felt her way with two probes for every direction. What she lacked was not a
# better foot. It was one look back along the path, from the height she had reached to every step that had led
# there.
#
# You have built that look back for a chain, in which every value is used once, by the next layer. Real programs are
# graphs: a value is used twice, paths split and join. The rule for them is short, and you have met both halves. A
# value that is used twice is asked twice on the way back, and the two answers **add up**, as the rows of a batch did in
# A2. And the way back visits the steps in the reverse of the order in which they were done, as here. Frameworks such as
# PyTorch and JAX work like this. In **Assignment 4, "Build the engine"**, you write one yourself, and let it train the
# network of A2.
