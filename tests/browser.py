"""A real Chromium for tests, the machine's own; and a Jupyter server for it to open."""

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--disable-gpu --disable-background-networking --disable-component-update --no-first-run --disable-dev-shm-usage"
)
SECONDS = 60_000  # ms; a bound for slow machines, nothing waits that long
TOKEN = "t0ken"

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="there is no Chromium here: apt-get install chromium, to test pages in a browser"
)
IN_CHROMIUM = [needs_chromium, pytest.mark.real_tools]  # for all tests of a file: `make interop` runs them


@contextmanager
def browser(width=1100, height=1400):
    """A page that reaches files and this machine, nothing else."""
    from playwright.sync_api import sync_playwright

    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS.split(), *root])
        try:
            page = chromium.new_page(viewport={"width": width, "height": height})
            page.set_default_timeout(SECONDS)
            page.route(lambda url: "127.0.0.1" not in url and not url.startswith("file:"), refuse)
            yield page
        finally:
            chromium.close()


def refuse(route):
    """No page of ours asks another host for what a student wrote; MathJax from afar is not needed here."""
    assert "203.0.113.1" not in route.request.url
    route.abort()


def picture(page, name):
    """Kept where $SCREENSHOTS says, for a person to look at."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def account(home):
    """The environment of an account without settings, on whose PATH no virtual environment is."""
    return {"HOME": str(home), "PATH": "/usr/bin:/bin", "JUPYTER_RUNTIME_DIR": str(home), "JUPYTER_TOKEN": TOKEN}


@contextmanager
def jupyter(folder, home, *command):
    """The address of a Jupyter server in `folder`, while it runs. command: a module and its arguments."""
    home.mkdir(exist_ok=True)
    options = [
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port=0",
        "--ServerApp.open_browser=False",
        "--ServerApp.allow_root=True",
    ]
    with (home / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", *command, *options], cwd=folder, env=account(home), stdout=log, stderr=log
        )
    try:
        yield _address(server, home)
    finally:
        server.terminate()
        server.wait(30)


def _address(server, home):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and server.poll() is None:
        for file in home.glob("jpserver-*.json"):
            try:
                return json.loads(file.read_text())["url"]
            except ValueError:
                pass  # half written
        time.sleep(0.1)
    raise AssertionError((home / "log").read_text())
