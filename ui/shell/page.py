"""What every page begins with: its title, the shared style and the links to the others."""

from __future__ import annotations

from html import escape
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from server.patches import freeze_garbage, skip_keras_clearing, wait_for_imports
from ui.shell.script_loader import loader
from ui.text.markup import html_of

APP_TITLE = "K-means, step by step"
_STATIC = Path(__file__).resolve().parents[2] / "static"

_reading = st.components.v2.component(
    "kmeans_reading", html="<span hidden></span>", js=loader("page_accessibility.js"), isolate_styles=False
)

# Streamlit leaves six rem above the first line; a projector has better use for them.
_STYLE = """
<style>
/* A wall is read from the last row: everything grows with a screen that is wider than a desk's. */
@media (min-width: 2200px) {
  html { font-size: 0.8334vw; }
  [data-testid="stSidebar"][data-collapsed="false"] { width: 18.75rem !important; }
}
@media (max-height: 780px) { :root { --km-min-height: 17rem; } }
/* Over what is scrolled below it. */
[data-testid="stExpandSidebarButton"] {
  border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: 0.5rem; background: Canvas;
}
@media (forced-colors: active) { [data-testid="stSlider"] [role="slider"] { border: 2px solid ButtonText; } }
/* Streamlit's bar is over the title, and has nothing but its buttons to say. */
[data-testid="stHeader"] { background: transparent; }
[data-testid="stHeader"], [data-testid="stHeader"] * { pointer-events: none; }
[data-testid="stHeader"] :is(button, a, [role="button"], button *, a *, [role="button"] *) { pointer-events: auto; }
@media (min-width: 641px) {
  :root:has([data-testid="stExpandSidebarButton"]) .st-key-navigation { margin-left: 2.5rem; }
}
/* Streamlit shows it to a mouse alone. */
[data-testid="stSidebarCollapseButton"] { visibility: visible !important; }
/* A closed sidebar is out of sight, so its widgets are out of the order of Tab, too. */
[data-testid="stSidebar"][data-collapsed="true"], [data-testid="stSidebar"][data-collapsed="true"] * {
  visibility: hidden !important;
}
/* The dice shows its icon; its name is for those who can't see that. */
[class*="_dice"] button p { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.kmeans-about { margin: 0; color: color-mix(in srgb, currentColor 78%, transparent); font-size: 0.95rem; }
[data-testid="stMainBlockContainer"] { padding: 0.5rem 2rem 2rem; max-width: 110rem; }
[data-testid="stMainBlockContainer"] h1 { margin: 0; font-size: 1.6rem; padding: 0 0 0.25rem; }
.lesson p { margin: 0.1rem 0 0; font-size: 1.125rem; line-height: 1.5; }
/* The picture gives room to a question above it, so that the buttons below it stay on the screen. */
:root { --km-outside-height: 18.25rem; --km-outside-height-narrow: 21rem; }
:root:has(.lesson p) { --km-outside-height: 18.75rem; }
[data-testid="stSidebarHeader"] { height: 3rem; margin-bottom: 0; }
[data-testid="stSidebarUserContent"] { padding-bottom: 3rem; }
[data-testid="stSidebarUserContent"] [data-testid="stVerticalBlock"] { gap: 0.6rem; }
[data-testid="stSidebarUserContent"] h2 { padding: 0.5rem 0 0.25rem; font-size: 1.25rem; }
[data-testid="stMainBlockContainer"] h2 { padding: 0.75rem 0 0; font-size: 1.15rem; }
.takes-focus:focus { outline-offset: 0.25rem; }
.unbroken { white-space: nowrap; }
.finding { margin: 0; font-size: 1.125rem; line-height: 1.5; text-wrap: pretty; }
.answer { margin: 0; text-wrap: pretty; }
/* An answer that can't be changed any more is still there to be read. */
[class*="st-key-guess-"] button:disabled { color: color-mix(in srgb, currentColor 75%, transparent); opacity: 1; }
.miniature img { display: block; width: 100%; max-width: 26rem; margin: 0 auto; }
/* Streamlit's own captions are fainter than can be read. */
[data-testid="stCaptionContainer"] { opacity: 0.82; }
/* Small pictures side by side, each a link to its run. */
.cells { display: grid; gap: 0.6rem; grid-template-columns: repeat(auto-fill, minmax(10.5rem, 1fr)); }
.cells.two { grid-template-columns: repeat(var(--columns), minmax(0, 15rem)); }
.cells .cell, .cells .cell:is(:hover, :visited) {
  display: flex; flex-direction: column; gap: 0.2rem; padding: 0.4rem 0.5rem; border-radius: 0.5rem;
  border: 1px solid color-mix(in srgb, currentColor 18%, transparent); color: inherit; text-decoration: none;
}
.cells .cell:is(:hover, :focus-visible) { border-color: var(--accent); }
.cells .cell.current { border: 2px solid var(--accent); padding: calc(0.4rem - 1px) calc(0.5rem - 1px); }
.cells b { font-weight: 600; font-size: 0.9rem; }
.cells i { float: right; font-style: normal; font-weight: 400; font-size: 0.8rem; }
.cells img { display: block; width: 100%; }
.cells small { display: flex; flex-wrap: wrap; gap: 0 0.7rem; font-size: 0.8rem; opacity: 0.85; }
/* The pages: in the room beside Streamlit's own buttons, which are above the title. */
.st-key-navigation.st-key-navigation {
  flex-flow: row wrap; gap: 0 0.25rem; margin: 0 3rem -0.85rem -0.5rem;
}
.st-key-navigation:empty { display: none; }
.st-key-reading { position: absolute; }
.st-key-navigation :is([data-testid="stElementContainer"], [data-testid="stLayoutWrapper"], .st-key-current_page) {
  flex: none; width: auto; margin: 0; height: 2.25rem;
}
/* What is on its way has its place, so that nothing moves when it comes. */
:is(.st-key-player, .st-key-comparison) { min-height: min(46rem, 85vh); }
.st-key-navigation a { min-height: 2.25rem; margin: 0; padding-block: 0; }
/* An answer to choose from is read whole. */
[data-testid="stButton"] button :is(div, p) { white-space: normal; overflow: visible; text-overflow: clip; }
[data-testid="stPageLink-NavLink"]:focus-visible { outline: 2px solid currentColor; outline-offset: -2px; }
.st-key-navigation a p { font-size: 0.9rem; white-space: nowrap; }
/* Beside the title, so that the picture below keeps its place while something loads. */
[data-testid="stElementContainer"]:has(> [data-testid="stSpinner"]) {
  position: absolute; top: 2.9rem; right: 2rem; width: auto !important; z-index: 10;
}
@media (max-width: 640px) {
  .kmeans-about { font-size: 0.85rem; line-height: 1.35; }
  [data-testid="stElementContainer"]:has(> [data-testid="stSpinner"]) { top: 0.75rem; left: 3.5rem; right: 0; }
  [data-testid="stMainBlockContainer"] { padding: 0.5rem 0.75rem 1rem; }
  .st-key-navigation.st-key-navigation {
    flex-wrap: nowrap; width: calc(100% + 0.75rem); margin: 0 -0.75rem 0 0;
  }
  .km-scrolling-down [data-testid="stExpandSidebarButton"]:not(:focus-visible) {
    opacity: 0; visibility: hidden; transition: opacity 150ms, visibility 150ms;
  }
  /* Beside the button that opens the sidebar, on pages that have one. */
  :root:has([data-testid="stSidebar"]) .st-key-navigation.st-key-navigation {
    width: calc(100% - 1.75rem); margin-left: 2.5rem;
  }
  .st-key-navigation { overflow-x: auto; scrollbar-width: thin; }
  .st-key-current_page { scroll-initial-target: nearest; }
  @supports not (scroll-initial-target: nearest) { .st-key-current_page { order: -1; } }
  [data-testid="stMainBlockContainer"] h1 { font-size: 1.25rem; }
  .cells, .cells.two { grid-template-columns: repeat(2, minmax(0, 1fr)); }
}
</style>
"""


