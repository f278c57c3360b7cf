"""The token that a CI reads students' repositories with: git gets it by its environment, for one server only.

Not in an address, which git's messages and the process list would show. A remote on another server never gets it.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping

TOKEN, SERVER = "AUTOGRADER_GIT_TOKEN", "AUTOGRADER_GIT_SERVER"
_SERVERS = (SERVER, "GITHUB_SERVER_URL", "CI_SERVER_URL")  # what the two providers tell every job


def git_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Environment variables for git: an Authorization header for the server, or nothing where there is no token."""
    token = environment.get(TOKEN, "").strip()
    if not token:
        return {}
    server = next((environment[name] for name in _SERVERS if environment.get(name)), "https://github.com")
    if not server.startswith("https://"):
        return {}  # a token in plain text on the network
    # GitHub wants this name before a token; GitLab takes any.
    code = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"http.{server.rstrip('/')}/.extraHeader",
        "GIT_CONFIG_VALUE_0": f"Authorization: Basic {code}",
    }
