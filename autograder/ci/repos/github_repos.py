"""Repositories on GitHub: generated from a template, private, with the student as a collaborator who may push.

https://docs.github.com/rest/repos/repos#create-a-repository-using-a-template (Administration: write, Contents: read)
https://docs.github.com/rest/collaborators/collaborators#add-a-repository-collaborator (Administration: write)
https://docs.github.com/rest/collaborators/invitations#list-repository-invitations (Administration: read)
https://docs.github.com/rest/branches/branches#list-branches (Contents: read)
https://docs.github.com/rest/repos/contents#create-or-update-file-contents (Contents: write; only for `--update`)
All other calls: Metadata: read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from autograder.ci.repos.providing import Access
from autograder.errors import AutograderError, HostError
from autograder.hosting.api import Api

_MAY_WRITE = frozenset({"write", "maintain"})
_SHARED = frozenset({"read", "write", "admin"})


class GitHub:
    """Students' repositories from the template `starter`, OWNER/NAME."""

    def __init__(self, api: Api, starter: str, owner: str) -> None:
        self.api, self.starter, self.owner = api, starter, owner
        self.template = 0  # the starter's number, which a new name does not change

    def warnings(self) -> Iterator[str]:
        """What is wrong with the owner as a whole. Raises AutograderError for a starter that is no template."""
        starter = self.api.get(f"repos/{self.starter}")
        if not starter.get("is_template"):
            raise AutograderError(
                f"{self.starter}: expected a template repository, got another. Hint: Settings > Template repository."
            )
        self.template = starter["id"]
        try:
            base = self.api.get(f"orgs/{self.owner}").get("default_repository_permission")
        except HostError as error:
            if error.kind not in {"absent", "refused"}:  # the owner is a person, or only owners may ask
                raise
            base = None
        if base in _SHARED:
            yield (
                f"{self.owner}: every member of the organization may {base} all its repositories. Hint: Settings > "
                "Member privileges > Base permissions: No permission."
            )

    def account(self, login: str) -> str | None:
        """A person's user name; None if nobody has it."""
        user = self.api.find(f"users/{login}")
        return str(user["login"]) if user and user.get("type") == "User" else None

    def problem(self, path: str) -> str | None:
        """Why a repository is not as it should be, or ""; None if there is none."""
        repository = self.api.find(f"repos/{path}")
        if repository is None:
            return None
        if not repository.get("private"):
            return "it is public: everybody can read it"
        if (repository.get("template_repository") or {}).get("id") != self.template:
            return f"it was not made from {self.starter}"
        return "it is archived: nobody can push" if repository.get("archived") else ""

    def create(self, path: str) -> None:
        """Generate it from the template. GitHub answers at once, and fills it some seconds later."""
        owner, _, name = path.rpartition("/")
        body = {"owner": owner, "name": name, "private": True, "include_all_branches": False}
        self.api.write("POST", f"repos/{self.starter}/generate", body)

    def admit(self, path: str, account: str) -> Access:
        """Invite the student, unless that is done. A student accepts an invitation within seven days."""
        rights = self.api.find(f"repos/{path}/collaborators/{account}/permission") or {}
        role = rights.get("role_name") or rights.get("permission")
        if role == "admin" or rights.get("permission") == "admin":
            return Access(wrong=True, reason=f"{account} is an administrator of it, and could make it public")
        if role in _MAY_WRITE:
            return Access()
        for invitation in self.api.pages(f"repos/{path}/invitations"):
            invitee = invitation.get("invitee") or {}
            same = str(invitee.get("login", "")).casefold() == account.casefold()
            if same and not invitation.get("expired"):
                return Access(reason="the invitation is not accepted yet")
        sent = self.api.write("PUT", f"repos/{path}/collaborators/{account}", {"permission": "push"})
        return Access(reason="invited" if sent else "")  # a member of the organization is added at once

    def finish(self, path: str) -> str | None:
        """Whether it has a branch."""
        return "" if self.api.get(f"repos/{path}/branches", per_page=1) else None

    def released(self, folder: str) -> dict[str, str]:
        """{path: content in base64} of the files in a folder of the starter."""
        listing = self._files(self.starter, folder)
        return {
            path: self.api.get(f"repos/{self.starter}/git/blobs/{number}")["content"]
            for path, number in listing.items()
        }

    def add(self, path: str, folder: str, files: Mapping[str, str]) -> int:
        """A commit for each file that is not there. GitHub refuses to write to one that is there without its number."""
        present = self._files(path, folder)
        lacking = {name: content for name, content in files.items() if name not in present}
        for name, content in lacking.items():
            body = {"message": f"Add {name}", "content": content}
            self.api.write("PUT", f"repos/{path}/contents/{quote(name)}", body)
        return len(lacking)

    def _files(self, path: str, folder: str) -> dict[str, str]:
        """{path: number of its content} of what lies in a folder."""
        items = self.api.find(f"repos/{path}/contents/{quote(folder)}") or []
        return {item["path"]: item["sha"] for item in items if item["type"] == "file"}

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self.api.pace.sleep(seconds)
