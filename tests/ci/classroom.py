"""A class on local bare repositories, and a grading workflow's steps run in their order, each job in its own folder.

What a runner does is done here by hand: jobs see only their artifacts, a step's `env` and the secrets it names.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from autograder.grading.grader import on_one_core
from autograder.sandbox.fonts import lists_of_fonts

WHO = {f"GIT_{r}_{k}": v for r in ("AUTHOR", "COMMITTER") for k, v in (("NAME", "S"), ("EMAIL", "s@x"))}
FONTS = (
    {"MPLCONFIGDIR": str(lists_of_fonts()[0].parent)} if lists_of_fonts() else {}
)  # a home without makes such a list
GIT = {**WHO, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"]}


def repository(folder, files):
    """A bare repository with one commit on `main`; its id.

    files: {path: bytes}, or a Path for a symbolic link to it, or None for a submodule.
    """
    made = folder.parent / f"{folder.name}-work"
    made.mkdir(parents=True)
    git(made, "init", "--quiet", "--initial-branch=main")
    for path, content in files.items():
        if content is None:
            git(made, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},{path}")
            continue
        target = made / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Path):
            target.symlink_to(content)
        else:
            target.write_bytes(content)
    git(made, "add", "--force", "--ignore-removal", ".")
    git(made, "commit", "--quiet", "--allow-empty", "-m", '"; touch owned; ::error::message')
    git(folder.parent, "clone", "--quiet", "--bare", str(made), str(folder))
    return git(folder, "rev-parse", "HEAD")


def git(folder, *arguments):
    done = subprocess.run(["git", *arguments], cwd=folder, env=GIT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def hosted(course, origin):
    """Make a course a repository that was pushed to `origin`, a bare repository."""
    git(course.parent, "init", "--quiet", "--bare", "--initial-branch=main", str(origin))
    git(course, "init", "--quiet", "--initial-branch=main")
    git(course, "remote", "add", "origin", str(origin))
    git(course, "add", "--force", ".")
    git(course, "commit", "--quiet", "-m", "course")
    git(course, "push", "--quiet", "origin", "main")
    return origin


def of_branch(origin, name="marks"):
    """{path: bytes} of a branch's newest commit; empty if there is no such branch."""
    if not git(origin, "branch", "--list", name):
        return {}
    paths = git(origin, "-c", "core.quotePath=false", "ls-tree", "-r", "--name-only", name).splitlines()
    show = ["git", "-C", str(origin), "show"]
    return {p: subprocess.run([*show, f"{name}:{p}"], env=GIT, capture_output=True, check=True).stdout for p in paths}


def commits_of(origin, name="marks"):
    """The number of commits on a branch."""
    return int(git(origin, "rev-list", "--count", name)) if git(origin, "branch", "--list", name) else 0


