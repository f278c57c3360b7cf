"""The author's solution in a process that stays: nobody can tell from a result whether it did, and nothing piles up."""

import contextlib
import itertools
import os
import select
import signal
from types import SimpleNamespace

import numpy as np
import pytest
from bundled import ONE_TIER
from patience import BRIEF, opened
from three_questions import WRONG_DOUBLE, handed_in, written

from autograder.assignment.samples import notebook_text, starter_cells
from autograder.authoring.seeds import seeds_from
from autograder.errors import MemoryLimitError, TimeLimitError
from autograder.intake.submissions import Submission
from autograder.judging import author_process as solution
from autograder.judging import causes
from autograder.judging.author_process import AuthorProcesses
from autograder.judging.notebook_run import limits_of
from autograder.judging.submission import grade_submission
from autograder.sandbox.clocks import Deadline
from autograder.sandbox.tiers import open_sandbox

# Double takes as much memory as its argument says, or, below zero, as long; for those of the checks that is nothing.
SLOW = ("return 2 * x", "np.ones(int(max(x, 0)))\n    for _ in range(int(-x)):\n        pass\n    return 2 * x")
STAYS = "stateless_solution = true\n"
REMEMBERS = (
    ("import numpy as np", "import numpy as np\nSEEN = []"),
    ("return 2 * x", "SEEN.append(x)\n    return 2 * x"),
)


@pytest.fixture
def graded(zygote, tmp_path, monkeypatch):
    """graded(assignment, student, *replaced): the result.  .forks: processes so far.  .tries: checks put once more."""
    seen = SimpleNamespace(forks=0, tries=0)
    fork, judge = zygote.fork, causes.judge

    def counted(function, name):
        def call(*args, **kwargs):
            setattr(seen, name, getattr(seen, name) + 1)
            return function(*args, **kwargs)

        return call

    monkeypatch.setattr(zygote, "fork", counted(fork, "forks"))
    monkeypatch.setattr(causes, "judge", counted(judge, "tries"))
    authors = AuthorProcesses()

    def of(assignment, student, *replaced, text=""):
        path = tmp_path / f"{student}.ipynb"
        path.write_text(text or handed_in(assignment, *replaced))
        return grade_submission(
            Submission(student, assignment.name, path), assignment, zygote, seeds_from(b"secret"), authors=authors
        )

    of.seen, of.authors = seen, authors
    yield of
    authors.close()


@pytest.fixture
def used(zygote, tmp_path, monkeypatch):
    """used(): a `with` around the functions of SLOW's author."""
    authors = AuthorProcesses()
    assignment = written(tmp_path / "course", SLOW, settings=STAYS, limits=BRIEF)
    limits = limits_of(assignment.settings.limits)
    process = authors.of(zygote, assignment, limits)
    yield lambda seconds=300.0: process.used(Deadline(seconds), forgives=True)
    authors.close()


def outcomes(result):
    return {c.id: c.outcome for q in result.questions for c in q.checks}


def test_a_class_has_one_process_of_a_solution_whose_author_says_that_it_remembers_nothing(graded, tmp_path):
    assignment = written(tmp_path / "course", settings=STAYS)
    for student in ("ada", "bob", "cyd"):
        assert outcomes(graded(assignment, student, WRONG_DOUBLE))["q2.fourfold"] == "blocked"
    assert graded.seen.forks == 4  # three notebooks' and the solution's


def test_without_that_word_each_submission_has_a_process_of_its_own(graded, tmp_path):
    assignment = written(tmp_path / "course", *REMEMBERS)
    for student in ("ada", "bob"):
        wrong = ("SEEN.append(x)\n    return 2 * x", "return 3 * x")
        assert outcomes(graded(assignment, student, wrong))["q2.fourfold"] == "blocked"
    assert graded.seen.forks == 4


@ONE_TIER
def test_a_result_is_the_same_alone_and_after_any_other_submission(graded, zygote, tmp_path):
    assignment = written(tmp_path / "course", SLOW, settings=STAYS, limits=BRIEF)
    wrong = (("return 2 * x", "return 3 * x"),)
    hangs_it = (*wrong, ("return double(x=double(x))", "return double(x=-1e12)"))
    breaks_it = (*wrong, ("return double(x=double(x))", "return double(x=object)"))
    alone = graded(assignment, "ada", *wrong)
    assert outcomes(alone)["q2.fourfold"] == "blocked"
    graded.authors.close()
    for student, other in (("bob", hangs_it), ("cyd", breaks_it), ("dan", wrong)):
        assert outcomes(graded(assignment, student, *other))["q2.fourfold"] != "pass"
        assert graded(assignment, "ada", *wrong).model_dump_json() == alone.model_dump_json()


def test_one_that_did_not_answer_in_time_is_replaced_for_the_next(used):
    with used() as first, pytest.raises(TimeLimitError):
        first.functions["q1"]["double"](-1e12)
    assert isinstance(first.broken, TimeLimitError)
    with used() as second:
        assert second is not first
        assert second.functions["q1"]["double"](3.0) == 6.0


