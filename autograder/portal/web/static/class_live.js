"use strict";
// The class page changes by itself while nobody types in it. Without this, its link "Refresh" does the same.
const EVERY = 5000; // milliseconds

async function refresh() {
  const live = document.getElementById("live");
  if (document.hidden || live.contains(document.activeElement)) return;
  const answer = await fetch(location.href, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const next = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("live");
  if (next && !live.contains(document.activeElement)) live.replaceChildren(...next.childNodes);
}

setInterval(() => refresh().catch(() => {}), EVERY);
