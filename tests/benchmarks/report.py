"""What the benchmark says on the terminal, and which targets are met."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.engine import KINDS
from benchmarks.spread import digits, shown


@dataclass(frozen=True)
class Target:
    """One target. value: what was measured, of the assignment that is worst.  met: None where it was not measured."""

    what: str
    wanted: str
    value: str
    met: bool | None


def targets(found: dict) -> list[Target]:
    """Each target beside its number, the worst of the assignments."""
    tools = [a["tools"] for a in found["assignments"].values() if "tools" in a]
    engines = list(found["assignments"].values())
    commands = found.get("commands", {})
    cold = [t["cold_over_ours"]["median"] for own in tools for t in own.values()]
    marginal = [own["nbgrader"]["marginal_over_ours"]["median"] for own in tools]
    like = [a["core_over_floor"]["median"] for a in engines]
    whole = [a["ours_over_floor"]["median"] for a in engines]
    thousand = commands.get("classes", {}).get("1000", {})
    return [
        _target("a submission against a cold nbgrader or otter command", "≥ 100 ×", min(cold, default=None), lambda v: v >= 100, "{} ×"),
        _target("a submission against one more in a batch of nbgrader", "≥ 20 ×", min(marginal, default=None), lambda v: v >= 20, "{} ×"),
        _target("the same work in the sandbox against the floor", "≤ 2.5 ×", max(like), lambda v: v <= 2.5, "{} ×"),
        _target("… with causes, pictures and the result file", "≤ 2.5 ×", max(whole), lambda v: v <= 2.5, "{} ×"),
        _target("1,000 submissions of A2 on 2 cores", "< 45 s", thousand.get("seconds"), lambda v: v < 45, "{} s"),
        _target(f"memory of all processes, {_span(commands)} submissions", "± 10 %", _growth(commands, "family_mb"), lambda v: abs(v) <= 10, "{} %"),
        _target(f"memory of the command's own process, {_span(commands)}", "± 10 %", _growth(commands, "parent_mb"), lambda v: abs(v) <= 10, "{} %"),
        _target("start to first result", "< 1.5 s", _median(commands, "first_result_s"), lambda v: v < 1.5, "{} s"),
        _target("autograder --help", "< 0.3 s", _median(commands, "help_s"), lambda v: v < 0.3, "{} s"),
    ]  # fmt: skip


def _target(what: str, wanted: str, value: float | None, holds: Callable[[float], bool], form: str) -> Target:
    if value is None:
        return Target(what, wanted, "not measured", None)
    sign = "−" if value < 0 else ""
    return Target(what, wanted, sign + form.format(digits(abs(value))), holds(value))


def _median(commands: dict, name: str) -> float | None:
    return commands[name]["median"] if name in commands else None


def _sizes(commands: dict) -> list[str]:
    return sorted(commands.get("classes", {}), key=int)


def _span(commands: dict) -> str:
    sizes = _sizes(commands) or ["100", "1000"]
    return f"{int(sizes[0]):,} to {int(sizes[-1]):,}"


def _growth(commands: dict, name: str) -> float | None:
    """Per cent from the smallest class to the largest."""
    sizes = _sizes(commands)
    if len(sizes) < 2:
        return None
    small, large = (commands["classes"][n][name] for n in (sizes[0], sizes[-1]))
    return 100 * (large / small - 1)


def verdict(target: Target) -> str:
    return {None: "not measured", True: "met", False: "missed"}[target.met]


def say_engine(name: str, found: dict) -> None:
    """Ours, the floor, and where the time goes."""
    print(
        f"{name}: {found['notebooks']} notebooks × {found['rounds']} rounds, tier {found['tier']}; median (quartiles)"
    )
    for kind in KINDS:
        print(f"  {kind:6} {shown(found['wall_ms'][kind])} ms, processor {shown(found['processor_ms'][kind])} ms")
    for kind in KINDS[1:]:
        print(
            f"  {kind} is {shown(found[f'{kind}_over_floor'])} × the floor, "
            f"in processor time {shown(found[f'{kind}_over_floor_processor'])} ×"
        )
    if found["floor_gives_other_passes"]:
        print(f"  the floor passes other checks of {', '.join(found['floor_gives_other_passes'])}: not the same work")
    for phase, ms, share in phase_rows(found):
        print(f"    {phase:36}{ms:8.2f} ms {share:5.1f} %")
    where = found["where"]
    print(f"    {where['exchanges']:.0f} exchanges and {where['processes']:.2f} processes a submission", flush=True)


def phase_rows(found: dict) -> Iterator[tuple[str, float, float]]:
    """(phase, milliseconds a submission, per cent)."""
    phases = found["where"]["phases_ms"]
    total = sum(phases.values())
    yield from ((phase, ms, 100 * ms / total) for phase, ms in phases.items())


def say_tools(name: str, found: dict) -> None:
    """nbgrader and otter beside ours."""
    print(f"{name}: the same notebooks")
    for tool, own in found.items():
        print(f"  ours beside {tool}: {shown(own['ours_ms'])} ms")
        for kind in ("cold", "marginal"):
            times, over = own[f"{kind}_ms"], own[f"{kind}_over_ours"]
            print(f"  {tool} {kind}: {shown(times)} ms, {shown(over)} × ours, n = {times['n']}")
        print(f"  {tool} cold, the solution with its figures: {digits(own['cold_with_figures_ms'])} ms", flush=True)


def say_commands(found: dict) -> None:
    """Whole commands."""
    print(f"autograder --help: {shown(found['help_s'])} s; start to first result: {shown(found['first_result_s'])} s")
    for count in _sizes(found):
        own = found["classes"][count]
        print(
            f"{int(count):,} submissions: {own['seconds']:.1f} s; peak memory of all processes {own['family_mb']:.0f} MB, "
            f"of the command's own {own['parent_mb']:.0f} MB",
            flush=True,
        )


def say_targets(found: dict) -> None:
    """Each target, met or missed."""
    print("targets, the worst assignment:")
    for target in targets(found):
        print(f"  {verdict(target):12} {target.what}: {target.value} ({target.wanted})")
