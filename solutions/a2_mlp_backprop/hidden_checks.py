"""Hidden checks of A2, the two-layer network: the contract of notebook.py, on networks drawn anew.

Expected values come from the reference; what a known mistake would have given is computed beside them, so that
a failure can name the mistake: by generators, which compute it for a wrong answer only. A message names the property
and the diagnosis, never the input.
Where a question builds on an earlier one, the check hands over the reference's value; only the cache of `forward` is
the student's own, and a wrong forward is told from a wrong backward by differences.
`device=True` stands where float32 is enough. It is not for scores in the thousands, whose digits after the point
float32 cuts off; for an example that is certain already, with an error term of 1e-6, of which one digit is left; for
50 steps, each operation of which would be a message; or for who shares memory with whom.
"""

import itertools

import numpy as np

from autograder.authoring import (
    Callback,
    CheckFailed,
    Formula,
    SafeText,
    Slip,
    Suspect,
    assert_array,
    assert_gradients,
    assert_number,
    assert_unchanged,
    blocked,
    check,
    describe,
    fail,
    rule,
    slips,
)
from autograder.meter import Meter
from reference_impl import claims, mlp_variants, training_runs
from reference_impl.gradcheck import check_vjp

# N, D, H, K: all different, all equal, one example, one hidden unit, two classes, one of nearly everything.
SIZES = ((5, 4, 3, 6), (4, 4, 4, 4), (1, 3, 4, 2), (6, 2, 1, 3), (7, 3, 5, 2), (1, 1, 1, 2))
NAMES = ("W1", "b1", "W2", "b2")


# --- What came back -------------------------------------------------------------------------------


def _pair(got, what):
    """The two items of a returned pair."""
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        fail("expected a pair", "type", subject=what, got=describe(got))
    return got


def _forward(student, X, params):
    """The student's logits, and the cache, which stays with the student."""
    got = student.keeping("forward", item=1)(X, params)
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        fail("forward: expected the pair (logits, cache)", "type", got=describe(got))
    return got


def _scores(student, X, params, expected):
    """The student's logits in whatever form they come: alone, or a column an example. `logits` judges the form."""
    got = student.keeping("forward", item=1)(X, params)
    logits = got[0] if isinstance(got, (tuple, list)) and got else got
    turned = isinstance(logits, np.ndarray) and logits.shape == expected.T.shape
    return logits.T if turned else logits


def _is_right(got, expected):
    try:
        assert_array(got, expected)
    except CheckFailed:
        return False
    return True


def _require_dict(got, what):
    if not isinstance(got, dict):
        fail("expected a dict", "type", subject=what, got=describe(got))
    missing = [name for name in NAMES if name not in got]
    if missing:
        fail(SafeText(f"no entry for {', '.join(missing)}"), "keys", subject=what)
    if len(got) > len(NAMES):
        fail("expected the keys of params and nothing else, got more names.", "keys", subject=what)


def _require_params(got, expected, what, suspects=()):
    """A dict of parameters: names, then each array, or one of the suspected dicts."""
    _require_dict(got, what)
    try:
        for name in NAMES:
            assert_array(got[name], expected[name], name=SafeText(f"{what}: {name}"))
    except CheckFailed:
        for suspect in suspects:
            if not any(_is_right(got[n], expected[n]) for n in suspect.answer) and all(
                _is_right(got[n], suspect.answer[n]) for n in suspect.answer
            ):
                fail(suspect.message, suspect.diagnosis, subject=what)
        raise


def _kept(student, values):
    """Handles of copies: arrays, and dicts of arrays."""
    return student.keep_each(
        {name: _copied(value) if isinstance(value, dict) else value.copy() for name, value in values.items()}
    )


def _copied(params):
    return {name: array.copy() for name, array in params.items()}


def _require_unchanged(student, kept, before):
    """Kept arrays, and kept dicts of arrays, still hold what they held."""
    _require_same(student.fetch(kept), before)


def _require_same(fetched, before):
    for name, was in before.items():
        now = fetched[name]
        if isinstance(was, dict):
            if not isinstance(now, dict) or set(now) != set(was):
                fail("names were added or taken away. Hint: build a new dict.", "mutated", subject=name)
            for key, array in was.items():
                assert_unchanged(now[key], array, name=SafeText(f'{name}["{key}"]'))
        else:
            assert_unchanged(now, was, name=name)


# --- Q1 nested_derivative -------------------------------------------------------------------------

_LINKS = tuple(
    (Formula(f), Formula(df))
    for f, df in (
        ("np.sin(x)", "np.cos(x)"),
        ("x**2 + 0.5", "2 * x"),
        ("np.tanh(x)", "1 - np.tanh(x) ** 2"),
        ("np.exp(x / 2)", "np.exp(x / 2) / 2"),
        ("3 * x - 1", "np.full(np.shape(x), 3.0)"),
    )
)


def _require_nest(got, links, x):
    inner, slopes = [np.asarray(x, dtype=np.float64)], []
    for f, df in links:
        slopes.append(df(inner[-1]))
        inner.append(np.asarray(f(inner[-1])))
    y, slope = _pair(got, "(y, dy/dx)")
    outward = np.asarray(x, dtype=np.float64)
    for f, _ in reversed(links):
        outward = np.asarray(f(outward))
    assert_array(
        y,
        inner[-1],
        name="y",
        suspects=[Suspect(outward, "the functions are applied in the wrong order. Hint: fs[0] is innermost.", "chain")],
    )
    at_x = np.prod([df(inner[0]) for _, df in links], axis=0)
    at_output = np.prod([df(v) for (_, df), v in zip(links, inner[1:], strict=True)], axis=0)
    assert_array(
        slope,
        np.prod(slopes, axis=0),
        name="dy/dx",
        suspects=[
            Suspect(at_x, "every factor is taken at x. Hint: each at the value that goes into its function.", "chain"),
            Suspect(at_output, "each factor is taken at what comes out of its function, not at what goes in.", "chain"),
            Suspect(np.sum(slopes, axis=0), "the factors are added. Hint: the chain rule multiplies.", "chain"),
            Suspect(slopes[-1], "that is the outermost factor alone.", "chain"),
        ],
    )


@check("q1", points=5)
def test_nested(student, rng):
    """One to five functions, each factor at its own inner value, for arrays and for a float"""
    which = rng.permutation
    for order, x in (
        (which(3), rng.uniform(0.5, 1.5, (2, 3))),  # a sine, a square and a tanh: no slip is one factor throughout
        (which(5)[:1], rng.uniform(0.5, 1.5, 4)),
        (which(5)[:2], float(rng.uniform(0.5, 1.5))),
        (which(5), rng.uniform(0.5, 1.5, 3)),
        (which(5)[:4], rng.uniform(0.5, 1.5, (2, 2))),
    ):
        links = [_LINKS[i] for i in order]
        fs, dfs = [f for f, _ in links], [df for _, df in links]
        _require_nest(student.nested_derivative(fs, dfs, x), links, x)


@check("q1", points=1)
def test_empty(student, rng):
    """No functions: the value is x and the derivative is ones"""
    line = _LINKS[-1]  # its slope is the same everywhere
    _require_nest(student.nested_derivative([line[0]], [line[1]], 0.5), [line], 0.5)
    for x in (rng.uniform(0.5, 1.5, (2, 3)), rng.uniform(0.5, 1.5, 4)):
        y, slope = _pair(student.nested_derivative([], [], x), "(y, dy/dx)")
        assert_array(y, x, name="y of no functions")
        assert_array(slope, np.ones(x.shape), name="dy/dx of no functions")


# --- Q2 forward -----------------------------------------------------------------------------------


def _ask_forward(student, reference, rng):
    params, X, _ = reference.draw_case(rng, 5, 4, 3, 6)
    return student.keeping("forward", item=1)(X, params)[0]


def _softmax(scores):
    e = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


@slips("q2", probe=_ask_forward)
def forward_slips(_):
    """What goes wrong on the way to relu(X W1 + b1) W2 + b2. Nobody asks a slip for its cache."""

    def slip(name, kind, words, scores=lambda z2: z2, **parts):
        return Slip(name, "forward", lambda X, params: (scores(_network(X, params, **parts)), None), kind, words)

    def same(z):
        return z

    yield slip("no_relu", "chain", "matches a network without the relu.", act=same)
    twice = "matches a relu after the second layer too. Hint: logits may be negative."
    yield slip("relu_twice", "extra", twice, lambda z2: np.maximum(z2, 0))
    yield slip("no_b1", "missing", "matches a network without b1.", without=("b1",))
    yield slip("no_b2", "missing", "matches a network without b2.", without=("b2",))
    yield slip("no_biases", "missing", "matches a network without biases.", without=("b1", "b2"))
    softmax = "those are the probabilities. Hint: logits are the scores before the softmax."
    yield slip("probabilities", "quantity", softmax, _softmax)
    sigmoid = "matches sigmoid hidden units. Hint: this network has relu."
    yield slip("sigmoid", "method", sigmoid, act=lambda z: 1 / (1 + np.exp(-z)))
    yield slip("tanh", "method", "matches tanh hidden units. Hint: this network has relu.", act=np.tanh)


def _network(X, params, *, act=lambda z: np.maximum(z, 0), without=()):
    """The logits of a network with this activation, without some of its biases."""
    b1, b2 = (0 * params[name] if name in without else params[name] for name in ("b1", "b2"))
    return act(X @ params["W1"] + b1) @ params["W2"] + b2


@check("q2", points=6, device=True, core=True)
def test_logits(student, reference, rng):
    """The logits of six networks: sizes all different, all equal, one example, one hidden unit"""
    for sizes in SIZES:
        params, X, _ = reference.draw_case(rng, *sizes)
        logits, _ = _forward(student, X, params)
        expected, _ = reference.forward(X, params)
        assert_array(logits, expected, name="logits")


@check("q2", points=1, device=True)
def test_q2_pure(student, reference, rng):
    """Right twice with the same arguments, which stay as they are"""
    params, X, _ = reference.draw_case(rng, 5, 4, 3, 6)
    before = {"X": X, "params": params}
    kept = _kept(student, before)
    expected, _ = reference.forward(X, params)
    for _ in range(2):
        logits = _scores(student, kept["X"], kept["params"], expected)
        _require_unchanged(student, kept, before)
        assert_array(logits, expected, name="logits")


@check("q2", points=2, device=True)
def test_q2_f32(student, reference, rng):
    """float32 in, float32 out"""
    params, X, _ = reference.draw_case(rng, 5, 4, 3, 6, dtype=np.float32)
    expected, _ = reference.forward(X, params)
    assert_array(_scores(student, X, params, expected), expected, name="logits", dtype=np.float32)


# --- Q3 log_softmax -------------------------------------------------------------------------------


def _logits(rng, N, K, size=1.0):
    return size * rng.standard_normal((N, K))


def _ask_log_softmax(student, _, rng):
    return student.log_softmax(_logits(rng, 5, 3))


