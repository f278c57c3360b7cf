"""`autograder return --to folder`: pages in folders whose names nobody can guess, and a list for the instructor."""

import csv

import pytest
from hand.hand_course import NAME, HandCourse, run

from autograder.errors import AutograderError
from autograder.returning.links import token


@pytest.fixture
def room(course, tmp_path, monkeypatch):
    made = HandCourse(tmp_path / "class", course)
    (made.root / "students.csv").write_text("id,name,email\nada,=Ada,ada@uni.edu\nbob,Bob,\n")
    made.graded("ada", "bob")
    monkeypatch.chdir(made.root)
    return made


def links(room):
    return list(csv.DictReader((room.root / "work/returned/links.csv").read_text().splitlines()))


def test_each_student_has_a_folder_of_an_unguessable_name_that_stays(room):
    run("return", "--to", "folder", "--url", "https://uni.edu/f/")
    site = room.root / "work/returned/site"
    rows = links(room)
    assert [(row["student"], row["name"], row["email"]) for row in rows] == [
        ("ada", "'=Ada", "ada@uni.edu"),
        ("bob", "Bob", ""),
    ]
    for row in rows:
        path = row["link"].removeprefix("https://uni.edu/f/")
        assert len(path.split("/")[0]) == 32
        text = (site / path).read_text()
        assert '<meta name="robots" content="noindex">' in text
    assert "ada" not in "".join(p.name for p in site.rglob("*")).replace(NAME, "")
    assert (room.root / "work/returned/links.csv").stat().st_mode & 0o077 == 0
    run("return", "--to", "folder", "--url", "https://uni.edu/f")
    assert links(room) == rows


def test_every_folder_has_an_empty_page_in_the_place_of_a_list(room):
    run("return", "--to", "folder", "--out", "served")
    folders = [room.root / "served", *(p for p in (room.root / "served").iterdir() if p.is_dir())]
    assert len(folders) == 3
    assert [(folder / "index.html").read_bytes() for folder in folders] == [b""] * 3


def test_the_list_is_never_inside_what_is_served(room):
    for out in ("work", "work/returned", ".", "work/served/.."):
        with pytest.raises(AutograderError, match="--out: expected a folder that does not hold"):
            run("return", "--to", "folder", "--out", out)
    assert not (room.root / "work" / "index.html").exists()


def test_a_token_needs_the_secret_and_is_another_for_each_student():
    made = {token(secret, student) for secret in (b"a" * 32, b"b" * 32) for student in ("ada", "bob", "ad", "\udc80")}
    assert len(made) == 8
    assert all(len(each) == 32 and set(each) <= set("0123456789abcdef") for each in made)


def test_the_page_has_what_a_person_gave(room):
    room.answer("ada", "A variance.")
    run("hand", "sheet", "-a", NAME)
    run("hand", "read", room.fill(ada={"items": "variance", "comment": "Whose?"}))
    run("return", "--to", "folder", "--student", "ada")
    (row,) = links(room)
    text = (room.root / "work/returned/site" / row["link"]).read_text()
    assert "Right: a variance.\nWhose?" in text
    assert "11 <small>of 15 points</small>" in text
