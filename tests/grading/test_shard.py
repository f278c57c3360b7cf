"""--shard I/N: parts of a class that are graded beside each other and leave, together, what one run leaves."""

import shutil
import sys

import pytest
from result_builders import collected

from autograder.cli.main import main
from autograder.errors import AutograderError
from autograder.files import locked
from autograder.grading import grader
from autograder.grading.grade_class import grade
from autograder.grading.plan import GradingPlan
from autograder.grading.shard import Shard, parse_shard, share
from autograder.intake.received import Trust
from autograder.intake.submissions import Submission, find_submissions
from autograder.secret import course_secret, known_secret


@pytest.fixture(autouse=True)
def secret(monkeypatch):
    monkeypatch.setenv("AUTOGRADER_SECRET", "of this test")


@pytest.fixture
def run(course, hand_in):
    """Grade the class or a shard of it into a folder. Returns {student: result}."""

    def of(out, shard=None):
        trust = Trust(known_secret(course) or b"none")
        found = find_submissions(hand_in.root, ("a9_test",), trust=trust)
        own = share(found, parse_shard(shard)) if shard else found
        plan = GradingPlan(course, ("a9_test",), tuple(own), out, tier="B", shard=shard is not None)
        return {r.student: r for r in grade(plan)}

    return of


@pytest.fixture
def a_class(course, hand_in, solved, starter):
    """Seven students; one with an earlier attempt, one whose notebook is none, one who handed in nothing."""
    for student in ("ada", "bob", "eve", "fay", "gus"):
        hand_in(student, solved if student < "c" else starter)
    hand_in("mal", "no JSON")
    (hand_in.root / "zoe").mkdir()
    collected(hand_in("eve", solved, "a9_test/earlier/1"), course_secret(course))


def contents(out):
    return {str(p.relative_to(out)): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}


def work(student, notebooks, path):
    return [Submission(student, "a1", path if i < notebooks else None, attempt=i) for i in range(max(1, notebooks))]


# Who is in which


@pytest.mark.parametrize("of", [1, 2, 3, 7, 12])
def test_every_submission_is_in_one_shard_and_a_students_stay_together(tmp_path, of):
    everything = [s for i in range(10) for s in work(f"s{i}", i % 4, tmp_path)]
    parts = [share(everything, Shard(i, of)) for i in range(1, of + 1)]
    assert sorted((s.student, s.attempt) for part in parts for s in part) == [
        (s.student, s.attempt) for s in everything
    ]
    for i in range(10):
        assert sum(any(s.student == f"s{i}" for s in part) for part in parts) == 1


def test_no_two_shards_differ_by_more_notebooks_than_one_student_has(tmp_path):
    """Students who handed in nothing cost nothing: they do not make a shard of idlers."""
    everything = [s for i in range(40) for s in work(f"s{i:02}", [3, 0, 1, 0][i % 4], tmp_path)]
    sizes = [sum(s.notebook is not None for s in share(everything, Shard(i, 4))) for i in range(1, 5)]
    assert sum(sizes) == 10 * 3 + 10 * 1
    assert max(sizes) - min(sizes) <= 3


def test_the_rule_worked_by_hand(tmp_path):
    """c has two notebooks, a and b one, d none: dealt c a b d."""
    everything = [s for name, n in (("a", 1), ("b", 1), ("c", 2), ("d", 0)) for s in work(name, n, tmp_path)]
    dealt = [[s.student for s in share(everything, Shard(i, 2))] for i in (1, 2)]
    assert dealt == [["b", "c", "c"], ["a", "d"]]


@pytest.mark.parametrize(
    "text", ["0/4", "5/4", "x", "", "1", "1/0", "0/0", "-1/4", "1/-4", "1.0/4", "٣/٤", "1/4/4", "1/100000000"]
)
def test_what_is_no_part_of_a_class_is_one_line(text):
    with pytest.raises(AutograderError, match=r"--shard: expected I/N with I from 1 to N, got .* Hint: ") as error:
        parse_shard(text)
    assert "\n" not in str(error.value)


# Together they are one run


