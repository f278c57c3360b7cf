// How the climber of scene S1 walks. A part of the player: label, fill and set come from there.
movers.climber = (scene) => {
    const k = scene.facts, { part } = scene;
    const [height, slope] = range(k.hills);
    const across = (w) => k.left + k.unit * Math.min(Math.max(w, 0), 10);
    const top = (w) => k.summits.findIndex((s) => Math.abs(w - s) < 0.05);
    let { start, rate } = k, path, t;
    // NaN and Infinity come as words
    const given = k.path?.map(Number);
    const say = () => {
      const w = path[t], g = slope(w), out = Number.isNaN(w) ? 2 : w < 0 || w > 10 ? 1 : 0;
      const feel = k.feels[1 + (g > k.gentle) - (g < -k.gentle)];
      scene.say(fill(k.says[out], { t, w: label(w), h: label(height(w)), feel, g: label(g) }));
    };
    const draw = () => {
      const shown = path.slice(0, t + 1), real = shown.filter((w) => !Number.isNaN(w)), w = real.at(-1);
      const wide = (10 * k.unit) / Math.max(60, path.length - 1);
      const point = (x, i) => (Number.isNaN(x) ? "" : `${k.left + wide * i},${k.base - k.rise * height(x)}`);
      set(part("prints"), { d: real.map((x) => `M${across(x)} ${k.floor + 54}h0`).join(""), "data-v": real.join(" ") });
      set(part("graph"), { points: shown.map(point).join(" ") });
      if (w === undefined) return;
      const g = slope(w), x = across(w);
      set(part("feet"), { transform: `translate(${x} ${k.floor - k.tall * height(w)})`, "data-v": w });
      set(part("window"), { transform: `translate(${x})` });
      set(part("plank"), { transform: `rotate(${degrees(k.tall * g, k.unit)})` });
      set(part("slope"), { "data-v": g });
      part("slope").textContent = w < 0 || w > 10 ? `at w = ${label(w)}` : `slope ${label(g)}`;
      scene.toward(x);
    };
    const begin = () => {
      path = given ?? walk(start, rate, slope, k);
      t = 0;
      draw();
    };
    const done = (goal) => {
      const item = scene.root.querySelector(`[data-goal="${goal}"]`);
      if (item && !item.classList.contains("done")) { item.classList.add("done"); item.append(` ✓ ${item.dataset.then}`); }
    };
    const judge = () => {
      const steps = path.slice(1).map((w, i) => Math.abs(w - path[i])), most = Math.max(...steps), end = path.at(-1);
      const first = k.starts.indexOf(path[0]);
      if (top(end) >= 0) done("top");
      if (steps[0] < most / 2 && steps.at(-1) < most / 2) done("short");
      if (top(end) < 0 && Math.abs(end - path[0]) < 0.02) done("level");
      if (steps.at(-1) > 0.1) done("hops");
      if (path[0] === k.start) scene.tell(`She is at ${label(end)} after ${t} steps with rate ${label(rate)}.`);
      if (first >= 0 && part(`start${first}`)) part(`start${first}`).textContent = top(end) < 0 ? "–" : top(end) + 1;
      if (k.starts.every((_, i) => part(`start${i}`)?.textContent)) done("starts");
    };
    const step = () => {
      if (t >= path.length - 1) return false;
      t += 1;
      draw();
      if (t === path.length - 1) judge();
      return t < path.length - 1;
    };
    const feel = (on) => scene.root.classList.toggle("feels", on);
    const flag = (w) => {
      set(part("flag"), { transform: `translate(${across(+w)})`, visibility: "visible" });
      part("said").textContent = `you said ${label(+w)}`;
    };
    scene.root.classList.toggle("fogged", !given);
    begin();
    return {
      feel: () => { feel(); say(); },
      next: () => { feel(true); step(); say(); },
      walk: () => { feel(true); scene.run(() => step() || (say(), false)); },
      end: () => { feel(true); t = path.length - 1; draw(); },
      again: () => { begin(); say(); },
      fog: (button) => button.setAttribute("aria-pressed", String(scene.root.classList.toggle("fogged"))),
      rate: (knob) => { rate = k.rates[knob.value]; scene.name(knob, label(rate)); begin(); },
      start: (knob) => { start = +knob.value; scene.name(knob, label(start)); begin(); },
      somewhere: () => {
        start = k.starts[(k.starts.indexOf(start) + 1) % k.starts.length];
        const knob = scene.root.querySelector("[data-knob=start]");
        knob.value = start;
        scene.name(knob, label(start));
        begin();
        say();
      },
      // Before the prediction is given, a click on the drawing points at a place.
      pointed: (x) => {
        const field = scene.root.querySelector(".ask input"), w = Math.min(Math.max((x - k.left) / k.unit, 0), 10);
        if (!field) return;
        field.value = w.toFixed(1);
        flag(field.value);
      },
      answered: (answer) => { if (answer !== "") flag(answer); },
    };
  };
