"""The tutorial's texts as HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from ui.analyses.tutorial.answers import Mark, letter, summary
from ui.analyses.tutorial.screens import QUESTIONS, Screen
from ui.charts.icons import icon_html
from ui.text.markup import html_of, style_element
from ui.text.messages import message


def style() -> str:
    """Return the page's own styles as an element."""
    return style_element(__file__, "tutorial")


def as_html(text: str) -> str:
    """Return a text as HTML, with what it stresses in bold, and icons for the names of buttons such as ``[last]``."""
    bold = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", html_of(text))
    return re.sub(r"\[(\w+)\]", lambda match: _button_icon(match[1]), bold)


def _button_icon(action: str) -> str:
    """Return the icon of a button of the player; where its name is beside it, a screen reader reads the name alone."""
    return icon_html(action, "" if action == "play" else message("keys.action", action=action))


def question_html(screen: Screen, choice: int | None) -> str:
    """Return the text and the question of a screen; after the answer, also the reply and what to do next."""
    focus = " takes-focus" if choice is None else ""
    question = f'<h3 class="tutorial-question{focus}">{as_html(screen.question)}</h3>'
    if choice is None:
        return f'<p class="tutorial-text">{as_html(screen.text)}</p>{question}'
    kind = "right" if choice == screen.right else "wrong"
    reply = f"{icon_html(kind)} {as_html(_reply(screen, choice))}"
    return (
        f'<p class="tutorial-text">{as_html(screen.text)}</p>{question}'
        f'<p class="tutorial-reply tutorial-{kind} takes-focus" role="status">{reply}</p>'
        f'<p class="tutorial-action">{as_html(screen.action)}</p>'
    )


def _reply(screen: Screen, choice: int) -> str:
    """Return the reply to a choice, with the right answer where it is another one."""
    answer, right = screen.choices[choice], screen.choices[screen.right]
    reply = message("tutorial.reply", letter=letter(choice), choice=answer.text, reply=answer.reply)
    if choice == screen.right:
        return reply
    correction = message("tutorial.right_answer", letter=letter(screen.right), choice=right.text)
    return f"{reply} {correction}"


def explanation_html(screen: Screen) -> str:
    """Return the explanation of a screen."""
    return f'<p class="tutorial-explanation">{as_html(screen.explanation)}</p>'


def progress_html(number: int, title: str) -> str:
    """Return a screen's title, and which of the questions it asks; the last screen asks none."""
    first = " tutorial-first" if number == 1 else ""
    heading = f'<h2 class="tutorial-title takes-focus{first}">{escape(title)}</h2>'
    if number > QUESTIONS:
        return heading
    dots = "".join(f"<i{' class=tutorial-done' if at < number else ''}></i>" for at in range(QUESTIONS))
    place = escape(message("tutorial.place", number=number, count=QUESTIONS))
    return (
        f'{heading}<p class="tutorial-progress">'
        f'<span>{place}</span><span class="tutorial-dots" aria-hidden="true">{dots}</span></p>'
    )


def mark_html(mark: Mark) -> str:
    """Return the sentence to remember from a screen, and how its question was answered."""
    sign = "" if mark.choice is None else f"{icon_html(mark.kind)} "
    return (
        f'<div class="tutorial-mark tutorial-{mark.kind}"><p>{as_html(mark.screen.summary)}</p>'
        f"<small>{sign}{as_html(mark.sentence)}</small></div>"
    )


def printable(marked: Sequence[Mark], link: str) -> str:
    """Return the summary as a page of its own, to print or to keep."""
    rows = [
        f"<section><h2>{mark.number}. {escape(mark.screen.title)}</h2><p><b>{as_html(mark.screen.summary)}</b></p>"
        f"<p>{as_html(mark.screen.explanation)}</p><p><i>{as_html(mark.screen.question)}</i> "
        f"{as_html(mark.sentence)}</p></section>"
        for mark in marked
    ]
    address, title = escape(link), escape(message("tutorial.printed_title"))
    return (
        f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{title}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"{style_element(__file__, 'summary')}\n"
        f"<h1>{title}</h1>\n<p>{escape(summary(marked))}</p>\n" + "\n".join(rows) + "\n"
        f'<p>{escape(message("tutorial.printed_link"))} <a href="{address}">{address}</a></p></html>\n'
    )
