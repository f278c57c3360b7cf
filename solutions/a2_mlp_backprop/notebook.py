# %% [markdown]
# # Assignment 2: forward picture, backward pass
#
# The climber of assignment 1 felt the slope with her feet: two heights for every coordinate. A network has a
# coordinate for every weight, and a small one has a hundred thousand. Feeling your way would take two hundred
# thousand forward passes for a single step.
#
# There is a better way, and it costs about as much as three. Send a question backwards through the network:
# *how much would the cost change if this number were a little larger?* The last layer can answer at once. Each
# layer then turns the answer for what comes out of it into the answer for what goes into it. When the question
# reaches the input, every weight on the way has heard its own derivative. That is **back-propagation**, and
# you are about to build all of it.
#
# **When you are done you can**
#
# 1. differentiate any nest of functions, with each factor taken at its own inner value;
# 2. compute a cost that survives logits of a thousand;
# 3. send an error term back through a linear layer and through a relu, and say what each weight hears;
# 4. prove to yourself, with a finite difference, that a gradient is right;
# 5. train a network, and know which formulas on the picture in your textbook hold only sometimes.
#
# | Question | You write | Points |
# |---|---|---|
# | 1 | `nested_derivative` | 8 |
# | 2 | `forward` | 12 |
# | 3 | `log_softmax` | 8 |
# | 4 | `cross_entropy` | 8 |
# | 5 | `cross_entropy_grad` | 12 |
# | 6 | `relu_vjp`, `linear_vjp` | 14 |
# | 7 | `backward` | 20 |
# | 8 | `sgd_update` | 4 |
# | 9 | `train` | 8 |
# | 10 | three concept answers | 6 |
# | In your own words | one paragraph, graded by hand | 10, beyond the 100 |
# | Bonus | `sigmoid_network`, `bias_column_gradients`, `portable_gradients` | 5 + 3 + 2 |
# | Bonus | `gradient_agrees`, `diagnose` | 5 + 5 |

# %% [markdown]
# ## Conventions of the whole course
#
# In brackets stands the public check that shows the convention.
#
# 1. **Batch first.** `X (N, D)`, labels `y (N,)`, whole numbers in `0..K-1`; `params` is a dict with `W1 (D, H)`,
#    `b1 (H,)`, `W2 (H, K)`, `b2 (K,)`. A bias is `(H,)`, never `(1, H)`. [`q2.example`]
# 2. **The cost is a mean**: natural-log cross-entropy, mean over the batch. The 1/N enters **once**, in
#    `cross_entropy_grad`. No regularisation. [`q4.mean_of_batch`]
# 3. **relu'(0) = 0.** [`q6.example`]
# 4. **Shapes and names.** A gradient has exactly the shape of its parameter; a dict of gradients uses the
#    parameters' keys. [`q7.example`]
# 5. **Pure functions.** Arguments stay unchanged, results own their memory, nothing is remembered between calls. Work
#    in place on your own copies as you like. [`q2.keeps_arguments`]
# 6. **Precision.** float64 in, right to 1e-5 out; float32 in, float32 out, right to 1e-4. [`q6.single_precision`]
# 7. **Numbers that are 0, or between 1e-150 and 1e150 in size,** give finite, right answers: large logits too, any
#    batch size `N >= 1`, any labels (a class may be absent). [`q3.finite`]
# 8. **NumPy is allowed**, autodiff libraries are not. Loops are fine; time is never graded.
#
# "Right to 1e-5" means: the largest error of an array is at most 1e-5 times its largest entry.
#
# ## How you are graded
#
# * Below each question stand public checks. Run them as often as you like; they carry a few of the points.
#   `grader.check("q1")` runs all those of a question at once.
# * After you submit, hidden checks run. Each looks at one property that the text promises, under a name listed
#   with the question, on data that is drawn anew for you. There is no rule that this page does not state.
# * Points belong to checks, not to questions: one slip does not cost you the whole question. A slip that many make,
#   such as a forgotten 1/N, costs the check of the values. The question's other checks then look for what they are
#   about, float32 or large scores, and forgive it. Where a question builds on an earlier one, we hand your function
#   the right input if we can.
# * Speed and style carry no points. Write helpers, classes or new cells wherever you like; keep the names and
#   the arguments of the functions you are asked for.
# * Figures carry no points either. They draw what *your* functions do, so look at them.

# %% role="setup"
import gradient_check  # the file beside this notebook: a figure
import matplotlib.pyplot as plt
import network  # another one: figures and two small data sets
import numpy as np
import scenes  # and another: drawings of the network that move

plt.rcParams["figure.dpi"] = 110

# The worked instance: 2 inputs, 2 hidden units, 2 classes, one example. You can do all of it by hand.
INSTANCE = {
    "W1": np.array([[1.0, -1.0], [0.5, 1.0]]),
    "b1": np.array([0.0, -2.0]),
    "W2": np.array([[1.0, 0.0], [3.0, 1.0]]),
    "b2": np.array([0.0, 1.0]),
}
INSTANCE_X, INSTANCE_Y = np.array([[1.0, 2.0]]), np.array([0])

# %% [markdown] q="q1"
# ## Question 1: a nest of functions (8 points)
#
# A network is a nest of functions: the cost of the output of a layer of the output of a layer of the input. So
# begin with a nest that has one number in it. Write $v_0 = x$ for what goes in and $v_{i+1} = f_i(v_i)$ for
# what comes out of each function; the last one is $y$. Then
#
# $$ y = f_{n-1}\bigl(\cdots f_1(f_0(x))\bigr), \qquad
#    \frac{dy}{dx} = f_{n-1}'(v_{n-1}) \cdots f_1'(v_1)\, f_0'(v_0). $$
#
# Look at the arguments in this formula. Each factor is taken at **its own inner value**, the number that went into
# *that* function on the way forward. So your code must keep these numbers until it multiplies the slopes. This is why
# `forward` will return a `cache`.
#
# > **A tape by hand.** $(2x)^2$ at $x = 3$. Going forward, write down what goes into each function. Coming back,
# > multiply the slopes at those numbers.
# >
# > | $i$ | $v_i$ goes in | $f_i$ | slope $f_i'(v_i)$ | slopes so far |
# > |---|---|---|---|---|
# > | 0 | $v_0 = 3$ | doubling | 2 | 2 |
# > | 1 | $v_1 = 6$ | square | $2 \cdot 6 = 12$ | $12 \cdot 2 = 24$ |
# > | | $v_2 = 36$, the value | | | |
# >
# > Such a list of what passed by is called a tape. A library for automatic differentiation writes one while your
# > program runs, branches and all. Here every value is used once, by the next function. In Assignment 4, "Build the
# > engine", you read such tapes by a program, and there a value may be used as often as you like.
#
# **Write** `nested_derivative(fs, dfs, x)`: `fs` a list of functions, `fs[0]` the innermost; `dfs[i]` the
# derivative of `fs[i]`. `x` is a float, or an array of floats of any shape, and everything acts on each entry
# by itself. Returns the pair `(y, dy/dx)`, each of the shape of `x`. A nest of no functions is the identity:
# `x` and ones.
#
# *Checks:* `example` (public, 2), `nested` (5: one to five functions, each factor at its inner value), `empty`
# (1).


# %% q="q1" role="solution"
def nested_derivative(fs, dfs, x):
    """The value and the derivative of fs[-1](... fs[0](x)); fs[0] is innermost. Returns (y, dy/dx)."""
    # BEGIN SOLUTION
    value = np.array(x, dtype=np.float64)
    slope = np.ones_like(value)
    for f, df in zip(fs, dfs, strict=True):
        slope = slope * df(value)  # at what goes into f, so before f moves it on
        value = f(value)
    return value, slope
    # END SOLUTION


# %% q="q1" role="check" points=2
def test_example(nested_derivative):
    """exp(sin x) at 0 is 1 with slope 1; (2x)² at 3 is 36 with slope 24"""
    y, slope = nested_derivative([np.sin, np.exp], [np.cos, np.exp], 0.0)
    assert abs(y - 1) <= 1e-5, f"exp(sin 0) = exp(0) = 1, got {y}"
    assert abs(slope - 1) <= 1e-5, f"cos(0) exp(sin 0) = 1, got {slope}"
    y, slope = nested_derivative([lambda v: 2 * v, lambda v: v**2], [lambda v: 0 * v + 2, lambda v: 2 * v], 3.0)
    assert abs(y - 36) <= 1e-5, f"fs[0] is innermost: 2 × 3 = 6 first, then 6² = 36, got {y}"
    assert abs(slope - 12) > 1e-9, "12 takes the slope of the square at 3; what goes into the square is 6"
    assert abs(slope - 24) <= 1e-5, f"the square's slope at 6 is 12, times 2: expected 24, got {slope}"


