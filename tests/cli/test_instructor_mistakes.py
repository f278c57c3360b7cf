"""Mistakes that an instructor makes: each gives one line that says what to do, and leaves every file as it was.

A row of the table is one mistake. `prepare` makes it in a class of three that was collected and graded before.
"""

import contextlib
import csv
import io
import os
import shutil
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from intake.counter import zipped
from typer.testing import CliRunner

from autograder.cli.app import app
from autograder.cli.main import main
from autograder.text import csv_text

NAME = "a9_test"
ROSTER = "id,name,email,canvas_id\nada,Ada Lovelace,ada@uni.edu,11\nbob,Bob Ray,bob@uni.edu,22\neve,Eve Li,,33\n"
GRADEBOOK = (
    "Student,ID,SIS User ID,SIS Login ID,Section,{}\n    Points Possible,,,,,10\n"
    '"Lovelace, Ada",{},u1,ada,S,\n"Ray, Bob",{},u2,bob,S,\n'
)
WORKSHEET = "Identifier,Full name,Email address,Status,Grade,Maximum Grade\nParticipant 1,X Y,x@y.z,s,,10.00\n"
LONGEST = 420  # characters of a line: about three of a terminal
BLACKBOARD = "Last Name,First Name,Username,a9_test [Total Pts: 10 Score] |1\nLovelace,Ada,ada,\n"


@dataclass(frozen=True)
class Mistake:
    """what: that the instructor did.  prepare(root): makes it.  says: what the line must hold.

    table: the mistake is in a source, and the answer is the table of what is not placed, with exit code 1.
    """

    what: str
    command: str
    says: tuple[str, ...]
    prepare: Callable[..., object] | None = None
    table: bool = False


def text(name, content):
    """Writes a file before the command runs."""
    data = content if isinstance(content, bytes) else content.encode()
    return lambda root: (root / name).write_bytes(data)


def course(content):
    return lambda root: (root / "course.toml").write_text(f'title = "x"\n{content}')


def sheet(column, value):
    """A sheet of grades by hand with another value in its first line. None: with another name of the column."""

    def prepare(root):
        done = CliRunner().invoke(app, ["hand", "sheet", "-a", NAME, "--out", "sheets"])
        assert done.exit_code == 0, done.output
        path = root / "sheets" / "explain.csv"
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
        rows[0 if value is None else 1][rows[0].index(column)] = value or f"{column} of mine"
        path.write_text(csv_text(rows))

    return prepare


def archive(*names):
    return lambda root: zipped(root / "s.zip", dict.fromkeys(names, (root / "nb.ipynb").read_bytes()))


def zip_of_zips(root):
    archive(f"ada_11_1_{NAME}.ipynb", f"bob_22_2_{NAME}.ipynb")(root)
    (root / "s.zip").rename(root / "inner.zip")
    with zipfile.ZipFile(root / "s.zip", "w") as outer:
        for name in ("canvas.zip", "canvas (1).zip"):
            outer.write(root / "inner.zip", name)


