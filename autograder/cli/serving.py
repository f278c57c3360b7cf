"""`autograder serve`: where students hand in with a browser, and `serve invite`, `link` and `staff` for its people."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.app import CourseOption, JobsOption, app, course_of, jobs_of
from autograder.cli.console import say, short
from autograder.errors import AutograderError
from autograder.text import counted

if TYPE_CHECKING:
    import socket

    from sqlalchemy.orm import Session

    from autograder.course import Course
    from autograder.portal.catalogue import Catalogue
    from autograder.portal.child_process import GraderSettings
    from autograder.portal.database import Database
    from autograder.portal.folders import PortalFolders

serve_app = typer.Typer(help="Let students hand in here, and see their feedback at once.")
app.add_typer(serve_app, name="serve")

DatabaseOption = Annotated[
    str, typer.Option("--database", metavar="URL", help="PostgreSQL's, as SQLAlchemy writes it. Default: a file.")
]
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@serve_app.callback(
    invoke_without_command=True, epilog="Example: autograder serve --port 8000; at first: autograder serve invite"
)
def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: any that is free.")] = 8000,
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Where it listens.")] = "127.0.0.1",
    proxy: Annotated[
        str, typer.Option("--behind-proxy", metavar="ADDRESS", help="The address of a proxy with TLS before it.")
    ] = "",
    address: Annotated[
        str, typer.Option("--url", metavar="URL", help="The address that people type. Default: host and port.")
    ] = "",
    jobs: JobsOption = None,
    database: DatabaseOption = "",
    without_landlock: Annotated[
        bool,
        typer.Option("--without-landlock", help="Go on where the kernel cannot keep answers from the web process."),
    ] = False,
    demo: Annotated[
        bool, typer.Option("--demo", help="Look at it: a sample class hands in over ten minutes. Nothing is kept.")
    ] = False,
    course: CourseOption = None,
) -> None:
    """Serve a website where students hand in and see feedback, and where the class is graded at once.

    Everything lies in work/portal. Ctrl-C ends it; what waits then is graded after the next start.
    """
    if context.invoked_subcommand is not None:
        return
    _require_packages()
    if host not in _LOOPBACK and not proxy:
        raise AutograderError(
            f"--host: expected 127.0.0.1, got {host!r}. Hint: without TLS, others read along; "
            "put a proxy with TLS before it, and say --behind-proxy ADDRESS."
        )
    from autograder.portal.opening import database_of, folders_of, held
    from autograder.portal.readiness import require_local
    from autograder.portal.server_lock import held_database
    from autograder.portal.shut_in import require_landlock

    if not without_landlock:
        require_landlock()
    with contextlib.ExitStack() as stack:
        this_course = stack.enter_context(_demo_course()) if demo else course_of(course)
        places = folders_of(this_course)
        places.make()
        if not database:
            require_local(places.root)
        stack.enter_context(held(places))
        database = "" if demo else database
        keep_alone = stack.enter_context(held_database(database))
        opened = database_of(places, database)
        listening = stack.enter_context(_listening(host, port))
        shown = address.rstrip("/") or f"http://{_in_url(host)}:{listening.getsockname()[1]}"
        options = _Options(shown, proxy, jobs_of(jobs), landlock=not without_landlock, demo=demo)
        _serve(this_course, places, opened, listening, options, keep_alone)


@dataclass(frozen=True, slots=True)
class _Options:
    """How a portal runs. address: what people type.  graders: how many."""

    address: str
    proxy: str
    graders: int
    landlock: bool
    demo: bool


def _serve(
    course: Course,
    places: PortalFolders,
    database: Database,
    listening: socket.socket,
    options: _Options,
    keep_alone: Callable[[], None],
) -> None:
    """Run the processes of an open portal until a signal ends it. keep_alone: see `held_database`."""
    import gc
    import signal

    from autograder.course import FILE
    from autograder.portal.catalogue import catalogue_of
    from autograder.portal.child_process import WebSettings
    from autograder.portal.opening import admin_invitation, bring_jobs_up_to_date, receipt_key, remember_address
    from autograder.portal.portal_clock import PortalClock
    from autograder.portal.supervisor import Supervisor
    from autograder.secret import course_secret

    course_secret(course)  # made once, before two graders would make it
    catalogue = catalogue_of(course)
    with database.write(lasting=True) as session:
        bring_jobs_up_to_date(session, catalogue.suites)
        remember_address(session, options.address)
        invitation = admin_invitation(session, datetime.now(UTC))
    common = {"parent": os.getpid(), "root": course.root, "places": places.root, "database": database.url}
    web = WebSettings(
        **common,
        socket=listening.fileno(),
        key=receipt_key(places),
        catalogue=catalogue,
        clock=PortalClock.started(),
        watched=(course.root / FILE, course.root / course.roster_file),
        proxy=options.proxy,
        landlock=options.landlock,
    )
    graders = _graders(common, catalogue, options.graders)
    supervisor = Supervisor(database, places, catalogue.suites, web, graders, _say, course.work / "backups", keep_alone)
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: supervisor.stop())
    _say(f"{course.title}: {counted(len(catalogue.entries), 'assignment')}, {counted(options.graders, 'grader')}")
    if invitation:
        _say(f"You come in by this link, once: {options.address}/join/{invitation}")
    _say(f"serving {options.address}. Files: {short(places.root)}. Ctrl-C ends it.")
    with _sample_class(course, places, database, catalogue, options):
        supervisor.run()
    database.close()
    _say("ended; nothing of the demo is kept" if options.demo else "ended; nothing is lost")
    gc.freeze()  # as in `grader_process`: its end takes no second more


@contextlib.contextmanager
def _sample_class(
    course: Course, places: PortalFolders, database: Database, catalogue: Catalogue, options: _Options
) -> Iterator[None]:
    """With --demo: a link for each role, and a class that hands in meanwhile."""
    if not options.demo:
        yield
        return
    from autograder.demo_portal import SampleClass, people_of_demo, sample_hand_ins

    for role, invitation in people_of_demo(database, datetime.now(UTC)).items():
        _say(f"  as {role}: {options.address}/join/{invitation}")
    sample = SampleClass(database, places, catalogue.suites, sample_hand_ins(course))
    sample.start()
    try:
        yield
    finally:
        sample.stop()
        sample.join()


def _demo_course() -> contextlib.AbstractContextManager[Course]:
    from autograder.demo_portal import demo_course

    return demo_course()


def _say(text: str) -> None:
    """A line that a file or a pipe gets at once: this program runs for months."""
    say(text)
    sys.stdout.flush()


def _graders(common: dict[str, object], catalogue: Catalogue, number: int) -> tuple[GraderSettings, ...]:
    """What each grader is told. The last of several takes no slow jobs, so one is always there for short ones."""
    from autograder.grading.grader import OWN_SECONDS, cores
    from autograder.portal.child_process import GraderSettings
    from autograder.sandbox.clocks import WALL_FACTOR

    longest = max((entry.submission_seconds for entry in catalogue.entries), default=0.0)
    return tuple(
        GraderSettings.model_validate(
            {
                **common,
                "owner": f"grader {i + 1}",
                "core": cores()[i % len(cores())],
                "slow": number == 1 or i < number - 1,
                "suites": catalogue.suites,
                "lease": WALL_FACTOR * longest + OWN_SECONDS + 60,
            }
        )
        for i in range(number)
    )


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises AutograderError if the port is taken."""
    import socket

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        got = error.strerror or error
        raise AutograderError(f"--port: expected one that is free, got {port}: {got}. Hint: --port 8001.") from None


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


