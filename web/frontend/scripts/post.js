// Post: one post's words on its own page: the story's words, hashtags, and the keys.
import { first, the } from "./page.js";
import { commandOf } from "./rules/composing.js";
import { saveNow } from "./saving.js";
import { afterSaving, candidates, hashtags, saving, watch } from "./writing.js";

const form = first(document, "form[data-post]", HTMLFormElement);

/** @param {HTMLFormElement} words */
function toWords(words) {
  the(words, "textarea", HTMLElement).focus();
}

/** @param {HTMLFormElement} words */
function toPicture(words) {
  first(words, ".picture :is(textarea, button, input)", HTMLElement)?.focus();
}

/** @param {HTMLFormElement} words */
function submitMain(words) {
  words.requestSubmit(first(words, "button.main:not([type])", HTMLElement));
}

/** @param {HTMLFormElement} words */
function keys(words) {
  /** @type {Record<string, () => void>} */
  const does = {
    schedule: () => submitMain(words),
    save: () => saveNow(words),
    jump: () => toWords(words),
    picture: () => toPicture(words),
  };
  document.addEventListener("keydown", (event) => {
    const inLine = event.target instanceof Element && event.target.matches("[data-card] input");
    const act = does[commandOf(event, inLine) ?? ""];
    if (!act) return;
    act();
    event.preventDefault();
  });
}

if (form) {
  saving(form);
  watch(form, candidates(form), hashtags(form));
  afterSaving(form);
  keys(form);
}