# %% [markdown] q="q2"
# ## Question 2: the forward picture (12 points)
#
# Now the network. Two layers of weights, a relu between them:
#
# $$ z_1 = X W_1 + b_1, \qquad a_1 = \max(0, z_1), \qquad \text{logits} = a_1 W_2 + b_2. $$
#
# Each row of `X` is one example; the rows never meet on the way forward. The `logits` are scores, one a class,
# and any real number is allowed. Question 3 turns them into probabilities.
#
# **Write** `forward(X, params)`: `X` of shape `(N, D)`, `params` as in convention 1. Returns the pair
# `(logits, cache)`, the logits of shape `(N, K)`. The **cache is yours**: put in whatever your `backward` will
# want, in whatever form. It comes back to you untouched, with the same `params`. (The cache may refer to `X`
# itself. But a global variable is not a cache: the next batch would overwrite it.)
#
# *Checks:* `example` (public, 2), `keeps_arguments` (public, 1), `logits` (6: six sets of sizes, with equal
# sizes, one example and one hidden unit among them), `pure` (1: right twice, arguments left alone), `f32` (2:
# float32 in, float32 out).


# %% [markdown]
# ### First by pencil
#
# This is the worked instance, which the public checks use as well: two inputs, two hidden units, two classes. Fill in
# the circles before you write any code.

# %% role="poster"
scenes.poster("forward")


# %% q="q2" role="solution"
def forward(X, params):
    """X (N, D) through the network. Returns logits (N, K) and a cache for backward."""
    # BEGIN SOLUTION
    z1 = X @ params["W1"] + params["b1"]
    a1 = np.maximum(z1, 0)
    return a1 @ params["W2"] + params["b2"], (X, z1, a1)
    # END SOLUTION


# %% q="q2" role="check" points=2
def test_example(forward):
    """The worked instance: the logits of (1, 2) are (2, 1)"""
    params = {
        "W1": np.array([[1.0, -1.0], [0.5, 1.0]]),
        "b1": np.array([0.0, -2.0]),
        "W2": np.array([[1.0, 0.0], [3.0, 1.0]]),
        "b2": np.array([0.0, 1.0]),
    }
    result = forward(np.array([[1.0, 2.0]]), params)
    assert isinstance(result, (tuple, list)), f"expected the pair (logits, cache), got {type(result).__name__}"
    assert len(result) == 2, f"expected the pair (logits, cache), got {len(result)} things"
    assert result[1] is not None, "the cache is None: put into it what Question 7 needs to go back"
    logits = np.asarray(result[0])
    assert logits.shape == (1, 2), f"one example, two classes: expected shape (1, 2), got {logits.shape}"
    assert np.max(np.abs(logits - [[2, 1]])) <= 1e-5, (
        f"z1 = (2, -1), so a1 = (2, 0) and the logits are (2, 0 + 1), got {logits}"
    )


# %% q="q2" role="check" points=1
def test_keeps_arguments(forward):
    """X and params hold the same numbers afterwards (convention 5)"""
    X = np.array([[1.0, -2.0], [0.5, 3.0]])
    params = {"W1": np.eye(2), "b1": np.ones(2), "W2": np.eye(2), "b2": -np.ones(2)}
    before = {name: array.copy() for name, array in params.items()}
    logits = np.asarray(forward(X, params)[0])
    assert np.max(np.abs(logits - [[1, -1], [0.5, 3]])) <= 1e-5, f"expected max(0, x + 1) - 1, got {logits}"
    assert np.array_equal(X, [[1, -2], [0.5, 3]]), f"X has changed to {X}: work on a copy"
    for name, array in before.items():
        assert np.array_equal(params[name], array), f'params["{name}"] has changed: work on a copy'
    assert set(params) == set(before), f"params has the names {sorted(map(str, params))} now: put them into a new dict"


# %% [markdown]
# ### The forward picture
#
# The worked instance with the numbers that your `forward` returns. (How does the picture know the hidden
# activations, if the cache is yours? It asks your `forward` for a network whose second layer is the identity.)

# %% role="figure"
instance_hidden, _ = forward(INSTANCE_X, {**INSTANCE, "W2": np.eye(2), "b2": np.zeros(2)})
instance_logits, _ = forward(INSTANCE_X, INSTANCE)
scenes.forward(INSTANCE, INSTANCE_X, INSTANCE_Y, a1=instance_hidden, logits=instance_logits)

# %% [markdown]
# *How to read it: a circle is a unit, a line a weight. A number on a line is what flows there, weight times the number
# at the left end. Solid blue lines carry positive amounts, dashed orange lines negative ones, and wider is more. Step
# through it with the arrow keys.*
#
# Follow the second hidden unit. Inputs pull it up by 1 and its bias pulls it down by 2; it ends below zero, so
# relu closes it. The largest weight of the second layer, 3, begins at this unit, and for this example it does
# nothing at all.

# %% [markdown] q="q3"
# ## Question 3: scores to log-probabilities (8 points)
#
# Softmax makes a distribution out of scores: $p_k = e^{s_k} / \sum_j e^{s_j}$. What the cost needs is its
# logarithm,
#
# $$ \log p_k = s_k - \log \sum_j e^{s_j}. $$
#
# On paper that is the end of it. In float64, $e^{710}$ is infinity, and one confident network later your cost
# is NaN. The way out: add one constant to every score of a row, and $p$ stays the same. So subtract each row's
# maximum first. The largest exponential is then $e^0 = 1$, and what underflows is too small to matter.
#
# Do not take the logarithm of a softmax that you have computed before: a probability of $e^{-1000}$ is stored
# as 0, and its logarithm is minus infinity, where the right answer, $-1000$, is quite an ordinary number.
#
# **Write** `log_softmax(logits)`: `logits` of shape `(N, K)`. Returns the log-probabilities, `(N, K)`.
#
# *Checks:* `example` (public, 1), `finite` (public, 1), `log_softmax` (3), `stable` (1: rows with scores
# thousands apart), `rowwise_shift` (1: each row has a large offset of its own), `f32` (1).


# %% q="q3" role="solution"
def log_softmax(logits):
    """The logarithm of each row's softmax; logits (N, K). Returns (N, K)."""
    # BEGIN SOLUTION
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    # END SOLUTION


# %% q="q3" role="check" points=1
def test_example(log_softmax):
    """Scores (ln 1, ln 2, ln 5) have the probabilities 1/8, 2/8, 5/8, and each row adds up to 1"""
    got = np.asarray(log_softmax(np.log([[1.0, 2.0, 5.0], [3.0, 3.0, 3.0]])))
    assert got.shape == (2, 3), f"expected the shape of the logits, (2, 3), got {got.shape}"
    assert np.max(np.abs(np.exp(got).sum(axis=1) - 1)) <= 1e-5, f"rows of exp add up to {np.exp(got).sum(axis=1)}"
    expected = np.log([[1 / 8, 2 / 8, 5 / 8], [1 / 3, 1 / 3, 1 / 3]])
    assert np.max(np.abs(got - expected)) <= 1e-5, f"the probabilities are {np.exp(got)}"


# %% q="q3" role="check" points=1
def test_finite(log_softmax):
    """Logits of a thousand give finite numbers (convention 7)"""
    got = np.asarray(log_softmax(np.array([[1000.0, 0.0], [-1000.0, -1000.0]])))
    assert got.shape == (2, 2), f"expected the shape of the logits, (2, 2), got {got.shape}"
    assert np.isfinite(got).all(), (
        f"take each row's own maximum off before np.exp (keepdims=True), and no logarithm of a softmax; got {got}"
    )
    assert np.max(np.abs(got - [[0, -1000], [-np.log(2), -np.log(2)]])) <= 1e-5, (
        f"expected (0, -1000) and (-ln 2, -ln 2), got {got}"
    )


