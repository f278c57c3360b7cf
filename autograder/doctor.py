"""`autograder doctor`: what this machine can enforce around student code, found out by trying."""

from __future__ import annotations

import platform
import shutil
from dataclasses import dataclass

from autograder.errors import SandboxError
from autograder.sandbox import seccomp
from autograder.sandbox.launcher import Tier
from autograder.sandbox.tiers import open_sandbox
from autograder.sandbox.worker.lockdown import landlock_abi

_TIER_A = (
    "To get tier A: apt-get install bubblewrap. On Ubuntu 24.04 also: "
    "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0. "
    "In Docker: run with --security-opt seccomp=unconfined --security-opt apparmor=unconfined."
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the diagnosis. good None: neither good nor bad."""

    what: str
    good: bool | None
    says: str


def examine() -> list[Finding]:
    """Look, then start each tier and let it attack itself."""
    abi = landlock_abi()
    findings = [
        Finding("Linux", None, f"{platform.release()} on {platform.machine()}, Python {platform.python_version()}"),
        Finding(
            "Landlock",
            abi >= 1,
            f"version {abi} of the kernel's file rules" if abi else "missing: needs Linux 5.13 with Landlock enabled",
        ),
        _libseccomp(),
        Finding(
            "bubblewrap",
            bool(shutil.which("bwrap")) or None,
            shutil.which("bwrap") or "not installed: tier A is not possible without it",
        ),
    ]
    tiers = [
        _tier("A", "own namespaces, empty /tmp, no network, file rules, allowed system calls, limits"),
        _tier(
            "B",
            "file rules, allowed system calls (no sockets, no processes), limits; nothing can be written to disk",
        ),
    ]
    findings += tiers
    if not tiers[0].good:
        findings.append(Finding("next", None, _TIER_A))
    return findings


def can_grade(findings: list[Finding]) -> bool:
    """Whether some tier holds."""
    return any(f.good for f in findings if f.what.startswith("tier"))


def _libseccomp() -> Finding:
    try:
        return Finding("libseccomp", True, f"compiles the allow-list ({len(seccomp.program()) // 8} instructions)")
    except SandboxError as error:
        return Finding("libseccomp", False, str(error))


def _tier(tier: Tier, means: str) -> Finding:
    try:
        open_sandbox({}, tier).close()
    except SandboxError as error:
        return Finding(f"tier {tier}", False, str(error))
    return Finding(f"tier {tier}", True, f"holds against its attack on itself: {means}")
