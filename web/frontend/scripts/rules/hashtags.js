// Hashtags in a text: whether one is there, put in, taken out.

/**
 * The hashtag as a word of its own: #Iran is not in #IranWar.
 * @param {string} tag
 */
function asWord(tag) {
  return new RegExp(`[ ]?(?<![\\p{L}\\p{N}_])${tag}(?![\\p{L}\\p{M}\\p{N}_])`, "u");
}

/**
 * @param {string} text
 * @param {string} tag
 */
export function hasTag(text, tag) {
  return asWord(tag).test(text);
}

/**
 * Taken out; or put into the last line where that holds hashtags alone, else into one
 * of its own.
 * @param {string} written
 * @param {string} tag
 */
export function toggledTag(written, tag) {
  const text = written.trimEnd();
  if (hasTag(text, tag)) {
    return text.replace(asWord(tag), "").replaceAll("\n ", "\n").trimEnd();
  }
  const joint = /(^|\n)(#\S+ ?)+$/.test(text) ? " " : text && "\n\n";
  return `${text}${joint}${tag}`;
}