# %% [markdown]
# ### A constant on all scores
#
# Three rows of scores; the second is the first with 3 added, the third with 1000. Beside each row stands its softmax,
# from your `log_softmax`. How should the three on the right differ?

# %% role="figure"
network.draw_shifts(log_softmax)

# %% [markdown] q="q4"
# ## Question 4: one number to make small (8 points)
#
# The **cross-entropy** of an example is how surprised the network is by the right label: minus the logarithm
# of the probability it had given to it. The cost is the **mean** over the batch,
#
# $$ J = -\frac{1}{N} \sum_{n} \log p_{n,\,y_n}. $$
#
# Why the mean, when a sum has the same minimum? Because then neither the cost nor the size of a step depends
# on how many examples happen to be in the batch.
#
# **Write** `cross_entropy(logits, y)`: `logits` of shape `(N, K)`, `y` of shape `(N,)`, any integer dtype.
# Returns one number.
#
# *Checks:* `example` (public, 1), `mean_of_batch` (public, 2), `value` (2), `batch_mean` (2: the batch five
# times over costs the same), `extreme` (1: scores about 1000 apart, where the answer is exactly half of
# the difference).


# %% q="q4" role="solution"
def cross_entropy(logits, y):
    """The mean over the batch of -log softmax(logits)[n, y[n]]; logits (N, K), y (N,). Returns one number."""
    # BEGIN SOLUTION
    return -np.mean(log_softmax(logits)[np.arange(len(y)), y])
    # END SOLUTION


# %% q="q4" role="check" points=1
def test_example(cross_entropy):
    """Four equal logits cost ln 4 = 1.386294"""
    got = cross_entropy(np.zeros((1, 4)), np.array([3]))
    assert np.size(got) == 1, f"expected one number, got shape {np.shape(got)}"
    assert abs(float(np.ravel(got)[0]) - 1.386294) <= 1e-5, f"a probability of 1/4 costs ln 4 = 1.386294, got {got}"


# %% q="q4" role="check" points=2
def test_mean_of_batch(cross_entropy):
    """Four examples cost their mean, not their sum (convention 2)"""
    logits = np.log(np.array([[1.0, 3.0], [1.0, 3.0], [3.0, 1.0], [3.0, 1.0]]))
    got = cross_entropy(logits, np.array([1, 1, 0, 0]))  # each gives its label 3/4
    assert np.size(got) == 1, f"expected one number for the whole batch, got shape {np.shape(got)}"
    got = float(np.ravel(got)[0])
    assert abs(got - 4 * np.log(4 / 3)) > 1e-6, "that is the sum over the batch: divide by the number of examples"
    assert abs(got - np.log(4 / 3)) <= 1e-5, f"each example costs ln(4/3) = 0.287682, got {got}"


# %% [markdown]
# ### Before the first step
#
# Ten classes, a hundred examples, and a fresh network whose last weights are tiny. Nothing is trained yet. What will
# its cost be? Write your guess into the next cell, then run the figure.

# %% role="predict" spoilers=["2.30", "2.3", "2.32", "ln 10"]
first_cost = None  # a number: the cost of a fresh network with ten classes

# %% role="figure"
ten_X, ten_y = np.random.default_rng(0).normal(size=(100, 20)), np.arange(100) % 10
first_costs = {}
for factor in (0.1, 1, 3):
    fresh = network.fresh_parameters(D=20, H=30, K=10)
    first_costs[factor] = cross_entropy(forward(ten_X, {**fresh, "W2": factor * fresh["W2"]})[0], ten_y)
network.draw_first_costs(first_costs, n_classes=10, guess=first_cost)

# %% [markdown]
# *How to read it: each dot is the first cost of one fresh network, before any training. The three differ in the size
# of their last weights only.*
#
# A network that has no idea gives every class $1/K$, and pays $\ln K$. Remember that number. A fresh network that
# starts 0.3 above it already has opinions about things it has never seen: look at its weights. And if training stays
# at $\ln K$, nothing is learned.

# %% [markdown] q="q5"
# ## Question 5: the first error term (12 points)
#
# Here the way back begins. How does the cost change if one logit grows a little? Differentiate $-\log p_y =
# -s_y + \log \sum_j e^{s_j}$, and the result is simple:
#
# $$ \frac{\partial J}{\partial s_{n,k}} = \frac{1}{N} \bigl( p_{n,k} - [\,k = y_n\,] \bigr). $$
#
# This is the probability that the network gave, minus the right one: 1 for the label and 0 for the other classes. A
# step down pushes the score of the right class up. It pushes each wrong class down, and more if that class had a high
# probability. Every row adds up to zero.
#
# > **Where the 1/N lives.** The cost is a mean, so its derivative has a $1/N$. It belongs **here and nowhere
# > else**. Everything after this point is linear: what goes in with a factor of $1/N$ comes out with it.
# > Divide again in `backward`, or take means over the batch there, and your gradients are $N$ times too small.
# > A network trained on them still learns, only slowly, so you may not notice it.
#
# > **"Output minus target" is a lucky formula.** Many pictures of back-propagation write the error term of the
# > last layer as $\delta^{(3)} = a^{(3)} - y$, as if it were always so. It is so when cost and output function
# > *match*: softmax with cross-entropy (above), a sigmoid with binary cross-entropy, the identity with half
# > the squared error. A sigmoid with half the squared error does not match: its slope $a(1 - a)$ stays in the
# > formula. The same line of code is right for one cost and wrong for another.
#
# **Write** `cross_entropy_grad(logits, y)`, with arguments as in Question 4. Returns the derivatives, `(N,
# K)`.
#
# *Checks:* `example` (public, 2), `value` (5), `missing_class` (1: labels that do not contain every class),
# `stable` (1), `uint8` (1: labels as unsigned bytes), `f32` (1), `pure` (1: right twice, arguments left
# alone).


# %% [markdown]
# ### The messages, by pencil
#
# The same network, read from right to left. Each score asks: how much more would the cost be, if I were a little
# larger? Fill in the two answers at the right by the formula above. They then travel to the left: each line multiplies
# the answer by its weight, and each hidden unit adds what arrives. Keep the sheet: Question 7 ends with the same
# network, for two examples.

# %% role="poster"
scenes.poster("messages")


# %% q="q5" role="solution"
def cross_entropy_grad(logits, y):
    """The derivative of cross_entropy in the logits (N, K); y (N,). Returns (N, K)."""
    # BEGIN SOLUTION
    d = np.exp(log_softmax(logits))  # a new array, so the next lines may work in place
    d[np.arange(len(y)), y] -= 1
    return d / len(y)
    # END SOLUTION


# %% q="q5" role="check" points=2
def test_example(cross_entropy_grad):
    """The worked instance: (-0.268941, 0.268941), and every row adds up to 0"""
    got = np.asarray(cross_entropy_grad(np.array([[2.0, 1.0]]), np.array([0])))
    assert got.shape == (1, 2), f"expected the shape of the logits, (1, 2), got {got.shape}"
    assert np.max(np.abs(got - [[-0.268941, 0.268941]])) <= 1e-5, f"p = (0.731059, 0.268941), minus (1, 0), got {got}"
    got = np.asarray(cross_entropy_grad(np.array([[0.0, 0.0], [0.0, 0.0]]), np.array([0, 1])))
    assert np.max(np.abs(got.sum(axis=1))) <= 1e-5, f"each row adds up to 0, got {got.sum(axis=1)}"
    assert np.max(np.abs(got - [[-0.25, 0.25], [0.25, -0.25]])) <= 1e-5, (
        f"two examples, so half of (0.5 - 1, 0.5) and of (0.5, 0.5 - 1), got {got}"
    )


