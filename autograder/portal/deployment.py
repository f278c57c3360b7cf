"""Files for the machine that runs the portal: a unit of systemd, and the settings of a proxy before it. Only text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from autograder.errors import AutograderError
from autograder.text import nearest

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?", re.ASCII)
_USER = re.compile(r"[a-z_][a-z0-9_-]{0,31}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Machine:
    """What the files name. course: its folder.  program: of `autograder`.  user: who runs it.  host: of the address.

    memory_gib: the most that all processes of the portal may have together.
    """

    course: Path
    program: Path
    user: str
    host: str
    port: int = 8000
    memory_gib: int = 3

    def require_plain(self) -> None:
        """Raise AutograderError for what would mean something else in one of the files."""
        if not _HOST.fullmatch(self.host):
            raise AutograderError(f"--host: expected a name such as grading.example.edu, got {self.host[:60]!r}.")
        if not _USER.fullmatch(self.user):
            raise AutograderError(f"--user: expected a user of this machine, got {self.user[:60]!r}.")
        for path in (self.course, self.program):
            if re.search(r"[\x00-\x1f\"\\%$]", str(path)):
                raise AutograderError(f"{str(path)!r}: expected a path without quotes, backslashes, % and $, got one.")


def deployment_file(kind: str, machine: Machine) -> str:
    """The file's text. Raises AutograderError for a kind that is not in `FILES`."""
    if kind not in FILES:
        raise AutograderError(f"unit: expected one of {', '.join(FILES)}, got {kind[:60]!r}.{nearest(kind, FILES)}")
    machine.require_plain()
    return FILES[kind](machine)


def _systemd(machine: Machine) -> str:
    return f"""\
# /etc/systemd/system/autograder.service
# Run `autograder serve` once by hand first: it makes the folder work/, and prints the link of the admin.
[Unit]
Description=autograder serve: hand-ins and feedback
After=network.target

[Service]
User={machine.user}
WorkingDirectory={machine.course}
ExecStart="{machine.program}" serve --port {machine.port} --behind-proxy 127.0.0.1 --url https://{machine.host}
Restart=always
RestartSec=1
KillMode=mixed
TimeoutStopSec=30
UMask=0077
# All of the machine is read-only but the folder of what comes in.
ProtectSystem=strict
ReadWritePaths="{machine.course / "work"}"
PrivateTmp=yes
MemoryMax={machine.memory_gib}G
TasksMax=512
LimitNOFILE=8192
# The sandbox makes namespaces and mounts of its own. So RestrictNamespaces, ProtectKernelTunables and SystemCallFilter
# must not stand here: with them, no submission could be graded in tier A.

[Install]
WantedBy=multi-user.target
"""


def _caddy(machine: Machine) -> str:
    return f"""\
# /etc/caddy/Caddyfile. Caddy gets the certificate by itself.
{machine.host} {{
	request_body {{
		max_size 21MiB
	}}
	reverse_proxy 127.0.0.1:{machine.port} {{
		flush_interval -1
	}}
}}
"""


def _nginx(machine: Machine) -> str:
    return f"""\
# /etc/nginx/conf.d/autograder.conf. The certificate comes from elsewhere, from certbot, say.
server {{
    listen 80;
    server_name {machine.host};
    return 301 https://$host$request_uri;
}}
server {{
    listen 443 ssl;
    server_name {machine.host};
    ssl_certificate /etc/letsencrypt/live/{machine.host}/fullchain.pem;
    ssl_certificate_key /etc/letsencrypt/live/{machine.host}/privkey.pem;
    client_max_body_size 21m;
    location / {{
        proxy_pass http://127.0.0.1:{machine.port};
        proxy_http_version 1.1;
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_buffering off;
        # The time of receipt is when the headers come, so an upload must not wait here until it is whole.
        proxy_request_buffering off;
        proxy_read_timeout 120s;
    }}
}}
"""


FILES: Mapping[str, Callable[[Machine], str]] = MappingProxyType(
    {"systemd": _systemd, "caddy": _caddy, "nginx": _nginx}
)
