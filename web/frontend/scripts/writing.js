// Writing: what forms that people write posts in have in common: autosave, the story's
// words and hashtags at one press, and sending after the savings on their way.
import { around, byId, every, isField, the } from "./page.js";
import { hasTag, toggledTag } from "./rules/hashtags.js";
import { settle, typed } from "./saving.js";

/** @typedef {import("./page.js").Field} Field */

const CHOSEN = "[inputmode=url], [name=share-class], [name^=checked-]"; // sent at once

/** @param {HTMLFormElement} form */
export function saving(form) {
  form.addEventListener("input", (event) => {
    const card = around(event, "[data-card]");
    const field = isField(event.target) && event.target.matches("textarea, input:not([type])");
    if (card && field) typed(card);
  });
  form.addEventListener("change", (event) => {
    const card = around(event, "[data-card]");
    const field = isField(event.target) ? event.target : null;
    if (card && field?.matches(CHOSEN)) typed(card, 0);
    if (!field?.matches("input[type=file]")) return;
    const upload = around(event, ".upload");
    if (upload) the(upload, "[data-uploads]", HTMLElement).click();
  });
}

/**
 * A form is sent after the savings on their way: they raise the revision it names.
 * @param {HTMLFormElement} form
 */
export function afterSaving(form) {
  /**
   * @param {Event} event
   * @param {() => void} again
   */
  const wait = (event, again) => {
    const waits = settle();
    if (!waits) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void waits.then(again);
  };
  form.addEventListener(
    "submit",
    (event) => wait(event, () => form.requestSubmit(event.submitter)),
    { capture: true },
  );
  document.addEventListener( // a button of this form may stand elsewhere
    "click",
    (event) => {
      const button = around(event, "[data-settles]");
      if (button instanceof HTMLButtonElement && button.form === form) wait(event, () => button.click());
    },
    { capture: true },
  );
}

/**
 * As if it were typed, so that Ctrl+Z brings back what stood there.
 * @param {Field} field
 * @param {string} text
 */
function write(field, text) {
  field.focus();
  field.select();
  if (!document.execCommand("insertText", false, text)) {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/**
 * The field that chips write into.
 * @param {string | undefined} id
 */
function fieldOf(id) {
  return byId(id, HTMLTextAreaElement);
}

/**
 * @param {HTMLElement} chips
 * @param {string} text
 */
function press(chips, text) {
  for (const chip of every(chips, "[data-text]", HTMLElement)) {
    chip.setAttribute("aria-pressed", String(chip.dataset.text === text));
  }
}

/**
 * @param {HTMLElement} chips
 * @param {string} text
 */
function pressTags(chips, text) {
  for (const chip of every(chips, "[data-tag]", HTMLElement)) {
    chip.setAttribute("aria-pressed", String(hasTag(text, chip.dataset.tag ?? "")));
  }
}

/** @param {HTMLFormElement} form */
export function hashtags(form) {
  const show = () => {
    for (const chips of every(form, "[data-tags]", HTMLElement)) {
      chips.hidden = false;
      pressTags(chips, fieldOf(chips.dataset.tags)?.value ?? "");
    }
  };
  form.addEventListener("input", show);
  form.addEventListener("click", (event) => {
    const chip = around(event, "[data-tag]");
    const field = fieldOf(chip?.parentElement?.dataset.tags);
    if (chip && field) write(field, toggledTag(field.value, chip.dataset.tag ?? ""));
  });
  return show;
}

/**
 * @param {HTMLElement} chip
 * @param {HTMLElement} chips
 * @param {Field} field
 */
function take(chip, chips, field) {
  const undo = the(chips, "[data-former]", HTMLElement);
  const before = field.value;
  const { former, text } = chip.dataset;
  write(field, (chip === undo ? former : text) ?? "");
  undo.hidden = chip === undo;
  undo.dataset.former = before;
}

/** @param {HTMLFormElement} form */
export function candidates(form) {
  const show = () => {
    for (const chips of every(form, "[data-candidates]", HTMLElement)) {
      chips.hidden = false;
      press(chips, fieldOf(chips.dataset.candidates)?.value ?? "");
    }
  };
  form.addEventListener("input", show);
  form.addEventListener("click", (event) => {
    const chip = around(event, "[data-candidates] button");
    const chips = chip?.parentElement;
    const field = fieldOf(chips?.dataset.candidates);
    if (chip && chips && field) take(chip, chips, field);
  });
  return show;
}

/**
 * Cards are changed in place, by answers whose own button may be gone by then.
 * @param {HTMLFormElement} form
 * @param {((() => void) | null)[]} looks
 */
export function watch(form, ...looks) {
  const all = () => {
    for (const look of looks) look?.();
  };
  new MutationObserver(all).observe(form, { childList: true, subtree: true });
  all();
}

