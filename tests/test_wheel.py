"""The built wheel, installed into an empty environment and used from another folder."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from wheels import build_wheel, lend_dependencies

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build_wheel(tmp_path_factory.mktemp("wheel"))


def test_the_wheel_holds_the_course_and_the_pages(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for needed in (
        "autograder/_course/course.toml",
        "autograder/_course/docs/explain.html",
        "autograder/_course/nbgrader_config.py",
        "autograder/_course/solutions/a1_gradient_ascent/notebook.py",
        "autograder/reports/templates/class.html",
        "autograder/assignment/skeletons/numpy/assignment.toml",
        "autograder/assignment/skeletons/pandas/plants.csv",
        "autograder/interop/gradescope_image/setup.sh",
        "autograder/ci/workflows/github.yml",
        "autograder/ci/workflows/gitlab.yml",
        "autograder/release/starter/gitignore",
        "autograder/release/starter/public-checks.yml",
        "reference_impl/gradient_ascent.py",
        "reference_impl/figures/climbing.py",
    ):
        assert needed in names
    assert not [n for n in names if n.startswith(("tests/", "work/")) or n.endswith(".pyc")]


@pytest.mark.real_tools
def test_the_wheel_works_in_an_empty_environment_from_another_folder(wheel, tmp_path):
    """The dependencies are lent by a path file: what is tested is that nothing of this checkout is needed."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "env"], check=True)
    site = next((tmp_path / "env" / "lib").glob("python*")) / "site-packages"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    lend_dependencies(site, tmp_path / "lent")

    def run(*arguments):
        return subprocess.run(
            [tmp_path / "env" / "bin" / "python", "-m", "autograder", *arguments],
            cwd=tmp_path,
            check=True,
            capture_output=True,
            text=True,
            env={"PATH": os.environ["PATH"], "NO_COLOR": "1", "HOME": str(tmp_path)},
            timeout=300,
        ).stdout

    where = subprocess.run(
        [
            tmp_path / "env/bin/python",
            "-c",
            "import autograder, reference_impl; print(autograder.__file__, reference_impl.__file__)",
        ],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert str(ROOT) not in where
    run("init", "mine")
    course, name = tmp_path / "mine", "a1_gradient_ascent"
    run("release", name, "--course", "mine")
    shutil.copytree(course / "assignments" / name, course / "work" / "submitted" / "ada" / name)
    assert "1 graded" in run("grade", "-a", name, "--course", "mine")
    run("report", "--course", "mine")
    assert (course / "work" / "reports" / "index.html").is_file()
    assert (course / "nbgrader_config.py").is_file()
