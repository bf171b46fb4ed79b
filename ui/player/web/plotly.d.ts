// The part of plotly.js that the scripts use. Its own types are as large as its bundle.

export interface PlotlyElement extends HTMLElement {
  /** What was last given to `react`. */
  readonly data: PlotlyTrace[];
  /** Present while something is drawn. */
  readonly _fullLayout?: { xaxis: PlotlyAxis; yaxis: PlotlyAxis };
  on(event: "plotly_click", listener: (data: { points: { x: number }[] }) => void): void;
  on(event: "plotly_relayout", listener: (change: Record<string, unknown>) => void): void;
  on(event: string, listener: () => void): void;
}

/** An axis with the conversions that Plotly does not document, but needs itself. */
export interface PlotlyAxis {
  range: [number, number];
  _offset: number;
  _length: number;
  /** From the data to pixels, and back; from the axis' beginning. */
  l2p(value: number): number;
  p2l(pixels: number): number;
}

export interface PlotlyLine {
  color?: string;
  width?: number;
  dash?: string;
}

/** A value of a marker is that of all points, or a list with one for each. */
export interface PlotlyMarker {
  color?: string | string[];
  symbol?: string | string[];
  size?: number | number[];
  opacity?: number | number[];
  line?: PlotlyLine;
}

export interface PlotlyTrace {
  mode?: string;
  x: ArrayLike<number | null>;
  y: ArrayLike<number | null>;
  /** On hover, of each point. */
  text?: (string | false)[];
  marker?: PlotlyMarker;
  line?: PlotlyLine;
  opacity?: number;
  yaxis?: string;
  hoverinfo?: string;
  hovertemplate?: string;
  cliponaxis?: boolean;
}

/** Points of one size, which are drawn on a canvas of our own. */
export interface PointTrace {
  x: Float32Array;
  y: Float32Array;
  marker: {
    color: string | string[];
    symbol: string | string[];
    size: number;
    opacity: number;
    line?: { color: string; width: number };
  };
}

export interface PlotlyFont {
  family?: string;
  color?: string;
  size?: number;
}

export interface PlotlyAxisLayout {
  range?: [number, number];
  autorange?: boolean;
  title?: { text: string; standoff: number; font?: PlotlyFont } | null;
  tickfont?: PlotlyFont;
  tickformat?: string;
  showticklabels?: boolean;
  [option: string]: unknown;
}

export interface PlotlyLayout {
  xaxis: PlotlyAxisLayout;
  yaxis: PlotlyAxisLayout;
  margin: { l: number; r: number; t: number; b: number };
  font: PlotlyFont;
  [option: string]: unknown;
}

export interface Plotly {
  react(element: HTMLElement, traces: PlotlyTrace[], layout: PlotlyLayout, config?: object): Promise<unknown>;
  update(element: HTMLElement, data: object, layout: Partial<PlotlyLayout>, traces: number[]): Promise<unknown>;
  relayout(element: HTMLElement, update: object): Promise<unknown>;
  purge(element: HTMLElement): void;
  Plots: { resize(element: HTMLElement): Promise<unknown> };
}
