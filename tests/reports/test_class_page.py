"""The class report's files: their names, their size, and the one script they may run."""

import base64
import hashlib
import html
import json
import re

import pytest
from result_builders import check, nothing, question, record

from autograder.course import Course
from autograder.hand.given import Given, HandWork
from autograder.reports.assignment_view import page_name
from autograder.reports.pages import write_reports

MIB = 1 << 20


def write(folder, results):
    write_reports(Course(folder, "Test"), results, folder / "out")
    return {p.name: p.read_text() for p in (folder / "out").iterdir() if p.is_file()}


def test_the_policy_of_each_page_names_its_one_script_by_its_hash(tmp_path):
    pages = write(tmp_path, [record("ada")])
    assert set(pages) == {"index.html", "assignment-a1.html"}
    for page in pages.values():
        (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"script-src 'sha256-{digest}'; base-uri" in page
        assert "unsafe-eval" not in page
        assert page.count("<script") == page.count("script-src") == 1


def big_class(students, assignments=3, questions=10, checks=5):
    """Everybody fails something else, is flagged, and has a cell that stopped."""
    for a in range(assignments):
        for i in range(students):
            if i % 50 == 0:
                yield nothing(f"student-{i:04}@example.org", f"assignment_{a}")
                continue
            own = [
                question(
                    f"q{q}",
                    *(
                        check(
                            f"q{q}.{c}",
                            2.0 * ((i + q * c) % 3 > 0),
                            2.0,
                            title="A title of the usual length, in words",
                            diagnosis="value",
                        )
                        for c in range(checks)
                    ),
                )
                for q in range(questions)
            ]
            yield record(
                f"student-{i:04}@example.org",
                f"assignment_{a}",
                questions=tuple(own),
                flags=({"kind": "libraries", "data": ("torch",)},),
                cell_errors=({"cell": 3, "error": "NameError"},),
                sandbox={"tier": "A"},
            )


@pytest.mark.exhaustive
def test_a_class_of_a_thousand_stays_far_below_five_megabytes_a_page(tmp_path):
    pages = write(tmp_path, list(big_class(1000)))
    assert len(pages) == 4
    for page in pages.values():
        assert page.count("<tr data-t=") == 1000
        assert len(page.encode()) < 2 * MIB


def test_an_assignment_and_a_student_called_index_overwrite_nothing(tmp_path):
    results = [record("index", "index"), record("assignment-index", "index")]
    index = write_reports(Course(tmp_path, "Test"), results, tmp_path)
    assert "Overview" in index.read_text()
    assert "Overview" not in (tmp_path / "index" / "index.html").read_text()
    assert (tmp_path / page_name("index")).is_file()


def test_a_class_without_any_graded_notebook_still_has_a_page(tmp_path):
    page = write(tmp_path, [nothing("a"), nothing("b", status="malformed")])["assignment-a1.html"]
    assert "Handed in, but no notebook that can be read: 1." in page
    assert "Discrimination" not in page


def test_without_its_script_every_row_is_there_and_the_controls_are_not(tmp_path):
    page = write(tmp_path, [record("ada"), record("bob")])["index.html"]
    assert '<div class="controls" data-of="roster" hidden>' in page
    assert "<button" not in page
    assert page.count("<tr data-t=") == 2


def test_a_small_class_says_its_number_instead_of_flagging(tmp_path):
    page = html.unescape(write(tmp_path, [record(f"s{i}") for i in range(19)])["assignment-a1.html"])
    assert "19 submissions were graded. With fewer than 20 no check is flagged" in page


def test_a_check_that_looks_broken_is_explained_with_whom_to_read(tmp_path):
    """q1.odd is passed by the weaker half; nobody passes q1.hard."""
    results = [
        record(
            f"s{i:02}",
            questions=(
                question(
                    "q1", check("q1.odd", 1.0 * (i < 10), 1.0, title="odd"), check("q1.hard", 0.0, 1.0, title="hard")
                ),
                question("q2", check("q2.x", float(i), 100.0, outcome="pass")),
            ),
        )
        for i in range(20)
    ]
    page = html.unescape(write(tmp_path, results)["assignment-a1.html"])
    assert "3 of 3 checks deserve a look, over 20 submissions" in page
    odd = re.search(r"<b>odd</b> <span class=\"soft\">\(q1.odd\)</span>.*?</li>", page, re.DOTALL)[0]
    assert "Those who pass do worse elsewhere than those who fail" in odd
    assert "discrimination −0.87, 10 of 20 pass" in odd
    assert re.findall(r'href="a1/(\w+)\.html"', odd) == ["s19", "s18", "s17"]
    assert "Nobody passes." in re.search(r"<b>hard</b>.*?</li>", page, re.DOTALL)[0]


def answers_in_words(folder, *students):
    """The released notebook asks for an answer in words, and each of them wrote one."""
    cell = {"cell_type": "markdown", "id": "explain", "metadata": {"nbgrader": {"grade": True, "grade_id": "explain"}}}
    files = {folder / "assignments" / "a1" / "a1.ipynb": "YOUR ANSWER"}
    files |= {folder / "work" / "submitted" / s / "a1" / "a1.ipynb": f"Because {s} says so." for s in students}
    for path, source in files.items():
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps({"nbformat": 4, "metadata": {}, "cells": [cell | {"source": source}]}))
    return [record(s, status="graded") for s in students]


