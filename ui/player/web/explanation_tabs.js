// What the tabs of the explanation panel show of a step: its explanation, its math, and its code, as HTML.

import { escapeHtml } from "./dom.js";
import { formulasOf } from "./formulas.js";
import { message } from "./messages.js";

/** @import { CostFormulas, LegendEntry, Line } from "./formula_notation.js" */
/** @import { Excerpt, Run } from "./types.d.ts" */

/** @type {() => string[]} titles of the parts of `Step.explanation` */
const explanationTitles = () => [
  message("panel.what_is_done"),
  message("panel.this_time"),
  message("panel.and_the_cost"),
  message("panel.what_comes_next"),
];

/**
 * @param {string} title
 * @param {string} content
 */
const section = (title, content, attributes = "") => `<section${attributes}><h3>${title}</h3>${content}</section>`;

/** @param {string} formula */
const centeredFormula = (formula) => `<p class="km-formula">${formula}</p>`;

/**
 * @param {Run} run
 * @param {number} index
 */
function explanationHtml({ steps, texts }, index) {
  const titles = explanationTitles();
  return steps[index].explanation.map((text, i) => section(titles[i], `<p>${escapeHtml(texts[text])}</p>`)).join("");
}

/**
 * @param {Run} run
 * @param {number} index
 */
function mathHtml(run, index) {
  const { general, intro, lines, cost, legend } = formulasOf(run, index);
  const numbers = `<p>${intro}</p><ul${cost ? "" : ' class="km-number-list"'}>${lines.map(lineHtml).join("")}</ul>`;
  return (
    section(message("panel.formula"), centeredFormula(general)) +
    section(message("panel.with_numbers"), numbers, ' class="km-numbers"') +
    (cost ? section(message("panel.cost"), costHtml(cost)) : "") +
    section(message("panel.legend"), legendHtml(legend), ' class="km-legend"')
  );
}

/** @param {Line} line */
const lineHtml = ({ icon, formulas, note }) =>
  `<li><span>${icon}</span><div>${formulas.join(" ")} <small>${note}</small></div></li>`;

/** @param {CostFormulas} cost */
const costHtml = ({ formula, value, change }) => `${centeredFormula(formula)}<p>${value} <small>${change}</small></p>`;

/** @param {LegendEntry[]} legend */
const legendHtml = (legend) =>
  `<dl>${legend.map(([sign, meaning]) => `<div><dt>${sign}</dt><dd>${meaning}</dd></div>`).join("")}</dl>` +
  `<p><small>${message("panel.rounded")}</small></p>`;

/**
 * @param {Run} run
 * @param {number} index
 */
function codeHtml({ steps, code: { kinds, excerpts } }, index) {
  const [textbook, ...production] = kinds[steps[index].code].map((excerpt) => excerptHtml(excerpts[excerpt]));
  const isMarked = excerpts[kinds[steps[index].code][0]].marked.length > 0;
  return (
    `<p>${message("panel.textbook", { marked: isMarked })}</p>${textbook}` +
    `<details class="km-production"><summary>${message("panel.production")}</summary>` +
    `<p>${message("panel.production_note")}</p>${production.join("")}</details>`
  );
}

/** @param {Excerpt} excerpt */
function excerptHtml({ file, function: name, lines, marked }) {
  const rows = lines.map((parts, i) => {
    const tag = marked.includes(i) ? "mark" : "span";
    return `<${tag} class="km-line">${lineOfCode(parts) || " "}</${tag}>`;
  });
  const title = message("panel.code_title", { name, file });
  return (
    `<figure><figcaption><b>${name}</b> <span>${file}</span></figcaption>` +
    `<pre tabindex="0" role="region" aria-label="${title}"><code>${rows.join("")}</code></pre></figure>`
  );
}

/** @param {string[]} parts text and its kind, alternately */
function lineOfCode(parts) {
  let line = "";
  for (let i = 0; i < parts.length; i += 2) {
    const [text, kind] = [escapeHtml(parts[i]), parts[i + 1]];
    line += kind ? `<span class="km-code-${kind}">${text}</span>` : text;
  }
  return line;
}

/** @typedef {"explanation" | "math" | "code"} TabName */

/** @type {Record<TabName, (run: Run, index: number) => string>} */
export const TABS = { explanation: explanationHtml, math: mathHtml, code: codeHtml };

/** What old links call the tabs. */
const LEGACY_NAMES = /** @type {Record<string, TabName>} */ ({ words: "explanation", maths: "math" });

/**
 * The tab that a link names; the first one unless there is a tab of that name.
 * @param {string | null} name
 * @returns {TabName}
 */
export function tabNamed(name) {
  if (name !== null && Object.hasOwn(TABS, name)) return /** @type {TabName} */ (name);
  return name !== null && Object.hasOwn(LEGACY_NAMES, name) ? LEGACY_NAMES[name] : "explanation";
}
