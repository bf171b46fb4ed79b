// A toolbar is one stop for the Tab key, and arrow keys go through its buttons.

/** How far an arrow key goes. @type {Record<string, number>} */
const STRIDES = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/**
 * Return the button that an arrow key leads to, round and round; undefined for another key.
 * @template Button
 * @param {Button[]} buttons
 * @param {Button} button that has the focus
 * @param {string} key
 */
export function buttonAfter(buttons, button, key) {
  if (!Object.hasOwn(STRIDES, key)) return undefined;
  return buttons[(buttons.indexOf(button) + STRIDES[key] + buttons.length) % buttons.length];
}

/**
 * Make a toolbar one stop for the Tab key: the button that had the focus last, or the first one. Return a function that
 * takes the buttons which the toolbar has by now.
 * @param {HTMLElement} toolbar
 */
export function joinStops(toolbar) {
  toolbar.dataset.stops = "joined"; // the arrow keys are the toolbar's own
  const buttons = () =>
    /** @type {HTMLElement[]} */ ([...toolbar.querySelectorAll("button")]).filter((button) => button.checkVisibility());
  const show = (/** @type {HTMLElement} */ stop) => {
    for (const button of buttons()) button.tabIndex = button === stop ? 0 : -1;
  };
  toolbar.addEventListener("focusin", ({ target }) => show(/** @type {HTMLElement} */ (target)));
  toolbar.addEventListener("keydown", (event) => {
    const next = buttonAfter(buttons(), /** @type {HTMLElement} */ (event.target), event.key);
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  const refresh = () => show(buttons().find(({ tabIndex }) => tabIndex === 0) ?? buttons()[0]);
  refresh();
  return refresh;
}
