"""From measurements to verdicts. Every verdict is a comparison with the same tool's run of an honest notebook."""

from dataclasses import dataclass, field

from attacks.bench.canaries import Expected
from attacks.bench.measure import Usage

MEMORY_MB = 1024  # of all processes of one command together; the assignment's own limit is 512 for a submission
DISK_MB = 64  # more than an honest run writes
FACTS = {
    "score": "score rose without a solution",
    "secret": "hidden text came out",
    "outside": "file or process outside changed",
    "neighbour": "neighbour's result changed",
    "limit": "time, memory or disk beyond the limit",
    "network": "network reached",
}


@dataclass(frozen=True)
class Measurement:
    """What one run over a class of three or four showed.

    scores: by student, None without a result.  shown: what students see of their results.
    outside: changes of files and processes that are not the tool's own.  connections: on the bench's port.
    """

    scores: dict
    shown: str
    usage: Usage
    outside: list = field(default_factory=list)
    connections: int = 0


@dataclass(frozen=True)
class Baseline:
    """The same tool on an honest notebook without a solution.

    expected: changes that the tool makes itself.  seconds: after which a command is killed.
    """

    run: Measurement
    expected: Expected
    seconds: float


def verdict(measurement, baseline, secrets):
    """{fact: a short reason} for everything that went wrong.  secrets: hidden texts that may not come out."""
    honest = baseline.run
    facts = {
        "score": _score(measurement.scores["mallory"] or 0, honest.scores["mallory"] or 0),
        "secret": ", ".join(sorted(_shown(measurement.shown, secrets) - _shown(honest.shown, secrets))),
        "outside": ", ".join(measurement.outside[:5]),
        "neighbour": _neighbours(measurement, honest),
        "limit": _limit(measurement.usage, honest.usage, baseline.seconds),
        "network": f"{measurement.connections} connections" if measurement.connections else "",
    }
    return {fact: reason for fact, reason in facts.items() if reason}


def _score(score, honest):
    return f"{honest:g} → {score:g}" if score > honest + 1e-6 else ""


def _shown(text, secrets):
    """Names of the secrets that a text holds. A number may be written with an exponent or with separators."""
    return {name for name, value in secrets.items() if any(form in text for form in _forms(value))}


def _forms(value):
    if not value.isdigit():
        return {value, value[::-1]}
    return {value, value[::-1], f"{value[0]}.{value[1:].rstrip('0')}", f"{int(value):,}", f"{int(value):_}"}


def _neighbours(measurement, honest):
    """A class that the deadline cut short has no later results: that is the deadline's fact, not this one."""
    changed = []
    for student, score in honest.scores.items():
        result = measurement.scores.get(student)
        if student != "mallory" and result != score and not (result is None and measurement.usage.killed):
            changed.append(f"{student}: {score:g} → {'no result' if result is None else format(result, 'g')}")
    return ", ".join(changed)


def _limit(usage, honest, seconds):
    reasons = []
    if usage.killed:
        reasons.append(f"still ran after {seconds:.0f} s")
    if usage.left:
        reasons.append(f"{usage.left} processes left behind")
    if usage.memory_mb > MEMORY_MB:
        reasons.append(f"{usage.memory_mb:.0f} MB of memory")
    if usage.disk_mb > honest.disk_mb + DISK_MB:
        reasons.append(f"{usage.disk_mb:.0f} MB on disk")
    return ", ".join(reasons)
