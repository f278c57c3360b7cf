"""Checks on a device: the arrays of the student and of the reference are on the device; the check compares on the CPU.

The student's code is unchanged and in its sandbox. For every floating array it gets a remote array (see
autograder/meter/): this process executes its operations with the device's array library, in float32. The reference
computes on the device, too. The check is the usual function, and sees NumPy arrays from both.

If a check passes on the device, it passes. If not, the CPU judges it as well, in float64, and says what is wrong. If
the CPU finds no mistake, there are two cases, and both are flagged: the code used something that remote arrays do not
offer, and the CPU's verdict counts; or the answer is wrong in float32, and the device's verdict counts.
"""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from autograder.assignment.assignment import Assignment
from autograder.assignment.source import solution_names
from autograder.authoring.checks import Check
from autograder.authoring.inprocess import PlainStudent
from autograder.authoring.precision import single_precision
from autograder.authoring.student import Student
from autograder.errors import DeviceError
from autograder.judging.device_view import DeviceReference, DeviceStudent
from autograder.judging.facts import Facts
from autograder.judging.judge import judge
from autograder.meter import Meter, computing_with
from autograder.records.flags import Flag, FlagKind
from autograder.records.result import CheckResult
from autograder.text import one_line
from reference_impl.backend import BackendError, namespace_for

CPU: Final = "cpu"
LIBRARIES: Final = {"cuda": "cupy", "strict": "autograder.meter.strict"}
_PATIENCE = 5  # times as long as on the CPU: each operation is a message, 0.1 ms, and time is not graded


@dataclass(frozen=True, slots=True)
class Device:
    """A device. name: of LIBRARIES.  library: its array library, with NumPy's names."""

    name: str
    library: Any
    solutions: dict[str, dict[str, Any]] = field(default_factory=dict)  # by assignment, where they are the reference

    def require_alive(self) -> None:
        """Raise DeviceError if the device does not compute any more: then no verdict of it counts."""
        try:
            two = float(self.library.ones(2, dtype="f4").sum())
        except Exception as error:
            raise DeviceError(one_line(f"device {self.name!r}: expected it to go on, got {error}.")) from error
        if two != 2:
            raise DeviceError(f"device {self.name!r}: expected 1 + 1 to be 2, got {two:g}.")

    def reference(self, assignment: Assignment, meter: Meter) -> Any:
        """The `reference` of a check: it computes on the device, and gives NumPy arrays.

        meter: for the author's solution, if it is the reference. No student code has a handle of it.
        """
        if assignment.settings.reference:
            return DeviceReference(assignment.reference, self.library)
        if assignment.name not in self.solutions:
            self.solutions[assignment.name] = solution_names(assignment.cells, assignment.handouts)
        return DeviceStudent(PlainStudent(self.solutions[assignment.name]), meter)


def open_device(name: str) -> Device | None:
    """The device, after one small computation on it; None for the CPU. Raises DeviceError in one line."""
    if name == CPU:
        return None
    if name not in LIBRARIES:
        raise DeviceError(f"device: expected one of {', '.join((CPU, *LIBRARIES))}, got {name!r}.")
    if name == "cuda":
        try:
            namespace_for("cuda")
        except BackendError as error:
            raise DeviceError(one_line(str(error)), got=one_line(error.got)) from None
    device = Device(name, importlib.import_module(LIBRARIES[name]))
    device.require_alive()
    return device


def patient(assignment: Assignment) -> Assignment:
    """The assignment with longer time limits, for a device."""
    limits = assignment.settings.limits
    longer = {
        "call_seconds": _PATIENCE * limits.call_seconds,
        "submission_seconds": _PATIENCE * limits.submission_seconds,
        "cpu_seconds": _PATIENCE * limits.cpu_seconds if limits.cpu_seconds else None,
    }
    settings = assignment.settings.model_copy(update={"limits": limits.model_copy(update=longer)})
    return replace(assignment, settings=settings)


class DeviceJudge:
    """Puts checks on a device for one submission, and collects its flags."""

    def __init__(self, device: Device, assignment: Assignment, seed: str) -> None:
        self.device, self._assignment, self._seed = device, assignment, seed
        self._instead: list[str] = []  # checks judged on the CPU, and why
        self._single: list[str] = []  # checks that pass on the CPU alone
        self._slow: set[str] = set()  # questions whose code did not end on the device

    @property
    def flags(self) -> tuple[Flag, ...]:
        """Which checks the CPU judged, and which only the CPU passes."""
        kinds: dict[FlagKind, list[str]] = {"judged_on_cpu": self._instead, "device_differs": self._single}
        return tuple(Flag(kind=kind, data=(self.device.name, *checks)) for kind, checks in kinds.items() if checks)

    def kept(self, results: Mapping[str, CheckResult]) -> dict[str, CheckResult]:
        """Verdicts that only the device gave. No cause is searched for them, because the CPU finds no mistake."""
        return {identity: results[identity] for identity in self._single}

    def takes(self, check: Check) -> bool:
        """Whether a check runs on the device."""
        return check.device and check.visibility == "hidden"

    def judge(
        self,
        check: Check,
        student: Student,
        on_cpu: Callable[[CheckResult | None], CheckResult],
        facts: Facts | None = None,
    ) -> CheckResult:
        """The verdict that counts. on_cpu: judges on the CPU; it is called if the device gives no pass."""
        if check.question in self._slow:
            self._instead.append(f"{check.id} (timeout)")
            return on_cpu(None)
        on_device, refused = self.judge_on_device(check, student, facts)
        if on_device.outcome == "pass":
            return on_device
        if on_device.outcome in {"timeout", "crash"}:  # each operation costs a crossing, and time is not graded
            self._slow.add(check.question)
        verdict = on_cpu(on_device)
        if verdict.outcome != "pass":
            return verdict
        if on_device.outcome in {"fail", "blocked"} and not refused:
            self._single.append(check.id)
            return on_device.model_copy(
                update={"message": one_line(f"{on_device.message} (In float32, on {self.device.name}.)")}
            )
        # Not the operation's name: student code chooses it, and NumPy has six hundred.
        why = "refused" if refused else on_device.diagnosis
        self._instead.append(f"{check.id} ({why})")
        return verdict

    def judge_on_device(
        self, check: Check, student: Student, facts: Facts | None = None
    ) -> tuple[CheckResult, dict[str, str]]:
        """The device's verdict, and the operations that remote arrays do not offer: {name: reason}."""
        library = self.device.library
        # Two tables: with one, a number that the student's process makes up could be the handle of the answer.
        with (
            contextlib.closing(Meter(namespace=library, makes=True)) as students,
            contextlib.closing(Meter(namespace=library, makes=True)) as authors,
            single_precision(),
            computing_with(library),
        ):
            reference = self.device.reference(self._assignment, authors)
            result = judge(check, DeviceStudent(student, students), reference, self._seed, facts)
        return result, students.refused
