// Page: finds elements, and says by their kind what they are.

/**
 * @template {Element} E
 * @typedef {{ new (): E, prototype: E }} Kind
 */

/**
 * Every element of this kind that a selector finds.
 * @template {Element} E
 * @param {ParentNode} place
 * @param {string} selector
 * @param {Kind<E>} kind
 * @returns {E[]}
 */
export function every(place, selector, kind) {
  /** @type {E[]} */
  const found = [];
  for (const one of place.querySelectorAll(selector)) {
    if (one instanceof kind) found.push(one);
  }
  return found;
}

/**
 * The first one, or null where there is none.
 * @template {Element} E
 * @param {ParentNode} place
 * @param {string} selector
 * @param {Kind<E>} kind
 * @returns {E | null}
 */
export function first(place, selector, kind) {
  const found = place.querySelector(selector);
  return found instanceof kind ? found : null;
}

/**
 * The one that the template promises.
 * @template {Element} E
 * @param {ParentNode} place
 * @param {string} selector
 * @param {Kind<E>} kind
 * @returns {E}
 */
export function the(place, selector, kind) {
  const found = first(place, selector, kind);
  if (!found) throw new Error(`This page has no ${selector}`);
  return found;
}

/**
 * @template {Element} E
 * @param {string | undefined} id
 * @param {Kind<E>} kind
 * @returns {E | null}
 */
export function byId(id, kind) {
  const found = document.getElementById(id ?? "");
  return found instanceof kind ? found : null;
}

/**
 * What an event befell, or what is around it. (The document is no element.)
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
export function around(event, selector) {
  const target = event.target instanceof Element ? event.target : null;
  const found = target?.closest(selector);
  return found instanceof HTMLElement ? found : null;
}

/**
 * A field that words are written in.
 * @typedef {HTMLInputElement | HTMLTextAreaElement} Field
 */

/**
 * @param {EventTarget | null | undefined} target
 * @returns {target is Field}
 */
export function isField(target) {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}

/**
 * @param {ParentNode} place
 * @param {string} selector
 * @returns {Field[]}
 */
export function fieldsOf(place, selector) {
  return [...place.querySelectorAll(selector)].filter(isField);
}
