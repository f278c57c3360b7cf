import pytest
from intake.counter import Counter


@pytest.fixture
def counter(tmp_path):
    return Counter(tmp_path)
