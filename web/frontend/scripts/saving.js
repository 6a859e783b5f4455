// Saving: what is typed goes to the desk by itself, one saving at a time for a card,
// always with the newest text and revision. Its answer is the count and the preview.
// It goes on until the desk has every word, whatever was pressed meanwhile.
import htmx from "htmx.org";
import { unsavedIn } from "./keeping.js";
import { renew, token } from "./signing.js";

const PAUSE = 200;
const AGAIN = 4000;
const FIELDS = "textarea[name], input[type=hidden][name], input[type=url][name], input:not([type])[name]";
const writing = new Map(); // the number of a card -> its timer, its saving, and whether it waits for a person
const statuses = new WeakMap(); // where a saving is told -> what the desk answered

function card(number) {
  return document.querySelector(`[data-card="${number}"]`);
}

function values(found) {
  const fields = found.querySelectorAll(FIELDS);
  return Object.fromEntries([...fields].map((field) => [field.name, field.value]));
}

function tell(found, words, bad = false) {
  const place = found.querySelector(".saved");
  place.textContent = words;
  place.toggleAttribute("data-bad", bad);
}

document.addEventListener("htmx:after:request", (event) => {
  const { response, sourceElement } = event.detail.ctx;
  statuses.set(sourceElement, response.headers.has("Desk-Form-Old") ? 401 : response.status);
});

// What was not saved is still here, and in this browser; what then?
async function missed(found, kept, status) {
  const again = status === 0 || status === 408 || status === 429 || status >= 500;
  if (again) {
    tell(found, "Not saved yet, trying again", true);
    later(found.dataset.card, AGAIN);
  } else if (status === 401) {
    tell(found, "Kept in this browser, not saved yet", true);
    if ((await renew()) === "in") later(found.dataset.card, 0);
    else kept.waits = true;
  } else {
    const choice = document.querySelector(`[data-conflict="${found.dataset.card}"]`);
    tell(found, choice ? "Not saved: choose a text above" : "Not saved: see above", true);
    kept.waits = true;
  }
}

async function save(number) {
  const kept = writing.get(number);
  kept.timer = null;
  await kept.saving;
  const found = card(number);
  if (!found) return;
  const place = found.querySelector(".saved");
  tell(found, "");
  statuses.delete(place);
  kept.saving = htmx.ajax("POST", found.dataset.write, {
    source: place,
    values: values(found),
    swap: "none",
  });
  await kept.saving;
  kept.saving = null;
  const status = statuses.get(place) ?? 0;
  const there = card(number);
  if (there && status !== 200 && !kept.timer) await missed(there, kept, status);
}

function later(number, pause) {
  const kept = writing.get(number) ?? { timer: null, saving: null, waits: false };
  writing.set(number, kept);
  kept.waits = false;
  clearTimeout(kept.timer);
  kept.timer = setTimeout(() => save(number), pause);
}

export function typed(found, pause = PAUSE) {
  tell(found, "");
  later(found.dataset.card, pause);
}

// What waits is not sent any more: whoever asks sends the words themselves. Gives what
// is on its way, which raises the revision that a form names.
export function settle() {
  const waits = [];
  for (const kept of writing.values()) {
    clearTimeout(kept.timer);
    kept.timer = null;
    if (kept.saving) waits.push(kept.saving);
  }
  return waits.length ? Promise.allSettled(waits) : null;
}

export function saveNow(form) {
  for (const found of form.querySelectorAll("[data-card]")) later(found.dataset.card, 0);
}

// Whatever ended a saving, or took its place and failed: the words go again.
function goOn(anew = false) {
  for (const found of document.querySelectorAll("[data-card][data-write]")) {
    const kept = writing.get(found.dataset.card);
    const busy = found.closest("form.busy") || kept?.timer || kept?.saving;
    const halfALink = found.contains(document.activeElement) && document.activeElement.matches("[type=url]");
    if (busy || halfALink || (kept?.waits && !anew) || !unsavedIn(found)) continue;
    later(found.dataset.card, 0);
  }
}

// The connection is back: what hangs on the old one is given up first.
function reconnect() {
  for (const [number, kept] of writing) {
    const place = card(number)?.querySelector(".saved");
    if (kept.saving && place) htmx.trigger(place, "htmx:abort");
    if (kept.timer) later(number, 0);
  }
  goOn();
}

// The page goes away while something waits: it is sent behind its back.
function leave() {
  for (const found of document.querySelectorAll("[data-card][data-write]")) {
    const kept = writing.get(found.dataset.card);
    if (!unsavedIn(found) || kept?.waits) continue;
    clearTimeout(kept?.timer);
    const body = new FormData();
    for (const [name, value] of Object.entries(values(found))) body.append(name, value);
    body.append("csrf_token", token());
    navigator.sendBeacon(found.dataset.write, body);
  }
}

// Whatever was pressed has its answer: what it left unsaved goes by itself.
document.addEventListener("htmx:finally:request", (event) => {
  if (event.target.matches?.("form, button")) setTimeout(() => goOn());
});

// Where the words can't change any more, there is nothing to choose.
document.addEventListener("htmx:after:swap", () => {
  for (const choice of document.querySelectorAll("#toasts [data-conflict]")) {
    if (!card(choice.dataset.conflict)) choice.remove();
  }
});

addEventListener("pagehide", leave);
addEventListener("online", reconnect);
document.addEventListener("deskSignedIn", () => goOn(true));
setInterval(() => goOn(), AGAIN);
goOn(); // what was typed before this script was there
