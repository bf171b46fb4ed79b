// The keys of the player: which there are, when they are the player's, and where the focus is left for them.
//
// One rule: a key is the player's wherever the focus is, unless what has the focus uses that very key itself, or a
// dialog is open. What a pointer pressed does not keep the focus, so Space plays after a click and still presses a
// button that was reached by Tab.

import { message } from "./messages.js";

/**
 * A shortcut: keys as events name them and as they are shown, and what they do.
 * @typedef {{ keys: Record<string, string>, does: string, action: string }} Shortcut
 */

/**
 * @param {string} action
 * @param {Record<string, string>} keys
 * @returns {Shortcut}
 */
const shortcut = (action, keys) => ({ keys, does: message("keys.action", { action }), action });

/** All shortcuts. Presenter remotes send Page Down and Page Up. */
export const SHORTCUTS = [
  shortcut("next", { ArrowRight: "→", PageDown: "Page Down" }),
  shortcut("back", { ArrowLeft: "←", PageUp: "Page Up" }),
  shortcut("play", { " ": "Space" }),
  shortcut("first", { Home: "Home" }),
  shortcut("last", { End: "End" }),
  shortcut("help", { "?": "?" }),
  shortcut("dismiss", { Escape: "Esc" }),
];

/** More shortcuts, of the presenter view. Presenter remotes send a period or B for the black screen. */
export const PRESENTER_SHORTCUTS = [
  shortcut("blank", { b: "B", ".": "." }),
  shortcut("notes", { n: "N" }),
  shortcut("timer", { t: "T" }),
  shortcut("leave", { Escape: "Esc" }),
];

/** What the letters are with Caps Lock. @type {Record<string, string>} */
const CAPITALS = { B: "b", N: "n", T: "t" };

/** @param {string} action */
function shortcutOf(action) {
  const match = [...SHORTCUTS, ...PRESENTER_SHORTCUTS].find((candidate) => candidate.action === action);
  if (!match) throw new RangeError(`no shortcut for ${action}`);
  return match;
}

/**
 * Return what an action does.
 * @param {string} action
 */
export const does = (action) => shortcutOf(action).does;

/**
 * Return what an action does and its first key, for the title of its button.
 * @param {string} action
 */
export function hint(action) {
  const { keys, does: text } = shortcutOf(action);
  return `${text} (${Object.values(keys)[0]})`;
}

const ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];
const PRESSED = ["button", "checkbox", "color", "file", "image", "radio", "range", "reset", "submit"];
const isPressed = PRESSED.map((type) => `[type=${type}]`).join(",");

/** Elements that use every key. */
const FIELDS =
  `input:not(${isPressed}), textarea, select, [contenteditable]:not([contenteditable=false]), ` +
  "[role=combobox], [role=listbox], [role=menu], [role=grid], [role=tree], canvas";

/** Keys that a field of a number does not use: it has one line. */
const FREE_IN_NUMBERS = ["PageDown", "PageUp"];

/** Elements that use some keys, and which. @type {[selector: string, keys: string[]][]} */
const OWNERS = [
  ["[type=range], [role=slider]", [...ARROWS, "Home", "End", "PageUp", "PageDown"]],
  ["[type=radio], [role=radio], [role=tab]", [...ARROWS, "Home", "End", " "]],
  ["[data-stops=joined] button", ARROWS],
  ["button, summary, [type=checkbox], [role=button], [role=checkbox], [role=switch]", [" "]],
];

const DIALOGS = "dialog, [role=dialog], [role=alertdialog], [data-baseweb=popover]";

/**
 * Whether the element with the focus uses a key itself.
 * @param {HTMLElement} target
 * @param {string} key
 */
function uses(target, key) {
  if (target.closest(FIELDS)) return true;
  const scrolls = target.scrollWidth > target.clientWidth && /auto|scroll/.test(getComputedStyle(target).overflowX);
  if (scrolls && target.tabIndex === 0 && ARROWS.includes(key)) return true;
  return OWNERS.some(([selector, keys]) => keys.includes(key) && target.closest(selector));
}

