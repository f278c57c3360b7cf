// The forward picture, scene S3. A part of the player: look, fill and the network's numbers come from there.
  const network = (net, x, y) => {
    const v = {}, put = (name, values) => values.forEach((value, k) => { v[`${name}_${k}`] = value; });
    const layer = (n, inputs) => {
      const rows = flows(inputs, net, n);
      rows.forEach((row, i) => put(`f${n}_${i}`, row));
      return columnSums(rows);
    };
    const z = layer(1, x), a = z.map(gate), scores = layer(2, a), logP = logChances(scores);
    put("x", x); put("z1", z); put("a1", a); put("logit", scores); put("p", logP.map(Math.exp));
    if (y !== null) v.J = -logP[y];
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
    each("n", (e, value) => { e.textContent = label(value); });
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
        scene.tell(`It is ${right}.`);
        if (said !== "") scene.say(`You said ${label(+said)}; it is ${right}. ${scene.facts.steps[3]}`);
      },
    };
  };
