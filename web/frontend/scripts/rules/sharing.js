// What the page of a share does with keys and tabs.
import { commandOf } from "./composing.js";

/** @typedef {import("./composing.js").KeyPress & { shiftKey: boolean }} KeyPress */

/**
 * What a pressed key asks for; "tab" goes to the channel of its digit, 0: all.
 * @param {KeyPress} press
 * @param {boolean} inLine in a field of one line: Enter there schedules nothing
 * @returns {"schedule" | "publish" | "save" | "tab" | "time" | "picture" | "back" | null}
 */
export function sharingCommandOf(press, inLine) {
  if (press.isComposing) return null;
  if (press.altKey && /^Digit[0-9]$/.test(press.code)) return "tab";
  if (press.altKey && press.code === "KeyT") return "time";
  const command = commandOf(press, inLine);
  if (command === "schedule" && press.shiftKey) return "publish";
  return command === "jump" ? "tab" : command;
}

/**
 * The place of the tab that a key in the list of tabs leads to; null: it leads nowhere.
 * @param {string} key
 * @param {number} at
 * @param {number} many
 */
export function tabAfter(key, at, many) {
  /** @type {Record<string, number>} */
  const places = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: many - 1 };
  const place = places[key];
  return place === undefined ? null : (place + many) % many;
}

/**
 * What is said while a story is read, and for how long that is going on.
 * @param {number} seconds
 */
export function readingWords(seconds) {
  return seconds ? `Reading the story, ${seconds} s` : "Reading the story";
}

/**
 * Whole seconds until a moment, none of them below nothing.
 * @param {number} moment
 * @param {number} now
 */
export function secondsUntil(moment, now) {
  return Math.max(0, Math.ceil((moment - now) / 1000));
}
