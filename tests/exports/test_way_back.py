"""The way back: collect, grade, export; n scores for n students in the file that the host gave.

Archives and files are made as the hosts make them. The class: two people of one name, a notebook that cannot be read,
one who handed in nothing, one who is excused, one who left.
"""

import contextlib
import csv
import io
import json
import shutil

import pytest
from commands import run
from intake.counter import zipped

from autograder.errors import AutograderError

NAME = "a9_test"
ROSTER = """id,name,email,login,canvas_id,moodle_id,sis_id,sid,github,excused,withdrawn
jdoe,Jane Doe,jdoe@uni.example,jdoe,1001,111,u1,S1,jane-hub,,
jdoe2,Jane Doe,jane.doe@uni.example,JDOE2,1002,222,u2,S2,jd2,,
zmue,Zoë Müller,zoe@uni.example,zmue,1003.0,333,u3,S3,zmue,,
moh,محمد علي,m@uni.example,moh,1004,444,u4,S4,moh,,
idle,Ida Le,ida@uni.example,idle,1005,555,u5,S5,idle,,
exc,Ex Cused,exc@uni.example,exc,1006,666,u6,S6,exc,a9_test,
gone,Gone Away,gone@uni.example,gone,1007,777,u7,S7,gone,,yes
"""
HANDED_IN = ["jdoe", "jdoe2", "zmue", "moh"]  # the last cannot be read, and gets 0
SCORES = {"jdoe": "10", "jdoe2": "10", "zmue": "10", "moh": "0"}


@pytest.fixture
def root(course, tmp_path, monkeypatch):
    root = tmp_path / "class"
    shutil.copytree(course.root, root, ignore=shutil.ignore_patterns("work"))
    monkeypatch.chdir(root)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    return root


@pytest.fixture(scope="module")
def works(solved):
    """{student: bytes}: the same answers in four files, one of which is no notebook."""
    data = json.loads(solved)
    made = {}
    for student in HANDED_IN[:3]:
        data["metadata"]["title"] = student
        made[student] = json.dumps(data).encode()
    return {**made, "moh": b"{"}


def graded(source, roster, code=0):
    """Collect a source and grade it. roster: text, or ""."""
    if roster:
        with open("students.csv", "w", encoding="utf-8") as file:
            file.write(roster)
    run("collect", source, "-a", NAME, code=code)
    run("grade", "--tier", "B")


def scores(path, key, column, encoding="utf-8-sig", delimiter=","):
    """{who: score} of a file, without the rows that have no score."""
    rows = csv.DictReader(io.StringIO(path.read_text(encoding)), delimiter=delimiter)
    return {row[key].strip(): row[column] for row in rows if row[column] and row[key].strip()}


PEOPLE = list(csv.DictReader(io.StringIO(ROSTER)))
BY_ID = {person["id"]: person for person in PEOPLE}


def number(student):
    return BY_ID[student]["canvas_id"].removesuffix(".0")


def canvas_gradebook(title="a9_test (77)", logins=True):
    lines = [
        f"Student,ID,SIS User ID,SIS Login ID,Section,{title},Final Score",
        "    Points Possible,,,,,10.00,(read only)",
    ]
    for person in PEOPLE:
        first, last = person["name"].split()
        login = person["login"].upper() + "@uni.example" if logins else ""
        lines.append(f'"{last}, {first}",{number(person["id"])},{person["sis_id"]},{login},CS1,,50')
    return "\r\n".join(lines) + "\r\n"


@pytest.mark.parametrize("roster", [ROSTER, "id,canvas_id\n" + "".join(f"{s},{number(s)}\n" for s in HANDED_IN), ""])
def test_canvas(root, works, roster):
    archive = zipped(root / "submissions.zip", {f"x_{number(s)}_5{i}_w.ipynb": works[s] for i, s in enumerate(works)})
    graded(archive, roster)
    excused = {number("exc"): "EX"} if "exc" in roster else {}
    for logins in (True, False):
        (root / "gradebook.csv").write_text(canvas_gradebook(logins=logins))
        done = run("export", "canvas", "--template", "gradebook.csv")
        found = scores(root / "work/exports/canvas.csv", "ID", "a9_test (77)")
        assert found == {number(s): score for s, score in SCORES.items()} | excused
        assert f"({len(works)} scores)" in done.stdout
        assert "expected" not in done.stderr
        assert ("Away, Gone: in gradebook.csv, left the class" in done.stderr) == ("gone" in roster)
        assert ("Away, Gone: in gradebook.csv, no result" in done.stderr) == ("gone" not in roster)


