// The messages back, scene S4. A part of the player: look, set and the network's numbers come from there.
// All numbers of both ways by key, as messages.py has them. X: rows of inputs.  y: the right class of each.
const bothWays = (params, X, y) => {
  const v = {}, put = (name, rows) => rows.forEach((row, i) => row.forEach((x, j) => { v[`${name}-${i}-${j}`] = x; }));
  const sum = (values) => values.reduce((a, b) => a + b, 0);
  const N = X.length, Z = X.map((row) => columnSums(flows(row, params, 1))), A = Z.map((row) => row.map(gate));
  const S = A.map((row) => columnSums(flows(row, params, 2))), logP = S.map(logChances), P = logP.map((row) => row.map(Math.exp));
  const D2 = P.map((row, n) => row.map((p, k) => (p - (k === y[n] ? 1 : 0)) / N));
  const U = D2.map((d, n) => params.W2.map((row, h) => {
    row.forEach((w, k) => { v[`m2-${n}-${h}-${k}`] = w * d[k]; });
    return sum(row.map((w, k) => w * d[k]));
  }));
  const D1 = U.map((row, n) => row.map((u, h) => (Z[n][h] > 0 ? u : 0)));
  const outer = (L, D) => L[0].map((_, i) => D[0].map((__, j) => sum(D.map((d, n) => L[n][i] * d[j]))));
  const over = (D) => [D[0].map((_, j) => sum(D.map((d) => d[j])))];
  const DX = D1.map((d, n) => params.W1.map((row, i) => {
    row.forEach((w, h) => { v[`m1-${n}-${i}-${h}`] = w * d[h]; });
    return sum(row.map((w, h) => w * d[h]));
  }));
  const grads = { W1: outer(X, D1), b1: over(D1), W2: outer(A, D2), b2: over(D2) };
  const tables = { x: X, z: Z, a: A, s: S, p: P, d2: D2, u: U, d1: D1, dx: DX, ...grads };
  Object.entries(tables).forEach(([name, rows]) => put(name, rows));
  v.J = -sum(logP.map((row, n) => row[y[n]])) / N;
  return { v, grads };
};

