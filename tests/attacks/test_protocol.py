"""Rows F2 to F5, X13, X16 and V12: the worker's end of the line is the student's to patch, and so is their clock.

A forged reply is a return value like any other; what is no reply to the question under way ends the process.
"""

import pytest
from attacks.arena import WRONG, other_question, outcomes
from patience import BRIEF

# Finds the worker's channel, by which payloads speak the protocol as well as the worker does.
_CHANNEL = """
import gc, os
_channel = next(o for o in gc.get_objects() if type(o).__name__ == 'Channel')
_session = next(o for o in gc.get_objects() if type(o).__name__ == 'Session')
"""
WRITES = "import os\ndef mean_square(x):\n    for fd in range(1, 64):\n        try: os.write(fd, {frame})\n        except OSError: pass\n    return 0.0"


@pytest.mark.parametrize(
    "frame",
    [
        "b'passed' * 100",
        "b'\\x00\\x00\\x00\\x05hello'",
        "b'\\xff\\xff\\xff\\xff'",
        "(20).to_bytes(4, 'little') + b'\\x83\\xa2id\\x01\\xa4kind\\xa5value\\xa5value\\x01'",
        "bytes(1 << 20)",
    ],
    ids=["F2 text", "F2 a frame of 80 MB", "X13 four gigabytes announced", "F2 another id", "F2 zeros"],
)
def test_frames_written_by_hand_end_the_process_and_earn_nothing(arena, frame):
    result = arena.within(**BRIEF).attack(answer=WRITES.format(frame=frame))
    assert outcomes(result)["q1.value"] in {"crash", "fail", "error", "timeout"}
    assert other_question(result) == 5


# Bodies of a function that answers the request under way itself. `number` is its id, taken from the worker's frame.
_NUMBER = (
    "    import sys\n    frame = sys._getframe()\n"
    "    while 'request' not in frame.f_locals: frame = frame.f_back\n    number = frame.f_locals['request']['id']\n"
)
REPLIES = {
    # F3: right in form, with the right id and a value of one's own: compared like any other.
    "F3 a value of its own": ("_channel.send({'id': number, 'kind': 'value', 'value': 4.2})", {"fail", "crash"}),
    "F3 a verdict": ("_channel.send({'id': number, 'kind': 'pass', 'points': 8.0})", {"crash"}),
    "F3 more fields": (
        "_channel.send({'id': number, 'kind': 'value', 'value': 4.2, 'outcome': 'pass', 'points': 8.0})",
        {"fail", "crash"},
    ),
    # F4: an id cannot be known beforehand, and bytes nobody asked for end the process.
    "F4 the next ids, guessed": (
        "for n in range(1, 9): _channel.send({'id': number + n, 'kind': 'value', 'value': 4.2})",
        {"crash"},
    ),
    "F4 the same id again": (
        "for n in range(9): _channel.send({'id': number, 'kind': 'value', 'value': 4.2})",
        {"crash", "fail"},
    ),
}


@pytest.mark.parametrize("name", REPLIES)
def test_a_reply_of_its_own_making_is_a_value_or_the_end(arena, name):
    code, expected = REPLIES[name]
    result = arena.attack(first=_CHANNEL, answer=f"def mean_square(x):\n{_NUMBER}    {code}\n    return 0.0")
    assert outcomes(result)["q1.value"] in expected
    # The worker's own reply comes as well, and ends the process at the next check: of the other question, perhaps.
    assert 2 <= result.score <= 5


def test_f3_a_right_value_in_a_reply_of_its_own_is_as_good_as_a_return(arena):
    """Kerckhoffs: nothing rests on who made the frame. The worker's own second answer is what nobody asked for."""
    code = "_channel.send({'id': number, 'kind': 'value', 'value': float(np.mean(x * x))})\n    os._exit(0)"
    result = arena.attack(first=_CHANNEL, answer=f"def mean_square(x):\n{_NUMBER}    {code}")
    assert outcomes(result)["q1.value"] == "crash"  # the first value was taken, and then there was no one to ask