# %% [markdown] q="q6"
# ## Question 6: one layer back (14 points)
#
# A layer turns $x$ into $z$. Suppose somebody has told you $g = \partial J / \partial z$, the derivative of
# the cost in what *comes out*. What is the derivative in what *goes in*? Turning the first into the second is
# called a **vector-Jacobian product**, VJP for short: $g$ is the vector, the layer's matrix of partial
# derivatives is the Jacobian, and you never write that matrix down.
#
# **The relu** acts on each entry by itself. Its slope is 1 where $z > 0$ and 0 elsewhere, so $g$ passes where
# the unit was on and stops where it was off. At exactly zero the slope is not defined; we choose 0 (convention
# 3).
#
# **The linear layer** $Z = XW + b$, with $X$ of shape `(N, D)`, $W$ of shape `(D, H)` and $g$ of shape `(N,
# H)`, has three things going in:
#
# $$ dX = g\,W^\top, \qquad dW = X^\top g, \qquad db = \textstyle\sum_n g_n. $$
#
# You need not remember where the transposes go: only one order of the two factors gives the shape of $X$, and
# only one that of $W$. (If all sizes are equal, shapes cannot help you. Then think.) And why a sum over the
# batch? Because one $W$ and one $b$ serve all $N$ examples. A weight that is used $N$ times gets $N$ parts of its
# gradient, and they are added. Inside $X^\top g$ that sum is hidden in the matrix product.
#
# **Write** two functions:
#
# * `relu_vjp(z, g)`: `z` what went into the relu, `g` of the same shape. Returns an array of that shape: `g`
#   where `z > 0` and 0 elsewhere, for `z` of 0 and of -0, and for `z` of $-\infty$ and $+\infty$ too;
# * `linear_vjp(X, W, g)`: returns `(dX, dW, db)`, of the shapes of `X`, `W` and `(H,)`.
#
# *Checks:* `example` (public, 2), `single_precision` (public, 1), `relu_vjp` (3), `relu_vjp_inf` (1: `z`
# infinite or `g` as large as floats go), `linear_vjp` (5: sizes all different, all equal, one example, one
# hidden unit), `adjoint` (1: $g$ times the change of $Z$ equals $dX$, $dW$, $db$ times the changes of $X$,
# $W$, $b$), `pure` (1).


# %% [markdown]
# ### One row, many users
#
# A batch of N examples uses each weight N times. The picture shows it for one row of $W$.

# %% role="poster"
scenes.poster("rows")


# %% q="q6" role="solution"
def relu_vjp(z, g):
    """Pull g back through max(0, z): g where z > 0, else 0. z and g of one shape."""
    # BEGIN SOLUTION
    return np.where(z > 0, g, np.zeros_like(g))
    # END SOLUTION


def linear_vjp(X, W, g):
    """Pull g (N, H) back through X W + b. Returns dX (N, D), dW (D, H), db (H,)."""
    # BEGIN SOLUTION
    return g @ W.T, X.T @ g, np.sum(g, axis=0)
    # END SOLUTION


# %% q="q6" role="check" points=2
def test_example(relu_vjp, linear_vjp):
    """Small whole numbers, worked by hand; relu is closed at 0 (convention 3)"""
    got = np.asarray(relu_vjp(np.array([[-1.0, 0.0, 2.0]]), np.array([[5.0, 6.0, 7.0]])))
    assert got.shape == (1, 3), f"expected the shape of z, (1, 3), got {got.shape}"
    assert got[0, 1] == 0, f"relu'(0) = 0, so the 6 is stopped at z = 0, got {got}"
    assert np.array_equal(got, [[0, 0, 7]]), f"only the 7 meets an open unit, got {got}"
    X, W, g = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 0.0, 2.0], [0.0, 1.0, 1.0]]), np.ones((2, 3))
    dX, dW, db = (np.asarray(part) for part in linear_vjp(X, W, g))
    assert dX.shape == (2, 2), f"dX: expected the shape of X, (2, 2), got {dX.shape}"
    assert dW.shape == (2, 3), f"dW: expected the shape of W, (2, 3), got {dW.shape}"
    assert db.shape == (3,), f"expected the shape of b, (3,), got {db.shape}"
    assert np.max(np.abs(dX - [[3, 2], [3, 2]])) <= 1e-5, f"g times W transposed is [[3, 2], [3, 2]], got {dX}"
    assert np.max(np.abs(dW - [[4, 4, 4], [6, 6, 6]])) <= 1e-5, f"1 + 3 = 4 and 2 + 4 = 6, got {dW}"
    assert np.max(np.abs(db - 2)) <= 1e-5, f"each bias hears 1 from each of the two examples, got {db}"


# %% q="q6" role="check" points=1
def test_single_precision(relu_vjp, linear_vjp):
    """float32 in, float32 out (convention 6)"""
    z, g = np.array([[-1.0, 0.5]], dtype=np.float32), np.array([[2.0, 3.0]], dtype=np.float32)
    parts = {"relu_vjp": relu_vjp(z.copy(), g.copy())}
    parts |= dict(zip(("dX", "dW", "db"), linear_vjp(z, np.ones((2, 2), dtype=np.float32), g), strict=True))
    values = {"relu_vjp": [[0, 3]], "dX": [[5, 5]], "dW": [[-2, -3], [1, 1.5]], "db": [2, 3]}
    for name, part in parts.items():
        assert np.max(np.abs(np.asarray(part) - values[name])) <= 1e-5, f"{name}: expected {values[name]}, got {part}"
        got = np.asarray(part).dtype
        assert got == np.float32, (
            f"{name}: expected float32, got {got}: look for a mask of integers, np.zeros or np.eye"
        )


# %% [markdown] q="q7"
# ## Question 7: the way back (20 points)
#
# Now put the pieces together, last layer first. You hold $g = \partial J / \partial\,$logits. The second
# linear layer turns it into $dW_2$, $db_2$ and the derivative in $a_1$; the relu turns that into the
# derivative in $z_1$; the first linear layer turns that into $dW_1$ and $db_1$.
#
# $$ \text{logits} \xrightarrow{\;W_2\;} a_1 \xrightarrow{\;\text{relu}\;} z_1 \xrightarrow{\;W_1\;} X
#    \qquad\text{(read: whose derivative leads to whose)} $$
#
# **Write** `backward(dlogits, cache, params)`: `dlogits` of shape `(N, K)`, `cache` from your own `forward(X,
# params)`. Returns a dict with the keys `W1`, `b1`, `W2`, `b2`, each gradient of its parameter's shape.
#
# `dlogits` is whatever it is: the derivative of *some* scalar in the logits, not only of ours. So `backward`
# knows no labels, no cost and no $1/N$; it is linear in `dlogits`. Twice as much in, twice as much out; zero
# in, zero out. And you may call it twice, or run the forward pass of another batch in between: each cache
# belongs to its own pass.
#
# *Checks:* `example` (public, 2), `finite_difference` (public, 2), `reference` (6: six sets of sizes),
# `arrows_add_up` (2: what a hidden unit hears is the sum of the messages to it, and then the relu decides),
# `linear_in_dlogits` (2), `kink` (2: units whose $z_1$ is exactly 0), `interleaved` (1: two forward passes,
# then the two backward passes), `repeatable` (1: right twice, arguments left alone, results own their memory),
# `f32` (2).


# %% q="q7" role="solution"
def backward(dlogits, cache, params):
    """Pull dlogits (N, K) back through the network of `forward`. Returns {"W1", "b1", "W2", "b2"}."""
    # BEGIN SOLUTION
    X, z1, a1 = cache
    d_a1, d_W2, d_b2 = linear_vjp(a1, params["W2"], dlogits)
    _, d_W1, d_b1 = linear_vjp(X, params["W1"], relu_vjp(z1, d_a1))
    return {"W1": d_W1, "b1": d_b1, "W2": d_W2, "b2": d_b2}
    # END SOLUTION


# %% q="q7" role="check" points=2 needs="q2"
def test_example(forward, backward):
    """The worked instance: every gradient, by hand"""
    params = {
        "W1": np.array([[1.0, -1.0], [0.5, 1.0]]),
        "b1": np.array([0.0, -2.0]),
        "W2": np.array([[1.0, 0.0], [3.0, 1.0]]),
        "b2": np.array([0.0, 1.0]),
    }
    p = 0.268941
    expected = {
        "W2": [[-2 * p, 2 * p], [0, 0]],
        "b2": [-p, p],
        "W1": [[-p, 0], [-2 * p, 0]],
        "b1": [-p, 0],
    }
    _, cache = forward(np.array([[1.0, 2.0]]), params)
    grads = backward(np.array([[-p, p]]), cache, params)
    assert isinstance(grads, dict), f"expected a dict, got {type(grads).__name__}"
    assert set(grads) == set(params), f"expected the keys {sorted(params)}, got {sorted(map(str, grads))}"
    for name, values in expected.items():
        got = np.asarray(grads[name])
        assert got.shape == params[name].shape, f"{name}: expected shape {params[name].shape}, got {got.shape}"
        heard = "Hidden unit 1 hears -0.27 + 0 and passes it on. Unit 2 hears -0.81 + 0.27 and stops it: z1 = -1"
        assert np.max(np.abs(got - values)) <= 1e-5, f"{name}: expected {values}, got {got.tolist()}. {heard}"


