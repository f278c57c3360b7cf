"""`submit.py`, as students run it, and `autograder submit`, both against a real server."""

import ast
import importlib.util
import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType, SimpleNamespace

import httpx
import pytest
from portal.served_student import served_class

from autograder.portal.credentials import give
from autograder.portal.schema import SubmissionRow
from autograder.portal.signed_receipts import checked
from autograder.publishing.signing import public_key

SCRIPT = Path(__file__).parents[2] / "autograder" / "portal" / "starter" / "submit.py"
STUDENTS = ("ada", "bob", "cyd", "dan", "eve")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with served_class(tmp_path_factory.mktemp("served"), STUDENTS) as running:
        yield running


def credential(server, person, kind):
    with server.database() as database, database.write() as session:
        return give(session, person, kind, datetime.now(UTC), by="test")


@pytest.fixture
def desk(server, tmp_path):
    """A student's folder, with the script as the portal gives it out."""
    answer = httpx.get(f"{server.url}/submit.py", cookies={"session": credential(server, "ada", "session")})
    assert answer.headers["content-disposition"] == 'attachment; filename="submit.py"'
    (tmp_path / "submit.py").write_text(answer.text)
    return Desk(server, tmp_path)


class Desk:
    """It runs programs as a student does. They see a token only where the test says so."""

    def __init__(self, server, folder):
        self.server, self.folder = server, folder

    def notebook(self, text, name="a9_test.ipynb"):
        path = self.folder / name
        path.write_text(text)
        return path

    def run(self, command, token, *arguments, said=""):
        given = {**os.environ, "AUTOGRADER_TOKEN": token, "AUTOGRADER_PORTAL": self.server.url}
        return subprocess.run(
            [sys.executable, *command, *arguments], cwd=self.folder, input=said, env=given, capture_output=True,
            text=True, check=False,
        )  # fmt: skip

    def script(self, token, *arguments, said=""):
        return self.run(["-I", "submit.py"], token, *arguments, said=said)

    def command(self, token, *arguments):
        return self.run(["-m", "autograder", "submit"], token, *arguments)

    def receipts(self):
        return {path.name: path.read_bytes() for path in self.folder.glob("*.receipt.json")}

    def key(self):
        return public_key(self.server.places.root / "receipts.pem.pub")

    def count(self):
        return len(self.server.rows(SubmissionRow))


def one_line(text, begins):
    assert text.startswith(begins), text
    assert text.strip().count("\n") == 0, text


def test_the_script_has_the_portals_address_and_no_secret(server, desk):
    text = (desk.folder / "submit.py").read_text()
    assert f"\nPORTAL = {server.url!r}  #" in text
    assert text.replace(repr(server.url), '""', 1) == SCRIPT.read_text()


def test_the_script_is_of_python_3_9_and_imports_only_its_library():
    tree = ast.parse(SCRIPT.read_text(), feature_version=(3, 9))
    names = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    names |= {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)} - {"google.colab"}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


@pytest.mark.parametrize(("student", "way"), [("ada", "script"), ("bob", "command")])
def test_each_of_two_notebooks_gets_a_receipt_of_its_own_and_its_feedback(desk, solved, student, way):
    """The second comes within 5 seconds of the first: the portal says 429, and the program waits and sends again."""
    token = credential(desk.server, student, "token")
    submit = getattr(desk, way)
    for text in (solved, solved + "\n"):
        done = submit(token, desk.notebook(text).name)
        assert done.returncode == 0, done.stderr
        assert re.search(r"^graded: (\d+) of \1 points shown$", done.stdout, re.MULTILINE)
        assert token not in done.stdout + done.stderr
    receipts = [checked(text, desk.key()) for text in desk.receipts().values()]
    assert {receipt.student for receipt in receipts} == {student}
    assert sorted(receipt.is_of(solved.encode()) for receipt in receipts) == [False, True]
    assert set(desk.receipts()) == {f"a9_test-{receipt.id}.receipt.json" for receipt in receipts}


