"""nbgrader's settings are read from the course's nbgrader_config.py; nbgrader's own process is prepared by it, too."""

import os
import shutil
import sys
from pathlib import Path

from traitlets.config import Config

from autograder.interop.config import configure, load_settings

ROOT = Path(__file__).resolve().parents[2]


def test_reading_the_settings_leaves_the_path_of_this_process_as_it_is(course, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin")
    shutil.copy(course.root / "course.toml", tmp_path)
    config = (ROOT / "nbgrader_config.py").read_text()
    (tmp_path / "nbgrader_config.py").write_text(f"{config}\nimport os\nc.NbGrader.seen = os.environ['PATH']\n")
    seen = load_settings(tmp_path).NbGrader.seen
    assert str(Path(sys.executable).parent) in seen.split(os.pathsep)
    assert os.environ["PATH"] == "/usr/bin"


def test_nbgraders_process_finds_the_tools_beside_its_python(course, monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin")
    configure(Config(), course.root)
    assert os.environ["PATH"] == f"{Path(sys.executable).parent}{os.pathsep}/usr/bin"
