"""The page of troubleshooting: every message of the program, with what to do. ways_out.toml has what people wrote."""

import functools
import textwrap
import tomllib
from pathlib import Path

from reference_pages.markdown import WIDTH, fill
from reference_pages.messages import program_messages
from reference_pages.settings_pages import MADE

WRITTEN = tomllib.loads((Path(__file__).parent / "ways_out.toml").read_text(encoding="utf-8"))
LIKELY = {"what": "see [the most likely ones](#the-most-likely-ones), above."}
HEAD = f"""# Troubleshooting

Every message has one line: what it is about, what was expected, what was there, and often a hint. Here are all
messages of the program. `…` stands for what differs, such as a name. Search the page for a few words of yours. Behind
the arrow stands what to do; where several messages have the same way out, it stands once, above them.

Mend what the line names, and run the command again. If a command ends with the code 70, the mistake is ours: please
report it, with the file that the last line names.

A student says that a notebook was not graded, or the class page has the flag `not_graded`? The
[FAQ](faq.md#a-student-says-that-their-notebook-was-not-graded-what-now) has the way.

{MADE}
"""


def page():
    return "\n".join([HEAD, "## The most likely ones\n", *likely(), *topics()])


def likely():
    for each in WRITTEN["likely"]:
        message = likely_message(each)
        yield f"{quoted(message.text, '')}\n"
        yield f"{fill(each['why'] + ' **What to do:** ' + each['what'])}\n"


def likely_message(written):
    """The message of the program that has these words. Raises StopIteration if no message has them any more."""
    return next(m for m in program_messages() if written["words"] in f"{m.text} Hint: {m.hint}")


def topics():
    for topic in WRITTEN["topics"]:
        own = [message for message in program_messages() if topic_of(message) == topic]
        if own:
            yield f"## {topic['title']}\n"
            yield f"{fill('In general: ' + topic['way'])}\n"
            yield from (entry(message) for message in by_text(own) if not is_in_group(message))
            yield ""
            yield from groups(own)


def groups(messages):
    """Messages with one way out: it stands once, above them."""
    for way in WRITTEN["hints"]:
        same = [each for each in messages if "title" in way and way_out(each) is way]
        if same:
            yield f"### {way['title']}\n"
            yield f"{fill(way['what'])}\n"
            yield from (quoted(message.text, "* ") for message in by_text(same))
            yield ""


def by_text(messages):
    return sorted(messages, key=lambda each: each.text.lstrip("…: ").lower())


def is_in_group(message):
    return "title" in (way_out(message) or {})


def topic_of(message):
    return topic_of_module(message.module)


@functools.cache
def topic_numbers():
    """{path: the place of its topic in the list}, the longest paths first."""
    paths = [(path, number) for number, topic in enumerate(WRITTEN["topics"]) for path in topic["modules"]]
    return dict(sorted(paths, key=lambda pair: -len(pair[0])))


@functools.cache
def topic_of_module(module):
    """The topic with the longest path that the module begins with; None if there is none."""
    fits = (number for path, number in topic_numbers().items() if f"{module}/".startswith(f"{path}/"))
    return next((WRITTEN["topics"][number] for number in fits), None)


def entry(message):
    way = way_out(message)
    return f"{quoted(message.text, '* ')}\n{advice(way['what'])}" if way else quoted(message.text, "* ")


@functools.cache
def way_out(message):
    """What to do: what the program says itself, or what people wrote; None if there is neither."""
    if has_hint(message):
        return {"what": plain(message.hint)}
    if any(fits(each, message) for each in WRITTEN["likely"]):
        return LIKELY
    return next((each for each in WRITTEN["hints"] if fits(each, message)), None)


def fits(way, message):
    """Whether a message has one of the words, and is said in one of the modules if the way names some."""
    modules = way.get("modules", [""])
    return any(words in message.text for words in words_of(way)) and any(map(message.module.startswith, modules))


def words_of(way):
    return [way["words"]] if isinstance(way["words"], str) else way["words"]


def has_hint(message):
    """Whether the program itself says what to do."""
    return bool(message.hint.strip("….: "))


def quoted(text, begin):
    """A message as code, in lines of the page's width."""
    mark = "``" if "`" in text else "`"
    space = " " if "`" in text else ""
    lines = textwrap.wrap(
        f"{begin}{mark}{space}{text}{space}{mark}",
        WIDTH,
        subsequent_indent=" " * len(begin),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines)


def plain(hint):
    """A hint of the program as text: it may hold signs that Markdown takes for its own."""
    for sign in "\\*[]<>|":
        hint = hint.replace(sign, f"\\{sign}") if "`" not in hint else hint
    return hint


def advice(hint):
    """What to do, below the message. hint: Markdown."""
    return "\n".join(
        textwrap.wrap(
            f"→ {hint}",
            WIDTH,
            initial_indent="  ",
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    )
