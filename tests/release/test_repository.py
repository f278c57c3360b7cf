"""The repository that students start from: what is in it, what never is, and what a second release does to it."""

import ast
import hashlib
import json
import re
import shutil
from dataclasses import replace
from importlib.metadata import version

import pytest

from autograder.assignment.assignment import load_assignment
from autograder.assignment.student_side import Manifest
from autograder.ci_settings import CiSettings
from autograder.course import bundled_course, open_course
from autograder.errors import AutograderError, LeakError
from autograder.release import build
from autograder.release.leaks import MARKERS, secret_lines, visible
from autograder.release.repository import MANIFEST, PLACES, read_manifest, starter_files, write_starter

REQUIREMENT = re.compile(r"([\w-]+)==([\w.]+)(?: ; python_version (<|>=) \"3\.12\")?")


@pytest.fixture(scope="module")
def released(course, tmp_path_factory):
    """A copy of the skeleton's course, released."""
    root = tmp_path_factory.mktemp("repository") / "course"
    shutil.copytree(course.root, root)
    copy = open_course(root)
    build.release(copy, "a9_test")
    return copy


@pytest.fixture
def starter_at(released, tmp_path):
    root = tmp_path / "starter"
    write_starter(released, ["a9_test"], root)
    return root


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """A starter with the first assignment of this repository's own course."""
    root = tmp_path_factory.mktemp("whole") / "starter"
    write_starter(bundled_course(), bundled_course().names()[:1], root)
    return root


@pytest.fixture(scope="module")
def first_readme(started):
    """What students read while there is one assignment. It comes before `whole`, which adds the others."""
    return (started / "README.md").read_text()


@pytest.fixture(scope="module")
def whole(started, first_readme):
    """{path: bytes} of the starter of this repository's own course, released in two steps."""
    root = started
    write_starter(bundled_course(), bundled_course().names()[1:], root)
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_the_repository_holds_the_notebooks_the_hand_outs_and_the_public_checks(whole):
    assignments = bundled_course().assignments
    given = {p.relative_to(assignments).as_posix() for p in assignments.glob("a*/*") if p.is_file()}
    assert set(whole) == {*given, *PLACES.values(), MANIFEST, "explain.html"}
    assert whole["explain.html"] == (bundled_course().root / "docs" / "explain.html").read_bytes()
    assert all(whole[path] == (assignments / path).read_bytes() for path in given)


def functions(source):
    return {
        n.name for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef) and n.name.startswith("test_")
    }


def test_nothing_of_any_assignments_answers_is_in_any_file(whole):
    course = bundled_course()
    everything = "\n".join(visible(name, data) for name, data in sorted(whole.items()))
    shown = {re.sub(r"\s+", "", line) for line in everything.splitlines()}
    for assignment in (load_assignment(course.solutions / name) for name in course.names()):
        assert not shown & secret_lines(assignment)
        hidden = functions(assignment.folder.joinpath("hidden_checks.py").read_text())
        public = {name for c in assignment.cells if c.role == "check" for name in functions(c.source)}
        assert len(hidden - public) > 10
        files = [visible(n, d) for n, d in whole.items() if n.startswith(f"{assignment.name}/") or "/" not in n]
        files.remove(visible(MANIFEST, whole[MANIFEST]))  # another assignment's public check may have the name
        listed = Manifest.model_validate_json(whole[MANIFEST]).notebooks[assignment.name].checks
        own = "\n".join([*files, *(check.source for check in listed)])
        assert not [name for name in hidden - public if re.search(rf"def {name}\b", own)]
    assert not [m for m in MARKERS if m in everything]
    assert not re.search(r"^\s*(?:import|from)\s+(?:autograder|reference_impl|solutions)\b", everything, re.MULTILINE)
    assert "autograder" not in whole["requirements.txt"].decode()


def test_no_secret_token_or_writing_permission_is_in_any_file(whole):
    for name, data in whole.items():
        text = data.decode()
        assert not re.search(
            r"secrets\.|GITHUB_TOKEN|github\.token|CI_JOB_TOKEN|AUTOGRADER_|pull_request_target", text
        ), name
        assert not re.search(r"^\s*[\w-]+: write(-all)?$", text, re.MULTILINE), name  # a permission of a workflow
        assert not re.search(r"gh[pousr]_[A-Za-z0-9]{20}|glpat-|BEGIN [A-Z ]*PRIVATE KEY", text), name
    workflow = whole[".github/workflows/public-checks.yml"].decode()
    assert "permissions:\n  contents: read\n" in workflow
    assert "persist-credentials: false" in workflow


def test_the_requirements_are_the_versions_that_this_course_is_tested_with(whole):
    checks, everything = (whole[f"requirements{which}.txt"].decode().splitlines() for which in ("-checks", ""))
    assert "-r requirements-checks.txt" in everything
    lines = [line for line in [*checks, *everything] if not line.startswith(("#", "-r"))]
    lock = (bundled_course().root / "requirements.lock").read_text()
    names = set()
    for line in lines:
        name, pinned, side = REQUIREMENT.fullmatch(line).groups()
        names.add(name)
        marker = {"<": " ; python_full_version < '3.12'", ">=": " ; python_full_version >= '3.12'", None: ""}[side]
        assert f"\n{name}=={pinned}{marker} \\\n" in lock, line
        assert side or pinned == version(name)
    assert not {"jupyterlab", "otter-grader"} & {line.partition("==")[0] for line in checks}  # they take a minute
    assert names == {"numpy", "matplotlib", "otter-grader", "jupyterlab", "ipykernel", "nbclient", "nbformat"}


