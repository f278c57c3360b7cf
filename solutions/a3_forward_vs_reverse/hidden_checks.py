"""Hidden checks of A3, why reverse: the contract of notebook.py, on chains drawn anew.

Order and passes are observed, not believed: Q1 multiplies arrays that live in the grader and are counted there,
and where calls of Q3 to Q5 are judged every layer is the grader's own function, which writes each down. Where values
are, the layers travel; what goes wrong is asked once more and watched, for its reason. Expected values come from
explicit Jacobians and from the closed forms of `complexity`. A message names the property and the diagnosis,
never the input.
"""

import functools
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
    assert_integer,
    assert_number,
    assert_unchanged,
    check,
    describe,
    fail,
    rule,
    slips,
)
from autograder.errors import CrashError, TimeLimitError
from autograder.meter import Meter
from reference_impl import complexity

MODES = ("forward", "reverse", "tie")


# --- Chains ---------------------------------------------------------------------------------------


def _matrices(rng, dims):
    """Jacobians of a chain, input side first, unit-scale entries."""
    return [rng.uniform(0.5, 1.5, (m, n)) * rng.choice([-1.0, 1.0], (m, n)) for n, m in itertools.pairwise(dims)]


def _product(Js):
    return functools.reduce(lambda product, J: J @ product, Js[1:], Js[0].copy())


class _Dense:
    """x -> tanh(W x + b): a layer that may change the width, and whose Jacobian depends on the place."""

    def __init__(self, rng, n, m):
        self.W, self.b = rng.standard_normal((m, n)) / np.sqrt(n), rng.uniform(0.1, 0.5, m)

    def __call__(self, x):
        return np.tanh(self.W @ x + self.b)

    def jacobian(self, x):
        return (1 - self(x) ** 2)[:, None] * self.W

    def jvp(self, x, v):
        return self.jacobian(x) @ v

    def vjp(self, x, u):
        return u @ self.jacobian(x)

    def travelling(self):
        """The same layer, evaluated where it is called: nobody counts or looks on."""
        J = "((1 - np.tanh(W @ x + b) ** 2)[:, None] * W)"
        known = {"W": self.W, "b": self.b}
        methods = {"jvp": Formula(f"x, v: {J} @ v", **known), "vjp": Formula(f"x, u: u @ {J}", **known)}
        return Callback(Formula("np.tanh(W @ x + b)", **known), methods=methods)


_SHAPES_OF_PRODUCTS = "Hint: x and v have the shape of the layer's input, u of its output; back from the last layer."


class _Chain:
    """A chain of layers that writes down what it is asked for, and what was wrong with the asking."""

    def __init__(self, rng, dims):
        self.layers = [_Dense(rng, n, m) for n, m in itertools.pairwise(dims)]
        self.x = rng.uniform(0.2, 1.0, dims[0]) * rng.choice([-1.0, 1.0], dims[0])
        self.places = [self.x]
        for layer in self.layers:
            self.places.append(layer(self.places[-1]))
        self.events = []
        self.complaint = SafeText()
        self.astray = False

    @property
    def y(self):
        return self.places[-1]

    @functools.cached_property
    def J(self):
        return _product([layer.jacobian(x) for layer, x in zip(self.layers, self.places, strict=False)])

    def handed(self):
        """The layers as student code gets them."""
        return [
            Callback(
                functools.partial(self._evaluate, i),
                methods={"jvp": functools.partial(self._jvp, i), "vjp": functools.partial(self._vjp, i)},
            )
            for i in range(len(self.layers))
        ]

    def travelling(self):
        """The layers where nobody looks on: no call of one is a message."""
        return [layer.travelling() for layer in self.layers]

    def value(self, function, *arguments, expected):
        """What a student's function makes of the layers. One that goes wrong is asked once more, and watched."""
        try:
            got = function(self.travelling(), *arguments)
        except (CrashError, TimeLimitError):
            raise
        except Exception:  # noqa: BLE001 — whatever it was: it will come again, and be explained
            return self.ask(function, *arguments)
        return got if _right(got, expected) else self.ask(function, *arguments)

    def count(self, kind, i):
        return self.events.count((kind, i))

    def ask(self, function, *arguments):
        """Call a student's function with the layers and judge a refusal of theirs as what it is."""
        self.events, self.complaint, self.astray = [], SafeText(), False
        try:
            return function(self.handed(), *arguments)
        except Exception:
            if self.complaint:
                fail(self.complaint, "shape")
            raise

    def _evaluate(self, i, x):
        self.events.append(("value", i))
        return self.layers[i](self._place(i, x))

    def _jvp(self, i, x, v):
        self.events.append(("jvp", i))
        place = self._place(i, x)
        return self.layers[i].jacobian(place) @ self._vector(v, self.places[i].shape, "the v handed to a layer's jvp")

    def _vjp(self, i, x, u):
        self.events.append(("vjp", i))
        place = self._place(i, x)
        if i == len(self.layers) - 1:  # here the pass begins, so it is the student's own u
            hint = (
                "Hint: it has as many entries as the chain has outputs, so a Jacobian takes one pass for each output."
            )
            row = self._vector(u, self.y.shape, "the u handed to the last layer's vjp", hint)
        else:
            row = self._vector(u, self.places[i + 1].shape, "the u handed to a layer's vjp")
        return row @ self.layers[i].jacobian(place)

    def _place(self, i, x):
        place = self._vector(x, self.places[i].shape, "the x handed to a layer")
        # Far beyond rounding: unit-scale values agree to 1e-7 even in float32 if the place is the right one.
        self.astray |= not np.max(np.abs(place - self.places[i])) <= 1e-5
        return place

    def _vector(self, values, shape, what, hint=_SHAPES_OF_PRODUCTS):
        try:
            vector = np.asarray(values, dtype=float)
        except (TypeError, ValueError):
            vector = np.zeros(())
        if vector.shape != shape:
            kind = "a vector of another length" if vector.ndim == 1 else "no vector"
            self.complaint = SafeText(f"{what} is {kind}. {hint}")
            raise ValueError(self.complaint)
        return vector


# --- What came back -------------------------------------------------------------------------------


def _require_pair(got, chain, expected, names):
    """(y, product), the place of each layer, the order of the two, then the values."""
    if isinstance(got, np.ndarray) and got.ndim == 2 and len(got) == 2:
        got = list(got)  # y and the product, of one length, stacked
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        fail(SafeText(f"expected the pair ({', '.join(names)})"), "type", got=describe(got))
    if all(_close(a, b) for a, b in zip(got, reversed(expected), strict=True)):
        fail(SafeText(f"the pair is the wrong way round: expected ({', '.join(names)})"), "order")
    if _close(got[0], chain.x) and not _close(got[0], expected[0]):
        fail("that is x, what goes into the chain. Hint: y is what comes out.", "quantity", subject=names[0])
    assert_array(got[0], expected[0], name=names[0])
    if chain.astray and not _close(got[1], expected[1]):
        fail("a layer was asked at another place than its own input in the chain.", "stale", subject=names[1])
    suspects = []
    if names[1] == "J v":
        suspects = [Suspect(chain.J @ chain.x, "that is J x. Hint: push v, not x, through the layers.", "quantity")]
    assert_array(got[1], expected[1], name=names[1], suspects=suspects)


