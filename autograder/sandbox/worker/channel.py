"""The submission's end of its connection to the grader."""

from __future__ import annotations

import builtins
import os
from collections.abc import Callable
from typing import Any

import msgpack

from . import wire


class Channel:
    """Sends and receives frames over one descriptor, with read and write: the sandbox forbids socket calls."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self.codec: wire.Codec
        self._last = memoryview(b"")  # body of the last frame
        self.reply: Callable[[dict[str, Any]], None]  # answers a request of the grader

    def receive(self) -> Any:
        data = os.read(self.fd, 1 << 16)
        if len(data) < 4:
            return None
        end = 4 + wire.frame_length(data[:4])
        if len(data) < end:
            parts = bytearray(data)
            while len(parts) < end:
                more = os.read(self.fd, min(end - len(parts), 1 << 20))
                if not more:
                    return None
                parts += more
            data = bytes(parts)
        self._last = memoryview(data)[4:]
        return self.codec.decode(self._last)

    def number_of_last(self) -> int:
        """The number of the last request, also if a value in it cannot be read here."""
        fields = msgpack.Unpacker()
        fields.feed(self._last)
        fields.read_map_header()
        fields.skip()  # "id", the first name
        number: int = fields.unpack()
        return number

    def send(self, message: object) -> None:
        view = memoryview(self.codec.encode(message))
        while view:
            view = view[os.write(self.fd, view) :]

    def ask(self, number: int, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """Call a function of the grader. Raises the exception that the function raised in the grader.

        Meanwhile the grader may have requests of its own, for example to call a function that it was just given.
        """
        self.send([number, args, kwargs])
        while type(reply := self.receive()) is dict:
            self.reply(reply)
        if reply is None:
            os._exit(1)
        if reply[0]:
            return reply[1]
        kind = getattr(builtins, reply[1], ValueError)
        raise (kind if isinstance(kind, type) and issubclass(kind, Exception) else ValueError)(reply[2])
