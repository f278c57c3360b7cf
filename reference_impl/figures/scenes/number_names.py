"""What the numbers of the two network pictures are called in a table. Units count from 1, entries of arrays from 0, as
in the text of the course. Standard library only."""

from .places import input_name

NUMBER_NAMES = {
    "x": "input {x}",
    "z": "z of hidden unit {unit}",
    "z1": "z of hidden unit {unit}",
    "a": "a of hidden unit {unit}",
    "a1": "a of hidden unit {unit}",
    "s": "score {unit}",
    "logit": "score {unit}",
    "p": "probability of class {i}",
    "f1": "what the line of {weight} carries",
    "f2": "what the line of {weight} carries",
    "d2": "δ of score {unit}",
    "m2": "message from score {source} to hidden unit {unit}",
    "u": "sum at hidden unit {unit}",
    "d1": "δ of hidden unit {unit}",
    "m1": "message from hidden unit {source} to input {x}",
    "dx": "sum at input {x}",
    "J": "cost",
    "J2": "cost after one step down",
}


def name_of_forward(key, sizes):
    """The name of a number of the forward picture. key: such as f1_0_1.  sizes: inputs, hidden units, scores."""
    name, *places = key.split("_")
    i, j = [*map(int, places), 0, 0][:2]
    layer = name[-1]
    bias = name[0] == "f" and i == sizes[int(layer) - 1]
    weight = f"b{layer}[{j}]" if bias else f"W{layer}[{i}, {j}]"
    return NUMBER_NAMES[name].format(i=i, unit=i + 1, x=input_name(i), weight=weight)


def name_of_backward(key, examples):
    """The name of a number of the messages back. key: such as m2-0-1-0."""
    name, *places = key.split("-")
    n, i, j = [*map(int, places), 0, 0, 0][:3]
    if name[0] in "Wb":
        return f"gradient of {name}[{i}]" if name[0] == "b" else f"gradient of {name}[{n}, {i}]"
    words = NUMBER_NAMES[name].format(i=i, unit=i + 1, source=j + 1, x=input_name(i))
    return words if examples == 1 or name[0] == "J" else f"{words}, example {n + 1}"
