"""A course names distributions, as pip does; the names that students import are found in their metadata."""

import json
from sysconfig import get_config_var

import pytest

from autograder import distributions
from autograder.distributions import distribution_of, import_names, needed_by, require_installed
from autograder.errors import CourseError
from autograder.installed_files import contents

EXT_SUFFIX = get_config_var("EXT_SUFFIX")  # of a native module of this Python


@pytest.fixture
def site(tmp_path, monkeypatch):
    """Installs distributions that hold nothing: site(name, files, …)."""

    def install(name, files=(), *, info="dist-info", version="1.0", listed=True, **metadata):
        folder = tmp_path / f"{name.replace('-', '_')}-{version}.{info}"
        folder.mkdir()
        kept = "METADATA" if info == "dist-info" else "PKG-INFO"
        (folder / kept).write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        for file, text in metadata.items():
            (folder / file.replace("_txt", ".txt").replace("_json", ".json")).write_text(text)
        for file in files:
            place = tmp_path / file
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text("")
        if listed:
            (folder / "RECORD").write_text("".join(f"{file},,\n" for file in files))
        return tmp_path

    monkeypatch.syspath_prepend(tmp_path)
    for cached in (contents, distributions._version, distributions._installed, distributions._owners):
        cached.cache_clear()
    yield install
    for cached in (contents, distributions._version, distributions._installed, distributions._owners):
        cached.cache_clear()


@pytest.mark.parametrize(
    ("distribution", "names"),
    [
        ("scikit-learn", ("sklearn",)),
        ("Scikit_Learn", ("sklearn",)),
        ("six", ("six",)),
        ("pyyaml", ("_yaml", "yaml")),
        ("pandas", ("pandas",)),
    ],
)
def test_real_distributions_are_imported_by_the_names_that_their_documentation_gives(distribution, names):
    assert import_names(distribution) == names


def test_a_module_leads_back_to_its_distribution():
    assert [distribution_of(n) for n in ("sklearn.svm", "PIL", "dateutil", "nothing")] == [
        "scikit-learn",
        "pillow",
        "python-dateutil",
        "",
    ]


def test_single_files_native_modules_and_data_are_told_apart(site):
    site("odd", ["one.py", f"two{EXT_SUFFIX}", "three.abi3.so", "odd.libs/libx.so.1", "share/man"])
    assert import_names("odd") == ("one", "three", "two")
    assert {path.name for path in contents("odd").paths} >= {"odd.libs", "one.py"}


def test_a_namespace_package_gives_each_distribution_its_part(site):
    root = site("cloud-a", ["cloud/a/__init__.py", "cloud/a/x.py"])
    site("cloud-b", ["cloud/b.py"])
    assert (import_names("cloud-a"), import_names("cloud-b")) == (("cloud.a",), ("cloud.b",))
    assert contents("cloud-a").paths == (root / "cloud/a",)
    assert contents("cloud-a").namespaces == (root / "cloud",)
    assert (distribution_of("cloud.a.x"), distribution_of("cloud.b"), distribution_of("cloud")) == (
        "cloud-a",
        "cloud-b",
        "",
    )


def test_debian_writes_no_list_of_files(site):
    site("debian-one", listed=False, top_level_txt="deb\n")
    root = site("debian-two", listed=False)
    (root / "deb").mkdir()
    (root / "deb" / "__init__.py").write_text("")
    (root / "debian_two.py").write_text("")
    assert import_names("debian-one") == ("deb",)
    assert import_names("debian-two") == ("debian_two",)


def test_an_egg_lists_its_files_beside_its_metadata(site):
    root = site("egg", info="egg-info", listed=False, top_level_txt="egg\n")
    (root / "egg").mkdir()
    (root / "egg" / "__init__.py").write_text("")
    assert import_names("egg") == ("egg",)


def test_a_working_copy_is_found_where_it_lies(site, tmp_path, monkeypatch):
    copy = tmp_path / "src"
    (copy / "mine").mkdir(parents=True)
    (copy / "mine" / "__init__.py").write_text("")
    root = site(
        "mine", ["mine.pth"], direct_url_json=json.dumps({"url": copy.as_uri(), "dir_info": {"editable": True}})
    )
    (root / "mine.pth").write_text(f"{copy}\n")
    monkeypatch.syspath_prepend(copy)
    assert import_names("mine") == ("mine",)
    assert (copy / "mine") in contents("mine").paths
    assert contents("mine").search == (copy,)


def test_packages_need_others():
    needed = needed_by(["pandas"])
    assert {"pandas", "numpy", "python-dateutil"} <= set(needed)
    assert "pytest" not in needed  # an extra


def test_names_versions_and_import_names_are_accepted():
    assert require_installed(["pandas>=2", "Scikit_Learn", "sklearn", "numpy"]) == ("pandas", "scikit-learn", "numpy")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("pandsa", "packages: expected an installed distribution, got 'pandsa'. Hint: pandas?"),
        ("cv2", "packages: expected an installed distribution, got 'cv2'. Hint: pip install opencv-python-headless"),
        ("json", "packages: expected no module of Python's own, got 'json'. Hint: it is always there."),
        ("torch", "packages: expected an installed distribution, got 'torch'. Hint: pip install torch"),
        ("backprop-course", "packages: expected packages for students, got 'backprop-course', which holds the grader."),
        ("autograder", "packages: expected packages for students, got 'autograder', which holds the grader."),
        ("", "packages: expected the name of a distribution, got ''."),
        ("two words", "packages: expected the name of a distribution, got 'two words'."),
        ("pandas[excel]", "packages: expected names and versions alone, got 'pandas[excel]'."),
        ("pandas; python_version > '3'", "packages: expected names and versions alone, got"),
        ("x" * 101, "packages: expected names of at most 100 characters, got 101."),
    ],
)
def test_anything_else_is_one_line_with_the_next_step(text, says):
    with pytest.raises(CourseError) as error:
        require_installed(["numpy", text])
    assert str(error.value).startswith(says)
    assert "\n" not in str(error.value)


def test_a_version_that_is_not_installed_is_named(site):
    site("versioned", ["versioned.py"], version="1.5")
    assert require_installed(["versioned>=1.2,<2"]) == ("versioned",)
    with pytest.raises(CourseError, match=r"^packages: expected versioned>=2, got version 1.5. Hint: pip install"):
        require_installed(["versioned>=2"])
