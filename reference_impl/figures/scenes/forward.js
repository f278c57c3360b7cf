// The forward picture of scene S3, and the numbers of a network for every scene that has one.
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
    each("gate", (e, value) => set(e, { visibility: value > 0 ? "hidden" : "visible" }));
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