def _right(got, expected):
    """An array, or a pair of them."""
    if isinstance(expected, np.ndarray):
        return _close(got, expected)
    return isinstance(got, tuple) and len(got) == len(expected) and all(map(_close, got, expected))


def _close(got, expected):
    try:
        values = np.asarray(got, dtype=float)
    except (TypeError, ValueError):
        return False
    return values.shape == expected.shape and bool(np.max(np.abs(values - expected)) <= 1e-5 * np.max(np.abs(expected)))


def _require_once(chain, wanted, other):
    """Each layer evaluated at most once, its `wanted` product taken exactly once, the other never."""
    product = SafeText(f"a layer's {wanted}")
    for i in range(len(chain.layers)):
        if chain.count(other, i):
            alone = SafeText(f"was called: this pass is made of {wanted}s alone")
            fail(alone, "method", subject=SafeText(f"a layer's {other}"))
        if not chain.count(wanted, i):
            fail("was never called: it is the layer that knows its Jacobian.", "method", subject=product)
        if chain.count(wanted, i) > 1:
            fail("was called more than once in one pass.", "calls", subject=product)
        if chain.count("value", i) > 1:
            fail("a layer was evaluated more than once. Hint: keep its input the first time you have it.", "calls")


def _whole(got, expected, name):
    """A whole number by value: 90.0 and array(90) will do here; whether it is an int is asked elsewhere."""
    assert_number(got, expected, name=name, rtol=1e-12)


def _wholes(got, expected, name, suspects=()):
    """Several whole numbers by value; told together, so that a factor is one only if it is everywhere."""
    numbers = []
    for value in got:
        number = np.asarray(value) if isinstance(value, (int, float, np.number, np.ndarray)) else np.empty(0)
        if number.size != 1 or number.dtype.kind not in "iuf":
            fail("expected one number each", "type", subject=name, got=describe(value))
        numbers.append(float(number.item()))
    assert_array(np.array(numbers), np.array(expected, dtype=float), name=name, rtol=1e-12, suspects=suspects)


def _require_mode(got, expected, which):
    if not isinstance(got, str):
        fail("expected a word (str), got something else.", "type", subject=which)
    if got not in MODES:
        fail('expected the word "forward", "reverse" or "tie".', "type", subject=which)
    if got != expected:
        fail("the other order is cheaper there, or both cost the same.", "criterion", subject=which)


# --- Q1 accumulate_forward, accumulate_reverse ----------------------------------------------------

# The first one is for products in the order of the list: they have a value there, so that a message can name them.
# Then distinct widths, square matrices, two layers with a width of 1, one layer.
_SHAPES = ((3, 5, 3, 5), (3, 5, 2, 4, 6), (3, 3, 3, 3), (4, 1, 3), (4, 3))


_JACOBIANS = {
    1: "the product of one Jacobian",
    2: "the product of two Jacobians",
    3: "the product of three Jacobians",
    4: "the product of four Jacobians",
}


def _require_products(multiply, rng):
    for dims in _SHAPES:
        Js = _matrices(rng, dims)
        assert_array(multiply(Js), _product(Js), name=_JACOBIANS[len(Js)])


def _ask_product(name):
    """The probe of one order: a product of three Jacobians, which has a value in the order of the list, too."""
    return lambda student, reference, rng: getattr(student, name)(_matrices(rng, (3, 5, 3, 5)))  # noqa: ARG005


def _product_slips(name, right):
    """Mistakes in the product of one order. right: the reference's function."""
    words = "that is the transpose of the product. Hint: the layer that acts first stands on the right."
    yield Slip("transposed", name, lambda Js: right(Js).T, "transpose", words)
    words = "that is J₁ J₂ … J_L, as the list reads. Hint: J_L … J₂ J₁, the layer that acts first stands on the right."
    yield Slip("list_order", name, _BY_THE_LIST[name], "order", words)


# The products in the order of the list, from the side at which each order begins.
_BY_THE_LIST = {
    "accumulate_forward": lambda Js: functools.reduce(lambda product, J: product @ J, Js[1:], Js[0].copy()),
    "accumulate_reverse": lambda Js: functools.reduce(lambda product, J: J @ product, Js[-2::-1], Js[-1].copy()),
}


@slips("q1", probe=_ask_product("accumulate_forward"))
def forward_order_slips(reference):
    """What goes wrong with the product from the input side."""
    yield from _product_slips("accumulate_forward", reference.accumulate_forward)


@slips("q1", probe=_ask_product("accumulate_reverse"))
def reverse_order_slips(reference):
    """What goes wrong with the product from the output side."""
    yield from _product_slips("accumulate_reverse", reference.accumulate_reverse)


@check("q1", points=4, device=True, core="accumulate_forward")
def test_fwd_value(student, rng):
    """accumulate_forward is the product J_L … J_1, for one to four layers"""
    _require_products(student.accumulate_forward, rng)


@check("q1", points=4, device=True, core="accumulate_reverse")
def test_rev_value(student, rng):
    """accumulate_reverse is the product J_L … J_1, for one to four layers"""
    _require_products(student.accumulate_reverse, rng)


def _observed(multiply, right, rng, dims):
    """The multiply-adds really done, after the product has been found right."""
    meter, plain = Meter(observe=True), _matrices(rng, dims)
    try:
        got = multiply([meter.array(J) for J in plain])
    except Exception as error:
        if getattr(error, "type_name", type(error).__name__) != "TypeError":
            raise
        fail(
            "multi_dot, einsum over three arrays, float() or .tolist() is used: TypeError on arrays that count. "
            "Hint: use @, or products of two entries.",
            "raised",
        )
    try:
        product = meter.value(got)
    except (TypeError, ValueError):
        fail("the product: expected an array, got something else.", "type")
    assert_array(product, right(plain), name="the product")
    return meter.multiply_adds


# On the first chain forward order is the cheaper, on the second reverse order, and neither is the best bracketing. The
# product in the order of the list has a value, too, so that its order can be judged.
_ORDERED = ((2, 5, 2, 5, 2, 5), (5, 2, 5, 2, 5, 2))


def _require_order(multiply, right, rng, count, other, words):
    """The multiply-adds of one end. right: what the product should be.  count, other: of this end, and of the other."""
    if right in _BY_THE_LIST.values():  # the product of a chain that is turned around, from the same end of the list
        count, other = other, count
    done = [_observed(multiply, right, rng, dims) for dims in _ORDERED]
    if done == [other(dims) for dims in _ORDERED]:
        fail("these are the multiply-adds of the other order", "order", hint=SafeText(f"begin at the {words} side"))
    for dims, macs in zip(_ORDERED, done, strict=True):
        if macs in {count(dims) + n * n * m for n, m in (dims[:2], dims[:-3:-1])}:
            fail("one product too many: it begins with an identity. Hint: begin with a Jacobian.", "calls")
        if macs != count(dims):
            hint = SafeText(f"begin at the {words} side, and go on with one Jacobian at a time")
            fail("products in an order that is not that of one end", "order", hint=hint)


