"""The hand-out of assignment 3 that counts: every way of writing a product must count the same."""

import numpy as np
import pytest

from reference_impl.figures import workbench

Js = [np.arange(1.0, 13.0).reshape(4, 3), np.ones((5, 4)), np.ones((2, 5))]


def loops(A, B):
    C = np.zeros((A.shape[0], B.shape[1]))
    for i in range(A.shape[0]):
        for j in range(B.shape[1]):
            for k in range(A.shape[1]):
                C[i, j] += A[i, k] * B[k, j]
    return C


@pytest.mark.parametrize(
    "times",
    [
        lambda A, B: A @ B,
        np.dot,
        np.matmul,
        lambda A, B: A.dot(B),
        lambda A, B: np.einsum("ij,jk->ik", A, B),
        lambda A, B: np.tensordot(A, B, axes=1),
        lambda A, B: (B.T @ A.T).T,
        lambda A, B: [[sum(a * b for a, b in zip(row, column, strict=True)) for column in B.T] for row in A],
        loops,
    ],
)
def test_every_product_of_two_counts_pqr(times):
    """(5×4)(4×3) takes 60; the column sums of 1..12 in rows of three are 22, 26, 30."""
    product, done = workbench.count_multiply_adds(lambda Js: times(Js[1], Js[0]), Js)
    assert done == 60
    np.testing.assert_allclose(product, [[22, 26, 30]] * 5, rtol=1e-15)  # whole numbers


def test_scaling_and_adding_count_nothing():
    product, done = workbench.count_multiply_adds(lambda Js: 2 * Js[0] + Js[0], Js)
    assert done == 0
    np.testing.assert_array_equal(product, 3 * Js[0])


@pytest.mark.parametrize(
    "multiply",
    [lambda Js: np.linalg.multi_dot(Js[::-1]), lambda Js: np.einsum("ij,jk,kl->il", *Js[::-1])],
)
def test_what_chooses_its_own_order_is_refused_and_says_so(multiply):
    with pytest.raises(TypeError, match="chooses its own order"):
        workbench.count_multiply_adds(multiply, Js)


def test_the_two_layers_are_those_of_the_text():
    """(a² + b², 2a² − b² + 1, 3b²) at (1, 2) is (5, −1, 12), with the Jacobian [[2, 4], [4, −4], [0, 12]]."""
    square, matrix = layers = workbench.two_layers()
    x = np.array([1.0, 2.0])
    np.testing.assert_array_equal(matrix(square(x)), [5, -1, 12])
    np.testing.assert_array_equal(matrix.jvp(square(x), square.jvp(x, [1, 0])), [2, 4, 0])
    np.testing.assert_array_equal(square.vjp(x, matrix.vjp(square(x), [0, 1, 0])), [4, -4])
    assert workbench.calls_of(layers)[0] == {"evaluated": 3, "jvp": 1, "vjp": 1}


def test_a_layer_refuses_a_vector_of_another_length():
    with pytest.raises(ValueError, match=r"affine\(2 → 3\): expected u of shape \(3,\), got \(2,\)"):
        workbench.two_layers()[1].vjp([1, 2], [1, 2])


def test_the_three_layers_are_those_of_the_text():
    """((a² + b²)², (a² − b²)²) at (1, 2) is (25, 9), with the Jacobian [[20, 40], [−12, 24]]."""
    first, matrix, last = workbench.three_layers()
    x = np.array([1.0, 2.0])
    np.testing.assert_array_equal(last(matrix(first(x))), [25, 9])
    J = [last.vjp(matrix(first(x)), u) @ np.array([[1, 1], [1, -1]]) * 2 * x for u in np.eye(2)]
    np.testing.assert_array_equal(J, [[20, 40], [-12, 24]])


# u = (1, 1) back, and v = (1, −1) forward, with each layer's product taken at another place. By hand, at the chain's
# x = (1, 2): (1, 1)·2(1, 2) = (2, 4), times the matrix (6, −2), times 2(1, 2) = (12, −8).
WRONG_PLACES = {
    "the chain's x": (lambda x, _: [x] * 3, [12, -8], [-4, 24]),
    "the layer's own output": (lambda _, places: places[1:], [136, 256], [-300, 180]),
}


@pytest.mark.parametrize("name", WRONG_PLACES)
def test_each_wrong_place_shows_on_the_three_layers_with_the_numbers_that_the_notebook_names(name):
    choose, row, column = WRONG_PLACES[name]
    layers, places = workbench.three_layers(), [np.array([1.0, 2.0])]
    for layer in layers:
        places.append(layer(places[-1]))
    at = choose(places[0], places)
    u, v = np.array([1.0, 1.0]), np.array([1.0, -1.0])
    for layer, place in zip(layers[::-1], at[::-1], strict=True):
        u = layer.vjp(place, u)
    for layer, place in zip(layers, at, strict=True):
        v = layer.jvp(place, v)
    np.testing.assert_array_equal(u, row)
    np.testing.assert_array_equal(v, column)
