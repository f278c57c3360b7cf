"""A teacher's archive is read within bounds; each fault in it is one line."""

import json
import zipfile

import pytest
from otter_courses.more_cases import zipped

from autograder.errors import CourseError
from autograder.otter_courses.otter_archive import read_archive
from autograder.otter_courses.otter_packages import require_packages, rules_of

TEST = {"tests/q1.py": "OK_FORMAT = True\n"}


def read(tmp_path, **files):
    path = tmp_path / "autograder.zip"
    path.write_bytes(zipped({**TEST, **files}))
    return read_archive(path)


def test_tests_files_settings_and_requirements_are_read(tmp_path):
    archive = read(
        tmp_path,
        **{
            "otter_config.json": '{"seed": 3}',
            "files/a/b.csv": "1,2",
            "requirements.txt": "pandas",
            "run_otter.py": "x",
            "setup.sh": "y",
        },
    )
    assert (archive.tests, archive.files, archive.settings.seed) == (TEST, {"a/b.csv": b"1,2"}, 3)
    assert archive.requirements == {"requirements.txt": "pandas"}


def test_a_folder_into_which_it_was_unpacked_is_the_same(tmp_path):
    archive = read(tmp_path, **{"files/data.csv": "1", "otter_config.json": "{}"})
    with zipfile.ZipFile(tmp_path / "autograder.zip") as packed:
        packed.extractall(tmp_path / "source")
    (tmp_path / "source" / "link").symlink_to("/etc/passwd")
    assert read_archive(tmp_path / "source") == archive


CONFIGS = {
    '{"lang": "r"}': "lang: expected python, got r. Hint: `otter grade` grades R notebooks.",
    '{"lang": "julia"}': "lang: expected python, got 'julia'.",
    '{"seed": "42"}': "seed: expected a whole number, got '42'.",
    '{"seed": 1.5}': "seed: expected a whole number, got 1.5.",
    '{"points_possible": "ten"}': "points_possible: expected a number, got 'ten'.",
    '{"score_threshold": true}': "score_threshold: expected a number, got True.",
    '{"show_hidden": 1}': "show_hidden: expected true or false, got 1.",
    '{"assignment_name": 3}': "assignment_name: expected text, got 3.",
    '{"grade_from_log": true}': "grade_from_log: expected false, got true. Hint: a log is a student's own pickle.",
    "[]": "expected a JSON object, got something else.",
    "{": "expected JSON, got text that is none (JSONDecodeError).",
    "[" * 100_000: "expected JSON, got text that is none (RecursionError).",
}


@pytest.mark.parametrize("text", CONFIGS, ids=lambda text: text[:30])
def test_a_setting_that_makes_no_sense_is_one_line(text, tmp_path):
    with pytest.raises(CourseError) as error:
        read(tmp_path, **{"otter_config.json": text})
    assert str(error.value) == f"{tmp_path}/autograder.zip: otter_config.json: {CONFIGS[text]}"


def test_settings_that_do_not_apply_are_said_and_no_secret_is_kept(tmp_path):
    config = {"plugins": ["a.B"], "pdf": True, "token": "very-secret", "debug": True, "miniconda_path": "/x"}
    settings = read(tmp_path, **{"otter_config.json": json.dumps(config)}).settings
    assert settings.ignored == (
        "plugins: plugins are not run",
        "pdf: no PDF is made",
        "token: nothing is sent to Gradescope",
        "debug: an error in a cell ends no run",
    )
    assert "very-secret" not in settings.model_dump_json()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "expected a zip, got a broken one"),
        (zipped({"a.txt": ""}), "expected test files in tests/, got none"),
        (zipped({"tests/../../q.py": ""}), "a name that leads out of the archive"),
        (zipped({"tests/q1.py": "", "tests/Q1.py": ""}), "2 files of this name"),
        (zipped({f"tests/q{i}.py": "" for i in range(501)}), "at most 500 test files, got 501"),
        (zipped({"tests/q.py": "#" * (2 << 20)}), "expected at most 1 MiB, got more"),
    ],
)
def test_a_broken_archive_is_one_line(data, words, tmp_path):
    path = tmp_path / "autograder.zip"
    path.write_bytes(data)
    with pytest.raises(CourseError) as error:
        read_archive(path)
    assert str(error.value).startswith(f"{path}: ")
    assert words in str(error.value)


def test_an_archive_that_is_not_there_is_one_line(tmp_path):
    with pytest.raises(CourseError, match="got no file"):
        read_archive(tmp_path / "gone.zip")


def test_packages_are_those_that_are_listed_or_usual_and_imported(tmp_path):
    environment = "dependencies:\n- python=3.12\n- pip:\n  - otter-grader[grading]==7\n  - rich>=1\n"
    rules = rules_of(read(tmp_path, **{"environment.yml": environment}))
    texts = [
        "import pandas as pd, rich\nfrom sklearn.svm import SVC",
        ">>> import autograder, nbgrader, otter",
        "import pytest",
    ]
    assert rules.used_by(texts) == ("pandas", "rich", "scikit-learn")
    assert rules.modules_in(texts) == {"pandas", "rich", "sklearn.svm"}


def test_a_listed_package_that_is_missing_is_one_line_if_a_test_imports_it(tmp_path):
    listed = {"requirements.txt": "nosuchpackage==1.0\n-r other.txt\n# comment\n"}
    unused = read(tmp_path, **listed)
    require_packages(rules_of(unused), unused)
    used = read(tmp_path, **listed, **{"tests/q2.py": "from nosuchpackage import x"})
    with pytest.raises(CourseError) as error:
        require_packages(rules_of(used), used)
    assert str(error.value) == (
        "packages: expected nosuchpackage to be installed, got none. Hint: pip install nosuchpackage."
    )


def test_an_environment_that_is_no_yaml_is_one_line(tmp_path):
    with pytest.raises(CourseError, match=r"environment\.yml: expected YAML, got text that is none"):
        rules_of(read(tmp_path, **{"environment.yml": "a: [b"}))
