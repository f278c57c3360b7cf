// The messages back, scene S4. A part of the player: look, set and the network's numbers come from there.
// All numbers of both ways by key, as messages.py has them. X: rows of inputs.  y: the right class of each.
const bothWays = (params, X, y) => {
  const v = {}, put = (name, rows) => rows.forEach((row, i) => row.forEach((x, j) => { v[`${name}-${i}-${j}`] = x; }));
  const N = X.length, Z = X.map((row) => columnSums(flows(row, params, 1))), A = Z.map((row) => row.map(gate));
  const S = A.map((row) => columnSums(flows(row, params, 2))), logP = S.map(logChances), P = logP.map((row) => row.map(Math.exp));
  const D2 = P.map((row, n) => row.map((p, k) => (p - (k === y[n] ? 1 : 0)) / N));
  // What a layer's δ send through its weights, and what arrives.
  const sent = (name, D, W) => D.map((d, n) => W.map((row, i) => {
    const messages = row.map((w, k) => (v[`${name}-${n}-${i}-${k}`] = w * d[k]));
    return messages.reduce((a, b) => a + b);
  }));
  const U = sent("m2", D2, params.W2), D1 = U.map((row, n) => row.map((u, h) => (Z[n][h] > 0 ? u : 0)));
  const outer = (L, D) => L[0].map((_, i) => columnSums(D.map((d, n) => d.map((x) => L[n][i] * x))));
  const grads = { W1: outer(X, D1), b1: [columnSums(D1)], W2: outer(A, D2), b2: [columnSums(D2)] };
  const tables = { x: X, z: Z, a: A, s: S, p: P, d2: D2, u: U, d1: D1, dx: sent("m1", D1, params.W1), ...grads };
  Object.entries(tables).forEach(([name, rows]) => put(name, rows));
  v.J = -logP.reduce((sum, row, n) => sum + row[y[n]], 0) / N;
  return { v, grads };
};

