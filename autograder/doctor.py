"""`autograder doctor`: tries what this machine can enforce around student code, and says it in plain words."""

from __future__ import annotations

import os
import platform
import shutil
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from autograder.distributions import pins, require_installed
from autograder.errors import CourseError, DeviceError, SandboxError
from autograder.judging.device import open_device
from autograder.sandbox import seccomp
from autograder.sandbox.launcher import Tier
from autograder.sandbox.machine_limits import lower_than_ours
from autograder.sandbox.tiers import open_sandbox
from autograder.sandbox.worker.landlock import landlock_abi

_INSTALL = "sudo apt-get install -y bubblewrap"
_ALLOW = "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
_UNCONFINED = (
    "--security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined"
)
# How to get tier A, one command for each kind of machine.
TIER_A = {
    "Debian": _INSTALL,
    "Ubuntu 24.04 and later": f"{_INSTALL} && {_ALLOW}",
    "Docker": (
        f"docker run --user 10001 {_UNCONFINED} IMAGE (with bubblewrap in the image; as root also --cap-add SYS_ADMIN "
        "--cap-add NET_ADMIN; with Podman unmask=ALL in place of systempaths=unconfined)"
    ),
    "a GitHub runner": f"{_INSTALL} && {_ALLOW}",
    "a GitLab runner": (
        'in its config.toml, [runners.docker]: cap_add = ["SYS_ADMIN", "NET_ADMIN"], security_opt = '
        '["seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined"]; '
        "shared runners do not allow it and have tier B"
    ),
}

NO_PACKAGES: Mapping[str, Sequence[str]] = MappingProxyType({})
_CLOSED = (
    "as root, tier B runs student code as another user, who may not enter {}, where Python is: what is not loaded yet "
    "(tomllib, say) cannot be imported, and a right answer may lose points. Grade as an ordinary user, or with tier A."
)


@dataclass(frozen=True, slots=True)
class Capability:
    """One line of the diagnosis. good: None for neither good nor bad.  tier: whether it is about a sandbox tier."""

    what: str
    good: bool | None
    says: str
    tier: bool = False


def examine(packages: Mapping[str, Sequence[str]] = NO_PACKAGES) -> list[Capability]:
    """Look at the machine, start each tier and let it attack itself. Say what the best tier enforces.

    packages: of each assignment of the course, as assignment.toml has them.
    """
    abi = landlock_abi()
    rules = f"version {abi} of the kernel's file rules" if abi else "missing: needs Linux 5.13 with Landlock enabled"
    bwrap = shutil.which("bwrap")
    findings = [
        Capability("Linux", None, f"{platform.release()} on {platform.machine()}, Python {platform.python_version()}"),
        Capability("Landlock", abi >= 1, rules),
        _libseccomp(),
        Capability("bubblewrap", bool(bwrap) or None, bwrap or "not installed: tier A is not possible without it"),
    ]
    findings.append(_cuda())
    findings += [_packages(name, texts) for name, texts in packages.items() if texts]
    findings += [Capability("limits", None, f"{lower}; student code gets the lower one") for lower in lower_than_ours()]
    tiers = [_tier("A"), _tier("B")]
    findings += [tier for tier, _ in tiers]
    best = next(((name, private) for name, (tier, private) in zip("AB", tiers, strict=True) if tier.good), None)
    if best is not None:
        findings += [Capability("enforced", True, what) for what in _enforced(*best)]
        findings += [Capability("not enforced", None, what) for what in _not_enforced(*best)]
    if best and best[0] == "B" and os.geteuid() == 0 and (closed := closed_folder(Path(os.__file__))):
        findings.append(Capability("imports", False, _CLOSED.format(closed)))
    if best is None or best[0] != "A":
        place = where_we_are(os.environ)
        findings.append(Capability("next", None, f"tier A, on {place}: {TIER_A[place]}"))
    return findings


def closed_folder(file: Path) -> Path | None:
    """The first folder on the way to `file` that other users may not enter, or None."""
    return next((p for p in reversed(file.resolve().parents) if not p.stat().st_mode & stat.S_IXOTH), None)


def can_grade(findings: list[Capability]) -> bool:
    """Whether some tier holds."""
    return any(f.good for f in findings if f.tier)


def where_we_are(environment: Mapping[str, str], root: Path = Path("/")) -> str:
    """The key of TIER_A that fits this machine, Debian's where none does better."""
    if environment.get("GITHUB_ACTIONS"):
        return "a GitHub runner"
    if environment.get("GITLAB_CI"):
        return "a GitLab runner"
    if (root / ".dockerenv").exists() or (root / "run/.containerenv").exists():
        return "Docker"
    restricted = root / "proc/sys/kernel/apparmor_restrict_unprivileged_userns"
    return "Ubuntu 24.04 and later" if restricted.exists() else "Debian"


def _cuda() -> Capability:
    """Whether `autograder grade --device cuda` would begin."""
    try:
        open_device("cuda")
    except DeviceError as error:
        return Capability("cuda", None, f"not usable: {error.got}")
    return Capability("cuda", True, "computes: autograder grade --device cuda")


def _packages(assignment: str, texts: Sequence[str]) -> Capability:
    """Whether an assignment's packages are installed."""
    try:
        return Capability(assignment, True, f"packages: {', '.join(pins(require_installed(texts)))}")
    except CourseError as error:
        return Capability(assignment, False, str(error))


def _libseccomp() -> Capability:
    try:
        return Capability(
            "libseccomp", True, f"compiles the allow-list ({len(seccomp.program(mounts=True)) // 8} instructions)"
        )
    except SandboxError as error:
        return Capability("libseccomp", False, str(error))


def _tier(tier: Tier) -> tuple[Capability, bool]:
    """The line about a tier, and whether each submission has namespaces of its own in it."""
    try:
        with open_sandbox({}, tier) as zygote:
            return Capability(f"tier {tier}", True, "held against its attack on itself", tier=True), zygote.namespaces
    except SandboxError as error:
        return Capability(f"tier {tier}", False, str(error), tier=True), False


def _enforced(tier: str, private: bool) -> list[str]:
    files = "only Python and the course's packages are mounted, and" if tier == "A" else "file rules:"
    alone = "it is alone in namespaces of its own, and" if private else "it may signal nobody:"
    return [
        f"Student code reads Python and its packages, and no other file ({files} Landlock).",
        "It writes into an empty folder of 16 MiB that ends with it." if private else "It writes no file at all.",
        f"It changes no mode, time, size or name of another file, and learns none ({_outside(tier, private)}).",
        f"No network ({'no network namespace, and ' if tier == 'A' else ''}sockets are refused).",
        "It starts no program and no process; system calls off an allow-list are refused (seccomp).",
        f"It reaches no other process ({alone} the calls for it are refused).",
        "Memory, processor time, wall clock, threads, open files and output end at the assignment's [limits].",
        "Checks, reference, secrets and other submissions are never in its process.",
    ]


def _outside(tier: str, private: bool) -> str:
    read_only = "all mounts are read-only, and " if private else ""
    return f"{read_only}the calls for it {'do' if tier == 'A' else 'tell and do'} nothing"


def _not_enforced(tier: str, private: bool) -> list[str]:
    missing = ["A bug of the kernel itself would get through: for that, grade on a machine that holds nothing else."]
    if tier == "B":
        missing.insert(0, "That a file is hidden: student code may ask whether a path exists. It cannot open it.")
    if not private:
        missing.insert(0, "A folder to write in: code that needs a temporary file fails there, at no cost in points.")
        missing.insert(
            0, "When a file of Python's was last read: one notebook can leave that time, another can see it."
        )
    return missing