def test_shards_in_one_folder_and_who_finishes_leave_what_one_run_leaves(run, a_class, tmp_path):
    run(tmp_path / "one")
    for shard in ("2/3", "3/3", "1/3"):
        run(tmp_path / "many", shard)
        assert not (tmp_path / "many" / "grades.csv").exists()
        assert not (tmp_path / "many" / ".history").exists()
    run(tmp_path / "many")
    assert contents(tmp_path / "many") == contents(tmp_path / "one")
    assert len(contents(tmp_path / "one")) == 8 + 1 + 8 + 2  # results, grades.csv, and the history's


def test_shards_in_folders_of_their_own_are_put_together_by_copying(run, a_class, tmp_path):
    run(tmp_path / "one")
    for i in (1, 2, 3):
        run(tmp_path / f"part{i}", f"{i}/3")
        shutil.copytree(tmp_path / f"part{i}", tmp_path / "many", dirs_exist_ok=True)
    run(tmp_path / "many")
    assert contents(tmp_path / "many") == contents(tmp_path / "one")


def test_who_finishes_grades_only_what_no_shard_did(run, a_class, hand_in, tmp_path, monkeypatch):
    run(tmp_path / "one")
    run(tmp_path / "many", "1/2")
    graded, real = [], grader.grade_submission
    monkeypatch.setattr(grader, "grade_submission", lambda s, *rest: graded.append(s.student) or real(s, *rest))
    everybody = find_submissions(hand_in.root, ("a9_test",))
    first = {s.student for s in share(everybody, Shard(1, 2)) if s.notebook}
    run(tmp_path / "many")
    assert not set(graded) & (first - {"mal"})  # what is malformed is looked at every time
    assert contents(tmp_path / "many") == contents(tmp_path / "one")


def test_a_class_that_shards_grade_again_has_the_history_of_one_run(run, a_class, hand_in, solved, tmp_path):
    for name in ("one", "many"):
        run(tmp_path / name)
    hand_in("fay", solved)
    run(tmp_path / "one")
    for shard in ("1/2", "2/2"):
        run(tmp_path / "many", shard)
    run(tmp_path / "many")
    assert contents(tmp_path / "many") == contents(tmp_path / "one")


def test_a_shard_replaces_no_result_that_the_history_has_not(run, a_class, hand_in, solved, tmp_path):
    """Nobody finished the earlier shards, so what they found is nowhere else."""
    out = tmp_path / "many"
    for shard in ("1/2", "2/2"):
        run(out, shard)
    before = contents(out)
    hand_in("fay", solved)
    with pytest.raises(AutograderError, match=r"which would be lost\. Hint: finish them with autograder grade"):
        for shard in ("1/2", "2/2"):
            run(out, shard)
    assert contents(out) == before
    assert run(out)["fay"].score == 10


# Beside each other


def test_shards_share_the_folder_and_a_whole_run_does_not(run, a_class, tmp_path):
    out = tmp_path / "many"
    out.mkdir()
    with locked(out, shared=True) as alone:
        assert not alone  # another shard's files under way are not swept
        run(out, "1/2")
        with pytest.raises(AutograderError, match="expected to be alone, got another run"):
            run(out)
    with locked(out), pytest.raises(AutograderError, match="expected to be alone, got another run"):
        run(out, "2/2")


def test_a_shard_makes_no_secret_since_every_machine_would_make_another(run, a_class, course, tmp_path, monkeypatch):
    monkeypatch.delenv("AUTOGRADER_SECRET")
    key = course.work / "secret.key"
    key.unlink(missing_ok=True)
    with pytest.raises(AutograderError, match=r"expected the secret that all shards share, got none\. Hint: "):
        run(tmp_path / "many", "1/2")
    assert not key.exists()
    course_secret(course)
    assert len(run(tmp_path / "many", "1/2")) == 4


def test_the_command_says_what_part_it_was_and_how_to_finish(course, hand_in, a_class, tmp_path, monkeypatch, capsys):
    words = ["autograder", "grade", hand_in.root, "--course", course.root, "--out", tmp_path / "r", "--jobs", 1]
    monkeypatch.setattr(sys, "argv", [*map(str, words), "--tier", "B", "--shard", "1/2"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 0
    assert "shard 1/2: 5 of 8" in (said := capsys.readouterr().out)
    assert "Next, after all shards: autograder grade" in said
    sys.argv[-1] = "5/4"
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    assert capsys.readouterr().err.startswith("autograder: --shard: expected I/N with I from 1 to N, got '5/4'.")
