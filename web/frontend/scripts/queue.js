// The queue: a post is dragged to another place or a free slot, or moved by keys.
import { drag, point, send } from "./moving.js";
import { around, every, the } from "./page.js";
import { placeAt, placeWords } from "./rules/queue.js";

/** @type {Record<string, string>} */
const STEPS = { ArrowUp: "up", ArrowDown: "down" };
let turn = Promise.resolve(); // one move at a time, each with the order of its moment

/**
 * @param {HTMLElement} row
 * @param {string | number} to
 */
function order(row, to) {
  const column = row.closest("[data-seen]");
  const seen = column instanceof HTMLElement ? column.dataset.seen : "";
  return send(row.dataset.order ?? "", { seen, to });
}

/**
 * @param {HTMLElement} column
 * @param {HTMLElement} but
 */
function rows(column, but) {
  return every(column, "[data-position]", HTMLElement).filter((row) => row !== but);
}

/** @param {HTMLElement} row */
function middle(row) {
  const { top, height } = row.getBoundingClientRect();
  return top + height / 2;
}

function clear() {
  for (const marked of document.querySelectorAll(".is-target, .is-before, .is-after")) {
    marked.classList.remove("is-target", "is-before", "is-after");
  }
}

/**
 * Where a row lands: in a free slot, or among the others.
 * @typedef {{ slot: string | undefined, position?: undefined } | { slot?: undefined, position: number }} Landing
 */

/**
 * @param {HTMLElement} row
 * @param {number} x
 * @param {number} y
 * @returns {Landing | null}
 */
function over(row, x, y) {
  const column = row.closest(".lineup");
  const under = document.elementFromPoint(x, y);
  if (!(column instanceof HTMLElement) || !under || !column.contains(under)) {
    point(x + 14, y + 14, "Stays where it is");
    return null;
  }
  const free = under.closest("[data-slot]");
  if (free instanceof HTMLElement) {
    free.classList.add("is-target");
    point(x + 14, y + 14, the(free, "span", HTMLElement).textContent);
    return { slot: free.dataset.slot };
  }
  const others = rows(column, row);
  const position = placeAt(y, others.map(middle));
  others[position]?.classList.add("is-before");
  if (position === others.length) others.at(-1)?.classList.add("is-after");
  point(x + 14, y + 14, placeWords(position));
  return { position };
}

/**
 * @param {HTMLElement} row
 * @param {Landing} landing
 */
function drop(row, { slot, position }) {
  const { mover = "", fence } = row.dataset;
  if (slot) void send(mover, { seen: fence, to: "slot", slot });
  else if (position !== undefined && position !== Number(row.dataset.position)) void order(row, position);
}

if (document.getElementById("lineups")) {
  drag("[data-position]", { over, drop, clear });

  document.addEventListener("keydown", (event) => {
    const row = around(event, "[data-position]");
    if (!row || !event.shiftKey || !STEPS[event.key]) return;
    event.preventDefault();
    turn = turn.then(() => order(row, STEPS[event.key]));
  });
}
