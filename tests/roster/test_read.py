"""Rosters as people keep them and as hosts give them. Every expected line is read off the file by eye."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from autograder.errors import AutograderError, CourseError
from autograder.roster.class_roster import class_roster
from autograder.roster.read import read_roster
from autograder.roster.roster import Identity, Person, resolve

BERLIN = ZoneInfo("Europe/Berlin")
ADA = Person("ada", "Ada Lovelace", "ada@uni.edu", canvas_id="11")


@pytest.fixture
def read(tmp_path):
    def run(text, encoding="utf-8", **options):
        file = tmp_path / "students.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return read_roster(file, **{"zone": None, **options})

    return run


def test_a_user_name_is_read_without_the_sign_that_people_write_before_it(read):
    (ada,) = read("id,github,gitlab\nada,@ada-l,@ada\n").students
    assert (ada.user_on("github"), ada.user_on("gitlab")) == ("ada-l", "ada")


# However a spreadsheet saves it


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "text",
    [
        "id,name,email,canvas_id|ada,Ada Lovelace,ada@uni.edu,11|",
        "id;name;email;canvas_id|ada;Ada Lovelace;ada@uni.edu;11|",
        "id\tname\temail\tcanvas_id|ada\tAda Lovelace\tada@uni.edu\t11|",
        "sep=;|id;name;email;canvas_id|ada;Ada Lovelace;ada@uni.edu;11|",
        '"sep=,"|id,name,email,canvas_id|ada,Ada Lovelace,ada@uni.edu,11|',
        "ID, Name , E-Mail,Canvas ID|ada, Ada  Lovelace, ada@uni.edu ,11.0|,,,| , , , |",
        "Student ID,First Name,Last Name,Email Address,canvas-id,|ada,Ada,Lovelace,ada@uni.edu,11,|",
        "||id,name,email,canvas_id|ada,Ada Lovelace,ada@uni.edu,11",
    ],
)
def test_the_same_student_is_read_from_every_kind_of_table(read, text, end, encoding):
    assert read(text.replace("|", end), encoding).students == (ADA,)


def test_a_number_that_a_spreadsheet_made_a_fraction_is_whole_again_and_other_fractions_stay(read):
    people = read("id,canvas_id,name\n1001.0,7.00,x\n1.5,,y\n").students
    assert [(p.id, p.canvas_id) for p in people] == [("1001", "7"), ("1.5", "")]


def test_groups_withdrawn_and_excused_are_read(read):
    text = "id,groups,withdrawn,excused\nada,Team 1; Lab B,,a1 a2\nbob,,yes,\neve,,no,a1;a3\n"
    people = read(text).students
    assert [p.groups for p in people] == [("Team 1", "Lab B"), (), ()]
    assert [p.withdrawn for p in people] == [False, True, False]
    assert [sorted(p.excused) for p in people] == [["a1", "a2"], [], ["a1", "a3"]]


def test_an_extension_is_in_the_courses_time_and_a_day_means_its_end(read):
    people = read("id,extension\nada,2026-10-12\nbob,2026-12-01 18:00\neve,2026-10-12T12:00Z\n", zone=BERLIN).students
    assert [p.extension for p in people] == [
        datetime.fromisoformat("2026-10-12T23:59:59+02:00"),
        datetime.fromisoformat("2026-12-01T18:00+01:00"),
        datetime.fromisoformat("2026-10-12T12:00+00:00"),
    ]


def test_a_student_can_have_a_repository_for_each_assignment(read):
    (ada, bob) = read("id,remote:a1,Remote: a2,remote\nada,/x/1,,/x\nbob,,/y/2,\n").students
    assert ada.repositories(["a1", "a2", "a3"]) == {"/x/1": ("a1",), "/x": ("a2", "a3")}
    assert bob.repositories(["a1", "a2", "a3"]) == {"/y/2": ("a2",)}


# What is refused, in one line


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "expected a header and a line a student, got an empty file."),
        ("id,name\n", "expected a line a student, got only a header."),
        ("id,emial\nada,x\n", "got 'emial'. Hint: email?"),
        ("id,Canvas Nummer\nada,x\n", "got 'Canvas Nummer'."),
        ("name\nx\n", "expected a header with the column id and a line a student, got 'name'."),
        ("id,name,name\nada,x,y\n", "expected one column name, got two or more."),
        ("id,remote:a1,remote:a1\nada,x,y\n", "expected one column remote:a1, got two or more."),
        ("id,id\nada,x\n", "expected one column id, got two or more."),
        ("id\nada\nADA\n", "expected each id once, got 'ada' 2 times."),
        ("id,email\nada,x@y\nbob,X@Y\n", "expected each email once, got 'x@y' 2 times."),
        ("id,name\n../x,y\n", "line 2: expected an id of letters, digits and ._@+-, got '../x'. Hint: '-x'."),
        ("id,name\n,y\n", "line 2: expected an id of letters, digits and ._@+-, got ''."),
        ("id,name\nada,x,y\n", "line 2: expected 2 cells, got 3."),
        ('id,name\nada,"x\n', "expected CSV, got unexpected end of data."),
        ("id,withdrawn\nada,maybe\n", "line 2: expected withdrawn to be yes, no or empty, got 'maybe'."),
        ("id,extension\nada,soon\n", "line 2: expected an extension such as 2026-10-12 23:59, got 'soon'."),
        (b"id,name\nada,Jos\xe9\n", "expected UTF-8, got byte 0xe9 at 15. Hint: save it as CSV in UTF-8."),
        ("id,name\nada,x\n".encode("utf-16-le"), "expected CSV in UTF-8, got another encoding."),
        (b"PK\x03\x04xlsx", "expected CSV, got a zip or a workbook of Excel."),
    ],
)
def test_what_is_no_roster_is_refused_in_one_line_with_the_place(read, text, says):
    with pytest.raises(AutograderError) as error:
        read(text, zone=BERLIN)
    assert says in str(error.value)
    assert "students.csv" in str(error.value)
    assert len(str(error.value).splitlines()) == 1


# As hosts give it

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,a1 (9001),Final Score
    Points Possible,,,,,100.0,(read only)
"Lovelace, Ada",1001,u1,ada,CS1,90,50
Bob Noyce,1002,u2,bob@uni.edu,"CS1 and CS2, evening",EX,50
"Student, Test",1003,,abc123,CS1,,
"""
MOODLE_PEOPLE = '"Vorname";"Nachname";"E-Mail-Adresse";"Rollen";"Gruppen"\n"Ada";"Lovelace";"ada@uni.edu";"Teilnehmer/in";"G1, G2"\n"T";"X";"t@uni.edu";"Trainer/in";""\n'
MOODLE_SHEET = (
    "ID;Vollständiger Name;E-Mail-Adresse;Status;Bewertung\nTeilnehmer/in 111;Ada Lovelace;ada@uni.edu;x;90,50\n"
)
CLASSROOM = '"identifier","github_username","github_id","name"\n"ada@uni.edu","adal","123",""\n"Bob Noyce","","",""\n'
CLASSROOM_50 = (
    "username,first_name,last_name,email,section,github_id,role\nadal,Ada,Lovelace,ada@uni.edu,CS1,123,student\n"
    "ta1,T,A,t@uni.edu,,9,ta\nbob-n,Bob,,,,7,\n"
)
GRADESCOPE = (
    "First Name,Last Name,SID,Email,Role,Sections\nAda,Lovelace,1001,ada@uni.edu,Student,CS1\nT,A,,t@uni.edu,TA,\n"
)

