// The calendar: a post is dragged, or picked up by key, and put down at another time.
// Times here are the newsroom's wall clock, as text; the desk knows what they mean.
import { forPage } from "./keys.js";
import { drag, hold, point, send } from "./moving.js";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const LOW = 30; // px: in a lower hour only its halves can be told apart
const says = document.getElementById("calendar-says");
const calendar = () => document.getElementById("calendar");
const written = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "UTC",
});
let picked = null;
let prefixed = false; // "g" was pressed: the next key belongs to the shell

const parse = (wall) => Date.parse(`${wall}Z`);
const wall = (at) => new Date(at).toISOString().slice(0, 16);
const words = (at) => written.format(at);

function clear() {
  for (const cell of document.querySelectorAll(".is-target")) {
    cell.classList.remove("is-target");
  }
}

function put(post, at) {
  const [date, time] = wall(at).split("T");
  if (post.dataset.wall === wall(at)) return undefined;
  return send(post.dataset.move, { seen: post.dataset.fence, date, time });
}

function over(post, x, y) {
  const under = document.elementFromPoint(x, y);
  const cell = under?.closest("[data-hour], .month [data-day]");
  const free = under?.closest("[data-wall].free");
  if (post.dataset.fixed || !cell) {
    point(x + 14, y + 14, post.dataset.fixed || "Stays where it is");
    return null;
  }
  (free ?? cell).classList.add("is-target");
  const at = free ? parse(free.dataset.wall) : landing(post, cell, y);
  point(x + 14, y + 14, words(at));
  return { at };
}

function landing(post, cell, y) {
  const { day, hour } = cell.dataset;
  if (hour === undefined) return parse(`${day}${post.dataset.wall.slice(10)}`);
  const { top, height } = cell.getBoundingClientRect();
  const parts = height < LOW ? 2 : 4;
  const part = Math.min(parts - 1, Math.max(0, Math.floor(((y - top) / height) * parts)));
  return parse(`${day}T${hour.padStart(2, "0")}:00`) + part * (60 / parts) * MINUTE;
}

function show() {
  const [day, time] = wall(picked.at).split("T");
  const hour = Number(time.slice(0, 2));
  const cell =
    document.querySelector(`[data-day="${day}"][data-hour="${hour}"]`) ??
    document.querySelector(`.month [data-day="${day}"]`);
  clear();
  cell?.classList.add("is-target");
  cell?.scrollIntoView({ block: "nearest" });
  const { left, bottom } = (cell ?? picked.post).getBoundingClientRect();
  point(left, bottom + 4, words(picked.at));
  says.textContent = words(picked.at);
}

function pick(post) {
  if (!post.dataset.move) return;
  if (post.dataset.fixed) {
    says.textContent = post.dataset.fixed;
    const { left, bottom } = post.getBoundingClientRect();
    point(left, bottom + 4, post.dataset.fixed);
    setTimeout(() => !picked && hold(false), 3000);
    return;
  }
  const at = parse(post.dataset.wall || calendar().dataset.soon);
  picked = { post, at };
  hold(true);
  post.classList.add("in-air");
  show();
  says.textContent = `Picked up ${post.dataset.title}. ${words(at)}.`;
}

function letGo(said) {
  picked.post.classList.remove("in-air");
  picked = null;
  clear();
  hold(false);
  says.textContent = said;
}

function steer(event) {
  const month = calendar().dataset.view === "month";
  const steps = {
    ArrowUp: month ? -7 * DAY : -15 * MINUTE,
    ArrowDown: month ? 7 * DAY : 15 * MINUTE,
    ArrowLeft: -DAY,
    ArrowRight: DAY,
  };
  if (steps[event.key]) {
    event.preventDefault();
    picked.at += steps[event.key];
    show();
  } else if (event.key === "Enter") {
    event.preventDefault();
    const { post, at } = picked;
    letGo(post.dataset.wall === wall(at) ? "It stays where it was." : "");
    put(post, at);
  } else if (event.key === "Escape") {
    letGo("Put back.");
  }
}

function pressed(event) {
  if (!forPage(event)) return;
  const second = prefixed;
  prefixed = !second && event.key === "g";
  if (second) return;
  const post = event.target.closest?.(".slip");
  const key = event.key.toLowerCase();
  if (key === "m" && post) pick(post);
  else if (key === "n") location.assign(calendar().dataset.inbox);
  else calendar().querySelector(`[data-key="${CSS.escape(key)}"]`)?.click();
}

if (calendar()) {
  drag(".slip[data-move]", { over, drop: (post, { at }) => put(post, at), clear });
  document.addEventListener("keydown", (event) => {
    if (picked) steer(event);
    else pressed(event);
  });
  document.addEventListener("focusout", (event) => {
    if (picked?.post === event.target) letGo("Put back.");
  });
}
