"""What programs ask for, with a token in the place of a session: hand in, and read one's own feedback, as JSON."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from autograder.portal.schema import SubmissionRow
from autograder.portal.web.routes import PortalRoute, Visit
from autograder.portal.web.student_pages import hand_in_of, receipt_of
from autograder.portal.web.taking_uploads import take_body


async def hand_in_by_token(visit: Visit) -> Response:
    """Take the body as a notebook; the answer is its receipt."""
    taken = await take_body(visit)
    return await run_in_threadpool(_taken, visit, taken.submission, taken.again)


def _taken(visit: Visit, row: SubmissionRow, again: bool) -> Response:
    receipt = receipt_of(visit, row).signed(visit.portal.key)
    answer = {"id": row.id, "again": again, "page": f"/a/{row.assignment}/{row.id}", "receipt": receipt}
    return JSONResponse(answer, 200 if again else 201)


def hand_in_state(visit: Visit) -> Response:
    """The state of a hand-in, and what its student may see of its result now."""
    one = hand_in_of(visit)
    answer: dict[str, Any] = {"id": one.row.id, "state": one.state, "level": one.shown.level}
    answer["opens"] = one.shown.opens and one.shown.opens.isoformat()
    answer["result"] = one.result and one.result.model_dump(mode="json", by_alias=True)
    return JSONResponse(answer)


ROUTES = (
    PortalRoute("PUT", "/api/v1/hand-in/{name}", "token", streams=hand_in_by_token),
    PortalRoute("GET", "/api/v1/hand-ins/{id}", "token", hand_in_state),
)
