// What the inbox says while it reads.
const LINK = /^\s*https?:\/\/(?:www\.)?([^/\s]+)\S*\s*$/;
const LONG = 8; // s

/**
 * The site of a text that is a link alone.
 * @param {string} text
 * @returns {string | undefined}
 */
export function siteOf(text) {
  return text.match(LINK)?.[1];
}

/**
 * What is read of a paste: its site, its links, or a text.
 * @param {string} text
 */
export function whatIsRead(text) {
  const site = siteOf(text);
  if (site) return site;
  const lines = text.trim().split("\n").map((line) => line.trim());
  const links = lines.filter((line) => LINK.test(line));
  const spaced = lines.some((line) => /\s/.test(line));
  return links.length > 1 && !spaced ? `${links.length} links` : "the text";
}

/**
 * What is being done, and for how long.
 * @param {string} what
 * @param {number} seconds
 */
export function readingWords(what, seconds) {
  const long = seconds ? `, ${seconds} s` : "";
  const still = seconds >= LONG ? ". It takes longer than usual" : "";
  return `Reading ${what} and drafting posts${long}${still}`;
}
