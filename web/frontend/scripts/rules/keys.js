// Single keys: what one means after another, and where a walk ends.

/**
 * Tells of each key whether it is the second of two that go to another page: g, then a
 * letter.
 * @returns {(key: string) => boolean}
 */
export function secondOfTwo() {
  let waiting = false;
  return (key) => {
    const second = waiting;
    waiting = !second && key === "g";
    return second;
  };
}

/**
 * The place of a list that is nearest to the one asked for; -1 where it is empty.
 * @param {number} place
 * @param {number} length
 */
export function nearest(place, length) {
  return Math.min(length - 1, Math.max(0, place));
}
