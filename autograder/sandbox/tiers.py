"""Opens the best sandbox of this machine. Each sandbox must first pass its self-test."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from autograder.distributions import modules_of
from autograder.equipment import USUAL, Equipment
from autograder.errors import KilledError, SandboxError
from autograder.sandbox.launcher import Kernel, Tier, Zygote, best_tier
from autograder.sandbox.machine_limits import require_enough
from autograder.sandbox.prestart import Prestart
from autograder.sandbox.selftest import confirm

Handouts = Mapping[str, Mapping[str, str]]
MAX_STARTS = 3  # attempts, if a zygote is killed while it starts


def open_sandbox(
    handouts: Handouts,
    tier: Tier | None = None,
    kernel: Kernel | None = None,
    prestart: Prestart | None = None,
    equipment: Equipment = USUAL,
) -> Zygote:
    """A zygote that is ready and has passed the self-test.

    handouts: texts of modules, by assignment and name.  equipment: of these assignments.
    tier: None for A, or B if A fails. A tier that is given is never lowered.  prestart: a zygote that has started.
    Raises SandboxError with the reasons, or KilledError if the zygote was killed MAX_STARTS times.
    """
    require_enough()
    if kernel is not None:
        equipment = replace(equipment, modules=(*modules_of(kernel.packages), *kernel.modules, *equipment.modules))
    start = partial(_open, handouts, kernel, prestart, equipment)
    if tier is not None:
        return start(tier)
    reasons = []
    candidates: tuple[Tier, ...] = ("A", "B") if best_tier() == "A" else ("B",)
    for candidate in candidates:
        try:
            return start(candidate)
        except KilledError:
            raise
        except SandboxError as error:
            reasons.append(str(error))
    raise SandboxError(" ".join(reasons) + " Hint: autograder doctor; grading without a sandbox needs --unsafe.")


def _open(
    handouts: Handouts, kernel: Kernel | None, prestart: Prestart | None, equipment: Equipment, tier: Tier
) -> Zygote:
    for _ in range(MAX_STARTS - 1):
        with contextlib.suppress(KilledError):
            return _open_once(handouts, kernel, prestart, equipment, tier)
    return _open_once(handouts, kernel, prestart, equipment, tier)


def _open_once(
    handouts: Handouts, kernel: Kernel | None, prestart: Prestart | None, equipment: Equipment, tier: Tier
) -> Zygote:
    zygote = (prestart and prestart.take(tier, equipment)) or Zygote(tier, kernel, equipment)
    try:
        zygote.wait_until_ready({name: dict(files) for name, files in handouts.items()}, equipment.modules)
        if tier != "unsafe":
            confirm(zygote)
    except KilledError:
        zygote.close()
        raise
    except SandboxError:
        killed = zygote.was_killed()
        zygote.close()
        if killed:
            raise KilledError(f"tier {tier}: expected it to start, but it was killed. Hint: free memory.") from None
        raise
    except BaseException:
        zygote.close()
        raise
    return zygote
