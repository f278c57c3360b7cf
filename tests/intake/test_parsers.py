"""K5: whatever bytes YAML, zip, git and a parser that breaks are given, a run goes on and says what was wrong."""

import io
import struct
import time
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from intake.counter import notebook, zip_bytes, zipped

from autograder.errors import AutograderError, MalformedError
from autograder.intake import gradescope_metadata, placing, repositories, sources, student_repositories
from autograder.intake.archives import open_zip, zip_entries
from autograder.intake.boundary import hostile
from autograder.intake.entries import Budget
from autograder.intake.gradescope_metadata import read_metadata
from autograder.intake.hosts import gradescope_layout
from autograder.roster.roster import safe_name

GOOD = "submission_1:\n  :submitters:\n  - :sid: ada\n  :created_at: 2026-11-29 10:15:48.353478000 Z\n"


def listed(fields):
    """Two submissions: one with these fields, and a good one after it."""
    return read_metadata(f"submission_9:\n{fields}\n{GOOD}".encode())


ODD = {
    "an integer of 5,000 digits": ("  :submitters:\n  - :sid: 0x" + "f" * 5000, "0x" + "f" * 998),
    "a decimal of 5,000 digits": ("  :submitters:\n  - :sid: " + "9" * 5000, "9" * 1000),
    "a base of sixty": ("  :submitters:\n  - :sid: 190:20:30", "190:20:30"),
    "a number with zeros before it": ("  :submitters:\n  - :sid: 0012", "0012"),
    "a float": ("  :submitters:\n  - :sid: 1e999", "1e999"),
    "a tag of Python": ("  :submitters:\n  - :sid: !!python/object/apply:os.system [x]\n    :email: e", "e"),
    "a tag of a date": ("  :submitters:\n  - :sid: !!timestamp nonsense", "nonsense"),
    "a tag of bytes": ("  :submitters:\n  - :sid: !!binary '*'", "*"),
    "a tag of an integer": ("  :submitters:\n  - :sid: !!int x", "x"),
    "a merge": ("  <<: [1, 2]\n  :submitters:\n  - :sid: a", "a"),
    "a key that is a list": ("  ? [a, [b]]\n  : x\n  :submitters:\n  - :sid: a", "a"),
    "an alias": ("  x: &a bob\n  :submitters:\n  - :sid: *a", ""),
    "none": ("  :submitters:\n  - :sid:\n    :email: e", "e"),
    "Ruby's none": ("  :submitters:\n  - :sid: ~\n    :email: e", "e"),
}


@pytest.mark.parametrize("fields, who", ODD.values(), ids=ODD)
def test_k5_every_value_is_text(fields, who):
    folders, problems = listed(fields)
    assert problems == []
    assert folders["submission_9"].people[0].fallback == who
    assert folders["submission_1"].people[0].fallback == "ada"


TIMES = [
    "0001-01-01 00:00:00 +14:00", "0001-01-01 00:00:00 Z", "9999-12-31 23:59:59 -14:00", "2026-99-99 00:00:00 Z",
    "2026-11-29 10:00:00 +99:99", "2026-11-29 25:00:00 Z", "99999-11-29 10:00:00 Z", "yesterday", "0x" + "f" * 5000,
    "!!timestamp 2026-13-01", "!!int 2026-11-29", "1980-01-01 00:00:00 Z", "2500-01-01 00:00:00 Z", "190:20:30",
]  # fmt: skip


@pytest.mark.parametrize("text", TIMES)
def test_k5_a_time_that_cannot_be_costs_that_submission_alone(counter, text):
    data = f"submission_9:\n  :submitters:\n  - :sid: eve\n  :created_at: {text}\n{GOOD}".encode()
    files = {"submission_metadata.yml": data, "submission_9/a1.ipynb": notebook(), "submission_1/a1.ipynb": notebook()}
    taken, ((file, reason),) = counter.collect(zipped(counter.folder / "s.zip", files))
    assert (taken, file) == ([("ada", "a1", "new")], "submission_9")
    assert "expected a time such as" in reason


