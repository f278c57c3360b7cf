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


def test_two_people_of_one_name_have_a_folder_each_by_their_numbers(counter):
    assert placed(counter, None, "Jane Doe", "Jane Doe", "Bob Ray") == (["Bob-Ray", "Jane-Doe-1", "Jane-Doe-2"], 0)


def test_two_people_whose_folders_would_have_one_name_have_a_folder_each(counter):
    assert placed(counter, None, "Zoe M", "zoe-m", "Bob Ray") == (["Bob-Ray", "Zoe-M-1", "zoe-m-2"], 0)


def test_one_person_with_two_files_stays_one(counter):
    files = {f"Jane Doe_7_assignsubmission_{plugin}": notebook() for plugin in ("file_/a1.ipynb", "onlinetext_/x.html")}
    taken, _ = counter.collect(
        zipped(counter.folder / "s.zip", {**files, "Bob Ray_8_assignsubmission_file_/a1.ipynb": b""})
    )
    assert ("Jane-Doe", "a1", "new") in taken