# %% q="q7" role="check" points=2 needs="q2"
def test_finite_difference(forward, backward):
    """Nudge each parameter along a direction: the logits of your forward answer as your backward says"""
    rng = np.random.default_rng(2)
    params = {"W1": rng.normal(size=(3, 4)), "b1": rng.normal(size=4), "W2": rng.normal(size=(4, 2)), "b2": np.ones(2)}
    X, g, h = rng.normal(size=(5, 3)), rng.normal(size=(5, 2)), 1e-6
    passed = forward(X, params)
    assert isinstance(passed, (tuple, list)), f"forward: expected the pair (logits, cache), got {type(passed).__name__}"
    grads = backward(g, passed[1], params)
    assert isinstance(grads, dict), f"expected a dict of four gradients, got {type(grads).__name__}"
    for name in ("W1", "b1", "W2", "b2"):
        array = params[name]
        direction = rng.normal(size=array.shape)
        up = np.sum(g * forward(X, {**params, name: array + h * direction})[0])
        down = np.sum(g * forward(X, {**params, name: array - h * direction})[0])
        slope, claim = (up - down) / (2 * h), np.sum(np.asarray(grads[name]) * direction)
        assert abs(slope) > 1e-6, f"{name}: a nudge does not move the logits at all; is it used in forward?"
        assert abs(claim - slope) <= 1e-5 * abs(slope), (
            f"{name}: along one direction sum(g * logits) rises by {slope:.6f} a unit step, your backward says "
            f"{claim:.6f}. If a check of Question 2 fails, begin there: the rise is measured with your forward"
        )


# %% [markdown]
# ### The messages, with your numbers
#
# The network of the worked instance with a batch of **two**: the example $(1, 2)$ of class 0, whose second hidden unit
# is off, and the example $(0, 4)$ of class 1, for which both units are on. In the picture every message, sum and
# gradient comes from your own functions. If one of them does not follow from those before
# it, the picture opens at that step and says so.
#
# First a question: which of the four weights of $W_1$ hear nothing from the first example and nothing from the
# second? Write them down as pairs (row, column), both counted from 0, such as `[(0, 0), (1, 0)]`.

# %% role="predict" spoilers=["[(0, 1)]", "W1[0, 1]"]
silent = None  # a list of pairs (row, column): the weights of W1 that hear nothing

# %% role="figure"
two_X, two_y = np.array([[1.0, 2.0], [0.0, 4.0]]), np.array([0, 1])
two_logits, two_cache = forward(two_X, INSTANCE)
two_hidden, _ = forward(two_X, {**INSTANCE, "W2": np.eye(2), "b2": np.zeros(2)})
two_dlogits = cross_entropy_grad(two_logits, two_y)
two_sums, _, _ = linear_vjp(two_hidden, INSTANCE["W2"], two_dlogits)  # what arrives at each hidden unit
two_answers = {
    "dlogits": two_dlogits,
    "sums": two_sums,
    "d1": relu_vjp(two_hidden, two_sums),  # what leaves it; a unit is on where its activation is above 0
    **backward(two_dlogits, two_cache, INSTANCE),
}
scenes.backward(INSTANCE, two_X, two_y, yours=two_answers, guess=silent)

# %% [markdown]
# *How to read it: read from right to left. A message on a line is the error term at its right end times its weight.
# The sum of what arrives stands in a unit; its gate lets the sum pass or stops it. The gradients of the weights are
# tags on the lines and appear in later steps.*
#
# Every weight's gradient is a product of two numbers that are already there: **the activation at its left end
# times the error term at its right end**. That is all $dW = X^\top g$ says. So a weight hears
# nothing of an example if its left end is zero, or if its right end is a closed unit. A unit that is closed for the
# whole batch learns nothing at all: its column of $dW_1$ and its row of $dW_2$ are zero.

# %% [markdown]
# ### Trust, but verify
#
# A gradient that is a little wrong still trains a network, a little worse. So compare yours with something
# that cannot share its mistakes: the feet of assignment 1. Here is the helper. It nudges **every** parameter
# up and down, far too slow for training and just right for a check.


# %% role="setup"
def finite_difference(cost, params, h=1e-5):
    """Central differences of cost(params), one parameter at a time. Returns a dict like params."""
    slopes = {name: np.zeros_like(array) for name, array in params.items()}
    for name, array in params.items():
        for place in np.ndindex(array.shape):
            ends = []
            for step in (h, -h):
                nudged = array.copy()
                nudged[place] += step
                ends.append(cost({**params, name: nudged}))
            slopes[name][place] = (ends[0] - ends[1]) / (2 * h)
    return slopes


# %% role="figure"
five_X, five_y = (part[:5] for part in network.moons())
five = network.fresh_parameters(D=2, H=4, K=2, seed=318)


def five_cost(params):
    """The cost of a network on a batch of five."""
    return cross_entropy(forward(five_X, params)[0], five_y)


five_logits, five_cache = forward(five_X, five)
five_grads = backward(cross_entropy_grad(five_logits, five_y), five_cache, five)
check_steps = np.logspace(-1, -13, 49)
gradient_check.draw_gradient_check(
    check_steps, [finite_difference(five_cost, five, h) for h in check_steps], five_grads
)

# %% [markdown]
# *How to read it: from left to right grows the step $h$, upwards the difference between finite difference and
# `backward`, both logarithmic. There is a curve for each of the four arrays, and the text below says of each what it
# shows. The grey line is where a curve lies if the gradient was divided by N a second time, or not at all.*
#
# Two errors meet here. From the right, Taylor: the formula is off by $h^2$. From the left, float64: the two
# costs agree in all but their last digits, and dividing by a tiny $h$ blows those up. At the bottom of the V
# nine or ten digits agree. If a curve is flat and high instead, no step will help: then that gradient is wrong. **A
# curve that falls into a V is strong evidence. One number below a tolerance is weak: it depends on the step that you
# chose.** And why a batch of five? With one example, 1/N is 1, so a gradient that is divided by N twice gets a perfect
# V.

# %% [markdown] q="q8"
# ## Question 8: one step down (4 points)
#
# $$ \theta \leftarrow \theta - \eta \, \frac{\partial J}{\partial \theta} \qquad \text{for each parameter } \theta. $$
#
# > **Minus, this time.** The climber went up along her gradient. A cost is to be made small, so here we go
# > **down** along it. Descending $J$ is climbing $-J$: the same walk, with one sign turned.
#
# **Write** `sgd_update(params, grads, lr)`: two dicts with the same keys, and a number. Returns a **new** dict
# with new arrays; the ones that came in stay as they are.
#
# *Checks:* `example` (public, 1), `update` (2), `own_memory` (1: arguments left alone, and nothing shared with
# them).


# %% q="q8" role="solution"
def sgd_update(params, grads, lr):
    """One step of gradient descent. Returns a new dict of new arrays."""
    # BEGIN SOLUTION
    return {name: array - lr * grads[name] for name, array in params.items()}
    # END SOLUTION


# %% q="q8" role="check" points=1
def test_example(sgd_update):
    """1 with gradient 2 and rate 0.1 becomes 0.8"""
    names = ("W1", "b1", "W2", "b2")
    got = sgd_update({n: np.array([1.0]) for n in names}, {n: np.array([2.0]) for n in names}, 0.1)
    assert isinstance(got, dict), f"expected a dict, got {type(got).__name__}"
    assert set(got) == set(names), f"expected the keys of params, got {sorted(map(str, got))}"
    assert abs(float(got["W1"][0]) - 1.2) > 1e-9, "1.2 is uphill: to make a cost small, go against the gradient"
    for name in names:
        assert abs(float(got[name][0]) - 0.8) <= 1e-5, f"{name}: 1 - 0.1 × 2 = 0.8, got {got[name]}"


