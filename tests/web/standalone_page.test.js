import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";

import { bundleModules, bundleStyles, rewriteImports } from "../../ui/player/web/module_bundle.js";
import { base64, packed, pageHtml } from "../../ui/player/web/standalone_page.js";

const FOLDER = new URL("../../ui/player/web/", import.meta.url);
/** @param {string} name */
const read = async (name) => readFileSync(new URL(name, FOLDER), "utf8");

/**
 * A reader of files that are given.
 * @param {Record<string, string>} files
 */
const reader = (files) => async (/** @type {string} */ name) => files[name];

test("imports of neighbors get the names of the import map, in any form", () => {
  const text = [
    'import { a } from "./a.js";',
    'import "./b.js";',
    "import {",
    "  c,",
    '} from "./c.js";',
    'export { d } from "./d.js";',
    'const { e } = await import("./e.js");',
    'const text = "./f.js";',
  ].join("\n");
  const rewritten = rewriteImports(text);
  assert.deepEqual(rewritten.names, ["a.js", "b.js", "c.js", "d.js", "e.js"]);
  assert.ok(rewritten.text.includes('} from "km/c.js";'));
  assert.ok(rewritten.text.includes('import("km/e.js")'));
  assert.ok(rewritten.text.includes('"./f.js"'));
});

test("comments and types import nothing", () => {
  const text = '/** @import { Run } from "./types.d.ts" */\n// from "./a.js"\n * @type {import("./b.js").B}\n';
  assert.deepEqual(rewriteImports(text), { names: [], text });
});

test("a bundle holds every module once, also in a cycle", async () => {
  const files = {
    "a.js": 'import { b } from "./b.js";\nimport { c } from "./c.js";',
    "b.js": 'import { c } from "./c.js";',
    "c.js": 'import { a } from "./a.js";',
  };
  const modules = await bundleModules("a.js", reader(files));
  assert.deepEqual([...modules.keys()].sort(), ["km/a.js", "km/b.js", "km/c.js"]);
  assert.equal(modules.get("km/c.js"), 'import { a } from "km/a.js";');
});

test("a style sheet follows those that it imports", async () => {
  const files = {
    "a.css": '@import "b.css";\n@import "c.css";\na {}',
    "b.css": "b {}",
    "c.css": '@import "d.css";',
    "d.css": "d {}",
  };
  const style = await bundleStyles("a.css", reader(files));
  assert.deepEqual(style.split("\n").filter(Boolean), ["b {}", "d {}", "a {}"]);
});

test("the bundle of the player holds every module that it names", async () => {
  const modules = await bundleModules("player.js", read);
  const files = readdirSync(FOLDER);
  for (const [name, text] of modules) {
    assert.ok(files.includes(name.slice(3)), name);
    assert.doesNotMatch(text, /^\s*(import|export).*"\.\//m, `${name} still names a neighbor`);
    for (const [, imported] of text.matchAll(/"(km\/\w+\.js)"/g)) assert.ok(modules.has(imported), imported);
  }
  assert.ok(modules.size > 30);
});

test("the styles of the player need no other file", async () => {
  const style = await bundleStyles("player.css", read);
  assert.doesNotMatch(style, /@import/);
  for (const name of [".km-stage", ".km-predict", ".km-cost-key", ".km-panel", ".km-dialog"]) {
    assert.ok(style.includes(name), name);
  }
});

test("content is compressed and packed as text, of any length", async () => {
  const content = Uint8Array.from({ length: 100_000 }, (_, i) => (i * i) % 251);
  const unpacked = gunzipSync(Buffer.from(await packed(content), "base64"));
  assert.deepEqual(new Uint8Array(unpacked), content);
  assert.equal(base64(content), Buffer.from(content).toString("base64"));
  assert.equal(base64(new Uint8Array()), "");
});

test("what a teacher wrote is text on the page", () => {
  const wording = { title: "<b>K & R</b>", question: "<i>why?</i>", link: 'https://example.org/?a="b"', needs: "<u>" };
  const content = { style: "", imports: { "km/player.js": "data:," }, library: "L", run: "R" };
  const html = pageHtml(wording, content);
  assert.ok(html.startsWith("<!doctype html>"));
  assert.ok(html.includes("<title>&lt;b&gt;K &amp; R&lt;/b&gt;</title>"));
  assert.ok(html.includes("&lt;i&gt;why?&lt;/i&gt;"));
  assert.ok(html.includes("?a=&quot;b&quot;"));
  assert.doesNotMatch(html, /<(b|i|u)>/);
  assert.ok(html.includes('{"imports":{"km/player.js":"data:,"}}'));
  assert.ok(!pageHtml({ ...wording, question: "" }, content).includes("question"));
});
