"""ILIAS: `TITLE/Submissions/LAST_FIRST_LOGIN_ID/FILE`."""

import pytest
from intake.counter import notebook, zipped

CLASS = "id,name,login,groups\njane,Jane Doe,jdoe,G1\nbob,Bob Ray,b_ray,G1\nann,Ann Lee,alee,\n"


def collected(counter, *names, **options):
    return counter.collect(zipped(counter.folder / "s.zip", {name: notebook(name) for name in names}), **options)


@pytest.mark.parametrize("around", ["Exercise_01/Submissions/", "Exercise 1/Abgaben/", "multi_feedback_Blatt_1_4711/"])
@pytest.mark.parametrize("roster", [None, CLASS])
def test_each_folder_is_its_logins(counter, around, roster):
    names = [f"{around}Doe_Jane_jdoe_301/a1.ipynb", f"{around}Lee_Ann_Mary_alee_302/a1.ipynb"]
    taken, problems = collected(
        counter, *names, f"{around.partition('/')[0]}/{around.partition('/')[0]}.xlsx", roster=roster
    )
    assert ([s for s, _, _ in taken], problems) == (["jane", "ann"] if roster else ["jdoe", "alee"], [])
    record = counter.record("jane" if roster else "jdoe")
    assert (record["kind"], record["identity"]) == ("ilias", {"login": "jdoe"})
    assert record["host_name"] == "Doe_Jane_jdoe_301"


def test_the_roster_says_where_a_login_begins_even_without_a_folder_around(counter):
    taken, problems = collected(counter, "Ray_Bob_b_ray_303/a1.ipynb", "Doe_Jane_jdoe_301/a1.ipynb", roster=CLASS)
    assert ([s for s, _, _ in taken], problems) == (["bob", "jane"], [])


def test_folders_that_only_look_so_are_a_teachers(counter):
    taken, _ = collected(counter, "s_jane_doe_2026/a1.ipynb", "s_bob_ray_2026/a1.ipynb")
    assert [s for s, _, _ in taken] == ["s_jane_doe_2026", "s_bob_ray_2026"]
    assert counter.record("s_jane_doe_2026")["kind"] == "folder"


def test_a_teams_work_is_each_members(counter):
    taken, problems = collected(counter, "E 1/Submissions/Team 12/Doe_Jane_jdoe_301/a1.ipynb", roster=CLASS)
    assert (sorted(s for s, _, _ in taken), problems) == (["bob", "jane"], [])
    assert [counter.record(s)["identity"] for s in ("jane", "bob")] == [{"login": "jdoe"}, {}]


def test_of_files_with_a_time_in_front_the_newest_is_taken_and_no_time_is_believed(counter):
    top = "E 1/Submissions/Doe_Jane_jdoe_301/"
    collected(
        counter, f"{top}20261127101112_a1.ipynb", f"{top}20261128101112_a1.ipynb", f"{top}20200101000000_a1.ipynb"
    )
    assert counter.files()["jdoe/a1/a1.ipynb"] == notebook(f"{top}20261128101112_a1.ipynb")
    assert counter.record("jdoe")["clock"] == "collecting"


def test_the_mark_of_lateness_is_kept(counter):
    top = "E 1/Submissions/"
    collected(counter, f"{top}Doe_Jane_jdoe_301/Late Submission - a1.ipynb", f"{top}Ray_Bob_bray_302/a1.ipynb")
    assert [counter.record(s)["late"] for s in ("jdoe", "bray")] == [True, None]


@pytest.mark.parametrize(
    "name", ["Ray_Bob_bray_302/a1.ipynb", "Submissions/Ray_Bob_bray_302/a1.ipynb", "bob_1002_50002_a1.ipynb"]
)
def test_a_students_names_change_nothing(counter, name):
    top = "E 1/Submissions/"
    taken, _ = collected(counter, f"{top}Doe_Jane_jdoe_301/{name}", f"{top}Lee_Ann_alee_302/a1.ipynb")
    assert {s for s, _, _ in taken} == {"jdoe", "alee"}
    assert counter.record("alee")["kind"] == "ilias"


def test_a_login_of_another_in_front_of_ones_own_is_listed(counter):
    """Eve's first name ends as Bob's login begins."""
    roster = CLASS + "eve,Eve b,ray,\n"
    taken, problems = collected(counter, "E 1/Submissions/Low_Eve_b_ray_309/a1.ipynb", roster=roster)
    assert (taken, "can be of the users b_ray or ray" in problems[0][1]) == ([], True)