# %% [markdown] q="q9"
# ## Question 9: the loop (8 points)
#
# Forward, cost, backward, step; again. The parts are yours, so only the order can go wrong, and it does: the
# gradient of a step belongs to the parameters *before* it. All four arrays move at once, from one backward
# pass. If $W_2$ moves first and then helps to compute $dW_1$, you follow the gradient of no function at all.
#
# **Write** `train(X, y, params, lr, n_steps)`, with the whole batch in every step. Returns `(params, losses)`:
# the parameters after the last step, and `n_steps` numbers, `losses[t]` the cost **before** step `t` (so
# `losses[0]` is the cost of what you were given). With `n_steps = 0` that is a copy of the parameters, and no
# losses. The dict you were given stays as it is.
#
# *Checks:* `example` (public, 2), `trajectory` (4: six steps, every loss and the final parameters),
# `zero_steps` (1: one step moves a copy, none gives one), `learns` (1: exclusive-or, from loss 0.7 to below 0.1).


# %% q="q9" role="solution"
def train(X, y, params, lr, n_steps):
    """n_steps of gradient descent on the batch. Returns (params, losses), losses[t] before step t."""
    # BEGIN SOLUTION
    params = {name: array.copy() for name, array in params.items()}
    losses = []
    for _ in range(n_steps):
        logits, cache = forward(X, params)
        losses.append(cross_entropy(logits, y))
        params = sgd_update(params, backward(cross_entropy_grad(logits, y), cache, params), lr)
    return params, np.array(losses)
    # END SOLUTION


# %% q="q9" role="check" points=2
def test_example(train):
    """Two steps of the worked instance with rate 0.1: the losses fall from 0.313262 to 0.211167"""
    params = {
        "W1": np.array([[1.0, -1.0], [0.5, 1.0]]),
        "b1": np.array([0.0, -2.0]),
        "W2": np.array([[1.0, 0.0], [3.0, 1.0]]),
        "b2": np.array([0.0, 1.0]),
    }
    result = train(np.array([[1.0, 2.0]]), np.array([0]), params, 0.1, 2)
    assert isinstance(result, (tuple, list)), f"expected the pair (params, losses), got {type(result).__name__}"
    assert len(result) == 2, f"expected the pair (params, losses), got {len(result)} things"
    after, losses = result
    assert len(losses) == 2, f"expected one loss a step, 2 of them, got {len(losses)}"
    assert abs(losses[0] - 0.313262) <= 1e-5, f"losses[0] is the cost before the first step, 0.313262, got {losses[0]}"
    assert abs(losses[1] - 0.211167) <= 1e-5, f"losses[1] is the cost after one step, 0.211167, got {losses[1]}"
    assert np.max(np.abs(np.asarray(after["b2"]) - [0.045930, 0.954070])) <= 1e-5, (
        f"b2 ends at (0.045930, 0.954070), got {after['b2']}"
    )


# %% [markdown]
# ### First overfit ten examples
#
# A habit worth having. Before you train on all you have, train on **ten** examples. A network with more weights than
# that can learn them by heart, so its cost must go to zero. If it does not, something is broken: the gradient, the
# rate, or the labels. It costs a second to find out.

# %% role="figure"
moons_X, moons_y = network.moons()
moons_start = network.fresh_parameters(D=2, H=16, K=2)
_, ten_losses = train(moons_X[:10], moons_y[:10], moons_start, lr=0.5, n_steps=500)
network.draw_losses(ten_losses, n_classes=2)

# %% [markdown]
# ### It learns
#
# Now all 160: two moons that no straight line can part. Your `train`, your loss curve, and the regions that your
# trained network draws. A minute ago these were four arrays of random numbers. Where does the curve end, after 1500
# steps?

# %% role="predict" spoilers=["0.0058", "0.006"]
last_cost = None  # a number: the cost of the two moons after 1500 steps

# %% role="figure"
moons_params, moons_losses = train(moons_X, moons_y, moons_start, lr=0.5, n_steps=1500)
network.draw_losses(moons_losses, n_classes=2, guess=last_cost)

# %% [markdown]
# *How to read it: the cost against the step, both axes logarithmic, so that a fall one step wide and a fall a thousand
# steps wide get the same room. The dashed line is the cost of a network that has no idea.*
#
# Look at the part of the curve that is almost level, from 0.3 to 0.2. No straight border costs less than 0.27 here, and
# for a hundred steps the network is hardly better than that. Then it learns to bend the border.

# %% role="figure"
network.draw_regions(lambda points: forward(points, moons_params)[0], moons_X, moons_y)

# %% [markdown]
# *How to read it: the plane is shaded by the class that your trained network chooses, paler where it is less sure; the
# bold line is the border between the two. A circle marks a point on the wrong side.*
#
# Look closely at the border: it is made of straight pieces. Between its kinks a relu network is linear, and
# every hidden unit may contribute one kink.

# %% [markdown] q="q10"
# ## Question 10: concepts (6 points)
#
# Three answers, 2 points each. Each is a small function, a rule; it is called with other numbers when you hand in.
#
# **c1.** One output unit with $a = \sigma(z)$, a target $y$ and the cost $J = \tfrac12 (a - y)^2$: what is
# $\partial J / \partial z$? A function of the numbers `a` and `y` that returns a number.
#
# **c2.** Somebody starts the network of this assignment with some of its parameters at zero; all numbers of the
# others are random, and so are the inputs. Some classes are more frequent than others. Which parameters does the
# **first** step of gradient descent change? A function of `zero`, a set of names such as `{"W1", "b1"}`, that returns
# a set of names.
#
# **c3.** $D$ inputs, $H$ hidden units, $K$ classes. `off` of the hidden units are off for every example of the
# batch. How many numbers in the gradient are zero **because of that**? A function of `D, H, K, off` that returns the
# number.

# %% q="q10" role="solution"
answers = {}  # three functions: "c1" of a, y; "c2" of a set of names; "c3" of D, H, K, off
# BEGIN SOLUTION


def changed_by_the_first_step(zero):
    if {"W1", "b1"} <= zero:
        return {"b2"}  # z1 = 0, so a1 = 0: nothing for W2, and the relu is closed
    return {"W2", "b2"} if "W2" in zero else {"W1", "b1", "W2", "b2"}


answers = {
    "c1": lambda a, y: (a - y) * a * (1 - a),
    "c2": changed_by_the_first_step,
    "c3": lambda D, H, K, off: off * (D + 1 + K),  # noqa: ARG005
}
# END SOLUTION


# %% q="q10" role="check" points=0
def test_format(answers):
    """Three functions, of the arguments that are asked for (what they say is graded later)"""
    assert isinstance(answers, dict), f"expected a dict, got {type(answers).__name__}"
    missing = [key for key in ("c1", "c2", "c3") if answers.get(key) is None]
    assert not missing, f"expected an answer for each of c1 to c3, none yet for {', '.join(missing)}"
    for key, words in (("c1", "a, y"), ("c2", "a set of names"), ("c3", "D, H, K, off")):
        assert callable(answers[key]), f"{key}: expected a function of {words}, got {answers[key]!r}"
    for key, number in (("c1", answers["c1"](0.5, 1.0)), ("c3", answers["c3"](2, 3, 2, 1))):
        is_number = np.ndim(number) == 0 and np.issubdtype(np.asarray(number).dtype, np.number)
        assert is_number, f"{key}: expected a function that returns a number, got {number!r}"
    names = answers["c2"]({"W1", "b1"})
    assert isinstance(names, (set, frozenset, list, tuple)), f"c2: expected a set of names, got {names!r}"
    known = {"W1", "b1", "W2", "b2"}
    assert known >= set(names), f"c2: expected names out of {sorted(known)}, got {sorted(map(str, names))}"


# %% [markdown] q="explain"
# ## In your own words: how W1 hears of the error (10 points, graded by hand, beyond the 100)
#
# A fellow student has understood the forward pass and asks: "`W1` never touches the cost. How does it find out
# what the network did wrong?" Explain to her **how the error reaches `W1`**, station by station: what is carried,
# what each station does to it, and why a hidden unit that is off learns nothing. Five to ten sentences; a formula
# is welcome, code is not.

