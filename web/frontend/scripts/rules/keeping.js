// What is decided about words that a browser keeps, apart from the page they stand on.

/**
 * Whose words, what they belong to, in which field, and the tab they were typed in.
 * @typedef {[person: string, place: string, field: string, tab: string]} Key
 */

/**
 * What a person typed into one field, in one tab, as this browser keeps it.
 * @typedef {object} Words
 * @property {Key} key
 * @property {string} person
 * @property {string} place what they belong to: "post-12"
 * @property {string} field
 * @property {string} text
 * @property {string | null} began what the desk had when they were begun; null: nothing
 * @property {string} base the revision that they began from
 * @property {string} baseField the field that names it
 * @property {[string, string][]} [shown] what the page showed beside them; older words have none
 * @property {number} at
 * @property {string} page
 * @property {string} write where they can be sent from any page; or ""
 * @property {string} title
 * @property {string} label
 */

/**
 * What is needed to show them.
 * @typedef {Pick<Words, "key" | "text" | "at" | "page" | "title" | "label">} Shown
 */

export const YOUNG = 3000; // such words may be on their way to the desk from another tab
export const SEND_AFTER = 5000; // a page that has just been left may be sending them itself

/**
 * As the desk has it: a form sends other line ends than a field holds.
 * @param {string} text
 */
export function normal(text) {
  return text.replaceAll("\r\n", "\n");
}

/**
 * What the desk says it has, from its header "Desk-Kept: post-12=3 style-4".
 * @param {string | null} header
 * @returns {Map<string, string | undefined>} each place, with its revision if it has one
 */
export function acknowledged(header) {
  const said = (header ?? "").split(" ").filter(Boolean);
  return new Map(
    said.map((one) => {
      const [place, revision] = one.split("=");
      return [place, revision];
    }),
  );
}

/**
 * Is this revision newer than the one that a field names?
 * @param {string} revision
 * @param {string} begun
 */
export function isNewer(revision, begun) {
  return Number(revision) > Number(begun);
}

/**
 * Did a page that is gone leave them, as far as their age tells?
 * @param {Pick<Words, "key" | "at">} one
 * @param {string | null} former the page that was left for this one
 * @param {number} now
 */
export function wasLeft({ key, at }, former, now) {
  return key[3] === former || now - at > YOUNG;
}

/**
 * Are they this page's to bring back? Those of a tab that is open are in its hands,
 * saved or not: "ask" it.
 * @param {Pick<Words, "key" | "at">} one
 * @param {{ tab: string, former: string | null, anew: boolean, now: number }} page
 * @returns {"yes" | "no" | "ask"}
 */
export function areOurs(one, { tab, former, anew, now }) {
  const [, , , its] = one.key;
  if (its === tab) return "yes"; // a swap drew their fields anew
  if (!anew) return "no";
  if (its === former) return "yes";
  return wasLeft(one, former, now) ? "ask" : "no";
}

/**
 * What becomes of kept words whose field stands on the page: they are being "typed", it
 * says them "already", they come "back" into it, or are shown "beside" it, to be chosen.
 * @param {Pick<Words, "text" | "began">} one
 * @param {{ value: string, had: string | null, unsaved: boolean, typing: boolean }} field
 * @returns {"typed" | "already" | "back" | "beside"}
 */
export function fateOf({ text, began }, { value, had, unsaved, typing }) {
  if (typing) return "typed";
  if (text === normal(value)) return "already";
  return began === had && !unsaved ? "back" : "beside";
}

/**
 * May they be sent from here?
 * @param {Pick<Words, "at">} one
 * @param {number} now
 */
export function areLate({ at }, now) {
  return now - at > SEND_AFTER;
}

/**
 * What the desk's answer to kept words means: it has them ("forget"), someone must sign
 * in ("renew"), it refuses them or leaves them to a person ("offer"), or they go again
 * "later".
 * @param {{ kept: boolean, status: number, old: boolean, left?: boolean }} answer
 * @returns {"forget" | "renew" | "offer" | "later"}
 */
export function afterSending({ kept, status, old, left = false }) {
  if (kept) return "forget";
  if (left) return "offer";
  if (status === 401 || old) return "renew";
  return status >= 400 && status < 500 && status !== 429 ? "offer" : "later";
}

/**
 * The words that differ from what stands there now, between those that don't.
 * @param {string} text
 * @param {string} other
 * @returns {[before: string, differing: string, after: string]}
 */
export function difference(text, other) {
  const here = text.match(/\s+|\S+/g) ?? [];
  const there = other.match(/\s+|\S+/g) ?? [];
  let [from, left] = [0, 0];
  while (from < here.length && here[from] === there[from]) from += 1;
  const most = Math.min(here.length, there.length) - from;
  while (left < most && here.at(-1 - left) === there.at(-1 - left)) left += 1;
  const to = here.length - left;
  return [here.slice(0, from).join(""), here.slice(from, to).join(""), here.slice(to).join("")];
}

/**
 * What a person calls them: "Post on Mastodon, Alt text".
 * @param {Pick<Words, "title" | "label">} one
 */
export function named({ title, label }) {
  return label ? `${title}, ${label}` : title;
}

/**
 * In the newsroom's time, with its zone: "14:02 Europe/Rome"; with its day if not today.
 * @param {number} at
 * @param {number} now
 * @param {string} [zone]
 */
export function clockTime(at, now, zone) {
  /** @param {number} moment */
  const day = (moment) =>
    new Date(moment).toLocaleDateString("en-GB", { timeZone: zone, weekday: "short", day: "numeric", month: "short" });
  const time = new Date(at).toLocaleTimeString("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" });
  const before = day(at) === day(now) ? "" : `${day(at)} `;
  return `${before}${time} ${zone ?? ""}`.trim();
}
