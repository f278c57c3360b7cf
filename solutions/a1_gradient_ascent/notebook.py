# %% [markdown]
# # Assignment 1: the blindfolded climber
#
# You stand on a mountain, blindfolded, and want to reach the top. You cannot see the summit, a map or the
# next valley. What you have is your feet: they tell you which way the ground tilts, and how much.
#
# So you feel for the steepest way up, take a step, and feel again. That is all of **gradient ascent**, and
# turned upside down it is how nearly every neural network is trained. (If your course gives you the page
# `explain.html`, open it first: five pictures show what you will build.) In this assignment you build the
# climber, find out when the method works, and meet four ways in which it fools you:
#
# * level ground need not be a top (Question 4);
# * a top need not be the highest one (Questions 5, 7 and 8);
# * a step that is too long leads away from the top, although it goes in the right direction (Question 6);
# * short steps need not mean that the top is near (the walk after Question 3).
#
# **When you are done you can**
#
# 1. measure a gradient with nothing but heights, and say how its error depends on the distance of your feet;
# 2. climb, and choose a learning rate that neither crawls nor flies off the mountain;
# 3. tell a maximum from a minimum, a saddle and a plateau, all of which feel level underfoot;
# 4. say what "convex" promises, and prove that a function is not convex with three numbers;
# 5. explain why the place where you start decides the summit where you stop.
#
# | Question | You write | Points |
# |---|---|---|
# | 1 | `numerical_gradient` | 14 |
# | 2 | `steepest_direction` | 8 |
# | 3 | `gradient_ascent` | 20 |
# | 4 | `classify_critical_point` | 12 |
# | 5 | `convexity_witness` | 12 |
# | 6 | `max_stable_lr` | 10 |
# | 7 | `best_of_restarts` | 8 |
# | 8 | `basins` | 6 |
# | 9 | five concept answers | 10 |
# | In your own words | one paragraph, graded by hand | 10, beyond the 100 |
# | Bonus | `backtracking_ascent`, `leave_saddle`, `heavy_ball` | 5 + 5 + 5, beyond the 100 |

# %% [markdown]
# ## Conventions of the whole course
#
# | | Convention | In this assignment |
# |---|---|---|
# | 1 | Batch first: `X (N, D)`, labels `y (N,)`; a bias is `(H,)`, never `(1, H)` | from A2 on |
# | 2 | Cost: natural-log cross-entropy, mean over the batch | from A2 on |
# | 3 | `relu'(0) = 0` | from A2 on |
# | 4 | A gradient has exactly the shape of what it is the gradient of | **yes**: `(d,)` in, `(d,)` out |
# | 5 | Pure: arguments stay unchanged, results own their memory | **yes**: `q3.keeps_its_start` |
# | 6 | float64 in, right to 1e-5 out; float32 in, float32 out | **yes**: `q1.example`; float32 from A2 on |
# | 7 | Numbers that are 0, or between 1e-150 and 1e150 in size, give finite, right answers | **yes**: `q2.tiny` |
# | 8 | NumPy is allowed, autodiff libraries are not. Loops are fine; time is never graded | **yes** |
#
# Two words are used all the time. A **height** is a function `f` that takes a point `x` of shape `(d,)` and
# returns one number. Its **gradient** is a function `grad` that takes the same point and returns a vector of
# shape `(d,)`: the derivative of `f` in the direction of each coordinate. In one dimension a point is still an
# array, of shape `(1,)`.
#
# You will also meet the word **back-propagation**. It is a fast way to compute the gradient of a cost that is made
# of many layers, and it is the subject of A2. A2 does not need another climber: back-propagation takes the place of
# the feet, and the steps stay as they are here.
#
# ## How you are graded
#
# * Below each question stand public checks. Run them as often as you like; they carry a few of the points.
#   `grader.check("q1")` runs all those of a question at once.
# * After you submit, hidden checks run. Each looks at one property that the text promises, under a name
#   listed with the question, on data that is drawn anew for you. There is no rule that this page does not
#   state.
# * Points belong to checks, not to questions. One slip does not cost you the whole question: if your function
#   makes one of the usual mistakes and is right otherwise, you lose the points of the check that is about this
#   mistake, and of the public example.
# * Questions 7 and 8 call your `gradient_ascent`. If it is wrong, and they are right with a right one, their points
#   are *carried*: your course counts them, in full unless it says otherwise.
# * Speed and style carry no points. Write helpers, classes or new cells wherever you like; keep the names and
#   the arguments of the functions you are asked for.
# * Figures carry no points either. They draw what *your* functions do, so look at them.

# %% role="setup"
import climbing  # the files beside this notebook: landscapes to climb on, and figures
import matplotlib.pyplot as plt
import numpy as np
import scenes

plt.rcParams["figure.dpi"] = 110

# %% [markdown]
# ## Before you write anything: two feet
#
# Run the next cell. It shows what the climber knows, and it has gaps, drawn as dots: fill them in with a pencil, or in
# your head. You need no code for it.

# %% role="poster"
scenes.poster("climber")

# %% [markdown]
# Now walk with her. She is blindfolded, so you see only the ground at her feet. *Feel* shows the slope, *Step* moves
# her by the rate times the slope, *Walk* repeats that. First say where she will stop; then take off the blindfold.
# Try other rates and other starts. Each goal in the list is a thing that this assignment is about.

# %% role="poster"
scenes.climber()

# %% [markdown] q="q1"
# ## Question 1: what the feet feel (14 points)
#
# Put one foot a little ahead of you and one a little behind. The difference in height, divided by the
# distance between the feet, is the slope in that direction. Do it along every coordinate axis and you
# have the gradient:
#
# $$ g_i \;=\; \frac{f(x + h\,e_i) - f(x - h\,e_i)}{2h}, \qquad i = 0, \dots, d-1, $$
#
# where $e_i$ is the unit vector of coordinate $i$. This is the **central difference**. Why not only one foot?
# Taylor's formula says
#
# $$ f(x \pm h\,e_i) = f \pm h f' + \tfrac{h^2}{2} f'' \pm \tfrac{h^3}{6} f''' + \dots $$
#
# Subtract, and every even power cancels: the error is about $h^2 f'''/6$. Halve $h$ and it falls to a
# quarter. A one-sided difference keeps the term $\tfrac{h}{2} f''$. Halve $h$, and its error only falls to a half.
#
# So should $h$ be as small as possible? No. A computer keeps about 16 digits of a height. If the feet are very
# close together, the two heights agree in nearly all of them, and what is left of the difference is rounding:
# an error of about $10^{-16} |f| / h$, which *grows* as $h$ falls. The cell below the check measures both.
#
# **Write** `numerical_gradient(f, x, h=1e-5)`: `f` a height, `x` of shape `(d,)`, floats or integers.
# Returns the gradient, shape `(d,)`, float64. It calls `f` at most $2d + 1$ times and leaves `x` as it
# was.
#
# *Checks:* `example` (public, 2), `order` (5: halving `h` divides the error by 4), `value` (3: $d = 1, 2,
# 5$), `int_input` (2: `x` holds integers), `pure_calls` (2: few calls of `f`, and `x` stays as it was).


