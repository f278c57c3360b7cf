"""The drawings of this assignment, and the words that say what they show. They need nothing but Python.

This file is made from the course's own modules. Nothing in it is graded, and you need not read it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from html import escape
from itertools import chain, islice
from itertools import groupby
from itertools import islice
from itertools import pairwise
from typing import NamedTuple
import json
import math

FILES = {
    "climber.js": r'''movers.climber=(scene)=>{
const k=scene.facts,{part}=scene;
const[height,slope]=range(k.hills);
const across=(w)=>k.left + k.unit*Math.min(Math.max(w,0),10);
const top=(w)=>k.summits.findIndex((s)=>Math.abs(w - s)<0.05);
let{start,rate}=k,path,t;
const given=k.path?.map(Number);
const say=()=>{
const w=path[t],g=slope(w),out=Number.isNaN(w)?2:w<0||w>10?1:0;
const feel=k.feels[1 +(g>k.gentle)-(g<-k.gentle)];
scene.say(fill(k.says[out],{t,w:label(w),h:label(height(w)),feel,g:label(g)}));
};
const draw=()=>{
const shown=path.slice(0,t + 1),real=shown.filter((w)=>!Number.isNaN(w)),w=real.at(-1);
const wide=(10*k.unit)/Math.max(60,path.length - 1);
const point=(x,i)=>(Number.isNaN(x)?"":`${k.left + wide * i},${k.base - k.rise * height(x)}`);
set(part("prints"),{d:real.map((x)=>`M${across(x)} ${k.floor + 54}h0`).join(""),"data-v":real.join(" ")});
set(part("graph"),{points:shown.map(point).join(" ")});
if(w===undefined)return;
const g=slope(w),x=across(w);
set(part("feet"),{transform:`translate(${x} ${k.floor - k.tall * height(w)})`,"data-v":w});
set(part("window"),{transform:`translate(${x})`});
set(part("plank"),{transform:`rotate(${degrees(k.tall * g, k.unit)})`});
set(part("slope"),{"data-v":g});
part("slope").textContent=w<0||w>10?`at w = ${label(w)}`:`slope ${label(g)}`;
scene.toward(x);
};
const begin=()=>{
path=given??walk(start,rate,slope,k);
t=0;
draw();
};
const done=(goal)=>{
const item=scene.root.querySelector(`[data-goal="${goal}"]`);
if(item&&!item.classList.contains("done")){item.classList.add("done");item.append(` ✓ ${item.dataset.then}`);}
};
const judge=()=>{
const steps=path.slice(1).map((w,i)=>Math.abs(w - path[i])),most=Math.max(...steps),end=path.at(-1);
const first=k.starts.indexOf(path[0]);
if(top(end)>=0)done("top");
if(steps[0]<most/2&&steps.at(-1)<most/2)done("short");
if(top(end)<0&&Math.abs(end - path[0])<0.02)done("level");
if(steps.at(-1)>0.1)done("hops");
if(path[0]===k.start)scene.tell(`She is at ${label(end)} after ${t} steps with rate ${label(rate)}.`);
if(first>=0&&part(`start${first}`))part(`start${first}`).textContent=top(end)<0?"–":top(end)+ 1;
if(k.starts.every((_,i)=>part(`start${i}`)?.textContent))done("starts");
};
const step=()=>{
if(t>=path.length - 1)return false;
t +=1;
draw();
if(t===path.length - 1)judge();
return t<path.length - 1;
};
const feel=(on)=>scene.root.classList.toggle("feels",on);
const flag=(w)=>{
set(part("flag"),{transform:`translate(${across(+w)})`,visibility:"visible"});
part("said").textContent=`you said ${label(+w)}`;
};
scene.root.classList.toggle("fogged",!given);
begin();
return{
feel:()=>{feel();say();},
next:()=>{feel(true);step();say();},
walk:()=>{feel(true);scene.run(()=>step()||(say(),false));},
end:()=>{feel(true);t=path.length - 1;draw();},
again:()=>{begin();say();},
fog:(button)=>button.setAttribute("aria-pressed",String(scene.root.classList.toggle("fogged"))),
rate:(knob)=>{rate=k.rates[knob.value];scene.name(knob,label(rate));begin();},
start:(knob)=>{start=+knob.value;scene.name(knob,label(start));begin();},
somewhere:()=>{
start=k.starts[(k.starts.indexOf(start)+ 1)%k.starts.length];
const knob=scene.root.querySelector("[data-knob=start]");
knob.value=start;
scene.name(knob,label(start));
begin();
say();
},
pointed:(x)=>{
const field=scene.root.querySelector(".ask input"),w=Math.min(Math.max((x - k.left)/k.unit,0),10);
if(!field)return;
field.value=w.toFixed(1);
flag(field.value);
},
answered:(answer)=>{if(answer!=="")flag(answer);},
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
    "rope.js": r'''movers.rope=(scene)=>{
const k=scene.facts,{part}=scene,[left,top,wide,tall]=k.box;
const[height,rise]=range(k.hills);
const curves={
range:[(w)=>-height(w),(w)=>-rise(w)],
bowl:[(w)=>w*w,(w)=>2*w],
bump:[(w)=>1 - 1/(1 + w*w),(w)=>2*(w/(1 + w*w)/(1 + w*w))],
vee:[Math.abs,Math.sign],
well:[(w)=>-Math.exp(-w*w),(w)=>2*w*Math.exp(-w*w)],
};
const cut=(share,low,high)=>Math.min(Math.max(share,low),high);
let{curve,a,b,start,rate}=k,path,t;
const across=(w)=>left + wide*cut((w - k.curves[curve][0])/(k.curves[curve][1]- k.curves[curve][0]),-0.1,1.1);
const down=(j)=>top + tall*cut((k.curves[curve][3]- j)/(k.curves[curve][3]- k.curves[curve][2]),-3,3);
const at=(w)=>[across(w),down(curves[curve][0](w))];
const sayRope=()=>{
const cost=curves[curve][0],parts=[...Array(k.parts - 1).keys()].map((i)=>(i + 1)/k.parts);
const gaps=parts.map((s)=>cost(a + s*(b - a))-(cost(a)+ s*(cost(b)- cost(a))));
const gap=Math.max(...gaps),place=a + parts[gaps.indexOf(gap)]*(b - a);
const kind=a===b?2:gap>1e-9?0:1;
const words=fill(k.says[kind],{a:label(a),b:label(b),gap:label(gap),place:label(place)});
scene.say(words);
if(curve===k.curve&&kind===0)scene.tell(words);
};
const drawRope=()=>{
set(part("whole"),{visibility:a===null||b===null?"hidden":"visible"});
if(a===null||b===null)return;
const[x1,y1]=at(a),[x2,y2]=at(b);
set(part("rope"),{d:`M${x1} ${y1}L${x2} ${y2}`});
set(part("end-a"),{cx:x1,cy:y1,"data-v":a});
set(part("end-b"),{cx:x2,cy:y2,"data-v":b});
set(part("above"),{points:`${x1},${y1} ${x2},${y2} ${x2},-900 ${x1},-900`});
};
const drawBall=()=>{
const w=path[t],[x,y]=at(w),tilt=curves[curve][1](w)*(down(0)- down(1));
set(part("ball"),{transform:`translate(${x} ${y})`,"data-v":w});
set(part("tangent"),{transform:`rotate(${degrees(tilt, across(1) - across(0))})`});
const shown=path.slice(0,t + 1);
set(part("trail"),{d:shown.map((v)=>`M${across(v)} 352h0`).join(""),"data-v":shown.join(" ")});
scene.toward(x);
};
const sayBall=()=>{
const w=path[t],[h,g]=curves[curve].map((f)=>label(f(w)));
scene.say(fill(k.ball,{t,w:label(w),h,g}));
};
const begin=()=>{
const slope=curves[curve][1];
path=walk(start,rate,(w)=>-slope(w),k);
t=0;
drawBall();
};
const step=()=>{t=Math.min(t + 1,path.length - 1);drawBall();return t<path.length - 1;};
const knobs=(name)=>scene.root.querySelector(`[data-knob="${name}"]`);
const choose=(name)=>{
curve=name;
const[low,high]=k.curves[curve];
[[a,b],start]=[k.safe[curve],curve==="range"?8.7:-2.5];
for(const[knob,value]of Object.entries({a,b,ball:start})){
set(knobs(knob),{min:low,max:high});
knobs(knob).value=value;
scene.name(knobs(knob),label(value));
}
for(const name of["area","graph"])set(part(name),{href:`#rope-${curve}`});
for(let i=0;i<5;i++)part(`tick${i}`).textContent=label(low +((high - low)*i)/4);
drawRope();
begin();
sayRope();
};
const drop=(knob)=>{start=+knob.value;scene.name(knob,label(start));begin();sayBall();};
const end=(put)=>(knob)=>{
put(+knob.value);
scene.name(knob,label(+knob.value));
drawRope();
if(a!==null&&b!==null)sayRope();
};
drawRope();
begin();
return{
curve:(knob)=>choose(knob.value),
a:end((w)=>{a=w;}),
b:end((w)=>{b=w;}),
ball:drop,
pointed:(x)=>{
const knob=knobs("ball"),[low,high]=k.curves[curve];
if(knob.disabled)return;
knob.value=low +((x - left)/wide)*(high - low);
drop(knob);
},
rate:(knob)=>{rate=k.rates[knob.value];scene.name(knob,label(rate));begin();},
next:()=>{step();sayBall();},
roll:()=>scene.run(()=>step()||(sayBall(),false),60),
end:()=>{
choose(k.curve);
({start,rate}=k);
[a,b]=k.drawn;
drawRope();
begin();
t=path.length - 1;
drawBall();
},
flip:(button)=>{
const flipped=button.getAttribute("aria-pressed")==="false";
button.setAttribute("aria-pressed",String(flipped));
set(part("flip"),{transform:flipped?`matrix(1 0 0 -1 0 ${2 * top + tall})`:""});
scene.say(flipped?"Upside down: the ball climbs a height. The walk is the same.":"The ball rolls down a cost.");
},
};
};
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
    "terrain.js": r'''const range=(hills)=>[(x,h,d,e)=>h*e,(x,h,d,e)=>((-2*x)/d/d)*h*e].map((f)=>(w)=>
Math.abs(w)>1e6?0:hills.reduce((sum,[c,h,d])=>sum + f(w - c,h,d,Math.exp(-(((w - c)/d)**2))),0));
const walk=(start,rate,climb,k)=>{
const path=[start];
while(path.length<=k.most&&Math.abs(climb(path.at(-1)))>k.level)path.push(path.at(-1)+ rate*climb(path.at(-1)));
return path;
};
const degrees=(up,along)=>(Math.atan2(-up,along)*180)/Math.PI;
''',
}

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


# --- The ground of the climber's scenes: curves of one coordinate, their slopes, and walks on them.

# The range of assignment 1: centre, height and width of each hill. `climbing.mountain` has the same numbers.
HILLS = ((1.4, 1.7, 0.8), (3.6, 2.2, 0.75), (5.7, 3.4, 0.9), (8.0, 1.6, 0.65))
SUMMITS = (1.401, 3.609, 5.699, 7.996)  # where the range is highest near by, to 0.001
LEVEL = 1e-6  # a walk stops where the slope is at most this
MOST_STEPS = 60
MOST_ROWS = 251  # of a path that is drawn


def height(w):
    """The height of the range at w; 0 far away, NaN where w is not a number."""
    return sum(tall * _bell(w, centre, wide) for centre, tall, wide in HILLS)


def slope(w):
    """The derivative of `height` at w."""
    if abs(w) > 1e6:
        return 0.0  # further out infinity times 0 would be NaN
    return sum(-2 * (w - centre) / wide / wide * tall * _bell(w, centre, wide) for centre, tall, wide in HILLS)


def _bell(w, centre, wide):
    far = (w - centre) / wide
    return math.exp(-far * far)  # far * far overflows to infinity; far**2 would raise


def rate_limit(summit):
    """The largest rate with which a walk still settles on this summit: 2 / (its curvature)."""
    step = 1e-4
    return 2 / abs((slope(summit + step) - slope(summit - step)) / (2 * step))


def walk(start, rate, steps=MOST_STEPS, climb=slope):
    """The places of a climb: at most `steps` steps, and none where the ground is level.

    climb: a function of w, the slope to go up. Give minus the derivative of a cost to go down.
    """
    path = [start]
    while len(path) <= steps and abs(climb(path[-1])) > LEVEL:
        path.append(path[-1] + rate * climb(path[-1]))
    return path


def arrived(w):
    """The row of the summit on which a walk that ended at w stands; None if it stands on no summit."""
    return next((row for row, top in enumerate(SUMMITS) if abs(w - top) < 0.05), None)


def numbers(values):
    """The first number of each row of a list or an array; NaN for a row without one; [] for no list."""
    try:
        return [number(value) for value in islice(values, MOST_ROWS)]
    except TypeError:
        return []


def number(value):
    """A number, or the first number of a nested list or array, as a float; NaN for anything else."""
    try:
        for _ in range(3):
            value = value[0] if hasattr(value, "__len__") and not isinstance(value, str) else value
        return float(value)
    except (TypeError, ValueError, LookupError, OverflowError):
        return math.nan


class Curve(NamedTuple):
    """A cost of one coordinate w, its derivative, and the part of it that is drawn.

    name: for a person.  left, right: the drawn part of w.  low, high: the drawn part of the cost.
    """

    name: str
    left: float
    right: float
    low: float
    high: float
    cost: Callable
    slope: Callable


CURVES = {
    "range": Curve("the range, upside down", 0, 10, -3.8, 0.4, lambda w: -height(w), lambda w: -slope(w)),
    "bowl": Curve("w²", -4, 4, -1, 11, lambda w: w * w, lambda w: 2 * w),
    "bump": Curve(
        "w²/(1 + w²)", -4, 4, -0.1, 1.1, lambda w: 1 - 1 / (1 + w * w), lambda w: 2 * (w / (1 + w * w) / (1 + w * w))
    ),
    "vee": Curve("|w|", -4, 4, -0.5, 4.5, abs, lambda w: (w > 0) - (w < 0)),
    "well": Curve("−exp(−w²)", -4, 4, -1.1, 0.1, lambda w: -math.exp(-w * w), lambda w: 2 * w * math.exp(-w * w)),
}
PARTS = 200  # of a rope, at which the graph is compared with it


def highest_above(cost, a, b):
    """(place, gap): where the graph of a cost is highest above its rope from a to b; gap <= 0 if it is nowhere."""
    first, last = cost(a), cost(b)
    parts = [k / PARTS for k in range(1, PARTS)]
    gaps = [(cost(a + t * (b - a)) - (first + t * (last - first)), a + t * (b - a)) for t in parts]
    gap, place = max(gaps)
    return place, gap


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


# --- The climber's walk in words and as a table: one sentence a step, and what kind of place she ended on.

FEELS = ("rises to the left", "is level", "rises to the right")
GENTLE = 5e-4  # a slope that feet call level


SAYS = (
    "Step {t}. You stand at {w}, height {h}. The ground {feel}, slope {g}.",
    "Step {t}. You stand at {w}, outside the picture.",
    "Step {t} is not a number (NaN): it is no place.",
)


def feel(g):
    """What feet say about a slope."""
    return FEELS[1 + (g > GENTLE) - (g < -GENTLE)]


def say_slope(w):
    """What stands above her head: the slope, or the place if it lies outside the picture."""
    return f"slope {label(slope(w))}" if 0 <= w <= 10 else f"at w = {label(w)}"


def say_step(t, w):
    """One step in words."""
    kind = 2 if math.isnan(w) else 0 if 0 <= w <= 10 else 1
    g = slope(w)
    return SAYS[kind].format(t=t, w=label(w), h=label(height(w)), feel=feel(g), g=label(g))


def rows_of_walk(places):
    """The table: each step with its place, its height and its slope. A long walk is cut, and its end kept."""
    rows = [(str(t), label(w), label(height(w)), label(slope(w))) for t, w in enumerate(places)]
    return tuple(rows if len(rows) <= 62 else [*rows[:60], ("…",) * 4, rows[-1]])


def say_walk(places, guess, longest):
    """The walk in words, from its numbers."""
    if not places:
        return "There is no path to draw: expected a list of places, one a step. The range is empty."
    parts = [_says_end(places), _says_longest(places, longest)]
    if not math.isnan(guess):
        parts.insert(1, f"You said that she stops at {label(guess)}.")
    return " ".join(part for part in parts if part)


def _says_end(places):
    """Where the walk begins, and what kind of place it ends on."""
    first, last, steps = places[0], places[-1], len(places) - 1
    walked = f"She starts at {label(first)} and stands at {label(last)} after {steps} step{'s' * (steps != 1)}"
    broken = next((t for t, w in enumerate(places) if math.isnan(w)), None)
    if broken is not None:
        return f"{walked}. Step {broken} is not a number (NaN)."
    if not 0 <= last <= 10:
        return f"{walked}, outside the range of 0 to 10."
    top = arrived(last)
    if top is None:
        level = "level ground that is no summit" if abs(slope(last)) < 0.01 else f"a slope of {label(slope(last))}"
        return f"{walked}, on {level}."
    high = "the highest of the four" if height(SUMMITS[top]) == max(map(height, SUMMITS)) else "not the highest"
    return f"{walked}, on summit {top + 1} of 4, {high}."


def _says_longest(places, longest):
    """Which step is the longest, and the reader's guess beside it."""
    lengths = [0.0 if math.isnan(b - a) else abs(b - a) for a, b in pairwise(places)]
    if not lengths or max(lengths) == 0:
        return ""
    step = lengths.index(max(lengths)) + 1
    said = "" if math.isnan(longest) else f" You said step {label(longest)}."
    return f"The longest step is step {step}, {label(max(lengths))}.{said}"


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


