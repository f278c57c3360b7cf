"""A machine that only grades installs requirements-grade.lock: each command works there, or says in one line what it lacks."""

import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import grading_machine
import pytest
import tomli
from portal.portal_server import PortalServer, wait_for
from portal.served_student import ServedStudent, small_course

from autograder.cli import main as command
from autograder.distributions import install_command, normalised

ROOT = Path(__file__).resolve().parents[1]
TOO_LARGE_FOR_IT = {"jedi", "parso", "nbgrader", "otter-grader", "pytest", "jupyterlab", "pandas", "scipy"}


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    return grading_machine.make(tmp_path_factory.mktemp("machine") / "env")


@pytest.fixture(scope="module")
def graded(python, tmp_path_factory, solved):
    """(course folder, {command: what it printed}): a class of one, from the notebook to its verified result."""
    root = tmp_path_factory.mktemp("course")
    small_course(root)
    (root / "students.csv").write_text("id,name\nada,Ada\n")
    (root / "in" / "ada").mkdir(parents=True)
    (root / "in" / "ada" / "a9_test.ipynb").write_text(solved)
    said = {}
    for arguments in (["collect", "in"], ["grade"], ["report"], ["verify", "work/results"]):
        code, said[arguments[0]] = grading_machine.run(python, root, *arguments)
        assert code == 0, said
    return root, said


def test_it_collects_grades_reports_and_verifies(graded):
    root, said = graded
    assert "1 placed" in said["collect"]
    assert "1 graded now" in said["grade"]
    assert "a9_test, ada: identical" in said["verify"]
    assert (root / "work/reports/a9_test/ada.html").is_file()


@pytest.mark.real_tools
def test_it_serves_and_its_graders_grade(python, tmp_path, solved):
    server = PortalServer(small_course(tmp_path), program=(python, "-m", "autograder"))
    try:
        assert ServedStudent(server, "ada").hand_in(solved.encode()).is_success
        (grading,) = wait_for(lambda: server.gradings().values(), f"a grading; {server.said()}")
        assert grading.status == "graded"
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("arguments", "package"),
    [
        ("release a9_test", "otter-grader"),
        ("export nbgrader", "nbgrader"),
        pytest.param("demo --out demo", "otter-grader", marks=pytest.mark.real_tools),
        pytest.param("serve --demo --port 0", "otter-grader", marks=pytest.mark.real_tools),
    ],
)
def test_what_it_lacks_is_one_line_with_the_command_that_brings_it(python, graded, arguments, package):
    code, said = grading_machine.run(python, graded[0], *arguments.split())
    (line,) = [line for line in said.splitlines() if line.startswith("autograder: ")]
    assert code == 2
    assert "Traceback" not in said
    assert re.fullmatch(
        rf"autograder: {package}: expected an installed package, got none\. Hint: pip install '{package}>=[\d.]+'\.",
        line,
    )


def test_a_missing_module_of_this_package_is_still_a_fault_of_ours(monkeypatch, capsys):
    def app(**_):
        raise ModuleNotFoundError("No module named 'autograder.gone'", name="autograder.gone")

    monkeypatch.setattr(command, "app", app)
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert ended.value.code == 70
    assert "fault of autograder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("otter", "pip install 'otter-grader>=7'"),
        ("psycopg", "pip install 'psycopg[binary]>=3.2'"),
        ("sklearn", "pip install 'scikit-learn>=1.6'"),
        ("nosuchmodule", "pip install 'nosuchmodule'"),
    ],
)
def test_the_command_asks_for_a_version_that_this_package_works_with(module, expected):
    assert install_command(module) == expected


def test_the_lock_holds_nothing_that_only_authors_need():
    assert TOO_LARGE_FOR_IT & grading_machine.locked() == set()


def test_each_package_of_the_group_is_imported_by_our_code():
    """A package that nothing imports would only make the machine larger."""
    group = {
        normalised(name) for name in tomli.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]["grade"]
    }
    text = "\n".join(
        p.read_text() for folder in ("autograder", "reference_impl", "solutions") for p in (ROOT / folder).rglob("*.py")
    )
    modules = set(re.findall(r"^ *(?:import|from) (\w+)", text, re.MULTILINE))
    imported = {
        normalised(name) for module, names in packages_distributions().items() if module in modules for name in names
    }
    assert group - imported == {"tzdata"}  # zoneinfo reads it where the system has no time zones


@pytest.mark.real_tools
def test_the_install_has_at_most_250_mb(tmp_path):
    """From the hashed lock, as a container or a CI downloads it. Python's own compiled files are not counted."""
    env = tmp_path / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", env], check=True)
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        env / "bin/python",
        "install",
        "--quiet",
        "--no-compile",
        "--no-deps",
    ]
    subprocess.run([*pip, "--require-hashes", "-r", ROOT / "autograder/ci/requirements-grade.lock"], check=True)
    subprocess.run([*pip, "--no-build-isolation", "--no-index", ROOT], check=False)
    size = subprocess.run(["du", "-sm", env], check=True, capture_output=True, text=True).stdout.split()[0]
    assert int(size) < 250
