"""Projects on GitLab: private forks in a group, with the student as a Developer who may push to the default branch.

https://docs.gitlab.com/api/project_forks/#fork-a-project          https://docs.gitlab.com/api/project_members/
https://docs.gitlab.com/api/protected_branches/                    https://docs.gitlab.com/api/users/#list-users
https://docs.gitlab.com/api/commits/#create-a-commit-with-multiple-files-and-actions (only for `--update`)
A token with the scope `api` and the role Owner or Maintainer in the group. A fork's default branch is protected, and a
Developer may not push to it, unless the group says otherwise: so the protection is made anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from autograder.ci.repos.providing import Access
from autograder.errors import HostError
from autograder.hosting.api import Api
from autograder.hosting.server import part_of

REPORTER, DEVELOPER = 20, 30  # https://docs.gitlab.com/api/project_members/#roles


class GitLab:
    """Students' projects, forked from `starter` into the group `owner`."""

    def __init__(self, api: Api, starter: str, owner: str) -> None:
        self.api, self.starter, self.owner = api, starter, owner
        self.template = 0
        self.readers: set[str] = set()  # the accounts that can read everything in the group

    def warnings(self) -> Iterator[str]:
        """Look at the starter and the group. GitLab has no setting of a group that needs a warning."""
        self.template = self.api.get(f"projects/{part_of(self.starter)}")["id"]
        try:
            members = list(self.api.pages(f"groups/{part_of(self.owner)}/members/all"))
        except HostError as error:
            if error.kind != "absent":  # the owner is a person
                raise
            members = []
        self.readers = {str(member["id"]) for member in members if member.get("access_level", 0) >= REPORTER}
        yield from ()

    def account(self, login: str) -> str | None:
        """The number of the user with this name."""
        users = self.api.get("users", username=login)
        return next((str(u["id"]) for u in users if str(u.get("username")).casefold() == login.casefold()), None)

    def problem(self, path: str) -> str | None:
        """Why a project is not as it should be, or ""; None if there is none."""
        project = self._project(path)
        if project is None:
            return None
        if project.get("visibility") != "private":
            return f"it is {project.get('visibility')}: others can read it"
        if (project.get("forked_from_project") or {}).get("id") != self.template:
            return f"it is no fork of {self.starter}"
        return "it is archived: nobody can push" if project.get("archived") else ""

    def create(self, path: str) -> None:
        """Fork it. GitLab answers at once, and fills it in the background."""
        group, _, name = path.rpartition("/")
        body = {
            "namespace_path": group,
            "path": name,
            "name": name,
            "visibility": "private",
            "mr_default_target_self": True,  # else a student's merge request goes to the starter, for all to see
        }
        self.api.write("POST", f"projects/{part_of(self.starter)}/fork", body)

    def admit(self, path: str, account: str) -> Access:
        """Make the student a Developer, unless that is so."""
        if account in self.readers:
            return Access(wrong=True, reason=f"the student is a member of {self.owner}, and so sees everybody's work")
        members = f"projects/{part_of(path)}/members"
        member = self.api.find(f"{members}/{account}")
        level = member["access_level"] if member else 0
        if level > DEVELOPER:
            return Access(wrong=True, reason="the student has more rights than a Developer")
        if member is None:
            self.api.write("POST", members, {"user_id": int(account), "access_level": DEVELOPER})
        elif level < DEVELOPER:
            self.api.write("PUT", f"{members}/{account}", {"access_level": DEVELOPER})
        return Access()

    def finish(self, path: str) -> str | None:
        """Wait for the import, then let Developers push to the default branch, and not rewrite it."""
        project = self._project(path) or {}
        if project.get("import_status") == "failed":
            return "GitLab could not fill it. Hint: delete it and run this again"
        if project.get("import_status") not in {"none", "finished"} or project.get("empty_repo"):
            return None
        branches = f"projects/{part_of(path)}/protected_branches"
        name = str(project["default_branch"])
        rule = self.api.find(f"{branches}/{part_of(name)}")
        if rule and any(each.get("access_level") == DEVELOPER for each in rule.get("push_access_levels", [])):
            return ""
        if rule:
            self.api.write("DELETE", f"{branches}/{part_of(name)}", content=False)
        body = {"name": name, "push_access_level": DEVELOPER, "merge_access_level": DEVELOPER}
        self.api.write("POST", branches, body, content=False)
        return ""

    def released(self, folder: str) -> dict[str, str]:
        """{path: content in base64} of the files in a folder of the starter."""
        files = f"projects/{part_of(self.starter)}/repository/files"
        names = sorted(self._files(self.starter, folder))
        return {name: self.api.get(f"{files}/{part_of(name)}", ref="HEAD")["content"] for name in names}

    def add(self, path: str, folder: str, files: Mapping[str, str]) -> int:
        """One commit with the files that are not there. GitLab refuses to `create` one that is there."""
        present = self._files(path, folder)
        actions = [
            {"action": "create", "file_path": name, "content": content, "encoding": "base64"}
            for name, content in files.items()
            if name not in present
        ]
        if actions:
            branch = self.api.get(f"projects/{part_of(path)}")["default_branch"]
            body = {"branch": branch, "commit_message": f"Add {folder}", "actions": actions}
            self.api.write("POST", f"projects/{part_of(path)}/repository/commits", body)
        return len(actions)

    def _files(self, path: str, folder: str) -> set[str]:
        """The paths of what lies in a folder. GitLab has an error for a folder that is not there."""
        try:
            items = list(self.api.pages(f"projects/{part_of(path)}/repository/tree", path=folder))
        except HostError as error:
            if error.kind != "absent":
                raise
            items = []
        return {item["path"] for item in items if item["type"] == "blob"}

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self.api.pace.sleep(seconds)

    def _project(self, path: str) -> Any:
        return self.api.find(f"projects/{part_of(path)}")
