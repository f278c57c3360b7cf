"""The drawings of this assignment, and the words that say what they show. They need nothing but Python.

This file is made from the course's own modules. Nothing in it is graded, and you need not read it.
"""

from dataclasses import dataclass
from dataclasses import dataclass, field
from html import escape
import json
import math

FILES = {
    "player.js": r'''// The player: it shows, hides, moves and re-labels what Python has drawn. It creates no shape.
(() => {
  "use strict";
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  // From a number to its look: the same rule as look.py.
  const label = (v) => {
    if (Number.isNaN(v)) return "NaN";
    const size = Math.abs(v), sign = v < 0 ? "−" : "";
    if (size === Infinity) return sign + "∞";
    if (size === 0) return "0";
    if (size >= 0.0005 && size < 10000) return sign + size.toFixed(size < 100 ? 3 : 1).replace(/\.?0+$/, "");
    const [digits, exponent] = size.toExponential(1).split("e");
    return `${sign}${digits.replace(/\.0$/, "")}e${+exponent}`;
  };
  const look = (v, largest = 1) => {
    if (Number.isNaN(v) || v === 0) return { width: 1, kind: "none", label: label(v) };
    const share = !Number.isFinite(v) || !(largest > 0) ? 1 : Math.min(Math.abs(v) / largest, 1);
    return { width: +(1 + 6 * share).toFixed(2), kind: v > 0 ? "plus" : "minus", label: label(v) };
  };
  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const set = (element, values) => {
    if (element) for (const [name, value] of Object.entries(values)) element.setAttribute(name, value);
  };

  // The range of assignment 1 and its slope, from its hills; the same formulas as in terrain.py.
  const range = (hills) => [(x, h, d, e) => h * e, (x, h, d, e) => ((-2 * x) / d / d) * h * e].map((f) => (w) =>
    Math.abs(w) > 1e6 ? 0 : hills.reduce((sum, [c, h, d]) => sum + f(w - c, h, d, Math.exp(-(((w - c) / d) ** 2))), 0));
  // The places of a walk: at most k.most steps, and none where the ground is level.
  const walk = (start, rate, climb, k) => {
    const path = [start];
    while (path.length <= k.most && Math.abs(climb(path.at(-1))) > k.level) path.push(path.at(-1) + rate * climb(path.at(-1)));
    return path;
  };
  const degrees = (up, along) => (Math.atan2(-up, along) * 180) / Math.PI;

  // One function a scene, by its name: it takes the scene and returns what buttons, sliders and the answer do.
  const movers = {};
  // MOVERS: the files of the scenes stand here.
  // The core: steps, live words, prediction, buttons, sliders and keys.
  const open = (root) => {
    const all = (query) => [...root.querySelectorAll(query)];
    const scene = {
      root, now: 0, last: +root.dataset.last, facts: JSON.parse(root.dataset.facts || "{}"),
      part: (name) => root.querySelector(`[data-part="${name}"]`),
      say: (words) => { const live = root.querySelector(".live"); if (live) live.textContent = words; },
      show: (step) => {
        scene.now = Math.max(0, Math.min(scene.last, step));
        all("[data-step]").forEach((e) => e.classList.toggle("later", +e.dataset.step > scene.now));
        const words = scene.facts.steps?.[scene.now - 1];
        if (words) scene.say(words);
      },
      name: (knob, words) => {
        knob.setAttribute("aria-valuetext", words);
        if (knob.nextElementSibling?.tagName === "OUTPUT") knob.nextElementSibling.value = words;
      },
      // Calls tick() again and again until it returns false.
      run: (tick, pause = 120) => {
        clearInterval(scene.timer);
        if (still) { while (tick()); return; }
        scene.timer = setInterval(() => { if (!tick()) clearInterval(scene.timer); }, pause);
      },
    };
    root.classList.add("live-scene");
    const actions = {
      next: () => scene.show(scene.now + 1), back: () => scene.show(scene.now - 1), ...movers[root.dataset.scene]?.(scene),
    };
    const ask = root.querySelector(".ask");
    const controls = all(".controls button, .controls input, .controls select");
    // The drawing's words and numbers are not in the page before the prediction is given.
    const secrets = ask ? all("details, desc").map((e) => [e, e.parentNode, e.nextSibling]) : [];
    secrets.forEach(([e]) => e.remove());
    const answered = (answer) => {
      secrets.forEach(([e, parent, next]) => parent.insertBefore(e, next));
      controls.forEach((c) => { c.disabled = false; });
      ask.classList.add("given");
      root.classList.add("answered");
      actions.answered?.(answer);
    };
    if (ask) controls.forEach((c) => { c.disabled = true; });
    root.addEventListener("click", ({ target }) => {
      if (target.dataset.answer !== undefined) answered(target.dataset.answer);
      else if (target.dataset.do === "answer") answered(ask.querySelector("input").value);
      else if (target.dataset.do) { clearInterval(scene.timer); actions[target.dataset.do]?.(target); }
    });
    root.addEventListener("input", ({ target }) => { clearInterval(scene.timer); actions[target.dataset.knob]?.(target); });
    root.addEventListener("keydown", (event) => {
      const inside = event.target.tagName;
      if (inside === "INPUT" || inside === "SELECT" || (inside !== "SECTION" && /^( |Enter)$/.test(event.key))) return;
      const key = (event.shiftKey ? "Shift+" : "") + (event.key === " " ? "Space" : event.key);
      const button = all("[aria-keyshortcuts]").find((b) => b.getAttribute("aria-keyshortcuts").split(" ").includes(key));
      if (button && !button.disabled) { button.click(); event.preventDefault(); }
    });
  };
  window.scenes = { label, look };
  document.querySelectorAll(".scene").forEach(open);
})();
''',
    "style.css": r'''.scene{--ink:#222;--paper:#fff;--plus:#0072b2;--minus:#b85000;--grey:#6f6f6f;--fog:#d9dde2;--right:#00734d;
 background:var(--paper);color:var(--ink);font:16px/1.45 system-ui,sans-serif;padding:8px;max-width:960px}
@media(prefers-color-scheme:dark){.scene{--ink:#eee;--paper:#16181c;--plus:#6cb8ec;--minus:#f0a052;--grey:#a2a2a2;
 --fog:#343a42;--right:#4fcf9c}}
.scene h3{margin:.2em 0;font-size:1.15em}
.scene .box{overflow-x:auto}
.scene svg{display:block;min-width:640px;width:100%;font:15px system-ui,sans-serif;fill:var(--ink)}
.scene svg svg{min-width:0}
.scene .controls{display:flex;flex-wrap:wrap;gap:6px 12px;align-items:center;margin:6px 0}
.scene .ask{border-left:4px solid var(--plus);padding:2px 10px;margin:6px 0}.scene .ask p{margin:.2em 0}
.scene button,.scene select,.scene input{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--grey);
 border-radius:4px;padding:3px 9px;margin-right:6px}
.scene input[type=number]{width:6em}.scene button[aria-pressed=true]{border-width:3px}
.scene :disabled{opacity:.5}
.scene :focus-visible,.scene:focus-visible{outline:2px solid var(--plus);outline-offset:2px}
.scene .live{min-height:1.5em}.scene output{display:inline-block;min-width:5.5em}
.scene table{border-collapse:collapse}.scene td,.scene th{padding:1px 10px;text-align:right;border-bottom:1px solid var(--grey)}
.scene .small{font-size:13px}.scene .below{font-style:italic}
.scene .later{display:none}
.scene .plus{stroke:var(--plus)}.scene .minus{stroke:var(--minus);stroke-dasharray:6 3}
.scene .none{stroke:var(--grey);stroke-dasharray:1 4}
.scene .ground,.scene .trace,.scene .thin,.scene .net,.scene .body,.scene .scarf{fill:none;stroke:var(--ink)}
.scene .ground{stroke-width:2.5}.scene .trace{stroke:var(--plus);stroke-width:2}.scene .thin,.scene .net{stroke:var(--grey)}
.scene .fog,.scene .mist{fill:var(--fog)}.scene .dots{stroke:var(--plus);stroke-width:6;stroke-linecap:round}
.scene .plank{stroke:var(--minus);stroke-width:4;stroke-linecap:round}
.scene .body{stroke-width:2;stroke-linecap:round}.scene .head,.scene .handle{fill:var(--paper);stroke:var(--ink);stroke-width:2}
.scene .scarf{stroke:var(--plus);stroke-width:4}
.scene:not(.fogged) .fog{display:none}.scene:not(.fogged) .window{clip-path:none}.scene.fogged .unseen{display:none}
.scene.live-scene:not(.feels) .felt{display:none}
.scene .done{color:var(--right)}
.scene .hatch{fill:url(#rope-hatch)}.scene .stripe{stroke:var(--minus);stroke-width:2}.scene .rope{stroke:var(--plus);stroke-width:3}
.scene .handle{stroke:var(--plus);stroke-width:3}.scene .ball{fill:var(--plus);stroke:var(--ink)}
.scene .bar{stroke-width:12}.scene .cell{fill:none;stroke:var(--ink)}.scene .back{fill:none;stroke:var(--minus);stroke-width:2}
.scene .strong{font-weight:700}.scene .on{paint-order:stroke;stroke:var(--paper);stroke-width:5px;stroke-linejoin:round}
.scene .shut{fill:none;stroke:var(--ink);stroke-width:2.5}.scene .full{fill:var(--plus)}
.scene .mat{fill:var(--fog);stroke:var(--ink)}.scene .made .mat{fill:url(#bill-hatch)}.scene .paper{fill:none;stroke:var(--grey);stroke-dasharray:4 3}
.scene .gap{fill:var(--paper);stroke:var(--plus);stroke-width:3;cursor:pointer}.scene .complaint{fill:var(--minus)}
.scene .basin{stroke:var(--ink);fill-opacity:.35}.scene .b0{fill:var(--plus)}.scene .b1{fill:var(--minus)}.scene .b2{fill:var(--right)}
.scene .b3{fill:var(--grey)}.scene .bx{fill:none}
@media(forced-colors:active){.scene svg{fill:CanvasText}.scene svg *{stroke:CanvasText}.scene svg text{stroke:none}.scene .fog{stroke:none}}
@media print{.scene .controls,.scene .ask,.scene .live{display:none}.scene .fog{display:none}.scene .window{clip-path:none}
 .scene .later,.scene .unseen,.scene .felt{display:inline!important}}
''',
    "forward.js": r'''// The forward picture of scene S3, and the numbers of a network for every scene that has one.
  const network = (net, x, y) => {
    const v = {}, put = (name, values) => values.forEach((value, k) => { v[`${name}_${k}`] = value; });
    const layer = (n, inputs) => {
      const rows = [...net[`W${n}`], net[`b${n}`][0]], sums = rows[0].map(() => 0);
      rows.forEach((row, i) => row.forEach((w, j) => { sums[j] += v[`f${n}_${i}_${j}`] = w * inputs[i]; }));
      return sums;
    };
    const z = layer(1, [...x, 1]), a = z.map((t) => (t > 0 || Number.isNaN(t) ? t : 0)), scores = layer(2, [...a, 1]);
    const most = Math.max(...scores), shifted = scores.map((s) => s - most);
    const logSum = Math.log(shifted.reduce((sum, s) => sum + Math.exp(s), 0));
    put("x", x); put("z1", z); put("a1", a); put("logit", scores); put("p", shifted.map((s) => Math.exp(s - logSum)));
    if (y !== null) v.J = logSum - shifted[y];
    return v;
  };
  // Writes numbers into the texts, lines, bars and gates that have their keys.
  const write = (root, v) => {
    const each = (name, f) => root.querySelectorAll(`[data-${name}]`).forEach((e) => f(e, v[e.dataset[name]]));
    const largest = Math.max(...Object.keys(v).filter((k) => k[0] === "f" && Number.isFinite(v[k])).map((k) => Math.abs(v[k])));
    each("k", (e, value) => { if (value !== undefined) { e.textContent = label(value); e.dataset.v = value; } });
    each("line", (e, value) => { const l = look(value, largest); set(e, { class: l.kind, "stroke-width": l.width }); });
    each("bar", (e, value) => set(e, { width: 100 * value || 0 }));
    each("gate", (e, value) => set(e, { display: value > 0 ? "none" : "inline" }));
    root.querySelectorAll("td:first-child").forEach((e) => { if (e.textContent in v) e.nextSibling.textContent = label(v[e.textContent]); });
  };
  movers.forward = (scene) => {
    const { net, x, sentences } = scene.facts;
    let { y } = scene.facts;
    const turn = () => {
      const v = network(net, x, y), words = Object.fromEntries(Object.entries(v).map(([k, n]) => [k, label(n)]));
      write(scene.root, v);
      scene.facts.steps = sentences.map((s) => fill(s, words));
      scene.show(scene.last);
    };
    const input = (i) => (e) => { x[i] = +e.value; scene.name(e, label(x[i])); turn(); };
    scene.show(scene.root.querySelector(".ask") ? 2 : scene.last);
    return {
      x0: input(0), x1: input(1), x2: input(2), y: (e) => { y = +e.value; turn(); },
      answered: (said) => {
        scene.show(4);
        const right = label(network(net, x, y).a1_1);
        if (said !== "") scene.say(`You said ${label(+said)}; it is ${right}. ${scene.facts.steps[3]}`);
      },
    };
  };
''',
}

