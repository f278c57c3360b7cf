"""What a person decides about files that cannot be placed: `--assign`, `--ignore`, and how long it holds."""

import json
import subprocess

import pytest
from intake.counter import NOON, notebook, zip_bytes, zipped

from autograder.errors import AutograderError
from autograder.intake.collect import Ignored, Taken
from autograder.intake.collection_plan import CollectionPlan
from autograder.intake.entries import Entry, Problem, SourceItem
from autograder.intake.settled import Decision, Settled, digest_of, forget, read_settled, remember, shown
from autograder.intake.settling import Wish, decide, student_named, wishes
from autograder.intake.which_notebook import WantedNotebooks
from autograder.roster.read import read_roster

ROSTER = "id,name,email,canvas_id\nada,Ada Lovelace,ada@uni.edu,11\nbob,Bob Ray,bob@uni.edu,22\nmia,Mía Sol García,,\n"


@pytest.fixture
def desk(counter):
    """The counter, and a person who decides: settle(source, FILE=students) and collect, both with the roster."""

    class Desk:
        folder = counter.folder
        settled = counter.folder / "work" / "settled.json"
        files = staticmethod(counter.files)

        def decide(self, *sources, roster=ROSTER, **options):
            """decide(source, **{FILE: (student, …)}); no student to ignore it."""
            (self.folder / "roster.csv").write_text(roster)
            plan = CollectionPlan(
                sources, WantedNotebooks(("a1",), "a1", ("a1", "a2")), counter.out, self.folder / "f", lambda: NOON,
                b"of the course", read_roster(self.folder / "roster.csv", None),
            )  # fmt: skip
            remember(self.settled, decide(plan, [Wish(*w) for w in options.items()], NOON, lambda: None))

        def collect(self, *sources, roster=ROSTER):
            """{student: what became of it}, [files not placed], [files ignored]."""
            done = list(counter.run(*sources, roster=roster, settled=read_settled(self.settled)))
            taken = {t.student: t.placed for t in done if isinstance(t, Taken)}
            return (
                taken,
                [p.file for p in done if isinstance(p, Problem)],
                [i.file for i in done if isinstance(i, Ignored)],
            )

    return Desk()


def canvas(desk, name="s.zip", **files):
    """An archive of Canvas in which the roster does not know user 99."""
    known = {"ada_11_1_a1.ipynb": notebook("ada")}
    return zipped(desk.folder / name, known | {f"{key}.ipynb": notebook(text) for key, text in files.items()})


def test_a_user_of_the_host_stays_assigned_when_a_newer_attempt_comes(desk):
    """Canvas wrote the number 99, and no student can choose it."""
    first = canvas(desk, mia_99_5_a1="first")
    assert desk.collect(first) == ({"ada": "new"}, ["Canvas user 99"], [])
    desk.decide(first, **{"Canvas user 99": ("mia",)})
    assert desk.collect(first) == ({"ada": "unchanged", "mia": "new"}, [], [])
    assert desk.collect(canvas(desk, mia_99_6_a1="second")) == ({"ada": "unchanged", "mia": "again"}, [], [])
    assert json.loads(desk.files()["mia/a1/received.json"])["identity"] == {"canvas_id": "99"}  # for the way back


def test_a_file_of_a_plain_folder_stays_assigned_only_with_its_own_bytes(desk):
    """Another student can call a file the same, and must not hand in for the first one."""
    inbox = desk.folder / "inbox"
    inbox.mkdir()
    (inbox / "final.ipynb").write_bytes(notebook("of mia"))
    desk.decide(inbox, **{"final.ipynb": ("mia",)})
    assert desk.collect(inbox) == ({"mia": "new"}, [], [])
    (inbox / "final.ipynb").write_bytes(notebook("of eve"))
    assert desk.collect(inbox) == ({}, ["final.ipynb"], [])
    assert desk.files()["mia/a1/a1.ipynb"] == notebook("of mia")
    (inbox / "final.ipynb").write_bytes(notebook("of mia"))
    assert desk.collect(inbox) == ({"mia": "unchanged"}, [], [])


def test_the_same_number_at_another_host_is_somebody_else(desk):
    desk.decide(canvas(desk, mia_99_5_a1="c"), **{"Canvas user 99": ("mia",)})
    moodle = zipped(desk.folder / "m.zip", {"Eve Odd_99_assignsubmission_file_/a1.ipynb": notebook("m")})
    assert desk.collect(moodle) == ({}, ["Eve Odd (99)"], [])


