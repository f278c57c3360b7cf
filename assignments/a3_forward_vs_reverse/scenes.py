"""The drawings of this assignment, and the words that say what they show. They need nothing but Python.

This file is made from the course's own modules. Nothing in it is graded, and you need not read it.
"""

from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple
import json
import math

FILES = {
    "bills.js": r'''movers.bills=(scene)=>{
const{free,given,cheapest:theirs}=scene.facts,paper=scene.part,count=(n)=>n.toLocaleString("en-US");
const{all}=scene,put=(e,words)=>{e.textContent=words;};
const show=(e,on)=>{e.style.display=on?"inline":"none";};
let{dims}=scene.facts,said="",parts,lines,past;
const pqr=(ps,i)=>[dims[ps[i].hi],dims[ps[i + 1].hi],dims[ps[i + 1].lo - 1]];
const adds=(ls)=>ls.reduce((s,[p,q,r])=>s + p*q*r,0);
const join=(ps,i)=>[...ps.slice(0,i),{...ps[i],lo:ps[i + 1].lo,made:true},...ps.slice(i + 2)];
const cheapest=(ps)=>ps.slice(1).map((right,i)=>{
const[cost,gaps]=cheapest(join(ps,i));
return[cost + adds([pqr(ps,i)]),[right.hi,...gaps]];
}).reduce((a,b)=>(b[0]<a[0]?b:a),ps.length<2?[0,[]]:[Infinity]);
const name=(p)=>Array.from({length:p.hi - p.lo + 1},(_,k)=>"J" + "₀₁₂₃₄₅"[p.hi - k]).join("");
const print=(g,ls)=>{
const cells=g.querySelectorAll(".line"),sum=g.querySelector(".total");
for(let k=0;k<cells.length/2;k++){
put(cells[2*k],ls[k]?ls[k].join(" · "):"");
put(cells[2*k + 1],ls[k]?count(adds([ls[k]])):"");
}
put(sum,ls.length?count(adds(ls)):"");
sum.dataset.v=adds(ls);
};
const fresh=()=>dims.slice(1).map((_,k)=>({slot:k,hi:dims.length - 1 - k,lo:dims.length - 1 - k}));
const linesOf=(gaps)=>{
let ps=fresh();
return gaps.map((gap)=>{
const i=ps.findIndex((p,k)=>k>0&&p.hi===gap)- 1,line=pqr(ps,i);
ps=join(ps,i);
return line;
});
};
const around=()=>dims.slice(2).map((_,k)=>k + 1);
const ends=()=>[["forward",around()],["reverse",around().reverse()]];
const waiting=()=>!!scene.root.querySelector(".ask:not(.given)");
const place=(k)=>340 + 124*(k -(parts.length - 1)/2);
const draw=()=>{
const most=Math.max(...dims),side=(n)=>Math.max(6,84*Math.sqrt(n/most));
all(".matrix").forEach((g,slot)=>{
const k=parts.findIndex((p)=>p.slot===slot),p=parts[k];
show(g,p);
if(!p)return;
const rows=dims[p.hi],columns=dims[p.lo - 1],[title,shape]=g.querySelectorAll("text");
set(g,{transform:`translate(${place(k)} 82)`,class:`matrix${p.made ? " made" : ""}`});
const[w,h]=[side(columns),side(rows)];
set(g.firstElementChild,{x:-w/2,y:-h/2,width:w,height:h});
put(title,name(p));
put(shape,`${rows} × ${columns}`);
});
all("[data-gap]").forEach((e)=>{
const k=parts.findIndex((p,i)=>i>0&&p.hi===+e.dataset.gap),dot=e.tagName==="circle";
show(e,dot?k>0:+e.dataset.gap<dims.length - 1);
e.disabled=k<1||waiting();
if(k>0)dot?set(e,{cx:place(k - 0.5)}):put(e,`${name(parts[k - 1])} · ${name(parts[k])}`);
});
if(theirs.length&&!lines.length)return;
print(paper("own"),lines);
put(paper("own").querySelector(".complaint"),"");
};
const multiply=(gap)=>{
const i=parts.findIndex((p,k)=>k>0&&p.hi===gap)- 1;
if(i<0)return;
const[p,q,r]=pqr(parts,i);
past.push([parts,lines]);
lines=[...lines,[p,q,r]];
parts=join(parts,i);
draw();
scene.say(`${p} × ${q} times ${q} × ${r}: ${count(p * q * r)} multiply-adds. Till: ${count(adds(lines))}.`);
};
const begin=()=>{
parts=fresh();
[lines,past]=[[],[]];
draw();
};
const compare=()=>{
const[a,b]=["forward","reverse"].map((o)=>+paper(o).querySelector(".total").dataset.v);
if(ends().some(([o])=>paper(o).style.display!=="inline")||!(a>0&&b>0))return;
const ratio=+(Math.max(a,b)/Math.min(a,b)).toPrecision(3),end=a>b?"input":"output";
const words=a===b?"Both ends cost the same.":`From the ${end} it costs ${ratio} times as much.`;
scene.say(words + said);
scene.tell(words);
};
const run=(order,gaps)=>{
begin();
let k=0;
scene.run(()=>{
if(k<gaps.length){multiply(gaps[k]);k +=1;return true;}
if(order==="own")return false;
if(free)print(paper(order),lines);
show(paper(order),true);
if(order==="reverse")show(paper("shelf"),true);
compare();
return false;
},700);
};
const chain=(next,keep)=>{
dims=next;
if(!keep)["forward","reverse","shelf"].forEach((part)=>show(paper(part),false));
if(free)ends().forEach(([order])=>print(paper(order),[]));
all("[data-knob^=n]").forEach((e,k)=>{
e.parentNode.style.display=k<dims.length?"":"none";
if(k<dims.length){e.value=Math.log10(dims[k]);scene.name(e,`${dims[k]}`);}
});
const most=Math.max(...dims),words=paper("shelf").querySelectorAll(".line");
paper("shelf").querySelectorAll(".full").forEach((bar,k)=>{
const n=k<dims.length - 1?dims[k]:0;
set(bar,{display:n?"inline":"none",transform:`translate(0 400) scale(1 ${n && Math.max(6, 84 * Math.sqrt(n / most)) / 2})`});
put(words[k],n||"");
});
begin();
};
const width=(k)=>(e)=>chain(dims.map((n,i)=>(i===k?Math.round(10**e.value):n)));
const widths=Object.fromEntries(dims.concat(0,0,0).map((_,k)=>[`n${k}`,width(k)]));
const buttons=()=>all("button[data-gap]:enabled").filter((e)=>e.style.display!=="none");
scene.root.addEventListener("keydown",({key,target})=>{
const move={ArrowLeft:-1,ArrowRight:1}[key],k=buttons().indexOf(target);
if(move&&(k>=0||target===scene.root))buttons().at(k<0?0:(k + move)%buttons().length)?.focus();
});
let grip;
const wide=()=>680/scene.root.querySelector("svg").getBoundingClientRect().width;
scene.root.addEventListener("pointerdown",({target,clientX})=>{
const k=parts.findIndex((p)=>p.slot===all(".matrix").indexOf(target.closest(".matrix")));
if(k>=0&&!waiting())grip=[k,clientX,all(".matrix")[parts[k].slot]];
});
addEventListener("pointermove",({clientX})=>{
if(grip)set(grip[2],{transform:`translate(${place(grip[0]) + (clientX - grip[1]) * wide()} 82)`});
});
addEventListener("pointerup",({clientX})=>{
if(!grip)return;
const[k,from]=grip,far=(clientX - from)*wide(),right=parts[far>0?k + 1:k];
grip=undefined;
draw();
if(Math.abs(far)>40&&right)multiply(right.hi);
});
chain(dims,given);
return{
...widths,
gap:(e)=>{
if(waiting())return;
multiply(+e.dataset.gap);
if(e.disabled)(buttons()[0]??scene.root).focus();
},
forward:()=>run(...ends()[0]),
reverse:()=>run(...ends()[1]),
end:()=>{if(free)ends().forEach(([order,gaps])=>print(paper(order),linesOf(gaps)));},
own:()=>{begin();run("own",free?cheapest(parts)[1]:theirs);},
undo:()=>{if(past.length){[parts,lines]=past.pop();draw();scene.say(`Till: ${count(adds(lines))}.`);}},
again:begin,
chain:(e)=>chain(JSON.parse(e.value)),
rows:(e)=>chain([...dims.slice(0,-1),e.checked?10:1]),
answered:(answer)=>{
said=answer&&` You said ${answer}.`;
draw();
scene.say("Now multiply the whole chain from both ends, and compare the receipts.");
},
};
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

# --- The numbers of the two bills: orders of multiplication, and a receipt for each. Standard library only.

BILL_SLOTS = 5  # matrices at most; a receipt has one line less
BILL_ORDERS = (
    ("forward", "from the input", "forward_macs"),
    ("reverse", "from the output", "reverse_macs"),
    ("own", "your own order", "optimal_bracketing"),
)


class Receipt(NamedTuple):
    """What an order costs. products: (p, q, r) of each.  gaps: where each of them joins two matrices.

    total: that the caller gives, or None.  complaint: "", or why the total does not fit the products.
    """

    products: tuple = ()
    gaps: tuple = ()
    total: object = None
    complaint: str = ""


def bill_tree(order, layers):
    """The bracketing of an order: a layer from 0, or a pair of bracketings, the output's side first."""
    tree = 0 if order == "forward" else layers - 1
    for layer in range(1, layers):
        tree = (layer, tree) if order == "forward" else (tree, layers - 1 - layer)
    return tree


def bill_products(tree, dims):
    """The products ((p, q, r), gap) of a bracketing, the first one first, and its first and last layer.

    gap: the layer on whose output the two factors meet, from 1.
    """
    if isinstance(tree, int):
        return [], tree, tree
    left, right = tree
    above, middle, last = bill_products(left, dims)
    below, first, end = bill_products(right, dims)
    if middle != end + 1:
        raise ValueError("expected neighbours")
    return [*below, *above, ((dims[last + 1], dims[middle], dims[first]), middle)], first, last


def bill_receipt(tree, dims, total):
    """The receipt of a bracketing."""
    try:
        lines, first, last = bill_products(tree, dims)
    except (TypeError, ValueError, LookupError, RecursionError):
        return Receipt(total=total, complaint="" if total is None else "this is no order of the chain")
    if (first, last) != (0, len(dims) - 2):
        return Receipt(total=total, complaint="this is no order of the whole chain")
    adds = sum(p * q * r for (p, q, r), _ in lines)
    right = total is None or (getattr(total, "shape", ()) == () and not isinstance(total, str) and total == adds)
    complaint = "" if right else f"the lines add up to {bill_count(adds)}"
    return Receipt(tuple(pqr for pqr, _ in lines), tuple(gap for _, gap in lines), total, complaint)


def bill_choice(cheapest):
    """The pair (total, tree) that `optimal_bracketing` returned; anything else is a total without an order."""
    try:
        total, tree = cheapest
    except (TypeError, ValueError):
        return cheapest, None
    return total, tree


def bill_count(value):
    """A number as a receipt prints it, 668,672; anything else as its own text."""
    try:
        return f"{value:,}"[:16]
    except (TypeError, ValueError):
        return str(value)[:16]


def bill_name(layer):
    """J₁ for layer 0, and so on."""
    return "J" + "₁₂₃₄₅"[layer]


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


# --- The drawing of the two bills: a chain of matrices, a receipt for each order, and what waits in memory.

BILL_SIDE, BILL_LEAST, BILL_GAP = 84, 6, 40  # the side of the largest width, the least side, and a gap between matrices
BILL_WIDTH, BILL_MIDDLE, BILL_RECEIPT, BILL_SHELF = 680, 82, 164, 340  # where the parts of the picture stand


def bill_side(n, largest):
    """The side of a width: its square root, so that 1 and 784 fit one picture."""
    return max(BILL_LEAST, BILL_SIDE * (n / largest) ** 0.5)


def bill_places(count):
    """The middles of so many matrices, from the left."""
    pitch = BILL_SIDE + BILL_GAP
    return [BILL_WIDTH / 2 + pitch * (k - (count - 1) / 2) for k in range(count)]


def bill_drawing(dims, orders, ratio):
    """The chain, a receipt for each order, and below them what waits in memory. ratio: of the totals, in words."""
    layers = len(dims) - 1
    places = bill_places(layers)
    matrices = []
    for slot in range(BILL_SLOTS):
        layer = layers - 1 - slot
        shape = (dims[layer + 1], dims[layer]) if layer >= 0 else (1, 1)
        matrices.append(bill_matrix(places[slot] if layer >= 0 else 0, shape, max(dims), layer))
    stripe = tag("path", d="M0 6L6 0", class_="stripe")
    hatch = tag("pattern", stripe, id="bill-hatch", width=6, height=6, patternUnits="userSpaceOnUse")
    return tag(
        "svg",
        tag("defs", hatch),
        text(10, 14, "← output", class_="small"),
        text(BILL_WIDTH - 10, 14, "input →", class_="small", text_anchor="end"),
        *matrices,
        *(bill_gap(slot, places, layers) for slot in range(BILL_SLOTS - 1)),
        text(8, BILL_RECEIPT - 6, ratio, class_="strong"),
        *(bill_paper(number, receipt) for number, receipt in enumerate(orders)),
        bill_shelf(dims),
        viewBox=f"0 0 {BILL_WIDTH} {BILL_SHELF + 84}",
    )


def bill_matrix(x, shape, largest, layer):
    """One matrix: a rectangle, its name above and its shape below."""
    rows, columns = shape
    wide, tall = bill_side(columns, largest), bill_side(rows, largest)
    return tag(
        "g",
        tag("rect", x=-wide / 2, y=-tall / 2, width=wide, height=tall, class_="mat"),
        text(0, -48, bill_name(layer) if layer >= 0 else "", class_="strong", text_anchor="middle"),
        text(0, 60, f"{rows} × {columns}", class_="small", text_anchor="middle"),
        transform=f"translate({x:.1f} {BILL_MIDDLE})",
        class_="matrix",
        display=None if layer >= 0 else "none",
    )


def bill_gap(slot, places, layers):
    """The dot between a matrix and its right neighbour: a press multiplies the two."""
    used = slot < layers - 1
    return tag(
        "circle",
        cx=(places[slot] + places[slot + 1]) / 2 if used else 0,
        cy=BILL_MIDDLE,
        r=7,
        class_="gap",
        data_do="gap",
        data_gap=layers - 1 - slot,
        display=None if used else "none",
    )


def bill_paper(number, receipt):
    """One receipt: a line for each product, the total, and whether the two agree."""
    left, width, bottom = 8 + 224 * number, 216, BILL_RECEIPT + 134
    order, title, _ = BILL_ORDERS[number]
    end = {"x": left + width - 8, "text_anchor": "end"}
    lines = []
    for row in range(BILL_SLOTS - 1):
        pqr = receipt.products[row] if row < len(receipt.products) else ()
        y = BILL_RECEIPT + 44 + 20 * row
        adds = bill_count(pqr[0] * pqr[1] * pqr[2]) if pqr else ""
        lines += [
            text(left + 8, y, " · ".join(map(str, pqr)), class_="small line"),
            text(y=y, words=adds, class_="small line", **end),
        ]
    total = "" if receipt.total is None else ("✗ " if receipt.complaint else "") + bill_count(receipt.total)
    return tag(
        "g",
        tag("rect", x=left, y=BILL_RECEIPT, width=width, height=168, class_="paper"),
        text(left + 8, BILL_RECEIPT + 20, title, class_="strong"),
        *lines,
        tag("path", d=f"M{left + 8} {bottom - 18}h{width - 16}", class_="thin"),
        text(left + 8, bottom, "total", class_="small"),
        text(y=bottom, words=total, class_="total", **end),
        text(left + 8, bottom + 22, receipt.complaint, class_="small complaint"),
        data_part=order,
    )


def bill_shelf(dims):
    """What waits in memory: from the output every layer's input, from the input only what is in hand."""
    bars = []
    for layer in range(BILL_SLOTS):
        used = layer < len(dims) - 1
        high = bill_side(dims[layer], max(dims)) / 2 if used else 1
        x = 250 + 60 * layer
        bars += [
            tag(
                "rect",
                x=x,
                y=-1,
                width=16,
                height=1,
                transform=f"translate(0 {BILL_SHELF + 60}) scale(1 {high:.1f})",
                class_="full",
                display=None if used else "none",
            ),
            text(x + 8, BILL_SHELF + 76, dims[layer] if used else "", class_="small line", text_anchor="middle"),
        ]
    return tag(
        "g",
        text(8, BILL_SHELF + 22, "memory, from the output:", class_="strong"),
        text(8, BILL_SHELF + 42, "every layer's input waits", class_="small"),
        text(8, BILL_SHELF + 60, "until the way back needs it", class_="small"),
        tag("path", d=f"M240 {BILL_SHELF + 60}h300", class_="thin"),
        *bars,
        data_part="shelf",
    )


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


# --- Posters of the two bills and of the tape, to be filled by pencil. They need no code of the student's.

@poster_named("two_bills")
def bill_poster():
    """Both orders of a small chain, with lines in place of the numbers."""
    dims = (3, 4, 5, 2)
    rows = [bill_stairs(dims, "forward", 40), bill_stairs(dims, "reverse", 230)]
    says = (
        "Two ways to multiply three matrices of 4 × 3, 5 × 4 and 2 × 5 numbers. The upper one begins at the input, the "
        "lower one at the output. Write the shape of each product into its box, and its cost below."
    )
    svg = tag("svg", *rows, viewBox=f"0 0 {BILL_WIDTH} 410")
    return Scene("two_bills", "Fill in by pencil: the two bills", svg, says)


def bill_stairs(dims, order, top):
    """One order: each product as two factors and an empty box."""
    layers = len(dims) - 1
    names = [bill_name(layer) for layer in range(layers)]
    shapes = [f"{dims[layer + 1]} × {dims[layer]}" for layer in range(layers)]
    forward = order == "forward"
    first, rest = (0, range(1, layers)) if forward else (layers - 1, range(layers - 2, -1, -1))
    drawn, running = [], (names[first], shapes[first])
    for step, layer in enumerate(rest):
        other = names[layer], shapes[layer]
        left, right = (other, running) if forward else (running, other)
        x = 20 + 330 * step
        drawn += [bill_box(x, top + 24, *left), bill_box(x + 104, top + 24, *right)]
        drawn += [bill_box(x + 208, top + 24, left[0] + right[0], "")]
        drawn += [text(x + 92, top + 64, "·"), text(x + 194, top + 64, "=")]
        drawn += [
            text(x, top + 124, "p · q · r =", class_="small"),
            tag("path", d=f"M{x + 84} {top + 126}h200", class_="thin"),
        ]
        running = left[0] + right[0], ""
    title = f"{BILL_ORDERS[0 if forward else 1][1]}: total ="
    return text(20, top, title, class_="strong") + tag("path", d=f"M250 {top + 3}h150", class_="thin") + "".join(drawn)


def bill_box(x, y, name, shape):
    """A matrix of a poster; without a shape there is a line to write it on."""
    line = "" if shape else tag("path", d=f"M{x + 12} {y + 62}h60", class_="thin")
    box = tag("rect", x=x, y=y, width=84, height=72, class_="box-line" if shape else "paper")
    words = text(x + 42, y + 28, name, text_anchor="middle")
    return box + words + text(x + 42, y + 58, shape, class_="small", text_anchor="middle") + line


@poster_named("tape")
def tape_poster():
    """A walk to the output with a tape for the inputs of the layers, and the way back, with lines to write on."""
    says = (
        "Three layers in a row. The upper row goes to the output: below each layer is a box of the tape, where the "
        "layer's own input is kept. The lower row comes back from u and reads the tape. Write the numbers in."
    )
    drawn = [text(20, 24, "to the output: keep each layer's input on the tape", class_="strong")]
    drawn += [text(20, 384, "and back: each layer reads its own box", class_="strong")]
    for k in range(4):
        x = 20 + 180 * k
        value = ("x = (1, 2)", "", "", "y =")[k]
        drawn.append(tape_slot(x, 44, value, k > 0))
        drawn.append(tape_slot(x, 310, "u = (1, 1)" if k == 3 else "", k < 3))
        if k < 3:
            drawn += [
                text(x + 127, 50, f"layer {k + 1}", class_="small", text_anchor="middle"),
                tag("path", d=f"M{x + 108} 66h44l-7-5m7 5l-7 5", class_="net"),
                tag("path", d=f"M{x + 42} 90v60m-5-7l5 7l5-7", class_="net"),
                tape_slot(x, 156, f"tape {k + 1}:", True),
                tag("path", d=f"M{x + 42} 202c0 60 86 30 86 112m-5-7l5 7l5-7", class_="back"),
                tag("path", d=f"M{x + 152} 332h-44l7-5m-7 5l7 5", class_="back"),
                text(x + 130, 352, f"J{'₁₂₃'[k]}", class_="small", text_anchor="middle"),
            ]
    return Scene("tape", "Fill in by pencil: the tape", tag("svg", *drawn, viewBox=f"0 0 {BILL_WIDTH} 394"), says)


def tape_slot(x, y, words, empty):
    """A box of the tape poster, with a line to write on if it is empty."""
    box = tag("rect", x=x, y=y, width=100, height=44, class_="box-line")
    return (
        box
        + text(x + 6, y + 18, words, class_="small")
        + (tag("path", d=f"M{x + 10} {y + 37}h80", class_="thin") if empty else "")
    )


# --- Scene S5, the two bills: a chain of matrices is multiplied in several orders, and each order has a receipt.

BILL_CHAIN = (784, 512, 512, 10, 1)
BILL_CHAINS = (BILL_CHAIN, (6, 1000, 2, 5), (100, 100, 2, 100, 100), (3, 4, 5, 2))
BILL_QUESTION = Prediction(
    "A cost stands at the left end, 784 inputs at the right. How many times as much does the whole product cost if "
    "you begin at the input?",
    ("2 times", "10 times", "300 times"),
)


def bills(dims=BILL_CHAIN, forward=None, reverse=None, cheapest=None, guess=None, free=False):
    """A chain of matrices, and what its product costs in both orders.

    dims: 3 to 6 widths, the input's first.  forward, reverse: the totals that you computed.
    cheapest: your (total, tree) of the cheapest order.  guess: how many times dearer you said that the dearer one is.
    free: the reader first predicts, and may then change the chain.
    """
    dims = tuple(int(n) for n in dims)
    if not 3 <= len(dims) <= BILL_SLOTS + 1 or min(dims) < 1:
        raise ValueError(f"dims: expected 3 to {BILL_SLOTS + 1} widths of at least 1, got {dims}.")
    layers = len(dims) - 1
    total, tree = bill_choice(cheapest)
    orders = [
        bill_receipt(bill_tree("forward", layers), dims, forward),
        bill_receipt(bill_tree("reverse", layers), dims, reverse),
        bill_receipt(tree, dims, total),
    ]
    given = not free and (forward, reverse) != (None, None)  # then the receipts are there from the start
    return Scene(
        name="bills",
        title="The two bills",
        svg=bill_drawing(dims, orders, "" if free else bill_ratio(orders, guess)),
        says=bill_words(dims, orders, guess),
        table=bill_table(orders),
        controls=bill_controls(dims, free, free or bool(orders[2].products)),
        asks=(BILL_QUESTION,) if free else (),
        facts={"dims": dims, "free": free, "cheapest": orders[2].gaps, "given": given},
        spoilers=tuple(bill_count(order.total) for order in orders[:2] if order.total is not None),
    )


# --- Words and controls ----------------------------------------------------------------------------


def bill_words(dims, orders, guess):
    """The picture in words, from its numbers."""
    layers = len(dims) - 1
    parts = [f"A chain of {layers} matrices. Its widths, from the input to the output: {', '.join(map(str, dims))}."]
    for receipt, (_, title, function) in zip(orders, BILL_ORDERS, strict=True):
        if receipt.products:
            lines = ", then ".join(f"{p} × {q} × {r} = {p * q * r:,}" for p, q, r in receipt.products)
            parts.append(f"{title.capitalize()}: {lines}.")
        if receipt.complaint:
            parts.append(f"Your {function} says {bill_count(receipt.total)}, but {receipt.complaint}.")
        elif receipt.total is not None:
            parts.append(f"Total: {bill_count(receipt.total)} multiply-adds.")
    return " ".join([*parts, bill_ratio(orders, guess)]).strip()


def bill_ratio(orders, guess):
    """How the two totals compare, and the reader's guess beside it; nothing if one of them is wrong."""
    totals = [order.total for order in orders[:2] if not order.complaint and order.total]
    if len(totals) < 2:
        return ""
    forward, reverse = totals
    ratio = f"{max(totals) / min(totals):.3g}"
    if guess is None and forward == reverse:
        return "Both ends cost the same."
    if guess is None:
        return f"The dearer order costs {ratio} times as much as the other."
    return f"You said {bill_count(guess)} times; it is {ratio} times."


def bill_table(orders):
    """All products and totals."""
    rows = []
    for receipt, (_, title, _) in zip(orders, BILL_ORDERS, strict=True):
        rows += [(title, f"{p} × {q} × {r}", f"{p * q * r:,}") for p, q, r in receipt.products]
        rows += [(title, "total", bill_count(receipt.total))] if receipt.total is not None else []
    return Table(("order", "product", "multiply-adds"), tuple(rows))


def bill_controls(dims, free, best):
    """The buttons of the gaps and of the orders; for a free chain its widths, too."""
    pairs = range(BILL_SLOTS - 1 if free else len(dims) - 2, 0, -1)
    gaps = [
        tag("button", f"{bill_name(gap)} · {bill_name(gap - 1)}", type="button", data_do="gap", data_gap=gap)
        for gap in pairs
    ]
    orders = [button("all from the input", do="forward"), button("all from the output", do="reverse")]
    orders += [button("cheapest", do="own")] if best else []
    orders += [button("undo", do="undo", keys="u"), button("start again", do="again")]
    return tag("div", "multiply ", *gaps) + tag("div", *orders) + (bill_widths(dims) if free else "")


def bill_widths(dims):
    """A choice of chains, a switch for the last matrix, and a slider for each width."""
    chains = [tag("option", ", ".join(map(str, chain)), value=str(list(chain))) for chain in BILL_CHAINS]
    choice = tag("label", "widths ", tag("select", *chains, data_knob="chain"))
    rows = tag("label", tag("input", type="checkbox", data_knob="rows"), " ten outputs in place of one cost")
    widths = [dims[k] if k < len(dims) else 1 for k in range(BILL_SLOTS + 1)]
    sliders = [
        slider(f"n{'₀₁₂₃₄₅'[k]}", f"n{k}", 0, 3, 0.05, round(math.log10(n), 2), str(n)) for k, n in enumerate(widths)
    ]
    return tag("div", choice, rows) + tag("div", *sliders)

