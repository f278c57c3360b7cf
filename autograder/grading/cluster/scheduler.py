"""A connection to a Dask scheduler that says what is wrong in one line, and nothing else."""

from __future__ import annotations

import contextlib
import logging
import re
import time
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

from autograder.errors import AutograderError
from autograder.text import one_line

if TYPE_CHECKING:
    from distributed import Client

CONNECT_SECONDS = 10
_ADDRESS = re.compile(r"(?:(?:tcp|tls|ws|wss|ucx)://)?(?:\[[0-9A-Fa-f:]+\]|[^\s/:]+):[0-9]{1,5}")
_EXAMPLE = "tls://grader.example.edu:8786"


@contextlib.contextmanager
def connected(address: str, again: float | None = None) -> Iterator[Client]:
    """A client of the scheduler at `address`. again: seconds to wait for one that was there before.

    Keys and certificates for tls:// are those of Dask's own configuration. Raises AutograderError.
    """
    if not _ADDRESS.fullmatch(address):  # of an empty one Dask would make a cluster of its own, here
        raise AutograderError(f"--cluster: expected an address such as {_EXAMPLE}, got {address!r}.")
    try:
        from distributed import Client
    except ImportError:
        raise AutograderError(
            "--cluster: expected Dask, got none installed. Hint: pip install 'backprop-course[cluster]'."
        ) from None
    with _quiet():
        _require_certificates(address)
        client = _client(Client, address, again)
        try:
            yield client
        finally:
            _close(client)


def running(client: Client) -> bool:
    """Whether it is connected, now."""
    return client.status == "running"


def _require_certificates(address: str) -> None:
    """Before Dask finds out: of its client that failed so, half stays behind."""
    from distributed import Security

    if not address.startswith(("tls://", "wss://")):
        return
    try:
        got = "none" if Security().get_connection_args("client")["ssl_context"] is None else ""
    except (OSError, ValueError) as error:  # ssl.SSLError is one
        got = one_line(str(error), 200)
    if got:
        raise AutograderError(
            f"--cluster: expected a certificate, a key and a CA for {address[:6]}, got {got}. "
            "Hint: DASK_DISTRIBUTED__COMM__TLS__CA_FILE and the others of docs/scale.md."
        )


def _close(client: Client) -> None:
    """Dask waits 20 s to close a client that is connecting again by itself, which it tries for its own timeout."""
    latest = time.monotonic() + CONNECT_SECONDS + 1
    while client.status == "connecting" and time.monotonic() < latest:
        time.sleep(0.1)
    with contextlib.suppress(OSError, TimeoutError):
        client.close()


def _client(make: type[Client], address: str, again: float | None) -> Client:
    seconds = again or CONNECT_SECONDS
    try:
        return make(address, timeout=seconds, set_as_default=False)
    except (OSError, TimeoutError, ValueError, RuntimeError, ImportError) as error:
        if again:
            raise AutograderError(
                f"{address}: expected the scheduler to come back, got none for {seconds:.0f} s. "
                "Hint: start it again; the same command goes on where this one stopped."
            ) from None
        raise AutograderError(
            f"--cluster: expected a Dask scheduler at {address}, got {_reason(error)}. "
            "Hint: dask scheduler, and the address it prints; tls:// if it wants encryption."
        ) from None


def _reason(error: Exception) -> str:
    text = one_line(str(error), 200)
    return f"no answer in {CONNECT_SECONDS} s" if text.startswith("Timed out") else f"{type(error).__name__}: {text}"


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Dask logs to stderr what we say in a line of our own, and warns of versions that we compare ourselves."""
    names = ["distributed", *(n for n in logging.root.manager.loggerDict if n.startswith("distributed."))]
    before = {name: logging.getLogger(name).level for name in names}
    try:
        for name in names:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="distributed")
            yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
