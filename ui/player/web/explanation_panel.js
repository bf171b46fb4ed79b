// The explanation, the math, and the code of the step that the player shows.

import { mathsOf } from "./formulas.js";

const TABS = { explanation: "Explanation", math: "Math", code: "Code" };
/** What saved links call the tabs. */
const LEGACY_TABS = { words: "explanation", maths: "math" };
const WORDS = ["What is done", "This time", "And the cost?", "What comes next"];
const NARROW = "(max-width: 640px)"; // a phone shows the panel when it is asked for

const TEMPLATE = `
<div class="km-panel-bar">
  <h2><button type="button" class="km-panel-toggle" aria-controls="km-panel-body"><svg viewBox="0 0 24 24" aria-hidden="true"
    ><path d="M8 5l8 7-8 7"/></svg>Explanation · Math · Code</button></h2>
  <div class="km-tabs" role="tablist" aria-label="How to explain this half-step">${Object.entries(TABS)
    .map(
      ([tab, title]) =>
        `<button type="button" role="tab" id="km-tab-${tab}" aria-controls="km-panel-body-${tab}" ` +
        `data-tab="${tab}">${title}</button>`,
    )
    .join("")}</div>
</div>
<div id="km-panel-body">${Object.keys(TABS)
  .map(
    (tab) =>
      `<div role="tabpanel" class="km-${tab}" id="km-panel-body-${tab}" aria-labelledby="km-tab-${tab}" ` +
      `tabindex="0" hidden></div>`,
  )
  .join("")}</div>`;

export class Panel {
  constructor(element, view) {
    this.view = view;
    element.innerHTML = TEMPLATE;
    this.element = element;
    this.fold = element.querySelector(".km-panel-toggle");
    this.body = element.querySelector("#km-panel-body");
    this.tabs = [...element.querySelectorAll("[role=tab]")];
    this.opensItself = !matchMedia(NARROW).matches;
    this.readView();
    this.listen();
  }

  readView() {
    const wish = this.view.get("tab");
    const tab = LEGACY_TABS[wish] ?? wish;
    this.tab = Object.hasOwn(TABS, tab) ? tab : "explanation";
    this.isOpen = { open: true, closed: false }[this.view.get("panel")] ?? this.opensItself;
  }

  restoreView() {
    this.readView();
    this.draw();
  }

  listen() {
    this.fold.addEventListener("click", () => {
      this.isOpen = !this.isOpen;
      this.view.set("panel", this.isOpen === this.opensItself ? null : this.isOpen ? "open" : "closed");
      this.draw();
    });
    const list = this.element.querySelector("[role=tablist]");
    list.addEventListener("click", ({ target }) => target.dataset.tab && this.choose(target.dataset.tab));
    list.addEventListener("keydown", (event) => {
      const here = this.tabs.findIndex(({ dataset }) => dataset.tab === this.tab);
      const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: this.tabs.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault(); // or the player would take the key for itself
      const tab = this.tabs.at(to % this.tabs.length);
      this.choose(tab.dataset.tab);
      tab.focus();
    });
  }

  choose(tab) {
    this.tab = tab;
    this.view.set("tab", tab === "explanation" ? null : tab);
    this.draw();
  }

  setRun(run, theme, index) {
    [this.run, this.theme, this.index] = [run, theme, index];
    this.draw();
  }

  show(index) {
    this.index = index;
    this.fill();
  }

  /** Show the chosen tab, or none. */
  draw() {
    this.fold.setAttribute("aria-expanded", this.isOpen);
    this.body.hidden = !this.isOpen;
    this.element.classList.toggle("km-panel-closed", !this.isOpen);
    for (const tab of this.tabs) {
      const chosen = tab.dataset.tab === this.tab;
      tab.setAttribute("aria-selected", chosen);
      tab.tabIndex = chosen ? 0 : -1;
      this.content(tab.dataset.tab).hidden = !chosen;
    }
    this.body.style.minHeight = "";
    this.fill();
  }

  content(tab) {
    return this.body.querySelector(`#km-panel-body-${tab}`);
  }

  fill() {
    if (!this.isOpen) return;
    this.content(this.tab).innerHTML = { explanation: wordsOf, math: mathsMarkup, code: codeOf }[this.tab](this);
    // It grows and does not shrink, so that the page does not jump under who reads on while it plays.
    this.body.style.minHeight = `${Math.ceil(this.body.getBoundingClientRect().height)}px`;
  }
}

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function wordsOf({ run, index }) {
  return run.steps[index].explanation
    .map((text, i) => `<section><h3>${WORDS[i]}</h3><p>${escaped(run.texts[text])}</p></section>`)
    .join("");
}

function mathsMarkup({ run, theme, index }) {
  const { general, intro, lines, cost, legend } = mathsOf(run, theme, index);
  const items = lines.map(
    ([icon, formulas, note]) => `<li><span>${icon}</span><div>${formulas.join(" ")} <small>${note}</small></div></li>`,
  );
  return (
    `<section><h3>The formula</h3><p class="km-formula">${general}</p></section>` +
    `<section class="km-numbers"><h3>With numbers</h3><p>${intro}</p>` +
    `<ul${cost ? "" : ' class="km-number-list"'}>${items.join("")}</ul></section>` +
    (cost ? `<section><h3>The cost</h3><p class="km-formula">${cost[0]}</p>${costNow(cost)}</section>` : "") +
    `<section class="km-legend"><h3>What the signs mean</h3><dl>` +
    legend.map(([sign, text]) => `<div><dt>${sign}</dt><dd>${text}</dd></div>`).join("") +
    `</dl><p><small>Numbers are rounded; ≈ says so.</small></p></section>`
  );
}

const costNow = ([, value, change]) => `<p>${value} <small>${change}</small></p>`;

function codeOf({ run, index }) {
  const { kinds, excerpts } = run.code;
  return kinds[run.steps[index].code].map((excerpt) => excerptOf(excerpts[excerpt])).join("");
}

function excerptOf({ file, function: name, lines, marked }) {
  const rows = lines.map((parts, i) => {
    let line = "";
    for (let at = 0; at < parts.length; at += 2) {
      const text = escaped(parts[at]);
      line += parts[at + 1] ? `<span class="km-code-${parts[at + 1]}">${text}</span>` : text;
    }
    const tag = marked.includes(i) ? "mark" : "span";
    return `<${tag} class="km-line">${line || " "}</${tag}>`;
  });
  const title = `${name} in ${file}`;
  return (
    `<figure><figcaption><b>${name}</b> <span>${file}</span></figcaption>` +
    `<pre tabindex="0" role="region" aria-label="${title}"><code>${rows.join("")}</code></pre></figure>`
  );
}
