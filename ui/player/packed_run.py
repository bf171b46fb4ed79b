"""A run as the player's message, with what a page says about it."""

from __future__ import annotations

from dataclasses import dataclass

from kmeans_core import StopReason, Trace
from ui.analyses.group_recovery import group_recovery, sentence
from ui.player.protocol import pack_run
from ui.player.session_facts import VerdictFacts
from ui.settings.built_in_tables import BUILT_IN
from ui.settings.edits import count_ineffective
from ui.settings.iteration_limit import max_iterations
from ui.settings.run_input import RunInput
from ui.text.messages import message


@dataclass(frozen=True, slots=True)
class PackedRun:
    """A run as the player's message, and what the page says about it.

    Attributes
    ----------
    content : bytes
    n : int
        Number of points.
    lost_edits : int
        How many edits have no effect.
    omitted_moves : int
        How many dragged centers are left out, because they are too much work.
    is_cut : bool
        Whether it stopped before the settings' limit, because no run on so many points can be longer.
    verdict : VerdictFacts
    """

    content: bytes
    n: int
    lost_edits: int
    omitted_moves: int
    is_cut: bool
    verdict: VerdictFacts

    def notices(self, k: int) -> list[str]:
        """Return a sentence for each thing that the settings, with K = ``k``, did not ask for."""
        sentences = {
            message("shell.iterations_cut", points=self.n, iterations=max_iterations(self.n)): self.is_cut,
            message("shell.k_limit", k=k, points=self.n): k > self.n,
            message("shell.edits_lost", count=self.lost_edits): self.lost_edits,
            message("shell.moves_omitted", count=self.omitted_moves, points=self.n): self.omitted_moves,
        }
        return [text for text, is_true in sentences.items() if is_true]


def packed(inputs: RunInput) -> PackedRun:
    """Compute a run and return it as the player's message."""
    trace = inputs.trace()
    content = pack_run(inputs.points, trace, **inputs.data.look, rows=inputs.rows())
    lost_edits = count_ineffective(len(inputs.data.points), trace.config.k, inputs.settings.edits)
    is_cut = trace.stop_reason is StopReason.MAX_ITER and trace.config.max_iter < inputs.settings.max_iter
    return PackedRun(content, len(inputs.points), lost_edits, inputs.omitted_moves(), is_cut, _verdict(inputs, trace))


def _verdict(inputs: RunInput, trace: Trace) -> VerdictFacts:
    """Return which of the true groups a run found; nothing of a table, whose labels may be anything."""
    truth, settings = inputs.truth(), inputs.settings
    if truth is None or settings.table or settings.data in BUILT_IN or not (truth >= 0).any():
        return VerdictFacts()
    recovery = group_recovery(truth, trace.labels)
    is_limit = not recovery.found_count and recovery.group_count == trace.config.k
    return VerdictFacts(sentence=sentence(recovery), is_limit=is_limit)