# %% q="q1" role="solution"
def numerical_gradient(f, x, h=1e-5):
    """Central difference of a height f: (d,) -> float at x (d,). Returns the gradient, (d,) float64."""
    # BEGIN SOLUTION
    centre = np.array(x, dtype=np.float64)  # a copy, and floats: 2 + 1e-5 stored among integers is 2
    probes = h * np.eye(centre.size)
    return np.array([(f(centre + probe) - f(centre - probe)) / (2 * h) for probe in probes])
    # END SOLUTION


# %% q="q1" role="check" points=2
def test_example(numerical_gradient):
    """x0² + 3 x1 at (2, 1) has the gradient (4, 3), to 1e-5"""

    def f(x):
        return x[0] ** 2 + 3 * x[1]

    got = np.asarray(numerical_gradient(f, np.array([2.0, 1.0])))
    assert got.shape == (2,), f"expected one slope for each coordinate, shape (2,), got shape {got.shape}"
    feet = ", ".join(f"{f([2 + step, 1]):.5f} at x0 = {2 + step:.5f}" for step in (-1e-5, 1e-5))
    assert abs(got[0] - 4) <= 4e-5, f"the heights are {feet}: a slope of 4 in x0, got {got[0]}"
    assert abs(got[1] - 3) <= 4e-5, f"f rises by 3 for each unit of x1: a slope of 3, got {got[1]}"


# %% [markdown]
# ### Which of the two errors is yours?
#
# The slope of $x^3$ at 1 is 3. The next cell lets your `numerical_gradient` measure it with feet that are closer
# and closer together, and prints the error. **Decide before you run it:** which `h` will give the smallest error?

# %% role="figure"
print(climbing.errors_by_h(numerical_gradient))

# %% [markdown]
# In the upper lines the error falls to a hundredth each time: that is the $h^2$ of the formula. In the lower lines it
# grows again: that is rounding. So when a measured slope looks wrong, change `h`, and you see which of the two errors
# is yours. A2 draws such numbers as a curve; it has the form of a V.
#
# Two heights for each coordinate are too many for a network. But they need no formula, so they can check one. This is
# called a **gradient check**. In A2 it checks a gradient that you work out by hand, and in Assignment 4, "Build the
# engine", the gradients of a program that you write.


# %% [markdown] q="q2"
# ## Question 2: which way is up (8 points)
#
# Walk in the direction of a unit vector $u$ and the ground rises at the rate
#
# $$ g \cdot u = \lVert g \rVert \cos\theta, $$
#
# with $\theta$ the angle between $u$ and $g$. It is largest at $\theta = 0$: the gradient itself points
# along the steepest way up, and its length is the steepness. At a right angle to it you stay level, on a
# contour line.
#
# **Write** `steepest_direction(g)`: `g` of shape `(d,)`. Returns the unit vector along `g`, shape `(d,)`.
# On level ground, where `g` is exactly zero, no direction is steepest: return zeros, and no NaN.
#
# A gentle slope is still a slope. A popular "fix" for the division by zero, a small constant added to the
# norm, makes the vector shorter than 1 on gentle ground, so it is wrong here.
#
# You need the unit vector whenever the question is *which way*, and the length would disturb: the arrows in the
# figure from above, after Question 3, are yours. The climb itself asks *which way and how far*. Its step uses the
# gradient with its length, not this vector.
#
# *Checks:* `example` (public, 2), `finite` (public, 1), `unit` (2), `zero` (1), `tiny` (2: a gradient of
# norm 5e-9, and the smallest and the largest that convention 7 allows).


# %% q="q2" role="solution"
def steepest_direction(g):
    """The unit vector along a gradient g (d,); zeros where g is zero."""
    # BEGIN SOLUTION
    gradient = np.array(g, dtype=np.float64)
    largest = np.max(np.abs(gradient))
    if largest == 0:
        return np.zeros_like(gradient)
    scaled = gradient / largest  # so that squaring 1e-200 does not give 0, nor 1e200 infinity
    return scaled / np.linalg.norm(scaled)
    # END SOLUTION


# %% q="q2" role="check" points=2
def test_example(steepest_direction):
    """(3, 4) points along (0.6, 0.8)"""
    got = np.asarray(steepest_direction(np.array([3.0, 4.0])))
    assert got.shape == (2,), f"expected the shape of g, (2,), got {got.shape}"
    assert np.max(np.abs(got - [0.6, 0.8])) <= 1e-5, f"(3, 4) has length 5, so expected (0.6, 0.8), got {got}"


# %% q="q2" role="check" points=1
def test_finite(steepest_direction):
    """Level, gentle and steep ground all give finite numbers (convention 7)"""
    got = np.asarray(steepest_direction(np.array([3.0, -4.0])))
    assert np.max(np.abs(got - [0.6, -0.8])) <= 1e-5, f"first ordinary ground: expected (0.6, -0.8), got {got}"
    for g in ([0.0, 0.0], [3e-9, 4e-9], [3e100, -4e100]):
        got = np.asarray(steepest_direction(np.array(g)))
        assert got.shape == (2,), f"expected the shape of g, (2,), got {got.shape}"
        assert np.isfinite(got).all(), f"expected finite numbers for g = {g}, got {got}"