class Runner:
    """Runs the workflow of a course. secrets: by name.  inputs: of a manual run.  tools: a folder before PATH.

    host: the address of a stand-in of GitHub, which GitHub gives to each step.
    payload: of a call from outside.  environment: of every script.  After a run, `summaries` has each job's page.
    Scripts have one core: to start a second sandbox takes longer than to grade a small class in the first.
    """

    machine = staticmethod(on_one_core)
    doctor_said = b""  # what it says of this machine is the same in every job

    def __init__(self, course, root, secrets=None, inputs=None, tools=None, payload=None, environment=None, host=""):
        self.course, self.root, self.environment = course, root, environment or {}
        self.jobs = yaml.safe_load((course / ".github/workflows/grade.yml").read_text())["jobs"]
        self.values = {f"secrets.{k}": v for k, v in (secrets or {}).items()}
        self.values |= {f"inputs.{k}": v for k, v in (inputs or {}).items()}
        self.values |= {f"github.event.client_payload.{k}": v for k, v in (payload or {}).items()}
        self.path = os.pathsep.join(
            filter(None, [str(tools or ""), str(Path(sys.executable).parent), os.environ["PATH"]])
        )
        self.host = {"GITHUB_API_URL": host} if host else {}
        self.logs, self.summaries = {}, {}

    def run(self, name, only=""):
        """The job's exit code: of its first step that fails, else 0. only: what a script must begin with to be run.

        None if the job's own condition does not hold. A job that is run again begins in an empty folder.
        """
        here = self.root / name
        if not only:
            shutil.rmtree(here, ignore_errors=True)
        here.mkdir(parents=True, exist_ok=True)
        self.logs[name] = ""
        failed = 0
        if not self._wanted(self.jobs[name], failed):
            return None
        for step in self.jobs[name]["steps"]:
            if (only and not step.get("run", "").startswith(only)) or not self._wanted(step, failed):
                continue
            code = self._uses(step, here) if "uses" in step else self._script(name, step, here)
            failed = failed or code
        for key, value in self.jobs[name].get("outputs", {}).items():
            self.values[f"needs.{name}.outputs.{key}"] = self._filled(value)
        summary = here / "summary"
        self.summaries[name] = summary.read_text() if summary.exists() else ""
        return failed

    def _wanted(self, step, failed):
        """Whether the step's `if` holds. Without one, a step runs if none before it failed."""
        condition = step.get("if", "").removeprefix("${{").removesuffix("}}").replace("!cancelled()", "True")
        if not condition:
            return not failed
        condition = re.sub(r"(?:steps|needs)\.[\w.]+", lambda name: repr(self.values.get(name[0], "")), condition)
        return eval(condition.replace("&&", " and ").replace("||", " or ").strip())

    def _uses(self, step, here):
        action = step["uses"].partition("@")[0]
        told = step.get("with", {})
        if action == "actions/checkout":
            shutil.copytree(self.course, here, dirs_exist_ok=True)
        elif action == "actions/upload-artifact":
            if (self.root / "artifacts" / told["name"]).exists():
                if not told.get("overwrite"):
                    self.logs[action] = "an artifact of this name exists already"
                    return 1
                shutil.rmtree(self.root / "artifacts" / told["name"])
            for path in told["path"].split():
                if (here / path).exists():
                    copy = shutil.copytree if (here / path).is_dir() else shutil.copy
                    target = self.root / "artifacts" / told["name"] / (path if "\n" in told["path"] else "")
                    target.parent.mkdir(parents=True, exist_ok=True)
                    copy(here / path, target)
        elif action == "actions/download-artifact":
            shutil.copytree(
                self.root / "artifacts" / told["name"], here / told.get("path", ""), symlinks=True, dirs_exist_ok=True
            )
        else:
            assert action == "actions/setup-python"
        return 0

    def _script(self, name, step, here):
        if not re.search(r"^(?:autograder|install)\b", step["run"], re.MULTILINE):
            assert re.search(r"\bpip install\b|\bapt-get\b", step["run"])  # what the runner's image is given
            return 0
        if step["run"] == "autograder doctor" and Runner.doctor_said:
            self.logs[name] += Runner.doctor_said.decode()
            return 0
        done = self._done(step, here)
        if step["run"] == "autograder doctor" and done.returncode == 0:
            Runner.doctor_said = done.stdout
        if "id" in step and (here / "output").exists():
            for key, _, value in (line.partition("=") for line in (here / "output").read_text().splitlines()):
                self.values[f"steps.{step['id']}.outputs.{key}"] = value
        self.logs[name] += (done.stdout + done.stderr).decode()
        return done.returncode

    def _done(self, step, here):
        """The process of a script, at its end."""
        words, environment = self._call(step, here)
        with self.machine():
            return subprocess.run(words, cwd=here, env=environment, capture_output=True, timeout=300, check=False)

    def _call(self, step, here):
        """(words, environment) of a script."""
        env = {key: self._filled(str(value)) for key, value in step.get("env", {}).items()}
        script = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        return script, {
            **FONTS, **self.environment, "PATH": self.path, "HOME": str(here), "NO_COLOR": "1",
            "GITHUB_OUTPUT": str(here / "output"), "GITHUB_STEP_SUMMARY": str(here / "summary"), **self.host, **env,
        }  # fmt: skip

    def _filled(self, text):
        def value(expression):
            return next(filter(None, (self.values.get(name, "") for name in expression[1].split(" || "))), "")

        return re.sub(r"\$\{\{ ([\w.]+(?: \|\| [\w.]+)*) \}\}", value, text)
