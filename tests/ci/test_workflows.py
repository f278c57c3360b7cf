"""The workflow files, ours and those we write: linted, pinned, and no job with both student code and a secret."""

import json
import re
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest
import tomli
import yaml
from schemas import complaints
from typer.testing import CliRunner

from autograder.ci import packing, setup
from autograder.ci.schedule import DeadlineRun
from autograder.cli.main import app
from autograder.course import open_course
from autograder.errors import AutograderError
from autograder.release.repository import PLACES, TEMPLATES
from autograder.secret import course_secret

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent
OURS = "this project"
RUNS = [DeadlineRun("7 22 12 10 *", "a1 is due 2026-10-12 23:59 Europe/Berlin")]
SCHEMA = {"github": "github-workflows", "gitlab": "gitlab-ci"}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """{what it is: its path} of every workflow file."""
    root = tmp_path_factory.mktemp("workflows")
    places = {
        "github, grading": root / ".github/workflows/grade.yml",
        "gitlab, grading": root / "grading/.gitlab-ci.yml",
        "github, students": root / ".github/workflows/public-checks.yml",
        "gitlab, students": root / "students/.gitlab-ci.yml",
    }
    data = {
        "github, grading": setup.files("github", RUNS)[setup.PLACES["github"]],
        "gitlab, grading": setup.files("gitlab", RUNS)[setup.PLACES["gitlab"]],
        "github, students": (TEMPLATES / "public-checks.yml").read_bytes(),
        "gitlab, students": (TEMPLATES / "gitlab-ci.yml").read_bytes(),
    }
    for path in (ROOT / ".github/workflows").iterdir():
        places[f"github, {OURS}: {path.name}"] = root / ".github/workflows" / path.name
        data[f"github, {OURS}: {path.name}"] = path.read_bytes()
    for what, path in places.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data[what])
    return places


def on_github(files):
    return [path for what, path in files.items() if what.startswith("github")]


def ran(tool, *arguments):
    return subprocess.run([TOOLS / tool, *arguments], capture_output=True, text=True, timeout=120, check=False)


def findings(*paths):
    run = ran("zizmor", "--offline", "--no-progress", "--persona", "pedantic", "--format", "json", *paths)
    return [found["ident"] for found in json.loads(run.stdout)]


def test_every_workflow_file_of_the_project_is_linted(files):
    there = {p.name for p in (ROOT / ".github/workflows").iterdir()}
    assert {"ci.yml", "nightly.yml", "pages.yml", "release.yml"} <= there
    assert {Path(p).name for p in PLACES.values() if p.endswith(".yml")} == {"public-checks.yml", ".gitlab-ci.yml"}
    assert len(files) == len(there) + len(setup.PLACES) + 2


def test_this_project_is_tested_with_each_python_that_it_names_as_root_and_as_an_ordinary_user():
    jobs = jobs_of(ROOT / ".github/workflows/ci.yml")
    matrix = jobs["test"]["strategy"]["matrix"]
    classifiers = tomli.loads((ROOT / "pyproject.toml").read_text())["project"]["classifiers"]
    named = {c.rpartition(" ")[2] for c in classifiers if re.search(r"Python :: 3\.\d+$", c)}
    assert set(matrix["python"]) == named
    assert matrix["user"] == ["runner", "root"]
    conditions = {s["if"] for s in jobs["test"]["steps"] if "if" in s}
    assert conditions == {f"matrix.user == '{user}'" for user in matrix["user"]}


@pytest.mark.parametrize("job", ["test", "tools"])
def test_the_parts_of_the_tests_that_machines_share_are_all_of_them(job):
    ours = jobs_of(ROOT / ".github/workflows/ci.yml")[job]
    parts = ours["strategy"]["matrix"]["part"]
    assert parts == [f"{number}/{len(parts)}" for number in range(1, len(parts) + 1)]
    made = [step["run"] for step in ours["steps"] if "make " in step.get("run", "")]
    assert made
    assert all(line.rstrip().endswith('"PART=$PART"') for line in made)


