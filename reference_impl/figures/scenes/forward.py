"""Scene S3, the forward picture: one example goes through a network with one hidden layer, from left to right.

Standard library only. The player's part, forward.js, computes the same numbers when a reader turns an input.
"""

import math

from .layers import flows_of, gated, log_chances, network_of, sums_of, table_of, table_or_none
from .look import label, look
from .number_names import name_of_forward
from .places import PLACE_FLOW, PLACE_PITCH, PLACE_RADIUS, PLACE_TOP, PLACE_WEIGHT, input_name, line_place, unit_place
from .posters import poster_named
from .scene import Prediction, Scene, Table, button, slider
from .svg import tag, text

FORWARD_QUESTION = Prediction("Which number leaves the second hidden unit, the lower one?")


def forward(params, x, y=None, a1=None, logits=None, ask=False):
    """The numbers of one example at their places.

    params: {"W1", "b1", "W2", "b2"} of at most 3 units a layer.  x: (1, D).  y: (1,), its class, or None.
    a1, logits: your own numbers, (1, H) and (1, K); without them the picture computes its own.
    ask: a reader first predicts.
    """
    net = network_of(params)
    point, y = table_of(x)[0], None if y is None else int(table_of(y)[0][0])
    values, complaints = forward_values(net, point, y, forward_first(a1), forward_first(logits))
    sizes = len(net["W1"]), len(net["W2"]), len(net["b2"][0])
    sentences = forward_sentences(sizes, y is not None)
    shown = {key: label(v) for key, v in values.items()}
    return Scene(
        name="forward",
        title="The way forward",
        svg=forward_drawing(net, sizes, values),
        says=" ".join([*complaints, *(sentence.format(**shown) for sentence in sentences)]),
        steps=tuple(sentence.format(**shown) for sentence in sentences),
        table=Table(("number", "value"), tuple((name_of_forward(k, sizes), v) for k, v in shown.items()), tuple(shown)),
        controls=forward_controls(sizes, point, y, a1 is None and logits is None),
        asks=(FORWARD_QUESTION,) if ask else (),
        facts={"net": net, "x": point, "y": y, "sentences": sentences},
        spoilers=(sentences[3].format(**shown),) if ask else (),
    )


@poster_named("forward")
def forward_poster():
    """The worked instance of assignment 2 with empty circles, to be filled by pencil."""
    net = {"W1": [[1.0, -1.0], [0.5, 1.0]], "b1": [[0.0, -2.0]], "W2": [[1.0, 0.0], [3.0, 1.0]], "b2": [[0.0, 1.0]]}
    values = {"x_0": 1.0, "x_1": 2.0, "J": None}
    says = (
        "A network with two inputs, 1 and 2, two hidden units and two scores. The weights stand on the lines. The "
        "circles are empty: write each sum into the upper half, and what leaves the gate into the lower half."
    )
    return Scene("forward", "Fill in by pencil: the way forward", forward_drawing(net, (2, 2, 2), values), says)


# --- Numbers ---------------------------------------------------------------------------------------


def forward_first(values):
    """The first row of your numbers; None if there are none, or if they are no rows of numbers."""
    table = table_or_none(values)
    return table[0] if table else None


def forward_values(net, x, y, a1=None, logits=None):
    """Every number of the picture by its key, and a complaint for each of yours that does not fit the others.

    Keys: x_0, f1_0_1 (what a line of layer 1 carries from unit 0 to unit 1), z1_0, a1_0, logit_0, p_0, J.
    """
    values, complaints = {f"x_{i}": v for i, v in enumerate(x)}, []
    sums = forward_layer(values, net, 1, x)
    units = forward_yours(gated(sums), a1, "hidden unit {}: {} leaves the gate, your forward says {}", complaints)
    values |= {f"z1_{j}": z for j, z in enumerate(sums)} | {f"a1_{j}": a for j, a in enumerate(units)}
    arrived = forward_layer(values, net, 2, units)
    scores = forward_yours(arrived, logits, "score {}: {} arrives, your forward says {}", complaints)
    log_p = log_chances(scores)
    values |= {f"logit_{k}": v for k, v in enumerate(scores)} | {f"p_{k}": math.exp(v) for k, v in enumerate(log_p)}
    return values | ({} if y is None else {"J": -log_p[y]}), complaints


