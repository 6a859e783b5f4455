// How tall a writing field is.

/**
 * The rows of a field that is as tall as its words.
 * @param {number} least
 * @param {number} over px of words that don't fit into these
 * @param {number} line px
 */
export function rowsFor(least, over, line) {
  return over > 0 ? least + Math.ceil(over / line) : least;
}