# --- The one rule from a number to its look: width, colour, dash and label. The player has the same rule.

@dataclass(frozen=True)
class Look:
    """How a number is drawn: the width of its line, the class of its colour and dash, and its label."""

    width: float
    kind: str  # "plus", "minus" or "none"
    label: str


def look(value, largest=1.0):
    """The look of a number beside the largest of its picture: 1 to 7 units wide, and 1 if it is no number."""
    if math.isnan(value) or value == 0:
        return Look(1.0, "none", label(value))
    share = 1.0 if math.isinf(value) or not largest > 0 else min(abs(value) / largest, 1.0)
    return Look(round(1 + 6 * share, 2), "plus" if value > 0 else "minus", label(value))


def label(value):
    """A number as text: three decimals, three digits if it is small or large; −, ∞ and NaN as signs."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    size = abs(value)
    if size == 0:
        return "0"
    if not 0.0005 <= size < 10000:
        digits, exponent = f"{size:.1e}".split("e")
        shown = f"{digits.removesuffix('.0')}e{int(exponent)}"
    else:
        shown = f"{size:.3f}" if size < 100 else f"{size:.1f}"
        shown = shown.rstrip("0").rstrip(".")
    return ("−" if value < 0 else "") + shown


# --- Where the units and the lines of a network stand: the same places in the forward picture and in the messages back.

PLACE_COLUMNS = (60, 300, 540)  # of the inputs, the hidden units and the scores
PLACE_TOP, PLACE_PITCH, PLACE_RADIUS = 60, 130, 26
PLACE_WEIGHT, PLACE_FLOW = 0.22, 0.72  # how far along its line a weight stands, and what travels on it


def unit_place(column, row):
    """The middle of a unit; the constant 1 stands in the row after the last one."""
    return PLACE_COLUMNS[column], PLACE_TOP + PLACE_PITCH * row


def line_place(column, source, target, share):
    """A point of the line from a unit of `column` to one of the next column, at this share of its length."""
    (left, top), (right, bottom) = unit_place(column, source), unit_place(column + 1, target)
    left, right = left + PLACE_RADIUS, right - PLACE_RADIUS
    return left + share * (right - left), top + share * (bottom - top)


# --- Posters: drawings that need no code of the student's. Standard library only.

POSTERS = {}  # by name; each module adds its own


def poster(name):
    """The poster of that name, one of POSTERS."""
    if name not in POSTERS:
        raise ValueError(
            f"poster: expected one of {', '.join(sorted(POSTERS))}, got {name!r}. Hint: copy the name from the text."
        )
    return POSTERS[name]()


def poster_named(name):
    """Above a function without arguments: it makes the poster of that name."""

    def add(function):
        POSTERS[name] = function
        return function

    return add


# --- SVG elements as text. Standard library only; every attribute and every text is escaped.

def tag(name, *inside, **attributes):
    """One element. inside: elements as text.  attributes: `class_` is class, `data_step` is data-step."""
    given = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items() if value is not None}
    written = "".join(f' {key}="{escape(_written(key, value))}"' for key, value in given.items())
    content = "".join(inside)
    return f"<{name}{written}>{content}</{name}>" if inside else f"<{name}{written}/>"


def text(x, y, words, **attributes):
    """A text at a place; `text_anchor` and the rest as in `tag`."""
    return tag("text", escape(str(words)), x=x, y=y, **attributes)


def small(x, y, words, text_anchor="middle", **attributes):
    """A small text, in the middle of x, or from x on with text_anchor None."""
    return text(x, y, words, class_="small", text_anchor=text_anchor, **attributes)


def _written(key, value):
    """A place with one decimal at most, so that pictures stay small; a number of the mathematics (data-v) in full."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) and key != "data-v" else str(value)


