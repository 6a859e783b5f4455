// Keeping: whatever a person types into an element with `data-keeps` stays in this
// browser (IndexedDB), by person, until the desk has exactly that text. It outlives
// signing out, a lost connection, a closed tab and a desk that starts anew; it is brought
// back on the next visit of its page, sent from any other, or shown.
//
//   data-keeps="post-12"             what the words belong to; the desk answers with
//                                    "Desk-Kept: post-12=3" once it has them, and names
//                                    the revision that what is typed next begins from
//   data-keeps-title="..."           how a person calls it
//   data-keeps-base="revision-12"    the hidden field with the revision they began from
//   data-write="/posts/12/write"     where they can be sent from any page
//   data-refused                     what the fields say came back with a refusal: the
//                                    desk does not have it
//   data-forgets="post-12"           on a button or form: what the words end with
import { forget, forgetText, gather, kept, opened, write } from "./kept.js";
import { person, renew, token } from "./signing.js";

const FIELDS = "textarea[name], input[type=url][name], input[type=text][name], input[type=email][name], input:not([type])[name]";
const NEVER = "[autocomplete*=password], [autocomplete=one-time-code], [data-never-kept]";
const SEND_AFTER = 5000; // a page that has just been left may be sending them itself
const SEND_EVERY = 4000;
const YOUNG = 3000; // such words may be on their way to the desk from another tab
const HEARD_WITHIN = 1000; // by a tab that is asked whether it is open
const tab = `${Date.now()}-${Math.random()}`; // this page in it, and no later one
const former = sessionStorage.getItem("kept-by"); // the page that was left for it
addEventListener("pagehide", () => sessionStorage.setItem("kept-by", tab));
const section = document.getElementById("kept-words");
const { zone } = document.querySelector(".clock")?.dataset ?? {}; // the newsroom's
const server = new WeakMap(); // a field -> what the desk has of it
const touched = new WeakSet(); // a person typed in it

// ---- what stands on the page

function keeper(field) {
  if (!person || !field.matches?.(FIELDS) || field.matches(NEVER)) return null;
  return field.readOnly ? null : field.closest("[data-keeps]");
}

function fieldsIn(place) {
  const found = place.querySelectorAll(FIELDS);
  return [...found].filter((field) => keeper(field) === place);
}

function onPage(place) {
  return document.querySelector(`[data-keeps="${CSS.escape(place)}"]`);
}

function same(text) {
  return text.replaceAll("\r\n", "\n");
}

function had(field) {
  return server.get(field) ?? (field.closest("[data-refused]") ? null : same(field.defaultValue));
}

export function unsaved(field) {
  return Boolean(keeper(field)) && same(field.value) !== had(field);
}

export function unsavedIn(place) {
  return fieldsIn(place).some(unsaved);
}

function baseField(place) {
  const name = place.dataset.keepsBase;
  return name ? place.querySelector(`[name="${CSS.escape(name)}"]`) : null;
}

// As its label calls it: "Alt text".
function nameOf(field) {
  return field.labels?.[0]?.textContent.trim() ?? "";
}

function named(one) {
  return one.label ? `${one.title}, ${one.label}` : one.title;
}

function base(place) {
  return baseField(place)?.value ?? "";
}

function keep(field) {
  const place = keeper(field);
  const key = [person, place.dataset.keeps, field.name, tab];
  if (!unsaved(field)) return forget(key);
  const record = {
    key,
    person,
    place: place.dataset.keeps,
    field: field.name,
    text: same(field.value),
    began: had(field),
    base: base(place),
    baseField: place.dataset.keepsBase ?? "",
    at: Date.now(),
    page: location.pathname + location.search,
    write: place.dataset.write ?? "",
    title: place.dataset.keepsTitle ?? document.title,
    label: nameOf(field),
  };
  return write(record);
}

// ---- what the desk has

// A new revision says what was sent: from that begins whatever is typed next.
function beginFrom(here, revision, sent) {
  const begun = baseField(here);
  if (!begun) return;
  const later = Number(revision) > Number(begun.value);
  // buttons beside the words showed them as they were: who typed knows what stands there
  for (const one of later ? [...document.getElementsByName(begun.name)] : [])
    if (one !== begun && one.value === begun.value) one.value = revision;
  begun.value = revision;
  for (const [name, text] of later ? sent : []) {
    const was = here.querySelector(`[name="was-${CSS.escape(name)}"]`);
    if (was) was.value = same(String(text));
  }
}

// Exactly these texts are on record: what was typed since is kept on.
function acknowledge([place, revision], sent) {
  for (const [name, text] of sent) {
    if (typeof text !== "string") continue;
    forgetText([person, place, name, tab], same(text));
  }
  const here = onPage(place);
  if (here && revision) beginFrom(here, revision, sent);
  for (const field of here ? fieldsIn(here) : []) {
    const text = sent.get(field.name);
    if (typeof text !== "string") continue;
    server.set(field, same(text));
    if (unsaved(field)) keep(field);
  }
}

