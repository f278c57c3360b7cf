"""A class of 24 and what it handed in, the same for every host. Each student earns another number of points.

Student N solves the questions that the bits of N name, so N points are right for N and for nobody else.
"""

import csv
import html
import io
import re
import shlex
import zipfile
from dataclasses import dataclass
from pathlib import Path

import commands
from patience import PATIENT

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import notebook_text, solved_cells

NAME, TITLE, FULL = "a6_bits", "Bits and pieces", 31
COURSE = """title = "Test course"
timezone = "Europe/Berlin"
[marks]
late_percent_a_day = 10
[assignments.a6_bits]
due = 2026-10-12
"""
FIRST, IN_TIME, TWO_DAYS_LATE = "2026-10-10T18:00+02:00", "2026-10-12T20:00+02:00", "2026-10-14T12:00+02:00"
TEAM = "Team 7"


@dataclass(frozen=True)
class Student:
    """number: the points that the student's work earns, too."""

    number: int
    login: str
    first: str
    last: str

    @property
    def name(self):
        return f"{self.first} {self.last}"

    @property
    def email(self):
        return f"{self.login}@uni.example"

    @property
    def canvas_id(self):
        return 1000 + 7 * self.number

    @property
    def moodle_id(self):
        return 5900 - self.number

    @property
    def sid(self):
        """The university's number. It begins with a zero, which spreadsheets like to lose."""
        return f"0{300 + self.number}"

    @property
    def github(self):
        return f"{self.login.title()}-hub"


PEOPLE = [
    Student(number, *names)
    for number, names in enumerate(
        [
            ("jdoe", "Jane", "Doe"),
            ("jdoe2", "Jane", "Doe"),
            ("zmueller", "Zoë", "Müller"),
            ("lobrien", "Łukasz", "O'Brien-Nguyễn"),
            ("wli", "伟", "李"),
            ("mali", "محمد", "علي"),
            ("mgarcia", "Maria Fernanda de los Ángeles", "García-Rodríguez de la Torre y Montenegro"),
            ("bastrom", "Bjørn", "Åström"),
            ("soconaill", "Seán", "Ó Conaill"),
            ("anguyen", "Thị Ánh", "Nguyễn"),
            ("iyilmaz", "İpek", "Yılmaz"),
            ("dpapad", "Δήμητρα", "Παπαδοπούλου"),
            ("oivanova", "Ольга", "Иванова"),
            ("jdangelo", "Jean-Luc", "D'Angelo"),
            ("abyron", "Ada", "Byron"),
            ("bray", "Bob", "Ray"),
            ("cyoung", "Cy", "Young"),
            ("dprince", "Di", "Prince"),
            ("eadams", "Eve", "Adams"),
            ("fwray", "Fay", "Wray"),
            ("ggrissom", "Gus", "Grissom"),
            ("ile", "Ida", "Le"),
            ("hjordan", "Hal", "Jordan"),
            ("igone", "Ivy", "Gone"),
        ],
        start=1,
    )
]
BY_LOGIN = {student.login: student for student in PEOPLE}
TWICE, LATE, MEMBERS = BY_LOGIN["abyron"], BY_LOGIN["bray"], (BY_LOGIN["cyoung"], BY_LOGIN["dprince"])
PDF, SCRIPT, BROKEN = BY_LOGIN["eadams"], BY_LOGIN["fwray"], BY_LOGIN["ggrissom"]
UNUSABLE = (PDF, SCRIPT, BROKEN)
NOTHING, EXCUSED, LEFT = BY_LOGIN["ile"], BY_LOGIN["hjordan"], BY_LOGIN["igone"]
STAYING = [student for student in PEOPLE if student is not LEFT]
HANDED_IN = [student for student in PEOPLE if student not in {NOTHING, EXCUSED}]
SCORED = [student for student in HANDED_IN if student is not LEFT]

# What counts in the end. Two days late cost 20 percent; the group's work is the work of its first member.
SCORES = {student.login: float(student.number) for student in SCORED}
SCORES |= {LATE.login: 12.8, MEMBERS[1].login: SCORES[MEMBERS[0].login]} | {each.login: 0.0 for each in UNUSABLE}

