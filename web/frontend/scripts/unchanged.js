// What watches the desk says what it has, so that only what differs is sent.
/** @typedef {{ action: string, tag: string, presses: number }} Had */

/** @type {WeakMap<Element, Had>} */
const has = new WeakMap();
let presses = 0;

const WATCHES = '[hx-trigger*="deskChanged"], [hx-trigger="stale"]';

document.addEventListener("htmx:before:request", (event) => {
  const { request, sourceElement } = event.detail.ctx;
  if (request.method !== "GET") {
    presses += 1; // its answer may change what stands there
    return;
  }
  const had = has.get(sourceElement);
  if (had?.action === request.action && had.presses === presses) {
    request.headers["If-None-Match"] = had.tag;
  }
});

document.addEventListener("htmx:after:swap", (event) => {
  const { request, response, sourceElement } = event.detail.ctx;
  const tag = response?.headers.get("ETag");
  if (!tag || request.method !== "GET" || !sourceElement.matches(WATCHES)) return;
  has.set(sourceElement, { action: request.action, tag, presses });
});
