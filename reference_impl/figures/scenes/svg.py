"""SVG elements as text. Standard library only; every attribute and every text is escaped."""

from html import escape


def tag(name, *inside, **attributes):
    """One element. inside: elements as text.  attributes: `class_` is class, `data_step` is data-step."""
    given = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items() if value is not None}
    written = "".join(f" {key}={_quoted(_written(key, value))}" for key, value in given.items())
    content = "".join(inside)
    return f"<{name}{written}>{content}</{name}>" if inside else f"<{name}{written}/>"


def text(x, y, words, **attributes):
    """A text at a place; `text_anchor` and the rest as in `tag`."""
    return tag("text", escape(str(words)), x=x, y=y, **attributes)


def small(x, y, words, text_anchor="middle", **attributes):
    """A small text, in the middle of x, or from x on with text_anchor None."""
    return text(x, y, words, class_="small", text_anchor=text_anchor, **attributes)


def _quoted(value):
    """A value in double quotes; in single ones if it has double ones itself, as JSON has: that is shorter."""
    if '"' in value:
        return "'" + escape(value, quote=False).replace("'", "&#x27;") + "'"
    return f'"{escape(value)}"'


def _written(key, value):
    """A place with one decimal at most, so that pictures stay small; a number of the mathematics (data-v) in full."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) and key != "data-v" else str(value)