# --- People ---


@serve_app.command(epilog="Example: autograder serve invite students.csv")
def invite(
    roster: Annotated[
        Path | None, typer.Argument(metavar="[ROSTER]", help="students.csv, say. Default: the course's.")
    ] = None,
    address: Annotated[str, typer.Option("--url", metavar="URL", help="What links begin with.")] = "",
    database: DatabaseOption = "",
    course: CourseOption = None,
) -> None:
    """Add the class, and write one link for each student who never came in. Earlier links end."""
    _require_packages()
    from autograder.files import write_atomically
    from autograder.portal.inviting import invite as invited
    from autograder.portal.inviting import links_file, take_in
    from autograder.portal.opening import address_of, database_of, folders_of
    from autograder.roster.class_roster import class_roster

    this_course = course_of(course)
    people = class_roster(this_course, roster)
    if people is None:
        raise AutograderError("roster: expected students.csv, got none. Hint: autograder serve invite FILE.")
    places = folders_of(this_course)
    places.make()
    opened = database_of(places, database)
    with opened.write(lasting=True) as session:
        take_in(session, people.students)
        links = invited(session, people.students, datetime.now(UTC), address.rstrip("/") or address_of(session))
    file = places.root / "links.csv"
    write_atomically(file, links_file(links), mode=0o600)
    say(f"{short(file)}: {counted(len(links), 'link')}, each lets its owner in, once. Give each student their own.")


@serve_app.command(epilog="Example: autograder serve link ada")
def link(
    person: Annotated[str, typer.Argument(metavar="ID", help="Of the roster, or of staff.")],
    address: Annotated[str, typer.Option("--url", metavar="URL", help="What the link begins with.")] = "",
    database: DatabaseOption = "",
    course: CourseOption = None,
) -> None:
    """Print a new link for one person, who lost the earlier one."""
    _require_packages()
    from autograder.portal.inviting import invitation_of, person_named

    with _portal_rows(course, database, address) as (session, begin):
        invitation = invitation_of(session, person_named(session, person), datetime.now(UTC), begin)
    say(invitation.url)


@serve_app.command(epilog="Example: autograder serve staff dana --as instructor")
def staff(
    person: Annotated[str, typer.Argument(metavar="ID", help="A name for this person.")],
    role: Annotated[str, typer.Option("--as", metavar="grader|instructor|admin", help="What this person may do.")],
    address: Annotated[str, typer.Option("--url", metavar="URL", help="What the link begins with.")] = "",
    database: DatabaseOption = "",
    course: CourseOption = None,
) -> None:
    """Let somebody grade, run the class, or do everything; and print a link for them."""
    _require_packages()
    from autograder.portal.inviting import invitation_of, make_staff

    with _portal_rows(course, database, address) as (session, begin):
        invitation = invitation_of(session, make_staff(session, person, role), datetime.now(UTC), begin)
    say(f"{person} is {role}. Link: {invitation.url}")


@contextlib.contextmanager
def _portal_rows(course: Path | None, database: str, address: str) -> Iterator[tuple[Session, str]]:
    """A transaction of the portal, and what links begin with. Say what came of it afterwards: it may fail."""
    from autograder.portal.opening import address_of, database_of, folders_of

    places = folders_of(course_of(course))
    places.make()
    with database_of(places, database).write(lasting=True) as session:
        yield session, address.rstrip("/") or address_of(session)


def _require_packages() -> None:
    from importlib.util import find_spec

    if missing := [name for name in ("starlette", "uvicorn", "alembic") if find_spec(name) is None]:
        raise AutograderError(
            f"serve: expected {missing[0]}, got none installed. Hint: pip install 'backprop-course[portal]'."
        )
