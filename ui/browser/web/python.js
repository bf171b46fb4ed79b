// Python, as the page sees it: it loads in a worker, and answers one request after another.

/** @typedef {{ content: Uint8Array<ArrayBuffer>, facts: Uint8Array<ArrayBuffer>, page: string }} Answer */
/** @typedef {{ base: string, files: { name: string, size: number }[] }} PythonFiles */
/** @typedef {{ resolve: (answer: Answer) => void, reject: (error: Error) => void }} Waiting */

export class Python {
  #lastId = 0;
  /** @type {Map<number, Waiting>} */
  #waiting = new Map();
  /** Requests that came before Python was ready. @type {object[]} */
  #early = [];
  #isReady = false;
  /** @type {Error | null} */
  #error = null;

  /**
   * @param {string} script the worker's address
   * @param {PythonFiles} files
   * @param {{ onProgress: (loaded: number, total: number) => void, onReady: () => void, onFail: (error: Error) => void }}
   *   handlers
   */
  constructor(script, files, handlers) {
    this.handlers = handlers;
    this.worker = new Worker(script, { type: "module" });
    this.worker.addEventListener("message", ({ data }) => this.#take(data));
    this.worker.addEventListener("error", ({ message }) => this.#fail(new Error(message || script)));
    this.worker.postMessage({ kind: "start", ...files });
  }

  /**
   * Ask the page's edition.
   * @param {string} method
   * @param {...(string | number)} values
   * @returns {Promise<Answer>}
   */
  ask(method, ...values) {
    if (this.#error) return Promise.reject(this.#error);
    const id = ++this.#lastId;
    const request = { kind: "ask", id, method, values };
    if (this.#isReady) this.worker.postMessage(request);
    else this.#early.push(request);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /** @param {any} data */
  #take(data) {
    const waiting = this.#waiting.get(data.id);
    this.#waiting.delete(data.id);
    if (this.#error) return; // what else was on its way when something failed
    if (data.kind === "progress") this.handlers.onProgress(data.loaded, data.total);
    else if (data.kind === "ready") this.#start();
    else if (data.kind === "answer") waiting?.resolve(data);
    else if (waiting) waiting.reject(new Error(data.text));
    else this.#fail(new Error(data.text));
  }

  #start() {
    this.#isReady = true;
    for (const request of this.#early.splice(0)) this.worker.postMessage(request);
    this.handlers.onReady();
  }

  /** Nothing will be answered any more. @param {Error} error */
  #fail(error) {
    if (this.#error) return;
    this.#error = error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    this.handlers.onFail(error);
  }
}
