"""The catalogue is whole: every row is named by a test that pytest collects, or says what it waits for."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from attacks.catalogue import EVERY_TEST, NOT_YET, ROWS

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = "attacks ci faults grading intake judging publishing records release reports sandbox".split()
VERDICTS = "NO_GAIN REJECTED ERROR TIMEOUT CRASHED MALFORMED SANITIZED REFUSED FLAG PASS".split()
LENGTHS = {"R": 15, "F": 28, "T": 9, "X": 20, "P": 10, "N": 5, "S": 10, "M": 17, "V": 16, "I": 15, "C": 8, "K": 16}
# In a test's name as `_x16_`; at the beginning of a parameter as `X16 `.
_NAMED = re.compile(r"_([rftxpnsmvick]\d+)(?=_)|[\[-]([RFTXPNSMVICK]\d+) ")


@pytest.fixture(scope="module")
def collected(request):
    """Ids of all tests in these folders: of this run if it looked into all files, else pytest is asked."""
    config, some = request.config, "lf deselect ignore ignore_glob".split()
    if config.args == config.getini("testpaths") and not any(getattr(config.option, name, None) for name in some):
        return [name for name in config.stash[EVERY_TEST] if name.startswith(tuple(f"tests/{f}/" for f in FOLDERS))]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:xdist", *(f"tests/{f}" for f in FOLDERS)],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr
    return run.stdout.splitlines()


@pytest.fixture(scope="module")
def named(collected):
    """{row: the tests that name it}."""
    tests = {}
    for line in collected:
        name = line.partition("::")[2]
        for small, large in _NAMED.findall(name):
            tests.setdefault(small.upper() or large, []).append(name)
    return tests


def test_the_catalogue_has_every_row_once_with_a_verdict():
    assert list(ROWS) == [f"{section}{i}" for section, n in LENGTHS.items() for i in range(1, n + 1)]
    assert {row.verdict for row in ROWS.values()} <= set(VERDICTS)
    assert all(row.title for row in ROWS.values())


def test_every_row_is_named_by_a_test_or_says_what_it_waits_for(named):
    assert set(ROWS) - set(named) == set(NOT_YET)


def test_no_test_names_a_row_that_is_not_in_the_catalogue(named):
    assert set(named) <= set(ROWS)
