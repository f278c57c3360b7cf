"""Students whose notebook holds some code: in this process or in a sandbox, with NumPy's arrays or a device's."""

import contextlib

import pytest
from devices import device_or_skip
from patience import opened

from autograder.authoring.inprocess import PlainStudent
from autograder.authoring.precision import single_precision
from autograder.judging.device_view import DeviceStudent
from autograder.meter import Meter, computing_with
from autograder.sandbox.sandboxed_student import SandboxedStudent


def in_tier_a(place):
    """A place that `make audit` tries: a value is read and written in the same way in both tiers."""
    return pytest.param(place, marks=pytest.mark.exhaustive)


PLACES = ["plain", "B", in_tier_a("A")]
PLACES_AND_DEVICE = [*PLACES, "device over plain"]
PLACES_AND_DEVICES = [*PLACES_AND_DEVICE, "device over B", in_tier_a("device over A")]


@contextlib.contextmanager
def student_in(place, zygote_of):
    """student(code). place: plain, or the tier of a sandbox; after "device over", on a device."""
    device, _, below = place.rpartition(" over ")
    with _below(below, zygote_of) as student:
        if not device:
            yield student
            return
        library = device_or_skip("strict").library
        meter = Meter(namespace=library, makes=True)
        with contextlib.closing(meter), single_precision(), computing_with(library):
            yield lambda code: DeviceStudent(student(code), meter)


@contextlib.contextmanager
def _below(place, zygote_of):
    if place == "plain":
        yield _plain
        return
    with opened(zygote_of(place)) as process:

        def sandboxed(code):
            process.run_cell(code)
            return SandboxedStudent(process)

        yield sandboxed


def _plain(code):
    names = {}
    exec(code, names)
    return PlainStudent(names)
