"""The drawings of this assignment, and the words that say what they show. They need nothing but Python.

This file is made from the course's own modules. Nothing in it is graded, and you need not read it.
"""

from copy import copy
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from html import escape
from textwrap import wrap
from typing import NamedTuple
import json
import math

FILES = {
    "graph.js": r'''movers.graph=(scene)=>{
const{show}=scene;
const svg=scene.root.querySelector(".box svg"),box=svg.parentNode;
scene.show=(step)=>{
show(step);
if(scene.now===0)scene.say("Press Next: the seed comes first.");
const[left,middle]=scene.facts.places[scene.now],unit=svg.getBoundingClientRect().width/svg.viewBox.baseVal.width;
scene.toward(Math.min(middle,left + box.clientWidth/2/unit));
};
scene.show(scene.facts.opens??0);
};
''',
    "player.js": r'''(()=>{
"use strict";
const still=matchMedia("(prefers-reduced-motion: reduce)").matches;
const label=(v)=>{
if(Number.isNaN(v))return "NaN";
const size=Math.abs(v),sign=v<0?"−":"";
if(size===Infinity)return sign + "∞";
if(size===0)return "0";
if(size>=0.0005&&size<10000)return sign + size.toFixed(size<100?3:1).replace(/\.?0+$/,"");
const[digits,exponent]=size.toExponential(1).split("e");
return `${sign}${digits.replace(/\.0$/, "")}e${+exponent}`;
};
const look=(v,largest=1)=>{
if(Number.isNaN(v)||v===0)return{width:1,kind:"none",label:label(v)};
const share=!Number.isFinite(v)||!(largest>0)?1:Math.min(Math.abs(v)/largest,1);
return{width:+(1 + 6*share).toFixed(2),kind:v>0?"plus":"minus",label:label(v)};
};
const fill=(words,values)=>words.replace(/\{(\w+)\}/g,(_,name)=>values[name]);
const set=(element,values)=>{
if(element)for(const[name,value]of Object.entries(values))element.setAttribute(name,value);
};
const odd={NaN,Infinity,"-Infinity":-Infinity};
const facts=(text)=>JSON.parse(text,(_,v)=>(typeof v==="string"&&Object.hasOwn(odd,v)?odd[v]:v));
const movers={};
const open=(root)=>{
const all=(query)=>[...root.querySelectorAll(query)];
const scene={
root,all,now:0,last:+root.dataset.last,facts:facts(root.dataset.facts||"{}"),
part:(name)=>root.querySelector(`[data-part="${name}"]`),
say:(words)=>{const live=root.querySelector(".live");if(live)live.textContent=words;},
show:(step)=>{
const ask=asks.find((e)=>step>=e.dataset.before&&!given(e));
if(ask){ask.hidden=false;step=ask.dataset.before - 1;}
scene.now=Math.max(0,Math.min(scene.last,step));
all("[data-step]").forEach((e)=>e.classList.toggle("later",+e.dataset.step>scene.now));
const words=scene.facts.steps?.[scene.now - 1];
if(root.querySelector(".later:focus"))focus();
if(ask)scene.say(ask.firstChild.textContent);
else if(words)scene.say(words);
ends();
},
tell:(words)=>{if(answer)answer.textContent=`${answer.dataset.said} ${words}`;},
name:(knob,words)=>{
knob.setAttribute("aria-valuetext",words);
if(knob.nextElementSibling?.tagName==="OUTPUT")knob.nextElementSibling.value=words;
},
toward:(x)=>{
const svg=root.querySelector(".box svg"),box=svg.parentNode;
box.scrollLeft=(x/svg.viewBox.baseVal.width)*svg.getBoundingClientRect().width - box.clientWidth/2;
},
run:(tick,pause=120)=>{
clearInterval(scene.timer);
if(still){while(tick());return;}
scene.timer=setInterval(()=>{if(!tick())clearInterval(scene.timer);},pause);
},
};
root.classList.add("live-scene");
const asks=all(".ask"),given=(ask)=>ask.classList.contains("given");
asks.forEach((e)=>{e.hidden=!!e.dataset.before;});
const focus=()=>root.focus({preventScroll:true});
let answer;
const steps={next:()=>scene.show(scene.now + 1),back:()=>scene.show(scene.now - 1)};
const actions={...steps};
const ends=()=>[["back",0],["next",scene.last]].forEach(([what,end])=>{
if(actions[what]===steps[what])for(const e of all(`[data-do=${what}]`)){
e.disabled=scene.now===end||(end>0&&asks.some((ask)=>!ask.hidden&&!given(ask)));
if(e.disabled&&e.matches(":focus"))focus();
}
});
Object.assign(actions,movers[root.dataset.scene]?.(scene));
const controls=all(".controls button, .controls input, .controls select");
const withheld=asks.length?all("details, desc").map((e)=>[e,e.parentNode,e.nextSibling]):[];
withheld.forEach(([e])=>e.remove());
const reveal=()=>withheld.splice(0).forEach(([e,parent,next])=>parent.insertBefore(e,next));
const answered=(ask,said)=>{
ask.classList.add("given");
if(asks.every(given))reveal();
controls.forEach((c)=>{c.disabled=false;});
ends();
answer=ask.firstChild;
answer.dataset.said=`${answer.textContent} You said ${said.replace("-", "−")}.`;
scene.tell("");
ask.hidden=!said;
[...ask.children].slice(1).forEach((e)=>e.remove());
focus();
actions.answered?.(said,ask);
};
if(asks.some((e)=>!e.hidden))controls.forEach((c)=>{c.disabled=true;});
root.addEventListener("click",({target,clientX})=>{
const drawing=target.closest("svg");
if(drawing)actions.pointed?.(new DOMPoint(clientX,0).matrixTransform(root.querySelector("svg").getScreenCTM().inverse()).x);
const ask=target.closest(".ask");
if(target.dataset.answer!==undefined)answered(ask,target.dataset.answer);
else if(target.dataset.do==="answer")answered(ask,ask.querySelector("input").value);
else if(target.dataset.do){clearInterval(scene.timer);actions[target.dataset.do]?.(target);}
});
addEventListener("beforeprint",()=>{
reveal();
asks.forEach((e)=>e.classList.add("given"));
all("details").forEach((e)=>{e.open=true;});
scene.show(scene.last);
actions.end?.();
});
root.addEventListener("input",({target})=>{clearInterval(scene.timer);actions[target.dataset.knob]?.(target);});
root.addEventListener("keydown",(event)=>{
const inside=event.target.tagName;
if(inside==="INPUT"||inside==="SELECT"||(inside!=="SECTION"&&[" ","Enter"].includes(event.key)))return;
const key=(event.shiftKey?"Shift+":"")+(event.key===" "?"Space":event.key);
const button=all("[aria-keyshortcuts]").find((b)=>b.getAttribute("aria-keyshortcuts").split(" ").includes(key));
if(button?.disabled===false){button.click();event.preventDefault();}
});
};
try{
if(frameElement)new ResizeObserver(()=>{frameElement.style.height=`${document.body.scrollHeight + 24}px`;}).observe(document.body);
}catch{}
window.scenes={label,look};
document.querySelectorAll(".scene").forEach(open);
document.querySelector("[data-knob=theme]")?.addEventListener("change",({target})=>{
document.documentElement.dataset.theme=target.value;
});
})();
''',
    "style.css": r'''.scene,.sheet{--ink:#222;--paper:#fff;--plus:#0072b2;--minus:#b85000;--grey:#6f6f6f;--fog:#d9dde2;--right:#00734d;color-scheme:light;
 background:var(--paper);color:var(--ink);font:16px/1.45 system-ui,sans-serif}
@media(prefers-color-scheme:dark){:root:not([data-theme=light]) :is(.scene,.sheet){--ink:#eee;--paper:#16181c;
 --plus:#6cb8ec;--minus:#f0a052;--grey:#a2a2a2;--fog:#343a42;--right:#4fcf9c;color-scheme:dark}}
:root[data-theme=dark] :is(.scene,.sheet){--ink:#eee;--paper:#16181c;
 --plus:#6cb8ec;--minus:#f0a052;--grey:#a2a2a2;--fog:#343a42;--right:#4fcf9c;color-scheme:dark}
.sheet{margin:0 auto;max-width:960px;padding:8px 12px;a{color:var(--plus)}h1,h2{line-height:1.2}}
.scene{padding:8px;max-width:960px;@media(max-width:400px){padding:8px 0;&[data-scene=rope] .box>svg{min-width:560px}}
.sheet &{padding:8px 0;margin:1.5em 0;border-top:1px solid var(--grey)}}
:is(.scene,g.messages){
&:not(.live-scene) :is(.controls,.ask,.live){display:none}&:not(.live-scene) .spot{visibility:hidden}
&.live-scene .note{display:none}
h3{margin:.2em 0;font-size:1.15em}
.box{overflow-x:auto;position:relative;i{position:absolute;left:max(0px,var(--aim)*640px - 150px);width:1px;height:1px;scroll-initial-target:nearest}}
svg{display:block;min-width:640px;width:100%;font:15px system-ui,sans-serif;fill:var(--ink)}
svg svg{min-width:0}svg.messages{min-width:800px}.messages :is(.small,.harvest){font-size:14px}
.single .one{transform:translateY(9px)}.single .two{display:none!important}
.strip{display:none}
svg.graph{min-width:var(--wide);max-width:calc(1.3*var(--wide))}
select{max-width:100%}@media(min-width:600px){.controls label{white-space:nowrap}}
:is(.controls,.controls div){display:flex;flex-wrap:wrap;gap:6px 12px;align-items:center;margin:4px 0}
.ask{border-left:4px solid var(--plus);padding:2px 10px;margin:6px 0;p{margin:.2em 0}}
button,select,input{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--grey);
 border-radius:4px;padding:3px 9px;margin-right:6px}
input[type=number]{width:6em}button[aria-pressed=true]{border-width:3px}
:disabled{opacity:.5}
:focus-visible,&:focus-visible{outline:2px solid var(--plus);outline-offset:2px}
.live{min-height:1.5em}output{display:inline-block;min-width:5.5em}
table{border-collapse:collapse}td,th{padding:1px 10px;text-align:right;border-bottom:1px solid var(--grey)}
.small{font-size:13px}.below{font-style:italic}
.later{display:none}
.plus{stroke:var(--plus)}.minus{stroke:var(--minus);stroke-dasharray:6 3}
.none{stroke:var(--grey);stroke-dasharray:1 4}
.on{paint-order:stroke;stroke:var(--paper);stroke-width:9px;stroke-linejoin:round}.strong{font-weight:700}
.unit{fill:var(--paper);stroke:var(--ink);stroke-width:1.5}.tip{fill:var(--ink)}.pale{opacity:.72}
.harvest{font-size:13px;fill:var(--right);font-weight:700}.wrong{fill:var(--minus);font-weight:700}
.note{fill:var(--minus)}line.lit{stroke:var(--ink)}text.lit{fill:var(--plus);text-decoration:underline}
.messages g{pointer-events:none}line.spot:focus-visible{outline-color:#0000;stroke-opacity:.55}.dot{opacity:0}.spot{fill:var(--ink);stroke:var(--ink);stroke-width:14;fill-opacity:0;stroke-opacity:0}.none+.tip{opacity:0}
.ground,.trace,.thin,.net,.body,.scarf{fill:none;stroke:var(--ink)}
.ground{stroke-width:2.5}.trace{stroke:var(--plus);stroke-width:2}.thin,.net{stroke:var(--grey)}
.fog,.mist{fill:var(--fog)}.dots{stroke:var(--plus);stroke-width:6;stroke-linecap:round}
.plank{stroke:var(--minus);stroke-width:4;stroke-linecap:round}
.body{stroke-width:2;stroke-linecap:round}.head,.handle{fill:var(--paper);stroke:var(--ink);stroke-width:2}
.scarf{stroke:var(--plus);stroke-width:4}
&:not(.fogged) .fog{display:none}&:not(.fogged) .window{clip-path:none}&.fogged .unseen{display:none}
&.live-scene:not(.feels) .felt{display:none}
&.live-scene:not(.fogged) .scarf{display:none}
.done{color:var(--right)}
.hatch{fill:url(#rope-hatch)}.stripe{stroke:var(--minus);stroke-width:2}.rope{stroke:var(--plus);stroke-width:3}
.handle{stroke:var(--plus);stroke-width:3}.ball{fill:var(--plus);stroke:var(--ink)}
.bar{stroke-width:12}.cell,.box-line{fill:none;stroke:var(--ink)}.back{fill:none;stroke:var(--minus);stroke-width:2}
.shut{fill:none;stroke:var(--ink);stroke-width:2.5}.full{fill:var(--plus)}
.matrix{cursor:grab;touch-action:none}.mat{fill:var(--fog);stroke:var(--ink)}.made .mat{fill:url(#bill-hatch)}.paper{fill:none;stroke:var(--grey);stroke-dasharray:4 3}
.gap{fill:var(--paper);stroke:var(--plus);stroke-width:3;cursor:pointer}.complaint{fill:var(--minus)}
.basin{stroke:var(--ink);fill-opacity:.35}.b0{fill:var(--plus)}.b1{fill:var(--minus)}.b2{fill:var(--right)}
.b3{fill:var(--grey)}.bx{fill:none}
@media(forced-colors:active){svg{fill:CanvasText}svg :where(:not(.spot)){stroke:CanvasText}svg text{stroke:none}.fog{stroke:none}}
@media print{svg,svg:is(.messages,.graph){min-width:0}details::details-content{content-visibility:visible;block-size:auto}:is(.controls,.ask,.live){display:none!important}details table{display:block;columns:22em}td{font-size:10px;line-height:1.15;padding:0 8px;white-space:nowrap}.fog{display:none}.window{clip-path:none}
 .spot{visibility:hidden}svg.messages:has(+.strip){display:none}.strip{display:block}.later,.unseen,.felt,[data-part]{display:inline!important}
 [data-step="2"]{display:var(--a,inline)!important}:is([data-step="3"],[data-step="4"]){display:var(--b,inline)!important}
 :is([data-step="5"],[data-step="6"]){display:var(--c,inline)!important}:is([data-step="7"],[data-step="8"]){display:var(--d,inline)!important}
 details{font-size:12px}svg{max-height:8cm}svg.strip{max-height:none;min-width:0;width:70%}}
}
@media print{.sheet .scene{break-inside:avoid;margin:0;&:has(.strip){break-inside:auto}}}
@keyframes send{from{transform:scale(0)}}@media screen and (prefers-reduced-motion:no-preference){.live-scene .wire{animation:send 1s ease-out}}
@media print{.sheet :is(nav,.note){display:none}}
''',
}

