"""The job with the key: what it refuses of the results that it is given, and what it writes for students."""

import json
import os
import re
import shutil
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from attacks.test_markdown import ATTACKS, NO_WIDTH, OURS, rendered
from result_builders import collected, trust_of
from typer.testing import CliRunner

from autograder.assignment.samples import notebook_text, solved_cells
from autograder.ci_settings import CiSettings
from autograder.cli.main import app
from autograder.errors import AutograderError
from autograder.grading.grade_class import grade
from autograder.grading.plan import GradingPlan
from autograder.intake.submissions import find_submissions
from autograder.marking_rules import AssignmentRules, MarkingRules
from autograder.publishing import feedback
from autograder.publishing.publish import Class, publish
from autograder.publishing.signing import generate, is_signed, private_key, public_key
from autograder.records.result import Result
from autograder.records.store import read_result
from autograder.roster.roster import Person, make_roster
from autograder.secret import course_secret

COMMIT = "0123456789abcdef0123456789abcdef01234567"
WRONG = "def mean_square(x):\n    return sum(v * v for v in x)"
COMMANDS = CliRunner()
GOOD = 4  # results in `graded`


@pytest.fixture(scope="module")
def graded(course, skeleton, solved, tmp_path_factory):
    """ada: right. bob: wrong. cy: nothing. dan: no notebook. The first two out of git."""
    root = tmp_path_factory.mktemp("graded")
    wrong = notebook_text([(k, n, WRONG if n == "q1-solution" else s) for k, n, s in solved_cells(skeleton)])
    for student, text in (("ada", solved), ("bob", wrong), ("dan", "no JSON")):
        folder = root / "submitted" / student / "a9_test"
        folder.mkdir(parents=True)
        (folder / "a9_test.ipynb").write_text(text)
        collected(folder / "a9_test.ipynb", course_secret(course), commit=COMMIT)
    (root / "submitted" / "cy").mkdir()
    found = tuple(find_submissions(root / "submitted", ("a9_test",), trust=trust_of(course)))
    grade(GradingPlan(course, ("a9_test",), found, root / "results", tier="B"))
    return root / "results"


@pytest.fixture
def results(graded, tmp_path):
    return shutil.copytree(graded, tmp_path / "results")


@pytest.fixture
def run(course, results, tmp_path):
    def of(key=None):
        published = publish(course, results, tmp_path / "feedback", key)
        return published.number, {each.name: each.reason for each in published.refused}

    return of


def edited(file, edit):
    """The file with its JSON edited, written as `grade` writes: only the content is forged."""
    data = json.loads(file.read_text())
    edit(data)
    file.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n")


def checks(data):
    return data["questions"][0]["checks"]


def test_what_grade_wrote_is_published_whole(run, results, tmp_path):
    assert run() == (GOOD, {})
    written = sorted(str(p.relative_to(tmp_path / "feedback")) for p in (tmp_path / "feedback").rglob("*.*"))
    students, ends = ("ada", "bob", "cy", "dan"), ("check.json", "md", "result.json")
    assert written == sorted([*(f"a9_test/{s}.{end}" for s in students for end in ends), "junit.xml"])


def test_each_published_result_is_signed_over_its_exact_bytes(run, results, tmp_path):
    public = public_key(generate(tmp_path / "key.pem"))
    assert run(private_key(tmp_path / "key.pem")) == (GOOD, {})
    for student in ("ada", "bob", "cy", "dan"):
        signature = (tmp_path / f"feedback/a9_test/{student}.json.sig").read_bytes()
        data = (results / f"a9_test/{student}.json").read_bytes()
        assert is_signed(data, signature, public)
        assert not is_signed(data + b" ", signature, public)


def every_point(data):
    data["score"] = data["questions"][0]["score"] = data["max_score"]
    for check in checks(data):
        check["points"] = check["max_points"]


def above_the_maximum(data):
    checks(data)[0]["max_points"] = checks(data)[0]["points"] = 1000.0
    data["questions"][0]["score"] = sum(c["points"] for c in checks(data))
    data["score"] = data["questions"][0]["score"]


def points_above(data):
    checks(data)[0]["points"] = 1000.0


