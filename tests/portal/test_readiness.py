"""What `serve doctor` says of a machine."""

import os

import pytest
from commands import run

from autograder.errors import AutograderError
from autograder.portal import readiness

MOUNTS = """\
22 1 8:1 / / rw shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /srv/my\\040course rw - nfs4 server:/x rw
31 22 0:41 / /srv rw - tmpfs tmpfs rw
32 30 8:2 / /srv/my\\040course/work rw - ext4 /dev/sdb1 rw
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [("/home", "ext4"), ("/srv/other", "tmpfs"), ("/srv/my course/x", "nfs4"), ("/srv/my course/work/portal", "ext4")],
)
def test_a_folder_is_on_the_file_system_that_is_mounted_nearest(folder, kind, tmp_path):
    (tmp_path / "mounts").write_text(MOUNTS)
    assert readiness.file_system_of(tmp_path.__class__(folder), tmp_path / "mounts") == kind


@pytest.mark.parametrize("kind", ["nfs4", "nfs", "cifs", "smb3", "fuse.sshfs", "9p", "ceph"])
def test_sqlite_on_a_network_file_system_is_refused(kind, tmp_path, monkeypatch):
    monkeypatch.setattr(readiness, "file_system_of", lambda _: kind)
    with pytest.raises(AutograderError, match=f"got {kind}, a network file system. Hint: put the course on a local"):
        readiness.require_local(tmp_path)


@pytest.mark.parametrize("kind", ["ext4", "xfs", "btrfs", "overlay", "tmpfs", ""])
def test_a_local_one_is_not(kind, tmp_path, monkeypatch):
    monkeypatch.setattr(readiness, "file_system_of", lambda _: kind)
    readiness.require_local(tmp_path)


@pytest.mark.parametrize(("free", "good"), [(199 << 20, False), (1 << 30, None), (6 << 30, True)])
def test_a_disk_without_room_is_said_before_the_first_refusal(free, good, tmp_path, monkeypatch):
    class Free:
        f_bavail, f_frsize = free >> 12, 1 << 12

    monkeypatch.setattr(os, "statvfs", lambda _: Free)
    (line,) = [x for x in readiness.readiness(tmp_path / "not" / "there", sqlite=True) if x.what == "disk"]
    assert line.good is good


@pytest.mark.parametrize(("abi", "good"), [(0, False), (3, None), (4, True), (6, True)])
def test_without_landlock_the_web_process_could_open_solutions(abi, good, tmp_path, monkeypatch):
    monkeypatch.setattr(readiness, "landlock_abi", lambda: abi)
    assert readiness.readiness(tmp_path, sqlite=True)[0].good is good


@pytest.mark.parametrize(("state", "good"), [(0, True), (5, None), (None, None)])
def test_a_clock_that_nobody_sets_is_a_warning(state, good, tmp_path, monkeypatch):
    monkeypatch.setattr(readiness, "_adjtimex", lambda: state)
    assert readiness.readiness(tmp_path, sqlite=True)[-1].good is good


def test_the_command_says_it_and_the_tiers(tmp_path):
    (tmp_path / "course.toml").touch()
    bad = [line for line in readiness.readiness(tmp_path, sqlite=True) if line.good is False]
    said = run("serve", "doctor", "--course", tmp_path, code=1 if bad else 0).stdout
    for what in ("Landlock", "file system", "disk", "clock", "tier B"):
        assert what in said
