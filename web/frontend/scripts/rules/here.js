// Who else has a share open, in words; and when a page speaks up for its own person.

export const SPEAKS_EVERY = 8_000; // a page, so that its person is still here
export const WRITES_FOR = 20_000; // somebody, from their last letter on

/**
 * @typedef {object} Someone
 * @property {number} id
 * @property {string} name
 * @property {number} tab the post they write in; 0: what is common to all
 * @property {boolean} writes
 */

/**
 * @typedef {object} Doing what a page says of its person
 * @property {string} tab
 * @property {boolean} writes
 */

/**
 * What they do here.
 * @param {Someone} one
 * @param {string | undefined} channel the name of their tab's, where the page shows it
 */
export function doingWords({ writes }, channel) {
  if (!writes) return "is reading";
  return channel ? `is writing, ${channel}` : "is writing";
}

/**
 * The letters that stand for a name: of its first and last word.
 * @param {string} name
 */
export function initialsOf(name) {
  const words = name.split(/\s+/).filter(Boolean);
  const last = words.length > 1 ? words.at(-1) : "";
  return [words[0], last].map((word) => [...(word ?? "")][0] ?? "").join("").toUpperCase();
}

/**
 * What a person does, by when and where they typed last.
 * @param {string} open the tab that is open
 * @param {{ at: number, tab: string } | null} typed
 * @param {number} now
 * @returns {Doing}
 */
export function doing(open, typed, now) {
  const writes = typed !== null && now - typed.at < WRITES_FOR;
  return { tab: writes ? typed.tab : open, writes };
}

/**
 * Is that news to the others, so that it is said at once?
 * @param {Doing} now
 * @param {Doing | null} said
 */
export function isNews(now, said) {
  if (said === null || now.writes !== said.writes) return true;
  return now.writes && now.tab !== said.tab;
}
