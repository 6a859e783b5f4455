// A list is not drawn anew under what somebody opened in it, but when that closes.
//
//   data-stands-still=".row-more[open]"    what is open then
import { every } from "./page.js";

/**
 * @param {HTMLElement} list
 * @param {string} open
 */
export function standsStill(list, open) {
  let stale = false;
  list.addEventListener("htmx:before:swap", (event) => {
    if (event.target !== list || !list.querySelector(open)) return;
    event.preventDefault();
    stale = true;
  });
  list.addEventListener(
    "toggle",
    () => {
      if (!stale || list.querySelector(open)) return;
      stale = false;
      document.body.dispatchEvent(new CustomEvent("deskChanged"));
    },
    { capture: true },
  );
}

for (const list of every(document, "[data-stands-still]", HTMLElement)) {
  standsStill(list, list.dataset.standsStill ?? "");
}
