"""Scene S4, the messages back: each unit asks "how much more would the cost be?", and the answers travel to the left.

A line carries a message: δ at its right end times its weight. A hidden unit adds what arrives, its gate lets the sum
pass or stops it, and what leaves is its own δ. Gradients travel nowhere: each weight reads its own off its two ends.
Standard library only.
"""

from .back_drawing import BACK_LONG, back_drawing
from .layers import network_of, table_of
from .look import label
from .messages import STEP_RATE, follow_messages
from .number_names import name_of_backward
from .places import input_name
from .posters import poster_named
from .scene import NO_TABLE, Prediction, Scene, Table, button
from .svg import tag

BACK_MOST_WORDS = 3  # disagreements that the drawing lists; the table of numbers has all
BACK_QUESTIONS = (  # about the worked instance of assignment 2
    Prediction("The second hidden unit is closed. It is told −0.538. Which δ leaves it?", ("−0.538", "0", "0.538")),
    Prediction(
        "Before step 6: which of the four weights of W1 hear nothing?",
        ("W1[0, 0], W1[1, 0]", "W1[0, 1], W1[1, 1]", "W1[1, 0], W1[1, 1]", "none"),
        before=6,
    ),
)


def backward(params, X, y, yours=None, *, ask=False, blank=False, guess=None, batch=False, told=True):
    """The messages back for one or two examples, at most three units a layer.

    params: {"W1": (D, H), "b1": (H,), "W2": (H, K), "b2": (K,)}.  X: (N, D).  y: (N,), the right classes.
    yours: a student's own arrays, each optional: dlogits (N, K), sums (N, H), d1 (N, H) and the gradients W1, b1, W2,
    b2. Messages are computed from them, and the scene opens where they first disagree.
    ask: the reader first predicts.  blank: empty boxes, to be filled in by pencil.
    guess: the weights of W1 that hear nothing, as the reader said: pairs (row, column).
    batch: the picture begins with the first of two examples, and a switch adds the second.
    told: whether steps and notes say what disagrees; not on a page that says it above the scene.
    """
    shown = slice(0, 1 if batch else None)
    messages = follow_messages(params, X[shown], y[shown], yours)
    steps = () if blank else _back_steps(messages, told)
    return Scene(
        name="backward",
        title="The messages back",
        svg=back_drawing(params, messages, blank, _back_notes(messages, guess, told), batch),
        says=_back_words(messages, blank, guess),
        steps=steps,
        table=NO_TABLE if blank else _back_table(messages, batch),
        controls="" if blank else _back_controls(params, X, y, yours, batch),
        asks=BACK_QUESTIONS if ask else (),
        facts={} if blank else _back_facts(params, X, y, messages, yours, batch),
        spoilers=(*steps[3:4], *_back_guess(messages, [])[1:]) if ask else (),
    )


@poster_named("messages")
def messages_poster():
    """The worked instance with empty boxes."""
    weights = {"W1": [[1, -1], [0.5, 1]], "b1": [0, -2], "W2": [[1, 0], [3, 1]], "b2": [0, 1]}
    return backward(weights, [[1, 2]], [0], blank=True)


# --- Words --------------------------------------------------------------------------------------------------------


# The player fills the names in braces again when a number is turned.
BACK_SENTENCES = (
    "How much more would the cost be for a little more of each score? Probability minus target{share}: {d2}.",
    "Each score sends its δ down its lines. Each line multiplies it by its weight.",
    "Each hidden unit adds what arrives: {u}.",
    "Where z is above 0 the gate is open and the sum passes. Where it is not, the sum stops: {d1}.",
    "Each weight of the second layer reads its gradient off its two ends: a at the left times δ at the right.{adds}",
    "Each weight of the first layer does the same: x at the left times δ at the right.{adds}",
    "A layer before this one would hear these messages.",
    "One step down with rate {rate}: the cost goes from {J} to {J2}.",
)
BACK_MANY = {  # what the sentences say more of a batch
    "share": ", over the number of examples",
    "adds": " Each example gives a product, and the weight adds them. 1/N is in δ already.",
}


def _back_steps(messages, told=True):
    """One sentence a step, and behind it what is wrong there, if that is told here."""
    values, wrong = _back_values(messages), messages.disagreements if told else ()
    return tuple(
        " ".join([words.format(**values), *_back_wrong([d for d in wrong if d.step == step])])
        for step, words in enumerate(BACK_SENTENCES, start=1)
    )


def _back_table(messages, batch):
    """All numbers with their names. batch: an example that waits behind the switch has empty rows."""
    numbers = messages.numbers
    waiting = [f"{name}-1-{ends}" for name, n, ends in _back_keys(numbers) if n == "0"] if batch else []
    examples = 2 if batch else messages.sizes[0]
    rows = [(name_of_backward(key, examples), label(numbers[key])) for key in numbers]
    rows += [(name_of_backward(key, examples), "") for key in waiting]
    return Table(("number", "value"), tuple(rows), (*numbers, *waiting))


def _back_keys(numbers):
    """The keys of what belongs to one example, in parts: name, example, and the rest."""
    return (key.split("-", 2) for key in numbers if key[0] not in "WbJ")


