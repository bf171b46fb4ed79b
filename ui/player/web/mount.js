// How a component comes onto the page: its style, Plotly, and one object for each place where it is shown.

import { message } from "./messages.js";
import { VersionError } from "./protocol.js";
import { sendWhileHere } from "./view_state.js";

/** @import { Plotly } from "./plotly.d.ts" */
/** @import { Component } from "./streamlit.d.ts" */

/** Where the app and Plotly's bundle are. @typedef {{ base: string, plotly: string }} Addresses */

/**
 * What a mounted object gets.
 * @typedef {{ Plotly: Plotly, send: (name: string, value: unknown) => void, addresses: Addresses, message: Uint8Array }}
 *   MountOptions
 */

/** A mounted object. @typedef {{ load(message: Uint8Array): Promise<void>, destroy(): void }} Mounted */

/** @returns {Plotly | undefined} */
const loadedPlotly = () => /** @type {Window & { Plotly?: Plotly }} */ (window).Plotly;

/**
 * Load Plotly once, however many components ask for it.
 * @param {string} url
 * @returns {Promise<Plotly>}
 */
function loadPlotly(url) {
  const loaded = loadedPlotly();
  if (loaded) return Promise.resolve(loaded);
  const element = /** @type {HTMLScriptElement | null} */ (document.querySelector(`script[src="${url}"]`));
  const script = element ?? Object.assign(document.createElement("script"), { src: url });
  if (!element) document.head.append(script);
  return new Promise((resolve, reject) => {
    script.addEventListener("load", () => resolve(/** @type {Plotly} */ (loadedPlotly())));
    script.addEventListener("error", () => {
      script.remove();
      reject(new Error(message("player.no_plotly")));
    });
  });
}

/** @param {string} url */
function loadStyle(url) {
  if (document.querySelector(`link[href="${url}"]`)) return Promise.resolve();
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: url });
  document.head.append(link);
  return new Promise((done) => (link.onload = link.onerror = done));
}

/**
 * Show a sentence in place of what cannot be shown.
 * @param {HTMLElement} root
 * @param {string} sentence
 */
function showError(root, sentence) {
  const paragraph = Object.assign(document.createElement("p"), { className: "km-error", textContent: sentence });
  paragraph.setAttribute("role", "alert");
  root.replaceChildren(paragraph);
}

/**
 * Return the function that Streamlit calls when a component appears, and for every new message and theme.
 * @param {string} selector of the component's root
 * @param {string} style the name of its style sheet, beside this file
 * @param {new (root: HTMLElement, options: MountOptions) => Mounted} Shown made once for each root
 */
export function mounter(selector, style, Shown) {
  /** @type {WeakMap<HTMLElement, Mounted>} */
  const mounted = new WeakMap();
  /** The last call for each root. @type {WeakMap<HTMLElement, Component>} */
  const latest = new WeakMap();

  async function show(/** @type {HTMLElement} */ root, /** @type {MountOptions} */ options) {
    const player = mounted.get(root) ?? new Shown(root, options);
    mounted.set(root, player);
    try {
      await player.load(options.message);
    } catch (error) {
      // A page that went away meanwhile has no plot any more, and nobody misses it.
      if (mounted.get(root) === player) throw error;
    }
  }

  return async function mount(/** @type {Component} */ component, /** @type {Addresses} */ addresses) {
    const { parentElement, data, setTriggerValue } = component;
    const root = /** @type {HTMLElement} */ (parentElement.querySelector(selector));
    latest.set(root, component);
    const styleUrl = new URL(style, import.meta.url).href;
    const [Plotly] = await Promise.all([loadPlotly(addresses.plotly), loadStyle(styleUrl)]);
    try {
      await show(root, { Plotly, send: sendWhileHere(setTriggerValue), addresses, message: data });
    } catch (error) {
      if (!(error instanceof VersionError)) throw error;
      showError(root, error.message);
    }
    return () => {
      // Where a call is still at work when the next one comes, Streamlit cleans up after it as soon as it is done.
      if (latest.get(root) !== component) return;
      mounted.get(root)?.destroy();
      mounted.delete(root);
    };
  };
}
