"""The page of commands, from the program itself.

sphinx-click cannot read them: typer has a click of its own (typer._click), and its commands are none of click's.
"""

import re

import typer
from reference_pages.markdown import code, paragraphs, table
from reference_pages.settings_pages import MADE

from autograder.cli.main import app

HEAD = f"""# Commands

Every command says the same by itself: `autograder grade --help`. It ends with 0 if all is well, with 2 if it could not
begin, and then says why in one line ([Troubleshooting](../troubleshooting.md)). Some end with 1; their text says when.

{MADE}
"""

TYPES = {
    " <list[str]>": " TEXT",
    " <list[Path]>": " PATH",
    " <path>": " PATH",
    " <str>": " TEXT",
    " <int range>": " N",
    " <int>": " N",
    " <float range>": " X",
    " <float>": " X",
}


def page():
    return "\n".join([HEAD, *section(("autograder",), typer.main.get_command(app), None)])


def commands_below(path, command, parent):
    """(words, command, context) of a command and of all below it."""
    context = typer._click.core.Context(command, info_name=path[-1], parent=parent)
    yield path, command, context
    for name, each in getattr(command, "commands", {}).items():
        if not each.hidden:
            yield from commands_below((*path, name), each, context)


def section(path, command, parent):
    for words, each, context in commands_below(path, command, parent):
        below = [name for name, inner in getattr(each, "commands", {}).items() if not inner.hidden]
        if len(words) > 1:
            yield f"## {' '.join(words)}\n"
        yield paragraphs(each.help or "")
        if below:
            yield table(("command", "what it does"), (linked(words, name, each.commands[name]) for name in below))
        if not below or (each.invoke_without_command and len(words) > 1):
            yield code(usage(each, context)) + "\n"
        if rows := [row(given, context) for given in each.params if not given.hidden and "--help" not in given.opts]:
            yield table(("given", "meaning"), rows)
        if each.epilog:
            yield paragraphs(quoted(each.epilog))


def linked(words, name, command):
    full = " ".join((*words, name))
    return f"[`{full}`](#{full.replace(' ', '-')})", prose(command.help.split("\n\n")[0])


def usage(command, context):
    given = [row(each, context)[0].strip("`") for each in command.params if each.param_type_name == "argument"]
    return " ".join([context.command_path, *given])


def row(given, context):
    """What to write, and what it means: both as `--help` has them, with simpler names of types."""
    name, words = given.get_help_record(context)
    if given.param_type_name == "argument":
        name = name.rpartition(" ")[0]
    for kind, value in TYPES.items():
        name = name.replace(kind, value)
    words = re.sub(r"(\d+)<=x<=(\d+)", r"\1 to \2", words)
    return f"`{name}`", prose(re.sub(r"x>=(\d+)", r"at least \1", words))


def prose(text):
    return re.sub(r"([<>])", r"\\\1", " ".join((text or "").split()))


def quoted(epilog):
    """`Example: autograder demo` with each command as code; words before a command, such as "on a GPU:", are text."""
    if "`" in epilog:
        return epilog
    return ", or ".join(re.sub(r"(autograder .*)", r"`\1`", each) for each in epilog.split(", or "))
