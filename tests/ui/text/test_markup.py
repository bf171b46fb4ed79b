"""Sentences as HTML and Markdown."""

from __future__ import annotations

from ui.text.markup import html_of, plain_markdown


def test_no_line_ends_between_a_number_and_what_it_is_of() -> None:
    html = html_of("Of K = 12 in run 2, 0.5% went to 3 points by K-means.")
    assert html.replace("\N{NO-BREAK SPACE}", "_") == (
        'Of K_=_12 in run_2, 0.5% went to 3 points by <span class="unbroken">K-means</span>.'
    )


def test_a_name_holds_no_markdown() -> None:
    assert plain_markdown("[a](b) `$x$`") == r"\[a\](b) \`\$x\$\`"
