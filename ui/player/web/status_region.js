// The one status region of the player, which screen readers read aloud. Parts write into elements of their own, marked
// `data-spoken`; what is new there is copied here, so that each sentence is heard once, and none cuts off another.
// Dialogs have regions of their own, since everything outside a modal dialog is inert.

/** @typedef {Pick<HTMLElement, "childNodes" | "closest">} Source */

/**
 * The text of a node, without what is hidden and without buttons.
 * @param {Node} node
 * @returns {string}
 */
export function spokenText(node) {
  if (node.nodeName === "#text") return node.textContent ?? "";
  const { hidden } = /** @type {HTMLElement} */ (node);
  return hidden || node.nodeName === "BUTTON" ? "" : [...node.childNodes].map(spokenText).join("");
}

export class StatusRegion {
  /**
   * @param {HTMLElement} root
   * @param {HTMLElement} region
   */
  constructor(root, region) {
    this.region = region;
    const sources = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("[data-spoken]")]);
    /** What every source says, in the order of the page. */
    this.texts = new Map(sources.map((source) => [source, ""]));
    this.observer = new MutationObserver(() => this.update());
    const changes = { childList: true, characterData: true, attributeFilter: ["hidden"] };
    this.observer.observe(root, { ...changes, subtree: true });
  }

  destroy() {
    this.observer.disconnect();
  }

  /** Say what is new. */
  update() {
    const news = [];
    for (const [source, before] of this.texts) {
      const text = source.closest("[hidden]") ? "" : spokenText(source).replaceAll(/\s+/g, " ").trim();
      this.texts.set(source, text);
      if (text && text !== before) news.push(text);
    }
    if (news.length) this.region.textContent = news.join(" ");
  }
}
