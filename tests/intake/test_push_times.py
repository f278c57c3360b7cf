"""When a notebook came in, by the host's list of pushes: a fetch and a commit's own dates decide nothing."""

import hashlib
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from hosting.stand_in import Hosts
from hosting.test_api import api_of
from intake.counter import NOON, Counter, notebook
from intake.test_collect_git import Host

from autograder.errors import HostError
from autograder.hosting.pushes import Push
from autograder.intake.push_times import History, history, push_log

git = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
DAY = timedelta(days=1)
DUE = NOON - 3 * DAY


def pushed(*days, branch="main"):
    """Pushes of the commits c0, c1, … that many days before noon, oldest first."""
    return tuple(Push(f"c{n}", branch, NOON - day * DAY) for n, day in enumerate(days))


def test_a_head_that_came_in_time_needs_no_other_look():
    def holds(commit):
        raise AssertionError(commit)

    assert History("c1", pushed(9, 4)).first(DUE, holds) == NOON - 4 * DAY
    assert History("c1", pushed(9, 1)).first(None, holds) == NOON - 1 * DAY


def test_work_that_lay_there_at_the_due_time_is_in_time_whatever_was_pushed_later():
    log = History("c3", pushed(9, 4, 2, 1))
    assert log.first(DUE, {"c1", "c2", "c3"}.__contains__) == NOON - 4 * DAY


def test_work_that_was_changed_after_the_due_time_came_with_its_own_push():
    """Pushes 9, 4 | 2.5, 2, 1.5, 1 days before: the work came with the second of the four."""
    log = History("c5", pushed(9, 4, 2.5, 2, 1.5, 1))
    assert log.first(DUE, {"c3", "c4", "c5"}.__contains__) == NOON - 2 * DAY


def test_few_of_many_pushes_are_looked_at():
    looked = []

    def holds(commit):
        looked.append(commit)
        return int(commit[1:]) >= 700

    log = History("c999", tuple(Push(f"c{n}", "main", DUE + (n + 1) * timedelta(minutes=1)) for n in range(1000)))
    assert log.first(DUE, holds) == DUE + timedelta(minutes=701)
    assert len(looked) <= 10


def test_who_goes_back_to_a_commit_handed_it_in_when_it_came_first():
    a, b = Push("a", "main", DUE - DAY), Push("b", "main", DUE + DAY)
    log = History("a", (a, b, Push("a", "main", DUE + 2 * DAY)))
    assert log.first(DUE, {"a"}.__contains__) == DUE - DAY


def test_the_commit_at_a_deadline_is_of_the_heads_own_branch():
    log = History("c1", (*pushed(9, 1), Push("d", "draft", NOON - 4 * DAY)))
    assert (log.at(DUE), log.at(NOON - 10 * DAY)) == ("c0", "")


def test_a_host_that_does_not_tell_leaves_the_time_unknown_and_says_why():
    def silent(remote):
        raise HostError("GET /x: expected an answer, got none", "unreachable")

    assert history(silent, "r", "c").remark.startswith("its host does not tell when it was pushed: GET /x")
    assert history(lambda remote: [], "r", "c").remark == "its host lists no push of this commit"
    assert history(lambda remote: None, "r", "c") == History("c")  # of another server: nobody was asked
    assert history(None, "r", "c").received is None


NAMED = Push("a", "main", DUE - DAY)


def test_a_push_that_the_host_does_not_name_came_at_the_latest_time_at_which_it_can_have_come():
    """A student pushes four branches at once, and GitLab names none of them. The newest such push counts."""
    log = [NAMED, Push("", "", DUE - 2 * DAY), Push("", "", DUE + DAY), Push("b", "main", DUE + 2 * DAY)]
    told = history(lambda remote: log, "r", "c")
    assert (told.received, told.at(DUE)) == (DUE + DAY, "a")
    assert told.remark.startswith("its host does not name the push of this commit")
    assert told.first(DUE, {"a"}.__contains__) == DUE - DAY  # the same work lay there in time
    assert told.first(DUE, set().__contains__) == DUE + DAY
    assert history(lambda remote: log, "r", "a") == History("a", tuple(sorted(log, key=lambda push: push.received)))


def test_a_tag_tells_when_a_commit_came_and_not_which_branch_it_is_on():
    log = (NAMED, Push("b", "main", DUE + 2 * DAY), Push("b", "", DUE + DAY))
    assert History("b", log).received == DUE + DAY
    assert History("b", log).at(DUE) == "a"


@pytest.mark.parametrize("number", [2999, 3000, 9000])
def test_a_repository_with_pushes_without_end_is_looked_at_in_part_and_hides_nothing(number):
    """The head came before the newest 3000: at the latest when the oldest of these came."""
    hosts = Hosts()
    hosts.push("school/ada", "c", DUE)
    for minute in range(1, number):
        hosts.push("school/ada", f"{minute:040x}", DUE + minute * timedelta(minutes=1))
    log = push_log(api_of(hosts))
    received = DUE + max(0, number - 3000) * timedelta(minutes=1)
    assert history(log, "https://github.com/school/ada", "c").received == received
    assert len(hosts.calls) <= 30


@pytest.fixture
def host(tmp_path):
    return Host(tmp_path / "host")


@pytest.fixture
def counter(tmp_path):
    return Counter(tmp_path)


