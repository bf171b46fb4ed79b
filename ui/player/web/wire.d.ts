// Written by `python -m ui.player.declarations` from the types in Python: ui/player/schema.py,
// ui/player/session_facts.py, and ui/text/formula_examples.py.

/** The version of the messages that these types describe. */
export type Version = 4;

/** The parameters of a link that belong to the view. */
export type ViewName = "step" | "hide" | "show" | "look" | "mode" | "tab" | "panel" | "also";

/**
 * The point whose assignment the formula shows.
 *
 * `other` is the cluster that the point left or else came closest to joining, null where there is no other;
 * `distances` are those to the point's own center and to the other one.
 */
export interface AssignExample {
  point: number;
  place: number[];
  cluster: number;
  other: number | null;
  distances: number[];
}

/**
 * The cluster whose center the formula shows, and how many points it has.
 *
 * `part` is the cluster's part of the cost before and after; `point` is the one that is the medoid now.
 */
export interface RefineExample {
  cluster: number;
  count: number;
  part: [number, number];
  point?: number;
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

/**
 * One half-step. Arrays, and `active`, are there only where they change.
 *
 * `cost` is null before the first assign. `reassigned` is how many points switched cluster. `active` says which
 * clusters take part, `(k,)`. `centers` are where they are drawn, `(2k,)`; `centerCoordinates` have all
 * features, `(d * k,)`, where points have more than two. `labels` are those of all points (or groups), or, with
 * `index`, of the points at these indices. `explanation` has four indices into the texts of the run: what is
 * done, this time, the cost, what comes next; `code` is a key of its kinds of code. The last three are not part of a
 * comparison.
 */
export interface StepFacts {
  phase: "init" | "assign" | "refine" | "move";
  iteration: number;
  cost: number | null;
  reassigned: number;
  seconds: number;
  sentence: string;
  empty: EmptyClusterFacts[];
  active?: boolean[];
  centers?: ArrayPlace & { type: "f4" };
  centerCoordinates?: ArrayPlace & { type: "f4" };
  labels?: ArrayPlace & { type: "u1" };
  index?: ArrayPlace & { type: "u4" };
  explanation?: number[];
  example?: AssignExample | RefineExample | null;
  code?: string;
}

/** The groups of a run, tile by tile: how many each tile has, and how many points each group has. */
export interface GroupFacts {
  perTile: ArrayPlace & { type: "u4" | "u2" | "u1" };
  counts: ArrayPlace & { type: "u4" | "u2" | "u1" };
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

/** What another rule would pay at every half-step (null at the start), and where that rises. */
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
  numbers: ArrayPlace & { type: "u4" };
}

/**
 * What is a run's own, apart from its points. The last three are not part of a comparison.
 *
 * `names` say which color, shape, and number each cluster has; `symbols` are Plotly's names of the shapes.
 * `activeAfterMove` says which clusters take part after a center was dragged. `fileStem` is the name of downloaded
 * files, without an extension. `texts` are those of the explanations.
 */
export interface RunFacts {
  k: number;
  rule: RuleFacts;
  init: string;
  backend: string;
  names: number[];
  colors: string[];
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

/**
 * What runs on the same points share: either `points` or `tiles`, and how they are drawn.
 *
 * `title` is what the points are; `axes` are names of the axes, which have the same scale if `equalUnits`.
 * `projection` says how points of more than two features are drawn, "" for two. `rows` is how many rows the table
 * has that the points come from, 0 for generated points; `rowNumbers` has the row of each point, from 1, unless all
 * rows are in order. `points` are where they are drawn, `(2n,)`; `coordinates` have all features, `(d * n,)`,
 * unless they are too many to send. `shownCoordinates` is how many coordinates of a place a sentence holds.
 */
export interface SceneFacts {
  title: string;
  n: number;
  features: number;
  equalUnits: boolean;
  axes: [string, string] | null;
  projection: string;
  rows: number;
  shownCoordinates: number;
  points?: ArrayPlace & { type: "f4" };
  coordinates?: ArrayPlace & { type: "f4" };
  rowNumbers?: ArrayPlace & { type: "u4" };
  tiles?: TileFacts;
}

/** A table that the tab keeps: what identifies it, the name of its file, and its bytes as base64. */
export interface StoredTable {
  digest: string;
  name: string;
  content: string;
}

/** A table for the tab to keep, or the digest of one to send back. */
export interface TableStorageFacts {
  table?: StoredTable;
  digest?: string;
}

/** An address to go to, relative to the page, and whether it replaces the page in the history. */
export interface PageLinkFacts {
  address: string;
  replaces: boolean;
}

/** What differs between runs, or comparisons, that differ in anything. */
export interface RunIdentity {
  id: string;
}

/** Several runs on the same points. */
export interface ComparisonFacts {
  runs: RunFacts[];
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

/** What may be chosen right below the picture: the number of clusters, and its bounds on these points. */
export interface RunChoiceFacts {
  k: number;
  low: number;
  high: number;
}

/** What a link says to the presenter: the minutes of the timer, 0 if it counts up, and the notes. */
export interface PresentationFacts {
  minutes: number;
  notes: string;
}

/** What the end of a run is worth. */
export interface VerdictFacts {
  sentence: string;
  isLimit: boolean;
}

/** What the player must know of a visitor. The defaults are those of a page where nothing can be edited. */
export interface PlayerSession {
  undo: HistoryAction;
  redo: HistoryAction;
  choices: RunChoiceFacts | null;
  locked: string[];
  refusals: number;
  pointsLeft: number;
  storedEdits: StoredEdits | null;
  missingEdits: string;
  goToStep: number | null;
  note: string;
  presentation: PresentationFacts | null;
  canContinue: boolean;
  maxLinkEdits: number;
  verdict: VerdictFacts;
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
  newSeeds: number;
  links: string[];
  firstDifference: number | null;
  ending: string;
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

/** A page to print: its kind, its file name, and its HTML. */
export interface PaperFile {
  kind: string;
  name: string;
  html: string;
}

/** The most characters of a link's texts, and the most minutes of its timer. */
export interface MaxLengths {
  title: number;
  question: number;
  notes: number;
  minutes: number;
}

/** What the dialog "Share" must know. */
export interface LinkFacts {
  settings: Record<string, string>;
  opening: Record<string, string>;
  view: string[];
  allControls: string;
  lesson: LessonFacts;
  controls: Record<string, string>;
  maxLengths: MaxLengths;
  idle: PlayerSession;
  code: LinkCode | null;
  paper: PaperFile | null;
}