def cut(root):
    archive(f"ada_11_1_{NAME}.ipynb")(root)
    data = (root / "s.zip").read_bytes()
    (root / "s.zip").write_bytes(data[: len(data) // 2])


def folders(*paths):
    def prepare(root):
        for path in paths:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / "nb.ipynb", root / path)

    return prepare


def replaced_by_a_file(name):
    def prepare(root):
        shutil.rmtree(root / name)
        (root / name).write_bytes(b"")

    return prepare


def removed(name):
    return lambda root: shutil.rmtree(root / name)


def made(name):
    return lambda root: (root / name).mkdir(parents=True)


def both(*steps):
    return lambda root: [step(root) for step in steps]


M = Mistake
MISTAKES = [
    # Commands
    M("a typo in a command", "colect s.zip", ("usage", "colect", "collect", "Hint: autograder --help.")),
    M("a typo in an option", "collect s.zip --roaster x", ("collect usage", "--roaster", "Hint: autograder collect --help")),
    M("no argument", "export", ("export usage", "FORMAT", "Hint: autograder export --help")),
    M("no option that is needed", "return", ("return usage", "--to", "Hint: autograder return --help")),
    M("a word for a number", "grade --jobs many", ("grade usage", "--jobs", "integer", "Hint: autograder grade --help")),
    M("a wrong folder", "grade --course ..", ("expected course.toml, got none", "Hint: autograder init")),
    M("another course", "report --course elsewhere", ("elsewhere: expected course.toml, got none", "Hint"), made("elsewhere")),
    # init, new, release, audit
    M("a folder that is in use", "init .", ("expected a new or empty folder", "got one with files", "Hint")),
    M("a file in the place of a folder", "init course.toml", ("expected a new or empty folder, got", "Hint")),
    M("a place where nobody can write", "init /proc/x", ("expected to write a course there, got", "Hint")),
    M("a name with spaces", "new My-Assignment", ("expected a name of small letters", "got 'My-Assignment'", "Hint")),
    M("a name that is taken", f"new {NAME}", ("expected a new folder, got one that is there. Hint",)),
    M("a name that is nearly right", "release a9_tst", ("expected one of a9_test, got 'a9_tst'. Hint: a9_test?",)),
    M("an assignment without a title", f"release {NAME}", ("assignment.toml", "titel", "Hint: title?"),
      lambda root: (root / f"solutions/{NAME}/assignment.toml").write_text('titel = "x"\n')),
    # course.toml
    M("a typo in a key", "grade", ("titel: expected one of title", "got 'titel'. Hint: title?"), course("titel = 'y'\n")),
    M("a typo in a rule", "grade", ("marks.late_percent_a_dy: expected one of", "Hint: late_percent_a_day?"),
      course("[marks]\nlate_percent_a_dy = 5\n")),
    M("a quote that is not closed", "report", ("course.toml: expected TOML, got", "line 2"), course('timezone = "Europe\n')),
    M("a time zone with a typo", "grade", ("expected a time zone such as", "Hint: Europe/Berlin?"), course('timezone = "Europe/Berln"\n')),
    M("an assignment that does not exist", "grade", ("marks.due: expected one of a9_test, got 'a9_tst'. Hint: a9_test?",),
      course("[marks.due]\na9_tst = 2026-10-12T22:00:00Z\n")),
    M("a day that does not exist", "grade", ("course.toml: expected TOML, got",), course(f"[assignments.{NAME}]\ndue = 2026-13-12\n")),
    M("an extension for nobody", "grade", ("expected a student of students.csv, got 'adda'. Hint: ada?",),
      course(f"[marks.extensions.adda]\n{NAME} = 2026-10-12T22:00:00Z\n")),
    M("a course.toml in another encoding", "grade", ("course.toml: expected UTF-8, got byte", "Hint: save it as UTF-8"),
      text("course.toml", 'title = "Übung"\n'.encode("latin-1"))),
    # The roster
    M("a header with a typo", "report", ("expected columns among id, name", "got 'nme'. Hint: name?"), text("students.csv", "id;nme\nada;A\n")),
    M("two lines of one student", "grade", ("expected each id once, got 'ada' 2 times",), text("students.csv", "id,name\nada,A\nADA,B\n")),
    M("a roster in another encoding", "report", ("expected UTF-8, got byte", "Hint: save it as CSV in UTF-8"),
      text("students.csv", "id,name\nada,Zoë\n".encode("latin-1"))),
    M("a workbook for a roster", "report", ("expected CSV, got a zip or a workbook of Excel. Hint",), text("students.csv", b"PK\3\4xlsx")),
    M("a roster without ids", "report", ("expected", "id", "got"), text("students.csv", "section\nA\n")),
    M("a roster that is only a header", "report", ("expected a line a student, got only a header",), text("students.csv", "id,name\n")),
    M("a roster that is nowhere", "grade --roster studnets.csv", ("studnets.csv: expected a roster, got no file",)),
    M("an id with a space", "report", ("expected an id of letters", "got 'ada lovelace'. Hint: 'ada-lovelace'"), text("students.csv", "id\nada lovelace\n")),
    # collect: what is no source
    M("a file that is nowhere", "collect submisions.zip", ("expected a zip, a folder", "got No such file", "Hint")),
    M("a login page that was saved as a zip", "collect s.zip", ("got a web page. Hint: your login may have ended",), text("s.zip", "<!DOCTYPE html><p>Log in")),
    M("a RAR archive", "collect s.rar", ("got a RAR archive. Hint: unpack it",), text("s.rar", b"Rar!\x1a\x07\x01\x00")),
    M("a 7z archive", "collect s.7z", ("got a 7z archive. Hint: unpack it",), text("s.7z", b"7z\xbc\xaf\x27\x1c")),
    M("a tar archive", "collect s.tar", ("got a tar archive. Hint: unpack it",), text("s.tar", b"ada\0".ljust(257, b"\0") + b"ustar\x0000")),
    M("a gzip archive", "collect s.tgz", ("got a gzip archive. Hint: unpack it",), text("s.tgz", b"\x1f\x8b\x08")),
    M("an empty file", "collect s.zip", ("got an empty file. Hint: download it anew",), text("s.zip", "")),
    M("one notebook", "collect nb.ipynb", ("got a notebook or JSON. Hint: put notebooks into a folder",)),
    M("a download that was cut off", "collect s.zip", ("s.zip: expected a zip, got a broken one", "Hint: download it anew"), cut),
    M("an empty folder", "collect empty", ("empty: expected what students handed in, got nothing. Hint",), made("empty")),
    M("the gradebook for the archive", "collect g.csv", ("expected the columns id and remote", "got no remote. Hint", "--worksheet"),
      text("g.csv", GRADEBOOK.format("x", 11, 22))),
    M("the course itself", "collect .", ("expected what students handed in, got the course itself. Hint",)),
    M("the author's solutions", f"collect solutions/{NAME}", ("got a folder of the author's. Hint",)),
    M("the folder into which collect writes", "collect work/submitted", ("expected what students handed in, got the folder into which", "Hint")),
    M("a day without a time zone", "collect empty --deadline 2026-11-30", ("expected a time with its zone", "got '2026-11-30'. Hint", "timezone"), made("empty")),
    M("a student who is nobody", "collect s.zip --assign 'Canvas user 99=evee'", ("expected a student of", "got 'evee'. Hint: eve?"),
      archive(f"eve_99_1_{NAME}.ipynb")),
    M("a file that is in no archive", "collect s.zip --ignore 'Canvas user 98'", ("expected a file that", "got 'Canvas user 98'. Hint: Canvas user 99?"),
      archive(f"eve_99_1_{NAME}.ipynb")),
    M("a file that needs no decision", f"collect s.zip -a {NAME} --assign 'Canvas user 11=eve'", ("expected a file that is not placed", "placed for ada. Hint"),
      archive("ada_11_1_x.ipynb", "eve_99_1_x.ipynb")),
    M("a roster for a worksheet", "collect s.zip --worksheet students.csv", ("expected Moodle's grading worksheet", "got the columns id", "Hint", "--roster"),
      archive(f"ada_11_1_{NAME}.ipynb")),
    M("to forget what nobody decided", "settled --forget x", ("--forget: expected a file that autograder settled lists, got 'x'",)),
    # collect: what is in a source
    M("a zip of zips", "collect s.zip", ("canvas.zip", "expected", "got", "Hint", "Next: autograder collect s.zip"), zip_of_zips, table=True),
    M("a folder that is one too high", "collect all", ("expected", "got the assignment's", "Hint: collect the folder", "Next:"),
      folders(f"all/{NAME}/ada.ipynb", f"all/{NAME}/bob.ipynb"), table=True),
    M("another folder that is one too high", "collect all", ("no assignment of this course is called 'ada'. Hint: collect the folder", "Next:"),
      both(text("students.csv", "id\nweek1\n"), folders("all/week1/ada/x.ipynb")), table=True),
    M("a folder that is one too low", "collect all/ada", ("expected", "Next: autograder collect all/ada"), folders(f"all/ada/{NAME}.ipynb"), table=True),
    M("the archive of another course", "collect s.zip", ("nobody in the roster has the canvas_id '77'", "Next: autograder collect s.zip --assign"),
      archive(f"x_77_1_{NAME}.ipynb"), table=True),
    M("the archive of another assignment", "collect s.zip", ("expected notebooks called as assignments are, got 'other.ipynb'. Hint: -a NAME", "Next:"),
      archive("ada_11_1_other.ipynb"), table=True),
    # grade, report, diff, adopt, verify
    M("to grade before collecting", "grade", ("expected a folder STUDENT/ASSIGNMENT/*.ipynb, got none. Hint",), removed("work")),
    M("to grade a folder that is nowhere", "grade submited", ("submited: expected a folder STUDENT/ASSIGNMENT/*.ipynb, got none. Hint",)),
    M("to grade an assignment that is none", "grade -a a9", ("expected one of a9_test, got 'a9'",)),
    M("a file called work", "grade", ("expected", "got", "Hint"), replaced_by_a_file("work")),
    M("to report into a file", "report --out course.toml", ("expected to write it, got Not a directory. Hint",)),
    M("to report before grading", "report", ("expected results, got none. Hint: autograder grade first",), removed("work/results")),
    M("a device that is none", "grade --device gpu", ("expected one of cpu, cuda, strict, got 'gpu'",)),
    M("to compare before there are two", "diff", ("expected an earlier grading, got none. Hint",), removed("work/results")),
    M("to adopt what is nowhere", "adopt submited", ("submited: expected a folder STUDENT/ASSIGNMENT/, got none. Hint: autograder collect",)),
    M("to verify what is nowhere", "verify resuts", ("resuts: expected a result file or a folder of them, got none",)),
    # export
    M("a format that is none", "export canvass", ("expected one of csv, canvas", "got 'canvass'. Hint: canvas?")),
    M("the gradebook of another host", "export moodle --worksheet g.csv", ("g.csv: expected the file of Moodle, got one of Canvas. Hint: export canvas",),
      text("g.csv", GRADEBOOK.format("x", 11, 22))),
    M("the worksheet of another host", "export canvas --template w.csv", ("w.csv: expected the file of Canvas, got one of Moodle. Hint: export moodle",),
      text("w.csv", WORKSHEET)),
    M("one more of another host", "export brightspace --template b.csv", ("b.csv: expected the file of Brightspace, got one of Blackboard. Hint",), text("b.csv", BLACKBOARD)),
    M("the gradebook of another course", "export canvas --template g.csv", ("g.csv: expected rows of the 2 students", "got none of them. Hint"),
      text("g.csv", GRADEBOOK.format(NAME, 77, 88).replace("Ada", "Al").replace("Ray", "Roe").replace("ada", "al").replace("bob", "b"))),
    M("a gradebook without the column", "export canvas --template g.csv", ("expected one column", "got none in Student", "Hint"), text("g.csv", GRADEBOOK.format("HW", 11, 22))),
    M("a column that is none", f"export canvas --template g.csv --column {NAME}=HW9", ("expected one column 'HW9', got none", "Hint"),
      text("g.csv", GRADEBOOK.format("HW", 11, 22))),
    M("a workbook for a gradebook", "export canvas --template g.xlsx", ("expected CSV text in UTF-8, got a zip or a workbook of Excel. Hint",), text("g.xlsx", b"PK\3\4xlsx")),
    M("no worksheet", "export moodle", ("--worksheet: expected a grading worksheet, got none. Hint",)),
    M("an option of another format", "export canvas --worksheet w.csv", ("--worksheet: expected with moodle, got with canvas",)),
    M("a student without results", "export csv --student adda", ("expected one that has results, got 'adda'. Hint: ada?",)),
    # return, hand
    M("mail without a server", "return --to email", ("expected a table [email]", "got none. Hint: docs/returning.md")),
    M("a way back that is none", "return --to mail", ("expected one of canvas, moodle, email, folder, got 'mail'. Hint: email?",)),
    M("a password in course.toml", "return --to email", ("email.password: expected no password in this file. Hint",),
      course('[email]\nhost = "h"\nsender = "a@b.c"\npassword = "x"\n')),
    M("a sheet that is nowhere", "hand read none.csv", ("none.csv: expected a sheet of grades, got no file",)),
    M("more points than there are", "hand read sheets/explain.csv", ("line 2: expected 0 to 5 points, got 99",), sheet("points", "99")),
    M("a word for points", "hand read sheets/explain.csv", ("line 2: expected points such as 2.5, got 'good'",), sheet("points", "good")),
    M("an item that the rubric has not", "hand read sheets/explain.csv", ("line 2: expected", "got 'nope'"), sheet("items", "nope")),
    M("a column that was renamed", "hand read sheets/explain.csv", ("expected a sheet of autograder hand sheet, got no column points",), sheet("points", None)),
    M("the sheet of an assignment that is gone", "hand read sheets/explain.csv", ("expected one of a9_test, got 'a8'",), sheet("assignment", "a8")),
    M("a roster for a sheet", "hand read students.csv", ("students.csv: expected a sheet of autograder hand sheet, got",)),
    # ci
    M("a service that is none", "ci init --provider gitea", ("--provider: expected github, gitlab or classroom50, got 'gitea'",)),
    M("feedback that is nowhere", "ci post feedbak", ("feedbak: expected", "got none. Hint")),
    M("results that are nowhere", "ci publish resuts --out f", ("resuts: expected a folder of results, got none",)),
]  # fmt: skip


@pytest.fixture(scope="module")
def graded_class(course, tmp_path_factory, solved):
    """A class of three, of whom two handed in: collected and graded."""
    root = tmp_path_factory.mktemp("mistakes") / "class"
    shutil.copytree(course.root, root, ignore=shutil.ignore_patterns("work", "assignments"))
    (root / "students.csv").write_text(ROSTER)
    (root / "nb.ipynb").write_text(solved)
    files = {f"x_{number}_1_{NAME}.ipynb": solved.encode() for number in (11, 22)}
    source = zipped(root.parent / "s.zip", files)
    for arguments in (["collect", source], ["grade", "--tier", "B"]):
        done = CliRunner().invoke(app, [*map(str, arguments), "--course", str(root)])
        assert done.exit_code == 0, done.output
    return root


@pytest.fixture
def root(graded_class, tmp_path, monkeypatch):
    root = tmp_path / "class"
    shutil.copytree(graded_class, root, symlinks=True)
    monkeypatch.chdir(root)
    monkeypatch.setenv("COLUMNS", "400")
    return root


def run(monkeypatch, command):
    """(exit code, stdout, stderr) of the real start of the program, in this process."""
    import shlex

    monkeypatch.setattr(sys, "argv", ["autograder", *shlex.split(command)])
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code, out.getvalue(), err.getvalue()


def files_below(root):
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file() and p.name != "secret.key"}


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.what.replace(" ", "_"))
def test_a_mistake_is_one_line_that_says_what_to_do(mistake, root, monkeypatch):
    if mistake.prepare:
        mistake.prepare(root)
    before = files_below(root)
    code, out, err = run(monkeypatch, mistake.command)
    assert "Traceback" not in out + err
    if mistake.table:
        assert (code, err) == (1, "")
        line = out
    else:
        lines = err.splitlines()
        assert (code, len(lines)) == (2, 1), out + err
        line = lines[0]
        assert line.startswith("autograder: ")
        assert len(line) <= LONGEST, f"{len(line)} characters: {line}"
        assert line.endswith((".", "?"))
    missing = [part for part in mistake.says if part not in line]
    assert missing == [], line
    assert files_below(root) == before, "a command that failed left other files"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write everything")
