"use strict";
// The page can be read without this. It sorts tables, filters their rows, and opens what is folded before printing.
const order = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
const value = (row, i) => row.cells[i].dataset.v ?? row.cells[i].textContent.trim();

function compare(a, b) {
  const [x, y] = [Number(a), Number(b)];
  if (a !== "" && b !== "" && !Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  return order.compare(a, b);
}

function sort(table, i, heading) {
  const down = heading.getAttribute("aria-sort") === "ascending";
  for (const other of heading.parentNode.cells) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", down ? "descending" : "ascending");
  const body = table.tBodies[0];
  const rows = Array.from(body.rows, (row) => [value(row, i), row]);
  const [empty, full] = [rows.filter(([v]) => v === ""), rows.filter(([v]) => v !== "")];
  full.sort(([a], [b]) => (down ? compare(b, a) : compare(a, b)));
  body.append(...[...full, ...empty].map(([, row]) => row)); // what has no value stays last
}

for (const table of document.querySelectorAll("table.sortable")) {
  Array.from(table.tHead.rows[0].cells).forEach((heading, i) => {
    if (!heading.textContent.trim()) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = heading.textContent;
    heading.replaceChildren(button);
    button.addEventListener("click", () => sort(table, i, heading));
  });
}

for (const controls of document.querySelectorAll(".controls")) {
  const rows = Array.from(document.getElementById(controls.dataset.of).tBodies[0].rows);
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const [input, select, shown] = ["input", "select", "output"].map((name) => controls.querySelector(name));
  const filter = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    rows.forEach((row, i) => {
      const tags = (row.dataset.t ?? "").split(" ");
      row.hidden = !(words.every((word) => texts[i].includes(word)) && (!select.value || tags.includes(select.value)));
      count += !row.hidden;
    });
    shown.textContent = `${count} of ${rows.length} shown`;
  };
  input.addEventListener("input", filter);
  select.addEventListener("change", filter);
  controls.hidden = false;
  filter();
}

addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details")) details.open = true;
});
