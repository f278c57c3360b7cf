"""Recursion instead of loops; a layer input waits on the call stack."""

def accumulate_forward(Js):
    return Js[0].copy() if len(Js) == 1 else Js[-1] @ accumulate_forward(Js[:-1])


def accumulate_reverse(Js):
    return Js[0].copy() if len(Js) == 1 else accumulate_reverse(Js[1:]) @ Js[0]


def jvp(layers, x, v):
    if not layers:
        return x, v
    first, *rest = layers
    return jvp(rest, first(x), first.jvp(x, v))


def vjp(layers, x, u):
    if not layers:
        return x, u
    first, *rest = layers
    y, row = vjp(rest, first(x), u)
    return y, first.vjp(x, row)
