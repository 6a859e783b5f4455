// Moving posts on the queue and the calendar: dragging by mouse or pen, the
// "Move to…" dialog, and what the page must not do meanwhile.
import htmx from "htmx.org";
import { around, byId } from "./page.js";

const FAR_ENOUGH = 5; // px: less is a click
const EDGE = 60; // px: nearer than this to the window's edge, the page scrolls
const PATIENCE = 3_000;

const dialog = byId("mover", HTMLDialogElement);
const toasts = document.getElementById("toasts");
const page = () => document.querySelector("#lineups, #calendar");
const label = document.createElement("p");
label.className = "hand";
let held = false; // a post is in the air: nothing may change under it
let missed = false;

function changed() {
  document.body.dispatchEvent(new CustomEvent("deskChanged"));
}

/** @param {boolean} is */
export function hold(is) {
  held = is;
  if (is) return;
  label.remove();
  if (missed) changed();
  missed = false;
}

/**
 * Says beside the pointer or the place where a post would land.
 * @param {number} x
 * @param {number} y
 * @param {string} words
 */
export function point(x, y, words) {
  if (!label.isConnected) document.body.append(label);
  label.textContent = words;
  const right = Math.min(x, innerWidth - label.offsetWidth - 8);
  label.style.translate = `${Math.max(8, right)}px ${Math.max(8, y)}px`;
}

/**
 * Sends a move, and waits until the page shows what became of it.
 * @param {string} path
 * @param {Record<string, string | number | undefined>} values
 */
export async function send(path, values) {
  const root = page();
  if (!(root instanceof HTMLElement)) return;
  const shown = new Promise((resolve) => {
    root.addEventListener("htmx:finally:request", resolve, { once: true });
    setTimeout(resolve, PATIENCE);
  });
  await htmx.ajax("POST", path, {
    values: { ...values, once: root.dataset.once },
    swap: "none",
  });
  await shown;
}

/** @param {number} y */
function scroll(y) {
  if (y < EDGE + 60) scrollBy(0, -12);
  if (y > innerHeight - EDGE) scrollBy(0, 12);
}

/** @param {Event} event */
function stop(event) {
  event.preventDefault();
  event.stopPropagation();
}

// Letting go ends in a click, which is none.
function stopClick() {
  addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", stop, { capture: true }), 50);
}

/**
 * What a page does with a post in the air: `over` says where it would land (null:
 * nowhere), `drop` puts it there.
 * @template Target
 * @typedef {object} Dragging
 * @property {(post: HTMLElement, x: number, y: number) => Target | null} over
 * @property {(post: HTMLElement, target: Target) => void} drop
 * @property {() => void} clear
 */

/**
 * @template Target
 * @param {PointerEvent} down
 * @param {HTMLElement} post
 * @param {Dragging<Target>} dragging
 */
function lift(down, post, { over, drop, clear }) {
  /** @type {Target | null} */
  let target = null;
  let begun = false;
  const listening = new AbortController();
  const options = { capture: true, signal: listening.signal };

  /** @param {PointerEvent} event */
  const move = (event) => {
    const [x, y] = [event.clientX, event.clientY];
    if (!begun && Math.hypot(x - down.clientX, y - down.clientY) < FAR_ENOUGH) return;
    begun = true;
    hold(true);
    post.classList.add("in-air");
    document.documentElement.classList.add("is-dragging");
    scroll(y);
    clear();
    target = over(post, x, y);
  };
  /** @param {Event} event */
  const end = (event) => {
    listening.abort();
    post.classList.remove("in-air");
    document.documentElement.classList.remove("is-dragging");
    if (!begun) return;
    clear();
    if (event.type === "pointerup") stopClick();
    if (event.type === "pointerup" && target) drop(post, target);
    hold(false);
  };
  addEventListener("pointermove", move, options);
  addEventListener("pointerup", end, options);
  addEventListener("pointercancel", end, options);
  addEventListener("keydown", (event) => event.key === "Escape" && end(event), options);
  addEventListener("selectstart", stop, options);
}

/**
 * @template Target
 * @param {string} selector
 * @param {Dragging<Target>} dragging
 */
export function drag(selector, dragging) {
  document.addEventListener("dragstart", (event) => {
    if (around(event, selector)) event.preventDefault();
  });
  document.addEventListener("pointerdown", (down) => {
    const post = around(down, selector);
    if (!post || down.button !== 0 || down.pointerType === "touch") return;
    if (!around(down, "button, .line-acts")) lift(down, post, dragging);
  });
}

/**
 * @param {HTMLDialogElement} mover
 * @param {HTMLAnchorElement} link
 */
async function openMover(mover, link) {
  await htmx.ajax("GET", link.href, { target: "#mover", swap: "innerHTML" });
  if (!mover.open && mover.firstElementChild) mover.showModal();
}

/** @param {HTMLDialogElement} mover */
function moves(mover) {
  document.addEventListener("click", (event) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    const link = around(event, "[data-opens-mover]");
    if (link instanceof HTMLAnchorElement && plain && !event.defaultPrevented) {
      event.preventDefault();
      void openMover(mover, link);
    }
    if (around(event, "#mover [data-closes]")) {
      event.preventDefault();
      mover.close();
    }
  });

  document.addEventListener("htmx:before:request", (event) => {
    if (!held || event.target !== page()) return;
    event.preventDefault();
    missed = true;
  });

  document.addEventListener("htmx:after:request", (event) => {
    const { request, response } = event.detail.ctx;
    if (request.method !== "POST" || !response) return;
    const ours = event.target instanceof Node && mover.contains(event.target);
    if (response.status < 400 && ours) mover.close();
    setTimeout(changed);
  });

  // What the desk refuses is said where the form is.
  document.addEventListener("htmx:after:swap", () => {
    const told = mover.open && mover.querySelector("[data-told]");
    if (told && toasts?.querySelector(".bad")) told.replaceChildren(...toasts.children);
  });
}

if (page() && dialog) moves(dialog);
