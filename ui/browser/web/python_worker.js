// The worker: loads Python once, and then asks it for runs. Texts come in; bytes and texts go out.

/** @typedef {{ name: string, size: number }} PythonFile a file and how many bytes it has */
/** @typedef {{ kind: "start", base: string, files: PythonFile[] }} StartRequest */
/** @typedef {{ kind: "ask", id: number, method: string, values: (string | number)[] }} AskRequest */

const TYPES = { wasm: "application/wasm", mjs: "text/javascript", json: "application/json" };
const SITE_PACKAGES = "/lib/python3.14/site-packages";
const APP = "/app";

const scope = /** @type {any} */ (self);

/** Python's side of the page. @type {any} */
let edition;

/**
 * Download all files, and report how far that is.
 * @param {string} base
 * @param {PythonFile[]} files
 * @returns {Promise<Map<string, Blob>>} the contents by address
 */
async function download(base, files) {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let loaded = 0;
  const readFile = async (/** @type {PythonFile} */ { name }) => {
    const address = new URL(name, base).href;
    const answer = await fetch(address);
    if (!answer.ok || !answer.body) throw new Error(`${name}: ${answer.status}`);
    const reader = answer.body.getReader();
    /** @type {Uint8Array<ArrayBuffer>[]} */
    const parts = [];
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value);
      loaded += part.value.length;
      scope.postMessage({ kind: "progress", loaded, total });
    }
    const type = TYPES[/** @type {keyof typeof TYPES} */ (name.split(".").pop())];
    return /** @type {const} */ ([address, new Blob(parts, { type })]);
  };
  return new Map(await Promise.all(files.map(readFile)));
}

/**
 * Answer Pyodide's own requests from what is downloaded, with the type that WebAssembly needs, whatever a server says.
 * @param {Map<string, Blob>} contents
 */
function answerFromMemory(contents) {
  const { fetch } = scope;
  scope.fetch = (/** @type {RequestInfo | URL} */ input, /** @type {RequestInit} */ options) => {
    const content = contents.get(input instanceof Request ? input.url : String(input));
    return content ? Promise.resolve(new Response(content)) : fetch(input, options);
  };
}

/** @param {StartRequest} request */
async function start({ base, files }) {
  const contents = await download(base, files);
  answerFromMemory(contents);
  const { loadPyodide } = await import(new URL("pyodide.mjs", base).href);
  const python = await loadPyodide({ indexURL: base });
  for (const [name, folder] of [
    ["numpy.zip", SITE_PACKAGES],
    ["app.zip", APP],
  ]) {
    const content = /** @type {Blob} */ (contents.get(new URL(name, base).href));
    python.unpackArchive(new Uint8Array(await content.arrayBuffer()), "zip", { extractDir: folder });
  }
  contents.clear();
  python.pyimport("sys").path.insert(0, APP);
  edition = python.pyimport("ui.browser.edition").Edition();
  scope.postMessage({ kind: "ready" });
}

/** @param {AskRequest} request */
function ask({ id, method, values }) {
  const answer = edition[method](...values);
  const [content, facts] = [answer.content.toJs(), answer.facts.toJs()];
  scope.postMessage({ kind: "answer", id, content, facts, page: answer.page }, [content.buffer, facts.buffer]);
  answer.destroy();
}

/** @param {MessageEvent<StartRequest | AskRequest>} event */
async function onRequest({ data }) {
  try {
    if (data.kind === "start") await start(data);
    else ask(data);
  } catch (error) {
    const id = data.kind === "ask" ? data.id : null;
    scope.postMessage({ kind: "error", id, text: String(/** @type {Error} */ (error).message ?? error) });
  }
}

scope.addEventListener("message", onRequest);
