"""Idioms of public nbgrader notebooks have the scores of a kernel here, but those that docs/nbgrader.md lists.

The scores in the tables are those of `nbgrader autograde` with a kernel. `make parity` asks it again, and grades all
idioms in the sandbox, where `make test` takes every fifth.
"""

import pytest
from interop.idioms import IDIOMS, PACKAGES, put_files, score

from autograder.interop.executor import SandboxedExecute


@pytest.mark.parametrize("name", sorted(IDIOMS.keys() - {"bigmem"})[::5])  # bigmem fills 2.4 GB
def test_an_idiom_has_the_score_of_a_kernel(tmp_path, name):
    folder, notebook = tmp_path / "ps", IDIOMS[name].notebook()
    folder.mkdir()
    put_files(folder, name)
    SandboxedExecute(packages=PACKAGES, timeout=60).preprocess(notebook, {"metadata": {"path": str(folder)}})
    assert score(notebook) == IDIOMS[name].here


def test_every_difference_has_its_reason():
    assert all(bool(idiom.why) == (idiom.kernel != idiom.here) for idiom in IDIOMS.values())
