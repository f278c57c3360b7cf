"""Limits of time that a busy machine keeps, for all tests that are not about limits.

A test of a limit gives a short one, to code that never ends: it is met on every machine.
"""

import re
from dataclasses import replace

from autograder.sandbox.clocks import Deadline
from autograder.sandbox.connection import Limits
from autograder.sandbox.student_process import StudentProcess

PATIENT = {"cell_seconds": 60, "call_seconds": 30, "submission_seconds": 300}
BRIEF = {
    "cell_seconds": 1,
    "call_seconds": 0.5,
    "submission_seconds": 30,
    "wall_factor": 3,
}  # honest cells and calls take milliseconds


def be_patient(folder, limits=PATIENT):
    """Give an assignment's folder these limits, or others of assignment.toml."""
    settings = folder / "assignment.toml"
    text = settings.read_text()
    for name, seconds in limits.items():
        text = re.sub(rf"^{name} = .*$", f"{name} = {seconds}", text, flags=re.MULTILINE)
    settings.write_text(text)


def within(assignment, **limits):
    """The same assignment with other limits, of those that assignment.toml has; none: the patient ones."""
    settings = assignment.settings
    limits = settings.limits.model_copy(update=limits or PATIENT)
    return replace(assignment, settings=settings.model_copy(update={"limits": limits}))


def opened(zygote, assignment="a9_test", *, forgives=True, modules=None, seconds=300.0, **limits):
    """A student's process. limits: those of Limits that the test is about.  seconds: for all of it.

    modules: texts of modules beside the notebook, by name.
    """
    patient = Limits(**{"cell": 60.0, "call": 30.0, "submission": seconds, "cpu": 300, **limits})
    given = zygote, patient, assignment, Deadline(seconds)
    return StudentProcess(*given, forgives=forgives, modules=modules or {})