@slips("q3", probe=_ask_log_softmax)
def log_softmax_slips(reference):
    """What goes wrong on the way to s - m - log of the sum of exp(s - m)."""
    right = reference.log_softmax

    def slip(name, kind, words, variant):
        return Slip(name, "log_softmax", variant, kind, words)

    exponentials = "those are the probabilities. Hint: their logarithm is asked for."
    yield slip("probabilities", "quantity", exponentials, lambda s: np.exp(right(s)))
    columns = "normalised down the columns. Hint: a row is one example, axis=1."
    yield slip("columns", "axis", columns, lambda s: right(s.T).T)
    batch = "normalised over the whole batch. Hint: each row by itself, axis=1."
    yield slip("whole_batch", "axis", batch, lambda s: right(s.reshape(1, -1)).reshape(s.shape))
    for base in (2, 10):
        words = SafeText(f"that is the logarithm to base {base}. Hint: natural logarithm, np.log.")
        yield slip(f"base_{base}", "scale", words, lambda s, base=base: right(s) / np.log(base))
    norm = "divided by the 2-norm of the exponentials. Hint: by their sum."
    yield slip("two_norm", "method", norm, lambda s: _shifted(s) - np.log(np.sqrt(_sums(2 * _shifted(s)))))
    yield slip("no_sum", "missing", "the maximum is taken off, but the logarithm of the sum is missing.", _shifted)


def _shifted(s):
    return s - np.max(s, axis=1, keepdims=True)


def _sums(s):
    """The sum of the exponentials of each row."""
    return np.sum(np.exp(s), axis=1, keepdims=True)


def _square_mistakes(logits):
    """A maximum without keepdims fits square scores only."""
    if len(logits) == logits.shape[1]:
        off = logits - np.max(logits, axis=1)
        off = off - np.log(np.sum(np.exp(off), axis=1, keepdims=True))
        yield Suspect(off, "each row's maximum is taken off a column. Hint: np.max(…, axis=1, keepdims=True).", "axis")


@check("q3", points=3, device=True, core=True)
def test_log_softmax(student, reference, rng):
    """The values, for several sizes, square ones and single rows among them"""
    batches = [_logits(rng, N, K) for N, K in ((5, 3), (4, 4), (1, 6), (6, 2))]
    for logits, got in zip(batches, student.each("log_softmax", [(logits,) for logits in batches]), strict=True):
        assert_array(got, reference.log_softmax(logits), name="log_softmax", suspects=_square_mistakes(logits))


def _clipped(reference, logits):
    for most in (20, 50, 100, 500, 700, 709, 1000):  # below the last number whose exponential is finite, or round
        words = "the scores are clipped. Hint: take off each row's maximum instead; nothing is lost by that."
        yield Suspect(reference.log_softmax(np.clip(logits, -most, most)), words, "precision")


_SHIFT = "np.exp overflows, or a logarithm is taken of 0"


def _require_finite(got, name, words=_SHIFT, hint="take off each row's own maximum, and no logarithm of a softmax"):
    """NaN and infinity, in the words of what gives them here."""
    values = np.asarray(got) if isinstance(got, (float, np.ndarray, np.floating)) else np.zeros(0)
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        fail(words, "non_finite", subject=name, hint=hint)


def _require_uncut(got, expected, name):
    """Log-probabilities, or a cost, of thousands are not cut off: by clipping, or by a small number in a logarithm."""
    values = got if isinstance(got, np.ndarray) else np.asarray(got if isinstance(got, float) else np.nan)
    if values.shape == np.shape(expected) and values.dtype.kind == "f" and np.isfinite(values).all():
        off = np.abs(values - expected) > 1e-5 * np.maximum(1, np.abs(expected))
        if np.all((np.abs(values) < np.abs(expected)) | ~off) and np.any(off & (np.abs(expected) > 20)):
            words = "cut off: smaller than it is due. Hint: no clipping, and nothing added inside the logarithm."
            fail(words, "precision", subject=name)


@check("q3", points=1)
def test_q3_stable(student, reference, rng):
    """Scores thousands apart, and thousands below zero, give finite, right answers"""
    logits = _logits(rng, 4, 5)
    logits += 1000 * np.array([[3, 0, -3, 1, 2], [-9, -9, -9, -9, -9], [0, 5, 0, 0, 5], [1, 1, 1, 1, 1]])
    got = student.log_softmax(logits)
    _require_finite(got, "log_softmax of large scores")
    _require_uncut(got, reference.log_softmax(logits), "log_softmax of large scores")
    # entry by entry: next to -6000 the small ones would drown in a tolerance over the whole array
    assert_array(
        got, reference.log_softmax(logits), name="log_softmax of large scores", suspects=_clipped(reference, logits)
    )
    rows = np.asarray(got, dtype=np.float64)[[1, 3]]
    assert_array(rows, reference.log_softmax(logits)[[1, 3]], name="log_softmax of rows far from zero")


@check("q3", points=1)
def test_rowwise_shift(student, reference, rng):
    """An offset added to all scores of a row changes nothing, whatever the other rows' offsets are"""
    logits = _logits(rng, 4, 3)
    offsets = rng.permutation([-2000.0, 0.0, 900.0, 3000.0])[:, None]
    got = student.log_softmax(logits + offsets)
    _require_finite(got, "log_softmax of rows with offsets")
    # adding 3000 rounds a score to 2**-41: 5e-13, far below the tolerance
    assert_array(got, reference.log_softmax(logits), name="log_softmax of rows with offsets")


@check("q3", points=1, device=True)
def test_q3_f32(student, reference, rng):
    """float32 in, float32 out"""
    logits = _logits(rng, 5, 3).astype(np.float32)
    got = student.log_softmax(logits)
    assert_array(got, reference.log_softmax(logits), name="log_softmax", dtype=np.float32)


# --- Q4 cross_entropy -----------------------------------------------------------------------------


def _judge_cost(student, reference, logits, y, *, name="the cost"):
    assert_number(student.cross_entropy(logits, y), float(reference.cross_entropy(logits, y)), name=name)


def _ask_cost(student, reference, rng):
    return student.cross_entropy(_logits(rng, 5, 3), reference.draw_labels(rng, 5, 3))


@slips("q4", probe=_ask_cost)
def cost_slips(reference):
    """What goes wrong on the way to the mean of -log p. The variants take the scores and the labels."""
    right, log_p = reference.cross_entropy, reference.log_softmax

    def slip(name, kind, words, variant):
        return Slip(name, "cross_entropy", variant, kind, words)

    total = "yours is the sum over the batch. Hint: the cost is the mean."
    yield slip("sum", "scale", total, lambda s, y: len(y) * right(s, y))
    turned = "the sign is turned. Hint: minus the log-probability, so that small is good."
    yield slip("sign", "sign", turned, lambda s, y: -right(s, y))
    both = "yours is a sum and not the mean, and its sign is turned."
    yield slip("sign_of_sum", "sign", both, lambda s, y: -len(y) * right(s, y))
    classes = "yours is divided by K too. Hint: the mean is over the N examples."
    yield slip("over_NK", "scale", classes, lambda s, y: right(s, y) / s.shape[1])
    yield slip("over_N_twice", "scale", "yours is divided by N twice.", lambda s, y: right(s, y) / len(y))
    base = "that is the logarithm to base 2. Hint: natural logarithm, np.log."
    yield slip("base_2", "scale", base, lambda s, y: right(s, y) / np.log(2))
    columns = "yours averages whole columns. Hint: log_p[:, y] is (N, N), one entry a row is meant."
    yield slip("whole_columns", "axis", columns, lambda s, y: -np.mean(log_p(s)[:, y]))
    p = "that is the mean probability; its logarithm is missing."
    yield slip("no_log", "missing", p, lambda s, y: -np.mean(np.exp(log_p(s))[np.arange(len(y)), y]))


@check("q4", points=2, device=True, core=True)
def test_q4_value(student, reference, rng):
    """The cost of batches of several sizes"""
    for N, K in ((5, 3), (4, 4), (1, 6), (7, 2)):
        logits, y = _logits(rng, N, K), reference.draw_labels(rng, N, K)
        _judge_cost(student, reference, logits, y)


@check("q4", points=2, device=True)
def test_batch_mean(student, reference, rng):
    """The same examples five times over cost the same"""
    logits, y = _logits(rng, 3, 4), reference.draw_labels(rng, 3, 4)
    expected = float(reference.cross_entropy(logits, y))
    batches = [(np.tile(logits, (times, 1)), np.tile(y, times)) for times in (1, 5)]
    for times, got in zip((1, 5), student.each("cross_entropy", batches), strict=True):
        suspects = [Suspect(3 * times * expected, "grows with the batch. Hint: mean, not sum.", "scale")]
        assert_number(got, expected, name="the cost of a repeated batch", suspects=suspects)


@check("q4", points=1, device=True)
def test_extreme(student, reference, rng):
    """Scores about 1000 apart, once right and once wrong: exactly half of the difference"""
    offset, apart = float(rng.integers(-50, 50)), float(rng.integers(900, 1100))
    logits = offset + np.array([[apart, 0.0, -apart], [apart, 0.0, 0.0]])
    order = rng.permutation(2)
    far, labels = logits[order], np.array([0, 1])[order]
    name = "the cost of scores about 1000 apart"
    got = student.cross_entropy(far, labels)
    _require_finite(got, name)
    _require_uncut(got, reference.cross_entropy(far, labels), name)
    _judge_cost(student, reference, far, labels, name=name)
    # Among ordinary scores: there the cost is more than a difference of scores.
    logits, y = np.vstack([logits, rng.uniform(-1.0, 1.0, (4, 3))]), np.array([0, 1, *rng.integers(0, 3, 4)])
    order = rng.permutation(6)
    _judge_cost(student, reference, logits[order], y[order], name="the cost of scores about 1000 apart, and others")


# --- Q5 cross_entropy_grad ------------------------------------------------------------------------


def _judge_error_term(student, reference, logits, y, *, name="dlogits", **options):
    got = student.cross_entropy_grad(logits, y)
    _require_finite(got, name)
    assert_array(got, reference.cross_entropy_grad(logits, y), name=name, **options)


_RENUMBERED = "the classes that occur are numbered anew. Hint: y holds the class itself; some classes may not occur."


def _renumbered(reference, logits, y):
    """A one-hot made by np.unique, where that is not right by luck."""
    ranks = np.unique(y, return_inverse=True)[1].ravel()
    if np.any(ranks != y):
        grads = np.exp(reference.log_softmax(logits)) - np.eye(logits.shape[1])[ranks]
        yield Suspect(grads / len(y), _RENUMBERED, "edge")


def _ask_error_term(student, reference, rng):
    return student.cross_entropy_grad(_logits(rng, 5, 3), reference.draw_labels(rng, 5, 3))