# %% [markdown] q="q3"
# ## Question 3: the climb (20 points)
#
# The climber's rule: from where you stand, move along the gradient, further where the ground is steeper.
#
# $$ x_{t+1} = x_t + \eta \, \nabla f(x_t) $$
#
# The number $\eta$ is the **learning rate**, `lr` in the code. It turns a steepness into a length: on ground that is
# twice as steep the step is twice as long.
#
# > **Up or down?** The story climbs a mountain; the pictures in most books roll a ball down a cost. They
# > are the same walk. To minimise a cost $J$, climb $f = -J$: its gradient is $-\nabla J$, so the plus
# > sign above becomes the minus sign of gradient descent. In this assignment **we climb**. From A2 on we
# > descend. It is a very common mistake to forget which of the two one is doing.
#
# **Write** `gradient_ascent(grad, x0, lr, n_steps, tol=0.0)`: `grad` a gradient, `x0` of shape `(d,)`,
# floats or integers. Returns the path, shape `(T+1, d)`, float64:
#
# * row 0 is `x0`, and row $t$ is the place after $t$ steps;
# * before each step, if the 2-norm of the gradient is `<= tol`, the climb stops and no more rows are added;
# * after `n_steps` steps it stops in any case, so $T \le$ `n_steps`.
#
# With `tol=0.0` only a gradient of exactly zero stops you. Two traps: `x0` belongs to the caller, who
# wants it back unchanged; and some simulators save memory by returning *the same array* from `grad` each
# time, with new contents. Your path must survive both.
#
# *Checks:* `example` (public, 2), `keeps_its_start` (public, 1), `closed_form` (5: on domes, where a formula gives each
# row), `n0` (1: one step, and none), `pure` (2: right twice, arguments left alone), `int_start` (1: `x0` holds
# integers), `early_stop` (3: `tol` ends the climb), `tol0_runs_all` (2: with `tol=0.0` all steps are made),
# `start_on_plateau` (1: the first gradient is zero), `buffer_reuse` (2: `grad` fills one array anew each time).


# %% q="q3" role="solution"
def gradient_ascent(grad, x0, lr, n_steps, tol=0.0):
    """Climb x + lr * grad(x) from x0 (d,), at most n_steps times. Returns the path, (T+1, d) float64."""
    # BEGIN SOLUTION
    path = [np.array(x0, dtype=np.float64)]
    for _ in range(n_steps):
        gradient = grad(path[-1].copy())
        if np.linalg.norm(gradient) <= tol:
            break
        path.append(path[-1] + lr * gradient)  # a new array: `+=` would move the rows already stored
    return np.array(path)
    # END SOLUTION


# %% q="q3" role="check" points=2
def test_example(gradient_ascent):
    """-x² from 1 with rate 0.1: 1, 0.8, 0.64, 0.512"""
    got = np.asarray(gradient_ascent(lambda x: -2 * x, np.array([1.0]), 0.1, 3))
    assert got.shape == (4, 1), f"expected the start and three steps, shape (4, 1), got {got.shape}"
    assert got[0, 0] == 1, f"row 0 must be the start, 1, got {got[0, 0]}"
    assert abs(got[1, 0] - 1.2) > 1e-9, "1.2 is further from the top at 0: is the sign of the step right?"
    expected = [1, 0.8, 0.64, 0.512]
    assert np.max(np.abs(got[:, 0] - expected)) <= 1e-5, f"each step takes x to 0.8 x, got {got[:, 0]}"


# %% q="q3" role="check" points=1
def test_keeps_its_start(gradient_ascent):
    """The start array still holds the start afterwards (convention 5)"""
    x0 = np.array([1.0, -2.0])
    path = np.asarray(gradient_ascent(lambda x: -2 * x, x0, 0.1, 3))
    assert np.max(np.abs(path[-1] - [0.512, -1.024])) <= 1e-5, f"each step keeps 0.8 of x, got {path}"
    assert np.array_equal(x0, [1, -2]), f"x0 was (1, -2) before the call and is {x0} now: work on a copy"


# %% [markdown]
# ### The first climb
#
# The range of the first picture, and *your* functions on it: the path comes from `gradient_ascent`, and the slopes
# from `numerical_gradient`. She starts at $w = 2.6$, in a valley, with rate 0.03, and makes 40 steps. **Before you run
# the figure, say where she will stop and which step will be the longest.** Write your two numbers into the next two
# cells. Nobody grades them; the figure shows them beside what happens.

# %% role="predict" spoilers=["3.609", "3.61", "summit 2"]
where_she_stops = None  # a place from 0 to 10

# %% role="predict" spoilers=["3.609", "3.61", "summit 2"]
longest_step = None  # a whole number from 1 to 40; then run the next cell

# %% role="figure"
first_climb = gradient_ascent(lambda w: numerical_gradient(climbing.mountain, w), np.array([2.6]), lr=0.03, n_steps=40)
scenes.climber(first_climb, guess=where_she_stops, longest=longest_step)

# %% [markdown]
# *How to read it:* press *Walk*. The curve is the height; the dots below it are the places, one a step; the small graph
# is the height after each step. *Blindfold* shows or hides the rest of the range. The number under a summit, after
# *rate ≤*, is the largest rate with which she can come to rest on it; Question 6 says why there is one.
#
# She ends on the top of the hill at whose foot she started, and this hill is not the highest. Every step goes up, and
# to reach another hill she would have to go down first.
#
# Nobody tells her to stop. The step is the rate times the slope, so where the ground turns level the steps become
# short by themselves. But her first steps were short too, and the top was far away: short steps alone do not mean
# that she has arrived.

# %% [markdown]
# ### The same from above
#
# Two coordinates now, and a picture from above. Contour lines join places of equal height. The orange line with
# dots is the path of your `gradient_ascent`, a dot for each step. The black arrows are your `steepest_direction` at 35
# places. **Decide before you run the cell:** at which angle will the arrows cross the contour lines?

# %% role="figure"
highland_climb = gradient_ascent(
    lambda x: numerical_gradient(climbing.highlands, x), np.array([-1.9, -1.1]), lr=0.15, n_steps=60
)
highland_arrows = [steepest_direction(numerical_gradient(climbing.highlands, x)) for x in climbing.PLACES]
climbing.draw_contours(climbing.highlands, highland_climb, highland_arrows)

# %% [markdown]
# *How to read it:* bright ground is high. The circle is the start of the climb, the star its end.
#
# The gradient stands at a right angle to the contour lines, as Question 2 says it must.