def test_f4_replies_sent_in_advance_end_the_process(arena):
    """While a cell runs, and from a thread between two requests: either way before the question was put."""
    ahead = "for n in range(100): _channel.send({'id': n, 'kind': 'value', 'value': 12.5})"
    assert arena.attack(first=_CHANNEL, answer=WRONG, last=ahead).score <= 5
    thread = f"import threading, time\ndef later():\n    time.sleep(0.05)\n    {ahead}\ndef mean_square(x):\n    threading.Thread(target=later).start()\n    return 0.0"
    result = arena.attack(first=_CHANNEL, answer=thread)
    assert outcomes(result)["q1.value"] != "pass"
    assert result.score <= 5


PATCHES = {
    "F5 code objects replaced": (
        "import types\nfor o in gc.get_objects():\n"
        "    if isinstance(o, types.FunctionType) and o.__name__ in ('answer', 'encode', 'do_call'):\n"
        "        o.__code__ = (lambda *a, **k: 4.2).__code__"
    ),
    "F5 answers of its own": (
        "type(_session).answer = lambda self, request: {'id': request['id'], 'kind': 'value', 'value': 12.5}"
    ),
    "F5 an encoder of its own": "_channel.codec.encode = lambda message: b'\\x04\\x00\\x00\\x00pass'",
    "F5 calls answered by another function": "type(_session).do_call = lambda self, **k: True",
}


@pytest.mark.parametrize("name", PATCHES)
def test_the_workers_functions_replaced_in_memory_earn_nothing(arena, name):
    result = arena.attack(first=_CHANNEL, answer=WRONG, last=PATCHES[name])
    assert outcomes(result)["q1.value"] != "pass"
    assert result.score <= arena.attack(answer=WRONG).score + 2  # 12.5, the public example, can be written as well


def test_x13_a_frame_that_comes_byte_by_byte_has_one_deadline(arena):
    """Each byte is in time, and the frame never ends."""
    drip = (
        "import os, time\ndef mean_square(x):\n    os.write(3, (1000).to_bytes(4, 'little'))\n"
        "    while True:\n        os.write(3, b'x')\n        time.sleep(0.05)"
    )
    result = arena.within(**BRIEF).attack(answer=drip)
    assert (outcomes(result)["q1.value"], other_question(result)) == ("timeout", 5)


def test_x16_calls_just_under_their_limit_use_up_the_time_for_the_whole(arena):
    """Each is allowed half a minute, and all together three seconds of wall clock."""
    slow = "import time\ndef mean_square(x):\n    time.sleep(0.9)\n    return float(np.mean(x * x))"
    result = arena.within(submission_seconds=1.5, wall_factor=2).attack(answer=slow)
    assert outcomes(result)["q1.value"] == "timeout"


def test_x16_cells_just_under_their_limit_do_so_too(arena):
    result = arena.within(cell_seconds=3, submission_seconds=1.5, wall_factor=2).attack(
        first="import time; time.sleep(1.8)", last="time.sleep(1.8)"
    )
    assert result.score == 0
    assert set(outcomes(result).values()) == {"timeout"}


MEMORIES = {
    "V12 counts its calls": "calls += 1\n    return float(np.mean(x * x)) if calls < 3 else 0.0",
    "V12 answers by shape": "return kept.setdefault(x.shape, float(np.mean(x * x)))",
    "V12 answers with the one before": (
        "kept['now'], kept['before'] = float(np.mean(x * x)), kept.get('now', 12.5)\n    return kept['before']"
    ),
    "V12 right once for each input": (
        "key = x.tobytes()\n    kept[key] = kept.get(key, 0) + 1\n    return float(np.mean(x * x)) if kept[key] == 1 else 0.0"
    ),
}


@pytest.mark.parametrize("name", MEMORIES)
def test_an_answer_that_depends_on_earlier_calls_fails(arena, name):
    code = f"calls, kept = 0, {{}}\ndef mean_square(x):\n    global calls\n    {MEMORIES[name]}"
    result = arena.attack(answer=code)
    assert outcomes(result)["q1.value"] == "fail"
    assert other_question(result) == 5
