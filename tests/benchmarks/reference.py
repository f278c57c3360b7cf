"""`make bench-reference`: the reference's cost and gradient, side by side with PyTorch, JAX and HIPS autograd.

Each contender runs in a process of its own, pinned to the same cores, and computes on the same numbers. Before
anything is timed, their float64 costs and gradients are compared. Then they take turns: one sample of each a round,
after a call that is not counted; a sample is as many steps as fill 5 ms. A ratio is the median of the rounds' ratios,
so that what slows the machine down slows both sides. On one core a step's time is the process's CPU time, which
another program on that core cannot lengthen; on all cores it is wall time.

The peers are the extra `bench`, which no lock file has: PyTorch from PyPI brings CUDA along, 6 GB with it, and its
CPU library cannot be loaded without. Away from the project's own environment:
  uv venv /tmp/bench
  uv pip install --python /tmp/bench torch jax autograd threadpoolctl numpy array-api-compat matplotlib
  make bench-reference BENCH_PYTHON=/tmp/bench/bin/python
PyTorch's own index has a small build for the CPU alone; where that can be reached, install torch from there first.

Unset OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE: what was chosen for an old OpenBLAS slows a new one.
Writes work/bench-reference.json, .md and .png. `--device cuda`: a training step of the reference on CuPy, PyTorch and JAX.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib.metadata
import importlib.util
import itertools
import json
import os
import platform
import statistics
import sys
from pathlib import Path

import numpy as np
from contenders import CONTENDERS, NEEDS, ON_A_GPU, draw
from race import Race

SIZES = [(32, 2, 16, 3), (64, 64, 32, 10), (256, 784, 256, 10), (1024, 784, 1024, 10)]
DTYPES = ["float32", "float64"]
WIDTH = 22  # of a column


def ratio(times: dict[str, list[float]], above: str, below: str) -> tuple[float, float, float]:
    """Lower quartile, median and upper quartile of the rounds' ratios."""
    low, middle, high = statistics.quantiles([a / b for a, b in zip(times[above], times[below], strict=True)])
    return low, middle, high


def measure(names: list[str], cores: list[int], device: str, seconds: float) -> list[dict]:
    """All sizes and dtypes: a row for each."""
    rows = []
    with Race(names, cores, device) as race:
        for size, dtype in itertools.product(SIZES, DTYPES):
            race.prepare(draw(*size, dtype))
            times = race.run(seconds)
            rows.append({
                "size": size, "dtype": dtype, "cores": len(cores), "rounds": len(times["reference"]),
                "us": {name: [1e6 * q for q in statistics.quantiles(t)] for name, t in times.items()},
                "over_reference": {name: ratio(times, name, "reference") for name in names},
            })  # fmt: skip
            if {"HIPS autograd", "autodiff"} <= {*names}:
                rows[-1]["hips_over_autodiff"] = ratio(times, "HIPS autograd", "autodiff")
            print(line(rows[-1]), flush=True)
    return rows


def line(row: dict) -> str:
    """A row of the table: the reference's microseconds, and how many times as long the others take."""
    low, middle, high = row["us"]["reference"]
    cells = [f"{row['size']!s:>21} {row['dtype']}", f"{middle:.0f} [{low:.0f}, {high:.0f}]"]
    ratios = [row["over_reference"][name] for name in row["over_reference"] if name != "reference"]
    ratios += [row["hips_over_autodiff"]] if "hips_over_autodiff" in row else []
    cells += [f"{middle:.2f} [{low:.2f}, {high:.2f}]" for low, middle, high in ratios]
    return " ".join(f"{cell:{WIDTH}}" for cell in cells)


def targets(rows: list[dict]) -> list[str]:
    """What the reference is held to, and the worst row of each."""
    small, large = ([r for r in rows if r["size"] in part] for part in (SIZES[:2], SIZES[2:]))
    peers = [name for name in NEEDS if name in rows[0]["over_reference"]]

    def over(name: str):
        return lambda row: row["over_reference"][name][1]

    claims = [("large: reference / five products at most", 1.15, large, lambda r: 1 / over("five products")(r))]
    if peers:
        best = "large: reference / fastest peer at most"
        claims.append((best, 1.05, large, lambda r: 1 / min(over(name)(r) for name in peers)))
    if "PyTorch" in peers:
        claims.append(("small: PyTorch / reference at least", 2.0, small, over("PyTorch")))
    if "HIPS autograd" in peers:
        claims.append(("small: HIPS autograd / autodiff at least", 3.0, small, lambda r: r["hips_over_autodiff"][1]))
    said = []
    for claim, bar, part, value in claims:
        at_most = claim.endswith("most")
        worst = (max if at_most else min)(part, key=value)
        met = value(worst) <= bar if at_most else value(worst) >= bar
        where = f"{worst['size']} {worst['dtype']}, {worst['cores']} core(s)"
        said.append(f"{claim} {bar:g}: {'met' if met else 'MISSED'}, worst {value(worst):.2f} at {where}")
    return said


