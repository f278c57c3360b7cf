"""The outputs of a cell, as its process sent them, checked field by field and made outputs of a notebook file."""

from __future__ import annotations

from typing import Any

from nbformat.v4 import new_output

from autograder.errors import CrashError

# A browser would run what HTML, SVG and JavaScript hold, and nbgrader's pages show an output as it is.
_MIME = {"text/plain", "text/markdown", "text/latex", "image/png", "image/jpeg"}


def checked(answer: Any) -> tuple[int, list[Any]]:
    """[count, outputs] from the process. Each field must have its type; raises CrashError."""
    match answer:
        case [int(count), list(outputs)] if 0 <= count < 1 << 31:
            return count, [_output(item) for item in outputs]
    raise CrashError("broke the protocol: malformed outputs")


def error_output(name: str, text: str) -> Any:
    """The output of a cell that raised, or was stopped."""
    return new_output("error", ename=name, evalue=text, traceback=[f"{name}: {text}"])


def _output(item: Any) -> Any:
    match item:
        case {"output_type": "stream", "name": "stdout" | "stderr" as name, "text": str(text)}:
            return new_output("stream", name=name, text=text)
        case {"output_type": "error", "ename": str(name), "evalue": str(value), "traceback": list(lines)}:
            return new_output("error", ename=name, evalue=value, traceback=[str(line) for line in lines])
        case {"output_type": "display_data", "data": dict(data)}:
            return new_output("display_data", data=_bundle(data))
        case {"output_type": "execute_result", "data": dict(data), "execution_count": int(count)}:
            return new_output("execute_result", data=_bundle(data), execution_count=count)
    raise CrashError("broke the protocol: an output of an unknown kind")


def _bundle(data: dict[Any, Any]) -> dict[str, str]:
    return {kind: text for kind, text in data.items() if kind in _MIME and isinstance(text, str)}