def test_canvas_without_a_template(root, works):
    graded(zipped(root / "s.zip", {f"x_{number(s)}_5_w.ipynb": works[s] for s in works}), "")
    assert "(4 scores)" in run("export", "canvas").stdout
    assert scores(root / "work/exports/canvas.csv", "ID", "a9_test") == {number(s): SCORES[s] for s in works}


def worksheet(separator=",", english=True):
    heads = "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Feedback comments"
    if not english:
        heads = (
            "ID,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,Bestwertung,Bewertung kann geändert werden,Feedback"
        )
    word, most = ("Participant", "10.00") if english else ("Teilnehmer/in", "10,00")
    most = f'"{most}"' if separator == "," else most
    rows = [[f"{word} {p['moodle_id']}", p["name"], p["email"], "x", "", most, "Yes", '"a\n""b"""'] for p in PEOPLE]
    return "\ufeff" + "".join(separator.join(row) + "\n" for row in [heads.split(","), *rows])


@pytest.mark.parametrize(
    "roster", [ROSTER, "id,email\n" + "".join(f"{s},{BY_ID[s]['email']}\n" for s in HANDED_IN), ""]
)
def test_moodle(root, works, roster):
    """Names are hidden in this archive: only the number says who it is. A roster without numbers places by e-mail."""
    if "email" in roster and "moodle_id" not in roster:  # the archive cannot be placed by it: a folder can
        source = in_folders(root, works)
    else:
        names = {f"Participant_{BY_ID[s]['moodle_id']}_assignsubmission_file_/w.ipynb": works[s] for s in works}
        source = zipped(root / "s.zip", names)
    graded(source, roster)
    for separator, english in ((",", True), (";", False)):
        given = expected = worksheet(separator, english)
        (root / "w.csv").write_text(given, newline="")
        done = run("export", "moodle", "--worksheet", "w.csv")
        for student, score in SCORES.items():
            before = f"{BY_ID[student]['email']}{separator}x{separator}"
            expected = expected.replace(before, f"{before}{score}")
        assert (root / f"work/exports/moodle-{NAME}.csv").read_bytes().decode() == expected
        assert "(4 scores)" in done.stdout
        assert "expected" not in done.stderr


def test_moodle_with_two_people_of_one_name_and_the_worksheet_as_the_roster(root, works):
    (root / "w.csv").write_text(worksheet())
    names = {f"{BY_ID[s]['name']}_{BY_ID[s]['moodle_id']}_assignsubmission_file_/w.ipynb": works[s] for s in works}
    run("collect", zipped(root / "s.zip", names), "-a", NAME, "--roster", "w.csv")
    run("grade", "--tier", "B", "--roster", "w.csv")
    assert "(4 scores)" in run("export", "moodle", "--roster", "w.csv").stdout
    found = scores(root / f"work/exports/moodle-{NAME}.csv", "Email address", "Grade")
    assert found == {BY_ID[s]["email"]: score for s, score in SCORES.items()}


GRADESCOPE = "submission_{n}:\n  :submitters:\n  - :name: X\n    :sid: '{sid}'\n    :email: {email}\n  :created_at: 2026-11-29 10:15:48 Z\n"


@pytest.mark.parametrize("roster", [ROSTER, ""])
def test_gradescope(root, works, roster):
    listed = "".join(GRADESCOPE.format(n=i, **BY_ID[s]) for i, s in enumerate(works)).encode()
    files = {f"assignment_7_export/submission_{i}/w.ipynb": works[s] for i, s in enumerate(works)}
    graded(zipped(root / "s.zip", {"assignment_7_export/submission_metadata.yml": listed, **files}), roster)
    assert "(4 submissions)" in run("export", "gradescope").stdout
    folder = root / "work/exports/gradescope" / NAME
    found = {path.stem: json.loads(path.read_text())["score"] for path in folder.glob("*.json")}
    assert found == {s if roster else BY_ID[s]["sid"]: float(score) for s, score in SCORES.items()}
    (root / "gradebook.csv").write_text(canvas_gradebook())  # and what Gradescope knew is enough for Canvas
    if roster:
        assert "(4 scores)" in run("export", "canvas", "--template", "gradebook.csv").stdout


def in_folders(root, works):
    for student, data in works.items():
        (root / "folder" / student / NAME).mkdir(parents=True)
        (root / "folder" / student / NAME / "w.ipynb").write_bytes(data)
    return root / "folder"


