"""`autograder verify --receipt`: whose a receipt is, and if a notebook is the one that was handed in."""

import hashlib
import json

import pytest
from typer.testing import CliRunner

from autograder.cli.main import app
from autograder.portal.signed_receipts import SignedReceipt
from autograder.publishing import signing

DATA = b'{"cells": []}'
RECEIPT = SignedReceipt(
    course="Backprop", assignment="a1_x", student="ada", id="0123456789abcdef",
    sha256=hashlib.sha256(DATA).hexdigest(), size=len(DATA), received="2026-10-12T21:59:07+00:00",
)  # fmt: skip


@pytest.fixture
def files(tmp_path):
    """A key, its receipt, and the notebook."""
    signing.generate(tmp_path / "key.pem")
    text = RECEIPT.signed(signing.private_key(tmp_path / "key.pem"))
    (tmp_path / "r.json").write_text(text)
    (tmp_path / "n.ipynb").write_bytes(DATA)
    return tmp_path


def verified(files, *more, key="key.pem.pub"):
    return CliRunner().invoke(app, ["verify", "--receipt", str(files / "r.json"), "--key", str(files / key), *more])


def test_one_line_says_whose_what_and_when(files):
    done = verified(files, "--notebook", str(files / "n.ipynb"))
    expected = "receipt 0123456789abcdef: ada, a1_x, 2026-10-12 21:59:07 UTC, 13 bytes, Backprop: signed; "
    assert (done.exit_code, done.stdout) == (0, expected + "n.ipynb is what was handed in\n")


def test_another_notebook_is_exit_1(files):
    (files / "n.ipynb").write_bytes(DATA + b" ")
    done = verified(files, "--notebook", str(files / "n.ipynb"))
    assert done.exit_code == 1
    assert "n.ipynb is NOT what was handed in" in done.stdout


@pytest.mark.parametrize("change", [{"student": "bob"}, {"received": "2026-10-12T21:00:00+00:00"}, {"more": 1}])
def test_a_receipt_that_was_changed_is_exit_1(files, change):
    fields = json.loads((files / "r.json").read_text())
    (files / "r.json").write_text(json.dumps(fields | change))
    done = verified(files)
    assert done.exit_code == 1
    assert done.stdout.startswith("receipt: expected ")


def test_a_receipt_of_another_portal_is_exit_1(files):
    signing.generate(files / "other.pem")
    assert verified(files, key="other.pem.pub").exit_code == 1


def test_without_a_key_nothing_is_said_of_a_receipt(files):
    done = CliRunner().invoke(app, ["verify", "--receipt", str(files / "r.json")])
    assert str(done.exception).startswith("--receipt: expected --key")
