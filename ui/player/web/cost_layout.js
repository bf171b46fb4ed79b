// What all charts of costs over steps look like.

import { tickFormat } from "./cost_data.js";
import { message } from "./messages.js";

/** @import { Costs } from "./cost_data.js" */
/** @import { PlotlyLayout } from "./plotly.d.ts" */
/** @import { Theme } from "./types.d.ts" */

/**
 * Plotly's layout of a chart of costs.
 * @param {Theme} theme
 * @param {number} end the last step
 * @param {Costs} costs
 * @returns {PlotlyLayout}
 */
export function costLayout(theme, end, costs) {
  const tickfont = { color: theme.muted, size: 12 * theme.scale };
  const axis = { gridcolor: theme.grid, zeroline: false, tickfont };
  return {
    xaxis: { ...axis, range: [-0.6, end + 0.6], title: { text: message("cost.step"), standoff: 4 } },
    yaxis: {
      ...axis,
      title: { text: message("cost.axis"), standoff: 6 },
      nticks: 5,
      tickmode: "auto",
      tickformat: tickFormat(costs),
    },
    margin: { l: 56 * theme.scale, r: 10, t: 6, b: 36 * theme.scale },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: theme.font, color: theme.muted, size: 12 * theme.scale },
    showlegend: false,
    hoverlabel: { bgcolor: theme.background, font: { color: theme.text } },
    dragmode: false,
    hovermode: "closest",
  };
}