# %% [markdown] q="explain" role="manual" points=10
# **A good answer.** At the end stands the first error term, the derivative of the cost with respect to the
# logits: predicted minus true probabilities, divided by N. Each logit is a weighted sum of activations, so going
# back through the second layer shares the error term out along the same weights: the term of a hidden activation
# is the sum over the logits of weight times term, a product with W2 transposed. The relu lets it pass where its
# input was above zero and stops it elsewhere, for there a small change of the input changed nothing. What arrives
# at z1 is the error term of the first layer. W1 stands between X and z1, so its gradient is what stood on its left
# times what arrives on its right, added up over the examples that share it. A unit that was off for the whole
# batch passes nothing on, and its column of W1 gets zero.
#
# *Points:* starts at the cost with the right error term (2), W2 transposed as sharing out (3), the relu as a gate,
# and the unit that is off (3), the product of left and right summed over the batch (2).

# %% [markdown] q="b1"
# ## Bonus 1: the cost that does not match (5 points, beyond the 100)
#
# An older network: a sigmoid $\sigma(z) = 1 / (1 + e^{-z})$ in **both** layers, and half the squared error.
#
# $$ a_1 = \sigma(X W_1 + b_1), \qquad a_2 = \sigma(a_1 W_2 + b_2), \qquad
#    J = \frac{1}{2N} \sum_{n,k} (a_{2,nk} - Y_{nk})^2. $$
#
# Now the error term of the output is *not* output minus target. Use $\sigma' = \sigma (1 - \sigma)$.
#
# **Write** `sigmoid_network(X, Y, params)`: `X` of shape `(N, D)`, targets `Y` of shape `(N, K)` between 0 and
# 1, `params` as before. Returns `(cost, grads)`: one number, and a dict of gradients. Large weights must not
# overflow into a NaN.
#
# *Checks:* `example` (public, 1), `gradients` (3), `saturated` (1: $z$ in the thousands, either sign).


# %% q="b1" role="solution"
def sigmoid_network(X, Y, params):
    """Cost and gradients of a two-layer sigmoid network with half the squared error; Y (N, K)."""
    # BEGIN SOLUTION
    a1 = _sigmoid(X @ params["W1"] + params["b1"])
    a2 = _sigmoid(a1 @ params["W2"] + params["b2"])
    d_z2 = (a2 - Y) * a2 * (1 - a2) / len(X)
    d_a1, d_W2, d_b2 = linear_vjp(a1, params["W2"], d_z2)
    _, d_W1, d_b1 = linear_vjp(X, params["W1"], d_a1 * a1 * (1 - a1))
    return np.sum((a2 - Y) ** 2) / (2 * len(X)), {"W1": d_W1, "b1": d_b1, "W2": d_W2, "b2": d_b2}


def _sigmoid(z):
    e = np.exp(-np.abs(z))  # never more than 1
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))
    # END SOLUTION


# %% q="b1" role="check" points=1
def test_example(sigmoid_network):
    """All weights zero: outputs 1/2, cost 1/8, error term 1/2 × 1/4"""
    params = {"W1": np.zeros((2, 3)), "b1": np.zeros(3), "W2": np.zeros((3, 1)), "b2": np.zeros(1)}
    cost, grads = sigmoid_network(np.array([[1.0, 2.0]]), np.array([[0.0]]), params)
    assert abs(cost - 0.125) <= 1e-5, f"(1/2 - 0)² / 2 = 0.125, got {cost}"
    got = float(np.ravel(grads["b2"])[0])
    assert abs(got - 0.5) > 1e-9, "1/2 is output minus target: the sigmoid's slope, 1/2 × 1/2, is missing"
    assert abs(got - 0.125) <= 1e-5, f"b2: 1/2 × 1/2 × 1/2 = 0.125, got {got}"
    assert np.shape(grads["W2"]) == (3, 1), f"W2: expected shape (3, 1), got {np.shape(grads['W2'])}"
    assert np.max(np.abs(np.asarray(grads["W2"]) - 0.0625)) <= 1e-5, f"W2: 1/2 × 0.125, got {grads['W2']}"


# %% [markdown] q="b2"
# ## Bonus 2: the circle with the 1 (3 points, beyond the 100)
#
# Many pictures have no bias vectors. They draw one more circle in each layer, which always holds 1, and keep
# its weights in the matrix: row 0 of `V1 (1 + D, H)` is $b_1$ and the rest is $W_1$; row 0 of `V2 (1 + H, K)`
# is $b_2$. It is the same network with other book-keeping.
#
# > **A row to drop.** With that picture one writes $\delta^{(2)} = (W^{(2)})^\top \delta^{(3)} * g'(z^{(2)})$,
# > and taken literally it gives the circle with the 1 an error term as well. But nothing leads *into* that
# > circle. The row of the biases must be left out before the product, or the first element after it; the
# > shapes do not fit otherwise. (Note also that $W^\top \delta$ is for column vectors; with the batch first it
# > reads $\delta\,W^\top$.)
#
# **Write** `bias_column_gradients(X, y, V1, V2)`: `X (N, D)` *without* the ones, `y (N,)`, relu and cost of
# Questions 2 to 5. Returns `(dV1, dV2)`, of the shapes of `V1` and `V2`.
#
# *Checks:* `example` (public, 1), `same_gradients` (2: the gradients of Question 7, re-arranged).


# %% q="b2" role="solution"
def bias_column_gradients(X, y, V1, V2):
    """Gradients of the cost with biases as row 0 of V1 (1 + D, H) and V2 (1 + H, K). Returns (dV1, dV2)."""
    # BEGIN SOLUTION
    ones = np.ones((len(X), 1), dtype=X.dtype)
    A0 = np.hstack([ones, X])
    z1 = A0 @ V1
    A1 = np.hstack([ones, np.maximum(z1, 0)])
    d_z2 = cross_entropy_grad(A1 @ V2, y)
    d_z1 = relu_vjp(z1, d_z2 @ V2[1:].T)  # without row 0: nothing leads into the circle with the 1
    return A0.T @ d_z1, A1.T @ d_z2
    # END SOLUTION


# %% q="b2" role="check" points=1
def test_example(bias_column_gradients):
    """The worked instance with its biases in row 0"""
    V1 = np.array([[0.0, -2.0], [1.0, -1.0], [0.5, 1.0]])
    V2 = np.array([[0.0, 1.0], [1.0, 0.0], [3.0, 1.0]])
    p = 0.268941
    dV1, dV2 = (np.asarray(part) for part in bias_column_gradients(np.array([[1.0, 2.0]]), np.array([0]), V1, V2))
    assert dV1.shape == (3, 2), f"dV1: expected the shape of V1, (3, 2), got {dV1.shape}"
    assert dV2.shape == (3, 2), f"dV2: expected the shape of V2, (3, 2), got {dV2.shape}"
    assert np.max(np.abs(dV2 - [[-p, p], [-2 * p, 2 * p], [0, 0]])) <= 1e-5, f"dV2: row 0 is db2, got {dV2.tolist()}"
    assert np.max(np.abs(dV1 - [[-p, 0], [-p, 0], [-2 * p, 0]])) <= 1e-5, f"dV1: row 0 is db1, got {dV1.tolist()}"


# %% [markdown] q="b3"
# ## Bonus 3: code that does not know where its arrays live (2 points, beyond the 100)
#
# A GPU has arrays of its own. They look like NumPy's, and most NumPy functions accept them (`np.exp(a)` asks
# `a` how it wants to be exponentiated), but their numbers are not in your computer's memory, so nothing may
# turn them into a NumPy array: `np.array(a)`, `np.asarray(a)` and `float(a)` are refused. Nor do they mix with
# NumPy arrays of your own making, such as `np.zeros((N, K))`; make those *from* what you were given, as in
# `np.zeros_like(a)`.
#
# **Write** `portable_gradients(X, Y, params)`: the gradients of Question 7 for the cost of Question 4, with
# the labels as one-hot rows `Y (N, K)`, floats. `X`, `Y` and the values of `params` are all NumPy arrays, or
# all arrays of another library. Returns the dict of gradients, as arrays of that library.
#
# To be relied on: `+ - * / @ **`, comparisons, `a.T`, `a.shape`, `a.dtype`, indexing with slices and `None`,
# the methods `sum`, `max`, `mean`, `reshape`, and NumPy's functions such as `np.exp`, `np.log`, `np.maximum`,
# `np.where`, `np.sum`, `np.max`, `np.zeros_like`.
#
# *Checks:* `example` (public, 1: NumPy arrays), `remote` (1: arrays that refuse to be turned into NumPy's).


