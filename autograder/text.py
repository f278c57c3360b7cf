"""Text to show: one line, a cell of a spreadsheet, a file's name, a number of points, a name for people, a hint."""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import re
import urllib.parse
from collections.abc import Collection, Iterable, Sequence

MAX_NAME = 200  # bytes of a file name; file systems take 255, ending included


_FORMULA = frozenset("=+-@＝＋－＠")  # spreadsheets read the full-width signs like the others


def file_name(student: str) -> str:
    """A student's id as a file name: letters (of any script), digits, `._-@+` and space as they are, the rest %XX."""
    safe = "".join(
        c if c.isalnum() or c in "._-@+ " else urllib.parse.quote(c.encode("utf-8", "surrogatepass"), safe="")
        for c in student
    )
    name = re.sub(r"^[.\- ]", lambda m: f"%{ord(m[0]):02X}", safe)
    if len(name.encode()) <= MAX_NAME:
        return name
    return f"{name[: MAX_NAME // 8]}~{hashlib.sha256(name.encode()).hexdigest()}"  # two long names must give two files


def points_text(points: float) -> str:
    """Points with all their digits: 99.999996 must not become 100 in a gradebook."""
    return f"{points:.12g}"


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV, the header first, each with a line feed at its end."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def spreadsheet_text(text: str) -> str:
    """Text on one line that no spreadsheet reads as a formula."""
    flat = one_line(text)
    return f"'{flat}" if flat[:1] in _FORMULA else flat


def spreadsheet_lines(text: str) -> str:
    """Text of several lines that no spreadsheet reads as a formula. `typed_lines` gives it back."""
    shown = several_lines(text)
    return f"'{shown}" if shown[:1] in _FORMULA or (shown[:1] == "'" and shown[1:2] in _FORMULA | {"'"}) else shown


def typed_lines(cell: str) -> str:
    """A cell of a spreadsheet without the sign that `spreadsheet_lines` puts before a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _FORMULA | {"'"} else cell


def several_lines(text: str) -> str:
    """Text with its lines, and with control and direction characters made visible."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in lines)


def one_line(text: str, limit: int = 500) -> str:
    """Text of a student, safe to show: on one line, bounded, with control and direction characters made visible."""
    shown = (c if c.isprintable() else " " if c in "\n\r\t" else "�" for c in text[: 4 * limit])
    return " ".join("".join(shown).split())[:limit]


def storable(name: str, limit: int = 300) -> str:
    """A name as JSON can hold it, of at most `limit` characters: bytes that are no UTF-8 become hexadecimals."""
    return name[:limit].encode("utf-8", "backslashreplace").decode()[:limit]


def without_passwords(text: str) -> str:
    """Text without what stands before the `@` of an address, such as https://user:password@host/."""
    return re.sub(r"//[^/\s]*@", "//", text)


def plain(source: str) -> str:
    """A cell's text without the white space that editors add or remove."""
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


def nearest(name: str, known: Collection[str]) -> str:
    """A hint with the right name that is most like a wrong one; "" if none is."""
    close = difflib.get_close_matches(name, known, n=1)
    return f" Hint: {close[0]}?" if close else ""


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 submission`, `2 submissions`. plural: if it is not the noun with an s."""
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"


def few(names: Sequence[str], most: int = 5) -> str:
    """The first names of a list, and how many more there are."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def named(title: str, identity: str) -> str:
    """A check for people: its sentence, with its id behind. `units at zero send nothing (q7.kink)`."""
    return f"{title} ({identity})" if title and title != identity else identity


def numbered(question: str, title: str) -> str:
    """A question for people: `7 · the way back (backward)` for q7. A question of another name keeps its id."""
    return f"{number_of(question)} · {title}" if title and title != question else number_of(question)


def number_of(question: str) -> str:
    """A question's id for people: 7 for q7; another id, such as b1, is its own name."""
    return question[1:] if re.fullmatch(r"q[0-9]+", question) else question