# --- A scene: one drawing with its words, its steps, its numbers, and what a reader may do with it.

@dataclass(frozen=True)
class Table:
    """All numbers of a scene, as text. head: names of the columns.  rows: one tuple of texts a row."""

    head: tuple = ()
    rows: tuple = ()


@dataclass(frozen=True)
class Prediction:
    """A question that comes before the controls work. answers: the buttons; none: a field for a number."""

    question: str
    answers: tuple = ()
    answer: str = ""


@dataclass(frozen=True)
class Scene:
    """One drawing and its words.

    name: the file of the player that moves it.  svg: the last state, complete.  says: the drawing in words, from
    its numbers.  steps: one sentence a step.  controls: HTML of buttons and sliders; "" for a poster.
    facts: what the player must know, as plain data.  spoilers: words that stand nowhere before the prediction.
    """

    name: str
    title: str
    svg: str
    says: str
    steps: tuple = ()
    table: Table = Table()
    controls: str = ""
    ask: Prediction | None = None
    facts: dict = field(default_factory=dict)
    spoilers: tuple = ()

    def block(self):
        """The scene as a part of a page: title, prediction, controls, drawing, live words, numbers."""
        parts = (
            tag("h3", escape(self.title)),
            asked(self.ask),
            tag("div", self.controls, class_="controls") if self.controls else "",
            tag("div", described(self.svg, self.title, self.says, self.name), class_="box"),
            tag("p", "", class_="live", role="status", aria_live="polite") if self.controls else "",
            words_and_numbers(self.says, self.table),
        )
        facts = json.dumps({"steps": self.steps, **self.facts}) if self.controls else None
        # A key is the scene's only while the scene has the focus, so the scene must be able to have it.
        focus = "0" if self.controls else None
        return tag("section", *parts, class_="scene", tabindex=focus, data_scene=self.name, data_last=len(self.steps),
                   data_facts=facts)  # fmt: skip

    def page(self):
        """The scene as a page of its own, with style and player. It works from a file and asks for nothing."""
        head = '<!doctype html><html lang="en" style="color-scheme:light dark"><meta charset="utf-8">'
        style, title = tag("style", FILES["style.css"]), tag("title", escape(self.title))
        return f"{head}{title}{style}{self.block()}{tag('script', player())}"

    def _repr_html_(self):
        """What Jupyter shows: a poster as it stands, a scene with controls in a frame."""
        if not self.controls:
            return tag("style", FILES["style.css"]) + self.block()
        return tag("iframe", self.block(), srcdoc=self.page(), title=self.title, width="100%", height="760",
                   style="border:0")  # fmt: skip

    def __repr__(self):
        """The drawing in words."""
        return self.says


