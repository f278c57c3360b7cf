"use strict";
// Pages change by themselves. The portal says that something changed; the page is fetched again, and its parts that
// have data-live are compared. "swap": the part is replaced. "load": the whole page is loaded again. "tell": a line says
// that there is something new, because text must not move while somebody reads it. Nothing here is needed.
const parts = [...document.querySelectorAll("[data-live]")];
const shown = new Map(parts.map((part) => [part.id, part.textContent]));
const PAUSE = parts.some((part) => part.dataset.live === "swap") ? 5000 : 1000; // milliseconds from fetch to fetch
const ALONE = 15000; // the same if the portal has no stream for this page
let stream, timer, fetched = 0, isAlone = false;

function isTyped(field) {
  return field.type === "file" ? field.files.length > 0 : field.value !== field.defaultValue;
}

function isBusy(part) {
  const fields = [...part.querySelectorAll("input, textarea")];
  return part.contains(document.activeElement?.closest("input, textarea, select") ?? null) || fields.some(isTyped);
}

function swap(part, next) {
  const focused = part.contains(document.activeElement) && document.activeElement.getAttribute("href");
  part.replaceChildren(...next.childNodes);
  shown.set(part.id, part.textContent);
  if (focused) part.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
}

function tell() {
  const line = document.getElementById("news");
  if (!line.hasChildNodes()) line.append(document.getElementById("news-text").content.cloneNode(true));
}

function change(part, next) {
  if (!next || next.textContent === shown.get(part.id)) return;
  const how = part.dataset.live;
  if (how === "tell") tell();
  else if (isBusy(how === "load" ? document.body : part)) plan(PAUSE);
  else if (how === "load") location.reload();
  else swap(part, next);
}

async function look() {
  if (document.hidden) return;
  fetched = Date.now();
  const answer = await fetch(location.href, { credentials: "same-origin" });
  if (answer.redirected) return stop(); // nobody is signed in any more
  if (answer.ok) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of parts) change(part, page.getElementById(part.id));
  }
  if (isAlone) plan(ALONE);
}

function plan(least) {
  const wait = Math.max(least, fetched + PAUSE - Date.now());
  timer ??= setTimeout(() => { timer = undefined; look().catch(() => plan(ALONE)); }, wait);
}

function stop() {
  stream?.close();
  stream = undefined;
}

function listen() {
  stop(); // a browser has few connections: a page that nobody sees keeps none
  if (document.hidden) return;
  if (isAlone) return plan(0);
  stream = new EventSource(`/events?since=${document.getElementById("main").dataset.since}`);
  stream.onmessage = () => plan(0);
  stream.onerror = () => {
    isAlone = stream?.readyState === EventSource.CLOSED;
    if (isAlone) plan(ALONE);
  };
}

document.addEventListener("visibilitychange", listen);
listen();