def test_every_target_that_a_workflow_of_this_project_makes_is_in_the_makefile():
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    ours, nightly = (jobs_of(ROOT / f".github/workflows/{name}.yml") for name in ("ci", "nightly"))
    each_push = {*ours["tools"]["strategy"]["matrix"]["target"], "test", "docs"}
    assert each_push == {"interop", "audit", "test", "docs"}
    long = [words.split()[0] for words in nightly["long"]["strategy"]["matrix"]["target"]]
    assert {"parity", "fuzz", "faults", "siege", "attack-bench", "stability", "audit"} == set(long)
    assert each_push | set(long) <= targets
    scripts = [step.get("run", "") for job in ours.values() for step in job["steps"]]
    assert set(re.findall(r"\bmake ([a-z][\w-]*)", " ".join(scripts))) == {"test", "docs"}


def test_zizmor_finds_nothing_unsafe_in_any_workflow(files):
    assert findings(*on_github(files)) == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (("run: autograder grade", "run: echo ${{ github.event.client_payload.assignment }}; autograder grade"), "template-injection"),
        (("persist-credentials: false", "fetch-depth: 1"), "artipacked"),
        (("@3d3c42e5aac5ba805825da76410c181273ba90b1", "@v7"), "unpinned-uses"),
        (("permissions: {}\nconcurrency", "permissions: write-all\nconcurrency"), "excessive-permissions"),
        (("  workflow_dispatch:", "  pull_request_target:\n  workflow_dispatch:"), "dangerous-triggers"),
    ],
)  # fmt: skip
def test_zizmor_would_find_each_of_these_mistakes(files, tmp_path, change, found):
    text = files["github, grading"].read_text()
    assert change[0] in text
    path = tmp_path / ".github/workflows/grade.yml"
    path.parent.mkdir(parents=True)
    path.write_text(text.replace(*change))
    assert found in findings(path)


@pytest.mark.parametrize("provider", ["github", "gitlab"])
def test_every_file_is_what_the_providers_schema_asks_for(files, provider):
    for what in (what for what in files if what.startswith(provider)):
        assert complaints(SCHEMA[provider], files[what].read_text()) == [], what
    wrong = {"github": "jobs: {a: {runs-on: x, permisions: {}}}\n", "gitlab": "a: {scrpit: [x]}\n"}
    assert {"github": "permisions", "gitlab": "scrpit"}[provider] in str(complaints(SCHEMA[provider], wrong[provider]))


def test_every_action_is_a_whole_commit_id_and_says_its_version(files):
    pins = {}
    for path in on_github(files):
        for line in re.findall(r"uses:.*", path.read_text()):
            name, commit, said = re.fullmatch(r"uses: ([\w/-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)", line).groups()
            assert pins.setdefault(name, (commit, said)) == (commit, said)  # one version of each, everywhere
    assert len(pins) >= 5


def test_i11_no_script_has_an_expression_in_it_and_every_job_has_an_end(files):
    for path in on_github(files):
        for job in yaml.safe_load(path.read_text())["jobs"].values():
            assert "${{" not in "".join(step.get("run", "") for step in job["steps"])
            assert 0 < job["timeout-minutes"] <= 120
            assert job["runs-on"] == "ubuntu-24.04"


def test_i9_no_workflow_runs_a_strangers_commit_with_a_secret(files):
    for path in on_github(files):
        workflow = yaml.safe_load(path.read_text())
        triggers = workflow[True]  # YAML's name for `on`
        assert not {"pull_request_target", "workflow_run", "issue_comment"} & set(triggers)
        for job in workflow["jobs"].values():
            assert "pull_request" not in triggers or "secrets." not in json.dumps(job)


def test_the_one_job_that_may_write_has_no_secret_and_may_write_only_to_its_own_repository(files):
    courses = [path for path in on_github(files) if not (ROOT / ".github/workflows" / path.name).exists()]
    jobs = {(path.name, name): job for path in courses for name, job in jobs_of(path).items()}
    writing = {place: job for place, job in jobs.items() if "write" in json.dumps(job.get("permissions", {}))}
    assert list(writing) == [("grade.yml", "record")]
    (job,) = writing.values()
    assert job["permissions"] == {"contents": "write"}
    assert "secrets." not in json.dumps(job)
    assert "environment" not in job
    assert [s.get("env") for s in job["steps"] if "github.token" in json.dumps(s)] == [{"AUTOGRADER_GIT_TOKEN": "${{ github.token }}"}]  # fmt: skip
    for path in on_github(files):
        assert "write" not in json.dumps(yaml.safe_load(path.read_text())["permissions"])


