"""What several tests of the portal do: hand in, and name moments."""

from datetime import UTC, datetime, timedelta

from autograder.portal.handing_in import Delivery, hand_in, uploading

NOON = datetime(2026, 10, 12, 12, 0, 0, tzinfo=UTC)
SUITE = "5" * 64


def at(seconds):
    """That many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def send(database, places, data, *, student="ada", assignment="a1", received=NOON, key=None, suite=SUITE):
    """Hand in these bytes, in pieces of four."""
    arrival = Delivery(assignment, student, received, key or f"key-{student}-{received.isoformat()}")
    with uploading(places, arrival) as upload:
        for i in range(0, len(data), 4):
            upload.add(data[i : i + 4])
        return hand_in(database, places, arrival, upload, suite)
