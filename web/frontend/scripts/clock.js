// The desk's clock: the server's time, in the newsroom's zone, ticking.
import { first, the } from "./page.js";

const clock = first(document, ".clock", HTMLElement);

if (clock) {
  const ahead = Number(clock.dataset.now) * 1000 - Date.now();
  const face = the(clock, "time", HTMLElement);
  const zoned = new Intl.DateTimeFormat("en-GB", {
    timeZone: clock.dataset.zone,
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  const tick = () => {
    face.textContent = zoned.format(new Date(Date.now() + ahead));
  };
  tick();
  setInterval(tick, 1000);
}
