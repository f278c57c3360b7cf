"""The files that `serve unit` prints: each is read by a parser, and no name in them becomes a setting."""

import configparser
import shutil
import subprocess
from pathlib import Path

import pytest
from commands import run

from autograder.errors import AutograderError
from autograder.portal.deployment import Machine, deployment_file

MACHINE = Machine(Path("/srv/my course"), Path("/opt/venv/bin/autograder"), "grading", "grading.example.edu", 8001)


def systemd():
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    parser.optionxform = str
    parser.read_string(deployment_file("systemd", MACHINE))
    return parser


def test_the_unit_may_write_only_where_submissions_come_in():
    service = systemd()["Service"]
    assert service["ProtectSystem"] == "strict"
    assert service["ReadWritePaths"] == '"/srv/my course/work"'
    assert service["ExecStart"] == (
        '"/opt/venv/bin/autograder" serve --port 8001 --behind-proxy 127.0.0.1 --url https://grading.example.edu'
    )
    assert service["MemoryMax"] == "3G"


def test_the_unit_leaves_the_sandbox_what_it_needs():
    forbidden = {"RestrictNamespaces", "ProtectKernelTunables", "SystemCallFilter", "PrivateUsers"}
    assert forbidden & set(systemd()["Service"]) == set()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd-analyze here")
def test_systemd_itself_finds_no_fault(tmp_path):
    program = tmp_path / "autograder"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    (tmp_path / "work").mkdir()
    unit = tmp_path / "autograder.service"
    unit.write_text(deployment_file("systemd", Machine(tmp_path, program, "daemon", "a.example")))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, check=False)
    about_it = [line for line in done.stderr.splitlines() if "autograder.service" in line]
    assert about_it == []


def blocks(text):
    """Names of nginx' and Caddy's blocks and lines, as nested lists: {name: [...]}. Raises for unequal brackets."""
    stack = [[]]
    for line in (line.strip() for line in text.splitlines()):
        if not line or line.startswith("#"):
            continue
        if line.endswith("{"):
            stack[-1].append((line[:-1].strip(), []))
            stack.append(stack[-1][-1][1])
        elif line == "}":
            stack.pop()
        else:
            stack[-1].append(line)
    assert len(stack) == 1
    return stack[0]


def test_caddy_hands_on_the_right_name_and_port_and_bounds_a_body():
    ((site, inside),) = blocks(deployment_file("caddy", MACHINE))
    assert site == "grading.example.edu"
    assert ("request_body", ["max_size 21MiB"]) in inside
    assert ("reverse_proxy 127.0.0.1:8001", ["flush_interval -1"]) in inside


def test_nginx_hands_on_the_name_and_waits_for_no_upload():
    _, (name, inside) = blocks(deployment_file("nginx", MACHINE))
    (location,) = [lines for block, lines in (each for each in inside if isinstance(each, tuple))]
    assert name == "server"
    assert {"server_name grading.example.edu;", "client_max_body_size 21m;"} <= {
        s for s in inside if isinstance(s, str)
    }
    assert {
        "proxy_pass http://127.0.0.1:8001;",
        "proxy_set_header Host $host;",
        "proxy_request_buffering off;",
        "proxy_buffering off;",
    } <= set(location)


@pytest.mark.skipif(not shutil.which("nginx"), reason="there is no nginx here")
def test_nginx_itself_finds_no_fault(tmp_path):
    text = deployment_file("nginx", MACHINE)
    without_tls = "\n".join(line.replace(" ssl;", ";") for line in text.splitlines() if "ssl_certificate" not in line)
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{without_tls}\n}}\n")
    done = subprocess.run(["nginx", "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False)
    assert "syntax is ok" in done.stderr


@pytest.mark.parametrize(
    "changes",
    [
        {"host": "a.example { respond 1"},
        {"host": "a\nb"},
        {"user": "root\nExecStart=/bin/sh"},
        {"course": Path('/srv/"x')},
        {"course": Path("/srv/%n")},
    ],
)
def test_a_name_that_would_be_a_setting_is_refused(changes):
    fields = {name: getattr(MACHINE, name) for name in ("course", "program", "user", "host")}
    with pytest.raises(AutograderError):
        deployment_file("systemd", Machine(**{**fields, **changes}))


def test_the_command_prints_the_file_for_this_course(tmp_path):
    (tmp_path / "course.toml").touch()
    text = run("serve", "unit", "caddy", "--host", "a.example", "--course", tmp_path).stdout
    assert text.startswith("# /etc/caddy/Caddyfile")
    with pytest.raises(AutograderError, match="expected one of systemd, caddy, nginx, got 'apache'"):
        run("serve", "unit", "apache", "--course", tmp_path)