def record_of(counter, host, log, assignment="a1", **options):
    taken = list(counter.run(host.list("ada"), pushes=lambda remote: log, due=lambda *_: DUE, **options))
    record = counter.record("ada", assignment)
    return taken, (record["clock"], datetime.fromisoformat(record["received_at"]).astimezone(UTC), record["commit"])


@git
def test_a_push_for_the_next_assignment_makes_nobody_late(host, counter):
    host.make("ada")
    first = host.push("ada", {"a1/a1.ipynb": notebook("1"), "a1/helper.py": b"x = 1"})
    second = host.push("ada", {"a2/a2.ipynb": notebook("2")}, parent=True)
    log = [Push(second, "main", NOON), Push(first, "main", DUE - DAY)]
    _, told = record_of(counter, host, log, names=())
    assert told == ("host", DUE - DAY, second)
    assert counter.record("ada", "a2")["received_at"] == "2026-11-30T12:00:00Z"


@git
def test_a_notebook_or_a_module_that_was_changed_after_the_due_time_is_late(host, counter):
    host.make("ada")
    first = host.push("ada", {"a1/a1.ipynb": notebook("import helper"), "a1/helper.py": b"x = 1"})
    second = host.push("ada", {"a1/helper.py": b"x = 2"}, parent=True)
    _, told = record_of(counter, host, [Push(second, "main", NOON), Push(first, "main", DUE - DAY)])
    assert told == ("host", NOON, second)


@git
@pytest.mark.parametrize("before", [{"a1/a1.ipynb": notebook("import helper")}, {}], ids=["other work", "no work"])
def test_work_that_lay_in_another_place_came_in_time_only_if_nothing_lay_in_its_own(host, counter, before):
    """Else a student hands in one of several drafts when the feedback says which one is right."""
    host.make("ada")
    first = host.push("ada", {**before, "drafts/a1.ipynb": notebook("import helper # 2"), "drafts/helper.py": b"x = 2"})
    work = {"a1/a1.ipynb": notebook("import helper # 2"), "a1/helper.py": b"x = 2"}
    second = host.push("ada", work, parent=True)
    _, told = record_of(counter, host, [Push(second, "main", NOON), Push(first, "main", DUE - DAY)])
    assert told == ("host", NOON if before else DUE - DAY, second)


@git
def test_a_module_that_lay_beside_under_another_name_was_no_part_of_the_work(host, counter):
    host.make("ada")
    parts = {f"a1/helper{n}.py": f"x = {n}".encode() for n in (1, 2)}
    first = host.push("ada", {"a1/a1.ipynb": notebook("import helper"), "a1/helper.py": b"x = 1", **parts})
    second = host.push("ada", {"a1/helper.py": b"x = 2"}, parent=True)
    _, told = record_of(counter, host, [Push(second, "main", NOON), Push(first, "main", DUE - DAY)])
    assert told == ("host", NOON, second)


@git
def test_the_name_of_a_submodule_is_no_work(host, counter):
    """Its commit can have any name, also that of a notebook which comes later."""
    host.make("ada")
    name = hashlib.sha1(b"blob %d\0" % len(notebook("x")) + notebook("x")).hexdigest()
    first = host.push("ada", {"sub": ("160000", name)})
    second = host.push("ada", {"a1/a1.ipynb": notebook("x")}, parent=True)
    _, told = record_of(counter, host, [Push(second, "main", NOON), Push(first, "main", DUE - DAY)])
    assert told == ("host", NOON, second)


@git
def test_with_a_deadline_the_commit_that_was_there_is_collected(host, counter):
    host.make("ada")
    first = host.push("ada", {"a1/a1.ipynb": notebook("in time")})
    second = host.push("ada", {"a1/a1.ipynb": notebook("too late")}, parent=True)
    log = [Push(second, "main", NOON), Push(first, "main", DUE - DAY)]
    _, told = record_of(counter, host, log, deadline=DUE)
    assert told == ("host", DUE - DAY, first)
    assert counter.files()["ada/a1/a1.ipynb"] == notebook("in time")


@git
def test_an_older_commit_after_a_newer_one_is_what_counts_now(host, counter):
    host.make("ada")
    first = host.push("ada", {"a1/a1.ipynb": notebook("first")})
    second = host.push("ada", {"a1/a1.ipynb": notebook("second")}, parent=True)
    log = [Push(second, "main", DUE - DAY), Push(first, "main", DUE - 2 * DAY)]
    record_of(counter, host, log)
    host.push("ada", {"a1/a1.ipynb": notebook("first")})
    assert host.push("ada", {"a1/a1.ipynb": notebook("first")}) == first
    taken, told = record_of(counter, host, [Push(first, "main", DUE), *log])
    assert taken[0].placed == "again"
    assert told == ("host", DUE - 2 * DAY, first)


@git
def test_without_a_list_of_pushes_nobody_is_late_and_a_remark_says_why(host, counter):
    host.make("ada")
    host.push("ada", {"a1/a1.ipynb": notebook()})
    taken, (clock, _, _) = record_of(counter, host, [], deadline=DUE)
    assert (clock, taken[0].late, counter.submissions()[0].received) == ("collecting", False, "")
    assert taken[0].remarks == ("its host lists no push of this commit",)
