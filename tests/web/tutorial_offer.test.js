// Addresses of other pages: where the offer of the tutorial and the card at the end lead.

import assert from "node:assert/strict";
import { test } from "node:test";

import { pageAddress } from "../../ui/player/web/view_state.js";
import { fake } from "./fake.js";

test("they have the settings, lesson, and frame of this page, and not its view", () => {
  const addresses = {
    "": "./tutorial",
    "?step=3&hide=cells": "./tutorial",
    "?data=moons&step=3&k=2&present=1": "./tutorial?data=moons&k=2",
    "?embed=true&lock=k&title=Week+3&step=3": "./tutorial?embed=true&lock=k&title=Week+3",
  };
  for (const [search, address] of Object.entries(addresses)) {
    globalThis.document = fake({ location: { search } });
    assert.equal(pageAddress("tutorial"), address);
  }
});
