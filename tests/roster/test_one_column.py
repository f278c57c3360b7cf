"""One column is written into a roster, and every other byte of the file stays."""

import pytest

from autograder.errors import AutograderError
from autograder.roster.one_column import fill_column
from autograder.roster.read import read_roster

URL = "https://github.com/class/ada-starter"
WANTED = {"ada": URL}


def filled(tmp_path, text, encoding="utf-8", values=WANTED, column="remote"):
    file = tmp_path / "students.csv"
    file.write_bytes(text.encode(encoding))
    others = fill_column(file, column, values)
    return file.read_bytes().decode(encoding), others


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("id,name|ada,Ada|bob,Bob|", f"id,name,remote|ada,Ada,{URL}|bob,Bob|"),
        ("id,name,remote|ada,Ada,|bob,Bob,|", f"id,name,remote|ada,Ada,{URL}|bob,Bob,|"),
        ("remote;name;id|;Ada;ada|;Bob;bob", f"remote;name;id|{URL};Ada;ada|;Bob;bob"),
        ('"id","name"|"ada","A ""x"", L"|', f'"id","name","remote"|"ada","A ""x"", L","{URL}"|'),
        ("sep=;|id;name|ada;Ada|", f"sep=;|id;name;remote|ada;Ada;{URL}|"),
        ("||id,name,||  ada ,Ada,|,,|", f"||id,name,,remote||  ada ,Ada,,{URL}|,,|"),
        ("id,name,Git Remote|ada|", f"id,name,Git Remote|ada,,{URL}|"),
        ("id,remote|ada,", f"id,remote|ada,{URL}"),
        ("ID,name|ada,Ada", f"ID,name,remote|ada,Ada,{URL}"),
    ],
)
def test_only_the_cells_of_the_column_change(tmp_path, before, after, encoding, end):
    text, others = filled(tmp_path, before.replace("|", end), encoding)
    assert (text, others) == (after.replace("|", end), {})


def test_a_cell_in_which_a_line_ends_is_one_cell(tmp_path):
    text, _ = filled(tmp_path, 'id,name\nbob,"B\nada,x"\nada,Ada\n')
    assert text == f'id,name,remote\nbob,"B\nada,x"\nada,Ada,{URL}\n'


def test_a_cell_that_holds_something_else_stays_and_is_told(tmp_path):
    before = f"id,remote\nada,git@github.com:me/mine\nbob,{URL}\n"
    assert filled(tmp_path, before, values={"ada": URL, "bob": URL}) == (before, {"ada": "git@github.com:me/mine"})


def test_a_file_in_which_nothing_changes_is_not_written(tmp_path):
    filled(tmp_path, f"id,remote\nada,{URL}\n")
    file = tmp_path / "students.csv"
    before = file.stat()
    fill_column(file, "remote", WANTED)
    assert file.stat().st_mtime_ns == before.st_mtime_ns
    assert file.stat().st_ino == before.st_ino


def test_a_second_column_for_one_assignment_is_read_back(tmp_path):
    text, _ = filled(tmp_path, "id,remote\nada,/srv/x.git\n", column="remote:a1")
    assert text == f"id,remote,remote:a1\nada,/srv/x.git,{URL}\n"
    (ada,) = read_roster(tmp_path / "students.csv", None).students
    assert (ada.remote_of("a1"), ada.remote_of("a2")) == (URL, "/srv/x.git")


def test_an_id_that_a_spreadsheet_made_a_fraction_is_the_same_student(tmp_path):
    text, _ = filled(tmp_path, "id,Remote : a1\n1001.0,\n", values={"1001": URL}, column="remote:a1")
    assert text == f"id,Remote : a1\n1001.0,{URL}\n"


def test_the_rights_of_the_file_and_a_link_to_it_stay(tmp_path):
    (tmp_path / "real.csv").write_text("id\nada\n")
    (tmp_path / "real.csv").chmod(0o600)
    (tmp_path / "students.csv").symlink_to("real.csv")
    fill_column(tmp_path / "students.csv", "remote", WANTED)
    assert (tmp_path / "students.csv").is_symlink()
    assert (tmp_path / "real.csv").stat().st_mode & 0o777 == 0o600
    assert read_roster(tmp_path / "students.csv", None).students[0].remote == URL


def test_a_hosts_file_is_not_written_to(tmp_path):
    with pytest.raises(AutograderError, match="expected our own list"):
        filled(tmp_path, "Student,ID,SIS Login ID,Section\nAda,1,ada,x\n")
