// The calendar: a post is dragged, or picked up by key, and put down at another time.
import { forPage } from "./keys.js";
import { drag, hold, point, send } from "./moving.js";
import { around, first } from "./page.js";
import { landing, parseWall, spoken, stepOf, wallOf } from "./rules/calendar.js";
import { secondOfTwo } from "./rules/keys.js";

const says = document.getElementById("calendar-says");
const calendar = () => document.getElementById("calendar");
const forShell = secondOfTwo();
/** @type {{ post: HTMLElement, at: number } | null} */
let picked = null;

/** @param {string} words */
function say(words) {
  if (says) says.textContent = words;
}

function clear() {
  for (const cell of document.querySelectorAll(".is-target")) {
    cell.classList.remove("is-target");
  }
}

/**
 * @param {HTMLElement} post
 * @param {number} at
 */
function put(post, at) {
  const { move = "", fence, wall } = post.dataset;
  if (wall === wallOf(at)) return;
  void send(move, { seen: fence, at: wallOf(at) });
}

/**
 * @param {HTMLElement} post
 * @param {number} x
 * @param {number} y
 */
function over(post, x, y) {
  const under = document.elementFromPoint(x, y);
  const cell = under?.closest("[data-hour], .month [data-day]");
  const free = under?.closest("[data-wall].free");
  if (post.dataset.fixed || !(cell instanceof HTMLElement)) {
    point(x + 14, y + 14, post.dataset.fixed || "Stays where it is");
    return null;
  }
  (free ?? cell).classList.add("is-target");
  const at = free instanceof HTMLElement ? parseWall(free.dataset.wall ?? "") : landingOf(post, cell, y);
  point(x + 14, y + 14, spoken(at));
  return { at };
}

/**
 * @param {HTMLElement} post
 * @param {HTMLElement} cell
 * @param {number} y
 */
function landingOf(post, cell, y) {
  const { top, height } = cell.getBoundingClientRect();
  return landing(cell.dataset, post.dataset.wall ?? "", y - top, height);
}

/** @param {{ post: HTMLElement, at: number }} held */
function show({ post, at }) {
  const [day, time] = wallOf(at).split("T");
  const hour = Number(time.slice(0, 2));
  const cell =
    document.querySelector(`[data-day="${day}"][data-hour="${hour}"]`) ??
    document.querySelector(`.month [data-day="${day}"]`);
  clear();
  cell?.classList.add("is-target");
  cell?.scrollIntoView({ block: "nearest" });
  const { left, bottom } = (cell ?? post).getBoundingClientRect();
  point(left, bottom + 4, spoken(at));
  say(spoken(at));
}

/** @param {HTMLElement} post */
function pick(post) {
  const { move, fixed, wall, title } = post.dataset;
  if (!move) return;
  if (fixed) {
    say(fixed);
    const { left, bottom } = post.getBoundingClientRect();
    point(left, bottom + 4, fixed);
    setTimeout(() => !picked && hold(false), 3000);
    return;
  }
  const at = parseWall(wall || (calendar()?.dataset.soon ?? ""));
  picked = { post, at };
  hold(true);
  post.classList.add("in-air");
  show(picked);
  say(`Picked up ${title}. ${spoken(at)}.`);
}

/**
 * @param {HTMLElement} post
 * @param {string} said
 */
function letGo(post, said) {
  post.classList.remove("in-air");
  picked = null;
  clear();
  hold(false);
  say(said);
}

/**
 * @param {KeyboardEvent} event
 * @param {{ post: HTMLElement, at: number }} held
 */
function steer(event, held) {
  const { post, at } = held;
  const step = stepOf(event.key, calendar()?.dataset.view === "month");
  if (step) {
    event.preventDefault();
    held.at += step;
    show(held);
  } else if (event.key === "Enter") {
    event.preventDefault();
    letGo(post, post.dataset.wall === wallOf(at) ? "It stays where it was." : "");
    put(post, at);
  } else if (event.key === "Escape") {
    letGo(post, "Put back.");
  }
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  const page = calendar();
  if (!page || !forPage(event) || forShell(event.key)) return;
  const post = around(event, ".slip");
  const key = event.key.toLowerCase();
  if (key === "m" && post) pick(post);
  else if (key === "n") location.assign(page.dataset.inbox ?? "");
  else first(page, `[data-key="${CSS.escape(key)}"]`, HTMLElement)?.click();
}

if (calendar()) {
  drag(".slip[data-move]", { over, drop: (post, { at }) => put(post, at), clear });
  document.addEventListener("keydown", (event) => {
    if (picked) steer(event, picked);
    else pressed(event);
  });
  document.addEventListener("focusout", (event) => {
    if (picked && picked.post === event.target) letGo(picked.post, "Put back.");
  });
}
