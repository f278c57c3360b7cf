"""The packages that an imported course needs."""

import pytest

from autograder.errors import CourseError
from autograder.importing.packages import packages_of
from autograder.importing.parts import SourcePart


def given(source):
    return (SourcePart("given", source),)


def test_a_package_is_found_by_the_whole_name_of_a_module():
    """Of mpl_toolkits only a part belongs to matplotlib, which every course has."""
    source = "from mpl_toolkits.mplot3d import Axes3D\nimport sklearn.svm, os\nfrom scipy import stats\nimport helpers"
    assert packages_of(given(source), ["helpers.py"]) == ("scikit-learn", "scipy")


def test_a_missing_package_is_one_line_with_the_name_to_install():
    line = r"^import: expected the package of `cv2` to be installed, got none. Hint: pip install opencv-python-headless"
    with pytest.raises(CourseError, match=line):
        packages_of(given("import cv2"), [])
