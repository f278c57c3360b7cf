"""The messages between the launcher and the zygote. Both are trusted.

| launcher                        | zygote                                                           |
|---------------------------------|------------------------------------------------------------------|
| set-up, as JSON in a memfd      | READY or READY_WITH_NAMESPACES                                   |
| LIMITS and a socket             | BEGUN and a pidfd: a new process speaks on that socket;          |
|                                 | or BEGUN alone: the system refused to make one                   |
| ASK                             | ENDED: how that process ended                                    |
"""

import struct

READY, READY_WITH_NAMESPACES = b"ready", b"ready, each in namespaces of its own"
LIMITS = struct.Struct("<QQQQQ")  # bytes of memory, seconds of processor time, threads, bytes and files of its folder
BEGUN = struct.Struct("<i")  # the process's id, as the zygote sees it; or the number of the error, below zero
ASK = struct.Struct("<I")  # the same id
ENDED = struct.Struct("<iQ")  # as os.waitstatus_to_exitcode, or RUNNING; microseconds of processor time
RUNNING = 1 << 16
