// A classic script, because a page that is opened from a file loads no modules: it says how to open the page instead.

const note = document.querySelector("[data-needs-server]");
if (document.location.protocol === "file:" && note instanceof HTMLElement) note.hidden = false;
