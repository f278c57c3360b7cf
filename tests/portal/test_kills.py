"""A few kills of each process while students hand in; `make portal-kills` does 300."""

import pytest
from portal.portal_kills import kill_again_and_again


@pytest.mark.exhaustive
def test_no_receipt_is_lost_whoever_is_killed(tmp_path):
    """`make test` kills each process once, in test_supervisor.py."""
    hit, receipts = kill_again_and_again(tmp_path, 8, "7")
    assert hit.total() == 8
    assert receipts >= 8  # a notebook was handed in before each
