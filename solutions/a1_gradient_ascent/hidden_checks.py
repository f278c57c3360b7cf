"""Hidden checks of A1, the blindfolded climber: the contract of notebook.py, on ground drawn anew.

A core check compares with closed forms and exact gradients. If it fails by one of the named slips, the other checks of
its question are put again with the slip in the reference; so they compare with the reference, which has tests of its
own against closed forms. A message names the property and the diagnosis, never the input. Ground travels as a Formula;
where calls are counted or a buffer is shared it is a callback, each call of which crosses a process border.
"""

import numpy as np

from autograder.authoring import (
    Callback,
    CheckFailed,
    Formula,
    SafeText,
    Slip,
    Suspect,
    assert_array,
    assert_unchanged,
    check,
    fail,
    rule,
    slips,
)
from reference_impl import landscapes

KINDS = ("maximum", "minimum", "saddle", "degenerate")
MOST = 10_000  # numbers that a check looks at; the largest right answer has 81


# --- Ground ---------------------------------------------------------------------------------------


def _tilted_ground(rng, d):
    """A height over (d,), its exact gradient and a place; a one-sided difference is 2e-5 off there."""
    a = rng.uniform(5.0, 6.0, d) * rng.choice([-1.0, 1.0], d)
    c = rng.uniform(0.5, 1.0, d)
    x = rng.uniform(0.5, 1.0, d)
    f = Formula("np.exp(a @ x - b) + np.sum(c * x**2)", a=a, b=a @ x, c=c)  # b keeps the exponential near 1 at x
    return f, a + 2 * c * x, x


def _gentle_ground(rng, d):
    """A height over (d,) and a place. A one-sided difference with h = 1e-5 is 2.5e-6 off there.

    So the checks of this ground ask about everything else than the formula.
    """
    a = rng.uniform(2.0, 3.0, d) * rng.choice([-1.0, 1.0], d)
    c = rng.uniform(0.4, 0.6, d)
    x = rng.uniform(0.5, 1.0, d) * np.sign(a)  # the slope of every coordinate is 2.4 or more, of either sign
    return Formula("a @ x + np.sum(c * x**2)", a=a, c=c), x


def _rotation(rng, d):
    """An orthogonal matrix, all of whose entries are well away from 0, and for d > 1 from 1."""
    while True:
        q, _ = np.linalg.qr(rng.standard_normal((d, d)))
        if np.min(np.abs(q)) > 0.1 / d and (d == 1 or np.max(np.abs(q)) < 0.95):
            return q


def _rotated(rng, curvatures):
    q = _rotation(rng, len(curvatures))
    H = q @ np.diag(curvatures) @ q.T
    return (H + H.T) / 2


def _dome(rng, d):
    """A dome's gradient, a start, a rate, and the path as a closed form of the number of steps."""
    curvatures = -rng.uniform(0.5, 2.0, d)
    q, top, start = _rotation(rng, d), rng.uniform(1.0, 2.0, d), rng.uniform(-2.0, -1.0, d)
    H, lr = q @ np.diag(curvatures) @ q.T, 0.3

    def path(n_steps):
        factors = (1 + lr * curvatures) ** np.arange(n_steps + 1)[:, None]
        return top + (factors * (q.T @ (start - top))) @ q.T

    return Formula("H @ (x - top)", H=H, top=top), start, lr, path


def _two_hills(rng):
    """Peaks near -1 and 2, the right one the higher, the valley between near 0.2; all moved by the same."""
    left, valley, right = rng.uniform(-0.1, 0.1) + np.array([-1.0, 0.2, 2.0])
    return Ground(landscapes.double_peak(left, valley, right)), left, valley, right


class Ground:
    """A landscape whose height and gradient travel."""

    def __init__(self, landscape):
        self.value = Formula(landscape.height, **landscape.constants)
        self.gradient = Formula(landscape.slope, **landscape.constants)
        self.peaks = landscape.peaks


# --- What came back -------------------------------------------------------------------------------


def _real(got):
    """What came back as an array of real numbers, or None."""
    try:
        values = np.asarray(got)
    except (TypeError, ValueError):  # a ragged list
        return None
    return values if values.dtype.kind in "iuf" else None


def _floats(got):
    """The numbers that came back; none if they are no numbers, or far too many."""
    values = _real(got)
    return np.zeros(0) if values is None or values.size > MOST else values.astype(np.float64)


_ROWS = "row 0 is x0, one row a step, and no row after stopping"


def _require_path(got, expected, *, suspects=(), lengths=None, too_many="", too_few="", rate=""):
    """The rows first, then their number, each with words for what is known to go wrong.

    suspects: paths of known mistakes.  lengths: by a number of rows, what gives it.  too_many, too_few: what it means
    here.  rate: what it means that a step has the right direction and another length.
    """
    path = _floats(got)
    for suspect in suspects:
        if path.shape == suspect.answer.shape and _is_near(path, suspect.answer).all():
            fail(suspect.message, suspect.diagnosis, subject="the path")
    rows = path.ndim == expected.ndim == 2 and path.shape[1] == expected.shape[1]  # a slip may expect the end alone
    if rows and len(path) and len(expected) and np.isfinite(path).all():
        _require_rows(path, expected, rate)
        if len(path) in (lengths or {}):
            fail(lengths[len(path)], "criterion", subject="the path")
        if len(path) != len(expected):
            _wrong_length(len(path) - len(expected), too_many, too_few)
    assert_array(got, expected, name="the path")


def _is_near(path, expected):
    """For each row, whether it is right to the accuracy asked of every answer."""
    return np.max(np.abs(path - expected), axis=1) <= 1e-5 * np.max(np.abs(expected))


def _wrong_length(more, too_many, too_few):
    if abs(more) == 1 and not (too_many if more > 0 else too_few):
        fail("one row too many" if more > 0 else "one row is missing", "off_by_one", subject="the path", hint=_ROWS)
    if more > 0:
        fail(too_many or "goes on where it should stop", "criterion", subject="the path", hint=_ROWS)
    fail(too_few or "stops too early", "criterion", subject="the path", hint=_ROWS)


def _require_rows(path, expected, rate=""):
    """As many rows as both have are the same, or the first that differs is explained."""
    rows = min(len(path), len(expected))
    right = _is_near(path[:rows], expected[:rows])
    if right.all():
        return
    if len(path) > 2 and np.all(path[1:] == path[-1]):
        fail(
            "all rows after the start are one place. Hint: storing x stores a reference.", "aliased", subject="the path"
        )
    if not right[0]:
        if len(expected) > 1 and _is_near(path[:1], expected[1:2]).all():
            fail("begins after the first step. Hint: row 0 is x0.", "off_by_one", subject="the path")
        fail("row 0 is not the start", "missing", subject="the path")
    if np.all(path == np.round(path)):
        fail("cut down to whole numbers. Hint: np.array(x0, dtype=float).", "dtype", subject="the path")
    at = int(np.argmin(right))
    lengths = np.sqrt(np.sum(np.diff(path, axis=0) ** 2, axis=1))
    _explain_step(np.diff(path, axis=0)[at - 1], np.diff(expected, axis=0)[at - 1], lengths, rate)


def _explain_step(step, due, lengths, rate):
    """Fail a step that is not the one that was due, in the words of how they differ."""
    size = np.sqrt(np.sum(step**2) * np.sum(due**2))
    if not np.any(step):
        fail("a step does not move, and it should", "zero", subject="the path")
    along = np.sum(step * due) / size if size else 0.0
    if along < -1 + 1e-6:
        fail("a step goes downhill. Hint: ascent adds the rate times the gradient.", "sign", subject="the path")
    if along > 1 - 1e-6 and rate:
        fail(rate, "criterion", subject="the path")
    if along > 1 - 1e-6 and len(lengths) > 1 and np.ptp(lengths) <= 1e-9 * np.max(lengths):
        fail(
            "all steps have one length. Hint: the rate times the gradient, of any length.", "scale", subject="the path"
        )
    if along > 1 - 1e-6:
        fail("a step has the right direction and another length", "scale", subject="the path")


def _require_kind(got, expected, which):
    if not isinstance(got, str):
        fail("expected a word (str), got something else.", "type", subject=which)
    if got not in KINDS:
        fail("expected one of maximum, minimum, saddle, degenerate", "type", subject=which)
    if got != expected:
        fail("put into the wrong class", "criterion", subject=which)


def _kind(curvatures, tol, *, flat_first=False):
    """The class of a Hessian with these curvatures. flat_first: whether one flat direction is enough."""
    flat, up, down = (np.abs(curvatures) <= tol).any(), (curvatures > tol).any(), (curvatures < -tol).any()
    if flat and flat_first:
        return "degenerate"
    return "saddle" if up and down else "degenerate" if flat else "minimum" if up else "maximum"


def _by_determinant(H, tol=1e-8):
    det = np.linalg.det(H)
    if abs(det) <= tol:
        return "degenerate"
    return "saddle" if det < 0 else "maximum" if np.trace(H) < 0 else "minimum"


