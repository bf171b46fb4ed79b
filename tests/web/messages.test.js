// The browser's messages and numbers read the same test vectors as those of Python.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { escapeHtml } from "../../ui/player/web/dom.js";
import texts from "../../ui/player/web/message_catalog.js";
import { MessageError, Template } from "../../ui/player/web/message_template.js";
import { Html, message, messageHtml } from "../../ui/player/web/messages.js";
import { FORMATS, amounts } from "../../ui/player/web/numbers.js";
import { listed } from "../../ui/player/web/sentences.js";

/** @param {string} name */
const vectors = (name) => JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), "utf8"));

for (const { template, values, html, expected, error } of vectors("messages")) {
  test(`message ${JSON.stringify(template)} of ${JSON.stringify(values)}`, () => {
    if (error) {
      assert.throws(() => new Template(template).format(values), MessageError);
      return;
    }
    const safe = Object.entries(values).map(([name, value]) => [
      name,
      html && typeof value === "string" ? escapeHtml(value) : value,
    ]);
    assert.equal(new Template(template).format(Object.fromEntries(safe)), expected);
  });
}

for (const { format, list, numbers, expected } of vectors("numbers")) {
  test(`numbers as ${format ?? list}: ${numbers}`, () => {
    assert.ok(list === undefined || list === "amounts");
    assert.deepEqual(
      list ? amounts(numbers) : numbers.map((/** @type {number} */ number) => FORMATS[format](number)),
      expected,
    );
  });
}

for (const { items, expected } of vectors("lists")) {
  test(`list of ${items.length}`, () => assert.equal(listed(items), expected));
}

test("every message of the catalogs parses", () => {
  assert.ok(Object.keys(texts).length > 0);
  for (const text of Object.values(texts)) new Template(text);
});

test("an unknown key is an error", () => {
  assert.throws(() => message("no.such"), MessageError);
  assert.throws(() => message("toString"), MessageError);
  assert.throws(() => messageHtml("no.such", { formula: new Html("<math></math>") }), MessageError);
});
