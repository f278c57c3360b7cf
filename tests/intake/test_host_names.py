"""Names at the top that can be read in two ways, and downloads of which no student's name decides the layout."""

import pytest
from intake.counter import notebook, zipped

from autograder.intake.canvas_names import readings

CLASS = "id,canvas_id\njdoe,1001\nbob,1002\n"
BLACKBOARD = "HW1_{}_attempt_2026-10-12-10-11-12{}"


def collected(counter, files, **options):
    """What becomes of an archive of these names, each with a notebook of its own."""
    source = zipped(counter.folder / "s.zip", {name: notebook(name) for name in files})
    return counter.collect(source, **options)


@pytest.mark.parametrize("person", ["anon", "doe", "x_7", "anon_LATE", "x_1_9"])
def test_the_mark_of_lateness_belongs_to_the_user_whose_work_it_is(counter, person):
    files = [f"{person}_LATE_1001_50001_a1.ipynb", "bob_1002_50002_a1.ipynb"]
    assert collected(counter, files, roster=CLASS) == ([(who, "a1", "new") for who in ("jdoe", "bob")], [])
    assert [counter.record(who)["late"] for who in ("jdoe", "bob")] == [True, False]


def test_a_file_called_by_a_number_keeps_the_mark_of_lateness(counter):
    files = ["doe_LATE_1001_50001_7_a1.ipynb", "bob_1002_50002_LATE_7_8_a1.ipynb"]
    assert len(collected(counter, files, roster=CLASS)[0]) == 2
    assert [counter.record(who)["late"] for who in ("jdoe", "bob")] == [True, False]


@pytest.mark.parametrize("name", ["anon_LATE_1001_50001_a.ipynb", "anon_1001_50001_a.ipynb", "LATE_1001_50001_a.ipynb"])
def test_no_mark_and_no_number_is_the_sign_of_a_hidden_name(name):
    assert [(way.user, way.anonymous) for way in readings(name)] == [("1001", False)]


def test_names_are_hidden_for_the_whole_archive_or_for_nobody(counter):
    """A person can be called `anon_x1`; and a person whose name is hidden can call a file `77_a1.ipynb`."""
    taken, problems = collected(counter, ["anon_x1_1001_50001_a1.ipynb", "bob_1002_50002_a1.ipynb"])
    assert taken == [("1002", "a1", "new")]
    assert "can be of the Canvas users 1001 or anon_x1" in problems[0][1]
    files = ["anon_x1Y_1001_77_a1.ipynb", "LATE_anon_bbb_1002_a1.ipynb"]
    assert collected(counter, files) == ([(f"anon_{who}", "a1", "new") for who in ("x1Y", "bbb")], [])


@pytest.mark.parametrize("folder", ["", "submissions/", "submissions/submissions/"])
@pytest.mark.parametrize("more", [0, 6, 60])
def test_a_student_of_blackboard_chooses_no_user_and_no_host(counter, folder, more):
    """Canvas could have written most of these names: a student chose the two numbers in them."""
    files = [BLACKBOARD.format(who, ending) for who in ("jane", "mal") for ending in (".txt", "_a1.ipynb")]
    files += [BLACKBOARD.format("mal", f"_7_8_{n}.ipynb") for n in range(more)]
    taken, problems = collected(counter, [folder + name for name in files])
    assert (taken[0], {who for who, _, _ in taken}) == (("jane", "a1", "new"), {"jane", "mal"})
    assert problems == []
    assert counter.record("jane")["kind"] == "blackboard"


def test_a_file_called_as_blackboard_writes_costs_nobody_of_a_canvas_archive(counter):
    files = [f"ada_11_901_{BLACKBOARD.format('x', '_a1.ipynb')}", "bob_22_902_a1.ipynb"]
    assert collected(counter, files) == ([("11", "a1", "new"), ("22", "a1", "new")], [])


def test_an_archive_is_of_canvas_only_if_all_its_names_are(counter):
    files = ["week_7_8_a1.ipynb", "week_9_8_a1.ipynb", "jane.ipynb"]
    taken, ((_, reason),) = collected(counter, files)
    assert (taken, reason.startswith("expected all names at the top as Canvas writes them, got 'jane.ipynb'")) == (
        [],
        True,
    )


def test_a_number_that_stands_behind_several_people_is_no_user(counter):
    files = [f"{who}_2026_{n}_a1.ipynb" for n, who in enumerate(("jane", "bob"))]
    assert collected(counter, files)[0] == [("jane_2026_0", "a1", "new"), ("bob_2026_1", "a1", "new")]
    assert collected(counter, ["s_2024_0017_a1.ipynb"])[0] == [("s_2024_0017", "a1", "new")]


WRAPPED = {
    "Canvas": (["ada_11_901_a1.ipynb"], "11"),
    "Canvas with hidden names": (["anon_abcde_901_a1.ipynb"], "anon_abcde"),
    "Moodle": (["Ada L_1_assignsubmission_file_/a1.ipynb"], "Ada-L"),
    "flat Moodle": (["Ada L_1_assignsubmission_file_a1.ipynb"], "Ada-L"),
}


@pytest.mark.parametrize("files, student", WRAPPED.values(), ids=WRAPPED)
@pytest.mark.parametrize("junk", [[], ["__MACOSX/x/._a1.ipynb", ".DS_Store"]])
def test_without_a_roster_a_folder_around_a_hosts_names_can_be_a_students_and_nothing_is_placed(
    counter, files, student, junk
):
    """The student would choose the number that says whose work it is."""
    taken, problems = collected(counter, [*junk, *(f"jane/{name}" for name in files)])
    assert taken == []
    ((_, reason),) = problems
    assert "signs of two: one folder at the top, 'jane' (of a student)" in reason
    assert "--roster" in reason
    assert collected(counter, [*junk, *files]) == ([(student, "a1", "new")], [])


