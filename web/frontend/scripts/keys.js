// Single keys, outside text fields; they can be turned off (WCAG 2.1.4).
import { around, byId, every, first, the } from "./page.js";
import { nearest, secondOfTwo } from "./rules/keys.js";

const OFF = "single-keys-off";
const sheet = byId("keys", HTMLDialogElement);
const isSecond = secondOfTwo();

function off() {
  return localStorage.getItem(OFF) === "yes";
}

/**
 * Is this a key for the page, and no letter that someone writes?
 * @param {KeyboardEvent} event
 */
export function forPage(event) {
  const typing = around(event, "input:not([type=checkbox]), textarea, select, [contenteditable]");
  const held = event.ctrlKey || event.metaKey || event.altKey;
  const open = document.querySelector("dialog[open]");
  return !typing && !held && !open && !off();
}

/** @param {number} step */
function walk(step) {
  const links = every(document, "[data-walk] :is(h3, h4) a, .ticket h3 a", HTMLElement);
  const at = links.findIndex((link) => link === document.activeElement);
  links[nearest(at + step, links.length)]?.focus();
}

/** @param {string} selector */
function click(selector) {
  first(document, selector, HTMLElement)?.click();
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  if (!forPage(event)) return;
  if (isSecond(event.key)) click(`[data-go="${CSS.escape(event.key)}"]`);
  else if (event.key === "?") sheet?.showModal();
  else if (event.key === "j") walk(1);
  else if (event.key === "k") walk(-1);
  else if (event.key === "u") click("#toasts [data-undo], [data-leaving] [data-undo]");
  else if (event.key === "c") click("[data-new]");
  else if (event.key === "H") click("[data-hold] button");
}

/** @param {HTMLDialogElement} opened */
function sheetOpens(opened) {
  for (const opener of every(document, '[data-opens="keys"]', HTMLElement)) {
    opener.hidden = false;
    opener.addEventListener("click", () => opened.showModal());
  }
  const box = the(opened, "[data-keys-off]", HTMLInputElement);
  box.checked = off();
  box.addEventListener("change", () => {
    localStorage.setItem(OFF, box.checked ? "yes" : "no");
  });
}

// "More" of the small screen's bar closes as a menu does.
function moreCloses() {
  const more = first(document, "details.more", HTMLDetailsElement);
  if (!more) return;
  document.addEventListener("click", (event) => {
    if (more.open && event.target instanceof Node && !more.contains(event.target)) more.open = false;
  });
  more.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    more.open = false;
    first(more, "summary", HTMLElement)?.focus();
  });
}

if (sheet) {
  document.addEventListener("keydown", pressed);
  sheetOpens(sheet);
  moreCloses();
}
