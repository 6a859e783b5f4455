// Saving: what is typed goes to the desk by itself, one saving at a time for a card,
// always with the newest text and revision. Its answer is the count and the preview.
// It goes on until the desk has every word, whatever was pressed meanwhile.
import htmx from "htmx.org";
import { unsavedIn } from "./keeping.js";
import { every, fieldsOf, first, the } from "./page.js";
import { afterMissed, goes } from "./rules/saving.js";
import { renew, token } from "./signing.js";

const PAUSE = 200;
const AGAIN = 4000;
const FIELDS = "textarea[name], input[type=hidden][name], input[inputmode=url][name], input:not([type])[name]";

/**
 * @typedef {object} Saving of a card
 * @property {number} timer until it begins; 0: none runs
 * @property {Promise<void> | null} sent
 * @property {boolean} waits for a person
 */

/** @type {Map<string, Saving>} by the number of a card */
const writing = new Map();
/** @type {WeakMap<Element, number>} where a saving is told -> what the desk answered */
const statuses = new WeakMap();

/** @param {string} number */
function card(number) {
  return first(document, `[data-card="${number}"]`, HTMLElement);
}

/** @param {HTMLElement} its */
function numberOf(its) {
  return its.dataset.card ?? "";
}

function writable() {
  return every(document, "[data-card][data-write]", HTMLElement);
}

/** @param {HTMLElement} its */
function values(its) {
  return Object.fromEntries(fieldsOf(its, FIELDS).map((field) => [field.name, field.value]));
}

/** @param {HTMLElement} its */
function savedOf(its) {
  return the(its, ".saved", HTMLElement);
}

/**
 * @param {HTMLElement} its
 * @param {string} words
 */
function tell(its, words, bad = false) {
  const place = savedOf(its);
  place.textContent = words;
  place.toggleAttribute("data-bad", bad);
}

document.addEventListener("htmx:after:request", (event) => {
  const { response, sourceElement } = event.detail.ctx;
  if (!response) return;
  statuses.set(sourceElement, response.headers.has("Desk-Form-Old") ? 401 : response.status);
});

/**
 * What was not saved is still here, and in this browser; what then?
 * @param {HTMLElement} its
 * @param {Saving} saving
 * @param {number} status
 */
async function missed(its, saving, status) {
  const then = afterMissed(status);
  if (then === "again") {
    tell(its, `Not saved yet: ${navigator.onLine ? "trying again" : "kept in this browser"}`, true);
    later(numberOf(its), AGAIN);
  } else if (then === "in") {
    tell(its, "Kept in this browser, not saved yet", true);
    if ((await renew()) === "in") later(numberOf(its), 0);
    else saving.waits = true;
  } else {
    const choice = document.querySelector(`[data-conflict="${numberOf(its)}"]`);
    tell(its, choice ? "Not saved: choose a text above" : "Not saved: see above", true);
    saving.waits = true;
  }
}

/**
 * @param {string} number
 * @param {Saving} saving
 */
async function save(number, saving) {
  saving.timer = 0;
  await saving.sent;
  const its = card(number);
  if (!its) return;
  const place = savedOf(its);
  tell(its, "");
  statuses.delete(place);
  saving.sent = htmx.ajax("POST", its.dataset.write ?? "", {
    source: place,
    values: values(its),
    swap: "none",
  });
  await saving.sent;
  saving.sent = null;
  const status = statuses.get(place) ?? 0;
  const there = card(number);
  if (!there || saving.timer) return;
  if (status !== 200) await missed(there, saving, status);
  else saving.waits = unsavedIn(there); // the desk answered, and did not take it
}

/**
 * @param {string} number
 * @param {number} pause
 */
function later(number, pause) {
  const saving = writing.get(number) ?? { timer: 0, sent: null, waits: false };
  writing.set(number, saving);
  saving.waits = false;
  clearTimeout(saving.timer);
  saving.timer = setTimeout(() => save(number, saving), pause);
}

/** @param {HTMLElement} its */
export function typed(its, pause = PAUSE) {
  tell(its, "");
  later(numberOf(its), pause);
}

// What waits is not sent any more: whoever asks sends the words themselves. Gives what
// is on its way, which raises the revision that a form names.
export function settle() {
  const sent = [];
  for (const saving of writing.values()) {
    clearTimeout(saving.timer);
    saving.timer = 0;
    if (saving.sent) sent.push(saving.sent);
  }
  return sent.length ? Promise.allSettled(sent) : null;
}

/** @param {HTMLElement} form */
export function saveNow(form) {
  for (const its of every(form, "[data-card]", HTMLElement)) later(numberOf(its), 0);
}

/**
 * @param {HTMLElement} its
 * @returns {boolean} is a link being typed?
 */
function halfALink(its) {
  const at = document.activeElement;
  return at !== null && its.contains(at) && at.matches("[inputmode=url]");
}

// Whatever ended a saving, or took its place and failed: the words go again.
function goOn(anew = false) {
  for (const its of writable()) {
    const saving = writing.get(numberOf(its));
    const state = {
      busy: Boolean(its.closest("form.busy") || saving?.timer || saving?.sent),
      halfALink: halfALink(its),
      waits: saving?.waits ?? false,
      unsaved: unsavedIn(its),
    };
    if (goes(state, anew)) later(numberOf(its), 0);
  }
}

// The connection is back: what hangs on the old one is given up first.
function reconnect() {
  for (const [number, saving] of writing) {
    const place = card(number)?.querySelector(".saved");
    if (saving.sent && place) htmx.trigger(place, "htmx:abort");
    if (saving.timer) later(number, 0);
  }
  goOn();
}

// The page goes away while something waits: it is sent behind its back.
function leave() {
  for (const its of writable()) {
    const saving = writing.get(numberOf(its));
    if (!unsavedIn(its) || saving?.waits) continue;
    clearTimeout(saving?.timer);
    const body = new FormData();
    for (const [name, value] of Object.entries(values(its))) body.append(name, value);
    body.append("csrf_token", token());
    navigator.sendBeacon(its.dataset.write ?? "", body);
  }
}

// Whatever was pressed has its answer: what it left unsaved goes by itself.
document.addEventListener("htmx:finally:request", ({ target }) => {
  if (target instanceof Element && target.matches("form, button")) setTimeout(() => goOn());
});

// Where the words can't change any more, there is nothing to choose.
document.addEventListener("htmx:after:swap", () => {
  for (const choice of every(document, "#toasts [data-conflict]", HTMLElement)) {
    if (!card(choice.dataset.conflict ?? "")) choice.remove();
  }
});

addEventListener("pagehide", leave);
addEventListener("online", reconnect);
document.addEventListener("deskSignedIn", () => goOn(true));
setInterval(() => goOn(), AGAIN);
goOn(); // what was typed before this script was there