function places(response) {
  const said = (response.headers.get("Desk-Kept") ?? "").split(" ").filter(Boolean);
  return new Map(said.map((one) => one.split("=")));
}

document.addEventListener("htmx:after:request", (event) => {
  const { request, response, sourceElement } = event.detail.ctx;
  if (request.method !== "POST") return;
  const body = request.body ?? new FormData();
  for (const place of places(response)) acknowledge(place, new Map(body));
  const forgets = sourceElement.closest?.("[data-forgets]")?.dataset.forgets;
  if (forgets && response.status < 400) end(forgets);
});

// "Keep mine" keeps what the page says by now, not what it said at the conflict.
document.addEventListener("submit", (event) => {
  for (const field of event.target.querySelectorAll("[data-newest]")) {
    field.value = document.getElementById(field.dataset.newest)?.value ?? field.value;
  }
}, { capture: true });

// A person chose other words, or none: these are over, on the page and in the browser.
// What another tab could not save was not there to be chosen: it is offered still.
async function end(place) {
  const here = onPage(place);
  for (const field of here ? fieldsIn(here) : []) server.set(field, same(field.value));
  const its = (await kept()).filter((one) => one.place === place && one.key[3] === tab);
  await forget(...its.map((one) => one.key));
}

// ---- other tabs of this browser

const line = new BroadcastChannel("standfirst-tabs");
line.addEventListener("message", ({ data }) => {
  if (data.asked === tab) line.postMessage({ open: tab });
});

function isOpen(other) {
  if (other === former) return false;
  return new Promise((resolve) => {
    const hear = ({ data }) => data.open === other && end(true);
    const timer = setTimeout(() => end(false), HEARD_WITHIN);
    const end = (open) => {
      clearTimeout(timer);
      line.removeEventListener("message", hear);
      resolve(open);
    };
    line.addEventListener("message", hear);
    line.postMessage({ asked: other });
  });
}

// ---- what comes back

// In the newsroom's time, with its zone: "14:02 Europe/Rome"; with its day if not today.
function clock(at) {
  const day = (moment) => moment.toLocaleDateString("en-GB", { timeZone: zone, weekday: "short", day: "numeric", month: "short" });
  const moment = new Date(at);
  const time = moment.toLocaleTimeString("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" });
  const before = day(moment) === day(new Date()) ? "" : `${day(moment)} `;
  return `${before}${time} ${zone ?? ""}`.trim();
}

function put(field, text) {
  touched.add(field);
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// Words of this page (whose fields a swap drew anew), and of those that are gone: an
// open one has its own in its hands, saved or not.
async function orphaned(one, anew) {
  const [, , , its] = one.key;
  if (its === tab) return true;
  if (!anew) return false;
  return its === former || (Date.now() - one.at > YOUNG && !(await isOpen(its)));
}

async function bringBack(anew) {
  const away = [];
  if (anew) await gather((one) => one.key[3] === former || Date.now() - one.at > YOUNG);
  for (const one of (await kept()).reverse()) {
    if ((await orphaned(one, anew)) && !(await bringIn(one))) away.push(one);
  }
  return away;
}

// Into its field, or beside it; false where no such field stands on this page.
async function bringIn(one) {
  const here = onPage(one.place);
  const field = here && fieldsIn(here).find((found) => found.name === one.field);
  if (!field) return false;
  if (one.key[3] === tab && touched.has(field)) return true; // it is being typed
  if (one.text === same(field.value)) await settle(one, field);
  else if (one.began === had(field) && !unsaved(field)) await restore(one, here, field);
  else offer(one, field);
  return true;
}

// The field says it already: by the desk's hand, or by one of this person's.
async function settle(one, field) {
  if (unsaved(field)) await keep(field);
  if (one.key[3] !== tab || !unsaved(field)) await forget(one.key);
}

async function restore(one, here, field) {
  put(field, one.text);
  await keep(field);
  if (one.key[3] !== tab) await forget(one.key);
  const told = here.querySelector(".saved");
  if (told) told.textContent = `Brought back what you typed at ${clock(one.at)}`;
}

// ---- what is sent from any other page

async function send(one) {
  const body = new FormData();
  body.append(one.field, one.text);
  body.append(`seen-${one.field}`, one.began ?? ""); // over no other tab's words
  if (one.baseField) body.append(one.baseField, one.base);
  body.append("csrf_token", token());
  const headers = { "HX-Request": "true" };
  const answer = await fetch(one.write, { method: "POST", body, headers });
  if (places(answer).has(one.place)) return forgetText(one.key, one.text);
  if (answer.status === 401 || answer.headers.has("Desk-Form-Old")) return renew();
  if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) offer(one);
  return null;
}

async function sendOthers() {
  if (document.hidden || !navigator.onLine) return;
  for (const one of await kept()) {
    const late = Date.now() - one.at > SEND_AFTER;
    if (!late || shown(one) || (await stands(one))) continue;
    if (!one.write) offer(one);
    else await send(one).catch(() => null); // no network: the next round tells
  }
}