# --- Looks on while a backward pass runs: which value each line got, and which adjoint its rule was given.

class GraphWatch:
    """A program whose ops note how they are called.

    Example: `watch = GraphWatch(program, ops); y, grads = backprop(watch.program, xs, 1.0, watch.ops)`, and then
    `graph(program, xs, watch.values(xs), watch.adjoints(grads), ops)`.
    """

    def __init__(self, program, ops):
        self.program = [(f"line {i}", sources) for i, (_, sources) in enumerate(program)]
        self.ops = {f"line {i}": GraphWatchedOp(ops[name], len(sources)) for i, (name, sources) in enumerate(program)}

    def values(self, xs):
        """What stands in each slot: the inputs, then what each op gave; None if it was not called."""
        return [*xs, *(op.value for op in self.ops.values())]

    def adjoints(self, grads):
        """The adjoint of each slot: the gradients of the inputs, then what each line's rule was given, or None."""
        return [*grads, *(op.adjoint() for op in self.ops.values())]


class GraphWatchedOp:
    """One line's op. value: what its first call gave."""

    def __init__(self, op, sources):
        self.op, self.sources = op, sources
        self.value, self.asked = None, []

    def __call__(self, *inputs):
        """The value, as the op gives it."""
        value = self.op(*inputs)
        self.value = copy(value) if self.value is None else self.value
        return value

    def vjp(self, k, u, y, *inputs):
        """The rule's answer. A copy of `u` stays here: code that adds in place changes the array itself."""
        self.asked.append((k, copy(u)))
        return self.op.vjp(k, u, y, *inputs)

    def adjoint(self):
        """What the rule was given; None if nobody asked it.

        A backward pass that walks paths asks for each source more than once. Then it is the sum, for one source.
        """
        given = [u for _, u in self.asked]
        if len({k for k, _ in self.asked}) == len(self.asked):
            return given[0] if given else None
        return sum(given[1:], given[0]) / self.sources


