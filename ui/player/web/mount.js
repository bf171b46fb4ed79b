// How a component comes onto the page: its style, Plotly, and one object for each place where it is shown.

import { sendWhileHere } from "./view_state.js";

let plotly = null;

function loadPlotly(url) {
  plotly ??= new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: url });
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => reject(new Error("The drawing library could not be loaded; reload the page to try again."));
    document.head.append(script);
  });
  return plotly;
}

function loadStyle(url) {
  if (document.querySelector(`link[href="${url}"]`)) return Promise.resolve();
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: url });
  document.head.append(link);
  return new Promise((done) => (link.onload = link.onerror = done));
}

/**
 * What Streamlit calls when a component appears, and again for every new message and every change of theme.
 * @param selector of the component's root
 * @param style the name of its style sheet, beside this file
 * @param Shown the class of what is shown. It is made once for a root, with {Plotly, send, addresses, message}; its
 *   load(message) takes every message, its destroy() cleans up
 */
export function mounter(selector, style, Shown) {
  const shown = new WeakMap();
  return async function mount({ parentElement, data, setTriggerValue }, { base, plotly: plotlyUrl }) {
    const root = parentElement.querySelector(selector);
    const [Plotly] = await Promise.all([loadPlotly(plotlyUrl), loadStyle(new URL(style, import.meta.url).href)]);
    if (!shown.has(root)) {
      shown.set(
        root,
        new Shown(root, {
          Plotly,
          send: sendWhileHere(setTriggerValue),
          addresses: { base, plotly: plotlyUrl },
          message: data,
        }),
      );
    }
    const one = shown.get(root);
    try {
      await one.load(data);
    } catch (error) {
      // Plotly has no plot any more to go on with if the page went away in the meantime, and nobody misses it.
      if (shown.get(root) === one) throw error;
    }
    return () => {
      one.destroy();
      shown.delete(root);
    };
  };
}
