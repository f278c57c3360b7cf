"""Text that is safe to show: one line, a cell of a spreadsheet, a file's name, a number of points."""

from __future__ import annotations

import hashlib
import re
import urllib.parse

MAX_NAME = 200  # bytes of a file name; a file system takes 255, and an ending is to come


_FORMULA = frozenset("=+-@＝＋－＠")  # spreadsheets take the full-width signs for the others


def file_name(student: str) -> str:
    """A student's id as a file name: letters (of any script), digits, `._-@+` and space as they are, the rest %XX."""
    safe = "".join(
        c if c.isalnum() or c in "._-@+ " else urllib.parse.quote(c.encode("utf-8", "surrogatepass"), safe="")
        for c in student
    )
    name = re.sub(r"^[.\- ]", lambda m: f"%{ord(m[0]):02X}", safe)
    if len(name.encode()) <= MAX_NAME:
        return name
    return f"{name[: MAX_NAME // 8]}~{hashlib.sha256(name.encode()).hexdigest()}"  # two long names stay two files


def points_text(points: float) -> str:
    """Points as they are: 99.999996 must not become 100 on its way to a gradebook."""
    return f"{points:.12g}"


def spreadsheet_text(text: str) -> str:
    """Text that no spreadsheet takes for a formula, on one line."""
    flat = one_line(text)
    return f"'{flat}" if flat[:1] in _FORMULA else flat


def one_line(text: str, limit: int = 500) -> str:
    """Student text made safe to show anywhere: control and direction-changing characters visible, one line, bounded."""
    shown = (c if c.isprintable() else " " if c in "\n\r\t" else "�" for c in text[: 4 * limit])
    return " ".join("".join(shown).split())[:limit]


def plain(source: str) -> str:
    """A cell's text without the white space that editors add or take away."""
    return "\n".join(line.rstrip() for line in source.strip().splitlines())
