"""How a sandbox starts: ahead of time, with the fonts that are known, and with nothing mounted that is not granted."""

import contextlib
import dataclasses
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import matplotlib.font_manager
import pytest
from bundled import some
from conftest import available_tiers
from patience import opened

from autograder.errors import SandboxError
from autograder.installed_files import contents
from autograder.sandbox import bubblewrap, launcher, readable_files, tiers
from autograder.sandbox.prestart import Prestart

FONTS = f"fontlist-v{matplotlib.font_manager.FontManager.__version__}.json"
tier_a = pytest.mark.skipif("A" not in available_tiers(), reason="bubblewrap is not installed: tier A cannot be tested")


@pytest.fixture
def started(monkeypatch):
    """The zygotes that were started from here on."""
    zygotes, real = [], launcher.Zygote.__init__
    monkeypatch.setattr(launcher.Zygote, "__init__", lambda self, *of: zygotes.append(self) or real(self, *of))
    return zygotes


@pytest.mark.parametrize("tier", available_tiers())
def test_a_sandbox_that_was_begun_is_the_one_that_is_opened(started, tier, skeleton):
    with (
        Prestart(tier) as prestart,
        tiers.open_sandbox({skeleton.name: skeleton.handouts}, tier, prestart=prestart) as zygote,
    ):
        assert started == [zygote]
        with opened(zygote, skeleton.name) as session:
            session.run_cell(f"import {', '.join(skeleton.handouts)}" if skeleton.handouts else "1")
        assert prestart.take(tier) is None  # the next one that is opened has to be started


@pytest.mark.usefixtures("without_matplotlib")
def test_one_of_another_tier_is_not_opened_instead(started):
    with Prestart("unsafe") as prestart, tiers.open_sandbox({}, "B", prestart=prestart) as zygote:
        assert started[1:] == [zygote]


def test_where_no_sandbox_can_be_had_it_is_said_when_one_is_opened_and_not_before(monkeypatch):
    monkeypatch.setattr(launcher.landlock, "landlock_abi", lambda: 0)
    with Prestart(None) as prestart:
        assert prestart.take("B") is None


@pytest.mark.parametrize("tier", available_tiers())
def test_one_that_nobody_opens_ends_with_its_block_and_is_not_waited_for(started, tier):
    with contextlib.suppress(KeyError), Prestart(tier):
        raise KeyError
    assert started[0]._process.returncode == -9  # it was still busy with imports


@pytest.mark.usefixtures("without_matplotlib")
def test_it_moves_to_the_cores_that_its_opener_is_on_by_then():
    everywhere = os.sched_getaffinity(0)
    with Prestart("B") as prestart:
        try:
            os.sched_setaffinity(0, {min(everywhere)})
            with tiers.open_sandbox({}, "B", prestart=prestart) as zygote:
                assert os.sched_getaffinity(zygote._process.pid) == {min(everywhere)}
        finally:
            os.sched_setaffinity(0, everywhere)


def fonts_inside(tier):
    """Names of the fonts that a submission finds, after it has drawn."""
    code = (
        "import matplotlib.pyplot as plt; plt.figure().canvas.draw()\n"
        "names = [f.name for f in plt.matplotlib.font_manager.fontManager.ttflist]"
    )
    with tiers.open_sandbox({}, tier) as zygote, opened(zygote, "") as session:
        session.run_cell(code)
        return set(session.get("names"))


@pytest.fixture
def list_of_fonts(tmp_path, monkeypatch):
    """The file that matplotlib keeps for the grader's user. It is not there."""
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path / "matplotlib"))
    (tmp_path / "matplotlib").mkdir()
    return tmp_path / "matplotlib" / FONTS


@pytest.mark.parametrize("tier", available_tiers())
def test_fonts_are_those_of_the_list_that_the_graders_user_has(list_of_fonts, tier):
    matplotlib.font_manager.json_dump(matplotlib.font_manager.fontManager, list_of_fonts)
    known = json.loads(list_of_fonts.read_text())
    known["ttflist"].append({**known["ttflist"][0], "name": "Known to the list alone"})
    list_of_fonts.write_text(json.dumps(known))
    assert "Known to the list alone" in fonts_inside(tier)
    assert json.loads(list_of_fonts.read_text()) == known


@pytest.mark.parametrize(
    "text", some(['{"__class__": "FontManager", "_version": "%s", "ttflist": 1}', None, "", "{", "[]"])
)
def test_without_a_list_or_with_one_that_is_none_the_fonts_are_looked_for(list_of_fonts, text):
    if text is not None:
        list_of_fonts.write_text(text.replace("%s", str(matplotlib.font_manager.FontManager.__version__)))
    assert "DejaVu Sans" in fonts_inside("B")


