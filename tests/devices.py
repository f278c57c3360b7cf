"""The devices that tests run on: the stand-in everywhere, and a GPU where there is one."""

import functools

import pytest

from autograder.errors import DeviceError
from autograder.judging.device import open_device


@functools.cache
def opened(name):
    """The device, or the reason why this machine has none."""
    try:
        return open_device(name)
    except DeviceError as error:
        return error


def device_or_skip(name):
    """The device. Skips the test, with the reason, where it cannot be used."""
    found = opened(name)
    if isinstance(found, DeviceError):
        pytest.skip(f"needs a GPU: {found}")
    return found
