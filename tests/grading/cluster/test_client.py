"""What the client of a cluster does with each thing that Dask may tell it, and which results it believes.

Dask is a stand-in here: what each of its futures ends with is written down beforehand.
"""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from result_builders import nothing

from autograder.authoring.seeds import seed_of
from autograder.errors import AutograderError, SandboxError
from autograder.grading.cluster import client
from autograder.grading.cluster.messages import CourseMessage, SubmissionMessage, pack, take_batch, unpack
from autograder.grading.cluster.replies import ReplyReader
from autograder.intake.submissions import Submission
from autograder.records.provenance import provenance
from autograder.records.result import Sandbox

distributed = pytest.importorskip("distributed", reason="distributed is not installed: there is no cluster to grade on")

SUITE, SECRET = "5" * 64, b"s" * 32
SUITES = {"a1": SimpleNamespace(name="a1", max_score=10, suite_sha256=SUITE)}
COURSE = CourseMessage(
    ("a1",), {"a1": SUITE}, provenance().model_dump_json(), None, "cpu", True, files={}, secret=SECRET
)


def submission(student, path=None):
    return Submission(student, "a1", path, "nothing was handed in")


def result(student, **fields):
    """The only result that is right for who handed in nothing."""
    made = nothing(student, max_score=10, reason="", suite_sha256=SUITE, provenance=provenance())
    return made.model_copy(update=fields)


def reply(*results, error=""):
    return {"results": [r.to_json() for r in results], "error": error, "worker": "tcp://w:1"}


class Future:
    def __init__(self, outcome):
        self.outcome = outcome

    def add_done_callback(self, call):
        call(self)

    def result(self):
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


class Dask:
    """A client whose workers answer as `answer(batch)` says."""

    status = "running"

    def __init__(self, answer, threads=None):
        self.answer, self.threads, self.sent = answer, threads or {"tcp://w:1": 1}, []

    def submit(self, function, course, batch, **_):
        self.sent.append([p.submission.student for p in batch])
        return Future(self.answer(batch))

    def nthreads(self):
        return self.threads

    def cancel(self, futures, force):
        pass

    def run(self, *_, **__):
        pass


def graded(dask, *students, tell=lambda _: None):
    return [r.student for r in results_of(dask, *students, tell=tell)]


def results_of(dask, *students, tell=lambda _: None):
    return client.ClusterRun(dask, "tcp://s:1", COURSE, SUITES, [submission(s) for s in students], tell).results()


def right(batch):
    return reply(*(result(p.submission.student) for p in batch))


# What becomes of a batch


def test_batches_become_smaller_towards_the_end(monkeypatch):
    """A quarter of what is left, for one worker with two batches at its door: 16 are 4, 3, 3, 2 and single ones."""
    monkeypatch.setattr(client, "POLL_SECONDS", 1000.0)
    dask = Dask(right)
    assert len(graded(dask, *(f"s{i:02}" for i in range(16)))) == 16
    assert [len(batch) for batch in dask.sent] == [4, 3, 3, 2, 1, 1, 1, 1]


def test_a_batch_that_kills_its_workers_goes_out_again_one_by_one():
    dask = Dask(lambda batch: distributed.KilledWorker("k", None, 3) if len(batch) > 1 else right(batch))
    students = [f"s{i:02}" for i in range(9)]
    assert sorted(graded(dask, *students)) == students
    assert dask.sent[0] == ["s00", "s01", "s02"]


def test_k8_a_submission_that_kills_worker_after_worker_is_an_error_and_the_others_are_graded():
    def answer(batch):
        return (
            distributed.KilledWorker("k", None, 3) if "bob" in {p.submission.student for p in batch} else right(batch)
        )

    results = {r.student: r for r in results_of(Dask(answer), "ada", "bob", "cat")}
    assert {s: r.status for s, r in results.items()} == {"ada": "missing", "bob": "error", "cat": "missing"}
    assert "expected it to live through this notebook" in str(results["bob"].flags[0])


@pytest.mark.parametrize(
    "lost", [OSError("gone"), TimeoutError(), distributed.client.FutureCancelledError("k", "lost")]
)
def test_a_lost_scheduler_ends_the_run_with_one_line_that_says_how_to_go_on(lost):
    with pytest.raises(
        AutograderError,
        match=r"tcp://s:1: expected the scheduler to stay, got a lost connection\. Hint: start .*; the same command goes on",
    ) as error:
        graded(Dask(lambda _: lost), "ada")
    assert "\n" not in str(error.value)


def test_a_client_that_is_no_longer_connected_sends_nothing():
    dask = Dask(right)
    dask.status = "connecting"
    with pytest.raises(AutograderError, match="expected the scheduler to stay"):
        graded(dask, "ada")
    assert dask.sent == []


def test_results_that_came_before_the_scheduler_was_lost_are_kept(monkeypatch):
    monkeypatch.setattr(client, "MAX_BATCH", 1)
    dask = Dask(lambda batch: OSError("gone") if batch[0].submission.student == "bob" else right(batch))
    results = results_of(dask, "ada", "bob")
    assert next(results).student == "ada"
    with pytest.raises(AutograderError, match="expected the scheduler to stay"):
        next(results)


