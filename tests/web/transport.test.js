// The step that is shown, and what the controls say of it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { controlTexts, phaseTicks } from "../../ui/player/web/controls.js";
import { message } from "../../ui/player/web/messages.js";
import { StepPosition } from "../../ui/player/web/step_position.js";
import { playbackPace, Transport } from "../../ui/player/web/transport.js";
import { fake } from "./fake.js";

test("a step that does not exist is the nearest one", () => {
  const position = new StepPosition(3);
  assert.equal(position.moveTo(-1, 5), 0);
  assert.equal(position.moveTo(9, 5), 5);
});

test("another run shows the same step, or its end if the last run was at its end", () => {
  const position = new StepPosition(4);
  assert.equal(position.arrive(9, false), 4);
  assert.equal(position.arrive(9, true), 9);
  assert.equal(position.arrive(6, false), 6, "the step does not exist there");
});

test("an edit decides where to land, once", () => {
  const position = new StepPosition(4);
  position.landing = 2;
  assert.equal(position.arrive(9, true), 2);
  assert.equal(position.landing, null);
  position.landing = 2;
  position.moveTo(7, 9);
  assert.equal(position.arrive(9, false), 7, "going elsewhere forgets it");
});

/** @type {Parameters<typeof controlTexts>[0]} */
const state = {
  index: 2,
  last: 5,
  lastVisible: 5,
  placeName: "Refine 1",
  coming: "assign",
  continues: false,
  isPlaying: false,
};

test("controls say the step and what comes next", () => {
  const { place, spokenPlace, next, nextIcon, play } = controlTexts(state);
  assert.deepEqual([place, spokenPlace], ["2 of 5", "step 2 of 5: Refine 1"]);
  assert.deepEqual([next, nextIcon, play], ["Next: assign", "next", "Play"]);
  assert.equal(controlTexts({ ...state, isPlaying: true }).play, "Pause");
});

test("while steps are hidden, their number is not told", () => {
  assert.equal(controlTexts({ ...state, lastVisible: 2 }).place, "2");
});

test("at the end, Next continues or starts again", () => {
  const end = { ...state, index: 5, coming: null };
  const label = (/** @type {string} */ kind) => message("controls.next_button", { kind, phase: "" });
  assert.deepEqual([controlTexts(end).next, controlTexts(end).nextIcon], [label("restart"), "first"]);
  assert.notEqual(label("restart"), label("continue"));
  assert.equal(controlTexts(end).play, "Play again");
  assert.deepEqual([controlTexts({ ...end, continues: true }).next], [label("continue")]);
});

test("the slider has a tick at every assign and refine, unless they are too many", () => {
  assert.equal(
    phaseTicks(["init", "assign", "refine", "move", "assign"]),
    '<path data-accent="assign" d="M1 0V1M4 0V1"/><path data-accent="refine" d="M2 0V1"/>',
  );
  assert.equal(phaseTicks(Array(61).fill("assign")), "");
});

test("a step that is asked for while a run arrives is shown once every part has the run", async () => {
  /** @type {string[]} */
  const events = [];
  let arrive = () => {};
  const arrival = new Promise((resolve) => (arrive = () => resolve(undefined)));
  const player = {
    root: { dataset: {} },
    position: new StepPosition(0),
    turn: 0,
    last: 5,
    motionSpeed: 1,
    arrival,
    get index() {
      return this.position.index;
    },
    showControls: () => events.push("controls"),
    paint: async (/** @type {number} */ index) => events.push(`paint ${index}`),
    settle: () => events.push("settle"),
  };
  const steps = [1, 2].map((index) => Transport.prototype.go.call(fake(player), index));
  assert.deepEqual(events, ["controls", "controls"]);
  arrive();
  await Promise.all(steps);
  assert.deepEqual(events.slice(2), ["paint 2", "settle"]);
});

test("playback is read aloud only where it ends", () => {
  const live = (/** @type {string | null} */ coming) => {
    const [button, region] = [{ dataset: {}, setAttribute: () => {} }, { live: "" }];
    const regionElement = {
      setAttribute: (/** @type {string} */ _name, /** @type {string} */ value) => (region.live = value),
    };
    const player = {
      ...{ playing: 1, coming, index: 2, last: 5, lastVisible: 5, placeName: "", continues: false },
      root: { dataset: {} },
      find: (/** @type {string} */ selector) => (selector === ".km-live" ? regionElement : button),
    };
    Transport.prototype.showPlaying.call(fake(player));
    return region.live;
  };
  assert.equal(live("assign"), "off");
  assert.equal(live(null), "polite");
});

test("a run plays for about 10 s, a short one for less", () => {
  const seconds = (/** @type {number} */ steps) => (1.95 * steps) / playbackPace(steps);
  assert.equal(playbackPace(4), 1, "it is not slowed down");
  for (const steps of [6, 20, 40, 50]) assert.ok(Math.abs(seconds(steps) - 10) < 0.01);
  assert.ok(seconds(200) > 10, "nobody could see steps any faster");
});

test("the speed multiplies the pace of a playback, and a single step has no other pace", () => {
  const { get: motionSpeed } = /** @type {PropertyDescriptor} */ (
    Object.getOwnPropertyDescriptor(Transport.prototype, "motionSpeed")
  );
  assert.equal(motionSpeed?.call({ speed: 2, pace: 4, playing: 1 }), 8);
  assert.equal(motionSpeed?.call({ speed: 2, pace: 4, playing: 0 }), 2);
});

test("a playback that is paused goes on from its step when it is played again", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.window = fake({ matchMedia: () => ({ matches: false }) });
  const player = {
    ...{ playing: 0, playbacks: 0, index: 1, last: 5, phase: "assign", pace: 1, speed: 1 },
    mayAdvance: async () => true,
    showPlaying: () => {},
    go: async (/** @type {number} */ index) => void (player.index = index),
    ...{ wait: Transport.prototype.wait, pause: Transport.prototype.pause, stop: Transport.prototype.stop },
  };
  const play = () => void Transport.prototype.play.call(fake(player));
  const pass = async () => {
    context.mock.timers.tick(1500); // an assign is shown for as long
    await new Promise((done) => setImmediate(done));
  };
  play();
  await pass();
  assert.equal(player.index, 2);
  player.pause();
  for (let i = 0; i < 3; i++) await pass();
  assert.deepEqual([player.index, player.playing], [2, 0]);
  play();
  await pass();
  assert.equal(player.index, 3);
  for (let i = 0; i < 3; i++) await pass();
  assert.deepEqual([player.index, player.playing], [5, 0], "and ends at the last step");
});