# Other criteria that only some Hessians show: how each decides, and its name.
_CRITERIA = (
    (
        lambda H, tol: _kind(np.linalg.eigvalsh(H), tol, flat_first=True),
        "a saddle with a flat direction is called degenerate. Hint: both signs beyond tol are a saddle, flat or not.",
    ),
    (
        lambda H, tol: _kind(np.linalg.eigvalsh(H), tol * np.max(np.abs(H))),
        "matches a tol that is relative to the Hessian. Hint: tol is an absolute bound.",
    ),
    (lambda H, _: _kind(np.linalg.eigvalsh(H), 0.0), "matches a tol of 0. Hint: curvatures within tol are flat."),
)


def _in_drawn_order(student, name, rng, cases):
    """The answers to these cases, asked in an order that is drawn."""
    order = rng.permutation(len(cases)).tolist()
    got = dict(zip(order, student.each(name, [cases[i] for i in order]), strict=True))
    return [got[i] for i in range(len(cases))]


def _require_kinds(student, reference, rng, cases):
    """cases: (Hessian, more arguments, words). Their order is drawn, so that no list of answers passes."""
    answers = _in_drawn_order(student, "classify_critical_point", rng, [(H, *more) for H, more, _ in cases])
    kinds = [reference.classify_critical_point(H, *more) for H, more, _ in cases]
    if all(isinstance(answer, str) for answer in answers) and answers != kinds:
        for decide, message in _CRITERIA:
            if answers == [decide(H, *(more or (1e-8,))) for H, more, _ in cases]:
                fail(message, "criterion")
        if len(set(answers)) == 1:
            fail("every Hessian is put into one class", "criterion")
    for answer, kind, (_, _, which) in zip(answers, kinds, cases, strict=True):
        _require_kind(answer, kind, which)


def _require_labels(got, expected, suspects=()):
    """suspects: (labels, message, diagnosis) of known mistakes that are no slips."""
    labels = _real(got)
    if labels is None:
        fail("the labels: expected an array of whole numbers, got something else.", "type")
    if labels.shape != expected.shape:
        fail("the labels: expected one for each start, shape (M,), got another shape.", "shape")
    if labels.dtype.kind == "f":
        fail(
            "the labels: expected whole numbers (int), got floats. Hint: a label is an index into peaks.",
            "dtype",
        )
    if np.all(labels == expected):
        return
    for answer, message, diagnosis in suspects:
        if np.all(labels == answer):
            fail(message, diagnosis)
    if len(set(expected)) == 2 and set(labels) <= set(expected) and np.all(labels != expected):
        fail("the labels: each start gets the other peak's label.", "order")
    fail("the labels: some starts are given to the wrong peak. Hint: the end of the climb decides.", "criterion")


def _label_mistakes(peaks, ends):
    """peaks (P, d), ends: near which peak each climb ends (M,)."""
    along = np.abs(peaks[ends][:, None, 0] - peaks[None, :, 0])
    yield (
        np.argmin(along, axis=1),
        "the labels: the distance to a peak is taken along the first coordinate only. Hint: of all coordinates.",
        "axis",
    )


def _one_number(got, name):
    number = _real(got)
    if number is None:
        fail("expected a real number, got something else.", "type", subject=name)
    if number.size != 1:
        fail("expected one number, got an array.", "shape", subject=name)
    if not np.isfinite(number).all():
        fail("NaN or infinite.", "non_finite", subject=name)
    return float(number.reshape(()))


def _row(got, d, name):
    row = _real(got)
    if row is None:
        fail("expected real numbers", "type", subject=name)
    if row.size != d:
        fail("expected one point", "shape", subject=name)
    return row.astype(np.float64).reshape(d)


def _given(p, points):
    """The one of points that p is, to the accuracy asked of every answer."""
    nearest = points[np.argmin(np.max(np.abs(points - p), axis=1))]
    if not np.max(np.abs(nearest - p)) <= 1e-5 * np.max(np.abs(points)):
        fail("the witness: a and b must be two of the given points.", "quantity")
    return nearest


_EVERY_ROPE = "try every two points with every t of ts; how many dips the graph has decides nothing"


def _require_witness(got, f, points, ts, where=""):
    """Any a, b of points and t of ts will do, in either reading of t, if f is above the chord there.

    where: what makes it hard to find.
    """
    if got is None:
        fail("no witness found, and there is one among these points and ts", "search", subject=where, hint=_EVERY_ROPE)
    if not isinstance(got, (tuple, list)) or len(got) != 3:
        fail("the witness: expected (a, b, t) or None.", "type")
    d = points.shape[1]
    a, b, t = (
        _row(got[0], d, "the witness's a"),
        _row(got[1], d, "the witness's b"),
        _one_number(got[2], "the witness's t"),
    )
    a, b = _given(a, points), _given(b, points)
    if not any(abs(t - s) <= 1e-5 or abs(1 - t - s) <= 1e-5 for s in ts):
        fail("the witness: t must be one of ts.", "quantity")
    # 5e-10 is half the default tol: rounding here must not overturn a witness found there
    if not _height_above(f, a, b, t) > 5e-10:
        fail("the witness: the graph is not above the chord there, so it proves nothing.", "criterion")


def _height_above(f, a, b, t):
    """How far the graph is above the chord between a and b, in the better reading of t."""
    return max(f((1 - t) * p + t * q) - (1 - t) * f(p) - t * f(q) for p, q in ((a, b), (b, a)))


def _require_no_witness(got, kind, f, points):
    if got is None:
        return
    if isinstance(got, (tuple, list)) and len(got) == 3:
        d = points.shape[1]
        a, b, t = _real(got[0]), _real(got[1]), _real(got[2])
        if all(v is not None and v.size == n for v, n in ((a, d), (b, d), (t, 1))):
            above = _height_above(f, a.reshape(d), b.reshape(d), float(t.reshape(())))
            if above < -1e-9:
                fail("the graph is below the chord there. Hint: a witness lies above it.", "sign", subject=kind)
            if abs(above) <= 1e-9:
                fail("above the chord by rounding alone. Hint: by more than tol.", "precision", subject=kind)
    fail("it is convex, so no witness exists: expected None.", "search", subject=kind)


# --- Q1 numerical_gradient ------------------------------------------------------------------------


def _ask_gradient(student, _, rng):
    f, _, x = _tilted_ground(rng, 3)
    return student.numerical_gradient(f, x, 1e-2)


@slips("q1", probe=_ask_gradient)
def gradient_slips(reference):
    """What else is divided by what, and other places for the feet."""
    right = reference.numerical_gradient

    def one_foot(f, x, h=1e-5):
        x = np.array(x, dtype=np.float64)
        return np.array([(f(x + foot) - f(x)) / h for foot in h * np.eye(x.size)])

    def all_at_once(f, x, h=1e-5):
        x = np.array(x, dtype=np.float64)
        return np.full(x.size, (f(x + h) - f(x - h)) / (2 * h))

    for name, variant, kind, words in (
        ("one_foot", one_foot, "method", "one foot ahead and none behind: halving h only halves the error."),
        ("over_h", lambda f, x, h=1e-5: 2 * right(f, x, h), "scale", "divided by h, and the two feet are 2h apart."),
        ("over_4h", lambda f, x, h=1e-5: right(f, x, h) / 2, "scale", "divided by 4h, and the two feet are 2h apart."),
        (
            "times_h",
            lambda f, x, h=1e-5: h**2 * right(f, x, h),
            "scale",
            "divided by 2 and multiplied by h. Hint: / 2 * h is (… / 2) * h; write / (2 * h).",
        ),
        ("all_at_once", all_at_once, "axis", "all coordinates move at once. Hint: move one, keep the others."),
    ):
        yield Slip(name, "numerical_gradient", variant, kind, words)


@check("q1", points=5, core=True)
def test_order(student, rng):
    """Halving h divides the error by 4"""
    f, exact, x = _tilted_ground(rng, 2)
    # h |a| <= 0.06: the series' next term moves the ratio 4 by 0.0005, and rounding is far below that
    errors = []
    for got in student.each("numerical_gradient", [(f, x, h) for h in (1e-2, 5e-3)]):
        assert_array(got, exact, name="numerical_gradient with a larger h", rtol=0.1)
        errors.append(float(np.max(np.abs(np.asarray(got, dtype=np.float64) - exact))))
    coarse, fine = errors
    if abs(coarse - fine) <= 0.01 * coarse:
        fail("the error does not depend on h. Hint: use the h that is passed in.", "ignored")
    if 1.8 <= coarse / fine <= 2.2:
        fail("halving h only halves the error, as with one foot, or if a probe is not taken back.", "method")
    if not 3.8 <= coarse / fine <= 4.2:
        fail("halving h does not divide the error by 4, as a central difference does.", "method")


@check("q1", points=3)
def test_value(student, reference, rng):
    """Gradients of 1, 2 and 5 coordinates are right to 1e-5"""
    grounds = [_gentle_ground(rng, d) for d in (1, 2, 5)]
    for (f, x), got in zip(grounds, student.each("numerical_gradient", grounds), strict=True):
        assert_array(got, reference.numerical_gradient(f, x), name=SafeText(f"numerical_gradient, d = {len(x)}"))


