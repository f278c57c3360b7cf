"""A result is replayed with the seed it records, and its signature checked: what was changed is told."""

import json
import multiprocessing
import shutil
import stat
import subprocess

import pytest
from three_questions import WRONG_DOUBLE, handed_in, written
from typer.testing import CliRunner

from autograder.assignment.samples import notebook_text, solved_cells
from autograder.cli.main import app
from autograder.course import open_course
from autograder.errors import AutograderError
from autograder.grading.grade_class import grade
from autograder.grading.plan import GradingPlan
from autograder.intake.submissions import find_submissions
from autograder.judging.author_process import AuthorProcess
from autograder.publishing.replaying import replaying
from autograder.publishing.signing import generate, is_signed, private_key, public_key, sign
from autograder.publishing.verify import FEW, Sources, verify
from autograder.records.store import all_results, read_result, result_path
from autograder.roster.roster import Person, Roster

WRONG = "def mean_square(x):\n    return sum(v * v for v in x)"
COMMANDS = CliRunner()


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    return [_pair(folder / name) for name in ("ours", "theirs")]


def _pair(path):
    public = public_key(generate(path))
    return private_key(path), public


@pytest.fixture
def graded(course, hand_in, solved, skeleton, tmp_path):
    """graded(tier): ada's solution and bob's mistake, graded; the two files."""

    def of(tier="B"):
        hand_in("ada", solved)
        hand_in(
            "bob", notebook_text([(k, n, WRONG if n == "q1-solution" else s) for k, n, s in solved_cells(skeleton)])
        )
        out = tmp_path / "results"
        grade(GradingPlan(course, ("a9_test",), tuple(find_submissions(hand_in.root, ("a9_test",))), out, tier=tier))
        return [result_path(out, "a9_test", name) for name in ("ada", "bob")]

    return of


@pytest.fixture
def check(course, hand_in):
    def of(*files, **options):
        return list(verify(files, Sources(course, hand_in.root, **options)))

    return of


def changed(file, old, new):
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


@pytest.mark.parametrize("tier", ["A", "B"])
def test_a_replay_without_the_secret_is_identical_in_the_same_tier(graded, check, monkeypatch, tier):
    if tier == "A" and not shutil.which("bwrap"):
        pytest.skip("bubblewrap is not installed: tier A cannot be tested here")
    files = graded(tier)
    monkeypatch.setattr("autograder.grading.grade_class.course_secret", None)
    assert [(f.differs, f.environment, f.signature) for f in check(*files)] == [((), (), "not signed")] * 2


def test_a_raised_score_is_told_check_by_check(graded, check):
    _, bob = graded()
    result = read_result(bob)
    assert result.score < 10
    data = json.loads(bob.read_text())
    failed = next(c for c in data["questions"][0]["checks"] if c["outcome"] == "fail")
    data["questions"][0]["score"] += failed["max_points"]
    data["score"] += failed["max_points"]
    failed.update(outcome="pass", points=failed["max_points"])
    bob.write_text(json.dumps(data))
    (finding,) = check(bob)
    assert finding.differs[0] == f"score: recorded {data['score']:g}, replayed {result.score:g}"
    assert finding.differs[1].startswith(f"{failed['id']}: outcome recorded 'pass', replayed 'fail'; points recorded")
    assert len(finding.differs) == 2


def test_another_message_is_told(graded, check):
    _, bob = graded()
    message = next(c.message for c in read_result(bob).questions[0].checks if c.message)
    changed(bob, json.dumps(message)[1:-1], "well done")
    (finding,) = check(bob)
    assert len(finding.differs) >= 1
    assert all("message recorded 'well done', replayed " in each for each in finding.differs)


def test_another_notebook_and_other_checks_are_told(graded, check, hand_in, course, solved, monkeypatch):
    ada, bob = graded()
    shutil.copy(hand_in.root / "ada/a9_test/a9_test.ipynb", hand_in.root / "bob/a9_test/a9_test.ipynb")
    (finding,) = check(bob)
    assert finding.differs[0] == "another notebook: its sha256 is not the recorded one"
    (finding,) = check(ada, notebook=hand_in.root / "ada/a9_test/a9_test.ipynb")
    assert finding.differs == ()
    changed(ada, f'"suite_sha256": "{read_result(ada).suite_sha256}"', f'"suite_sha256": "{"0" * 64}"')
    (finding,) = check(ada)
    assert finding.differs == ("other checks: the assignment was changed since, or is of another version",)


