"""A mistake in an author's file is one line, with the file and the line, the cell or the check: never a traceback."""

import shutil

import pytest

from autograder.assignment import author_code
from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import load_samples
from autograder.audit.run import corpus
from autograder.errors import CourseError

HEAD = "from autograder.authoring import check, picture\n"
VALUE = '@check("q1", points=7, device=True)'


@pytest.fixture
def folder(skeleton, tmp_path):
    shutil.copytree(skeleton.folder, tmp_path / "a9_test")
    return tmp_path / "a9_test"


def everything(folder):
    """All that reads a file of the author's: the assignment, its reference, its samples, what the audit grades."""
    assignment = load_assignment(folder)
    assert assignment.reference
    load_samples(assignment)
    corpus(assignment)


# (the file, what is replaced or None for all of it, by what, what the line must say)
MISTAKES = [
    # hidden_checks.py
    ("hidden_checks.py", VALUE, '@check("q1" points=7)', "hidden_checks.py, line 9: expected Python, got SyntaxError"),
    ("hidden_checks.py", VALUE, "@check", "hidden_checks.py, line 9: expected it to import, got TypeError"),
    ("hidden_checks.py", VALUE, '@check("q1")', "line 9: expected it to import, got TypeError: check() missing"),
    ("hidden_checks.py", VALUE, '@check("q1", points=-7)', "got ValueError: expected @check(\"q1\", points=5), got @check('q1', points=-7)"),
    ("hidden_checks.py", VALUE, '@check("q1", points="7")', "got ValueError: expected @check"),
    ("hidden_checks.py", VALUE, "@check(1, points=7)", "got ValueError: expected @check"),
    ("hidden_checks.py", VALUE, '@check("q1", point=7)', "got TypeError: check() got an unexpected keyword argument 'point'"),
    ("hidden_checks.py", VALUE, '@check("q2", points=7)', "q2.value: expected a question of assignment.toml (q1), got 'q2'"),
    ("hidden_checks.py", VALUE, '@check("q1", points=7, needs="q3")', "q1.value: expected a question of assignment.toml (q1), got 'q3'"),
    ("hidden_checks.py", VALUE, '@check("q1", points=8)', "expected checks worth 10 points, got 11 (q1.example 2, q1.value 8, q1.pure 1)"),
    ("hidden_checks.py", VALUE + "  # it can run on a GPU, too: docs/device.md", "", "got 3 (q1.example 2, q1.pure 1). Hint: no @check stands above test_value."),
    ("hidden_checks.py", "def test_pure(", "def test_value(", "expected each function once, got test_value in lines 10 and 18. Hint"),
    ("hidden_checks.py", "def test_pure(", "def test_q1_value(", "expected each check once, got q1.value 2 times. Hint"),
    ("hidden_checks.py", "def test_pure(", "def test_example(", "expected each check once, got q1.example 2 times. Hint"),
    ("hidden_checks.py", "(student, reference, rng):", "(students, reference, rng):", "q1.value: expected parameters out of student, reference, rng, memo, got 'students'. Hint: student?"),
    ("hidden_checks.py", "assert_number,", "assert_nmber,", "hidden_checks.py, line 6: expected it to import, got ImportError: cannot import name"),
    ("hidden_checks.py", None, "import nowhere", "hidden_checks.py, line 1: expected it to import, got ModuleNotFoundError: No module named 'nowhere'"),
    ("hidden_checks.py", None, "1 / 0", "line 1: expected it to import, got ZeroDivisionError"),
    ("hidden_checks.py", None, "raise SystemExit(3)", "line 1: expected it to import, got SystemExit: 3"),
    ("hidden_checks.py", None, "raise SystemExit", "line 1: expected it to import, got SystemExit."),
    ("hidden_checks.py", None, "x = 1\nwhile True:\n    x += 1\n", "expected it to import within 0.3 s, got no end"),
    ("hidden_checks.py", None, "while True:\n    try:\n        pass\n    except Exception:\n        pass\n", "within 0.3 s, got no end"),
    ("hidden_checks.py", None, "def f():\n    return f()\nf()\n", "line 2: expected it to import, got RecursionError"),
    ("hidden_checks.py", None, HEAD + "print('\0')", "source code string cannot contain null bytes"),
    ("hidden_checks.py", None, "(" * 300, "hidden_checks.py, line 1: expected Python, got SyntaxError"),
    ("hidden_checks.py", None, "é".encode("latin-1"), "hidden_checks.py: expected UTF-8"),
    ("hidden_checks.py", None, "", "expected checks worth 10 points, got 2 (q1.example 2)"),
    ("hidden_checks.py", None, FileNotFoundError, "hidden_checks.py: expected the author's file, got no file"),
    # notebook.py
    ("notebook.py", "return np.mean(np.square(x))", "return np.mean(np.square(x)", "notebook.py, line 19: expected Python in the cell q1-solution, got SyntaxError: '(' was never closed"),
    ("notebook.py", "import numpy as np", "imprt numpy as np", "notebook.py, line 7: expected Python in the cell setup, got SyntaxError"),
    ("notebook.py", "import numpy as np", "import numpi as np", "notebook.py, cell setup, line 1: expected it to run, got ModuleNotFoundError"),
    ("notebook.py", "import numpy as np", "import numpy as np\nwhile True: pass", "cell setup, line 2: expected it to run within 0.3 s, got no end"),
    ("notebook.py", "# BEGIN SOLUTION", "# BEGIN", "q1-solution: expected '# BEGIN SOLUTION', '# END SOLUTION' in pairs, got 0 and 1"),
    ("notebook.py", 'role="solution"', 'role="solutoin"', "got 'solutoin'. Hint: solution?"),
    ("notebook.py", 'role="solution"', 'rol="solution"', "expected q, role, points, spoilers or needs, got 'rol'. Hint: role?"),
    ("notebook.py", 'q="q1" role="solution"', 'q=1 role="solution"', 'expected q="…" with a question, got 1'),
    ("notebook.py", 'q="q1" role="check"', 'role="check"', 'expected q="…" with a question, got none'),
    ("notebook.py", 'q="q1" role="check"', 'q="q7" role="check"', "q7.example: expected a question of assignment.toml (q1), got 'q7'"),
    ("notebook.py", "points=2", 'points="two"', "expected a number of points, got 'two'"),
    ("notebook.py", "points=2", "points=-2", "expected a number of points, got -2"),
    ("notebook.py", "points=2", "points=3", "got 11 (q1.example 3, q1.value 7, q1.pure 1)"),
    ("notebook.py", 'role="check" points=2', 'role="check" points=2 needs="q7"', "q1.example: expected a question of assignment.toml (q1), got 'q7'"),
    ("notebook.py", 'role="check" points=2', 'role="check" points=2 needs=[7]', "expected needs, a question or a list of questions, in a cell with the role check and in no other, got [7]"),
    ("notebook.py", 'role="solution"', 'role="solution" needs="q1"', "in a cell with the role check and in no other, got 'q1'"),
    ("notebook.py", "def test_example(mean_square):", "def example(mean_square):", "expected one function test_… in a check cell"),
    ("notebook.py", "def test_example(mean_square):", "def test_example(mean_square=oops):", "test_example, line 1: expected it to run, got NameError"),
    ("notebook.py", '[markdown] q="explain" role="manual"', 'q="explain" role="manual"', "expected a markdown cell with points for a question graded by hand, got code"),
    ("notebook.py", None, FileNotFoundError, "notebook.py: expected the author's file, got no file"),
    # the other files
    ("pictures.py", None, HEAD + '@picture("q7", title="t")\ndef draw(student): ...\n', "picture q7.draw: expected a question of assignment.toml, got 'q7'"),
    ("pictures.py", None, "def draw(:", "pictures.py, line 1: expected Python"),
    ("samples/right/new.py", None, "def f(:", "new.py, line 1: expected Python, got SyntaxError"),
    ("samples/right/new.py", None, "def f(): ...", "new.py: expected a docstring that says what is right, got none"),
    ("samples/wrong/new.py", None, '"""Says nothing."""\n', "new.py: expected `fails: CHECK` in the docstring of a wrong sample, got none"),
    ("samples/right/new.py", None, '"""Right.\n\nfails: q1.value\n"""\n', "new.py: expected no `fails:` in a right sample, got q1.value"),
    ("samples/wrong/new.py", None, '"""Wrong.\n\nfails: q1.valu\n"""\ndef mean_square(x): ...', "new.py: expected a check, got q1.valu. Hint: q1.value?"),
    ("samples/wrong/new.py", None, '"""Wrong.\n\nfails: q1.value\ndiagnosis: valeu\n"""\ndef mean_square(x): ...', "new.py: expected a diagnosis, got valeu. Hint: value?"),
    ("samples/wrong/new.py", None, '"""Wrong.\n\nfial: q1.value\n"""\ndef mean_square(x): ...', "new.py: expected `fails: CHECK` in the docstring of a wrong sample, got none. Hint: fails: in the place of fial:."),
    ("samples/right/new.py", None, '"""Right."""\ndef mean_sqare(x): ...', "new.py: expected functions that it replaces, got mean_sqare. Hint: mean_square?"),
    ("equivalent_mutants.toml", None, '[[equivalent]]\nbecause = "x"\nmutants = []', "equivalent.1.because: expected at least 10 characters, got 'x'"),
    ("equivalent_mutants.toml", None, '[[equivalent]]\nbecuase = "it is the same"', "equivalent.1.becuase: expected one of because, mutants, got 'becuase'. Hint: because?"),
    ("equivalent_mutants.toml", None, '[[equivalent]]\nbecause = "it is the same"\nmutants = ["mean_square: return → x"]', "expected the name of a mutant, got 'mean_square: return → x'"),
    ("equivalent_mutants.toml", None, "[[equivalent]\n", "equivalent_mutants.toml: expected TOML, got"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "says"), MISTAKES)
def test_a_mistake_is_one_line(folder, monkeypatch, file, old, new, says):
    monkeypatch.setattr(author_code, "SECONDS", 0.3)
    path = folder / file
    if new is FileNotFoundError:
        path.unlink()
    elif old is None:
        path.write_bytes(new if isinstance(new, bytes) else new.encode())
    else:
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))
    with pytest.raises(CourseError) as refused:
        everything(folder)
    line = str(refused.value)
    assert says in line
    assert "\n" not in line
    assert line.endswith((".", "?"))


def test_an_assignment_has_something_to_grade(folder):
    (folder / "assignment.toml").write_text("")
    with pytest.raises(CourseError, match=r"expected a question of assignment.toml \(none\), got 'q1'"):
        load_assignment(folder)
    (folder / "notebook.py").write_text("# %% [markdown]\n# Only a text.\n")
    (folder / "hidden_checks.py").write_text("")
    with pytest.raises(
        CourseError, match=r"a9_test: expected .*questions.* or a cell with the role manual, got neither"
    ):
        load_assignment(folder)