@slips("q5", probe=_ask_error_term)
def error_term_slips(reference):
    """What goes wrong on the way to (p - one-hot) / N. The variants take the scores and the labels."""
    right = reference.cross_entropy_grad

    def slip(name, kind, words, variant):
        return Slip(name, "cross_entropy_grad", variant, kind, words)

    def p(s):
        return np.exp(reference.log_softmax(s))

    mean = "yours = N × the reference everywhere. Hint: the cost is a mean, so 1/N is missing."
    yield slip("no_1_over_N", "scale", mean, lambda s, y: len(y) * right(s, y))
    turned = "the sign is turned. Hint: probability minus one-hot."
    yield slip("sign", "sign", turned, lambda s, y: -right(s, y))
    both = "yours is target minus output, and 1/N is missing."
    yield slip("sign_no_1_over_N", "sign", both, lambda s, y: -len(y) * right(s, y))
    yield slip("1_over_N_twice", "scale", "yours is divided by N twice.", lambda s, y: right(s, y) / len(y))
    classes = "yours is divided by K too. Hint: a mean over the N examples."
    yield slip("1_over_NK", "scale", classes, lambda s, y: right(s, y) / s.shape[1])
    yield slip("no_one_hot", "chain", "the one-hot labels are not subtracted.", lambda s, y: p(s) / len(y))
    scores = "matches logits minus one-hot. Hint: probabilities, not scores."
    yield slip("no_softmax", "chain", scores, lambda s, y: (s - _one_hot(s, y)) / len(y))
    yield slip("no_softmax_no_1_over_N", "chain", scores, lambda s, y: s - _one_hot(s, y))
    slope = "an extra factor p (1 - p). Hint: with this cost it cancels."
    yield slip("slope_again", "chain", slope, lambda s, y: right(s, y) * p(s) * (1 - p(s)))


def _one_hot(scores, y):
    return np.eye(scores.shape[1])[y]


def _name_of(error):
    """The name of an exception of the student's: from a sandbox it comes in a field."""
    return getattr(error, "type_name", type(error).__name__)


@check("q5", points=5, device=True, core=True)
def test_q5_value(student, reference, rng):
    """The values, for several sizes, square ones and single examples among them"""
    for i, (N, K) in enumerate(((5, 3), (4, 4), (1, 6), (7, 2))):
        logits, y = _logits(rng, N, K), reference.draw_labels(rng, N, K)
        try:
            _judge_error_term(student, reference, logits, y, suspects=_renumbered(reference, logits, y))
        except Exception as error:
            if not i or _name_of(error) not in {"IndexError", "ValueError"}:
                raise
            words = "right for one batch, and an exception for a batch of another size"
            fail(words, "state", subject="dlogits", hint="take N and K from the arguments, each time")


@check("q5", points=1, device=True)
def test_missing_class(student, reference, rng):
    """Labels in which the last class, or all but one, do not occur"""
    # Neither starts at 0 without a gap: a one-hot made of the labels that occur must not be right by luck.
    for y in (rng.permutation([1, 3, 3, 4]), np.full(4, int(rng.integers(1, 5)))):
        logits = _logits(rng, 4, 6)
        suspects = _renumbered(reference, logits, y)
        try:
            _judge_error_term(student, reference, logits, y, name="dlogits with classes absent", suspects=suspects)
        except Exception as error:
            if _name_of(error) not in {"IndexError", "ValueError"} or not _takes_all_classes(student, rng):
                raise
            hint = "the number of classes is logits.shape[1], not np.max(y) + 1"
            fail("raises an exception if a class does not occur", "raised", subject="dlogits", hint=hint)


def _takes_all_classes(student, rng):
    """Whether a batch of the same size, in which every class occurs, gives no exception."""
    try:
        student.cross_entropy_grad(_logits(rng, 4, 4), rng.permutation(4))
    except Exception as error:
        if _name_of(error) not in {"IndexError", "ValueError"}:
            raise
        return False
    return True


@check("q5", points=1)
def test_q5_stable(student, reference, rng):
    """Scores thousands apart give finite, right answers"""
    logits = _logits(rng, 4, 3) + 1000 * np.array([[2, 0, -2], [-3, -3, -3], [0, 4, 4], [1, 0, 0]])
    y = np.array([2, 0, 1, 0])
    _judge_error_term(student, reference, logits, y, name="dlogits of large scores")


@check("q5", points=1, device=True)
def test_uint8(student, reference, rng):
    """Labels of dtype uint8 do as well as any"""
    logits, y = _logits(rng, 5, 4), reference.draw_labels(rng, 5, 4).astype(np.uint8)
    try:
        _judge_error_term(student, reference, logits, y, name="dlogits with uint8 labels")
    except CheckFailed:
        if _is_right(student.cross_entropy_grad(logits, y.astype(int)), reference.cross_entropy_grad(logits, y)):
            hint = "compute with y.astype(int): a byte has no minus and ends at 255"
            fail("right for the same labels as int64", "precision", subject="dlogits with uint8 labels", hint=hint)
        raise


@check("q5", points=1, device=True)
def test_q5_f32(student, reference, rng):
    """float32 in, float32 out"""
    logits, y = _logits(rng, 5, 3).astype(np.float32), reference.draw_labels(rng, 5, 3)
    _judge_error_term(student, reference, logits, y, dtype=np.float32)


@check("q5", points=1, device=True)
def test_q5_pure(student, reference, rng):
    """Right twice with the same arguments, which stay as they are"""
    logits, y = _logits(rng, 5, 3), reference.draw_labels(rng, 5, 3)
    before = {"logits": logits, "y": y}
    kept, expected = _kept(student, before), reference.cross_entropy_grad(logits, y)
    for _ in range(2):
        got = student.cross_entropy_grad(kept["logits"], kept["y"])
        _require_unchanged(student, kept, before)
        assert_array(got, expected, name="dlogits")


# --- Q6 relu_vjp, linear_vjp ----------------------------------------------------------------------


def _relu_case(rng, shape):
    """z and g of either sign; z is exactly 0, -0 and a little above 0 at some places."""
    g = rng.uniform(0.5, 2.0, shape) * rng.choice([-1.0, 1.0], shape)
    z = rng.uniform(0.5, 2.0, shape) * rng.choice([-1.0, 1.0], shape)
    z.flat[:3] = 0.0, -0.0, 1e-8  # the last one is on
    z = rng.permutation(z, axis=1)
    z.flat[-1] = 1.5
    return z, g


def _ask_relu_vjp(student, _, rng):
    return student.relu_vjp(*_relu_case(rng, (5, 4)))


@slips("q6", probe=_ask_relu_vjp)
def relu_slips(_):
    """What goes wrong on the way to g where z > 0. The variants take z and g."""
    closed = "Hint: relu'(0) = 0, so the condition is z > 0 (convention 3)."
    half_open = f"right except where z is exactly 0, where half of g comes through. {closed}"
    for name, variant, kind, words in (
        ("open_at_0", lambda z, g: np.where(z >= 0, g, 0 * g), "edge", f"right except where z is exactly 0. {closed}"),
        ("half_open", lambda z, g: np.where(z > 0, g, np.where(z == 0, g / 2, 0 * g)), "edge", half_open),
        (
            "relu_of_g",
            lambda z, g: np.maximum(g, 0 * z),
            "chain",
            "that is relu of g. Hint: z decides where g passes, not g.",
        ),
        (
            "slope_alone",
            lambda z, g: np.where(z > 0, g * 0 + 1, g * 0),
            "chain",
            "that is the slope alone. Hint: multiply by g.",
        ),
        (
            "relu_times_g",
            lambda z, g: np.maximum(z, 0) * g,
            "chain",
            "that is relu(z) times g. Hint: the slope of relu, not its value.",
        ),
        (
            "relu",
            lambda z, g: np.maximum(z, 0 * g),
            "chain",
            "that is relu itself. Hint: its derivative, times g.",
        ),
        ("where_off", lambda z, g: np.where(z < 0, g, 0 * g), "sign", "lets g through where the unit is off."),
    ):
        yield Slip(name, "relu_vjp", variant, kind, words)


@check("q6", points=3, device=True, core="relu_vjp")
def test_relu_vjp(student, reference, rng):
    """g where z > 0 and 0 elsewhere, at 0 and -0 too"""
    cases = [_relu_case(rng, shape) for shape in ((5, 4), (3, 3), (1, 6))]
    for (z, g), got in zip(cases, student.each("relu_vjp", cases), strict=True):
        suspects = [Suspect(g, "lets everything through.", "missing")]
        assert_array(got, reference.relu_vjp(z, g), name="relu_vjp", suspects=suspects)


@check("q6", points=1)
def test_relu_vjp_inf(student, reference, rng):
    """z of minus and plus infinity, and g near the largest float: the same rule, no NaN"""
    z = np.array([[-np.inf, np.inf, -1.0], [2.0, -1e308, 1e308]])
    sign = np.empty(6)
    for on in (False, True):  # g of either sign where the unit is off, and where it is on: never by chance that of z
        sign[np.ravel(z > 0) == on] = rng.permutation([-1.0, rng.choice([-1.0, 1.0]), 1.0])
    cases = [(z, (sign * size * np.linspace(0.5, 1.0, 6)).reshape(2, 3)) for size in (1.0, 1.7e308)]
    for (_, g), got in zip(cases, student.each("relu_vjp", cases), strict=True):
        words = "infinity times 0, or divided by infinity, is NaN"
        _require_finite(got, "relu_vjp at extreme numbers", words, "choose by z > 0; multiply by 0 or 1 only what is g")
        assert_array(got, reference.relu_vjp(z, g), name="relu_vjp at extreme numbers")


def _linear_case(rng, N, D, H):
    return rng.standard_normal((N, D)), rng.standard_normal((D, H)), rng.standard_normal((N, H))


def _three(got):
    if not isinstance(got, (tuple, list)) or len(got) != 3:
        fail("linear_vjp: expected the three arrays (dX, dW, db)", "type", got=describe(got))
    return got


def _ask_linear_vjp(student, _, rng):
    return student.linear_vjp(*_linear_case(rng, 5, 4, 3))


@slips("q6", probe=_ask_linear_vjp)
def linear_slips(reference):
    """Sums over the batch that go wrong. The variants take X, W and g."""
    averaged = "yours is 1/N × the reference. Hint: add up over the batch; the 1/N came with g."

    def scaled(*shares):
        """The right answer with each part multiplied, by 1 or by 1/N."""

        def variant(X, W, g):
            parts = reference.linear_vjp(X, W, g)
            return tuple(part / len(X) if share else part for part, share in zip(parts, shares, strict=True))

        return variant

    def without_sum(X, W, g):
        d_X, d_W, _ = reference.linear_vjp(X, W, g)
        return d_X, d_W, g

    def over_the_units(X, W, g):
        d_X, d_W, _ = reference.linear_vjp(X, W, g)
        return d_X, d_W, g.sum(axis=1)

    for name, variant, kind, words in (
        ("db_averaged", scaled(False, False, True), "scale", f"db: {averaged}"),
        ("dW_averaged", scaled(False, True, False), "scale", f"dW: {averaged}"),
        ("both_averaged", scaled(False, True, True), "scale", f"dW and db: {averaged}"),
        ("all_averaged", scaled(True, True, True), "scale", f"dX, dW and db: {averaged}"),
        (
            "db_not_summed",
            without_sum,
            "batch_sum",
            "db: one row an example. Hint: sum over axis 0.",
        ),
        ("db_over_units", over_the_units, "axis", "db: summed over the units. Hint: over the examples, axis=0."),
    ):
        yield Slip(name, "linear_vjp", variant, kind, words)


