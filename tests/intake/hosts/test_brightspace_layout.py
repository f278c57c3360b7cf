"""Brightspace: `USER-FOLDER - NAME - DATE/FILE`, beside `index.html`."""

import pytest
from intake.counter import notebook, zipped

CLASS = (
    "id,name,login,sis_id,groups\njdoe,Jane Doe,jdoe,s11,Group 3\nbray,Bob Ray,bray,s22,Group 3\n"
    "zmu,Zoë Müller-Lüdenscheidt,zmu,s33,\n"
)
MORNING, EVENING = "Nov 27, 2026 1011 AM", "Nov 27, 2026 612 PM"


def folder(number, who, date=MORNING, name="a1.ipynb", text=None):
    return {f"{number}-9 - {who} - {date}/{name}": notebook(text or f"{number}{date}")}


def collected(counter, *folders, **options):
    files = {"index.html": b"<table>"} | {name: data for each in folders for name, data in each.items()}
    return counter.collect(zipped(counter.folder / "s.zip", files), **options)


def students(counter, *folders, **options):
    taken, problems = collected(counter, *folders, **options)
    return sorted({s for s, _, _ in taken}), problems


def test_each_folder_is_an_attempt_and_the_newest_lies_on_top(counter):
    taken, problems = collected(counter, folder(1, "Jane Doe", EVENING), folder(1, "Jane Doe"), folder(2, "Bob Ray"))
    assert (taken, problems) == ([("Jane-Doe", "a1", "new"), ("Jane-Doe", "a1", "again"), ("Bob-Ray", "a1", "new")], [])
    newest = counter.record("Jane-Doe")
    assert (newest["received_at"], newest["clock"], newest["kind"]) == ("2026-11-27T18:12:00Z", "host", "brightspace")
    assert newest["identity"] == {"name": "Jane Doe"}
    assert newest["host_name"] == f"1-9 - Jane Doe - {EVENING}"
    assert counter.record("Jane-Doe", attempt=1)["received_at"] == "2026-11-27T10:11:00Z"


@pytest.mark.parametrize("who", ["Jane Doe", "s11 Doe", "jdoe Jane Doe", "Doe, Jane", "jane doe"])
def test_a_roster_knows_a_name_with_or_without_a_number_in_front(counter, who):
    assert students(counter, folder(1, who), folder(2, "Zoë Müller-Lüdenscheidt"), roster=CLASS) == (
        ["jdoe", "zmu"],
        [],
    )


def test_a_login_as_a_first_name_is_nobody(counter):
    assert students(counter, folder(1, "bray Smith"), folder(2, "Jane Doe"), roster=CLASS)[0] == ["jdoe"]


def test_without_a_roster_a_number_in_front_of_all_names_is_recorded(counter):
    students(counter, folder(1, "s11 Doe"), folder(2, "s22 Ray"))
    assert counter.record("s11-Doe")["identity"] == {"name": "Doe", "sis_id": "s11"}


def test_two_people_of_one_name_have_a_folder_each_and_with_a_roster_a_line(counter):
    both = (folder(1, "Jane Doe"), folder(2, "Jane Doe"))
    assert students(counter, *both) == (["Jane-Doe-1", "Jane-Doe-2"], [])
    taken, problems = students(counter, *both, roster=CLASS)
    assert (taken, ["got 2: " in reason for _, reason in problems]) == ([], [True, True])


def test_a_groups_folder_is_each_members_and_two_members_can_hand_in(counter):
    attempts = (folder(7, "Group 3"), folder(7, "Group 3 - Bob Ray", EVENING))
    assert students(counter, *attempts, roster=CLASS) == (["bray", "jdoe"], [])
    assert counter.record("jdoe")["received_at"] == "2026-11-27T18:12:00Z"
    assert counter.record("jdoe", attempt=1)["identity"] == {}


def test_a_group_in_front_of_a_stranger_is_no_group(counter):
    assert students(counter, folder(7, "Group 3 - Eve Low"), folder(1, "Jane Doe"), roster=CLASS)[0] == ["jdoe"]


@pytest.mark.parametrize("who", ["Eve - Bob Ray", f"Bob Ray - {EVENING}", "Eve_attempt_2020-01-01-00-00-00_", "Low, Eve(bray)"])  # fmt: skip
def test_a_display_name_is_no_other_student_no_host_and_no_time(counter, who):
    assert students(counter, folder(5, who), folder(1, "Jane Doe"), roster=CLASS)[0] == ["jdoe"]
    taken, problems = collected(counter, folder(5, who))
    assert (len(taken), problems) == (1, [])
    record = counter.record(taken[0][0])
    assert (record["kind"], record["received_at"]) == ("brightspace", "2026-11-27T10:11:00Z")


def test_one_student_alone_who_is_called_as_moodle_writes_is_a_line(counter):
    who = "Bob_2_assignsubmission_file_"
    assert students(counter, folder(5, who), folder(1, "Jane Doe"), roster=CLASS)[0] == ["jdoe"]
    taken, ((_, reason),) = collected(counter, folder(5, who))
    assert (taken, "signs of two" in reason) == ([], True)


@pytest.mark.parametrize(
    "name", [f"9-9 - Bob Ray - {EVENING} - a1.ipynb", "bob_1002_50002_a1.ipynb", "timestamp.txt/a1.ipynb"]
)
def test_a_files_name_changes_nothing(counter, name):
    assert students(counter, folder(1, "Jane Doe", name=name), folder(2, "Bob Ray"), roster=CLASS) == (
        ["bray", "jdoe"],
        [],
    )
    assert counter.record("jdoe")["received_at"] == "2026-11-27T10:11:00Z"


def test_files_without_folders_are_read_and_a_second_date_in_one_is_listed(counter):
    flat = {
        f"1-9 - Jane Doe - {MORNING} - my - a1.ipynb": notebook("x"),
        f"2-9 - Bob Ray - {MORNING} - a1.ipynb": notebook("y"),
    }
    odd = {f"3-9 - Zoe - {MORNING} - {EVENING} - a1.ipynb": notebook("z")}
    taken, ((file, _),) = collected(counter, flat, odd)
    assert ([s for s, _, _ in taken], file) == (["Jane-Doe", "Bob-Ray"], next(iter(odd)))


def test_a_time_that_is_not_understood_is_none_and_is_said(counter):
    done = [*counter.run(zipped(counter.folder / "s.zip", folder(1, "Jane Doe", "2026年11月27日 下午 611")))]
    assert "its time was not understood" in done[0].remarks[-1]
    assert counter.record("Jane-Doe")["clock"] == "collecting"


def test_the_folder_after_unpacking_is_read_in_the_same_way(counter):
    for path, data in {"index.html": b"", **folder(1, "Jane Doe"), **folder(2, "Bob Ray")}.items():
        target = counter.folder / "hw Download" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    assert counter.collect(counter.folder / "hw Download")[1] == []
    assert counter.record("Bob-Ray")["kind"] == "brightspace"