# %% q="b3" role="solution"
def portable_gradients(X, Y, params):
    """Gradients of the cost for one-hot targets Y (N, K), for arrays of any library. Returns a dict."""
    # BEGIN SOLUTION
    z1 = X @ params["W1"] + params["b1"]
    a1 = np.maximum(z1, 0)
    logits = a1 @ params["W2"] + params["b2"]
    e = np.exp(logits - logits.max(axis=1)[:, None])
    d_z2 = (e / e.sum(axis=1)[:, None] - Y) / X.shape[0]
    d_z1 = (d_z2 @ params["W2"].T) * (z1 > 0)
    return {"W1": X.T @ d_z1, "b1": d_z1.sum(axis=0), "W2": a1.T @ d_z2, "b2": d_z2.sum(axis=0)}
    # END SOLUTION


# %% q="b3" role="check" points=1
def test_example(portable_gradients):
    """The worked instance, with the label 0 as the row (1, 0)"""
    params = {
        "W1": np.array([[1.0, -1.0], [0.5, 1.0]]),
        "b1": np.array([0.0, -2.0]),
        "W2": np.array([[1.0, 0.0], [3.0, 1.0]]),
        "b2": np.array([0.0, 1.0]),
    }
    p = 0.268941
    expected = {"W1": [[-p, 0], [-2 * p, 0]], "b1": [-p, 0], "W2": [[-2 * p, 2 * p], [0, 0]], "b2": [-p, p]}
    grads = portable_gradients(np.array([[1.0, 2.0]]), np.array([[1.0, 0.0]]), params)
    for name, values in expected.items():
        got = np.asarray(grads[name])
        assert got.shape == params[name].shape, f"{name}: expected shape {params[name].shape}, got {got.shape}"
        assert np.max(np.abs(got - values)) <= 1e-5, f"{name}: expected {values}, got {got.tolist()}"


# %% [markdown] q="b4"
# ## Bonus 4: write the gradient checker (5 points, beyond the 100)
#
# Somebody hands you a cost, and a dict that claims to be its gradient. Is it? You see no code: you can only ask for
# costs. In "Trust, but verify" you looked at a picture. Now the answer must be yes or no.
#
# **Write** `gradient_agrees(cost, grads, params)`: `cost(params)` is a number, `params` and `grads` are dicts of
# float64 arrays with the same keys and shapes. Returns `True` or `False`, and the same if asked again.
#
# * A **wrong** claim has at least one array with an entry that is off by a thousandth of **that array's** largest
#   entry, or by more. A right one is right to the last digits.
# * The cost may be a billion times larger or smaller than one is used to, or below zero; it may carry noise of 1e-12 of
#   its size, and it may have a kink, as relu has one, at a distance of 1e-3 from `params`.
# * An array may be all zeros, and rightly so. Then a finite difference gives round-off and not 0: an array in which
#   nothing is above 1e-7 times the cost counts as zero.
# * You may call `cost` at most 4 times for each number in `params`, and 20 times more.
#
# *Checks:* `example` (public, 0), `honest` (2: right claims of all kinds are accepted, and a turned sign is not); and,
# each together with right claims: `blunt` (1: a factor, a transposed array), `one_entry` (1: one entry of 200 numbers,
# two exchanged, or one in an array of zeros), `small` (1: a claim off by 0.2 %, an array of small entries, the small
# entries of an array).


# %% q="b4" role="solution"
def gradient_agrees(cost, grads, params):
    """Whether grads is the gradient of cost at params. cost: dict of arrays -> number. Returns True or False."""
    # BEGIN SOLUTION
    slopes, floor = finite_difference(cost, params), 1e-7 * abs(cost(params))
    for name, slope in slopes.items():
        largest = max(np.max(np.abs(slope)), np.max(np.abs(grads[name])))
        if largest > floor and np.max(np.abs(slope - grads[name])) > 5e-4 * largest:
            return False
    return True
    # END SOLUTION


# %% q="b4" role="check" points=0
def test_example(gradient_agrees):
    """w² + 3 b has the gradient (2 w, 3); (4 w, 3) and (2 w, 0) are wrong"""

    def cost(params):
        return np.sum(params["w"] ** 2) + 3 * np.sum(params["b"])

    params = {"w": np.array([1.0, -2.0]), "b": np.array([0.5])}
    right = {"w": np.array([2.0, -4.0]), "b": np.array([3.0])}
    got = gradient_agrees(cost, right, params)
    assert isinstance(got, (bool, np.bool_)), f"expected True or False, got {got!r}"
    assert got, "the gradient of w² + 3 b is (2 w, 3): expected True"
    assert not gradient_agrees(cost, {**right, "w": 2 * right["w"]}, params), "4 w is twice the gradient of w²"
    assert not gradient_agrees(cost, {**right, "b": np.zeros(1)}, params), "b has the gradient 3, not 0"


# %% [markdown] q="b5"
# ## Bonus 5: what is wrong with this training? (5 points, beyond the 100)
#
# Somebody's training disappoints, and you cannot see the code. But you may run it. `run(n_examples, n_steps, lr)`
# starts anew and trains on the first `n_examples` of 120 examples, for at most 80 steps, at `lr` **times** the rate
# that was set. It returns the costs before each step, and some may be NaN. Find out which it is:
#
# | Answer | Then |
# |---|---|
# | `"fine"` | nothing is wrong: it learns all 120 |
# | `"starts too high"` | its first cost, on all 120, is at least 0.3 above that of a network without an idea |
# | `"never moves"` | the cost is always the same |
# | `"rate too large"` | the cost jumps up; at a small part of the rate it falls |
# | `"cannot overfit ten"` | ten examples are too much for it: something in the network or its gradient is broken |
# | `"labels shuffled"` | it learns ten examples by heart, but not all: the labels do not belong to the inputs |
#
# **Write** `diagnose(run, n_classes)`, which returns one of these six texts. Call `run` at most ten times.
#
# *Checks:* `example` (public, 0), `twelve_runs` (3: two of each kind; at most one is named wrongly), `six_runs`
# (2: six others, one of each kind, all named rightly).


# %% q="b5" role="solution"
def diagnose(run, n_classes):
    """What is wrong with a training. run: (n_examples, n_steps, lr) -> costs. Returns one of six texts."""
    # BEGIN SOLUTION
    first, *later = run(120, 80, 1.0)
    if first > np.log(n_classes) + 0.3:
        return "starts too high"
    if set(later) == {first}:
        return "never moves"
    if not np.max(later) < 2 * first:  # NaN is not below
        return "rate too large"
    *_, ten = run(10, 80, 1.0)
    if ten > first / 4:
        return "cannot overfit ten"
    return "labels shuffled" if later[-1] > first / 4 else "fine"
    # END SOLUTION


# %% q="b5" role="check" points=0
def test_example(diagnose):
    """A cost that stays at ln 3 never moves"""

    def run(n_examples, n_steps, lr):
        return np.full(n_steps, np.log(3) + 0 * n_examples * lr)

    got = diagnose(run, 3)
    kinds = ("fine", "starts too high", "cannot overfit ten", "rate too large", "labels shuffled", "never moves")
    assert got in kinds, f"expected one of the six texts, got {got!r}"
    assert got == "never moves", (
        f"the cost is ln 3 before each step, whatever the rate: expected 'never moves', got {got!r}"
    )


# %% [markdown]
# ## What to remember
#
# * **Forward remembers.** Each factor of the chain rule is taken at the value that went into its function, so
#   the forward pass keeps those values.
# * **Backward is linear.** It carries a derivative from what comes out to what goes in, one layer at a time.
#   It knows no cost.
# * **A weight's gradient** is the activation on its left times the error term on its right, added up over the
#   batch.
# * **The 1/N enters once**, with the cost. Sums over the batch come from sharing, not from averaging.
# * **A closed relu** sends nothing back, and its weights hear nothing.
# * **Check gradients** with a finite difference, and look for the V.
#
# One question is left open. You multiplied from the output towards the input. The chain rule does not care:
# the product of the factors is the same in either direction. So why backwards? A3 counts.
