"""From a host's download to the host's own file: collect, grade, export; n scores for n students, for each host.

The class: two attempts of one student, two people of one surname, a file that cannot be read, one who handed in nothing.
"""

import csv
import io
import json
import shutil

import pytest
from commands import run
from intake.counter import zipped

NAME = "a9_test"
ROSTER = """id,name,email,login,canvas_id,moodle_id,sis_id,github,groups
jdoe,Jane Doe,jdoe@uni.example,s_1234,1001,501,u1,jane-hub,Team 1
jd2,John Doe,john@uni.example,s5678,1002,502,u2,jd2,Team 1
zmue,Zoë Müller,zoe@uni.example,z.mue,1003,503,u3,zmue,Team 2
moh,محمد علي,m@uni.example,moh,1004,504,u4,moh,Team 2
idle,Ida Le,ida@uni.example,idle,1005,505,u5,idle,
"""
PEOPLE = list(csv.DictReader(io.StringIO(ROSTER)))
BY_ID = {person["id"]: person for person in PEOPLE}
SCORES = {"jdoe": "10", "jd2": "10", "zmue": "10", "moh": "0"}  # the last cannot be read
FIRST, SECOND = "2026-11-26-09-00-00", "2026-11-27-10-11-12"


@pytest.fixture
def root(course, tmp_path, monkeypatch):
    root = tmp_path / "class"
    shutil.copytree(course.root, root, ignore=shutil.ignore_patterns("work"))
    monkeypatch.chdir(root)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    return root


@pytest.fixture(scope="module")
def works(solved):
    """{student: bytes}: the same answers in three files, and a file that is no notebook."""
    data = json.loads(solved)
    made = {}
    for student in ("jdoe", "jd2", "zmue"):
        data["metadata"]["title"] = student
        made[student] = json.dumps(data).encode()
    return {**made, "moh": b"{"}


def graded(root, files, *, roster):
    """Collect a download twice, and grade it."""
    if roster:
        (root / "students.csv").write_text(ROSTER)
    source = zipped(root / "s.zip", files)
    for said in ("0 unchanged, 0 not placed", "0 placed, 0 new attempts"):
        assert said in run("collect", source, "-a", NAME).stdout
    run("grade", "--tier", "B")


def scores(path, key, column, encoding="utf-8-sig", delimiter=","):
    rows = csv.DictReader(io.StringIO(path.read_text(encoding)), delimiter=delimiter)
    return {row[key].strip(): row[column] for row in rows if row[column] and row[key].strip()}


def grades(root):
    """The scores of `export csv`."""
    run("export", "csv")
    return {
        s: score for s, score in scores(root / "work/exports/grades.csv", "student", "score").items() if s != "idle"
    }


def blackboard_sheet(root):
    heads = ["Last Name", "First Name", "Username", "Student ID", "A9 Test [Total Pts: 10 Score] |7"]
    rows = [[*reversed(p["name"].split()), p["login"], p["sis_id"], ""] for p in PEOPLE]
    text = "\ufeff" + "".join("\t".join(f'"{cell}"' for cell in row) + "\r\n" for row in [heads, *rows])
    (root / "gc.xls").write_bytes(text.encode("utf-16-le"))
    return heads[-1]


@pytest.mark.parametrize("roster", [True, False])
def test_blackboard(root, works, roster):
    files = {}
    for student, data in {"jdoe-first": works["jd2"], **works}.items():
        user = BY_ID[student.removesuffix("-first")]["login"]
        start = f"HW_1_{user}_attempt_{FIRST if student.endswith('-first') else SECOND}"
        files |= {f"{start}.txt": f"Name: Somebody ({user})".encode(), f"{start}_w.ipynb": data}
    graded(root, files, roster=roster)
    column = blackboard_sheet(root)
    done = run("export", "blackboard", "--template", "gc.xls")
    written = scores(root / "work/exports/blackboard.xls", "Username", column, "utf-16", "\t")
    assert written == {BY_ID[s]["login"]: score for s, score in SCORES.items()}
    assert "(4 scores)" in done.stdout
    jane = root / "work/submitted" / ("jdoe" if roster else "s_1234") / NAME
    assert (jane / "earlier/1" / f"{NAME}.ipynb").read_bytes() == works["jd2"]


def brightspace_sheet(root):
    grade = "A9 Test Points Grade <Numeric MaxPoints:10>"
    heads = ["OrgDefinedId", "Username", "Last Name", "First Name", grade, "End-of-Line Indicator"]
    rows = [[f"#{p['sis_id']}", f"#{p['login']}", *reversed(p["name"].split()), "", "#"] for p in PEOPLE]
    (root / "g.csv").write_text("".join(",".join(row) + "\n" for row in [heads, *rows]))
    return grade