# %% [markdown] q="q4"
# ## Question 4: level ground (12 points)
#
# At some point your feet feel no slope. Are you on the top?
#
# > **"Every way leads down" is not a plateau.** The story is often told like this: if each direction
# > leads downwards, you are on the summit, or else on some small plateau. But a place from which *every*
# > direction leads down is a strict **local maximum**: a summit, though perhaps not the highest. Inside a
# > **plateau** every direction stays level. On a **saddle**, a mountain pass, some lead up and some lead
# > down. A plateau, a saddle, a maximum and a minimum have one thing in common: the slope is zero. So a
# > slope of zero alone does not tell you which of them you are on.
#
# What tells them apart is the **curvature**: how the slope changes as you move. The second derivatives
# form the Hessian $H_{ij} = \partial^2 f / \partial x_i \partial x_j$, a symmetric $(d, d)$ matrix, and
# in the direction of a unit vector $u$ the ground bends by $u^\top H u$. The eigenvalues of $H$ are these
# bends along its own axes, which need not be the coordinate axes. For example, the ground with the Hessian
# $\begin{pmatrix}1 & 2\\ 2 & 1\end{pmatrix}$ bends up along both coordinates and is a saddle all the same.
#
# **Write** `classify_critical_point(H, tol=1e-8)`: `H` of shape `(d, d)`, symmetric. An eigenvalue in
# $[-tol, tol]$ counts as flat; `tol` is an absolute bound, in the units of `H`. Returns the first word
# that fits:
#
# 1. `"saddle"`: some eigenvalue is above `tol` and some is below `-tol`, whatever the others are;
# 2. `"degenerate"`: some eigenvalue is flat, so second derivatives do not decide;
# 3. `"maximum"` if all are below `-tol`, `"minimum"` if all are above `tol`.
#
# *Checks:* `example` (public, 2), `rotated` (4: the axes are not the coordinate axes), `degenerate` (3),
# `scaled` (3: `H` times 1e-6 or 1e6).


# %% q="q4" role="solution"
def classify_critical_point(H, tol=1e-8):
    """Name a point of zero gradient by its Hessian H (d, d): saddle, degenerate, maximum or minimum."""
    # BEGIN SOLUTION
    curvatures = np.linalg.eigvalsh(H)
    up, down = np.any(curvatures > tol), np.any(curvatures < -tol)
    if up and down:
        return "saddle"
    if np.any(np.abs(curvatures) <= tol):
        return "degenerate"
    return "minimum" if up else "maximum"
    # END SOLUTION


# %% q="q4" role="check" points=2
def test_example(classify_critical_point):
    """diag(-1, -2) is a maximum, diag(1, -2) a saddle, diag(1, 0) degenerate"""
    for diagonal, kind in (([-1.0, -2.0], "maximum"), ([1.0, -2.0], "saddle"), ([1.0, 0.0], "degenerate")):
        got = classify_critical_point(np.diag(diagonal))
        words = "maximum, minimum, saddle, degenerate"
        assert got in words.split(", "), f"expected one of {words}, got {got!r}"
        hint = "[[1, 2], [2, 1]] is a saddle, whatever its diagonal says: its eigenvalues are 3 and -1"
        assert got == kind, f"diag{tuple(diagonal)}: expected {kind!r}, got {got!r}. Hint: {hint}"


# %% [markdown]
# ### Four places where the slope is zero
#
# Four grounds, each with a ball where the slope is zero. The bars are the two eigenvalues of the Hessian: to the
# right if the ground bends up, to the left if it bends down. The words below are what your `classify_critical_point`
# says. **Decide before you run the cell:** the third Hessian is $\begin{pmatrix}1 & 2\\ 2 & 1\end{pmatrix}$; which
# word must stand below it?

# %% role="figure"
ground_words = [classify_critical_point(np.array(hessian)) for hessian in scenes.GROUNDS]
scenes.grounds(ground_words)

# %% [markdown]
# ### Before the next question: a ball and a rope
#
# The same mountain upside down is a cost, and the climber becomes a ball. Stretch a straight rope between two points of
# a curve. If no such rope runs below the curve, the curve is called **convex**. The picture is to fill in: where is the
# graph above the rope?

# %% role="poster"
scenes.poster("rope")

# %% [markdown]
# And here you can pull the rope's two ends and drop the ball. Choose another curve, say first whether it is convex,
# and then look for a rope below the graph.

# %% role="poster"
scenes.rope()

# %% [markdown] q="q5"
# ## Question 5: ropes, and what convex means (12 points)
#
# Whether a climber can get stuck depends on the shape of the ground, so the shapes have names. For these it is
# usual to look at the cost, the mountain upside down. A function is **convex** if a rope that is stretched between any
# two points of its graph is nowhere below the graph: for all $a$, $b$ and all $t$ between 0 and 1,
#
# $$ f\bigl((1 - t)\,a + t\,b\bigr) \;\le\; (1 - t)\,f(a) + t\,f(b). $$
#
# > **"Convex" is not "has one minimum".** One reads that a cost is convex if there is only a global
# > minimum. Half of that is true: if a function is convex, every local minimum is global. The other half
# > is false. $x^2/(1 + x^2)$ has one minimum, at 0, and it is global; yet far out the graph flattens, and
# > a rope from 1 to 3 runs below it. Convexity is a promise about *every* rope, not a count of minima.
# > (And a convex function may have no minimum at all: $e^x$.)
#
# You cannot try every rope, so no number of trials proves convexity. But **one** rope below the graph
# disproves it. Such a rope is a witness.
#
# **Write** `convexity_witness(f, points, ts=(0.25, 0.5, 0.75), tol=1e-9)`: `f` a height, `points` of
# shape `(M, d)`, `ts` numbers between 0 and 1. Returns `(a, b, t)` with `a` and `b` two rows of `points`,
# in either order, and `t` one of `ts`, such that
#
# $$ f\bigl((1 - t)\,a + t\,b\bigr) \;>\; (1 - t)\,f(a) + t\,f(b) + tol, $$
#
# or `None` if no ordered pair of rows and no `t` of `ts` do that. Any such triple is right. The small
# `tol` is there because on a straight line both sides are equal, and rounding would decide.
#
# *Checks:* `example` (public, 2), `convex` (4: `None` for convex functions, straight lines included, and
# a witness for a dome), `nonconvex_unique_min` (4: one minimum, and not convex), `asym_t` (2: a violation off
# the middle of the rope, in either order of a pair).


# %% q="q5" role="solution"
def convexity_witness(f, points, ts=(0.25, 0.5, 0.75), tol=1e-9):
    """A chord (a, b, t) below the graph of f over points (M, d), or None."""
    # BEGIN SOLUTION
    places = np.array(points, dtype=np.float64)
    heights = [f(place.copy()) for place in places]
    for i in range(len(places)):
        for j in range(len(places)):
            for t in ts:
                chord = (1 - t) * heights[i] + t * heights[j]
                if i != j and f((1 - t) * places[i] + t * places[j]) > chord + tol:
                    return places[i].copy(), places[j].copy(), t
    return None
    # END SOLUTION


