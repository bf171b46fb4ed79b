// Types that several scripts share: what Python sends, and what the parts of a player offer to each other.
// A script names them in JSDoc: /** @import { Run } from "./types.d.ts" */

import type { Picture } from "./picture.js";
import type { Plotly } from "./plotly.d.ts";
import type {
  CodeFacts,
  EmptyClusterFacts,
  EndingFacts,
  ExcerptFacts,
  OtherCostFacts,
  PlayerSession,
} from "./wire.d.ts";
import type { RuleFacts, StepFacts, ThemeColors } from "./wire.d.ts";

// --- A run, as protocol.js returns it

export type Phase = StepFacts["phase"];
export type Metric = RuleFacts["metric"];
export type Rule = RuleFacts;
export type OtherCost = OtherCostFacts;
export type Excerpt = ExcerptFacts;
export type ThemeName = "light" | "dark";

/** `[x, y]`, of the data or of the picture. */
export type Place = [number, number];

/** `[low, high]` along an axis. */
export type Range = [number, number];

/** The point whose assignment the formula shows. */
export interface AssignExample {
  point: number;
  place: number[];
  cluster: number;
  /** The cluster that the point left or else came closest to joining; null where there is no other. */
  other: number | null;
  /** Distances to the point's own center and to the other one. */
  distances: number[];
}

/** The cluster whose center the formula shows. */
export interface RefineExample {
  cluster: number;
  /** How many points it has. */
  count: number;
  /** Its part of the cost before and after. */
  part: [number, number];
  /** The point that is the medoid now. */
  point?: number;
}

/** One half-step. Arrays that do not change from one to the next are the same objects. */
export interface Step {
  phase: Phase;
  iteration: number;
  /** Null before the first assign. */
  cost: number | null;
  /** How many points this step put into another cluster. */
  reassigned: number;
  seconds: number;
  /** The sentence above the picture. */
  sentence: string;
  empty: EmptyClusterFacts[];
  /** `(k,)`: which clusters take part. */
  active: boolean[];
  /** `(2k,)`: where the centers are drawn, `[x, y, x, y, ...]`. */
  centers: Float32Array;
  /** `(d * k,)`: all features of the centers; null where the points have two features. */
  centerCoordinates: Float32Array | null;
  /** The cluster of every point or, where the points are drawn as tiles, of every group; null at the start. */
  labels: Uint8Array | null;
  /** The points, or groups, that this assign put into another cluster; null if no earlier step had labels. */
  changed: number[] | null;
  /** `(k,)`: points of each cluster; null at the start. */
  sizes: Uint32Array | null;
  /** Four indices into `Run.texts`: what is done, this time, the cost, what comes next. Empty in a comparison. */
  explanation: number[];
  /** Null in a comparison, and where centers are placed. */
  example: AssignExample | RefineExample | null;
  /** A key of `Run.code.kinds`; "" in a comparison. */
  code: string;
}

/** Many points as a two-dimensional histogram. Only tiles that hold points are listed. */
export interface Tiles {
  /** The corner of the plane where tile 0 begins. */
  low: Place;
  /** Width and height of a tile. */
  size: Place;
  /** Tiles in a row, with the empty ones. */
  columns: number;
  /** `(t,)`: `columns * row + column` of each tile, ascending. */
  numbers: Uint32Array;
  /** `(2t,)`: the middle of each tile, `[x, y, x, y, ...]`. */
  middles: Float32Array;
}

/** The points of each tile that have the same label at every half-step, tile by tile. */
export interface Groups {
  /** `(m,)`: points of each group. */
  counts: Uint8Array | Uint16Array | Uint32Array;
  /** `(m,)`: the tile of each group, as an index into `Tiles.numbers`. */
  tileOf: Uint32Array;
  /** `(t + 1,)`: where the groups of each tile begin. */
  starts: Uint32Array;
  /** `(t,)`: points of each tile. */
  held: Uint32Array;
  /** `(t,)`: how strong the color of each tile is, 0 to 255. */
  strengths: Uint8Array;
}