def forward_yours(right, yours, words, complaints):
    """Your numbers in place of the picture's, if there are as many; a complaint for each that differs."""
    if yours is None or len(yours) != len(right):
        return right
    for k, (a, b) in enumerate(zip(right, yours, strict=True), start=1):
        if not abs(a - b) <= 1e-4 * max(1.0, abs(a)):
            complaints.append(words.format(k, label(a), label(b)).capitalize() + ".")
    return yours


def forward_layer(values, net, layer, inputs):
    """Write down what each line of a layer carries. Returns the sums at its right ends."""
    flows = flows_of(inputs, net, layer)
    values |= {f"f{layer}_{i}_{j}": f for i, row in enumerate(flows) for j, f in enumerate(row)}
    return sums_of(flows)


# --- The drawing -----------------------------------------------------------------------------------


def forward_drawing(net, sizes, values):
    """The network with the numbers that there are; a circle without a number is empty."""
    inputs, hidden, classes = sizes
    flows = [abs(v) for key, v in values.items() if key[0] == "f" and math.isfinite(v)]
    lines = [
        forward_line(layer, i, j, weight, values.get(f"f{layer}_{i}_{j}"), max(flows, default=1.0))
        for layer in (1, 2)
        for i, row in enumerate([*net[f"W{layer}"], net[f"b{layer}"][0]])
        for j, weight in enumerate(row)
    ]
    heads = [
        text(unit_place(column, 0)[0], 18, words, class_="small", text_anchor="middle")
        for column, words in enumerate(("inputs", "hidden: sum, then gate", "scores"))
    ]
    return tag(
        "svg",
        *heads,
        *(drawn for pair in zip(*lines, strict=True) for drawn in pair),  # lines first: no line crosses a number
        *(forward_unit(0, i) + forward_number(*unit_place(0, i), f"x_{i}", values, 1, "small") for i in range(inputs)),
        *(forward_hidden(j, values) for j in range(hidden)),
        *(
            forward_unit(2, k) + forward_number(*unit_place(2, k), f"logit_{k}", values, 5, "small")
            for k in range(classes)
        ),
        *(forward_one(column, sizes[column]) for column in (0, 1)),
        text(580, 18, "probabilities", class_="small"),
        *(forward_bar(k, values) for k in range(classes)),
        forward_cost(classes, values),
        viewBox=f"0 0 700 {PLACE_TOP + PLACE_PITCH * max(sizes) + 40}",
    )


def forward_line(layer, i, j, weight, flow, largest):
    """A line, and the numbers on it: the weight near its left end, and what travels near its right end."""
    key, shown = f"f{layer}_{i}_{j}", look(flow or 0.0, largest)
    (x1, y1), (x2, y2) = line_place(layer - 1, i, j, 0), line_place(layer - 1, i, j, 1)
    x, y = line_place(layer - 1, i, j, PLACE_WEIGHT)
    step = 2 if layer == 1 else 5
    path = f"M{x1:.0f} {y1:.0f}L{x2:.0f} {y2:.0f}"
    line = tag("path", d=path, class_="net")
    if flow is not None:
        line += tag("path", d=path, class_=shown.kind, stroke_width=shown.width, data_line=key, data_step=step)
    number = text(x, y + 4, label(weight), class_="small on", text_anchor="middle")
    x, y = line_place(layer - 1, i, j, PLACE_FLOW)
    return line, number + forward_number(x, y, key, {key: flow}, step, "small on strong")


def forward_number(x, y, key, values, step, kind=None):
    """A number that the player may write again; nothing if it is not known."""
    value = values.get(key)
    if value is None:
        return ""
    return text(x, y + 5, label(value), class_=kind, text_anchor="middle", data_k=key, data_v=value, data_step=step)


