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
def connected(address: str) -> Iterator[Client]:
    """A client of the scheduler at `address`. Raises AutograderError.

    Keys and certificates for tls:// are those of Dask's own configuration.
    """
    if not _ADDRESS.fullmatch(address):  # for an empty one Dask would start a cluster on this machine
        raise AutograderError(f"--cluster: expected an address such as {_EXAMPLE}, got {address!r}.")
    try:
        from distributed import Client
    except ImportError:
        raise AutograderError(
            "--cluster: expected Dask, got none installed. Hint: pip install 'backprop-course[cluster]'."
        ) from None
    with _quiet():
        _require_certificates(address)
        client = _client(Client, address)
        try:
            yield client
        finally:
            _close(client)


def running(client: Client) -> bool:
    """Whether it is connected, now."""
    return client.status == "running"


def _require_certificates(address: str) -> None:
    """Checked before Dask does it: a client of Dask's that fails at this point leaves half of itself behind."""
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


def _client(make: type[Client], address: str) -> Client:
    try:
        return make(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, RuntimeError, ImportError) as error:
        # Dask raises a plain OSError when its time to connect is over, and a kind of OSError for everything else.
        late = type(error) in {OSError, TimeoutError}
        got = f"no answer in {CONNECT_SECONDS} s" if late else f"{type(error).__name__}: {one_line(str(error), 200)}"
        raise AutograderError(
            f"--cluster: expected a Dask scheduler at {address}, got {got}. "
            "Hint: dask scheduler, and the address it prints; tls:// if it wants encryption."
        ) from None


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Meanwhile Dask logs nothing: we say it in one line, and compare the versions that it would warn of."""
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