@pytest.mark.parametrize(
    ("path", "command", "says"),
    [
        ("work/submitted", "collect nb", "work/submitted"),
        ("work/submitted", "grade", "work/submitted"),
        ("work/results", "grade --tier B", "work/results"),
        ("work/results", "report", "work/results"),
        ("students.csv", "report", "students.csv: expected a roster, got no permission to read it"),
        ("course.toml", "grade", "course.toml: expected the course's settings, got no permission to read it"),
        ("nb.ipynb", "collect nb.ipynb", "nb.ipynb: expected a zip, a folder or a CSV list, got Permission denied"),
        ("work", "collect nb", "work"),
    ],
)
def test_a_file_without_permission_is_one_line(root, monkeypatch, path, command, says):
    shutil.copytree(root / "work" / "submitted", root / "nb")
    (root / path).chmod(0)
    try:
        code, out, err = run(monkeypatch, command)
    finally:
        (root / path).chmod(0o755)
    assert (code, len(err.splitlines())) == (2, 1), out + err
    assert says in err
    assert "ermission" in err


def test_there_are_thirty_mistakes_and_each_is_another():
    assert len({(m.what, m.command) for m in MISTAKES}) == len(MISTAKES) >= 30
    commands = {m.command.split()[0] for m in MISTAKES}
    assert commands >= set("init new release collect grade report export return hand adopt verify diff ci".split())
