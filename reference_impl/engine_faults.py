"""Right and wrong engines for Question 11 of assignment 4, where the answer is a test of an engine.

An engine is a callable (program, xs, u) -> (y, gradients), on the ops of engine_ops.py. ENGINES maps a name to a
`Maker`, which makes one engine. DISGUISES are harmless changes of what an engine answers. All engines are one walk
with one hook exchanged, so a wrong engine has exactly one fault. An engine may change its arguments: give it copies.
Each belongs to a group:

* right: nothing is wrong; the walks differ in order and in rounding.
* uses (D1), order_and_seed (D2, D3), memory (D6, D8), size (D4, D7), rules (of Questions 1 and 6): the broken duty.

Counts of real faults, from public engines, decided what stands here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np

from reference_impl.engine import Array, Ops, Program, run
from reference_impl.engine_ops import OPS, Op

Answer: TypeAlias = tuple[Array, Any]
Engine: TypeAlias = Callable[[Program, Sequence[Array], Array], Answer]
RIGHT, GROUPS = "right", ("uses", "order_and_seed", "memory", "size", "rules")

# --- One walk, and what can be exchanged in it ----------------------------------------------------


def _last_line_first(program: Program, n: int) -> Iterable[int]:
    return range(len(program) - 1, -1, -1)


def _ask(op: Op, k: int, u: Array, y: Array, *inputs: Array) -> Array:
    return op.vjp(k, u, y, *inputs)


@dataclass(frozen=True)
class EngineWalk:
    """An engine. The defaults are right, and each field exchanges one step.

    values: the forward walk.  order: the lines on the way back.  seed: the last slot's adjoint, made from u.
    places: what a line asks for, pairs (k, source).  ask: how a rule is asked.  add: the adjoint after a further use,
    from the sum so far, the new part, and the number of uses before.  unused: the gradient of an unused input.
    """

    values: Callable[..., list[Array]] = run
    order: Callable[[Program, int], Iterable[int]] = _last_line_first
    seed: Callable[[Array], Array] = lambda u: u
    places: Callable[[Sequence[int]], Iterable[tuple[int, int]]] = enumerate
    ask: Callable[..., Array] = _ask
    add: Callable[[Array, Array, int], Array] = lambda so_far, part, uses: so_far + part
    unused: Callable[[Array], Any] = lambda x: np.zeros(np.shape(x))
    ops: Ops = field(default_factory=lambda: OPS)

    def __call__(self, program: Program, xs: Sequence[Array], u: Array) -> Answer:
        """Return the result, and u times its derivative in each of xs."""
        values, n = self.values(program, xs, self.ops), len(xs)
        adjoints: dict[int, Array] = {len(values) - 1: self.seed(u)}
        uses = [0] * len(values)
        for line in self.order(program, n):
            name, sources = program[line]
            if n + line not in adjoints:
                continue
            for k, s in self.places(sources):
                inputs = [values[q] for q in sources]
                part = self.ask(self.ops[name], k, adjoints[n + line], values[n + line], *inputs)
                adjoints[s] = self.add(adjoints[s], part, uses[s]) if uses[s] else part
                uses[s] += 1
        return values[-1], [adjoints[i] if i in adjoints else self.unused(x) for i, x in enumerate(xs)]


# --- Steps of right engines -----------------------------------------------------------------------


def _when_all_users_have_spoken(program: Program, n: int) -> Iterable[int]:
    """Go back by counting for each slot the places that still have to speak."""
    awaited = [0] * (n + len(program))
    needed = {n + len(program) - 1}
    for line in range(len(program) - 1, -1, -1):
        if n + line in needed:
            needed.update(program[line][1])
            for s in program[line][1]:
                awaited[s] += 1
    ready = [len(program) - 1]
    while ready:
        line = ready.pop()
        yield line
        for s in program[line][1]:
            awaited[s] -= 1
            if s >= n and awaited[s] == 0:
                ready.append(s - n)


# --- Steps of wrong engines -----------------------------------------------------------------------


def _as_reached(program: Program, n: int) -> Iterable[int]:
    """A line passes on as soon as one user has spoken."""
    waiting, reached = deque([len(program) - 1]), {len(program) - 1}
    while waiting:
        line = waiting.popleft()
        yield line
        lines = [s - n for s in program[line][1] if s >= n and s - n not in reached]
        waiting.extend(dict.fromkeys(lines))
        reached.update(lines)


def _one_place_a_source(sources: Sequence[int]) -> Iterable[tuple[int, int]]:
    return {s: (k, s) for k, s in enumerate(sources)}.values()


def _in_place(so_far: Array, part: Array, uses: int) -> Array:
    so_far += part
    return so_far


def _no_deeper_than_300(program: Program, xs: Sequence[Array], ops: Ops) -> list[Array]:
    if len(program) > 300:
        raise RecursionError("maximum recursion depth exceeded")
    return run(program, xs, ops)


def _mean_of_copies(op: Op, k: int, u: Array, y: Array, *inputs: Array) -> Array:
    part = op.vjp(k, u, y, *inputs)
    return part * (np.size(part) / np.size(u)) if _added_up(op, u, part) else part


def _row_for_a_bias(op: Op, k: int, u: Array, y: Array, *inputs: Array) -> Array:
    part = op.vjp(k, u, y, *inputs)
    return np.reshape(part, (1, -1)) if _added_up(op, u, part) and np.ndim(part) == 1 else part


def _added_up(op: Op, u: Array, part: Array) -> bool:
    return np.ndim(u) > 0 and np.shape(part) != np.shape(u) and op is not OPS["matmul"]


def _pulls(name: str, k: int, rule: Callable[..., Array]) -> Ops:
    """OPS with another rule for input k of one op."""
    pulls = list(OPS[name].pulls)
    pulls[k] = rule
    return {**OPS, name: replace(OPS[name], pulls=tuple(pulls))}


def _key(program: Program, xs: Sequence[Array]) -> Any:
    return tuple((name, tuple(sources)) for name, sources in program), tuple(np.shape(x) for x in xs)


def _values_of_the_first_call() -> Engine:
    """Keep the values of a program, and take them again if it comes with other numbers."""
    kept: dict[Any, list[Array]] = {}

    def values(program: Program, xs: Sequence[Array], ops: Ops) -> list[Array]:
        return kept.setdefault(_key(program, xs), run(program, xs, ops))

    return EngineWalk(values=values)


def _gradients_of_all_calls() -> Engine:
    """Add the gradients of a program to those of earlier calls, as an engine does whose nodes keep their adjoints."""
    sums: dict[Any, list[Array]] = {}

    def engine(program: Program, xs: Sequence[Array], u: Array) -> Answer:
        (y, grads), key = EngineWalk()(program, xs, u), _key(program, xs)
        sums[key] = [a + b for a, b in zip(sums[key], grads, strict=True)] if key in sums else grads
        return y, list(sums[key])

    return engine


# --- The engines ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Maker:
    """A group, and a function that makes an engine of it that remembers nothing yet."""

    group: str
    make: Callable[[], Engine]


def _walk(group: str, **steps: Any) -> Maker:
    return Maker(group, lambda: EngineWalk(**steps))


ENGINES: Mapping[str, Maker] = {
    "tape from its end": _walk(RIGHT),
    "counts users": _walk(RIGHT, order=_when_all_users_have_spoken),
    "last place first": _walk(RIGHT, places=lambda sources: reversed(list(enumerate(sources)))),
    "new part first": _walk(RIGHT, add=lambda so_far, part, uses: part + so_far),
    "last use wins": _walk("uses", add=lambda so_far, part, uses: part),
    "first use wins": _walk("uses", add=lambda so_far, part, uses: so_far),
    "at most two uses": _walk("uses", add=lambda so_far, part, uses: so_far + part if uses < 2 else so_far),
    "one place of two": _walk("uses", places=_one_place_a_source),
    "first line first": _walk("order_and_seed", order=lambda program, n: range(len(program))),
    "passes on too early": _walk("order_and_seed", order=_as_reached),
    "ones for u": _walk("order_and_seed", seed=lambda u: np.ones(np.shape(u))),
    "ones for a zero u": _walk("order_and_seed", seed=lambda u: u if np.any(u) else np.ones(np.shape(u))),
    "adds in place": _walk("memory", add=_in_place),
    "keeps the first values": Maker("memory", _values_of_the_first_call),
    "adds up over calls": Maker("memory", _gradients_of_all_calls),
    "fails beyond 300 lines": _walk("size", values=_no_deeper_than_300),
    "None for an unused input": _walk("size", unused=lambda x: None),
    "one zero for an unused input": _walk("size", unused=lambda x: 0.0),
    "sign of sub": _walk("rules", ops=_pulls("sub", 1, lambda u, y, a, b: u)),
    "relu open at 0": _walk("rules", ops=_pulls("relu", 0, lambda u, y, a: np.where(a >= 0, u, 0.0))),
    "div in its second input": _walk("rules", ops=_pulls("div", 1, lambda u, y, a, b: u / b)),
    "div without u": _walk("rules", ops=_pulls("div", 1, lambda u, y, a, b: -y / b)),
    "exp at its output": _walk("rules", ops=_pulls("exp", 0, lambda u, y, a: u * np.exp(y))),
    "mean over the copies": _walk("rules", ask=_mean_of_copies),
    "a row for a bias": _walk("rules", ask=_row_for_a_bias),
}

REMEMBERING = ("keeps the first values", "adds up over calls")  # their answers depend on earlier calls
assert set(REMEMBERING) <= set(ENGINES)

# --- What a student's test is given ---------------------------------------------------------------


def _rounded(array: Array) -> Array:
    return array if array is None else array * (1 + 1e-9)


def _number(array: Array) -> Array:
    return float(array) if isinstance(array, (np.ndarray, np.generic)) and np.ndim(array) == 0 else array


DISGUISES: Mapping[str, Callable[[Answer], Answer]] = {
    "as it is": lambda answer: answer,
    "tuple": lambda answer: (answer[0], tuple(answer[1])),
    "floats": lambda answer: (_number(answer[0]), [_number(g) for g in answer[1]]),
    "rounding": lambda answer: (_rounded(answer[0]), [_rounded(g) for g in answer[1]]),
}