@check("q1", points=2)
def test_int_input(student, reference, rng):
    """A point given as integers has the gradient of the same point given as floats"""
    x = rng.permutation([1, 2, 4])
    f = Formula("c @ x**2", c=rng.uniform(1.0, 2.0, 3))
    expected = reference.numerical_gradient(f, x)
    try:
        assert_array(student.numerical_gradient(f, x), expected, name="numerical_gradient at whole numbers")
    except CheckFailed:
        if np.allclose(_floats(student.numerical_gradient(f, x.astype(float))), expected):
            fail(
                "right for the same point in floats. Hint: np.array(x, dtype=float), as 2 + h in an int is 2.", "dtype"
            )
        raise


@check("q1", points=2)
def test_pure_calls(student, reference, rng):
    """At most 2d + 1 calls of f, the same answer twice, and x left alone"""
    f, x = _gentle_ground(rng, 4)
    calls = []
    kept = student.keep(x.copy())
    for _ in range(2):
        calls.clear()
        got = student.numerical_gradient(lambda p: calls.append(1) or f(p), kept)
        assert_unchanged(student.fetch(kept), x, name="x")
        assert_array(got, reference.numerical_gradient(f, x), name="numerical_gradient")
        if len(calls) > 2 * x.size + 1:
            fail(
                "f is called more than 2d + 1 times. Hint: two probes for each coordinate are enough.",
                "calls",
            )


# --- Q2 steepest_direction ------------------------------------------------------------------------


def _ask_direction(student, _, rng):
    d = 40  # so many that no two draws have the same signs
    return student.steepest_direction(rng.uniform(1.0, 2.0, d) * rng.choice([-1.0, 1.0], d))


@slips("q2", probe=_ask_direction)
def direction_slips(_):
    """Other lengths than the 2-norm."""
    sizes = (
        (
            "sum",
            lambda g: np.sum(np.abs(g)),
            "method",
            "divided by the sum of the slopes. Hint: the length is the 2-norm.",
        ),
        ("largest", lambda g: np.max(np.abs(g)), "method", "divided by the largest slope. Hint: by the 2-norm."),
        ("squared", lambda g: np.sum(g**2), "method", "divided by the squared length. Hint: by the 2-norm, its root."),
        (
            "each_alone",
            _size_of_each,
            "method",
            "only signs are left. Hint: divide all slopes by one number, the 2-norm.",
        ),
    )
    for name, size, kind, words in sizes:
        yield Slip(name, "steepest_direction", _divided_by(size), kind, words)


def _size_of_each(g):
    """The size of each slope, and 1 where it is zero."""
    return np.where(g == 0, 1.0, np.abs(g))


def _divided_by(size):
    def variant(g):
        g = np.array(g, dtype=np.float64)
        return g / size(g) if np.any(g) else g

    return variant


def _require_direction(student, reference, g, name):
    got, way = student.steepest_direction(g), _floats(reference.steepest_direction(g))
    assert_array(got, way, name=name, suspects=_direction_mistakes(got, g, way))


def _direction_mistakes(got, g, way):
    yield Suspect(g, "that is the gradient itself. Hint: divide it by its 2-norm.", "missing")
    yield Suspect(0 * way, "zeros on a slope. Hint: only a norm of exactly 0 is a plateau.", "edge")
    values = _floats(got)
    along = np.sum(values * way) if values.shape == way.shape else 0.0
    if along > 0:
        words = "the right direction, and not of length 1. Hint: divide by the 2-norm, with nothing added to it."
        yield Suspect(along * way, words, "scale")


@check("q2", points=2, device=True, core=True)
def test_unit(student, reference, rng):
    """The direction is a unit vector along the gradient, whatever the gradient's length"""
    for d, size in ((1, 3.0), (2, 0.1), (5, 1e3)):
        g = size * rng.uniform(0.5, 1.0, d) * rng.choice([-1.0, 1.0], d)
        _require_direction(student, reference, g, SafeText(f"the direction, d = {d}"))
    for g in (np.array([0.0, -4.0, 3.0]), np.array([-3.0, -4.0, 0.0]), np.array([-4.0, 0.0, -3.0])):
        _require_direction(student, reference, g, "the direction where one slope is zero")


@check("q2", points=1, device=True)
def test_zero(student, reference, rng):
    """On a plateau the direction is zeros, one for each coordinate, and on a slope beside it not"""
    slope = rng.choice([-1.0, 1.0]) * np.array([3.0, 0.0, -4.0, 0.0])
    _require_direction(student, reference, slope, "the direction beside a plateau")
    for d, got in zip((1, 4), student.each("steepest_direction", [(np.zeros(1),), (np.zeros(4),)]), strict=True):
        if np.isnan(_floats(got)).any():
            fail("the direction on a plateau: NaN. Hint: the norm is 0 there; return zeros.", "non_finite")
        assert_array(got, np.zeros(d), name="the direction on a plateau")


@check("q2", points=2)
def test_tiny(student, reference, rng):
    """A slope of norm 5e-9 has a direction of length 1 too, and so have the smallest and the largest of convention 7"""
    u = rng.uniform(0.5, 1.0, 3) * rng.choice([-1.0, 1.0], 3)
    u /= np.sqrt(np.sum(u**2))
    for way in (u, -u):
        _require_direction(student, reference, 5e-9 * way, "the direction on a gentle slope")
    for size, where in ((4e-150, "a slope of about 1e-150"), (1e150, "a slope of about 1e150")):
        _require_direction(student, reference, size * u, where)


# --- Q3 gradient_ascent ---------------------------------------------------------------------------


def _ask_climb(student, _, rng):
    grad, start, lr, _ = _dome(rng, 2)
    return student.gradient_ascent(grad, start, lr, 6)


@slips("q3", probe=_ask_climb)
def climb_slips(reference):
    """Another way, another length of a step, and other rows."""
    right = reference.gradient_ascent

    def downhill(grad, x0, lr, n_steps, tol=0.0):
        return right(grad, x0, -lr, n_steps, tol)

    def by_unit_steps(grad, x0, lr, n_steps, tol=0.0):
        path = [np.array(x0, dtype=np.float64)]
        while len(path) <= n_steps and np.sqrt(np.sum((g := grad(path[-1].copy())) ** 2)) > tol:
            path.append(path[-1] + lr * reference.steepest_direction(g))
        return np.array(path)

    def one_step_short(grad, x0, lr, n_steps, tol=0.0):
        return right(grad, x0, lr, max(n_steps - 1, 0), tol)

    for name, variant, kind, words in (
        ("downhill", downhill, "sign", "a step goes downhill. Hint: ascent adds the rate times the gradient."),
        (
            "by_unit_steps",
            by_unit_steps,
            "scale",
            "all steps have one length. Hint: the rate times the gradient, of any length.",
        ),
        ("one_step_short", one_step_short, "off_by_one", "one row is missing. Hint: the start, and one row a step."),
        *_other_rows(right),
    ):
        yield Slip(name, "gradient_ascent", variant, kind, words)


def _other_rows(right):
    """Slips that climb rightly and keep other rows."""
    aliased = "all rows are the last place. Hint: storing x stores a reference, and x += … changes all of them."
    yield "aliased", lambda *a, **k: (path := right(*a, **k)) * 0 + path[-1], "aliased", aliased
    yield (
        "no_start",
        lambda *a, **k: right(*a, **k)[1:],
        "off_by_one",
        "begins after the first step. Hint: row 0 is x0.",
    )
    yield "end_alone", lambda *a, **k: right(*a, **k)[-1], "shape", "that is the end alone. Hint: return all places."


@check("q3", points=5, core=True)
def test_closed_form(student, rng):
    """On a dome every row of the path is the one the closed form gives"""
    for d in (1, 3):
        grad, start, lr, path = _dome(rng, d)
        _require_path(student.gradient_ascent(grad, start, lr, 6), path(6))


def _require_climb(student, reference, *asked):
    """The rows are the reference's. asked: the arguments of gradient_ascent."""
    _require_path(student.gradient_ascent(*asked), reference.gradient_ascent(*asked))


@check("q3", points=1)
def test_n0(student, reference, rng):
    """One step: two rows. No steps: the path is the start alone, one row"""
    grad, start, lr, _ = _dome(rng, 3)
    for n_steps in (1, 0):
        _require_climb(student, reference, grad, start, lr, n_steps)


@check("q3", points=2)
def test_pure(student, reference, rng):
    """Two climbs from one start array agree, and the array is left alone"""
    grad, start, lr, _ = _dome(rng, 2)
    kept = student.keep(start.copy())
    for _ in range(2):
        got = student.gradient_ascent(grad, kept, lr, 4)
        assert_unchanged(student.fetch(kept), start, name="x0")
        _require_path(got, reference.gradient_ascent(grad, start, lr, 4))


@check("q3", points=1)
def test_int_start(student, reference, rng):
    """A start given as integers climbs as the same start given as floats"""
    start = rng.integers(10, 20, 2)  # large: cut down to integers the climb would still go on
    _require_climb(student, reference, Formula("-x"), start, 0.3, 4)


