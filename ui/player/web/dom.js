// Elements that a template of ours must hold.

/**
 * The element that a selector matches.
 * @template {Element} T
 * @param {ParentNode} parent
 * @param {string} selector
 * @param {new () => T} type
 * @returns {T}
 */
export function queryIn(parent, selector, type) {
  const element = parent.querySelector(selector);
  if (element instanceof type) return element;
  throw new TypeError(`no ${type.name} matches ${selector}`);
}

/**
 * The HTML element that a selector matches.
 * @param {ParentNode} parent
 * @param {string} selector
 */
export const elementIn = (parent, selector) => queryIn(parent, selector, HTMLElement);

/**
 * @param {Element} element
 * @param {Record<string, string | number>} attributes
 */
export function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}

const ESCAPES = /** @type {Record<string, string>} */ ({
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#x27;",
});

/**
 * Escape text for HTML.
 * @param {string} text
 */
export const escapeHtml = (text) => text.replace(/[&<>"']/g, (character) => ESCAPES[character]);
