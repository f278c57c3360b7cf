"""The hand-out scenes.py: one file that has everything of the modules it is made from."""

import ast
import sys
import types
from pathlib import Path

import pytest

from reference_impl.figures import one_file
from reference_impl.figures.scenes.files import FILES
from reference_impl.figures.scenes.scene import player

SOLUTIONS = Path(__file__).parents[2] / "solutions"


def loaded(text):
    module = types.ModuleType("scenes")
    exec(compile(text, "scenes.py", "exec"), module.__dict__)
    return module


@pytest.mark.parametrize("assignment", one_file.HANDED)
def test_the_hand_out_is_what_the_modules_make(assignment):
    text = (SOLUTIONS / assignment / "scenes.py").read_text(encoding="utf-8")
    assert text == one_file.joined(*one_file.HANDED[assignment]), "stale. Hint: make scenes"


@pytest.mark.parametrize("assignment", one_file.HANDED)
def test_the_hand_out_needs_only_python_and_is_small(assignment):
    text = one_file.joined(*one_file.HANDED[assignment])
    nodes = list(ast.walk(ast.parse(text)))
    libraries = {alias.name for n in nodes if isinstance(n, ast.Import) for alias in n.names}
    libraries |= {n.module.split(".")[0] for n in nodes if isinstance(n, ast.ImportFrom)}
    assert libraries <= sys.stdlib_module_names
    assert len(text.encode()) <= 80_000


@pytest.mark.parametrize("assignment", one_file.HANDED)
def test_each_poster_is_shown_by_the_hand_out_as_by_the_package(assignment):
    module = loaded(one_file.joined(*one_file.HANDED[assignment]))
    assert module.FILES.items() <= FILES.items()
    for name in module.POSTERS:
        shown = module.poster(name)._repr_html_()
        assert "<svg" in shown
        assert "<script" not in shown


@pytest.mark.parametrize("assignment", one_file.HANDED)
def test_the_hand_out_has_every_script_that_its_scenes_need(assignment):
    """What two scenes share, such as the numbers of a network, comes with the module of the same name."""
    module = loaded(one_file.joined(*one_file.HANDED[assignment]))
    moving = [name for name in one_file.HANDED[assignment] if f"{name}.js" in FILES]
    assert moving
    assert [module.player((name,)) for name in moving] == [player((name,)) for name in moving]


def test_a_poster_that_is_not_there_is_named():
    with pytest.raises(ValueError, match=r"poster: expected one of .*rows.*, got 'row'. Hint:"):
        loaded(one_file.joined("rows")).poster("row")


def test_a_name_that_two_modules_give_is_refused():
    with pytest.raises(ValueError, match="expected each name in one module, got EPSILON in two"):
        one_file._require_different_names([("", ("EPSILON",)), ("", ("EPSILON",))])