FORGERIES = {
    "more points than the maximum": (points_above, "expected at most"),
    "a larger maximum": (above_the_maximum, "expected the questions and checks of this course"),
    "a larger total": (lambda d: d.update(max_score=1.0), "expected 10 points in all"),
    "points for what failed": (every_point, "points for a fail, got another"),
    "a sum that is none": (lambda d: d.update(score=9.5), "expected the sum of its parts"),
    "a negative score": (lambda d: d.update(score=-1.0), "greater than or equal to 0"),
    "an unknown check": (lambda d: checks(d)[0].update(id="q1.easy"), "expected the questions and checks"),
    "a check less": (lambda d: checks(d).pop(1), "expected the questions and checks"),
    "no checks": (lambda d: d.update(questions=[], score=0.0), "expected the questions and checks"),
    "another title": (lambda d: checks(d)[0].update(title="easy"), "expected the questions and checks"),
    "a hidden check made public": (lambda d: checks(d)[1].update(visibility="public"), "expected the questions"),
    "a bonus question": (lambda d: d["questions"][0].update(bonus=True), "expected the questions and checks"),
    "an unknown diagnosis": (lambda d: checks(d)[0].update(diagnosis="1 2 3"), "expected a known diagnosis"),
    "another student's name": (lambda d: d.update(student="ada"), "expected the file 'ada.json'"),
    "another attempt": (lambda d: d.update(attempt=3), "expected the file '3.json'"),
    "another assignment": (lambda d: d.update(assignment="a1"), "expected the file 'bob.json'"),
    "other checks": (lambda d: d.update(suite_sha256="0" * 64), "expected this course's checks"),
    "an extra field": (lambda d: d.update(note="hi"), "note: Extra inputs are not permitted"),
    "no sandbox": (lambda d: d["sandbox"].update(tier="unsafe"), "expected a sandbox"),
    "no seed": (lambda d: d.update(seed=""), "expected a seed"),
    "no submission": (lambda d: d.update(submission_sha256="x"), "expected a submission's sha256"),
    "no provenance": (lambda d: d.update(provenance=None), "expected a provenance"),
    "a branch for a commit": (lambda d: d["provenance"].update(commit="main; id"), "provenance.commit"),
    "points without questions": (lambda d: d.update(status="missing"), "expected no points for what is missing"),
    "a control character": (lambda d: checks(d)[0].update(message="a\u202eb"), "one short printable line"),
    "a long text": (lambda d: d.update(reason="x" * 3000), "one short printable line"),
    "text for a number": (lambda d: d.update(score=str(d["score"])), "expected the very bytes"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_i12_a_forged_result_is_refused_and_the_others_are_published(run, results, tmp_path, name):
    edit, reason = FORGERIES[name]
    edited(results / "a9_test/bob.json", edit)
    number, refused = run()
    assert number == GOOD - 1
    assert list(refused) == ["a9_test/bob.json"]
    assert reason in refused["a9_test/bob.json"]
    assert not (tmp_path / "feedback/a9_test/bob.md").exists()
    assert (tmp_path / "feedback/a9_test/ada.md").exists()


def test_the_editing_of_these_tests_forges_nothing_by_itself(run, results):
    edited(results / "a9_test/bob.json", lambda data: None)
    assert run() == (GOOD, {})


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('"score": 10.0,', '"score": NaN,', "score"),
        ('"score": 10.0,', '"score": Infinity,', "score"),
        ('"score": 10.0,', '"score": 1e400,', "score"),
        ('"score": 10.0,', '"score": 0.0, "score": 10.0,', "repeated key"),
        ('"score": 10.0,', '"score": 10.00,', "other spelling"),
        ('"schema": 2,', '"schema": 3,', "schema"),
        ('"schema": 2,', '"schema": 2, "x": ' + "[" * 100_000, "expected a result"),
        ("{", "", "expected a result"),
    ],
)
def test_i12_json_of_other_spelling_is_refused(run, results, old, new, reason):
    file = results / "a9_test/ada.json"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    number, refused = run()
    assert (number, list(refused)) == (GOOD - 1, ["a9_test/ada.json"])
    assert reason in refused["a9_test/ada.json"]