@check("q3", points=3)
def test_early_stop(student, reference, rng):
    """The climb stops before the first step whose gradient has a 2-norm of at most tol"""
    steepness, lr = rng.uniform(2.0, 3.0), 0.05
    start = rng.uniform(1.0, 1.2, 3) * rng.choice([-1.0, 1.0], 3)
    factor = 1 - lr * steepness
    stop = int(rng.integers(5, 8))
    # half-way (in logarithm) between two gradients, 5 % from either: rounding cannot decide
    tol = steepness * np.sqrt(np.sum(start**2)) * factor ** (stop - 0.5)
    path = start * factor ** np.arange(26)[:, None]
    # A dome, and a bowl, where the ground gets steeper: so one of them stops a student who walks downhill, too.
    for sign in rng.permutation([-1.0, 1.0]):
        asked = Formula("sign * s * x", sign=sign, s=steepness), start, lr, 25, tol
        got = student.gradient_ascent(*asked)
        lengths = _stops(steepness * path, lr, tol) if sign < 0 and _is_path(got, path) else {}
        _require_path(got, reference.gradient_ascent(*asked), lengths=lengths)


def _is_path(got, path):
    """Whether the rows of got are the first rows of path."""
    rows = _floats(got)
    return rows.ndim == 2 and rows.shape[1] == path.shape[1] and len(rows) <= len(path)


def _stops(slopes, lr, tol):
    """By the number of rows, the criterion that stops there. slopes: the gradient at each row."""
    norms = np.sqrt(np.sum(slopes**2, axis=1))
    stops = {}
    for sizes, words in (
        (np.max(np.abs(slopes), axis=1), "stops by the largest entry of the gradient. Hint: by its 2-norm."),
        (np.sum(np.abs(slopes), axis=1), "stops by the sum of the slopes. Hint: by the 2-norm of the gradient."),
        (lr * norms, "stops by the length of the step. Hint: by the 2-norm of the gradient, without the rate."),
        (norms**2, "stops by the squared norm of the gradient. Hint: by its 2-norm."),
    ):
        below = np.flatnonzero(sizes <= tol)
        stops.setdefault(int(below[0]) + 1 if len(below) else len(slopes), words)
    right = int(np.flatnonzero(norms <= tol)[0]) + 1
    return {rows: words for rows, words in stops.items() if rows not in (right, right + 1)}


@check("q3", points=2)
def test_tol0_runs_all(student, reference, rng):
    """With tol = 0 a tiny gradient is no reason to stop"""
    g = 1e-12 * rng.uniform(1.0, 2.0, 2)
    asked = Formula("g", g=g), np.zeros(2), 0.1, 5
    expected = reference.gradient_ascent(*asked)
    _require_path(student.gradient_ascent(*asked), expected, too_few="stops on a slope although tol is 0")


@check("q3", points=1)
def test_start_on_plateau(student, reference, rng):
    """Where the gradient is exactly zero the climb stops, at the start or later"""
    edge, lr = rng.uniform(1.0, 2.0), rng.uniform(1.1, 1.3)
    ground = Ground(landscapes.plateau(edge))
    level = edge * rng.uniform(-0.9, 0.9, 1)
    side, beyond = rng.choice([-1.0, 1.0]), rng.uniform(1.0, 3.0)
    # One step from the slope ends on the plateau, between 0.1 and 0.9 behind its edge.
    slope = side * np.array([edge + beyond])
    for start in (level, slope)[:: rng.choice([-1, 1])]:
        asked = ground.gradient, start, lr, 4
        goes_on = "goes on where the gradient is exactly zero: 0 is at most tol, also if tol is 0"
        _require_path(student.gradient_ascent(*asked), reference.gradient_ascent(*asked), too_many=goes_on)


@check("q3", points=2)
def test_buffer_reuse(student, reference, rng):
    """The path survives a gradient function that refills one buffer at every call"""
    grad, start, lr, _ = _dome(rng, 2)
    got = student.gradient_ascent(Callback(grad, reuse_buffer=True), start, lr, 5)
    try:
        _require_path(got, reference.gradient_ascent(grad, start, lr, 5))
    except CheckFailed as failure:
        if failure.diagnosis != "aliased":
            raise
        fail("the array that grad returns is kept, and grad refills it. Hint: copy what you keep.", "aliased")


# --- Q4 classify_critical_point -------------------------------------------------------------------


def _ask_kinds(student, _, rng):
    hessians = _rotated_hessians(rng)
    return list(student.each("classify_critical_point", [(hessians[i],) for i in rng.permutation(len(hessians))]))


@slips("q4", probe=_ask_kinds)
def kind_slips(reference):
    """Other criteria, and names exchanged."""
    turned = {"maximum": "minimum", "minimum": "maximum"}

    def exchanged(H, tol=1e-8):
        kind = reference.classify_critical_point(H, tol)
        return turned.get(kind, kind)

    for name, variant, kind, words in (
        (
            "exchanged",
            exchanged,
            "order",
            "maximum and minimum are exchanged. Hint: where curvatures are positive the ground bends up: a minimum.",
        ),
        (
            "determinant",
            _by_determinant,
            "criterion",
            "matches the test by determinant and trace. Hint: it holds for two coordinates only; take the eigenvalues.",
        ),
        (
            "diagonal",
            lambda H, tol=1e-8: _kind(np.diag(H), tol),
            "criterion",
            "matches the signs on the diagonal. Hint: the eigenvalues are the curvatures.",
        ),
    ):
        yield Slip(name, "classify_critical_point", variant, kind, words)


def _rotated_hessians(rng):
    """Maxima, minima and saddles, some of whose diagonals tell nothing."""
    up, down = rng.uniform(1.0, 2.0, 4), -rng.uniform(1.0, 2.0, 4)
    lean = rng.uniform(2.0, 3.0)
    long, short = rng.uniform(3.0, 4.0), rng.uniform(0.3, 0.5)
    # An off-diagonal entry of this size would leave one direction flat.
    border = rng.choice([-1.0, 1.0]) * np.sqrt(long * short)
    return [
        np.array([[1.0, lean], [lean, 1.0]]),  # a saddle, as the next
        np.array([[-1.0, -lean], [-lean, -1.0]]),
        *(_rotated(rng, curvatures[:d]) for d in (2, 3) for curvatures in (down, up)),
        _rotated(rng, [*up[:2], *down[:2]]),  # a saddle whose determinant is positive, as a minimum's is
        _rotated(rng, down),
        # The diagonal has one sign, and its largest entry is the largest of all: an extremum, and a saddle.
        *(
            sign * np.array([[long, share * border], [share * border, short]])
            for sign in (1, -1)
            for share in (0.7, 1.3)
        ),
    ]


@check("q4", points=4, core=True)
def test_rotated(student, reference, rng):
    """Maxima, minima and saddles whose axes are not the coordinate axes"""
    words = {d: SafeText(f"a {d} × {d} Hessian with off-diagonal entries") for d in (2, 3, 4)}
    _require_kinds(student, reference, rng, [(H, (), words[len(H)]) for H in _rotated_hessians(rng)])


@check("q4", points=3)
def test_degenerate(student, reference, rng):
    """Curvatures within tol are flat; both signs beyond tol are a saddle, flat or not besides"""
    a, b = rng.uniform(1.0, 2.0, 2)
    # The first four are degenerate, the last two saddles.
    curvatures = ([-a, 0.0], [0.0, b], [0.0, 0.0], [a, -1e-10], [a, -b, 0.0], [a, -b, 1e-10])
    flat = [(np.diag(np.array(c)), (), "a Hessian with a flat direction") for c in curvatures]
    within = (_rotated(rng, [a, 0.05]), (0.1,), "a Hessian with a curvature within a larger tol")
    beyond = (_rotated(rng, [a, -0.2]), (0.1,), "a Hessian with curvatures beyond a larger tol")
    _require_kinds(student, reference, rng, [*flat, within, beyond])


_UNITS = {
    1e-6: "a Hessian times 1e-6 (tol is the absolute bound that is passed in)",
    1e6: "a Hessian times 1e6 (tol is the absolute bound that is passed in)",
}


@check("q4", points=3)
def test_scaled(student, reference, rng):
    """Units do not matter: a Hessian times 1e-6 or 1e6 keeps its class, tol being an absolute bound"""
    a, b, c = rng.uniform(1.0, 2.0, 3)
    cases = [
        (scale * np.diag(rng.permutation(curvatures)), (), _UNITS[scale])
        for curvatures in ([-a, -b, -c], [a, b, c], [a, -b, c])
        for scale in (1e-6, 1e6)
    ]
    _require_kinds(student, reference, rng, cases)


# --- Q5 convexity_witness -------------------------------------------------------------------------


def _rough_line(rng):
    """A line and points where (1 - t) f(a) + t f(b) misses f by a last bit, often: tol is there for that."""
    while True:
        slope, offset = rng.uniform(0.1, 1.0, 2)
        points = np.sort(rng.uniform(-1.0, 1.0, 4))[:, None]
        f = Formula("m * np.ravel(x)[0] + n", m=slope, n=offset)
        pairs = [(a, b) for i, a in enumerate(points) for b in points[i + 1 :]]
        misses = [f((1 - t) * a + t * b) > (1 - t) * f(a) + t * f(b) for a, b in pairs for t in (0.25, 0.5, 0.75)]
        if sum(misses) >= 3:
            return f, points


