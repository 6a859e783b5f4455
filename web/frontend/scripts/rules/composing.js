// What the composer's buttons say and its keys do.

/**
 * @typedef {object} KeyPress what a KeyboardEvent says of it
 * @property {string} key
 * @property {string} code
 * @property {boolean} ctrlKey
 * @property {boolean} metaKey
 * @property {boolean} altKey
 * @property {boolean} isComposing
 */

/** @param {number} count */
export function channels(count) {
  return ` channel${count === 1 ? "" : "s"}`;
}

/**
 * "Schedule on 4 channels", "Schedule 3 · fix 1", or "Fix 1" where none can go out.
 * @param {string} verb
 * @param {number} chosen
 * @param {number} bad of these: what keeps them from going out
 */
export function mainWords(verb, chosen, bad) {
  const good = chosen - bad;
  if (!chosen) return "Tick a channel first";
  if (bad) return good ? `${verb} ${good} · fix ${bad}` : `Fix ${bad}`;
  const many = `${good}${channels(good)}`;
  return verb === "Schedule" ? `${verb} on ${many}` : `${verb}: ${many}`;
}

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
