"""Archives and folders made to write elsewhere, to grow, or to be taken for somebody else's."""

import io
import stat
import struct
import tracemalloc
import zipfile

import pytest
from intake.counter import notebook, zip_bytes, zipped

from autograder.errors import MalformedError
from autograder.intake import archives, canvas_names
from autograder.intake.archives import open_zip, zip_entries
from autograder.intake.canvas_names import CanvasName
from autograder.intake.entries import MAX_FILES, Budget

GOOD = ("ada_11_1_a1.ipynb", notebook("good"))


def info(name, mode=0, flags=0):
    made = zipfile.ZipInfo(name)
    made.external_attr = mode << 16
    made.flag_bits |= flags
    made.compress_type = zipfile.ZIP_DEFLATED
    return made


def renamed(data, old, new):
    """An archive whose names are what zipfile would not write. The same length."""
    assert len(old) == len(new)
    return data.replace(old, new)


def by_name(data):
    """{name: bytes that may be read}, {name: reason}."""
    entries, problems = zip_entries(open_zip(io.BytesIO(data)))
    taken = {}
    for entry in entries:
        try:
            taken[entry.name] = entry.read(Budget())
        except MalformedError as error:
            problems.append(archives.Problem(entry.name, str(error)))
    return taken, {p.file: p.reason for p in problems}


ELSEWHERE = {
    "M11 upwards": (b"xx/bob_22_2_a1.ipynb", b"../bob_22_2_a1.ipynb", "leads out"),
    "M11 upwards from within": (b"a/xx/b_22_2_a1.ipynb", b"a/../b_22_2_a1.ipynb", "leads out"),
    "M11 absolute": (b"xtmp/bob_22_a1.ipynb", b"/tmp/bob_22_a1.ipynb", "leads out"),
    "M11 a drive": (b"xxbob_22_2_a1.ipynb", b"C:bob_22_2_a1.ipynb", "leads out"),
    "M11 backslashes": (b"xxxbob_22_2_a1.ipynb", b"..\\bob_22_2_a1.ipynb", "a backslash"),
    "M11 a NUL": (b"bob_22_2_a1.ipynbxx", b"bob_22_2_a1.ipynb\0x", "a NUL byte"),
    "M11 empty parts": (b"ax/b_22_2_a1.ipynb", b"a//b_22_2_a1.ipynb", "empty part"),
}


