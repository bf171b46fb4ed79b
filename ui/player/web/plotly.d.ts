// The part of plotly.js that the scripts use. Its own types are as large as its bundle.

export interface PlotlyElement extends HTMLElement {
  /** What was last given to `react` or `restyle`. */
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

export type PlotlyTrace = Record<string, any>;
export type PlotlyLayout = Record<string, any>;

export interface Plotly {
  react(element: HTMLElement, traces: PlotlyTrace[], layout: PlotlyLayout, config?: object): Promise<unknown>;
  restyle(element: HTMLElement, update: object, traces: number[]): Promise<unknown>;
  update(element: HTMLElement, data: object, layout: PlotlyLayout, traces: number[]): Promise<unknown>;
  relayout(element: HTMLElement, update: object): Promise<unknown>;
  purge(element: HTMLElement): void;
  toImage(figure: { data: PlotlyTrace[]; layout: PlotlyLayout }, options: object): Promise<string>;
  Plots: { resize(element: HTMLElement): Promise<unknown> };
}
