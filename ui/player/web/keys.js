// The keys of the player: which there are, when they are the player's, and where the focus is left for them.
//
// One rule: a key is the player's wherever the focus is, unless what has the focus uses that very key itself, or a
// dialog is open. What a pointer pressed does not keep the focus, so Space plays after a click and still presses a
// button that was reached by Tab.

/** The keys, as they are heard and as "?" lists them. Presenter remotes send Page Down and Page Up. */
export const SHORTCUTS = [
  { keys: { ArrowRight: "→", PageDown: "Page Down" }, does: "One half-step on", action: "next" },
  { keys: { ArrowLeft: "←", PageUp: "Page Up" }, does: "One half-step back", action: "back" },
  { keys: { " ": "Space" }, does: "Play or pause", action: "play" },
  { keys: { Home: "Home" }, does: "First half-step", action: "first" },
  { keys: { End: "End" }, does: "Last half-step", action: "last" },
  { keys: { "?": "?" }, does: "What K-means does, and the keys", action: "help" },
  { keys: { Escape: "Esc" }, does: "Close what is open on top", action: "dismiss" },
];

/** What an action does. */
export const does = (action) => SHORTCUTS.find((shortcut) => shortcut.action === action).does;

/** The same with the action's first key, for the title of its button. */
export function hint(action) {
  const { keys } = SHORTCUTS.find((shortcut) => shortcut.action === action);
  return `${does(action)} (${Object.values(keys)[0]})`;
}

const ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];
const PRESSED = ["button", "checkbox", "color", "file", "image", "radio", "range", "reset", "submit"];
const isPressed = PRESSED.map((type) => `[type=${type}]`).join(", ");

/** What is typed into, chosen from or walked about in: it has every key. */
const FIELDS =
  `input:not(${isPressed}), textarea, select, [contenteditable]:not([contenteditable=false]), ` +
  "[role=combobox], [role=listbox], [role=menu], [role=grid], [role=tree], canvas";

/** What else uses keys, and which. */
const OWNERS = [
  ["[type=range], [role=slider]", [...ARROWS, "Home", "End", "PageUp", "PageDown"]],
  ["[type=radio], [role=radio], [role=tab]", [...ARROWS, "Home", "End", " "]],
  ["button, summary, [type=checkbox], [role=button], [role=checkbox], [role=switch]", [" "]],
];

const DIALOGS = "dialog, [role=dialog], [role=alertdialog], [data-baseweb=popover]";

/** Whether what has the focus uses a key itself. */
function uses(target, key) {
  if (target.closest(FIELDS)) return true;
  const scrolls = target.scrollWidth > target.clientWidth && /auto|scroll/.test(getComputedStyle(target).overflowX);
  if (scrolls && target.tabIndex === 0 && ARROWS.includes(key)) return true;
  return OWNERS.some(([selector, keys]) => keys.includes(key) && target.closest(selector));
}

/** The player's action that a key asks for; undefined where the key is not the player's. */
export function actionOf(event, root) {
  const { key, target } = event;
  const shortcut = SHORTCUTS.find(({ keys }) => Object.hasOwn(keys, key));
  if (!shortcut || event.defaultPrevented || event.isComposing) return undefined;
  // With Shift a browser selects text and scrolls; a question mark cannot be typed without it.
  if (event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && key !== "?")) return undefined;
  // A held key steps on and on, but does not start and stop.
  if (event.repeat && !["next", "back"].includes(shortcut.action)) return undefined;
  if (document.querySelector("dialog[open]") || target.closest(DIALOGS)) return undefined;
  // No field of the player uses Escape, which skips the question that the field may belong to.
  const isTheirs = key === "Escape" ? target.closest(FIELDS) && !root.contains(target) : uses(target, key);
  return isTheirs ? undefined : shortcut.action;
}

/** Buttons of Streamlit's that have done their work once they are pressed. */
const DONE =
  ":is([data-testid=stButton], [data-testid=stDownloadButton], [data-testid=stSidebarCollapseButton]) button, " +
  "[data-testid=stExpandSidebarButton], [data-testid^=stNumberInputStep], [data-testid=stExpander] summary";
const HANDLES = "button, summary, [role=button], [role=tab], [role=application]"; // of the player, for a pointer too

/** Give an element the focus, and leave the page where it is. */
export const takeFocus = (element) => element.focus({ preventScroll: true });

/** Keep pointers from leaving the focus on a control, and the focus from getting lost; returns what ends it. */
export function keepFocus(root) {
  root.tabIndex = -1;
  root.addEventListener("mousedown", (event) => {
    if (!event.target.closest(HANDLES) || event.target.closest(DIALOGS)) return;
    event.preventDefault();
    takeFocus(root);
  });
  root.addEventListener("change", ({ target }) => {
    // A list, a slider or a box that a mouse used; what the keyboard reached shows that it has the focus.
    if (!target.closest(DIALOGS) && !target.matches(":focus-visible")) takeFocus(root);
  });
  // What has the focus may go, at once or when the server has answered; a browser notices at its next frame.
  let held = null;
  root.addEventListener("focusin", ({ target }) => (held = target));
  const rescue = () => {
    if (held && document.activeElement === document.body && !held.checkVisibility()) takeFocus(root);
  };
  const watch = new MutationObserver(() => requestAnimationFrame(() => requestAnimationFrame(rescue)));
  watch.observe(root, { childList: true, subtree: true, attributeFilter: ["hidden"] });
  const released = ({ target, detail }) => {
    const button = detail > 0 && target.closest(DONE);
    if (button && !button.closest(DIALOGS) && button.contains(document.activeElement)) takeFocus(root);
  };
  document.addEventListener("click", released);
  return () => {
    document.removeEventListener("click", released);
    watch.disconnect();
  };
}
