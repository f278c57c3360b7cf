"""A naive grader: student code, hidden checks and score in one process. What it falls for is a real attack.

`python naive.py NOTEBOOK.json` prints the score on its last line, as graders that are parsed do.
"""

import json
import os
import sys
from pathlib import Path


def hidden_check(names):
    """8 points for the mean of the squares."""
    import numpy as np

    x = np.array([1.5, -2.5, 2.03125])
    expected = np.mean(np.square(x))
    np.testing.assert_allclose(names["mean_square"](x), expected, rtol=1e-5)


def main():
    os.environ["GRADER_TOKEN"] = "a token of the grader"
    log = Path(__file__).open()  # noqa: SIM115 — left open, as the log or the test file of a harness often is
    names, score = {"__name__": "__main__"}, 0
    for source in json.loads(Path(sys.argv[1]).read_text()):
        try:
            exec(source, names)
        except Exception as error:  # noqa: BLE001
            print("cell:", error)
    try:
        hidden_check(names)
        score += 8
    except Exception as error:  # noqa: BLE001
        print("check:", error)
    log.close()
    print(json.dumps({"score": score}))


if __name__ == "__main__":
    main()
