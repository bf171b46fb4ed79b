// The card at the last step: how the run ended, what it found, and what to do next. The sentence above the picture says
// to screen readers how it ended; what it found, and why it stopped, is read from here.

import { message } from "./messages.js";
import { openAddress } from "./page_link.js";
import { pageAddress } from "./view_state.js";

/** @import { RunChoices } from "./run_choices.js" */
/** @import { PlayerSession } from "./wire.d.ts" */
/** @import { PlayerContext, PlayerPart, Run } from "./types.d.ts" */

/** @typedef {"continue" | "init" | "k" | "why"} FinishAction */

const SLIGHT_PERCENT = 0.1; // costs that differ by less are nearly the same

/** @type {FinishAction[]} */
const ACTIONS = ["continue", "init", "k", "why"];

const TEMPLATE = `
<div class="km-finish" role="group" hidden>
  <p><b></b> <span class="km-verdict" data-spoken></span> <span class="km-reason" data-spoken></span></p>
  <span class="km-finish-actions">${ACTIONS.map(
    (action) =>
      `<button type="button" class="km-button" data-finish="${action}">${message("finish.action", { action })}</button>`,
  ).join("")}<a class="km-button">${message("finish.limits")}</a></span>
  <button type="button" class="km-button km-close" data-finish="close" aria-label="${message("dialog.close")}">×</button>
</div>`;

/**
 * Say how a run ended, in few words.
 * @param {Pick<Run, "ending" | "steps">} run
 */
export const endingTitle = ({ ending, steps }) =>
  message("finish.title", { reason: ending.reason, iterations: steps[steps.length - 1].iteration });

/**
 * Say why a run goes no further.
 * @param {Pick<Run, "ending" | "steps">} run
 */
export function endingReason({ ending, steps }) {
  const { iteration, reassigned } = steps[steps.length - 1];
  return message("finish.why", { reason: ending.reason, iterations: iteration, switched: reassigned });
}

/**
 * Return what may be done at the end of a run.
 * @param {Pick<Run, "ending">} run
 * @param {Pick<PlayerSession, "choices" | "canContinue">} session
 * @param {(name: "init" | "more" | "fewer") => boolean} isOff whether a choice below the picture is off
 * @returns {FinishAction[]}
 */
export function finishActions({ ending }, { choices, canContinue }, isOff) {
  const isPossible = {
    continue: canContinue && ending.reason === "max_iter",
    init: Boolean(choices) && !isOff("init"),
    k: Boolean(choices) && !(isOff("more") && isOff("fewer")),
    why: true,
  };
  return ACTIONS.filter((action) => isPossible[action]);
}

/**
 * Compare the cost of a run with that of the one that ended before, if their costs may be compared.
 * @param {Run} run
 * @param {Run | null} before
 */
export function comparedCost(run, before) {
  if (!before?.points || before.id === run.id || !isComparable(run, before)) return "";
  const [cost, old] = [run, before].map(({ steps }) => steps[steps.length - 1].cost ?? 0);
  const percent = 100 * Math.abs(cost / old - 1);
  const trend = cost === old ? "same" : percent < SLIGHT_PERCENT ? "slight" : cost < old ? "lower" : "higher";
  return Number.isFinite(percent) ? message("finish.compared", { trend, percent }) : "";
}

/**
 * Whether two runs have the same points, number of clusters, and algorithm.
 * @param {Run} run
 * @param {Run} other
 */
const isComparable = (run, other) =>
  run.n === other.n &&
  run.k === other.k &&
  run.rule.name === other.rule.name &&
  Boolean(run.points?.every((value, i) => value === other.points?.[i]));

/** @implements {PlayerPart} */
export class FinishCard {
  /**
   * @param {PlayerContext} player
   * @param {{ choices: RunChoices, onEdit: (edit: object, landing?: number | null) => void }} options
   */
  constructor(player, { choices, onEdit }) {
    this.player = player;
    this.choices = choices;
    this.onEdit = onEdit;
    const place = player.find(".km-finish-place");
    place.innerHTML = TEMPLATE;
    this.card = /** @type {HTMLElement} */ (place.firstElementChild);
    this.card.addEventListener("click", (event) => this.handleClick(event));
    /** @type {PlayerSession | null} */
    this.session = null;
    /** @type {Run | null} */
    this.run = null;
    /** @type {Run | null} the last run whose end was seen, and the one before it */
    this.ended = null;
    /** @type {Run | null} */
    this.endedBefore = null;
  }

  /** @param {PlayerSession} session */
  setSession(session) {
    this.session = session;
  }

  /**
   * @param {Run} run
   * @param {unknown} _theme
   * @param {number} index
   */
  setRun(run, _theme, index) {
    this.run = run;
    this.show(index);
  }

  /** @param {number} index */
  show(index) {
    const [run, session] = [this.run, this.session];
    const isAsking = this.player.view.get("mode") === "predict"; // Predict sums up instead
    const isEnd = run !== null && index > 0 && index === run.steps.length - 1 && !isAsking;
    this.card.hidden = !isEnd;
    if (!isEnd || !session) return;
    if (this.ended?.id !== run.id) [this.endedBefore, this.ended] = [this.ended, run];
    const title = endingTitle(run);
    const verdict = [session.verdict.sentence, comparedCost(run, this.endedBefore)].filter(Boolean).join(" ");
    this.showReason("");
    const actions = finishActions(run, session, (name) => this.choices.isOff(name));
    this.card.setAttribute("aria-label", title);
    /** @type {HTMLElement} */ (this.card.querySelector("b")).textContent = `${title}.`;
    /** @type {HTMLElement} */ (this.card.querySelector(".km-verdict")).textContent = verdict;
    const limits = /** @type {HTMLAnchorElement} */ (this.card.querySelector("a"));
    limits.hidden = !session.verdict.isLimit;
    limits.href = pageAddress("failures");
    for (const action of ACTIONS) {
      const button = /** @type {HTMLElement} */ (this.card.querySelector(`[data-finish="${action}"]`));
      button.hidden = !actions.includes(action);
    }
  }

  /**
   * Say why the run ended in the place of what it found, so that nobody leaves the picture for it; "" for not at all.
   * @param {string} reason
   */
  showReason(reason) {
    const find = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (this.card.querySelector(selector));
    find(".km-reason").textContent = reason;
    const verdict = find(".km-verdict");
    verdict.hidden = Boolean(reason);
    const action = reason && verdict.textContent ? "found" : "why";
    find('[data-finish="why"]').textContent = message("finish.action", { action });
  }

  dismiss() {
    if (this.card.hidden) return false;
    this.card.hidden = true;
    return true;
  }

  /** @param {MouseEvent} event */
  handleClick(event) {
    const { target } = event;
    if (!(target instanceof Element)) return;
    const opensTab = event.ctrlKey || event.metaKey || event.shiftKey;
    if (target.closest("a") && !opensTab) {
      event.preventDefault();
      openAddress(pageAddress("failures"));
    }
    const button = /** @type {HTMLElement | null} */ (target.closest("[data-finish]"));
    if (!button || !this.run) return;
    const action = button.dataset.finish;
    if (action === "why") {
      this.showReason(this.card.querySelector(".km-reason")?.textContent ? "" : endingReason(this.run));
      return;
    }
    this.card.hidden = true;
    if (action === "continue") this.onEdit({ kind: "continue" }, this.player.index);
    else if (action === "init") this.choices.drawStart({ plays: true });
    else if (action === "k") this.choices.focusStepper();
  }
}
