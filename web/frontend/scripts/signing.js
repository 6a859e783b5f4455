// Signing: whose page this is, and whether they are still signed in. A page outlives
// its sign-in: it says so, and gets a new token once the same person is back.
import { every, first, the } from "./page.js";

/** @typedef {"in" | "out" | "other" | "away"} State */

const LOOK_EVERY = 5000;
const meta = first(document, 'meta[name="csrf-token"]', HTMLMetaElement);
const notice = document.getElementById("signed-out");
const { signedIn = "" } = document.body.dataset;

export const person = document.body.dataset.person ?? "";

export function token() {
  return meta?.content ?? "";
}

/** @param {State} state */
function say(state) {
  if (!notice) return;
  notice.hidden = state === "in";
  the(notice, "[data-out]", HTMLElement).hidden = state !== "out";
  the(notice, "[data-other]", HTMLElement).hidden = state !== "other";
}

/** @param {string} fresh */
function take(fresh) {
  if (meta) meta.content = fresh;
  for (const field of every(document, "input[name=csrf_token]", HTMLInputElement)) {
    field.value = fresh;
  }
}

/** @returns {Promise<State>} */
async function ask() {
  try {
    const headers = { "HX-Request": "true" }; // an answer, not the way to the door
    const answer = await fetch(signedIn, { headers, cache: "no-store" });
    if (answer.status === 401) return "out";
    if (!answer.ok) return "away";
    const found = await answer.json();
    if (found.person !== person) return "other";
    take(found.token);
    return "in";
  } catch {
    return "away"; // no network: the next look tells
  }
}

// "in" (with a new token), "out", "other": someone else is, or "away": no answer.
export async function renew() {
  const state = await ask();
  if (state === "away") return state;
  const back = notice && !notice.hidden && state === "in";
  say(state);
  if (back) document.dispatchEvent(new CustomEvent("deskSignedIn"));
  return state;
}

function look() {
  if (notice && !notice.hidden && !document.hidden) void renew();
}

if (notice && person) {
  setInterval(look, LOOK_EVERY);
  addEventListener("focus", look);
  addEventListener("online", look);
  document.addEventListener("visibilitychange", look);

  // Whatever the page asks for by itself: it stays, with what is being written.
  document.addEventListener("htmx:after:request", (event) => {
    if (event.detail.ctx.response?.status !== 401) return;
    event.preventDefault();
    say("out");
  });
}