movers.backward = (scene) => {
  const { inputs, opens, sizes, batch, many, long } = scene.facts, { root, all, show } = scene;
  const count = (n) => [...Array(n).keys()];
  let key = "x-0-0", N = sizes[0];
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
      return product.length <= long ? product : value;
    }
    if (kind[0] === "J") return `${kind === "J" ? "cost J =" : "after one step down:"} ${value}`;
    if (kind === "a") return `z = ${label(v[`z-${n}-${h}`])}, a = ${value}`;
    return kind === "z" ? (v[name] > 0 ? "←" : "‖") : value;
  };
  const number = (name) => +root.querySelector(`[data-k="${name}"]`).dataset.v;
  // A sum as the numbers on the drawing make it: "−0.807 + 0.269 = −0.538".
  const sum = (n, h) => {
    const sent = count(sizes[3]).map((k) => number(`m2-${n}-${h}-${k}`));
    return `${sent.map(label).join(" + ")} = ${label(sent.reduce((a, b) => a + b, 0))}`;
  };
  const draw = () => {
    const { params, rate } = inputs, X = inputs.X.slice(0, N), y = inputs.y.slice(0, N), { v, grads } = bothWays(params, X, y);
    const down = (name) => params[name].map((row, i) => row.map((w, j) => w - rate * grads[name][i][j]));
    v.J2 = bothWays({ W1: down("W1"), b1: down("b1"), W2: down("W2"), b2: down("b2") }, X, y).v.J;
    // The numbers of the drawing and of the table.
    all("[data-k], td[data-n]").forEach((e) => {
      const { k, n } = e.dataset, there = (k ?? n) in v;
      e.textContent = there ? (k ? words(k, v) : label(v[n])) : "";
      if (n) e.parentNode.hidden = !there;
      else if (there) e.dataset.v = v[k];
      else delete e.dataset.v;
    });
    for (const layer of ["m1", "m2"]) {
      const total = (e) => X.reduce((s, _, n) => s + v[e.dataset.line.replace("-", `-${n}-`)], 0);
      const sizes = Object.keys(v).filter((name) => name.startsWith(layer)).map((name) => Math.abs(v[name]));
      const most = Math.max(...sizes.filter(Number.isFinite));
      all(`[data-line^="${layer}"]`).forEach((e) => {
        const shown = look(total(e), most);
        set(e, { class: `wire ${shown.kind}${layer === "m1" ? " pale" : ""}`, "stroke-width": shown.width });
      });
    }
    const listed = (size, word) => count(N).map((n) => count(size).map((i) => word(n, i)).join(", ")).join("; ");
    const numbers = (name) => (n, i) => label(v[`${name}-${n}-${i}`]);
    const said = {
      d2: listed(sizes[3], numbers("d2")), u: listed(sizes[2], sum), d1: listed(sizes[2], numbers("d1")),
      J: label(v.J), J2: label(v.J2), rate, ...(N > 1 ? many : { share: "", adds: "" }),
    };
    scene.facts.steps = scene.facts.sentences.map((words) => fill(words, said));
    all("desc, details > p").forEach((e) => { e.textContent = scene.facts.steps.join(" "); });
    scene.show(scene.now);
  };
  // The pointer or the focus on a unit lights the messages that arrive and says their sum. On a weight it lights the two
  // ends and says their product.
  const light = (spot) => {
    const on = (query) => all(query).forEach((e) => e.classList.add("lit"));
    all(".lit").forEach((e) => e.classList.remove("lit"));
    if (!spot) return;
    const [name, i, j] = spot.dataset.spot.split("-");
    if (name === "u") {
      on(`[data-line^="m2-${i}-"]`);
      scene.say(`Hidden unit ${+i + 1} adds ${count(N).map((n) => sum(n, i)).join("; ")}.`);
      return;
    }
    const [left, right] = name === "W1" ? ["x", "d1"] : ["a", "d2"], ends = count(N).map((n) => [`${left}-${n}-${i}`, `${right}-${n}-${j}`]);
    ends.flat().forEach((end) => on(`[data-k="${end}"]`));
    const products = ends.map((pair) => pair.map((end) => label(number(end))).join(" × "));
    scene.say(`${name}[${i}, ${j}]: ${products.join(" + ")} = ${label(number(`${name}-${i}-${j}`))}.`);
  };
  ["pointerover", "focusin"].forEach((event) => root.addEventListener(event, ({ target }) => light(target.closest("[data-spot]"))));
  // A dot travels each line of a layer. It has δ on the first half of its way, and the message on the second.
  const travel = (layer) => all(`[data-line^=m${layer}]:not(.none)`).forEach((line, k) => {
    const dot = all(".dot")[k], name = line.dataset.line, ends = [1, 2].map((end) => `translate(${line.getAttribute(`x${end}`)}px,${line.getAttribute(`y${end}`)}px)`);
    [`d${layer}-n-${name.at(-1)}`, name.replace("-", "-n-")].forEach((half, i) => {
      const text = dot.children[1 + i];
      text.textContent = count(N).map((n) => label(number(half.replace("n", n)))).join("; ");
      text.animate({ opacity: [1 - i, 1 - i, i, i], offset: [0, 0.5, 0.5, 1] }, 1200);
    });
    dot.animate({ opacity: [1, 1], transform: ends }, 1200);
  });
  scene.show = (step) => {
    const from = scene.now;
    show(step);
    all(".dot").flatMap((e) => e.getAnimations({ subtree: true })).forEach((e) => e.cancel());
    if (!still && scene.now > from && [2, 7].includes(scene.now)) travel(scene.now === 2 ? 2 : 1);
  };
  if (inputs) draw();
  scene.show(opens ?? (root.querySelector(".ask") ? 3 : 0));
  // the way back begins at the right
  scene.toward(1e4);
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
      root.querySelector("g.messages").classList.toggle("single", !checked);
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