def test_any_other_exception_of_a_worker_is_one_line():
    with pytest.raises(AutograderError, match="expected results, got ModuleNotFoundError: no autograder") as error:
        graded(Dask(lambda _: ModuleNotFoundError("no autograder\nin this image")), "ada")
    assert "\n" not in str(error.value)


def test_workers_of_several_threads_are_refused_with_the_command_to_start():
    with pytest.raises(AutograderError, match=r"got 8\. Hint: dask worker tcp://s:1 --nthreads 1 --nworkers 8"):
        graded(Dask(right, {"tcp://w:1": 1, "tcp://w:2": 8}), "ada")


def test_where_no_worker_comes_it_is_said_once_and_given_up(monkeypatch):
    monkeypatch.setattr(client, "POLL_SECONDS", 0.001)
    monkeypatch.setattr(client, "NO_WORKER_SECONDS", 0.01)
    monkeypatch.setattr(Future, "add_done_callback", lambda *_: None)
    dask, said = Dask(right), []
    dask.threads = {}
    with pytest.raises(AutograderError, match=r"tcp://s:1: expected workers, got none for .* Hint: dask worker"):
        graded(dask, "ada", tell=said.append)
    assert said == ["tcp://s:1: no worker there yet; waiting for one"]


# What a result must be


def take(*replies, batch=("ada",), course=COURSE):
    reader = ReplyReader(course)
    return [r for each in replies for r in reader.take(each, [SubmissionMessage(submission(s), None) for s in batch])]


@pytest.mark.parametrize(
    "fields",
    [
        {"student": "eve"},
        {"attempt": 1},
        {"suite_sha256": "6" * 64},
        {"submission_sha256": "7" * 64},
        {"seed": "8" * 64},
        {"provenance": provenance().model_copy(update={"numpy": "1.0"})},
        {"provenance": None},
        {"status": "graded"},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_a_result_of_something_that_was_not_sent_is_refused(fields):
    assert take(reply(result("ada"))) == [result("ada")]
    with pytest.raises(AutograderError, match="expected results of the notebooks that it was sent, got another"):
        take(reply(result("ada").model_copy(update=fields)))


def test_a_result_counts_once_and_none_may_lack():
    with pytest.raises(AutograderError, match="got another"):
        take(reply(result("ada"), result("ada")), batch=("ada", "bob"))
    with pytest.raises(AutograderError, match="expected 2 results, got 1"):
        take(reply(result("ada")), batch=("ada", "bob"))
    with pytest.raises(AutograderError, match="expected a result file's text"):
        take({"results": ['{"schema": 2}'], "error": "", "worker": "tcp://w:1"})


def test_what_a_worker_could_do_before_it_failed_is_kept():
    reader, batch = ReplyReader(COURSE), [SubmissionMessage(submission(s), None) for s in ("ada", "bob")]
    taken = reader.take(reply(result("ada"), error="zygote: gone."), batch)
    assert next(taken).student == "ada"
    with pytest.raises(SandboxError, match="tcp://w:1: zygote: gone"):
        next(taken)


def test_workers_of_another_tier_than_the_first_are_refused(tmp_path):
    """Marks of one class are made in one kind of sandbox."""
    path = tmp_path / "n.ipynb"
    path.write_text("{}")
    batch = [pack(Submission(s, "a1", path)) for s in ("ada", "bob")]
    sha = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"  # sha256 of {}
    a, b = (
        result(s, status="graded", submission_sha256=sha, seed=seed_of(SECRET, "a1", sha), sandbox=Sandbox(tier=tier))
        for s, tier in (("ada", "A"), ("bob", "B"))
    )
    reader = ReplyReader(COURSE)
    assert list(reader.take(reply(a), batch[:1])) == [a]
    with pytest.raises(SandboxError, match="expected sandbox tier A as on the other workers, got B"):
        list(reader.take(reply(b), batch[1:]))


# What travels


def test_no_repr_that_dask_may_log_holds_the_secret_or_a_students_text(tmp_path):
    path = tmp_path / "n.ipynb"
    path.write_text("my answer")
    shown = repr((replace(COURSE, files={"a1/hidden_checks.py": b"the answer"}), pack(Submission("ada", "a1", path))))
    assert "answer" not in shown
    assert "ssss" not in shown


def test_a_batch_has_no_more_bytes_than_a_message_should(tmp_path, monkeypatch):
    from collections import deque

    from autograder.grading.cluster import messages

    monkeypatch.setattr(messages, "MAX_BATCH_BYTES", 100)
    todo = deque()
    for i, size in enumerate((60, 40, 1, 500, 10)):
        path = tmp_path / f"{i}.ipynb"
        path.write_bytes(b"x" * size)
        todo.append(Submission(f"s{i}", "a1", path))
    assert [len(take_batch(todo, 50)) for _ in range(4)] == [2, 1, 1, 1]
    assert not todo


def test_a_notebook_arrives_as_it_was_handed_in(tmp_path):
    path = tmp_path / "n.ipynb"
    path.write_bytes(b"\xff\x00 no JSON")
    sent = Submission("ada", "a1", path, named_after="eve", received="2026-10-12T21:59:00+00:00", attempt=2)
    there = unpack(pack(sent), tmp_path / "there")
    assert there.notebook.read_bytes() == path.read_bytes()
    assert replace(there, notebook=path) == sent