def test_one_that_ran_out_of_memory_is_replaced_for_the_next(used):
    with used() as first, pytest.raises(MemoryLimitError):
        first.functions["q1"]["double"](1e12)
    with used() as second:
        assert second is not first


def test_one_that_was_killed_meanwhile_is_replaced_for_the_next(used):
    with used() as first:
        assert first.functions["q1"]["double"](3.0) == 6.0
    signal.pidfd_send_signal(first.session.line.process.pidfd, signal.SIGKILL)
    select.select([first.session.line.process.pidfd], [], [], 60)  # readable when the process has ended
    with used() as second:
        assert second.functions["q1"]["double"](3.0) == 6.0


def test_one_is_replaced_after_so_many_uses_or_seconds(used, monkeypatch):
    monkeypatch.setattr(solution, "MAX_USES", 2)
    met = []
    for _ in range(4):
        with used() as answers:
            met.append(answers)
    assert [a is b for a, b in itertools.pairwise(met)] == [True, False, True]
    with used() as answers:
        monkeypatch.setattr(answers.session.line.clock, "seconds", lambda: 1000.0)
    with used() as another:
        assert another is not answers


def test_what_a_use_leaves_in_the_process_is_dropped_at_its_end(used):
    numbers = []
    for _ in range(3):
        with used() as answers:
            numbers += [answers.session.keep(np.ones(9)).number for _ in range(5)]
    assert numbers == [*numbers[:5]] * 3


def test_a_use_has_its_submissions_deadline(used):
    with used():
        pass
    with used(seconds=0.0) as answers, pytest.raises(TimeLimitError):
        answers.functions["q1"]["double"](3.0)
    with used() as answers:
        assert answers.functions["q1"]["double"](3.0) == 6.0


def test_it_ends_when_its_owner_is_closed(skeleton, tmp_path):
    assignment = written(tmp_path / "course", settings=STAYS)
    authors = AuthorProcesses()
    with open_sandbox({skeleton.name: skeleton.handouts}, "B") as opened, contextlib.closing(authors):
        kept = authors.of(opened, assignment, limits_of(assignment.settings.limits))
        with kept.used(Deadline(300), forgives=False) as answers:
            pid = answers.session.line.process.pid  # tier B: the machine's own number
        os.kill(pid, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_where_nothing_is_written_nothing_is_tried(graded, tmp_path):
    assignment = written(tmp_path / "course")
    starter = graded(assignment, "ada", text=notebook_text(starter_cells(assignment)))
    assert set(outcomes(starter).values()) == {"missing", "blocked"}  # by its `needs`
    assert (graded.seen.forks, graded.seen.tries) == (1, 0)


def test_a_check_is_put_again_with_the_authors_functions_and_once_without(graded, tmp_path):
    """So is q2.fourfold. q3.needs was not put before, so it is put once; and q3.place must still pass."""
    assignment = written(tmp_path / "course")
    got = outcomes(graded(assignment, "ada", WRONG_DOUBLE))
    assert got == {"q1.double": "fail", "q2.fourfold": "blocked", "q3.place": "pass", "q3.needs": "blocked"}
    assert graded.seen.tries == 2 + 1 + 1


def test_a_question_that_was_not_called_is_not_left_out_to_see(graded, tmp_path):
    """Of q1 and q2, at_place calls q2 alone, so q2 is the cause: q3.place is put with both exchanged, and with none."""
    assignment = written(tmp_path / "course")
    calls_it = ("return f(x), fourfold(x)", "return fourfold(x) / 4 + 1, fourfold(x)")
    wrong = ("return double(x=double(x))", "return 5 * x")
    got = outcomes(graded(assignment, "ada", WRONG_DOUBLE, wrong, calls_it))
    assert got == {"q1.double": "fail", "q2.fourfold": "fail", "q3.place": "blocked", "q3.needs": "blocked"}
    assert graded.seen.tries == 1 + 2 + 1  # one for q2.fourfold, which fails; one for q3.needs


def test_what_was_found_before_the_process_ended_stands(graded, tmp_path):
    assignment = written(tmp_path / "course")
    die = ("return f(x), fourfold(x)", "import os\n    os._exit(1) if fourfold(1) == 4 else None\n    return 0, 0")
    got = outcomes(graded(assignment, "ada", WRONG_DOUBLE, die))
    assert got["q2.fourfold"] == "blocked"
    assert got["q3.place"] == "fail"


def test_a_stub_is_told_from_a_function_that_is_not_finished(zygote, skeleton):
    code = (
        'def released(x, *, tol=1e-9):\n    """What to do."""\n    # YOUR CODE HERE\n    raise NotImplementedError()\n'
        "def bare(): raise NotImplementedError\n"
        "def half(x):\n    if x > 0: return x\n    raise NotImplementedError()\n"
        "def wrong(): raise ValueError()\n"
        "value = 3\n"
    )
    with opened(zygote) as session:
        session.run_cell(code)
        names = ["released", "bare", "half", "wrong", "value", "undefined"]
        assert session.unwritten(names) == {"released", "bare", "undefined"}