def _linear_mistakes(name, X, W, g):
    """Of dX, dW or db, where sizes are equal: with other sizes these mistakes raise an exception."""
    N = len(X)
    if name == "dX" and g.shape[1] == len(W):
        yield Suspect(g @ W, "matches g W. Hint: W transposed.", "transpose")
    if name == "dW" and X.shape[1] == N:
        yield Suspect(X @ g, "matches X g. Hint: X transposed.", "transpose")
    if name == "db" and g.shape[1] == N:
        yield Suspect(g.sum(axis=1), "summed over the units. Hint: over the examples, axis=0.", "axis")


@check("q6", points=5, device=True, core="linear_vjp")
def test_linear_vjp(student, reference, rng):
    """dX, dW, db for sizes all different, all equal, one example, one hidden unit, one input"""
    cases = [_linear_case(rng, *sizes) for sizes in ((5, 4, 3), (4, 4, 4), (1, 3, 4), (6, 3, 1), (3, 1, 4))]
    for (X, W, g), got in zip(cases, student.each("linear_vjp", cases), strict=True):
        N = len(X)
        for part, expected, name in zip(_three(got), reference.linear_vjp(X, W, g), ("dX", "dW", "db"), strict=True):
            suspects = _linear_mistakes(name, X, W, g) if N > 1 else ()
            if name == "db" and np.shape(part) == (N,) != expected.shape:
                fail("summed over the units. Hint: over the examples, axis=0.", "axis", subject=name)
            assert_array(part, expected, name=name, suspects=suspects, batch=N)


@check("q6", points=1)
def test_adjoint(student, rng):
    """g times the change of Z equals dX, dW and db times the changes of X, W and b"""
    X, W, _ = _linear_case(rng, 5, 4, 3)
    b = rng.standard_normal(3)
    moved = {  # what Z does when one of them changes
        "X": (X, lambda moving: moving @ W + b),
        "W": (W, lambda moving: X @ moving + b),
        "b": (b, lambda moving: X @ W + moving),
    }
    for i, (name, (value, Z)) in enumerate(moved.items()):

        def pull(g, i=i, name=name, shape=value.shape):
            part = _three(student.linear_vjp(X, W, g))[i]
            if np.shape(part) != shape:
                fail("expected the shape of what it is the gradient of", "shape", subject=SafeText(f"d{name}"))
            return part

        # Z is linear in each, so a step of 1 is as exact as a small one, and rounding is all the error there is.
        if not check_vjp(Z, pull, value, rng, h=1.0) <= 1e-5:
            fail(SafeText(f"does not answer a change of {name} as Z does"), "chain", subject=SafeText(f"d{name}"))


@check("q6", points=1, device=True)
def test_q6_pure(student, reference, rng):
    """Right twice with the same arguments, which stay as they are"""
    X, W, g = _linear_case(rng, 5, 4, 3)
    z = rng.permutation(np.linspace(-1.9, 2.1, 15)).reshape(5, 3)  # either side of 0, -1 and 1
    before = {"z": z, "X": X, "W": W, "g": g}
    kept = _kept(student, before)
    for _ in range(2):
        got = student.relu_vjp(kept["z"], kept["g"])
        _require_unchanged(student, kept, before)
        assert_array(got, reference.relu_vjp(z, g), name="relu_vjp")
        got = _three(student.linear_vjp(kept["X"], kept["W"], kept["g"]))
        _require_unchanged(student, kept, before)
        assert_array(got[1], reference.linear_vjp(X, W, g)[1], name="dW")


# --- Q7 backward ----------------------------------------------------------------------------------

# In the order of the computation, so that a message speaks of the first that is wrong.
_ORDER = ("W2", "b2", "b1", "W1")
_HINTS = {
    "W2": "look at the activations that enter the second layer, times dlogits",
    "b2": "dlogits, added up over the batch",
    "b1": "the second layer is right: look at dlogits times W2 transposed, and at the step through relu",
    "W1": "everything up to z1 is right: X transposed, times the error term of z1",
}


_OF_FORWARD = {"AttributeError", "IndexError", "KeyError", "NameError", "TypeError", "UnboundLocalError", "ValueError"}


def _pass(student, X, params):
    """The student's logits and cache, which stays with the student. Without a cache, Question 2 must pass first."""
    try:
        got = student.keeping("forward", item=1)(X, params)
    except Exception as error:
        if _name_of(error) not in _OF_FORWARD:
            raise
        blocked("q2", "your forward raises an exception")
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        blocked("q2", "your forward does not return the pair (logits, cache)")
    return got


def _grads(student, reference, case, passed=None):
    """The student's gradients for case = (params, X, dlogits). An exception can be due to forward, which is first."""
    params, X, g = case
    logits, cache = passed or _pass(student, X, params)
    try:
        return student.backward(g, cache, params)
    except Exception as error:
        _require_forward(student, reference, case, (logits, cache), error)
        raise


def _require_forward(student, reference, case, passed, error):
    """Question 2 must pass first if its answer can be why backward raises."""
    (params, X, _), (logits, cache) = case, passed
    if _name_of(error) not in _OF_FORWARD:
        return
    if _is_none(student, cache):
        blocked("q2", "your forward returns None for its cache")
    if not _is_right(logits, reference.forward(X, params)[0]):
        blocked("q2", "your forward gives other logits")


def _is_none(student, cache):
    try:
        return student.fetch(cache) is None
    except Exception:  # noqa: BLE001 — a cache of the student's own kind, which cannot be handed over
        return False


def _in_order(grads):
    return {name: np.asarray(grads[name]) for name in _ORDER}


def _by_name(got):
    """Gradients in whatever form they come: biases of shape (1, H), keys such as dW1, or four arrays in order."""
    if isinstance(got, (tuple, list)) and len(got) == len(NAMES):
        got = dict(zip(NAMES, got, strict=True))
    if not isinstance(got, dict):
        return got
    return {name.removeprefix("d"): _flat(name, part) for name, part in got.items() if isinstance(name, str)}


def _flat(name, part):
    """A bias of shape (1, H) as (H,)."""
    is_row = isinstance(part, np.ndarray) and part.ndim == 2 and len(part) == 1
    return part[0] if name.endswith(("b1", "b2")) and is_row else part


def _ask_backward(student, reference, rng):
    params, X, _ = reference.draw_case(rng, 5, 4, 3, 6)
    g = rng.standard_normal((5, 6))
    _, cache = student.keeping("forward", item=1)(X, params)
    return student.backward(g, cache, params)


def _gradients(X, act, d_z1, g):
    return {"W1": X.T @ d_z1, "b1": d_z1.sum(axis=0), "W2": act.T @ g, "b2": g.sum(axis=0)}


@slips("q7", probe=_ask_backward)
def backward_slips(reference):
    """What goes wrong on the way back. The variants take dlogits, the cache and params."""
    yield from _scaled_gradients(reference)
    yield from _gates()
    enters = "z1 stands in the place of a1. Hint: a1 enters the second layer."
    yield _other_way_back("z1_for_a1", enters, lambda d, cache: d * (cache["z1"] > 0), act="z1")
    yield _other_way_back("no_relu_at_all", "this is a network without any relu.", lambda d, _: d, act="z1")

    def sums_for_weights(g, cache, params):
        d_a1 = g.sum(axis=1, keepdims=True) * params["W2"].sum(axis=1)
        return _gradients(cache["X"], cache["a1"], d_a1 * (cache["z1"] > 0), g)

    apart = (
        "dlogits and W2 are summed apart. Hint: first each weight times its own error term, then the sum: dlogits W2ᵀ."
    )
    yield Slip("sums_for_weights", "backward", sums_for_weights, "chain", apart)

    def last_example(g, cache, params):
        return reference.backward(g[-1:], {key: part[-1:] for key, part in cache.items()}, params)

    last = "that is the gradient of the last example alone. Hint: add up over the batch."
    yield Slip("last_example", "backward", last_example, "batch_sum", last)


def _scaled_gradients(reference):
    """Gradients with a factor too many."""
    once = "Hint: the 1/N enters once, in cross_entropy_grad; dlogits brings it along."
    divided = f"yours is 1/N × the reference everywhere. {once}"
    biases, weights = (f"the gradients of the {of} are means over the batch. {once}" for of in ("biases", "weights"))
    for name, words, kind, factor, names in (
        ("1_over_N_again", divided, "scale", lambda n: 1 / n, NAMES),
        ("bias_means", biases, "scale", lambda n: 1 / n, ("b1", "b2")),
        ("weight_means", weights, "scale", lambda n: 1 / n, ("W1", "W2")),
        ("N_times", f"yours = N × the reference everywhere. {once}", "scale", lambda n: n, NAMES),
        ("sign", "yours = −1 × the reference everywhere.", "sign", lambda _: -1, NAMES),
    ):

        def variant(g, cache, params, factor=factor, names=names):
            grads = reference.backward(g, cache, params)
            return {key: factor(len(g)) * part if key in names else part for key, part in grads.items()}

        yield Slip(name, "backward", variant, kind, SafeText(words))


def _gates():
    """Wrong steps through relu."""
    yield _other_way_back("no_relu_step", "the step back through relu is missing.", lambda d, _: d)
    slope = "the step through relu multiplies by the activation. Hint: by the slope of relu, 0 or 1."
    yield _other_way_back("times_activation", slope, lambda d, cache: d * cache["a1"])
    sign = "the step through relu looks at the sign of the error term. Hint: the sign of z1 decides."
    yield _other_way_back("mask_from_error", sign, lambda d, _: d * (d > 0))
    closed = "the step through relu lets pass where the unit is off. Hint: where it is on, z1 > 0."
    yield _other_way_back("where_off", closed, lambda d, cache: d * (cache["z1"] <= 0))


def _other_way_back(name, words, gate, act="a1"):
    """A slip: another step through relu. gate: d_a1 and the cache -> d_z1. act: what enters the second layer."""

    def variant(g, cache, params):
        return _gradients(cache["X"], cache[act], gate(g @ params["W2"].T, cache), g)

    return Slip(name, "backward", variant, "chain", words)