# --- Scene S1, the blindfolded climber: a walk on the range of assignment 1, and the poster of her two feet.

WALK_WIDE = 720  # of the drawing
LEFT, UNIT = 60, 60  # where w = 0 lies, and one unit of w; in units of the drawing
FLOOR, TALL = 236, 48  # where height 0 lies, and one unit of height
SEES = 0.35  # how far her feet feel to each side, in units of w
BASE, RISE = 432, 20  # the same two for the small graph of heights, one step after the other
CLIMBER_QUESTION = Prediction(
    "She starts at 8.7. Where will she stop? Click on the picture, or write a number from 0 to 10."
)
STARTS = (0.4, 1.2, 2.2, 2.9, 4.3, 5.0, 6.4, 7.2, 8.7, 10.0)
RATES = (0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.24, 0.26, 0.3, 0.4, 0.5)
GOALS = (
    ("top", "End on a summit.", "She cannot know whether it is the highest. Take off the blindfold."),
    ("short", "Make a walk whose first and last steps are short.", "Short steps alone do not mean that she arrived."),
    ("level", "Find level ground that is no summit.", "Her feet cannot tell it from a summit."),
    (
        "hops",
        "Find a rate with which she never settles.",
        "Each summit has a largest rate. It is small where the summit is sharp.",
    ),
    ("starts", "Walk from all ten starts.", "Where she starts decides where she stops."),
)


