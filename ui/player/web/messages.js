// Sentences of the screen by their keys; kmeans_core/messages describes their syntax.

import { escapeHtml } from "./dom.js";
import texts from "./message_catalog.js";
import { MessageError, Template } from "./message_template.js";

/** Markup that `messageHtml` inserts unescaped. */
export class Html {
  /** @param {string} markup */
  constructor(markup) {
    this.markup = markup;
  }

  toString() {
    return this.markup;
  }
}

/** @typedef {string | number | boolean} Value */

/** @type {Map<string, Template>} */
const templates = new Map();

/** @param {string} key */
function templateOf(key) {
  const parsed = templates.get(key);
  if (parsed) return parsed;
  if (!Object.hasOwn(texts, key)) throw new MessageError(`no message is called "${key}"`);
  const template = new Template(texts[key]);
  templates.set(key, template);
  return template;
}

/**
 * Return a message with its placeholders replaced; strings are inserted as they are.
 * @param {string} key
 * @param {Record<string, Value>} [values]
 */
export function message(key, values = {}) {
  return templateOf(key).format(values);
}

/**
 * Return a message that holds tags, as markup; strings are escaped unless they are `Html`.
 * @param {string} key
 * @param {Record<string, Value | Html>} [values]
 */
export function messageHtml(key, values = {}) {
  const safe = Object.entries(values).map(([name, value]) => [
    name,
    value instanceof Html ? value.markup : typeof value === "string" ? escapeHtml(value) : value,
  ]);
  return templateOf(key).format(Object.fromEntries(safe));
}
