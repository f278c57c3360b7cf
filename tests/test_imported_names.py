"""The modules that a text of Python imports."""

import pytest

from autograder.distributions import usual_distribution
from autograder.imported_names import imported_in


@pytest.mark.parametrize(
    ("text", "modules"),
    [
        ("import pandas as pd, scipy.stats", {"pandas", "scipy.stats"}),
        ("def f():\n    from google import protobuf", {"google.protobuf"}),
        ("from scipy.stats import norm, uniform as u", {"scipy.stats.norm", "scipy.stats.uniform"}),
        ("from . import helpers\nfrom ..x import y", set()),
        ("text = 'import os'  # import sys", set()),
        ("%matplotlib inline\nimport pandas", set()),
        ("f(" * 5000, set()),
    ],
)
def test_modules_are_read_from_the_syntax_and_a_text_that_is_no_python_imports_none(text, modules):
    assert imported_in(text) == modules


@pytest.mark.parametrize(
    ("module", "distribution"), [("PIL.Image", "pillow"), ("sklearn", "scikit-learn"), ("torch.nn", "torch")]
)
def test_the_hint_names_what_pip_installs_for_a_module(module, distribution):
    assert usual_distribution(module) == distribution
