"""Every attack we know of, by section: an id, what it is, and what has to come of it.

NO_GAIN    graded as if it were not there, and no secret in anything that is shown
REJECTED   the value is refused and its check fails; the rest goes on
ERROR, TIMEOUT, CRASHED   what it touches is lost, and no more
MALFORMED  no notebook: no points, a reason, and the next one is graded
SANITIZED  shown, and inert
REFUSED    nothing is graded at all
FLAG       graded, with a note to the instructor
PASS       honest work, which keeps its marks
"""

from typing import NamedTuple

import pytest

EVERY_TEST = pytest.StashKey[
    list[str]
]()  # ids of all tests that were collected, also of those that -m or -k leaves out
_TABLE = """
R1 tokens in the environment: NO_GAIN
R2 files by their names: NO_GAIN
R3 frames of the caller: NO_GAIN
R4 objects on the heap: NO_GAIN
R5 process tables: NO_GAIN
R6 inherited descriptors: NO_GAIN
R7 imports of the author's modules: NO_GAIN
R8 hidden inputs printed or raised: NO_GAIN
R9 a bit of the hidden input a try: NO_GAIN
R10 hidden inputs in shapes, lengths and times: NO_GAIN
R11 another student's notebook: NO_GAIN
R12 the reference in a hand-out: REFUSED
R13 an answer in the released file, outside its text: REFUSED
R14 the random state of the harness: NO_GAIN
R15 the source of the worker: NO_GAIN
F1 forged result files: NO_GAIN
F2 forged frames: CRASHED
F3 a well-formed reply of its own: NO_GAIN
F4 replies before the question: CRASHED
F5 the worker patched in memory: NO_GAIN
F6 comparisons patched: NO_GAIN
F7 built-ins and exceptions patched: NO_GAIN
F8 an exit that looks like success: CRASHED
F9 exceptions that end interpreters: ERROR
F10 a score printed last: NO_GAIN
F11 code in a pickle: REJECTED
F12 work at the interpreter's end: NO_GAIN
F13 a thread that waits for the end: NO_GAIN
F14 tracers and hooks: NO_GAIN
F15 IPython's shell and the checks replaced: NO_GAIN
F16 false modules and finders: NO_GAIN
F17 other behaviour when graded: NO_GAIN
F18 hard-coded answers: NO_GAIN
F19 a library that does the work: FLAG
F20 a reference on the network: NO_GAIN
F21 answers that agree with each other alone: NO_GAIN
F22 points claimed in the notebook: NO_GAIN
F23 an answer stored the first time a check is put: NO_GAIN
F24 two behaviours, with and without the author's earlier functions: NO_GAIN
F25 the author's earlier answers handed on as its own: NO_GAIN
F26 a function of the author kept for later: NO_GAIN
F27 an earlier question broken on purpose: NO_GAIN
F28 carried points beyond an honest solution: NO_GAIN
T1 public checks edited: FLAG
T2 metadata edited: NO_GAIN
T3 two cells of one id: NO_GAIN
T4 answers in cells that do not run: NO_GAIN
T5 another student's name: FLAG
T6 a false date: FLAG
T7 saved outputs: NO_GAIN
T8 magics and commands: NO_GAIN
T9 markers inside an answer: NO_GAIN
X1 a loop that catches everything: TIMEOUT
X2 a loop inside C: TIMEOUT
X3 forks: ERROR
X4 eight gigabytes: ERROR
X5 output without end: NO_GAIN
X6 threads that stay: NO_GAIN
X7 a full disk: NO_GAIN
X8 recursion without a limit: CRASHED
X9 a segmentation fault: CRASHED
X10 questions to the keyboard: ERROR
X11 an array larger than memory: REJECTED
X12 values nested without end: REJECTED
X13 a frame that never ends: TIMEOUT
X14 sleep: TIMEOUT
X15 priorities: NO_GAIN
X16 everything just under its limit: TIMEOUT
X17 threads without end: NO_GAIN
X18 descriptors without end: ERROR
X19 a huge figure: NO_GAIN
X20 a folder that the system does not read: ERROR
P1 files that start-up reads: NO_GAIN
P2 a daemon: NO_GAIN
P3 other processes' memory and signals: NO_GAIN
P4 signals by way of the kernel: NO_GAIN
P5 mailboxes between submissions: NO_GAIN
P6 locks, leases and watches: NO_GAIN
P7 the interpreter patched for the next: NO_GAIN
P8 values left for the next: NO_GAIN
P9 packages and caches written to: NO_GAIN
P10 memory of the one before: NO_GAIN
N1 the internet: NO_GAIN
N2 sockets of this machine: NO_GAIN
N3 the rarer socket families: NO_GAIN
N4 other programs: ERROR
N5 hidden inputs in values and pictures: NO_GAIN
S1 namespaces and mounts: NO_GAIN
S2 another architecture's system calls: CRASHED
S3 processes by the newer calls: NO_GAIN
S4 keystrokes for the terminal: NO_GAIN
S5 setuid programs: NO_GAIN
S6 no sandbox on this machine: REFUSED
S7 a grader that is root: REFUSED
S8 an old kernel: REFUSED
S9 links and pipes left behind: NO_GAIN
S10 a filter that grew weak: REFUSED
M1 no JSON, or other JSON: MALFORMED
M2 deep nesting: MALFORMED
M3 another encoding: MALFORMED
M4 lone surrogates: SANITIZED
M5 too large: MALFORMED
M6 a source that is no text: MALFORMED
M7 numbers that JSON does not have, where they matter: MALFORMED
M8 another format or language: MALFORMED
M9 odd file names: SANITIZED
M10 links, pipes, devices, folders: MALFORMED
M11 archives that write elsewhere: MALFORMED
M12 archives that grow: MALFORMED
M13 entities and aliases: NO_GAIN
M14 names of attachments: NO_GAIN
M15 a cell that is broken: ERROR
M16 a cell that is hard to compile: ERROR
M17 two notebooks, or none: MALFORMED
V1 equal to everything: REJECTED
V2 arrays with arithmetic of their own: NO_GAIN
V3 NaN: NO_GAIN
V4 empty arrays: NO_GAIN
V5 shapes that broadcast: NO_GAIN
V6 arrays of objects: REJECTED
V7 other kinds of numbers: REJECTED
V8 masked and reversed arrays: PASS
V9 an answer changed after its return: NO_GAIN
V10 inputs overwritten: NO_GAIN
V11 interfaces to elsewhere: REJECTED
V12 answers that depend on earlier calls: NO_GAIN
V13 infinities: NO_GAIN
V14 NumPy's settings: NO_GAIN
V15 tuples and dicts of another make: REJECTED
V16 integers without end: REJECTED
I1 markup in a page: SANITIZED
I2 rich output: SANITIZED
I3 markdown in a comment: SANITIZED
I4 formulas in the gradebook: SANITIZED
I5 control signs: SANITIZED
I6 commands in a log: SANITIZED
I7 files of a CI job: NO_GAIN
I8 a student's workflow and configuration: NO_GAIN
I9 a pull request with secrets: NO_GAIN
I10 a token left in a checkout: NO_GAIN
I11 names interpolated into scripts: NO_GAIN
I12 a poisoned artifact: NO_GAIN
I13 submodules, hooks and filters: NO_GAIN
I14 the grader's own tracebacks: NO_GAIN
I15 numbers for the gradebook: NO_GAIN
C1 prints and plots: PASS
C2 temporary files, warnings, seeds: PASS
C3 threads, caches, classes: PASS
C4 other alphabets, caught exceptions: PASS
C5 other types for the same number: PASS
C6 slow and right: PASS
C7 helpers and more cells: PASS
C8 every style: PASS
K1 a file of the grader's, changed without opening it: NO_GAIN
K2 a file of the grader's, asked about without opening it: NO_GAIN
K3 something that survives the process, as a mailbox: NO_GAIN
K4 a file in a student's part that decides how an archive is read: NO_GAIN
K5 data that make a parser raise an unusual exception: MALFORMED
K6 an operation of the grader's whose result no rule bounds: REJECTED
K7 frames sent ahead of the questions: TIMEOUT
K8 text or trouble that breaks the grader itself: ERROR
K9 a handle in place of a value: REJECTED
K10 a course around the notebook that a command trusts: REFUSED
K11 products made of operations that are not counted: NO_GAIN
K12 digits of hidden inputs in shapes, lengths, keys and names: NO_GAIN
K13 points for a cost or a property without the right value: NO_GAIN
K14 a process that makes the kernel kill it: CRASHED
K15 times and identities in a student's own folder: FLAG
K16 passing by elimination over attempts: NO_GAIN
"""


class Row(NamedTuple):
    """One attack."""

    title: str
    verdict: str


def _row(line):
    identity, _, rest = line.partition(" ")
    title, _, verdict = rest.rpartition(": ")
    return identity, Row(title, verdict)


ROWS = dict(map(_row, _TABLE.strip().splitlines()))

# What has nothing to be tested on yet. A row leaves this list with its first test.
NOT_YET: dict[str, str] = {}
