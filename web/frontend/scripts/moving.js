// Moving posts on the queue and the calendar: dragging by mouse or pen, the
// "Move to…" dialog, and what the page must not do meanwhile.
import htmx from "htmx.org";

const FAR_ENOUGH = 5; // px: less is a click
const EDGE = 60; // px: nearer than this to the window's edge, the page scrolls
const PATIENCE = 3_000;

const dialog = document.getElementById("mover");
const toasts = document.getElementById("toasts");
const page = () => document.querySelector("#lineups, #calendar");
const label = document.createElement("p");
label.className = "hand";
let held = false; // a post is in the air: nothing may change under it
let missed = false;

function changed() {
  document.body.dispatchEvent(new CustomEvent("deskChanged"));
}

export function hold(is) {
  held = is;
  if (is) return;
  label.remove();
  if (missed) changed();
  missed = false;
}

// Says beside the pointer or the place where a post would land.
export function point(x, y, words) {
  if (!label.isConnected) document.body.append(label);
  label.textContent = words;
  const right = Math.min(x, innerWidth - label.offsetWidth - 8);
  label.style.translate = `${Math.max(8, right)}px ${Math.max(8, y)}px`;
}

// Sends a move, and waits until the page shows what became of it.
export async function send(path, values) {
  const root = page();
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

function scroll(y) {
  if (y < EDGE + 60) scrollBy(0, -12);
  if (y > innerHeight - EDGE) scrollBy(0, 12);
}

function once(name, listener) {
  addEventListener(name, listener, { capture: true, once: true });
  setTimeout(() => removeEventListener(name, listener, { capture: true }), 50);
}

// `over` says where a post would land (null: nowhere), `drop` puts it there.
export function drag(selector, { over, drop, clear }) {
  document.addEventListener("dragstart", (event) => {
    if (event.target.closest?.(selector)) event.preventDefault();
  });
  document.addEventListener("pointerdown", (down) => {
    const post = down.target.closest?.(selector);
    if (!post || down.button !== 0 || down.pointerType === "touch") return;
    if (down.target.closest("button, .line-acts")) return;
    let target = null;
    let begun = false;

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
    const end = (event) => {
      for (const [name, listener] of listeners) removeEventListener(name, listener, true);
      post.classList.remove("in-air");
      document.documentElement.classList.remove("is-dragging");
      if (!begun) return;
      clear();
      if (event.type === "pointerup") once("click", stop);
      if (event.type === "pointerup" && target) drop(post, target);
      hold(false);
    };
    const key = (event) => event.key === "Escape" && end(event);
    const listeners = [
      ["pointermove", move],
      ["pointerup", end],
      ["pointercancel", end],
      ["keydown", key],
      ["selectstart", stop],
    ];
    for (const [name, listener] of listeners) addEventListener(name, listener, true);
  });
}

function stop(event) {
  event.preventDefault();
  event.stopPropagation();
}

async function openMover(link) {
  await htmx.ajax("GET", link.href, { target: "#mover", swap: "innerHTML" });
  if (!dialog.open && dialog.firstElementChild) dialog.showModal();
}

if (page()) {
  document.addEventListener("click", (event) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    const link = event.target.closest?.("[data-opens-mover]");
    if (link && plain && !event.defaultPrevented) {
      event.preventDefault();
      openMover(link);
    }
    if (event.target.closest?.("#mover [data-closes]")) {
      event.preventDefault();
      dialog.close();
    }
  });

  document.addEventListener("htmx:before:request", (event) => {
    if (!held || event.target !== page()) return;
    event.preventDefault();
    missed = true;
  });

  document.addEventListener("htmx:after:request", (event) => {
    const { request, response } = event.detail.ctx;
    if (request.method !== "POST") return;
    if (response.status < 400 && dialog.contains(event.target)) dialog.close();
    setTimeout(changed);
  });

  // What the desk refuses is said where the form is.
  document.addEventListener("htmx:after:swap", () => {
    const told = dialog.open && dialog.querySelector("[data-told]");
    if (told && toasts.querySelector(".bad")) told.replaceChildren(...toasts.children);
  });
}