_NOTEBOOK = '# %% [markdown]\n# # Bits\n\n# %% role="setup"\nimport numpy as np\n' + "".join(
    f'''
# %% [markdown] q="q{i}"
# ## Question {i} ({points} point{"s" * (points > 1)})

# %% q="q{i}" role="solution"
def plus{i}(x):
    """x + {i}."""
    # BEGIN SOLUTION
    return x + {i}
    # END SOLUTION
'''
    for i, points in enumerate((1, 2, 4, 8, 16))
)
_CHECKS = "from autograder.authoring import assert_number, check\n" + "".join(
    f'''

@check("q{i}", points={points})
def test_plus{i}(student):
    """Plus {i}"""
    assert_number(student.plus{i}(3.0), 3.0 + {i})
'''
    for i, points in enumerate((1, 2, 4, 8, 16))
)
_SETTINGS = (
    f'title = "{TITLE}"\n[limits]\n'
    + "".join(f"{name} = {seconds}\n" for name, seconds in PATIENT.items())
    + "".join(
        f'[[questions]]\nid = "q{i}"\ntitle = "Plus {i}"\npoints = {points}\n'
        for i, points in enumerate((1, 2, 4, 8, 16))
    )
)


def make_course(root):
    """The course's folder. Returns {number of points: notebook}."""
    folder = root / "solutions" / NAME
    folder.mkdir(parents=True)
    (root / "course.toml").write_text(COURSE)
    for name, text in (("notebook.py", _NOTEBOOK), ("hidden_checks.py", _CHECKS), ("assignment.toml", _SETTINGS)):
        (folder / name).write_text(text)
    assignment = load_assignment(folder)
    return {points: _worth(assignment, points) for points in range(FULL + 1)}


def _worth(assignment, points):
    cells = solved_cells(assignment)
    for i in range(5):
        if not points >> i & 1:
            cells = [
                (kind, name, source.replace(f"return x + {i}", f"return x - {i} - 1")) for kind, name, source in cells
            ]
    return notebook_text(cells).encode()


def excuse(root, student):
    """Excuse a student, by the id that the roster gives the student, in course.toml."""
    with (root / "course.toml").open("a") as file:
        file.write(f'[marks.excused]\n"{student}" = ["{NAME}"]\n')


def work_of(student, notebooks, when):
    """(name of the file, its bytes) that the student has handed in by that time, or None."""
    if student not in HANDED_IN or (student is LATE and when != TWO_DAYS_LATE):
        return None
    if student is TWICE and when == FIRST:
        return "a6_bits.ipynb", notebooks[0]
    unusable = {
        PDF: ("a6_bits.pdf", b"%PDF-1.7 x"),
        SCRIPT: ("a6_bits.py", b"x = 1\n"),
        BROKEN: ("a6_bits.ipynb", b"{"),
    }
    if student in unusable:
        return unusable[student]
    points = MEMBERS[0].number if student in MEMBERS else student.number
    return ("Untitled 3_1.ipynb" if student.number % 5 == 0 else "a6_bits.ipynb"), notebooks[points]


