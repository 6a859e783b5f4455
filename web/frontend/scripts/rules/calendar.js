// Where a post lands on the calendar. Times here are the newsroom's wall clock, as text
// or as if it were UTC; the desk knows what they mean.
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const LOW = 30; // px: in a lower hour only its halves can be told apart
const written = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "UTC",
});

/** @param {string} text */
export function parseWall(text) {
  return Date.parse(`${text}Z`);
}

/** @param {number} at */
export function wallOf(at) {
  return new Date(at).toISOString().slice(0, 16);
}

/** @param {number} at */
export function spoken(at) {
  return written.format(at);
}

/**
 * The moment under the pointer: a part of an hour, or on another day at the same time.
 * @param {{ day?: string, hour?: string }} cell
 * @param {string} wall when the post goes out by now
 * @param {number} down px from the cell's top
 * @param {number} height px
 */
export function landing({ day, hour }, wall, down, height) {
  if (hour === undefined) return parseWall(`${day}${wall.slice(10)}`);
  const parts = height < LOW ? 2 : 4;
  const part = Math.min(parts - 1, Math.max(0, Math.floor((down / height) * parts)));
  return parseWall(`${day}T${hour.padStart(2, "0")}:00`) + part * (60 / parts) * MINUTE;
}

/**
 * How far an arrow moves a post that is in the air, in ms; 0: it is no arrow.
 * @param {string} key
 * @param {boolean} byMonth
 */
export function stepOf(key, byMonth) {
  if (key === "ArrowUp") return byMonth ? -7 * DAY : -15 * MINUTE;
  if (key === "ArrowDown") return byMonth ? 7 * DAY : 15 * MINUTE;
  if (key === "ArrowLeft") return -DAY;
  return key === "ArrowRight" ? DAY : 0;
}
