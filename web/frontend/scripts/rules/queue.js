// Where a post lands in a channel's queue.

/**
 * How many of the others stand above.
 * @param {number} y
 * @param {number[]} middles theirs, from above
 */
export function placeAt(y, middles) {
  return middles.filter((middle) => middle < y).length;
}

/** @param {number} position from 0 */
export function placeWords(position) {
  return position ? `Place ${position + 1}` : "Goes out next";
}
