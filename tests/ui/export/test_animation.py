"""The animation shows every half-step as long as it should, every point in its color, and all within bounds.

Pictures are read as Pillow reads them, not as they were drawn.
"""

from __future__ import annotations

import json
from io import BytesIO
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from kmeans_core import Phase, RunConfig, Trace, branch, make_dataset, run
from kmeans_core.arrays import Points
from tools.paths import ROOT
from ui.charts.drawn_run import DrawnRun, switches_of
from ui.charts.figures import ACCENT, Theme
from ui.charts.palette import BACKGROUND, CLUSTER_COLORS, UNASSIGNED, rgb
from ui.charts.view import view_of
from ui.export.animation import (
    END_MILLISECONDS,
    MAX_MILLISECONDS,
    MOVE_FRAMES,
    STEP_MILLISECONDS,
    ease_in_out,
    gif,
    timing,
)
from ui.export.frame_painter import MAX_POINTS, MAX_STEPS, FramePainter, shown_steps
from ui.export.gif_format import UNCHANGED, color_table, palette_image
from ui.export.pixel_text import drawable, font_of, is_drawable, truncate, wrap
from ui.text.messages import message

# Groups apart enough that no point, and no center but its own, covers another.
GRID = np.array([[x, y] for x in (0.0, 10.0, 20.0) for y in (0.0, 4.0, 8.0)])


def drawn_run(points: Points, trace: Trace, *, equal_units: bool = True) -> DrawnRun:
    return DrawnRun(trace, points, [step.centers for step in trace], equal_units)


def gif_of(points: Points, trace: Trace, *, theme: Theme = "light", width: int = 480, title: str = "A run") -> bytes:
    *shares, content = gif(drawn_run(points, trace), title=title, theme=theme, width=width)
    assert all(isinstance(share, float) and 0 <= share < 1 for share in shares)
    assert shares == sorted(shares)
    assert isinstance(content, bytes)
    return content


def read(content: bytes) -> tuple[list[NDArray[np.uint8]], list[int], int]:
    """Return the pictures as they are seen, their milliseconds, and how often it goes round (0: forever)."""
    with Image.open(BytesIO(content)) as image:
        pictures, times = [], []
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            pictures.append(np.array(image.convert("RGB")))
            times.append(image.info["duration"])
        return pictures, times, image.info["loop"]


def expected_times(trace: Trace) -> list[int]:
    are_moves = [not np.array_equal(before.centers, step.centers) for before, step in pairwise([trace[0], *trace])]
    durations = timing(len(trace), sum(are_moves))
    moves = [durations.move_frame] * durations.move_frames
    times = [time for is_move in are_moves for time in (moves * is_move + [durations.step])]
    return [*times[:-1], END_MILLISECONDS]