# --- The one rule from a number to its look: width, colour, dash and label. The player has the same rule.

class Look(NamedTuple):
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
    exact, sign = Decimal(size), "−" if value < 0 else ""
    if 0.0005 <= size < 10000:
        return sign + _rounded(exact, "0.001" if size < 100 else "0.1")
    exponent = exact.adjusted()
    digits = _rounded(exact.scaleb(-exponent), "0.1")
    return f"{sign}1e{exponent + 1}" if digits == "10" else f"{sign}{digits}e{exponent}"


def _rounded(exact, unit):
    """A decimal number to the nearest multiple of unit, without zeros at its end; a half goes up, as in JavaScript."""
    return f"{exact.quantize(Decimal(unit), ROUND_HALF_UP):f}".rstrip("0").rstrip(".")


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


# --- Where the slots and the lines of a graph stand: inputs at the left, the result at the right.

GRAPH_RADIUS = 38  # of a circle
GRAPH_ZONE = 106  # half of a column: only circles, their texts and level pieces of roads lie in it
GRAPH_GAP = 36  # between two columns: only bends lie in it
GRAPH_SLOT_TALL, GRAPH_ROAD_TALL = 132, 30  # one row of a column, with a circle or with a road that passes
GRAPH_MOST_SLOTS, GRAPH_MOST_SOURCES = 12, 4


class GraphLayout(NamedTuple):
    """slots: the middle of each circle.  roads: for (line, k) the places that its road passes, from the line's circle
    back to the source's.  size: of the drawing.
    """

    slots: tuple
    roads: dict
    size: tuple


def graph_layout(program, n):
    """The layout of a program with `n` inputs."""
    columns = _graph_columns(program, n)
    rows = _graph_rows(program, n, columns)
    middles = {key: (_graph_middle(column), y) for (column, key), y in rows.items()}
    slots = tuple(middles[slot] for slot in range(n + len(program)))
    roads = {
        (i, k): _graph_road(program, n, columns, rows, slots, i, k)
        for i, (_, sources) in enumerate(program)
        for k in range(len(sources))
    }
    tall = max(y + _graph_tall(key) / 2 for (_, key), y in rows.items())
    return GraphLayout(slots, roads, (_graph_middle(max(columns)) + GRAPH_ZONE, tall))