movers.backward = (scene) => {
  const { inputs, opens, batch, many } = scene.facts, root = scene.root;
  const all = (query) => [...root.querySelectorAll(query)];
  let key = "x-0-0", N = batch ? 1 : inputs?.X.length;
  const place = () => {
    const [name, i, j] = key.split("-");
    return [name === "x" ? inputs.X[i] : inputs.params[name][i], +j];
  };
  const words = (name, v) => {
    const [kind, n, h, k] = name.split("-"), value = label(v[name]);
    if (kind === "p") {
      const target = `${value} − ${+(+h === inputs.y[n])}`;
      return N === 1 ? target : `(${target}) / ${N}`;
    }
    if (kind === "m2") {
      const product = `${label(inputs.params.W2[h][k])} × ${label(v[`d2-${n}-${k}`])} = ${value}`;
      return product.length <= scene.facts.long ? product : value;
    }
    if (kind === "a") return `z = ${label(v[`z-${n}-${h}`])}, a = ${value}`;
    return kind === "z" ? (v[name] > 0 ? "←" : "‖") : value;
  };
  // A sum as the numbers on the drawing make it: "−0.807 + 0.269 = −0.538".
  const sum = (n, h, v) => {
    const sent = [...Array(scene.facts.scores).keys()].map((k) => v(`m2-${n}-${h}-${k}`));
    return `${sent.map(label).join(" + ")} = ${label(sent.reduce((a, b) => a + b, 0))}`;
  };
  const draw = () => {
    const { params, rate } = inputs, X = inputs.X.slice(0, N), y = inputs.y.slice(0, N), { v, grads } = bothWays(params, X, y);
    const down = (name) => params[name].map((row, i) => row.map((w, j) => w - rate * grads[name][i][j]));
    v.J2 = bothWays({ W1: down("W1"), b1: down("b1"), W2: down("W2"), b2: down("b2") }, X, y).v.J;
    all("[data-k]").forEach((e) => {
      const name = e.dataset.k;
      e.textContent = name in v ? words(name, v) : "";
      if (name in v) set(e, { "data-v": v[name] });
      else e.removeAttribute("data-v");
    });
    all("[data-cost]").forEach((e) => { e.textContent = `cost J = ${label(v.J)}`; });
    all("[data-after]").forEach((e) => { e.textContent = `after one step down: ${label(v.J2)}`; });
    for (const layer of ["m1", "m2"]) {
      const lines = all(`[data-line^="${layer}"]`);
      const total = (e) => X.reduce((s, _, n) => s + v[e.dataset.line.replace("-", `-${n}-`)], 0);
      const most = Math.max(...Object.keys(v).filter((name) => name.startsWith(`${layer}-`)).map((name) => Math.abs(v[name])).filter(Number.isFinite));
      lines.forEach((e) => {
        const shown = look(total(e), most);
        e.classList.remove("plus", "minus", "none");
        e.classList.add(shown.kind);
        set(e, { "stroke-width": shown.width });
        root.querySelector(`[data-tip="${e.dataset.line}"]`).classList.toggle("idle", shown.kind === "none");
      });
    }
    all("td[data-n]").forEach((e) => {
      const name = e.dataset.n;
      e.parentNode.hidden = !(name in v);
      e.textContent = name in v ? label(v[name]) : "";
    });
    const listed = (name, rows) => rows.map((row, n) => row.map((_, i) => label(v[`${name}-${n}-${i}`])).join(", ")).join("; ");
    const units = X.map(() => params.b1[0]), scores = X.map(() => params.b2[0]);
    const sums = X.map((_, n) => units[n].map((__, h) => sum(n, h, (name) => v[name])).join(", ")).join("; ");
    const said = { d2: listed("d2", scores), u: sums, d1: listed("d1", units), J: label(v.J), J2: label(v.J2), rate };
    const more = N > 1 ? many : { share: "", adds: "" };
    scene.facts.steps = scene.facts.sentences.map((words) => fill(words, { ...said, ...more }));
    all("desc, details > p").forEach((e) => { e.textContent = scene.facts.steps.join(" "); });
    scene.show(scene.now);
  };
  // A unit under the pointer lights the lines that lead to it, and writes out its sum.
  const light = (unit) => {
    all("[data-line^=m2]").forEach((e) => e.classList.toggle("lit", !!unit && e.dataset.line.startsWith(`m2-${unit.dataset.unit}-`)));
    if (!unit || scene.now < 3) return;
    const number = (name) => +root.querySelector(`[data-k="${name}"]`).dataset.v;
    const sums = [...unit.querySelectorAll("[data-k^=u]")].map((_, n) => sum(n, unit.dataset.unit, number));
    scene.say(`Hidden unit ${+unit.dataset.unit + 1} adds ${sums.join("; ")}.`);
  };
  root.addEventListener("pointerover", ({ target }) => light(target.closest("[data-unit]")));
  if (inputs) draw();
  scene.show(opens ?? (root.querySelector(".ask") ? 3 : 0));
  // the way back begins at the right
  scene.toward(root.querySelector(".box svg").viewBox.baseVal.width);
  if (!inputs) return {};
  return {
    which: ({ value }) => {
      key = value;
      const [row, j] = place(), bar = root.querySelector("[data-knob=turn]");
      bar.value = row[j];
      scene.name(bar, label(row[j]));
    },
    turn: (bar) => {
      const [row, j] = place();
      row[j] = +bar.value;
      scene.name(bar, label(row[j]));
      draw();
    },
    label: ({ value, dataset }) => { inputs.y[dataset.example] = +value; draw(); },
    batch: ({ checked }) => {
      N = checked ? 2 : 1;
      all(".controls .two").forEach((e) => { e.hidden = !checked; });
      root.querySelector(".messages").classList.toggle("single", !checked);
      draw();
    },
    answered: (answer, { dataset }) => {
      // the rows were not there before
      draw();
      scene.show(+(dataset.before ?? 4));
      const silent = all("[data-k^=W1]").filter((e) => +e.dataset.v === 0).map((e) => e.dataset.k.replace(/-(.)-(.)/, "[$1, $2]"));
      const words = dataset.before ? `The weights of W1 that hear nothing: ${silent.join(", ") || "none"}.` : scene.facts.steps[3];
      scene.say(`You said ${answer || "nothing"}. ${words}`);
      scene.tell(words);
    },
  };
};