def test_an_ignored_file_is_ignored_until_its_bytes_change(desk):
    first = canvas(desk, mia_99_5_a1="first")
    desk.decide(first, **{"Canvas user 99": ()})
    assert desk.collect(first) == ({"ada": "new"}, [], ["Canvas user 99"])
    assert desk.collect(canvas(desk, mia_99_6_a1="second")) == ({"ada": "unchanged"}, ["Canvas user 99"], [])


def test_a_file_that_cannot_be_read_is_ignored_until_it_can_be_read(desk):
    inbox = desk.folder / "inbox"
    (inbox / "ada").mkdir(parents=True)
    (inbox / "ada" / "a1.ipynb").symlink_to("/etc/passwd")
    desk.decide(inbox, **{"ada/a1.ipynb": ()})
    assert desk.collect(inbox)[2] == ["ada/a1.ipynb"]
    (inbox / "ada" / "a1.ipynb").unlink()
    (inbox / "ada" / "a1.ipynb").write_bytes(notebook())
    assert desk.collect(inbox) == ({"ada": "new"}, [], [])


def test_the_roster_comes_before_a_decision(desk):
    """Of a student whom the roster knows now, nobody needs to say anything."""
    source = canvas(desk, mia_99_5_a1="x")
    desk.decide(source, **{"Canvas user 99": ("bob",)})
    assert desk.collect(source, roster=ROSTER + "eve,Eve,,99\n")[0] == {"ada": "new", "eve": "new"}


def test_what_was_ignored_is_placed_as_soon_as_the_roster_knows_it(desk):
    source = canvas(desk, mia_99_5_a1="x")
    desk.decide(source, **{"Canvas user 99": ()})
    assert desk.collect(source, roster=ROSTER + "eve,Eve,,99\n") == ({"ada": "new", "eve": "new"}, [], [])


def test_of_two_uploads_for_one_student_the_one_that_is_not_ignored_counts(desk):
    inbox = desk.folder / "inbox"
    for name in ("ada", "ada@uni.edu"):
        (inbox / name).mkdir(parents=True)
        (inbox / name / "a1.ipynb").write_bytes(notebook(name))
    assert desk.collect(inbox) == ({}, ["ada", "ada@uni.edu"], [])
    desk.decide(inbox, ada=())
    assert desk.collect(inbox) == ({"ada": "new"}, [], ["ada"])
    assert desk.files()["ada/a1/a1.ipynb"] == notebook("ada@uni.edu")


def test_of_two_people_of_one_name_one_can_be_assigned(desk):
    """The roster has one of them; the host's numbers tell them apart."""
    names = [f"Ada Lovelace_{number}_assignsubmission_file_/a1.ipynb" for number in (7, 8)]
    source = zipped(desk.folder / "m.zip", {name: notebook(name) for name in names})
    assert desk.collect(source) == ({}, ["Ada Lovelace (7)", "Ada Lovelace (8)"], [])
    desk.decide(source, **{"Ada Lovelace (8)": ("mia",)})
    assert desk.collect(source) == ({"ada": "new", "mia": "new"}, [], [])
    assert desk.files()["mia/a1/a1.ipynb"] == notebook(names[1])


def test_the_work_of_a_group_is_assigned_to_each_member(desk):
    source = zipped(desk.folder / "m.zip", {"Team 7_5_assignsubmission_file_/a1.ipynb": notebook("team")})
    desk.decide(source, **{"Team 7 (5)": ("ada", "bob")})
    assert desk.collect(source)[0] == {"ada": "new", "bob": "new"}


def test_each_member_of_a_group_of_gradescope_has_a_name_of_its_own(desk):
    people = "".join(f"  - :name: X\n    :email: {e}\n" for e in ("x@uni.edu", "y@uni.edu"))
    metadata = f"submission_1:\n  :submitters:\n{people}  :created_at: 2026-11-29 12:00:00 UTC\n"
    source = zipped(
        desk.folder / "g.zip",
        {"submission_metadata.yml": metadata.encode(), "submission_1/a1.ipynb": notebook("both")},
    )
    unplaced = ["submission_1 (x@uni.edu)", "submission_1 (y@uni.edu)"]
    assert desk.collect(source) == ({}, unplaced, [])
    desk.decide(source, **{unplaced[0]: ("ada",)})
    assert desk.collect(source) == ({"ada": "new"}, unplaced[1:], [])


