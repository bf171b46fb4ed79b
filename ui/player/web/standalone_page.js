// The player as one file that plays without a network: its modules, its styles, Plotly, and the run, all in a page.

import { escapeHtml } from "./dom.js";
import { message } from "./messages.js";

const CHUNK_BYTES = 0x8000; // of a call's arguments

/**
 * Read a published file by its address beside this one; "" is this one, which holds all modules.
 * @param {string} name
 */
async function readNeighbor(name) {
  const answer = await fetch(new URL(name, import.meta.url));
  if (!answer.ok) throw new Error(message("standalone.unreadable", { name }));
  return answer.text();
}

// --- Packing

/** @param {Uint8Array} bytes */
export function base64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK_BYTES));
  }
  return btoa(text);
}

/**
 * Content compressed for a text element.
 * @param {BlobPart} content
 */
export async function packed(content) {
  const stream = new Blob([content]).stream().pipeThrough(new CompressionStream("gzip"));
  return base64(new Uint8Array(await new Response(stream).arrayBuffer()));
}

/** @param {string} text */
const moduleUrl = (text) => `data:text/javascript;base64,${base64(new TextEncoder().encode(text))}`;

/** What unpacks everything in the page and starts the player. */
const START = `
const unpack = async (id) => {
  const text = atob(document.getElementById(id).textContent.trim());
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};
const script = document.createElement("script");
script.src = URL.createObjectURL(new Blob([await unpack("plotly")], { type: "text/javascript" }));
await new Promise((resolve) => { script.onload = resolve; document.head.append(script); });
const { player } = await import("km/modules.js");
await player().start(document.querySelector(".kmeans-player"), window.Plotly, await unpack("run"));
`;

// --- The page

/**
 * @typedef {object} Wording
 * @property {string} title what the run is of, or a teacher's own title; may hold anything, as the question may
 * @property {string} question a teacher's to the class; may be empty
 * @property {string} link to the app, where the run came from
 * @property {string} needs what is needed there beside the link, in a sentence; may be empty
 */

/**
 * The theme's variables as they are now, since the page has no Streamlit to set them.
 * @param {Element} element
 * @param {string} style
 */
function themeOf(element, style) {
  const names = new Set(style.match(/--st-[a-z-]+/g));
  const computed = getComputedStyle(element);
  return [...names].map((name) => `${name}:${computed.getPropertyValue(name)}`).join(";");
}

/**
 * The page's HTML.
 * @param {Wording} wording
 * @param {{style: string, imports: Record<string, string>, library: string, run: string}} content the last two packed
 */
export function pageHtml({ title, question, link, needs }, { style, imports, library, run }) {
  const heading = escapeHtml(title);
  const questionHtml = question && `<p class="question" dir="auto">${escapeHtml(question)}</p>`;
  const back = `<a href="${escapeHtml(link)}">${message("standalone.open")}</a>. ${escapeHtml(needs)}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${heading}</title>
<style>${style}</style>
<script type="importmap">${JSON.stringify({ imports })}</script></head>
<body><main><h1 dir="auto">${heading}</h1>${questionHtml}
<div class="kmeans-frame"><div class="kmeans-player" data-testid="kmeans-player"></div></div>
<p>${back}</p></main>
<script type="text/plain" id="plotly">${library}</script>
<script type="text/plain" id="run">${run}</script>
<script type="module">${START}</script></body></html>
`;
}

/**
 * A page that plays a run.
 * @param {Element} root the player, whose theme the file takes
 * @param {string} plotly the address of Plotly's bundle
 * @param {Uint8Array<ArrayBuffer>} run with what concerns the visitor, as start() takes it
 * @param {Wording} wording
 */
export async function standalonePage(root, plotly, run, wording) {
  const [modules, ownStyle, playerStyle, library] = await Promise.all([
    readNeighbor(""),
    readNeighbor("standalone.css"),
    readNeighbor("player.css"),
    readNeighbor(plotly),
  ]);
  const styles = `${ownStyle}\n${playerStyle}`;
  return pageHtml(wording, {
    style: `:root{${themeOf(root, styles)}}\n${styles}`,
    imports: { "km/modules.js": moduleUrl(modules) },
    library: await packed(library),
    run: await packed(run),
  });
}