def _backward_mistakes(reference, X, params, g):
    """The slips, and what fits square sizes only. g: dlogits (N, K)."""
    cache = reference.forward(X, params)[1]
    for slip in backward_slips(reference):
        yield Suspect(slip.variant(g, cache, params), SafeText(slip.words), slip.kind)
    W2, on = params["W2"], cache["z1"] > 0
    if W2.shape[0] == W2.shape[1]:
        grads = _gradients(X, cache["a1"], (g @ W2) * on, g)
        yield Suspect(grads, "W2 is not transposed on the way back.", "transpose")


def _agrees_with_own_forward(student, X, params, g, grads, rng):
    """Whether grads are the derivatives of sum(g * logits) of the student's own forward, along one direction each."""
    h = 1e-5
    for name, array in params.items():
        direction = rng.standard_normal(array.shape)
        sides = [(X, {**params, name: array + s * direction}) for s in (h, -h)]
        ends = [float(np.sum(g * np.asarray(got[0]))) for got in student.each("forward", sides)]
        slope, claim = (ends[0] - ends[1]) / (2 * h), float(np.sum(np.asarray(grads[name]) * direction))
        if slope == 0 or not abs(slope - claim) <= 1e-4 * abs(slope):  # zeros agree with zeros, and say nothing
            return False
    return True


def _blame_forward(student, reference, X, params, g, grads, rng):
    """Say so if the forward pass is not right: gradients of another network cannot be judged. No points either way."""
    try:
        logits, _ = _pair(student.forward(X, params), "(logits, cache)")
        if _is_right(logits, reference.forward(X, params)[0]):
            return
        agrees = _agrees_with_own_forward(student, X, params, g, grads, rng)
    except Exception:  # noqa: BLE001 — odd values, odd shapes: then there is nothing to add
        return
    told = "your backward agrees with your own forward" if agrees else "your forward gives other logits"
    blocked("q2", told)


def _judge_backward(student, reference, rng, case, got, *, suspects=(), strict=False):
    """got is the reference's answer to case = (params, X, dlogits); else say why, earlier questions first.

    strict: the form counts, and no penalty may be added. Elsewhere both are forgiven, so that they cost one check.
    """
    params, X, g = case
    expected = _in_order(reference.backward(g, reference.forward(X, params)[1], params))
    if not strict:
        got = _without_penalty(_by_name(got), expected, params)
    mistakes = itertools.chain(suspects, _backward_mistakes(reference, X, params, g)) if len(X) > 1 and g.any() else ()
    try:
        assert_gradients(
            got,
            expected,
            dtype=np.float32 if g.dtype == np.float32 else None,
            suspects=mistakes,
            batch=len(X),
            hints=_HINTS,
        )
    except CheckFailed as failure:
        _blame_forward(student, reference, X, params, g, got, rng)
        if failure.diagnosis in {"value", "precision"} and _is_penalty(got, expected, params):
            fail("a multiple of the parameters is added. Hint: no regularisation (convention 2).", "extra")
        if failure.diagnosis != "value":
            raise
        chain = "an error term is not what it should be"
        right = {"right": failure.right} if failure.right else {}
        raise CheckFailed(chain, "chain", subject=failure.subject, hint=failure.hint, **right) from None


def _is_penalty(got, expected, params):
    """Whether what got has too much is the same multiple of all weights, and of the biases or not."""
    return _penalty(got, expected, params) != 0


def _without_penalty(got, expected, params):
    """Gradients without the multiple of the parameters that was added to them."""
    share = _penalty(got, expected, params)
    less = {name: _less(got[name], share * params[name], expected[name]) for name in NAMES if share and name in got}
    return {**got, **less} if less else got


def _less(part, penalty, expected):
    """An array without a penalty, where it has one."""
    part = np.asarray(part)
    if part.shape != penalty.shape:
        return part
    rest = part - penalty
    plain = np.where(np.abs(rest) <= 1e-12 * np.abs(penalty), 0.0, rest).astype(part.dtype)  # what rounding left is 0
    return plain if _is_right(plain, expected) else part


def _penalty(got, expected, params):
    """The multiple of the parameters that was added to the weights' gradients; 0 if it is none."""
    try:
        more = {name: np.asarray(got[name], dtype=np.float64) - expected[name] for name in ("W1", "W2")}
    except (TypeError, ValueError, KeyError):
        return 0.0
    if any(more[name].shape != params[name].shape for name in more):
        return 0.0
    shares = [np.sum(more[name] * params[name]) / np.sum(params[name] ** 2) for name in more]
    # Beyond what float32 rounds: a device computes in it.
    alike = all(
        np.max(np.abs(more[name] - share * params[name])) <= 1e-6 * (np.max(np.abs(expected[name])) + 1e-3)
        for name, share in zip(more, shares, strict=True)
    )
    return float(shares[0]) if alike and abs(shares[0]) > 1e-5 and np.isclose(*shares, rtol=1e-2) else 0.0


def _plain_case(reference, rng, sizes):
    """A network with a share in it for every example, and gradients 0 or well away from it: tiny ones are for later."""
    while True:
        params, X, y = reference.draw_case(rng, *sizes)
        logits, cache = reference.forward(X, params)
        if sizes[2] > 1 and np.any(np.all(X @ params["W1"] + params["b1"] < 0, axis=1)):
            continue
        g = reference.cross_entropy_grad(logits, y)
        entries = np.concatenate([np.ravel(part) for part in reference.backward(g, cache, params).values()])
        if not np.any((entries != 0) & (np.abs(entries) < 3e-4)):
            return params, X, g


@check("q7", points=6, device=True, core=True)
def test_reference(student, reference, rng):
    """Every gradient of six networks: sizes all different, all equal, one example, one hidden unit"""
    for sizes in SIZES:
        params, X, g = _plain_case(reference, rng, sizes)
        got = _grads(student, reference, (params, X, g))
        _judge_backward(student, reference, rng, (params, X, g), got, strict=True)


def _messages_case(rng):
    """One example and four hidden units, in any order, each of which hears two messages.

    Two units are on and hear messages of both signs: one's nearly cancel, the other's sum is negative. One is on and
    hears messages of one sign. One is off: what it hears must stop there.
    """
    signs = rng.choice([-1.0, 1.0], 4)
    second = np.array([-rng.uniform(0.9, 0.95), -rng.uniform(0.4, 0.6), rng.uniform(0.4, 0.6), -rng.uniform(0.3, 0.5)])
    signs[1] = -1.0
    first = signs * rng.uniform(0.5, 1.0, 4)
    g = rng.uniform(0.5, 1.0, (1, 2)) * rng.permutation([-1.0, 1.0])
    order = rng.permutation(4)
    W2 = (np.column_stack([first, first * second]) / g)[order]
    X, W1 = rng.uniform(0.5, 1.0, (1, 3)), rng.standard_normal((3, 4))
    z1 = (np.array([1.0, 1.0, 1.0, -1.0]) * rng.uniform(0.5, 1.5, 4))[order]
    return {"W1": W1, "b1": z1 - (X @ W1)[0], "W2": W2, "b2": rng.standard_normal(2)}, X, g


def _message_mistakes(params, g, z1):
    """Other sums of the messages, and other gates. z1: (1, H)."""
    messages, on = g[0] * params["W2"], z1[0] > 0
    total = messages.sum(axis=1)
    yield Suspect(total, "what a unit hears passes where the unit is off, too. Hint: z1 decides.", "chain")
    for wrong in (np.maximum(total, 0), np.where(on, np.maximum(total, 0), 0.0)):
        yield Suspect(wrong, "masks by the sign of what comes back. Hint: z1 decides.", "chain")
    each = np.where(on, np.maximum(messages, 0).sum(axis=1), 0.0)
    yield Suspect(each, "messages below zero are left out. Hint: first add up all that a unit hears.", "chain")
    sizes = np.where(on, np.abs(messages).sum(axis=1), 0.0)
    yield Suspect(sizes, "sizes are added, without their signs. Hint: messages of two signs cancel.", "sign")
    yield Suspect(np.where(on, messages.mean(axis=1), 0.0), "a mean of the messages. Hint: a sum.", "scale")


@check("q7", points=2, device=True)
def test_arrows_add_up(student, reference, rng):
    """A hidden unit hears the sum of its messages, weight times error term, and passes it on if it is on"""
    params, X, g = _messages_case(rng)
    cache = reference.forward(X, params)[1]
    grads = _by_name(_grads(student, reference, (params, X, g)))
    if not isinstance(grads, dict) or "b1" not in grads:
        fail("expected a dict with the key b1", "type", got=describe(grads))
    expected, suspects = reference.backward(g, cache, params)["b1"], _message_mistakes(params, g, cache["z1"])
    try:
        assert_array(grads["b1"], expected, name="b1 for a batch of one", suspects=suspects)
    except CheckFailed:
        _blame_forward(student, reference, X, params, g, grads, rng)
        raise


@check("q7", points=2, device=True)
def test_linear_in_dlogits(student, reference, rng):
    """dlogits of any scalar, small, large and zero: twice in, twice out"""
    params, X, _ = reference.draw_case(rng, 15, 4, 3, 6)
    direction = rng.standard_normal((15, 6))  # its rows do not add up to 0, as those of a softmax do
    for size, word in ((1.0, ""), (1e-9, "tiny"), (1e6, "large"), (0.0, "zero")):
        g = size * direction
        got = _grads(student, reference, (params, X, g))
        try:
            _judge_backward(student, reference, rng, (params, X, g), got)
        except CheckFailed as failure:
            if not word or failure.diagnosis == "blocked":
                raise
            message = SafeText(f"right for ordinary dlogits and wrong for {word} ones: backward is not linear")
            fail(message, "extra" if failure.diagnosis in {"value", "chain"} else failure.diagnosis)


def _kink_case(rng):
    """Small whole numbers; unit 0 is exactly at 0 for every other example, unit 1 is on, unit 2 is off."""
    X = rng.integers(1, 4, (4, 2)).astype(float)
    X[:, 0] = X[:, 1] + np.array([0.0, 1.0, 0.0, 1.0])  # z1[:, 0] = x0 - x1
    W1 = np.array([[1.0, 1.0, -1.0], [-1.0, 2.0, -1.0]])
    # one sign a row, and dlogits positive: what comes back to the unit at 0 cannot cancel
    W2 = rng.integers(1, 4, (3, 2)) * rng.choice([-1.0, 1.0], (3, 1))
    params = {"W1": W1, "b1": np.zeros(3), "W2": W2, "b2": np.zeros(2)}
    return params, X, 0.1 * rng.integers(1, 4, (4, 2))


@check("q7", points=2, device=True)
def test_kink(student, reference, rng):
    """A unit whose z1 is exactly 0 sends nothing back"""
    params, X, g = _kink_case(rng)
    got = _grads(student, reference, (params, X, g))
    z1 = reference.forward(X, params)[1]["z1"]
    suspects = []
    for share in (1.0, 0.5):
        d_z1 = (g @ params["W2"].T) * np.where(z1 > 0, 1.0, np.where(z1 == 0, share, 0.0))
        told = "right except where z1 is exactly 0. Hint: relu'(0) = 0 (convention 3)."
        suspects.append(Suspect({"b1": d_z1.sum(axis=0), "W1": X.T @ d_z1}, told, "edge"))
    _judge_backward(student, reference, rng, (params, X, g), got, suspects=suspects)


