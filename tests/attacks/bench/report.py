"""Tables of a run of the bench: counts for each tool, and every payload with what it did."""

from pathlib import Path

from attacks.bench.verdict import FACTS
from benchmarks.page import replaced

MARKER = "attack bench"


def summary(record):
    """Lines of Markdown: how many payloads did what, for each tool. A payload can count in several rows."""
    tools = record["tools"]
    lines = _head(["", *(t["title"] for t in tools)])
    for fact, title in FACTS.items():
        lines.append(_line([title, *(str(len(_did(record, t["name"], fact))) for t in tools)]))
    lines.append(_line(["**any of these, of the payloads tried**", *(f"**{_any(record, t['name'])}**" for t in tools)]))
    return [*lines, "", _footnote(record)]


def _did(record, tool, fact):
    return [p for p in record["payloads"] if fact in (p["verdicts"].get(tool) or {})]


def _any(record, tool):
    tried = [p["verdicts"][tool] for p in record["payloads"] if p["verdicts"].get(tool) is not None]
    return f"{sum(map(bool, tried))} of {len(tried)}"


def _footnote(record):
    versions = ", ".join(dict.fromkeys(t["version"] for t in record["tools"]))
    machine = record["machine"]
    return (
        f"`make attack-bench`, {machine['date']}, {len(record['payloads'])} payloads; {versions}; Python {machine['python']}, "
        f"{machine['system']}; as {record['user']}."
    )


def details(record):
    """Lines of Markdown: one payload a line, with what it did under each tool."""
    tools = record["tools"]
    lines = _head(["payload", "what it does", *(t["title"] for t in tools)])
    for payload in record["payloads"]:
        cells = [_cell(payload["verdicts"].get(t["name"])) for t in tools]
        lines.append(_line([payload["id"], payload["title"], *cells]))
    return lines


def _cell(verdict):
    if verdict is None:
        return "cannot be expressed"
    return "; ".join(f"**{fact}**: {reason}" for fact, reason in verdict.items()).replace("|", "\\|") or "–"


def _head(cells):
    return [_line(cells), _line(["---"] * len(cells))]


def _line(cells):
    return f"| {' | '.join(cells)} |"


def write_page(file, record):
    """Put the summary between the markers of a page. Raises ValueError if they are missing."""
    path = Path(file)
    path.write_text(replaced(path.read_text(), MARKER, "\n".join(summary(record))))
