"""Hidden checks of NAME: plain functions over `student`, `reference` and `rng`.

`pytest solutions/NAME` runs them on your own solution. `autograder audit NAME` runs them on every sample.
"""

import numpy as np

from autograder.authoring import Line, assert_plot, check, contains


def some_losses(rng, epochs):
    """Two lists of positive numbers."""
    return np.exp(rng.normal(size=(2, epochs)))


def curves(train, test):
    """The two lines, without the words around them."""
    epochs = np.arange(1, len(train) + 1)
    return [Line(epochs, train, label="train"), Line(epochs, test, label="test")]


@check("q1", points=5)
def test_curves(student, rng):
    """Draws both curves, each with its label"""
    for epochs in (6, 2):
        train, test = some_losses(rng, epochs)
        assert_plot(student.plot("draw_losses", train, test), lines=curves(train, test))


@check("q1", points=3)
def test_words(student, rng):
    """Has a legend, and a label at each axis"""
    train, test = some_losses(rng, 5)
    assert_plot(
        student.plot("draw_losses", train, test),
        lines=curves(train, test),
        xlabel=contains("epoch"),
        ylabel=contains("loss"),
        legend=True,
    )


@check("q1", points=2)
def test_scale(student, rng):
    """Has a logarithmic y axis"""
    train, test = some_losses(rng, 5)
    assert_plot(student.plot("draw_losses", train, test), lines=curves(train, test), yscale="log")
