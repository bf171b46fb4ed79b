// The row of datasets as pictures, which scrolls where it is wider than the page: the chosen one is in view, and an edge
// with more behind it fades.

const STRIP = ".st-key-datasets [role=radiogroup]";
const FADE = "1.75rem";

/** @type {WeakMap<HTMLElement, Element>} */
const shownTiles = new WeakMap();

/** Fade the edges of the row that have more behind them. @param {HTMLElement} strip */
function fadeEdges(strip) {
  const rest = strip.scrollWidth - strip.clientWidth - strip.scrollLeft;
  strip.style.setProperty("--km-fade-left", strip.scrollLeft > 1 ? FADE : "0rem");
  strip.style.setProperty("--km-fade-right", rest > 1 ? FADE : "0rem");
}

/**
 * Return how far a row must be scrolled so that a tile is in its middle.
 * @param {{ left: number, width: number, scrollLeft: number }} strip
 * @param {{ left: number, width: number }} tile
 */
export function centeredScroll(strip, tile) {
  return strip.scrollLeft + tile.left + tile.width / 2 - strip.left - strip.width / 2;
}

/** Scroll the chosen dataset into view, if the page has the row and another one is chosen. @param {ParentNode} page */
export function showChosenDataset(page) {
  const strip = /** @type {HTMLElement | null} */ (page.querySelector(STRIP));
  const tile = strip?.querySelector(":scope > [data-selected]");
  if (!strip || !tile || shownTiles.get(strip) === tile) return;
  if (!shownTiles.has(strip)) {
    strip.addEventListener("scroll", () => fadeEdges(strip), { passive: true });
    new ResizeObserver(() => fadeEdges(strip)).observe(strip);
  }
  shownTiles.set(strip, tile);
  const { left, width } = strip.getBoundingClientRect();
  strip.scrollLeft = centeredScroll({ left, width, scrollLeft: strip.scrollLeft }, tile.getBoundingClientRect());
  fadeEdges(strip);
}
