"""The author's files: what does not fit together is told in one line, before anything is graded."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from bundled import bundled_suite

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import load_samples
from autograder.authoring import assert_array, assert_integer, assert_number, assert_unchanged
from autograder.authoring.failing import CheckFailed
from autograder.course import bundled_course
from autograder.errors import CourseError
from autograder.release import build


@pytest.fixture
def folder(skeleton, tmp_path):
    shutil.copytree(skeleton.folder, tmp_path / "a9_test")
    return tmp_path / "a9_test"


def change(folder, file, old, new):
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("assignment.toml", "points = 10", "points = 11", "checks worth 11 points, got 10"),
        ("assignment.toml", "title =", "title", "TOML"),
        ("assignment.toml", "points = 10", "points = 10\ncolour = 3", "colour"),
        ("assignment.toml", "memory_mb = 1024", "memory_mb = 1", "memory_mb"),
        ("hidden_checks.py", '@check("q1", points=7', '@check("q7", points=7', "q7"),
        ("hidden_checks.py", "import assert_number", "import assert_numbr", "ImportError"),
        ("hidden_checks.py", "(student, reference, rng)", "(student, reference, seed)", "seed"),
        ("hidden_checks.py", "    x = rng.normal(size=4)", "    x = student.run_inside('')", "inside=True"),
        ("notebook.py", "# END SOLUTION", "# END", "pairs"),
        ("notebook.py", "def test_example", "def example", "test_"),
        ("notebook.py", 'role="solution"', 'role="solutoin"', "solutoin"),
    ],
)
def test_a_mistake_of_the_authors_is_one_line(folder, file, old, new, says):
    change(folder, file, old, new)
    with pytest.raises(CourseError, match=says) as caught:
        load_assignment(folder)
    assert "\n" not in str(caught.value)


def test_a_check_repaired_within_the_same_second_is_the_one_that_grades(folder):
    path = folder / "hidden_checks.py"
    load_assignment(folder)
    times = path.stat()
    change(folder, "hidden_checks.py", "Right for any vector", "Right for all vector")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert "Right for all vector" in [c.title for c in load_assignment(folder).checks]


def test_two_questions_may_have_a_property_of_one_name(folder):
    """`test_q1_value` and `test_value` are both the property `value`; in one file they are two functions."""
    before = {c.id for c in load_assignment(folder).checks if c.visibility == "hidden"}
    source = (folder / "hidden_checks.py").read_text()
    (folder / "hidden_checks.py").write_text(source.replace("def test_", "def test_q1_"))
    assert {c.id for c in load_assignment(folder).checks if c.visibility == "hidden"} == before


def test_every_change_of_a_check_changes_the_suite_hash(folder, skeleton):
    assert load_assignment(folder).suite_sha256 == skeleton.suite_sha256
    change(folder, "hidden_checks.py", "size in (7, 2, 1)", "size in (8, 2, 1)")
    assert load_assignment(folder).suite_sha256 != skeleton.suite_sha256


def with_handout(folder, *names):
    change(folder, "assignment.toml", "[limits]", f"handout = {json.dumps(names)}\n[limits]")
    return folder


@pytest.fixture
def package(tmp_path, monkeypatch):
    """An importable package with a module, a text, and a link to a file outside."""
    inner = tmp_path / "site" / "lent_figures" / "inner"
    inner.mkdir(parents=True)
    (inner.parent / "__init__.py").write_text("raise RuntimeError('only looked up, never imported')")
    (inner / "draw.py").write_text("colour = 'blue'\n")
    (inner / "notes.txt").write_text("x")
    (tmp_path / "site" / "outside.py").write_text("")
    (inner / "link.py").symlink_to(tmp_path / "site" / "outside.py")
    monkeypatch.syspath_prepend(tmp_path / "site")
    return inner


def test_a_handout_lies_beside_the_toml_or_in_a_package_and_goes_out_under_its_last_name(folder, package):
    (folder / "data.csv").write_text("1,2\n")
    loaded = load_assignment(with_handout(folder, "lent_figures/inner/draw.py", "data.csv"))
    assert loaded.handout_files == {"draw.py": package / "draw.py", "data.csv": folder / "data.csv"}
    assert loaded.handouts == {"draw": "colour = 'blue'\n"}  # what `import draw` runs in the sandbox
    assert build.build(loaded).keys() == {"a9_test.ipynb", "draw.py", "data.csv"}


def test_a_changed_handout_changes_the_suite_hash(folder, package):
    before = load_assignment(with_handout(folder, "lent_figures/inner/draw.py")).suite_sha256
    (package / "draw.py").write_text("colour = 'green'\n")
    assert load_assignment(folder).suite_sha256 != before


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "below solutions/a9_test"),
        ("..", "below solutions/a9_test"),
        ("absent.py", "beside assignment.toml, got no file"),
        ("two/Date.csv", r"got no file. Hint: two/.ata.csv\?"),
        ("mroe/secret.csv", r"got no file\.$"),
        ("samples", "that students may see"),
        ("hidden", "that students may see"),
        ("hidden/more.csv", "that students may see"),
        ("./hidden/more.csv", "that students may see"),
        ("*.toml", "that students may see"),
        ("hidden_checks.py", "that students may see"),
        ("notebook.py", "that students may see"),
        ("../a9_test/notebook.py", "below solutions/a9_test"),
        ("data/../../secret", "below solutions/a9_test"),
        ("/etc/hostname", "below solutions/a9_test"),
        ("data\\x.csv", "below solutions/a9_test"),
        ("a\nb", "below solutions/a9_test"),
        ("*.parquet", "got no file"),
        ("empty", "got no file"),
        (".env", "no hidden file"),
        ("n" * 256, "at most 255 bytes"),
        ("random.py", "hide no module"),
        ("A9_Test.ipynb", "named like the notebook"),
        ("two/*", "differ in more than case"),
        ("link.csv", "got a link"),
        ("linked", "got a link"),
        ("linked/hostname", "got a link"),
        ("linked/*", "got a link"),
        ("what?.csv", "that every system can have"),
        ("no_such_package/draw.py", "or in a package, got no file"),
        ("json.decoder/draw.py", "or in a package, got no file"),
        ("math/draw.py", "or in a package, got no file"),
        ("lent_figures/inner/absent.py", "a .py file inside"),
        ("lent_figures/inner/notes.txt", "a .py file inside"),
        ("lent_figures/inner/link.py", "a .py file inside"),
        ("lent_figures/../outside.py", "below solutions/a9_test"),
    ],
)
def test_a_handout_anywhere_else_is_refused(folder, package, name, says):
    for file in ("two/Data.csv", "two/data.csv", "random.py", "A9_Test.ipynb", "what?.csv", "hidden/more.csv", ".env"):
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_text("x")
    (folder / "empty").mkdir()
    (folder / "link.csv").symlink_to("/etc/hostname")
    (folder / "linked").symlink_to("/etc")
    with pytest.raises(CourseError, match=says) as caught:
        load_assignment(with_handout(folder, name))
    assert "\n" not in str(caught.value)


def test_folders_and_patterns_hand_out_files_under_their_paths(folder):
    for file in ("data/a.csv", "data/more/b.csv", "data/.hidden", "data/__pycache__/c.pyc", "images/1.png", "x[1].csv"):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(b"\x00\xff")
    loaded = load_assignment(with_handout(folder, "data/", "images/*.png", "x[1].csv", "data/a.csv"))
    assert list(loaded.handout_files) == ["data/a.csv", "data/more/b.csv", "images/1.png", "x[1].csv"]
    assert loaded.equipment.files == tuple(sorted(loaded.handout_files.items()))


def test_handouts_have_a_size_that_the_author_chooses(folder):
    with (folder / "big.bin").open("wb") as file:
        file.truncate((50 << 20) + 1)
    with pytest.raises(CourseError, match=r"at most 50 MiB together, got 50.1 MiB. Hint: handout_mb"):
        load_assignment(with_handout(folder, "big.bin"))
    change(folder, "assignment.toml", "[limits]", "handout_mb = 51\n[limits]")
    assert load_assignment(folder).settings.handout_mb == 51


def test_a_changed_handout_or_hidden_file_changes_the_suite_hash(folder):
    (folder / "hidden").mkdir()
    (folder / "data.csv").write_text("1")
    hashes = [load_assignment(with_handout(folder, "data.csv")).suite_sha256]
    for file in ("data.csv", "hidden/more.csv"):
        (folder / file).write_text("2")
        hashes.append(load_assignment(folder).suite_sha256)
    assert len(set(hashes)) == 3


def test_the_solution_and_the_checks_open_files_by_the_names_that_students_use(folder):
    (folder / "data.csv").write_text("12.5")
    change(
        folder,
        "notebook.py",
        "import numpy as np",
        "import numpy as np\nfrom pathlib import Path\nDATA = float(Path('data.csv').read_text())",
    )
    loaded = load_assignment(with_handout(folder, "data.csv"))
    assert loaded.reference.DATA == 12.5
    with loaded.in_folder():
        assert Path("data.csv").read_text() == "12.5"
    assert not Path("data.csv").exists()


def test_an_assignment_says_what_its_sandbox_needs(folder):
    change(folder, "assignment.toml", "[limits]", 'packages = ["sklearn", "scipy>=1"]\n[limits]')
    change(folder, "notebook.py", "import numpy as np", "import numpy as np\nfrom scipy import stats\nimport math")
    equipment = load_assignment(folder).equipment
    assert equipment.packages == ("scikit-learn", "scipy")
    assert {"sklearn", "scipy", "scipy.stats"} <= set(equipment.modules)
    assert "math" not in equipment.modules


def test_a_package_that_is_not_installed_is_one_line_with_the_assignment(folder):
    change(folder, "assignment.toml", "[limits]", 'packages = ["pandsa"]\n[limits]')
    with pytest.raises(CourseError, match=r"^a9_test: packages: expected an installed .*Hint: pandas\?$"):
        load_assignment(folder)


def test_two_handouts_of_one_name_are_refused(folder, package):
    (folder / "draw.py").write_text("")
    with pytest.raises(CourseError, match="twice"):
        load_assignment(with_handout(folder, "draw.py", "lent_figures/inner/draw.py"))


def test_a_wrong_sample_must_say_what_catches_it(folder, skeleton):
    path = folder / "samples" / "wrong" / "square_of_the_mean.py"
    path.write_text(path.read_text().replace("fails:", "maybe:"))
    with pytest.raises(CourseError, match="fails"):
        load_samples(load_assignment(folder))


@pytest.mark.parametrize("name", bundled_course().names())
def test_each_assignment_of_the_course_is_worth_100_points(name):
    assert bundled_suite(name).max_score == 100


A = np.array([[1.0, 2.0], [3.0, 5.0]])


@pytest.mark.parametrize(
    ("got", "diagnosis"),
    [
        (None, "type"), ("x", "type"), ([[1], [2, 3]], "type"), (object(), "type"), (A > 0, "dtype"), (A + 0j, "dtype"),
        (A[0], "shape"), (A[:, :, None], "shape"), (np.zeros((0, 2)), "shape"), (np.float64(1.0), "shape"),
        (A * np.nan, "non_finite"), (A * np.inf, "non_finite"), (-A, "sign"), (2 * A, "scale"), (A / 2, "scale"), (7 * A, "scale"),
        (A.T, "transpose"), (0 * A, "zero"), (A + 1, "value"), (A * (1 + 3e-5), "precision"),
    ],
)  # fmt: skip
def test_a_wrong_array_is_told_what_is_wrong_with_it(got, diagnosis):
    with pytest.raises(CheckFailed) as caught:
        assert_array(got, A)
    assert caught.value.diagnosis == diagnosis


@pytest.mark.parametrize(
    "got", [A, A.tolist(), A.astype(np.float32), np.asfortranarray(A), A * (1 + 9e-6), A.astype(int)]
)
def test_a_right_array_is_accepted_in_any_dress(got):
    assert_array(got, A)


def test_the_tolerance_is_relative_to_the_reference_and_never_to_the_answer():
    with pytest.raises(CheckFailed):
        assert_array(np.array([1e300, 1.0]), np.array([1.0, 1.0]))
    with pytest.raises(CheckFailed):
        assert_array(np.array([1e-9]), np.array([0.0]))  # no absolute tolerance


@pytest.mark.parametrize("got", [2.5, np.float32(2.5), np.array(2.5), np.array([2.5]), [2.5]])
def test_one_number_is_one_number(got):
    assert_number(got, 2.5)


@pytest.mark.parametrize(
    ("got", "diagnosis"), [(True, "type"), (3.0, "type"), ("3", "type"), (4, "value"), (None, "type")]
)
def test_a_whole_number_is_an_int(got, diagnosis):
    with pytest.raises(CheckFailed) as caught:
        assert_integer(got, 3)
    assert caught.value.diagnosis == diagnosis


def test_one_changed_bit_is_a_change():
    with pytest.raises(CheckFailed, match="in place"):
        assert_unchanged(np.nextafter(A, 9), A, name="x")
    assert_unchanged(A.copy(), A, name="x")


@pytest.mark.parametrize("got", [None, "x", 2 * A, A[0], A * np.nan, -A, A + 1])
def test_no_message_ever_quotes_the_expected_values(got):
    secret = np.array([[0.123456, 9.87654], [3.14159, 2.71828]])
    with pytest.raises(CheckFailed) as caught:
        assert_array(got if not isinstance(got, np.ndarray) or got.shape != A.shape else got * secret, secret)
    assert not any(str(v)[:5] in str(caught.value) for v in secret.ravel())


def test_reading_an_assignment_does_not_load_what_would_take_most_of_its_time():
    """rfc3987_syntax compiles 38 grammars; a process that wants it afterwards finds it."""
    code = (
        "import sys; from importlib.util import find_spec; from pathlib import Path;"
        "from autograder.assignment.source import read_source; read_source(Path(sys.argv[1]));"
        "assert 'rfc3987_syntax' not in sys.modules; assert find_spec('rfc3987_syntax')"
    )
    source = bundled_course().solutions / "a1_gradient_ascent" / "notebook.py"
    subprocess.run([sys.executable, "-c", code, str(source)], check=True)
