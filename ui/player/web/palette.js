// Colors and marker shapes of the clusters: ui/charts/palette.json, as tests under Node need it.
// For the browser, ui/player/assets.py publishes the same object as a module of this name.
// @ts-nocheck: the types of Node are not those of the browser, for which the other scripts are checked.

import { readFileSync } from "node:fs";

/**
 * @type {{
 *   unassigned: Record<"light" | "dark", string>,
 *   muted: Record<"light" | "dark", string>,
 *   grid: Record<"light" | "dark", string>,
 *   icons: Record<"first" | "back" | "play" | "pause" | "next" | "last" | "share" | "right" | "wrong", string>,
 *   maxDarkLuminance: number,
 *   markerSizes: { maxPoints: number | null, size: number }[],
 *   phases: Record<"assign" | "refine", Record<"light" | "dark", string>>,
 *   runs: Record<"light" | "dark", string>[],
 *   clusters: { name: string, color: string }[],
 *   shapes: Record<string, { outline: [number, number][], number: [number, number] }>,
 * }}
 */
const palette = JSON.parse(readFileSync(new URL("../../charts/palette.json", import.meta.url), "utf8"));

export default palette;