def test_the_job_that_writes_the_documentation_runs_no_command_and_has_no_secret(files):
    (path,) = [path for path in on_github(files) if path.name == "pages.yml"]
    jobs = jobs_of(path)
    assert jobs["build"]["permissions"] == {"contents": "read"}
    assert jobs["deploy"]["permissions"] == {"pages": "write", "id-token": "write"}
    assert [step["uses"].partition("@")[0] for step in jobs["deploy"]["steps"]] == ["actions/deploy-pages"]
    assert "secrets." not in path.read_text()


def test_the_job_that_publishes_a_release_runs_no_code_of_ours_and_cannot_change_the_repository(files):
    (path,) = [path for path in on_github(files) if path.name == "release.yml"]
    publish = jobs_of(path)["publish"]
    assert publish["permissions"] == {"id-token": "write", "attestations": "write"}
    assert not [step for step in publish["steps"] if "run" in step]
    assert "secrets." not in path.read_text()


def test_each_secret_is_in_the_one_step_that_needs_it(files):
    steps = {s["name"]: re.findall(r"secrets\.(\w+)", json.dumps(s)) for job in jobs_of(files["github, grading"]).values() for s in job["steps"] if "name" in s}  # fmt: skip
    assert {name: secrets for name, secrets in steps.items() if secrets} == {
        "collect what students handed in": ["COLLECT_TOKEN"],
        "check, sign and redact": ["AUTOGRADER_SIGNING_KEY"],
        "tell the students": ["FEEDBACK_TOKEN"],
    }


def test_a_job_that_is_run_again_replaces_what_it_uploaded(files):
    steps = [s for job in jobs_of(files["github, grading"]).values() for s in job["steps"]]
    uploads = [s["with"] for s in steps if s.get("uses", "").startswith("actions/upload-artifact")]
    assert len(uploads) == 3
    assert all(upload["overwrite"] for upload in uploads)


def test_dependabot_renews_the_actions_and_its_file_is_sound(tmp_path):
    path = tmp_path / ".github/dependabot.yml"
    path.parent.mkdir()
    path.write_bytes(setup.files("github")[".github/dependabot.yml"])
    assert findings(path) == []
    assert complaints("dependabot", path.read_text()) == []
    assert [u["package-ecosystem"] for u in yaml.safe_load(path.read_text())["updates"]] == ["github-actions"]
    assert ".github/dependabot.yml" not in setup.files("gitlab")
    assert not [place for place in PLACES.values() if "dependabot" in place]  # a student's repository is made of these


def test_i10_no_checkout_leaves_a_token_behind(files):
    steps = [s for path in on_github(files) for job in jobs_of(path).values() for s in job["steps"]]
    checkouts = [s for s in steps if s.get("uses", "").startswith("actions/checkout")]
    assert len(checkouts) >= 5
    assert all(s["with"] == {"persist-credentials": False} for s in checkouts)


def jobs_of(path):
    return yaml.safe_load(path.read_text())["jobs"]


def test_on_github_the_job_that_grades_has_no_secret_no_permission_and_no_checkout(files):
    grade = jobs_of(files["github, grading"])["grade"]
    text = json.dumps(grade)
    assert grade["permissions"] == {}
    assert "environment" not in grade
    assert "secrets" not in text
    assert "github.token" not in text
    assert "actions/checkout" not in text


def test_on_github_a_job_with_a_secret_runs_neither_grade_nor_check(files):
    jobs = jobs_of(files["github, grading"])
    with_secret = {name for name, job in jobs.items() if "secrets." in json.dumps(job)}
    grading = {n for n, job in jobs.items() if any(re.search(r"autograder (grade|check)\b", s.get("run", "")) for s in job["steps"])}  # fmt: skip
    assert (with_secret, grading) == ({"collect", "publish"}, {"grade"})
    # ... and a secret is given to a step, never to a whole job, where the other actions would see it.
    assert all("secrets." not in json.dumps({k: v for k, v in job.items() if k != "steps"}) for job in jobs.values())


