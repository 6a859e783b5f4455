// The inbox: Enter reads what was pasted, a file is read when it is dropped or chosen,
// a reading can be given up, rows have keys.
import htmx from "htmx.org";
import { forPage } from "./keys.js";
import { restsOffline } from "./offline.js";
import { every, first, the } from "./page.js";
import { readingWords, whatIsRead } from "./rules/inbox.js";
import { standsStill } from "./still.js";

const OPEN = ".row-more[open], .labels[open]"; // menus
const paste = first(document, "[data-paste]", HTMLFormElement);

/**
 * @param {HTMLFormElement} form
 * @param {HTMLTextAreaElement} field
 */
function enterReads(form, field) {
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (field.value.trim() && !form.classList.contains("busy")) form.requestSubmit();
  });
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLTextAreaElement} field
 */
function tells(form, field) {
  const place = the(form, "[data-reading]", HTMLElement);
  const chosen = the(form, "[data-file]", HTMLInputElement);
  let timer = 0;
  document.addEventListener("htmx:before:request", (event) => {
    if (event.target !== form) return;
    const began = performance.now();
    const what = chosen.files?.[0]?.name ?? whatIsRead(field.value);
    const say = () => {
      const seconds = Math.round((performance.now() - began) / 1000);
      place.textContent = readingWords(what, seconds);
    };
    say();
    timer = setInterval(say, 1000);
  });
  document.addEventListener("htmx:finally:request", (event) => {
    if (event.target === form) clearInterval(timer);
  });
}

/** @param {DragEvent} event */
function holdsFiles(event) {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

/**
 * One file at a time; it is read at once, and forgotten when that is over.
 * @param {HTMLFormElement} form
 */
function takesFiles(form) {
  const chosen = the(form, "[data-file]", HTMLInputElement);
  let depth = 0; // dragging over a child leaves its parent
  /** @param {number} by */
  const over = (by) => {
    depth = by === 0 ? 0 : depth + by;
    form.classList.toggle("dropping", depth > 0);
  };
  form.addEventListener("dragenter", (event) => holdsFiles(event) && over(1));
  form.addEventListener("dragleave", (event) => holdsFiles(event) && over(-1));
  form.addEventListener("dragover", (event) => holdsFiles(event) && event.preventDefault());
  form.addEventListener("drop", (event) => {
    if (!event.dataTransfer || !holdsFiles(event)) return;
    event.preventDefault();
    over(0);
    if (form.classList.contains("busy")) return;
    const one = new DataTransfer();
    one.items.add(event.dataTransfer.files[0]);
    chosen.files = one.files;
    form.requestSubmit();
  });
  chosen.addEventListener("change", () => chosen.files?.length && form.requestSubmit());
  document.addEventListener("htmx:finally:request", (event) => {
    if (event.target === form) chosen.value = "";
  });
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLTextAreaElement} field
 */
function gives(form, field) {
  const giveUp = () => {
    if (!form.classList.contains("busy")) return;
    htmx.trigger(form, "htmx:abort");
    form.classList.remove("busy");
    field.focus();
  };
  the(form, "[data-give-up]", HTMLElement).addEventListener("click", giveUp);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") giveUp();
  });
}

/** @param {KeyboardEvent} event */
function listKeys(event) {
  if (event.key === "Escape") closeOrClear();
  if (!forPage(event)) return;
  if (event.key === "p" && paste) goTo(event, first(paste, "textarea", HTMLElement));
  if (event.key === "/") goTo(event, document.getElementById("find"));
  if (event.key === ".") first(document, "[data-fresh]", HTMLElement)?.click();
  const row = document.activeElement?.closest(".story-row");
  if (!row) return;
  if (event.key === "x" || event.key === "X") tick(row, event.shiftKey);
  const button = first(row, `[data-key="${CSS.escape(event.key)}"]`, HTMLElement);
  if (button) pressIn(row, button);
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLElement | null} field
 */