def test_other_versions_are_told_and_are_no_difference_by_themselves(graded, check):
    ada, _ = graded()
    changed(ada, f'"numpy": "{read_result(ada).provenance.numpy}"', '"numpy": "1.0"')
    changed(ada, f'"lock_sha256": "{read_result(ada).provenance.lock_sha256}"', f'"lock_sha256": "{"0" * 64}"')
    (finding,) = check(ada)
    assert finding.differs == ()
    assert finding.environment[0].startswith("numpy recorded 1.0, here ")
    assert finding.environment[1:] == ("other installed versions",)


def test_what_is_no_result_differs_and_a_student_who_is_gone_is_misuse(graded, check, hand_in):
    ada, bob = graded()
    bob.write_bytes(bob.read_bytes()[:-20])
    assert check(bob)[0].differs == ("expected a result file whose numbers add up, got something else",)
    shutil.rmtree(hand_in.root / "ada")
    with pytest.raises(AutograderError, match="expected a submission of 'ada', got none"):
        check(ada)


def told(findings):
    return [(f.name, f.differs, f.signature, f.environment) for f in findings]


def test_many_results_are_graded_again_in_several_processes_and_told_in_their_order(graded, course, hand_in):
    ada, bob = graded()
    message = next(c.message for c in read_result(bob).questions[0].checks if c.message)
    changed(bob, json.dumps(message)[1:-1], "well done")
    files, sources = [ada, bob, ada, ada] * 3, Sources(course, hand_in.root)
    assert len(files) > FEW
    alone = told(verify(files[:2], sources))
    assert [bool(differs) for _, differs, *_ in alone] == [False, True]
    assert told(verify(files, sources, jobs=2)) == [alone[0], alone[1], alone[0], alone[0]] * 3


def test_where_a_process_ends_the_rest_is_graded_in_this_one(graded, course, hand_in):
    ada, _ = graded()
    (submission,) = find_submissions(hand_in.root, ("a9_test",), students=["ada"])
    with replaying(course, 2) as replay:
        results = replay([(read_result(ada), submission)] * 6)
        scores = [next(results).score]
        for process in multiprocessing.active_children():
            process.kill()
        scores += [result.score for result in results]
    assert scores == [10.0] * 6


def test_what_stands_before_a_student_who_is_gone_is_told(graded, course, hand_in):
    ada, bob = graded()
    shutil.rmtree(hand_in.root / "bob")
    findings = verify([ada, bob], Sources(course, hand_in.root))
    assert next(findings).differs == ()
    with pytest.raises(AutograderError, match="expected a submission of 'bob', got none"):
        next(findings)


def test_a_student_of_the_roster_who_handed_in_nothing_has_a_result_that_is_identical(
    course, hand_in, solved, tmp_path
):
    hand_in("ada", solved)
    roster = Roster((Person("ada"), Person("gone")))
    everybody = tuple(find_submissions(hand_in.root, ("a9_test",), roster=roster))
    grade(GradingPlan(course, ("a9_test",), everybody, tmp_path / "results", tier="B"))
    files = [result_path(tmp_path / "results", "a9_test", name) for name in ("ada", "gone")]
    assert [f.differs for f in verify(files, Sources(course, hand_in.root))] == [(), ()]


def test_a_signature_holds_for_these_bytes_and_this_key_alone(graded, check, keys):
    (ours, ours_public), (_, theirs_public) = keys
    ada, bob = graded()
    beside = ada.with_name("ada.json.sig")
    assert check(ada, key=ours_public)[0].differs == ("signature: expected one of the key, got none",)
    beside.write_bytes(sign(ada.read_bytes(), ours))
    assert check(ada)[0].signature == "signed; not checked: there is no --key"
    assert check(ada, key=ours_public)[0].differs == ()
    wrong = ("signature: it is not this key's signature of this file",)
    assert check(ada, key=theirs_public)[0].differs == wrong
    changed(ada, '"flags": []', '"flags":  []')
    assert check(ada, key=ours_public)[0].differs == wrong
    bob.with_name("bob.json.sig").write_bytes(beside.read_bytes())
    assert check(bob, key=ours_public)[0].differs == wrong


def test_one_flipped_bit_of_either_is_seen(keys):
    (ours, public), _ = keys
    data, signature = b'{"score": 10}\n', sign(b'{"score": 10}\n', ours)
    assert is_signed(data, signature, public)
    for i in range(len(data)):
        assert not is_signed(data[:i] + bytes([data[i] ^ 1]) + data[i + 1 :], signature, public)
    for i in range(len(signature) - 4):  # what follows is padding and the line's end
        assert not is_signed(data, signature[:i] + bytes([signature[i] ^ 1]) + signature[i + 1 :], public)
    for other in (b"", b"\xff", signature[:-20], signature + signature):
        assert not is_signed(data, other, public)


