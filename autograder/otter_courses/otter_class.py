"""A class of an otter course: finds the submissions, and grades them, one thread and one sandbox a job.

A thread only waits for student code, which computes in processes of its own. Whatever goes wrong with one submission
gives this submission the status `error`, and the others are graded.
"""

from __future__ import annotations

import contextlib
import itertools
import queue
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AutograderError, FileError, MalformedError
from autograder.otter_courses.otter_archive import OtterArchive
from autograder.otter_courses.otter_engine import LIMITS, OtterCourse, grade_otter_submission, load_course
from autograder.otter_courses.otter_packages import PackageRules, require_packages, teachers_texts
from autograder.otter_courses.otter_result import OtterResult
from autograder.otter_courses.otter_work import ENDINGS, OtterSubmission, read_otter_work
from autograder.sandbox.connection import Limits
from autograder.sandbox.launcher import Kernel, Tier, Zygote
from autograder.sandbox.machine_limits import require_enough
from autograder.sandbox.tiers import open_sandbox
from autograder.text import storable
from autograder.unforeseen import ending


@dataclass(frozen=True, slots=True)
class OtterPlan:
    """How to grade. rules: for packages."""

    archive: OtterArchive
    rules: PackageRules
    tier: Tier | None = None
    jobs: int = 1
    limits: Limits = LIMITS


def submissions_at(paths: Iterable[Path]) -> list[OtterSubmission]:
    """The submissions: notebooks, zips and scripts, or all in a folder of them. Each gets a name of its own.

    A folder inside a folder is one submission that was unpacked. Raises FileError for a path that is none.
    """
    paths = list(paths)
    places = [place for path in paths for place in _places(path)]
    if not places:
        raise FileError(str(paths[0]), "submissions", "none")
    names: dict[str, Path] = {}
    for place in places:
        name = storable(place.name if place.is_dir() else place.stem)
        free = (f"{name}-{i}" if i > 1 else name for i in itertools.count(1))
        names[next(each for each in free if each not in names)] = place
    return [OtterSubmission(name, place) for name, place in names.items()]


def left_out(paths: Iterable[Path]) -> list[Path]:
    """The files in these folders that are no submissions, such as an `.html`; not the modules beside notebooks."""
    files = (p for path in paths if path.is_dir() for p in _visible(path) if p.is_symlink() or p.is_file())
    return [p for p in files if p.is_symlink() or p.suffix.lower() not in ENDINGS]


def _visible(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if not p.name.startswith((".", "__")))


def _places(path: Path) -> list[Path]:
    if path.is_dir():
        inside = [p for p in _visible(path) if not p.is_symlink()]
        files = [p for p in inside if p.is_file() and p.suffix.lower() in ENDINGS]
        works = [p for p in files if p.suffix.lower() != ".py"] or files  # a module beside notebooks is no submission
        return works + [p for p in inside if p.is_dir()]
    if path.suffix.lower() not in ENDINGS or not path.exists():
        got = "no file" if not path.exists() else f"a file that ends in {path.suffix or 'nothing'}"
        raise FileError(str(path), "a notebook, a zip, a .py file or a folder of them", got)
    return [path]


def graded_class(plan: OtterPlan, submissions: Sequence[OtterSubmission]) -> Iterator[OtterResult]:
    """The results, as they come. Raises SandboxError if no sandbox can be made, CourseError for unusable tests.

    Every submission is looked through first, for the packages that it imports.
    """
    require_packages(plan.rules, plan.archive)
    kernel = _kernel(plan, submissions)
    jobs = max(1, min(plan.jobs, len(submissions)))
    require_enough(jobs)
    todo: queue.SimpleQueue[OtterSubmission] = queue.SimpleQueue()
    for submission in submissions:
        todo.put(submission)
    done: queue.SimpleQueue[OtterResult | AutograderError] = queue.SimpleQueue()
    threads = [threading.Thread(target=_work, args=(plan, kernel, todo, done), daemon=True) for _ in range(jobs)]
    for thread in threads:
        thread.start()
    try:
        for _ in submissions:
            result = done.get()
            if isinstance(result, AutograderError):
                raise result
            yield result
    finally:
        with contextlib.suppress(queue.Empty):  # a caller that stops early does not wait for the rest
            while True:
                todo.get_nowait()
        for thread in threads:
            thread.join()


def _kernel(plan: OtterPlan, submissions: Sequence[OtterSubmission]) -> Kernel:
    """The packages that anybody imports, and the modules to import once: the teacher's, and those of half the class."""
    rules, counts = plan.rules, Counter[str]()
    packages = set(rules.used_by(teachers_texts(plan.archive)))
    for submission in submissions:
        code = _code_of(plan, submission)
        packages |= set(rules.used_by(code))
        counts.update(rules.modules_in(code))
    often = {module for module, count in counts.items() if 2 * count >= len(submissions)}
    return Kernel(tuple(sorted(packages)), tuple(sorted(often | rules.modules_in(teachers_texts(plan.archive)))))


def _code_of(plan: OtterPlan, submission: OtterSubmission) -> tuple[str, ...]:
    """The code of a submission; none if it cannot be read."""
    try:
        work = read_otter_work(submission, plan.archive.files)
    except MalformedError:
        return ()
    modules = (data.decode("utf-8", "replace") for name, data in work.files.items() if name.endswith(".py"))
    return (*work.cells, *modules)


def _work(
    plan: OtterPlan,
    kernel: Kernel,
    todo: queue.SimpleQueue[OtterSubmission],
    done: queue.SimpleQueue[OtterResult | AutograderError],
) -> None:
    """Grade until nothing is left, in a sandbox of this thread."""
    try:
        with contextlib.closing(_Sandbox(plan, kernel)) as sandbox, contextlib.suppress(queue.Empty):
            while True:
                done.put(sandbox.grade(todo.get_nowait()))
    except AutograderError as error:
        done.put(error)
    except Exception as error:  # noqa: BLE001 — a thread that ends without a word would leave the run waiting
        done.put(AutograderError(ending(error)[0]))


class _Sandbox:
    """A sandbox with the course's tests loaded. It is opened again if it was lost."""

    def __init__(self, plan: OtterPlan, kernel: Kernel) -> None:
        self._plan, self._kernel = plan, kernel
        self._zygote, self._course = self._opened()

    def grade(self, submission: OtterSubmission) -> OtterResult:
        """The result of one submission. Raises SandboxError if no new sandbox can be opened after one was lost."""
        if missing := self._plan.rules.missing_in(_code_of(self._plan, submission)):
            reason = f"expected {missing[0]} to be installed here, got none. Hint: pip install {missing[0]}"
            return OtterResult(name=submission.name, status="error", reason=reason)
        try:
            return grade_otter_submission(submission, self._course, self._zygote)
        except AutograderError as error:
            self._zygote.close()
            self._zygote, self._course = self._opened()
            reason = str(error)
        except Exception as error:  # noqa: BLE001 — a fault of ours costs one submission, not the class
            reason = ending(error)[0]
        return OtterResult(name=submission.name, status="error", reason=reason)

    def close(self) -> None:
        """End the sandbox."""
        self._zygote.close()

    def _opened(self) -> tuple[Zygote, OtterCourse]:
        zygote = open_sandbox({}, self._plan.tier, self._kernel)
        try:
            return zygote, load_course(self._plan.archive, zygote, self._plan.limits)
        except BaseException:
            zygote.close()
            raise