# %% q="q5" role="check" points=2
def test_example(convexity_witness):
    """x² has no witness; for the cosine any valid one is right"""
    points = np.array([[-1.0], [0.0], [2.0]])
    got = convexity_witness(lambda x: float(x[0] ** 2), points)
    assert got is None, f"x² is convex, so no witness exists: expected None, got {got}"
    got = convexity_witness(lambda x: float(np.cos(x[0])), points)
    assert got is not None, "the cosine is not convex on [-1, 2]: expected a witness (a, b, t), got None"
    a, b, t = float(np.ravel(got[0])[0]), float(np.ravel(got[1])[0]), float(got[2])
    for end in (a, b):
        assert np.min(np.abs(points - end)) <= 1e-5, f"a = {a}, b = {b}: expected two of the points -1, 0 and 2"
    assert np.min(np.abs(t - np.array([0.25, 0.5, 0.75]))) <= 1e-5, f"expected t of ts, 0.25, 0.5 or 0.75, got {t}"
    graph, rope = np.cos((1 - t) * a + t * b), (1 - t) * np.cos(a) + t * np.cos(b)
    swapped = np.cos((1 - t) * b + t * a) - ((1 - t) * np.cos(b) + t * np.cos(a))  # a and b in either order
    ends = f"rope from ({a:g}, {np.cos(a):.2f}) to ({b:g}, {np.cos(b):.2f})"
    heights = f"at t = {t:g} the rope is at {rope:.2f} and the graph at {graph:.2f}, which is not above"
    assert np.maximum(graph - rope, swapped) > 0, f"{ends}: {heights}"


# %% [markdown]
# ### Your witness
#
# The rope that your `convexity_witness` returns for $w^2 / (1 + w^2)$, among the points −1, 1 and 3. Where the graph is
# above the rope, it is hatched.

# %% role="figure"
three_points = np.array([[-1.0], [1.0], [3.0]])
witness = convexity_witness(lambda w: float(w[0] ** 2 / (1 + w[0] ** 2)), three_points)
scenes.rope("bump", witness)

# %% [markdown] q="q6"
# ## Question 6: how long a step (10 points)
#
# Near a smooth summit the ground is a dome, $f(x) = \tfrac12 x^\top H x$ with the top at 0, $H$ symmetric and
# **negative definite** (all eigenvalues below zero). Its gradient is $Hx$, so one step is
#
# $$ x_{t+1} = x_t + \eta H x_t = (I + \eta H)\, x_t. $$
#
# Along an eigenvector with eigenvalue $-c$, each step multiplies $x$ by the number $1 - \eta c$. If that
# is between $-1$ and 1, you do not get further away. Below $-1$ you jump over the top and land further
# away on the other side, each time more: the climb **diverges**. The larger $c$, the sharper the ridge, and
# the smaller the rate at which it happens. So the sharpest direction sets the speed limit for all of them. (In the
# climber's scene you have seen this: with a large rate she hops from side to side and never settles.)
#
# **Write** `max_stable_lr(H)`: `H` of shape `(d, d)`, symmetric, negative definite. Returns one float,
# the supremum of the rates for which the climb does not diverge, from any start.
#
# *Checks:* `example` (public, 2), `threshold` (5: we climb on a dome along the axes, with 0.98 and with
# 1.02 times your bound; the first must stay, the second must fly), `rotated_threshold` (3: the same on
# other axes).


# %% q="q6" role="solution"
def max_stable_lr(H):
    """The supremum of rates for which ascent on x'Hx / 2 does not diverge; H (d, d) negative definite."""
    # BEGIN SOLUTION
    return float(2 / np.max(np.abs(np.linalg.eigvalsh(H))))
    # END SOLUTION


# %% q="q6" role="check" points=2
def test_example(max_stable_lr):
    """diag(-2, -10): rates up to 0.2 are stable"""
    got = max_stable_lr(np.diag([-2.0, -10.0]))
    assert np.ndim(got) == 0 or np.size(got) == 1, f"expected one number, got shape {np.shape(got)}"
    assert abs(float(np.ravel(got)[0]) - 0.2) <= 1e-5, f"the factor 1 - 10 lr reaches -1 at lr = 0.2, got {got}"


# %% [markdown]
# ### Three rates on one dome
#
# A dome four times as sharp along $x_1$ as along $x_0$, climbed at a tenth of the limit, at three
# quarters of it, and just beyond it. The limit is the one your `max_stable_lr` gives.

# %% role="figure"
dome_limit = max_stable_lr(climbing.DOME)
dome_paths = {
    f"{share:g} × limit": gradient_ascent(
        lambda x: climbing.DOME @ x, np.array([-2.0, 0.02]), share * dome_limit, n_steps=60
    )
    for share in (0.1, 0.75, 1.06)
}
climbing.draw_rates(climbing.dome, dome_paths)

# %% [markdown]
# *How to read it:* the height of the climber after each step. The top has height 0 and lies at the upper edge; each
# line of the grid is 10,000 times nearer to it than the one below.
#
# Look at the third rate: for the first steps it is the best of the three. The gentle direction improves
# while the distance along the sharp one is still small; then the sharp one takes over. A rate can look good
# for a while and still be too large.

# %% [markdown] q="q7"
# ## Question 7: start again (8 points)
#
# A climber cannot know whether a higher summit stands somewhere else. But she may try again from another
# place, and keep the best. The idea is simple, and it works surprisingly well.
#
# **Write** `best_of_restarts(f, grad, starts, lr, n_steps)`: `f` and `grad` a height and its gradient,
# `starts` of shape `(M, d)` with $M \ge 1$. Climb from each start as in Question 3, with `tol` zero.
# Returns the **end point** (the last row of the path), shape `(d,)`, whose height is the greatest.
#
# Heights may all be negative. A climb may diverge, so that its end has a height of NaN: such a climb
# loses against any other, wherever it stands in the list. (At least one of the climbs ends at a finite
# height.)
#
# *Checks:* `example` (public, 2), `best` (3), `negative_values` (2), `diverged` (1).


# %% q="q7" role="solution"
def best_of_restarts(f, grad, starts, lr, n_steps):
    """Climb from every start (M, d); the end point (d,) with the greatest height. NaN loses."""
    # BEGIN SOLUTION
    ends = [gradient_ascent(grad, start, lr, n_steps)[-1] for start in starts]
    heights = np.array([f(end.copy()) for end in ends])
    # np.argmax takes NaN for the largest, so it must go first
    return ends[int(np.argmax(np.where(np.isnan(heights), -np.inf, heights)))]
    # END SOLUTION


