"""The two pictures of README.md, of the demo's class (make screenshots).

The same demo gives the same view: a window of one size, light, and no picture moves.
"""

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "pictures"
MOST = 150_000  # bytes of a picture
PAGES = {"class": "assignment-a1_gradient_ascent.html", "feedback": "a2_mlp_backprop/lise.html"}
WINDOW = {"width": 900, "height": 760}
COLOURS = 96


def take(reports, folder=FOLDER):
    """Write a PNG of each page below `reports`, the demo's work/reports."""
    folder.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport=WINDOW, color_scheme="light", reduced_motion="reduce", device_scale_factor=1.5)
        for name, path in PAGES.items():
            page.goto((reports / path).resolve().as_uri())
            (folder / f"{name}.png").write_bytes(_small(page.screenshot()))
        browser.close()


def _small(png):
    """With few colours: a page of text needs no more."""
    out = io.BytesIO()
    image = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    image.save(out, "PNG", optimize=True)
    assert out.tell() < MOST, out.tell()
    return out.getvalue()


if __name__ == "__main__":
    take(Path(sys.argv[1]))