def test_i12_links_pipes_huge_files_and_odd_names_are_refused_and_nothing_is_followed(run, results, tmp_path):
    secret = tmp_path / "secret.json"
    (results / "a9_test/ada.json").rename(secret)
    (results / "a9_test/ada.json").symlink_to(secret)
    (results / "linked").symlink_to(results / "a9_test")
    os.mkfifo(results / "a9_test/pipe.json")
    with (results / "a9_test/huge.json").open("wb") as file:
        file.truncate(100 << 20)
    (results / "a9_test/..%2F..%2Fx.json").write_text("{}")
    (results / "a9_test/e\x1b[31m::error::.json").write_bytes((results / "a9_test/bob.json").read_bytes())
    deep = results / "a9_test/earlier/ada/1"
    deep.mkdir(parents=True)
    (results / "run.sh").write_text("id")
    number, refused = run()
    assert number == GOOD - 1
    assert refused.pop("a9_test/ada.json") == refused.pop("linked") == "expected a regular file, got a symbolic link"
    assert refused.pop("a9_test/pipe.json") == "expected a regular file, got something else"
    assert refused.pop("a9_test/huge.json") == "expected a result of at most 8 MiB, got 100 MiB"
    assert refused.pop("a9_test/earlier/ada/1") == "expected a regular file, got a folder"
    assert refused.pop("a9_test/e\x1b[31m::error::.json").startswith("expected the file 'bob.json'")
    assert all(reason.startswith("expected a result, got ") for reason in refused.values())
    assert set(refused) == {"a9_test/..%2F..%2Fx.json", "run.sh"}


def test_an_earlier_attempt_is_signed_and_is_no_feedback(run, results, tmp_path):
    first = results / "a9_test/earlier/bob/1.json"
    first.parent.mkdir(parents=True)
    shutil.copy(results / "a9_test/bob.json", first)
    edited(first, lambda data: data.update(attempt=1))
    generate(tmp_path / "key.pem")
    assert run(private_key(tmp_path / "key.pem")) == (GOOD + 1, {})
    assert [p.name for p in (tmp_path / "feedback/a9_test/earlier/bob").iterdir()] == ["1.json.sig"]


def test_hidden_checks_tell_their_title_and_a_stock_phrase_alone(run, results, tmp_path):
    """A message of a hidden check may carry whatever the job that ran beside student code knew."""

    def leak(data):
        for check in checks(data):
            if check["visibility"] == "hidden":
                check["message"] = "LEAK 0.123"

    seed = read_result(results / "a9_test/bob.json").seed
    edited(results / "a9_test/bob.json", leak)
    assert run() == (GOOD, {})
    everything = "".join(p.read_text() for p in (tmp_path / "feedback").rglob("*.*") if p.is_file())
    assert "LEAK" not in everything
    assert seed not in everything
    assert "(hidden)" in (tmp_path / "feedback/a9_test/bob.md").read_text()


def test_i3_student_text_is_inert_in_markdown(run, results, tmp_path):
    evil = "![x](https://evil.example/p.png) @everyone <img src=x> | # ✅ 100/100 ``` [a](b) :tada: fixes #1"
    edited(results / "a9_test/bob.json", lambda data: [c.update(message=evil) for c in checks(data) if c["message"]])
    edited(results / "a9_test/dan.json", lambda data: data.update(reason=evil))
    assert run() == (GOOD, {})
    for student in ("bob", "dan"):
        text = (tmp_path / f"feedback/a9_test/{student}.md").read_text()
        bare = re.sub(r"&#\d+;", "", text)  # what Markdown may take for structure
        assert not any(sign in bare for sign in ("!", "[", "(x", "@", "<", "`", "//", ":tada", "#1"))
    assert "&#33;&#91;x&#93;" in (tmp_path / "feedback/a9_test/dan.md").read_text()


