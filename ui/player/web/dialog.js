// Dialogs over the player: the browser's own, which take care of the focus, Escape, and what is behind them.

import { queryIn } from "./dom.js";
import { message } from "./messages.js";

export const CROSS = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M18.300 5.700l-1.400-1.400L12 9.200 7.100 4.300 5.700 5.700l4.900
  4.900-4.900 4.900 1.400 1.400 4.900-4.900 4.900 4.900 1.400-1.400-4.900-4.900z"/></svg>`;

/**
 * Add a closed dialog with a title, a close button, and a body.
 * @param {Element} root the player's root
 * @param {string} name unique among the player's dialogs
 * @param {string} title
 * @param {string} body HTML
 */
export function addDialog(root, name, title, body) {
  root.insertAdjacentHTML(
    "beforeend",
    `<dialog class="km-dialog km-${name}" aria-label="${title}">
      <div class="km-dialog-head"><h2>${title}</h2>
        <button type="button" class="km-button km-close" aria-label="${message("dialog.close")}"
          title="${message("dialog.close_title")}">${CROSS}</button></div>
      <div class="km-dialog-body">${body}</div>
    </dialog>`,
  );
  const dialog = queryIn(root, `.km-dialog.km-${name}`, HTMLDialogElement);
  dialog.addEventListener("click", ({ target }) => {
    // A click behind an open dialog counts as one on the dialog itself, which its content fills up to the edge.
    if (target === dialog || (target instanceof Element && target.closest(".km-close"))) dialog.close();
  });
  return dialog;
}