def waiting_on(page):
    """The part of a page that lists who waits."""
    return page.partition("An answer in words waits for a person")[2].partition("</details>")[0]


def test_an_answer_in_words_waits_until_the_gradebook_says_that_a_person_graded_it(tmp_path):
    results = answers_in_words(tmp_path, "ada", "bob")
    hand = HandWork({("a1", "ada"): {"explain": Given(3.0)}})
    write_reports(Course(tmp_path, "Test"), results, tmp_path / "out", hand=hand)
    page = (tmp_path / "out" / "assignment-a1.html").read_text()
    assert "An answer in words waits for a person: 1." in page
    assert "a1/bob.html" in waiting_on(page)
    assert "a1/ada.html" not in waiting_on(page)
    assert "Because bob says so." in page
    assert "Because ada says so." not in page


def test_an_empty_answer_one_in_code_and_one_that_cannot_be_read_wait_and_are_shown_as_such(tmp_path):
    results = answers_in_words(tmp_path, "ada", "bob", "cy")
    folder = tmp_path / "work" / "submitted"
    for student, new in {"ada": "YOUR ANSWER HERE", "bob": "<script>x < 1</script>\\n  $\\\\alpha$"}.items():
        path = folder / student / "a1" / "a1.ipynb"
        path.write_text(path.read_text().replace(f"Because {student} says so.", new))
    path = folder / "bob" / "a1" / "a1.ipynb"
    path.write_text(path.read_text().replace('"markdown"', '"code"'))
    (folder / "cy" / "a1" / "a1.ipynb").write_text("no notebook")
    results[2] = nothing("cy", status="malformed")
    write_reports(Course(tmp_path, "Test"), results, tmp_path / "out")
    page = (tmp_path / "out" / "assignment-a1.html").read_text()
    shown = html.unescape(waiting_on(page))
    assert "An answer in words waits for a person: 3." in page
    assert "explain: nothing is written — " in shown
    assert "explain: in other cells than its own — " in shown
    assert "explain: the notebook is not here, or cannot be read — " in shown
    assert "<pre>&lt;script&gt;x &lt; 1&lt;/script&gt;\n  $\\alpha$\n</pre>" in page


def test_a_corrected_check_whose_score_has_changed_waits_as_in_formgrader(tmp_path):
    results = answers_in_words(tmp_path, "ada")
    corrected = {"q1": Given(1.0, waits=True)}
    hand = HandWork({("a1", "ada"): {"explain": Given(3.0), **corrected}, ("a2", "ada"): corrected})
    write_reports(Course(tmp_path, "Test"), results, tmp_path / "out", hand=hand)
    page = (tmp_path / "out" / "assignment-a1.html").read_text()
    assert "An answer in words waits for a person: 1." in page
    assert "q1: its score has changed since a person corrected it — " in waiting_on(page)


def test_a_gradebook_that_cannot_be_read_is_a_note_on_the_page(tmp_path):
    results = answers_in_words(tmp_path, "ada")
    hand = HandWork(problem="gradebook: expected to open it, got none.")
    write_reports(Course(tmp_path, "Test"), results, tmp_path / "out", hand=hand)
    page = (tmp_path / "out" / "assignment-a1.html").read_text()
    assert "gradebook: expected to open it, got none. What was given there is not on these pages." in page