function goTo(event, field) {
  event.preventDefault();
  field?.focus();
}

/** The menu that is open; else the ticks. */
function closeOrClear() {
  const open = first(document, OPEN, HTMLDetailsElement);
  if (!open) return first(document, "[data-clear]", HTMLElement)?.click();
  open.open = false;
  first(open, "summary", HTMLElement)?.focus();
}

/**
 * s, a and e press the buttons of the row that has the focus; the focus stays in the list.
 * @param {Element} row
 * @param {HTMLElement} button
 */
function pressIn(row, button) {
  const rows = every(document, ".story-row", HTMLElement);
  const at = rows.findIndex((one) => one === row);
  const kept = [row.id, (rows[at + 1] ?? rows[at - 1])?.id];
  const answered = new MutationObserver(() => {
    answered.disconnect();
    if (document.activeElement?.closest(".story-row")) return;
    const there = kept.map((id) => id && document.getElementById(id)).find(Boolean);
    if (there) first(there, "h3 a", HTMLElement)?.focus();
  });
  const toasts = document.getElementById("toasts");
  if (toasts) answered.observe(toasts, { childList: true });
  button.click();
}

let lastTicked = ""; // where a range begins

function ticks() {
  return every(document, "[data-tick]", HTMLInputElement);
}

/**
 * Those between the last one and this one are as this one is.
 * @param {HTMLInputElement} box
 * @param {boolean} range
 */
function spread(box, range) {
  const boxes = ticks();
  const from = boxes.findIndex((one) => one.id === lastTicked);
  const [low, high] = [from, boxes.indexOf(box)].sort((a, b) => a - b);
  if (range && low >= 0) for (const one of boxes.slice(low, high + 1)) one.checked = box.checked;
  lastTicked = box.id;
}

/**
 * @param {Element} row
 * @param {boolean} range
 */
function tick(row, range) {
  const box = first(row, "[data-tick]", HTMLInputElement);
  if (!box) return;
  box.checked = range || !box.checked;
  spread(box, range);
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

/** @param {MouseEvent} event */
function ticked({ target, shiftKey }) {
  if (!(target instanceof HTMLInputElement)) return;
  if (target.matches("[data-tick]")) spread(target, shiftKey);
  if (target.matches("[data-tick-all]")) for (const box of ticks()) box.checked = target.checked;
}

// What a press has dealt with is ticked no longer: the answer says which still are. The
// bar, which was drawn anew with the list, says again what is ticked.
/** @param {Event} event */
function tickAnew({ target }) {
  if (!(target instanceof Element) || target.matches(".bar-inner")) return;
  if (target.closest("#bulk")) {
    for (const box of ticks()) box.checked = box.defaultChecked;
    const all = first(document, "[data-tick-all]", HTMLInputElement);
    if (all) all.checked = false;
  }
  if (ticks().some((box) => box.checked)) {
    document.getElementById("articles")?.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

// A press beside a menu closes it, and so does one of its own buttons.
/** @param {MouseEvent} event */
function menusClose({ target }) {
  if (!(target instanceof Element)) return;
  const pressed = target.closest(".menu .button");
  for (const menu of every(document, OPEN, HTMLDetailsElement)) {
    if (pressed || !menu.contains(target)) menu.open = false;
  }
}

if (paste) {
  const field = the(paste, "textarea", HTMLTextAreaElement);
  enterReads(paste, field);
  tells(paste, field);
  gives(paste, field);
  takesFiles(paste);
}

const stories = document.getElementById("articles");
if (stories) {
  standsStill(stories, OPEN);
  restsOffline(stories, ".acts button, #ticked-go"); // the page may be old
  document.addEventListener("keydown", listKeys);
  document.addEventListener("click", ticked);
  document.addEventListener("click", menusClose);
  document.addEventListener("htmx:finally:request", tickAnew);
}