def _line_of_places(rng, centre):
    """Four places on both sides of centre, mirrored by chance, in drawn order: they do not tell what stands on them."""
    far = [-rng.uniform(0.1, 0.4), 0.0, rng.uniform(0.9, 1.1), rng.uniform(2.8, 3.2)]
    return centre + rng.choice([-1.0, 1.0]) * rng.permutation(far)[:, None]


def _by_height(f, points):
    """The points in order of their heights: in this order every landscape has one dip."""
    return points[np.argsort([f(p) for p in points])]


def _upside_down(f):
    return Formula(f"-({f.text})", **f.constants)


def _ask_witnesses(student, _, rng):
    """Answers about bowls and domes, in drawn order: no witness, or whether the graph is above the rope."""
    cases = []
    for sign in rng.permutation([1.0] * 6 + [-1.0] * 6):
        bend = rng.uniform(8.0, 12.0)
        f = Formula("sign * (np.ravel(x)[0] - bend) ** 2", sign=sign, bend=bend)
        cases.append((f, _line_of_places(rng, bend)))
    answers = student.each("convexity_witness", cases)
    return [_claim(got, f, points) for got, (f, points) in zip(answers, cases, strict=True)]


def _claim(got, f, points):
    if got is None:
        return "none"
    try:
        _require_witness(got, f, points, (0.25, 0.5, 0.75))
    except CheckFailed:
        return "not above"
    return "above"


@slips("q5", probe=_ask_witnesses)
def witness_slips(reference):
    """The other inequality: a rope above the graph."""
    words = "the inequality is turned round: a witness is a rope *below* the graph, f(…) > (1 − t) f(a) + t f(b) + tol."

    def turned(f, *more):
        return reference.convexity_witness(lambda x: -f(x), *more)

    yield Slip("turned", "convexity_witness", turned, "criterion", words)


def _as_asked(f, reference):
    """The height; upside down if the reference takes ropes above a graph for witnesses, by a slip."""
    bowl = reference.convexity_witness(lambda x: float(x[0] ** 2), np.array([[0.0], [1.0]]))
    return f if bowl is None else _upside_down(f)


def _require_answers(student, reference, rng, cases, where=""):
    """cases: (height, points, what is convex or "" if there is a witness). Their order is drawn. where: see above."""
    asked = [(_as_asked(f, reference), points) for f, points, _ in cases]
    got = _in_drawn_order(student, "convexity_witness", rng, asked)
    for i, (f, points, convex) in enumerate(cases):
        if convex:
            _require_no_witness(got[i], convex, f, points)
        else:
            _require_witness(got[i], f, points, (0.25, 0.5, 0.75), where)


@check("q5", points=4)
def test_convex(student, reference, rng):
    """Convex heights have no witness (a kink, log-sum-exp, a straight line with rounding), and a dome has one"""
    bend = rng.uniform(8.0, 12.0)
    points, plane = _line_of_places(rng, bend), rng.uniform(-2.0, 2.0, (4, 2))
    # Heights of one sign, and places far from 0: a chord or a place computed wrongly is then far off.
    kinks = [Formula("abs(np.ravel(x)[0] - bend) + lift", bend=bend, lift=lift) for lift in (-5.0, 5.0)]
    soft = Ground(landscapes.log_sum_exp(2)).value
    line, places = _rough_line(rng)
    dome = Formula("-((np.ravel(x)[0] - bend) ** 2)", bend=bend)
    convex = [(kink, points, "the absolute value") for kink in kinks]
    convex += [(soft, plane, "log-sum-exp"), (line, rng.permutation(places), "a straight line")]
    convex += [(kinks[0], _by_height(kinks[0], points), "the absolute value")]
    # On the same points, so that only the heights tell them apart.
    others = [(_upside_down(kinks[0]), points), (_upside_down(soft), plane), (dome, points), (dome, places)]
    others = [(f, rng.permutation(p), "") for f, p in others] + [(dome, _by_height(dome, points), "")]
    _require_answers(student, reference, rng, convex + others)


@check("q5", points=4, core=True)
def test_nonconvex_unique_min(student, reference, rng):
    """One minimum, and global, yet not convex: a witness exists"""
    least = rng.uniform(8.0, 12.0)  # where the minimum is
    bends = {
        "1 - 1 / (1 + {} ** 2)": "",
        "np.sqrt(abs({}))": "",
        "-np.exp(-({} ** 2))": "",
        "{} ** 2": "a square",
        "{} ** 4": "a fourth power",
        "np.cosh({})": "the hyperbolic cosine",
    }
    cases = [
        (Formula(bend.format("(np.ravel(x)[0] - least)"), least=least), _line_of_places(rng, least), convex)
        for bend, convex in bends.items()
    ]
    _require_answers(student, reference, rng, cases, "ground with one minimum, which need not be convex")


@check("q5", points=2)
def test_asym_t(student, reference, rng):
    """A narrow bump on a chord is found wherever it is: every t of ts counts, in both orders of a pair"""
    # Powers of 2: nothing but the bump is rounded, so that no witness is found by rounding alone.
    start = width = 2.0 ** rng.integers(-3, 4)
    points = rng.permutation([start, start + width])[:, None]  # one order: of 0.1 and 0.9 each needs another

    def bump_at(t):
        bump = "2 * width**2 * np.exp(-(((np.ravel(x)[0] - centre) / (0.02 * width)) ** 2))"
        return Formula(f"np.ravel(x)[0] ** 2 + {bump}", width=width, centre=start + t * width)

    usual, single = (0.25, 0.5, 0.75), (0.1,)
    beside = float(rng.choice([0.375, 0.625]))  # at no t of ts, in no order of the pair
    cases = [(t, ()) for t in (0.5, 0.25, 0.75, beside)] + [(t, (single,)) for t in (0.1, 0.9, beside)]
    asked = [(_as_asked(bump_at(t), reference), points, *more) for t, more in cases]
    got = _in_drawn_order(student, "convexity_witness", rng, asked)
    for i, (t, ts) in enumerate(cases):
        if t != beside:
            _require_witness(got[i], bump_at(t), points, ts[0] if ts else usual, _WHERE[t])
        elif got[i] is not None:
            fail("the graph is above the chord at no t of ts: expected None.", "search")


_WHERE = {
    0.5: "a bump in the middle of a chord",
    0.25: "a bump that is not in the middle (every t of ts counts)",
    0.75: "a bump that is not in the middle (every t of ts counts)",
    0.1: "a bump at t of ts alone, in one order of the pair",
    0.9: "a bump at t of ts alone (for t other than 1/2 a pair has two orders)",
}


# --- Q6 max_stable_lr -----------------------------------------------------------------------------


def _growth(H, lr):
    """|x_60| / |x_0| of ascent on x'Hx / 2 from a start with an equal share of every eigenvector."""
    curvatures = np.linalg.eigvalsh(H)
    with np.errstate(over="ignore", invalid="ignore"):
        return float(np.sqrt(np.mean((1 + lr * curvatures) ** 120)))


def _ask_bound(student, _, rng):
    return student.max_stable_lr(_rotated(rng, rng.uniform(0.8, 1.2) * np.array([-6.0, -0.5, -1.0])))


@slips("q6", probe=_ask_bound)
def bound_slips(reference):
    """Another factor, another sign, another direction."""
    gentlest = "the gentlest direction decides. Hint: the sharpest one diverges first."
    negative = "the bound is negative. Hint: eigenvalues of a dome are negative, a rate is not; take their size."
    for name, variant, kind, words in (
        (
            "half",
            lambda H: reference.max_stable_lr(H) / 2,
            "scale",
            "half of the bound. Hint: 1 / |λ| is the fastest rate; up to 2 / |λ| a climb settles.",
        ),
        ("gentlest", lambda H: 2 / np.min(np.abs(np.linalg.eigvalsh(H))), "criterion", gentlest),
        ("negative", lambda H: -reference.max_stable_lr(H), "sign", negative),
        ("largest", lambda H: 2 / np.max(np.linalg.eigvalsh(H)), "sign", negative),
    ):
        yield Slip(name, "max_stable_lr", variant, kind, words)


def _require_threshold(got, reference, H):
    bound = _one_number(got, "the bound")
    sizes = np.abs(np.linalg.eigvalsh(H))
    bound *= 2 / np.max(sizes) / reference.max_stable_lr(H)  # a factor other than 1 is that of a slip
    if bound <= 0:
        fail("the bound is not positive. Hint: eigenvalues of a dome are negative, a rate is not.", "sign")
    diagonal = np.max(np.abs(np.diag(H)))
    if diagonal < 0.98 * np.max(sizes) and abs(bound - 2 / diagonal) <= 1e-6 * bound:
        fail("matches the diagonal in place of the eigenvalues", "criterion")
    # At the true bound the sharpest direction shrinks by 0.96 a step at 0.98 ×, and grows by 1.04 at 1.02 ×:
    # after 60 steps 0.09 and 10.5, in the mean over at most 4 directions still below 1 and above 5.
    if not _growth(H, 0.98 * bound) <= 1:
        fail("the bound is too large: a climb with 0.98 × your bound diverges.", "criterion")
    if _growth(H, 1.02 * bound) < 2:
        fail("the bound is too small: a climb with 1.02 × your bound does not diverge.", "criterion")


