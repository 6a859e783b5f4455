// The list of zones narrows to what is typed; without JavaScript it is whole.
import { every, first, the } from "./page.js";
import { countOf, fits, wordsIn } from "./rules/zones.js";

/** @param {HTMLFormElement} form */
function narrows(form) {
  const list = the(form, "select", HTMLSelectElement);
  const search = the(form, "[data-zone-search]", HTMLElement);
  const field = the(search, "input", HTMLInputElement);
  const told = the(form, "[data-zone-count]", HTMLElement);
  const usual = list.options[0];
  /** @type {[HTMLElement, HTMLOptionElement[]][]} */
  const known = every(list, "optgroup", HTMLElement).map((group) => [
    group,
    every(group, "option", HTMLOptionElement),
  ]);

  // Options are taken out and put back: browsers show hidden ones in lists.
  function narrow() {
    const words = wordsIn(field.value);
    const value = list.value;
    const kept = [];
    const found = [];
    for (const [group, options] of known) {
      const fit = options.filter((option) => fits(`${option.value} ${option.textContent}`, words));
      group.replaceChildren(...fit);
      if (fit.length) kept.push(group);
      found.push(...fit);
    }
    list.replaceChildren(...(words.length ? kept : [usual, ...kept]));
    list.value = value;
    if (words.length && found.length === 1) found[0].selected = true;
    told.textContent = words.length ? countOf(found.length) : "";
  }

  search.hidden = false;
  field.addEventListener("input", narrow);
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      list.focus();
      if (list.selectedIndex < 0 && list.options.length) list.selectedIndex = 0;
    }
    if (event.key === "Enter" && list.selectedIndex < 0) event.preventDefault();
  });
}

const chosen = first(document, "[data-zones]", HTMLFormElement);
if (chosen) narrows(chosen);
