// Compose: candidates, the main button, the keys, and two steps on a small screen.
import { around, byId, every, first, isField, the } from "./page.js";
import { channels, commandOf, mainWords } from "./rules/composing.js";
import { hasTag, toggledTag } from "./rules/hashtags.js";
import { saveNow, settle, typed } from "./saving.js";

/** @typedef {import("./page.js").Field} Field */

const forms = every(document, "[data-compose], [data-post]", HTMLFormElement);

/** @param {HTMLFormElement} form */
function saving(form) {
  form.addEventListener("input", (event) => {
    const card = around(event, "[data-card]");
    const field = isField(event.target) && event.target.matches("textarea, input:not([type])");
    if (card && field) typed(card);
  });
  form.addEventListener("change", (event) => {
    const card = around(event, "[data-card]");
    const field = isField(event.target) ? event.target : null;
    if (card && field?.matches("input[type=url]")) typed(card, 0);
    if (!field?.matches("input[type=file]")) return;
    const upload = around(event, ".upload");
    if (upload) the(upload, "[data-uploads]", HTMLElement).click();
  });
}

/**
 * A form is sent after the savings on their way: they raise the revision it names.
 * @param {HTMLFormElement} form
 */
function afterSaving(form) {
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
function hashtags(form) {
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
function candidates(form) {
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

/** @param {HTMLFormElement} form */
function cardsOf(form) {
  return every(form, "[data-card]", HTMLElement);
}

/** @param {HTMLElement} card */
function boxOf(card) {
  return first(card, "input[name=posts]", HTMLInputElement);
}

/** @param {HTMLElement} card */
function ticked(card) {
  return boxOf(card)?.checked ?? true;
}

/** @param {HTMLFormElement} form */
function chosenWhen(form) {
  return first(form, "input[name=when]:checked", HTMLInputElement);
}

/** @param {HTMLElement} card */
function hasProblems(card) {
  return card.querySelector(".problems") !== null;
}

/**
 * What keeps a post from going out: its words, or a time that its channel doesn't have.
 * @param {HTMLFormElement} form
 * @param {HTMLElement} card
 */
function hindered(form, card) {
  const slotless = chosenWhen(form)?.value === "slot" && card.dataset.slot === "no";
  return hasProblems(card) || slotless;
}

/** @param {HTMLFormElement} form */
function showProblem(form) {
  const cards = cardsOf(form).filter(ticked);
  const link = cards.map((card) => first(card, ".problems a", HTMLAnchorElement)).find(Boolean);
  const field = link && document.getElementById(link.hash.slice(1));
  (field ?? chosenWhen(form))?.focus();
}

/**
 * "Publish now on 4 channels": another button than the one that schedules.
 * @param {HTMLButtonElement} button
 * @param {number} good
 */
function sayNow(button, good) {
  const [words, unit] = [`Publish now on ${good}`, channels(good)];
  const said = the(button, "span", HTMLElement);
  if (said.textContent !== words + unit) {
    if (said.firstChild) said.firstChild.nodeValue = words;
    if (said.lastElementChild) said.lastElementChild.textContent = unit;
  }
  button.disabled = !good;
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement} card
 * @param {Set<string>} leftOut
 */
function showTick(form, card, leftOut) {
  const box = boxOf(card);
  if (box) box.checked = !leftOut.has(box.value); // a card that was drawn anew is ticked
  card.dataset.off = String(!ticked(card));
  const link = form.querySelector(`.strip [href="#${card.id}"]`);
  link?.classList.toggle("is-off", !ticked(card));
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLButtonElement} button
 */
function sayMain(form, button) {
  const chosen = cardsOf(form).filter(ticked);
  const bad = chosen.filter((card) => hindered(form, card)).length;
  const words = mainWords(button.dataset.verb ?? "", chosen.length, bad);
  if (button.textContent !== words) button.textContent = words;
  button.dataset.good = String(chosen.length - bad);
  button.setAttribute("aria-disabled", String(!chosen.length));
  const now = first(form, "[data-publish]", HTMLButtonElement);
  if (now) sayNow(now, chosen.filter((card) => !hasProblems(card)).length);
}

/**
 * @param {HTMLFormElement} form
 * @returns {(() => void) | null} what says anew what the button does
 */
function mainButton(form) {
  const button = first(form, "[data-schedule]", HTMLButtonElement);
  if (!button) return null;
  /** @type {Set<string>} */
  const leftOut = new Set();
  const choose = () => {
    for (const box of every(form, "input[name=posts]", HTMLInputElement)) {
      if (box.checked) leftOut.delete(box.value);
      else leftOut.add(box.value);
    }
  };
  const say = () => {
    for (const card of cardsOf(form)) showTick(form, card, leftOut);
    sayMain(form, button);
  };
  form.addEventListener("change", choose);
  form.addEventListener("change", say);
  form.addEventListener(
    "submit",
    (event) => {
      if (button.dataset.good !== "0") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      showProblem(form);
    },
    { capture: true },
  );
  choose();
  return say;
}

/**
 * Cards are changed in place, by answers whose own button may be gone by then.
 * @param {HTMLFormElement} form
 * @param {((() => void) | null)[]} looks
 */
function watch(form, ...looks) {
  const all = () => {
    for (const look of looks) look?.();
  };
  new MutationObserver(all).observe(form, { childList: true, subtree: true });
  all();
}

/**
 * @param {HTMLFormElement} form
 * @param {number} number
 */
function jump(form, number) {
  const card = cardsOf(form)[number - 1];
  card?.scrollIntoView({ block: "start" });
  if (card) the(card, "textarea", HTMLElement).focus({ preventScroll: true });
}

/** @param {HTMLFormElement} form */
function toPicture(form) {
  const cards = cardsOf(form);
  const at = cards.find((card) => card.contains(document.activeElement)) ?? cards[0];
  if (at) first(at, ".picture :is(textarea, button, input)", HTMLElement)?.focus();
}

/**
 * @param {HTMLFormElement} form
 * @param {Event} event
 */
function back(form, event) {
  const elsewhere = event.defaultPrevented || document.querySelector("dialog[open]");
  const toast = document.querySelector("#toasts .toast-close");
  if (elsewhere || toast || !form.dataset.back) return;
  location.assign(form.dataset.back);
}

/** @param {HTMLFormElement} form */
function submitMain(form) {
  const main = first(form, "[data-schedule]", HTMLElement);
  form.requestSubmit(main ?? first(form, "button.main:not([type])", HTMLElement));
}

/** @param {HTMLFormElement} form */
function keys(form) {
  document.addEventListener("keydown", (event) => {
    const inLine = event.target instanceof Element && event.target.matches("[data-card] input");
    const command = commandOf(event, inLine);
    if (command === "back") back(form, event);
    if (!command || command === "back") return;
    if (command === "schedule") submitMain(form);
    if (command === "save") saveNow(form);
    if (command === "jump") jump(form, Number(event.code.slice(-1)));
    if (command === "picture") toPicture(form);
    event.preventDefault();
  });
}

/**
 * On a small screen: first the words, then the time, each with its button in reach.
 * @param {HTMLFormElement} form
 */
function steps(form) {
  const bar = first(form, "[data-bar]", HTMLElement);
  if (!bar) return;
  const next = the(bar, "[data-next]", HTMLElement);
  /**
   * @param {string} step
   * @param {HTMLElement | null} [focused]
   */
  const go = (step, focused) => {
    bar.dataset.step = step;
    focused?.focus();
  };
  next.hidden = false;
  go("write");
  next.addEventListener("click", () => go("when", chosenWhen(form)));
  the(bar, "[data-write]", HTMLElement).addEventListener("click", () => go("write", next));
}

for (const form of forms) {
  saving(form);
  watch(form, candidates(form), hashtags(form), mainButton(form));
  afterSaving(form);
  keys(form);
  steps(form);
  if (document.querySelector("#toasts .bad")) showProblem(form);
}

// Where there is room for the whole article beside its posts, it stands open.
for (const whole of every(document, "details.whole", HTMLDetailsElement)) {
  whole.open = matchMedia("(min-width: 1560px)").matches;
}
