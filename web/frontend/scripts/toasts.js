// Toasts: good news goes by itself, and waits while someone is at it. Bad news stays
// until it is closed, and so does what failed in part or lies far apart.
import { around, every, first } from "./page.js";
import { lifeOf } from "./rules/toasts.js";

const TICK = 250;
const toasts = document.getElementById("toasts");

document.documentElement.classList.add("has-script");

/** @param {HTMLElement} notice */
function closer(notice) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "toast-close";
  button.setAttribute("aria-label", "Close this message");
  button.innerHTML =
    '<svg class="icon small" aria-hidden="true"><use href="#i-cross"></use></svg>';
  button.addEventListener("click", () => notice.remove());
  return button;
}

/**
 * Being read, pointed at or tabbed into, or out of sight: the time stands still.
 * @param {HTMLElement} box
 */
function attended(box) {
  return document.hidden || box.matches(":hover") || box.contains(document.activeElement);
}

/**
 * @param {HTMLElement} notice
 * @param {HTMLElement} box
 * @param {number} life in ms
 */
function goesByItself(notice, box, life) {
  let left = life;
  const timer = setInterval(() => {
    if (!attended(box)) left -= TICK;
    if (left <= 0) notice.remove();
    if (!notice.isConnected) clearInterval(timer);
  }, TICK);
}

/**
 * What goes out in ten seconds goes, whoever is reading: then there is no way back.
 * @param {HTMLElement} form
 */
function undoEnds(form) {
  setTimeout(() => form.remove(), Number(form.dataset.undoFor) * 1000);
}

/**
 * @param {HTMLElement} notice
 * @param {HTMLElement} box
 */
function take(notice, box) {
  if (notice.dataset.taken) return;
  notice.dataset.taken = "yes";
  notice.append(closer(notice));
  for (const form of every(notice, "[data-undo-for]", HTMLElement)) undoEnds(form);
  const life = lifeOf({
    bad: notice.classList.contains("bad"),
    stays: "stays" in notice.dataset,
    undo: notice.querySelector("[data-undo]") !== null,
  });
  if (life < Infinity) goesByItself(notice, box, life);
}

/** @param {HTMLElement} box */
function takeAll(box) {
  for (const notice of every(box, ":scope > .notice", HTMLElement)) take(notice, box);
}

if (toasts) {
  takeAll(toasts);
  new MutationObserver(() => takeAll(toasts)).observe(toasts, { childList: true });
  document.addEventListener("keydown", (event) => {
    const typing = around(event, "input, textarea, select");
    const button = first(toasts, ".toast-close", HTMLElement);
    if (event.key !== "Escape" || typing || !button) return;
    button.click();
    event.preventDefault(); // it leads nowhere as well
  });
}
