// Saving: what is typed goes to the desk by itself, one saving at a time for a card,
// always with the newest text and revision. Its answer is the count and the preview.
import htmx from "htmx.org";

const PAUSE = 200;
const AGAIN = 4000;
const FIELDS = "textarea[name], input[type=hidden][name], input[type=url][name], input:not([type])[name]";
const writing = new Map(); // the number of a card -> its timer, and its saving on the way

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

// Nothing was answered: the words are still here, and go again by themselves.
function missed(number) {
  const found = card(number);
  const answered = !found || found.querySelector(".saved").textContent;
  if (answered || writing.get(number)?.timer) return;
  const both = document.querySelector("#toasts > section");
  tell(found, both ? "Not saved: choose a text above" : "Not saved yet, trying again", true);
  if (!both) later(number, AGAIN);
}

async function save(number) {
  const kept = writing.get(number);
  kept.timer = null;
  await kept.saving;
  const found = card(number);
  if (!found) return;
  const place = found.querySelector(".saved");
  tell(found, "");
  kept.saving = htmx.ajax("POST", found.dataset.write, {
    source: place,
    values: values(found),
    swap: "none",
  });
  await kept.saving;
  kept.saving = null;
  missed(number);
}

function later(number, pause) {
  const kept = writing.get(number) ?? { timer: null, saving: null };
  writing.set(number, kept);
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

// The page goes away while something waits: it is sent behind its back.
function leave() {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  for (const [number, kept] of writing) {
    const found = card(number);
    if (!kept.timer || !found) continue;
    clearTimeout(kept.timer);
    kept.timer = null;
    const body = new FormData();
    for (const [name, value] of Object.entries(values(found))) body.append(name, value);
    body.append("csrf_token", token);
    navigator.sendBeacon(found.dataset.write, body);
  }
}

addEventListener("pagehide", leave);