# %% q="q7" role="check" points=2
def test_example(best_of_restarts):
    """Two hills, three starts: the higher hill wins"""

    def f(x):
        return float(-(x[0] ** 4) / 4 + x[0] ** 3 / 3 + x[0] ** 2)

    def grad(x):
        return -x * (x + 1) * (x - 2)  # level at -1 (a summit), at 0 (the valley), at 2 (the higher summit)

    got = np.asarray(best_of_restarts(f, grad, np.array([[-1.5], [1.0], [-0.5]]), 0.15, 8))
    assert got.shape == (1,), f"expected one point, shape (1,), got shape {got.shape}"
    assert abs(got[0] + 1) > 0.01, "that is the summit at -1, and the one at 2 is higher"
    assert abs(got[0] - 2) <= 1e-5, f"the climb from 1 ends on the higher summit, at 2, got {got[0]}"


# %% [markdown] q="q8"
# ## Question 8: whose hill (6 points)
#
# All the starts from which the climb ends on one summit form that summit's **basin** (the word comes from
# the view from below, where the ball rolls into a basin). The borders run along the valleys. They have
# little to do with which summit is *nearest*: on an uneven range you can stand next to one summit and be
# drawn to another.
#
# **Write** `basins(grad, starts, peaks, lr, n_steps)`: `starts` of shape `(M, d)`, `peaks` of shape `(P,
# d)`. Climb from each start as in Question 3, with `tol` zero. Returns `M` whole numbers, shape `(M,)`:
# for each start the row of the peak that is nearest, in the 2-norm, to where its climb **ended**. Call your own
# `gradient_ascent`, as in Question 7. Both need it, so pass Question 3 first.
#
# *Checks:* `example` (public, 1), `labels` (2: peaks in any order), `asymmetric_valley` (2), `two_dims` (1).


# %% q="q8" role="solution"
def basins(grad, starts, peaks, lr, n_steps):
    """For each start (M, d), the row of peaks (P, d) its climb ends nearest to; (M,) integers."""
    # BEGIN SOLUTION
    ends = [gradient_ascent(grad, start, lr, n_steps)[-1] for start in starts]
    return np.array([np.argmin(np.linalg.norm(peaks - end, axis=1)) for end in ends])
    # END SOLUTION


# %% q="q8" role="check" points=1
def test_example(basins):
    """Two hills: starts left of the valley go left, the others right"""
    got = basins(
        lambda x: -x * (x + 1) * (x - 2),
        np.array([[-2.0], [-0.5], [0.5], [3.0]]),
        np.array([[-1.0], [2.0]]),
        0.15,
        8,
    )
    assert np.shape(got) == (4,), f"expected one label for each start, shape (4,), got shape {np.shape(got)}"
    assert np.asarray(got).dtype.kind in "iu", f"labels are whole numbers, got dtype {np.asarray(got).dtype}"
    assert list(got) == [0, 0, 1, 1], f"-2 and -0.5 lie left of the valley at 0: expected [0, 0, 1, 1], got {list(got)}"


# %% [markdown]
# ### Where would you end up?
#
# The range of the first picture again, with a strip of 97 starts below it, and the summit that your `basins` sends
# each of them to. **Decide before you run the cell:** does the highest summit have the widest basin?

# %% role="figure"
basin_starts = np.linspace(0.2, 9.8, 97)[:, None]
basin_labels = basins(
    lambda w: numerical_gradient(climbing.mountain, w), basin_starts, climbing.SUMMITS, lr=0.05, n_steps=250
)
scenes.basins(basin_starts, basin_labels, climbing.SUMMITS)

# %% [markdown]
# *How to read it:* each block of the strip is a row of starts to which your `basins` gave the same summit. Below it
# stands its share of all starts.
#
# Draw a start at random and the widest basin wins most often. Width and height are two things: the lowest
# summit of this range has as wide a basin as the highest. With $M$ restarts, if the best basin covers a
# share $p$ of the ground, you miss it with probability $(1 - p)^M$.

# %% [markdown] q="q9"
# ## Question 9: concepts (10 points)
#
# Five answers, 2 points each, in the dict `answers`. c1, c4 and c5 are functions, which are called with other
# numbers after you hand in. c2 is an example: many are right.
#
# **c1.** The slope at a place is zero. The climber tries some directions from there: in `up` of them the ground rises,
# in `level` of them it stays level, and in `down` of them it falls. Assume that she has tried all directions that
# matter. Write a function of `up, level, down` (whole numbers, not all zero) that returns what she knows: one of
# `"maximum"`, `"minimum"`, `"saddle"`, `"cannot tell"`. A maximum or a minimum is a strict one here: all other places
# near it are lower, or all are higher.
#
# **c2.** "If a function has exactly one local minimum, the function is convex." Give a counterexample: a list of five
# heights at $w = 0, 1, 2, 3, 4$, in which neighbours are never equal. Exactly one height is lower than its
# neighbours (the first and the last have one neighbour each), and a rope between two of the five points runs below
# one of the points between them.
#
# **c3.** Six names from this course, and what each of them does: it `"computes a gradient"`, it `"uses a gradient"`
# that somebody else computed, or `"neither"`. Give a dict from the six names to one of these three texts.
#
# * `"central difference"`: Question 1;
# * `"back-propagation"`: see the text below the conventions;
# * `"gradient descent"`: Question 3, with a minus sign;
# * `"momentum"`: a step along the gradient, to which a part of the last step is added (Bonus 3);
# * `"Armijo's rule"`: a step along the gradient, halved until the height has risen enough (Bonus 1);
# * `"convexity witness"`: Question 5.
#
# **c4.** A function of `g, degrees`: the slope in a direction that is `degrees` off the direction of the gradient
# `g`, an array of shape `(d,)`.
#
# **c5.** You climb on $f(w) = -a w^2$ with $a > 0$. A function of `a` that returns a tuple of two rates: the one that
# reaches the top in a single step, and the one beyond which the climb diverges.

# %% q="q9" role="solution"
answers = {}  # "c1", "c4", "c5": functions, without ( ).  "c2": a list of five heights.  "c3": a dict of six texts
# BEGIN SOLUTION


def kind_of_place(up, level, down):
    if up and down:
        return "saddle"
    if level:
        return "cannot tell"
    return "minimum" if up else "maximum"