def test_a_name_that_the_host_never_writes_can_be_assigned(desk):
    source = zipped(
        desk.folder / "s.zip",
        {"ada_11_1_a1.ipynb": notebook(), "bob_22_1_a1.ipynb": notebook(), "odd_11_22_33_a1.ipynb": notebook("odd")},
    )
    ((file,), roster) = desk.collect(source)[1], ROSTER
    desk.decide(source, roster=roster, **{file: ("mia",)})
    assert desk.collect(source)[0]["mia"] == "new"


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        (("Canvas user 11", ("bob",)), "--assign: expected a file that is not placed, got 'Canvas user 11', which is pla"),
        (("Canvas user 11", ()), "--ignore: expected a file that is not placed"),
        (("Canvas user 98", ("bob",)), "got 'Canvas user 98'. Hint: Canvas user 99?"),
        (("Canvas user 22", ("ada",)), "of which nobody knows whose it is, got 'Canvas user 22': expected a notebook"),
        (("broken.zip", ()), "expected a file of one student, got the source 'broken.zip'. Hint: leave the source out."),
    ],
)  # fmt: skip
def test_a_decision_about_anything_else_is_refused_and_nothing_is_placed(desk, wish, says):
    source = zipped(
        desk.folder / "s.zip",
        {"ada_11_1_a1.ipynb": notebook(), "x_99_1_a1.ipynb": notebook(), "bob_22_1_b.html": b"<p>"},
    )
    (desk.folder / "broken.zip").write_bytes(b"PK\3\4")
    with pytest.raises(AutograderError) as caught:
        desk.decide(source, desk.folder / "broken.zip", **{wish[0]: wish[1]})
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not desk.settled.exists()
    assert desk.files() == {}