@pytest.mark.parametrize("text", ATTACKS, ids=range(len(ATTACKS)))
def test_i3_feedback_renders_to_our_own_elements_and_no_others(results, text):
    bob, dan = (read_result(results / f"a9_test/{s}.json") for s in ("bob", "dan"))
    (question,) = bob.questions
    forged = question.model_copy(
        update={"checks": tuple(c.model_copy(update={"message": text}) for c in question.checks)}
    )
    for result in (bob.model_copy(update={"questions": (forged,)}), dan.model_copy(update={"reason": text})):
        source = feedback.markdown(feedback.Feedback("Title", result))
        page = rendered(source)
        assert set(re.findall(r"<([a-z0-9]+)", page)) <= OURS
        assert page.count("<tr>") == (4 if result.questions else 0)
        assert not re.search(r"www\.|://", source)
        assert not re.search(rf"[@#:/](?!{NO_WIDTH})\w", re.sub(r"<[^>]*>", "", page).replace("Title:", ""))


def test_a_check_run_names_the_commit_and_a_conclusion(run, results, tmp_path):
    run()
    ada, bob, dan = (
        json.loads((tmp_path / f"feedback/a9_test/{s}.check.json").read_text()) for s in ("ada", "bob", "dan")
    )
    assert (ada["head_sha"], ada["status"], ada["conclusion"]) == (COMMIT, "completed", "success")
    assert bob["conclusion"] == "neutral"
    assert (dan["conclusion"], "head_sha" in dan) == (
        "failure",
        False,
    )  # nothing was graded: `ci post` knows the commit
    assert ada["output"]["title"] == "10 of 10 points"
    assert ada["output"]["summary"] == (tmp_path / "feedback/a9_test/ada.md").read_text()


def test_a_long_summary_is_cut_between_two_rows_and_says_so(results):
    result = read_result(results / "a9_test/bob.json")
    (question,) = result.questions
    many = question.model_copy(update={"checks": question.checks * 2000})
    body = feedback.check_run(feedback.Feedback("t", result.model_copy(update={"questions": (many,)})))
    summary = body["output"]["summary"]
    assert 59_000 < len(summary) <= 60_000
    assert summary.endswith("|\n\nMore checks than can be shown here: your instructor has all of them.\n")


def test_classroom_50_gets_its_result(run, results, tmp_path):
    run()
    ada, cy = (json.loads((tmp_path / f"feedback/a9_test/{s}.result.json").read_text()) for s in ("ada", "cy"))
    assert (ada["schema"], ada["owner"], ada["assignment"]) == ("classroom50/result/v1", "ada", "a9_test")
    assert (ada["score"], ada["max-score"], type(ada["score"])) == (10, 10, int)
    assert sum(test["max-score"] for test in ada["tests"]) == 10
    assert all(test["passed"] and test["score"] == test["max-score"] for test in ada["tests"])
    assert (cy["score"], cy["tests"]) == (0, [])


def test_before_the_due_time_a_course_may_say_only_how_many_hidden_checks_pass(results, course, tmp_path):
    """The level holds for the page, the check run and Classroom 50's result. After the due time all is said."""
    rules = AssignmentRules(due=datetime(2026, 10, 12, tzinfo=UTC))
    settings = {"policy": MarkingRules(assignments={"a9_test": rules}), "ci": CiSettings(hidden_feedback="counts")}
    texts = {}
    for day in (11, 13):
        class_ = Class(now=datetime(2026, 10, day, tzinfo=UTC))
        publish(replace(course, **settings), results, tmp_path / str(day), None, class_)
        texts[day] = "".join(p.read_text() for p in sorted((tmp_path / str(day) / "a9_test").glob("bob.*")))
    titles = [c.title for c in read_result(results / "a9_test/bob.json").checks if c.visibility == "hidden"]
    assert titles
    assert not [t for t in titles if t in texts[11] or feedback.markdown_text(t) in texts[11]]
    assert all(feedback.markdown_text(t) in texts[13] for t in titles)
    assert "hidden checks pass" in texts[11]


def test_a_student_who_left_the_class_gets_no_feedback(results, course, tmp_path):
    roster = make_roster([Person("ada", withdrawn=True), Person("bob")], "students.csv")
    assert publish(course, results, tmp_path / "feedback", None, Class(roster)).number == GOOD
    assert not (tmp_path / "feedback/a9_test/ada.md").exists()
    assert (tmp_path / "feedback/a9_test/bob.md").exists()


def test_gitlab_gets_a_suite_a_student(run, tmp_path):
    run()
    suites = ET.parse(tmp_path / "feedback/junit.xml").getroot()
    assert [s.get("name") for s in suites] == [f"a9_test: {s}" for s in ("ada", "bob", "cy", "dan")]
    assert suites[0].get("failures") == "0"
    assert suites[1].get("failures") != "0"


