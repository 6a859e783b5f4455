// Tells the page that something changed: by the live stream, or by asking.
const { live, version, versionAddress } = document.body.dataset;
const ASK_EVERY = 10_000;
// Between two drawings, however much changes: while posts go out, all open pages ask.
const REST = 2_000;
let seen = version;
let stream = null;
let drawn = -REST;
let waiting = false;

function draw() {
  waiting = false;
  drawn = performance.now();
  document.body.dispatchEvent(new CustomEvent("deskChanged"));
}

function changed(found) {
  if (found === seen) return;
  seen = found;
  if (waiting) return;
  waiting = true;
  setTimeout(draw, Math.max(0, drawn + REST - performance.now()));
}

function mark() {
  const shown = document.querySelector("[data-live-mark]");
  if (!shown) return;
  const open = stream?.readyState === EventSource.OPEN;
  shown.hidden = false;
  shown.dataset.live = open ? "yes" : "no";
  shown.textContent = open
    ? "Live: this page moves by itself"
    : "Looking every 10 seconds";
}

function listen() {
  if (stream && stream.readyState !== EventSource.CLOSED) return;
  stream = new EventSource(live, { withCredentials: true });
  stream.addEventListener("open", mark);
  stream.addEventListener("error", mark);
  stream.addEventListener("version", (event) => changed(event.data));
}

async function ask() {
  if (document.hidden || stream?.readyState === EventSource.OPEN) return;
  if (stream?.readyState === EventSource.CLOSED) listen();
  try {
    const answer = await fetch(`${versionAddress}?since=${seen}`);
    if (answer.status === 200) changed((await answer.text()).trim());
  } catch {
    // no network: the next look tells
  }
}

function watch() {
  if (document.hidden) {
    stream?.close();
  } else {
    listen();
    ask();
  }
}

// The counters' fragment says how many need you; the page's title repeats it.
document.addEventListener("htmx:after:swap", () => {
  const told = document.querySelector("[data-needs-you]")?.dataset.needsYou;
  if (told === undefined) return;
  const plain = document.title.replace(/^\(\d+\) /, "");
  document.title = told === "0" ? plain : `(${told}) ${plain}`;
});

if (live && versionAddress) {
  listen();
  mark();
  setInterval(ask, ASK_EVERY);
  document.addEventListener("visibilitychange", watch);
  addEventListener("pagehide", () => stream?.close());
  addEventListener("pageshow", (event) => event.persisted && watch());
}
