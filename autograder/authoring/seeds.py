"""Where hidden inputs come from: HMAC(secret, submission), one generator a check."""

from __future__ import annotations

import hashlib
import hmac

import numpy as np


def seed_of(secret: bytes, assignment: str, submission_sha256: str) -> str:
    """HMAC(secret, submission): fresh for every submission, the same for a regrade, and not to be guessed."""
    return hmac.new(secret, f"{assignment}\0{submission_sha256}".encode(), hashlib.sha256).hexdigest()


def generator(seed: str, check: str) -> np.random.Generator:
    """A check's own generator: what one check draws never depends on which others ran."""
    return np.random.default_rng(int.from_bytes(hashlib.sha256(f"{seed}\0{check}".encode()).digest(), "big"))
