"""What is published: the source archive, the wheel, their metadata, and the files about the project."""

import subprocess
import sys
import tarfile
import zipfile
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
import tomli
import yaml

import autograder

ROOT = Path(__file__).resolve().parents[1]
TOOLS = Path(sys.executable).parent
PROJECT = tomli.loads((ROOT / "pyproject.toml").read_text())["project"]


def ran(tool, *arguments):
    done = subprocess.run([TOOLS / tool, *arguments], capture_output=True, text=True, check=False, cwd=ROOT)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """(source archive, wheel), the wheel made from the archive, as a packager does."""
    out = tmp_path_factory.mktemp("dist")
    assert ran("python", "-m", "build", "--no-isolation", "--outdir", out, ROOT)[0] == 0
    return next(out.glob("*.tar.gz")), next(out.glob("*.whl"))


@pytest.mark.real_tools
def test_twine_and_check_wheel_contents_find_nothing(built):
    assert ran("twine", "check", "--strict", *built)[0] == 0
    assert ran("check-wheel-contents", built[1]) == (0, f"{built[1]}: OK\n")


@pytest.mark.real_tools
def test_the_wheel_tells_type_checkers_that_both_packages_have_types(built):
    names = zipfile.ZipFile(built[1]).namelist()
    assert {"autograder/py.typed", "reference_impl/py.typed"} <= set(names)


@pytest.mark.real_tools
def test_the_source_archive_has_the_tests_and_both_locks_and_nothing_that_is_made_by_use(built):
    with tarfile.open(built[0]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "tests/test_distribution.py",
        "requirements.lock",
        "autograder/ci/requirements-grade.lock",
        "CITATION.cff",
    } <= names
    assert not [name for name in names if name.startswith(("work/", ".venv/", "dist/"))]


@pytest.mark.real_tools
def test_what_pypi_shows_leads_to_files_of_this_version(built):
    archive = zipfile.ZipFile(built[1])
    text = archive.read(next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))).decode()
    assert f"https://github.com/backprop-course/backprop-course/blob/v{autograder.__version__}/CONTRIBUTING.md" in text
    assert "](docs/" not in text


def test_a_link_and_a_picture_get_whole_addresses():
    import_module("hatchling.metadata.plugin.interface")
    spec = spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    base = "https://github.com/backprop-course/backprop-course"
    assert module.with_addresses("[a](docs/a.md#b) ![c](d.png) [e](https://f.g) [h](#i)", "1.2.3") == (
        f"[a]({base}/blob/v1.2.3/docs/a.md#b) ![c]({base}/raw/v1.2.3/d.png) [e](https://f.g) [h](#i)"
    )


def test_there_is_one_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert citation["version"] == PROJECT["version"] == autograder.__version__
    assert (ROOT / "CHANGELOG.md").read_text().startswith(f"# Changelog\n\n## {autograder.__version__}")


def test_the_files_about_the_project_are_what_their_schemas_ask_for():
    forms = [p for p in (ROOT / ".github/ISSUE_TEMPLATE").iterdir() if p.name != "config.yml"]
    for schema, paths in (
        ("vendor.citation-file-format", [ROOT / "CITATION.cff"]),
        ("vendor.github-issue-forms", forms),
        ("vendor.github-issue-config", [ROOT / ".github/ISSUE_TEMPLATE/config.yml"]),
    ):
        code, said = ran("check-jsonschema", "--default-filetype", "yaml", "--builtin-schema", schema, *paths)
        assert code == 0, said


def test_each_classifier_of_python_is_a_version_that_the_ci_tests():
    matrix = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())["jobs"]["test"]["strategy"]["matrix"]
    prefix = "Programming Language :: Python :: 3."
    named = {c.rpartition(" ")[2] for c in PROJECT["classifiers"] if c.startswith(prefix)}
    assert named == set(matrix["python"])
