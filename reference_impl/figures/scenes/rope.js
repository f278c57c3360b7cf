// How the ball and the rope of scene S2 move. A part of the player: label, fill and set come from there.
movers.rope = (scene) => {
    const k = scene.facts, { part } = scene, [left, top, wide, tall] = k.box;
    const [height, rise] = range(k.hills);
    const curves = {
      range: [(w) => -height(w), (w) => -rise(w)],
      bowl: [(w) => w * w, (w) => 2 * w],
      bump: [(w) => 1 - 1 / (1 + w * w), (w) => 2 * (w / (1 + w * w) / (1 + w * w))],
      vee: [Math.abs, Math.sign],
      well: [(w) => -Math.exp(-w * w), (w) => 2 * w * Math.exp(-w * w)],
    };
    const cut = (share, low, high) => Math.min(Math.max(share, low), high);
    let { curve, a, b, start, rate } = k, path, t;
    const across = (w) => left + wide * cut((w - k.curves[curve][0]) / (k.curves[curve][1] - k.curves[curve][0]), -0.1, 1.1);
    const down = (j) => top + tall * cut((k.curves[curve][3] - j) / (k.curves[curve][3] - k.curves[curve][2]), -3, 3);
    const at = (w) => [across(w), down(curves[curve][0](w))];
    const sayRope = () => {
      const cost = curves[curve][0], parts = [...Array(k.parts - 1).keys()].map((i) => (i + 1) / k.parts);
      const gaps = parts.map((s) => cost(a + s * (b - a)) - (cost(a) + s * (cost(b) - cost(a))));
      const gap = Math.max(...gaps), place = a + parts[gaps.indexOf(gap)] * (b - a);
      const kind = a === b ? 2 : gap > 1e-9 ? 0 : 1;
      const words = fill(k.says[kind], { a: label(a), b: label(b), gap: label(gap), place: label(place) });
      scene.say(words);
      if (curve === k.curve && kind === 0) scene.tell(words);
    };
    const drawRope = () => {
      set(part("whole"), { visibility: a === null || b === null ? "hidden" : "visible" });
      if (a === null || b === null) return;
      const [x1, y1] = at(a), [x2, y2] = at(b);
      set(part("rope"), { d: `M${x1} ${y1}L${x2} ${y2}` });
      set(part("end-a"), { cx: x1, cy: y1, "data-v": a });
      set(part("end-b"), { cx: x2, cy: y2, "data-v": b });
      set(part("above"), { points: `${x1},${y1} ${x2},${y2} ${x2},-900 ${x1},-900` });
    };
    const drawBall = () => {
      const w = path[t], [x, y] = at(w), tilt = curves[curve][1](w) * (down(0) - down(1));
      set(part("ball"), { transform: `translate(${x} ${y})`, "data-v": w });
      set(part("tangent"), { transform: `rotate(${degrees(tilt, across(1) - across(0))})` });
      const shown = path.slice(0, t + 1);
      set(part("trail"), { d: shown.map((v) => `M${across(v)} 352h0`).join(""), "data-v": shown.join(" ") });
      scene.toward(x);
    };
    const sayBall = () => {
      const w = path[t], [h, g] = curves[curve].map((f) => label(f(w)));
      scene.say(fill(k.ball, { t, w: label(w), h, g }));
    };
    const begin = () => {
      const slope = curves[curve][1];
      path = walk(start, rate, (w) => -slope(w), k);
      t = 0;
      drawBall();
    };
    const step = () => { t = Math.min(t + 1, path.length - 1); drawBall(); return t < path.length - 1; };
    const knobs = (name) => scene.root.querySelector(`[data-knob="${name}"]`);
    const choose = (name) => {
      curve = name;
      const [low, high] = k.curves[curve];
      [[a, b], start] = [k.safe[curve], curve === "range" ? 8.7 : -2.5];
      for (const [knob, value] of Object.entries({ a, b, ball: start })) {
        set(knobs(knob), { min: low, max: high });
        knobs(knob).value = value;
        scene.name(knobs(knob), label(value));
      }
      for (const name of ["area", "graph"]) set(part(name), { href: `#rope-${curve}` });
      for (let i = 0; i < 5; i++) part(`tick${i}`).textContent = label(low + ((high - low) * i) / 4);
      drawRope();
      begin();
      sayRope();
    };
    const drop = (knob) => { start = +knob.value; scene.name(knob, label(start)); begin(); sayBall(); };
    const end = (put) => (knob) => {
      put(+knob.value);
      scene.name(knob, label(+knob.value));
      drawRope();
      if (a !== null && b !== null) sayRope();
    };
    drawRope();
    begin();
    return {
      curve: (knob) => choose(knob.value),
      a: end((w) => { a = w; }),
      b: end((w) => { b = w; }),
      ball: drop,
      // A click on the drawing drops the ball there.
      pointed: (x) => {
        const knob = knobs("ball"), [low, high] = k.curves[curve];
        if (knob.disabled) return;
        knob.value = low + ((x - left) / wide) * (high - low);
        drop(knob);
      },
      rate: (knob) => { rate = k.rates[knob.value]; scene.name(knob, label(rate)); begin(); },
      next: () => { step(); sayBall(); },
      roll: () => scene.run(() => step() || (sayBall(), false), 60),
      // The state that Python drew, which the words on the page are about.
      end: () => {
        choose(k.curve);
        ({ start, rate } = k);
        [a, b] = k.drawn;
        drawRope();
        begin();
        t = path.length - 1;
        drawBall();
      },
      flip: (button) => {
        const flipped = button.getAttribute("aria-pressed") === "false";
        button.setAttribute("aria-pressed", String(flipped));
        set(part("flip"), { transform: flipped ? `matrix(1 0 0 -1 0 ${2 * top + tall})` : "" });
        scene.say(flipped ? "Upside down: the ball climbs a height. The walk is the same." : "The ball rolls down a cost.");
      },
    };
  };
