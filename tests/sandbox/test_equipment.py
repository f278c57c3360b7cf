"""What an assignment gives to its submissions: packages that are imported once, and files beside the notebook."""

import contextlib
import os
import time
from pathlib import Path

import pytest
from conftest import available_tiers
from patience import opened

from autograder.equipment import Equipment
from autograder.errors import RaisedError, SandboxError
from autograder.sandbox import handout_folder
from autograder.sandbox.handout_folder import HandoutFolder
from autograder.sandbox.tiers import open_sandbox
from autograder.sandbox.worker import lockdown

FILES = {
    "table.csv": "a,b\n1,2\n",
    "data/deep/x.txt": "deep",
    "kit/__init__.py": "",
    "kit/part.py": "def seven():\n    return 7\n",
    "helpers.py": "from pathlib import Path\nBESIDE = Path(__file__).with_name('table.csv').read_text()\n",
}


@pytest.fixture(scope="module")
def equipment(tmp_path_factory):
    folder = tmp_path_factory.mktemp("handouts")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return Equipment(("pandas",), tuple((name, folder / name) for name in sorted(FILES)), ("pandas", "no.such.module"))


@pytest.fixture(scope="module", params=[*available_tiers(), "B without namespaces"])
def equipped(request, equipment):
    """A sandbox of each kind: tier A, tier B, and tier B where a submission gets no private folder."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param.startswith("B without"):
            patch.setattr("autograder.sandbox.launcher.place_to_mount_on", lambda *_: lockdown.SCRATCH)
        with open_sandbox({"a": {"helpers": FILES["helpers.py"]}}, request.param[0], equipment=equipment) as zygote:
            assert zygote.namespaces == (not request.param.startswith("B without"))
            yield zygote


def value(zygote, source):
    with opened(zygote, "a") as session:
        session.run_cell(source)
        return session.get("r")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("r = open('table.csv').read()", FILES["table.csv"]),
        ("import pandas as pd; r = float(pd.read_csv('table.csv').b.sum())", 2.0),
        ("r = open('data/deep/x.txt').read()", "deep"),
        ("from kit.part import seven; r = seven()", 7),
        ("import helpers; r = helpers.BESIDE", FILES["table.csv"]),
        ("import os; r = sorted(f for _, _, fs in os.walk('.') for f in fs if 'pyc' not in f)",
         ["__init__.py", "helpers.py", "part.py", "table.csv", "x.txt"]),
        ("from pathlib import Path; r = [p.name for p in Path('.').rglob('*.txt')]", ["x.txt"]),
        ("import os; r = [os.path.isfile('table.csv'), os.path.getsize('table.csv')]", [True, 8]),
    ],
)  # fmt: skip
def test_a_notebook_opens_handouts_by_relative_paths(equipped, source, expected):
    assert value(equipped, source) == expected


@pytest.mark.parametrize(
    "attack",
    [
        "open('table.csv', 'w').write('x')",
        "open('table.csv', 'a').write('x')",
        "import os; os.truncate(os.path.realpath('table.csv'), 0)",
        "import os; os.remove(os.path.realpath('table.csv'))",
        "import os; os.rename(os.path.realpath('table.csv'), os.path.realpath('table.csv') + '2')",
        "import os; os.mkdir(os.path.dirname(os.path.realpath('table.csv')) + '/new')",
        "import os; os.link(os.path.realpath('table.csv'), 'other')",
    ],
)
def test_no_notebook_changes_a_handout_for_the_next(equipped, attack):
    with opened(equipped, "a") as session, contextlib.suppress(RaisedError):
        session.run_cell(attack)
    assert value(equipped, "r = [open('table.csv').read(), open('data/deep/x.txt').read()]") == ["a,b\n1,2\n", "deep"]


def test_the_folder_holds_handouts_and_nothing_else(equipped):
    seen = value(equipped, "import os; r = sorted(os.listdir(os.path.dirname(os.path.realpath('table.csv'))))")
    assert seen == ["data", "helpers.py", "kit", "table.csv"]


def test_a_notebook_still_writes_files_of_its_own_where_it_has_a_folder(equipped):
    source = "r = open('out.csv', 'w').write('x'), open('data/out.csv', 'w').write('y')"
    if equipped.namespaces:
        assert value(equipped, source) == (1, 1)
    else:
        with pytest.raises(RaisedError, match=r"PermissionError|OSError"):
            value(equipped, source)


def test_packages_are_imported_before_the_notebook_and_others_are_named(equipped):
    assert value(equipped, "import sys; r = 'pandas' in sys.modules") is True
    with pytest.raises(RaisedError) as error:
        value(equipped, "import scipy")
    assert "'scipy' here. This course has numpy, matplotlib, pandas and Python's own modules" in error.value.text


def test_a_package_that_starts_a_thread_is_left_to_the_notebooks_that_use_it(tmp_path, monkeypatch):
    """A zygote with two threads cannot give a submission its namespaces. It starts again without that package."""
    (tmp_path / "threads-1.dist-info").mkdir()
    (tmp_path / "threads-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: threads\nVersion: 1\n")
    (tmp_path / "threads-1.dist-info" / "RECORD").write_text("threads.py,,\n")
    code = "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\nSTARTED = 1\n"
    (tmp_path / "threads.py").write_text(code)
    tmp_path.chmod(0o755)
    monkeypatch.syspath_prepend(tmp_path)
    given = Equipment(("threads", "pandas"), modules=("threads", "pandas"))
    with open_sandbox({}, available_tiers()[0], equipment=given) as zygote:
        assert value(zygote, "import sys; r = [n in sys.modules for n in ('threads', 'pandas')]") == [False, True]
        assert value(zygote, "import os; r = 'AUTOGRADER_STARTED_AGAIN' in os.environ") is False
        assert value(zygote, "import threads; r = threads.STARTED") == 1


def test_a_folder_ends_with_its_sandbox_and_one_left_behind_with_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(handout_folder.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(handout_folder.tempfile, "tempdir", str(tmp_path))
    (tmp_path / "x.csv").write_text("1")
    given = [("data/x.csv", tmp_path / "x.csv")]
    old, used = HandoutFolder(given), HandoutFolder(given)
    os.close(old._end.detach()[2][1])  # as if its process were killed
    long_ago = time.time() - 3600
    for folder in (old.path, used.path):
        os.utime(folder, (long_ago, long_ago))
    new = HandoutFolder(given)
    assert [folder.path.exists() for folder in (old, used, new)] == [False, True, True]
    used.close()
    new.close()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["x.csv"]


def test_a_handout_that_vanished_is_one_line():
    with pytest.raises(SandboxError, match=r"gone.csv: expected to copy the hand-outs, got No such file"):
        HandoutFolder([("gone.csv", Path("/nowhere/gone.csv"))])


def test_scikit_learn_knows_its_thread_pools_in_a_sandbox_without_proc():
    """KMeans and the search for neighbours limit them; threadpoolctl finds them in /proc/self/maps."""
    source = "from sklearn.cluster import KMeans; r = len(KMeans(2, n_init=1).fit([[0.0], [1.0], [9.0]]).labels_)"
    with open_sandbox({"a": {}}, equipment=Equipment(("scikit-learn",), (), ("sklearn.cluster",))) as zygote:
        assert value(zygote, source) == 3
