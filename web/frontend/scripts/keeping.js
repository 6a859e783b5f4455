// Keeping: whatever a person types into an element with `data-keeps` stays in this
// browser (IndexedDB), by person, until the desk has exactly that text. It outlives
// signing out, a lost connection, a closed tab and a desk that starts anew; it is brought
// back on the next visit of its page, sent from any other, or shown.
//
//   data-keeps="post-12"             what the words belong to; the desk answers with
//                                    "Desk-Kept: post-12=3" once it has them, and names
//                                    the revision that what is typed next begins from;
//                                    "Desk-Left" leaves them to a person
//   data-keeps-title="..."           how a person calls it
//   data-keeps-base="revision-12"    the hidden field with the revision they began from
//   data-write="/posts/12/write"     where they can be sent from any page
//   data-refused                     what the fields say came back with a refusal: the
//                                    desk does not have it
//   data-forgets="post-12"           on a button or form: what the words end with, one
//                                    place or several
import { forget, forgetText, gather, kept, opened, write } from "./kept.js";
import { every, fieldsOf, first, isField } from "./page.js";
import * as rules from "./rules/keeping.js";
import { person, renew, token } from "./signing.js";

/**
 * @typedef {import("./page.js").Field} Field
 * @typedef {import("./rules/keeping.js").Key} Key
 * @typedef {import("./rules/keeping.js").Words} Words
 * @typedef {import("./rules/keeping.js").Shown} Shown
 * @typedef {Map<string, FormDataEntryValue>} Sent by the names of the fields
 */

const FIELDS = "textarea[name], input[type=url][name], input[type=text][name], input[type=email][name], input:not([type])[name]";
const NEVER = "[autocomplete*=password], [autocomplete=one-time-code], [data-never-kept]";
const SHOWN = "input[type=hidden][name^=stood-], input[type=hidden][name^=arranged-]";
const SEND_EVERY = 4000;
const GIVEN_UP = "kept-given-up"; // in the session: places whose words are over
const ON_RECORD = "kept-on-record"; // in the session: what the desk has, and is forgotten now
const HEARD_WITHIN = 1000; // by a tab that is asked whether it is open
const tab = `${Date.now()}-${Math.random()}`; // this page in it, and no later one
const former = sessionStorage.getItem("kept-by"); // the page that was left for it
addEventListener("pagehide", () => sessionStorage.setItem("kept-by", tab));
const section = document.getElementById("kept-words");
const zone = first(document, ".clock", HTMLElement)?.dataset.zone; // the newsroom's
/** @type {WeakMap<Field, string>} what the desk has of each */
const server = new WeakMap();
/** @type {WeakSet<Field>} a person typed in these */
const touched = new WeakSet();
/** @typedef {{ key: Key, text: string }} OnRecord */
/** @type {OnRecord[]} */
let forgetting = [];

// ---- what stands on the page

/**
 * @param {Field} field
 * @returns {HTMLElement | null} what its words belong to
 */
function keeper(field) {
  if (!person || !field.matches(FIELDS) || field.matches(NEVER) || field.readOnly) return null;
  const place = field.closest("[data-keeps]");
  return place instanceof HTMLElement ? place : null;
}

/** @param {HTMLElement} place */
function fieldsIn(place) {
  return fieldsOf(place, FIELDS).filter((field) => keeper(field) === place);
}

/** @param {string} place */
function onPage(place) {
  return first(document, `[data-keeps="${CSS.escape(place)}"]`, HTMLElement);
}

/** @param {Field} field */
function had(field) {
  const known = server.get(field);
  if (known !== undefined) return known;
  return field.closest("[data-refused]") ? null : rules.normal(field.defaultValue);
}

/** @param {Field} field */
function unsaved(field) {
  return Boolean(keeper(field)) && rules.normal(field.value) !== had(field);
}

/**
 * Of a card: it may hold several places, each with its own words.
 * @param {HTMLElement} card
 */
export function unsavedIn(card) {
  return fieldsOf(card, FIELDS).some(unsaved);
}

