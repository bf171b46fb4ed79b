// A message's text with its placeholders: the browser's side of kmeans_core/messages/template.py.

import { FORMATS, whole } from "./numbers.js";

/** @typedef {Record<string, unknown>} Values */
/** @typedef {(values: Values) => string} Part */

/** A message that is unknown or malformed, or whose values do not match its placeholders. */
export class MessageError extends Error {}

const WORD = /=?\w+/y;
const LITERAL = /[^{}'#]+/y;

export class Template {
  #write;

  /** @param {string} text */
  constructor(text) {
    const parser = new Parser(text);
    this.text = text;
    this.#write = parser.message();
    /** Names of all placeholders. */
    this.names = parser.names;
  }

  /**
   * Return the text with its placeholders replaced.
   * @param {Values} values
   */
  format(values) {
    const names = Object.keys(values);
    if (names.length !== this.names.size || names.some((name) => !this.names.has(name))) {
      throw new MessageError(`values ${names} do not match the placeholders ${[...this.names]} of "${this.text}"`);
    }
    return this.#write(values);
  }
}

/** Recursive-descent parser: each method reads one construct at `at` and returns the function that writes it. */
class Parser {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
    this.at = 0;
    /** @type {Set<string>} */
    this.names = new Set();
  }

  message() {
    const part = this.parts(null);
    if (this.at < this.text.length) this.fail("a brace that nothing opens");
    return part;
  }

  /**
   * @param {string} problem
   * @returns {never}
   */
  fail(problem) {
    throw new MessageError(`${problem} at character ${this.at + 1} of "${this.text}"`);
  }

  /**
   * Read text and placeholders up to a closing brace or the end; `#` is the value called `count`.
   * @param {string | null} count
   * @returns {Part}
   */
  parts(count) {
    /** @type {Part[]} */
    const parts = [];
    while (this.at < this.text.length && this.text[this.at] !== "}") {
      const char = this.text[this.at];
      if (char === "{") parts.push(this.placeholder(count));
      else if (char === "#" && count !== null) {
        this.at += 1;
        parts.push((values) => wholeOf(values, count));
      } else {
        const literal = this.literal(count);
        parts.push(() => literal);
      }
    }
    return (values) => parts.map((part) => part(values)).join("");
  }

  /**
   * Read text without placeholders; an apostrophe quotes only where a character of the syntax follows.
   * @param {string | null} count
   */
  literal(count) {
    const plain = this.match(LITERAL);
    if (plain !== null) return plain;
    this.at += 1;
    if (this.text[this.at - 1] === "#") return "#";
    const next = this.text[this.at] ?? "";
    if (next === "'") {
      this.at += 1;
      return "'";
    }
    if (!next || !(count === null ? "{}" : "{}#").includes(next)) return "'";
    const end = this.text.indexOf("'", this.at);
    if (end < 0) this.fail("a quote without an end");
    const quoted = this.text.slice(this.at, end);
    this.at = end + 1;
    return quoted;
  }

  /**
   * @param {string | null} count
   * @returns {Part}
   */
  placeholder(count) {
    this.expect("{");
    const name = this.word();
    this.names.add(name);
    if (this.skip("}")) return (values) => asIs(values, name);
    this.expect(",");
    const kind = this.word();
    if (kind === "number") return this.number(name);
    this.expect(",");
    if (kind === "plural") return this.plural(name);
    if (kind === "select") return this.select(name, count);
    return this.fail(`${kind} is not a kind of placeholder`);
  }

  /**
   * @param {string} name
   * @returns {Part}
   */
  number(name) {
    this.expect(",");
    const style = this.word();
    if (!Object.hasOwn(FORMATS, style)) this.fail(`${style} is not a number format`);
    this.expect("}");
    return (values) => FORMATS[style](numberOf(values, name));
  }

  /**
   * @param {string} name
   * @returns {Part}
   */
  plural(name) {
    const options = this.options(name);
    for (const key of options.keys()) {
      if (!/^(=\d+|one|other)$/.test(key)) this.fail("a plural that is neither =N, one, nor other");
    }
    return (values) => {
      const number = integerOf(values, name);
      const part = options.get(`=${number}`) ?? options.get(number === 1 ? "one" : "other") ?? options.get("other");
      return /** @type {Part} */ (part)(values);
    };
  }

  /**
   * @param {string} name
   * @param {string | null} count
   * @returns {Part}
   */
  select(name, count) {
    const options = this.options(count);
    return (values) => {
      const part = options.get(choiceOf(values, name)) ?? options.get("other");
      return /** @type {Part} */ (part)(values);
    };
  }

  /**
   * Read `key {text} ...}` including the brace that closes the placeholder.
   * @param {string | null} count
   */
  options(count) {
    /** @type {Map<string, Part>} */
    const options = new Map();
    while (!this.skip("}")) {
      const key = this.word();
      this.expect("{");
      options.set(key, this.parts(count));
      if (this.text[this.at] !== "}") this.fail("an option without an end");
      this.at += 1;
    }
    if (!options.has("other")) this.fail("no option called other");
    return options;
  }

  word() {
    this.blank();
    return this.match(WORD) ?? this.fail("a name is missing");
  }

  /**
   * Read what a sticky pattern matches here.
   * @param {RegExp} pattern
   */
  match(pattern) {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (!match) return null;
    this.at = pattern.lastIndex;
    return match[0];
  }

  blank() {
    while (this.text[this.at] === " " || this.text[this.at] === "\n") this.at += 1;
  }

  /** @param {string} char */
  skip(char) {
    this.blank();
    const there = this.text[this.at] === char;
    if (there) this.at += 1;
    return there;
  }

  /** @param {string} char */
  expect(char) {
    if (!this.skip(char)) this.fail(`${char} is missing`);
  }
}

/** @type {(values: Values, name: string) => string} */
function asIs(values, name) {
  const value = values[name];
  return typeof value === "string" ? value : wholeOf(values, name);
}

/** @type {(values: Values, name: string) => string} */
function wholeOf(values, name) {
  return whole(integerOf(values, name));
}

/** @type {(values: Values, name: string) => number} */
function integerOf(values, name) {
  const value = values[name];
  if (typeof value === "number" && Number.isInteger(value)) return value;
  throw new MessageError(`${name} must be a whole number, got ${value}`);
}

/** @type {(values: Values, name: string) => number} */
function numberOf(values, name) {
  const value = values[name];
  if (typeof value === "number") return value;
  throw new MessageError(`${name} must be a number, got ${value}`);
}

/** @type {(values: Values, name: string) => string} */
function choiceOf(values, name) {
  const value = values[name];
  if (typeof value === "string" || typeof value === "boolean") return String(value).replace(/\W/g, "_");
  throw new MessageError(`${name} must be a string or a boolean, got ${value}`);
}
