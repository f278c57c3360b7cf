"""Each path from the result is walked.

fails: q4.once
diagnosis: twice
"""

def backprop(program, xs, u, ops):
    values = run(program, xs, ops)
    grads = [np.zeros(np.shape(x)) for x in xs]
    stack = [(len(values) - 1, u)]
    while stack:
        slot, adjoint = stack.pop()
        if slot < len(xs):
            grads[slot] = grads[slot] + adjoint
            continue
        name, sources = program[slot - len(xs)]
        for k, source in enumerate(sources):
            stack.append((source, ops[name].vjp(k, adjoint, values[slot], *(values[s] for s in sources))))
    return values[-1], grads
