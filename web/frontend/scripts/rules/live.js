// When a page is drawn anew, and what its title says.

// Between two drawings, however much changes: while posts go out, all open pages ask.
export const REST = 2_000;

/**
 * How long the next drawing waits.
 * @param {number} drawn when it was drawn last
 * @param {number} now
 */
export function restLeft(drawn, now) {
  return Math.max(0, drawn + REST - now);
}

/**
 * The title with the number of what needs someone.
 * @param {string} title
 * @param {string} needs
 */
export function titleWith(title, needs) {
  const plain = title.replace(/^\(\d+\) /, "");
  return needs === "0" ? plain : `(${needs}) ${plain}`;
}
