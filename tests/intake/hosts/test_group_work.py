"""A group's work is each member's, in Canvas, Moodle and GitHub Classroom; a student makes no group."""

import pytest
from intake.counter import notebook, zipped

CLASS = """id,name,canvas_id,moodle_id,groups
ann,Ann Lee,2001,501,Group 7
ben,Ben Ray,2004,504,group-7
cyd,Cyd Low,2002,502,Project Team
dan,Dan Poe,2005,505,Project Team
eve,Eve Fox,2003,503,
"""


def collected(counter, names, roster=CLASS, **options):
    files = {name: notebook(name) for name in names}
    taken, problems = counter.collect(zipped(counter.folder / "s.zip", files), roster=roster, **options)
    return sorted(s for s, _, _ in taken), problems


CANVAS = ["group7_2001_50001_a1.ipynb", "projectteam_LATE_2002_50002_a1.ipynb", "foxeve_2003_50003_a1.ipynb"]


def test_canvas_gives_one_name_for_a_group_and_the_number_is_one_members(counter):
    assert collected(counter, CANVAS) == (["ann", "ben", "cyd", "dan", "eve"], [])
    identities = {s: counter.record(s)["identity"] for s in ("ann", "ben", "cyd", "dan")}
    assert identities == {"ann": {"canvas_id": "2001"}, "ben": {}, "cyd": {"canvas_id": "2002"}, "dan": {}}
    assert [counter.record(s)["late"] for s in ("ann", "ben", "cyd", "dan", "eve")] == [False, False, True, True, False]
    assert {counter.record(s)["host_name"] for s in ("ann", "ben")} == {CANVAS[0]}


def test_without_groups_it_is_the_one_users_whose_number_it_is(counter):
    assert collected(counter, CANVAS, "id,canvas_id\nann,2001\ncyd,2002\neve,2003\n") == (["ann", "cyd", "eve"], [])
    assert collected(counter, CANVAS, None) == (["2001", "2002", "2003"], [])


def test_a_remark_names_the_group_once(counter):
    done = [*counter.run(zipped(counter.folder / "s.zip", {n: notebook(n) for n in CANVAS}), roster=CLASS)]
    assert [t.remarks for t in done if t.remarks] == [
        ("it is the work of the group 'group7': it counts for ann, ben",),
        ("it is the work of the group 'projectteam': it counts for cyd, dan",),
    ]


def test_if_two_members_handed_in_the_newest_file_counts_with_a_remark(counter):
    names = ["group7_2004_50009_a1.ipynb", "group7_2001_50011_a1.ipynb"]
    done = [*counter.run(zipped(counter.folder / "s.zip", {n: notebook(n) for n in names}), roster=CLASS)]
    assert [t.student for t in done] == ["ann", "ben"]
    assert counter.files()["ben/a1/a1.ipynb"] == notebook(names[1])
    assert "the group handed in 2 times" in done[0].remarks[0]


def test_a_member_who_left_gets_nothing_and_the_others_do(counter):
    roster = CLASS.replace("groups\n", "groups,withdrawn\n").replace("Group 7\n", "Group 7,yes\n")
    roster = "\n".join(line if line.count(",") == 5 else f"{line}," for line in roster.splitlines()) + "\n"
    assert collected(counter, CANVAS[:1], roster) == (["ben"], [])
    assert counter.record("ben")["identity"] == {}


def test_a_stranger_who_is_called_as_a_group_is_no_group(counter):
    """The number in the name is Eve's, and she is no member."""
    assert collected(counter, ["group7_2003_50003_a1.ipynb"]) == (["eve"], [])
    taken, problems = collected(counter, ["group7_9999_50003_a1.ipynb"])
    assert (taken, "nobody in the roster has the canvas_id '9999'" in problems[0][1]) == ([], True)


def test_a_roster_without_numbers_knows_a_group_by_its_name(counter):
    roster = "id,name,groups\nann,Ann Lee,Group 7\nben,Ben Ray,Group 7\n"
    assert collected(counter, CANVAS[:1], roster) == (["ann", "ben"], [])


def test_moodles_number_of_a_team_is_no_students_number(counter):
    """502 is the participant Cyd, who is in another team."""
    names = ["Group 7_502_assignsubmission_file/a1.ipynb", "Project Team_77_assignsubmission_file/a1.ipynb"]
    names.append("Default group_assignsubmission_file/a1.ipynb")
    taken, ((file, reason),) = collected(counter, names)
    assert taken == ["ann", "ben", "cyd", "dan"]
    assert (file, reason) == (names[2], "expected a team with its number, got the folder for students of no team")
    assert counter.files()["cyd/a1/a1.ipynb"] == notebook(names[1])
    assert counter.record("ann")["identity"] == {}


def test_in_moodle_a_student_who_is_called_as_a_team_is_none(counter):
    others = "Ben Ray_504_assignsubmission_file_/a1.ipynb"
    assert collected(counter, ["Project Team_503_assignsubmission_file_/a1.ipynb", others]) == (["ben", "eve"], [])
    taken, ((_, reason),) = collected(counter, ["Group 7_501_assignsubmission_file_/a1.ipynb"])
    assert (taken, reason) == ([], "expected a team, got a team's name with a student's number")


@pytest.mark.parametrize("top", ["a1-submissions/a1-", "a1-"])
def test_a_teams_repository_is_each_members(counter, top):
    roster = "id,github,groups\nann,ann-hub,Team Red\nben,benhub,Team Red\neve,eve,\n"
    assert collected(counter, [f"{top}team-red/a1.ipynb", f"{top}eve/a1.ipynb"], roster) == (["ann", "ben", "eve"], [])