OWN = "own"  # the scene walks by itself; None is what a function gives that is not written yet


def climber(path=OWN, *, rate=0.05, start=8.7, guess=None, longest=None):
    """A walk on the range.

    path: the places of a walk, (T+1, 1) or a list; without one the scene walks by itself from `start` with
    `rate`.  guess: where the reader said that she stops.  longest: the step that the reader said is the longest.
    """
    live = isinstance(path, str) and path == OWN
    places = walk(start, rate) if live else numbers(path)
    guess, longest = number(guess), number(longest)
    return Scene(
        name="climber",
        title="The blindfolded climber",
        svg=_climber_svg(places, guess, live),
        says=say_walk(places, guess, longest),
        steps=tuple(say_step(t, w) for t, w in enumerate(places)),
        table=Table(("step", "w", "height", "slope"), rows_of_walk(places)),
        controls=_climber_controls(live, rate, start),
        asks=(CLIMBER_QUESTION,) if live else (),
        facts=_climber_facts(None if live else places, rate, start),
        spoilers=("7.996", "8.0", "not the highest"),
        aim=next((across(w) / WALK_WIDE for w in reversed(places) if not math.isnan(w)), 0.0),
    )


def _climber_controls(live, rate, start):
    """Buttons and sliders. A student's own path has no rate and no start to choose."""
    buttons = (
        button("Feel", do="feel", keys="Space"),
        button("Step", do="next", keys="ArrowRight"),
        button("Walk", do="walk", keys="Shift+ArrowRight"),
        button("Back to the start", do="again"),
        button("Blindfold", do="fog", keys="b B", pressed="true" if live else "false"),
    )
    if not live:
        return "".join(buttons)
    chosen = min(range(len(RATES)), key=lambda k: abs(RATES[k] - rate))
    sliders = (
        slider("rate", "rate", 0, len(RATES) - 1, 1, chosen, label(RATES[chosen])),
        slider("start", "start", 0, 10, 0.1, start, label(start)),
        button("Start somewhere", do="somewhere"),
    )
    goals = (tag("li", escape(words), data_goal=key, data_then=then) for key, words, then in GOALS)
    return "".join(buttons + sliders) + tag("ul", *goals)


