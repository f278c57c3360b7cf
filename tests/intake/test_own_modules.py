"""A student's own modules come in with the notebook that uses them, are signed with it, and count as part of it."""

import hashlib

import pytest
from intake.counter import HOUR, NOON, notebook, zip_bytes, zipped

from autograder.intake import placing
from autograder.intake.own_modules import MAX_MODULES, MODULE, used, work_sha256
from autograder.intake.reader import read_notebook, read_sha256

USES = notebook("import helpers\nx = helpers.f()")


@pytest.fixture
def folder(counter):
    """folder(files): ann's work on a1, in a folder of the course's shape."""

    def of(files):
        place = counter.folder / "in" / "ann" / "a1"
        place.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (place / name).write_bytes(data)
        return counter.folder / "in"

    return of


def collected(counter, source, **options):
    """(the names in ann's folder, what is said of them)."""
    taken, *others = counter.run(source, **options)
    assert others == []
    return sorted(p.name for p in (counter.out / "ann" / "a1").iterdir()), taken.remarks


USUAL = ["a1.ipynb", "received.json", "timestamp.txt"]


def test_only_modules_that_the_code_names_are_kept_also_those_that_a_module_names(counter, folder):
    files = {"a1.ipynb": USES, "helpers.py": b"import deeper", "deeper.py": b"", "setup.py": b"", "helpers.csv": b""}
    assert collected(counter, folder(files)) == (sorted([*USUAL, "deeper.py", "helpers.py"]), ())
    (submission, *_) = counter.submissions()
    assert read_notebook(submission.notebook, submission.modules).modules == {"deeper": "", "helpers": "import deeper"}


def test_a_module_of_another_folder_is_not_beside_the_notebook(counter):
    inside = {"work/a1.ipynb": USES, "helpers.py": b"1", "work/deep/helpers.py": b"2"}
    counter.collect(zipped(counter.folder / "s.zip", {"ada_11_1_work.zip": zip_bytes(inside)}))
    assert "11/a1/helpers.py" not in counter.files()


@pytest.mark.parametrize("name", ["helpers-1.py", "helpers (2).py", "helpers-1-2.py"])
def test_a_number_that_the_host_added_to_a_name_is_taken_off_and_said(counter, folder, name):
    names, remarks = collected(counter, folder({"a1.ipynb": USES, name: b"f = int"}))
    assert (names, remarks) == (sorted([*USUAL, "helpers.py"]), (f"{name} was kept as helpers.py",))


def test_canvas_carries_a_module_beside_the_notebook(counter):
    files = {"ada_11_1_a1.ipynb": USES, "ada_11_2_helpers-1.py": b"f = int"}
    counter.collect(zipped(counter.folder / "s.zip", files))
    assert counter.files()["11/a1/helpers.py"] == b"f = int"


LEFT_OUT = {
    "the name of one of Python's modules": (
        b"import random", "random.py", b"", "because Python or the course has a module of this name",
    ),
    "the name of NumPy": (
        b"import numpy", "numpy.py", b"", "because Python or the course has a module of this name",
    ),
    "a name that cannot be imported": (
        b"%run my-code.py", "my-code.py", b"", "my-code.py was not kept: expected a name that Python can import",
    ),
    "too large": (b"import helpers", "helpers.py", b"#" * (MODULE.limit + 1), "helpers.py was not kept: expected at most 256 KiB"),
}  # fmt: skip


@pytest.mark.parametrize("name", LEFT_OUT)
def test_a_file_that_cannot_be_kept_is_named_when_it_is_collected(counter, folder, name):
    code, file, data, reason = LEFT_OUT[name]
    names, (remark,) = collected(counter, folder({"a1.ipynb": notebook(code.decode()), file: data}))
    assert (names, reason in remark) == (USUAL, True), remark


def test_a_copy_of_a_hand_out_is_left_out_without_a_word(counter, folder):
    source = folder({"a1.ipynb": notebook("import drawing"), "drawing.py": b"changed"})
    assert collected(counter, source, handed_out={"a1": {"drawing"}}) == (USUAL, ())


def test_of_many_modules_a_bounded_number_is_kept(counter, folder):
    count = MAX_MODULES + 5
    files = {f"m{i:02d}.py": b"" for i in range(count)}
    source = folder({"a1.ipynb": notebook("import " + ", ".join(f"m{i:02d}" for i in range(count))), **files})
    names, (remark,) = collected(counter, source)
    assert len(names) == len(USUAL) + MAX_MODULES
    assert f"at most {MAX_MODULES} modules" in remark


def test_modules_that_import_each_other_come_to_an_end():
    texts = {"a": "import b", "b": "import a", "c": ""}
    assert list(used(["import a"], texts, texts.get)) == ["a", "b"]


