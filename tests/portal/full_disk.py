"""A real server whose work/portal is a small disk that fills up; `test_faults` runs it where it may mount one."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from portal.portal_server import PortalServer, wait_for
from portal.served_student import ServedStudent, small_course

from autograder.portal.handing_in import SPARE_BYTES
from autograder.portal.schema import JobRow

SIZE = SPARE_BYTES + (40 << 20)  # bytes of the disk


def main(folder):
    """Fill the disk, look, make room, and look. Raises AssertionError."""
    course = small_course(folder)
    (course.work / "portal").mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", course.work / "portal"], check=True)
    server = PortalServer(course)
    try:
        fill_and_empty(server, (folder / "notebook.ipynb").read_bytes())
    finally:
        server.stop()


def fill_and_empty(server, notebook):
    ada, filler = ServedStudent(server, "ada"), server.places.root / "filler"
    first = ada.hand_in(notebook)
    assert first.status_code == 201, first.text
    id_ = first.json()["id"]
    server.wait_until_graded([id_])
    filler.write_bytes(bytes(free(server) - SPARE_BYTES + (1 << 20)))
    with server.database() as database, database.write() as session:
        session.add(JobRow(submission_id=id_, suite="0" * 64, rank=2, queued=datetime.now(UTC)))
    assert_full(server, ada, notebook, id_)
    with filler.open("ab") as file:  # to the last page
        file.write(bytes(free(server)))
    assert_full(server, ada, notebook, id_)
    filler.unlink()
    wait_for(lambda: server.rows(JobRow) == [], "the grading that waited")
    again = wait_for(lambda: taken(ada.hand_in(notebook + b" ")), "a receipt")
    server.wait_until_graded([again])


def assert_full(server, ada, notebook, id_):
    """Nothing is taken, and no try of a waiting job is lost; but pages are shown."""
    refused = ada.hand_in(notebook + b" ")
    assert (refused.status_code, "NOT handed in" in refused.json()["error"]) == (507, True), refused.text
    assert [ada.page(path).status_code for path in ("/", "/a/a9_test", f"/a/a9_test/{id_}", "/me")] == [200] * 4
    assert server.submissions() == {id_} == {kept.id for kept in server.places.all_handed_in()}
    assert [job.tries for job in server.rows(JobRow)] == [0]


def taken(answer):
    return answer.status_code == 201 and answer.json()["id"]


def free(server):
    found = os.statvfs(server.places.root)
    return found.f_bavail * found.f_frsize


if __name__ == "__main__":
    main(Path(sys.argv[1]))
