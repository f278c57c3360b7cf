"""Classroom 50: its repositories by their names, and results in the form that its collector reads.

It has one repository an assignment, `CLASSROOM-SLUG-LOGIN`, and hands in with tags `submit/…`. A result is the asset
`result.json` of the release of such a tag, and a status of the commit:
https://github.com/foundation50/classroom50/wiki/Autograders
https://github.com/foundation50/classroom50/blob/main/schemas/result-v1.schema.json
Its collector takes a release that its own workflow did not publish, and marks it so (`provenance_warning`).
A student can write releases, too, and copy the label of our asset. So an asset counts as ours only if our user uploaded
it. The next run replaces another one.
The token needs Contents: write, for releases, and Commit statuses: write.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import UTC
from typing import Any, Literal
from urllib.parse import quote

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from autograder.ci.on_github import User
from autograder.errors import AutograderError, MalformedError
from autograder.files import FileKind
from autograder.hosting.api import Api
from autograder.hosting.server_answers import PartOfAnswer, read_answer

DRAFT = FileKind("a result of ci publish", 20 << 20, "autograder ci publish writes it again")
ASSET = "result.json"
CONTEXT = "classroom50/autograde"
_SHORT_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,38}")
_SCALE = 100  # scores there are whole; points of ours that are not become hundredths


class _Test(BaseModel):
    model_config = ConfigDict(extra="ignore")

    name: str = Field(alias="test-name", min_length=1)
    passed: bool
    score: float = Field(ge=0)
    most: float = Field(alias="max-score", ge=0)


class Draft(BaseModel):
    """STUDENT.result.json of `autograder ci publish`: without tag and addresses. owner: our student's id.

    commit, received: "" if nothing was handed in.
    """

    model_config = ConfigDict(extra="ignore")

    assignment: str
    owner: str
    commit: str = Field(pattern="^(?:[0-9a-f]{40}(?:[0-9a-f]{24})?)?$")
    received: AwareDatetime | Literal[""] = Field(alias="datetime")
    tests: tuple[_Test, ...]


def read_draft(data: bytes) -> Draft:
    """Raises MalformedError for a file that is no such result."""
    try:
        return Draft.model_validate_json(data)
    except ValidationError as error:
        field = ".".join(map(str, error.errors()[0]["loc"])) or "the whole"
        raise MalformedError(f"expected a result of ci publish, got another form of {field}") from None


def slug_of(assignment: str) -> str:
    """What Classroom 50 calls an assignment. Raises AutograderError if the name cannot be one of its names."""
    slug = assignment.lower().replace("_", "-")
    if not _SHORT_NAME.fullmatch(slug):
        raise AutograderError(f"{assignment}: expected 2 to 39 letters, digits and -, got a name that is none.")
    return slug


def repository_of(owner: str, classroom: str, assignment: str, login: str) -> str:
    """OWNER/NAME of one student's repository. Raises AutograderError for a classroom that is no short name."""
    return f"{owner}/{short_name(classroom)}-{slug_of(assignment)}-{login}".lower()


def short_name(classroom: str) -> str:
    """The classroom, if it is a short name. Raises AutograderError."""
    if not _SHORT_NAME.fullmatch(classroom):
        raise AutograderError(
            f"--classroom: expected its short name, 2 to 39 of a-z, 0-9 and -, got {classroom[:60]!r}."
        )
    return classroom


def completed(draft: Draft, address: str, classroom: str, login: str, tag: str) -> dict[str, Any]:
    """The whole `classroom50/result/v1`. address: of the repository's page.  The scores are sums of the tests'."""
    points = [number for test in draft.tests for number in (test.score, test.most)]
    scale = 1 if all(number.is_integer() for number in points) else _SCALE
    tests = [
        {"test-name": t.name, "passed": t.passed, "score": round(scale * t.score), "max-score": round(scale * t.most)}
        for t in draft.tests
    ]
    commit = f"{address}/commit/{draft.commit}"
    return {
        "schema": "classroom50/result/v1",
        "classroom": classroom,
        "assignment": slug_of(draft.assignment),
        "assignment_type": "individual",
        "owner": login,
        "submission": tag,
        "commit": commit,
        "release": f"{address}/releases/tag/{quote(tag, safe='')}",
        "review": commit,
        "datetime": draft.received and draft.received.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "score": sum(int(str(test["score"])) for test in tests),
        "max-score": sum(int(str(test["max-score"])) for test in tests),
        "tests": tests,
    }


class _Asset(PartOfAnswer):
    id: int
    name: str
    label: str | None = None
    uploader: User | None = None


class _Release(PartOfAnswer):
    upload_url: str
    assets: tuple[_Asset, ...] = ()


def hand_back(
    api: Api, user: Callable[[], str], repository: str, commit: str, result: dict[str, Any]
) -> Literal["posted", "unchanged"]:
    """Put the result into the release of its tag, and a status on its commit, unless it is there. Raises HostError.

    user: tells the login of our token's user.
    """
    data = (json.dumps(result, indent=2, allow_nan=False) + "\n").encode()
    label = f"autograder {hashlib.sha256(data).hexdigest()[:32]}"
    tag = result["submission"]
    release = api.find(f"repos/{repository}/releases/tags/{quote(tag)}")
    if release is None:
        body = {"tag_name": tag, "target_commitish": commit, "name": tag, "body": _summary(result)}
        release = api.write("POST", f"repos/{repository}/releases", body)
    known = read_answer(_Release, release, "release")
    same = [asset for asset in known.assets if asset.name.lower() == ASSET]
    if any(asset.label == label and asset.uploader and asset.uploader.login == user() for asset in same):
        return "unchanged"
    for asset in same:
        api.write("DELETE", f"repos/{repository}/releases/assets/{asset.id}", content=False)
    address = known.upload_url.partition("{")[0]
    api.upload(f"{address}?name={ASSET}&label={quote(label)}", data, "application/json")
    status = {
        "state": "success" if result["tests"] and all(test["passed"] for test in result["tests"]) else "failure",
        "context": CONTEXT,
        "description": _summary(result)[:140],
        "target_url": result["release"],
    }
    api.write("POST", f"repos/{repository}/statuses/{commit}", status)
    return "posted"


def _summary(result: dict[str, Any]) -> str:
    passed = sum(test["passed"] for test in result["tests"])
    return f"{result['score']}/{result['max-score']} ({passed}/{len(result['tests'])} tests passed)"
