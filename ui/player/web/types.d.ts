// Types that several scripts share: what Python sends, and what the parts of a player offer to each other.
// A script names them in JSDoc: /** @import { Run } from "./types.d.ts" */

import type { Picture } from "./picture.js";
import type { Plotly } from "./plotly.d.ts";
import type {
  ArrayPlace,
  ExcerptFacts,
  GroupFacts,
  OtherCostFacts,
  PlayerSession,
  RuleFacts,
  RunFacts,
  RunIdentity,
  SceneFacts,
  StepFacts,
  TileFacts,
} from "./wire.d.ts";

// --- A run, as protocol.js returns it

export type { AssignExample, RefineExample } from "./wire.d.ts";
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

/** The arrays of a message, by the types that places have there. */
export interface ArrayTypes {
  f4: Float32Array;
  u4: Uint32Array;
  u2: Uint16Array;
  u1: Uint8Array;
}

/** The array at such a place. */
export type ArrayAt<Where extends ArrayPlace> = ArrayTypes[Where["type"]];

/** Facts with the arrays themselves in the place of their places. */
export type WithArrays<Facts> = {
  [Name in keyof Facts]: NonNullable<Facts[Name]> extends ArrayPlace ? ArrayAt<NonNullable<Facts[Name]>> : Facts[Name];
};

/** Facts of which some, if they are absent, are null. */
type WithNulls<Facts, Names extends keyof Facts> = Required<Omit<Facts, Names>> & {
  [Name in Names]-?: Exclude<Facts[Name], undefined> | null;
};

/** One half-step. Arrays that do not change from one to the next are the same objects. */
export interface Step extends WithNulls<
  Omit<WithArrays<StepFacts>, "index">,
  "centerCoordinates" | "example" | "labels"
> {
  /** The points, or groups, that this assign put into another cluster; null if no earlier step had labels. */
  changed: number[] | null;
  /** `(k,)`: points of each cluster; null at the start. */
  sizes: Uint32Array | null;
}

/** Many points as a two-dimensional histogram. Only tiles that hold points are listed. */
export interface Tiles extends WithArrays<TileFacts> {
  /** `(2t,)`: the middle of each tile, `[x, y, x, y, ...]`. */
  middles: Float32Array;
}

/** The points of each tile that have the same label at every half-step, tile by tile. */
export interface Groups extends Pick<WithArrays<GroupFacts>, "counts"> {
  /** `(m,)`: the tile of each group, as an index into `Tiles.numbers`. */
  tileOf: Uint32Array;
  /** `(t + 1,)`: where the groups of each tile begin. */
  starts: Uint32Array;
  /** `(t,)`: points of each tile. */
  totals: Uint32Array;
  /** `(t,)`: how strong the color of each tile is, 0 to 255. */
  strengths: Uint8Array;
}

export interface Run
  extends
    RunIdentity,
    Required<Omit<RunFacts, "groups" | "steps">>,
    WithNulls<Omit<WithArrays<SceneFacts>, "tiles">, "coordinates" | "rowNumbers"> {
  /** Present where the points are too many to be drawn one by one; `points` are then the middles of the tiles. */
  tiles?: Tiles;
  groups?: Groups;
  steps: Step[];
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
  /** The accent of each phase. */
  phases: Record<"assign" | "refine", string>;
  /** The line of each run, where several are compared. */
  runs: string[];
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
  /** Whether it is part of a page that asks something. */
  readonly isCompact: boolean;
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
  /** Update what is said below the picture. */
  showNote(): void;
}