def _climber_facts(path, rate, start):
    """The numbers that the player needs to walk, and where they lie in the drawing."""
    places = {"left": LEFT, "unit": UNIT, "floor": FLOOR, "tall": TALL, "base": BASE, "rise": RISE}
    words = {"says": SAYS, "feels": FEELS, "gentle": GENTLE, "level": LEVEL, "most": MOST_STEPS}
    shown = None if path is None else [w if math.isfinite(w) else _WORDS.get(w, "NaN") for w in path]
    ground = {"hills": HILLS, "summits": SUMMITS, "starts": STARTS, "rates": RATES}
    return {**places, **words, **ground, "path": shown, "steps": (), "rate": rate, "start": start}


_WORDS = {math.inf: "Infinity", -math.inf: "-Infinity"}  # JSON has no such numbers; JavaScript reads these words


def across(w):
    """Where w lies in the drawing, from the left; places outside the range lie at its ends."""
    return LEFT + UNIT * min(max(w, 0.0), 10.0)


def up(level):
    """Where a height lies in the drawing, from the top."""
    return FLOOR - TALL * level


def range_line():
    """The range as the `d` of a path, one point each 0.1 of w."""
    return "M" + "L".join(f"{across(k / 10):.0f} {up(height(k / 10)):.1f}" for k in range(101))


def axis(y):
    """The numbers 0 to 10 below the range."""
    return "".join(small(across(w), y, w) for w in range(11))


def _climber_svg(places, guess, live):
    drawn = [w for w in places if not math.isnan(w)]
    return tag(
        "svg",
        tag("defs", tag("path", id="climber-range", d=range_line()), _window("climber", drawn)),
        tag("rect", class_="fog", x=LEFT, y=22, width=10 * UNIT, height=FLOOR - 22),
        tag("use", href="#climber-range", class_="ground window", clip_path="url(#climber-window)"),
        axis(FLOOR + 17),
        _limits(),
        _flag(guess),
        _prints(drawn),
        _starts() if live else "",
        _graph(places),
        _feet(drawn),
        viewBox=f"0 0 {WALK_WIDE} 444",
    )


