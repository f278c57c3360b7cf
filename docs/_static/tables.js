// On a phone a row of a table is a block (site.css). Each cell then shows the name of its column.
document.addEventListener("DOMContentLoaded", () => {
  for (const table of document.querySelectorAll("table.docutils")) {
    const columns = [...table.querySelectorAll("thead th")].map((head) => head.textContent.trim());
    for (const row of table.querySelectorAll("tbody tr"))
      [...row.cells].forEach((cell, place) => (cell.dataset.column = cell.textContent.trim() && (columns[place] ?? "")));
  }
});