def forward_unit(column, row):
    """The circle of a unit."""
    x, y = unit_place(column, row)
    return tag("circle", cx=x, cy=y, r=PLACE_RADIUS, class_="head")


def forward_hidden(j, values):
    """A hidden unit: its sum above, what leaves it below, and a double bar where its gate is closed."""
    x, y = unit_place(1, j)
    shut = values.get(f"z1_{j}", 1.0) <= 0
    bars = tag(
        "path",
        d=f"M{x + PLACE_RADIUS + 5} {y - 13}v26m6 0v-26",
        class_="shut",
        data_gate=f"z1_{j}",
        data_step=4,
        visibility=None if shut else "hidden",
    )
    return (
        forward_unit(1, j)
        + tag("path", d=f"M{x - PLACE_RADIUS} {y}h{2 * PLACE_RADIUS}", class_="thin")
        + forward_number(x, y - 11, f"z1_{j}", values, 3, "small")
        + forward_number(x, y + 11, f"a1_{j}", values, 4, "small strong")
        + bars
    )


def forward_one(column, row):
    """The constant 1, from which the biases come."""
    x, y = unit_place(column, row)
    return tag("circle", cx=x, cy=y, r=PLACE_RADIUS, class_="paper") + text(x, y + 5, "1", text_anchor="middle")


def forward_bar(k, values):
    """The probability of a class, as a bar and as a number."""
    x, y = 580, unit_place(2, k)[1]
    p = values.get(f"p_{k}", 0.0)
    long = 0 if math.isnan(p) else 100 * p
    bar = tag("rect", x=x, y=y + 4, width=long, height=12, class_="full", data_bar=f"p_{k}", data_step=6)
    frame = tag("rect", x=x, y=y + 4, width=100, height=12, class_="box-line")
    return bar + frame + forward_number(x + 50, y - 12, f"p_{k}", values, 6, "small")


def forward_cost(row, values):
    """The cost, if the right class is known; a line to write it on if only the number is not known."""
    x, y = unit_place(2, row)
    if "J" not in values:
        return ""
    line = tag("path", d=f"M{x + 60} {y + 10}h60", class_="thin") if values["J"] is None else ""
    return text(x - 10, y + 5, "cost J =", class_="small") + line + forward_number(x + 90, y, "J", values, 6, "strong")


# --- Words and controls ----------------------------------------------------------------------------


def forward_sentences(sizes, has_class):
    """One sentence a step, with the keys of numbers in braces."""
    inputs, hidden, classes = sizes
    keys = {"x": inputs, "z1": hidden, "a1": hidden, "logit": classes, "p": classes}
    listed = {name: ", ".join(f"{{{name}_{k}}}" for k in range(count)) for name, count in keys.items()}
    return (
        f"The inputs are {listed['x']}.",
        "Each line multiplies the number at its left end by its weight.",
        f"Each hidden unit adds what arrives: {listed['z1']}.",
        f"Each gate lets a sum above 0 pass; any other sum becomes 0. The gates let out {listed['a1']}.",
        f"The second layer multiplies and adds in the same way. The scores are {listed['logit']}.",
        f"The scores become the probabilities {listed['p']}." + (" The cost is J = {J}." if has_class else ""),
    )


def forward_controls(sizes, x, y, free):
    """Back and next; for the picture's own numbers a slider for each input, and the right class."""
    buttons = button("← Back", do="back", keys="ArrowLeft") + button("Next →", do="next", keys="ArrowRight")
    if not free:
        return buttons
    knobs = [slider(input_name(i), f"x{i}", -4, 4, 0.5, v, label(v)) for i, v in enumerate(x)]
    classes = [tag("option", str(k), value=k, selected="" if k == y else None) for k in range(sizes[2])]
    choice = "" if y is None else tag("label", "right class ", tag("select", *classes, data_knob="y"))
    return buttons + "".join(knobs) + choice
