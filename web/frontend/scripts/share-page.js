// The page of a share that is out: a, d and twice g make the next one (g alone leads to
// other places), e writes in the chosen post, r and o press the act of a row. A post's own
// page is that post alone: r is its first act there, or its time.
import { forPage } from "./keys.js";
import { first } from "./page.js";
import { secondOfTwo } from "./rules/keys.js";

const share = first(document, "[data-share-page], [data-post-page]", HTMLElement);
const forShell = secondOfTwo();
const OF_SHARE = new Set(["a", "g", "d"]);
const OF_ROW = new Set(["r", "o"]);

/**
 * @param {KeyboardEvent} event
 * @param {HTMLElement} page
 */
function pressed(event, page) {
  if (!forPage(event)) return;
  const second = forShell(event.key);
  if (second !== (event.key === "g")) return;
  if (event.key === "e") {
    const field = first(page, "#words textarea", HTMLElement);
    if (field) event.preventDefault();
    field?.focus();
  }
  const row = document.activeElement?.closest(".post-row") ?? first(page, ".post-row.is-open", HTMLElement);
  const place = OF_SHARE.has(event.key) ? first(page, ".share-acts", HTMLElement) : OF_ROW.has(event.key) ? row : null;
  const own = page.matches("[data-post-page]") ? page : place;
  const target = own && first(own, `[data-key="${CSS.escape(event.key)}"]`, HTMLElement);
  if (target instanceof HTMLInputElement) {
    event.preventDefault();
    target.focus();
  } else target?.click();
}

if (share) document.addEventListener("keydown", (event) => pressed(event, share));
