// The queue: a post is dragged to another place or a free slot, or moved by keys.
import { drag, point, send } from "./moving.js";

const STEPS = { ArrowUp: "up", ArrowDown: "down" };
let turn = Promise.resolve(); // one move at a time, each with the order of its moment

function order(row, to) {
  const { seen } = row.closest("[data-seen]").dataset;
  return send(row.dataset.order, { seen, to });
}

function rows(column, but) {
  return [...column.querySelectorAll("[data-position]")].filter((row) => row !== but);
}

function middle(row) {
  const { top, height } = row.getBoundingClientRect();
  return top + height / 2;
}

function clear() {
  for (const marked of document.querySelectorAll(".is-target, .is-before, .is-after")) {
    marked.classList.remove("is-target", "is-before", "is-after");
  }
}

function over(row, x, y) {
  const column = row.closest(".lineup");
  const under = document.elementFromPoint(x, y);
  if (!column.contains(under)) {
    point(x + 14, y + 14, "Stays where it is");
    return null;
  }
  const free = under.closest("[data-slot]");
  if (free) {
    free.classList.add("is-target");
    point(x + 14, y + 14, free.querySelector("span").textContent);
    return { slot: free.dataset.slot };
  }
  const others = rows(column, row);
  const position = others.filter((other) => middle(other) < y).length;
  others[position]?.classList.add("is-before");
  if (position === others.length) others.at(-1)?.classList.add("is-after");
  point(x + 14, y + 14, position ? `Place ${position + 1}` : "Goes out next");
  return { position };
}

function drop(row, { slot, position }) {
  if (slot) {
    const { mover, fence } = row.dataset;
    return send(mover, { seen: fence, to: "slot", slot });
  }
  if (position !== Number(row.dataset.position)) return order(row, position);
}

if (document.getElementById("lineups")) {
  drag("[data-position]", { over, drop, clear });

  document.addEventListener("keydown", (event) => {
    const row = event.target.closest?.("[data-position]");
    if (!row || !event.shiftKey || !STEPS[event.key]) return;
    event.preventDefault();
    turn = turn.then(() => order(row, STEPS[event.key]));
  });
}
