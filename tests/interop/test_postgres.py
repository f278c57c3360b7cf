"""The gradebook in PostgreSQL, by a URL in course.toml: a real server, which the tests start and stop."""

import shutil
import subprocess
import sys
import urllib.parse
from pathlib import Path

import pytest
from interop import postgres
from interop.classroom import CHANGES_ITS_INPUT, NAME, WORDS, Classroom

from autograder.errors import AutograderError

pytestmark = [
    pytest.mark.real_tools,
    pytest.mark.skipif(bool(postgres.why_not()), reason=postgres.why_not()),
]
HARD_IDS = ["=HYPERLINK(1)", 'O\'Hara, "Jr."', "Ωmega", "名前"]


@pytest.fixture(scope="module")
def server():
    with postgres.server() as address:
        yield address


def url(server, password=postgres.PASSWORD, database="grades"):
    return f"postgresql://teacher:{urllib.parse.quote(password, safe='')}@{server}/{database}"


@pytest.fixture(scope="module")
def sandbox(skeleton, sandboxes):
    return sandboxes.open({skeleton.name: skeleton.handouts})


@pytest.fixture
def room(tmp_path, sandbox, server):
    """A course with four notebooks handed in, and an empty database."""
    import psycopg

    with psycopg.connect(url(server, database="postgres"), autocommit=True) as connection:
        connection.execute("drop database if exists grades with (force)")
        connection.execute("create database grades")
    room = Classroom(tmp_path / "course", sandbox, f'gradebook = "{url(server)}"\n')
    for student in HARD_IDS:
        room.hand_in(student, CHANGES_ITS_INPUT)
    return room


def tables(server):
    """Every row of every table."""
    import psycopg

    with psycopg.connect(url(server)) as connection:
        names = connection.execute("select tablename from pg_tables where schemaname = 'public' order by 1").fetchall()
        return {n: sorted(connection.execute(f'select * from "{n}"').fetchall(), key=str) for (n,) in names}


def test_scores_manual_scores_and_hard_ids_are_kept_and_twice_changes_nothing(room, server):
    assert room.export().url == f"postgresql://teacher:***@{server}/grades"
    assert not (room.course.work / "gradebook.db").exists()
    room.by_hand("名前", manual_score=4.0, extra_credit=0.5, comment="Wessen Varianz?")
    room.export()
    assert room.scores("名前") == {
        "q1-example": (2.0, None, None, False),
        "q1-after-you-hand-in": (7.0, None, None, False),
        "explain": (None, 4.0, 0.5, False),
    }
    assert room.comment("名前") == "Wessen Varianz?"
    with room.gradebook() as book:
        assert sorted(s.id for s in book.students) == HARD_IDS
    rows = tables(server)
    room.export()
    assert tables(server) == rows
    room.hand_in("名前", words=WORDS + " And more.")
    room.export()
    assert room.scores("名前")["explain"] == (None, 4.0, 0.5, True)


def test_nbgraders_own_commands_use_it_too(room):
    room.export()
    shutil.copyfile(Path(__file__).parents[2] / "nbgrader_config.py", room.root / "nbgrader_config.py")
    command = [sys.executable, "-m", "nbgrader", "export", "--to", "table.csv"]
    plain = {"PATH": "/usr/bin:/bin", "HOME": str(room.root)}
    subprocess.run(command, cwd=room.root, env=plain, check=True, capture_output=True)
    assert f"{NAME},,,=HYPERLINK(1)," in (room.root / "table.csv").read_text()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"password": "wrong-password"}, "password authentication failed"),
        ({"database": "nothing"}, 'database "nothing" does not exist'),
        ({"server": "127.0.0.1:1"}, "refused"),
    ],
)
def test_a_server_that_does_not_let_us_in_is_one_line_without_the_password(room, server, change, says):
    results = room.grade()
    settings = room.root / "course.toml"
    given = change.get("password", postgres.PASSWORD)
    settings.write_text(f'title = "Test course"\ngradebook = "{url(**{"server": server, **change})}"\n')
    with pytest.raises(AutograderError) as caught:
        room.export(results)
    said = str(caught.value)
    assert says in said
    assert "\n" not in said
    assert given not in said
    assert urllib.parse.quote(given, safe="") not in said


def test_the_password_may_come_from_the_environment(room, server, monkeypatch):
    """As libpq has it: no secret in course.toml."""
    settings = room.root / "course.toml"
    settings.write_text(f'title = "Test course"\ngradebook = "postgresql://teacher@{server}/grades"\n')
    monkeypatch.setenv("PGPASSWORD", postgres.PASSWORD)
    assert room.export().submissions == len(HARD_IDS)
