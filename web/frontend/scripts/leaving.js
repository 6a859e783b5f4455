// Leaving: the ten seconds before posts go out. The desk holds them, this counts.
import { every, first, the } from "./page.js";
import { secondsUntil } from "./rules/sharing.js";

const TICK = 250;
const clock = first(document, ".clock", HTMLElement);
const ahead = Number(clock?.dataset.now) * 1000 - Date.now(); // the desk's time, not ours

/** @param {HTMLElement} leaving */
function count(leaving) {
  const left = secondsUntil(Date.parse(leaving.dataset.leaving ?? ""), Date.now() + ahead);
  the(leaving, "[data-seconds]", HTMLElement).textContent = String(left);
  if (!left) leaving.remove();
}

let timer = 0;
function countAll() {
  const all = every(document, "[data-leaving]", HTMLElement);
  all.forEach(count);
  if (all.length) return;
  clearInterval(timer);
  timer = 0;
}

function begin() {
  if (!timer) timer = setInterval(countAll, TICK);
}

document.addEventListener("htmx:after:swap", begin);
begin();