CANVAS_FIRST_AND_LAST = """LastName,FirstName,ID,SIS Login ID,Section,a1 (9001)
    Points Possible,,,,,100.0
Lovelace,Ada,1001,ada,CS1,90
Student,Test,1003,abc123,CS1,
"""
CANVAS_GROUPS = """name,canvas_user_id,user_id,login_id,sections,group_name,canvas_group_id,group_id
"Lovelace, Ada",1001,u1,ada,CS1,Team 7,55,
Bob Noyce,1002,,bob,CS1,,,
"""
BLACKBOARD = """"Last Name","First Name","Username","Student ID","Last Access","Availability","a1 [Total Pts: 10 Score] |7"
"Lovelace","Ada","ada","0301","2026-10-01 10:00:00","Yes","5.0"
"Teacher","Tim","tim_previewuser","","","Yes",""
"""
BRIGHTSPACE = """OrgDefinedId,Username,Last Name,First Name,Email,a1 Points Grade <Numeric MaxPoints:10>,End-of-Line Indicator
#0301,#ada,Lovelace,Ada,ada@uni.edu,5,#
"""


@pytest.mark.parametrize(
    ("text", "people"),
    [
        (
            CANVAS,
            (
                Person("ada", "Ada Lovelace", section="CS1", login="ada", canvas_id="1001", sis_id="u1"),
                Person(
                    "bob@uni.edu",
                    "Bob Noyce",
                    section="CS1 and CS2, evening",
                    login="bob@uni.edu",
                    canvas_id="1002",
                    sis_id="u2",
                ),
            ),
        ),
        (MOODLE_PEOPLE, (Person("ada@uni.edu", "Ada Lovelace", "ada@uni.edu", groups=("G1", "G2")),)),
        (MOODLE_SHEET, (Person("ada@uni.edu", "Ada Lovelace", "ada@uni.edu", moodle_id="111"),)),
        (CLASSROOM, (Person("ada@uni.edu", "", "ada@uni.edu", github="adal"), Person("Bob-Noyce"))),
        (
            '"identifier","github_username","github_id","name","group_name"\n"ada","adal","1","","team-7"\n',
            (Person("ada", groups=("team-7",), github="adal"),),
        ),
        (
            CLASSROOM_50,
            (
                Person("adal", "Ada Lovelace", "ada@uni.edu", "CS1", github="adal"),
                Person("bob-n", "Bob", github="bob-n"),
            ),
        ),
        (GRADESCOPE, (Person("1001", "Ada Lovelace", "ada@uni.edu", "CS1", sid="1001"),)),
        (CANVAS_FIRST_AND_LAST, (Person("ada", "Ada Lovelace", section="CS1", login="ada", canvas_id="1001"),)),
        (
            CANVAS_GROUPS,
            (
                Person("ada", "Ada Lovelace", "", "CS1", ("Team 7",), "ada", canvas_id="1001", sis_id="u1"),
                Person("bob", "Bob Noyce", section="CS1", login="bob", canvas_id="1002"),
            ),
        ),
        (BLACKBOARD, (Person("ada", "Ada Lovelace", login="ada", sis_id="0301"),)),
        (BLACKBOARD.replace(",", "\t"), (Person("ada", "Ada Lovelace", login="ada", sis_id="0301"),)),
        (BRIGHTSPACE, (Person("ada", "Ada Lovelace", "ada@uni.edu", login="ada", sis_id="0301"),)),
        ("Username,a1 Points Grade,End-of-Line Indicator\n#ada,,#\n", (Person("ada", login="ada"),)),
        ("OrgDefinedId,a1 Points Grade,End-of-Line Indicator\n#0301,,#\n", (Person("0301", sis_id="0301"),)),
    ],
    ids=[
        "canvas",
        "moodle participants",
        "moodle worksheet",
        "github classroom",
        "github classroom, groups",
        "classroom 50",
        "gradescope",
        "canvas, first and last name",
        "canvas groups",
        "blackboard",
        "blackboard with tabs",
        "brightspace",
        "brightspace, user names",
        "brightspace, numbers",
    ],
)
def test_a_hosts_own_file_is_a_roster(read, text, people):
    assert read(text).students == people


