import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { centerRadius, nearestCenters, stackingOrder, trailOf } from "../../ui/player/web/center_layer.js";
import { moveLength } from "../../ui/player/web/center_geometry.js";
import { rangeOf } from "../../ui/player/web/data_range.js";
import { easeInOut } from "../../ui/player/web/picture.js";
import {
  axisTitle,
  markerSize,
  pickPlaces,
  pictureLayout,
  pictureTraces,
  splitByCluster,
} from "../../ui/player/web/picture_traces.js";
import { fillDots, isInArea, paintDots, paintMarkers, pixel, rasterAxes } from "../../ui/player/web/point_canvas.js";
import { AXES, makeRun, THEME, withStep } from "./runs.js";

// --- Points

test("points are split by cluster, those without one first", () => {
  const run = makeRun();
  const plain = (/** @type {number} */ index) =>
    splitByCluster(run, run.steps[index]).map((places) => places.map((values) => [...values]));
  assert.deepEqual(plain(0), [
    [
      [0, 0, 10, 10],
      [0, 2, 0, 4],
    ],
    [[], []],
    [[], []],
  ]);
  assert.deepEqual(plain(1), [
    [[], []],
    [[0], [0]],
    [
      [0, 10, 10],
      [2, 0, 4],
    ],
  ]);
});

test("some points are picked by their indices", () => {
  assert.deepEqual(pickPlaces(makeRun().points, [3, 1]), [Float32Array.of(10, 0), Float32Array.of(4, 2)]);
});

test("markers shrink with the number of points, in small pictures, and grow on a projector", () => {
  const sizes = [400, 401, 1501, 6001, 25001].map((n) => markerSize(n, 1, false));
  assert.deepEqual(sizes, [9, 7, 5, 4, 3]);
  assert.equal(markerSize(400, 1, true), 0.7 * 9);
  assert.equal(markerSize(400, 2, false), 18);
});

test("reassigned points wear the look of their new cluster", () => {
  const run = makeRun();
  const traces = pictureTraces(run, THEME, run.steps[3], false);
  const dark = pictureTraces(run, { ...THEME, name: "dark" }, run.steps[3], false);
  assert.ok(Number(dark[1].marker.opacity) > Number(traces[1].marker.opacity), "no color is dim on a dark background");
  assert.equal(traces.length, 1 + run.k + 1);
  const last = traces[traces.length - 1];
  assert.deepEqual([...last.x, ...last.y], [0, 2]);
  assert.deepEqual([last.marker.color, last.marker.symbol], [["#112233"], ["circle"]]);
});

// --- Axes

test("the view holds all points and all centers, with a margin", () => {
  assert.deepEqual(rangeOf(makeRun(), 0), [-0.5, 10.5]);
  const run = withStep(4, { centers: Float32Array.of(0, 24, 10, 2) });
  const [low, high] = rangeOf(run, 1);
  assert.ok(Math.abs(low + 1.2) < 1e-9 && Math.abs(high - 25.2) < 1e-9);
});

test("runs side by side show the same part of the plane", () => {
  const wide = withStep(4, { centers: Float32Array.of(0, 0, 110, 2) });
  const run = makeRun();
  run.siblings = [run, wide];
  assert.deepEqual(rangeOf(run, 0), [-5.5, 115.5]);
});

test("equal values still have a range", () => {
  const steps = makeRun().steps.map((step) => ({ ...step, centers: Float32Array.of(8, 0, 8, 0) }));
  assert.deepEqual(rangeOf(makeRun({ points: Float32Array.of(8, 0, 8, 0), steps }), 0), [4, 12]);
  assert.deepEqual(rangeOf(makeRun({ points: Float32Array.of(8, 0, 8, 0), steps }), 1), [-0.5, 0.5]);
});

test("an axis is named letter by letter", () => {
  assert.equal(axisTitle("a <b>bold</b> & more"), "a &lt;b>bold&lt;/b> &amp; more");
  assert.equal(axisTitle("x".repeat(61)), `${"x".repeat(59)}…`);
});

test("a small picture has no numbers and no names at its axes", () => {
  const run = makeRun({ axes: ["width", "height"] });
  const options = { isSmall: false, isMovable: true, isTouch: false };
  const large = pictureLayout(run, THEME, options);
  assert.equal(large.xaxis.title?.text, "width");
  assert.equal(large.yaxis.scaleanchor, "x");
  assert.equal(large.dragmode, "pan");
  const small = pictureLayout(run, THEME, { ...options, isSmall: true });
  assert.deepEqual([small.xaxis.title, small.xaxis.showticklabels], [null, false]);
  assert.ok(small.margin.l < large.margin.l);
  assert.equal(pictureLayout(run, THEME, { ...options, isTouch: true }).dragmode, false);
  assert.equal(pictureLayout({ ...run, equalUnits: false }, THEME, options).yaxis.scaleanchor, undefined);
});

// --- Markers

test("a marker is in view up to its own size from the axes", () => {
  const area = { x: 10, y: 10, width: 100, height: 50 };
  assert.ok(isInArea(area, 6, 30, 5));
  assert.ok(!isInArea(area, 4, 30, 5));
  assert.ok(isInArea(area, 114, 64, 5));
  assert.ok(!isInArea(area, 50, 66, 5));
});

/** An empty raster of 20 x 10 pixels that shows the data of 0 to 2 and 0 to 1. */
const makeRaster = () => ({
  pixels: new Uint32Array(200),
  width: 20,
  bounds: /** @type {[number, number, number, number]} */ ([0, 0, 20, 10]),
  scale: 1,
  x: (/** @type {number} */ value) => 10 * value,
  y: (/** @type {number} */ value) => 10 - 10 * value,
});