/** @param {HTMLElement} place */
function baseField(place) {
  const name = place.dataset.keepsBase;
  return name ? first(place, `[name="${CSS.escape(name)}"]`, HTMLInputElement) : null;
}

/**
 * What its page says that it showed beside the words: state, time, picture.
 * @param {HTMLElement} place
 * @returns {[string, string][]}
 */
function shownIn(place) {
  return fieldsOf(place, SHOWN).map((field) => [field.name, field.value]);
}

/**
 * As its label calls it: "Alt text".
 * @param {Field} field
 */
function nameOf(field) {
  return field.labels?.[0]?.textContent.trim() ?? "";
}

/**
 * @param {Field} field
 * @param {HTMLElement} place
 */
function recordOf(field, place) {
  const { keeps = "", keepsBase = "", keepsTitle, write: address = "" } = place.dataset;
  return {
    /** @type {Key} */
    key: [person, keeps, field.name, tab],
    person,
    place: keeps,
    field: field.name,
    text: rules.normal(field.value),
    began: had(field),
    base: baseField(place)?.value ?? "",
    baseField: keepsBase,
    shown: shownIn(place),
    at: Date.now(),
    page: location.pathname + location.search,
    write: address,
    title: keepsTitle ?? document.title,
    label: nameOf(field),
  };
}

/** @param {Field} field */
async function keep(field) {
  const place = keeper(field);
  if (!place) return;
  const record = recordOf(field, place);
  await (unsaved(field) ? write(record) : forget(record.key));
}

// ---- what the desk has

/**
 * A new revision says what was sent: from that begins whatever is typed next.
 * @param {HTMLElement} here
 * @param {string} revision
 * @param {Sent} sent
 */
function beginFrom(here, revision, sent) {
  const begun = baseField(here);
  if (!begun) return;
  const newer = rules.isNewer(revision, begun.value);
  if (newer) renewButtons(begun, revision);
  begun.value = revision;
  if (newer) for (const [name, text] of sent) wasSent(here, name, String(text));
}

/**
 * Buttons beside the words showed them as they were: who typed knows what stands there.
 * @param {HTMLInputElement} begun
 * @param {string} revision
 */
function renewButtons(begun, revision) {
  for (const one of document.getElementsByName(begun.name)) {
    const same = one instanceof HTMLInputElement && one !== begun && one.value === begun.value;
    if (same) one.value = revision;
  }
}

/**
 * @param {HTMLElement} here
 * @param {string} name
 * @param {string} text
 */
function wasSent(here, name, text) {
  const was = first(here, `[name="was-${CSS.escape(name)}"]`, HTMLInputElement);
  if (was) was.value = rules.normal(text);
}

/**
 * Exactly these texts are on record: what was typed since is kept on.
 * @param {string} place
 * @param {string | undefined} revision
 * @param {Sent} sent
 */
function acknowledge(place, revision, sent) {
  const here = onPage(place);
  const shown = new Set(here ? fieldsIn(here).map((field) => field.name) : []);
  const texts = [...sent].filter(([name]) => !here || shown.has(name));
  void forgetOnRecord(texts.map(([name, text]) => ({ key: [person, place, name, tab], text: rules.normal(String(text)) })));
  if (here && revision) beginFrom(here, revision, sent);
  for (const field of here ? fieldsIn(here) : []) {
    const text = sent.get(field.name);
    if (typeof text !== "string") continue;
    server.set(field, rules.normal(text));
    if (unsaved(field)) void keep(field);
  }
}

/**
 * The page may be left before the browser has done it: the next one does it then.
 * @param {OnRecord[]} its
 */
async function forgetOnRecord(its) {
  const note = () => sessionStorage.setItem(ON_RECORD, JSON.stringify(forgetting));
  forgetting.push(...its);
  note();
  await Promise.all(its.map(({ key, text }) => forgetText(key, text)));
  forgetting = forgetting.filter((one) => !its.includes(one));
  note();
}