export interface Run {
  /** Differs between runs that differ in anything. */
  id: string;
  /** What the points are: "The blog's example". */
  title: string;
  n: number;
  k: number;
  /** How many features the points have. */
  features: number;
  /** Names of the axes. */
  axes: [string, string] | null;
  /** Whether both axes get the same scale. */
  equalUnits: boolean;
  /** A sentence on how points of more than two features are drawn; "" for two. */
  projection: string;
  /** How many rows the table has that the points come from; 0 for generated points. */
  rows: number;
  /** `(n,)`: the row of each point, from 1; null where all rows are in order. */
  rowNumbers: Uint32Array | null;
  /** `(2n,)`: where the points are drawn or, if there are tiles, the middles of the tiles. */
  points: Float32Array;
  /** `(d * n,)`: all features of the points; null if they are too many to send. */
  coordinates: Float32Array | null;
  /** Present where the points are too many to be drawn one by one. */
  tiles?: Tiles;
  groups?: Groups;
  rule: Rule;
  /** The initializer. */
  start: string;
  backend: string;
  /** `(k,)`: which color, shape, and number each cluster has. */
  names: number[];
  colors: ThemeColors;
  /** `(k,)`: Plotly's names of the marker shapes. */
  symbols: string[];
  /** `(k,)`: which clusters take part after a center was dragged. */
  activeAfterMove: boolean[];
  /** The name of downloaded files, without an extension. */
  fileStem: string;
  ending: EndingFacts;
  steps: Step[];
  /** Texts of the explanations. Empty in a comparison, as the next two. */
  texts: string[];
  code: CodeFacts;
  otherCosts: OtherCost[];
  /** All runs of a comparison, this one included. */
  siblings?: Run[];
}

// --- The player and its parts

/** Colors and sizes of the page's theme, as CSS writes them. */
export interface Theme {
  name: ThemeName;
  background: string;
  text: string;
  muted: string;
  grid: string;
  /** Of points that have no cluster yet. */
  unassigned: string;
  accent: string;
  font: string;
  /** The root's font size as a multiple of 16 pixels: larger on a projector. */
  scale: number;
}

/** How a step is shown. */
export interface Motion {
  animate: boolean;
  /** 1 is normal. */
  speed: number;
}

/** What a person looks at, kept in the URL: "step", "hide", "look", "tab", "panel", "also", "mode". */
export interface View {
  /** The value in the URL; null if it is not there. */
  get(name: string): string | null;
  /** Null removes it. */
  set(name: string, value: string | null): void;
}

/** Where the data is on the screen, in pixels of the stage. */
export interface Axes {
  toPixels(x: number, y: number): Place;
  toData(left: number, top: number): Place;
  /** The part of the plane that is shown. */
  view: { x: Range; y: Range };
  /** The rectangle between the axes. */
  area: { x: number; y: number; width: number; height: number };
}

/** Pixels to paint, and where the data is among them. */
export interface Raster {
  /** In rows of `width`. */
  pixels: Uint32Array;
  width: number;
  /** What may be painted. */
  bounds: [left: number, top: number, right: number, bottom: number];
  /** Pixels per CSS pixel. */
  scale: number;
  /** From the data to a column. */
  x(value: number): number;
  /** From the data to a row. */
  y(value: number): number;
}

/** What was clicked in the picture. */
export interface Selection {
  kind: "point" | "tile" | "center";
  index: number;
}

/**
 * One part of the player's page: it shows something of a run at a half-step. A part may leave out whatever has a
 * question mark.
 */
export interface PlayerPart {
  /** Show another run, or the same one on another theme. */
  setRun(run: Run, theme: Theme, index: number): void | Promise<void>;
  /** Show another half-step. */
  show(index: number): void | Promise<unknown>;
  /** Take what concerns this visitor alone; called before `setRun` and whenever it changes. */
  setSession?(session: PlayerSession): void;
  /** Resolve to false to keep the player from showing the step after this one. */
  beforeAdvance?(index: number): Promise<boolean>;
  /** Close what is open on top, on Escape. Return whether anything was. */
  dismiss?(): boolean;
  /** The last half-step that may be looked at. */
  readonly lastVisible?: number;
  /** Read the view again, after Back or Forward. */
  restoreView?(): void | Promise<unknown>;
  /** Remove every listener outside the player's root. */
  destroy?(): void;
}

/** What a part may use of its player. */
export interface PlayerContext {
  readonly root: HTMLElement;
  readonly stage: HTMLElement;
  readonly picture: Picture;
  readonly Plotly: Plotly;
  readonly view: View;
  readonly run: Run;
  readonly index: number;
  readonly step: Step;
  /** The last half-step that may be looked at. */
  readonly lastVisible: number;
  /** The number of the current playback; 0 while it is paused. */
  readonly playing: number;
  /** Whether the run may only be looked at. */
  readonly isStill: boolean;
  /** The element with this selector, which the player's template holds. */
  find<T extends Element = HTMLElement>(selector: string): T;
  /** Report to Python. */
  send(name: string, value: unknown): void;
  pause(): void;
  /** Show a half-step. */
  go(index: number): Promise<void>;
  /** The same, because a person asked for it: playback stops. */
  goBy(index: number): Promise<void>;
  /** Wait, at the chosen speed. */
  wait(milliseconds: number): Promise<unknown>;
  /** Update what the controls say. */
  showControls(): void;
}
