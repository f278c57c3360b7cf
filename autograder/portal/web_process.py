"""The web process: shuts itself in, and then answers requests. The supervisor starts it as a program of its own."""

from __future__ import annotations

import asyncio
import resource
import socket
import sys
from functools import partial

import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from autograder.course import open_course
from autograder.errors import AutograderError
from autograder.portal.bells import ring
from autograder.portal.child_process import WebSettings
from autograder.portal.database import Database
from autograder.portal.folders import PortalFolders
from autograder.portal.portal import Portal
from autograder.portal.shut_in import shut_in
from autograder.portal.web.application import create_app
from autograder.portal.web.event_stream import EventStreams

MOST_CONNECTIONS = 2500  # of pages that wait for news, nearly all; beyond, a request gets 503
_IDLE_SECONDS = 10  # that a connection may wait for its next request
_OTHER_FILES = 500  # of notebooks that come in, the database and what Python has open
_GOODBYE_SECONDS = 5  # for what is being answered when the server ends


def portal_of(settings: WebSettings) -> Portal:
    """Shut this process in, and make what pages are made from."""
    course, places = open_course(settings.root, with_granted=False), PortalFolders(settings.places)
    database = Database(settings.database, partial(ring, settings.bells))
    port = None if database.is_sqlite else database.engine.url.port or 5432
    shut_in(course, places, landlock=settings.landlock, port=port)
    key = load_pem_private_key(settings.key.encode(), None)
    assert isinstance(key, Ed25519PrivateKey)
    stale = partial(settings.clock.changed_since, settings.watched)
    return Portal(course, settings.catalogue, database, places, key, settings.clock, stale)


class PageServer(uvicorn.Server):
    """A server that does not wait for pages that only listen when it ends."""

    streams: EventStreams

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, and then as ever."""
        self.streams.end()
        await super().shutdown(sockets)


def server_of(portal: Portal, proxy: str, bell: int = -1) -> uvicorn.Server:
    """The server of HTTP. proxy: the address whose X-Forwarded headers count, or "".  bell: see EventStreams."""
    streams = EventStreams(portal, bell)
    config = uvicorn.Config(
        create_app(portal, streams=streams),
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=bool(proxy),
        forwarded_allow_ips=proxy or "127.0.0.1",
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=_GOODBYE_SECONDS,
    )
    server = PageServer(config)
    server.streams = streams
    return server


def allow_connections() -> None:
    """Let this process have as many connections as it takes. Many systems give a process 1,024 files at first."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def serve_pages() -> None:
    """Answer requests until the supervisor ends this process."""
    settings = WebSettings.received()
    allow_connections()
    server = server_of(portal_of(settings), settings.proxy, settings.bell)
    with socket.socket(fileno=settings.socket) as listening:
        asyncio.run(server.serve(sockets=[listening]))


if __name__ == "__main__":
    try:
        serve_pages()
    except AutograderError as error:
        sys.exit(str(error))
