"""Ed25519 signatures of result files: `STUDENT.json.sig`, one line of base64 over the exact bytes; and of receipts.

The signed bytes begin with a prefix of this package, one for each kind of text, so a signature of something else never
fits. The bytes of a result name student, assignment and attempt, so its signature cannot be moved to another result.
"""

from __future__ import annotations

import base64
import binascii
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import AutograderError, MalformedError
from autograder.files import FileKind, read_bytes, write_atomically

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ENDING = ".sig"
VARIABLE = "AUTOGRADER_SIGNING_KEY"
RESULT = b"backprop-course result, version 1\0"
RECEIPT = b"backprop-course receipt, version 1\0"
KEY = FileKind("a key as PEM", 4 << 10, "autograder ci keygen makes one")
_SIGNATURE = FileKind("a signature", 200)


def generate(target: Path) -> Path:
    """Write a private key that only its owner can read, and its public key, TARGET.pub.

    Returns the path of the public key.

    Raises AutograderError if one of the files exists, or if git would commit the private key.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

    public = target.with_name(f"{target.name}.pub")
    for path in (target, public):
        if path.exists() or path.is_symlink():
            raise AutograderError(f"{path}: expected nothing, got a file. Hint: a key is never overwritten; move it.")
    if _git_would_take(target):
        raise AutograderError(
            f"{target}: expected a place that git does not look at, got one inside of a repository. "
            "Hint: choose a folder outside of it, or add the file to .gitignore."
        )
    key = Ed25519PrivateKey.generate()
    write_atomically(target, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), mode=0o600)
    write_atomically(public, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return public


def private_key(file: Path | None) -> Ed25519PrivateKey | None:
    """The key in `file`, else in $AUTOGRADER_SIGNING_KEY, else None. Raises AutograderError for what is no key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    given = os.environ.get(VARIABLE, "")
    if file is None and not given.strip():
        return None
    name = f"${VARIABLE}" if file is None else str(file)
    text = given.strip().encode() + b"\n" if file is None else read_bytes(file, KEY)
    try:
        key = load_pem_private_key(text, None)
    except (ValueError, TypeError, _unsupported()):  # their messages could quote the key
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise _no_key(name, "private", "autograder ci keygen makes one")
    return key


def public_key(file: Path) -> Ed25519PublicKey:
    """The public key in `file`. Raises AutograderError for what is none."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(read_bytes(file, KEY))
    except (ValueError, _unsupported()):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise _no_key(str(file), "public", "it is the file that ends in .pub")
    return key


def sign(data: bytes, key: Ed25519PrivateKey, kind: bytes = RESULT) -> bytes:
    """The signature file's bytes. kind: RESULT or RECEIPT."""
    return base64.b64encode(key.sign(kind + data)) + b"\n"


def is_signed(data: bytes, signature: bytes, key: Ed25519PublicKey, kind: bytes = RESULT) -> bool:
    """Whether the signature file's bytes are this key's signature of exactly these bytes."""
    from cryptography.exceptions import InvalidSignature

    try:
        key.verify(base64.b64decode(signature.strip(), validate=True), kind + data)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def read_signature(file: Path) -> bytes | None:
    """A signature file's bytes, or None if there is none. A link or a long file counts as a wrong signature."""
    if not file.exists() and not file.is_symlink():
        return None
    try:
        return read_bytes(file, _SIGNATURE)
    except MalformedError:
        return b""


def _unsupported() -> type[Exception]:
    from cryptography.exceptions import UnsupportedAlgorithm

    return UnsupportedAlgorithm


def _no_key(name: str, kind: str, hint: str) -> AutograderError:
    return AutograderError(f"{name}: expected a {kind} Ed25519 key as PEM, got something else. Hint: {hint}.")


def _git_would_take(target: Path) -> bool:
    """Whether the file is inside a git work tree and not ignored there."""
    folder = next(p for p in target.absolute().parents if p.is_dir())
    repository = ["git", "-C", str(folder)]
    try:
        inside = subprocess.run([*repository, "rev-parse", "--is-inside-work-tree"], capture_output=True, check=False)
        if inside.stdout.strip() != b"true":
            return False
        ignored = [*repository, "check-ignore", "--quiet", "--", str(target.absolute())]
        return subprocess.run(ignored, capture_output=True, check=False).returncode != 0
    except OSError:
        return False