def _back_values(messages):
    """What stands in the sentences. The numbers of different examples are apart."""
    numbers, (N, _, H, K) = messages.numbers, messages.sizes
    listed = {
        name: "; ".join(", ".join(label(numbers[f"{name}-{n}-{i}"]) for i in range(size)) for n in range(N))
        for name, size in (("d2", K), ("d1", H))
    }
    listed["u"] = "; ".join(", ".join(_back_sum(numbers, n, h, K) for h in range(H)) for n in range(N))
    many = BACK_MANY if N > 1 else dict.fromkeys(BACK_MANY, "")
    return {**listed, **many, "rate": f"{STEP_RATE:g}", "J": label(numbers["J"]), "J2": label(numbers["J2"])}


def _back_sum(numbers, n, h, K):
    """What arrives at a hidden unit: −0.807 + 0.269 = −0.538."""
    sent = [numbers[f"m2-{n}-{h}-{k}"] for k in range(K)]
    return f"{' + '.join(map(label, sent))} = {label(sum(sent))}"


def _back_wrong(disagreements):
    """The first disagreements in words, and how many more there are."""
    more = len(disagreements) - BACK_MOST_WORDS
    return [d.words for d in disagreements[:BACK_MOST_WORDS]] + ([f"… and {more} more."] if more > 0 else [])


def _back_notes(messages, guess, told):
    """The lines below the drawing, each with its class. The live words replace a note where a script runs."""
    notes = _back_wrong(messages.disagreements) if told else []
    return [("note", words) for words in notes] + [("", w) for w in _back_guess(messages, guess)]


def _back_words(messages, blank, guess):
    """The drawing in words, from its numbers."""
    if blank:
        return (
            "A network, read from right to left. The places for δ of the scores, the messages on the lines, and the "
            "sum and δ of each hidden unit are empty: fill them in by pencil."
        )
    return " ".join([*_back_steps(messages), *_back_guess(messages, guess)])


def _back_guess(messages, guess):
    """The reader's guess, and the weights of W1 that hear nothing; no line without a guess."""
    _, D, H, _ = messages.sizes
    weights = [(i, h) for i in range(D) for h in range(H)]
    silent = [(i, h) for i, h in weights if messages.numbers[f"W1-{i}-{h}"] == 0]
    if guess is None:
        return []
    try:
        said = [pair for pair in weights if pair in {tuple(each) for each in guess}]
    except TypeError:  # no list of pairs
        said = []
    mark = "✓" if said == silent else "✗"
    return [
        f"{mark} You said: {_back_weights(said)}.",
        f"The weights of W1 that hear nothing: {_back_weights(silent)}.",
    ]


def _back_weights(pairs):
    return ", ".join(f"W1[{', '.join(map(str, pair))}]" for pair in pairs) or "none"


# --- What a reader may do -----------------------------------------------------------------------------------------


def _back_controls(params, X, y, yours, batch):
    """Back and next; and, if the numbers are not a student's, one slider for any of the numbers that go in."""
    buttons = button("← Back", do="back", keys="ArrowLeft") + button("Next →", do="next", keys="ArrowRight")
    if yours:
        return buttons
    tables = {"x": table_of(X), **network_of(params)}
    names = [f"{name}-{i}-{j}" for name, rows in tables.items() for i, row in enumerate(rows) for j in range(len(row))]
    waits = {"class": "two", "hidden": ""} if batch else {}  # until the switch adds the second example
    options = (tag("option", _back_knob(key), value=key, **(waits if key[:3] == "x-1" else {})) for key in names)
    value = tables["x"][0][0]
    first = label(value)
    turn = tag("input", type="range", min=-4, max=4, step="0.25", value=str(value), data_knob="turn",
               aria_label="its value", aria_valuetext=first)  # fmt: skip
    choose = tag("label", "turn ", tag("select", *options, data_knob="which"))
    scores = range(len(tables["b2"][0]))
    classes = (_back_class(n, int(c), scores, len(y), waits if n else {}) for n, c in enumerate(y))
    switch = tag("label", tag("input", type="checkbox", data_knob="batch"), " batch of 2") if batch else ""
    return "".join([buttons, choose, tag("label", turn, tag("output", first)), *classes, switch])


def _back_class(n, right, scores, examples, how):
    """The choice of the right class of an example."""
    options = (tag("option", str(k), value=k, selected="" if k == right else None) for k in scores)
    words = "right class " if examples == 1 else f"right class of example {n + 1} "
    return tag("label", words, tag("select", *options, data_knob="label", data_example=n), **how)


def _back_knob(key):
    """A number that goes in, as people write it."""
    name, i, j = key.split("-")
    if name == "x":
        return f"{input_name(int(j))}, example {int(i) + 1}"
    return f"{name}[{i}, {j}]" if name[0] == "W" else f"{name}[{j}]"


def _back_facts(params, X, y, messages, yours, batch):
    """What the player computes with. A student's numbers cannot be turned, so it gets none of them, only the steps."""
    facts = {"opens": min((d.step for d in messages.disagreements), default=None), "sizes": messages.sizes}
    if yours:
        return facts
    inputs = {"params": network_of(params), "X": table_of(X), "y": [int(c) for c in y], "rate": STEP_RATE}
    words = {"steps": (), "sentences": BACK_SENTENCES, "many": BACK_MANY}  # the player makes the steps
    return {**facts, "inputs": inputs, "long": BACK_LONG, "batch": batch, **words}