@check("q1", points=4)
def test_fwd_order(student, reference, rng):
    """accumulate_forward begins at the input side: the multiply-adds observed are those of that order"""
    multiply, right = student.accumulate_forward, reference.accumulate_forward
    _require_order(multiply, right, rng, complexity.forward_macs, complexity.reverse_macs, "input")


@check("q1", points=4)
def test_rev_order(student, reference, rng):
    """accumulate_reverse begins at the output side: the multiply-adds observed are those of that order"""
    multiply, right = student.accumulate_reverse, reference.accumulate_reverse
    _require_order(multiply, right, rng, complexity.reverse_macs, complexity.forward_macs, "output")


@check("q1", points=1)
def test_q1_list_untouched(student, reference, rng):
    """The list and its matrices are left alone, and with one layer the result is a copy"""
    Js = _matrices(rng, (3, 4, 3, 4))
    for name in ("accumulate_forward", "accumulate_reverse"):
        right = getattr(reference, name)
        kept = student.keep_each({"three": [J.copy() for J in Js], "one": [Js[0].copy()]})
        assert_array(getattr(student, name)(kept["three"]), right(Js), name=name)
        now = student.fetch(kept["three"])
        if not isinstance(now, list) or len(now) != len(Js):
            fail("the list Js is shorter or longer afterwards. Hint: work on list(Js).", "mutated")
        if all(np.array_equal(left, before) for left, before in zip(now, reversed(Js), strict=True)):
            fail("the list Js is turned around afterwards. Hint: reversed(Js) or Js[::-1].", "mutated")
        for i, (left, before) in enumerate(zip(now, Js, strict=True)):
            assert_unchanged(left, before, name=SafeText(f"Js[{i}]"))
        _require_own_memory(student, name, kept["one"], Js[0], right([Js[0]]))


def _require_own_memory(student, name, kept, J, expected):
    product = student.keeping(name)(kept)
    before = student.fetch(product)
    assert_array(before, expected, name=SafeText(f"{name} of one Jacobian"))
    student.overwrite(kept, [J + 1.0])
    if not np.array_equal(student.fetch(product), before):
        fail("with one layer the result is the caller's own array. Hint: return a copy.", "aliased")


# --- Q2 forward_macs, reverse_macs ----------------------------------------------------------------


def _neighbours(n):
    """The sum of the products of neighbouring widths."""
    return sum(a * b for a, b in itertools.pairwise(n))


# Other things to count: for widths n0, …, nL read from the side at which the order begins.
_COUNTS = (
    (
        "additions_too",
        lambda n: 2 * n[0] * _neighbours(n[1:]),
        "scale",
        "additions are counted, too: twice as many. Hint: a multiply-add is one.",
    ),
    (
        "entries",
        lambda n: n[0] * sum(n[2:]),
        "count",
        "the entries of the products are counted, p r. Hint: a product costs p q r.",
    ),
    (
        "every_layer",
        lambda n: n[0] * _neighbours(n),
        "off_by_one",
        "all L layers are counted. Hint: L Jacobians have L − 1 products.",
    ),
    (
        "the_other_end",
        lambda n: n[-1] * _neighbours(n[:-1]),
        "order",
        "that is the count of the other order. Hint: forward keeps n₀ columns, reverse keeps n_L rows.",
    ),
    (
        "the_wrong_layer",
        lambda n: n[0] * _neighbours(n[:-1]),
        "off_by_one",
        "another layer is left out than the one at which the order begins.",
    ),
    (
        "one_layer",
        lambda n: n[0] * n[1] if len(n) == 2 else n[0] * _neighbours(n[1:]),
        "edge",
        "right except for one layer. Hint: one Jacobian needs no product, so it costs 0.",
    ),
)


def _counted_chains(rng):
    return [rng.permutation(np.arange(2, 12))[: layers + 1].tolist() for layers in (1, 2, 3, 5)]


def _ask_counts(name):
    """The probe of one count: chains of one to five layers."""
    return lambda student, reference, rng: [getattr(student, name)(dims) for dims in _counted_chains(rng)]  # noqa: ARG005


def _count_slips(name, read):
    """read: turns widths around for the order that begins at the outputs."""
    for slip, count, kind, words in _COUNTS:
        yield Slip(slip, name, lambda dims, count=count: count(read(dims)), kind, words)


@slips("q2", probe=_ask_counts("forward_macs"))
def forward_count_slips(reference):  # noqa: ARG001
    """What is counted by mistake from the input side."""
    yield from _count_slips("forward_macs", lambda dims: dims)


@slips("q2", probe=_ask_counts("reverse_macs"))
def reverse_count_slips(reference):  # noqa: ARG001
    """What is counted by mistake from the output side."""
    yield from _count_slips("reverse_macs", lambda dims: dims[::-1])


def _require_counts(student, name, rng):
    chains = _counted_chains(rng)
    expected = [getattr(complexity, name)(dims) for dims in chains]
    _wholes([getattr(student, name)(dims) for dims in chains], expected, SafeText(f"{name} of 1, 2, 3, 5 layers"))


@check("q2", points=3, core="forward_macs")
def test_forward_counts(student, rng):
    """forward_macs of chains of one to five layers; one layer costs nothing"""
    _require_counts(student, "forward_macs", rng)


@check("q2", points=3, core="reverse_macs")
def test_reverse_counts(student, rng):
    """reverse_macs of chains of one to five layers; one layer costs nothing"""
    _require_counts(student, "reverse_macs", rng)


@check("q2", points=3)
def test_exact_int(student, reference, rng):
    """Widths of a million: exact whole numbers, of type int, beyond what a float can hold"""
    dims = (2 * rng.integers(400_000, 500_000, 5) + 1).tolist()  # odd: the last bit matters. Below 2**63
    for name in ("forward_macs", "reverse_macs"):
        got = getattr(student, name)(dims)
        if isinstance(got, np.ndarray) and got.shape == () and got.dtype.kind in "iu":
            got = int(got)
        if isinstance(got, (float, np.floating)):
            fail("expected a whole number (int), got a float, which is exact to 2**53 only.", "dtype", subject=name)
        expected = getattr(reference, name)(dims)
        if isinstance(got, (int, np.integer)) and int(got) != expected:
            _explain_digits(int(got) - expected, expected, name)
        assert_integer(got, expected, name=name)


def _explain_digits(off, expected, name):
    """Fail a whole number that is nearly right, or right but for what does not fit into 32 or 64 bits."""
    if off % 2**32 == 0:
        fail(
            "wraps around: the count does not fit into 32 or 64 bits. Hint: Python's own int.",
            "precision",
            subject=name,
        )
    if abs(off) <= 1e-9 * expected:
        words = "the last digits are lost: computed in floats. Hint: Python's own int throughout."
        fail(words, "precision", subject=name)


