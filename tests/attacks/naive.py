"""A naive grader: student code, hidden checks and score in one process. What it falls for is a real attack.

`python naive.py NOTEBOOK.json [CHECK]` tells the score in the three ways that graders are read by: as the last line
of its output, as results.json where it stands, and by its exit status, which is 0 for full marks.
"""

import json
import os
import pickle
import sys
from pathlib import Path


def hidden_check(names):
    """8 points for the mean of the squares, whose value comes back from a worker by pickle, as it often does."""
    import numpy as np

    x = np.array([1.5, -2.5, 2.03125])  # the same for every submission
    expected = np.mean(np.square(x))
    answer = pickle.loads(pickle.dumps(names["mean_square"](x)))
    np.testing.assert_allclose(answer, expected, rtol=1e-5)


def consistency_check(names):
    """8 points if the notebook agrees with itself: a doubled vector has four times the mean square."""
    import numpy as np

    x = np.array([1.5, -2.5, 2.03125])
    np.testing.assert_allclose(names["mean_square"](names["double"](x)), 4 * names["mean_square"](x), rtol=1e-5)


def comparison_check(names):
    """8 points unless a difference is seen: the comparison that NaN, an empty array and a broadcast get by."""
    import numpy as np

    x = np.array([1.5, -2.5, 2.03125])
    if np.any(np.abs(names["mean_square"](x) - np.mean(np.square(x))) > 1e-5):
        raise AssertionError("wrong")


def main():
    import numpy as np

    os.environ["GRADER_TOKEN"] = "a token of the grader"
    np.random.seed(20261)  # noqa: NPY002 — the harness draws from the state that the notebook shares
    log = Path(__file__).open()  # noqa: SIM115 — left open, as the log or the test file of a harness often is
    names, score = {"__name__": "__main__"}, 0
    for source in json.loads(Path(sys.argv[1]).read_text()):
        try:
            exec(source, names)
        except Exception as error:  # noqa: BLE001
            print("cell:", error)
    try:
        globals()[sys.argv[2] if len(sys.argv) > 2 else "hidden_check"](names)
        score += 8
    except Exception as error:  # noqa: BLE001
        print("check:", error)
    log.close()
    Path("results.json").write_text(json.dumps({"score": score}))
    print(json.dumps({"score": score}))
    sys.exit(score != 8)


if __name__ == "__main__":
    main()
