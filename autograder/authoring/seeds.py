"""The seeds of hidden inputs: one for each submission, from the course's secret; and one generator for each check."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from functools import partial

import numpy as np

# (assignment, sha256 of the notebook) → the seed of its hidden inputs.
Seeds = Callable[[str, str], str]


def seeds_from(secret: bytes) -> Seeds:
    """Seeds from the course's secret."""
    return partial(seed_of, secret)


def recorded(seed: str) -> Seeds:
    """The seed that a result has recorded: grading again draws the same hidden inputs, without the secret."""
    return lambda _assignment, _sha256: seed


def seed_of(secret: bytes, assignment: str, submission_sha256: str) -> str:
    """HMAC(secret, submission): another seed for every notebook, the same when it is graded again, and a secret one."""
    return hmac.new(secret, f"{assignment}\0{submission_sha256}".encode(), hashlib.sha256).hexdigest()


def generator(seed: str, check: str) -> np.random.Generator:
    """A check's own generator: what one check draws never depends on which others ran."""
    return np.random.default_rng(int.from_bytes(hashlib.sha256(f"{seed}\0{check}".encode()).digest(), "big"))