/**
 * @param {BodyInit | null | undefined} body
 * @returns {Sent}
 */
function sentIn(body) {
  const fields = body instanceof FormData || body instanceof URLSearchParams;
  return new Map(fields ? body : []);
}

document.addEventListener("htmx:after:request", (event) => {
  const { request, response, sourceElement } = event.detail.ctx;
  if (request.method !== "POST" || !response) return;
  const sent = sentIn(request.body);
  const has = rules.acknowledged(response.headers.get("Desk-Kept"));
  for (const [place, revision] of has) acknowledge(place, revision, sent);
  const forgets = sourceElement.closest("[data-forgets]");
  if (!(forgets instanceof HTMLElement) || response.status >= 400) return;
  void endAll((forgets.dataset.forgets ?? "").split(" "));
});

// "Keep mine" keeps what the page says by now, not what it said at the conflict.
document.addEventListener("submit", ({ target }) => {
  if (!(target instanceof HTMLFormElement)) return;
  for (const field of fieldsOf(target, "[data-newest]")) {
    const newest = document.getElementById(field.dataset.newest ?? "");
    if (isField(newest)) field.value = newest.value;
  }
}, { capture: true });

/**
 * A person chose other words, or none: these are over, on the page and in the browser.
 * What another tab could not save was not there to be chosen: it is offered still.
 * The page may be left before the browser has done it: the next one does it then.
 * @param {string[]} places
 */
async function endAll(places) {
  sessionStorage.setItem(GIVEN_UP, places.join(" "));
  for (const here of places.map(onPage)) {
    for (const field of here ? fieldsIn(here) : []) server.set(field, rules.normal(field.value));
  }
  await forgetAll(tab);
}

/** @param {string | null} page that its words were given up on */
async function forgetAll(page) {
  const places = (sessionStorage.getItem(GIVEN_UP) ?? "").split(" ");
  const its = (await kept()).filter((one) => places.includes(one.place) && one.key[3] === page);
  await forget(...its.map((one) => one.key));
  sessionStorage.removeItem(GIVEN_UP);
}

// ---- other tabs of this browser

const line = new BroadcastChannel("standfirst-tabs");
line.addEventListener("message", ({ data }) => {
  if (data.asked === tab) line.postMessage({ open: tab });
});

/**
 * @param {string} other a tab
 * @returns {Promise<boolean>}
 */
function isOpen(other) {
  if (other === former) return Promise.resolve(false);
  const heard = new AbortController();
  return new Promise((resolve) => {
    /** @param {boolean} open */
    const answer = (open) => {
      clearTimeout(timer);
      heard.abort();
      resolve(open);
    };
    const timer = setTimeout(() => answer(false), HEARD_WITHIN);
    line.addEventListener("message", ({ data }) => data.open === other && answer(true), { signal: heard.signal });
    line.postMessage({ asked: other });
  });
}

// ---- what comes back

/**
 * @param {Field} field
 * @param {string} text
 */
