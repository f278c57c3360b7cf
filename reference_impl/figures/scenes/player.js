// The player: it shows, hides, moves and re-labels what Python has drawn. It creates no shape.
(() => {
  "use strict";
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  // From a number to its look: the same rule as look.py.
  const label = (v) => {
    if (Number.isNaN(v)) return "NaN";
    const size = Math.abs(v), sign = v < 0 ? "−" : "";
    if (size === Infinity) return sign + "∞";
    if (size === 0) return "0";
    if (size >= 0.0005 && size < 10000) return sign + size.toFixed(size < 100 ? 3 : 1).replace(/\.?0+$/, "");
    const [digits, exponent] = size.toExponential(1).split("e");
    return `${sign}${digits.replace(/\.0$/, "")}e${+exponent}`;
  };
  const look = (v, largest = 1) => {
    if (Number.isNaN(v) || v === 0) return { width: 1, kind: "none", label: label(v) };
    const share = !Number.isFinite(v) || !(largest > 0) ? 1 : Math.min(Math.abs(v) / largest, 1);
    return { width: +(1 + 6 * share).toFixed(2), kind: v > 0 ? "plus" : "minus", label: label(v) };
  };
  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const set = (element, values) => {
    if (element) for (const [name, value] of Object.entries(values)) element.setAttribute(name, value);
  };

  // JSON has no NaN and no infinity: scene.py writes their names.
  const odd = { NaN, Infinity, "-Infinity": -Infinity };
  const facts = (text) => JSON.parse(text, (_, v) => (typeof v === "string" && Object.hasOwn(odd, v) ? odd[v] : v));

  // One function a scene, by its name: it takes the scene and returns what buttons, sliders and the answer do.
  const movers = {};
  // The files of the scenes stand below this line.
  // The core: steps, live words, prediction, buttons, sliders and keys.
  const open = (root) => {
    const all = (query) => [...root.querySelectorAll(query)];
    const scene = {
      root, all, now: 0, last: +root.dataset.last, facts: facts(root.dataset.facts || "{}"),
      part: (name) => root.querySelector(`[data-part="${name}"]`),
      say: (words) => { const live = root.querySelector(".live"); if (live) live.textContent = words; },
      show: (step) => {
        const ask = asks.find((e) => step >= e.dataset.before && !given(e));
        if (ask) { ask.hidden = false; step = ask.dataset.before - 1; }
        scene.now = Math.max(0, Math.min(scene.last, step));
        all("[data-step]").forEach((e) => e.classList.toggle("later", +e.dataset.step > scene.now));
        const words = scene.facts.steps?.[scene.now - 1];
        // What is hidden hears no keys.
        if (root.querySelector(".later:focus")) focus();
        if (ask) scene.say(ask.firstChild.textContent);
        else if (words) scene.say(words);
        ends();
      },
      // Beside the answer that was given last: what happened.
      tell: (words) => { if (answer) answer.textContent = `${answer.dataset.said} ${words}`; },
      name: (knob, words) => {
        knob.setAttribute("aria-valuetext", words);
        if (knob.nextElementSibling?.tagName === "OUTPUT") knob.nextElementSibling.value = words;
      },
      // On a narrow screen: brings a place of the drawing, in its units, to the middle of its box.
      toward: (x) => {
        const svg = root.querySelector(".box svg"), box = svg.parentNode;
        box.scrollLeft = (x / svg.viewBox.baseVal.width) * svg.getBoundingClientRect().width - box.clientWidth / 2;
      },
      // Calls tick() again and again until it returns false.
      run: (tick, pause = 120) => {
        clearInterval(scene.timer);
        if (still) { while (tick()); return; }
        scene.timer = setInterval(() => { if (!tick()) clearInterval(scene.timer); }, pause);
      },
    };
    root.classList.add("live-scene");
    // A prediction with a step is asked when the reader wants to go there.
    const asks = all(".ask"), given = (ask) => ask.classList.contains("given");
    asks.forEach((e) => { e.hidden = !!e.dataset.before; });
    const focus = () => root.focus({ preventScroll: true });
    let answer;
    const steps = { next: () => scene.show(scene.now + 1), back: () => scene.show(scene.now - 1) };
    const actions = { ...steps };
    // Next and Back work while there is a step to go to. A scene that steps by rules of its own has no ends.
    const ends = () => [["back", 0], ["next", scene.last]].forEach(([what, end]) => {
      if (actions[what] === steps[what]) for (const e of all(`[data-do=${what}]`)) {
        e.disabled = scene.now === end || (end > 0 && asks.some((ask) => !ask.hidden && !given(ask)));
        // A disabled button hears none, too.
        if (e.disabled && e.matches(":focus")) focus();
      }
    });
    Object.assign(actions, movers[root.dataset.scene]?.(scene));
    const controls = all(".controls button, .controls input, .controls select");
    // The drawing's words and numbers are not in the page before the prediction is given.
    const withheld = asks.length ? all("details, desc").map((e) => [e, e.parentNode, e.nextSibling]) : [];
    withheld.forEach(([e]) => e.remove());
    const reveal = () => withheld.splice(0).forEach(([e, parent, next]) => parent.insertBefore(e, next));
    const answered = (ask, said) => {
      ask.classList.add("given");
      if (asks.every(given)) reveal();
      controls.forEach((c) => { c.disabled = false; });
      ends();
      // The answer stands in the place of its buttons, and the scene takes their focus.
      answer = ask.firstChild;
      answer.dataset.said = `${answer.textContent} You said ${said.replace("-", "−")}.`;
      scene.tell("");
      ask.hidden = !said;
      [...ask.children].slice(1).forEach((e) => e.remove());
      focus();
      actions.answered?.(said, ask);
    };
    if (asks.some((e) => !e.hidden)) controls.forEach((c) => { c.disabled = true; });
    root.addEventListener("click", ({ target, clientX }) => {
      // how far from the left a click lies, in units of the drawing
      const drawing = target.closest("svg");
      if (drawing) actions.pointed?.(new DOMPoint(clientX, 0).matrixTransform(root.querySelector("svg").getScreenCTM().inverse()).x);
      const ask = target.closest(".ask");
      if (target.dataset.answer !== undefined) answered(ask, target.dataset.answer);
      else if (target.dataset.do === "answer") answered(ask, ask.querySelector("input").value);
      else if (target.dataset.do) { clearInterval(scene.timer); actions[target.dataset.do]?.(target); }
    });
    // paper shows the last state and all numbers
    addEventListener("beforeprint", () => {
      reveal();
      asks.forEach((e) => e.classList.add("given"));
      all("details").forEach((e) => { e.open = true; });
      scene.show(scene.last);
      actions.end?.();
    });
    root.addEventListener("input", ({ target }) => { clearInterval(scene.timer); actions[target.dataset.knob]?.(target); });
    root.addEventListener("keydown", (event) => {
      const inside = event.target.tagName;
      if (inside === "INPUT" || inside === "SELECT" || (inside !== "SECTION" && [" ", "Enter"].includes(event.key))) return;
      const key = (event.shiftKey ? "Shift+" : "") + (event.key === " " ? "Space" : event.key);
      const button = all("[aria-keyshortcuts]").find((b) => b.getAttribute("aria-keyshortcuts").split(" ").includes(key));
      if (button?.disabled === false) { button.click(); event.preventDefault(); }
    });
  };
  // In a notebook the page is a frame: the frame becomes as high as the page.
  try {
    if (frameElement) new ResizeObserver(() => { frameElement.style.height = `${document.body.scrollHeight + 24}px`; }).observe(document.body);
    // a frame of another origin keeps its height
  } catch { }
  window.scenes = { label, look };
  document.querySelectorAll(".scene").forEach(open);
  document.querySelector("[data-knob=theme]")?.addEventListener("change", ({ target }) => {
    document.documentElement.dataset.theme = target.value;
  });
})();
