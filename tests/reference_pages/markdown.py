"""Text, code and tables as Markdown, in lines of at most 120 characters."""

import re
import textwrap

WIDTH = 120


def paragraphs(text, names=()):
    """A docstring: paragraphs are filled, indented blocks are code. names: of arguments; what explains them is a list."""
    blocks = text.split("\n\n")
    return (
        "\n\n".join(code(b) if b.startswith("    ") else explained(" ".join(b.split()), names) for b in blocks) + "\n"
    )


def explained(block, names):
    """`rtol: for floats. index: of rows. Raises E.` as a list with a line for each name, and a last paragraph."""
    name = "|".join(map(re.escape, names)) or r"(?!)"  # (?!) is nowhere
    before, *pairs = re.split(rf"(?:^|(?<=[.;] ))((?:{name})(?:, (?:{name}))*): ", block)
    if not pairs:
        return fill(block)
    pairs[-1], raises, error = pairs[-1].partition(" Raises ")
    rows = [fill(f"* {listed(each)}: {text.strip()}", "  ") for each, text in zip(pairs[::2], pairs[1::2], strict=True)]
    return "\n\n".join(
        part for part in (fill(before.strip()), "\n".join(rows), fill(f"{raises}{error}".strip())) if part
    )


def listed(names):
    return ", ".join(f"`{name}`" for name in names.split(", "))


def fill(block, indent=""):
    """Lines of text. Outside code, a bare |, < or > is no table and no tag. indent: of all lines but the first."""
    block = re.sub(r"(`[^`]*`)|(?<!\w)([|<>])(?!\w)", lambda m: m[1] or f"\\{m[2]}", block)
    lines = textwrap.wrap(block, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines)


def code(block, language=""):
    return f"```{language}\n{textwrap.dedent(block)}\n```"


def table(heads, rows):
    lines = [" | ".join(heads), " | ".join("---" for _ in heads)]
    lines += [" | ".join(str(cell).replace("|", "\\|") for cell in row) for row in rows]
    return "".join(f"| {line} |\n" for line in lines)
