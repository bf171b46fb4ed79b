// The types of the scripts say what a value is: none of them is "any", which turns the checker off.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const FOLDERS = ["../../ui/player/web/", "./", "../../tools/"].map((path) => new URL(path, import.meta.url));
const TAG = /@(?:overload|param|property|returns|satisfies|template|type|typedef) \{/g;

/**
 * Return the text up to the brace that closes the first one.
 * @param {string} text
 */
function inBraces(text) {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "{") depth++;
    if (text[i] === "}" && --depth === 0) return text.slice(0, i + 1);
  }
  return text;
}

/**
 * Return the types that a file spells out.
 * @param {string} name
 * @param {string} text
 */
function typesIn(name, text) {
  if (name.endsWith(".d.ts")) return [text.replaceAll(/\/\*.*?\*\/|\/\/.*$/gms, "")];
  return [...text.matchAll(TAG)].map(({ 0: tag, index }) => inBraces(text.slice(index + tag.length - 1)));
}

/**
 * Return the types that are, or contain, "any".
 * @param {string} name
 * @param {string} text
 */
const looseTypes = (name, text) => typesIn(name, text).filter((type) => /\bany\b/.test(type));

test("no type is any", () => {
  const files = FOLDERS.flatMap((folder) => readdirSync(folder).map((name) => ({ name, url: new URL(name, folder) })));
  const scripts = files.filter(({ name }) => /\.(js|d\.ts)$/.test(name));
  const texts = scripts.map(({ name, url }) => ({ name, text: readFileSync(url, "utf8") }));
  assert.ok(texts.flatMap(({ name, text }) => typesIn(name, text)).length > 1000);
  assert.deepEqual(
    texts.flatMap(({ name, text }) => looseTypes(name, text)),
    [],
  );
});

test("any is found in a script and in a declaration", () => {
  const type = `{{ a: { b: ${"any"} } }}`;
  assert.deepEqual(looseTypes("a.js", `/** @param ${type} value any value */\n// @type {number} any`), [type]);
  assert.equal(looseTypes("a.d.ts", "/** Any: any. */ export type A = Record<string, any>;").length, 1);
  assert.deepEqual(looseTypes("a.d.ts", "/** any */ export type Company = string; // any"), []);
});