@check("q2", points=2)
def test_symmetry(student, reference, rng):
    """Reading the widths backwards turns one count into the other"""
    chains = [rng.permutation(np.arange(2, 12))[:5].tolist()[::-1] for _ in range(3)]
    for name, turned in (("forward_macs", list), ("reverse_macs", tuple)):
        expected = [getattr(reference, name)(dims) for dims in chains]
        got = [getattr(student, name)(turned(dims)) for dims in chains]
        _wholes(got, expected, SafeText(f"{name} of the widths backwards"))


# --- Q3 jvp ---------------------------------------------------------------------------------------

_CHAINS = ((3, 5, 2, 4), (3, 3, 3), (4, 1))  # distinct, square, one layer with one output


def _square_chain(rng):
    """Three layers, all widths 3: a product at a wrong place shows by its numbers alone."""
    return _Chain(rng, (3, 3, 3, 3))


def _walk(layers, x):
    """The places of a chain: x, then the value of each layer."""
    places = [x]
    for layer in layers:
        places.append(layer(places[-1]))
    return places


def _ask_jvp(student, reference, rng):  # noqa: ARG001
    chain, v = _square_chain(rng), rng.uniform(0.5, 1.5, 3)
    return student.jvp(chain.travelling(), chain.x, v)


_AT_X = "every layer's product is taken at the chain's x. Hint: each layer wants its own input."
_AT_OUTPUT = "each product is taken at the layer's own output. Hint: take it at the x that goes into the layer."


@slips("q3", probe=_ask_jvp)
def jvp_slips(reference):
    """What goes wrong on the way forward."""
    right = reference.jvp

    def at(choose):
        def jvp(layers, x, v):
            places = _walk(layers, x)
            for i, layer in enumerate(layers):
                v = layer.jvp(choose(places, i), v)
            return places[-1], v

        return jvp

    for name, variant, kind, words in (
        ("at_x", at(lambda places, _: places[0]), "stale", _AT_X),
        ("at_output", at(lambda places, i: places[i + 1]), "stale", _AT_OUTPUT),
        (
            "pair_turned",
            lambda layers, x, v: right(layers, x, v)[::-1],
            "order",
            "the pair is the wrong way round: expected (y, J v).",
        ),
        (
            "carries_x",
            lambda layers, x, _: right(layers, x, x),
            "quantity",
            "that is J x. Hint: push v, not x, through the layers.",
        ),
    ):
        yield Slip(name, "jvp", variant, kind, words)


@check("q3", points=5, core=True)
def test_jvp(student, rng):
    """(y, J v) for chains of one to three layers, square ones among them"""
    for dims in _CHAINS:
        chain, v = _Chain(rng, dims), rng.uniform(0.5, 1.5, dims[0])
        expected = (chain.y, chain.J @ v)
        got = chain.value(student.jvp, chain.x, v, expected=expected)
        _require_pair(got, chain, expected, ("y", "J v"))


@check("q3", points=3)
def test_q3_cost(student, reference, rng):
    """One pass: each layer evaluated once, its jvp called once, its vjp never, and (y, J v) right"""
    chain, v = _square_chain(rng), rng.uniform(0.5, 1.5, 3)
    got = chain.ask(student.jvp, chain.x, v)
    _require_pair(got, chain, reference.jvp(chain.layers, chain.x, v), ("y", "J v"))
    _require_once(chain, "jvp", "vjp")


# --- Q4 vjp ---------------------------------------------------------------------------------------


def _ask_vjp(student, reference, rng):  # noqa: ARG001
    chain, u = _square_chain(rng), rng.uniform(0.5, 1.5, 3)
    return student.vjp(chain.travelling(), chain.x, u)


@slips("q4", probe=_ask_vjp)
def vjp_slips(reference):
    """What goes wrong on the way back."""
    right = reference.vjp

    def slip(name, kind, words, variant):
        return Slip(name, "vjp", variant, kind, words)

    yield slip("at_x", "stale", _AT_X, _way_back(lambda places, _: places[0]))
    yield slip("at_output", "stale", _AT_OUTPUT, _way_back(lambda places, i: places[i + 1]))
    early = "each product is taken one layer too early. Hint: layer l's Jacobian belongs to layer l's own input."
    yield slip("one_early", "stale", early, _way_back(lambda places, i: places[max(i - 1, 0)]))
    inputs = "the inputs that were kept are read from the front. Hint: reverse them, too."
    yield slip("places_from_the_front", "order", inputs, _way_back(lambda places, i: places[-2 - i]))
    front = "the products are taken from the first layer to the last. Hint: u enters at the output."
    yield slip("layers_from_the_front", "order", front, _from_the_front)
    turned = "the pair is the wrong way round: expected (y, u J)."
    yield slip("pair_turned", "order", turned, lambda layers, x, u: right(layers, x, u)[::-1])
    start = "the first of the pair is x, what goes into the chain. Hint: y is what comes out."
    yield slip("x_for_y", "quantity", start, lambda layers, x, u: (x, right(layers, x, u)[1]))


def _way_back(place):
    """A vjp that takes each product at another place. place: of all places on the way and of a layer's number."""

    def vjp(layers, x, u):
        places = _walk(layers, x)
        for i in reversed(range(len(layers))):
            u = layers[i].vjp(place(places, i), u)
        return places[-1], u

    return vjp


def _from_the_front(layers, x, u):
    places = _walk(layers, x)
    for layer, place in zip(layers, places, strict=False):
        u = layer.vjp(place, u)
    return places[-1], u


@check("q4", points=7, core=True)
def test_vjp(student, rng):
    """(y, u J) for chains of one to three layers, square ones among them"""
    for dims in _CHAINS:
        chain, u = _Chain(rng, dims), rng.uniform(0.5, 1.5, dims[-1])
        expected = (chain.y, u @ chain.J)
        got = chain.value(student.vjp, chain.x, u, expected=expected)
        _require_pair(got, chain, expected, ("y", "u J"))


@check("q4", points=4)
def test_q4_cost(student, reference, rng):
    """One pass: each layer evaluated once, its vjp called once, its jvp never, and (y, u J) right"""
    chain, u = _square_chain(rng), rng.uniform(0.5, 1.5, 3)
    got = chain.ask(student.vjp, chain.x, u)
    _require_pair(got, chain, reference.vjp(chain.layers, chain.x, u), ("y", "u J"))
    _require_once(chain, "vjp", "jvp")


@check("q4", points=1)
def test_q4_list_untouched(student, reference, rng):
    """The list of layers, x and u are left alone: two calls with the same ones agree"""
    chain, u = _square_chain(rng), rng.uniform(0.5, 1.5, 3)
    expected = reference.vjp(chain.layers, chain.x, u)
    try:
        _require_untouched(student, chain, chain.travelling(), u, expected)
    except (CrashError, TimeLimitError):
        raise
    except Exception:  # noqa: BLE001 — as in _Chain.value: what goes wrong is asked once more, and watched
        _require_untouched(student, chain, chain.handed(), u, expected)