/**
 * Return the player's action for a key; undefined where the key is not the player's.
 * @param {KeyboardEvent} event
 * @param {HTMLElement} root the player's
 * @param {Shortcut[]} shortcuts those that work now
 */
export function actionOf(event, root, shortcuts = SHORTCUTS) {
  const key = CAPITALS[event.key] ?? event.key;
  const target = /** @type {HTMLElement} */ (event.target);
  const match = shortcuts.find(({ keys }) => Object.hasOwn(keys, key));
  if (!match || event.defaultPrevented || event.isComposing) return undefined;
  // With Shift a browser selects text and scrolls; a question mark cannot be typed without it.
  if (event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && key !== "?")) return undefined;
  // A held key steps on and on, but does not start and stop.
  if (event.repeat && !["next", "back"].includes(match.action)) return undefined;
  if (document.querySelector("dialog[open]") || target.closest(DIALOGS)) return undefined;
  // A remote sends these keys, and has no other way out of a field of the player, which does not use them.
  const isFree = FREE_IN_NUMBERS.includes(key) && target.matches("[type=number]") && root.contains(target);
  // No field of the player uses Escape, which skips the question that the field may belong to.
  const isTheirs = key === "Escape" ? target.closest(FIELDS) && !root.contains(target) : !isFree && uses(target, key);
  return isTheirs ? undefined : match.action;
}

/** Streamlit's buttons that need no focus after they were pressed. */
const DONE =
  ":is(.stButton, .stDownloadButton, [data-testid=stSidebarCollapseButton]) button, .stExpander summary, " +
  "[data-testid=stExpandSidebarButton], [data-testid^=stNumberInputStep]";
const HANDLES = "button, summary, [role=button], [role=tab], [role=application]"; // of the player, for a pointer too

/**
 * Focus an element without scrolling the page.
 * @param {Element} element
 */
export function takeFocus(element) {
  if (element instanceof HTMLElement || element instanceof SVGElement) element.focus({ preventScroll: true });
}

/**
 * Keep pointers from leaving the focus on a control, and the focus from getting lost.
 * @param {HTMLElement} root the player's
 * @returns {() => void} a function that stops it
 */
export function keepFocus(root) {
  root.tabIndex = -1;
  root.addEventListener("mousedown", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (!target.closest(HANDLES) || target.closest(DIALOGS)) return;
    event.preventDefault();
    takeFocus(root);
  });
  root.addEventListener("change", (event) => {
    const target = /** @type {Element} */ (event.target);
    // A list, slider, or box that a mouse used. What the keyboard uses shows that it has the focus.
    if (!target.closest(DIALOGS) && !target.matches(":focus-visible")) takeFocus(root);
  });
  const stops = [rescueFocus(root), releaseButtons(root)];
  return () => stops.forEach((stop) => stop());
}

/**
 * Focus the player where the element with the focus goes, at once or when the server has answered.
 * @param {HTMLElement} root
 * @returns {() => void} a function that stops it
 */
function rescueFocus(root) {
  /** @type {Element | null} */
  let focused = null;
  root.addEventListener("focusin", ({ target }) => (focused = /** @type {Element} */ (target)));
  const rescue = () => {
    if (focused && document.activeElement === document.body && !focused.checkVisibility()) takeFocus(root);
  };
  // A browser notices at its next frame.
  const watch = new MutationObserver(() => requestAnimationFrame(() => requestAnimationFrame(rescue)));
  watch.observe(root, { childList: true, subtree: true, attributeFilter: ["hidden"] });
  return () => watch.disconnect();
}

/**
 * Focus the player after a pointer pressed one of Streamlit's buttons.
 * @param {HTMLElement} root
 * @returns {() => void} a function that stops it
 */
function releaseButtons(root) {
  const listener = (/** @type {MouseEvent} */ event) => {
    const button = event.detail > 0 && /** @type {Element} */ (event.target).closest(DONE);
    if (button && !button.closest(DIALOGS) && button.contains(document.activeElement)) takeFocus(root);
  };
  document.addEventListener("click", listener);
  return () => document.removeEventListener("click", listener);
}
