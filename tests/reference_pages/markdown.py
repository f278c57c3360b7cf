"""Text, code and tables as Markdown, in lines of at most 120 characters."""

import re
import textwrap

WIDTH = 120


def paragraphs(text):
    """A docstring: paragraphs are filled, indented blocks are code."""
    blocks = text.split("\n\n")
    return "\n\n".join(code(b) if b.startswith("    ") else fill(" ".join(b.split())) for b in blocks) + "\n"


def fill(block):
    """Lines of text. Outside code, a bare |, < or > is no table and no tag."""
    block = re.sub(r"(`[^`]*`)|(?<!\w)([|<>])(?!\w)", lambda m: m[1] or f"\\{m[2]}", block)
    return "\n".join(textwrap.wrap(block, WIDTH, break_long_words=False, break_on_hyphens=False))


def code(block, language=""):
    return f"```{language}\n{textwrap.dedent(block)}\n```"


def table(heads, rows):
    lines = [" | ".join(heads), " | ".join("---" for _ in heads)]
    lines += [" | ".join(str(cell).replace("|", "\\|") for cell in row) for row in rows]
    return "".join(f"| {line} |\n" for line in lines)