wait_for_imports()
freeze_garbage()

# In a frame of somebody else's page, which has a title and margins of its own. The only thing that is left of
# Streamlit's own bar opens the sidebar, and has room beside the first line.
_EMBEDDED_STYLE = """
<style>
:root { --km-outside-height: 11.25rem; --km-outside-height-narrow: initial; --km-min-height: 14rem; }
:root:has(.lesson), :root:has(.lesson p) { --km-outside-height: 14.25rem; }
:root:has(.lesson h1):has(.lesson p) { --km-outside-height: 16.25rem; }
[data-testid="stHeader"] { width: 3rem; height: 3rem; min-height: 0; background: transparent; }
[data-testid="stHeader"] [data-testid="stToolbar"] { padding: 0 0.25rem; }
[data-testid="stMainBlockContainer"] { padding: 0.6rem 0.75rem 0; }
:root:has([data-testid="stExpandSidebarButton"]) :is(.lesson, .stMain:not(:has(.lesson)) .km-sentence) {
  padding-left: 2.5rem;
}
@media (max-width: 640px) { :root:has(.lesson) .km-stage { height: min(92vw, 46vh); } }
</style>
"""


def begin_page(title: str, about: str) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Set the page's title, icon and layout, and say in a line what it is about.

    Returns
    -------
    links, heading : DeltaGenerator
        The places of the links to the other pages, which a frame in somebody else's page does without, and of the
        heading.
    """
    skip_keras_clearing()
    name = title if title == APP_TITLE else f"{title} · {APP_TITLE}"
    embedded = bool(st.context.is_embedded)
    st.set_page_config(
        page_title=name,
        page_icon=str(_STATIC / "favicon.svg"),
        layout="wide",
        initial_sidebar_state="collapsed" if embedded else "auto",
    )
    st.html(_STYLE + _EMBEDDED_STYLE if embedded else _STYLE)
    # Horizontal by itself, too: the style is not there from the first moment on.
    links = st.container(key="navigation", horizontal=True)
    heading = st.empty()
    _reading(key="reading", on_back_change=lambda: None)
    if not embedded:
        heading.html(f'<h1 class="takes-focus">{escape(title)}</h1><p class="kmeans-about">{escape(about)}</p>')
    return links, heading


def show_finding(sentence: str, place: DeltaGenerator) -> None:
    """Say what a page found, in the sentence that a visitor reads first."""
    place.html(f'<p class="finding" role="status">{html_of(sentence)}</p>')


def say(short: str, sentence: str) -> None:
    """Answer what a person has just done: a few words, and a sentence."""
    st.html(f'<p class="answer takes-focus" role="status"><strong>{html_of(short)}</strong> {html_of(sentence)}</p>')
