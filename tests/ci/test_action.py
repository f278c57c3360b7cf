"""action.yml, the step that a course's own workflow uses: sound, pinned, and no input is ever a part of a script."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from schemas import complaints

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"] if "name" in step}


def findings(path):
    words = [TOOLS / "zizmor", "--offline", "--no-progress", "--persona", "pedantic", "--format", "json", path]
    found = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    return [each["ident"] for each in json.loads(found.stdout)]


def test_the_action_is_what_githubs_schema_asks_for_and_zizmor_finds_nothing():
    text = (ROOT / "action.yml").read_text()
    assert complaints("github-actions", text) == []
    assert complaints("github-actions", text.replace("using: composite", "using: compost"))
    assert findings(ROOT / "action.yml") == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (('cd -- "$COURSE"', "cd ${{ inputs.course }}"), "template-injection"),
        (("@5fda3b95a4ea91299a34e894583c3862153e4b97", "@v7"), "unpinned-uses"),
    ],
)
def test_zizmor_would_find_these_mistakes(tmp_path, change, found):
    text = (ROOT / "action.yml").read_text()
    assert change[0] in text
    (tmp_path / "action.yml").write_text(text.replace(*change))
    assert found in findings(tmp_path / "action.yml")


def test_every_input_is_described_and_reaches_a_step_outside_its_script():
    steps = ACTION["runs"]["steps"]
    passed = json.dumps([{**step.get("env", {}), **step.get("with", {})} for step in steps])
    for name, each in ACTION["inputs"].items():
        assert each["description"]
        assert each["required"] is False
        assert f"inputs.{name} " in passed
    assert "${{" not in "".join(step.get("run", "") for step in steps)
    assert not re.search(r"secrets\.|github\.token", (ROOT / "action.yml").read_text())
    page = (ROOT / "docs/ci.md").read_text()
    assert re.findall(r"^\| `([\w-]+)` \|", page.partition("## With one step")[2], re.MULTILINE) == list(
        ACTION["inputs"]
    )


def test_its_actions_are_the_commits_that_the_workflows_of_this_project_use():
    pins = set(re.findall(r"uses: (\S+@\w{40} # v\S+)", (ROOT / ".github/workflows/ci.yml").read_text()))
    assert set(re.findall(r"uses: (\S+@\w{40} # v\S+)", (ROOT / "action.yml").read_text())) < pins


def test_the_example_of_the_page_is_a_sound_workflow(tmp_path):
    (block,) = re.findall(r"^```yaml\n(.*?)^```", (ROOT / "docs/ci.md").read_text(), re.MULTILINE | re.DOTALL)
    path = tmp_path / ".github/workflows/grade.yml"
    path.parent.mkdir(parents=True)
    path.write_text(block)
    assert complaints("github-workflows", block) == []
    assert set(findings(path)) <= {"unpinned-uses", "concurrency-limits", "anonymous-definition"}
    (step,) = [s for s in yaml.safe_load(block)["jobs"]["grade"]["steps"] if "backprop-course" in s.get("uses", "")]
    assert set(step["with"]) <= set(ACTION["inputs"])


# What the last step runs, with a program in the place of `autograder` that notes how it was called.

FAKE = """#!{python}
import json, os, sys
open(os.environ["CALLS"], "a").write(json.dumps(sys.argv[1:]) + "\\n")
sys.exit(int(os.environ.get("CODE_" + sys.argv[1].upper(), "0")))
"""
USUAL = {"COMMAND": "grade", "COURSE": ".", "SUBMISSIONS": "", "ASSIGNMENT": "", "TIER": "A"}


@pytest.fixture
def last_step(tmp_path):
    """Run it in a repository with a course; gives (exit code, calls)."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/autograder").write_text(FAKE.format(python=sys.executable))
    (tmp_path / "bin/autograder").chmod(0o755)
    (tmp_path / "repository/course/ci").mkdir(parents=True)
    (tmp_path / "repository/course/ci/secret.key").write_text("00")
    calls = tmp_path / "calls"

    def run(**values):
        calls.write_text("")
        environment = {"PATH": f"{tmp_path}/bin:/usr/bin:/bin", "CALLS": str(calls), "GITHUB_OUTPUT": str(tmp_path / "output")}  # fmt: skip
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", STEPS["grade"]["run"]],
            cwd=tmp_path / "repository", env={**environment, **USUAL, **values}, capture_output=True, timeout=60, check=False,
        )  # fmt: skip
        return done.returncode, [json.loads(line) for line in calls.read_text().splitlines()]

    return run


