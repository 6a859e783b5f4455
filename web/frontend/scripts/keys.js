// Single keys, outside text fields; they can be turned off (WCAG 2.1.4).
const OFF = "single-keys-off";
const PLACES = { i: "/", s: "/status", q: "/queue", c: "/channels" };
const sheet = document.getElementById("keys");
let waiting = false;

function off() {
  return localStorage.getItem(OFF) === "yes";
}

function walk(step) {
  const links = [...document.querySelectorAll("[data-walk] h3 a, .ticket h3 a, .queue li a")];
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  links[Math.min(links.length - 1, Math.max(0, at + step))].focus();
}

function pressed(event) {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || off()) return;
  if (waiting && PLACES[event.key]) location.assign(PLACES[event.key]);
  waiting = event.key === "g";
  if (event.key === "?") sheet?.showModal();
  if (event.key === "j") walk(1);
  if (event.key === "k") walk(-1);
}

if (sheet) {
  document.addEventListener("keydown", pressed);
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
