// Dialogs over the player: the browser's own, so that focus, Escape and what lies behind are its business.

let made = 0;

const CLOSE = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M18.300 5.700l-1.400-1.400L12 9.200 7.100 4.300 5.700 5.700l4.900
  4.900-4.900 4.900 1.400 1.400 4.900-4.900 4.900 4.900 1.400-1.400-4.900-4.900z"/></svg>`;

/** Add a closed dialog with a title, a close button and a body to the player. */
export function addDialog(root, name, title, body) {
  const id = `km-dialog-${++made}`;
  const dialog = document.createElement("dialog");
  dialog.className = `km-dialog km-${name}`;
  dialog.setAttribute("aria-labelledby", id);
  dialog.innerHTML = `<div class="km-dialog-head"><h2 id="${id}">${title}</h2>
    <button type="button" class="km-button km-close" aria-label="Close" title="Close (Esc)">${CLOSE}</button></div>
    <div class="km-dialog-body">${body}</div>`;
  dialog.addEventListener("click", (event) => {
    // What is behind an open dialog counts as the dialog itself; its content fills it up to the edge.
    if (event.target === dialog || event.target.closest(".km-close")) dialog.close();
  });
  root.append(dialog);
  return dialog;
}