def _require_untouched(student, chain, layers, u, expected):
    kept = student.keep_each({"layers": layers, "x": chain.x.copy(), "u": u.copy()})
    _require_pair(student.vjp(*kept.values()), chain, expected, ("y", "u J"))
    now_x, now_u = student.fetch([kept["x"], kept["u"]])
    assert_unchanged(now_x, chain.x, name="x")
    assert_unchanged(now_u, u, name="u")
    try:
        again = student.vjp(*kept.values())
        same = len(again) == 2 and all(_close(a, b) for a, b in zip(again, expected, strict=True))
    except Exception:  # noqa: BLE001 — layers in another order refuse their input; the list is empty; …
        same = False
    if not same:
        fail("a second call with the same list goes wrong: the first changed it. Hint: reversed(layers).", "mutated")


# --- Q5 jacobian_forward, jacobian_reverse --------------------------------------------------------


def _ask_jacobian(name):
    """The probe of one Jacobian: three inputs, two outputs."""

    def ask(student, reference, rng):  # noqa: ARG001
        chain = _Chain(rng, (3, 4, 2))
        return getattr(student, name)(chain.travelling(), chain.x)

    return ask


@slips("q5", probe=_ask_jacobian("jacobian_forward"))
def jacobian_forward_slips(reference):
    """What goes wrong with the columns."""
    right = reference.jacobian_forward
    words = "the columns are stacked as rows: that is the transpose. Hint: np.stack(columns, axis=1)."
    yield Slip("columns_as_rows", "jacobian_forward", lambda layers, x: right(layers, x).T, "transpose", words)


@slips("q5", probe=_ask_jacobian("jacobian_reverse"))
def jacobian_reverse_slips(reference):
    """What goes wrong with the rows."""
    right = reference.jacobian_reverse
    words = "the rows are stacked as columns: that is the transpose. Hint: np.stack(rows)."
    yield Slip("rows_as_columns", "jacobian_reverse", lambda layers, x: right(layers, x).T, "transpose", words)


def _require_jacobians(student, name, rng):
    for dims in ((3, 4, 2), (2, 3, 4), (3, 3, 3)):
        chain = _Chain(rng, dims)
        _require_jacobian(chain.value(getattr(student, name), chain.x, expected=chain.J), chain.J, name)


def _require_jacobian(got, J, name):
    if isinstance(got, np.ndarray) and got.ndim == 3:
        fail(
            "three axes. Hint: jvp and vjp return pairs; stack the second of each, the product.", "shape", subject=name
        )
    assert_array(got, J, name=name)


@check("q5", points=3, core="jacobian_forward")
def test_q5_fwd_value(student, rng):
    """jacobian_forward has the shape (m, n) and the right entries, tall, wide and square"""
    _require_jacobians(student, "jacobian_forward", rng)


@check("q5", points=3, core="jacobian_reverse")
def test_q5_rev_value(student, rng):
    """jacobian_reverse has the shape (m, n) and the right entries, tall, wide and square"""
    _require_jacobians(student, "jacobian_reverse", rng)


@check("q5", points=4)
def test_q5_cost(student, reference, rng):
    """One jvp a layer and column, or one vjp a layer and row, none of the other kind, and the right entries"""
    dims = (3, 4, 2)
    stack = "collect the columns in a list and join them with np.stack: it needs no size beforehand"
    length = "calling the layers gives y without a vjp, and its length is the number of outputs"
    for name, wanted, other, passes, end, size in (
        ("jacobian_forward", "jvp", "vjp", dims[0], "input", stack),
        ("jacobian_reverse", "vjp", "jvp", dims[-1], "output", length),
    ):
        chain = _Chain(rng, dims)
        right = getattr(reference, name)(chain.layers, chain.x)
        _require_jacobian(chain.ask(getattr(student, name), chain.x), right, name)
        counts = [chain.count(wanted, i) for i in range(len(chain.layers))]
        if any(chain.count(other, i) for i in range(len(chain.layers))):
            fail(SafeText(f"calls {other}: it is made of {wanted}s alone"), "method", subject=name)
        if set(counts) == {passes + 1}:
            words = f"runs one pass of {wanted}s more than there are {end}s. Does it only learn a size?"
            fail(SafeText(words), "calls", subject=name, hint=size)
        if max(counts) > passes:
            hint = SafeText(f"one pass for each {end}, and no other; an evaluation is enough to learn a size")
            fail(SafeText(f"calls a layer's {wanted} more than once for each {end}"), "calls", subject=name, hint=hint)
        if min(counts) < passes:
            hint = SafeText(f"it is the layer that knows its Jacobian: one pass of {wanted}s for each {end}")
            seldom = "never calls" if not max(counts) else "does not call often enough"
            fail(SafeText(f"{seldom} a layer's {wanted}"), "method", subject=name, hint=hint)


# --- Q6 cheaper_mode ------------------------------------------------------------------------------


# A pair of numbers to compare, instead of the multiply-adds: the ends, the widths beside them, the entries of products.
_SHORT_CUTS = (
    lambda dims: (dims[0], dims[-1]),
    lambda dims: (dims[-2], dims[1]),
    lambda dims: (dims[2], dims[1]),
    lambda dims: (dims[0] * sum(dims[2:]), dims[-1] * sum(dims[:-2])),
)
_SHORT_CUT_NAMES = (
    "matches a comparison of inputs with outputs. Hint: compare the two counts, which the widths between enter, too.",
    "matches a comparison of the widths beside the ends. Hint: compare the two counts.",
    "matches a comparison of two widths. Hint: compare the two counts.",
    "matches a comparison of the entries of the products. Hint: compare the multiply-adds.",
)


def _mode(forward, reverse):
    return MODES[0] if forward < reverse else MODES[1] if forward > reverse else MODES[2]


def _drawn_chains(rng):
    """Widths of three to six layers, with their modes. Every short cut is wrong on one of them."""
    while True:
        chains = [rng.integers(1, 13, layers + 1).tolist() for layers in (3, 4, 5, 6) for _ in range(4)]
        modes = [_mode(complexity.forward_macs(dims), complexity.reverse_macs(dims)) for dims in chains]
        pairs = list(zip(chains, modes, strict=True))
        if all(any(_mode(*short_cut(dims)) != mode for dims, mode in pairs) for short_cut in _SHORT_CUTS):
            return pairs


@check("q6", points=2)
def test_rule_of_thumb(student, rng):
    """Three layers or more and equal hidden widths: both ends, and ties"""
    a, b, c = rng.permutation(np.arange(4, 12))[:3].tolist()
    few, many = sorted((a, b))
    cases = [
        ([many, c, c, few], "reverse", "more inputs than outputs"),
        ([few, c, c, many], "forward", "more outputs than inputs"),
        ([few, c, c, c, few], "tie", "as many outputs as inputs"),
        ([c, few, few, c], "tie", "as many outputs as inputs"),
        ([many + 2, few, few, few, few + 1], "reverse", "more inputs than outputs"),
        ([few + 1, many, many, many, many + 1], "forward", "more outputs than inputs"),
    ]
    _require_modes(student, rng, cases)