def test_it_collects_grades_and_reports_and_says_where_the_results_are(last_step, tmp_path):
    handed_in = tmp_path / "repository/handed in.zip"
    handed_in.touch()
    code, calls = last_step(COURSE="course", SUBMISSIONS="handed in.zip", ASSIGNMENT="a1")
    assert code == 0
    assert calls == [["collect", "--", str(handed_in)], ["grade", "--tier=A", "--assignment=a1"], ["report"]]
    work = tmp_path / "repository/course/work"
    assert (tmp_path / "output").read_text().splitlines() == [f"results={work}/results", f"pages={work}/reports"]
    assert (work / "secret.key").stat().st_mode & 0o777 == 0o600


def test_without_submissions_nothing_is_collected_and_the_best_tier_is_no_option(last_step):
    assert last_step(TIER="best") == (0, [["grade"], ["report"]])


def test_install_runs_no_command(last_step):
    assert last_step(COMMAND="install") == (0, [])


@pytest.mark.parametrize(
    "bad", ["$(touch pwned)", "; touch pwned", "--unsafe", "a\nb", "`touch pwned`", '"; touch pwned; "']
)
def test_what_stands_in_an_input_is_never_run_and_never_an_option(last_step, tmp_path, bad):
    for name in ("COMMAND", "TIER", "COURSE", "SUBMISSIONS"):
        code, calls = last_step(**{name: bad})
        assert code != 0, name
        assert calls == [], name
    assert last_step(ASSIGNMENT=bad) == (0, [["grade", "--tier=A", f"--assignment={bad}"], ["report"]])
    assert not list(tmp_path.rglob("pwned"))


@pytest.mark.parametrize(("command", "code", "ends"), [("COLLECT", 1, 0), ("GRADE", 1, 0), ("GRADE", 2, 1), ("COLLECT", 70, 1), ("REPORT", 2, 1)])  # fmt: skip
def test_one_student_who_is_not_placed_or_graded_stops_nothing_and_a_fault_of_ours_does(
    last_step, tmp_path, command, code, ends
):
    (tmp_path / "repository/in").mkdir()
    done, calls = last_step(SUBMISSIONS="in", **{f"CODE_{command}": str(code)})
    assert bool(done) is bool(ends)
    assert (len(calls) == 3) is (ends == 0 or command == "REPORT")


@pytest.mark.real_tools
def test_its_steps_install_the_autograder_and_grade_a_notebook(tmp_path, solved, course):
    """All scripts of the action one after another, in fresh environments; `sudo` does nothing here."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/sudo").write_text("#!/bin/sh\n")
    (tmp_path / "bin/sudo").chmod(0o755)
    (tmp_path / "bin/python").symlink_to(sys.executable)
    repository = tmp_path / "repository"
    shutil.copytree(course.root, repository, ignore=shutil.ignore_patterns("work"))
    (repository / "in/ada").mkdir(parents=True)
    (repository / "in/ada/a9_test.ipynb").write_text(solved)
    (repository / "students.csv").write_text("id,name\nada,Ada\n")
    kept = {k: v for k, v in os.environ.items() if k.startswith(("PIP_", "SSL_")) or k == "HOME"}
    path = tmp_path / "path"
    path.touch()
    values = {**USUAL, **kept, "RUNNER_TEMP": str(tmp_path), "SOURCE": str(ROOT), "PACKAGES": "", "SUBMISSIONS": "in", "TIER": "best",
              "GITHUB_PATH": str(path), "GITHUB_OUTPUT": str(tmp_path / "output")}  # fmt: skip
    for step in STEPS.values():
        values["PATH"] = ":".join([*path.read_text().split(), str(tmp_path / "bin"), "/usr/bin", "/bin"])
        words = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]]
        done = subprocess.run(
            words, cwd=repository, env=values, capture_output=True, text=True, timeout=900, check=False
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    result = json.loads((repository / "work/results/a9_test/ada.json").read_text())
    assert result["status"] == "graded"
    assert [p.name for p in (repository / "work/reports").rglob("ada*.html")]
