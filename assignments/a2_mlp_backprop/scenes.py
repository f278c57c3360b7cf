"""The drawings of this assignment, and the words that say what they show. They need nothing but Python.

This file is made from the course's own modules. Nothing in it is graded, and you need not read it.
"""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from html import escape
from typing import NamedTuple
import json
import math

FILES = {
    "backward.js": r'''const bothWays=(params,X,y)=>{
const v={},put=(name,rows)=>rows.forEach((row,i)=>row.forEach((x,j)=>{v[`${name}-${i}-${j}`]=x;}));
const N=X.length,Z=X.map((row)=>columnSums(flows(row,params,1))),A=Z.map((row)=>row.map(gate));
const S=A.map((row)=>columnSums(flows(row,params,2))),logP=S.map(logChances),P=logP.map((row)=>row.map(Math.exp));
const D2=P.map((row,n)=>row.map((p,k)=>(p -(k===y[n]?1:0))/N));
const sent=(name,D,W)=>D.map((d,n)=>W.map((row,i)=>{
const messages=row.map((w,k)=>(v[`${name}-${n}-${i}-${k}`]=w*d[k]));
return messages.reduce((a,b)=>a + b);
}));
const U=sent("m2",D2,params.W2),D1=U.map((row,n)=>row.map((u,h)=>(Z[n][h]>0?u:0)));
const outer=(L,D)=>L[0].map((_,i)=>columnSums(D.map((d,n)=>d.map((x)=>L[n][i]*x))));
const grads={W1:outer(X,D1),b1:[columnSums(D1)],W2:outer(A,D2),b2:[columnSums(D2)]};
const tables={x:X,z:Z,a:A,s:S,p:P,d2:D2,u:U,d1:D1,dx:sent("m1",D1,params.W1),...grads};
Object.entries(tables).forEach(([name,rows])=>put(name,rows));
v.J=-logP.reduce((sum,row,n)=>sum + row[y[n]],0)/N;
return{v,grads};
};
movers.backward=(scene)=>{
const{inputs,opens,sizes,batch,many,long}=scene.facts,{root,all,show}=scene;
const count=(n)=>[...Array(n).keys()];
let key="x-0-0",N=sizes[0];
const place=()=>{
const[name,i,j]=key.split("-");
return[name==="x"?inputs.X[i]:inputs.params[name][i],+j];
};
const words=(name,v)=>{
const[kind,n,h,k]=name.split("-"),value=label(v[name]);
if(kind==="p"){
const target=`${value} − ${+(+h === inputs.y[n])}`;
return N===1?target:`(${target}) / ${N}`;
}
if(kind==="m2"){
const product=`${label(inputs.params.W2[h][k])} × ${label(v[`d2-${n}-${k}`])} = ${value}`;
return product.length<=long?product:value;
}
if(kind[0]==="J")return `${kind === "J" ? "cost J =" : "after one step down:"} ${value}`;
if(kind==="a")return `z = ${label(v[`z-${n}-${h}`])}, a = ${value}`;
return kind==="z"?(v[name]>0?"←":"‖"):value;
};
const number=(name)=>+root.querySelector(`[data-k="${name}"]`).dataset.v;
const sum=(n,h)=>{
const sent=count(sizes[3]).map((k)=>number(`m2-${n}-${h}-${k}`));
return `${sent.map(label).join(" + ")} = ${label(sent.reduce((a, b) => a + b, 0))}`;
};
const draw=()=>{
const{params,rate}=inputs,X=inputs.X.slice(0,N),y=inputs.y.slice(0,N),{v,grads}=bothWays(params,X,y);
const down=(name)=>params[name].map((row,i)=>row.map((w,j)=>w - rate*grads[name][i][j]));
v.J2=bothWays({W1:down("W1"),b1:down("b1"),W2:down("W2"),b2:down("b2")},X,y).v.J;
all("[data-k], td[data-n]").forEach((e)=>{
const{k,n}=e.dataset,there=(k??n)in v;
e.textContent=there?(k?words(k,v):label(v[n])):"";
if(n)e.parentNode.hidden=!there;
else if(there)e.dataset.v=v[k];
else delete e.dataset.v;
});
for(const layer of["m1","m2"]){
const total=(e)=>X.reduce((s,_,n)=>s + v[e.dataset.line.replace("-",`-${n}-`)],0);
const sizes=Object.keys(v).filter((name)=>name.startsWith(layer)).map((name)=>Math.abs(v[name]));
const most=Math.max(...sizes.filter(Number.isFinite));
all(`[data-line^="${layer}"]`).forEach((e)=>{
const shown=look(total(e),most);
set(e,{class:`wire ${shown.kind}${layer === "m1" ? " pale" : ""}`,"stroke-width":shown.width});
});
}
const listed=(size,word)=>count(N).map((n)=>count(size).map((i)=>word(n,i)).join(", ")).join("; ");
const numbers=(name)=>(n,i)=>label(v[`${name}-${n}-${i}`]);
const said={
d2:listed(sizes[3],numbers("d2")),u:listed(sizes[2],sum),d1:listed(sizes[2],numbers("d1")),
J:label(v.J),J2:label(v.J2),rate,...(N>1?many:{share:"",adds:""}),
};
scene.facts.steps=scene.facts.sentences.map((words)=>fill(words,said));
all("desc, details > p").forEach((e)=>{e.textContent=scene.facts.steps.join(" ");});
scene.show(scene.now);
};
const light=(spot)=>{
const on=(query)=>all(query).forEach((e)=>e.classList.add("lit"));
all(".lit").forEach((e)=>e.classList.remove("lit"));
if(!spot)return;
const[name,i,j]=spot.dataset.spot.split("-");
if(name==="u"){
on(`[data-line^="m2-${i}-"]`);
scene.say(`Hidden unit ${+i + 1} adds ${count(N).map((n) => sum(n, i)).join("; ")}.`);
return;
}
const[left,right]=name==="W1"?["x","d1"]:["a","d2"],ends=count(N).map((n)=>[`${left}-${n}-${i}`,`${right}-${n}-${j}`]);
ends.flat().forEach((end)=>on(`[data-k="${end}"]`));
const products=ends.map((pair)=>pair.map((end)=>label(number(end))).join(" × "));
scene.say(`${name}[${i}, ${j}]: ${products.join(" + ")} = ${label(number(`${name}-${i}-${j}`))}.`);
};
["pointerover","focusin"].forEach((event)=>root.addEventListener(event,({target})=>light(target.closest("[data-spot]"))));
const travel=(layer)=>all(`[data-line^=m${layer}]:not(.none)`).forEach((line,k)=>{
const dot=all(".dot")[k],name=line.dataset.line,ends=[1,2].map((end)=>`translate(${line.getAttribute(`x${end}`)}px,${line.getAttribute(`y${end}`)}px)`);
[`d${layer}-n-${name.at(-1)}`,name.replace("-","-n-")].forEach((half,i)=>{
const text=dot.children[1 + i];
text.textContent=count(N).map((n)=>label(number(half.replace("n",n)))).join("; ");
text.animate({opacity:[1 - i,1 - i,i,i],offset:[0,0.5,0.5,1]},1200);
});
dot.animate({opacity:[1,1],transform:ends},1200);
});
scene.show=(step)=>{
const from=scene.now;
show(step);
all(".dot").flatMap((e)=>e.getAnimations({subtree:true})).forEach((e)=>e.cancel());
if(!still&&scene.now>from&&[2,7].includes(scene.now))travel(scene.now===2?2:1);
};
if(inputs)draw();
scene.show(opens??(root.querySelector(".ask")?3:0));
scene.toward(1e4);
if(!inputs)return{};
return{
which:({value})=>{
key=value;
const[row,j]=place(),bar=root.querySelector("[data-knob=turn]");
bar.value=row[j];
scene.name(bar,label(row[j]));
},
turn:(bar)=>{
const[row,j]=place();
row[j]=+bar.value;
scene.name(bar,label(row[j]));
draw();
},
label:({value,dataset})=>{inputs.y[dataset.example]=+value;draw();},
batch:({checked})=>{
N=checked?2:1;
all(".controls .two").forEach((e)=>{e.hidden=!checked;});
root.querySelector("g.messages").classList.toggle("single",!checked);
draw();
},
answered:(answer,{dataset})=>{
draw();
scene.show(+(dataset.before??4));
const silent=all("[data-k^=W1]").filter((e)=>+e.dataset.v===0).map((e)=>e.dataset.k.replace(/-(.)-(.)/,"[$1, $2]"));
const words=dataset.before?`The weights of W1 that hear nothing: ${silent.join(", ") || "none"}.`:scene.facts.steps[3];
scene.say(`You said ${answer || "nothing"}. ${words}`);
scene.tell(words);
},
};
};
''',
    "forward.js": r'''const network=(net,x,y)=>{
const v={},put=(name,values)=>values.forEach((value,k)=>{v[`${name}_${k}`]=value;});
const layer=(n,inputs)=>{
const rows=flows(inputs,net,n);
rows.forEach((row,i)=>put(`f${n}_${i}`,row));
return columnSums(rows);
};
const z=layer(1,x),a=z.map(gate),scores=layer(2,a),logP=logChances(scores);
put("x",x);put("z1",z);put("a1",a);put("logit",scores);put("p",logP.map(Math.exp));
if(y!==null)v.J=-logP[y];
return v;
};
const write=(root,v)=>{
const each=(name,f)=>root.querySelectorAll(`[data-${name}]`).forEach((e)=>f(e,v[e.dataset[name]]));
const largest=Math.max(...Object.keys(v).filter((k)=>k[0]==="f"&&Number.isFinite(v[k])).map((k)=>Math.abs(v[k])));
each("k",(e,value)=>{if(value!==undefined){e.textContent=label(value);e.dataset.v=value;}});
each("line",(e,value)=>{const l=look(value,largest);set(e,{class:l.kind,"stroke-width":l.width});});
each("bar",(e,value)=>set(e,{width:100*value||0}));
each("gate",(e,value)=>set(e,{visibility:value>0?"hidden":"visible"}));
each("n",(e,value)=>{e.textContent=label(value);});
};
movers.forward=(scene)=>{
const{net,x,sentences}=scene.facts;
let{y}=scene.facts;
const turn=()=>{
const v=network(net,x,y),words=Object.fromEntries(Object.entries(v).map(([k,n])=>[k,label(n)]));
write(scene.root,v);
scene.facts.steps=sentences.map((s)=>fill(s,words));
scene.show(scene.last);
};
const input=(i)=>(e)=>{x[i]=+e.value;scene.name(e,label(x[i]));turn();};
scene.show(scene.root.querySelector(".ask")?2:scene.last);
return{
x0:input(0),x1:input(1),x2:input(2),y:(e)=>{y=+e.value;turn();},
answered:(said)=>{
scene.show(4);
const right=label(network(net,x,y).a1_1);
scene.tell(`It is ${right}.`);
if(said!=="")scene.say(`You said ${label(+said)}; it is ${right}. ${scene.facts.steps[3]}`);
},
};
};
''',
    "layers.js": r'''const flows=(row,net,n)=>[...net[`W${n}`],net[`b${n}`][0]].map((line,i)=>line.map((w)=>w*(row[i]??1)));
const columnSums=(rows)=>rows[0].map((_,j)=>rows.reduce((sum,row)=>sum + row[j],0));
const gate=(z)=>(z>0||Number.isNaN(z)?z:0);
const logChances=(scores)=>{
const most=Math.max(...scores),total=Math.log(scores.reduce((sum,s)=>sum + Math.exp(s - most),0));
return scores.map((s)=>s - most - total);
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

# --- A network with one hidden layer, in lists: what both pictures of it compute with. Standard library only.

PARAMETERS = ("W1", "b1", "W2", "b2")


def table_of(values):
    """Rows of floats, from an array or from nested lists; a vector is one row."""
    rows = values.tolist() if hasattr(values, "tolist") else values
    rows = rows if rows and isinstance(rows[0], (list, tuple)) else [rows]
    return [[float(v) for v in row] for row in rows]


def table_or_none(values):
    """Rows of floats; None if a student's answer is no table of numbers."""
    try:
        return table_of(values)
    except (TypeError, ValueError, LookupError, OverflowError):
        return None


def network_of(params):
    """{name: rows of floats} of the four parameters; a bias is one row."""
    return {name: table_of(params[name]) for name in PARAMETERS}


def flows_of(row, net, layer):
    """What each line of a layer carries: a row for each unit at the left, and one for the biases."""
    weights = [*net[f"W{layer}"], net[f"b{layer}"][0]]
    return [[w * v for w in line] for v, line in zip([*row, 1.0], weights, strict=True)]


def sums_of(flows):
    """What arrives at each unit at the right."""
    return [sum(column) for column in zip(*flows, strict=True)]


def gated(sums):
    """What leaves the gates: a sum above 0, else 0. NaN stays, so that it shows."""
    return [z if z > 0 or math.isnan(z) else 0.0 for z in sums]


def log_chances(scores):
    """The logarithms of the probabilities; NaN for all if a score is not finite enough."""
    most = max(scores)
    if not math.isfinite(most):
        return [math.nan for _ in scores]
    total = math.log(math.fsum(math.exp(s - most) for s in scores))
    return [s - most - total for s in scores]


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


# --- Where the units and the lines of the forward picture stand, and how both pictures of a network call an input.

PLACE_COLUMNS = (60, 300, 540)  # of the inputs, the hidden units and the scores
PLACE_TOP, PLACE_PITCH, PLACE_RADIUS = 60, 130, 26
PLACE_WEIGHT, PLACE_FLOW = (
    0.22,
    0.8,
)  # how far along its line a weight stands, and what travels on it (behind all crossings)


def unit_place(column, row):
    """The middle of a unit; the constant 1 stands in the row after the last one."""
    return PLACE_COLUMNS[column], PLACE_TOP + PLACE_PITCH * row


def input_name(i):
    """x₁ for the input with index 0. A network in a picture has at most nine inputs."""
    return f"x{chr(ord('₁') + i)}"


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


# --- The numbers of the way back in a network with one hidden layer: messages, sums, gates and gradients.

STEP_RATE = 0.1  # of the one step down at the end
AGREE = 1e-5  # of the largest number of an array: a smaller difference is none


class Disagreement(NamedTuple):
    """A student's number that does not follow from the numbers before it. step: of the scene, from 1 on."""

    step: int
    key: str
    words: str


class Messages(NamedTuple):
    """All numbers by key, and where a student's do not follow from those before them.

    sizes: N examples, D inputs, H hidden units, K scores.  classes: the right class of each example.
    """

    numbers: dict
    disagreements: tuple
    sizes: tuple
    classes: tuple


def follow_messages(params, X, y, yours=None):
    """The numbers of both ways. params: {"W1", "b1", "W2", "b2"}.  X: (N, D).  y: N classes.

    yours: a student's own arrays, each optional: "logits" and "dlogits" (N, K); "sums" (N, H), what arrives at a hidden
    unit; "d1" (N, H), what leaves it; and the gradients "W1", "b1", "W2", "b2". An array of another shape is left out,
    and so is what holds no numbers.
    """
    net = network_of(params)
    inputs, classes = table_of(X), [int(c) for c in y]
    given = {name: table for name, values in (yours or {}).items() if (table := table_or_none(values))}
    numbers, wrong = _message_forward_numbers(net, inputs, classes), []
    sizes = (len(inputs), len(net["W1"]), len(net["W2"]), len(net["b2"][0]))
    _message_first_answers(numbers, sizes, classes, given, wrong)
    _message_answers_of_hidden(numbers, net, sizes, given, wrong)
    _message_harvest(numbers, sizes, given, wrong)
    _message_on_to_the_inputs(numbers, net, sizes)
    numbers["J2"] = _message_cost_after(net, numbers, inputs, classes)
    return Messages(numbers, tuple(wrong), sizes, tuple(classes))


def _message_forward_numbers(net, inputs, classes):
    """x, z, a (hidden units), s (scores) and p (probabilities) of each example, and the cost J."""
    numbers, costs = {}, []
    for n, (row, right) in enumerate(zip(inputs, classes, strict=True)):
        hidden = sums_of(flows_of(row, net, 1))
        active = gated(hidden)
        scores = sums_of(flows_of(active, net, 2))
        log_p = log_chances(scores)
        costs.append(-log_p[right])
        for name, values in {"x": row, "z": hidden, "a": active, "s": scores, "p": map(math.exp, log_p)}.items():
            numbers |= {f"{name}-{n}-{i}": v for i, v in enumerate(values)}
    return {**numbers, "J": sum(costs) / len(costs)}


def _message_first_answers(numbers, sizes, classes, given, wrong):
    """The scores, and their δ: probability minus target, over N."""
    N, _, _, K = sizes
    for key, right, yours in _message_replaced(numbers, "s", given.get("logits"), (N, K)):
        wrong.append(_message_wrong(1, key, "score", f"the way forward gives {right}", f"forward says {yours}"))
    for n in range(N):
        for k in range(K):
            numbers[f"d2-{n}-{k}"] = (numbers[f"p-{n}-{k}"] - (k == classes[n])) / N
    for key, right, yours in _message_replaced(numbers, "d2", given.get("dlogits"), (N, K)):
        rule = f"(probability − target) / N is {right}"
        wrong.append(_message_wrong(1, key, "score", rule, f"cross_entropy_grad says {yours}"))


def _message_answers_of_hidden(numbers, net, sizes, given, wrong):
    """Messages on W2, their sums, and what the gates let through."""
    N, _, H, K = sizes
    for n in range(N):
        for h in range(H):
            sent = [net["W2"][h][k] * numbers[f"d2-{n}-{k}"] for k in range(K)]
            numbers |= {f"m2-{n}-{h}-{k}": m for k, m in enumerate(sent)}
            numbers[f"u-{n}-{h}"] = sum(sent)
    for key, right, yours in _message_replaced(numbers, "u", given.get("sums"), (N, H)):
        rule = f"the arrows add up to {right}"
        wrong.append(_message_wrong(3, key, "hidden unit", rule, f"linear_vjp says {yours}"))
    for n in range(N):
        for h in range(H):
            numbers[f"d1-{n}-{h}"] = numbers[f"u-{n}-{h}"] if numbers[f"z-{n}-{h}"] > 0 else 0.0
    for key, right, yours in _message_replaced(numbers, "d1", given.get("d1"), (N, H)):
        gate = "open" if numbers["z" + key[2:]] > 0 else "closed"
        rule = f"its gate is {gate}, so {right} leaves it"
        wrong.append(_message_wrong(4, key, "hidden unit", rule, f"relu_vjp says {yours}"))


def _message_harvest(numbers, sizes, given, wrong):
    """The gradients: the number at a line's left end times δ at its right end, added over the examples."""
    N, D, H, K = sizes
    for step, layer, left, rows, columns in ((5, 2, "a", H, K), (6, 1, "x", D, H)):
        for j in range(columns):
            answers = [numbers[f"d{layer}-{n}-{j}"] for n in range(N)]
            numbers[f"b{layer}-0-{j}"] = sum(answers)
            for i in range(rows):
                lefts = [numbers[f"{left}-{n}-{i}"] for n in range(N)]
                numbers[f"W{layer}-{i}-{j}"] = sum(v * d for v, d in zip(lefts, answers, strict=True))
        for name, shape in ((f"W{layer}", (rows, columns)), (f"b{layer}", (1, columns))):
            for key, right, yours in _message_replaced(numbers, name, given.get(name), shape):
                ends = "the ends of its line give" if name[0] == "W" else "the sum of δ at its unit is"
                rule = f"{ends} {right}"
                wrong.append(_message_wrong(step, key, "gradient", rule, f"backward says {yours}"))


def _message_on_to_the_inputs(numbers, net, sizes):
    """The messages that a layer before this one would hear."""
    N, D, H, _ = sizes
    for n in range(N):
        for i in range(D):
            sent = [net["W1"][i][h] * numbers[f"d1-{n}-{h}"] for h in range(H)]
            numbers |= {f"m1-{n}-{i}-{h}": m for h, m in enumerate(sent)}
            numbers[f"dx-{n}-{i}"] = sum(sent)


def _message_cost_after(net, numbers, inputs, classes):
    """The cost after one step down along these gradients."""
    moved = {
        name: [[w - STEP_RATE * numbers[f"{name}-{i}-{j}"] for j, w in enumerate(row)] for i, row in enumerate(rows)]
        for name, rows in net.items()
    }
    return _message_forward_numbers(moved, inputs, classes)["J"]


def _message_replaced(numbers, name, given, shape):
    """Put a student's array in the place of ours. Yields (key, ours, the student's) as labels where they differ."""
    if given is None or (len(given), *{len(row) for row in given}) != shape:
        return
    rights = [numbers[f"{name}-{i}-{j}"] for i in range(shape[0]) for j in range(shape[1])]
    largest = max((abs(v) for row in (*given, rights) for v in row if math.isfinite(v)), default=0.0)
    for i, row in enumerate(given):
        for j, yours in enumerate(row):
            key = f"{name}-{i}-{j}"
            right, numbers[key] = numbers[key], yours
            if not _message_agree(right, yours, largest):
                yield key, *_message_labels(right, yours)


def _message_labels(right, yours):
    """Both numbers as text, with more digits where a few show no difference."""
    short = label(right), label(yours)
    return short if short[0] != short[1] else tuple(f"{v:.9g}".replace("-", "−") for v in (right, yours))


def _message_agree(right, yours, largest):
    if right == yours or (math.isnan(right) and math.isnan(yours)):
        return True
    return abs(yours - right) <= AGREE * max(largest, 1e-9)


def _message_wrong(step, key, unit, rule, yours):
    """What is wrong, in words. A unit counts from 1, as people do; an entry of an array from 0, as code does."""
    name, n, i = key.split("-")
    entry = f"d{name}[{i}]" if name[0] == "b" else f"d{name}[{n}, {i}]"
    place = entry if unit == "gradient" else f"{unit.capitalize()} {int(i) + 1}, example {int(n) + 1}"
    return Disagreement(step, key, f"{place}: {rule}, your {yours}.")


# --- The drawing of the messages back: boxes for units, arrows for messages, numbers at their places.

BACK_ACROSS = (58, 382, 840)  # the middles of the columns: inputs, hidden units, scores
BACK_HALF = (44, 112, 54)  # half the width of a box in each column
BACK_GATE = 20  # half the width of a gate
BACK_TOP, BACK_PITCH, BACK_LINE = 112, 152, 18  # the first unit, from unit to unit, one line of text
BACK_WIDE = 910
BACK_LONG = 24  # signs of a message with its factors; a longer one is shown without them
BACK_HEADS = (("inputs x", "the way ends"), ("hidden units", "δ ← gate ← sum"), ("scores", "δ"))


def back_text(params, messages, key):
    """A number as the drawing shows it: a message with its factors, a gate as a sign, p with its target, or alone.

    The player makes the same texts.
    """
    name, *places = key.split("-")
    numbers, examples = messages.numbers, messages.sizes[0]
    value = label(numbers[key])
    match name:
        case "m2":
            n, h, k = map(int, places)
            product = f"{label(table_of(params['W2'])[h][k])} × {label(numbers[f'd2-{n}-{k}'])} = {value}"
            return product if len(product) <= BACK_LONG else value
        case "z":
            return "←" if numbers[key] > 0 else "‖"
        case "a":
            return f"z = {label(numbers[f'z{key[1:]}'])}, a = {value}"
        case "p":
            n, k = map(int, places)
            target = f"{value} − {int(k == messages.classes[n])}"
            return target if examples == 1 else f"({target}) / {examples}"
        case "J" | "J2":
            return f"{'cost J =' if name == 'J' else 'after one step down:'} {value}"
    return value


class BackPen:
    """What every part of the drawing needs.

    seats: places for numbers, one an example.  lines: of text in a box: one a seat, or two for a pencil.
    """

    def __init__(self, params, messages, blank, batch):
        """params, messages: of the scene.  blank: boxes stay empty.  batch: a second example may come."""
        self.params, self.messages, self.blank, self.batch = params, messages, blank, batch
        self.numbers, self.examples = messages.numbers, range(messages.sizes[0])
        self.seats = 2 if batch else messages.sizes[0]
        self.lines = 2 if blank else self.seats
        self.wrong = {d.key for d in messages.disagreements}

    def number(self, x, y, key, step, kind="small", anchor=None, known=False):
        """One number at its place; anchor None: in its middle. An empty box has none, unless it is known before."""
        if self.blank and not known:
            return ""
        words = back_text(self.params, self.messages, key) if key in self.numbers else ""
        words, kind = (f"✗ {words}", f"{kind} wrong") if key in self.wrong else (words, kind)
        value = self.numbers.get(key)
        return text(x, y, words, class_=kind, text_anchor=anchor, data_k=key, data_v=value, data_step=step or None)

    def column(self, x, y, name, ends, step, kind="small", **how):
        """One number an example, around the height y. ends: the rest of its key."""
        first = y + 5 - (self.seats - 1) * BACK_LINE / 2
        kinds = (f"{kind} one", f"{kind} two") if self.batch else (kind,) * self.seats
        return "".join(
            self.number(x, first + BACK_LINE * n, f"{name}-{n}-{ends}", step, kind, **how)
            for n, kind in enumerate(kinds)
        )

    def box(self, column, row, parts=()):
        """A unit's box, with a border at each of `parts`."""
        half, tall = BACK_HALF[column], BACK_LINE * self.lines + 10
        top = self.level(row) - tall / 2
        borders = "".join(tag("path", class_="thin", d=f"M{x} {top:g}v{tall}") for x in parts)
        frame = tag("rect", x=BACK_ACROSS[column] - half, y=top, width=2 * half, height=tall, class_="unit")
        return frame + borders

    def above(self, row):
        """The middle of what the way forward left above a unit's box."""
        return self.level(row) - BACK_LINE * (self.lines + self.seats - 1) / 2 - 17

    def below(self, row):
        """The first line of text below a unit's box."""
        return self.level(row) + BACK_LINE * self.lines / 2 + 20

    def level(self, row):
        """The height of a unit's middle."""
        return BACK_TOP + BACK_PITCH * row

    def largest(self, name):
        """The largest size of a kind of number, to which widths are drawn."""
        sizes = [abs(v) for key, v in self.numbers.items() if key.startswith(f"{name}-") and math.isfinite(v)]
        return max(sizes, default=1.0)


def back_drawing(params, messages, blank, notes, batch=False):
    """The whole drawing. notes: (class, words) of each line of text below it.  batch: a second example may come."""
    pen = BackPen(params, messages, blank, batch)
    _, D, H, K = messages.sizes
    tall = pen.below(max(D, H, K) - 1) + 40
    wires = [(2, h, k) for h in range(H) for k in range(K)] + [(1, i, h) for i in range(D) for h in range(H)]
    drawing = (
        _back_heads(),
        *(_back_arrow(pen, *wire) for wire in wires),
        *(_back_input(pen, i) for i in range(D)),
        *(_back_unit(pen, h) for h in range(H)),
        *(_back_score(pen, k) for k in range(K)),
        *(_back_numbers(pen, *wire) for wire in wires),
        _back_cost(pen, tall - 14),
        "" if blank else _back_dot() * max(H * K, D * H),
        *(
            text(20, tall + BACK_LINE * (i + 2), words, class_=f"small {k}", text_anchor="start")
            for i, (k, words) in enumerate(notes)
        ),
    )
    kind = {"class": "messages single", "id": "way-back"} if batch else {"class": "messages"}  # back_strip.py copies it
    # A reader who hears the page has the table and the live words; on the drawing, the spots.
    spots = () if blank else [*(_back_unit_spot(pen, h) for h in range(H)), *(_back_spot(pen, *wire) for wire in wires)]
    return tag(
        "svg",
        *((*spots, tag("g", *drawing, aria_hidden="true", **kind)) if spots else drawing),
        viewBox=f"0 0 {BACK_WIDE} {tall + BACK_LINE * (len(notes) + 1) + 8:g}",
        class_="messages",
        text_anchor="middle",  # of every text that says nothing else
    )


def _back_heads():
    """What the columns are, and what their boxes hold."""
    return "".join(
        text(x, 20, name, class_="strong") + text(x, 40, holds, class_="small below")
        for x, (name, holds) in zip(BACK_ACROSS, BACK_HEADS, strict=True)
    )


def _back_ends(pen, layer, i, j):
    """The two ends of a line, (x, y) at the left and (x, y) at the right."""
    left, right = BACK_ACROSS[layer - 1] + BACK_HALF[layer - 1], BACK_ACROSS[layer] - BACK_HALF[layer]
    return (left, pen.level(i)), (right, pen.level(j))


def _back_arrow(pen, layer, i, j):
    """One line, and on it the message as an arrow to the left: width is size, colour and dash are sign."""
    (left, top), (right, bottom) = _back_ends(pen, layer, i, j)
    step, pale = (2, "") if layer == 2 else (7, " pale")
    sent = 0.0 if pen.blank else sum(pen.numbers[f"m{layer}-{n}-{i}-{j}"] for n in pen.examples)
    shown, key = look(sent, pen.largest(f"m{layer}")), f"m{layer}-{i}-{j}"
    turn = math.degrees(math.atan2(top - bottom, left - right))
    thin = tag("line", x1=right, y1=bottom, x2=left, y2=top, class_="thin")
    if pen.blank:
        return thin
    wire = tag("line", x1=right, y1=bottom, x2=left + 9, y2=top, class_=f"wire {shown.kind}{pale}", data_line=key,
               stroke_width=shown.width, data_step=step, style=f"transform-origin:{right}px {bottom}px")  # fmt: skip
    # Behind its line, so that the style sheet leaves it out if nothing travels.
    tip = tag("path", class_=f"tip{pale}", d="M-12-5 0 0-12 5z", data_step=step,
              transform=f"translate({left} {top}) rotate({turn:.1f})")  # fmt: skip
    return thin + wire + tip


def _back_numbers(pen, layer, i, j):
    """On a line: the message that travels to the left, and the gradient that its weight reads off."""
    (left, top), (right, bottom) = _back_ends(pen, layer, i, j)
    y, step, pale = top + 0.25 * (bottom - top), 2 if layer == 2 else 7, "" if layer == 2 else " pale"
    message = pen.column(left + 17, y, f"m{layer}", f"{i}-{j}", step, kind=f"on small below{pale}", anchor="start")
    if pen.blank and layer == 2:
        weight = label(table_of(pen.params["W2"])[i][j])
        message = text(left + 17, y + 5, f"{weight} × ____ = ____", class_="on small", text_anchor="start")
    at = top + 0.8 * (bottom - top) + 5
    return message + pen.number(right - 8, at, f"W{layer}-{i}-{j}", 7 - layer, "on harvest", "end")


def _back_input(pen, i):
    """x, and below its box what a layer before it would hear."""
    x, heard = BACK_ACROSS[0], pen.below(i) + (pen.seats - 1) * BACK_LINE / 2 - 5
    numbers = pen.column(x, pen.level(i), "x", i, 0, kind="plain", known=True)
    return pen.box(0, i) + numbers + pen.column(x, heard, "dx", i, 7, kind="small below pale")


def _back_unit(pen, h):
    """A hidden unit: sum, gate and δ from right to left; above it z and a, which the way forward left there."""
    x, y, aside = BACK_ACROSS[1], pen.level(h), (BACK_GATE + BACK_HALF[1]) / 2
    return (
        pen.box(1, h, (x - BACK_GATE, x + BACK_GATE))
        + pen.column(x + aside, y, "u", h, 3)
        + pen.column(x, y, "z", h, 0, known=True)
        + pen.column(x - aside, y, "d1", h, 4, kind="strong small")
        + pen.column(x, pen.above(h), "a", h, 0, known=True)
        + pen.number(x, pen.below(h), f"b1-0-{h}", 6, "harvest")
    )


def _back_dot():
    """What travels a line, one for each line of a layer: with δ on the first half of its way, then with the message."""
    number = tag("text", y=-12, class_="on small")
    return tag("g", tag("circle", r=6), number, number, class_="dot")


def _back_spot(pen, layer, i, j):
    """The place on which the pointer or the focus asks for the two factors of a weight's gradient."""
    (x1, y1), (x2, y2) = _back_ends(pen, layer, i, j)
    return tag(
        "line", x1=x1, y1=y1, x2=x2, y2=y2, **_back_asks(f"W{layer}-{i}-{j}", f"weight W{layer}[{i}, {j}]", 7 - layer)
    )


def _back_unit_spot(pen, h):
    """The same for the sum of a hidden unit."""
    half, tall = BACK_HALF[1], BACK_LINE * pen.lines + 10
    place = {"x": BACK_ACROSS[1] - half, "y": pen.level(h) - tall / 2, "width": 2 * half, "height": tall}
    return tag("rect", **place, **_back_asks(f"u-{h}", f"hidden unit {h + 1}", 3))


def _back_asks(spot, name, step):
    """What every spot has."""
    return {"class": "spot", "data-spot": spot, "data-step": step, "tabindex": 0, "role": "button", "aria-label": name}


def _back_score(pen, k):
    """δ of a score, and above it where it comes from: probability minus target."""
    x, y = BACK_ACROSS[2], pen.level(k)
    answer = pen.column(x, y, "d2", k, 1, kind="strong small")
    origin = pen.column(x, pen.above(k), "p", k, 0, known=True)
    return pen.box(2, k) + answer + origin + pen.number(x, pen.below(k), f"b2-0-{k}", 5, "harvest")


def _back_cost(pen, y):
    """The cost, where the question begins; and the cost after one step down."""
    x = BACK_WIDE - 16
    return pen.number(x, y, "J", 0, "plain", "end", known=True) + pen.number(x, y + 20, "J2", 8, anchor="end")


# --- What the numbers of the two network pictures are called in a table. Units count from 1, entries of arrays from 0, as

NUMBER_NAMES = {
    "x": "input {x}",
    "z": "z of hidden unit {unit}",
    "z1": "z of hidden unit {unit}",
    "a": "a of hidden unit {unit}",
    "a1": "a of hidden unit {unit}",
    "s": "score {unit}",
    "logit": "score {unit}",
    "p": "probability of class {i}",
    "f1": "what the line of {weight} carries",
    "f2": "what the line of {weight} carries",
    "d2": "δ of score {unit}",
    "m2": "message from score {source} to hidden unit {unit}",
    "u": "sum at hidden unit {unit}",
    "d1": "δ of hidden unit {unit}",
    "m1": "message from hidden unit {source} to input {x}",
    "dx": "sum at input {x}",
    "J": "cost",
    "J2": "cost after one step down",
}


def name_of_forward(key, sizes):
    """The name of a number of the forward picture. key: such as f1_0_1.  sizes: inputs, hidden units, scores."""
    name, *places = key.split("_")
    i, j = [*map(int, places), 0, 0][:2]
    layer = name[-1]
    bias = name[0] == "f" and i == sizes[int(layer) - 1]
    weight = f"b{layer}[{j}]" if bias else f"W{layer}[{i}, {j}]"
    return NUMBER_NAMES[name].format(i=i, unit=i + 1, x=input_name(i), weight=weight)


def name_of_backward(key, examples):
    """The name of a number of the messages back. key: such as m2-0-1-0."""
    name, *places = key.split("-")
    n, i, j = [*map(int, places), 0, 0, 0][:3]
    if name[0] in "Wb":
        return f"gradient of {name}[{i}]" if name[0] == "b" else f"gradient of {name}[{n}, {i}]"
    words = NUMBER_NAMES[name].format(i=i, unit=i + 1, source=j + 1, x=input_name(i))
    return words if examples == 1 or name[0] == "J" else f"{words}, example {n + 1}"


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


# --- Scene S4, the messages back: each unit asks "how much more would the cost be?", and the answers travel to the left.

BACK_MOST_WORDS = 3  # disagreements that the drawing lists; the table of numbers has all
BACK_QUESTIONS = (  # about the worked instance of assignment 2
    Prediction("The second hidden unit is closed. It is told −0.538. Which δ leaves it?", ("−0.538", "0", "0.538")),
    Prediction(
        "Before step 6: which of the four weights of W1 hear nothing?",
        ("W1[0, 0], W1[1, 0]", "W1[0, 1], W1[1, 1]", "W1[1, 0], W1[1, 1]", "none"),
        before=6,
    ),
)


def backward(params, X, y, yours=None, *, ask=False, blank=False, guess=None, batch=False, told=True):
    """The messages back for one or two examples, at most three units a layer.

    params: {"W1": (D, H), "b1": (H,), "W2": (H, K), "b2": (K,)}.  X: (N, D).  y: (N,), the right classes.
    yours: a student's own arrays, each optional: dlogits (N, K), sums (N, H), d1 (N, H) and the gradients W1, b1, W2,
    b2. Messages are computed from them, and the scene opens where they first disagree.
    ask: the reader first predicts.  blank: empty boxes, to be filled in by pencil.
    guess: the weights of W1 that hear nothing, as the reader said: pairs (row, column).
    batch: the picture begins with the first of two examples, and a switch adds the second.
    told: whether steps and notes say what disagrees; not on a page that says it above the scene.
    """
    shown = slice(0, 1 if batch else None)
    messages = follow_messages(params, X[shown], y[shown], yours)
    steps = () if blank else _back_steps(messages, told)
    return Scene(
        name="backward",
        title="The messages back",
        svg=back_drawing(params, messages, blank, _back_notes(messages, guess, told), batch),
        says=_back_words(messages, blank, guess),
        steps=steps,
        table=NO_TABLE if blank else _back_table(messages, batch),
        controls="" if blank else _back_controls(params, X, y, yours, batch),
        asks=BACK_QUESTIONS if ask else (),
        facts={} if blank else _back_facts(params, X, y, messages, yours, batch),
        spoilers=(*steps[3:4], *_back_guess(messages, [])[1:]) if ask else (),
    )


@poster_named("messages")
def messages_poster():
    """The worked instance with empty boxes."""
    weights = {"W1": [[1, -1], [0.5, 1]], "b1": [0, -2], "W2": [[1, 0], [3, 1]], "b2": [0, 1]}
    return backward(weights, [[1, 2]], [0], blank=True)


# --- Words --------------------------------------------------------------------------------------------------------


# The player fills the names in braces again when a number is turned.
BACK_SENTENCES = (
    "How much more would the cost be for a little more of each score? Probability minus target{share}: {d2}.",
    "Each score sends its δ down its lines. Each line multiplies it by its weight.",
    "Each hidden unit adds what arrives: {u}.",
    "Where z is above 0 the gate is open and the sum passes. Where it is not, the sum stops: {d1}.",
    "Each weight of the second layer reads its gradient off its two ends: a at the left times δ at the right.{adds}",
    "Each weight of the first layer does the same: x at the left times δ at the right.{adds}",
    "A layer before this one would hear these messages.",
    "One step down with rate {rate}: the cost goes from {J} to {J2}.",
)
BACK_MANY = {  # what the sentences say more of a batch
    "share": ", over the number of examples",
    "adds": " Each example gives a product, and the weight adds them. 1/N is in δ already.",
}


def _back_steps(messages, told=True):
    """One sentence a step, and behind it what is wrong there, if that is told here."""
    values, wrong = _back_values(messages), messages.disagreements if told else ()
    return tuple(
        " ".join([words.format(**values), *_back_wrong([d for d in wrong if d.step == step])])
        for step, words in enumerate(BACK_SENTENCES, start=1)
    )


def _back_table(messages, batch):
    """All numbers with their names. batch: an example that waits behind the switch has empty rows."""
    numbers = messages.numbers
    waiting = [f"{name}-1-{ends}" for name, n, ends in _back_keys(numbers) if n == "0"] if batch else []
    examples = 2 if batch else messages.sizes[0]
    rows = [(name_of_backward(key, examples), label(numbers[key])) for key in numbers]
    rows += [(name_of_backward(key, examples), "") for key in waiting]
    return Table(("number", "value"), tuple(rows), (*numbers, *waiting))


def _back_keys(numbers):
    """The keys of what belongs to one example, in parts: name, example, and the rest."""
    return (key.split("-", 2) for key in numbers if key[0] not in "WbJ")


def _back_values(messages):
    """What stands in the sentences. The numbers of different examples are apart."""
    numbers, (N, _, H, K) = messages.numbers, messages.sizes
    listed = {
        name: "; ".join(", ".join(label(numbers[f"{name}-{n}-{i}"]) for i in range(size)) for n in range(N))
        for name, size in (("d2", K), ("d1", H))
    }
    listed["u"] = "; ".join(", ".join(_back_sum(numbers, n, h, K) for h in range(H)) for n in range(N))
    many = BACK_MANY if N > 1 else dict.fromkeys(BACK_MANY, "")
    return {**listed, **many, "rate": f"{STEP_RATE:g}", "J": label(numbers["J"]), "J2": label(numbers["J2"])}


def _back_sum(numbers, n, h, K):
    """What arrives at a hidden unit: −0.807 + 0.269 = −0.538."""
    sent = [numbers[f"m2-{n}-{h}-{k}"] for k in range(K)]
    return f"{' + '.join(map(label, sent))} = {label(sum(sent))}"


def _back_wrong(disagreements):
    """The first disagreements in words, and how many more there are."""
    more = len(disagreements) - BACK_MOST_WORDS
    return [d.words for d in disagreements[:BACK_MOST_WORDS]] + ([f"… and {more} more."] if more > 0 else [])


def _back_notes(messages, guess, told):
    """The lines below the drawing, each with its class. The live words replace a note where a script runs."""
    notes = _back_wrong(messages.disagreements) if told else []
    return [("note", words) for words in notes] + [("", w) for w in _back_guess(messages, guess)]


def _back_words(messages, blank, guess):
    """The drawing in words, from its numbers."""
    if blank:
        return (
            "A network, read from right to left. The places for δ of the scores, the messages on the lines, and the "
            "sum and δ of each hidden unit are empty: fill them in by pencil."
        )
    return " ".join([*_back_steps(messages), *_back_guess(messages, guess)])


def _back_guess(messages, guess):
    """The reader's guess, and the weights of W1 that hear nothing; no line without a guess."""
    _, D, H, _ = messages.sizes
    weights = [(i, h) for i in range(D) for h in range(H)]
    silent = [(i, h) for i, h in weights if messages.numbers[f"W1-{i}-{h}"] == 0]
    if guess is None:
        return []
    try:
        said = [pair for pair in weights if pair in {tuple(each) for each in guess}]
    except TypeError:  # no list of pairs
        said = []
    mark = "✓" if said == silent else "✗"
    return [
        f"{mark} You said: {_back_weights(said)}.",
        f"The weights of W1 that hear nothing: {_back_weights(silent)}.",
    ]


def _back_weights(pairs):
    return ", ".join(f"W1[{', '.join(map(str, pair))}]" for pair in pairs) or "none"


# --- What a reader may do -----------------------------------------------------------------------------------------


def _back_controls(params, X, y, yours, batch):
    """Back and next; and, if the numbers are not a student's, one slider for any of the numbers that go in."""
    buttons = button("← Back", do="back", keys="ArrowLeft") + button("Next →", do="next", keys="ArrowRight")
    if yours:
        return buttons
    tables = {"x": table_of(X), **network_of(params)}
    names = [f"{name}-{i}-{j}" for name, rows in tables.items() for i, row in enumerate(rows) for j in range(len(row))]
    waits = {"class": "two", "hidden": ""} if batch else {}  # until the switch adds the second example
    options = (tag("option", _back_knob(key), value=key, **(waits if key[:3] == "x-1" else {})) for key in names)
    value = tables["x"][0][0]
    first = label(value)
    turn = tag("input", type="range", min=-4, max=4, step="0.25", value=str(value), data_knob="turn",
               aria_label="its value", aria_valuetext=first)  # fmt: skip
    choose = tag("label", "turn ", tag("select", *options, data_knob="which"))
    scores = range(len(tables["b2"][0]))
    classes = (_back_class(n, int(c), scores, len(y), waits if n else {}) for n, c in enumerate(y))
    switch = tag("label", tag("input", type="checkbox", data_knob="batch"), " batch of 2") if batch else ""
    return "".join([buttons, choose, tag("label", turn, tag("output", first)), *classes, switch])


def _back_class(n, right, scores, examples, how):
    """The choice of the right class of an example."""
    options = (tag("option", str(k), value=k, selected="" if k == right else None) for k in scores)
    words = "right class " if examples == 1 else f"right class of example {n + 1} "
    return tag("label", words, tag("select", *options, data_knob="label", data_example=n), **how)


def _back_knob(key):
    """A number that goes in, as people write it."""
    name, i, j = key.split("-")
    if name == "x":
        return f"{input_name(int(j))}, example {int(i) + 1}"
    return f"{name}[{i}, {j}]" if name[0] == "W" else f"{name}[{j}]"


def _back_facts(params, X, y, messages, yours, batch):
    """What the player computes with. A student's numbers cannot be turned, so it gets none of them, only the steps."""
    facts = {"opens": min((d.step for d in messages.disagreements), default=None), "sizes": messages.sizes}
    if yours:
        return facts
    inputs = {"params": network_of(params), "X": table_of(X), "y": [int(c) for c in y], "rate": STEP_RATE}
    words = {"steps": (), "sentences": BACK_SENTENCES, "many": BACK_MANY}  # the player makes the steps
    return {**facts, "inputs": inputs, "long": BACK_LONG, "batch": batch, **words}


# --- Scene S3, the forward picture: one example goes through a network with one hidden layer, from left to right.

FORWARD_QUESTION = Prediction("Which number leaves the second hidden unit, the lower one?")


def forward(params, x, y=None, a1=None, logits=None, ask=False):
    """The numbers of one example at their places.

    params: {"W1", "b1", "W2", "b2"} of at most 3 units a layer.  x: (1, D).  y: (1,), its class, or None.
    a1, logits: your own numbers, (1, H) and (1, K); without them the picture computes its own.
    ask: a reader first predicts.
    """
    net = network_of(params)
    point, y = table_of(x)[0], None if y is None else int(table_of(y)[0][0])
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
        table=Table(("number", "value"), tuple((name_of_forward(k, sizes), v) for k, v in shown.items()), tuple(shown)),
        controls=forward_controls(sizes, point, y, a1 is None and logits is None),
        asks=(FORWARD_QUESTION,) if ask else (),
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


def forward_first(values):
    """The first row of your numbers; None if there are none, or if they are no rows of numbers."""
    table = table_or_none(values)
    return table[0] if table else None


def forward_values(net, x, y, a1=None, logits=None):
    """Every number of the picture by its key, and a complaint for each of yours that does not fit the others.

    Keys: x_0, f1_0_1 (what a line of layer 1 carries from unit 0 to unit 1), z1_0, a1_0, logit_0, p_0, J.
    """
    values, complaints = {f"x_{i}": v for i, v in enumerate(x)}, []
    sums = forward_layer(values, net, 1, x)
    units = forward_yours(gated(sums), a1, "hidden unit {}: {} leaves the gate, your forward says {}", complaints)
    values |= {f"z1_{j}": z for j, z in enumerate(sums)} | {f"a1_{j}": a for j, a in enumerate(units)}
    arrived = forward_layer(values, net, 2, units)
    scores = forward_yours(arrived, logits, "score {}: {} arrives, your forward says {}", complaints)
    log_p = log_chances(scores)
    values |= {f"logit_{k}": v for k, v in enumerate(scores)} | {f"p_{k}": math.exp(v) for k, v in enumerate(log_p)}
    return values | ({} if y is None else {"J": -log_p[y]}), complaints


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
    flows = flows_of(inputs, net, layer)
    values |= {f"f{layer}_{i}_{j}": f for i, row in enumerate(flows) for j, f in enumerate(row)}
    return sums_of(flows)


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
        *(forward_unit(0, i) + forward_number(*unit_place(0, i), f"x_{i}", values, 1, "small") for i in range(inputs)),
        *(forward_hidden(j, values) for j in range(hidden)),
        *(
            forward_unit(2, k) + forward_number(*unit_place(2, k), f"logit_{k}", values, 5, "small")
            for k in range(classes)
        ),
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
    step = 2 if layer == 1 else 5
    path = f"M{x1:.0f} {y1:.0f}L{x2:.0f} {y2:.0f}"
    line = tag("path", d=path, class_="net")
    if flow is not None:
        line += tag("path", d=path, class_=shown.kind, stroke_width=shown.width, data_line=key, data_step=step)
    number = text(x, y + 4, label(weight), class_="small on", text_anchor="middle")
    x, y = line_place(layer - 1, i, j, PLACE_FLOW)
    return line, number + forward_number(x, y, key, {key: flow}, step, "small on strong")


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
        visibility=None if shut else "hidden",
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
    buttons = button("← Back", do="back", keys="ArrowLeft") + button("Next →", do="next", keys="ArrowRight")
    if not free:
        return buttons
    knobs = [slider(input_name(i), f"x{i}", -4, 4, 0.5, v, label(v)) for i, v in enumerate(x)]
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
    error = ", ".join(map(_signed, errors))
    return (
        tag("path", class_="thin", d=f"M156 130C230 130 230 {y + 12} 300 {y + 12}")
        + tag("path", class_="back", d=f"M470 {y + 44}H240C190 {y + 44} 200 265 160 265l10-5m-10 5 9 7")
        + text(308, y - 8, f"example {n}: x = {x}")
        + _cells(308, y, WEIGHTS[1], "forth")
        + tag("text", f"x g = ({message})", x=308, y=y + 62, class_="below")
        + tag("text", f"g = ({error})", x=482, y=y + 49, class_="below")
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

