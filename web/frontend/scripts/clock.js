// The desk's clock: the server's time, in the newsroom's zone, ticking.
import { first, the } from "./page.js";

const clock = first(document, ".clock", HTMLElement);

/** @type {Intl.DateTimeFormatOptions} */
const MINUTES = { timeZone: clock?.dataset.zone, hour: "2-digit", minute: "2-digit" };
const ahead = clock ? Number(clock.dataset.now) * 1000 - Date.now() : 0;
const [long, short] = [{ ...MINUTES, second: "2-digit" }, MINUTES].map(
  (told) => new Intl.DateTimeFormat("en-GB", /** @type {Intl.DateTimeFormatOptions} */ (told)),
);

/** What the desk's clock says now, without its seconds. */
export function deskTime() {
  return short.format(new Date(Date.now() + ahead));
}

if (clock) {
  const face = the(clock, "time", HTMLElement);
  const tick = () => {
    face.textContent = long.format(new Date(Date.now() + ahead));
  };
  tick();
  setInterval(tick, 1000);
}
