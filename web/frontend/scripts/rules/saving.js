// What is decided about saving, apart from the page.

/**
 * What a saving that failed asks for: to go "again", to sign "in", or a "person".
 * @param {number} status 0: no answer
 * @returns {"again" | "in" | "person"}
 */
export function afterMissed(status) {
  if (status === 0 || status === 408 || status === 429 || status >= 500) return "again";
  return status === 401 ? "in" : "person";
}

/**
 * Do a card's words go by themselves now?
 * @param {object} card
 * @param {boolean} card.busy a saving or a form is on its way, or about to be
 * @param {boolean} card.halfALink a link is being typed
 * @param {boolean} card.waits for a person, since it was refused
 * @param {boolean} card.unsaved
 * @param {boolean} anew that person is back
 */
export function goes({ busy, halfALink, waits, unsaved }, anew) {
  return unsaved && !busy && !halfALink && (anew || !waits);
}
