"""The token that a CI reads students' repositories with: git gets it by its environment, for one server only.

Not in an address, which git's messages and the process list would show. A remote on another server never gets it.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping

from autograder.hosting.server import address_in

TOKEN = "AUTOGRADER_GIT_TOKEN"  # noqa: S105 — the name of a variable


def git_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Environment variables for git: an Authorization header for the server, or nothing where there is no token."""
    token = environment.get(TOKEN, "").strip()
    if not token:
        return {}
    server = address_in(environment)
    if not server.startswith("https://"):
        return {}  # a token in plain text on the network
    # GitHub wants this name before a token; GitLab takes any.
    code = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"http.{server}/.extraHeader",
        "GIT_CONFIG_VALUE_0": f"Authorization: Basic {code}",
    }
