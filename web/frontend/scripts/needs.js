// Needs you: keys for the entry that has the focus, and a list that never changes
// under an open form.
import { forPage } from "./keys.js";
import { every, first } from "./page.js";
import { nearest, secondOfTwo } from "./rules/keys.js";

const needed = first(document, "[data-needs]", HTMLElement);
const PLACE = "needs-place";
const KEYS = new Set(["r", "e", "o"]);
const forShell = secondOfTwo();

/** @param {HTMLElement} list */
function busy(list) {
  const at = document.activeElement;
  const typing = list.contains(at) && at?.matches("input, textarea");
  return typing || list.querySelector("details[open]") !== null;
}

/** @param {HTMLElement} list */
function entries(list) {
  return every(list, "[data-entry]", HTMLElement);
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLElement} list
 */
function pressed(event, list) {
  if (!forPage(event) || forShell(event.key) || !KEYS.has(event.key)) return;
  const entry = document.activeElement?.closest("[data-entry]");
  const target = entry && first(entry, `[data-key="${event.key}"]`, HTMLElement);
  if (!target) return;
  event.preventDefault();
  sessionStorage.setItem(PLACE, String(entries(list).findIndex((one) => one === entry)));
  target.click();
  const form = target.closest("details[open]");
  if (form) first(form, "input:not([type=hidden]), textarea", HTMLElement)?.focus();
}

/**
 * After a key settled an entry, the focus is on the one that took its place.
 * @param {HTMLElement} list
 */
function goOn(list) {
  const place = sessionStorage.getItem(PLACE);
  sessionStorage.removeItem(PLACE);
  if (place === null) return;
  const left = entries(list);
  const next = left[nearest(Number(place), left.length)];
  if (next) first(next, ":is(h3, h4) a", HTMLElement)?.focus();
}

/** @param {HTMLElement} list */
function standsStill(list) {
  let stale = false;
  const renew = () => {
    if (!stale || busy(list)) return;
    stale = false;
    list.dispatchEvent(new CustomEvent("stale"));
  };
  document.body.addEventListener("deskChanged", () => {
    stale = true;
    renew();
  });
  // A form may have been opened while the answer was on its way.
  list.addEventListener("htmx:before:swap", (event) => {
    if (!busy(list)) return;
    event.preventDefault();
    stale = true;
  });
  list.addEventListener("toggle", renew, { capture: true });
  list.addEventListener("focusout", () => setTimeout(renew));
}

if (needed) {
  standsStill(needed);
  document.addEventListener("keydown", (event) => pressed(event, needed));
  goOn(needed);
}