def test_publishing_twice_gives_the_same_bytes(run, tmp_path):
    generate(tmp_path / "key.pem")
    key = private_key(tmp_path / "key.pem")

    def written():
        return {p: p.read_bytes() for p in (tmp_path / "feedback").rglob("*.*") if p.is_file()}

    run(key)
    first = written()
    run(key)
    assert written() == first


def test_the_command_lists_what_is_refused_and_exits_with_1(results, course, tmp_path, monkeypatch):
    monkeypatch.delenv("AUTOGRADER_SIGNING_KEY", raising=False)
    arguments = ["ci", "publish", str(results), "--out", str(tmp_path / "feedback"), "--course", str(course.root)]
    good = COMMANDS.invoke(app, arguments)
    assert good.exit_code == 0
    assert "4 results published, NOT signed: there is no key; 0 refused." in good.output
    made = COMMANDS.invoke(app, ["ci", "keygen", "--out", str(tmp_path / "key.pem")])
    assert made.exit_code == 0
    assert "PRIVATE KEY" not in made.output
    monkeypatch.setenv("AUTOGRADER_SIGNING_KEY", (tmp_path / "key.pem").read_text())
    (results / "a9_test/\x1b[31m::error::.json").write_text("{}")
    bad = COMMANDS.invoke(app, arguments)
    assert bad.exit_code == 1
    assert "refused a9_test/" in bad.output
    assert "4 results signed and published; 1 refused." in bad.output
    assert not any(sign in bad.output for sign in ("\x1b", "::error::"))


def test_the_command_writes_what_counts_of_late_work_and_knows_the_extensions_of_the_roster(results, course, tmp_path):
    """ada's work came years after the due time; bob's extension is later still."""
    root = shutil.copytree(course.root, tmp_path / "course")
    rules = "[marks]\nlate_percent_a_day = 100\n[assignments.a9_test]\ndue = 2020-10-12T18:00:00Z\n"
    (root / "course.toml").write_text(f'title = "T"\n{rules}')
    (root / "students.csv").write_text("id,extension\nada,\nbob,2100-01-01T00:00:00Z\ncy,\ndan,\n")
    done = COMMANDS.invoke(app, ["ci", "publish", str(results), "--out", str(tmp_path / "f"), "--course", str(root)])
    assert done.exit_code == 0, done.output
    ada, bob = ((tmp_path / f"f/a9_test/{s}.md").read_text() for s in ("ada", "bob"))
    assert re.search(r"\* In time: received .*, due 2100-01-01 00:00 UTC \(your extension\)\.\n", bob)
    assert re.search(r"\* \d+ days late: received .*, due 2020-10-12 18:00 UTC\.\n", ada)
    assert re.search(r"\* \*\*Counted: 0 of 10 points\.\*\*\n", ada)


def test_feedback_of_an_earlier_time_is_told(results, course, tmp_path):
    publish(course, results, tmp_path / "feedback", None)
    (results / "a9_test/bob.json").unlink()
    assert publish(course, results, tmp_path / "feedback", None).stale == (tmp_path / "feedback/a9_test/bob.md",)


def test_a_folder_that_is_none_or_holds_the_feedback_is_misuse(course, results, tmp_path):
    (tmp_path / "link").symlink_to(results)
    for folder in (tmp_path / "nowhere", tmp_path / "link"):
        with pytest.raises(AutograderError, match="expected a folder of results, got none"):
            publish(course, folder, tmp_path / "feedback", None)
    with pytest.raises(AutograderError, match="expected a folder outside of the results"):
        publish(course, results, results / "feedback", None)


def test_what_is_told_of_a_hidden_check_never_is_its_message(results):
    result = read_result(results / "a9_test/bob.json")
    hidden = [c for q in feedback.redacted(result).questions for c in q.checks if c.visibility == "hidden"]
    assert hidden
    assert {c.message for c in hidden} <= {"", *feedback.DIAGNOSES.values(), *feedback._WHY.values()}
    Result.model_validate_json(feedback.redacted(result).to_json())
