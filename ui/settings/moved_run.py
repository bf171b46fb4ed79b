"""A run with dragged centers: after each drag it goes on from another place, within a bound on all work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kmeans_core import RunConfig, Trace, branch, run
from kmeans_core.arrays import Points
from ui.settings.edits import Edit, Move
from ui.settings.iteration_limit import max_assigns


def effective_moves(edits: Sequence[Edit], k: int) -> list[Move]:
    """Return the dragged centers among the edits that ``k`` clusters have."""
    return [edit for edit in edits if isinstance(edit, Move) and edit.cluster < k]


def count_moves_within_bound(moves: Sequence[Move], n: int, max_iter: int) -> int:
    """Return how many of the moves, the first ones, a run on ``n`` points of at most ``max_iter`` iterations can have.

    The run computes no half-step after the one at which the next center is dragged. The bound holds for the most
    assigns that it can then compute: a run that converges early reaches fewer half-steps, and computes fewer.
    """
    most, count = max_assigns(n), 0
    first_assign, assigns = 1, 0
    for move in moves:
        last_step = min(move.step, first_assign + 2 * max_iter)
        assigns += 1 + _iterations_to(last_step, first_assign)
        first_assign = last_step + 2
        if assigns + 1 + max_iter > most:
            break
        count += 1
    return count


def run_with_moves(points: Points, first: RunConfig, config: RunConfig, moves: Sequence[Move]) -> Trace:
    """Return the run with the centers dragged by ``moves``.

    Parameters
    ----------
    points : (n, d) float64
    first : RunConfig
        With the starting centers.
    config : RunConfig
        That the run is known by; it has the same limit of iterations.
    moves : sequence of Move
        As many as ``count_moves_within_bound``, each of a cluster that the run has.
    """
    trace = replace(run(points, _until(first, moves[:1], 1)), config=config)
    for number, move in enumerate(moves):
        index = min(move.step, len(trace) - 1)
        centers = trace[index].centers.copy()
        centers[move.cluster] = move.place
        limited = _until(config, moves[number + 1 : number + 2], index + 2)
        trace = branch(points, replace(trace, config=limited), index, centers)
    return replace(trace, config=config)


def _until(config: RunConfig, next_moves: Sequence[Move], first_assign: int) -> RunConfig:
    """Return the config of the part of a run from its first assign to the next move, if there is one."""
    iterations = [_iterations_to(move.step, first_assign) for move in next_moves]
    return replace(config, max_iter=min(config.max_iter, *iterations)) if iterations else config


def _iterations_to(step: int, first_assign: int) -> int:
    """Return how many iterations after an assign at half-step ``first_assign`` reach half-step ``step``."""
    return max(0, -(-(step - first_assign) // 2))
