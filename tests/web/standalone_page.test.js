import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";

import { base64, packed, pageHtml } from "../../ui/player/web/standalone_page.js";

test("content is compressed and packed as text, of any length", async () => {
  const content = Uint8Array.from({ length: 100_000 }, (_, i) => (i * i) % 251);
  const unpacked = gunzipSync(Buffer.from(await packed(content), "base64"));
  assert.deepEqual(new Uint8Array(unpacked), content);
  assert.equal(base64(content), Buffer.from(content).toString("base64"));
  assert.equal(base64(new Uint8Array()), "");
});

test("what a teacher wrote is text on the page", () => {
  const wording = { title: "<b>K & R</b>", question: "<i>why?</i>", link: 'https://example.org/?a="b"', needs: "<u>" };
  const content = { style: "", imports: { "km/modules.js": "data:," }, library: "L", run: "R" };
  const html = pageHtml(wording, content);
  assert.ok(html.startsWith("<!doctype html>"));
  assert.ok(html.includes("<title>&lt;b&gt;K &amp; R&lt;/b&gt;</title>"));
  assert.ok(html.includes("&lt;i&gt;why?&lt;/i&gt;"));
  assert.ok(html.includes("?a=&quot;b&quot;"));
  assert.doesNotMatch(html, /<(b|i|u)>/);
  assert.ok(html.includes('{"imports":{"km/modules.js":"data:,"}}'));
  assert.ok(!pageHtml({ ...wording, question: "" }, content).includes("question"));
});