@check("q7", points=1, device=True)
def test_interleaved(student, reference, rng):
    """Two forward passes, then the two backward passes: each cache belongs to its own pass"""
    cases = [reference.draw_case(rng, 15, 4, 3, 6) for _ in range(2)]
    passes = [_pass(student, X, params) for params, X, _ in cases]
    g = rng.standard_normal((15, 6))
    for (params, X, _), other, passed in zip(cases, cases[::-1], passes, strict=True):
        got = _grads(student, reference, (params, X, g), passed)
        suspects = _mixed_up(reference, other, g, params)
        _judge_backward(student, reference, rng, (params, X, g), got, suspects=suspects)


def _mixed_up(reference, other, g, params):
    other_params, other_X, _ = other
    mixed = reference.backward(g, reference.forward(other_X, other_params)[1], params)
    yield Suspect(mixed, "uses the activations of the other forward pass. Hint: no global variables.", "state")


@check("q7", points=1)
def test_repeatable(student, reference, rng):
    """Right twice from one cache; arguments are left alone and the gradients own their memory"""
    params, X, _ = reference.draw_case(rng, 15, 4, 3, 6)
    g = rng.standard_normal((15, 6))
    before = {"dlogits": g, "params": params}
    kept = _kept(student, before)
    passed = _pass(student, X, params)
    for attempt in range(2):
        try:
            result = student.keeping("backward")(kept["dlogits"], passed[1], kept["params"])
        except Exception as error:
            if not attempt:
                _require_forward(student, reference, (params, X, g), passed, error)
            if not attempt or _name_of(error) not in {"IndexError", "KeyError", "TypeError", "ValueError"}:
                raise
            fail("right the first time, and an exception the second: the cache was used up or changed.", "state")
        got, now = student.fetch([result, kept])
        _require_same(now, before)
        try:
            _judge_backward(student, reference, rng, (params, X, g), got)
        except CheckFailed:
            if not attempt:
                raise
            fail("right the first time and wrong the second: the cache was used up or changed.", "state")
    _spoil(student, kept, before)
    _require_own_memory(student, result, _by_name(got), "the gradients")


def _spoil(student, kept, values):
    """Write other numbers into kept arrays, and into those of kept dicts."""
    student.overwrite(
        kept,
        {
            name: {key: np.full_like(array, 7.0) for key, array in value.items()}
            if isinstance(value, dict)
            else np.full_like(value, 7.0)
            for name, value in values.items()
        },
    )


def _require_own_memory(student, kept, before, what):
    """A kept dict still holds what it held, after its arguments were written over."""
    now = _by_name(student.fetch(kept))
    if not all(np.array_equal(now[name], before[name]) for name in NAMES):
        fail("they change when the arguments do: they share memory. Hint: copy.", "aliased", subject=what)


@check("q7", points=2, device=True)
def test_q7_f32(student, reference, rng):
    """float32 in, float32 out"""
    params, X, y = reference.draw_case(rng, 5, 4, 3, 6, dtype=np.float32)
    g = reference.cross_entropy_grad(reference.forward(X, params)[0], y)
    passed = _pass(student, X, params)
    if getattr(passed[0], "dtype", None) != np.float32:
        blocked("q2", "your forward gives other numbers than float32 already")
    got = _grads(student, reference, (params, X, g), passed)
    _judge_backward(student, reference, rng, (params, X, g), got)


# --- Q8 sgd_update --------------------------------------------------------------------------------


def _two_dicts(reference, rng, sizes=(5, 4, 3, 6)):
    return reference.draw_case(rng, *sizes)[0], reference.draw_case(rng, *sizes)[0]


@slips("q8", probe=lambda student, reference, rng: student.sgd_update(*_two_dicts(reference, rng), 0.1))
def step_slips(reference):
    """What goes wrong in p - lr * g. The variants take params, grads and the rate."""
    right = reference.sgd_update
    uphill = "uphill. Hint: to make a cost small, subtract."
    yield Slip("uphill", "sgd_update", lambda p, g, lr: right(p, g, -lr), "sign", uphill)
    no_rate = "matches a step without the rate."
    yield Slip("no_rate", "sgd_update", lambda p, g, _: right(p, g, 1.0), "scale", no_rate)
    for name, still in (("biases_stay", ("b1", "b2")), ("weights_stay", ("W1", "W2"))):

        def variant(p, g, lr, still=still):
            return {key: p[key].copy() if key in still else part for key, part in right(p, g, lr).items()}

        words = "the biases have not moved." if "b1" in still else "the weights have not moved."
        yield Slip(name, "sgd_update", variant, "missing", words)


@check("q8", points=2, device=True, core=True)
def test_update(student, reference, rng):
    """Every parameter moves by the rate times its gradient, downhill"""
    for sizes, lr in (((5, 4, 3, 6), 0.1), ((1, 3, 3, 3), 2.0)):
        params, grads = _two_dicts(reference, rng, sizes)
        suspects = [
            Suspect(params, "nothing has moved.", "zero"),
        ]
        expected = reference.sgd_update(params, grads, lr)
        _require_params(student.sgd_update(params, grads, lr), expected, "the new parameters", suspects)


@check("q8", points=1)
def test_own_memory(student, reference, rng):
    """params and grads are left alone, and the new arrays share nothing with them"""
    params, grads = _two_dicts(reference, rng)
    before = {"params": params, "grads": grads}
    kept = _kept(student, before)
    result = student.keeping("sgd_update")(kept["params"], kept["grads"], 0.1)
    got, now = student.fetch([result, kept])
    _require_same(now, before)
    expected = reference.sgd_update(params, grads, 0.1)
    _require_params(got, expected, "the new parameters")
    _spoil(student, kept, before)
    _require_own_memory(student, result, got, "the new parameters")


# --- Q9 train -------------------------------------------------------------------------------------


def _ask_train(student, reference, rng):
    params, X, y = reference.draw_case(rng, 5, 4, 3, 6)
    after, losses = student.train(X, y, params, 0.3, 6)
    return after, np.ravel(losses)


@slips("q9", probe=_ask_train)
def training_slips(reference):
    """Loops that go wrong. The variants take X, y, params, the rate and the number of steps."""

    def of_run(name, words, run):
        """run: gives the parameters before each step and after the last, and the cost is taken at each but the last."""

        def variant(X, y, params, lr, n_steps):
            networks = run(reference, X, y, params, lr, n_steps)
            return networks[-1], _costs(reference, X, y, networks[:-1])

        return Slip(name, "train", variant, "stale", words)

    def loss_after(X, y, params, lr, n_steps):
        networks = [reference.train(X, y, params, lr, steps)[0] for steps in range(n_steps + 1)]
        return networks[-1], _costs(reference, X, y, networks[1:])

    moves_at_once = "matches a backward that uses W2 after its update. Hint: move all at once."
    yield of_run("W2_after_its_update", moves_at_once, _updated_first)
    yield Slip(
        "loss_after_the_step", "train", loss_after, "stale", "losses[t] is the cost after step t. Hint: before it."
    )
    uphill = "the training climbs. Hint: subtract."
    yield Slip("uphill", "train", lambda X, y, p, lr, n: reference.train(X, y, p, -lr, n), "sign", uphill)
    total = "losses: N × the reference everywhere, a sum over the batch."

    def summed(X, y, params, lr, n_steps):
        after, losses = reference.train(X, y, params, lr, n_steps)
        return after, len(X) * np.asarray(losses)

    yield Slip("losses_summed", "train", summed, "scale", total)


def _costs(reference, X, y, networks):
    return np.array([float(reference.cross_entropy(reference.forward(X, p)[0], y)) for p in networks])


def _updated_first(reference, X, y, params, lr, n_steps):
    """The networks before each step, and after the last, of a loop that moves W2 before it goes back through it."""
    networks = [_copied(params)]
    for _ in range(n_steps):
        now = networks[-1]
        logits, cache = reference.forward(X, now)
        g = reference.cross_entropy_grad(logits, y)
        grads = reference.backward(g, cache, now)
        stale = reference.backward(g, cache, {**now, "W2": now["W2"] - lr * grads["W2"]})
        networks.append(reference.sgd_update(now, {**grads, "W1": stale["W1"], "b1": stale["b1"]}, lr))
    return networks


def _one_cache(reference, X, y, params, lr, n_steps):
    """The parameters after a loop that uses the forward pass of its first step in every step."""
    logits, cache = reference.forward(X, params)
    g, now = reference.cross_entropy_grad(logits, y), _copied(params)
    for _ in range(n_steps):
        now = reference.sgd_update(now, reference.backward(g, cache, now), lr)
    return now


def _training_mistakes(reference, X, y, params, lr, n_steps):
    """Final parameters of training loops that go wrong."""
    moves_at_once = "matches a backward that uses W2 after its update. Hint: move all at once."
    yield Suspect(_updated_first(reference, X, y, params, lr, n_steps)[-1], moves_at_once, "stale")
    anew = "matches the forward pass of the first step in every step. Hint: run it anew."
    yield Suspect(_one_cache(reference, X, y, params, lr, n_steps), anew, "stale")
    yield Suspect(reference.train(X, y, params, -lr, n_steps)[0], "the training climbs. Hint: subtract.", "sign")
    for steps, told in ((n_steps - 1, "one step too few."), (n_steps + 1, "one step too many.")):
        yield Suspect(reference.train(X, y, params, lr, steps)[0], told, "off_by_one")
    for size, whole, told in (
        (1, True, "a step for each example. Hint: one step for the whole batch."),
        (2, True, "a step for every two examples. Hint: one step for the whole batch."),
        (2, False, "a step for every two examples, without the last. Hint: one step for the whole batch."),
    ):
        yield Suspect(_in_parts(reference, X, y, params, lr, n_steps, size, whole), told, "criterion")
    yield Suspect(params, "nothing has moved.", "zero")


def _in_parts(reference, X, y, params, lr, n_steps, size, whole):
    """Final parameters of a loop with steps for parts of the batch. whole: with the last, shorter part, too."""
    end = len(X) if whole else len(X) - len(X) % size
    for _ in range(n_steps):
        for i in range(0, end, size):
            params, _ = reference.train(X[i : i + size], y[i : i + size], params, lr, 1)
    return params


