// The two bills of scene S5: neighbours are multiplied, and each product goes onto a receipt.
  movers.bills = (scene) => {
    const { free, given, cheapest: theirs } = scene.facts, paper = scene.part, count = (n) => n.toLocaleString("en-US");
    const { all } = scene, put = (e, words) => { e.textContent = words; };
    const show = (e, on) => { e.style.display = on ? "inline" : "none"; };
    let { dims } = scene.facts, said = "", parts, lines, past;
    const pqr = (ps, i) => [dims[ps[i].hi], dims[ps[i + 1].hi], dims[ps[i + 1].lo - 1]];
    const adds = (ls) => ls.reduce((s, [p, q, r]) => s + p * q * r, 0);
    const join = (ps, i) => [...ps.slice(0, i), { ...ps[i], lo: ps[i + 1].lo, made: true }, ...ps.slice(i + 2)];
    const cheapest = (ps) => ps.slice(1).map((right, i) => {
      const [cost, gaps] = cheapest(join(ps, i));
      return [cost + adds([pqr(ps, i)]), [right.hi, ...gaps]];
    }).reduce((a, b) => (b[0] < a[0] ? b : a), ps.length < 2 ? [0, []] : [Infinity]);
    const name = (p) => Array.from({ length: p.hi - p.lo + 1 }, (_, k) => "J" + "₀₁₂₃₄₅"[p.hi - k]).join("");
    const print = (g, ls) => {
      const cells = g.querySelectorAll(".line"), sum = g.querySelector(".total");
      for (let k = 0; k < cells.length / 2; k++) {
        put(cells[2 * k], ls[k] ? ls[k].join(" · ") : "");
        put(cells[2 * k + 1], ls[k] ? count(adds([ls[k]])) : "");
      }
      put(sum, ls.length ? count(adds(ls)) : "");
      sum.dataset.v = adds(ls);
    };
    const fresh = () => dims.slice(1).map((_, k) => ({ slot: k, hi: dims.length - 1 - k, lo: dims.length - 1 - k }));
    const linesOf = (gaps) => {
      let ps = fresh();
      return gaps.map((gap) => {
        const i = ps.findIndex((p, k) => k > 0 && p.hi === gap) - 1, line = pqr(ps, i);
        ps = join(ps, i);
        return line;
      });
    };
    const around = () => dims.slice(2).map((_, k) => k + 1);
    const ends = () => [["forward", around()], ["reverse", around().reverse()]];
    const waiting = () => !!scene.root.querySelector(".ask:not(.given)");
    const place = (k) => 340 + 124 * (k - (parts.length - 1) / 2);
    const draw = () => {
      const most = Math.max(...dims), side = (n) => Math.max(6, 84 * Math.sqrt(n / most));
      all(".matrix").forEach((g, slot) => {
        const k = parts.findIndex((p) => p.slot === slot), p = parts[k];
        show(g, p);
        if (!p) return;
        const rows = dims[p.hi], columns = dims[p.lo - 1], [title, shape] = g.querySelectorAll("text");
        set(g, { transform: `translate(${place(k)} 82)`, class: `matrix${p.made ? " made" : ""}` });
        const [w, h] = [side(columns), side(rows)];
        set(g.firstElementChild, { x: -w / 2, y: -h / 2, width: w, height: h });
        put(title, name(p));
        put(shape, `${rows} × ${columns}`);
      });
      all("[data-gap]").forEach((e) => {
        const k = parts.findIndex((p, i) => i > 0 && p.hi === +e.dataset.gap), dot = e.tagName === "circle";
        show(e, dot ? k > 0 : +e.dataset.gap < dims.length - 1);
        e.disabled = k < 1 || waiting();
        if (k > 0) dot ? set(e, { cx: place(k - 0.5) }) : put(e, `${name(parts[k - 1])} · ${name(parts[k])}`);
      });
      if (theirs.length && !lines.length) return;
      print(paper("own"), lines);
      put(paper("own").querySelector(".complaint"), "");
    };
    const multiply = (gap) => {
      const i = parts.findIndex((p, k) => k > 0 && p.hi === gap) - 1;
      if (i < 0) return;
      const [p, q, r] = pqr(parts, i);
      past.push([parts, lines]);
      lines = [...lines, [p, q, r]];
      parts = join(parts, i);
      draw();
      scene.say(`${p} × ${q} times ${q} × ${r}: ${count(p * q * r)} multiply-adds. Till: ${count(adds(lines))}.`);
    };
    const begin = () => {
      parts = fresh();
      [lines, past] = [[], []];
      draw();
    };
    // After both orders: how many times the one costs what the other does, beside the guess.
    const compare = () => {
      const [a, b] = ["forward", "reverse"].map((o) => +paper(o).querySelector(".total").dataset.v);
      if (ends().some(([o]) => paper(o).style.display !== "inline") || !(a > 0 && b > 0)) return;
      const ratio = +(Math.max(a, b) / Math.min(a, b)).toPrecision(3), end = a > b ? "input" : "output";
      const words = a === b ? "Both ends cost the same." : `From the ${end} it costs ${ratio} times as much.`;
      scene.say(words + said);
      scene.tell(words);
    };
    // Runs an order, one product at a time; then its receipt is shown.
    const run = (order, gaps) => {
      begin();
      let k = 0;
      scene.run(() => {
        if (k < gaps.length) { multiply(gaps[k]); k += 1; return true; }
        if (order === "own") return false;
        if (free) print(paper(order), lines);
        show(paper(order), true);
        if (order === "reverse") show(paper("shelf"), true);
        compare();
        return false;
      }, 700);
    };
    const chain = (next, keep) => {
      dims = next;
      if (!keep) ["forward", "reverse", "shelf"].forEach((part) => show(paper(part), false));
      if (free) ends().forEach(([order]) => print(paper(order), []));
      all("[data-knob^=n]").forEach((e, k) => {
        e.parentNode.style.display = k < dims.length ? "" : "none";
        if (k < dims.length) { e.value = Math.log10(dims[k]); scene.name(e, `${dims[k]}`); }
      });
      const most = Math.max(...dims), words = paper("shelf").querySelectorAll(".line");
      paper("shelf").querySelectorAll(".full").forEach((bar, k) => {
        const n = k < dims.length - 1 ? dims[k] : 0;
        set(bar, { display: n ? "inline" : "none", transform: `translate(0 400) scale(1 ${n && Math.max(6, 84 * Math.sqrt(n / most)) / 2})` });
        put(words[k], n || "");
      });
      begin();
    };
    const width = (k) => (e) => chain(dims.map((n, i) => (i === k ? Math.round(10 ** e.value) : n)));
    const widths = Object.fromEntries(dims.concat(0, 0, 0).map((_, k) => [`n${k}`, width(k)]));
    const buttons = () => all("button[data-gap]:enabled").filter((e) => e.style.display !== "none");
    scene.root.addEventListener("keydown", ({ key, target }) => {
      const move = { ArrowLeft: -1, ArrowRight: 1 }[key], k = buttons().indexOf(target);
      if (move && (k >= 0 || target === scene.root)) buttons().at(k < 0 ? 0 : (k + move) % buttons().length)?.focus();
    });
    // A matrix that is dragged to its neighbour is multiplied with it.
    let grip;
    const wide = () => 680 / scene.root.querySelector("svg").getBoundingClientRect().width;
    scene.root.addEventListener("pointerdown", ({ target, clientX }) => {
      const k = parts.findIndex((p) => p.slot === all(".matrix").indexOf(target.closest(".matrix")));
      if (k >= 0 && !waiting()) grip = [k, clientX, all(".matrix")[parts[k].slot]];
    });
    addEventListener("pointermove", ({ clientX }) => {
      if (grip) set(grip[2], { transform: `translate(${place(grip[0]) + (clientX - grip[1]) * wide()} 82)` });
    });
    addEventListener("pointerup", ({ clientX }) => {
      if (!grip) return;
      const [k, from] = grip, far = (clientX - from) * wide(), right = parts[far > 0 ? k + 1 : k];
      grip = undefined;
      draw();
      if (Math.abs(far) > 40 && right) multiply(right.hi);
    });
    chain(dims, given);
    return {
      ...widths,
      gap: (e) => {
        if (waiting()) return;
        multiply(+e.dataset.gap);
        // a disabled button has no keys
        if (e.disabled) (buttons()[0] ?? scene.root).focus();
      },
      forward: () => run(...ends()[0]),
      reverse: () => run(...ends()[1]),
      end: () => { if (free) ends().forEach(([order, gaps]) => print(paper(order), linesOf(gaps))); },
      own: () => { begin(); run("own", free ? cheapest(parts)[1] : theirs); },
      undo: () => { if (past.length) { [parts, lines] = past.pop(); draw(); scene.say(`Till: ${count(adds(lines))}.`); } },
      again: begin,
      chain: (e) => chain(JSON.parse(e.value)),
      rows: (e) => chain([...dims.slice(0, -1), e.checked ? 10 : 1]),
      answered: (answer) => {
        said = answer && ` You said ${answer}.`;
        draw();
        scene.say("Now multiply the whole chain from both ends, and compare the receipts.");
      },
    };
  };