@check("q6", points=5, core=True)
def test_threshold(student, reference, rng):
    """On a dome along the axes, 0.98 × the bound settles and 1.02 × the bound diverges"""
    domes = [-np.diag(rng.permutation([10.0, 1.0, 3.0][:d]) * rng.uniform(0.8, 1.2)) for d in (1, 3)]
    for H, bound in zip(domes, student.each("max_stable_lr", [(H,) for H in domes]), strict=True):
        _require_threshold(bound, reference, H)


@check("q6", points=3)
def test_rotated_threshold(student, reference, rng):
    """The same on domes whose axes are not the coordinate axes"""
    curvatures = np.array([-5.0, -1.0]), np.array([-0.2, -0.7, -1.5, -4.0])
    domes = [_rotated(rng, rng.uniform(0.8, 1.2) * each) for each in curvatures]
    for H, bound in zip(domes, student.each("max_stable_lr", [(H,) for H in domes]), strict=True):
        _require_threshold(bound, reference, H)


# --- Q7 best_of_restarts --------------------------------------------------------------------------


def _judge_best(student, reference, cases, name="the best end point"):
    """cases: (height, gradient, starts, rate, steps, expected). All are asked before one is judged."""
    answers = list(student.each("best_of_restarts", [case[:-1] for case in cases]))
    for got in answers:
        if got is None:
            words = "None: no climb was good enough. Hint: begin with the first one, or with -inf, not with height 0."
            fail(words, "criterion", subject=name)
        if np.isnan(_floats(got)).any():
            words = "a climb that ended in NaN won. Hint: np.argmax takes NaN for the largest; leave it out."
            fail(words, "non_finite", subject=name)
    try:
        for got, case in zip(answers, cases, strict=True):
            assert_array(got, case[-1], name=name)
    except CheckFailed:
        _explain_choice(reference, answers, cases, name)
        raise


# Which of the ends is chosen, by the heights of the starts and of the ends; and its name.
_CHOICES = (
    (lambda at_start, _: np.nanargmax(at_start), "the climb from the highest start won. Hint: compare the ends."),
    (lambda _, at_end: len(at_end) - 1, "the last climb won. Hint: keep the best end, not only the best height."),
    (lambda *_: 0, "the first climb won. Hint: compare the heights of the ends."),
    (lambda _, at_end: np.nanargmin(at_end), "the lowest end won. Hint: the highest is asked for."),
)


def _explain_choice(reference, answers, cases, name):
    """Fail if one criterion chooses all of these ends, or if the answers are their heights."""
    heights = [case[0](case[-1]) for case in cases]
    if all(_floats(got).size == 1 and np.allclose(_floats(got), h) for got, h in zip(answers, heights, strict=True)):
        fail("that is the greatest height. Hint: return the place that has it.", "quantity", subject=name)
    climbs = [[reference.gradient_ascent(c[1], start, c[3], c[4])[-1] for start in c[2]] for c in cases]
    for choose, words in _CHOICES:
        chosen = [
            ends[int(choose([f(x) for x in starts], [f(x) for x in ends]))]
            for (f, _, starts, *_), ends in zip(cases, climbs, strict=True)
        ]
        if all(np.array_equal(np.shape(a), np.shape(c)) for a, c in zip(answers, chosen, strict=True)) and np.allclose(
            np.array(answers, dtype=float), chosen, rtol=1e-5
        ):
            fail(words, "criterion", subject=name)


def _both_ways(rng):
    """Two hills and the same mirrored, in drawn order: (hills, sign, left, valley), the higher at 2 times sign."""
    hills, left, valley, right = _two_hills(rng)
    mirrored = Ground(landscapes.double_peak(-right, -valley, -left))
    ways = [(hills, 1.0), (mirrored, -1.0)]
    return [(*ways[i], left, valley) for i in rng.permutation(2)]


@check("q7", points=3)
def test_best(student, reference, rng):
    """The highest end point wins, at whichever place its start stands"""
    cases = []
    for hills, sign, left, valley in _both_ways(rng):
        # The winners start lower than all others: the highest start is not the best one.
        one = np.array([[left + 0.1], [valley + 0.5], [left - 0.15]])
        two = np.array([[left + 0.1], [valley + 0.5], [valley + 0.6]])
        for starts in (sign * one, sign * two):
            expected = reference.best_of_restarts(hills.value, hills.gradient, starts, 0.1, 10)
            orders = [np.roll(starts, shift, axis=0) for shift in rng.permutation(3)]
            cases += [(hills.value, hills.gradient, order, 0.1, 10, expected) for order in orders]
    _judge_best(student, reference, cases)


@check("q7", points=2)
def test_negative_values(student, reference, rng):
    """The best is found where every height is below zero"""
    cases = []
    for hills, sign, left, valley in _both_ways(rng):
        below = Formula(f"{hills.value.text} - 100", **hills.value.constants)
        starts = sign * np.array([[valley + 0.5], [left - 0.15]])  # the winner starts lower
        expected = reference.gradient_ascent(hills.gradient, starts[0], 0.1, 10)[-1]
        cases += [(below, hills.gradient, order, 0.1, 10, expected) for order in (starts, starts[::-1].copy())]
    _judge_best(student, reference, cases, "the best end point below zero")


@check("q7", points=1)
def test_diverged(student, reference, rng):
    """A climb that ends in NaN loses, first or last in line"""
    ridge, cases = Ground(landscapes.log_ridge()), []
    # From 0.4 the climb ends near the top; from 0.05 its first step goes far beyond it, and the last start is better.
    ranges = ((0.3, 0.5), (0.04, 0.06))
    for i in rng.permutation(2):
        starts = np.array([[-rng.uniform(0.5, 1.0)], [rng.uniform(*ranges[i])], [rng.uniform(2.5, 3.5)]])
        expected = reference.best_of_restarts(ridge.value, ridge.gradient, starts[1:], 0.3, 6)
        cases += [(ridge.value, ridge.gradient, order, 0.3, 6, expected) for order in (starts, starts[::-1].copy())]
    _judge_best(student, reference, cases, "the best end point beside a diverged climb")


# --- Q8 basins ------------------------------------------------------------------------------------


def _ask_labels(student, _, rng):
    hills, left, valley, right = _two_hills(rng)
    beyond = valley + rng.uniform(0.15, 0.28, 6)  # nearer to the left peak, and they end on the right one
    starts = rng.permutation(np.append(beyond, rng.uniform(left, right, 8)))
    return student.basins(hills.gradient, starts[:, None], np.array([[left], [right]]), 0.1, 30)


@slips("q8", probe=_ask_labels)
def label_slips(reference):
    """Labels without a climb, and labels that count from 1."""

    def of_start(grad, starts, peaks, lr, _):
        return reference.basins(grad, starts, peaks, lr, 0)

    def from_1(*asked):
        return reference.basins(*asked) + 1

    nearest = "the labels: each start gets the peak nearest to itself. Hint: climb first; the end decides."
    yield Slip("of_start", "basins", of_start, "criterion", nearest)
    words = "the labels: counted from 1. Hint: a label is an index into peaks, from 0."
    yield Slip("from_1", "basins", from_1, "off_by_one", words)


@check("q8", points=2, core=True)
def test_labels(student, rng):
    """Every start gets the row of the peak its climb ends on, in whatever order the peaks are listed"""
    hills, left, valley, right = _two_hills(rng)
    # The fourth is nearer to the left peak, and ends on the right one.
    starts = np.array([left - 0.3, left + 0.3, valley - 0.6, valley + 0.25, valley + 0.6, right - 0.3, right + 0.3])
    ends_right = starts > valley
    for peaks, label in (([left, right], ends_right), ([right, left], ~ends_right)):
        order = rng.permutation(len(starts))
        expected = label[order].astype(int)
        places, tops = starts[order, None], np.array(peaks)[:, None]
        suspects = _label_mistakes(tops, expected)
        _require_labels(student.basins(hills.gradient, places, tops, 0.1, 8), expected, suspects)
    peaks = np.array([[left], [right]])
    # No step: the label is that of the start.
    _require_labels(student.basins(hills.gradient, peaks[::-1] + 0.2, peaks, 0.1, 0), np.array([1, 0]))


@check("q8", points=2)
def test_asymmetric_valley(student, reference, rng):
    """Where the valley is not half-way, the nearer peak is not always the right one"""
    valley = rng.uniform(0.9, 1.1)
    hills = Ground(landscapes.double_peak(-1.0, valley, 2.0))
    starts = np.array([2.4, 1.8, valley - 0.25, -1.2, -0.8, valley + 0.3])  # the third is nearer to 2, and ends on -1
    asked = hills.gradient, rng.permutation(starts)[:, None], np.array([[-1.0], [2.0]]), 0.15, 14
    _require_labels(student.basins(*asked), reference.basins(*asked))