def _window(key, drawn):
    """The part of the ground that her feet feel; the player moves it."""
    shift = f"translate({across(drawn[-1]):.1f})" if drawn else None
    rect = tag("rect", x=-SEES * UNIT, y=0, width=2 * SEES * UNIT, height=300, data_part="window", transform=shift)
    return tag("clipPath", rect, id=f"{key}-window")


def _limits():
    """Under each summit the largest rate that settles there; seen without the blindfold."""
    marks = (small(across(w), FLOOR + 37, label(rate_limit(w))) for w in SUMMITS)
    return tag("g", small(0, FLOOR + 37, "rate ≤", text_anchor=None), *marks, class_="unseen")


def _flag(guess):
    """The place that the reader pointed at; the player moves it."""
    shift = {"transform": f"translate({across(guess):.1f})"} if not math.isnan(guess) else {"visibility": "hidden"}
    words = small(0, 14, f"you said {label(guess)}", data_part="said")
    return tag("g", tag("path", class_="thin", d=f"M0 {FLOOR}V20"), words, data_part="flag", **shift)


def _prints(drawn):
    """One dot for each place, in a strip below the ground."""
    dots = "".join(f"M{across(w):.1f} {FLOOR + 54}h0" for w in drawn)
    return small(0, FLOOR + 58, "steps", text_anchor=None) + tag(
        "path", class_="dots", d=dots, data_part="prints", data_v=" ".join(map(repr, drawn))
    )


def _starts():
    """Ten starts, and the number of the summit on which a walk from each of them ended; the player fills it in."""
    houses = (
        tag("rect", class_="thin", x=across(w) - 8, y=FLOOR + 68, width=16, height=17)
        + small(across(w), FLOOR + 81, "", data_part=f"start{k}", data_v=w)
        for k, w in enumerate(STARTS)
    )
    return small(0, FLOOR + 81, "starts", text_anchor=None) + "".join(houses)


def _graph(places):
    """The height after each step."""
    wide = 10 * UNIT / max(60, len(places) - 1)
    points = (f"{LEFT + wide * t:.1f},{BASE - RISE * height(w):.1f}" for t, w in enumerate(places) if not math.isnan(w))
    top = BASE - RISE * 3.4
    return (
        small(LEFT, top - 12, "height after each step", text_anchor=None)
        + tag("path", class_="thin", d=f"M{LEFT} {top:.0f}V{BASE}h{10 * UNIT}")
        + tag("polyline", class_="trace", points=" ".join(points), data_part="graph")
    )


def _feet(drawn):
    """The climber where the walk ended, on the plank that shows the slope under her feet."""
    if not drawn:
        return ""
    w = drawn[-1]
    tilt = math.degrees(math.atan2(-TALL * slope(w), UNIT))
    return tag(
        "g",
        tag("path", class_="plank felt", d="M-30 0H30", transform=f"rotate({tilt:.1f})", data_part="plank"),
        CLIMBER,
        text(0, -42, say_slope(w), text_anchor="middle", class_="felt", data_part="slope", data_v=slope(w)),
        transform=f"translate({across(w):.1f} {up(height(w)):.1f})",
        data_part="feet",
        data_v=w,
    )


# A climber with a scarf over her eyes; her feet are at the origin.
CLIMBER = (
    tag("path", class_="body", d="M-5 0 0-10 5 0M0-10V-21M-7-13 0-18 7-13")
    + tag("circle", class_="head", cy=-27, r=6)
    + tag("path", class_="scarf", d="M-6-28H6l6 4")
)


@poster_named("climber")
def climber_poster():
    """The climber in the fog with her two feet: enough numbers to work out one slope by pencil."""
    w, reach = 8.7, 0.3
    feet = [(side, w + sign * reach) for side, sign in (("left", -1), ("right", 1))]
    marks = "".join(
        tag("circle", class_="handle", cx=across(foot), cy=up(height(foot)), r=5)
        + text(LEFT + 16, 60 + 24 * k, f"{side} foot: w = {label(foot)}, height {label(height(foot))}")
        for k, (side, foot) in enumerate(feet)
    )
    svg = tag(
        "svg",
        tag("defs", tag("path", id="two-feet-range", d=range_line()), _window("two-feet", [w])),
        tag("rect", class_="mist", x=LEFT, y=22, width=10 * UNIT, height=FLOOR - 22),
        tag("use", href="#two-feet-range", class_="ground", clip_path="url(#two-feet-window)"),
        tag("g", CLIMBER, transform=f"translate({across(w):.1f} {up(height(w)):.1f})"),
        marks,
        axis(FLOOR + 17),
        text(LEFT, FLOOR + 50, "slope  =  ( height ……… − height ……… )  /  ………  =  ………"),
        text(LEFT, FLOOR + 78, "The ground rises to the ………, so one step uphill goes to the ………."),
        viewBox="0 0 720 326",
    )
    said = " ".join(f"Her {side} foot stands at {label(foot)}, height {label(height(foot))}." for side, foot in feet)
    says = f"A climber in the fog at {label(w)}. {said} The slope is left to you."
    return Scene(name="two-feet", title="What two feet can feel", svg=svg, says=says)


# --- Four small grounds with their curvatures, for question 4 of assignment 1. Standard library only.

# Hessians of four places where the slope is zero. The third bends up along both coordinates, and is a saddle.
GROUNDS = (((-1.0, 0.0), (0.0, -2.0)), ((1.0, 0.0), (0.0, 2.0)), ((1.0, 2.0), (2.0, 1.0)), ((-2.0, 0.0), (0.0, 0.0)))
# The right words. Students have this file, so it holds no rule that finds them.
KINDS = ("maximum", "minimum", "saddle", "degenerate")
CELL, ROW = 172, 74  # the width of one ground, and where its centre lies
LINES = (-1, -0.5, 0, 0.5, 1)