@pytest.mark.parametrize("roster", [True, False])
@pytest.mark.parametrize("number", [True, False])
def test_brightspace(root, works, roster, number):
    def named(student):
        return f"{BY_ID[student]['sis_id']} {BY_ID[student]['name'].split()[-1]}" if number else BY_ID[student]["name"]

    ids = {s: f"{i}-99" for i, s in enumerate(works, 1000)}
    files = {f"{ids[s]} - {named(s)} - Nov 27, 2026 1011 AM/w.ipynb": works[s] for s in works}
    files[f"{ids['jdoe']} - {named('jdoe')} - Nov 26, 2026 900 PM/w.ipynb"] = works["zmue"]
    graded(root, {"index.html": b"<html>", **files}, roster=roster)
    grade = brightspace_sheet(root)
    done = run("export", "brightspace", "--template", "g.csv")
    written = scores(root / "work/exports/brightspace.csv", "Username", grade)
    assert written == {f"#{BY_ID[s]['login']}": score for s, score in SCORES.items()}
    assert "(4 scores)" in done.stdout


@pytest.mark.parametrize("roster", [True, False])
def test_ilias(root, works, roster):
    names = {
        "jdoe": "Doe_Jane_s_1234_301",
        "jd2": "Doe_John_s5678_302",
        "zmue": "Mueller_Zoe_z.mue_303",
        "moh": "Ali_M_moh_304",
    }
    files = {f"Exercise 1/Submissions/{names[s]}/w.ipynb": works[s] for s in works}
    graded(root, {"Exercise 1/Exercise_1.xlsx": b"x", **files}, roster=roster)
    known = {"jdoe": "1234", "jd2": "s5678", "zmue": "z.mue", "moh": "moh"}  # without a roster, `s_1234` is cut
    assert grades(root) == {(s if roster else known[s]): score for s, score in SCORES.items()}


@pytest.mark.parametrize("roster", [True, False])
def test_sakai(root, works, roster):
    files = {"Homework 1/grades.csv": b"x"}
    for s in works:
        first, last = BY_ID[s]["name"].split()
        top = f"Homework 1/{last}, {first}({BY_ID[s]['login']})"
        files |= {f"{top}/timestamp.txt": b"2026-11-27T10:11:12Z", f"{top}/Submission attachment(s)/w.ipynb": works[s]}
    graded(root, files, roster=roster)
    assert grades(root) == {(s if roster else BY_ID[s]["login"]): score for s, score in SCORES.items()}
    blackboard_sheet(root)  # the user name that Sakai wrote is enough for any host that has it
    assert "(4 scores)" in run("export", "blackboard", "--template", "gc.xls").stdout


@pytest.mark.parametrize("around", ["hw-submissions/hw-", "hw-"])
def test_github_classroom(root, works, around):
    files = {f"{around}{BY_ID[s]['github']}/{NAME}.ipynb": works[s] for s in works}
    graded(root, files, roster=True)
    assert grades(root) == SCORES
    assert "(5 submissions)" in run("export", "github").stdout


def canvas_sheet(root):
    lines = ["Student,ID,SIS User ID,SIS Login ID,Section,a9_test (77)", "    Points Possible,,,,,10.00"]
    lines += [f'"{p["name"]}",{p["canvas_id"]},{p["sis_id"]},{p["login"]},CS1,' for p in PEOPLE]
    (root / "gradebook.csv").write_text("\r\n".join(lines) + "\r\n")


def test_a_group_of_canvas_gets_a_score_for_each_member(root, works):
    graded(root, {"team1_1001_5_w.ipynb": works["jdoe"], "mllerzo_1003_6_w.ipynb": works["zmue"]}, roster=True)
    canvas_sheet(root)
    assert "(3 scores)" in run("export", "canvas", "--template", "gradebook.csv").stdout
    written = scores(root / "work/exports/canvas.csv", "ID", "a9_test (77)")
    assert written == {"1001": "10", "1002": "10", "1003": "10"}


def test_a_team_of_moodle_gets_a_score_for_each_member(root, works):
    """The team's number, 503, is Zoë's in another list."""
    graded(root, {"Team 1_503_assignsubmission_file/w.ipynb": works["jdoe"]}, roster=True)
    heads = "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed"
    rows = [f"Participant {p['moodle_id']},{p['name']},{p['email']},x,,10.00,Yes" for p in PEOPLE]
    (root / "w.csv").write_text("\n".join([heads, *rows]) + "\n")
    assert "(2 scores)" in run("export", "moodle", "--worksheet", "w.csv").stdout
    written = scores(root / f"work/exports/moodle-{NAME}.csv", "Email address", "Grade")
    assert written == {"jdoe@uni.example": "10", "john@uni.example": "10"}
