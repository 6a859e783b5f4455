// A link that is shown once is copied by a button; menus close when one looks away.
import { around, byId, every, first, the } from "./page.js";

/**
 * @param {HTMLButtonElement} button
 * @param {HTMLInputElement} field
 */
function copies(button, field) {
  const label = the(button, "span", HTMLElement);
  button.hidden = false;
  field.addEventListener("focus", () => field.select());
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      label.textContent = "Copied";
    } catch {
      field.focus(); // no clipboard without https: the link is selected instead
      label.textContent = "Press Ctrl+C to copy";
    }
  });
}

for (const button of every(document, "[data-copies]", HTMLButtonElement)) {
  const field = byId(button.dataset.copies, HTMLInputElement);
  if (field) copies(button, field);
}

const menus = every(document, "details.member-more", HTMLDetailsElement);

/** @param {HTMLElement | null} but */
function closeMenus(but) {
  for (const menu of menus) if (menu !== but) menu.open = false;
}

if (menus.length) {
  document.addEventListener("click", (event) => closeMenus(around(event, "details.member-more")));
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && first(document, ".member-more[open]", HTMLDetailsElement);
    if (!open) return;
    open.open = false;
    first(open, "summary", HTMLElement)?.focus();
  });
}