@check("q8", points=1)
def test_two_dims(student, reference, rng):
    """The same over two coordinates, three peaks"""
    # Three peaks at distance 5 from each other, one of them four times as high. Two share their first coordinate:
    # a distance along that axis alone does not tell them apart.
    peaks = rng.uniform(-1.0, 1.0, 2) + 5 * np.array([[0.0, 0.0], [0.0, 1.0], [np.sqrt(0.75), 0.5]])
    high, low, _ = rng.permutation(3)
    hills = Ground(landscapes.gaussian_hills(peaks, np.where(np.arange(3) == high, 4.0, 1.0)))
    ends = np.array([0, 0, 1, 1, 2, 2, high])
    starts = peaks[ends] + rng.uniform(0.5, 0.9, (7, 2)) * rng.choice([-1.0, 1.0], (7, 2))
    starts[-1] = peaks[low] + rng.uniform(0.45, 0.47) * (peaks[high] - peaks[low])  # nearer to the low one
    order = rng.permutation(len(starts))
    asked = hills.gradient, starts[order], peaks, 0.2, 25
    _require_labels(student.basins(*asked), reference.basins(*asked), _label_mistakes(peaks, ends[order]))


# --- Q9 concepts ----------------------------------------------------------------------------------


def _places(rng):
    """(up, level, down) of every kind of place, with other numbers in each draw."""
    n = rng.integers(1, 5, (7, 3))
    signs = np.array([[1, 0, 0], [0, 0, 1], [1, 0, 1], [1, 1, 1], [1, 1, 0], [0, 1, 1], [0, 1, 0]])
    return rng.permutation(n * signs).tolist()


@rule(cases=_places)
def kind_of_place(up, level, down):
    if up and down:
        return "saddle"
    return "cannot tell" if level else "minimum" if up else "maximum"


def is_one_dip_and_not_convex(heights):
    """One local minimum among five heights, no two neighbours equal, and a rope below a point."""
    heights = np.asarray([float(h) for h in heights])
    steps = np.diff(heights)
    falls_then_rises = list(np.sign(steps)) == sorted(np.sign(steps))
    bends_down = np.min(np.diff(steps)) < -1e-9 * np.max(np.abs(heights))  # more than rounding
    return heights.shape == (5,) and np.isfinite(heights).all() and steps.all() and falls_then_rises and bends_down


ROLES = {
    "central difference": "computes a gradient",
    "back-propagation": "computes a gradient",
    "gradient descent": "uses a gradient",
    "momentum": "uses a gradient",
    "Armijo's rule": "uses a gradient",
    "convexity witness": "neither",
}


def has_right_roles(roles):
    return {name: role.strip().lower() for name, role in roles.items()} == ROLES


def _directions(rng):
    """Gradients of two and three coordinates; no angle near 90 degrees, where the slope is rounding."""
    return [(rng.uniform(0.5, 2.0, d), float(rng.uniform(*between))) for d in (2, 3) for between in _ANGLES]


_ANGLES = ((5.0, 80.0), (100.0, 175.0), (5.0, 80.0))


@rule(cases=_directions)
def slope_in_a_direction(g, degrees):
    return float(np.sqrt(np.sum(g**2)) * np.cos(np.deg2rad(degrees)))


@rule(cases=lambda rng: rng.uniform(0.5, 5.0, (6, 1)).tolist())
def rates_of_a_parabola(a):
    return 1 / (2 * a), 1 / a


# --- B1 backtracking_ascent -----------------------------------------------------------------------


_FIRST_THAT_PAYS = "the rate of a step is not the first one of lr0, lr0 / 2, lr0 / 4, … that pays"


@check("b1", points=1)
def test_path(student, reference, rng):
    """The rates are those of the rule: start from lr0 at every step, halve until it pays"""
    q, size = _rotation(rng, 2), rng.uniform(0.5, 2.0)
    dome = Ground(landscapes.quadratic(q @ np.diag([-1.5, -5.0]) @ q.T))
    hills, left, _, _ = _two_hills(rng)
    # Far left of the hills the ground is so steep that 0.25 must be halved; from the second step on it pays.
    cases = [(dome, size * q @ np.array([1.5, 1.2]), 1.5), (hills, np.array([left - 2.0]), 0.25)]
    # On the axis of a ridge one slope is exactly zero, and the climb goes on.
    cases.append((Ground(landscapes.quadratic(np.diag([-1.0, -3.0]))), np.array([0.0, 2.0]), 0.5))
    for ground, start, lr0 in cases:
        expected = reference.backtracking_ascent(ground.value, ground.gradient, start, lr0, 4)
        got = student.backtracking_ascent(ground.value, ground.gradient, start, lr0, 4)
        _require_path(
            got, expected, suspects=_backtracking_mistakes(ground, start, lr0, expected), rate=_FIRST_THAT_PAYS
        )


def _backtracking_mistakes(ground, start, lr0, expected):
    """Climbs of four steps: one that keeps a halved rate, and one that never halves."""
    for keeps, gain, words in (
        (True, 1e-4, "the halved rate is kept for the next step. Hint: begin with lr0 at every step."),
        (False, -np.inf, "the rate is never halved. Hint: halve it until the height pays."),
    ):
        path, rate = [start], lr0
        for _ in range(len(expected) - 1):
            x, g = path[-1], ground.gradient(path[-1])
            rate = rate if keeps else lr0
            while ground.value(x + rate * g) < ground.value(x) + gain * rate * np.sum(g**2) and rate > 1e-12:
                rate /= 2
            path.append(x + rate * g)
        if not _is_near(np.array(path), expected).all():
            yield Suspect(np.array(path), words, "stale" if keeps else "missing")


@check("b1", points=1)
def test_rule(student, rng):
    """A rate pays if it gains a ten-thousandth of r |g|², and after 60 halvings in vain the climb stops"""
    curvature = rng.uniform(0.15, 0.25)
    ground = Ground(landscapes.quadratic(np.array([[-curvature]])))
    start = np.array([rng.uniform(9.0, 11.0)])

    def step_of(rate):
        return (1 - rate * curvature) * start

    # On this dome rate r gains (1 - r curvature / 2) r |g|²: 0.5e-4 does not pay, 1.5e-4 does.
    little, enough = (2 * (1 - gain) / curvature for gain in (0.5e-4, 1.5e-4))
    good = 1.2 / curvature
    for lr0, rows in (
        (little, [start, step_of(little / 2)]),
        (enough, [start, step_of(enough)]),
        (good * 2.0**60, [start, step_of(good)]),
        (good * 2.0**61, [start]),
    ):
        got = student.backtracking_ascent(ground.value, ground.gradient, start, lr0, 1)
        _require_path(got, np.array(rows), too_many="goes on after 60 halvings in vain", rate=_FIRST_THAT_PAYS)


@check("b1", points=1)
def test_never_falls(student, rng):
    """From a first rate a thousand times too large the height never falls, and it rises in the end"""
    hills, left, _, _ = _two_hills(rng)
    start = np.array([left - 0.5])
    usual = start + 0.1 * hills.gradient(start)  # this rate pays at once
    got = student.backtracking_ascent(hills.value, hills.gradient, start, 0.1, 1)
    _require_path(got, np.array([start, usual]))
    path = _floats(student.backtracking_ascent(hills.value, hills.gradient, start, 1e3, 3))
    if path.ndim != 2 or path.shape[1] != 1 or not 2 <= len(path) <= 4:
        fail("the path: expected rows of one coordinate, row 0 the start and then a row a step.", "shape")
    if not np.isfinite(path).all():
        fail("the path: some rows are NaN or infinite.", "non_finite")
    assert_array(path[0], start, name="row 0")
    heights = [hills.value(x) for x in np.clip(path, -1e6, 1e6)]
    if np.any(np.diff(heights) < 0):
        fail("the height falls from one row to the next. Hint: halve the rate until the height pays.", "criterion")
    if heights[-1] <= heights[0]:
        fail("the height never rises.", "criterion")


@check("b1", points=1)
def test_undefined_height(student, reference, rng):
    """A trial whose height is NaN is refused like one that is too low"""
    ridge, start = Ground(landscapes.log_ridge()), rng.uniform(2.2, 3.4, 1)
    expected = reference.backtracking_ascent(ridge.value, ridge.gradient, start, 8.0, 4)
    got = student.backtracking_ascent(ridge.value, ridge.gradient, start, 8.0, 4)
    if np.isnan(_floats(got)).any():
        fail("a trial whose height is NaN was accepted. Hint: NaN is never too low; ask for high enough.", "non_finite")
    _require_path(got, expected, rate=_FIRST_THAT_PAYS)


# --- B2 leave_saddle ------------------------------------------------------------------------------


def _useful_seed(rng):
    """A seed whose first normal draw in the plane points at least 17 degrees off the ridge of the saddle."""
    while True:
        seed = int(rng.integers(1_000_000))
        u = np.random.default_rng(seed).standard_normal(2)
        if abs(u[0]) > 0.3 * np.sqrt(np.sum(u**2)):
            return seed