def test_a_signature_of_the_bare_bytes_is_none_of_a_result(keys):
    import base64

    (ours, public), _ = keys
    assert not is_signed(b"data", base64.b64encode(ours.sign(b"data")), public)


def test_signatures_disturb_neither_reading_nor_grading_again(graded, keys, tmp_path):
    ada, _ = graded()
    before, signature = ada.read_bytes(), ada.with_name("ada.json.sig")
    signature.write_bytes(sign(before, keys[0][0]))
    assert [r.student for r in all_results(tmp_path / "results")] == ["ada", "bob"]
    written = ada.stat().st_ino
    graded()
    assert (ada.stat().st_ino, ada.read_bytes()) == (written, before)
    assert signature.read_bytes() == sign(before, keys[0][0])


def test_the_command_says_identical_or_what_differs_and_hostile_text_is_inert(graded, hand_in, course, tmp_path):
    ada, bob = graded()
    common = ["--course", str(course.root), "--submitted", str(hand_in.root)]
    good = COMMANDS.invoke(app, ["verify", str(ada), *common])
    assert (good.exit_code, good.output) == (0, "a9_test, ada: identical (not signed)\n")
    message = next(c.message for c in read_result(bob).questions[0].checks if c.message)
    changed(bob, json.dumps(message)[1:-1], r"\u001b[31m[red]::error::\u202e")
    bad = COMMANDS.invoke(app, ["verify", str(tmp_path / "results"), *common])
    assert bad.exit_code == 1
    assert "2 results: 1 identical, 1 differ" in bad.output
    assert "message recorded" in bad.output
    assert not any(sign in bad.output for sign in ("\x1b", "\u202e", "::error::"))


def test_misuse_is_told_in_one_line(graded, hand_in, course, tmp_path):
    ada, bob = graded()
    common = ["--course", str(course.root), "--submitted", str(hand_in.root)]
    for arguments, said in (
        ([str(tmp_path / "nowhere")], "expected a result file or a folder of them, got none"),
        ([str(ada), str(bob), "--notebook", str(ada)], "expected one result for it, got 2"),
        ([str(ada), "--key", str(ada)], "expected a public Ed25519 key as PEM, got something else"),
    ):
        run = COMMANDS.invoke(app, ["verify", *arguments, *common])
        assert isinstance(run.exception, AutograderError)
        assert said in str(run.exception)


def test_a_private_key_is_for_its_owner_and_never_where_git_takes_it_along(tmp_path, monkeypatch):
    repository = tmp_path / "course"
    repository.mkdir()
    subprocess.run(["git", "init", "-q", str(repository)], check=True)
    with pytest.raises(AutograderError, match="expected a place that git does not look at"):
        generate(repository / "deep" / "key.pem")
    assert not (repository / "deep").exists()
    (repository / ".gitignore").write_text("work/\n")
    for target in (repository / "work" / "key.pem", tmp_path / "key.pem"):
        public = generate(target)
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
        assert b"PRIVATE" not in public.read_bytes()
        with pytest.raises(AutograderError, match="a key is never overwritten"):
            generate(target)
    monkeypatch.setenv("AUTOGRADER_SIGNING_KEY", target.read_text())
    assert is_signed(b"x", sign(b"x", private_key(None)), public_key(public))
    monkeypatch.setenv("AUTOGRADER_SIGNING_KEY", "s3cret words")
    with pytest.raises(AutograderError, match="expected a private Ed25519 key") as error:
        private_key(None)
    assert "s3cret" not in str(error.value)
    monkeypatch.delenv("AUTOGRADER_SIGNING_KEY")
    assert private_key(None) is None
    with pytest.raises(AutograderError, match="expected a private Ed25519 key"):
        private_key(public)


def test_results_that_are_graded_again_share_the_authors_process_as_in_a_class(tmp_path, hand_in, monkeypatch):
    """Its start would take longer than all other calls of such a small notebook."""
    assignment = written(tmp_path / "course", settings="stateless_solution = true\n")
    for student in ("ada", "bob"):
        hand_in(student, handed_in(assignment, WRONG_DOUBLE), "a8_three")
    course = open_course(tmp_path / "course")
    found = tuple(find_submissions(hand_in.root, ("a8_three",)))
    grade(GradingPlan(course, ("a8_three",), found, tmp_path / "results", tier="B"))
    files = [result_path(tmp_path / "results", "a8_three", name) for name in ("ada", "bob")]
    started, start = [], AuthorProcess._started
    monkeypatch.setattr(AuthorProcess, "_started", lambda *given, **more: started.append(1) or start(*given, **more))
    assert [f.differs for f in verify(files, Sources(course, hand_in.root))] == [(), ()]
    assert len(started) == 1
