"""A PostgreSQL server of a test's own: in a temporary folder, on a port of this machine only, as an ordinary user."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PASSWORD = "hunter2@%:/"  # what a URL and an .ini file must quote


def binaries():
    """The folder of initdb and postgres, or None. Debian keeps them off the PATH."""
    found = [Path(p).parent for p in [shutil.which("initdb")] if p]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: -int(p.parent.name.split(".")[0]))
    return next((p for p in found if (p / "initdb").exists()), None)


def why_not():
    """Why no server can be started here, or ""."""
    if binaries() is None:
        return "there is no PostgreSQL here: apt-get install postgresql, to test the gradebook on it"
    try:
        import psycopg  # noqa: F401
    except ImportError as error:
        return f"PostgreSQL's driver does not load: {error}. pip install 'psycopg[binary]'"
    if os.geteuid() == 0 and not (shutil.which("setpriv") and user()):
        return "root may not run PostgreSQL, and there is no setpriv or no user `nobody` to run it as"
    return ""


def user():
    return next((u for u in pwd.getpwall() if u.pw_name == "nobody"), None)


def login(address):
    """How psycopg names the server at host:port."""
    host, _, port = address.partition(":")
    return {"host": host, "port": port, "user": "teacher", "password": PASSWORD, "dbname": "postgres"}


def new_database(address):
    """SQLAlchemy's URL of a new, empty database of the server, with psycopg as its driver."""
    import psycopg

    name = f"test_{secrets.token_hex(8)}"
    with psycopg.connect(**login(address), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    quoted = "".join(f"%{byte:02X}" for byte in PASSWORD.encode())
    return f"postgresql+psycopg://teacher:{quoted}@{address}/{name}"


@dataclass
class Server:
    """A server that can be ended and started again. command: starts it.  run: options of its process."""

    port: int
    command: list
    log: Path
    run: dict
    process: subprocess.Popen | None = None

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def start(self):
        self.process = subprocess.Popen(self.command, **self.run)
        wait(self.port, self.process, self.log)

    def stop(self):
        self.process.send_signal(2)  # SIGINT: at once, and in order
        self.process.wait(30)


@contextmanager
def server():
    """The address host:port of a server with the user `teacher`, who has PASSWORD and may make databases."""
    with restartable() as running:
        yield running.address


@contextmanager
def restartable():
    """The same server, as one that a test can end and start."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    prefix = []
    if os.geteuid() == 0:
        other = user()
        os.chown(folder, other.pw_uid, other.pw_gid)
        prefix = ["setpriv", f"--reuid={other.pw_uid}", f"--regid={other.pw_gid}", "--clear-groups"]
    secret = folder / "secret"
    secret.write_text(PASSWORD)
    secret.chmod(0o644)
    of_data = ["-D", folder / "data"]
    initdb = ["-U", "teacher", "-A", "scram-sha-256", f"--pwfile={secret}", "-N", "-E", "UTF8"]
    port = free_port()
    fast = ["-c", "fsync=off", "-c", f"unix_socket_directories={folder}", "-c", "listen_addresses=127.0.0.1"]
    with (folder / "log").open("w") as log:
        try:
            run = {"cwd": folder, "stdout": log, "stderr": log, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C"}}
            subprocess.run([*prefix, binaries() / "initdb", *of_data, *initdb], check=True, **run)
            command = [*prefix, binaries() / "postgres", *of_data, "-p", str(port), *fast]
            running = Server(port, command, folder / "log", run)
            try:
                running.start()
                yield running
            finally:
                running.stop()
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def wait(port, process, log):
    import psycopg

    deadline = time.monotonic() + 60
    while not answers(port, psycopg):
        if process.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(log.read_text())
        time.sleep(0.1)


def answers(port, psycopg):
    try:
        psycopg.connect(host="127.0.0.1", port=port, user="teacher", password=PASSWORD, dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True
