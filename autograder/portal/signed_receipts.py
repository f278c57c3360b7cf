"""Receipts: a signed text that says what came in, whose it is, and when. It can be checked without the portal.

A receipt is given only when the notebook and its row are on disk. So a receipt is a promise: the notebook is graded.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from autograder.errors import AutograderError
from autograder.files import FileKind
from autograder.publishing.signing import RECEIPT, is_signed, sign

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FILE = FileKind("a receipt", 10 << 10, "the portal gives one for each notebook that was handed in")


@dataclass(frozen=True, slots=True)
class SignedReceipt:
    """What a receipt says. course: its title.  id: of the submission.  size: bytes of the notebook.  received: UTC."""

    course: str
    assignment: str
    student: str
    id: str
    sha256: str
    size: int
    received: str

    @property
    def when(self) -> datetime:
        """The time of receipt."""
        return datetime.fromisoformat(self.received)

    def signed(self, key: Ed25519PrivateKey) -> str:
        """The text of the receipt's file."""
        signature = sign(_bytes(asdict(self)), key, RECEIPT).decode().strip()
        return json.dumps({**asdict(self), "signature": signature}, indent=1, ensure_ascii=False) + "\n"

    def is_of(self, notebook: bytes) -> bool:
        """Whether these are the bytes that were handed in."""
        return len(notebook) == self.size and hashlib.sha256(notebook).hexdigest() == self.sha256


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    course: Annotated[str, Field(max_length=1000)]
    assignment: Annotated[str, Field(max_length=200)]
    student: Annotated[str, Field(max_length=200)]
    id: Annotated[str, Field(pattern="^[0-9a-f]{16}$")]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    size: Annotated[int, Field(ge=0, le=1 << 40)]
    received: Annotated[str, Field(max_length=40)]
    signature: Annotated[str, Field(max_length=200)]


def checked(text: bytes, key: Ed25519PublicKey) -> SignedReceipt:
    """The receipt in a file's bytes. Raises AutograderError if it is none, or not the one that this key signed."""
    try:
        fields = _File.model_validate_json(text).model_dump()
        signature = base64.b64decode(fields["signature"], validate=True)
        datetime.fromisoformat(fields["received"])
    except (ValidationError, ValueError):
        raise AutograderError("receipt: expected the file that the portal gave, got something else.") from None
    del fields["signature"]
    if not is_signed(_bytes(fields), base64.b64encode(signature), key, RECEIPT):
        raise AutograderError(
            "receipt: expected a text that this portal signed, got one that it did not sign, or that was changed since."
        )
    return SignedReceipt(**fields)


def _bytes(fields: dict[str, Any]) -> bytes:
    """The bytes that are signed: the same fields always give the same ones."""
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