def _graph_middle(column):
    return GRAPH_ZONE + column * (2 * GRAPH_ZONE + GRAPH_GAP)


def _graph_columns(program, n):
    """The column of each slot."""
    columns = [0] * n
    for _, read in program:
        columns.append(1 + max((columns[s] for s in read), default=0))
    for slot in range(n):
        users = [columns[n + i] for i, (_, sources) in enumerate(program) if slot in sources]
        columns[slot] = min(users, default=1) - 1
    return columns


def _graph_rows(program, n, columns):
    """{(column, what): height}. what: a slot, or (line, k) of a road that passes this column."""
    stacks = [[s for s, column in enumerate(columns) if column == c] for c in range(max(columns) + 1)]
    for i, (_, sources) in enumerate(program):
        for place, source in enumerate(sources):
            for column in range(columns[source] + 1, columns[n + i]):
                stacks[column].append((i, place))
    tallest = max(sum(map(_graph_tall, stack)) for stack in stacks)
    rows = {}
    for column, stack in enumerate(stacks):
        top = (tallest - sum(map(_graph_tall, stack))) / 2
        for key in sorted(stack, key=lambda key, c=column: _graph_median(program, n, columns, rows, c, key)):
            rows[column, key] = top + _graph_tall(key) / 2
            top += _graph_tall(key)
    return rows


def _graph_tall(key):
    return GRAPH_ROAD_TALL if isinstance(key, tuple) else GRAPH_SLOT_TALL