def _loss_mistakes(reference, got, expected, X, y, params, lr, n_steps):
    """What known slips make of the losses."""
    run = [reference.train(X, y, params, lr, steps)[0] for steps in range(n_steps + 1)]

    def costs(networks, read=lambda logits, _: logits):
        return np.array([float(reference.cross_entropy(read(reference.forward(X, p)[0], p), y)) for p in networks])

    yield Suspect(len(X) * expected, "yours = N × the reference everywhere: a sum over the batch.", "scale")
    yield Suspect(costs(run[1:]), "losses[t] is the cost after step t. Hint: before it.", "stale")
    yield Suspect(np.full_like(expected, expected[0]), "the cost never changes.", "stale")
    without = costs(run[:-1], lambda logits, p: logits - p["b2"])
    yield Suspect(without, "the costs of a network without b2. Hint: call forward.", "missing")
    closed = costs(run[:-1], lambda logits, _: np.maximum(logits, 0))
    yield Suspect(closed, "the costs of a network with a relu on the logits. Hint: call forward.", "extra")
    more = np.asarray(got, dtype=np.float64) - expected if np.shape(got) == expected.shape else 0 * expected
    for names in (("W1", "W2"), NAMES):
        sizes = np.array([sum(float(np.sum(p[name] ** 2)) for name in names) for p in run[:-1]])
        penalty = "a multiple of the squared parameters is added. Hint: no regularisation (convention 2)."
        if np.mean(more / sizes) > 1e-6:
            yield Suspect(expected + np.mean(more / sizes) * sizes, penalty, "extra")


def _require_losses(got, expected, suspects):
    if isinstance(got, (list, tuple, np.ndarray)) and np.ndim(got) == 1 and len(got) == len(expected) + 1:
        fail("losses: one too many. Hint: one number a step, each before its step.", "off_by_one")
    values = np.ravel(got) if isinstance(got, np.ndarray) and got.size == expected.size else got
    assert_array(values, expected, name="losses", suspects=suspects)


@check("q9", points=4, device=True, core=True)
def test_trajectory(student, reference, rng):
    """Six steps: the losses before each, and the parameters after the last"""
    # A rate at which six steps go somewhere: a stale W2 then moves W1 by far more than 1e-5.
    lr, n_steps = 0.3, 6
    params, X, y = reference.draw_case(rng, 5, 4, 3, 6)
    got = _pair(student.train(X, y, params, lr, n_steps), "(params, losses)")
    expected, losses = reference.train(X, y, params, lr, n_steps)
    case = X, y, params, lr, n_steps
    try:
        _require_params(got[0], expected, "the parameters after six steps", _training_mistakes(reference, *case))
    except CheckFailed as failure:
        if failure.diagnosis == "value":
            _explain_training(student, reference, X, y, params, lr)
        raise
    losses = np.asarray(losses)
    _require_losses(got[1], losses, _loss_mistakes(reference, got[1], losses, *case))


def _explain_training(student, reference, X, y, params, lr):
    """Fail with the step that goes wrong: the first, or a later one."""
    after = _pair(student.train(X, y, params, lr, 1), "(params, losses)")[0]
    expected = reference.train(X, y, params, lr, 1)[0]
    if isinstance(after, dict) and all(name in after and _is_right(after[name], expected[name]) for name in NAMES):
        fail("the first step is right, and a later one is not. Hint: run all of it anew in each step.", "stale")
    fail("the first step is not that of the whole batch's gradient, times the rate.", "chain")


@check("q9", points=1)
def test_zero_steps(student, reference, rng):
    """One step moves a copy of the parameters; no steps: a copy of them, and no losses"""
    params, X, y = reference.draw_case(rng, 5, 4, 3, 6)
    kept = student.keep(_copied(params))
    after, _ = _pair(student.train(X, y, kept, 0.1, 1), "(params, losses)")
    _require_unchanged(student, {"params": kept}, {"params": params})
    _require_dict(after, "the parameters after one step")
    if any(_is_right(after[name], params[name]) for name in ("W2", "b2")):  # no unit that is off can hold these still
        fail("the parameters after one step: nothing has moved.", "zero")
    expected, mistakes = reference.train(X, y, params, 0.1, 1)[0], _training_mistakes(reference, X, y, params, 0.1, 1)
    _require_params(after, expected, "the parameters after one step", mistakes)
    got = _pair(student.keeping("train", item=0)(X, y, kept, 0.1, 0), "(params, losses)")
    if np.size(got[1]):
        fail("losses: no steps, and still some losses.", "shape")
    unmoved = student.fetch(got[0])
    _require_params(unmoved, params, "the parameters after no steps")
    _spoil(student, {"params": kept}, {"params": params})
    _require_own_memory(student, got[0], unmoved, "the parameters")


def _xor_case(reference, rng):
    """Exclusive-or and a start from which the reference learns it, to a cost of 0.01.

    One start, with its hidden units in any order: whether a wrong step learns something depends on the start. From
    this one few do, and all are well off the border: of 22 wrong steps none ends between 0.034 and 0.5.
    The plane is turned by some angle, and the weights with it: then a step does the same as before, and weights that
    were trained elsewhere do not fit.
    """
    X, y = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0, 1, 1, 0])
    params, _, _ = reference.draw_case(np.random.default_rng(8103), 4, 2, 8, 2)
    order, angle = rng.permutation(8), rng.uniform(0.8, 5.5)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    X = X @ turn
    return (
        {
            "W1": turn.T @ params["W1"][:, order],
            "b1": params["b1"][order],
            "W2": params["W2"][order],
            "b2": params["b2"],
        },
        X,
        y,
    )


@check("q9", points=1)
def test_learns(student, reference, rng):
    """Exclusive-or is learned: in 50 steps its cost falls below 0.1"""
    params, X, y = _xor_case(reference, rng)
    after, _ = _pair(student.train(X, y, params, 2.0, 50), "(params, losses)")
    _require_dict(after, "the trained parameters")
    for name in NAMES:
        if np.size(after[name]) != params[name].size:
            fail("the trained parameters: one has another size than before.", "shape")
    trained = {name: np.asarray(after[name], dtype=np.float64).reshape(params[name].shape) for name in NAMES}
    cost = float(reference.cross_entropy(reference.forward(X, trained)[0], y))
    if not cost < 0.1:
        fail("exclusive-or is not learned: its cost is still above 0.1 after 50 steps.", "value")


# --- Q10 concepts ---------------------------------------------------------------------------------


def _outputs_and_targets(rng):
    """Outputs of a sigmoid, and targets on either side of them."""
    outputs = rng.uniform(0.1, 0.9, 6).tolist()
    targets = np.clip(outputs + np.array([-1.0, 1.0, -0.3, 0.3, -1.0, 0.5]), 0.0, 1.0).tolist()
    return list(zip(outputs, targets, strict=True))


@rule(cases=_outputs_and_targets)
def error_term_that_keeps_its_slope(a, y):
    return (a - y) * a * (1 - a)


def _sets_of_names(rng):
    """All sixteen sets of parameters."""
    sets = [set(some) for size in range(5) for some in itertools.combinations(NAMES, size)]
    return [(sets[i],) for i in rng.permutation(16)]


@rule(cases=_sets_of_names)
def changed_by_the_first_step(zero):
    if {"W1", "b1"} <= zero:
        return {"b2"}
    return {"W2", "b2"} if "W2" in zero else set(NAMES)


def _networks_with_units_off(rng):
    """Sizes D, H, K, and how many of the H hidden units are off: one, more, and all."""
    for off in (1, 1, 2, 3, 4, 5):
        D, K = (int(n) for n in rng.integers(2, 9, 2))
        yield D, int(rng.integers(5, 9)) if off < 5 else 5, K, off


@rule(cases=_networks_with_units_off)
def zeros_of_units_that_are_off(D, H, K, off):  # noqa: ARG001 — H does not matter
    return off * (D + 1 + K)


# --- B1 sigmoid_network ---------------------------------------------------------------------------


def _sigmoid_case(reference, rng, sizes):
    params, X, _ = reference.draw_case(rng, *sizes)
    Y = rng.uniform(0.0, 1.0, (sizes[0], sizes[3]))
    return params, X, Y, mlp_variants.sigmoid_network(X, Y, params)


def _matched_by_mistake(X, Y, params):
    """Gradients with output minus target as the error term, and with a relu's slope in the hidden layer."""
    a1 = mlp_variants.sigmoid(X @ params["W1"] + params["b1"])
    a2 = mlp_variants.sigmoid(a1 @ params["W2"] + params["b2"])

    def grads(d_z2, slope):
        d_z1 = (d_z2 @ params["W2"].T) * slope
        return {"W2": a1.T @ d_z2, "b2": d_z2.sum(axis=0), "b1": d_z1.sum(axis=0), "W1": X.T @ d_z1}

    d = (a2 - Y) / len(X)
    told = "matches output minus target. Hint: this cost does not cancel the sigmoid's slope a (1 − a)."
    yield Suspect(grads(d, a1 * (1 - a1)), told, "chain")
    yield Suspect(grads(d * a2 * (1 - a2), 1.0), "the slope of the hidden sigmoid is missing.", "chain")
    yield Suspect(
        {k: len(X) * v for k, v in grads(d * a2 * (1 - a2), a1 * (1 - a1)).items()},
        "yours = N × the reference everywhere. Hint: the cost is a mean over the batch.",
        "scale",
    )


@check("b1", points=3, device=True)
def test_gradients(student, reference, rng):
    """Cost and gradients for sizes all different, all equal, and one example"""
    for sizes in ((5, 4, 3, 6), (4, 4, 4, 4), (1, 3, 4, 2)):
        params, X, Y, (cost, grads) = _sigmoid_case(reference, rng, sizes)
        got = _pair(student.sigmoid_network(X, Y, params), "(cost, grads)")
        twice = [Suspect(2 * cost, "yours is twice the reference. Hint: half the squared error.", "scale")]
        assert_number(got[0], float(cost), name="the cost", suspects=twice)
        suspects = _matched_by_mistake(X, Y, params) if sizes[0] > 1 else ()
        assert_gradients(got[1], _in_order(grads), suspects=suspects, batch=sizes[0])


@check("b1", points=1)
def test_saturated(student, reference, rng):
    """z in the thousands, of either sign: finite, right answers"""
    params, X, Y, _ = _sigmoid_case(reference, rng, (40, 4, 3, 2))
    params["b1"] = np.array([5000.0, -5000.0, 0.3])
    cost, grads = mlp_variants.sigmoid_network(X, Y, params)
    got = _pair(student.sigmoid_network(X, Y, params), "(cost, grads)")
    words, hint = (
        "np.exp overflows in the sigmoid",
        "1 / (1 + exp(-z)) where z is positive, exp(z) / (1 + exp(z)) elsewhere",
    )
    _require_finite(got[0], "the cost with saturated units", words, hint)
    assert_number(got[0], float(cost), name="the cost with saturated units")
    assert_gradients(got[1], _in_order(grads), batch=40)


# --- B2 bias_column_gradients ---------------------------------------------------------------------