test("points that switched cluster are drawn last, in their new look", () => {
  const run = makeRun();
  /** @type {string[]} */
  const looks = [];
  const makeStamp = (/** @type {object} */ look) => {
    looks.push(JSON.stringify(look));
    return { bytes: new Uint8ClampedArray(), size: 0 };
  };
  paintMarkers(makeRaster(), pictureTraces(run, THEME, run.steps[3], false), makeStamp);
  assert.equal(new Set(looks).size, 3, "one for each cluster, and one for the point that switched");
  assert.ok(looks[looks.length - 1].includes('"line"'));
});

test("a marker is put over what is there, by its opacity, and ends with the picture", () => {
  const raster = makeRaster();
  raster.pixels.fill(pixel("#0000ff"), 0, 100); // the upper half
  const trace = {
    x: Float32Array.of(1, 2),
    y: Float32Array.of(0.5, 1),
    marker: { color: "red", symbol: "circle", size: 2, opacity: 0.5 },
  };
  const bytes = Uint8ClampedArray.from([...Array(4)].flatMap(() => [255, 0, 0, 128]));
  paintMarkers(raster, [trace], () => ({ bytes, size: 2 }));
  const half = pixel("#ff0000", 128);
  const [over, beside] = [pixel("#80007f"), pixel("#0000ff")];
  assert.deepEqual([...raster.pixels.slice(88, 92)], [beside, over, over, beside]);
  assert.deepEqual([...raster.pixels.slice(108, 112)], [0, half, half, 0]);
  assert.deepEqual([...raster.pixels.slice(18, 22)], [beside, over, beside, beside]);
});

// --- Dots and tiles

test("a color becomes a pixel", () => {
  assert.equal(pixel("#112233"), 0xff332211);
  assert.equal(pixel("#112233", 16), 0x10332211);
});

test("the data is found in a raster of any scale", () => {
  const raster = rasterAxes(AXES, 2);
  assert.deepEqual(raster.bounds, [0, 0, 400, 200]);
  assert.deepEqual([raster.x(3), raster.y(2)], [60, 160]);
});

test("a dot fills its square, unless the square leaves the picture", () => {
  const raster = makeRaster();
  fillDots(raster, [Float32Array.of(1, 0), Float32Array.of(0.5, 0.5)], 2, 7);
  const filled = [...raster.pixels.entries()].filter(([, color]) => color === 7).map(([at]) => at);
  assert.deepEqual(filled, [89, 90, 109, 110]);
});

test("a reassigned point has an outline", () => {
  const raster = makeRaster();
  const none = /** @type {[Float32Array, Float32Array]} */ ([new Float32Array(), new Float32Array()]);
  const point = /** @type {[Float32Array, Float32Array]} */ ([Float32Array.of(1), Float32Array.of(0.5)]);
  paintDots(raster, {
    groups: [none, point],
    reassigned: [none, point],
    colors: ["#000000", "#0000ff"],
    outline: "#ff0000",
  });
  const count = (/** @type {string} */ color) => raster.pixels.filter((value) => value === pixel(color)).length;
  assert.deepEqual([count("#0000ff"), count("#ff0000")], [4, 12]);
});

// --- Centers

test("centers shrink in narrow pictures", () => {
  assert.deepEqual(
    [259, 260, 419, 420].map((width) => centerRadius(width, 1)),
    [7.15, 8.8, 8.8, 11],
  );
  assert.equal(centerRadius(1000, 2), 22);
});

test("centers with points are stacked above empty ones, and those above dropped ones", () => {
  assert.deepEqual(stackingOrder([true, true, false, true], Uint32Array.of(5, 0, 0, 3)), [2, 1, 0, 3]);
  assert.deepEqual(stackingOrder([true, false], null), [1, 0]);
});

test("a trail has a place for every move, of the latest moves", () => {
  const { steps } = makeRun();
  assert.deepEqual(trailOf(steps, 5), [steps[0].centers, steps[2].centers, steps[4].centers]);
  assert.deepEqual(trailOf(steps, 1), [steps[0].centers]);
  const many = Array.from({ length: 40 }, () => ({ centers: Float32Array.of(0, 0) }));
  assert.equal(trailOf(many, 39).length, 13);
  assert.equal(trailOf(many, 39)[12], many[39].centers);
});

test("rays go to the two nearest centers by the metric", () => {
  const centers = [0, 0, 3, 3, 4.5, 0];
  const all = [true, true, true];
  assert.deepEqual(nearestCenters(centers, all, [0, 0], "euclidean"), [
    [0, 0],
    [3, 3],
  ]);
  assert.deepEqual(nearestCenters(centers, all, [0, 0], "manhattan")[1], [4.5, 0]);
  assert.deepEqual(nearestCenters(centers, [false, true, false], [0, 0], "euclidean"), [[3, 3]]);
});

test("a move is measured in all features", () => {
  const run = makeRun({ features: 3 });
  const [before, step] = [run.steps[0], run.steps[2]];
  before.centerCoordinates = Float32Array.of(0, 0, 0, 1, 1, 1);
  step.centerCoordinates = Float32Array.of(0, 0, 0, 3, 4, 7);
  assert.deepEqual([moveLength(run, step, before, 0), moveLength(run, step, before, 1)], [0, 7]);
});

test("motion begins and ends slowly, as in the exported animation", () => {
  const vectors = JSON.parse(readFileSync(new URL("../vectors/easing.json", import.meta.url), "utf8"));
  for (const { share, eased } of vectors) assert.equal(easeInOut(share), eased);
});
