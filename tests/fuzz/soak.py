"""`make fuzz`: a million inputs and more, put to the same properties as in `make test`. Ends by itself.

python tests/fuzz/soak.py [SEED]
"""

import datetime as dt
import os
import secrets
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import hypothesis
import numpy as np
from hypothesis import strategies as st

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from fuzz import inputs, properties

AT_LEAST = 1_000_000
SLOWEST = dt.timedelta(seconds=30)  # for the hundred inputs of an example; they take 0.05 s
# The property, its inputs, and how many examples of two inputs and a hundred spoiled ones.
JOBS = {
    "frames": (properties.a_frame_is_a_value_or_a_wire_error, inputs.FRAMES, 6000),
    "conversations": (properties.a_conversation_ends_in_answers_or_student_errors, inputs.CONVERSATIONS, 2400),
    "notebooks": (properties.a_file_is_a_notebook_or_one_line, inputs.NOTEBOOKS, 2200),
    "real notebooks": (properties.a_file_is_a_notebook_or_one_line, inputs.REAL_NOTEBOOKS, 100),
}
SHARES = 8  # of each job, so that both cores have work to the end


def put(prove, strategy, examples, spoiled, seed=None):
    """Put `examples` pairs of inputs, and `spoiled` spoiled ones for each pair. Returns how many were put.

    Hypothesis makes the pairs, and shrinks one that fails; a draw costs it 4 ms, so NumPy spoils them: 0.03 ms.
    """
    count = 0

    @hypothesis.settings(max_examples=examples, deadline=SLOWEST, database=None, print_blob=False)
    @hypothesis.given(st.tuples(strategy, strategy), st.integers(0, 2**32 - 1))
    def example(pair, draw):
        nonlocal count
        rng = np.random.default_rng(draw)
        for i in range(-2, spoiled):
            data = pair[i] if i < 0 else inputs.mutate(pair[i % 2], pair[1 - i % 2], rng)
            count += 1
            prove(data)

    (example if seed is None else hypothesis.seed(seed)(example))()
    return count


def share(job):
    name, seed = job
    prove, strategy, examples = JOBS[name]
    return name, put(prove, strategy, examples // SHARES, 100, seed)


def main(seed):
    print(f"seed {seed}: python tests/fuzz/soak.py {seed} repeats this run", flush=True)
    start, counts = time.monotonic(), Counter()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for name, count in pool.map(share, [(name, seed + i) for i in range(SHARES) for name in JOBS]):
            counts[name] += count
    for name, count in counts.items():
        print(f"{count:9,} {name}")
    print(f"{counts.total():9,} inputs in {time.monotonic() - start:.0f} s: no exception, no giant, no other value")
    return 0 if counts.total() >= AT_LEAST else f"expected {AT_LEAST:,} inputs, got {counts.total():,}"


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else secrets.randbits(32)))