def grounds(words=None):
    """The four grounds with their curvatures as bars.

    words: the word that `classify_critical_point` gave for each of GROUNDS; without them a line to write on.
    """
    given = [_word(word) for word in islice(words, 4)] if isinstance(words, (list, tuple)) else []
    given += [None] * (4 - len(given))
    says = " ".join(_say_ground(k, given[k]) for k in range(4))
    rows = tuple((str(k + 1), *map(label, curvatures(h)), given[k] or "") for k, h in enumerate(GROUNDS))
    cells = (tag("g", *_ground(k, given[k]), transform=f"translate({CELL * k})") for k in range(4))
    svg = tag("svg", *cells, viewBox=f"0 0 {4 * CELL} 214")
    table = Table(("ground", "larger curvature", "smaller curvature", "your word"), rows)
    return Scene(name="grounds", title="Four places where the slope is zero", svg=svg, says=says, table=table)


def _word(value):
    """A student's word, cut to the width of a ground; None for no answer."""
    if value is None:
        return None
    return str(value)[:14] if isinstance(value, str) else f"({type(value).__name__})"[:14]


def curvatures(hessian):
    """The two eigenvalues of a symmetric 2 x 2 matrix, the larger one first."""
    (a, b), (_, d) = hessian
    middle, half = (a + d) / 2, math.hypot((a - d) / 2, b)
    return middle + half, middle - half


def _ground(k, word):
    """One ground: its surface as a net, its two bars, and the word."""
    hessian = GROUNDS[k]
    across, along = ([[(u, v) for u in _FINE] for v in LINES], [[(u, v) for v in _FINE] for u in LINES])
    net = "".join(_thread(hessian, points) for points in chain(across, along))
    yield tag("path", class_="net", d=net)
    yield tag("circle", class_="ball", cx=CELL / 2, cy=ROW, r=5)
    yield tag("path", class_="thin", d=f"M{CELL / 2} 138v48")
    for row, value in enumerate(curvatures(hessian)):
        yield from _bar(value, 148 + 28 * row)
    right = "" if word is None else " ✓" if word == KINDS[k] else " ✗"
    yield text(CELL / 2, 208, ("………………" if word is None else word) + right, text_anchor="middle")


_FINE = [k / 4 for k in range(-4, 5)]


def _thread(hessian, points):
    """One line of the net; the ground seen from the front and from above."""
    (a, b), (_, d) = hessian
    heights = ((u, v, (a * u * u + 2 * b * u * v + d * v * v) / 2) for u, v in points)
    return "M" + "L".join(f"{CELL / 2 + 46 * u + 22 * v:.0f} {ROW - 15 * v - 17 * z:.1f}" for u, v, z in heights)


def _bar(value, y):
    """A curvature as a bar from the middle: to the right if the ground bends up, to the left if down."""
    shown, reach = look(value, 3), 20 * value
    yield tag("path", class_=f"bar {shown.kind}", d=f"M{CELL / 2} {y}h{reach:.0f}")
    side = -1 if value > 0 else 1  # the label stands on the free side
    yield small(CELL / 2 + 6 * side, y + 5, shown.label, text_anchor="end" if side < 0 else "start")


def _say_ground(k, word):
    """One ground in words: its curvatures, and whether the student's word fits."""
    most, least = map(label, curvatures(GROUNDS[k]))
    bends = f"Ground {k + 1} bends by {most} and {least} along its own two axes."
    if word is None:
        return bends
    if word == KINDS[k]:
        return f"{bends} Your word is {word}: right."
    return f"{bends} Your word is {word}: not right."


# --- Scene S2, the ball and the rope: a walk down a cost, and a rope that can disprove that the cost is convex.

BOX = (40, 16, 620, 300)  # the picture: left, top, width, height; in units of the drawing
ROPE_WIDE = 700  # of the drawing
ROPE_QUESTION = Prediction(
    "Is w²/(1 + w²) convex? It has one minimum. Answer first; then pull the rope and look.",
    ("yes", "no", "cannot tell"),
)
# Ends of a rope that proves nothing: a reader who looks for a witness begins with these.
SAFE = {"range": (7.5, 8.5), "bowl": (-1.0, 1.0), "bump": (-0.5, 0.5), "vee": (-1.0, 1.0), "well": (-0.5, 0.5)}
BALL_RATES = (0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.9, 1.0, 1.1)
ROPE_SAYS = (
    "The rope from {a} to {b} runs below the graph, by {gap} at {place}. So this curve is not convex.",
    "The rope from {a} to {b} runs nowhere below the graph. One such rope proves nothing.",
    "There is no rope: expected two different places, got {a} and {b}.",
)
BALL_SAYS = "Step {t}. The ball lies at {w}, cost {h}, slope {g}."
EPSILON = 1e-9  # rounding: a straight line is not above its own rope


def rope(curve="bump", witness=None, *, ends=(1.0, 3.0), start=-2.5, rate=0.4):
    """A curve with a rope and a ball.

    curve: "range", "bowl", "bump", "vee" or "well".  witness: (a, b, t) as `convexity_witness` returns it, whose
    rope is drawn.  ends: the rope's ends without a witness.  start, rate: the ball's walk.
    """
    ground = CURVES[curve]
    a, b = (number(end) for end in _ends(witness, ends))
    held = (a, b) if witness is not None else SAFE[curve]  # the ends that a reader begins with
    path = [ground.left] if not math.isfinite(start) else walk(start, rate, climb=lambda w: -ground.slope(w))
    return Scene(
        name="rope",
        title="The ball and the rope",
        svg=_rope_svg(curve, a, b, path),
        says=f"{say_rope(ground, a, b)} {_say_ball(path)}",
        table=Table(
            ("step", "w", "cost"), tuple((str(t), label(w), label(ground.cost(w))) for t, w in enumerate(path))
        ),
        controls=_rope_controls(curve, *held, path[0], rate),
        asks=(ROPE_QUESTION,) if witness is None and curve == "bump" else (),
        facts={**_rope_facts(curve, *held, path[0], rate), "drawn": [v if math.isfinite(v) else None for v in (a, b)]},
        spoilers=("is not convex",),
        aim=places_of(ground)[0](path[-1]) / ROPE_WIDE,
    )


