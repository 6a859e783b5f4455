// Needs you: keys for the entry that has the focus, and a list that never changes
// under an open form.
import { forPage } from "./keys.js";

const list = document.querySelector("[data-needs]");
const PLACE = "needs-place";
let going = false;
const KEYS = new Set(["r", "e", "o"]);

function busy() {
  const typing = list.contains(document.activeElement) &&
    document.activeElement.matches("input, textarea");
  return typing || list.querySelector("details[open]") !== null;
}

function entries() {
  return [...list.querySelectorAll("[data-entry]")];
}

function pressed(event) {
  if (!forPage(event)) return;
  const second = going; // of two keys that go to another page
  going = event.key === "g" && !second;
  if (second || !KEYS.has(event.key)) return;
  const entry = document.activeElement?.closest("[data-entry]");
  if (!entry) return;
  const target = entry.querySelector(`[data-key="${event.key}"]`);
  if (!target) return;
  event.preventDefault();
  sessionStorage.setItem(PLACE, String(entries().indexOf(entry)));
  target.click();
  target.closest("details[open]")?.querySelector("input:not([type=hidden]), textarea")?.focus();
}

// After a key settled an entry, the focus is on the one that took its place.
function goOn() {
  const place = sessionStorage.getItem(PLACE);
  sessionStorage.removeItem(PLACE);
  if (place === null) return;
  const left = entries();
  left[Math.min(Number(place), left.length - 1)]?.querySelector("h3 a")?.focus();
}

if (list) {
  let stale = false;
  const renew = () => {
    if (!stale || busy()) return;
    stale = false;
    list.dispatchEvent(new CustomEvent("stale"));
  };
  document.body.addEventListener("deskChanged", () => {
    stale = true;
    renew();
  });
  // A form may have been opened while the answer was on its way.
  list.addEventListener("htmx:before:swap", (event) => {
    if (!busy()) return;
    event.preventDefault();
    stale = true;
  });
  list.addEventListener("toggle", renew, { capture: true });
  list.addEventListener("focusout", () => setTimeout(renew));
  document.addEventListener("keydown", pressed);
  goOn();
}
