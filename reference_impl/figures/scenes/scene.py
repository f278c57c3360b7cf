"""A scene: one drawing with its words, its steps, its numbers, and what a reader may do with it.

`Scene.block` is the part of a page. In a notebook a scene shows itself: a scene with controls in a frame with the
player, a poster as it stands. Standard library only.
"""

import json
import math
from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple

from .files import FILES
from .svg import tag


class Table(NamedTuple):
    """All numbers of a scene, as text. head: names of the columns.  rows: one tuple of texts a row.

    keys: for each row the key of the number in its last column, by which the player finds it; or none.
    """

    head: tuple = ()
    rows: tuple = ()
    keys: tuple = ()


NO_TABLE = Table()


class Prediction(NamedTuple):
    """A question that comes before the controls work, or before a step.

    answers: the buttons; none: a field for a number.  before: the step; 0: all controls wait.
    """

    question: str
    answers: tuple = ()
    before: int = 0


@dataclass(frozen=True)
class Scene:
    """One drawing and its words.

    name: the file of the player that moves it.  svg: the last state, complete.  says: the drawing in words, from
    its numbers.  steps: one sentence a step.  controls: HTML of buttons and sliders; "" for a poster.
    asks: predictions, in their order.  facts: what the player must know, as plain data.  spoilers: words that stand
    nowhere before the predictions.  strip: another drawing, which paper shows instead.  aim: where a narrow screen
    begins to show the drawing, as a share of its width.
    """

    name: str
    title: str
    svg: str
    says: str
    steps: tuple = ()
    table: Table = NO_TABLE
    controls: str = ""
    asks: tuple = ()
    facts: dict = field(default_factory=dict)
    spoilers: tuple = ()
    strip: str = ""
    aim: float = 0.0

    def block(self, heading="h3", idea=""):
        """The scene as a part of a page: title, idea, prediction, controls, drawing, live words, numbers.

        heading: the element of the title.  idea: HTML that stands below it.
        """
        words = words_and_numbers(self.says, self.table)
        return self._section(tag(heading, escape(self.title)), idea, *self._parts(self.name), words)

    def bare(self, key):
        """The scene without title and table, for a page that has its own. key: begins the ids in it."""
        return self._section(*self._parts(key))

    def _parts(self, key):
        """Prediction, controls, drawing and live words."""
        return (
            *map(asked, self.asks),
            tag("div", self.controls, class_="controls") if self.controls else "",
            # A narrow screen scrolls the drawing in its own box, so keys must be able to reach the box.
            tag(
                "div",
                (tag("i", "", style=f"--aim:{self.aim:.3g}") if self.aim else "")
                + described(self.svg, self.title, self.says, key)
                + self.strip,
                class_="box",
                tabindex="0",
                role="region",
                aria_label=f"Drawing: {self.title}",
            ),
            tag("p", "", class_="live", role="status", aria_live="polite") if self.controls else "",
        )

    def _section(self, *parts):
        facts = _json({"steps": self.steps, **self.facts}) if self.controls else None
        # A key is the scene's only while the scene has the focus, so the scene must be able to have it.
        focus = "0" if self.controls else None
        return tag("section", *parts, class_="scene", tabindex=focus, data_scene=self.name, data_last=len(self.steps),
                   data_facts=facts)  # fmt: skip

    def page(self):
        """The scene as a page of its own, with style and player. It works from a file and asks for nothing."""
        head = '<!doctype html><html lang="en" style="color-scheme:light dark"><meta charset="utf-8">'
        style, title = tag("style", FILES["style.css"]), tag("title", escape(self.title))
        return f"{head}{title}{style}{self.block()}{tag('script', player((self.name,)))}"

    def _repr_html_(self):
        """What Jupyter shows: a poster as it stands, a scene with controls in a frame."""
        if not self.controls:
            return tag("style", FILES["style.css"]) + self.block()
        return tag("iframe", self.block(), srcdoc=self.page(), title=self.title, width="100%", height="760",
                   style="border:0")  # fmt: skip

    def __repr__(self):
        """The drawing in words."""
        return self.says


def _json(facts):
    """Plain data as short text."""
    return json.dumps(_plain(facts), ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _plain(value):
    """A fact as JSON has it: NaN and infinity, for which it has no numbers, by the names that the player reads."""
    match value:
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case float() if not math.isfinite(value):
            return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def player(names=None):
    """The one script of all scenes: the core, and the part of each scene.

    names: of these scenes only.
    """
    parts = (text for name, text in FILES.items() if _moves(name, names))
    return FILES["player.js"].replace(PLACE, "".join([PLACE, *parts]))


def _moves(file, names):
    """Whether a file is a part of the player that one of the scenes `names` needs."""
    scenes = SHARED.get(file, (file.removesuffix(".js"),))
    return file.endswith(".js") and file != "player.js" and (names is None or not set(scenes).isdisjoint(names))


SHARED = {"terrain.js": ("climber", "rope"), "layers.js": ("backward", "forward")}  # what two scenes compute with
PLACE = "const movers={};\n"  # the parts of the scenes stand below it


def described(svg, title, says, key):
    """A drawing with its name and its description, for a reader who does not see it."""
    start, rest = svg.split(">", 1)
    names = tag("title", escape(title), id=f"{key}-title") + tag("desc", escape(says), id=f"{key}-desc")
    role = (
        "group" if 'tabindex="' in rest else "img"
    )  # an image hides its parts, and some drawings have buttons in them
    return f'{start} role="{role}" aria-labelledby="{escape(key)}-title {escape(key)}-desc">{names}{rest}'


def asked(prediction):
    """A prediction as HTML: buttons, or a field for a number."""
    field = tag("input", type="number", step="any", aria_label="your answer") + button("show me", do="answer")
    buttons = "".join(button(words, answer=words) for words in prediction.answers)
    question, skip = tag("p", escape(prediction.question)), button("skip", answer="")
    return tag("div", question, buttons or field, skip, class_="ask", data_before=prediction.before or None)


def button(words, *, keys=None, pressed=None, do=None, answer=None):
    """A button: what it does (`do`, or an answer), and the keys that press it while its scene has the focus."""
    return tag("button", escape(words), type="button", data_do=do, data_answer=answer, aria_keyshortcuts=keys,
               aria_pressed=pressed)  # fmt: skip


def slider(words, knob, low, high, step, value, shown):
    """A slider with its name before it and its value behind it."""
    bar = tag("input", type="range", min=low, max=high, step=step, value=value, data_knob=knob, aria_valuetext=shown)
    return tag("label", escape(words), " ", bar, tag("output", escape(shown)))


def words_and_numbers(says, table):
    """The drawing in words and all its numbers, folded."""
    keys = table.keys or (None,) * len(table.rows)
    rows = (
        tag(
            "tr",
            *(tag("td", escape(cell)) for cell in row[:-1]),
            tag("td", escape(row[-1]), data_n=key),
            hidden=None if row[-1] else "",  # nothing is known yet
        )
        for row, key in zip(table.rows, keys, strict=True)
    )
    head = tag("tr", *(tag("th", escape(name), scope="col") for name in table.head))
    numbers = tag("table", head, *rows) if table.rows else ""
    return tag("details", tag("summary", "The drawing in words"), tag("p", escape(says)), numbers)