@check("b2", points=2)
def test_leaves(student, reference, rng):
    """From an exact saddle the climb reaches a peak; the kick is row 1 and has length radius"""
    valley = rng.uniform(-0.2, 0.2)
    hills = Ground(landscapes.twin_hills(-1.0, valley, 1.0))
    start = np.array([valley, 0.0])
    got = student.leave_saddle(hills.gradient, start, 0.3, 25, radius=0.1, seed=_useful_seed(rng))
    path = _kicked(got, start, 25)
    if not abs(np.sqrt(np.sum((path[1] - start) ** 2)) - 0.1) <= 1e-6:
        fail("row 1 is not at distance radius from the start.", "scale")
    climb = reference.gradient_ascent(hills.gradient, path[1], 0.3, 25)
    assert_array(path[1:], climb, name="the climb from the kicked start", rtol=1e-3)


def _kicked(got, start, n_steps):
    """A path with a kick: the start, another place, and one row a step."""
    path = _floats(got)
    if path.shape != (n_steps + 2, len(start)):
        fail("the path: expected the start, the kicked start, and one row a step.", "shape")
    assert_array(path[0], start, name="row 0")
    return path


@check("b2", points=1)
def test_seeded(student, reference, rng):
    """One seed gives one path, another seed another, and x0 is left alone"""
    ground, start = Ground(landscapes.saddle()), np.zeros(2)
    seed, radius = int(rng.integers(1_000_000)), rng.uniform(0.3, 0.7)
    kept = student.keep(start.copy())
    paths = [student.leave_saddle(ground.gradient, kept, 0.1, 2, radius=radius, seed=s) for s in (seed, seed, seed + 1)]
    assert_unchanged(student.fetch(kept), start, name="x0")
    first, again, other = (_kicked(path, start, 2) for path in paths)
    if not abs(np.sqrt(np.sum((first[1] - start) ** 2)) - radius) <= 1e-6:
        fail("row 1 is not at distance radius from the start.", "scale")
    climb = reference.gradient_ascent(ground.gradient, first[1], 0.1, 2)
    assert_array(first[1:], climb, name="the climb from the kicked start")
    if not np.array_equal(first, again):
        fail("the same seed gave two different paths.", "state")
    if np.array_equal(first, other):
        fail("two seeds gave the same path: the kick does not depend on the seed.", "ignored")
    by_default, seed_0 = (
        _kicked(student.leave_saddle(ground.gradient, kept, 0.1, 2, **seed), start, 2) for seed in ({}, {"seed": 0})
    )
    if not np.array_equal(by_default, seed_0):
        fail("without a seed the path is not that of seed 0.", "ignored")
    if not abs(np.sqrt(np.sum((by_default[1] - start) ** 2)) - 1e-3) <= 1e-8:
        fail("without a radius the kick is not 0.001 long.", "scale")


@check("b2", points=1)
def test_ordinary(student, rng):
    """On a slope there is no kick: the path is an ordinary climb"""
    grad, start, lr, path = _dome(rng, 2)
    climb, got = path(5), student.leave_saddle(grad, start, lr, 5)
    rows = _floats(got)
    if rows.shape == (len(climb) + 1, 2) and not _is_near(rows[:2], climb[:2]).all():
        fail("a kick on a slope. Hint: kick only where the norm of the gradient is at most tol.", "criterion")
    _require_path(got, climb)
    steep, gentle = np.array([3e-8, 0.0]), np.array([3e-9, 0.0])  # slopes on either side of the default tol
    for slope, rows in ((steep, 3), (gentle, 4)):
        got = _floats(student.leave_saddle(Formula("g + 0 * x", g=slope), np.zeros(2), 0.1, 2))
        if got.shape != (rows, 2):
            fail("the default tol, 1e-8, does not decide between a slope and level ground.", "criterion")


# --- B3 heavy_ball --------------------------------------------------------------------------------


def _rolled(curvature, start, lr, beta, n_steps):
    """The closed form on a dome of one coordinate: place and speed are multiplied by one matrix each step."""
    step = np.array([[1 - lr * curvature, lr * beta], [-curvature, beta]])
    states = [np.linalg.matrix_power(step, t) @ [start, 0.0] for t in range(n_steps + 1)]
    return np.array(states)[:, :1]


def _ask_ball(student, _, rng):
    grad, start, lr, _ = _dome(rng, 2)
    return student.heavy_ball(grad, start, lr, rng.uniform(0.5, 0.8), 5)


@slips("b3", probe=_ask_ball)
def ball_slips(reference):
    """Other momenta of the books."""

    def averaged(grad, x0, lr, beta, n_steps):
        return reference.heavy_ball(grad, x0, lr * (1 - beta), beta, n_steps)

    def looking_ahead(grad, x0, lr, beta, n_steps):
        path = [np.array(x0, dtype=np.float64)]
        v = np.zeros_like(path[0])
        for _ in range(n_steps):
            v = beta * v + grad(path[-1] + lr * beta * v)
            path.append(path[-1] + lr * v)
        return np.array(path)

    full = (
        "the gradient counts (1 - beta) times. Hint: the new speed is beta times the old one, plus the whole gradient."
    )
    yield Slip("averaged", "heavy_ball", averaged, "scale", full)
    here = "the gradient is taken ahead of the ball, as in Nesterov's rule. Hint: take it at x."
    yield Slip("looking_ahead", "heavy_ball", looking_ahead, "method", here)


@check("b3", points=1, core=True)
def test_matrix(student, rng):
    """On a dome of one coordinate every row is the one that powers of a matrix give"""
    curvature, start = rng.uniform(1.0, 2.0), rng.uniform(1.0, 2.0, 1) * rng.choice([-1.0, 1.0], 1)
    lr, beta = rng.uniform(0.1, 0.2), rng.uniform(0.5, 0.8)
    got = student.heavy_ball(Formula("-c * x", c=curvature), start, lr, beta, 6)
    expected = _rolled(curvature, start[0], lr, beta, 6)
    _require_at_rest(got, expected)
    _require_path(got, expected)


@check("b3", points=1)
def test_beta0(student, rng):
    """With beta = 0 and on a slope the rows are those of Question 3"""
    grad, start, lr, path = _dome(rng, 3)
    for n_steps in (4, 0):
        _require_path(student.heavy_ball(grad, start, lr, 0.0, n_steps), path(n_steps))


@check("b3", points=1)
def test_faster(student, reference, rng):
    """On a dome with curvatures -1 and -100 every row is right, and the last one is near the top"""
    q, top, angle = _rotation(rng, 2), rng.uniform(1.0, 2.0, 2), rng.uniform(0.6, 0.9)
    start = top + q @ np.array([np.cos(angle), np.sin(angle)])
    ridge = Formula("H @ (x - top)", H=q @ np.diag([-1.0, -100.0]) @ q.T, top=top)
    # Question 3 multiplies the distance by 99 / 101 at best, at rate 2 / 101: 691 steps to 1e-6. A third is 230.
    got, expected = (who.heavy_ball(ridge, start, 0.03, 0.67, 230) for who in (student, reference))
    path = _floats(got)
    if path.shape == expected.shape and _is_near(path[:1], expected[:1]).all():
        if not np.sqrt(np.sum((path[-1] - top) ** 2)) <= 1e-6:
            fail("after a third of the steps of Question 3 the top is not near.", "criterion")
        if not _is_near(path, expected).all():
            hint = "v is beta times the last v, plus the gradient at x; then x moves by lr times v. Nothing else"
            fail("ends at the top, but goes there another way", "value", subject="the path", hint=hint)
    _require_path(got, expected)


_ROLLS_ON = "stops where the ground is level. Hint: without a slope the speed is still beta times the old one."


@check("b3", points=1)
def test_memory(student, reference, rng):
    """The ball rolls on over level ground; each call begins at rest; x0 is left alone; grad may refill one array"""
    edge, beta = rng.uniform(1.0, 2.0), rng.uniform(0.5, 0.8)
    beside, ground = edge + rng.uniform(0.4, 0.6, 1), Ground(landscapes.plateau(edge))
    expected = reference.heavy_ball(ground.gradient, beside, 1.5, beta, 3)  # level from the first step on
    _require_path(student.heavy_ball(ground.gradient, beside, 1.5, beta, 3), expected, too_few=_ROLLS_ON)
    grad, start, lr, _ = _dome(rng, 2)
    kept = student.keep(start.copy())
    expected = reference.heavy_ball(grad, start, lr, 0.6, 5)
    for gradient in (grad, Callback(grad, reuse_buffer=True)):
        got = student.heavy_ball(gradient, kept, lr, 0.6, 5)
        assert_unchanged(student.fetch(kept), start, name="x0")
        _require_at_rest(got, expected)
        if gradient is not grad and not _is_path_of(got, expected):
            fail("the array that grad returns is kept, and grad refills it. Hint: make a new array.", "aliased")
        _require_path(got, expected)


def _is_path_of(got, expected):
    path = _floats(got)
    return path.shape == expected.shape and bool(_is_near(path, expected).all())


def _require_at_rest(got, expected):
    """Row 0 is right, and so is row 1: that of a ball which began without speed."""
    path = _floats(got)
    if path.shape == expected.shape and list(_is_near(path[:2], expected[:2])) == [True, False]:
        fail("the first step is another than lr times the gradient. Hint: each call begins with v = 0.", "state")