@pytest.mark.parametrize(
    "leak",
    [
        b"return np.mean(np.square(x))",
        b"import autograder.course",
        b"pip install backprop-course",
        b"token: ${{ secrets.X }}",
        b"# BEGIN SOLUTION",
        b"from reference_impl import mlp",
    ],
)
def test_a_leak_in_a_template_stops_it_before_anything_is_written(released, tmp_path, monkeypatch, leak):
    from autograder.release import repository

    templates = tmp_path / "templates"
    shutil.copytree(repository.TEMPLATES, templates)
    with (templates / "public_checks.py").open("ab") as file:
        file.write(b"\n" + leak + b"\n")
    monkeypatch.setattr(repository, "TEMPLATES", templates)
    with pytest.raises(LeakError):
        write_starter(released, ["a9_test"], tmp_path / "starter")
    assert not (tmp_path / "starter").exists()


def test_a_second_release_changes_nothing(released, starter_at):
    assert write_starter(released, ["a9_test"], starter_at) == []


def test_files_of_an_earlier_release_are_replaced_and_others_are_left(released, starter_at):
    old = read_manifest(starter_at).files
    notebook = starter_at / "a9_test" / "a9_test.ipynb"
    notebook.write_text("{}")  # as an earlier release wrote it
    starter_at.joinpath("syllabus.md").write_text("mine")
    record = {**old, "a9_test/a9_test.ipynb": hashlib.blake2b(b"{}", digest_size=16).hexdigest()}
    starter_at.joinpath(MANIFEST).write_text(json.dumps({"files": record}))
    assert write_starter(released, ["a9_test"], starter_at) == ["a9_test/a9_test.ipynb"]
    assert notebook.read_bytes() == (released.assignments / "a9_test" / "a9_test.ipynb").read_bytes()
    assert starter_at.joinpath("syllabus.md").read_text() == "mine"


@pytest.mark.parametrize("path", ["README.md", ".github/workflows/public-checks.yml", "a9_test/a9_test.ipynb"])
def test_a_file_that_was_changed_by_hand_is_kept_unless_forced(released, starter_at, path):
    starter_at.joinpath(path).write_text("by hand")
    with pytest.raises(AutograderError, match=f"changes by hand in {re.escape(path)}"):
        write_starter(released, ["a9_test"], starter_at)
    assert starter_at.joinpath(path).read_text() == "by hand"
    assert write_starter(released, ["a9_test"], starter_at, force=True) == [path]
    assert starter_at.joinpath(path).read_text() != "by hand"


@pytest.mark.parametrize("manifest", ["no JSON", "[]", '{"files": {"README.md": 3}}', ""])
def test_without_a_readable_record_every_file_that_differs_counts_as_changed_by_hand(released, starter_at, manifest):
    starter_at.joinpath(MANIFEST).write_text(manifest)
    starter_at.joinpath("README.md").write_text("an old one")
    with pytest.raises(AutograderError, match="changes by hand in README"):
        write_starter(released, ["a9_test"], starter_at)


@pytest.mark.parametrize("path", ["README.md", ".github", ".github/workflows", "a9_test", MANIFEST])
def test_nothing_is_written_through_a_link(released, starter_at, tmp_path, path):
    outside = tmp_path / "outside"
    outside.mkdir()
    target = starter_at / path
    shutil.rmtree(target) if target.is_dir() else target.unlink()
    target.symlink_to(outside if path not in {"README.md", MANIFEST} else outside / "file")
    with pytest.raises(AutograderError, match="got a link"):
        write_starter(released, ["a9_test"], starter_at, force=True)
    assert not list(outside.iterdir())


def test_the_course_itself_is_no_place_for_students(released):
    with pytest.raises(AutograderError, match="solutions"):
        write_starter(released, ["a9_test"], released.root)


def test_an_assignment_released_later_joins_those_that_are_there(first_readme, whole):
    names = list(bundled_course().names())
    assert [n for n in names if n in first_readme] == names[:1]
    assert [n for n in names if n in whole["README.md"].decode()] == names


@pytest.mark.parametrize(
    ("level", "said", "unsaid"),
    [("full", "names each hidden check and says", "how many hidden checks pass"),
     ("counts", "how many hidden checks pass, and does not name them. After the", "It never shows the data")],
)  # fmt: skip
def test_the_readme_says_which_level_of_feedback_applies(released, level, said, unsaid):
    course = replace(released, ci=CiSettings(hidden_feedback=level))
    readme = starter_files(course, ["a9_test"], read_manifest(released.root))["README.md"].decode()
    text = " ".join(readme.split())
    assert said in text
    assert unsaid not in text
    assert "{%" not in readme
    assert not re.search(r"\n\n\n|\n\n\Z|[^\n]\Z", readme)


def test_the_public_checks_are_all_that_the_workflows_run(whole):
    import yaml

    steps = yaml.safe_load(whole[".github/workflows/public-checks.yml"])["jobs"]["public-checks"]["steps"]
    assert [s["run"] for s in steps if "run" in s][-1] == "python public_checks.py"
    assert yaml.safe_load(whole[".gitlab-ci.yml"])["public checks"]["script"][-1] == "python public_checks.py"


def test_starter_files_are_the_same_bytes_twice(released):
    before = read_manifest(released.root)
    assert starter_files(released, ["a9_test"], before) == starter_files(released, ["a9_test"], before)