def test_gradescopes_times_are_read_with_any_offset_and_without():
    for text, hour in (("10:15:48.353478999 Z", 10), ("10:15:48.353478000 -07:00", 17), ("10:15:48", 10)):
        folders, _ = read_metadata(f"a:\n  :submitters: []\n  :created_at: 2026-11-29 {text}".encode())
        assert folders["a"].received.isoformat()[11:16] == f"{hour}:15"
    folders, _ = read_metadata(b"a:\n  :created_at: !ruby/object:T\n    utc: 2026-11-29 10:15:48 Z\n    zone: x")
    assert folders["a"].received.hour == 10


REFUSED = {
    "a list": b"- a\n- b",
    "a text": b"hello",
    "nothing": b"",
    "brackets": b"[" * 100_000,  # on these the recursive C loader ended the process
    "brackets inside": b"a: " + b"[" * 100_000,
    "dashes": b"- " * 100_000,
    "braces": b"{a: " * 100_000,
    "keys in keys": b"? " * 100_000,
    "no UTF-8": b"\xff",
    "a control character": b"a: \x00",
    "no end": b"a: [b",
    "tabs": b"a:\n\tb: c",
    "too many": b"".join(b"%d: {}\n" % n for n in range(20_001)),
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_k5_a_list_that_cannot_be_read_is_one_line_about_its_source(counter, data):
    with pytest.raises(MalformedError):
        read_metadata(data)
    source = zipped(counter.folder / "s.zip", {"submission_metadata.yml": data, "submission_1/a1.ipynb": notebook()})
    taken, ((file, reason),) = counter.collect(source)
    assert (taken, file, "\n" in reason) == ([], "s.zip", False)


def test_k5_laughs_and_loops_cost_nothing():
    laughs = "\n".join(f"l{n + 1}: &l{n + 1} [{', '.join([f'*l{n}'] * 10)}]" for n in range(30))
    assert read_metadata(f"l0: &l0 [x]\n{laughs}\n".encode()) == ({}, [])
    assert read_metadata(b"a: &a\n  :submitters: *a\n")[0]["a"].people == ()


def test_k5_twice_the_same_folder_is_nobodys():
    folders, problems = read_metadata(f"{GOOD}{GOOD.replace('ada', 'eve')}".encode())
    assert (folders, [p.file for p in problems]) == ({}, ["submission_1"])


@pytest.mark.parametrize(
    "piece", ["a: b\n", "a: [b, c]\n", ":submitters: [{:sid: a}]\n", "? x\n", "- [a, b]\n", "*a ", "&a x: *a\n"]
)
def test_k5_a_long_list_takes_seconds_and_no_memory_of_its_own(piece):
    """Nodes of PyYAML take a hundred bytes and more for one of the file."""
    data = ("x:\n" + "".join(f" {piece}" for _ in range((1 << 17) // len(piece)))).encode()
    tracemalloc.start()
    began = time.process_time()
    try:
        read_metadata(data)
    except MalformedError:
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 << 20
    assert time.process_time() - began < 60


_YAML = st.lists(
    st.sampled_from(["a", ":sid", ":submitters", ": ", "- ", "\n", "  ", "[", "]", "{", "}", ", ", "&x ", "*x ", "!!int ", "!ruby/x:Y ", "? ", "'", '"', "0x1", "2026-01-01", "|\n", "---\n", "<<"]),
    max_size=40,
)  # fmt: skip


@given(_YAML.map("".join).map(str.encode) | st.binary(max_size=60))
def test_k5_any_yaml_is_read_or_refused(data):
    try:
        folders, problems = read_metadata(data)
    except MalformedError as error:
        assert "\n" not in str(error)
    else:
        assert all(isinstance(name, str) for name in folders)
        assert all(p.reason for p in problems)


def everything(data):
    """Names and reasons of all entries of an archive, each read."""
    try:
        entries, problems = zip_entries(open_zip(io.BytesIO(data)))
    except MalformedError:
        return [], []
    budget = Budget()
    for entry in entries:
        try:
            entry.read(budget)
        except MalformedError as error:
            assert "\n" not in str(error)
    return [e.name for e in entries], [p.file for p in problems]


@given(st.data())
def test_k5_an_archive_of_which_any_bytes_were_changed_is_read_or_refused(data):
    whole = bytearray(zip_bytes({"ada_1_1_a1.ipynb": b"{}", "bob_2_2_a1.ipynb": b"x" * 50}))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(whole) - 1))
        piece = data.draw(
            st.binary(min_size=1, max_size=4) | st.sampled_from([b"\xff\xff", b"\0\0", b"PK\1\2", b"PK\5\6"])
        )
        whole[at : at + len(piece)] = piece
    everything(bytes(whole))


FIELDS = {"flags": 8, "method": 10, "time": 12, "date": 14, "crc": 16, "packed": 20, "size": 24, "name": 28, "extra": 30,
          "comment": 32, "disk": 34, "system": 5, "mode": 38, "offset": 42}  # fmt: skip


@pytest.mark.parametrize("at", FIELDS.values(), ids=FIELDS)
@pytest.mark.parametrize("value", [0, 1, 0x21, 0x800, 0x7FFF, 0xFFFF])
def test_k5_every_field_of_an_archives_list_with_every_odd_value(at, value):
    data = bytearray(zip_bytes({"ada_1_1_a1.ipynb": b"{}", "bob_2_2_a1.ipynb": b"x" * 50}))
    struct.pack_into("<H", data, data.rfind(b"PK\1\2") + at, value)
    everything(bytes(data))


def test_k5_a_name_that_is_no_utf8_though_it_is_declared_so_costs_no_other(counter):
    files = {
        "ada_1_1_a1.ipynb": notebook("ada"),
        "b??b_2_2_a1.ipynb": notebook("bob"),
        "ü_3_3_a1.ipynb": notebook("cyd"),
    }
    data = bytearray(zip_bytes(files).replace(b"b??b", b"b\xff\xfeb"))
    at = data.find(b"PK\1\2")
    while at >= 0:
        struct.pack_into("<H", data, at + 8, 0x800)
        at = data.find(b"PK\1\2", at + 4)
    with pytest.raises(UnicodeDecodeError):
        zipfile.ZipFile(io.BytesIO(data))
    source = counter.folder / "s.zip"
    source.write_bytes(data)
    assert counter.collect(source) == ([(n, "a1", "new") for n in "123"], [])
    assert counter.files()["3/a1/a1.ipynb"] == notebook("cyd")


class OddError(Exception):
    """No list of exceptions has it."""


def raise_odd(*_, **__):
    raise OddError("x\ny\x1b[31m" * 100)


BROKEN = [
    (gradescope_metadata, "_submission"),
    (sources, "choose"),
    (gradescope_layout, "read_metadata"),
    (sources, "resolve"),
]


@pytest.mark.parametrize("module, name", BROKEN)
def test_k5_whatever_a_parser_raises_is_one_line_about_what_it_read(counter, monkeypatch, module, name):
    """The border is not a list of types."""
    files = {"submission_metadata.yml": GOOD.encode(), "submission_1/a1.ipynb": notebook()}
    monkeypatch.setattr(module, name, raise_odd)
    taken, problems = counter.collect(zipped(counter.folder / "s.zip", files))
    assert taken == []
    assert any("OddError: x y" in reason and reason.isprintable() and len(reason) < 250 for _, reason in problems)


@pytest.mark.parametrize("name", ["fetch", "files_for", "_head"])
def test_k5_whatever_git_data_raises_costs_one_student(counter, monkeypatch, name):
    monkeypatch.setattr(repositories, name, raise_odd)
    monkeypatch.setattr(repositories, "run_git", lambda *_, **__: b"")
    monkeypatch.setattr(student_repositories.shutil, "which", lambda _: "git")
    file = counter.folder / "students.csv"
    file.write_text("id,remote\nada,https://x/y\n")
    taken, ((student, reason),) = counter.collect(file)
    assert (taken, student, "OddError" in reason or "expected" in reason) == ([], "ada", True)


def test_a_full_disk_still_ends_the_run(counter, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(placing, "_sweep", full)
    with pytest.raises(AutograderError, match="free some space"):
        counter.collect(zipped(counter.folder / "s.zip", {"ada_1_1_a1.ipynb": notebook()}))


def test_the_border_lets_our_own_errors_and_a_stop_from_outside_pass():
    for error in (AutograderError("disk"), MalformedError("x"), KeyboardInterrupt()):
        with pytest.raises(type(error)), hostile("anything"):
            raise error


@given(st.text(max_size=300))
def test_any_name_becomes_one_folder_of_a_length_that_a_disk_takes(text):
    name = safe_name(text)
    assert len(name.encode()) <= 200
    assert "/" not in name
    assert name not in {".", ".."}
    assert safe_name(name) == name
