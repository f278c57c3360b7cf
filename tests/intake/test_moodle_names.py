"""Moodle writes a group's name in front of a student's: only the roster or the whole archive tells them apart."""

from intake.counter import notebook, zipped

ROSTER = "id,name\njane,Jane Doe\nbob,Bob Ray\nmarie,Marie Curie\n"
GROUPS = "id,name,groups\njane,Jane Doe,Team-1\nmarie,Marie Curie,Team 2\n"


def archive(folder, *names):
    files = {f"{name}_{i}_assignsubmission_file_/a1.ipynb": notebook(name) for i, name in enumerate(names, 1)}
    return zipped(folder / "s.zip", files)


def placed(counter, roster, *names):
    taken, problems = counter.collect(archive(counter.folder, *names), roster=roster)
    return sorted(student for student, _, _ in taken), len(problems)


def test_groups_are_taken_off_where_all_names_have_one(counter):
    assert placed(counter, ROSTER, "Team 1-Jane Doe", "Team 2-Bob Ray", "Team 2-Eve") == (["bob", "jane"], 1)
    assert counter.record("jane")["identity"] == {"moodle_id": "1", "name": "Jane Doe"}


def test_a_group_of_the_roster_is_taken_off_even_once_and_with_a_sign_of_its_own(counter):
    assert placed(counter, GROUPS, "Team-1-Jane Doe") == (["jane"], 0)


def test_a_stranger_with_a_double_name_is_nobody_else(counter):
    assert placed(counter, ROSTER, "Anne-Marie Curie", "Jane Doe") == (["jane"], 1)
    assert placed(counter, GROUPS, "Anne-Marie Curie") == ([], 1)