@pytest.mark.parametrize("old, new, reason", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_name_that_leads_elsewhere_is_reported_and_nothing_is_written_there(counter, old, new, reason):
    data = renamed(zip_bytes([GOOD, ("cyd_33_3_a1.ipynb", notebook()), (old.decode(), notebook("evil"))]), old, new)
    source = counter.folder / "s.zip"
    source.write_bytes(data)
    before = set(counter.folder.rglob("*"))
    taken, problems = counter.collect(source)
    assert taken == [("11", "a1", "new"), ("33", "a1", "new")]
    assert [reason in r for _, r in problems] == [True]
    written = set(counter.folder.rglob("*")) - before - {counter.out}
    assert all(counter.out in p.parents for p in written)


MODES = {
    "M11 a link": (stat.S_IFLNK | 0o777, 0, "a symbolic link"),
    "M11 a device": (stat.S_IFBLK | 0o666, 0, "a device or a pipe"),
    "M11 a pipe": (stat.S_IFIFO | 0o666, 0, "a device or a pipe"),
    "M11 a socket": (stat.S_IFSOCK | 0o666, 0, "a device or a pipe"),
}


@pytest.mark.parametrize("mode, flags, reason", MODES.values(), ids=MODES)
def test_an_entry_that_is_no_file_is_reported(counter, mode, flags, reason):
    files = [GOOD, (info("bob_22_2_a1.ipynb", mode, flags), b"/etc/passwd")]
    taken, problems = counter.collect(zipped(counter.folder / "s.zip", files))
    assert taken == [("11", "a1", "new")]
    assert problems == [("bob_22_2_a1.ipynb", f"expected an ordinary file, got {reason}")]


def test_m11_an_encrypted_entry_is_reported():
    data = bytearray(zip_bytes([GOOD, ("bob_22_2_a1.ipynb", notebook())]))
    data[data.rfind(b"PK\1\2") + 8] |= 1
    taken, problems = by_name(bytes(data))
    assert list(taken) == ["ada_11_1_a1.ipynb"]
    assert problems == {"bob_22_2_a1.ipynb": "expected an ordinary file, got an encrypted file"}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("second", ["bob_22_2_a1.ipynb", "BOB_22_2_A1.ipynb"], ids=["M11 twice", "M11 in capitals"])
def test_of_two_entries_of_one_name_none_is_taken(counter, second):
    files = [GOOD, ("bob_22_2_a1.ipynb", notebook("1")), (second, notebook("2"))]
    taken, problems = counter.collect(zipped(counter.folder / "s.zip", files))
    assert taken == [("11", "a1", "new")]
    reason = "2 files of this name, perhaps apart from capitals: none was taken"
    assert {r.removesuffix(" (2 files)") for _, r in problems} == {reason}


def test_m11_links_and_pipes_in_a_folder_are_reported_and_not_opened(counter):
    import os

    root = counter.folder / "given"
    root.mkdir()
    (counter.folder / "secret.ipynb").write_bytes(notebook("secret"))
    (root / "ada.ipynb").symlink_to(counter.folder / "secret.ipynb")
    (root / "bob").symlink_to(counter.folder)
    os.mkfifo(root / "cyd.ipynb")
    os.link(counter.folder / "secret.ipynb", root / "dan.ipynb")  # an ordinary file by another name
    taken, problems = counter.collect(root)
    assert taken == [("dan", "a1", "new")]
    assert dict(problems) == {
        "ada.ipynb": "expected a file, got a symbolic link",
        "bob": "expected a file, got a symbolic link",
        "cyd.ipynb": "expected a file, got no file",
    }


def test_m11_names_that_no_terminal_should_see_are_only_names(counter):
    source = zipped(
        counter.folder / "s.zip",
        {
            "ada_11_1_a1\x1b[31m\u202e\n.ipynb": notebook(),
            "b\xff_22_2_-rf.ipynb": notebook(),
            "x" * 1001: b"",
            "y" * 501: b"",
        },
    )
    taken, problems = counter.collect(source)
    assert taken == [("11", "a1", "new"), ("22", "a1", "new")]
    assert problems == [
        ("x" * 1001, "expected an ordinary file, got a name of more than 1000 characters"),
        ("y" * 501, "expected an ordinary file, got a name with a part of more than 500 characters"),
    ]
    assert {p.split("/")[-1] for p in counter.files()} == {"a1.ipynb", "timestamp.txt", "received.json"}


def test_names_that_can_be_read_in_hundreds_of_ways_keep_nobody_waiting(counter, monkeypatch):
    """A zip of a student's in which every name seems to be Canvas's. What is counted is the work, and no time."""
    ways = []
    monkeypatch.setattr(
        canvas_names, "_reading", lambda *given: ways.append(given) or CanvasName("", "1", "x", late=False)
    )
    names = {f"a{n}_{'1_' * 230}x": b"" for n in range(1500)}
    source = zipped(
        counter.folder / "s.zip", {"ada/work.zip": zip_bytes([*names.items()]), "bob/a1/a1.ipynb": notebook()}
    )
    taken, problems = counter.collect(source, roster="id\nbob\n")
    assert (taken, [name for name, _ in problems]) == ([("bob", "a1", "new")], ["ada"])
    assert 0 < len(ways) < 500 * 230 * 6


def test_m11_a_name_that_is_no_utf8_is_still_a_name():
    data = renamed(zip_bytes([("b__b_22_2_a1.ipynb", notebook())]), b"b__b_22", b"b\xfe\xffb_22")
    assert [n.endswith("b_22_2_a1.ipynb") for n in by_name(data)[0]] == [True]


# --- archives that grow


@pytest.mark.parametrize("size, reason", [(19 << 20, "200 times"), (21 << 20, "200 times")])
def test_m12_a_file_that_grows_without_measure_is_not_taken(counter, size, reason):
    source = zipped(counter.folder / "s.zip", [GOOD, ("bob_22_2_a1.ipynb", b"0" * size)])
    taken, problems = counter.collect(source)
    assert taken == [("11", "a1", "new")]
    assert reason in problems[0][1]


def test_an_honest_notebook_with_one_line_printed_half_a_million_times_is_taken(counter):
    text = notebook("epoch: loss nan\n" * 500_000)
    source = zipped(counter.folder / "s.zip", [("ada_11_1_a1.ipynb", text)])
    assert source.stat().st_size * 200 < len(text)
    assert counter.collect(source)[0] == [("11", "a1", "new")]


def test_m12_sizes_that_lie_are_not_believed():
    """The archive says 10 bytes; 100 MiB would come out. Of it at most 20 MiB are ever held."""
    data = bytearray(zip_bytes([("bob_22_2_a1.ipynb", b"0" * (100 << 20))]))
    for signature, at in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        struct.pack_into("<L", data, data.find(signature) + at, 10)
    taken, problems = by_name(bytes(data))
    assert taken == {}
    assert "damaged" in problems["bob_22_2_a1.ipynb"]  # its checksum is not that of 10 bytes
    struct.pack_into("<L", data, data.find(b"PK\1\2") + 24, 0xFFFFFFF0)  # and now it says 4 GiB
    tracemalloc.start()
    taken, problems = by_name(bytes(data))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert taken == {}
    assert "200 times" in problems["bob_22_2_a1.ipynb"]
    assert peak < 32 << 20


def test_m12_a_compressed_size_that_lies_does_not_hide_the_ratio():
    data = bytearray(zip_bytes([("bob_22_2_a1.ipynb", b"0" * (19 << 20))]))
    struct.pack_into("<L", data, data.find(b"PK\1\2") + 20, 1 << 30)
    assert by_name(bytes(data))[0] == {}


def test_m12_entries_that_share_their_bytes_are_not_taken():
    """Two entries of the list that name one and the same piece: a hundred of them would be a hundredfold archive."""
    data = zip_bytes([GOOD, ("bob_22_2_a1.ipynb", notebook()), ("cyd_33_3_a1.ipynb", notebook())])
    at = data.rfind(b"PK\1\2")
    shared = struct.unpack_from("<L", data, data.find(b"PK\1\2", data.find(b"PK\1\2") + 4) + 42)
    forged = bytearray(data)
    struct.pack_into("<L", forged, at + 42, *shared)
    taken, problems = by_name(bytes(forged))
    assert list(taken) == ["ada_11_1_a1.ipynb"]
    assert set(problems.values()) == {"its bytes are also another file's: a bomb?"}
    assert set(problems) == {"bob_22_2_a1.ipynb", "cyd_33_3_a1.ipynb"}


def test_m12_a_student_with_more_files_than_anybody_hands_in_costs_that_student_alone(counter):
    folder = "{}_{}_assignsubmission_file_/"
    many = {f"{folder.format('Eve', 1)}{n}.txt": b"" for n in range(MAX_FILES + 1)}
    source = zipped(counter.folder / "s.zip", {**many, f"{folder.format('Bob', 2)}a1.ipynb": notebook()})
    expected = f"expected at most {MAX_FILES} files, got"
    taken, ((student, reason),) = counter.collect(source)
    assert (taken, student, expected in reason) == ([("Bob", "a1", "new")], "Eve (1)", True)
    for name in many:
        path = counter.folder / "given" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (counter.folder / "given" / "zoe.ipynb").write_bytes(notebook())
    taken, ((student, reason),) = counter.collect(counter.folder / "given", dry=True)
    assert (taken, expected in reason) == ([("zoe", "a1", "new")], True)


def test_m12_a_list_of_entries_that_would_fill_the_memory_is_not_read():
    data = bytearray(zip_bytes([GOOD]))
    struct.pack_into("<L", data, data.rfind(b"PK\5\6") + 12, archives.MAX_DIRECTORY + 1)
    with pytest.raises(MalformedError, match="at most 65534 files"):
        open_zip(io.BytesIO(bytes(data)))
    end = data.rfind(b"PK\5\6")
    large = (
        bytes(data[:end]) + b"PK\6\7" + bytes(16) + bytes(data[end:])
    )  # the 64-bit list, where sizes are as one likes
    with pytest.raises(MalformedError, match="at most 65534 files"):
        open_zip(io.BytesIO(large))


def test_m12_everything_together_has_a_limit_zips_in_zips_included(monkeypatch):
    inner = zip_bytes({f"{n}.bin": bytes(900_000) for n in range(10)})
    budget = Budget(2_000_000)
    entries, _ = zip_entries(open_zip(io.BytesIO(zip_bytes({"in.zip": inner}))))
    (outer,) = entries
    inside, _ = zip_entries(open_zip(io.BytesIO(outer.read(budget))))
    with pytest.raises(MalformedError, match="grows beyond what a student hands in"):
        [entry.read(budget) for entry in inside]
    assert budget.left > -(1 << 16)  # it stopped at the piece that was too much


def test_m12_a_bomb_that_a_student_zipped_costs_that_student_alone(counter):
    bomb = zip_bytes({"a1.ipynb": b"0" * (19 << 20)})
    source = zipped(counter.folder / "s.zip", [GOOD, ("bob_22_2_a1.zip", bomb), ("cyd_33_3_a1.zip", b"PK\3\4 broken")])
    taken, problems = counter.collect(source)
    assert taken == [("11", "a1", "new")]
    assert ["a bomb" in problems[1][1], "broken" in problems[0][1]] == [True, True]


@pytest.mark.parametrize("cut", [0, 1, 30, 100, -1, -22, -40])
def test_m12_an_archive_cut_anywhere_is_one_line(counter, cut):
    data = zip_bytes([GOOD, ("bob_22_2_a1.ipynb", notebook())])
    source = counter.folder / "s.zip"
    source.write_bytes(b"PK\3\4" + data[4:][:cut])
    taken, problems = counter.collect(source)
    assert taken == []
    assert len(problems) == 1


def test_damaged_archives_raise_nothing_but_their_reason():
    """Every byte of a small archive, changed in three ways."""
    data = zip_bytes([("ada_11_1_a1.ipynb", b"{}"), ("bob_22_2_a1.ipynb", b"{}")])
    for at in range(len(data)):
        for value in (0, 0xFF, data[at] ^ 1):
            changed = data[:at] + bytes([value]) + data[at + 1 :]
            try:
                by_name(changed)
            except MalformedError as error:
                assert "\n" not in str(error)
