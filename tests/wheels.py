"""The wheel of this checkout, and environments that have its dependencies without downloading them."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def build_wheel(out):
    """Build the wheel into this folder. Returns its path."""
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT],
        check=True,
        capture_output=True,
    )
    return next(out.glob("*.whl"))


def lend_dependencies(site, lent):
    """Let an environment import what this one has, but for this checkout. site: its site-packages.  lent: a new folder."""
    lent.mkdir()
    for entry in Path(next(p for p in sys.path if p.endswith("site-packages"))).iterdir():
        if "backprop" not in entry.name:  # all but the editable installation of this checkout
            (lent / entry.name).symlink_to(entry)
    (site / "lent.pth").write_text(f"{lent}\n")
