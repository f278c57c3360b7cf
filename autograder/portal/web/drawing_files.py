"""Drawings on a page whose policy allows no style and no script inside of it: both come as files of the portal."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from starlette.responses import Response

from autograder.portal.web.routes import NotFoundError, PortalRoute, Visit
from autograder.reports.student_page import Moving
from reference_impl.figures.scenes.files import FILES

_STYLE = re.compile(r' style="([^"]*)"')
_PLAIN = re.compile(r"[-A-Za-z0-9:;. %()#,]*", re.ASCII)  # what our drawings write there
_NAMES = re.compile(r"[a-z_]{1,20}(\+[a-z_]{1,20}){0,20}", re.ASCII)
_SCENES = {name.removesuffix(".js") for name in FILES if name.endswith(".js")} - {"player"}


@dataclass(frozen=True, slots=True)
class StyledApart:
    """A page without styles in its elements, and the style sheet that has them."""

    html: str
    css: str


def with_styles_apart(page: str) -> StyledApart:
    """The page with each style of an element moved to a style sheet. A text of a student holds no quotation mark."""
    numbers: dict[str, int] = {}

    def named(match: re.Match[str]) -> str:
        style = html.unescape(match[1])
        if not _PLAIN.fullmatch(style):
            return ""
        return f' data-style="{numbers.setdefault(style, len(numbers))}"'

    moved = _STYLE.sub(named, page)
    return StyledApart(moved, "".join(f'[data-style="{n}"]{{{style}}}\n' for style, n in numbers.items()))


def player_script(visit: Visit) -> Response:
    """The script of these scenes."""
    names = visit.path("names")
    if not _NAMES.fullmatch(names) or not set(names.split("+")) <= _SCENES:
        raise NotFoundError
    script = str(Moving.of(tuple(sorted(set(names.split("+"))))).script)
    return Response(script, media_type="text/javascript", headers={"Cache-Control": "private, max-age=300"})


def scenes_style(visit: Visit) -> Response:  # noqa: ARG001 — every answer takes a visit
    """The style of all drawings that move."""
    return Response(FILES["style.css"], media_type="text/css", headers={"Cache-Control": "private, max-age=300"})


ROUTES = (
    PortalRoute("GET", "/drawings/scenes.css", "open", scenes_style),
    PortalRoute("GET", "/drawings/{names}/player.js", "open", player_script),
)
