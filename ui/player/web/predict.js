// "Predict, then reveal": a mode that asks one short question before each half-step, and shows the answer on the guess.
//
// Answering is what makes watching work (Hundhausen et al. 2002; Naps et al. 2003): who has said what will happen looks
// at what does.

import { takeFocus } from "./keys.js";
import { Marks } from "./predict_marks.js";
import { chooseQuestion } from "./predict_questions.js";
import { MOST, sumUp } from "./predict_scores.js";
import { whole } from "./numbers.js";
import { counted } from "./sentences.js";

const READ_MS = 2200; // Play leaves a result this much longer before the next question

const IDLE = "Before each half-step you are asked what will happen. Press Next or Play.";
const NOTHING = "There was nothing to ask about this half-step. Press Next or Play.";
const IDLE_AT_THE_END = "The run is over: there is nothing left to predict.";

const PANEL = `
<section class="km-predict" aria-label="Predict" hidden>
  <span class="km-score"></span>
  <form tabindex="-1" novalidate hidden>
    <p class="km-question" aria-hidden="true"></p>
    <p class="km-hint"></p>
    <div class="km-answer"></div>
  </form>
  <div class="km-reveal">
    <p class="km-result" role="status"></p>
    <div class="km-scale" aria-hidden="true"><i class="km-scale-guess"></i><i class="km-scale-truth"></i></div>
    <button type="button" class="km-button" data-again>Try again</button>
    <button type="button" class="km-button" data-leave>Stop predicting</button>
  </div>
</section>`;

const NUMBER = `
<label>Points <input type="number" min="0" step="1" inputmode="numeric" autocomplete="off"></label>
<input type="range" min="0" max="1" step="0.005" value="0" aria-label="Points, roughly">
<button type="submit" class="km-button">Answer</button>`;
const SKIP = '<button type="button" class="km-button" data-skip title="Skip this question (Esc)">Skip</button>';
const choiceButton = ({ label }, i) => `<button type="button" class="km-button" data-choice="${i}">${label}</button>`;

// A scale on which small numbers have as much room as large ones.
const shareOf = (count, most) => Math.log1p(count) / Math.log1p(most);
const countOf = (share, most) => Math.round(Math.expm1(share * Math.log1p(most)));

const inWords = ({ text, score }) => `${text} Score: ${score} of ${MOST}.`;

export class Predict {
  /** @param parts {sentence, cost}: who says the question, and who must not tell the answer */
  constructor(player, parts) {
    this.player = player;
    Object.assign(this, parts);
    this.makeElements();
    this.marks = new Marks(player.stage, player.picture, (place) => this.answer(place));
    this.on = this.player.view.get("mode") === "predict";
    this.open = null; // {index, question, resolve, cameFrom} while a question is asked
    this.pending = null; // the answer to show with the half-step that is on its way
    this.revealed = null;
    this.forget(0);
    this.cost.conceal(this.on, 0);
    this.listen();
  }

  makeElements() {
    const { root } = this.player;
    this.button = document.createElement("button");
    Object.assign(this.button, { type: "button", className: "km-button km-tool", textContent: "Predict" });
    this.button.title = "Say what will happen before each half-step shows it";
    this.player.find(".km-tools").append(this.button);
    this.player.find(".km-main").insertAdjacentHTML("afterend", PANEL);
    this.panel = root.querySelector(".km-predict");
    this.form = this.panel.querySelector("form");
  }

  find(selector) {
    return this.panel.querySelector(selector);
  }

