// The page of the browser edition: the player, which shows a run of its own until Python is there, and the settings.

import { elementIn } from "../../player/web/dom.js";
import { message } from "../../player/web/messages.js";
import { mount } from "../../player/web/player.js";
import { mount as mountFacts } from "../../player/web/share_data.js";
import { settingsQuery } from "../../player/web/view_state.js";
import { Panel } from "./panel.js";
import { Python } from "./python.js";

/** @import { Answer, PythonFiles } from "./python.js" */

const SLOW_MS = 300; // a shorter wait needs no words
const MEGABYTE = 1e6;

/** What the build says of its files. @typedef {{ worker: string, plotly: string, opening: { content: string, facts: string, page: string }, python: PythonFiles }} Build */

/** The step that is on the screen, as the address says. */
const stepOnScreen = () => Number(new URLSearchParams(document.location.search).get("step") ?? 0);

class EditionPage {
  /** Counts the requests: only the answer to the last one is shown. */
  #turn = 0;

  /** @param {Build} build */
  constructor(build) {
    this.build = build;
    this.frame = elementIn(document.body, ".kmeans-frame");
    this.status = elementIn(document.body, ".edition-status");
    this.notices = elementIn(document.body, ".edition-notices");
    const [panel, strip] = [".edition-fields", ".edition-datasets"].map((name) => elementIn(document.body, name));
    this.panel = new Panel(panel, strip, (name, value) => this.request("choose", name, value, stepOnScreen()));
    document.body.addEventListener("click", ({ target }) => {
      const name = target instanceof HTMLElement ? target.dataset.example : undefined;
      if (name) this.request("example", name, stepOnScreen());
    });
    window.addEventListener("popstate", () => this.#onReturn());
  }

  async start() {
    this.query = settingsQuery();
    this.hasSettings = this.query !== "";
    const base = new URL(this.build.python.base, document.baseURI).href;
    this.python = new Python(
      this.build.worker,
      { ...this.build.python, base },
      {
        onProgress: (loaded, total) =>
          this.say(
            message("browser.loading", {
              loaded: Math.round(loaded / MEGABYTE),
              total: Math.round(total / MEGABYTE),
              has_run: !this.hasSettings,
            }),
          ),
        onReady: () => this.#onReady(),
        onFail: (error) => this.#sayError(error),
      },
    );
    const opened = this.request("open", document.location.search.slice(1));
    if (!this.hasSettings) await this.#showOpening();
    await opened;
  }

  /** Show the run that the build computed, while Python loads: it plays, and what is chosen waits. */
  async #showOpening() {
    const { content, facts, page } = this.build.opening;
    const [run, link] = await Promise.all([content, facts].map((address) => fetch(address)));
    const [runBytes, linkBytes] = [await run.arrayBuffer(), await link.arrayBuffer()];
    const turn = this.#turn;
    await this.#show({ content: new Uint8Array(runBytes), facts: new Uint8Array(linkBytes), page }, turn, true);
  }

  /** @param {string} sentence */
  say(sentence) {
    this.status.textContent = sentence;
  }

  /** From now on the page also opens without a network, where the browser and the connection allow that. */
  #onReady() {
    this.say(message("browser.computing"));
    navigator.serviceWorker?.register("service_worker.js").catch((error) => console.warn(error));
  }

  /** The last line of an error of Python names it; the rest is for those who look at the console. @param {Error} error */
  #sayError(error) {
    console.error(error);
    this.say(message("browser.failed", { error: error.message.trim().split("\n").at(-1) ?? "" }));
  }

  /**
   * Ask Python, and show its answer unless something else was asked meanwhile.
   * @param {string} method
   * @param {...(string | number)} values
   */
  async request(method, ...values) {
    const turn = ++this.#turn;
    const timer = setTimeout(() => this.status.textContent || this.say(message("browser.computing")), SLOW_MS);
    try {
      const answer = await /** @type {Python} */ (this.python).ask(method, ...values);
      if (turn === this.#turn) this.say("");
      await this.#show(answer, turn, method === "open");
    } catch (error) {
      if (turn === this.#turn) this.#sayError(/** @type {Error} */ (error));
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Show an answer, unless something else was asked meanwhile.
   * @param {Answer} answer
   * @param {number} turn
   * @param {boolean} isOpened whether the address asked for it, and stays as it is
   */
  async #show({ content, facts, page }, turn, isOpened) {
    if (turn !== this.#turn) return;
    const { query, title, question, notices, fields } = JSON.parse(page);
    if (!isOpened) this.#writeAddress(query);
    document.title = message("browser.title", { title });
    this.notices.replaceChildren(
      ...[question, ...notices]
        .filter(Boolean)
        .map((textContent) => Object.assign(document.createElement("p"), { textContent, dir: "auto" })),
    );
    this.panel.show(fields);
    this.#shareFacts(facts);
    await this.showRun(content);
  }

  /** Tell the dialog "Share" what links hold, and answer what it asks for. @param {Uint8Array} facts */
  #shareFacts(facts) {
    const ask = async (/** @type {string} */ method, /** @type {string[]} */ ...values) => {
      const answer = await /** @type {Python} */ (this.python).ask(method, ...values);
      this.#shareFacts(answer.facts);
    };
    const setTriggerValue = (/** @type {string} */ name, /** @type {any} */ value) => {
      const answered = name === "link" ? ask("code", value) : ask("paper", value.kind, value.link);
      answered.catch((error) => this.#sayError(error));
    };
    mountFacts({ parentElement: this.frame, data: facts, setTriggerValue });
  }

  /** @param {Uint8Array} content */
  showRun(content) {
    const setTriggerValue = (/** @type {string} */ name, /** @type {unknown} */ value) => {
      if (name === "edit" && value) this.request("act", JSON.stringify(value), stepOnScreen());
    };
    const component = { parentElement: this.frame, data: content, setTriggerValue };
    return mount(component, { base: document.baseURI, plotly: new URL(this.build.plotly, document.baseURI).href });
  }

  /**
   * Write new settings into the address, beside how they are looked at.
   * @param {Record<string, string>} settings
   */
  #writeAddress(settings) {
    const url = new URL(document.location.href);
    const old = new URLSearchParams(settingsQuery());
    for (const name of old.keys()) url.searchParams.delete(name);
    for (const [name, value] of Object.entries(settings)) url.searchParams.set(name, value);
    if (url.href !== document.location.href) history.pushState(null, "", url);
    this.query = settingsQuery();
  }

  /** Back and Forward: another step of the same run is the player's affair. */
  #onReturn() {
    if (settingsQuery() === this.query) return;
    this.query = settingsQuery();
    this.request("open", document.location.search.slice(1));
  }
}

/** Start the page, whose build is described in it. */
export async function start() {
  const text = elementIn(document.body, "#build").textContent ?? "";
  await new EditionPage(JSON.parse(text)).start();
}