def player(names=None):
    """The one script of all scenes, without comments and indentation: the core, and the part of each scene.

    names: of these scenes only.
    """
    parts = (text for name, text in FILES.items() if _moves(name, names))
    lines = (line.strip() for line in FILES["player.js"].replace(PLACE, "".join(parts)).splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"  # a fifth smaller


def _moves(file, names):
    """Whether a file is the part of a scene in the player, one of `names`."""
    return file.endswith(".js") and file != "player.js" and (names is None or file.removesuffix(".js") in names)


PLACE = "  // MOVERS: the files of the scenes stand here.\n"


def described(svg, title, says, key):
    """A drawing with its name and its description, for a reader who does not see it."""
    start, rest = svg.split(">", 1)
    names = tag("title", escape(title), id=f"{key}-title") + tag("desc", escape(says), id=f"{key}-desc")
    return f'{start} role="img" aria-labelledby="{key}-title {key}-desc">{names}{rest}'


def asked(prediction):
    """The prediction of a scene as HTML: buttons, or a field for a number; nothing without a prediction."""
    if prediction is None:
        return ""
    field = tag("input", type="number", step="any", aria_label="your answer") + button("show me", do="answer")
    buttons = "".join(button(words, answer=words) for words in prediction.answers)
    return tag("div", tag("p", escape(prediction.question)), buttons or field, button("skip", answer=""), class_="ask")


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
    rows = (tag("tr", *(tag("td", escape(cell)) for cell in row)) for row in table.rows)
    head = tag("tr", *(tag("th", escape(name), scope="col") for name in table.head))
    numbers = tag("table", head, *rows) if table.rows else ""
    return tag("details", tag("summary", "The drawing in words"), tag("p", escape(says)), numbers)


# --- Scene S3, the forward picture: one example goes through a network with one hidden layer, from left to right.

FORWARD_QUESTION = Prediction("Which number leaves the second hidden unit, the lower one?")


def forward(params, x, y=None, a1=None, logits=None, ask=False):
    """The numbers of one example at their places.

    params: {"W1", "b1", "W2", "b2"} of at most 3 units a layer.  x: (1, D).  y: (1,), its class, or None.
    a1, logits: your own numbers, (1, H) and (1, K); without them the picture computes its own.
    ask: a reader first predicts.
    """
    net = {name: forward_rows(params[name]) for name in ("W1", "b1", "W2", "b2")}
    point, y = forward_rows(x)[0], None if y is None else int(forward_rows(y)[0][0])
    values, complaints = forward_values(net, point, y, forward_first(a1), forward_first(logits))
    sizes = len(net["W1"]), len(net["W2"]), len(net["b2"][0])
    sentences = forward_sentences(sizes, y is not None)
    shown = {key: label(v) for key, v in values.items()}
    return Scene(
        name="forward",
        title="The way forward",
        svg=forward_drawing(net, sizes, values),
        says=" ".join([*complaints, *(sentence.format(**shown) for sentence in sentences)]),
        steps=tuple(sentence.format(**shown) for sentence in sentences),
        table=Table(("number", "value"), tuple(shown.items())),
        controls=forward_controls(sizes, point, y, a1 is None and logits is None),
        ask=FORWARD_QUESTION if ask else None,
        facts={"net": net, "x": point, "y": y, "sentences": sentences},
        spoilers=(sentences[3].format(**shown),) if ask else (),
    )


@poster_named("forward")
def forward_poster():
    """The worked instance of assignment 2 with empty circles, to be filled by pencil."""
    net = {"W1": [[1.0, -1.0], [0.5, 1.0]], "b1": [[0.0, -2.0]], "W2": [[1.0, 0.0], [3.0, 1.0]], "b2": [[0.0, 1.0]]}
    values = {"x_0": 1.0, "x_1": 2.0, "J": None}
    says = (
        "A network with two inputs, 1 and 2, two hidden units and two scores. The weights stand on the lines. The "
        "circles are empty: write each sum into the upper half, and what leaves the gate into the lower half."
    )
    return Scene("forward", "Fill in by pencil: the way forward", forward_drawing(net, (2, 2, 2), values), says)


# --- Numbers ---------------------------------------------------------------------------------------


def forward_rows(values):
    """Rows of floats, from an array or from nested lists; a vector is one row."""
    rows = values.tolist() if hasattr(values, "tolist") else values
    rows = rows if isinstance(rows[0], (list, tuple)) else [rows]
    return [[float(v) for v in row] for row in rows]


def forward_first(values):
    """The first row of your numbers; None if there are none, or if they are no rows of numbers."""
    try:
        return forward_rows(values)[0]
    except (TypeError, ValueError, LookupError):
        return None


def forward_values(net, x, y, a1=None, logits=None):
    """Every number of the picture by its key, and a complaint for each of yours that does not fit the others.

    Keys: x_0, f1_0_1 (what a line of layer 1 carries from unit 0 to unit 1), z1_0, a1_0, logit_0, p_0, J.
    """
    values, complaints = {f"x_{i}": v for i, v in enumerate(x)}, []
    sums = forward_layer(values, net, 1, [*x, 1.0])
    gated = [z if z > 0 or math.isnan(z) else 0.0 for z in sums]
    units = forward_yours(gated, a1, "hidden unit {}: {} leaves the gate, your forward says {}", complaints)
    values |= {f"z1_{j}": z for j, z in enumerate(sums)} | {f"a1_{j}": a for j, a in enumerate(units)}
    arrived = forward_layer(values, net, 2, [*units, 1.0])
    scores = forward_yours(arrived, logits, "score {}: {} arrives, your forward says {}", complaints)
    shifted = [v - max(scores) for v in scores]
    log_sum = math.log(math.fsum(map(math.exp, shifted)))
    values |= {f"logit_{k}": v for k, v in enumerate(scores)}
    values |= {f"p_{k}": math.exp(v - log_sum) for k, v in enumerate(shifted)}
    return values | ({} if y is None else {"J": log_sum - shifted[y]}), complaints


def forward_yours(right, yours, words, complaints):
    """Your numbers in place of the picture's, if there are as many; a complaint for each that differs."""
    if yours is None or len(yours) != len(right):
        return right
    for k, (a, b) in enumerate(zip(right, yours, strict=True), start=1):
        if not abs(a - b) <= 1e-4 * max(1.0, abs(a)):
            complaints.append(words.format(k, label(a), label(b)).capitalize() + ".")
    return yours


def forward_layer(values, net, layer, inputs):
    """Write down what each line of a layer carries. Returns the sums at its right ends."""
    weights = [*net[f"W{layer}"], net[f"b{layer}"][0]]
    flows = [[w * v for w in row] for row, v in zip(weights, inputs, strict=True)]
    values |= {f"f{layer}_{i}_{j}": f for i, row in enumerate(flows) for j, f in enumerate(row)}
    return [sum(column) for column in zip(*flows, strict=True)]


# --- The drawing -----------------------------------------------------------------------------------


def forward_drawing(net, sizes, values):
    """The network with the numbers that there are; a circle without a number is empty."""
    inputs, hidden, classes = sizes
    flows = [abs(v) for key, v in values.items() if key[0] == "f" and math.isfinite(v)]
    lines = [
        forward_line(layer, i, j, weight, values.get(f"f{layer}_{i}_{j}"), max(flows, default=1.0))
        for layer in (1, 2)
        for i, row in enumerate([*net[f"W{layer}"], net[f"b{layer}"][0]])
        for j, weight in enumerate(row)
    ]
    heads = [
        text(unit_place(column, 0)[0], 18, words, class_="small", text_anchor="middle")
        for column, words in enumerate(("inputs", "hidden: sum, then gate", "scores"))
    ]
    return tag(
        "svg",
        *heads,
        *(drawn for pair in zip(*lines, strict=True) for drawn in pair),  # lines first: no line crosses a number
        *(forward_unit(0, i) + forward_number(*unit_place(0, i), f"x_{i}", values, 1) for i in range(inputs)),
        *(forward_hidden(j, values) for j in range(hidden)),
        *(forward_unit(2, k) + forward_number(*unit_place(2, k), f"logit_{k}", values, 5) for k in range(classes)),
        *(forward_one(column, sizes[column]) for column in (0, 1)),
        text(580, 18, "probabilities", class_="small"),
        *(forward_bar(k, values) for k in range(classes)),
        forward_cost(classes, values),
        viewBox=f"0 0 700 {PLACE_TOP + PLACE_PITCH * max(sizes) + 40}",
    )


def forward_line(layer, i, j, weight, flow, largest):
    """A line, and the numbers on it: the weight near its left end, and what travels near its right end."""
    key, shown = f"f{layer}_{i}_{j}", look(flow or 0.0, largest)
    (x1, y1), (x2, y2) = line_place(layer - 1, i, j, 0), line_place(layer - 1, i, j, 1)
    x, y = line_place(layer - 1, i, j, PLACE_WEIGHT)
    line = tag("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=shown.kind, stroke_width=shown.width, data_line=key)
    number = text(x, y + 4, label(weight), class_="small on", text_anchor="middle")
    x, y = line_place(layer - 1, i, j, PLACE_FLOW)
    return line, number + forward_number(x, y, key, {key: flow}, 2 if layer == 1 else 5, "small on strong")


def forward_number(x, y, key, values, step, kind=None):
    """A number that the player may write again; nothing if it is not known."""
    value = values.get(key)
    if value is None:
        return ""
    return text(x, y + 5, label(value), class_=kind, text_anchor="middle", data_k=key, data_v=value, data_step=step)


def forward_unit(column, row):
    """The circle of a unit."""
    x, y = unit_place(column, row)
    return tag("circle", cx=x, cy=y, r=PLACE_RADIUS, class_="head")


def forward_hidden(j, values):
    """A hidden unit: its sum above, what leaves it below, and a double bar where its gate is closed."""
    x, y = unit_place(1, j)
    shut = values.get(f"z1_{j}", 1.0) <= 0
    bars = tag(
        "path",
        d=f"M{x + PLACE_RADIUS + 5} {y - 13}v26m6 0v-26",
        class_="shut",
        data_gate=f"z1_{j}",
        data_step=4,
        display=None if shut else "none",
    )
    return (
        forward_unit(1, j)
        + tag("path", d=f"M{x - PLACE_RADIUS} {y}h{2 * PLACE_RADIUS}", class_="thin")
        + forward_number(x, y - 11, f"z1_{j}", values, 3, "small")
        + forward_number(x, y + 11, f"a1_{j}", values, 4, "small strong")
        + bars
    )


def forward_one(column, row):
    """The constant 1, from which the biases come."""
    x, y = unit_place(column, row)
    return tag("circle", cx=x, cy=y, r=PLACE_RADIUS, class_="paper") + text(x, y + 5, "1", text_anchor="middle")


def forward_bar(k, values):
    """The probability of a class, as a bar and as a number."""
    x, y = 580, unit_place(2, k)[1]
    p = values.get(f"p_{k}", 0.0)
    long = 0 if math.isnan(p) else 100 * p
    bar = tag("rect", x=x, y=y + 4, width=long, height=12, class_="full", data_bar=f"p_{k}", data_step=6)
    frame = tag("rect", x=x, y=y + 4, width=100, height=12, class_="box-line")
    return bar + frame + forward_number(x + 50, y - 12, f"p_{k}", values, 6, "small")


def forward_cost(row, values):
    """The cost, if the right class is known; a line to write it on if only the number is not known."""
    x, y = unit_place(2, row)
    if "J" not in values:
        return ""
    line = tag("path", d=f"M{x + 60} {y + 10}h60", class_="thin") if values["J"] is None else ""
    return text(x - 10, y + 5, "cost J =", class_="small") + line + forward_number(x + 90, y, "J", values, 6, "strong")


# --- Words and controls ----------------------------------------------------------------------------


def forward_sentences(sizes, has_class):
    """One sentence a step, with the keys of numbers in braces."""
    inputs, hidden, classes = sizes
    keys = {"x": inputs, "z1": hidden, "a1": hidden, "logit": classes, "p": classes}
    listed = {name: ", ".join(f"{{{name}_{k}}}" for k in range(count)) for name, count in keys.items()}
    return (
        f"The inputs are {listed['x']}.",
        "Each line multiplies the number at its left end by its weight.",
        f"Each hidden unit adds what arrives: {listed['z1']}.",
        f"Each gate lets a sum above 0 pass; any other sum becomes 0. The gates let out {listed['a1']}.",
        f"The second layer multiplies and adds in the same way. The scores are {listed['logit']}.",
        f"The scores become the probabilities {listed['p']}." + (" The cost is J = {J}." if has_class else ""),
    )


def forward_controls(sizes, x, y, free):
    """Back and next; for the picture's own numbers a slider for each input, and the right class."""
    buttons = button("← back", do="back", keys="ArrowLeft") + button("next →", do="next", keys="ArrowRight")
    if not free:
        return buttons
    knobs = [slider(f"x{'₁₂₃'[i]}", f"x{i}", -4, 4, 0.5, v, label(v)) for i, v in enumerate(x)]
    classes = [tag("option", str(k), value=k, selected="" if k == y else None) for k in range(sizes[2])]
    choice = "" if y is None else tag("label", "right class ", tag("select", *classes, data_knob="y"))
    return buttons + "".join(knobs) + choice


# --- The poster of question 6 of assignment 2: one row of weights serves a whole batch. Standard library only.

WEIGHTS = ("w", (1, 0, 2))  # one row of W: the weights that leave one input
INPUTS = (1, 3, 2)  # this input in three examples
ERRORS = ((1, 0, -1), (0, 2, 1), (-1, 1, 0))  # g, one row an example
WIDE, TALL = 42, 30  # of one cell


@poster_named("rows")
def rows_poster():
    """One row of W, three copies of it, three arrows back, and three empty boxes for the sum."""
    copies = "".join(_copy(n, x, errors) for n, (x, errors) in enumerate(zip(INPUTS, ERRORS, strict=True)))
    svg = tag(
        "svg",
        text(24, 108, "one row of W"),
        _cells(24, 122, WEIGHTS[1], "forth"),
        text(24, 236, "its gradient"),
        _cells(24, 250, ("", "", ""), "back"),
        copies,
        text(24, 366, "Every copy sends x g back. The row hears all three: add them, box by box."),
        viewBox="0 0 700 376",
    )
    return Scene(name="rows", title="One row of weights, three copies", svg=svg, says=_says_rows())


def _cells(x, y, values, kind):
    """Three boxes in a row with a number in each."""
    boxes = (
        tag("rect", class_=f"cell {kind}", x=x + WIDE * k, y=y, width=WIDE, height=TALL)
        + text(x + WIDE * (k + 0.5), y + 20, _signed(value), text_anchor="middle")
        for k, value in enumerate(values)
    )
    return "".join(boxes)


def _signed(value):
    return str(value).replace("-", "−")


def _copy(n, x, errors):
    """One example: a copy of the row, what arrives from above, and the message to the row."""
    y = 30 + 116 * n
    message = ", ".join(_signed(x * error) for error in errors)
    told = ", ".join(map(_signed, errors))
    return (
        tag("path", class_="thin", d=f"M156 130C230 130 230 {y + 12} 300 {y + 12}")
        + tag("path", class_="back", d=f"M470 {y + 44}H240C190 {y + 44} 200 265 160 265l10-5m-10 5 9 7")
        + text(308, y - 8, f"example {n}: x = {x}")
        + _cells(308, y, WEIGHTS[1], "forth")
        + tag("text", f"x g = ({message})", x=308, y=y + 62, class_="below")
        + tag("text", f"g = ({told})", x=482, y=y + 49, class_="below")
    )


def _says_rows():
    """The poster in words, without the sum."""
    parts = (
        f"Example {n} has the input {x} and sends back {x} times ({', '.join(map(_signed, errors))})."
        for n, (x, errors) in enumerate(zip(INPUTS, ERRORS, strict=True))
    )
    return (
        "One row of weights is copied into three examples. "
        + " ".join(parts)
        + " The gradient of the row is the sum of the three messages; its boxes are empty, to fill in."
    )