  listen() {
    this.button.addEventListener("click", () => this.turn(!this.on));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submitNumber();
    });
    this.panel.addEventListener("click", ({ target, detail }) => {
      // A double click on Next must not answer what the page has scrolled under the pointer.
      if (detail > 1) return;
      const choice = target.closest("[data-choice]");
      if (choice) this.answer(this.open.question.choices[choice.dataset.choice].value);
      if (target.closest("[data-skip]")) this.skip();
      const byKey = detail === 0;
      if (target.closest("[data-again]")) this.tryAgain(byKey);
      if (target.closest("[data-leave]")) this.stop(byKey);
    });
  }

  destroy() {
    this.putAway();
  }

  restoreView() {
    return this.turn(this.player.view.get("mode") === "predict");
  }

  /** Begin to count anew; `round` makes the questions of a second try others. */
  forget(round) {
    this.round = round;
    this.results = new Map(); // half-step -> {topic, score}
  }

  // --- What the player asks of a part

  async setRun(run, theme, index) {
    this.putAway();
    if (this.run?.id !== run.id) {
      this.forget(0);
      this.reached = index;
      this.revealed = null;
    }
    this.run = run;
    this.panel.style.setProperty("--km-rows", run.k > 8 ? 3 : 2); // of buttons, at most
    this.marks.follow();
    await this.turn(this.on);
  }

  show(index) {
    this.putAway();
    this.reached = Math.max(this.reached, index);
    const { pending } = this;
    this.pending = null;
    this.revealed = pending?.index === index ? pending : null;
    if (this.revealed) this.results.set(index, { topic: pending.question.topic, score: pending.result?.score ?? null });
    this.display();
  }

  /** While predicting, what is still to come can't be looked up. */
  get lastVisible() {
    return this.on ? this.reached : Infinity;
  }

  /** Ask, and hold the player until there is an answer; resolves to false when the question is put away instead. */
  async beforeAdvance(index) {
    if (!this.on || this.results.has(index + 1)) return true;
    if (this.run.steps[index + 1].phase === "move") return true; // who made the move knows it
    if (this.open?.index === index) return this.askAgain();
    if (this.player.playing && this.revealed?.result) await this.player.wait(READ_MS);
    const question = this.on ? chooseQuestion(this.run, index, this.round) : null;
    return question ? this.ask(index, question) : true;
  }

  // --- The mode

  /** Turn the mode on or off. */
  async turn(on) {
    this.putAway();
    if (on && !this.on) this.reached = this.player.index;
    this.on = on;
    this.player.view.set("mode", on ? "predict" : null);
    this.button.setAttribute("aria-pressed", on);
    this.player.root.dataset.predict = on;
    if (!on) this.revealed = null;
    this.display();
    this.player.showControls();
    await this.cost.conceal(on, this.player.index);
  }

  /** @param byKey whether the keyboard pressed the button, which is gone then: the focus goes to another one */
  async stop(byKey) {
    await this.turn(false);
    if (byKey) takeFocus(this.button);
  }

  async tryAgain(byKey) {
    this.forget(this.round + 1);
    this.reached = 0;
    await this.player.goBy(0);
    if (byKey) takeFocus(this.player.find('[data-action="next"]'));
  }

  /** Escape skips the question. */
  dismiss() {
    if (!this.open) return false;
    this.skip();
    return true;
  }

  // --- A question

  ask(index, question) {
    this.open = { index, question, resolve: null, cameFrom: document.activeElement };
    this.fillForm(question);
    this.sentence.say("Predict:", question.text);
    if (question.input === "place") this.marks.startAiming(question.from, `${question.text} ${this.hintOf(question)}`);
    this.display();
    return this.hold();
  }

  /** Somebody pressed Next, or Play, at an open question: it stays as it is, and holds whoever came last. */
  askAgain() {
    this.open.resolve(false);
    return this.hold();
  }

  /** Wait for the open question: true once it is answered or skipped. */
  hold() {
    this.focusQuestion();
    return new Promise((resolve) => (this.open.resolve = resolve));
  }

  hintOf({ input, hint }) {
    const byKeys = input === "place" && !matchMedia("(pointer: coarse)").matches;
    return byKeys ? `${hint} The arrow keys move a crosshair, Enter places it.` : hint;
  }

  fillForm(question) {
    const { input, choices, most } = question;
    this.form.setAttribute("aria-label", question.text);
    this.find(".km-question").textContent = question.text;
    this.find(".km-hint").textContent = this.hintOf(question);
    const answer = this.find(".km-answer");
    answer.innerHTML = (input === "number" ? NUMBER : (choices ?? []).map(choiceButton).join("")) + SKIP;
    if (input === "number") this.joinNumber(...answer.querySelectorAll("input"), most);
  }

  /** A field to type the number in and a slider to point at it, each in step with the other. */
  joinNumber(field, slider, most) {
    field.max = most;
    field.placeholder = `0–${whole(most)}`;
    slider.setAttribute("aria-valuetext", "nothing chosen yet");
    const tell = () => slider.setAttribute("aria-valuetext", counted(Number(field.value), "point"));
    slider.addEventListener("input", () => {
      field.value = countOf(Number(slider.value), most);
      tell();
    });
    field.addEventListener("input", () => {
      slider.value = shareOf(Math.max(0, Number(field.value)), most);
      tell();
    });
  }

  submitNumber() {
    const field = this.find("[type=number]");
    const { most } = this.open.question;
    const count = field.value === "" ? NaN : Number(field.value);
    if (Number.isInteger(count) && count >= 0 && count <= most) return this.answer(count);
    this.find(".km-hint").textContent = `Type a whole number from 0 to ${whole(most)}, or move the slider.`;
    field.setAttribute("aria-invalid", "true");
    field.focus({ preventScroll: true });
  }

  answer(value) {
    const result = this.open.question.judge(value);
    this.close(true, result);
  }

  skip() {
    this.close(true, null);
  }

  /** The question goes without an answer, and what waited for it does not go on. */
  putAway() {
    if (this.open) this.close(false);
  }

  close(goesOn, result = null) {
    const { index, question, resolve, cameFrom } = this.open;
    this.open = null;
    this.pending = goesOn ? { index: index + 1, question, result } : null;
    this.giveFocusBack(cameFrom); // first, for what is hidden has lost the focus already
    this.marks.stopAiming();
    if (goesOn) {
      // The next half-step is on its way, with a sentence and a result of its own: the old ones are not read again.
      this.form.hidden = true;
      delete this.player.root.dataset.asking;
    } else {
      this.sentence.show(this.player.index);
      this.display();
    }
    resolve(goesOn);
  }

  // --- Focus and keys

  focusQuestion() {
    const { question } = this.open;
    // On a touch screen a field that takes the focus brings up the keyboard, over the picture.
    const field = matchMedia("(pointer: coarse)").matches ? null : this.find("[type=number]");
    const aims = question.input === "place";
    (aims ? this.marks.aim : (field ?? this.form)).focus({ preventScroll: true });
    (aims ? this.player.stage : this.panel).scrollIntoView({ block: "nearest" });
  }

  giveFocusBack(cameFrom) {
    const { activeElement } = document;
    if (!this.panel.contains(activeElement) && activeElement !== this.marks.aim) return;
    takeFocus(this.player.root);
    if (cameFrom !== document.body && cameFrom?.isConnected) takeFocus(cameFrom);
  }

  // --- What is seen

  display() {
    const { open, revealed } = this;
    this.panel.hidden = !this.on;
    this.form.hidden = !open;
    this.find(".km-reveal").hidden = Boolean(open);
    if (open) this.player.root.dataset.asking = open.question.kind;
    else delete this.player.root.dataset.asking;
    this.displayScore();
    this.displayResult(open ? null : revealed);
    this.displayMarks(open?.question, open ? null : revealed?.result?.marks);
  }

  displayScore() {
    const { asked, score, most } = sumUp([...this.results.values()]);
    this.find(".km-score").textContent = asked ? `Score: ${score} of ${most}` : "";
  }

  displayResult(revealed) {
    const atEnd = this.run && this.player.index === this.run.steps.length - 1;
    const words = [];
    if (revealed) words.push(revealed.result ? inWords(revealed.result) : "Skipped.");
    if (atEnd && this.results.size) words.push(this.summary());
    if (!words.length) words.push(atEnd ? IDLE_AT_THE_END : this.results.size ? NOTHING : IDLE);
    this.find(".km-result").replaceChildren(
      ...words.map((text) => Object.assign(document.createElement("span"), { textContent: text })),
    );
    this.find("[data-again]").hidden = !atEnd;
    this.displayScale(revealed);
  }

  summary() {
    const { asked, answered, score, most, best } = sumUp([...this.results.values()]);
    const praise = best ? `; best on ${best}` : "";
    return `${answered} of ${counted(asked, "question")}, a score of ${score} of ${most}${praise}.`;
  }

  /** A guessed number and the true one, on the slider's scale. */
  displayScale(revealed) {
    const scale = this.find(".km-scale");
    const counts = revealed?.result?.counts;
    scale.hidden = !counts;
    (counts ?? []).forEach((count, i) => {
      scale.children[i].style.left = `${100 * shareOf(count, revealed.question.most)}%`;
    });
  }

  displayMarks(question, marks) {
    const target = question?.cluster === undefined ? null : this.centerNow(question.cluster);
    this.marks.show(marks ?? { target });
  }

  centerNow(j) {
    const { centers } = this.run.steps[this.player.index];
    return [centers[2 * j], centers[2 * j + 1]];
  }
}
