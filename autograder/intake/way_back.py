"""How a host calls a student and the student's newest upload, signed: feedback and scores find their way back by it.

`received.json` says it of a notebook, `refused.json` of files that are none.
"""

from __future__ import annotations

import hashlib
import hmac

from pydantic import BaseModel, ConfigDict, Field

from autograder.intake.entries import Kind


class WayBack(BaseModel):
    """What the host says of one upload. student, assignment: the place that it is signed for.

    kind: of the source.  identity, host_name: see Received.  mac: of all other fields; "" before it is signed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    student: str
    assignment: str
    kind: Kind
    identity: dict[str, str] = Field(default_factory=dict, max_length=20)
    host_name: str = ""
    mac: str = Field("", pattern="^(?:[0-9a-f]{64})?$")

    def signed(self, secret: bytes) -> WayBack:
        """The same with its signature."""
        return self.model_copy(update={"mac": self._mac(secret)})

    def counts(self, student: str, assignment: str, secret: bytes) -> bool:
        """Whether `collect` signed it for this place."""
        here = (self.student, self.assignment) == (student, assignment)
        return here and hmac.compare_digest(self.mac, self._mac(secret))

    def _mac(self, secret: bytes) -> str:
        text = self.model_dump_json(exclude={"mac"}, exclude_defaults=True)
        return hmac.new(secret, b"way back\0" + text.encode(), hashlib.sha256).hexdigest()
