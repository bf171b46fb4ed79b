// Written by `python -m ui.player.declarations` from ui/player/schema.py and ui/player/session_facts.py.

/** The version of the messages that these types describe. */
export type Version = 2;

/** The parameters of a link that belong to the view. */
export type ViewName = "step" | "hide" | "look" | "mode" | "tab" | "panel" | "also";

/** A color of each cluster, on each theme. */
export interface ThemeColors {
  light: string[];
  dark: string[];
}

/** Where an array is behind the facts: `offset` in bytes, `length` in items. */
export interface ArrayPlace {
  offset: number;
  length: number;
  type: "f4" | "u4" | "u2" | "u1";
}

/** An algorithm: its name, what its centers and its cost are called, and how it measures distance. */
export interface RuleFacts {
  name: string;
  center: string;
  cost: string;
  metric: "euclidean" | "manhattan";
}

/** A cluster that lost all its points, and what was done about it. */
export interface EmptyClusterFacts {
  cluster: number;
  policy: string;
}

/** One half-step. Arrays, and `active`, are there only where they change. */
export interface StepFacts {
  phase: "init" | "assign" | "refine" | "move";
  iteration: number;
  cost: number | null;
  reassigned: number;
  seconds: number;
  sentence: string;
  empty: EmptyClusterFacts[];
  active?: boolean[];
  centers?: ArrayPlace;
  centerCoordinates?: ArrayPlace;
  labels?: ArrayPlace;
  index?: ArrayPlace;
  explanation?: number[];
  example?: Record<string, any> | null;
  code?: string;
}

/** The groups of a run, tile by tile: how many each tile has, and how many points each group has. */
export interface GroupFacts {
  perTile: ArrayPlace;
  counts: ArrayPlace;
}

/** Why a run ended, and the sentence that says so. */
export interface EndingFacts {
  reason: "converged" | "max_iter";
  sentence: string;
}

/** Lines of code: each line is text and its kind, alternately; `marked` are indices of lines. */
export interface ExcerptFacts {
  file: string;
  function: string;
  marked: number[];
  lines: string[][];
}

/** All excerpts, and which of them belong to each kind of half-step. */
export interface CodeFacts {
  kinds: Record<string, number[]>;
  excerpts: ExcerptFacts[];
}

/** What another rule would pay at every half-step (None at the start), and where that rises. */
export interface OtherCostFacts {
  rule: string;
  name: string;
  cost: (number | null)[];
  rises: number[];
  sentence: string;
}

/** The tiles of a picture: its corner, the size of a tile, tiles in a row, and the numbers of those with points. */
export interface TileFacts {
  low: [number, number];
  size: [number, number];
  columns: number;
  numbers: ArrayPlace;
}

/** What is a run's own, apart from its points. The last three are not part of a comparison. */
export interface RunFacts {
  k: number;
  rule: RuleFacts;
  start: string;
  backend: string;
  names: number[];
  colors: ThemeColors;
  symbols: string[];
  activeAfterMove: boolean[];
  fileStem: string;
  ending: EndingFacts;
  groups?: GroupFacts;
  steps: StepFacts[];
  texts?: string[];
  code?: CodeFacts;
  otherCosts?: OtherCostFacts[];
}

/** What runs on the same points share: either `points` or `tiles`, and how they are drawn. */
export interface SceneFacts {
  title: string;
  n: number;
  features: number;
  equalUnits: boolean;
  axes: [string, string] | null;
  projection: string;
  rows: number;
  points?: ArrayPlace;
  coordinates?: ArrayPlace;
  rowNumbers?: ArrayPlace;
  tiles?: TileFacts;
}

/** Undo, or redo. */
export interface HistoryAction {
  isAvailable: boolean;
  refusal: string;
  step: number | null;
}

/** Edits that are too many for a link, which names them, so that the browser stores them. */
export interface StoredEdits {
  name: string;
  text: string;
  count: number;
  isNew: boolean;
}

/** How a page shows a player that is only a part of it. */
export interface CompactLayout {
  parts: string[];
  still: boolean;
  view: Record<string, string>;
}

/** What the player must know of a visitor. The defaults are those of a page where nothing can be edited. */
export interface PlayerSession {
  undo: HistoryAction;
  redo: HistoryAction;
  locked: string[];
  refusals: number;
  pointsLeft: number;
  storedEdits: StoredEdits | null;
  missingEdits: string;
  goToStep: number | null;
  note: string;
  canContinue: boolean;
  maxLinkEdits: number;
  compact: CompactLayout | null;
  offline: Record<string, string> | null;
}

/** A setting that may differ: name, title, values with their titles (none: any number), and a first value. */
export interface VariantChoice {
  field: string;
  title: string;
  options: [string | number, string][];
  first: string | number;
}

/** A comparison worth a click: its title, and the text of its variants. */
export interface Suggestion {
  title: string;
  variants: string;
}

/** What the comparison must know of a visitor. */
export interface ComparisonSession {
  variants: [string, string | number, string][][];
  choices: VariantChoice[];
  suggestions: Suggestion[];
  maxRuns: number;
  links: string[];
  firstDifference: number | null;
  sameScale: boolean;
  goToStep: number | null;
}

/** What a lesson link says to a class: its title, its question, and the settings that are locked or hidden. */
export interface LessonFacts {
  title: string;
  question: string;
  locked: string[];
  hidden: string[];
}

/** The QR code of a link as SVG; "" if the link is too long for one. */
export interface LinkCode {
  link: string;
  svg: string;
}

/** The most characters of a lesson's texts. */
export interface MaxLengths {
  title: number;
  question: number;
}

/** What the dialog "Share" must know. */
export interface LinkFacts {
  settings: Record<string, string>;
  view: string[];
  lesson: LessonFacts;
  controls: Record<string, string>;
  maxLengths: MaxLengths;
  idle: PlayerSession;
  code: LinkCode | null;
}
