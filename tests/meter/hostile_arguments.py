"""Puts hostile arguments to every operation of the table, in a process of its own, and measures memory.

test_memory.py runs it. It draws a form of arguments, by position and by name, of numbers, lists, arrays and handles,
of any size. Whatever comes, no call may have more than LIMIT bytes at once, nor ask for them. Exit 0 if so; else the
traceback shows the arguments, as Hypothesis made them smaller.
"""

import resource
import sys
import tracemalloc
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.meter import MAX_SIZE, Meter, strict
from autograder.meter.arguments import form_of
from autograder.meter.operations import ANYTHING, OBSERVABLE

LIMIT = 128 << 20  # bytes: sixteen arrays of the largest size
SPACE = 2 << 30  # bytes of address space beyond those at the start: a request for more raises MemoryError

ARRAYS = {
    "small": np.arange(6.0).reshape(2, 3),
    "number": np.array(2.0),
    "vector": np.linspace(0, 1, 1000),
    "large": np.zeros(MAX_SIZE),
    "square": np.zeros((1024, 1024)),
    "bytes": np.zeros(MAX_SIZE, dtype=np.uint8),
    "integers": np.arange(1000),
    "mask": np.ones(1000, dtype=bool),
    "large mask": np.ones((2,) * 7 + (8192,), dtype=bool),
    "no rows": np.zeros((0, 1000)),
    "no columns": np.zeros((1000, 0)),
    "half": np.zeros((4, 4), dtype=np.float16),
    "axes": np.zeros((1,) * 7 + (1000,)),
}
VIEWS = {"of one number": (1024, 1024), "of one row": (1000, 1000)}  # broadcast: strides of 0
SIZES = (0, 1, -1, 2, 3, 7, 1000, -1000, 10**6, 300_000_000, 10**9, 10**12, -(10**12), 2**63 - 1, 2**64, 10**70)


class Handle(str):
    """A handle of an array of ARRAYS or VIEWS."""

    __slots__ = ()


class Empty(tuple):
    """A handle of an array of this shape, without entries."""

    __slots__ = ()


H = {name: Handle(name) for name in [*ARRAYS, *VIEWS]}
ROWS, PLACES = np.zeros(10**6, dtype=int), np.zeros((10**6, 1), dtype=int)
# Each took gigabytes, or would without a rule of its own: (operation, arguments, named arguments).
BOMBS = [
    ("tile", [H["number"], [300_000_000, 0]], {}),
    ("tile", [H["number"]], {"reps": [300_000_000, 0]}),
    ("tile", [H["no rows"], [10**6, 10**6]], {}),
    ("triu", [H["large"]], {}),
    ("tril", [H["large"], 3], {}),
    ("tril", [H["no rows"]], {"k": 10**12}),
    ("ones_like", [H["small"], None, "K", True, [10**9]], {}),
    ("full_like", [H["small"], 1.0, "f8", "C", True, [10**9]], {}),
    ("zeros_like", [H["small"]], {"shape": [10**9]}),
    ("diag", [H["small"], 10**9], {}),
    ("diag", [H["vector"], -(10**6)], {}),
    ("dot", [H["no columns"], H["no rows"]], {}),  # 1000 × 1000 of zeros: possible
    ("dot", [Empty((10**6, 0)), Empty((0, 10**6))], {}),
    ("tensordot", [Empty((10**6, 0)), Empty((0, 10**6))], {"axes": 1}),
    ("tensordot", [H["vector"], H["large"]], {"axes": 0}),
    ("tensordot", [H["small"], H["small"], 300_000_000], {}),  # a list of so many axes
    ("tensordot", [H["square"], H["square"], [[0, 0], [0, 0]]], {}),
    ("inner", [H["of one number"], Empty((10**6, 1))], {}),
    ("einsum", ["a,b,c->", H["vector"], H["vector"], H["vector"]], {}),
    ("einsum", ["ij,jk->ik", Empty((10**6, 0)), Empty((0, 10**6))], {}),
    ("getitem", [H["square"], [np.ones(1000, dtype=bool), PLACES]], {}),
    ("getitem", [H["small"], [[H["large"]] * 1000]], {}),
    ("getitem", [H["small"], [ROWS, PLACES]], {}),
    ("setitem", [H["small"], [{"all": True}], [H["large"]] * 1000], {}),
    ("add.at", [H["small"], (ROWS[:1000], PLACES), 1.0], {}),
    ("add", [[H["large"]] * 1000, 1.0], {}),
    ("where", [H["large mask"]], {}),
    ("nonzero", [H["large mask"]], {}),
    ("argwhere", [H["axes"]], {}),
    ("stack", [[H["large"]] * 1000], {"axis": -1}),
    ("hstack", [H["large"]], {}),  # a list of a million arrays
    ("concatenate", [H["large"]], {}),
    ("array", [[[H["of one number"]] * 100] * 100], {}),
    ("repeat", [H["no columns"], 10**9, 1], {}),
    ("repeat", [H["small"], [0, 10**9], 0], {}),
    ("take", [H["square"], ROWS, 0], {}),
    ("take", [H["square"], ROWS], {"axis": -1}),
    ("take_along_axis", [H["square"], PLACES, 0], {}),
    ("broadcast_to", [H["number"], [10**6, 10**6]], {}),
    ("reshape", [Empty((0, 10)), 0, 10**12], {}),
    ("eye", [1, 10**9], {}),
    ("eye", [10**5], {"k": -(10**12)}),
    ("full", [[10**5, 10**5], 0.0], {}),
    ("zeros", [10**12], {}),
    ("astype", [H["large"], "f16"], {}),
    ("power", [10**70, 10**9], {}),
    ("power", [7, 2**70], {}),
    ("multiply.outer", [H["vector"], H["of one row"]], {}),
    ("add", [H["small"], 1.0], {"where": np.ones((10**3, 2, 10**3, 1), dtype=bool)}),
    ("isclose", [H["vector"], 1.0], {"rtol": PLACES.astype(float)}),
    ("std", [H["large"]], {"ddof": PLACES, "axis": 0}),
    ("linalg.norm", [H["square"], 2], {}),
    ("linalg.norm", [H["square"]], {"ord": -2, "axis": (0, 1)}),
    ("sum", [[H["large"]] * 1000], {}),
    ("item", [H["number"], *[0] * 1000], {}),
]

