"""One run: a fresh home, desk and course of one tool, a class with a payload in it, and everything that changed."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
from dataclasses import asdict
from pathlib import Path

from attacks.bench import account, canaries, measure, notebooks
from attacks.bench.verdict import Measurement

START = 600.0  # seconds in which an honest class is graded, however busy the machine is
HONEST = ("ada", "zoe")  # before and after mallory in every tool's order
_SHARED = ("/tmp", "/dev/shm", "/var/tmp", sysconfig.get_path("purelib"))
_KEPT = ("home", "desk", "course")  # what is watched; the temporary folder is not


class Arena:
    """A tool with its course, ready to be copied. folder: of this tool.  released: what students get."""

    def __init__(self, tool, marks, folder):
        self.tool, self.marks, self.folder = tool, marks, folder
        self.template = folder / "template"
        for name in _KEPT:
            (self.template / name).mkdir(parents=True)
        _furnish(self.template, marks)
        self.released = tool.prepare(self.template / "course", marks)
        self._hand_in_honest("ada")
        if tool.keeps_results:
            self._grade_ada()
        self._hand_in_honest("zoe")

    def _hand_in_honest(self, student):
        self._hand_in(self.template / "course", student, notebooks.honest(self.released, True, self.marks.neighbour))

    def _grade_ada(self):
        """Each run begins with her result, and grades her no more."""
        with self._run() as run:
            run.ready()
            run.grade(["ada"], START)
            shutil.rmtree(self.template / "course")
            shutil.copytree(run.course, self.template / "course", symlinks=True)

    def _hand_in(self, course, student, document):
        path = self.tool.notebook(course, student)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(document if isinstance(document, bytes) else notebooks.json.dumps(document).encode())
        return path

    def grade_honest(self, right):
        """A class with an honest mallory: (Measurement, the tool's own changes)."""
        with self._run() as run:
            self._hand_in(run.course, "mallory", notebooks.honest(self.released, right))
            before = run.ready()
            usage = run.grade(["ada", "mallory", "zoe"], START)
            return run.measured(usage, ["ada", "mallory", "zoe"]), canaries.Expected.of(before, run.picture())

    def attack(self, payload, baseline):
        """Grade a class with the payload in it; Measurement."""
        students = ["ada", "mallory", *(["nick"] if payload.accomplice else []), "zoe"]
        expected = baseline.expected.also_for("mallory", "nick") if payload.accomplice else baseline.expected
        with self._run() as run:
            places = run.places()
            self._hand_in_payload(run, "mallory", payload, places)
            if payload.accomplice:
                self._hand_in_payload(run, "nick", payload.second(), places)
            before = run.ready()
            if not self.tool.one_by_one:
                usage = run.grade(students, baseline.seconds)
                return run.measured(usage, students, expected.others(before, run.picture()))
            usage = run.grade(students[:-1], baseline.seconds)
            outside = expected.others(before, run.picture())
            if outside or usage.left or usage.killed:
                run.grade(["zoe"], baseline.seconds)
                return run.measured(usage, students, outside)
            return run.measured(usage, students[:-1], outside, {"zoe": baseline.run.scores["zoe"]})

    def _hand_in_payload(self, run, student, payload, places):
        path = self._hand_in(run.course, student, notebooks.hostile(self.released, payload, places))
        for name, text in payload.extra.items():
            (path.parent / name).write_text(notebooks.known(text, places))
        if payload.link:
            path.unlink()
            path.symlink_to(notebooks.known(payload.link, places))

    @contextlib.contextmanager
    def _run(self):
        root = Path(tempfile.mkdtemp(prefix="run-", dir=self.folder))
        try:
            yield Run(self.tool, self.marks, self.template, root)
        finally:
            shutil.rmtree(root, ignore_errors=True)


def _furnish(root, marks):
    """A home that has been lived in, and the instructor's private files on the desk."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for name in (".ipython/profile_default/startup", f".local/lib/{version}/site-packages", ".jupyter", ".config"):
        (root / "home" / name).mkdir(parents=True)
    (root / "home" / ".profile").write_text("umask 022\n")
    (root / "desk" / "grades.csv").write_text("student,points\nada,15\nmallory,4\nzoe,15\n")
    (root / "desk" / "exam.txt").write_text(f"{marks.key}\n")
    (root / "desk" / "exam.txt").chmod(0o600)
    os.utime(root / "desk" / "exam.txt", (int(marks.stamp), int(marks.stamp)))
    (root / "desk" / "backup").mkdir()


class Run:
    """One copy of the template with a class in it.

    token: a word that no other run has.  killed_decoy: another process of the instructor's was ended.
    """

    def __init__(self, tool, marks, template, root):
        self.tool, self.marks, self.root = tool, marks, root
        for name in _KEPT:
            shutil.copytree(template / name, root / name, symlinks=True)
        (root / "tmp").mkdir()
        self.course = root / "course"
        self.token = root.name.replace("-", "_")
        self.listener = _Listener()
        self.killed_decoy = False

    def places(self):
        """What an attacker knows: tools lay their folders out in the open."""
        return {
            "COURSE": self.course,
            "HOME": self.root / "home",
            "DESK": self.root / "desk",
            "ADA": self.tool.notebook(self.course, "ada"),
            "ZOE": self.tool.notebook(self.course, "zoe"),
            "HIDDEN": self.tool.hidden_file(self.course),
            "PORT": self.listener.port,
            "TOKEN": self.token,
        }

    def ready(self):
        """Hand everything to the account; the picture before."""
        account.give(self.root)
        for parent in [self.root, *self.root.parents[:2]]:
            parent.chmod(parent.stat().st_mode | 0o011)
        return self.picture()

    def picture(self):
        entries = {}
        for name in _KEPT:
            entries.update({f"{name}/{path}": e for path, e in canaries.picture(self.root / name).items()})
        return entries

    def grade(self, students, seconds):
        """Run the tool's commands, each within the limit; Usage of all."""
        commands = self.tool.commands(self.course, students)
        account.give(self.root)  # with the folders that the commands write to
        usage = measure.Usage()
        with self._decoy() as decoy, self.listener:
            for command in commands:
                usage = usage.plus(
                    measure.run(
                        account.as_instructor(command), environment=self._environment(), seconds=seconds,
                        folder=self.root, cwd=self.course, spared=(decoy.pid,),
                    )
                )  # fmt: skip
            self.killed_decoy |= decoy.poll() is not None
        return usage

    @contextlib.contextmanager
    def _decoy(self):
        program = f"import time\nfor n in range(1800): time.sleep(1)  # {self.token}_editor"
        decoy = subprocess.Popen(account.as_instructor([sys.executable, "-c", program]), cwd="/")
        try:
            yield decoy
        finally:
            if decoy.poll() is None:
                decoy.kill()
            decoy.wait()

    def _environment(self):
        home = self.root / "home"
        return {
            "PATH": f"{Path(sys.prefix, 'bin')}:/usr/bin:/bin",
            "HOME": str(home), "USER": "instructor", "LOGNAME": "instructor", "TMPDIR": str(self.root / "tmp"),
            "LANG": "C.UTF-8", "MPLBACKEND": "Agg", "OPENBLAS_NUM_THREADS": "1", "JUPYTER_PLATFORM_DIRS": "1",
            "PYTHONDONTWRITEBYTECODE": "1", "GRADER_TOKEN": self.marks.token,
        }  # fmt: skip

    def measured(self, usage, students, outside=(), known=()):
        """What the run showed, with the traces that payloads leave in folders that all programs share.

        known: scores of students whom nothing reached.
        """
        traces = [p for place in _SHARED for p in Path(place).glob(f"*{self.token}*")]
        for trace in traces:
            trace.unlink()
        other = [*outside, *map(str, traces), *(["a process of the instructor"] if self.killed_decoy else [])]
        shown = "\n".join(self.tool.shown(self.course, s) for s in students if s not in HONEST)
        scores = {s: self.tool.score(self.course, s) for s in students} | dict(known)
        return Measurement(scores, shown + self.listener.text, usage, other, self.listener.connections)


class _Listener:
    """A server on this machine that stands for the internet: counts connections and keeps what they send."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.socket.settimeout(0.2)
        self.port = self.socket.getsockname()[1]
        self.text, self.connections, self.open = "", 0, True

    def __enter__(self):
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def __exit__(self, *problem):
        self.open = False
        self.thread.join()
        self.socket.close()

    def _serve(self):
        while self.open:
            with contextlib.suppress(OSError):
                connection, _ = self.socket.accept()
                self.connections += 1
                with connection:
                    connection.settimeout(1)
                    self.text += connection.recv(65536).decode(errors="replace")


def secrets(marks):
    """{name: text that may not come out}."""
    return asdict(marks)
