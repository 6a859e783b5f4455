// What keys do where a post is written.

/**
 * @typedef {object} KeyPress what a KeyboardEvent says of it
 * @property {string} key
 * @property {string} code
 * @property {boolean} ctrlKey
 * @property {boolean} metaKey
 * @property {boolean} altKey
 * @property {boolean} isComposing
 */

/**
 * What a pressed key asks for; "jump" goes to the card of its digit.
 * @param {KeyPress} press
 * @param {boolean} inLine in a field of one line: Enter there schedules nothing
 * @returns {"schedule" | "save" | "jump" | "picture" | "back" | null}
 */
export function commandOf(press, inLine) {
  const control = press.ctrlKey || press.metaKey;
  if (press.isComposing) return null;
  if (control && press.key === "Enter") return "schedule";
  if (control && press.key.toLowerCase() === "s") return "save";
  if (press.altKey && /^Digit[1-9]$/.test(press.code)) return "jump";
  if (press.altKey && press.code === "KeyI") return "picture";
  if (press.key === "Enter" && inLine) return "save";
  return press.key === "Escape" ? "back" : null;
}
