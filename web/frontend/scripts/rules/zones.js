// Which time zones fit what is typed.

/** @param {string} text */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[_/,]/g, " ");
}

/** @param {string} typed */
export function wordsIn(typed) {
  return plain(typed).split(" ").filter(Boolean);
}

/**
 * @param {string} text
 * @param {string[]} words
 */
export function fits(text, words) {
  const there = plain(text);
  return words.every((word) => there.includes(word));
}

/** @param {number} count */
export function countOf(count) {
  return `${count || "No"} zone${count === 1 ? "" : "s"} found`;
}
