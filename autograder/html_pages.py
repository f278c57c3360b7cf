"""Makes pages of HTML from templates. Every text is escaped, and a name that a template misspells is an error."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from autograder.text import number_of, numbered, one_line, points_text, several_lines


def page_environment(package: str) -> Environment:
    """The templates in the folder `templates` of a package, with the filters that all pages use."""
    environment = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(line=one_line, lines=several_lines, points=points_text)
    environment.filters.update(number=number_of, numbered=numbered)
    return environment
