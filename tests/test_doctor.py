"""What `autograder doctor` says: plain words, true of the tier that holds, and one command for a better one."""

import tempfile
from pathlib import Path

import pytest

from autograder import doctor
from autograder.errors import SandboxError


def says(what):
    return [f.says for f in doctor.examine() if f.what == what]


def refused(tier):
    real = doctor.open_sandbox

    def open_sandbox(handouts, wanted):
        if wanted in tier:
            raise SandboxError(f"tier {wanted}: expected it to start, got no.")
        return real(handouts, wanted)

    return open_sandbox


def test_it_says_what_student_code_can_read_write_and_reach():
    told = " ".join(says("enforced"))
    for word in ("reads", "writes", "network", "no process", "Memory", "secrets"):
        assert word in told


def test_without_tier_a_it_gives_the_one_command_that_gets_it(monkeypatch):
    monkeypatch.setattr(doctor, "open_sandbox", refused("A"))
    monkeypatch.setattr(doctor, "where_we_are", lambda _: "Debian")
    assert says("next") == ["tier A, on Debian: sudo apt-get install -y bubblewrap"]
    assert any("whether a path exists" in text for text in says("not enforced"))


def test_without_any_tier_it_claims_nothing_and_says_that_nothing_can_be_graded(monkeypatch):
    monkeypatch.setattr(doctor, "open_sandbox", refused("AB"))
    assert says("enforced") == []
    assert not doctor.can_grade(doctor.examine())


@pytest.mark.parametrize(
    ("environment", "file", "place"),
    [
        ({"GITHUB_ACTIONS": "true"}, "x", "a GitHub runner"),
        ({"GITLAB_CI": "true"}, ".dockerenv", "a GitLab runner"),
        ({}, ".dockerenv", "Docker"),
        ({}, "run/.containerenv", "Docker"),
        ({}, "proc/sys/kernel/apparmor_restrict_unprivileged_userns", "Ubuntu 24.04 and later"),
        ({}, "x", "Debian"),
    ],
)
def test_it_knows_where_it_is(tmp_path, environment, file, place):
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text("1")
    assert doctor.where_we_are(environment, tmp_path) == place
    assert "\n" not in doctor.TIER_A[place]


def test_as_root_in_tier_b_it_names_the_folder_that_keeps_student_code_from_python(monkeypatch):
    monkeypatch.setattr(doctor, "open_sandbox", refused({"A"}))
    monkeypatch.setattr(doctor.os, "geteuid", lambda: 0)
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        library = Path(folder, "closed", "lib", "os.py")
        library.parent.mkdir(parents=True)
        library.touch()
        Path(folder).chmod(0o755)
        monkeypatch.setattr(doctor.os, "__file__", str(library))
        assert says("imports") == []
        Path(folder, "closed").chmod(0o700)
        (told,) = says("imports")
        assert f"may not enter {folder}/closed," in told


def test_the_packages_of_the_course_are_listed_and_the_missing_one_is_named(monkeypatch):
    monkeypatch.setattr(doctor, "_tier", lambda tier: (doctor.Capability(f"tier {tier}", True, "", tier=True), True))
    findings = {f.what: f for f in doctor.examine({"a4": ("pandas",), "a5": ("pandsa",), "a6": ()})}
    assert findings["a4"].good
    assert findings["a4"].says.startswith("packages: pandas==")
    assert not findings["a5"].good
    assert findings["a5"].says == "packages: expected an installed distribution, got 'pandsa'. Hint: pandas?"
    assert "a6" not in findings
