"""Sets the best end only if it is above zero: below, the name has no value.

fails: q7.negative_values
diagnosis: raised
"""


def best_of_restarts(f, grad, starts, lr, n_steps):
    height = 0.0
    for start in starts:
        end = gradient_ascent(grad, start, lr, n_steps)[-1]
        if f(end) > height:
            height, best = f(end), end
    return best
