"""The grid of small pictures, one for each cell."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from kmeans_core.messages.numbers import amounts, nearly_equal
from ui.analyses.sweep.cells import CellResult
from ui.analyses.sweep.sentences import cell_label, cell_lines, picture_alt
from ui.analyses.sweep.swept_settings import SweptSetting
from ui.charts.figures import ACCENT, Theme
from ui.charts.thumbnails import Box, box_of, image, svg
from ui.text.messages import message


def grid(
    results: Sequence[CellResult],
    swept: Sequence[SweptSetting],
    addresses: Sequence[str],
    *,
    equal: bool,
    theme: Theme,
) -> str:
    """Return the pictures as HTML: each a link to its run in ``addresses``, with its numbers below it."""
    box = box_of([result.end for result in results])
    cells = "".join(
        _cell(result, swept, address, cost, _picture(result, swept, box, equal, theme))
        for result, address, cost in zip(results, addresses, _cost_texts(results), strict=True)
    )
    style = f"--accent: {ACCENT[theme]}; --columns: {len(swept[0].values)}"
    return f'<div class="cells{" two" if len(swept) > 1 else ""}" style="{style}">{cells}</div>'


def _cell(result: CellResult, swept: Sequence[SweptSetting], address: str, cost: str, picture: str) -> str:
    kind, mark = "", ""
    if result.is_current:
        note = escape(message("sweep.current"))
        kind, mark = " current", f"<i>{note}</i>"
    lines = "".join(f"<span>{escape(line)}</span> " for line in cell_lines(result, cost))
    return (
        f'<a class="cell{kind}" href="{escape(address)}"><b>{escape(cell_label(result, swept))}{mark}</b>'
        f"{picture}<small>{lines}</small></a>"
    )


def _picture(result: CellResult, swept: Sequence[SweptSetting], box: Box, equal: bool, theme: Theme) -> str:
    picture = svg(result.end, result.cluster_names, box=box, equal=equal, theme=theme)
    return image(picture, picture_alt(result, swept))


def _cost_texts(results: Sequence[CellResult]) -> list[str]:
    """Write the cells' costs so that those that differ by more than rounding read differently."""
    different: list[float] = []
    for result in results:
        if not any(nearly_equal(result.end.cost, cost) for cost in different):
            different.append(result.end.cost)
    texts = list(zip(different, amounts(different), strict=True))
    return [next(text for cost, text in texts if nearly_equal(result.end.cost, cost)) for result in results]
