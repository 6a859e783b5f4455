// Growing: a writing field is as tall as its words, where the style sheet can't see to
// it. By rows: a height would be an inline style, which the policy forbids.
const fields = "textarea.input";

function grow(field) {
  const least = Number((field.dataset.rows ??= field.rows));
  const style = getComputedStyle(field);
  const line = parseFloat(style.lineHeight) || parseFloat(style.fontSize) * 1.5;
  field.rows = least;
  const over = field.scrollHeight - field.clientHeight;
  if (over > 0) field.rows = least + Math.ceil(over / line);
}

function growAll() {
  for (const field of document.querySelectorAll(fields)) grow(field);
}

if (!CSS.supports("field-sizing", "content")) {
  growAll();
  document.addEventListener("input", (event) => event.target.matches(fields) && grow(event.target));
  document.addEventListener("htmx:after:swap", growAll);
  addEventListener("resize", growAll);
  document.fonts.ready.then(growAll);
}
