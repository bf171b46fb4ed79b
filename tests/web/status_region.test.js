// What the one status region says.

import assert from "node:assert/strict";
import { test } from "node:test";

import { spokenText, StatusRegion } from "../../ui/player/web/status_region.js";
import { fake } from "./fake.js";

const textNode = (/** @type {string} */ textContent) => fake({ nodeName: "#text", textContent });
const element = (/** @type {string} */ nodeName, /** @type {object[]} */ childNodes, hidden = false) =>
  fake({ nodeName, childNodes, hidden });

test("hidden parts and buttons are not read aloud", () => {
  const shut = element("DIV", [textNode("old")], true);
  assert.equal(spokenText(element("DIV", [shut, textNode("new"), element("BUTTON", [textNode("Close")])])), "new");
});

test("each sentence is said once, and those of one moment together", () => {
  globalThis.MutationObserver = fake(
    class {
      observe() {}
    },
  );
  const texts = ["", ""];
  const isShut = [false, false];
  const sources = texts.map((_, i) => ({
    nodeName: "P",
    hidden: false,
    closest: () => (isShut[i] ? {} : null),
    get childNodes() {
      return [textNode(texts[i])];
    },
  }));
  const region = { textContent: "" };
  const status = new StatusRegion(fake({ querySelectorAll: () => sources }), fake(region));
  const hear = () => {
    region.textContent = "";
    status.update();
    return region.textContent;
  };
  texts[0] = "Assign 1:\n 3 points";
  assert.equal(hear(), "Assign 1: 3 points");
  assert.equal(hear(), "");
  [texts[0], texts[1]] = ["Refine 1", "Right"];
  assert.equal(hear(), "Refine 1 Right");
  isShut[1] = true;
  texts[1] = "Wrong";
  assert.equal(hear(), "", "nobody sees it either");
});
