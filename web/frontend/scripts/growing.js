// Growing: a writing field is as tall as its words, where the style sheet can't see to
// it. By rows: a height would be an inline style, which the policy forbids.
import { every } from "./page.js";
import { rowsFor } from "./rules/growing.js";

const fields = "textarea.input";

/** @param {HTMLTextAreaElement} field */
function grow(field) {
  field.dataset.rows ??= String(field.rows);
  const least = Number(field.dataset.rows);
  const style = getComputedStyle(field);
  const line = parseFloat(style.lineHeight) || parseFloat(style.fontSize) * 1.5;
  field.rows = least;
  field.rows = rowsFor(least, field.scrollHeight - field.clientHeight, line);
}

function growAll() {
  for (const field of every(document, fields, HTMLTextAreaElement)) grow(field);
}

if (!CSS.supports("field-sizing", "content")) {
  growAll();
  document.addEventListener("input", ({ target }) => {
    if (target instanceof HTMLTextAreaElement && target.matches(fields)) grow(target);
  });
  document.addEventListener("htmx:after:swap", growAll);
  addEventListener("resize", growAll);
  void document.fonts.ready.then(growAll);
}