numbers = (
    st.sampled_from(SIZES) | st.sampled_from((0.5, -2.5, 1e6, 1e12, 1e308, float("inf"), float("nan"))) | st.booleans()
)
handles = st.sampled_from([*ARRAYS, *VIEWS]).map(Handle)
texts = st.sampled_from(
    ["C", "f8", "<f4", "f16", "O", "S99999999", "ij,jk->ik", "ij,kl->ijkl", "ii->i", "i,i,i->i", "fro"]
)
locals_ = st.sampled_from(
    [
        np.zeros(10**6, dtype=int),
        np.ones((1000, 1000), dtype=bool),
        np.zeros((3, 0)),
        np.array([10**9, 0]),
        np.arange(3.0),
    ]
)
slices = st.lists(st.none() | numbers, min_size=3, max_size=3).map(lambda parts: {"slice": parts})
leaves = numbers | handles | texts | locals_ | slices | st.sampled_from([None, {"all": True}])
lists = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.lists(inner, max_size=3).map(tuple), max_leaves=6
)
many = st.tuples(leaves, st.sampled_from([100, 100, 100, 10_000])).map(lambda item: [item[0]] * item[1])
values = st.one_of(handles, numbers, lists, many)


@st.composite
def calls(draw):
    """An operation, its arguments and its named arguments. Most calls have an array at first."""
    observe = draw(st.booleans())
    operation = draw(st.sampled_from(sorted(OBSERVABLE if observe else ANYTHING)))
    form = form_of((OBSERVABLE if observe else ANYTHING)[operation].takes)
    args = draw(st.lists(values, max_size=4))
    if draw(st.integers(0, 9)):
        args = [draw(handles), *args]
    if form.placed[:1] == ("subscripts",):
        args = [draw(texts), *args]
    names = st.sampled_from([*form.placed, *form.named, "shape", "initial", "casting"])
    library = draw(st.sampled_from([np, strict]))
    return observe, library, operation, args, draw(st.dictionaries(names, values, max_size=2))


def made(meter, value):
    """The argument, with arrays of the meter in place of their names."""
    match value:
        case Empty():
            return meter.array(np.zeros(tuple(value)))
        case Handle() if value in ARRAYS:
            return meter.array(ARRAYS[value])
        case Handle():
            return meter.array(np.zeros(1)).perform("broadcast_to", [meter.array(np.zeros(1)), list(VIEWS[value])], {})
        case list() if len(value) > 99:
            return [made(meter, value[0])] * len(value)
        case list() | tuple():
            return type(value)(made(meter, item) for item in value)
    return value


@given(calls())
def no_call_has_more_memory_than_the_limit(call):
    used = memory_of(*call)
    assert used <= LIMIT, f"{used >> 20} MiB"


def memory_of(observe, library, operation, args, named):
    """The most bytes that the call had at once."""
    meter = Meter(observe=observe, namespace=library, makes=True)
    try:
        args, named = [made(meter, a) for a in args], {name: made(meter, v) for name, v in named.items()}
    except (TypeError, ValueError):  # not what a check can put there
        return 0
    caller = meter.array(np.zeros(1))
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    try:
        caller.perform(operation, args, named)
    except MemoryError:
        raise AssertionError("it asked for more memory than there is") from None
    except Exception:  # noqa: BLE001 — refused, in whatever way
        pass
    return tracemalloc.get_traced_memory()[1] - before


def most_memory():
    """The most that this process has held, in KiB. `getrusage` would count what its parent held when it began it."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1])


if __name__ == "__main__":
    size = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()  # noqa: SIM115
    resource.setrlimit(resource.RLIMIT_AS, (size + SPACE, size + SPACE))
    tracemalloc.start()
    for bomb in BOMBS:
        used = max(memory_of(False, library, *bomb) for library in (np, strict))
        assert used <= LIMIT, f"{bomb}: {used >> 20} MiB"
    checks = list(HealthCheck)
    examples = int(sys.argv[1])
    settings(max_examples=examples, deadline=None, derandomize=True, database=None, suppress_health_check=checks)(
        no_call_has_more_memory_than_the_limit
    )()
    print(most_memory())
