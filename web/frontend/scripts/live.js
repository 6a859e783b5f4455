// Tells the page that something changed: by the live stream, or by asking. The stream of a
// page that shows a share also tells who else is there (here.js).
import { byId, first } from "./page.js";
import { REST, restLeft, titleWith } from "./rules/live.js";

const { live, version, versionAddress } = document.body.dataset;
const ASK_EVERY = 10_000;
let seen = version;
/** @type {EventSource | null} */
let stream = null;
let drawn = -REST;
let waiting = false;

function draw() {
  waiting = false;
  drawn = performance.now();
  document.body.dispatchEvent(new CustomEvent("deskChanged"));
}

/**
 * @param {string} name
 * @param {string} detail
 */
function tell(name, detail) {
  document.body.dispatchEvent(new CustomEvent(name, { detail }));
}

/** @param {string} found */
function changed(found) {
  if (found === seen) return;
  seen = found;
  if (waiting) return;
  waiting = true;
  setTimeout(draw, restLeft(drawn, performance.now()));
}

function mark() {
  const shown = first(document, "[data-live-mark]", HTMLElement);
  if (!shown) return;
  const open = stream?.readyState === EventSource.OPEN;
  shown.hidden = false;
  shown.dataset.live = open ? "yes" : "no";
  shown.textContent = open
    ? "Live: this page moves by itself"
    : "Looking every 10 seconds";
}

/** @param {string} address */
function listen(address) {
  if (stream && stream.readyState !== EventSource.CLOSED) return;
  const share = byId("here", HTMLElement)?.dataset.share;
  const to = share ? `${address}?share=${share}` : address;
  stream = new EventSource(to, { withCredentials: true });
  stream.addEventListener("open", mark);
  stream.addEventListener("error", mark);
  stream.addEventListener("version", (event) => changed(event.data));
  stream.addEventListener("seat", (event) => tell("deskSeat", event.data));
  stream.addEventListener("here", (event) => tell("deskHere", event.data));
}

/** @param {string} address */
async function ask(address) {
  if (document.hidden || stream?.readyState === EventSource.OPEN) return;
  if (stream?.readyState === EventSource.CLOSED) listen(address);
  try {
    const answer = await fetch(`${versionAddress}?since=${seen}`);
    if (answer.status === 200) changed((await answer.text()).trim());
  } catch {
    // no network: the next look tells
  }
}

/** @param {string} address */
function watch(address) {
  if (document.hidden) {
    stream?.close();
  } else {
    listen(address);
    void ask(address);
  }
}

// The counters' fragment says how many need you; the page's title repeats it.
document.addEventListener("htmx:after:swap", () => {
  const told = first(document, "[data-needs-you]", HTMLElement)?.dataset.needsYou;
  if (told !== undefined) document.title = titleWith(document.title, told);
});

if (live && versionAddress) {
  listen(live);
  mark();
  setInterval(() => ask(live), ASK_EVERY);
  document.addEventListener("visibilitychange", () => watch(live));
  addEventListener("pagehide", () => stream?.close());
  addEventListener("pageshow", (event) => event.persisted && watch(live));
}