@pytest.fixture(scope="module", params=[ROSTER, ""], ids=["roster", "no roster"])
def from_folders(request, course, works, tmp_path_factory):
    """A class that came in folders STUDENT/ASSIGNMENT/, as from repositories; graded."""
    root = tmp_path_factory.mktemp("folders") / "class"
    shutil.copytree(course.root, root, ignore=shutil.ignore_patterns("work"))
    with contextlib.chdir(root):
        graded(in_folders(root, works), request.param)
    return root


def test_github_and_a_spreadsheet(from_folders, monkeypatch):
    monkeypatch.chdir(from_folders)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    run("export", "csv")
    rows = csv.DictReader((from_folders / "work/exports/grades.csv").read_text().splitlines())
    found = {row["student"]: row["score"] for row in rows}
    assert {s: found.get(s) for s in SCORES} == SCORES
    assert set(found) == set(SCORES) | ({"idle", "exc"} if (from_folders / "students.csv").exists() else set())
    assert f"({len(found)} submissions)" in run("export", "github").stdout


def test_blackboard(from_folders, monkeypatch):
    monkeypatch.chdir(from_folders)
    heads = [
        "Last Name",
        "First Name",
        "Username",
        "Student ID",
        "Last Access",
        "Availability",
        "A9 Test [Total Pts: 10 Score] |7",
    ]
    rows = [[*reversed(p["name"].split()), p["login"], p["sis_id"], "", "Yes", ""] for p in PEOPLE]
    text = "\ufeff" + "".join("\t".join(f'"{cell}"' for cell in row) + "\r\n" for row in [heads, *rows])
    (from_folders / "gc.xls").write_bytes(text.encode("utf-16-le"))
    done = run("export", "blackboard", "--template", "gc.xls")
    found = scores(from_folders / "work/exports/blackboard.xls", "Username", heads[-1], "utf-16", "\t")
    assert found == {BY_ID[s]["login"]: score for s, score in SCORES.items()}
    assert "(4 scores)" in done.stdout


def test_brightspace(from_folders, monkeypatch):
    monkeypatch.chdir(from_folders)
    grade = "A9 Test Points Grade <Numeric MaxPoints:10>"
    rows = [[f"#{p['sis_id']}", f"#{p['login']}", "", "#"] for p in PEOPLE]
    heads = ["OrgDefinedId", "Username", grade, "End-of-Line Indicator"]
    (from_folders / "g.csv").write_text("".join(",".join(row) + "\n" for row in [heads, *rows]))
    done = run("export", "brightspace", "--template", "g.csv")
    found = scores(from_folders / "work/exports/brightspace.csv", "Username", grade)
    assert found == {f"#{BY_ID[s]['login']}": score for s, score in SCORES.items()}
    assert "(4 scores)" in done.stdout


def test_a_students_own_record_of_another_person_finds_no_row(root, works):
    """A folder that a student filled says: I am number 1001. Nothing that collect did not sign is believed."""
    graded(zipped(root / "s.zip", {f"x_{number(s)}_5_w.ipynb": works[s] for s in works}), "")
    jane = root / "work/submitted/1001" / NAME / "received.json"
    (root / "work/submitted/eve" / NAME).mkdir(parents=True)
    eve = root / "work/submitted/eve" / NAME / "received.json"
    for text in (jane.read_text(), jane.read_text().replace('"student": "1001"', '"student": "eve"')):
        eve.write_text(text)
        eve.with_name(f"{NAME}.ipynb").write_bytes(works["moh"])
        run("grade", "--tier", "B")
        (root / "gradebook.csv").write_text(canvas_gradebook())
        done = run("export", "canvas", "--template", "gradebook.csv", code=1)
        assert "eve: expected a row of their own in gradebook.csv, got none" in done.stderr
        assert scores(root / "work/exports/canvas.csv", "ID", "a9_test (77)")["1001"] == "10"


def test_collecting_once_more_adds_the_hosts_number_to_an_older_record(root, works):
    archive = zipped(root / "s.zip", {"x_1001_5_w.ipynb": works["jdoe"]})
    (root / "students.csv").write_text("id,canvas_id\njdoe,1001\n")
    folder = in_folders(root, {"jdoe": works["jdoe"]})
    run("collect", folder, "-a", NAME)
    record = root / "work/submitted/jdoe" / NAME / "received.json"
    before = json.loads(record.read_text())
    assert before["identity"] == {}
    assert "1 unchanged" in run("collect", archive, "-a", NAME).stdout
    after = json.loads(record.read_text())
    assert after["identity"] == {"canvas_id": "1001"}
    assert after["host_name"] == "x_1001_5_w.ipynb"
    said_by_host = {"identity", "host_name", "mac"}
    assert {k: v for k, v in after.items() if k not in said_by_host} == {
        k: v for k, v in before.items() if k not in said_by_host
    }
    assert "0 submissions" not in run("grade", "--tier", "B").stdout