def _rope_controls(curve, a, b, start, rate):
    """The choice of a curve, two sliders for the rope, two for the ball, and what the ball does."""
    options = (
        tag("option", escape(it.name), value=key, selected="" if key == curve else None) for key, it in CURVES.items()
    )
    ground = CURVES[curve]
    ends = (ground.left, ground.right, 0.1)
    chosen = min(range(len(BALL_RATES)), key=lambda k: abs(BALL_RATES[k] - rate))
    return (
        tag("label", "curve ", tag("select", *options, data_knob="curve"))
        + slider("left end", "a", *ends, a if math.isfinite(a) else 1.0, label(a))
        + slider("right end", "b", *ends, b if math.isfinite(b) else 3.0, label(b))
        + slider("ball", "ball", *ends, start, label(start))
        + slider("rate", "rate", 0, len(BALL_RATES) - 1, 1, chosen, label(BALL_RATES[chosen]))
        + button("Step", do="next", keys="ArrowRight")
        + button("Roll", do="roll", keys="Shift+ArrowRight")
        + button("Turn upside down", do="flip", pressed="false")
    )


def _rope_facts(curve, a, b, start, rate):
    """The numbers that the player needs to move the ball and the rope, and the sentences that it fills in."""
    drawn = {key: (it.left, it.right, it.low, it.high) for key, it in CURVES.items()}
    ends = {"a": a if math.isfinite(a) else None, "b": b if math.isfinite(b) else None}
    words = {"says": ROPE_SAYS, "ball": BALL_SAYS}
    walked = {"hills": HILLS, "rates": BALL_RATES, "level": LEVEL, "most": MOST_STEPS, "parts": PARTS, "safe": SAFE}
    return {**ends, **words, **walked, "curves": drawn, "box": BOX, "curve": curve, "start": start, "rate": rate}


def _ends(witness, ends):
    """The two ends of a witness's rope; the given ones if it has no two ends."""
    try:
        return (witness[0], witness[1]) if witness is not None else ends
    except (TypeError, LookupError):
        return math.nan, math.nan


def say_rope(ground, a, b):
    """What this rope proves, in words."""
    place, gap, kind = math.nan, math.nan, 2
    if math.isfinite(a) and math.isfinite(b) and a != b:
        place, gap = highest_above(ground.cost, a, b)
        kind = 0 if gap > EPSILON else 1
    return ROPE_SAYS[kind].format(a=label(a), b=label(b), gap=label(gap), place=label(place))


def _say_ball(path):
    steps = len(path) - 1
    return f"The ball starts at {label(path[0])} and lies at {label(path[-1])} after {steps} step{'s' * (steps != 1)}."


def places_of(ground):
    """Two functions: w -> from the left, and a cost -> from the top, in units of the drawing; cut near the box."""
    left, top, wide, tall = BOX

    def across(w):
        return left + wide * min(max((w - ground.left) / (ground.right - ground.left), -0.1), 1.1)

    def down(cost):
        return top + tall * min(max((ground.high - cost) / (ground.high - ground.low), -3.0), 3.0)

    return across, down


def curve_line(ground):
    """A curve as the `d` of a closed path: the graph, and far below the picture back to its beginning."""
    across, down = places_of(ground)
    parts = 100
    places = [ground.left + (ground.right - ground.left) * k / parts for k in range(parts + 1)]
    points = "L".join(f"{across(w):.1f} {down(ground.cost(w)):.1f}" for w in places)
    return f"M-20 900V{down(ground.cost(ground.left)):.0f}H{across(ground.left):.0f}L{points}H720V900Z"


def _rope_svg(curve, a, b, path):
    ground = CURVES[curve]
    left, top, wide, tall = BOX
    return tag(
        "svg",
        tag("defs", _hatch(), *(tag("path", id=f"rope-{name}", d=curve_line(it)) for name, it in CURVES.items()),
            _above(ground, a, b)),
        tag(
            "g",
            tag("svg",  # cuts the graph off at the edges, and neither the ball nor the rope's handles
                tag("use", href=f"#rope-{curve}", class_="hatch", clip_path="url(#rope-above)", data_part="area"),
                tag("use", href=f"#rope-{curve}", class_="ground", data_part="graph"),
                x=left, y=top, width=wide, height=tall, viewBox=f"{left} {top} {wide} {tall}"),
            _rope_line(ground, a, b),
            _ball(ground, path[-1]),
            data_part="flip",
        ),
        _ticks(ground),
        _trail(ground, path),
        viewBox=f"0 0 {ROPE_WIDE} 372",
    )  # fmt: skip


def _hatch():
    return tag(
        "pattern", tag("path", d="M0 8 8 0", class_="stripe"), id="rope-hatch", width=8, height=8,
        patternUnits="userSpaceOnUse",
    )  # fmt: skip


def _above(ground, a, b):
    """The part of the picture above the rope; the graph below its own line is hatched there."""
    across, down = places_of(ground)
    points = ""
    if math.isfinite(a) and math.isfinite(b):
        (x1, y1), (x2, y2) = ((across(w), down(ground.cost(w))) for w in (a, b))
        points = f"{x1:.1f},{y1:.1f} {x2:.1f},{y2:.1f} {x2:.1f},-900 {x1:.1f},-900"
    return tag("clipPath", tag("polygon", points=points, data_part="above"), id="rope-above")


def _rope_line(ground, a, b):
    """The rope and its two handles; hidden without two ends."""
    across, down = places_of(ground)
    real = math.isfinite(a) and math.isfinite(b) and a != b
    (x1, y1), (x2, y2) = ((across(w), down(ground.cost(w))) for w in ((a, b) if real else (0.0, 0.0)))
    line = tag("path", class_="rope", d=f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}", data_part="rope")
    handles = (
        tag("circle", class_="handle", cx=x, cy=y, r=7, data_part=f"end-{name}", data_v=w)
        for name, x, y, w in (("a", x1, y1, a), ("b", x2, y2, b))
    )
    return tag("g", line, *handles, data_part="whole", visibility=None if real else "hidden")