// Has a tab with these words' own page, where they are being typed or come back?
async function stands(one) {
  if (!onPage(one.place)) return false;
  return one.key[3] === tab || (await isOpen(one.key[3])) || bringIn(one);
}

// ---- what is shown, to be chosen

function element(name, words = "", style = "") {
  const made = document.createElement(name);
  made.textContent = words;
  made.className = style;
  return made;
}

// The words that differ from what stands there now are marked.
function marked(text, other) {
  const [here, there] = [text, other].map((one) => one.match(/\s+|\S+/g) ?? []);
  let [from, left] = [0, 0];
  while (from < here.length && here[from] === there[from]) from += 1;
  const most = Math.min(here.length, there.length) - from;
  while (left < most && here.at(-1 - left) === there.at(-1 - left)) left += 1;
  const shown = element("p", here.slice(0, from).join(""), "text");
  shown.append(element("mark", here.slice(from, here.length - left).join("")));
  shown.append(here.slice(here.length - left).join(""));
  return shown;
}

function identity(one) {
  return one.key.slice(1).join("\n");
}

function shown(one) {
  return [...(section?.children ?? [])].some((notice) => notice.dataset.of === identity(one));
}

function button(words, press) {
  const made = element("button", words, "button tight");
  made.type = "button";
  made.addEventListener("click", press);
  return made;
}

function offer(one, field = null) {
  if (!section || shown(one)) return;
  const notice = element("div", "", "notice held");
  notice.dataset.of = identity(one);
  const gone = () => {
    notice.remove();
    section.hidden = !section.children.length;
  };
  const box = element("div", "", "stack");
  const row = element("p", "", "row");
  box.append(element("strong", `Unsaved words for ${named(one)}, ${clock(one.at)}`));
  box.append(marked(one.text, field ? field.value : ""));
  if (field) {
    box.append(element("p", `There now: ${field.value || "nothing"}`, "text soft"));
    row.append(button("Put it in", () => {
      put(field, one.text);
      keep(field).then(() => one.key[3] !== tab && forget(one.key));
      gone();
      field.focus();
    }));
  } else if (one.page !== location.pathname + location.search) {
    const link = element("a", "Open", "button tight");
    link.href = one.page;
    row.append(link);
  }
  row.append(button("Discard", () => forget(one.key).then(gone)));
  box.append(row);
  notice.append(box);
  section.append(notice);
  section.hidden = false;
}

// ---- what the browser puts into fields by itself counts as typed by nobody

function undoBrowser(field) {
  if (field.closest("[data-refused]") || touched.has(field) || !keeper(field) || same(field.value) === had(field)) return;
  const words = same(field.value);
  field.value = had(field);
  const { keeps, keepsTitle } = keeper(field).dataset;
  offer({
    key: [person, keeps, field.name, "browser"],
    title: keepsTitle ?? document.title,
    label: nameOf(field),
    text: words,
    at: Date.now(),
    page: location.pathname + location.search,
  }, field);
}

function undoAll() {
  for (const field of document.querySelectorAll(FIELDS)) undoBrowser(field);
}

// ---- a browser that keeps nothing says so, and asks before it loses anything

async function tellWhereNothingIsKept() {
  if (await opened) return;
  const typed = (event) => {
    if (!keeper(event.target)) return;
    document.removeEventListener("input", typed);
    tellThat();
  };
  document.addEventListener("input", typed);
  addEventListener("beforeunload", (event) => {
    const lost = [...document.querySelectorAll(FIELDS)].some(unsaved);
    if (lost) event.preventDefault();
  });
}

function tellThat() {
  const notice = element("div", "", "notice held");
  notice.append(element("p", "This browser keeps nothing for the desk (a private window, perhaps): wait for “Saved” before you close the tab."));
  section.append(notice);
  section.hidden = false;
}

if (person && section) {
  for (const field of document.querySelectorAll(FIELDS)) {
    if (field === document.activeElement && field.value !== field.defaultValue) {
      touched.add(field); // typed before this script was there
      if (keeper(field)) keep(field);
    }
  }
  undoAll();
  for (const name of ["focusin", "beforeinput"]) {
    document.addEventListener(name, (event) => undoBrowser(event.target), { capture: true });
  }
  document.addEventListener("input", (event) => {
    touched.add(event.target);
    if (keeper(event.target)) keep(event.target);
  }, { capture: true });
  addEventListener("pageshow", (event) => event.persisted || undoAll());
  document.addEventListener("deskSignedIn", sendOthers);
  document.addEventListener("htmx:after:swap", () => bringBack(false));
  addEventListener("online", sendOthers);
  tellWhereNothingIsKept();
  bringBack(true).then((away) => away.length && sendOthers());
  setTimeout(() => bringBack(true), YOUNG);
  setInterval(sendOthers, SEND_EVERY);
}
