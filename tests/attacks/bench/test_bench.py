"""The attack bench itself: payloads are well formed, and a verdict follows from measurements alone.

`make attack-bench` runs the payloads against four graders; no tool is started here.
"""

import ast
import copy
import re
import subprocess
import sys
import tomllib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from attacks.bench import account, canaries, measure, notebooks, report
from attacks.bench.assignment import Marks
from attacks.bench.edits import EDITS
from attacks.bench.payloads import load_payloads
from attacks.bench.tools import TOOLS
from attacks.bench.verdict import FACTS, Baseline, Measurement, verdict
from attacks.catalogue import ROWS

PAYLOADS = load_payloads()
LEFT_OUT = tomllib.loads(Path(__file__).with_name("left_out.toml").read_text())
PLACES = dict.fromkeys(("COURSE", "HOME", "DESK", "ADA", "ZOE", "HIDDEN", "TOKEN"), "/nowhere") | {"PORT": 1}


def parts(payload):
    fields = (payload.first, payload.answer, payload.double, payload.last, *payload.extra.values())
    return [*filter(None, fields), *filter(None, payload.accomplice.values())]


def cell(source, **metadata):
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": [], "execution_count": None}


RELEASED = {
    "cells": [
        cell("import numpy as np"),
        cell("def mean_square(x):\n    ..."),
        cell('grader.check("q1")'),
        cell("def double(x):\n    ..."),
        cell("# a test", nbgrader={"grade": True, "grade_id": "q2"}),
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 4,
}

# --- The payloads ------------------------------------------------------------------------------------------------------


def test_there_are_sixty_payloads_or_more_and_no_two_have_one_id():
    assert len(PAYLOADS) >= 60
    assert max(Counter(p.id for p in PAYLOADS).values()) == 1


def test_every_row_of_the_catalogue_has_a_payload_or_a_reason_to_have_none():
    covered = {p.row for p in PAYLOADS}
    assert covered <= ROWS.keys()
    assert covered & LEFT_OUT.keys() == set()
    assert ROWS.keys() - covered == LEFT_OUT.keys()
    assert all(len(reason) > 10 for reason in LEFT_OUT.values())


def test_each_payload_says_in_one_sentence_what_it_does_and_is_well_formed():
    for payload in PAYLOADS:
        assert re.fullmatch(r"[A-Z][^\n]{15,110}\.", payload.title), payload.id
        assert parts(payload) or payload.edit or payload.link, payload.id
        assert payload.edit in {"", *EDITS}, payload.id
        assert set(payload.tools) <= TOOLS.keys(), payload.id
        for source in parts(payload):
            text = notebooks.known(source, PLACES)
            assert "@HIDDEN" not in text, payload.id
            if not text.startswith(("!", "%%")):
                ast.parse(text, payload.id)


def test_each_payload_makes_a_notebook_that_has_no_solution():
    honest = notebooks.json.dumps(notebooks.honest(RELEASED, right=False)).encode()
    for payload in PAYLOADS:
        document = notebooks.hostile(copy.deepcopy(RELEASED), payload, PLACES)
        assert isinstance(document, bytes), payload.id
        assert document != honest, payload.id
        assert b"np.mean(x * x)" not in document, payload.id


def test_every_edit_has_a_payload_that_uses_it():
    assert {p.edit for p in PAYLOADS if p.edit} == EDITS.keys()


# --- Verdicts ----------------------------------------------------------------------------------------------------------

MARKS = Marks("hidden_a", "834172915", "reference_b", "neighbour_c", "key_d", "token_e", "123456789")
SECRETS = {"hidden": MARKS.hidden, "number": MARKS.number}
HONEST = Measurement(
    {"ada": 15, "mallory": 4, "zoe": 15}, "4 of 15", measure.Usage(seconds=5, memory_mb=200, disk_mb=1)
)
BASELINE = Baseline(HONEST, canaries.Expected(frozenset(), frozenset()), 50)


def facts(**changes):
    return verdict(replace(HONEST, **changes), BASELINE, SECRETS)


def used(**changes):
    return replace(HONEST.usage, **changes)


def test_a_run_like_the_honest_one_has_no_verdict():
    assert facts() == {}


@pytest.mark.parametrize(
    ("points", "risen"), [(4, False), (2, False), (None, False), (4.5, True), (15, True), (1000, True)]
)
def test_a_score_has_risen_if_it_is_above_that_of_the_notebook_without_the_payload(points, risen):
    assert ("score" in facts(scores={**HONEST.scores, "mallory": points})) is risen


@pytest.mark.parametrize(
    "text", ["hidden_a", "a_neddih", "834172915.0", "(834172915, 0)", "8.34172915e+08", "834,172,915", "E834172915: no"]
)
def test_hidden_text_came_out_in_whatever_form(text):
    assert set(facts(shown=f"4 of 15: {text}")) == {"secret"}


def test_text_that_the_tool_shows_to_everybody_is_not_the_payloads_doing():
    honest = replace(HONEST, shown="hidden_a")
    assert verdict(honest, replace(BASELINE, run=honest), SECRETS) == {}
    assert verdict(replace(honest, shown="hidden_a 834172915"), replace(BASELINE, run=honest), SECRETS) == {
        "secret": "number"
    }


@pytest.mark.parametrize("points", [0, 14, None])
def test_a_neighbour_with_another_result_or_none_was_touched(points):
    assert set(facts(scores={**HONEST.scores, "zoe": points})) == {"neighbour"}


def test_a_class_that_the_deadline_cut_short_is_no_attack_on_the_neighbour():
    cut = facts(scores={**HONEST.scores, "zoe": None}, usage=used(killed=True))
    assert cut == {"limit": "still ran after 50 s"}
    assert "neighbour" in facts(scores={**HONEST.scores, "ada": 0}, usage=used(killed=True))


@pytest.mark.parametrize("usage", [{"killed": True}, {"left": 1}, {"memory_mb": 1100}, {"disk_mb": 70}])
def test_time_memory_disk_and_processes_left_are_beyond_the_limit(usage):
    assert set(facts(usage=used(**usage))) == {"limit"}


def test_changes_outside_and_connections_are_facts_of_their_own():
    assert facts(outside=["desk/grades.csv"], connections=2) == {
        "outside": "desk/grades.csv",
        "network": "2 connections",
    }


# --- Measurements ------------------------------------------------------------------------------------------------------


def changed(folder, change):
    before = canaries.picture(folder)
    change()
    return canaries.changes(before, canaries.picture(folder))


def test_every_change_of_a_file_is_seen(tmp_path):
    file, other = tmp_path / "a.txt", tmp_path / "folder"
    file.write_text("1")
    other.mkdir()
    import os

    assert changed(tmp_path, lambda: None) == set()
    assert changed(tmp_path, lambda: file.write_text("2")) == {"a.txt"}
    assert changed(tmp_path, lambda: file.chmod(0o600)) == {"a.txt"}
    assert changed(tmp_path, lambda: os.utime(file, (0, 0))) == {"a.txt"}
    assert changed(tmp_path, lambda: os.link(file, other / "b")) == {"a.txt", "folder/b"}
    assert changed(tmp_path, lambda: other.chmod(0o711)) == {"folder"}
    assert changed(tmp_path, lambda: (tmp_path / "link").symlink_to("a.txt")) == {"link"}
    assert changed(tmp_path, file.unlink) == {"a.txt", "folder/b"}


def test_the_tools_own_output_is_expected_and_nothing_beside_it(tmp_path):
    (tmp_path / "desk").mkdir()
    (tmp_path / "book").write_text("")
    before = canaries.picture(tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "book").write_text("1")
    expected = canaries.Expected.of(before, canaries.picture(tmp_path))
    (tmp_path / "out" / "anything").write_text("")
    assert expected.others(before, canaries.picture(tmp_path)) == []
    (tmp_path / "desk" / "new").write_text("")
    assert expected.others(before, canaries.picture(tmp_path)) == ["desk/new"]


def test_a_command_beyond_its_time_is_killed_with_everything_that_it_started(tmp_path):
    """In a process of its own, which takes the orphans: this one has other children."""
    program = (
        "import os, subprocess, sys, time; from attacks.bench import measure; measure.adopt_orphans(); "
        f"run = lambda text, s: measure.run(['sh', '-c', text], environment={{'PATH': '/usr/bin:/bin'}}, seconds=s, folder={str(tmp_path)!r}, cwd='/'); "
        "measure._SETTLING = 0.3; slow = run('sleep 600 & sleep 600', 0.5); left = run('setsid sleep 600 & true', 60); "
        "print(slow.killed, left.killed, left.left, measure.below(os.getpid()))"
    )
    tests = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tests, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == ["True", "False", "1", "[]"]


def test_the_page_gets_counts_of_payloads_that_could_be_tried():
    record = {
        "tools": [
            {"name": "A", "title": "ours", "version": "x 1"},
            {"name": "otter", "title": "theirs", "version": "y 2"},
        ],
        "machine": {"date": "2026-11-28", "python": "3.11", "system": "Linux"},
        "user": "an ordinary user",
        "payloads": [
            {"id": "F1-a", "title": "One.", "verdicts": {"A": {}, "otter": {"score": "4 → 15", "secret": "hidden"}}},
            {"id": "F2-b", "title": "Two.", "verdicts": {"A": {}}},
        ],
    }
    lines = report.summary(record)
    assert lines[2] == f"| {FACTS['score']} | 0 | 1 |"
    assert lines[8] == "| **any of these, of the payloads tried** | **0 of 2** | **1 of 1** |"
    assert report.details(record)[3] == "| F2-b | Two. | – | cannot be expressed |"


def test_an_interpreter_in_a_closed_folder_is_shown_to_the_account(tmp_path, monkeypatch):
    closed = tmp_path / "closed"
    (closed / "python" / "bin").mkdir(parents=True)
    closed.chmod(0o700)
    monkeypatch.setattr(account, "ROOT", closed / "python")
    monkeypatch.setattr(sys, "prefix", str(closed / "python" / "bin"))
    assert closed in {p for p in account._closed() if p == closed} or not tmp_path.stat().st_mode & 1