def _ball(ground, w):
    """The ball and the tangent on which it lies."""
    across, down = places_of(ground)
    one = (across(ground.left + 1) - across(ground.left), down(0) - down(1))
    tilt = math.degrees(math.atan2(-ground.slope(w) * one[1], one[0]))
    return tag(
        "g",
        tag("path", class_="plank", d="M-30 0H30", transform=f"rotate({tilt:.1f})", data_part="tangent"),
        tag("circle", class_="ball", r=8),
        transform=f"translate({across(w):.1f} {down(ground.cost(w)):.1f})",
        data_part="ball",
        data_v=w,
    )


def _ticks(ground):
    """Five numbers below the picture; the player re-labels them for another curve."""
    across, _ = places_of(ground)
    places = [ground.left + (ground.right - ground.left) * k / 4 for k in range(5)]
    return "".join(small(across(w), 334, label(w), data_part=f"tick{k}") for k, w in enumerate(places))


def _trail(ground, path):
    """One dot for each place of the ball."""
    across, _ = places_of(ground)
    dots = "".join(f"M{across(w):.1f} 352h0" for w in path)
    return small(0, 356, "steps", text_anchor=None) + tag(
        "path", class_="dots", d=dots, data_part="trail", data_v=" ".join(map(repr, path))
    )


@poster_named("rope")
def rope_poster():
    """Two curves with one minimum each, and rings at two places between which the reader draws a rope."""
    names, ends = ("bowl", "bump"), (1.0, 3.0)
    halves = []
    for k, name in enumerate(names):
        ground = CURVES[name]
        across, down = places_of(ground)
        rings = "".join(tag("circle", class_="handle", cx=across(w), cy=down(ground.cost(w)), r=9) for w in ends)
        line = tag("path", class_="ground", d=curve_line(ground))
        inner = tag("svg", line, rings, x=20 + 340 * k, y=30, width=310, height=170, viewBox="40 16 620 300")
        halves.append(text(24 + 340 * k, 22, ground.name) + inner)
    asks = "Draw a straight rope from ring to ring. Is the graph anywhere above it?"
    svg = tag("svg", *halves, text(24, 232, asks), viewBox="0 0 700 246")
    says = "Two curves with one minimum each, w² and w²/(1 + w²), with rings at 1 and 3. The ropes are left to you."
    return Scene(name="two-ropes", title="A rope between two places", svg=svg, says=says)


# --- Whose hill is it: the range of assignment 1, and a strip that shows where a walk from each start ended.

TOP, TALL_STRIP = FLOOR + 30, 34  # of the strip, in units of the drawing
NARROW = 15  # a block below this width has no room for its number


def basins(starts, labels, peaks=SUMMITS):
    """A strip of starts by the summit that each walk ended on.

    starts: places on the range, in rising order.  labels: for each start the row of its summit in peaks.
    """
    places, tops = numbers(starts), numbers(peaks)
    rows = [_row_of(value, len(tops)) for value in numbers(labels)]
    blocks = _blocks(places, rows)
    svg = tag(
        "svg",
        tag("path", class_="ground", d=range_line()),
        axis(FLOOR + 17),
        *(small(across(w), up(height(w)) - 10, f"summit {k + 1}") for k, w in enumerate(tops) if 0 <= w <= 10),
        small(0, TOP + 22, "ends on", text_anchor=None),
        *(_drawn(*block, len(places)) for block in blocks),
        viewBox="0 0 720 330",
    )
    shares = [(k, sum(row == k for row in rows)) for k in (*range(len(tops)), None)]
    said = tuple((_name(k), str(count)) for k, count in shares if count or k is not None)
    return Scene(
        name="basins",
        title="Where you start decides where you stop",
        svg=svg,
        says=_says_basins(blocks, len(places), len(rows)),
        table=Table(("ends on", "starts"), said),
    )


def _row_of(value, most):
    """A label as a row of the peaks; None for what is no row."""
    return int(value) if value in range(most) else None


def _name(row):
    return "no summit" if row is None else f"summit {row + 1}"


def _blocks(places, rows):
    """Neighbours with one label: (label, left end, right end, how many). Borders lie half-way between starts."""
    pairs = sorted((w, row) for w, row in zip(places, (-1 if row is None else row for row in rows), strict=False)
                   if not math.isnan(w))  # fmt: skip
    blocks, at = [], 0
    for row, group in groupby(pairs, key=lambda pair: pair[1]):
        count = len(list(group))
        left = pairs[0][0] if at == 0 else (pairs[at - 1][0] + pairs[at][0]) / 2
        at += count
        right = pairs[-1][0] if at == len(pairs) else (pairs[at - 1][0] + pairs[at][0]) / 2
        blocks.append((None if row < 0 else row, left, right, count))
    return blocks


def _drawn(row, left, right, count, total):
    """One block with the number of its summit, and its share of the starts below."""
    x, wide = across(left), across(right) - across(left)
    block = tag("rect", class_=f"basin b{'x' if row is None else row % 4}", x=x, y=TOP, width=wide, height=TALL_STRIP)
    number = small(x + wide / 2, TOP + 22, "?" if row is None else row + 1) if wide >= NARROW else ""
    share = f"{100 * count / total:.0f} %"
    return block + number + (small(x + wide / 2, TOP + 52, share) if wide >= 3 * NARROW else "")


def _says_basins(blocks, starts, labels):
    """The strip in words: which summit the starts from where to where reach."""
    if starts != labels:
        return f"The strip is not complete: expected one label for each of the {starts} starts, got {labels}."
    if not blocks:
        return "There is no start to draw."
    if len(blocks) > 12:
        return f"The strip changes its summit {len(blocks) - 1} times: the starts of one summit do not lie together."
    parts = (f"from {left:.1f} to {right:.1f} on {_name(row)}" for row, left, right, _ in blocks)
    return f"{starts} starts. Walks end, for starts " + "; ".join(parts) + "."