def _graph_median(program, n, columns, rows, column, key):
    """The median height of what leads to `key` from the column before; an input comes last."""
    if isinstance(key, tuple):
        (i, _), roads = key, [key]
    else:
        i = key - n
        roads = [(i, k) for k in range(len(program[i][1]))] if i >= 0 else []
    heights = sorted(_graph_before(program, columns, rows, column, *road) for road in roads)
    return heights[len(heights) // 2] if heights else float("inf")


def _graph_before(program, columns, rows, column, i, k):
    """The height at which the road (i, k) leaves the column before `column`."""
    source = program[i][1][k]
    return rows[column - 1, source if columns[source] == column - 1 else (i, k)]


def _graph_road(program, n, columns, rows, slots, i, k):
    """The places of one road, from right to left, two for each column: (x, y) where it enters and where it leaves."""
    source, line = program[i][1][k], n + i
    (x, y), (to_x, to_y) = slots[line], slots[source]
    stub = graph_spread(k, len(program[i][1]), 54, 40)
    port = _graph_port(program, n, columns, rows, source, (i, k))
    places = [(x - _graph_edge(stub), y + stub), (x - GRAPH_ZONE, y + stub)]
    for column in range(columns[line] - 1, columns[source], -1):
        height = rows[column, (i, k)]
        places += [(_graph_middle(column) + GRAPH_ZONE, height), (_graph_middle(column) - GRAPH_ZONE, height)]
    return (*places, (to_x + GRAPH_ZONE, to_y + port), (to_x + _graph_edge(port), to_y + port))


def _graph_port(program, n, columns, rows, source, road):
    """How far below the middle of its source a road ends: the roads of one source lie one above the other."""

    def next_height(use):
        after = columns[source] + 1
        return rows.get((after, use), rows.get((after, n + use[0])))

    uses = graph_uses(program, source)
    order = sorted(uses, key=lambda use: (next_height(use), use[1]))
    return graph_spread(order.index(road), len(order), 44, 16)


def graph_uses(program, slot):
    """All (line, k) that use a slot, in the order of the tape."""
    return [
        (i, place) for i, (_, sources) in enumerate(program) for place, source in enumerate(sources) if source == slot
    ]


def graph_spread(index, count, room, most):
    """The place of one of `count` things around 0, within `room`, at most `most` apart."""
    return (index - (count - 1) / 2) * min(most, room / max(count - 1, 1))


def _graph_edge(aside):
    """How far left or right of its middle a circle's edge is at this height."""
    return (GRAPH_RADIUS**2 - aside**2) ** 0.5


# --- SVG elements as text. Standard library only; every attribute and every text is escaped.

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


# --- The numbers of a graph: what stands in each slot, what each line sends back, and where they disagree.

GRAPH_AGREE = 3e-5  # of the largest number at a slot: a smaller difference is none; a result keeps six digits
GRAPH_MOST_NUMBERS, GRAPH_MOST_AXES = 4096, 6


class GraphAmount(NamedTuple):
    """What a slot holds. shape: () for one number; None if it holds no numbers.  flat: the numbers."""

    shape: tuple | None
    flat: tuple = ()

    @property
    def words(self):
        """A number, or the shape of an array: array (2, 3)."""
        if self.shape is None:
            return "no number"
        if self.shape == ():
            return label(self.flat[0])
        return f"array {graph_shape(self.shape)}"

    @property
    def largest(self):
        """The size of its largest finite number."""
        return max((abs(v) for v in self.flat if math.isfinite(v)), default=0.0)


def graph_shape(shape):
    """A shape as NumPy writes it: (2, 3), (2,)."""
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


class GraphFault(NamedTuple):
    """A slot whose adjoint does not follow from the numbers before it. step: of the scene, from 1 on."""

    step: int
    slot: int
    words: str


class GraphNumbers(NamedTuple):
    """values, adjoints: an amount for each slot, or None.  messages: by (line, k), without missing ones.

    sums: what the uses of a slot add up to, by slot; None if they cannot be added.  faults: in the order of the way
    back.
    """

    program: tuple
    n: int
    values: tuple
    adjoints: tuple
    messages: dict
    sums: dict
    faults: tuple

    def arrivals(self, slot):
        """The (line, k) that send something to a slot, in the order of the way back."""
        return [use for use in reversed(graph_uses(self.program, slot)) if use in self.messages]

    def step_of(self, line):
        """The step in which a line is read backwards. Step 1 puts the seed into the last slot."""
        return 1 + len(self.program) - line

    def complete(self, slot):
        """The step in which all users of a slot have spoken."""
        uses = graph_uses(self.program, slot)
        if slot == self.n + len(self.program) - 1:
            return 1
        return self.step_of(uses[0][0]) if uses else 1 + len(self.program)


def graph_numbers(program, xs, values, adjoints, messages, seed):
    """The numbers of a graph. messages: for each line what it sends to each source.  seed: for the last slot."""
    lines = graph_program(program, len(xs))
    slots = len(xs) + len(lines)
    known = tuple(map(graph_amount, _graph_filled(values, slots)))
    heard = tuple(map(graph_amount, _graph_filled(adjoints, slots)))
    sent = {
        (i, k): amount
        for i, ((_, sources), row) in enumerate(zip(lines, _graph_filled(messages, len(lines)), strict=True))
        for k, message in enumerate(_graph_filled(row, len(sources)))
        if (amount := graph_amount(message)) is not None
    }
    numbers = GraphNumbers(lines, len(xs), known, heard, sent, {}, ())
    sums = {slot: _graph_sum([sent[use] for use in numbers.arrivals(slot)]) for slot in range(slots - 1)}
    sums = {slot: total for slot, total in sums.items() if numbers.arrivals(slot)} | {slots - 1: graph_amount(seed)}
    summed = GraphNumbers(lines, len(xs), known, heard, sent, sums, ())
    faults = sorted(filter(None, (_graph_fault(summed, s) for s in range(slots))), key=lambda f: (f.step, -f.slot))
    return GraphNumbers(lines, len(xs), known, heard, sent, sums, tuple(faults))


def graph_program(program, n):
    """The lines of a program as (name, sources). Raises ValueError for a program that cannot be drawn."""
    try:
        lines = tuple((str(name)[:40], tuple(int(s) for s in sources)) for name, sources in program)
    except (TypeError, ValueError):
        raise ValueError("graph: expected lines (name, sources), got another thing. Hint: print the program.") from None
    if not lines or n + len(lines) > GRAPH_MOST_SLOTS:
        raise ValueError(
            f"graph: expected 1 line or more, and at most {GRAPH_MOST_SLOTS} slots, got {len(lines)} lines and "
            f"{n + len(lines)} slots. Hint: draw a smaller program."
        )
    for i, (_, sources) in enumerate(lines):
        if len(sources) > GRAPH_MOST_SOURCES or any(not 0 <= s < n + i for s in sources):
            raise ValueError(
                f"graph: expected at most {GRAPH_MOST_SOURCES} sources before slot {n + i}, got {sources}. Hint: a "
                "line uses earlier slots only."
            )
    return lines


def graph_amount(value):
    """A value as an amount: numbers, lists and arrays of numbers; None stays None, anything else holds no numbers."""
    if value is None or isinstance(value, GraphAmount):
        return value
    try:
        shape, flat = _graph_flat(value.tolist() if hasattr(value, "tolist") else value, GRAPH_MOST_AXES)
        return GraphAmount(shape, tuple(flat)) if len(flat) <= GRAPH_MOST_NUMBERS else GraphAmount(None)
    except Exception:  # noqa: BLE001 — a student's object may raise anything, and must not stop the drawing
        return GraphAmount(None)


def _graph_flat(value, axes):
    """(shape, numbers) of nested lists. Raises ValueError if they are ragged, too deep or hold other things."""
    if not isinstance(value, (list, tuple)):
        if isinstance(value, (str, bytes)):
            raise TypeError("a text is no number")  # although float("7") is 7
        return (), [float(value)]
    if axes == 0 or not value:
        raise ValueError("too deep, or empty")
    shapes, parts = zip(*(_graph_flat(item, axes - 1) for item in value), strict=True)
    if len(set(shapes)) > 1:
        raise ValueError("ragged")
    return (len(value), *shapes[0]), [v for part in parts for v in part]


def _graph_filled(given, length):
    """A list of this length; what is missing is None."""
    try:
        rows = list(given)[:length]
    except TypeError:
        rows = []
    return rows + [None] * (length - len(rows))


def _graph_sum(amounts):
    """The sum of amounts of one shape; None if there is none."""
    shapes = {a.shape for a in amounts}
    if len(shapes) != 1 or None in shapes:
        return None
    return GraphAmount(amounts[0].shape, tuple(sum(column) for column in zip(*(a.flat for a in amounts), strict=True)))


def _graph_fault(numbers, slot):
    """What is wrong in a slot, or None."""
    words = _graph_wrong(numbers, slot)
    return GraphFault(numbers.complete(slot), slot, f"Slot {slot}: {words}.") if words else None


def _graph_wrong(numbers, slot):
    """Half a sentence about a slot: "yours 5, the uses add up to 7"; "" if it is right."""
    yours, due, value = numbers.adjoints[slot], numbers.sums.get(slot), numbers.values[slot]
    if slot not in numbers.sums:  # nothing arrives: a line need not be asked, an input gets zeros
        odd = (yours is None and slot < numbers.n) or (yours is not None and (yours.shape is None or any(yours.flat)))
        return f"yours {graph_words(yours)}, and no message arrives: 0 is due" if odd else ""
    if due is None:
        return f"yours {graph_words(yours)}, and the messages that arrive cannot be added: " + ", ".join(
            numbers.messages[use].words for use in numbers.arrivals(slot)
        )
    if yours is not None and yours.shape is not None and value is not None and yours.shape != value.shape:
        return f"yours {graph_words(yours)}, its value {graph_words(value)}: both have one shape"
    size = max([due.largest, *(numbers.messages[use].largest for use in numbers.arrivals(slot))])
    if yours is not None and graph_agree(yours, due, size):
        return ""
    source = "the seed is" if slot == len(numbers.values) - 1 else "the uses add up to"
    place, mine, total = _graph_apart(yours, due, size)
    return f"{place}yours {mine}, {source} {total}"


def _graph_apart(yours, due, size):
    """(place, yours, due) in words that differ: with more digits, or of the first entry that differs."""
    if yours is None or yours.shape != due.shape or yours.shape is None:
        return "", graph_words(yours), graph_words(due)
    pairs = list(zip(yours.flat, due.flat, strict=True))
    at = next(i for i, pair in enumerate(pairs) if not _graph_near(*pair, size))
    short = tuple(map(label, pairs[at]))
    words = short if short[0] != short[1] else tuple(f"{v:.9g}".replace("-", "−") for v in pairs[at])
    return (f"entry {_graph_index(at, yours.shape)}, " if yours.shape else "", *words)


def _graph_index(at, shape):
    """The place of an entry as code writes it: [1, 0]."""
    index = []
    for size in reversed(shape):
        at, i = divmod(at, size)
        index.insert(0, str(i))
    return f"[{', '.join(index)}]"


def graph_words(amount):
    """An amount in words; "missing" for None."""
    return "missing" if amount is None else amount.words


def graph_agree(yours, due, size):
    """Whether two amounts are the same up to rounding. size: of the largest number that is a part of them."""
    if yours.shape != due.shape or yours.shape is None:
        return False
    return all(_graph_near(a, b, size) for a, b in zip(yours.flat, due.flat, strict=True))


def _graph_near(a, b, largest):
    return a == b or (math.isnan(a) and math.isnan(b)) or abs(a - b) <= GRAPH_AGREE * max(largest, 1e-9)


# --- The drawing of a graph: circles for slots, roads for uses, numbers at their places.

GRAPH_HEAD, GRAPH_FOOT, GRAPH_LINE = 26, 6, 20  # above the circles, below them, and one line of text
GRAPH_LEAST = 560  # units: a narrower drawing would be blown up too much
GRAPH_LONG = 23  # signs of a sum below a circle; of a longer one only the total is written
GRAPH_TITLE = 23  # signs above a circle: "slot 11 = cross_entropy" fits
GRAPH_NUMBER = 7  # signs of a number in a circle or below a road
GRAPH_SUM = 36  # units: half of "5 + 2 = 7"
GRAPH_SIGN = 8.6  # units: the width of a sign, on the safe side


class GraphPen:
    """What every part of the drawing needs. names: of the inputs.  blank: the places are empty, for a pencil."""

    def __init__(self, numbers, names, blank):
        self.numbers, self.names, self.blank = numbers, names, blank
        self.layout = graph_layout(numbers.program, numbers.n)
        self.wrong = {fault.slot for fault in numbers.faults}
        self.largest = max((a.largest for a in numbers.messages.values()), default=0.0) or 1.0

    def place(self, slot):
        """The middle of a circle."""
        x, y = self.layout.slots[slot]
        return x, y + GRAPH_HEAD

    def title(self, slot):
        """What stands above a circle: "slot 0: a", "slot 3 = mul"."""
        if slot < self.numbers.n:
            return graph_short(f"slot {slot}: {self.names[slot]}")
        return graph_short(f"slot {slot} = {self.numbers.program[slot - self.numbers.n][0]}")


def graph_short(title):
    """A title that fits above a circle."""
    return title if len(title) <= GRAPH_TITLE else f"{title[: GRAPH_TITLE - 1]}…"


def graph_drawing(numbers, names, blank, notes):
    """The whole drawing. notes: (class, words) of each line of text below it."""
    pen = GraphPen(numbers, names, blank)
    wide, tall = pen.layout.size
    wide, tall = max(wide, GRAPH_LEAST), tall + GRAPH_HEAD + GRAPH_FOOT
    lines = [(kind, line) for kind, words in notes for line in wrap(words, int(wide / GRAPH_SIGN))]
    roads = pen.layout.roads
    slots = range(numbers.n + len(numbers.program))
    return tag(
        "svg",
        text(8, 18, "values go to the right →"),
        text(wide - 8, 18, "← messages go to the left", text_anchor="end", class_="below"),
        *(_graph_drawn_road(pen, use, places) for use, places in roads.items()),
        *(_graph_circle(pen, slot) for slot in slots),
        *(_graph_message(pen, use, places[0]) for use, places in roads.items()),
        *(_graph_texts(pen, slot) for slot in slots),
        *(text(8, tall + GRAPH_LINE * i + 14, words, class_=f"small {kind}") for i, (kind, words) in enumerate(lines)),
        viewBox=f"0 0 {wide} {tall + GRAPH_LINE * len(lines) + 4:g}",
        class_="graph",
        style=f"--wide:{wide}px",
    )


def graph_places(numbers):
    """For each step from 0 on, how far to the right its drawing is: (the left end of the sum at the nearest source, the
    middle between this source and the line that is read).
    """
    slots = graph_layout(numbers.program, numbers.n).slots
    last, lines = slots[-1][0], []
    for i, (_, sources) in enumerate(numbers.program):
        x = slots[numbers.n + i][0]
        nearest = max((slots[s][0] for s in sources), default=x)
        lines.append((nearest - GRAPH_SUM, (x + nearest) / 2))
    return ((last, last), (last, last), *reversed(lines))


def _graph_look(amount, largest):
    """The look of a message; an array of both signs has no sign."""
    if amount is None or amount.shape is None:
        return Look(1.0, "none", "")
    if amount.shape == ():
        return look(amount.flat[0], largest)
    signs = {look(v).kind for v in amount.flat} - {"none"}
    return Look(look(amount.largest, largest).width, signs.pop() if len(signs) == 1 else "lit" if signs else "none", "")


def _graph_drawn_road(pen, use, places):
    """One road from a line's circle to its source's, and the arrow head at its left end."""
    level = [(x, y + GRAPH_HEAD) for x, y in places]
    (x, y), *rest = level
    path = [f"M{_graph_place(x, y)}"]
    for (from_x, from_y), (to_x, to_y) in zip(level, rest, strict=False):
        turn = (from_x + to_x) / 2
        bend = f"C{_graph_place(turn, from_y)} {_graph_place(turn, to_y)} {_graph_place(to_x, to_y)}"
        path.append(f"H{to_x:.1f}" if from_y == to_y else bend)
    line = "".join(path)
    thin = tag("path", d=line, class_="thin", fill="none")
    if pen.blank:
        return thin
    i, k = use
    shown, step = _graph_look(pen.numbers.messages.get(use), pen.largest), pen.numbers.step_of(i)
    wire = tag("path", d=line, class_=f"wire {shown.kind}", fill="none", stroke_width=shown.width, data_step=step,
               data_line=f"m-{i}-{k}", style=f"transform-origin:{x:.1f}px {y:.1f}px")  # fmt: skip
    end_x, end_y = level[-1]
    tip = tag("path", class_="tip", d="M12-5 0 0 12 5z", data_step=step,
              transform=f"translate({_graph_place(end_x, end_y)})")  # fmt: skip
    return thin + wire + (tip if shown.kind != "none" else "")


def _graph_place(x, y):
    return f"{x:.1f} {y:.1f}".replace(".0", "")


def _graph_circle(pen, slot):
    """A slot: two halves, the value above and the adjoint below."""
    x, y = pen.place(slot)
    circle = tag("circle", cx=x, cy=y, r=GRAPH_RADIUS, class_="unit")
    return circle + tag("path", class_="thin", d=f"M{x - GRAPH_RADIUS:g} {y:g}h{2 * GRAPH_RADIUS}")


def _graph_message(pen, use, place):
    """The number that travels on a road, below its level piece beside the circle that sends it."""
    x, y = pen.layout.slots[pen.numbers.n + use[0]][0] - GRAPH_ZONE + 3, place[1] + GRAPH_HEAD + 15
    if pen.blank:
        return text(x, y, "____", class_="small below")
    amount = pen.numbers.messages.get(use)
    if amount is None:
        return ""
    return text(x, y, _graph_fits(amount), class_="small below", data_k=f"m-{use[0]}-{use[1]}",
                data_v=_graph_value(amount), data_step=pen.numbers.step_of(use[0]))  # fmt: skip


def _graph_value(amount):
    """The number for tests and scripts; no attribute for an array."""
    return amount.flat[0] if amount is not None and amount.shape == () else None


def _graph_fits(amount):
    """An amount in a circle or beside a road: an array by its shape alone, as (2, 3)."""
    if amount is None:
        return "–"
    words = "?" if amount.shape is None else amount.words.removeprefix("array ")
    if amount.shape != () or len(words) <= GRAPH_NUMBER:
        return words
    digit, exponent = f"{amount.flat[0]:.0e}".replace("-", "−", amount.flat[0] < 0).split("e")
    return f"{digit}e{int(exponent)}"


def _graph_texts(pen, slot):
    """The texts of a slot: its name, its value, its adjoint, and the sum of what arrives."""
    (x, y), numbers = pen.place(slot), pen.numbers
    step, wrong = numbers.complete(slot), " wrong" if slot in pen.wrong else ""
    name = text(x, y - GRAPH_RADIUS - 8, pen.title(slot), class_="small", text_anchor="middle")
    value, adjoint = numbers.values[slot], numbers.adjoints[slot]
    known = not pen.blank or slot < numbers.n
    above = text(x, y - 9, _graph_fits(value), class_="small", text_anchor="middle", data_k=f"v-{slot}",
                 data_v=_graph_value(value)) if known else ""  # fmt: skip
    if pen.blank:
        return name + above + _graph_sum_places(pen, slot)
    dead = slot not in numbers.sums and adjoint is None
    below = text(x, y + 20, _graph_fits(adjoint), class_=f"small below strong{wrong}", text_anchor="middle",
                 data_k=f"a-{slot}", data_v=_graph_value(adjoint), data_step=step)  # fmt: skip
    return name + above + below + _graph_sum_text(pen, slot, dead)


def _graph_sum_places(pen, slot):
    """Empty places for the messages of a slot that is used more than once."""
    (x, y), uses = pen.place(slot), len(graph_uses(pen.numbers.program, slot))
    words = " + ".join(["____"] * uses)
    return text(x, y + GRAPH_RADIUS + 20, words, class_="small below", text_anchor="middle") if uses > 1 else ""


def _graph_sum_text(pen, slot, dead):
    """What the uses add up to, each part in the step in which it arrives; "✗" before a sum that is not the adjoint."""
    x, y = pen.place(slot)
    parts = _graph_sum_parts(pen, slot, dead)
    if not parts:
        return ""
    inside = "".join(tag("tspan", words, data_step=step) for step, words in parts)
    kind = f"small below{' wrong' if slot in pen.wrong else ''}"
    return tag("text", inside, x=x, y=y + GRAPH_RADIUS + 20, class_=kind, text_anchor="middle", data_k=f"s-{slot}")


def _graph_sum_parts(pen, slot, dead):
    """[(step, words)] of the sum below a circle."""
    numbers, end = pen.numbers, pen.numbers.complete(slot)
    mark = [(end, "✗ ")] if slot in pen.wrong else []
    if slot not in numbers.sums:
        words = "no message arrives" if not dead or slot < numbers.n else "leads nowhere"
        return [*mark, (end, words)]
    if slot == len(numbers.values) - 1:
        return [*mark, (1, f"seed {_graph_fits(numbers.sums[slot])}")]
    uses, total = numbers.arrivals(slot), numbers.sums[slot]
    words = [_graph_fits(numbers.messages[use]) for use in uses]
    if total is None or total.shape != ():
        return [*mark, (end, f"{len(uses)} uses")] if mark or len(uses) > 1 else []
    steps = [numbers.step_of(use[0]) for use in uses]
    full = [(step, f"{' + ' if i else ''}{part}") for i, (step, part) in enumerate(zip(steps, words, strict=True))]
    result = f" = {label(total.flat[0])}"
    if sum(len(part) for _, part in full) + len(result) > GRAPH_LONG:
        return [*mark, (end, f"{len(uses)} uses{result}")]
    return [*mark, *full, (end, result)] if len(uses) > 1 else mark and [*mark, (end, f"{words[0]} arrives")]


# --- A scene: one drawing with its words, its steps, its numbers, and what a reader may do with it.

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


# --- Scene G: a graph in which a number may be used more than once, read backwards line by line.

GRAPH_MOST_WORDS = 3  # faults that the drawing lists; the sentences of the steps have all
GRAPH_FEW = 12  # numbers of an array that the table writes out
GRAPH_MOST_PARTS = 6  # of a sum that is written out in a sentence

__all__ = ["GraphWatch", "graph", "graph_messages", "graph_poster"]


def graph(program, xs, values, adjoints, ops=None, *, messages=None, u=1.0, names=(), blank=False, told=True):
    """A program as a graph, at most 12 slots, with a value and an adjoint in each.

    program: lines (name, sources).  xs: the inputs.  values, adjoints: one for each slot, inputs first; None where
    there is none. An entry may be a number, an array, or anything else that an answer holds.
    ops: what each line sends back is then `ops[name].vjp(k, adjoint, value, *inputs)`.
    messages: or these, for each line one for each source.  u: what the last slot's adjoint begins with.
    names: of the inputs; else x0, x1, …  blank: empty places, to be filled in by pencil.
    told: whether steps and notes say what disagrees; not on a page that says it above the scene.
    """
    lines = graph_program(program, len(xs))
    known = [*values] if values is not None else [*xs]
    if messages is None:
        messages = graph_messages(lines, len(xs), known, adjoints, ops) if ops else ()
    numbers = graph_numbers(lines, xs, known, adjoints, messages, u)
    given = [str(name)[:40] for name in names][: len(xs)]
    titles = given + [f"x{slot}" for slot in range(len(given), len(xs))]
    steps = () if blank else _graph_steps(numbers, told)
    first = min((fault.step for fault in numbers.faults), default=None)
    return Scene(
        name="graph",
        title="A graph, read backwards",
        svg=graph_drawing(numbers, titles, blank, [] if blank else _graph_notes(numbers, told)),
        says=_graph_blank_words(lines, titles) if blank else " ".join(_graph_steps(numbers)),
        steps=steps,
        table=NO_TABLE if blank else _graph_table(numbers, titles),
        controls=""
        if blank
        else button("← Back", do="back", keys="ArrowLeft") + button("Next →", do="next", keys="ArrowRight"),
        facts={} if blank else {"opens": first, "places": graph_places(numbers)},
    )


@poster_named("graph")
def graph_poster():
    """y = (a + b) a at (2, 3), with empty places for values, messages and adjoints."""
    return graph([("add", (0, 1)), ("mul", (2, 0))], (2, 3), (2, 3), (), names=("a", "b"), blank=True)


def graph_messages(lines, n, values, adjoints, ops):
    """What each line's rule answers to the line's own adjoint; None where it has none, or where the rule fails."""
    rows = []
    for i, (name, sources) in enumerate(lines):
        row = []
        for k in range(len(sources)):
            try:
                adjoint, inputs = adjoints[n + i], [values[s] for s in sources]
                row.append(None if adjoint is None else ops[name].vjp(k, adjoint, values[n + i], *inputs))
            except Exception:  # noqa: BLE001 — the rules are a student's: the drawing shows what there is
                row.append(None)
        rows.append(row)
    return rows


# --- Words --------------------------------------------------------------------------------------------------------


def _graph_steps(numbers, told=True):
    """One sentence or more for each step, and behind it what is wrong there, if that is told here."""
    last = numbers.n + len(numbers.program) - 1
    seed = graph_words(numbers.sums[last])
    steps = [f"The last slot, {last}, begins with the seed {seed}: how much more would the result be for more of it?"]
    steps += [_graph_line(numbers, i) for i in range(len(numbers.program) - 1, -1, -1)]
    faults = numbers.faults if told else ()
    wrong = [[fault.words for fault in faults if fault.step == step] for step in range(1, len(steps) + 1)]
    return tuple(" ".join([words, *more]) for words, more in zip(steps, wrong, strict=True))


def _graph_line(numbers, i):
    """A line read backwards: what it has, what it sends, and which sums are complete now."""
    name, sources = numbers.program[i]
    slot = numbers.n + i
    sent = [
        f"{numbers.messages[i, place].words} to slot {source}"
        for place, source in enumerate(sources)
        if (i, place) in numbers.messages
    ]
    head = f"Line {i}, slot {slot} = {name}{_graph_tuple(sources)}"
    if not sent:
        return f"{head}, sends nothing."
    step = numbers.step_of(i)
    full = [s for s in dict.fromkeys(sources) if numbers.complete(s) == step and len(numbers.arrivals(s)) > 1]
    sums = [f"All uses of slot {s} have spoken: {graph_sum_words(numbers, s)}." for s in full]
    return " ".join([f"{head}, has {graph_words(numbers.adjoints[slot])} and sends {', '.join(sent)}.", *sums])


def _graph_tuple(sources):
    return f"({', '.join(f'slot {s}' for s in sources)})"


def graph_sum_words(numbers, slot):
    """The sum at a slot, written out: 5 + 2 = 7."""
    parts = [numbers.messages[use].words for use in numbers.arrivals(slot)]
    total = graph_words(numbers.sums[slot]) if numbers.sums[slot] else "they cannot be added"
    if len(parts) > GRAPH_MOST_PARTS:
        parts = [*parts[: GRAPH_MOST_PARTS - 1], "…"]
    return f"{' + '.join(parts)} = {total}"


def _graph_notes(numbers, told):
    """(class, words) of the lines below the drawing: the first faults, and what stands for an array."""
    faults = numbers.faults if told else ()
    more = len(faults) - GRAPH_MOST_WORDS
    words = [fault.words for fault in faults[:GRAPH_MOST_WORDS]] + ([f"… and {more} more."] if more > 0 else [])
    shapes = {a.shape for a in (*numbers.values, *numbers.adjoints) if a is not None and a.shape}
    example = f"{graph_shape(min(shapes))} stands for an array of this shape." if shapes else ""
    return [("note", each) for each in words] + ([("", example)] if example else [])


def _graph_table(numbers, names):
    """Slot, value, adjoint, and what the uses add up to."""
    rows = []
    for slot, (value, adjoint) in enumerate(zip(numbers.values, numbers.adjoints, strict=True)):
        name, line = names[slot] if slot < numbers.n else "", slot - numbers.n
        name = name or f"{numbers.program[line][0]}{_graph_tuple(numbers.program[line][1])}"
        total = numbers.sums.get(slot)
        parts = len(numbers.arrivals(slot))
        due = "" if total is None else graph_sum_words(numbers, slot) if parts > 1 else _graph_entries(total)
        rows.append((f"slot {slot}: {name}", _graph_entries(value), _graph_entries(adjoint), due))
    return Table(("slot", "value", "adjoint", "the uses add up to"), tuple(rows))


def _graph_entries(amount):
    """An amount with its numbers, if they are few."""
    if amount is None or amount.shape in (None, ()) or len(amount.flat) > GRAPH_FEW:
        return graph_words(amount)
    numbers = ", ".join(map(label, amount.flat))
    return f"{amount.words}: {numbers}"


def _graph_blank_words(lines, names):
    """The poster in words."""
    n = len(names)
    told = ", ".join(f"slot {slot} is {name}" for slot, name in enumerate(names))
    made = ". ".join(f"Slot {n + i} is {name}{_graph_tuple(sources)}" for i, (name, sources) in enumerate(lines))
    return (
        f"A graph: {told}. {made}. The upper half of each circle is for its value, the lower half for its adjoint, and "
        "the lines below the roads for the messages that go back. Below a circle that hears two messages or more is "
        "a place for their sum. Fill them in by pencil."
    )