def test_the_script_says_what_looks_empty_and_asks_before_it_sends_an_old_file(desk):
    token, before = credential(desk.server, "cyd", "token"), desk.count()
    os.utime(desk.notebook(unanswered()), (0, 0))
    refused = desk.script(token, said="\n")
    assert refused.returncode == 1
    one_line(refused.stderr, "NOT handed in. Save the notebook")
    assert "hours ago\nThese look empty: q1\n" in refused.stdout
    assert desk.count() == before
    done = desk.script(token, said="y\n")
    assert (done.returncode, desk.count()) == (0, before + 1)


def unanswered():
    mark = {"grade_id": "q1-solution", "solution": True}
    cell = {"cell_type": "code", "id": "q1-solution", "metadata": {"nbgrader": mark}, "outputs": [],
            "execution_count": None, "source": ["def f():\n", "    raise NotImplementedError()"]}  # fmt: skip
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_an_old_file_is_not_sent_by_the_command_if_nobody_can_be_asked(desk, solved):
    os.utime(desk.notebook(solved), (0, 0))
    done = desk.command(credential(desk.server, "dan", "token"), "a9_test.ipynb")
    assert done.returncode == 2
    one_line(done.stderr, "autograder: a9_test.ipynb: expected a file saved just now")


@pytest.mark.parametrize(("way", "code"), [("script", 1), ("command", 2)])
def test_a_token_that_does_not_work_is_one_line(desk, solved, way, code):
    before = desk.count()
    desk.notebook(solved)
    done = getattr(desk, way)("wrong", "a9_test.ipynb")
    assert done.returncode == code
    assert "token: expected one that works" in done.stderr
    assert (done.stderr.strip().count("\n"), desk.count(), desk.receipts()) == (0, before, {})


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("none.ipynb", None, "none.ipynb: expected a file that can be read"),
        ("other.ipynb", '{"cells": []}', "address: expected one of an assignment that is open"),
        ("a9_test.ipynb", "<html>", "notebook: expected one of Jupyter's"),
        ("a9_test.ipynb", " " * (21 << 20), "a9_test.ipynb: expected at most 20 MiB"),
    ],
)
def test_what_the_script_cannot_hand_in_is_one_line(desk, name, text, line):
    if text is not None:
        desk.notebook(text, name)
    done = desk.script(credential(desk.server, "dan", "token"), name)
    assert done.returncode == 1
    one_line(done.stderr, line)


def test_a_portal_that_is_not_there_is_one_line(desk, solved):
    text = (desk.folder / "submit.py").read_text()
    text = text.replace(desk.server.url, "http://127.0.0.1:9").replace("TRIES = 5", "TRIES = 1")
    (desk.folder / "submit.py").write_text(text)
    desk.notebook(solved)
    done = desk.script("token", "a9_test.ipynb")
    assert done.returncode == 1
    one_line(done.stderr, "portal: expected an answer of http://127.0.0.1:9, got ")


def test_the_portal_refuses_more_than_20_mib_in_json(desk):
    headers = {"Authorization": f"Bearer {credential(desk.server, 'eve', 'token')}"}
    answer = httpx.put(f"{desk.server.url}/api/v1/hand-in/a9_test", content=b" " * (21 << 20), headers=headers)
    assert (answer.status_code, list(answer.json())) == (413, ["error"])


def test_in_a_notebook_an_error_is_its_line_without_a_traceback(desk, solved):
    desk.notebook(solved)
    done = desk.run(["-m", "IPython", "--no-banner", "--colors=NoColor", "-c", "%run submit.py a9_test.ipynb"], "wrong")
    assert "token: expected one that works" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert "SystemExit" not in done.stdout + done.stderr


def test_in_colab_the_open_notebook_is_sent_as_it_is(monkeypatch):
    """There it is no file. The call is Colab's own, of which only the shape is known here."""
    notebook = {"cells": [], "metadata": {"colab": {"name": "a9_test.ipynb"}}}
    colab = ModuleType("google.colab")
    colab._message = SimpleNamespace(blocking_request=lambda what, timeout_sec: {"ipynb": notebook})
    monkeypatch.setitem(sys.modules, "google", ModuleType("google"))
    monkeypatch.setitem(sys.modules, "google.colab", colab)
    spec = importlib.util.spec_from_file_location("submit_script", SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    name, data, age = script._notebook("")
    assert (name, json.loads(data), age) == ("a9_test.ipynb", notebook, None)
