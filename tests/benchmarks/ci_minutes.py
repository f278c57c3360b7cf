"""How long a night takes in CI, and how much it keeps: the workflow's own steps, each job in a clean folder and venv.

    make ci-minutes                    30 students, one assignment
    make ci-minutes STUDENTS=300       a large class

Not in it: what the host does around the steps (start of a machine, checkout, setup-python, apt-get, artifacts), and the
students' server: repositories are local here.
"""

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from ci.classroom import GIT, Runner, git, hosted, repository

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import notebook_text, solved_cells, starter_cells
from autograder.ci import setup
from autograder.course import Course, open_course
from autograder.publishing.signing import generate
from autograder.release.repository import write_starter

ROOT = Path(__file__).resolve().parents[2]
JOBS = ("collect", "grade", "publish", "record")
KINDS = 10  # different repositories; the others are copies of these


class TimedRunner(Runner):
    """Runs the steps that install, too, and notes the seconds of each step, on all cores."""

    machine = contextlib.nullcontext

    def run(self, name, only=""):
        self.seconds = getattr(self, "seconds", [])
        folder = self.root / "venvs" / name
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        self.path = os.pathsep.join([str(folder / "bin"), os.environ["PATH"]])
        return super().run(name, only)

    def _script(self, name, step, here):
        if "apt-get" in step["run"]:
            return 0
        began = time.monotonic()
        if "pip install" in step["run"]:
            cache = {"PIP_CACHE_DIR": str(self.root / "pip"), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
            environment = {**os.environ, **cache, "PATH": self.path}
            code = subprocess.run(["bash", "-e", "-c", step["run"]], cwd=here, env=environment, check=False).returncode
        else:
            code = super()._script(name, step, here)
        self.seconds.append((name, step.get("name", step["run"][:40]), time.monotonic() - began))
        return code


def class_of(course: Course, names: list[str], root: Path, students: int) -> str:
    """students.csv of a class on local bare repositories: right notebooks, starters, and ones with one slip."""
    kinds = root / "kinds"
    for number in range(min(KINDS, students)):
        files = {}
        for name in names:
            assignment = load_assignment(course.solutions / name)
            cells = starter_cells(assignment) if number == 0 else solved_cells(assignment)
            text = notebook_text([(k, n, s.replace("+", "-", 1) if number % 3 == 2 else s) for k, n, s in cells])
            files[f"{name}/{name}.ipynb"] = text.encode()
        files["README.md"] = str(number).encode()
        repository(kinds / f"{number}.git", files)
    rows = ["id,name,remote"]
    for number in range(students):
        place = root / "students" / f"s{number:04}.git"
        shutil.copytree(kinds / f"{number % KINDS}.git", place)
        rows.append(f"s{number:04},Student {number},{place}")
    return "\n".join([*rows, ""])


def zipped(folder: Path) -> int:
    """The bytes of a folder as an artifact keeps it."""
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in folder.rglob("*"):
                if path.is_file():
                    archive.write(path, path.relative_to(folder))
        return file.tell()


def night(root: Path, students: int, assignments: int) -> None:
    """One night of a class, job by job, and what it leaves."""
    subprocess.run([sys.executable, "-m", "autograder", "init", str(root / "course")], check=True, capture_output=True)
    course = open_course(root / "course")
    names = list(course.names())[:assignments]
    for name in list(course.names())[assignments:]:
        shutil.rmtree(course.solutions / name)
    setup.write(course, "github")
    (course.root / "students.csv").write_text(class_of(course, names, root, students))
    origin = hosted(course.root, root / "origin.git")
    generate(root / "signing.pem")
    key = (root / "signing.pem").read_text()
    runner = TimedRunner(course.root, root / "jobs", {"AUTOGRADER_SIGNING_KEY": key}, environment=GIT)
    for job in JOBS:
        code = runner.run(job)
        if code and job != "publish":  # publish tells students on a server, and none is here
            print(runner.logs[job][-2000:])
            raise SystemExit(f"{job}: expected exit code 0, got {code}.")
    print(f"{students} students, {len(names)} assignments; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    for job, step, seconds in runner.seconds:
        print(f"  {job:8} {seconds:7.1f} s  {step}")
    for job in JOBS:
        print(f"  {job:8} {sum(s for j, _, s in runner.seconds if j == job):7.1f} s  in all")
    print(f"  {'night':8} {sum(s for _, _, s in runner.seconds):7.1f} s")
    for artifact in sorted((runner.root / "artifacts").iterdir()):
        print(f"  artifact {artifact.name}: {zipped(artifact) / 1e6:.2f} MB")
    git(origin, "gc", "--quiet", "--prune=now")
    pack = sum(p.stat().st_size for p in (origin / "objects/pack").glob("*.pack"))
    print(
        f"  branch marks, with the course: {pack / 1e6:.2f} MB in {git(origin, 'rev-list', '--count', 'marks')} commits"
    )


def push_to_result(root: Path) -> None:
    """A student's push: the workflow of the starter, for one right notebook."""
    subprocess.run([sys.executable, "-m", "autograder", "init", str(root / "own")], check=True, capture_output=True)
    course = open_course(root / "own")
    name = course.names()[0]
    subprocess.run([sys.executable, "-m", "autograder", "release", "--course", course.root], check=True, capture_output=True)  # fmt: skip
    write_starter(course, [name], root / "starter")
    notebook = root / "starter" / name / f"{name}.ipynb"
    notebook.write_text(notebook.read_text().replace("YOUR CODE HERE", "MY CODE"))  # begun: so it is run
    for again in ("first", "later, with pip's cache"):
        began = time.monotonic()
        subprocess.run([sys.executable, "-m", "venv", root / "v", "--clear"], check=True)
        pip = [root / "v/bin/python", "-m", "pip", "install", "--quiet", "--no-compile", "--disable-pip-version-check"]
        environment = {**os.environ, "PIP_CACHE_DIR": str(root / "student-pip")}
        subprocess.run([*pip, "-r", "requirements-checks.txt"], cwd=root / "starter", env=environment, check=True)
        installed = time.monotonic()
        subprocess.run([root / "v/bin/python", "public_checks.py"], cwd=root / "starter", check=False, stdout=subprocess.DEVNULL)  # fmt: skip
        ended = time.monotonic()
        print(f"push to result ({again}): install {installed - began:.1f} s, checks {ended - installed:.1f} s")


def main() -> None:
    """Print both measurements."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--assignments", type=int, default=1, choices=(1, 2, 3))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        push_to_result(Path(folder))
        night(Path(folder), options.students, options.assignments)


if __name__ == "__main__":
    main()