def test_on_gitlab_the_job_that_grades_is_outside_the_environment_that_has_the_variables(files):
    text = files["gitlab, grading"].read_text()
    jobs = yaml.safe_load(text)
    assert jobs["collect"]["environment"]["name"] == jobs["publish"]["environment"]["name"] == "grading"
    assert "environment" not in jobs["grade"]
    assert jobs["grade"]["variables"]["GIT_STRATEGY"] == "empty"
    assert "TOKEN" not in json.dumps(jobs["grade"])
    assert all("CI_COMMIT_REF_PROTECTED" in rule["if"] for rule in jobs["workflow"]["rules"])


def test_both_providers_run_the_same_commands_in_the_same_jobs(files):
    """So what test_class.py shows of GitHub's holds for GitLab's, but for the tier, and for the places of files.

    GitHub starts a step after an exit code by itself; GitLab's script says it behind `||`.
    """
    jobs = jobs_of(files["github, grading"])
    github = {name: [line for s in job["steps"] for line in s.get("run", "").splitlines() if line.startswith("autograder")] for name, job in jobs.items()}  # fmt: skip
    gitlab = yaml.safe_load(files["gitlab, grading"].read_text())
    ours = {name: [line for line in gitlab[name]["script"] if line.startswith("autograder")] for name in github}
    for lines in (github["publish"], ours["publish"]):
        lines[:] = [line.partition(" ||")[0].replace("work/class/work", "work") for line in lines]
    assert ours["publish"][-1].startswith("autograder ci post feedback")
    kept = "autograder ci record {0}results --signatures {0}feedback --require-signature --branch marks {1}"
    assert github.pop("record") == [kept.format("work/published/", "--submitted work/class/work/submitted")]
    assert ours.pop("record") == [kept.format("", '--remote "$CI_PROJECT_URL.git" --summary record.md')]
    assert {n: [line.replace(" --tier A", "") for line in lines] for n, lines in github.items()} == ours


def test_the_token_that_writes_is_not_the_one_that_collects(files):
    """A token that can read every student's repository is in no job's environment beside the one that writes issues."""
    steps = [s for job in jobs_of(files["github, grading"]).values() for s in job["steps"]]
    env = {
        s["name"]: {k: v for k, v in s.get("env", {}).items() if "secrets." in v and "TOKEN" in v}
        for s in steps
        if "name" in s
    }
    env = {name: tokens for name, tokens in env.items() if tokens}
    assert env == {
        "collect what students handed in": {"AUTOGRADER_GIT_TOKEN": "${{ secrets.COLLECT_TOKEN }}"},
        "tell the students": {"AUTOGRADER_FEEDBACK_TOKEN": "${{ secrets.FEEDBACK_TOKEN }}"},
    }
    jobs = yaml.safe_load(files["gitlab, grading"].read_text())
    tokens = {name: set(re.findall(r"(?:COLLECT|FEEDBACK)_TOKEN", json.dumps(jobs[name]))) for name in ("collect", "publish")}  # fmt: skip
    assert tokens == {"collect": {"COLLECT_TOKEN"}, "publish": {"FEEDBACK_TOKEN"}}