@check("q6", points=2)
def test_uneven(student, rng):
    """Where the rule of thumb is wrong: uneven hidden widths, and one or two layers, which always tie"""
    a, b, c = rng.permutation(np.arange(4, 12))[:3].tolist()
    few, many = sorted((a, b))
    cases = [
        ([a, b], "tie", "one layer"),
        ([many, c, few], "tie", "two layers"),
        ([a, b, c, b, a], "tie", "widths that read the same backwards"),
        ([few + 1, 100 * many, 2, few], "forward", "more inputs than outputs, uneven hidden widths"),
        ([few, 2, 100 * many, few + 1], "reverse", "more outputs than inputs, uneven hidden widths"),
        ([1, 2, 1, 1], "forward", "a difference of a single multiply-add"),
        ([1, 1, 2, 1], "reverse", "a difference of a single multiply-add"),
    ]
    _require_modes(student, rng, [*cases, *((dims, mode, "widths of all kinds") for dims, mode in _drawn_chains(rng))])


def _require_modes(student, rng, cases):
    """cases: (dims, mode, what they are). They are put in an order that is drawn, so that no list of answers passes."""
    order = rng.permutation(len(cases)).tolist()
    got = dict(zip(order, student.each("cheaper_mode", [(cases[i][0],) for i in order]), strict=True))
    _explain_modes([(dims, mode, got[i]) for i, (dims, mode, _) in enumerate(cases)])
    for i, (_, mode, which) in enumerate(cases):
        _require_mode(got[i], mode, which)


def _explain_modes(cases):
    """cases: (dims, mode, answer). Fail if one criterion explains all answers, and is not the right one."""
    if not all(isinstance(got, str) and got in MODES for _, _, got in cases):
        return
    answers, right = [got for _, _, got in cases], [mode for _, mode, _ in cases]
    if answers == right:
        return
    if len(set(answers)) == 1:
        fail("one word for every chain. Hint: compare the two counts.", "criterion")
    if all(got == mode for got, mode in zip(answers, right, strict=True) if mode != "tie"):
        fail("right except where both orders cost the same: a tie.", "edge")
    exchanged = {"forward": "reverse", "reverse": "forward", "tie": "tie"}
    if answers == [exchanged[mode] for mode in right]:
        fail("forward and reverse are exchanged.", "order")
    for short_cut, words in zip(_SHORT_CUTS, _SHORT_CUT_NAMES, strict=True):
        if answers == [_mode(*short_cut(dims)) if len(dims) > 2 else "tie" for dims, _, _ in cases] or answers == [
            _mode(*short_cut(dims)) if len(dims) > 2 else _mode(dims[0], dims[-1]) for dims, _, _ in cases
        ]:
            fail(words, "criterion")


# --- Q7 mlp_macs ----------------------------------------------------------------------------------


_RATIO = "gradient_over_forward"


def _asked_sizes(rng):
    """N, D, H, K: all distinct, then a batch of one, one hidden unit, one class."""
    N, D, H, K = rng.permutation(np.arange(2, 12))[:4].tolist()
    return ((N, D, H, K), (1, D, H, K), (N, D, 1, K), (N, K, H, 1))


def _mlp_counts(student, sizes):
    """The student's dict of counts, which has all three keys."""
    got = student.mlp_macs(*sizes)
    if not isinstance(got, dict):
        fail("expected a dict, got something else.", "type")
    missing = [key for key in complexity.mlp_macs(*sizes) if key not in got]
    if missing:
        fail("the dict has no such key", "keys", subject=missing[0])
    return got


@check("q7", points=3)
def test_mlp(student, rng):
    """Both counts, for widths all distinct, a batch of one, one hidden unit and one class"""
    for sizes in _asked_sizes(rng):
        got, expected = _mlp_counts(student, sizes), complexity.mlp_macs(*sizes)
        suspects = _mlp_mistakes(*sizes)
        for key in ("forward", "backward"):
            assert_number(got[key], expected[key], name=key, rtol=1e-12, suspects=suspects[key] if sizes[0] > 1 else ())


@check("q7", points=2)
def test_ratio(student, rng):
    """The third entry is (forward + backward) / forward of the student's own counts, of which one at least is right"""
    cases = [(_mlp_counts(student, sizes), sizes) for sizes in _asked_sizes(rng)]
    keys = ("forward", "backward")
    if not any(all(_number(got[key]) == complexity.mlp_macs(*sizes)[key] for got, sizes in cases) for key in keys):
        fail("neither count is right, so nothing can follow from them. Hint: first the two counts.", "quantity")
    for got, sizes in cases:
        forward, backward = _number(got["forward"]), _number(got["backward"])
        ratio = (forward + backward) / forward if forward else np.nan
        right = complexity.mlp_macs(*sizes)[_RATIO]
        if not _near(_number(got[_RATIO]), right):  # right in itself will do, too
            assert_number(got[_RATIO], ratio, name=_RATIO, suspects=_ratio_mistakes(forward, backward))


def _near(got, expected):
    return abs(got - expected) <= 1e-5 * abs(expected)


def _ratio_mistakes(forward, backward):
    """What known slips give for the third entry."""
    return [
        Suspect(backward / forward, "that is backward / forward. Hint: a gradient needs both passes.", "missing"),
        Suspect(2.5, "2.5 holds where all products cost the same. Hint: divide the counts.", "quantity"),
        Suspect(3.0, "3 holds where dX of the first layer is computed, too. Hint: divide the counts.", "quantity"),
    ]


def _mlp_mistakes(N, D, H, K):
    """What known slips give for each entry."""
    first, second = N * D * H, N * H * K
    forward, backward = first + second, first + 2 * second
    one_example = "of one example. Hint: the batch of N makes N times as many."
    return {
        "forward": [Suspect(float(forward / N), one_example, "missing")],
        "backward": [
            Suspect(
                float(2 * first + second), "the first layer counts twice. Hint: the second has dW and dX.", "order"
            ),
            Suspect(float(2 * forward), "counts dX of the first layer, too. Hint: nobody needs it.", "extra"),
            Suspect(float(forward), "one product a layer. Hint: the second layer needs dW and dX.", "missing"),
            Suspect(float(backward / N), one_example, "missing"),
        ],
    }


# --- Q8 optimal_bracketing ------------------------------------------------------------------------


def _by_splits(choose):
    """A search that splits each piece once, where `choose(dims, i, j)` says. Returns its (cost, tree)."""

    def search(dims, i=0, j=None):
        j = len(dims) - 2 if j is None else j
        if i == j:
            return 0, i
        s = choose(dims, i, j)
        (above, left), (below, right) = search(dims, s + 1, j), search(dims, i, s)
        return above + below + dims[j + 1] * dims[s + 1] * dims[i], (left, right)

    return search


def _greedy(border):
    """A search that does the product over the inner width `border(dims)` next. Returns its (cost, tree)."""

    def search(dims):
        left, trees, cost = list(dims), list(range(len(dims) - 1)), 0
        while len(trees) > 1:
            i = border(left)
            cost += left[i - 1] * left[i] * left[i + 1]
            trees[i - 1 : i + 1] = [(trees[i], trees[i - 1])]
            del left[i]
        return cost, trees[0]

    return search


