"""Sentences of the page: the finding, the buttons and replies of each case, and what its pictures show."""

from __future__ import annotations

from collections.abc import Mapping

from ui.analyses.failures.cases import CASES, Case
from ui.analyses.failures.guesses import LETTERS, SHOWN, is_answered
from ui.analyses.failures.results import CHANCE, CaseResult
from ui.text.messages import message
from ui.text.messages.catalog import template


def finding(results: Mapping[str, CaseResult]) -> str:
    """Say how badly K-means does on the cases, and that it does not say so itself."""
    lost = sum(result.agreement is not None and abs(result.agreement) < CHANCE for result in results.values())
    converged = sum(result.trace.stop_reason == "converged" for result in results.values())
    cases = len(results)
    values = {"lost": lost, "cases": cases, "converged": converged}
    return message("failures.finding", all_converged=converged == cases, **values)


def button_label(case: Case, answer: int, guess: str) -> str:
    """Return the text on the button of an answer: the right one in bold, once it is shown."""
    text = case.answers[answer].text
    return f"**{text}**" if is_answered(guess) and answer == case.right else text


def button_icon(case: Case, answer: int, guess: str) -> str | None:
    """Return the mark on the button of an answer: none before the guess."""
    if is_answered(guess) and answer == case.right:
        return ":material/check:"
    return ":material/close:" if LETTERS.find(guess) == answer else None


def reply(case: Case, guess: str) -> str:
    """Return the reply to a guess."""
    if guess == SHOWN:
        return message("failures.shown", answer=case.answers[case.right].text)
    answer = LETTERS.index(guess)
    key = "failures.right" if answer == case.right else "failures.wrong"
    return message(key, reply=case.answers[answer].reply)


def result_text(case: Case, result: CaseResult) -> str:
    """Say what happened in a case, with the numbers that its message asks for."""
    numbers = dict(result.numbers)
    if result.agreement is not None:
        numbers["adjusted_rand_index"] = result.agreement
    return message(case.result, **{name: numbers[name] for name in template(case.result).names})


def alt(case: Case, result: CaseResult, answered: bool) -> str:
    """Describe a case's pictures for readers who can't see them."""
    n = len(result.before.points)
    if not answered:
        return message("failures.alt", n=n, story=case.story)
    return message(
        "failures.answered_alt",
        n=n,
        story=case.story,
        pictures=len(result.after),
        titles="; ".join(panel.title for panel in result.after),
        result=result_text(case, result),
    )


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
