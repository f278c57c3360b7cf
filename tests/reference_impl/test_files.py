"""Scripts of the scenes lose comments and needless spaces, and nothing else."""

import pytest

from reference_impl.figures.scenes.files import FILES, shorter


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("  // why\n  const a = f(1, 2);\n\n", "const a=f(1,2);\n"),
        ('say("a , b : c");', 'say("a , b : c");\n'),
        ('say("a \\" , b", 1 ? 2 : 3);', 'say("a \\" , b",1?2:3);\n'),
        ("say(`${a , b} , c`) ;", "say(`${a , b} , c`);\n"),
        ("words.replace(/ , /g, x)", "words.replace(/ , /g,x)\n"),
        ("a - -b + +c", "a - -b + +c\n"),  # a--b is another thing
        ("a / b / c", "a/b/c\n"),
        ("return { x };\nlet y", "return{x};\nlet y\n"),
    ],
)
def test_a_script_without_needless_spaces_means_the_same(script, expected):
    assert shorter(script) == expected
    assert shorter(expected) == expected


def test_no_script_has_a_comment():
    assert all("//" not in text for name, text in FILES.items() if name.endswith(".js"))
