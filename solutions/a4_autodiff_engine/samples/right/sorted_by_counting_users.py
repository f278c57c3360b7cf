"""Kahn's way: a name is ready when its sources stand."""

def sort_graph(graph, out):
    needed, reach = {out}, [out]
    while reach:
        for source in graph[reach.pop()]:
            if source not in needed:
                needed.add(source)
                reach.append(source)
    missing = {name: len(set(graph[name])) for name in needed}
    users = {name: [] for name in needed}
    for name in needed:
        for source in set(graph[name]):
            users[source].append(name)
    ready, order = [name for name in needed if not missing[name]], []
    while ready:
        name = ready.pop()
        order.append(name)
        for user in users[name]:
            missing[user] -= 1
            if not missing[user]:
                ready.append(user)
    if len(order) < len(needed):
        raise ValueError("cycle")
    return order


def gradients(program, xs, u, ops, wrt):
    n, values = len(xs), run(program, xs, ops)
    leads = set(wrt)
    for i, (_, sources) in enumerate(program):
        if leads.intersection(sources):
            leads.add(n + i)
    messages = {n + len(program) - 1: [u]}
    for i in range(len(program) - 1, -1, -1):
        if n + i not in messages or n + i not in leads:
            continue
        name, sources = program[i]
        total = sum(messages[n + i][1:], messages[n + i][0])
        for k, s in enumerate(sources):
            if s in leads:
                part = ops[name].vjp(k, total, values[n + i], *[values[q] for q in sources])
                messages.setdefault(s, []).append(part)
    zero = [np.zeros(np.shape(x)) for x in xs]
    return values[-1], [sum(messages.get(i, []), zero[i]) for i in wrt]


def matmul_vjp(k, u, A, B):
    return np.einsum("nk,hk->nh", u, B) if k == 0 else np.einsum("nh,nk->hk", A, u)