def zipped(path, files):
    """A zip of {name: bytes}."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def run(*arguments, code=0):
    """What a command prints: (stdout, stderr). Its exit code is `code`."""
    done = commands.run(*arguments, code=code)
    return done.stdout, done.stderr


def commands_of(page):
    """The commands in the blocks of a page, in order."""
    blocks = re.findall(r"^ *```\n(.*?)^ *```$", page.read_text(), re.MULTILINE | re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip().startswith("autograder ")]


def run_page(page, roster):
    """Run the commands of a page of docs/hosts in this course, one after the other. Returns what each said.

    Some upload of the class is not placed, so `collect` ends with 1.
    """
    course = Path("course.toml")
    mail = '[email]\nhost = "smtp.uni.example"\nsender = "c@uni.example"\n'
    course.write_text(f'roster = "{roster}"\n{course.read_text()}{mail}')
    said = []
    for line in commands_of(Path(__file__).parents[2] / "docs" / "hosts" / f"{page}.md"):
        command, *arguments = shlex.split(line.replace("NAME", NAME))[1:]
        tier = ("--tier", "B") if command == "grade" else ()  # it is there on every machine
        out, err = run(command, *arguments, *tier, code=int(command == "collect"))
        said.append(out + err)
    return said


def table(data, encoding="utf-8-sig", delimiter=","):
    """The rows of a CSV, each {header: text}."""
    return list(csv.DictReader(io.StringIO(data.decode(encoding), newline=""), delimiter=delimiter))


def csv_bytes(rows, encoding="utf-8", delimiter=",", end="\r\n", quoting=csv.QUOTE_MINIMAL):
    """A CSV with these rows."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return out.getvalue().encode(encoding)


def our_roster():
    """students.csv with all that hosts know of a student, but for Moodle's number, and what only a teacher knows."""
    heads = "id,name,email,login,canvas_id,sis_id,sid,github,groups,excused,withdrawn".split(",")
    rows = [heads]
    for s in PEOPLE:
        numbers = [s.canvas_id, s.sid, s.sid, s.github]
        facts = [TEAM if s in MEMBERS else "", NAME if s is EXCUSED else "", "yes" if s is LEFT else ""]
        rows.append([s.login, s.name, s.email, s.login, *numbers, *facts])
    return csv_bytes(rows)


def not_placed(stdout):
    """{what collect calls it: the reason} of the table of what it could not place."""
    lines = iter(stdout.splitlines())
    for line in lines:
        if line.startswith("not placed "):
            break
    rows = {}
    for line in lines:
        what, _, reason = line.partition("  ")
        if line.startswith(("placed, but look", "submitted: ")):
            break
        rows[what] = reason.strip()
    return rows


def listed(stdout, expected):
    """Whether exactly these uploads are not placed, each for its reason. expected: {part of its name: of the reason}."""
    rows = not_placed(stdout)
    assert len(rows) == len(expected)
    for what, words in expected.items():
        (label,) = (label for label in rows if what in label)
        assert words in rows[label]
    return True


def marks(roster):
    """{student: (status, attempts, days late, score)}, as `export csv` writes them."""
    run("export", "csv", "--roster", roster)
    with open("work/exports/grades.csv", newline="") as file:
        return {r["student"]: (r["status"], r["attempts"], r["days_late"], r["score"]) for r in csv.DictReader(file)}


def expected_marks(id_of):
    """What `marks` gives if each student's work was found."""
    rows = {}
    for student in STAYING:
        status = "malformed" if student in UNUSABLE else "graded" if student in SCORED else "missing"
        attempts = 2 if student is TWICE else int(student in SCORED)
        score = f"{SCORES.get(student.login, 0.0):g}"
        rows[id_of(student)] = (status, str(attempts), "2" if student is LATE else "0", score)
    return rows


def pages(path):
    """{name: text} of a zip of pages, as a browser shows it."""
    with zipfile.ZipFile(path) as archive:
        return {name: html.unescape(archive.read(name).decode()) for name in archive.namelist()}


def sent_and_linked(root, roster, ids):
    """Whether mail would go to exactly the students with a mark, and each has a page of their own in the folder.

    ids: {student: what the roster calls the student}, for the mail's log.
    """
    out, _ = run("return", "--to", "email", "--roster", roster, "--dry-run")
    assert f"would send {len(SCORED)} messages" in out
    assert all(student.email in out for student in SCORED)
    run("return", "--to", "folder", "--roster", roster, "--url", "https://uni.example/f")
    links = {row["student"]: row["link"] for row in table((root / "work/returned/links.csv").read_bytes())}
    assert set(links) == {ids(student) for student in SCORED}
    for student in SCORED:
        page = root / "work/returned/site" / links[ids(student)].removeprefix("https://uni.example/f/")
        assert student.name in html.unescape(page.read_text()) or ids(student) in page.read_text()
    return True