function put(field, text) {
  touched.add(field);
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/**
 * Words of this page (whose fields a swap drew anew), and of those that are gone.
 * @param {Words} one
 * @param {boolean} anew
 */
async function areOurs(one, anew) {
  const ours = rules.areOurs(one, { tab, former, anew, now: Date.now() });
  return ours === "ask" ? !(await isOpen(one.key[3])) : ours === "yes";
}

/** @param {boolean} anew */
async function bringBack(anew) {
  const away = [];
  if (anew) await gather((one) => rules.wasLeft(one, former, Date.now()));
  for (const one of (await kept()).reverse()) {
    if ((await areOurs(one, anew)) && !(await bringIn(one))) away.push(one);
  }
  return away;
}

// What stands on other pages goes from here.
async function bringBackFirst() {
  await forgetOnRecord(JSON.parse(sessionStorage.getItem(ON_RECORD) ?? "[]"));
  await forgetAll(former);
  const away = await bringBack(true);
  if (away.length) await sendOthers();
}

/**
 * Into its field, or beside it; false where no such field stands on this page.
 * @param {Words} one
 */
async function bringIn(one) {
  const here = onPage(one.place);
  const field = here && fieldsIn(here).find((found) => found.name === one.field);
  if (!field) return false;
  const fate = rules.fateOf(one, {
    value: field.value,
    had: had(field),
    unsaved: unsaved(field),
    typing: one.key[3] === tab && touched.has(field),
  });
  if (fate === "already") await settle(one, field);
  else if (fate === "back") await restore(one, here, field);
  else if (fate === "beside") offer(one, field);
  return true;
}

/**
 * The field says it already: by the desk's hand, or by one of this person's.
 * @param {Words} one
 * @param {Field} field
 */
async function settle(one, field) {
  if (unsaved(field)) await keep(field);
  if (one.key[3] !== tab || !unsaved(field)) await forget(one.key);
}

/**
 * @param {Words} one
 * @param {HTMLElement} here
 * @param {Field} field
 */
async function restore(one, here, field) {
  put(field, one.text);
  await keep(field);
  if (one.key[3] !== tab) await forget(one.key);
  const told = here.querySelector(".saved");
  if (told) told.textContent = `Brought back what you typed at ${rules.clockTime(one.at, Date.now(), zone)}`;
}

// ---- what is sent from any other page

/** @param {Words} one */
async function send(one) {
  const body = new FormData();
  body.append(one.field, one.text);
  body.append(`seen-${one.field}`, one.began ?? ""); // over no other tab's words
  if (one.baseField) body.append(one.baseField, one.base);
  for (const [name, value] of one.shown ?? []) body.append(name, value);
  body.append("csrf_token", token());
  const headers = { "HX-Request": "true" };
  const { status, headers: said } = await fetch(one.write, { method: "POST", body, headers });
  const has = rules.acknowledged(said.get("Desk-Kept")).has(one.place);
  const then = rules.afterSending({
    kept: has,
    status,
    old: said.has("Desk-Form-Old"),
    left: said.has("Desk-Left"),
  });
  if (then === "forget") await forgetText(one.key, one.text);
  else if (then === "renew") await renew();
  else if (then === "offer") offer(one);
}

async function sendOthers() {
  if (document.hidden || !navigator.onLine) return;
  for (const one of await kept()) {
    if (!rules.areLate(one, Date.now()) || isShown(one) || (await stands(one))) continue;
    if (!one.write) offer(one);
    else await send(one).catch(() => null); // no network: the next round tells
  }
}

/**
 * Has a tab with these words' own page, where they are being typed or come back?
 * @param {Words} one
 */
async function stands(one) {
  if (!onPage(one.place)) return false;
  return one.key[3] === tab || (await isOpen(one.key[3])) || bringIn(one);
}

// ---- what is shown, to be chosen

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 */
function element(name, words = "", style = "") {
  const made = document.createElement(name);
  made.textContent = words;
  made.className = style;
  return made;
}

/**
 * The words that differ from what stands there now are marked.
 * @param {string} text
 * @param {string} other
 */
function marked(text, other) {
  const [before, differing, after] = rules.difference(text, other);
  const words = element("p", before, "text");
  words.append(element("mark", differing), after);
  return words;
}

/** @param {Shown} one */
function identity(one) {
  return one.key.slice(1).join("\n");
}

/** @param {Shown} one */
function isShown(one) {
  const notices = section ? every(section, ":scope > *", HTMLElement) : [];
  return notices.some((notice) => notice.dataset.of === identity(one));
}

/**
 * @param {string} words
 * @param {() => void} press
 */
function button(words, press) {
  const made = element("button", words, "button tight");
  made.type = "button";
  made.addEventListener("click", press);
  return made;
}

/**
 * @param {Shown} one
 * @param {Field} field
 */
async function putIn(one, field) {
  put(field, one.text);
  await keep(field);
  if (one.key[3] !== tab) await forget(one.key);
}

/** @param {string} page */
function opens(page) {
  const link = element("a", "Open", "button tight");
  link.href = page;
  return link;
}

/**
 * Where the browser lets a page do that.
 * @param {HTMLElement} row
 * @param {string} text
 */
function copies(row, text) {
  if (window.isSecureContext) row.append(button("Copy", () => void navigator.clipboard.writeText(text)));
}

/**
 * @param {Shown} one
 * @param {Field | null} [field]
 */
function offer(one, field = null) {
  if (!section || isShown(one)) return;
  const notice = element("div", "", "notice held");
  notice.dataset.of = identity(one);
  const gone = () => {
    notice.remove();
    section.hidden = !section.children.length;
  };
  const box = element("div", "", "stack");
  const row = element("p", "", "row");
  const when = rules.clockTime(one.at, Date.now(), zone);
  box.append(element("strong", `Unsaved words for ${rules.named(one)}, ${when}`));
  if (field) {
    box.append(marked(one.text, field.value));
    box.append(element("p", `There now: ${field.value || "nothing"}`, "text soft"));
    row.append(button("Put it in", () => {
      void putIn(one, field);
      gone();
      field.focus();
    }));
  } else {
    box.append(element("p", one.text, "text brief")); // of another page: the work here goes on
    if (one.page !== location.pathname + location.search) row.append(opens(one.page));
  }
  if (!field) copies(row, one.text);
  row.append(button("Discard", () => void forget(one.key).then(gone)));
  box.append(row);
  notice.append(box);
  section.append(notice);
  section.hidden = false;
}

// ---- what the browser puts into fields by itself counts as typed by nobody

/** @param {Field} field */
function undoBrowser(field) {
  const place = keeper(field);
  if (!place || field.closest("[data-refused]") || touched.has(field) || !unsaved(field)) return;
  /** @type {Shown} */
  const one = { ...recordOf(field, place), key: [person, place.dataset.keeps ?? "", field.name, "browser"] };
  field.value = had(field) ?? "";
  offer(one, field);
}

function undoAll() {
  for (const field of fieldsOf(document, FIELDS)) undoBrowser(field);
}

// ---- a browser that keeps nothing says so, and asks before it loses anything

/** @param {HTMLElement} place where it is said */
async function tellWhereNothingIsKept(place) {
  if (await opened) return;
  /** @param {Event} event */
  const typed = ({ target }) => {
    if (!isField(target) || !keeper(target)) return;
    document.removeEventListener("input", typed);
    const notice = element("div", "", "notice held");
    notice.append(element("p", "This browser keeps nothing for the desk (a private window, perhaps): wait for “Saved” before you close the tab."));
    place.append(notice);
    place.hidden = false;
  };
  document.addEventListener("input", typed);
  addEventListener("beforeunload", (event) => {
    if (fieldsOf(document, FIELDS).some(unsaved)) event.preventDefault();
  });
}

// Typed before this script was there.
function keepEarly() {
  const field = document.activeElement;
  if (!isField(field) || !field.matches(FIELDS) || field.value === field.defaultValue) return;
  touched.add(field);
  void keep(field);
}

/** @param {HTMLElement} place where words are shown, to be chosen */
function begin(place) {
  keepEarly();
  undoAll();
  for (const name of ["focusin", "beforeinput"]) {
    document.addEventListener(name, ({ target }) => isField(target) && undoBrowser(target), { capture: true });
  }
  document.addEventListener("input", ({ target }) => {
    if (!isField(target)) return;
    touched.add(target);
    void keep(target);
  }, { capture: true });
  addEventListener("pageshow", (event) => event.persisted || undoAll());
  document.addEventListener("deskSignedIn", sendOthers);
  document.addEventListener("htmx:after:swap", () => void bringBack(false));
  addEventListener("online", sendOthers);
  void tellWhereNothingIsKept(place);
  void bringBackFirst();
  setTimeout(() => bringBack(true), rules.YOUNG);
  setInterval(sendOthers, SEND_EVERY);
}

if (person && section) begin(section);
