"""What several tests of the portal do: hand in, and name moments."""

from datetime import UTC, datetime, timedelta

from autograder.portal.handing_in import Delivery, hand_in, uploading

NOON = datetime(2026, 10, 12, 12, 0, 0, tzinfo=UTC)
SUITE = "5" * 64


def at(seconds):
    """That many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def send(database, places, data, *, student="ada", assignment="a1", received=NOON, key=None, suite=SUITE):
    """Hand in these bytes, in several pieces: of four bytes, or of an eighth of a long file."""
    arrival = Delivery(assignment, student, received, key or f"key-{student}-{received.isoformat()}")
    size = max(4, len(data) // 8)
    with uploading(places, arrival) as upload:
        for i in range(0, len(data), size):
            upload.add(data[i : i + size])
        return hand_in(database, places, arrival, upload, suite)