def _cheapest_border(n):
    return min(range(1, len(n) - 1), key=lambda i: n[i - 1] * n[i] * n[i + 1])


def _both_ends(dims):
    """Forward and reverse order. Returns the (cost, tree) of each."""
    split_last, split_first = _by_splits(lambda _, i, j: j - 1), _by_splits(lambda _, i, j: i)  # noqa: ARG005
    return split_last(dims), split_first(dims)


def _cheaper_end(dims):
    """Forward or reverse order, whichever is cheaper. Returns its (cost, tree)."""
    return min(_both_ends(dims), key=lambda end: end[0])


_SEARCHES = {
    "two_ends": (
        _cheaper_end,
        "the cheaper of the two ends. Hint: there are other bracketings, that begin in the middle.",
    ),
    "cheapest_first": (
        _greedy(_cheapest_border),
        "the cheapest product first. Hint: what is cheap now can be dear later.",
    ),
    "widest_first": (
        _greedy(lambda n: 1 + int(np.argmax(n[1:-1]))),
        "the widest border first. Hint: try every place for the last product.",
    ),
    "halves": (
        _by_splits(lambda _, i, j: (i + j) // 2),
        "split in the middle each time. Hint: try every place for the last product.",
    ),
}


def _hard_dims(rng, layers):
    """Widths on which every short cut costs more than the optimum."""
    while True:
        dims = rng.integers(2, 13, layers + 1).tolist()
        if complexity.optimal_bracketing(dims)[0] < min(search(dims)[0] for search, _ in _SEARCHES.values()):
            return dims


def _ask_costs(student, reference, rng):  # noqa: ARG001
    answers = student.each("optimal_bracketing", [(_hard_dims(rng, layers),) for layers in (4, 5, 6)])
    return [answer[0] if isinstance(answer, (tuple, list)) and len(answer) == 2 else None for answer in answers]


@slips("q8", probe=_ask_costs)
def search_slips(reference):  # noqa: ARG001
    """Searches that do not try every order."""
    for name, (search, words) in _SEARCHES.items():
        yield Slip(name, "optimal_bracketing", search, "search", words)


def _bracketed(student, rng):
    """Pairs (widths, what the student says of them)."""
    cases = _bracketing_cases(rng)
    return zip(cases, student.each("optimal_bracketing", [(dims,) for dims in cases]), strict=True)


def _bracketing_cases(rng):
    narrow, wide = int(rng.integers(2, 4)), int(rng.integers(20, 30))
    waist = [wide, wide + 1, narrow, wide + 2, wide + 3]
    return ([5, 4], [3, 7, 2], waist, [4, 4, 4, 4], [9, 7, 5, 4, 1], _hard_dims(rng, 4), _hard_dims(rng, 6))


def _cost_and_tree(got):
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        fail("expected the pair (cost, tree), got something else.", "type")
    return got


@check("q8", points=4, core=True)
def test_q8_cost(student, rng):
    """The cost alone: the least number of multiply-adds over all bracketings, for one to six layers"""
    for dims, got in _bracketed(student, rng):
        cost = _cost_and_tree(got)[0]
        if cost != complexity.optimal_bracketing(dims)[0]:
            _explain_memory(student, cost, dims)
        _require_cost(cost, dims, complexity)


def _explain_memory(student, cost, dims):
    """Fail a wrong cost that stays the same if all widths double: every product then costs eight times as much."""
    twice = _cost_and_tree(student.optimal_bracketing([2 * n for n in dims]))[0]
    if _number(cost) > 0 and _number(twice) == _number(cost):
        words = (
            "the cost does not change with the widths. Hint: keep nothing from call to call; look at default arguments."
        )
        fail(words, "state")


def _require_cost(cost, dims, reference):
    _whole(cost, reference.optimal_bracketing(dims)[0], SafeText(f"the cost, {len(dims) - 1} layers"))


def _number(value):
    """A number as a float; NaN for everything else."""
    number = np.asarray(value) if isinstance(value, (int, float, np.number, np.ndarray)) else np.empty(0)
    return float(number.item()) if number.size == 1 and number.dtype.kind in "iuf" else np.nan


def _tree(value, depth=0):
    """Nested pairs of whole numbers out of tuples, lists or arrays."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        return int(value)
    if not isinstance(value, (tuple, list)) or len(value) != 2 or depth > 20:
        fail("the tree: expected nested pairs whose ends are layer numbers.", "type")
    return _tree(value[0], depth + 1), _tree(value[1], depth + 1)


def _leaves(tree):
    return [tree] if isinstance(tree, int) else _leaves(tree[0]) + _leaves(tree[1])


@check("q8", points=2, core=True)
def test_tree(student, rng):
    """The tree alone: it multiplies the whole chain at the least cost (of equals, any tree)"""
    for dims, got in _bracketed(student, rng):
        _require_tree(_cost_and_tree(got)[1], dims, complexity)


@check("q8", points=3)
def test_optimal(student, reference, rng):
    """The cost is the optimum, and the tree multiplies the whole chain at that cost (of equals, any tree)"""
    for dims, got in _bracketed(student, rng):
        cost, tree = _cost_and_tree(got)
        _require_cost(cost, dims, reference)
        _require_tree(tree, dims, reference)


def _require_tree(value, dims, reference):
    """The layers of a chain, each once and output side first, at the least cost."""
    tree = _tree(value)
    leaves = _leaves(tree)
    if sorted(leaves) == list(range(1, len(dims))):
        fail("the layers of the tree are numbered from 1. Hint: from 0 to L−1, as the list Js.", "off_by_one")
    if leaves == list(range(len(dims) - 1)) and len(leaves) > 1:
        fail("the tree has the input side first. Hint: as in J₃ J₂ J₁, the output side stands left.", "order")
    if leaves != list(range(len(dims) - 1))[::-1]:
        fail("the tree: read from left to right its ends must be L−1, …, 1, 0, each once.", "order")
    if complexity.cost_of(tree, dims) != reference.optimal_bracketing(dims)[0]:
        if tree in {order for _, order in _both_ends(dims)}:
            words = "the tree is the order of one end, which costs more. Hint: keep the split of the least cost."
            fail(words, "search")
        fail("the tree costs more than the optimum. Hint: try every place for the last product.", "search")


# --- Q9 concepts ----------------------------------------------------------------------------------


def is_cheaper_forward(dims):
    """c1: three layers or more, ten times as many inputs as outputs, and forward order is cheaper all the same."""
    widths = [int(n) for n in dims]
    honest = 4 <= len(widths) <= 1000 and all(n == given for n, given in zip(widths, dims, strict=True))
    fits = honest and all(1 <= n <= 10**6 for n in widths) and widths[0] >= 10 * widths[-1]
    return fits and complexity.cheaper_mode(widths) == "forward"


def _simulators(rng):
    """Numbers of inputs and outputs, never equal: few inputs three times, few outputs three times."""
    for few, more in zip(rng.integers(1, 40, 3).tolist(), rng.integers(1, 1000, 3).tolist(), strict=True):
        yield few, few + more
        yield few + more, few


@rule(cases=_simulators)
def fewer_passes(n_in, n_out):
    """c2: a pass forward fills a column, a pass in reverse a row."""
    return ("forward", n_in) if n_in < n_out else ("reverse", n_out)


@rule(cases=lambda rng: [(rng.integers(2, 60, layers + 1).tolist(),) for layers in (1, 2, 3, 4, 5, 6)])
def kept_inputs(dims):
    """c3: the inputs of all layers."""
    return sum(dims[:-1])


# --- B1 checkpointed_vjp, best_interval -----------------------------------------------------------


def _peak_memory(events, n_layers):
    """How many layer inputs must have been held at once, at least, for these calls to be possible.

    Input i is there from its making (layer i - 1 evaluated; the chain's own x from the start) until its last use
    before it is made anew, or before the end.
    """
    lives = [[0, 0]]  # made at, last used at
    current = {0: lives[0]}
    for moment, (kind, i) in enumerate(events, start=1):
        if i in current:
            current[i][1] = moment
        if kind == "value" and i + 1 < n_layers:
            current[i + 1] = [moment, moment]
            lives.append(current[i + 1])
    return max(sum(made <= t < used for made, used in lives) for t in range(len(events) + 1))


def _checkpointed(student, rng, n_layers, k):
    dims = rng.integers(2, 4, n_layers + 1).tolist()
    chain, u = _Chain(rng, dims), rng.uniform(0.5, 1.5, dims[-1])
    try:
        got = chain.ask(student.checkpointed_vjp, chain.x, u, k)
        _require_pair(got, chain, (chain.y, u @ chain.J), ("y", "u J"))
    except CheckFailed:
        if not chain.count("vjp", n_layers - 1) and len(chain.events) > n_layers:  # on the way back already
            fail("the last layer's vjp was never called. Hint: the last segment can be shorter than k.", "edge")
        raise
    return chain


@check("b1", points=1)
def test_b1_value(student, rng):
    """(y, u J) as in Question 4, whatever the interval, and each vjp called once"""
    for n_layers, k in ((4, 3), (2, 3)):  # a last segment that is shorter, and a chain that is
        chain = _checkpointed(student, rng, n_layers, k)
        if any(chain.count("vjp", i) != 1 or chain.count("jvp", i) for i in range(n_layers)):
            fail("a layer's vjp was not called exactly once.", "calls")


def _require_bounds(chain, n_layers, k):
    """Both on one chain: holding everything keeps the one, computing everything anew keeps the other."""
    if _peak_memory(chain.events, n_layers) > complexity.checkpoint_memory(n_layers, k):
        hint = "keep every k-th input; compute the others of one segment anew just before you walk back through it"
        fail("the order of calls needs more layer inputs at once than ceil(L / k) + k", "method", hint=hint)
    if max(chain.count("value", i) for i in range(n_layers)) > 2:
        if _begins_at_the_start(chain.events, (n_layers - 1) // k * k):
            hint = "begin at the kept input in front of the segment"
            fail("walks forward from the start of the whole chain again and again", "calls", hint=hint)
        hint = "keep the inputs of a segment until you have walked back through all of it"
        fail("computes the inputs of one segment more than once", "calls", hint=hint)


def _begins_at_the_start(events, last):
    """Whether the first layer is evaluated again on the way back through the last segment, which begins at `last`."""
    earlier = (moment for moment, (kind, i) in enumerate(events) if kind == "vjp" and i < last)
    return events[: next(earlier, len(events))].count(("value", 0)) > 1


@check("b1", points=1)
def test_memory(student, rng):
    """The calls can be made with at most ceil(L / k) + k layer inputs held at a time"""
    n_layers, k = 7, 3  # 6 inputs; whoever holds all of them holds 7
    chain = _checkpointed(student, rng, n_layers, k)
    _require_bounds(chain, n_layers, k)


@check("b1", points=1)
def test_extra_forward(student, rng):
    """At most one extra forward pass: no layer is evaluated more than twice"""
    n_layers, k = 9, 3  # three segments: from the start again, layer 0 would be evaluated once for each
    chain = _checkpointed(student, rng, n_layers, k)
    _require_bounds(chain, n_layers, k)


@check("b1", points=1)
def test_best_interval(student, rng):
    """An interval of least memory ceil(L / k) + k (of equals, any)"""
    numbers = [1, 2, 5, *rng.integers(20, 2000, 6).tolist()]
    for n_layers, got in zip(numbers, student.each("best_interval", [(n,) for n in numbers]), strict=True):
        if isinstance(got, bool) or not isinstance(got, (int, np.integer)):
            fail("expected a whole number (int), got something else.", "type")
        if int(got) not in complexity.best_intervals(n_layers):
            fail("another interval needs less memory. Hint: compare ceil(L / k) + k for every k from 1 to L.", "search")


# --- B2 reverse_loses, search_counterexample ------------------------------------------------------


def _require_loss(got, what):
    """Dims that end in 1 and on which some bracketing beats reverse order."""
    if isinstance(got, np.ndarray):
        got = got.tolist()
    if not isinstance(got, (tuple, list)) or not 2 <= len(got) <= 12:
        fail("expected the widths of a chain of at most 11 layers.", "type", subject=what)
    if not all(isinstance(n, (int, np.integer)) and not isinstance(n, bool) and 1 <= n <= 10**6 for n in got):
        fail("expected whole numbers from 1 to a million.", "type", subject=what)
    dims = [int(n) for n in got]
    if dims[-1] != 1:
        fail("the last width must be 1, a scalar cost.", "search", subject=what)
    if not complexity.optimal_bracketing(dims)[0] < complexity.reverse_macs(dims):
        fail("no bracketing beats reverse order there.", "search", subject=what)
    return dims


@check("b2", points=1)
def test_chain(student):
    """A chain with one output that some bracketing multiplies more cheaply than reverse order"""
    _require_loss(student.reverse_loses(), "the chain")


@check("b2", points=3)
def test_search(student, rng):
    """The search finds a chain if there is one, and None if not: no width is 1, all are, or two layers only"""
    a, b = rng.permutation([2, 3, 5, 7])[:2].tolist()
    cases = [
        ([a, b], 5, "widths of two and more"),
        ([1], 4, "all widths 1"),
        ([1, a, b], 2, "two layers"),
        ([1, 2], 3, ""),  # on 1, 2, 1, 1 reverse order loses by 1, the least there is
        ([1, a], 3, ""),
        ([b, a, 1], 4, ""),
    ]
    for i in rng.permutation(len(cases)):
        widths, max_layers, impossible = cases[i]
        got = student.search_counterexample(widths, max_layers)
        if impossible:
            if got is not None:
                fail("there is no such chain, expected None.", "search", subject=impossible)
            continue
        if got is None:
            fail("there is such a chain among these widths, and it was not found.", "search")
        dims = _require_loss(got, "the chain found")
        if not set(dims[:-1]) <= set(widths) or len(dims) > max_layers + 1:
            fail("the chain found uses other widths, or more layers, than were allowed.", "search")
