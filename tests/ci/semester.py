"""A class with its odd students, graded by the workflow's own steps, and what came out beside what is expected.

`make test` runs it with 12 ordinary students, `make ci-class` with a class of 300.
"""

import csv
import html
import io
import json
from contextlib import contextmanager

from ci.classroom import GIT, Runner, git, hosted, of_branch
from ci.odd_students import ASKED, EARLY, LOCAL_DUE, Odd, Row, odd_students, path_of, right
from ci.school import Push, School
from ci.test_class import notebook
from hosting.stand_in import serve
from patience import be_patient

from autograder.assignment.assignment import load_assignment
from autograder.assignment.released_cells import released_cells
from autograder.assignment.samples import notebook_text
from autograder.ci import setup
from autograder.course import open_course
from autograder.publishing.signing import generate
from autograder.scaffold import new

JOBS = ("collect", "grade", "publish", "record")
TOKENS = {"COLLECT_TOKEN": "reads", "FEEDBACK_TOKEN": "posts"}
WRONG = Row(points=0, reads=("0 of 10 points",))
COLUMNS = ("id", "name", "remote", "extension", "withdrawn", "excused")


class Semester:
    """The course on a server of its own, the students' school, and the jobs of one night after another.

    size: how many students are in the class, the odd ones included.
    """

    def __init__(self, root, names, size):
        self.root, self.names = root, names
        self.course = _course(root / "course", names)
        self.school = School(root, tokens=list(TOKENS.values()))
        odd = self._odd()
        ordinary = size - sum(student.is_present for student in odd)
        self.students = [*odd, *(_ordinary(number, names) for number in range(ordinary))]
        for student in self.students:
            if student.pushes is not None:
                self.school.add(student.who, student.pushes)
        setup.write(open_course(self.course), "github")
        with (self.course / "students.csv").open("w", newline="") as file:
            csv.writer(file).writerows([COLUMNS, *map(self._line, self.students)])
        self.origin = hosted(self.course, root / "origin.git")
        generate(root / "signing.pem")
        secrets = {**TOKENS, "AUTOGRADER_SIGNING_KEY": (root / "signing.pem").read_text()}
        self.runner = Runner(self.course, root / "jobs", secrets, tools=self.school.tools, environment=GIT)

    def _odd(self):
        first = load_assignment(self.course / "solutions" / self.names[0])
        cells = [(cell.kind, f"c{number}", cell.source) for number, cell in enumerate(released_cells(first))]
        return odd_students(self.names, notebook_text(cells).encode())

    def _line(self, student):
        remote = self.school.remote(student.who) if student.listed else ""
        cells = {"id": student.who, "name": student.who.title(), "remote": remote, **student.cells}
        return [cells.get(column, "") for column in COLUMNS]

    @property
    def present(self):
        """The students who are in the class."""
        return [student for student in self.students if student.is_present]

    @contextmanager
    def host(self):
        """Within it, the jobs reach the stand-in of GitHub."""
        with serve(self.school.hosts) as address:
            self.runner.host = {"GITHUB_API_URL": address}
            yield

    def run(self, *jobs):
        """Run these jobs of the workflow. None of them is red."""
        for job in jobs:
            assert self.runner.run(job) == 0, f"{job}: {self.runner.logs[job]}"

    @property
    def tip(self):
        """The newest commit of the record."""
        return git(self.origin, "rev-parse", "marks")

    def differences(self):
        """What came out otherwise than expected, in words; none if all is well."""
        marks, issues = self.marks(), {place: _shown(body) for place, body in self.school.issues().items()}
        page = _shown(of_branch(self.origin)["README.md"].decode())
        expected = {(s.who, name): row for s in self.students for name, row in self._rows(s) if row}
        wrong = [f"{place}: a row that nobody expects" for place in sorted({*marks} - {*expected})]
        for (who, name), row in expected.items():
            section = page.partition(f"## {name}\n")[2].partition("\n## ")[0]
            lines = [line for line in section.splitlines() if line.startswith(f"| {who} |")]
            wrong += [f"{who}, {name}: {text}" for text in _wrong(row, marks.get((who, name)), issues.get((who, name)), lines)]  # fmt: skip
        return wrong

    def _rows(self, student):
        return [(name, student.others if number else student.row) for number, name in enumerate(self.names)]

    def marks(self):
        """{(student, assignment): (status, days late, mark)} of the record's table. Each has a result, too."""
        files = of_branch(self.origin)
        table = csv.DictReader(io.StringIO(files["grades.csv"].decode()))
        marks = {(r["student"], r["assignment"]): (r["status"], int(r["days_late"]), float(r["score"])) for r in table}
        results = [json.loads(data) for path, data in files.items() if path.startswith("results/") and path.endswith(".json")]  # fmt: skip
        assert {(r["student"], r["assignment"]) for r in results} == {*marks}
        return marks


def _shown(markdown):
    """As a reader sees it, without the marks that keep it from being more than text."""
    return html.unescape(markdown).replace("\u200b", "")


def _wrong(row, mark, issue, lines):
    """What is otherwise than the row says: the mark, what the student reads, the instructor's page."""
    if mark != (row.status, row.late, row.points):
        yield f"expected {(row.status, row.late, row.points)}, got {mark}"
    if row.reads is None and issue is not None:
        yield f"expected no issue, got {issue[:300]!r}"
    for word in row.reads or ():
        if word not in (issue or ""):
            yield f"expected an issue with {word!r}, got {issue and issue[:600]!r}"
    if len(lines) != (row.page is not None) or (lines and row.page not in lines[0]):
        yield f"expected the line {row.page!r} on the page, got {lines}"


def _course(root, names):
    """A course with these assignments, each with its due time in Berlin and its own function to write."""
    root.mkdir()
    (root / "course.toml").write_text('title = "Autumn"\n')
    for name in names:
        folder = new(open_course(root), name)
        be_patient(folder)
        for path in [*folder.rglob("*.py"), *folder.rglob("*.toml")]:
            path.write_text(path.read_text().replace("mean_square", ASKED[name]))
    due = "".join(f"[assignments.{name}]\ndue = {LOCAL_DUE[name]}\n" for name in names)
    rules = f'timezone = "Europe/Berlin"\n[marks]\nlate_percent_a_day = 10\n{due}'
    (root / "course.toml").write_text(f'title = "Autumn"\n{rules}')
    return root


def _ordinary(number, names):
    """A student whose work came in time. Every fourth one's is wrong."""
    who, is_wrong = f"s{number:03}", number % 4 == 3
    works = {path_of(n): _wrong_work(n, who) if is_wrong else right(n, who) for n in names}
    row = WRONG if is_wrong else Row()
    return Odd(who, (Push(EARLY, works),), row, row)


def _wrong_work(name, who):
    return notebook(f"def {ASKED[name]}(x):\n    return 0.0  # {who}")