def slope_at(g, degrees):
    return np.linalg.norm(g) * np.cos(np.deg2rad(degrees))


def rates(a):
    return 1 / (2 * a), 1 / a


answers = {
    "c1": kind_of_place,
    "c2": [0, 3, 5, 6, 7],
    "c3": {
        "central difference": "computes a gradient",
        "back-propagation": "computes a gradient",
        "gradient descent": "uses a gradient",
        "momentum": "uses a gradient",
        "Armijo's rule": "uses a gradient",
        "convexity witness": "neither",
    },
    "c4": slope_at,
    "c5": rates,
}
# END SOLUTION


# %% q="q9" role="check" points=0
def test_format(answers):
    """Five answers of the right form (what they say is graded later)"""
    assert isinstance(answers, dict), f"expected a dict, got {type(answers).__name__}"
    missing = [key for key in ("c1", "c2", "c3", "c4", "c5") if answers.get(key) is None]
    assert not missing, f"expected an answer for each of c1 to c5, none yet for {', '.join(missing)}"
    for key in ("c1", "c4", "c5"):
        assert callable(answers[key]), f"{key}: expected a function, without ( ), got {answers[key]!r}"
    kind = answers["c1"](1, 1, 1)
    kinds = ("maximum", "minimum", "saddle", "cannot tell")
    assert str(kind).lower() in kinds, f"c1: expected one of {', '.join(kinds)}, got {kind!r}"
    assert np.shape(answers["c2"]) == (5,), f"c2: expected five heights, got {answers['c2']!r}"
    names = ["Armijo's rule", "back-propagation", "central difference"]
    names += ["convexity witness", "gradient descent", "momentum"]
    assert isinstance(answers["c3"], dict), f"c3: expected a dict, got {answers['c3']!r}"
    assert sorted(answers["c3"]) == names, f"c3: expected the names {', '.join(names)}, got {sorted(answers['c3'])}"
    roles = ("computes a gradient", "uses a gradient", "neither")
    got = {str(role).strip().lower() for role in answers["c3"].values()}
    assert got <= set(roles), f"c3: expected {', '.join(roles)}, got {answers['c3']}"
    slope = answers["c4"](np.array([1.0, 2.0]), 30)
    assert np.size(slope) == 1, f"c4: expected one number, got {slope!r}"
    two = answers["c5"](2.0)
    assert isinstance(two, (tuple, list)), f"c5: expected a tuple of two rates, got {two!r}"
    assert len(two) == 2, f"c5: expected two rates, got {two!r}"


# %% [markdown] q="explain"
# ## In your own words: the same level ground (10 points, graded by hand, beyond the 100)
#
# A climber on a summit and a climber in the middle of a plateau feel exactly the same under their feet. Explain
# to somebody who has not taken this course **why** that is so, and **what the two could measure** to tell which
# of them is where. Say also when that measurement would still not tell. Five to ten sentences, no code.

# %% [markdown] q="explain" role="manual" points=10
# **A good answer.** Feet measure the first derivative at one place, and it is zero on the summit and on the
# plateau alike, as it is on a saddle and at the bottom of a dip. What differs is how the slope changes when one
# moves away: a curvature, the second derivative along a direction, which is negative in every direction on a
# strict summit and zero on the plateau. To measure it, walk a little way in several directions and feel whether
# the ground falls (compare heights at distance h: on the summit they are lower by about c h²/2), or take the
# difference of two slopes. Where the curvature is zero although the place is a summit, as for −x⁴ at 0, only a
# longer walk tells, and no walk of a fixed length proves that a plateau has no edge further out.
#
# *Points:* zero slope at both and why (3), curvature or heights nearby as what tells (4), a case in which it
# does not tell (2), clear to a newcomer (1).

# %% [markdown] q="b1"
# ## Bonus 1: a step that pays (5 points, beyond the 100)
#
# `max_stable_lr` needs the curvature, and a blindfolded climber has only heights and slopes. Armijo's rule needs no
# more: try a long step, and if it does not pay, halve it. With $g = \nabla f(x)$, a rate $r$ pays if
#
# $$ f(x + r g) \;\ge\; f(x) + 10^{-4}\, r\, \lVert g \rVert^2. $$
#
# **Write** `backtracking_ascent(f, grad, x0, lr0, n_steps)`. Returns the path `(T+1, d)`, row 0 is `x0`,
# $f(x_0)$ finite. Each of at most `n_steps` steps tries $r$ = `lr0`, `lr0`/2, `lr0`/4, … and takes the
# first rate that pays. A trial whose height is NaN does not pay. If `g` is exactly zero, or if 60
# halvings did not help, the climb stops and no more rows are added.
#
# The height then never falls, whatever `lr0` you begin with.
#
# *Checks:* `example` (public, 1), `path` (1), `rule` (1: what just pays and what just does not, 60 halvings),
# `never_falls` (1: `lr0` a thousand times too large), `undefined_height` (1).


# %% q="b1" role="solution"
def backtracking_ascent(f, grad, x0, lr0, n_steps):
    """Climb with Armijo backtracking, first rate lr0 at each step. Returns the path, (T+1, d) float64."""
    # BEGIN SOLUTION
    path = [np.array(x0, dtype=np.float64)]
    for _ in range(n_steps):
        x, g = path[-1], np.array(grad(path[-1].copy()), dtype=np.float64)
        if not np.any(g):
            break
        height, steepness = f(x.copy()), g @ g
        for k in range(61):
            rate = lr0 / 2**k
            trial = x + rate * g
            if f(trial.copy()) >= height + 1e-4 * rate * steepness:  # false for NaN, as it should be
                path.append(trial)
                break
        else:
            break
    return np.array(path)
    # END SOLUTION


# %% q="b1" role="check" points=1
def test_example(backtracking_ascent):
    """-x² from 1, first rate 1: rate 1 does not pay, 1/2 lands on the top"""
    got = np.asarray(backtracking_ascent(lambda x: float(-(x[0] ** 2)), lambda x: -2 * x, np.array([1.0]), 1.0, 5))
    assert got.shape == (2, 1), f"one step reaches the top, where the slope is zero: shape (2, 1), got {got.shape}"
    assert np.array_equal(got[:, 0], [1, 0]), f"expected the rows 1 and 0, got {got[:, 0]}"


