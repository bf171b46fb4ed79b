"""What the entries of all registries have in common: a key, a title, and a summary."""

from __future__ import annotations

from dataclasses import dataclass

from kmeans_core.messages import message


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a registry.

    Attributes
    ----------
    name : str
        Its key in the registry.
    title_key, summary_key : str
        The messages with its title and its summary, which are read on first use.
    """

    name: str
    title_key: str
    summary_key: str

    @property
    def title(self) -> str:
        """Its name for people."""
        return message(self.title_key)

    @property
    def summary(self) -> str:
        """One sentence about it."""
        return message(self.summary_key)
