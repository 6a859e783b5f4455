// Single keys, outside text fields; they can be turned off (WCAG 2.1.4).
const OFF = "single-keys-off";
const sheet = document.getElementById("keys");
let waiting = false;

export function off() {
  return localStorage.getItem(OFF) === "yes";
}

// Is this a key for the page, and no letter that someone writes?
export function forPage(event) {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  const held = event.ctrlKey || event.metaKey || event.altKey;
  const open = document.querySelector("dialog[open]");
  return !typing && !held && !open && !off();
}

function walk(step) {
  const links = [...document.querySelectorAll("[data-walk] h3 a, .ticket h3 a")];
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  links[Math.min(links.length - 1, Math.max(0, at + step))].focus();
}

function pressed(event) {
  if (!forPage(event)) return;
  const places = `[data-go="${CSS.escape(event.key)}"]`;
  if (waiting) document.querySelector(places)?.click();
  const second = waiting;
  waiting = !second && event.key === "g";
  if (second) return;
  if (event.key === "?") sheet?.showModal();
  if (event.key === "j") walk(1);
  if (event.key === "k") walk(-1);
  if (event.key === "u") document.querySelector("#toasts [data-undo]")?.click();
  if (event.key === "H") document.querySelector("[data-hold] button")?.click();
}

function sheetOpens() {
  for (const opener of document.querySelectorAll('[data-opens="keys"]')) {
    opener.hidden = false;
    opener.addEventListener("click", () => sheet.showModal());
  }
  const box = sheet.querySelector("[data-keys-off]");
  box.checked = off();
  box.addEventListener("change", () => {
    localStorage.setItem(OFF, box.checked ? "yes" : "no");
  });
}

// "More" of the small screen's bar closes as a menu does.
function moreCloses() {
  const more = document.querySelector("details.more");
  document.addEventListener("click", (event) => {
    if (more?.open && !more.contains(event.target)) more.open = false;
  });
  more?.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    more.open = false;
    more.querySelector("summary").focus();
  });
}

if (sheet) {
  document.addEventListener("keydown", pressed);
  sheetOpens();
  moreCloses();
}