@pytest.mark.parametrize("steps", [1, 2, 5, 9, 20, 40])
def test_a_gif_lasts_12_seconds_at_most_and_only_as_long_as_it_needs(steps: int) -> None:
    for moves in (0, steps // 2, steps - 1):
        step, frames, frame = timing(steps, moves)
        total = (steps - 1) * step + moves * frames * frame + END_MILLISECONDS
        assert total <= MAX_MILLISECONDS
        assert step <= STEP_MILLISECONDS
        assert min(step, frame) >= 40
        # What is not reached for lack of half-steps is not made up for by slow ones.
        assert total >= 0.85 * MAX_MILLISECONDS or step == STEP_MILLISECONDS


@pytest.mark.parametrize(("max_iter", "reason"), [(50, "converged"), (2, "max_iter")])
def test_the_last_frame_has_the_whole_cost_curve_and_says_how_the_run_ended(max_iter: int, reason: str) -> None:
    points, _ = make_dataset("blobs", seed=1)
    trace = run(points, RunConfig(k=4, init="random", seed=3, max_iter=max_iter))
    assert trace.stop_reason == reason
    painter = FramePainter(drawn_run(points, trace), title="A run", theme="light", width=960)
    curve, last = painter.curve, len(trace) - 1
    assert [len(curve.points(index)) for index in (0, 1, last)] == [0, 1, last]
    left, top, width, _ = curve.view.area
    assert curve.view.low == (0.0, 0.0), "the axis of the cost begins at zero"
    assert curve.points(last)[-1, 0] == pytest.approx(left + width)
    pictures, _, _ = read(gif_of(points, trace, width=960))
    accent = np.array(rgb(ACCENT["light"]))
    x, y = (curve.points(last)[-1] / 2).astype(int)
    assert (pictures[-1][y, x] == accent).all()
    assert pictures[-1].shape == (540, 960, 3), "a GIF has the shape of a slide"
    # The ending is written in the accent, above the curve, and only at the end.
    beside = slice(100, int(top / 2) - 40), slice(int(left / 2) - 70, 960)
    counts = [int((image[beside] == accent).all(axis=-1).sum()) for image in (pictures[-2], pictures[-1])]
    assert counts[0] == 0
    assert counts[1] > 200


def color_at(image: NDArray[np.uint8], x: float, y: float) -> str:
    return "#{:02X}{:02X}{:02X}".format(*image[int(y), int(x)])


def pixels(points: Points, trace: Trace, width: int) -> NDArray[np.float64]:
    """Where the points are in the picture, computed from the size of its parts."""
    painter = FramePainter(drawn_run(points, trace), title="A run", theme="light", width=width)
    at: NDArray[np.float64] = painter.view.pixels(points) / 2
    return at


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_half_step_is_seen_as_long_as_it_should_be(theme: Theme) -> None:
    points, _ = make_dataset("blobs", seed=1)
    trace = run(points, RunConfig(k=4, init="random", seed=3))
    pictures, times, loop = read(gif_of(points, trace, theme=theme))
    assert times == expected_times(trace)
    assert loop == 0
    assert {image.shape[1] for image in pictures} == {480}
    assert len({image.shape for image in pictures}) == 1
    assert color_at(pictures[0], 1, 1) == BACKGROUND[theme]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_point_has_the_color_of_its_cluster(theme: Theme) -> None:
    # Centers beside the points, and given, so that no mark lies on a point at the first two half-steps.
    trace = run(GRID, RunConfig(k=3, init="given", given=((1.0, 2.0), (11.0, 2.0), (19.0, 2.0))))
    pictures, _, _ = read(gif_of(GRID, trace, theme=theme, width=960))
    start, assign = pictures[0], pictures[1]
    assert trace[1].labels is not None
    for (x, y), label in zip(pixels(GRID, trace, 960), trace[1].labels, strict=True):
        assert color_at(start, x, y) == UNASSIGNED[theme].upper()
        assert color_at(assign, x, y) == CLUSTER_COLORS[label]


def test_centers_are_where_they_were_placed_and_glide_to_where_they_go() -> None:
    trace = run(GRID, RunConfig(k=3, init="given", given=((3.0, 4.0), (13.0, 4.0), (17.0, 4.0))))
    pictures, _, _ = read(gif_of(GRID, trace, width=960))
    view = pixels(GRID, trace, 960)
    scale = (view[3, 0] - view[0, 0]) / 10  # of pixels per unit
    for center, color in zip(trace[0].centers, CLUSTER_COLORS, strict=False):
        x, y = view[0] + (center - GRID[0]) * (scale, -scale)
        assert color_at(pictures[0], x - 8, y) == color
    # On its way the first center is between its two places.
    start, goal = (view[0] + (trace[i].centers[0] - GRID[0]) * (scale, -scale) for i in (0, 2))
    positions = []
    for image in pictures[2 : 2 + MOVE_FRAMES + 1]:
        row = (image[int(goal[1]) - 8] == rgb(CLUSTER_COLORS[0])).all(axis=-1)
        near = np.flatnonzero(row[: int(start[0]) + 30])
        positions.append(float(near.mean()))
    assert positions == sorted(positions, reverse=True)
    assert len(set(positions)) > MOVE_FRAMES / 2
    assert positions[-1] == pytest.approx(goal[0], abs=1.5)


def test_points_that_changed_are_larger() -> None:
    points, _ = make_dataset("blobs", seed=1)
    trace = run(points, RunConfig(k=4, init="random", seed=3))
    index = next(i for i, step in enumerate(trace) if i > 1 and step.reassigned)
    reassigned = switches_of(trace, index)
    assert reassigned is not None
    assert int(reassigned.sum()) == trace[index].reassigned
    pictures, times, _ = read(gif_of(points, trace, width=960))
    durations = timing(len(trace), sum(step.phase is Phase.REFINE for step in trace))
    assert durations.move_frame < durations.step
    pair = [image for image, time in zip(pictures, times, strict=True) if time >= durations.step][index : index + 2]
    at = pixels(points, trace, 960)[reassigned]
    # A ring of the text's color is around them in this half-step, and gone in the next.
    dark = [
        sum((image[int(y) - 9 : int(y) + 10, int(x) - 9 : int(x) + 10].sum(axis=-1) < 150).sum() for x, y in at)
        for image in pair
    ]
    assert dark[0] > dark[1] + 4 * len(at)


@pytest.mark.parametrize(
    ("points", "k"),
    [
        (np.array([[3.0, -7.0]]), 1),
        (np.full((40, 2), 1e9), 3),
        (np.zeros((5, 2)), 2),
        (np.array([[0.0, 1e-200], [1e-200, 0.0], [3e-200, 2e-200]]), 2),
        (np.array([[0.0, 1e100], [1e100, 0.0], [3e100, -2e100]]), 2),
        (np.column_stack([np.arange(12.0), np.zeros(12)]), 12),
    ],
    ids=["one point", "all equal", "all zero", "tiny", "huge", "a line, K = 12"],
)
@pytest.mark.parametrize("equal", [True, False])
def test_odd_points_are_drawn(points: Points, k: int, equal: bool) -> None:
    trace = run(points, RunConfig(k=k, init="random", empty="farthest"))
    *_, content = gif(drawn_run(points, trace, equal_units=equal), title="", width=320)
    assert isinstance(content, bytes)
    pictures, times, _ = read(content)
    assert times == expected_times(trace)
    color = [int(CLUSTER_COLORS[0][at : at + 2], 16) for at in (1, 3, 5)]
    assert (pictures[1] == color).all(axis=2).any()


def test_many_points_are_a_sample_that_is_said_and_stays_the_same() -> None:
    points, _ = make_dataset("uniform", seed=0, points=50_000)
    trace = run(points, RunConfig(k=12, init="random", max_iter=1))
    painter = FramePainter(drawn_run(points, trace), title="", theme="light", width=480)
    assert len(painter.at) == MAX_POINTS
    assert painter.notes == [message("export.sample_note", drawn=20_000, points=50_000)]
    content = gif_of(points, trace)
    assert content == gif_of(points, trace)
    assert len(content) < 4_000_000


def test_of_a_long_run_both_ends_are_seen() -> None:
    points, _ = make_dataset("uniform", seed=0, points=1000)
    trace = run(points, RunConfig(k=12, init="random", seed=3, max_iter=100))
    assert len(trace) > MAX_STEPS
    half = MAX_STEPS // 2
    indices = shown_steps(len(trace))
    assert indices == [*range(half), *range(len(trace) - half, len(trace))]
    content = gif_of(points, trace)
    _, times, _ = read(content)
    moves = sum(step.phase is Phase.REFINE for step in (trace[i] for i in indices[1:]))
    assert len(times) <= MAX_STEPS + moves * timing(MAX_STEPS, moves).move_frames
    assert sum(times) <= MAX_MILLISECONDS
    assert times[-1] == END_MILLISECONDS
    assert len(content) < 1_500_000


def test_hands_and_clusters_without_points_are_drawn() -> None:
    points, _ = make_dataset("blobs", seed=1, points=60)
    far = np.vstack([points[:3], [[1e3, 1e3]]])
    trace = run(points, RunConfig(k=4, init="given", given=tuple(map(tuple, far.tolist())), empty="drop"))
    relocation = next(i for i, step in enumerate(trace) if step.relocated)
    assert not trace.active(relocation)[3]
    assert trace.active(relocation - 1)[3]
    branch_trace = branch(points, trace, len(trace) - 1, points[:4])
    assert branch_trace[len(trace)].phase is Phase.MOVE
    assert branch_trace.active(len(trace))[3]
    assert read(gif_of(points, branch_trace))[1] == expected_times(branch_trace)


def test_it_can_be_stopped_in_between() -> None:
    points, _ = make_dataset("post", seed=0)
    trace = run(points, RunConfig(k=6, init="random"))
    work = gif(drawn_run(points, trace), title="", width=320)
    assert next(work) == 0
    assert 0 <= float(next(work)) < 1


@pytest.mark.parametrize(
    ("title", "replacement"),
    [
        ("Größe ² – “5 × 3”", "Grosse ^2 - “5 x 3”"),
        ("a\nb\tc\x00\u202e", "a b c"),
        ("Кластеры", ""),
        ("K-means: Кластеры", "K-means: ????????"),
        ("10\u202f041 \u2212 5", "10 041 - 5"),
        ("", ""),
    ],
)
def test_what_the_font_lacks_is_written_otherwise(title: str, replacement: str) -> None:
    text = drawable(title)
    assert text == replacement or all(is_drawable(char) for char in text)
    assert all(is_drawable(char) for char in replacement)


def test_a_long_title_stays_in_the_picture() -> None:
    font = font_of(20)
    for text in ("W" * 500, "many words " * 60):
        for line in [truncate(text, font, 300), *wrap(text, font, 300, max_lines=3)]:
            assert font.getlength(line) <= 300


def test_what_does_not_belong_together_is_refused() -> None:
    trace = run(GRID, RunConfig(k=3, init="random"))
    with pytest.raises(ValueError, match=r"places must have the shape \(9, 2\)"):
        drawn_run(GRID[:4], trace)
    with pytest.raises(ValueError, match="centers must be"):
        DrawnRun(trace, GRID, [], equal_units=True)
    with pytest.raises(ValueError, match="width must be at least 320, got 10"):
        next(gif(drawn_run(GRID, trace), title="", width=10))


@pytest.mark.parametrize("equal", [True, False])
def test_a_view_holds_everything_and_keeps_the_units(equal: bool) -> None:
    points = np.array([[-3.0, 0.0], [7.0, 900.0]])
    view = view_of(points, [np.array([[20.0, -50.0]])], area=(10, 20, 300, 200), equal=equal)
    at = view.pixels(np.vstack([points, [[20.0, -50.0]]]))
    assert (at > (10, 20)).all()
    assert (at < (310, 220)).all()
    per_unit = (at[1] - at[0]) / (points[1] - points[0])
    assert bool(np.isclose(abs(per_unit[0]), abs(per_unit[1]))) is equal
    for axis, (low, high) in enumerate([(10, 310), (20, 220)]):
        assert all(low <= place <= high for place, _ in view.ticks(axis))
        assert len({text for _, text in view.ticks(axis)}) == len(view.ticks(axis)) >= 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_color_of_the_theme_is_changed_by_the_palette(theme: Theme) -> None:
    points = np.column_stack([np.arange(12.0), np.zeros(12)])
    trace = run(points, RunConfig(k=12, init="random"))
    painter = FramePainter(drawn_run(points, trace), title="", theme=theme, width=320)
    colors = [*CLUSTER_COLORS, UNASSIGNED[theme], BACKGROUND[theme]]
    strip = Image.fromarray(np.array([[rgb(color) for color in colors]], dtype=np.uint8))
    palette = palette_image(color_table(theme, painter.colors))
    quantized = strip.quantize(palette=palette, dither=Image.Dither.NONE)
    assert np.array_equal(np.array(quantized.convert("RGB")), np.array(strip))
    assert max(quantized.tobytes()) < UNCHANGED


def test_motion_begins_and_ends_slowly_as_in_the_player() -> None:
    vectors = json.loads((ROOT / "tests/vectors/easing.json").read_text())
    shares, eased = (np.array([vector[key] for vector in vectors]) for key in ("share", "eased"))
    assert vectors and ease_in_out(shares).tolist() == eased.tolist()
