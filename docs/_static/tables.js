// On a phone a row of a table is a block (site.css). Each cell then shows the name of its column.
document.addEventListener("DOMContentLoaded", () => {
  for (const table of document.querySelectorAll("table.docutils")) {
    const columns = [...table.querySelectorAll("thead th")].map((head) => head.textContent.trim());
    for (const row of table.querySelectorAll("tbody tr")) {
      // A row with a first cell alone is the heading of a group: it goes over all columns.
      if (columns.length > 2 && [...row.cells].slice(1).every((cell) => cell.textContent.trim() === "")) {
        [...row.cells].slice(1).forEach((cell) => cell.remove());
        row.cells[0].colSpan = columns.length;
      }
      [...row.cells].forEach((cell, place) => (cell.dataset.column = cell.textContent.trim() && (columns[place] ?? "")));
    }
  }
});
