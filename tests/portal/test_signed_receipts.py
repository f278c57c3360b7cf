"""A receipt can be checked without the portal, and nothing in it can be changed."""

import json

import pytest

from autograder.errors import AutograderError
from autograder.portal.signed_receipts import SignedReceipt, checked
from autograder.publishing import signing


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    private = tmp_path_factory.mktemp("keys") / "receipts.pem"
    public = signing.generate(private)
    return signing.private_key(private), signing.public_key(public)


SHA256_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, appendix B.1
RECEIPT = SignedReceipt("Ünï", "a1", "ada", "0123456789abcdef", SHA256_OF_ABC, 3, "2026-10-12T12:00:00+00:00")


def test_a_receipt_that_was_signed_says_the_same_when_it_is_read(keys):
    assert checked(RECEIPT.signed(keys[0]).encode(), keys[1]) == RECEIPT


def test_the_bytes_that_were_handed_in_are_told_from_others():
    assert RECEIPT.is_of(b"abc")
    assert not RECEIPT.is_of(b"abd")
    assert not RECEIPT.is_of(b"abcd")


@pytest.mark.parametrize(
    ("field", "value"),
    [("student", "bob"), ("received", "2026-10-12T11:00:00+00:00"), ("size", 4), ("sha256", "0" * 64)],
)
def test_a_receipt_that_was_changed_is_none(keys, field, value):
    made = json.loads(RECEIPT.signed(keys[0]))
    made[field] = value
    with pytest.raises(AutograderError, match="changed since"):
        checked(json.dumps(made).encode(), keys[1])


def test_a_signature_of_a_result_is_none_of_a_receipt(keys):
    made = json.loads(RECEIPT.signed(keys[0]))
    fields = {k: v for k, v in made.items() if k != "signature"}
    data = json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()
    made["signature"] = signing.sign(data, keys[0]).decode().strip()
    with pytest.raises(AutograderError, match="did not sign"):
        checked(json.dumps(made).encode(), keys[1])


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b"\xff", b"null", b'{"course": 3}', b"[" * 10_000])
def test_what_is_no_receipt_is_one_line(keys, text):
    with pytest.raises(AutograderError, match="expected the file that the portal gave"):
        checked(text, keys[1])
