// Keys for grading by hand: 1 to 9 choose a line, j and k go on and back, s saves. Nothing here is needed.
document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("textarea, input:not([type=checkbox])");
  if (typing || event.ctrlKey || event.altKey || event.metaKey) return;
  const line = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (line) line.checked = !line.checked;
  else if (event.key === "s") document.getElementById("mark").requestSubmit();
  else if (event.key === "j") document.querySelector('a[rel="next"]')?.click();
  else if (event.key === "k") document.querySelector('a[rel="prev"]')?.click();
  else return;
  event.preventDefault();
});
