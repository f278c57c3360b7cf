"""Which library an array belongs to."""

import array_api_strict as strict
import numpy as np
import pytest

from reference_impl.backend import namespace_of


def test_arrays_and_numbers_of_numpy_belong_to_numpy():
    assert namespace_of(np.ones(2), np.float32(1)) is np


def test_another_library_is_asked_for_its_own_namespace():
    assert namespace_of(strict.ones(2)) is strict


def test_arrays_of_two_libraries_are_refused_however_often_one_asks():
    for _ in range(2):
        with pytest.raises(TypeError):
            namespace_of(np.ones(2), strict.ones(2))


def test_what_is_no_array_is_refused():
    with pytest.raises(TypeError):
        namespace_of("array")
