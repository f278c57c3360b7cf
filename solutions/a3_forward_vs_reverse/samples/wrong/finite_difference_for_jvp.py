"""Takes a finite difference of the chain instead of the layers’ products.

fails: q3.cost
diagnosis: method
"""

def jvp(layers, x, v):
    def run(x):
        for layer in layers:
            x = layer(x)
        return x

    h = 1e-6
    return run(x), (run(x + h * v) - run(x - h * v)) / (2 * h)