def test_a_notebook_without_modules_has_the_hash_of_its_bytes_and_each_module_changes_it(tmp_path):
    path, beside = tmp_path / "a1.ipynb", tmp_path / "helpers.py"
    path.write_bytes(USES)
    alone = hashlib.sha256(USES).hexdigest()
    hashes = [alone, read_notebook(path).sha256, read_sha256(path), work_sha256(USES, {})]
    assert set(hashes) == {alone}
    for text in ("f = int", "f = str"):
        beside.write_text(text)
        hashes.append(read_notebook(path, [beside]).sha256)
        assert read_sha256(path, [beside]) == hashes[-1]
    assert len(set(hashes)) == 3


@pytest.mark.parametrize("data", [b"\xff\xfe\0", b"\xef\xbb\xbf# \xe4\r\nx = 1", b"\0" * 10, b"x = '\\ud800'"])
def test_any_bytes_are_a_modules_text_and_give_the_same_text_once_they_are_written(tmp_path, data):
    path, beside, again = (tmp_path / name for name in ("a1.ipynb", "helpers.py", "again/helpers.py"))
    path.write_bytes(USES)
    beside.write_bytes(data)
    text = read_notebook(path, [beside]).modules["helpers"]
    again.parent.mkdir()
    again.write_text(text, encoding="utf-8", newline="")
    assert read_notebook(path, [again]).modules["helpers"] == text


def test_a_link_or_a_large_file_beside_the_notebook_is_no_module(tmp_path):
    path = tmp_path / "a1.ipynb"
    path.write_bytes(notebook("import helpers, large"))
    (tmp_path / "helpers.py").symlink_to("/etc/passwd")
    (tmp_path / "large.py").write_bytes(b"#" * (MODULE.limit + 1))
    assert read_notebook(path, sorted(tmp_path.glob("*.py"))).modules == {}


def test_a_module_that_changed_makes_a_new_attempt_and_the_one_before_is_put_aside(counter, folder):
    for hour, text in enumerate((b"f = int", b"f = str", b"f = list")):
        counter.now = NOON + hour * HOUR
        assert counter.collect(folder({"a1.ipynb": USES, "helpers.py": text}))[0][0][2] == ("again" if hour else "new")
    counter.now = NOON + 9 * HOUR
    assert counter.collect(folder({}))[0][0][2] == "unchanged"
    files = counter.files()
    kept = [files[f"ann/a1/{place}helpers.py"] for place in ("earlier/1/", "earlier/2/", "")]
    assert kept == [b"f = int", b"f = str", b"f = list"]
    assert [s.attempt for s in counter.submissions()] == [0, 1, 2]
    assert not any(s.missigned or s.unsigned for s in counter.submissions())


def test_a_module_that_is_no_longer_handed_in_is_gone_from_the_newest_attempt(counter, folder):
    counter.collect(folder({"a1.ipynb": USES, "helpers.py": b""}))
    (folder({}) / "ann" / "a1" / "helpers.py").unlink()
    assert counter.collect(folder({}))[0][0][2] == "again"
    assert [name for name in counter.files() if "helpers" in name] == ["ann/a1/earlier/1/helpers.py"]


def test_the_record_signs_each_module(counter, folder):
    counter.collect(folder({"a1.ipynb": USES, "helpers.py": b"f = int"}))
    assert counter.record("ann")["modules"] == {"helpers": hashlib.sha256(b"f = int").hexdigest()}
    (counter.out / "ann" / "a1" / "helpers.py").write_bytes(b"f = str")
    assert counter.submissions()[0].missigned == ("received.json", "timestamp.txt")


def test_a_folder_in_the_place_of_a_module_is_one_line(counter, folder):
    (counter.out / "ann" / "a1" / "helpers.py").mkdir(parents=True)
    taken, ((_, reason),) = counter.collect(folder({"a1.ipynb": USES, "helpers.py": b""}))
    assert (taken, "expected a file, got a folder" in reason) == ([], True)


@pytest.mark.parametrize("by", ["new", "old"])
def test_a_run_that_was_killed_while_only_a_module_changed_is_set_right_by_the_next(counter, monkeypatch, by):
    """As for notebooks: collecting the new one again finishes it, collecting the old one undoes it."""
    first, second = (
        zipped(counter.folder / f"{t}.zip", {"ada_11_1_a1.ipynb": USES, "ada_11_2_helpers.py": t.encode()})
        for t in ("old", "new")
    )
    real = placing.write_atomically
    for survived in range(8):  # 4 files put aside, 4 files written
        counter.out = counter.folder / f"killed{survived}"
        counter.collect(first)
        calls = iter(range(100))

        def write(path, data, calls=calls, survived=survived):
            if next(calls) == survived:
                raise KeyboardInterrupt
            real(path, data)

        monkeypatch.setattr(placing, "write_atomically", write)
        with pytest.raises(KeyboardInterrupt):
            counter.collect(second)
        monkeypatch.setattr(placing, "write_atomically", real)
        counter.collect(second if by == "new" else first)
        assert counter.files()["11/a1/helpers.py"] == by.encode() or survived == 7  # then the new one was whole
        assert not any(s.missigned for s in counter.submissions())