def markdown(rows: list[dict]) -> str:
    """The table of docs/performance.md."""
    names = [name for name in rows[0]["over_reference"] if name != "reference"]
    head = ["(N, D, H, K)", "dtype", "cores", "reference, µs", *names]
    lines = [head, ["---"] * len(head)]
    for row in rows:
        low, middle, high = row["us"]["reference"]
        ratios = [f"{row['over_reference'][name][1]:.2f}" for name in names]
        lines.append(
            [str(row["size"]), row["dtype"], str(row["cores"]), f"{middle:.0f} [{low:.0f}, {high:.0f}]", *ratios]
        )
    table = "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
    return f"{table}\nAll multiply float32 in full precision: JAX and PyTorch are told not to use TF32 on a GPU.\n"


def blas() -> str:
    """NumPy's BLAS, and the kernel it picked for this processor."""
    try:
        from threadpoolctl import threadpool_info

        return "; ".join(
            f"{p['internal_api']} {p['version']}, kernel {p.get('architecture', '?')}"
            for p in threadpool_info()
            if p["user_api"] == "blas"
        )
    except ImportError:
        found = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
        return f"{found['name']} {found['version']}, kernel unknown (needs threadpoolctl)"


def machine(names: list[str]) -> dict:
    """What the numbers depend on."""
    models = [s for s in Path("/proc/cpuinfo").read_text().splitlines() if s.startswith("model name")]
    versions = {p: importlib.metadata.version(p) for p in ["numpy", *(NEEDS[n] for n in names if n in NEEDS)]}
    return {
        "date": dt.datetime.now(dt.UTC).date().isoformat(), "python": platform.python_version(),
        "processor": models[0].partition(": ")[2] if models else platform.processor(),
        "cores": len(os.sched_getaffinity(0)), "blas": blas(), "versions": versions,
        "openblas_settings": {k: v for k, v in os.environ.items() if k in {"OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"}},
    }  # fmt: skip


def plot(rows: list[dict], path: Path) -> None:
    """Each contender's time over the reference's: a panel a number of cores, a group of bars a size and dtype."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    counts = sorted({row["cores"] for row in rows})
    figure, panels = plt.subplots(len(counts), 1, figsize=(11, 4 * len(counts)), squeeze=False, layout="constrained")
    for panel, count in zip(panels[:, 0], counts, strict=True):
        group = [row for row in rows if row["cores"] == count]
        names = [name for name in group[0]["over_reference"] if name != "reference"]
        for i, name in enumerate(names):
            low, middle, high = np.array([row["over_reference"][name] for row in group]).T
            at = np.arange(len(group)) + (i - (len(names) - 1) / 2) * 0.8 / len(names)
            panel.bar(at, middle, 0.8 / len(names), yerr=[middle - low, high - middle], label=name)
        panel.axhline(1, color="black", linewidth=1)
        panel.set(yscale="log", ylabel="time / the reference's time", title=f"{count} core{'s' * (count > 1)}")
        panel.set_xticks(np.arange(len(group)), [f"{row['size']}\n{row['dtype']}" for row in group], fontsize=8)
        panel.legend(fontsize=8, ncols=len(names))
    figure.savefig(path, dpi=120)
    plt.close(figure)


def available(device: str) -> list[str]:
    """The contenders that are installed; says which are not. Exits with 2 if a GPU was asked for and cannot be had."""
    names = [n for n in CONTENDERS if device == "cpu" or n in ON_A_GPU]
    if device == "cuda":
        from reference_impl.backend import BackendError, namespace_for

        try:
            namespace_for("cuda")
        except BackendError as error:
            print(error, file=sys.stderr)
            sys.exit(2)
    missing = [n for n in names if n in NEEDS and importlib.util.find_spec(NEEDS[n]) is None]
    if missing:
        print(
            f"missing: {', '.join(missing)}. Hint: pip install 'backprop-course[bench]' in an environment of its own."
        )
    return [n for n in names if n not in missing]


def main() -> None:
    """Measure on one core and on all, print the ratios, write JSON and a plot."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    parser.add_argument("--seconds", type=float, default=7, help="for each size, dtype and number of cores")
    parser.add_argument("--out", type=Path, default=Path("work"))
    options = parser.parse_args()
    names, cores = available(options.device), sorted(os.sched_getaffinity(0))
    about = machine(names)
    print(about)
    rows = []
    for used in [cores[-1:], cores] if options.device == "cpu" and len(cores) > 1 else [cores]:
        kind = "CPU time" if len(used) == 1 and options.device == "cpu" else "wall time"
        print(f"\n{len(used)} core(s), {kind}, median [quartiles]. Times over the reference's: above 1 is slower.")
        titles = [*(n for n in names if n != "reference"), *["HIPS / autodiff"] * ("HIPS autograd" in names)]
        print(f"{'(N, D, H, K)':>21} dtype  ", *(f"{title:{WIDTH}}" for title in ["reference, µs", *titles]))
        rows += measure(names, used, options.device, options.seconds)
    options.out.mkdir(parents=True, exist_ok=True)
    target = options.out / f"bench-reference{'-cuda' * (options.device == 'cuda')}.json"
    target.write_text(json.dumps({**about, "device": options.device, "rows": rows}, indent=1) + "\n")
    target.with_suffix(".md").write_text(markdown(rows))
    plot(rows, target.with_suffix(".png"))
    if options.device == "cpu":
        print("", *targets(rows), sep="\n")
    print(f"\nwritten: {target}, and .md and .png beside it")


if __name__ == "__main__":
    main()