@tier_a
def test_of_a_standard_library_all_is_mounted_but_what_is_not_granted(tmp_path):
    """A Python without an environment of its own has this package, and the reference, inside its standard library."""
    library = tmp_path / "lib"
    for file in ("ast.py", "site-packages/numpy/core.py", "site-packages/reference_impl/mlp.py", "test/t.py"):
        (library / file).parent.mkdir(parents=True, exist_ok=True)
        (library / file).write_text("")
    granted = library / "site-packages" / "numpy"
    covered = (library / "site-packages", library / "test")
    real = readable_files.file_policy()
    own = dataclasses.replace(real, mounts=(*real.mounts, library, granted), covered=(*real.covered, *covered))
    code = (
        "import os, sys; print(sorted(os.path.join(f, n) for f, _, ns in os.walk(sys.argv[1]) for n in ns))\n"
        "for folder in sys.argv[1:]:\n"
        "    try: open(folder + '/new', 'w')\n"
        "    except OSError: continue\n"
        "    print('could write to', folder)"
    )
    places = [library, *covered, granted]
    inside = [str(real.interpreter), "-I", "-S", "-c", code, *map(str, places)]
    words = [*bubblewrap.command(own, launcher._WORKER), *inside]
    said = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    assert said == f"{[str(library / 'ast.py'), str(granted / 'core.py')]}\n"


def test_of_a_distributions_files_those_that_lead_elsewhere_grant_nothing(tmp_path, monkeypatch):
    """An empty first part would grant all of site-packages."""
    (tmp_path / "fake-1.dist-info").mkdir()
    (tmp_path / "fake-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: fake\nVersion: 1\n")
    files = (
        "fake/__init__.py",
        '"fake/b, c.py"',
        "one.py",
        "../../bin/fake",
        "/etc/fake",
        "./fake/d.py",
        "fake.pth",
        "gone.py",
    )
    (tmp_path / "fake-1.dist-info" / "RECORD").write_text("".join(f"{f},,\n" for f in (*files, "__pycache__/one.pyc")))
    for place in ("fake", "__pycache__", "etc"):
        (tmp_path / place).mkdir()
    for place in ("one.py", "other.py", "fake.pth"):
        (tmp_path / place).write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    granted = contents("fake").paths
    assert set(granted) == {tmp_path / "fake", tmp_path / "one.py"}


def test_a_grader_imports_nothing_that_takes_long_and_is_not_needed():
    """numpy.f2py comes along with dir(numpy), a Jupyter server with jupytext, and matplotlib with a careless line."""
    code = (
        "import sys; import autograder.grading.grade_class; from autograder.assignment.assignment import load_assignment\n"
        "from autograder.course import bundled_course; course = bundled_course()\n"
        "from reference_impl import mlp; import numpy as np; mlp.cross_entropy(np.eye(2), np.arange(2))\n"
        "load_assignment(course.solutions / 'a2_mlp_backprop')\n"
        "print(sorted({'numpy.f2py', 'tornado', 'jupyter_client', 'arrow', 'matplotlib', 'IPython'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


LOWER = {
    "files": "-n 256",
    "processor time": "-t 20",
    "memory": "-v 1500000",
    "file size": "-f 1000",
    "stack": "-s 1024",
}


@pytest.mark.parametrize("limit", LOWER)
@pytest.mark.parametrize("tier", some(available_tiers()))
def test_a_sandbox_starts_under_a_lower_limit_of_the_machine(tier, limit):
    if (tier, limit, os.getuid()) == ("B", "files", 0):
        pytest.skip("an interpreter below /root needs 300 descriptors that were opened before root was left")
    code = f"from autograder.sandbox.tiers import open_sandbox; print(open_sandbox({{}}, {tier!r}).tier)"
    run = subprocess.run(
        ["bash", "-c", f"ulimit {LOWER[limit]} && exec {sys.executable} -c {shlex.quote(code)}"],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (run.stdout.strip(), run.stderr) == (tier, "")


@pytest.mark.usefixtures("without_matplotlib")
@pytest.mark.parametrize("tier", available_tiers())
def test_the_reason_why_no_process_can_begin_reaches_the_message_word_for_word(altered, tier):
    altered(
        "zygote.py", "        lockdown.drop_capabilities()\n", "        raise OSError(95, 'a reason of the kernel')\n"
    )
    with pytest.raises(SandboxError, match=r"OSError: \[Errno 95\] a reason of the kernel"):
        tiers.open_sandbox({}, tier)
