"""A mistake in assignment.toml is one line: the place, what is expected there, what stands there, and what to do."""

import pytest

from autograder.assignment.settings import read_settings
from autograder.errors import CourseError

Q = '[[questions]]\nid = "q1"\ntitle = "a"\npoints = 1\n'
R = '[[rubrics]]\nquestion = "e"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f'titel = "x"\n{Q}', "titel: expected one of title, reference, "),
        (f'titel = "x"\n{Q}', ", got 'titel'. Hint: title?"),
        (f"title = 3\n{Q}", "title: expected a text in quotes, got 3. Hint: put quotes around it."),
        (f"title = 2026-01-02\n{Q}", "title: expected a text in quotes, got '2026-01-02'."),
        (f'handout = "a.py"\n{Q}', "handout: expected a list, got 'a.py'. Hint: put [ ] around it."),
        (f'reference = "a b"\n{Q}', "reference: expected the name of a module, such as package.module, got 'a b'."),
        (f'stateless_solution = "true"\n{Q}', "stateless_solution: expected true or false, got 'true'. Hint: write it without quotes."),
        (f'[limits]\nmemory_mb = "1"\n{Q}', "limits.memory_mb: expected a whole number, got '1'. Hint: write it without quotes."),
        (f"[limits]\nmemory_mb = 1\n{Q}", "limits.memory_mb: expected a number of at least 256, got 1."),
        (f"[limits]\nmemroy_mb = 1024\n{Q}", "limits.memroy_mb: expected one of memory_mb, cell_seconds, "),
        (f"limits = []\n{Q}", "limits: expected a table, got an empty list."),
        (Q.replace("q1", "Q1"), "questions.1 (Q1).id: expected small letters and digits, a letter first, such as q1, got 'Q1'. Hint: q1?"),
        (Q.replace("= 1", "= -1"), "questions.1 (q1).points: expected a number above 0, got -1."),
        (Q.replace("= 1", "= nan"), "questions.1 (q1).points: expected a finite number, got nan."),
        (Q.replace("= 1", '= "1"'), "questions.1 (q1).points: expected a number, got '1'. Hint: write it without quotes."),
        (Q.replace("= 1", "= true"), "questions.1 (q1).points: expected a number, got true."),
        (Q.replace('title = "a"\n', ""), "questions.1 (q1).title: expected this key, got none. Hint: add title = … to this table."),
        (f"{Q}pionts = 2", "questions.1 (q1).pionts: expected one of id, title, points, bonus, hints, answers, reveal, got 'pionts'. Hint: points?"),
        (Q + Q, "questions: expected each id once, got q1 2 times."),
        (f'{Q}bonus = "yes"', "questions.1 (q1).bonus: expected true or false, got 'yes'."),
        (f"{Q}hints = [1]", "questions.1 (q1).hints.1: expected a text in quotes, got 1."),
        (f"{Q}answers = {{ a = true }}", "questions.1 (q1).answers.a: expected a text in quotes or a number or a table, got true."),
        (f'{Q}answers = {{ a = {{ rul = "f" }} }}', 'questions.1 (q1).answers.a: expected { rule = "…" } or { example = "…" }, got another table.'),
        (f"{Q}answers = {{ a = {{ rule = 3 }} }}", 'questions.1 (q1).answers.a: expected { rule = "…" } or { example = "…" }, got another table.'),
        (f"{Q}answers = {{ a = {{}} }}", 'questions.1 (q1).answers.a: expected { rule = "…" } or { example = "…" }, got another table.'),
        (f'{Q}reveal = "later"', "questions.1 (q1).reveal: expected 'at_once' or 'after_due', got 'later'."),
        (f'{Q}answers = ["a"]', "questions.1 (q1).answers: expected a table, got a list of 1."),
        (Q.replace("[[questions]]", "[questions]"), "questions: expected a list, got a table. Hint: write [[questions]] above each"),
        (Q.replace("[[questions]]", "[[question]]"), ", got 'question'. Hint: questions?"),
        (f"{Q}{R}items = []", "rubrics.1 (e).items: expected at least 1 entry, got an empty list."),
        (f'{Q}{R}items = [{{ id = "a", points = 1, txt = "" }}]', "rubrics.1 (e).items.1 (a).txt: expected one of id, points, text, comment"),
        (f'{Q}{R}items = [{{ id = "a", points = 1, text = "" }}, {{ id = "a", points = 1, text = "" }}]', "rubrics.1 (e).items: expected each id once, got a 2 times."),
        (f"{Q}title =\n", "expected TOML, got Invalid value (at line 5, column 8)."),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line(tmp_path, text, says):
    path = tmp_path / "assignment.toml"
    path.write_text(text)
    with pytest.raises(CourseError) as refused:
        read_settings(path)
    line = str(refused.value)
    assert line.startswith(str(path))
    assert says in line
    assert "\n" not in line