def kept(root):
    return json.loads((root / "work/worksheets/kept.json").read_text())["files"]


def test_the_worksheet_that_collect_got_needs_no_second_path(root, works):
    """The exported file is the same as with --worksheet, in its name and in its bytes."""
    files = {f"{BY_ID[s]['name']}_{BY_ID[s]['moodle_id']}_assignsubmission_file_/w.ipynb": works[s] for s in works}
    archive = zipped(root / "submissions.zip", files)
    (root / "students.csv").write_text(ROSTER, encoding="utf-8")
    (root / "Grades-CS101.csv").write_bytes(worksheet().encode())
    run("collect", archive, "-a", NAME, "--worksheet", "Grades-CS101.csv", "--dry-run")
    assert not (root / "work/worksheets").exists()
    done = run("collect", archive, "-a", NAME, "--worksheet", "Grades-CS101.csv")
    assert f"kept for export moodle: work/worksheets/moodle-{NAME}.csv" in done.stdout
    assert [(f["host"], f["assignment"], f["given"]) for f in kept(root)] == [("moodle", NAME, "Grades-CS101.csv")]
    run("grade", "--tier", "B")
    run("export", "moodle", "--worksheet", "Grades-CS101.csv", "--out", "one.csv")
    (root / "Grades-CS101.csv").unlink()
    done = run("export", "moodle")
    assert f"worksheet: work/worksheets/moodle-{NAME}.csv, from Grades-CS101.csv, given to collect on 20" in done.stderr
    assert f"moodle: work/exports/moodle-{NAME}.csv (4 scores)" in done.stdout
    assert (root / f"work/exports/moodle-{NAME}.csv").read_bytes() == (root / "one.csv").read_bytes()


def test_a_gradebook_that_collect_got_is_filled_in_and_a_newer_one_takes_its_place(root, works):
    archive = zipped(root / "submissions.zip", {f"x_{number(s)}_5_w.ipynb": works[s] for s in works})
    (root / "old.csv").write_text(canvas_gradebook("a9_test (11)"))
    (root / "new.csv").write_text(canvas_gradebook("a9_test (22)"))
    for name in ("old.csv", "new.csv"):
        run("collect", archive, "-a", NAME, "--worksheet", name)
    assert [(f["host"], f["assignment"], f["given"]) for f in kept(root)] == [("canvas", "", "new.csv")]
    run("grade", "--tier", "B")
    done = run("export", "canvas")
    assert "worksheet: work/worksheets/canvas.csv, from new.csv" in done.stderr
    found = scores(root / "work/exports/canvas.csv", "ID", "a9_test (22)")
    assert found == {number(s): score for s, score in SCORES.items()}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id,name\nada,Ada\n", "got the columns id, name. Hint: a list of students goes to --roster."),
        ("a,b\n1,2\n", "got the columns a, b. Hint: download it anew from the host."),
        ("PK\3\4x", "got a zip or a workbook of Excel. Hint: download it anew, as CSV."),
        ("", "got an empty file"),
    ],
)
def test_a_file_that_is_no_worksheet_is_one_line_and_nothing_is_placed(root, works, text, says):
    archive = zipped(root / "submissions.zip", {"x_1_5_w.ipynb": works["jdoe"]})
    (root / "w.csv").write_text(text)
    with pytest.raises(AutograderError) as caught:
        run("collect", archive, "-a", NAME, "--worksheet", "w.csv")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (root / "work" / "submitted").exists()


def test_the_record_of_worksheets_leads_to_no_other_folder(root, works):
    run("collect", zipped(root / "s.zip", {"x_1_5_w.ipynb": works["jdoe"]}), "-a", NAME)
    run("grade", "--tier", "B")
    (root / "work/worksheets").mkdir()
    file = '{"host": "canvas", "file": "../x.csv", "given": "x", "sha256": "%s", "kept_at": "2026-01-01T00:00Z"}'
    (root / "work/worksheets/kept.json").write_text('{"files": [%s]}' % (file % ("0" * 64)))
    with pytest.raises(AutograderError, match=r"expected what autograder collect --worksheet wrote, got something"):
        run("export", "canvas")
