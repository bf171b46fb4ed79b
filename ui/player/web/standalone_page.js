// The player as one file that plays without a network: its modules, its style, Plotly and the run, all in a page.

const IMPORTED = /^(?!\s*(?:\/?\*|\/\/))(.*?(?:from|import)\s*\(?\s*)"\.\/(\w+\.js)"/gm; // but not in comments
const STYLED = /@import "([\w.]+)";/g;

async function textOf(name) {
  const answer = await fetch(new URL(name, import.meta.url));
  if (!answer.ok) throw new Error(`${name} could not be read`);
  return answer.text();
}

/** Return a module and all that it imports, name -> text; each is known in the page as km/name. */
async function modulesOf(name, found = {}) {
  if (name in found) return found;
  found[name] = "";
  const text = await textOf(name);
  for (const [, , other] of text.matchAll(IMPORTED)) await modulesOf(other, found);
  found[name] = text.replaceAll(IMPORTED, '$1"km/$2"');
  return found;
}

async function styleOf(name) {
  const text = await textOf(name);
  const parts = await Promise.all([...text.matchAll(STYLED)].map(([, other]) => styleOf(other)));
  return [...parts, text.replaceAll(STYLED, "")].join("\n");
}

function base64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

async function packed(content) {
  const stream = new Blob([content]).stream().pipeThrough(new CompressionStream("gzip"));
  return base64(new Uint8Array(await new Response(stream).arrayBuffer()));
}

const asModule = (text) => `data:text/javascript;base64,${base64(new TextEncoder().encode(text))}`;
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** The theme's own variables as they are now: the page has no Streamlit to set them. */
function themeOf(element, style) {
  const names = new Set(style.match(/--st-[a-z-]+/g));
  const set = getComputedStyle(element);
  return [...names].map((name) => `${name}:${set.getPropertyValue(name)}`).join(";");
}

const START = `
const unpack = async (id) => {
  const text = atob(document.getElementById(id).textContent.trim());
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};
const script = document.createElement("script");
script.src = URL.createObjectURL(new Blob([await unpack("plotly")], { type: "text/javascript" }));
await new Promise((done) => { script.onload = done; document.head.append(script); });
const { start } = await import("km/player.js");
await start(document.querySelector(".kmeans-player"), window.Plotly, await unpack("run"));
`;

/**
 * Return a page that plays a run.
 * @param root the player on the page, whose theme the file takes
 * @param plotly the address of Plotly's bundle
 * @param message the run with what concerns the visitor, as start() takes it
 * @param title what the run is of, or what a teacher calls it; may hold anything, as the question may
 * @param question a teacher's to the class; may be empty
 * @param link to the app, where the run came from
 * @param needs what is needed there beside the link, in a sentence; may be empty
 */
export async function asPage(root, plotly, message, { title, question, link, needs }) {
  const [modules, style, library] = await Promise.all([modulesOf("player.js"), styleOf("player.css"), textOf(plotly)]);
  const imports = Object.fromEntries(Object.entries(modules).map(([name, text]) => [`km/${name}`, asModule(text)]));
  const ground = `html,body{margin:0;background:var(--st-background-color);color:var(--st-text-color);font:1rem/1.5 var(--st-font)}`;
  const body = `main{padding:0.75rem 1.25rem;max-width:110rem;margin:0 auto}h1{margin:0;font-size:1.4rem}.question{margin:0.1rem 0 0;font-size:1.125rem}a{color:inherit}`;
  const asked = question && `<p class="question" dir="auto">${escaped(question)}</p>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>:root{${themeOf(root, style)}}${ground}${body}*{box-sizing:border-box}
${style}</style>
<script type="importmap">${JSON.stringify({ imports })}</script></head>
<body><main><h1 dir="auto">${escaped(title)}</h1>${asked}
<div class="kmeans-frame"><div class="kmeans-player" data-testid="kmeans-player"></div></div>
<p><a href="${escaped(link)}">Open this run where its settings can be changed</a>. ${escaped(needs)}</p></main>
<script type="text/plain" id="plotly">${await packed(library)}</script>
<script type="text/plain" id="run">${await packed(message)}</script>
<script type="module">${START}</script></body></html>
`;
}