@check("b2", points=2)
def test_same_gradients(student, reference, rng):
    """The gradients of Question 7, each bias's as row 0"""
    for sizes in ((5, 4, 3, 6), (4, 4, 4, 4), (1, 3, 4, 2)):
        params, X, y = reference.draw_case(rng, *sizes)
        V1, V2 = (np.vstack([params[f"b{i}"], params[f"W{i}"]]) for i in (1, 2))
        got = _pair(student.bias_column_gradients(X, y, V1, V2), "(dV1, dV2)")
        for part, expected, name in zip(
            got, mlp_variants.bias_column_gradients(X, y, V1, V2), ("dV1", "dV2"), strict=True
        ):
            swapped = np.vstack([expected[1:], expected[:1]])
            V = V1 if name == "dV1" else V2
            suspects = [
                Suspect(swapped, "the bias is in the last row. Hint: row 0.", "edge"),
                *_column_mistakes(name, X, y, V1, V2),
                *_penalties(part, expected, V),
            ]
            assert_array(part, expected, name=name, suspects=suspects, batch=sizes[0])


def _column_mistakes(name, X, y, V1, V2):
    """dV1 through the wrong rows of V2."""
    if name != "dV1" or len(V2) < 3:
        return
    A0 = np.column_stack([np.ones(len(X)), X])
    z1 = A0 @ V1
    A1 = np.column_stack([np.ones(len(X)), np.maximum(z1, 0)])
    e = np.exp(A1 @ V2 - np.max(A1 @ V2, axis=1, keepdims=True))
    g = (e / np.sum(e, axis=1, keepdims=True) - np.eye(V2.shape[1])[y]) / len(X)
    words = "the last row of V2 is left out. Hint: leave out row 0, that of the biases."
    yield Suspect(A0.T @ ((g @ V2[:-1].T) * (z1 > 0)), words, "axis")


def _penalties(part, expected, V):
    """The gradient and a multiple of V: of all of it, or without the biases in row 0."""
    if np.shape(part) != V.shape or getattr(part, "dtype", np.dtype(object)).kind != "f":
        return
    weights = np.vstack([0 * V[:1], V[1:]])
    for penalised, words in (
        (V, "a multiple of V is added, biases and all. Hint: no regularisation (convention 2)."),
        (weights, "a multiple of the weights is added. Hint: no regularisation (convention 2)."),
    ):
        share = float(np.sum((part - expected) * penalised) / np.sum(penalised**2))
        if abs(share) > 1e-7:
            yield Suspect(expected + share * penalised, words, "extra")


# --- B3 portable_gradients ------------------------------------------------------------------------


@check("b3", points=1, device=True)
def test_remote(student, reference, rng):
    """The gradients of arrays that live elsewhere and refuse to become NumPy's"""
    params, X, y = _portable_case(reference, rng)
    meter = Meter()
    there = {name: meter.array(array) for name, array in params.items()}
    Y = np.eye(len(params["b2"]))[y]
    try:
        got = student.portable_gradients(meter.array(X), meter.array(Y), there)
    except Exception as error:
        if _name_of(error) != "TypeError":
            raise
        hint = "look for np.asarray, np.array, float() and np.zeros"
        fail("arrays that live elsewhere are made NumPy's, or mixed with NumPy's: TypeError", "raised", hint=hint)
    if not isinstance(got, dict):
        fail("the gradients: expected a dict", "type", got=describe(got))
    grads = {name: meter.value(array) for name, array in got.items()}
    assert_gradients(grads, _in_order(reference.backward_of(X, y, params)), batch=len(X))


def _portable_case(reference, rng):
    """One batch for all that can go wrong, since each operation of the student's on it is a message.

    Example 0 is zeros, and so is unit 0's bias: the unit is exactly at 0 there, and what it would let through shows in
    db1. Example 1 is so large that the exponentials of two of its logits are infinite; the higher is the right one by
    far, so that its error is exactly 0 and the others' digits are not lost beside it.
    """
    while True:
        params, X, y = reference.draw_case(rng, 5, 4, 3, 6)
        X[0], params["b1"][0] = 0.0, 0.0
        X[1] *= 1e4
        logits, cache = reference.forward(X, params)
        y[1] = np.argmax(logits[1])
        second, first = np.sort(logits[1])[-2:]
        if min(second, first - second) < 1e3 or np.min(np.abs(cache["z1"][1:])) < 1e-3:
            continue
        g = reference.cross_entropy_grad(logits, y)
        sizes = [np.max(np.abs(part)) for part in reference.backward(g, cache, params).values()]
        let_through = np.abs(g[0] @ params["W2"][0])
        if min(*sizes, let_through) > 0.01 * max(sizes):
            return params, X, y


# --- B4 gradient_agrees ---------------------------------------------------------------------------

_LARGE, _TINY, _KINK, _NOISE, _MANY, _ZEROS, _PLAIN, _SMALL, _UNEVEN = claims.CONDITIONS
_AGAIN = 5  # so many claims are asked twice: yes and no by chance, or as for another submission, is 1 in 460 or less
# What a right claim is often condemned by, where the message names the case alone.
_ADVICE = {
    _LARGE: "compare the difference with the size of the gradient, and not with a fixed number",
    _TINY: "compare the difference with the size of the gradient, and not with a fixed number",
    _KINK: "the slope jumps 1e-3 away: a longer step measures across the jump",
    _NOISE: "a very short step measures the noise of the cost, and not its slope",
    _ZEROS: "an array of zeros has no size to compare with: allow what rounding of the cost makes",
    _PLAIN: "print the two numbers that you compare, and how far they are apart",
}


def _require_judgement(student, rng, *, right, wrong, again=0):
    """Right and wrong claims in any order. right, wrong: names of conditions.  again: so many are asked twice."""
    asked = [claims.draw_claim(rng, condition, right=True) for condition in right]
    asked += [claims.draw_claim(rng, condition, right=False) for condition in wrong]
    verdicts = [set() for _ in asked]
    order = rng.permutation([*range(len(asked)), *rng.permutation(len(asked))[:again]]).tolist()
    cases = [(Formula(claims.COST, **claim.constants), claim.grads, claim.params) for claim in asked]
    for i, got in zip(order, student.each("gradient_agrees", [cases[i] for i in order]), strict=True):
        if not isinstance(got, (bool, np.bool_)):
            fail("expected True or False", "type", got=describe(got))
        verdicts[i].add(bool(got))
    if any(len(said) > 1 for said in verdicts):
        fail("says yes and no about one claim", "state")
    for claim, said in zip(asked, verdicts, strict=True):
        if said != {claim.right}:
            verb = "a right claim is called wrong" if claim.right else "a wrong claim passes"
            advice = _ADVICE.get(claim.words, "") if claim.right else ""
            fail(SafeText(f"{verb}: {claim.words}"), "criterion", hint=advice)


@check("b4", points=2)
def test_honest(student, rng):
    """Right claims of all kinds are accepted, with few calls of the cost, and a turned sign is not"""
    _require_judgement(student, rng, right=[_PLAIN, *claims.CONDITIONS], wrong=[_TINY], again=3)
    claim, calls = claims.draw_claim(rng, _UNEVEN, right=True, size=1), []
    cost, most = Formula(claims.COST, **claim.constants), 4 * sum(part.size for part in claim.params.values()) + 20

    def counted(params):
        calls.append(1)
        return cost(params) if len(calls) <= most else 0.0

    student.gradient_agrees(Callback(counted), claim.grads, claim.params)
    if len(calls) > most:
        fail("calls the cost more often than 4 times a number, and 20 times", "calls")


@check("b4", points=1)
def test_blunt(student, rng):
    """A factor of five, a turned sign and a transposed array are found"""
    _require_judgement(student, rng, right=[_LARGE, _TINY, _KINK, _ZEROS], wrong=[_LARGE, _TINY, _KINK], again=_AGAIN)


@check("b4", points=1)
def test_one_entry(student, rng):
    """One wrong entry of 200 numbers is found, two that are exchanged, and one in an array of zeros"""
    _require_judgement(student, rng, right=[_ZEROS, _PLAIN, _LARGE], wrong=[_MANY, _ZEROS, _PLAIN], again=_AGAIN)


@check("b4", points=1)
def test_small(student, rng):
    """0.2 % too much is found, an array of small entries, and the small entries of an array"""
    _require_judgement(
        student, rng, right=[_NOISE, _SMALL, _UNEVEN, _ZEROS], wrong=[_NOISE, _SMALL, _UNEVEN], again=_AGAIN
    )


# --- B5 diagnose ----------------------------------------------------------------------------------

_MOST_RUNS = 10


def _named_wrongly(student, rng, times):
    """What the student says of as many runs of each kind: pairs of what it is and what was said, where they differ."""
    wrong, kinds, first = [], training_runs.KINDS, rng.integers(2)
    for i in rng.permutation(times * len(kinds)):
        kind, pair = kinds[i % len(kinds)], i // 2
        n_classes = int(rng.integers(3, 5) + 2 * ((first + pair) % 2))  # neighbours are alike: half have 5 or 6 classes
        run, calls = training_runs.draw_run(rng, kind, n_classes), []

        def asked(n_examples, n_steps, lr, run=run, calls=calls):
            calls.append(1)
            if len(calls) > _MOST_RUNS:
                return np.full(1, np.nan)
            return run(_number(n_examples), _number(n_steps), _number(lr, float))

        got = student.diagnose(Callback(asked), n_classes)
        if not isinstance(got, str) or got not in training_runs.KINDS:
            fail("expected one of the six texts", "type", got=describe(got))
        if len(calls) > _MOST_RUNS:
            fail("more than ten calls of run", "calls")
        if got != kind:
            wrong.append((kind, got))
    return wrong


def _number(value, kind=int):
    """What student code gave as a number of examples or steps, or as a rate; 1 for what is no number."""
    try:
        return kind(min(max(float(value), 0.0), 1000.0))
    except (TypeError, ValueError):
        return kind(1)


# How to tell a kind from the others, the clearest sign first.
_SIGNS = {
    "starts too high": "compare the first cost with ln K + 0.3",
    "never moves": "compare every cost with the first one",
    "rate too large": "look for a jump upwards, and for NaN",
    "cannot overfit ten": "run ten examples alone: the cost of all 120 cannot tell what they do",
    "labels shuffled": "it learns ten examples, but does it learn all 120?",
}


def _require_names(wrong, most):
    if len(wrong) > most:
        kind, said = wrong[0]
        count = f"{len(wrong)} runs are" if len(wrong) > 1 else "1 run is"
        told = SafeText(f"{count} named wrongly. One is “{kind}”, and you say “{said}”")
        fail(told, "criterion", hint=next(words for sign, words in _SIGNS.items() if sign in (kind, said)))


@check("b5", points=3)
def test_twelve_runs(student, rng):
    """Of twelve runs, two of each kind, at most one is named wrongly"""
    _require_names(_named_wrongly(student, rng, 2), 1)


@check("b5", points=2)
def test_six_runs(student, rng):
    """Six other runs, one of each kind, are all named rightly"""
    _require_names(_named_wrongly(student, rng, 1), 0)
