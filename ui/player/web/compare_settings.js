// How each further run differs from the first: widgets above its picture, comparisons worth a click above all, and the
// text of it all, in the grammar of ui/analyses/compare.py, that the server is told.

const MOST_RUNS = 4;
const NOTHING = "nothing";
const NEW_SEEDS = 10_000; // short enough to read out to a class

const DICE = `<svg viewBox="0 0 24 24" aria-hidden="true"><path fill-rule="evenodd" d="M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2
  2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zm3 3.400a1.600 1.600 0 1 0 0 3.200 1.600 1.600 0 0 0 0-3.200zm4 4a1.600 1.600 0 1 0 0 3.200
  1.600 1.600 0 0 0 0-3.200zm4 4a1.600 1.600 0 1 0 0 3.200 1.600 1.600 0 0 0 0-3.200z"/></svg>`;

const randomSeed = () => Math.floor(Math.random() * NEW_SEEDS);
const newChange = ({ field, first }) => [field, field === "seed" ? randomSeed() : first];

const encode = (ways) =>
  ways.map((way) => way.map(([field, value]) => `${field}:${value}`).join(";") || "same").join("|");

const options = (known, chosen) =>
  known
    .map(
      ([value, text]) =>
        `<option value="${value}"${String(value) === String(chosen) ? " selected" : ""}>${text}</option>`,
    )
    .join("");

export class Ways {
  /** @param send is given the text of the ways when a person changed them */
  constructor(root, send) {
    this.root = root;
    this.send = send;
    this.toolbar = root.querySelector(".kc-suggestions");
    root.addEventListener("change", (event) => this.changed(event.target));
    root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-way]");
      if (button) this.pressed(button);
    });
  }

  /** Show what the server knows, and leave alone what shows it already: it may have the focus. */
  show({ ways, choices, ideas }) {
    const state = JSON.stringify([ways, choices, ideas]);
    if (state === this.state) return;
    Object.assign(this, { state, ways, choices, ideas });
    this.draw();
  }

  choice(field) {
    return this.choices.find((choice) => choice.field === field);
  }

  // --- Drawing

  draw() {
    const focused = this.root.contains(document.activeElement) ? document.activeElement.dataset.id : null;
    this.drawIdeas();
    this.root.querySelectorAll(".kc-settings").forEach((place, run) => {
      place.innerHTML = run === 0 ? '<span class="kc-change">as in the sidebar</span>' : this.way(run);
    });
    if (focused) this.root.querySelector(`[data-id="${focused}"]`)?.focus({ preventScroll: true });
  }

  drawIdeas() {
    const now = encode(this.ways);
    const buttons = this.ideas.map(
      ({ title, ways }, i) =>
        `<button type="button" class="km-button" data-way="idea" data-idea="${i}" data-id="idea${i}"` +
        ` aria-pressed="${ways === now}">${title}</button>`,
    );
    const canAdd = this.choices.length > 0 && this.ways.length + 1 < MOST_RUNS;
    if (canAdd) {
      buttons.push('<button type="button" class="km-button" data-way="add" data-id="add">+ Add a run</button>');
    }
    this.toolbar.innerHTML = buttons.join("");
    this.toolbar.hidden = !buttons.length;
  }

  /** The widgets of a further run: what differs, each to what; one more; away with it. */
  way(run) {
    const changes = this.ways[run - 1];
    const rows = (changes.length ? changes : [[NOTHING, null]]).map((change, i) => this.change(run, i, change));
    const isOpen = changes.length && this.unused(changes).length;
    const buttons = [
      isOpen
        ? `<button type="button" class="km-button kc-small" data-way="more" data-run="${run}" data-id="${run}.more"
        aria-label="Let something else differ in run ${run + 1}, too" title="Let something else differ, too">+</button>`
        : "",
      this.choices.length && this.ways.length > 1
        ? `<button type="button" class="km-button kc-small" data-way="remove" data-run="${run}"
        data-id="${run}.remove" aria-label="Remove run ${run + 1}" title="Remove this run">×</button>`
        : "",
    ];
    return `${rows.join("")}<span class="kc-more">${buttons.join("")}</span>`;
  }

  unused(changes) {
    return this.choices.filter(({ field }) => !changes.some(([used]) => used === field));
  }

  change(run, i, [field, value, text]) {
    const choice = this.choice(field);
    // What a teacher locked is told and can't be changed.
    if (!choice && field !== NOTHING) return `<span class="kc-change">${text}</span>`;
    if (!this.choices.length) return '<span class="kc-change">nothing differs</span>';
    const fields = [choice, ...this.unused(this.ways[run - 1])].filter(Boolean);
    const known = [...fields.map(({ field: name, title }) => [name, title]), [NOTHING, "Nothing"]];
    const id = `data-run="${run}" data-change="${i}"`;
    return `<span class="kc-change"><select ${id} data-part="field" data-id="${run}.${i}.field"
      aria-label="What differs in run ${run + 1}">${options(known, field)}</select>${choice ? this.value(run, i, choice, value) : ""}</span>`;
  }

  value(run, i, { title, options: known }, value) {
    const id = `data-run="${run}" data-change="${i}" data-part="value" data-id="${run}.${i}.value" aria-label="${title} of run ${run + 1}"`;
    if (known.length) return `<select ${id}>${options(known, value)}</select>`;
    return `<input type="number" min="0" step="1" inputmode="numeric" value="${value}" ${id}>
      <button type="button" class="km-button kc-small" data-way="dice" data-run="${run}" data-change="${i}"
      data-id="${run}.${i}.dice" aria-label="Another seed for run ${run + 1}" title="Another seed">${DICE}</button>`;
  }

  // --- Hearing

  changed({ dataset: { run, change, part }, value, validity }) {
    if (!part) return;
    const ways = structuredClone(this.ways);
    const way = ways[run - 1];
    if (part === "value") {
      if (!validity.valid || value === "") return;
      way[change][1] = value;
    } else if (value === NOTHING) {
      way.splice(change, 1);
    } else {
      way[change] = [value, this.choice(value).first];
    }
    this.take(ways);
  }

  pressed({ dataset: { way: action, idea, run, change } }) {
    if (action === "idea") return this.send(this.ideas[idea].ways);
    const ways = structuredClone(this.ways);
    if (action === "remove") ways.splice(run - 1, 1);
    if (action === "dice") ways[run - 1][change][1] = randomSeed();
    if (action === "add") ways.push([newChange(this.choices[0])]);
    if (action === "more") ways[run - 1].push(newChange(this.unused(ways[run - 1])[0]));
    this.take(ways);
  }

  /** Tell the server; what it answers is drawn then. */
  take(ways) {
    this.send(encode(ways));
  }
}