# %% [markdown] q="b2"
# ## Bonus 2: off the pass (5 points, beyond the 100)
#
# Exactly on a saddle the slope is zero, and a plain climb stays for ever, although a way up begins at its
# feet. A small kick in a random direction frees it: only if the kick had no part at all along the way up
# would it fail, and that has probability zero.
#
# **Write** `leave_saddle(grad, x0, lr, n_steps, *, tol=1e-8, radius=1e-3, seed=0)`. Returns a path whose row
# 0 is `x0`.
#
# * If the 2-norm of the gradient at `x0` is above `tol`: the path of Question 3 with `tol` zero, no kick.
# * Otherwise, row 1 is `x0 + radius * u / norm(u)` with `u` drawn by
#   `np.random.default_rng(seed).standard_normal(d)`, and the path of Question 3 follows from row 1 on:
#   `n_steps` ordinary steps, `n_steps + 2` rows unless it meets a zero gradient.
#
# One seed gives one path. NumPy's global random state (`np.random.seed`) stays out of it.
#
# *Checks:* `example` (public, 1), `leaves` (2), `seeded` (1), `ordinary` (1: on a slope).


# %% q="b2" role="solution"
def leave_saddle(grad, x0, lr, n_steps, *, tol=1e-8, radius=1e-3, seed=0):
    """Climb, with one seeded kick of length radius if the start is level. Returns the path, float64."""
    # BEGIN SOLUTION
    start = np.array(x0, dtype=np.float64)
    if np.linalg.norm(grad(start.copy())) > tol:
        return gradient_ascent(grad, start, lr, n_steps)
    u = np.random.default_rng(seed).standard_normal(start.size)
    kicked = start + radius * u / np.linalg.norm(u)
    return np.vstack([start, gradient_ascent(grad, kicked, lr, n_steps)])
    # END SOLUTION


# %% q="b2" role="check" points=1
def test_example(leave_saddle):
    """From the saddle of (x0² - x1²) / 2: a kick of length radius, and away along x0"""
    got = np.asarray(leave_saddle(lambda x: np.array([x[0], -x[1]]), np.zeros(2), 0.5, 12, radius=0.1, seed=3))
    assert got.shape == (14, 2), f"expected the start, the kicked start and 12 steps, shape (14, 2), got {got.shape}"
    assert np.array_equal(got[0], [0, 0]), f"row 0 must be the start, got {got[0]}"
    length = float(np.linalg.norm(got[1]))
    assert abs(length - 0.1) <= 1e-5, f"row 1 must be at distance 0.1 from the start, got {length}"
    assert abs(got[-1, 0]) > 1, f"after 12 steps the climb is far from the saddle, got {got[-1]}"


# %% [markdown] q="b3"
# ## Bonus 3: a heavy ball (5 points, beyond the 100)
#
# Look at a mountain upside down again. A light ball stops as soon as the ground is level. A heavy ball has
# **momentum**: it keeps a part of the speed that it had. On a long ridge the climb of Question 3 has a problem: the
# sharp direction allows only a small rate, and with a small rate the gentle direction takes for ever. The heavy ball
# hops across the ridge less, and along it the speeds add up.
#
# $$ v_{t+1} = \beta\, v_t + \nabla f(x_t), \qquad x_{t+1} = x_t + \eta\, v_{t+1}, \qquad v_0 = 0. $$
#
# **Write** `heavy_ball(grad, x0, lr, beta, n_steps)`: `grad`, `x0` and `lr` as in Question 3, and $0 \le$ `beta`
# $< 1$. Returns the path, shape `(n_steps + 1, d)`, float64. Row 0 is `x0`, and every call begins with $v = 0$. It
# makes all `n_steps` steps: on level ground the ball may still be moving.
#
# With `beta` = 0 this is the climb of Question 3. Some books put $(1 - \beta)$ before the gradient, and Nesterov's
# rule takes the gradient a little further ahead. Both are good methods, and both give other paths.
#
# *Checks:* `example` (public, 1), `matrix` (1), `beta0` (1: the climb of Question 3), `faster` (1: on a dome with
# curvatures −1 and −100, rate 0.03 and `beta` 0.67, every row is right, and the ball comes within 1e-6 of the top in a
# third of the steps that Question 3 needs at its best rate), `memory` (1: the ball rolls on over level ground, a second
# call begins at rest, `x0` is left alone, and `grad` may return one array each time, with new contents).


# %% q="b3" role="solution"
def heavy_ball(grad, x0, lr, beta, n_steps):
    """Climb with momentum: v becomes beta * v + grad(x), x moves by lr * v. Returns the path, float64."""
    # BEGIN SOLUTION
    path = [np.array(x0, dtype=np.float64)]
    velocity = np.zeros_like(path[0])
    for _ in range(n_steps):
        velocity = beta * velocity + grad(path[-1].copy())
        path.append(path[-1] + lr * velocity)
    return np.array(path)
    # END SOLUTION


# %% q="b3" role="check" points=1
def test_example(heavy_ball):
    """-x² from 1 with rate 0.1 and beta 0.5: 1, 0.8, 0.54, 0.302"""
    got = np.asarray(heavy_ball(lambda x: -2 * x, np.array([1.0]), 0.1, 0.5, 3))
    assert got.shape == (4, 1), f"expected the start and three steps, shape (4, 1), got {got.shape}"
    assert abs(got[1, 0] - 0.9) > 1e-9, "row 1 is 0.9: the gradient counts in full, not (1 - beta) times"
    assert abs(got[2, 0] - 0.56) > 1e-9, "row 2 is 0.56: the gradient is that at x, not that at x + lr * beta * v"
    speeds = "v is -2, then 0.5 (-2) - 1.6 = -2.6, then 0.5 (-2.6) - 1.08 = -2.38"
    assert np.max(np.abs(got[:, 0] - [1, 0.8, 0.54, 0.302])) <= 1e-5, f"{speeds}; got the rows {got[:, 0]}"


# %% [markdown]
# ## What to remember
#
# * The **gradient** is what your feet feel: it points along the steepest way up, and its length is the
#   steepness.
# * A **step** is the gradient times the rate. Beyond 2 / (sharpest curvature) the climb flies off the
#   mountain.
# * A **slope of zero** means maximum, minimum, saddle or plateau. Curvature tells them apart, if it is
#   not zero too.
# * **Convex** promises that every local minimum is global. One minimum does not promise convex.
# * **Where you start** decides where you stop. With more starts you are more likely to find the highest top.
#
# One thing is missing. `numerical_gradient` takes $2d$ heights for one gradient. A network with a million
# weights needs two million evaluations of the network for one step. In A2 you compute the whole gradient in about
# the time of three. That method is back-propagation, and A3 asks why it runs backwards.