@pytest.mark.parametrize(("code", "posts", "ends"), [(0, True, 0), (1, True, 1), (2, False, 1), (70, False, 1)])
def test_on_gitlab_students_are_told_after_0_and_after_1_and_the_job_is_red_after_1(
    files, tmp_path, monkeypatch, code, posts, ends
):
    """GitLab runs the lines of a script in one shell, which ends at the first that fails."""
    script = yaml.safe_load(files["gitlab, grading"].read_text())["publish"]["script"]
    fake = tmp_path / "autograder"
    fake.write_text(f'#!/bin/sh\necho "$2" >> {tmp_path}/calls\n[ "$2" = post ] || exit {code}\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    done = subprocess.run(["bash", "-c", "set -eo pipefail\n" + "\n".join(script)], check=False)
    assert done.returncode == ends
    assert (tmp_path / "calls").read_text().split() == (["publish", "post"] if posts else ["publish"])


def test_the_one_exit_code_that_a_workflow_accepts_is_1_of_collect_and_grade_and_never_70(files):
    """1 is a student whom `collect` did not place, or a submission that `grade` could not grade. 2 is misuse, and 70 is a fault of autograder itself."""
    guards = []
    for path in files.values():
        text = path.read_text()
        assert not re.search(r"continue-on-error|allow_failure|set \+e|always\(\)|failure\(\)", text)
        scripts = [re.sub(r"\$\{\{.*?\}\}", "", line.partition(" #")[0]) for line in text.splitlines()]
        guards += [line.partition("||")[2].strip() for line in scripts if "||" in line]
    assert len(guards) == 5  # GitHub's and GitLab's
    for guard in guards:
        codes = [c for c in (0, 1, 2, 70) if ran_bash(f"(exit {c}) || {guard}") == 0]
        assert codes == [0, 1]


def ran_bash(script):
    return subprocess.run(["bash", "-ec", script], check=False).returncode


@pytest.fixture
def empty_course(tmp_path):
    (tmp_path / "course.toml").write_text('title = "x"\n')
    return open_course(tmp_path)


def test_init_twice_writes_the_same_bytes_and_keeps_the_list_of_students(empty_course):
    written = setup.write(empty_course, "github")
    assert "students.csv" in written
    before = {path: (empty_course.root / path).read_bytes() for path in written}
    (empty_course.root / "students.csv").write_text("id,name,remote\nada,Ada,/x\n")
    setup.write(empty_course, "github")
    assert (empty_course.root / "students.csv").read_text().endswith("ada,Ada,/x\n")
    del before["students.csv"]
    assert {path: (empty_course.root / path).read_bytes() for path in before} == before


@pytest.mark.parametrize(
    ("provider", "file", "secret"),
    [
        ("github", ".github/workflows/grade.yml", r"secrets\.(\w+)"),
        ("gitlab", ".gitlab-ci.yml", r"\$(\w+_TOKEN|\w+_KEY)\b"),
    ],
)
def test_init_names_every_secret_that_the_workflow_reads(empty_course, provider, file, secret):
    done = CliRunner().invoke(app, ["ci", "init", "--provider", provider, "--course", str(empty_course.root)])
    wanted = set(re.findall(secret, (empty_course.root / file).read_text())) | {"AUTOGRADER_SIGNING_KEY"}
    assert len(wanted) >= 3
    assert set(re.findall(r"\b[A-Z]+_[A-Z_]+\b", done.output)) == wanted


def test_a_workflow_that_was_changed_is_replaced_only_by_force(empty_course):
    path = empty_course.root / ".gitlab-ci.yml"
    path.write_text("mine: {script: [x]}\n")
    with pytest.raises(AutograderError, match="--force"):
        setup.write(empty_course, "gitlab")
    assert not (empty_course.root / "ci").exists()
    setup.write(empty_course, "gitlab", force=True)
    assert "autograder ci publish" in path.read_text()


def test_the_runs_at_the_due_times_are_in_the_file_with_the_local_time_beside_them(files):
    line = "7 22 12 10 *"
    assert f'- cron: "{line}" # UTC: a1 is due 2026-10-12 23:59 Europe/Berlin' in files["github, grading"].read_text()
    assert f"#   {line}   (UTC: a1 is due 2026-10-12 23:59 Europe/Berlin)" in files["gitlab, grading"].read_text()
    assert not [path for path in files.values() if "@DEADLINES@" in path.read_text()]


@pytest.mark.parametrize("provider", ["github", "gitlab"])
def test_init_replaces_what_an_earlier_init_wrote_because_a_due_time_was_changed(empty_course, provider):
    setup.write(empty_course, provider)
    path = empty_course.root / setup.PLACES[provider]
    (empty_course.root / "solutions/a1").mkdir(parents=True)
    (empty_course.root / "solutions/a1/assignment.toml").write_text("")
    (empty_course.root / "course.toml").write_text("""title = "x"\n[marks.due]\na1 = "2026-10-12T23:59:00+02:00"\n""")
    setup.write(open_course(empty_course.root), provider)
    assert "7 22 12 10 *" in path.read_text()
    path.write_text(path.read_text().replace("7 22 12", "8 22 12"))
    with pytest.raises(AutograderError, match="changed by hand"):
        setup.write(open_course(empty_course.root), provider)


def test_init_writes_through_no_link(empty_course, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (empty_course.root / "ci").symlink_to(outside)
    with pytest.raises(AutograderError, match="got a link"):
        setup.write(empty_course, "github")
    assert not list(outside.iterdir())


def test_the_wheel_for_the_ci_installs_and_runs_and_holds_no_solution(tmp_path):
    name, data = packing.wheel()
    (tmp_path / name).write_bytes(data)
    names = zipfile.ZipFile(tmp_path / name).namelist()
    assert not [n for n in names if n.startswith(("solutions", "tests")) or "/_course/" in n or n.endswith(".pyc")]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile", "--target", tmp_path / "site"]  # fmt: skip
    subprocess.run([*pip, tmp_path / name], check=True, capture_output=True, timeout=120)
    told = subprocess.run(
        [tmp_path / "site/bin/autograder", "--version"],
        env={"PYTHONPATH": str(tmp_path / "site"), "PATH": ""},
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert told.stdout.split() == ["autograder", version("backprop-course")]


def pins(text):
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ;\\\n]+)", text, re.MULTILINE))


def test_a_ci_installs_what_grading_imports_with_hashes_and_neither_nbgrader_nor_otter():
    text = packing.requirements()
    assert {"numpy", "matplotlib", "ipython", "jupytext", "cryptography", "httpx", "markupsafe"} <= set(pins(text))
    assert not {"nbgrader", "otter-grader", "jupyterlab", "pytest", "jedi", "backprop-course"} & set(pins(text))
    assert text.count("--hash=sha256:") >= len(pins(text))
    assert all(version(name) == at for name, at in pins(text).items() if name not in {"colorama", "contourpy", "numpy"})


def test_the_grading_lock_is_a_part_of_the_lock():
    """`make lock` writes both: what a CI grades with is what the tests of this project ran with."""
    whole = (ROOT / "requirements.lock").read_text()
    part = packing.requirements()
    lines = [line for line in part.splitlines() if line and not line.lstrip().startswith("#")]
    assert len(lines) > 500
    assert not [line for line in lines if line.partition(" ;")[0].rstrip(" \\") not in whole]


def test_the_group_of_the_grading_lock_is_a_part_of_the_dependencies():
    project = tomli.loads((ROOT / "pyproject.toml").read_text())
    lines = project["project"]["dependencies"] + project["project"]["optional-dependencies"]["portal"]
    names = {re.split(r"[^\w-]", line)[0] for line in lines}
    assert set(project["dependency-groups"]["grade"]) < names


def test_versions_that_differ_from_the_lock_are_pinned_without_hashes_and_named(monkeypatch):
    """Nobody knows the hash of the file that an installed package came from."""
    real = packing._installed
    monkeypatch.setattr(packing, "_installed", lambda name: {"rich": "13.0.0", "tzdata": ""}.get(name, real(name)))
    text = packing.requirements()
    assert "hash" not in text.partition("\n")[2]
    assert pins(text)["rich"] == "13.0.0"
    assert pins(text)["tzdata"]  # it is not installed here: as locked
    assert "rich 13.0.0 for " in text.partition("\n")[0]


@pytest.mark.parametrize("provider", ["github", "gitlab"])
def test_init_writes_the_courses_secret_once_so_that_every_night_draws_the_same_inputs(empty_course, provider):
    setup.write(empty_course, provider)
    key = empty_course.root / "ci/secret.key"
    assert bytes.fromhex(key.read_text()) == course_secret(empty_course)
    (empty_course.work / "secret.key").unlink()  # another machine
    before = key.read_bytes()
    setup.write(empty_course, provider)
    assert key.read_bytes() == before


def test_init_keeps_actions_that_dependabot_made_newer_and_renews_older_ones(empty_course):
    setup.write(empty_course, "github")
    path = empty_course.root / setup.PLACES["github"]
    ours = path.read_text()
    newer = re.sub(r"checkout@\w{40} # v[\d.]+", f"checkout@{'a' * 40} # v10.0.0", ours)
    path.write_text(newer)
    setup.write(empty_course, "github")
    assert path.read_text() == newer
    path.write_text(re.sub(r"checkout@\w{40} # v[\d.]+", f"checkout@{'b' * 40} # v4.2.0", ours))
    setup.write(empty_course, "github", force=True)
    assert path.read_text() == ours


def test_the_packages_of_a_course_are_installed_with_all_that_they_need():
    text = packing.requirements(("scikit-learn",))
    added = {"scikit-learn", "scipy", "joblib", "threadpoolctl"}
    assert {name: pins(text)[name] for name in added} == {name: version(name) for name in added}
    assert "hash" not in text.partition("\n")[2]
    assert "packages of the course" in text.partition("\n")[0]
    assert packing.requirements(("numpy",)) == packing.requirements()
