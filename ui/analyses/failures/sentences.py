"""Sentences of the page: the finding, the buttons and replies of each case, and what its pictures show."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kmeans_core.messages.lists import joined
from ui.analyses.failures.cases import CASES, Case
from ui.analyses.failures.guesses import LETTERS, NO_GUESS, is_answered
from ui.analyses.failures.results import CHANCE, CaseResult, Panel
from ui.text.messages import CATALOG, message


def lost_cases(results: Mapping[str, CaseResult]) -> list[Case]:
    """Return the cases in which K-means matches the true groups no better than chance."""
    agreements = {name: result.agreement for name, result in results.items()}
    return [case for case in CASES if (match := agreements[case.name]) is not None and abs(match) < CHANCE]


def finding(results: Mapping[str, CaseResult]) -> str:
    """Say how badly K-means does on the cases, and that it does not say so itself."""
    converged = sum(result.trace.stop_reason == "converged" for result in results.values())
    cases = len(results)
    values = {"lost": len(lost_cases(results)), "cases": cases, "converged": converged}
    return message("failures.finding", all_converged=converged == cases, **values)


def payoff(results: Mapping[str, CaseResult], guesses: str) -> str:
    """Name the cases that the finding asks for, once all of them are answered, and say which guesses were right."""
    guess_of = {case.name: guess for case, guess in zip(CASES, guesses, strict=True)}
    cases = lost_cases(results)
    if not all(is_answered(guess_of[case.name]) for case in cases):
        return ""
    right = sum(LETTERS.find(guess_of[case.name]) == case.right for case in cases)
    guessed = sum(guess_of[case.name] in LETTERS for case in cases)
    titles = joined([f"“{case.title}”" for case in cases])
    return message("failures.payoff", lost=len(cases), titles=titles, right=right, guessed=guessed)


def button_label(case: Case, answer: int, guess: str) -> str:
    """Return the text on the button of an answer: once it is shown, the right one in bold and the one picked named."""
    text = case.answers[answer].text
    if LETTERS.find(guess) == answer:
        text = message("failures.picked", answer=text)
    return f"**{text}**" if is_answered(guess) and answer == case.right else text


def button_icon(case: Case, answer: int, guess: str) -> str | None:
    """Return the mark on the button of an answer: none before the guess."""
    if is_answered(guess) and answer == case.right:
        return ":material/check:"
    return ":material/close:" if LETTERS.find(guess) == answer else None


def reply(case: Case, guess: str) -> str:
    """Return the reply to a guess."""
    if guess == NO_GUESS:
        return message("failures.shown", answer=case.answers[case.right].text)
    answer = LETTERS.index(guess)
    key = "failures.right" if answer == case.right else "failures.wrong"
    return message(key, reply=case.answers[answer].reply)


def result_text(case: Case, result: CaseResult) -> str:
    """Say what happened in a case."""
    return _with_numbers(case.result, result)


def detail_text(case: Case, result: CaseResult) -> str:
    """Name the method to use instead, with its settings."""
    return _with_numbers(case.detail, result)


def _with_numbers(key: str, result: CaseResult) -> str:
    """Return a message with the numbers that it asks for."""
    numbers = dict(result.numbers)
    if result.agreement is not None:
        numbers["adjusted_rand_index"] = result.agreement
    return message(key, **{name: numbers[name] for name in CATALOG.template(key).names})


def alt(case: Case, result: CaseResult) -> str:
    """Describe a case's points for readers who can't see them."""
    return message("failures.alt", n=len(result.before.points), story=case.story)


def panel_alt(panel: Panel) -> str:
    """Describe a picture below the answer for readers who can't see it."""
    groups = 0 if panel.groups is None else len(np.unique(panel.groups))
    return message("failures.panel_alt", title=panel.title, n=len(panel.points), groups=groups)


def numbers(results: Mapping[str, CaseResult], guesses: str) -> dict[str, list[object]]:
    """Return the runs whose answers are shown as the columns of a table."""
    answered = [case for case, guess in zip(CASES, guesses, strict=True) if is_answered(guess)]
    results_shown = [results[case.name] for case in answered]
    traces = [result.trace for result in results_shown]
    return {
        message("failures.column_case"): [case.title for case in answered],
        message("failures.column_points"): [len(result.before.points) for result in results_shown],
        message("failures.column_k"): [trace.config.k for trace in traces],
        message("failures.column_match"): [
            None if result.agreement is None else round(result.agreement, 4) for result in results_shown
        ],
        message("failures.column_iterations"): [trace.iterations for trace in traces],
        message("failures.column_stop_reason"): [trace.stop_reason.value for trace in traces],
        message("failures.column_cost"): [trace.cost for trace in traces],
    }