@pytest.mark.parametrize("files, student", WRAPPED.values(), ids=WRAPPED)
@pytest.mark.parametrize(
    "around", ["submissions", "submissions/submissions", "Week 3", "A1", "Homework 2/download (1)"]
)
def test_without_a_roster_a_folder_whose_name_is_no_id_is_looked_through(counter, files, student, around):
    names = ["__MACOSX/submissions/._a1.ipynb", *(f"{around}/{name}" for name in files)]
    assert collected(counter, names) == ([(student, "a1", "new")], [])


def test_with_a_roster_a_folder_that_is_no_students_is_read_as_one_around_the_download(counter):
    files = ["submissions/bob_1002_50002_a1.ipynb"]
    assert collected(counter, files, roster="id,canvas_id\nbob,1002\n") == ([("bob", "a1", "new")], [])


def test_without_a_roster_a_list_of_gradescope_in_a_single_folder_says_no_time(counter):
    listed = b"submission_1:\n  :submitters:\n  - :sid: '7'\n  :created_at: 2020-01-01 10:00:00.000000000 Z\n"
    files = {
        "ada/assignment_1_export/submission_metadata.yml": listed,
        "ada/assignment_1_export/submission_1/a1.ipynb": notebook(),
    }
    taken, problems = counter.collect(zipped(counter.folder / "s.zip", files))
    assert taken == []
    assert "signs of two" in problems[0][1]


@pytest.mark.parametrize("top", ["assignment_5_export", "assignment_5_export (1)"])
def test_an_export_of_gradescope_is_read_as_a_second_download(counter, top):
    listed = "submission_1:\n  :submitters:\n  - :sid: '7'\n  :created_at: 2026-11-29 10:00:00.000000000 Z\n"
    files = {f"{top}/submission_metadata.yml": listed.encode(), f"{top}/submission_1/a1.ipynb": notebook()}
    assert counter.collect(zipped(counter.folder / "s.zip", files)) == ([("7", "a1", "new")], [])


def test_a_student_of_the_roster_alone_in_a_folder_stays_herself(counter):
    """Whatever the files in her folder are called."""
    files = ["jdoe/bob_1002_50002_a1.ipynb"]
    assert collected(counter, files, roster=CLASS) == ([("jdoe", "a1", "new")], [])


def test_hidden_names_of_moodle_are_told_apart_from_download_to_download(counter):
    for number in (111, 222):
        taken = collected(counter, [f"Participant_{number}_assignsubmission_file_/a1.ipynb"])[0]
        assert taken == [(f"Participant-{number}", "a1", "new")]
    files = [f"Unknownword_{number}_assignsubmission_file_/a1.ipynb" for number in (1, 2)]
    assert collected(counter, files)[0] == [(f"Unknownword-{number}", "a1", "new") for number in (1, 2)]


def test_a_name_of_moodle_is_never_a_students_folder(counter):
    files = ["Jo_1_assignsubmission_FILE_/a1.ipynb", "a_b_assignsubmission_file_a1.ipynb", "ada/a1.ipynb"]
    taken, problems = collected(counter, files)
    assert taken == [("ada", "a1", "new")]
    assert {reason for _, reason in problems} == {
        "expected a folder that is called as a student, got a name as Moodle writes"
    }


DEEP = "/".join("abcdefgh")


def test_files_too_deep_that_are_no_notebook_are_no_problem(counter):
    top = "Ada L_1_assignsubmission_file_/"
    files = [f"{top}a1.ipynb", *(f"{top}{DEEP}/{n}.js" for n in range(50))]
    assert collected(counter, files) == ([("Ada-L", "a1", "new")], [])
    assert collected(counter, ["bob/a1.ipynb", *(f"bob/a1/node/{n}/x.js" for n in range(50))]) == (
        [("bob", "a1", "new")],
        [],
    )


def test_each_upload_has_a_few_lines_of_problems_however_many_files_it_has(counter):
    tops = [f"{who}_{n}_assignsubmission_file_/" for n, who in enumerate(("Ada", "Bob"))]
    files = [f"{tops[0]}{DEEP}/{n}.ipynb" for n in range(50)] + [f"{top}a1.ipynb" for top in tops]
    files.append(f"{tops[1]}{DEEP}/only.ipynb")
    taken, problems = collected(counter, files)
    assert len(taken) == 2
    deep = "expected a file in at most 7 folders, got more"
    assert problems == [
        (f"{tops[0]}{DEEP}/0.ipynb", f"{deep} (50 files)"),
        (f"{tops[1]}{DEEP}/only.ipynb", deep),
    ]


def test_an_upload_with_many_different_problems_ends_in_their_count(counter):
    taken, problems = collected(counter, ["bob/a1.ipynb", *(f"ada/x{n}/a1.ipynb" for n in range(40))])
    assert taken == [("bob", "a1", "new")]
    assert [file for file, _ in problems] == [*(f"ada/x{n}" for n in range(5)), "ada"]
    assert problems[-1][1] == "35 more problems"


def test_a_student_whose_files_all_lie_too_deep_is_listed(counter):
    taken, problems = collected(counter, [f"Ada_1_assignsubmission_file_/{DEEP}/a.js", "Bob_2_assignsubmission_file_/a1.ipynb"])  # fmt: skip
    assert taken == [("Bob", "a1", "new")]
    assert [file[:3] for file, _ in problems] == ["Ada"]
