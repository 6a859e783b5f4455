// What watches the desk says what it has, so that only what differs is sent; and what was
// asked for before a press is not drawn over what that press has changed.
/** @typedef {{ action: string, tag: string, presses: number }} Had */

/** @type {WeakMap<Element, Had>} */
const has = new WeakMap();
/** @type {WeakMap<object, number>} of what is asked for: the presses by then */
const asked = new WeakMap();
let presses = 0; // begun and answered

const WATCHES = '[hx-trigger*="deskChanged"], [hx-trigger="stale"]';

document.addEventListener("htmx:before:request", (event) => {
  const { request, sourceElement } = event.detail.ctx;
  if (request.method !== "GET") {
    presses += 1; // its answer may change what stands there
    return;
  }
  asked.set(event.detail.ctx, presses);
  const had = has.get(sourceElement);
  if (had?.action === request.action && had.presses === presses) {
    request.headers["If-None-Match"] = had.tag;
  }
});

document.addEventListener("htmx:finally:request", (event) => {
  if (event.detail.ctx.request.method !== "GET") presses += 1;
});

document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = event.detail;
  const then = asked.get(ctx);
  if (then === undefined || then === presses || !ctx.sourceElement.matches(WATCHES)) return;
  event.preventDefault();
  setTimeout(() => document.body.dispatchEvent(new CustomEvent("deskChanged")));
});

document.addEventListener("htmx:after:swap", (event) => {
  const { request, response, sourceElement } = event.detail.ctx;
  const tag = response?.headers.get("ETag");
  if (!tag || request.method !== "GET" || !sourceElement.matches(WATCHES)) return;
  has.set(sourceElement, { action: request.action, tag, presses });
});