# Whose work it is


def test_a_name_is_the_same_in_both_orders_and_however_its_letters_are_composed(read):
    people = read("id,name\nzoe,Zoë Müller\nada,Ada Lovelace\n")
    for name in ("Müller, Zoë", "zoë  müller", "Zoe\u0308 Mu\u0308ller"):
        assert resolve(Identity((("name", name),), ""), people) == "zoe"


def test_a_groups_members_are_known_by_the_groups_letters(read):
    people = read("id,groups\nada,Team 7\nbob,team-7; Lab\neve,Lab\n")
    assert people.members("team7") == ("ada", "bob")
    assert people.members("team 8") == ()


# Against the course


@pytest.fixture
def course(tmp_path):
    from autograder.course import open_course

    def run(settings, students="id,name\nada,Ada\n"):
        (tmp_path / "solutions/a1_test").mkdir(parents=True, exist_ok=True)
        (tmp_path / "solutions/a1_test/assignment.toml").touch()
        (tmp_path / "course.toml").write_text(settings)
        if students:
            (tmp_path / "students.csv").write_text(students)
        return open_course(tmp_path)

    return run


@pytest.mark.parametrize(
    ("settings", "students", "says"),
    [
        ("[marks.extensions.adda]\na1_test = 2026-10-12 12:00Z", "id\nada\n", "marks.extensions: expected a student of students.csv, got 'adda'. Hint: ada?"),
        ("[marks.excused]\nbob = ['a1_test']", "id\nada\n", "marks.excused: expected a student of students.csv, got 'bob'."),
        ("[marks.excused]\nbob = ['a1_test']", "name,email,sid\nBob X,bob@uni.edu,007\n", "got 'bob'. Hint: 007?"),
        ("[marks.excused]\n'X, Bob' = ['a1_test']", "name,email,sid\nBob X,bo@uni.edu,007\n", "got 'X, Bob'. Hint: 007?"),
        ("", "id,excused\nada,a1_tst\n", "ada: expected excused to be among a1_test, got 'a1_tst'. Hint: a1_test?"),
        ("roster = 'class.csv'", "", "class.csv: expected a roster, got no file."),
    ],
)  # fmt: skip
def test_a_name_that_occurs_nowhere_is_one_line(course, settings, students, says):
    with pytest.raises((CourseError, AutograderError)) as error:
        class_roster(course(settings, students))
    assert says in str(error.value)


def test_a_course_without_a_roster_is_a_course(course):
    assert class_roster(course("", "")) is None
    assert class_roster(course("")).students == (Person("ada", "Ada"),)


def test_a_file_that_is_given_goes_before_the_courses_own(course, tmp_path):
    other = Path(tmp_path / "other.csv")
    other.write_text("id\nbob\n")
    assert [p.id for p in class_roster(course(""), other).students] == ["bob"]