def test_one_name_in_two_sources_is_decided_only_if_it_is_the_same_thing(desk):
    folders = [desk.folder / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
        (folder / "final.ipynb").write_bytes(notebook(folder.name))
    with pytest.raises(AutograderError, match="which is in 2 sources with different content"):
        desk.decide(*folders, **{"final.ipynb": ("mia",)})
    (folders[1] / "final.ipynb").write_bytes(notebook("one"))
    desk.decide(*folders, **{"final.ipynb": ("mia",)})


def test_files_of_one_upload_that_share_a_line_are_decided_together(desk):
    """A table of 300 lines for one student helps nobody, and no more do 300 commands."""
    inbox = desk.folder / "inbox"
    (inbox / "ada").mkdir(parents=True)
    for number in range(9):
        (inbox / "ada" / f"{number}.ipynb").symlink_to("/etc/passwd")
    ((file,), ignored) = desk.collect(inbox)[1:]
    desk.decide(inbox, **{file: ()})
    assert desk.collect(inbox)[1:] == ([], [file])
    assert ignored == []


def test_what_is_shown_is_one_line_and_another_one_for_another_name():
    names = ["a b", "a  b", "a\nb", "a\x1bb", "::error::x", ":error:x", "x" * 300, "x" * 301, "ü", "u\u0308", "\udcff"]
    texts = [shown(name) for name in names]
    assert len(set(texts)) == len(names)
    assert all(text.isprintable() and "::" not in text and len(text) < 220 for text in texts)
    assert shown("Canvas user 99") == "Canvas user 99"


def test_a_name_is_copied_from_the_table_into_a_shell(desk):
    import shlex

    for name in ("it's; rm -rf $HOME `x`", '"a" & b', "$(touch x)", "-a"):
        done = subprocess.run(
            ["sh", "-c", f"printf %s {shlex.quote(shown(name))}"], capture_output=True, text=True, check=True
        )
        assert done.stdout == name


@pytest.mark.parametrize("text", ["ada", "ADA@uni.edu", "Ada Lovelace", "Lovelace, Ada", "11"])
def test_a_student_is_meant_by_anything_that_is_one_students(desk, text):
    (desk.folder / "r.csv").write_text(ROSTER)
    assert student_named(text, read_roster(desk.folder / "r.csv", None)) == "ada"


@pytest.mark.parametrize(
    ("assign", "ignore", "says"),
    [
        (["x"], [], "--assign: expected FILE=STUDENT, got 'x'."),
        (["=ada"], [], "--assign: expected FILE=STUDENT, got '=ada'."),
        (["x="], [], "--assign: expected FILE=STUDENT, got 'x='."),
        (["x=adda"], [], "by id, e-mail, name or a host's id, got 'adda'. Hint: ada?"),
        (["x=Sam Roe"], [], "got 'Sam Roe', the name of 2. Hint: give the id."),
        (["x=ada"], ["x"], "--ignore: expected a file that is not assigned as well, got 'x'."),
    ],
)
def test_options_that_say_nothing_plain_are_refused(desk, assign, ignore, says):
    (desk.folder / "r.csv").write_text(ROSTER + "s1,Sam Roe,,\ns2,Sam Roe,,\n")
    with pytest.raises(AutograderError) as caught:
        wishes(assign, ignore, read_roster(desk.folder / "r.csv", None))
    assert says in str(caught.value)


def test_without_a_roster_an_id_is_taken_and_a_path_is_not():
    assert wishes(["a=b=s1"], [], None) == [Wish("a=b", ("s1",))]
    with pytest.raises(AutograderError, match=r"expected a student's id, got '\.\./x'. Hint: --roster FILE"):
        wishes(["a=../x"], [], None)


def test_decisions_are_forgotten_one_by_one_and_a_new_one_replaces_the_old(desk):
    source = canvas(desk, mia_99_5_a1="x")
    for student in ("bob", "mia"):
        desk.decide(source, **{"Canvas user 99": (student,)})
    assert [d.students for d in read_settled(desk.settled).decisions] == [("mia",)]
    assert json.loads(desk.settled.read_text())["schema"] == 1
    (decision,) = read_settled(desk.settled).decisions
    other = decision.model_copy(update={"students": ("bob", "eve")})
    assert read_settled(desk.settled).changed_by([other]) == [(other, ("mia",))]
    assert read_settled(desk.settled).changed_by([decision]) == []
    with pytest.raises(AutograderError, match="--forget: expected a file that autograder settled lists, got 'x'"):
        forget(desk.settled, "x")
    assert [d.students for d in forget(desk.settled, "Canvas user 99")] == [("mia",)]
    assert read_settled(desk.settled) == Settled()


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"schema": 2}', '{"decisions": [{"file": "x"}]}', '{"schema": 1, "more": 1}', "\0", "[" * 100_000],
)
def test_a_file_of_decisions_that_is_none_is_one_line(tmp_path, text):
    (tmp_path / "settled.json").write_text(text)
    with pytest.raises(AutograderError, match=r"expected the decisions that autograder collect wrote, got something"):
        read_settled(tmp_path / "settled.json")


def test_a_place_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "work").write_text("a file")
    decision = Decision(file="x", kind="folder", decided_at=NOON)
    with pytest.raises(AutograderError, match="work: expected to write it, got"):
        remember(tmp_path / "work" / "settled.json", [decision])


def test_a_decision_leads_to_no_other_folder(desk):
    """The file is the course's own; a wrong id in it must not become a path all the same."""
    desk.decide(canvas(desk, mia_99_5_a1="x"), **{"Canvas user 99": ("mia",)})
    desk.settled.write_text(desk.settled.read_text().replace('"mia"', '"../../mia"'))
    with pytest.raises(AutograderError, match="expected the decisions"):
        read_settled(desk.settled)


def test_files_that_cannot_be_read_have_no_digest():
    def refuse(_):
        raise ValueError("x")

    assert digest_of(SourceItem("x", "folder", (("x", Entry(("x",), refuse)),))) == ""
    assert digest_of(SourceItem("x", "folder")) == ""
    one, two = (SourceItem("x", "git", commit=c * 40) for c in "ab")
    assert digest_of(one) != digest_of(two)


def test_a_zip_in_an_upload_can_be_assigned(desk):
    source = zipped(desk.folder / "s.zip", {"x_99_1_w.zip": zip_bytes({"a1.ipynb": notebook("in")})})
    desk.decide(source, **{"Canvas user 99": ("mia",)})
    assert desk.collect(source)[0] == {"mia": "new"}
