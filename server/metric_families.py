"""Metric families in Prometheus' text format (version 0.0.4): names, kinds, descriptions, and samples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from server.durations import BOUNDS, Histogram

_ESCAPES: Final = str.maketrans({"\\": r"\\", "\n": r"\n", '"': r"\""})


@dataclass(frozen=True, slots=True)
class Sample:
    """A value and its labels; the ending of its name is what a histogram's samples have besides that of the family."""

    value: float
    labels: Mapping[str, str]
    ending: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """A metric: its name, its kind ("counter", "gauge", or "histogram"), a description, and its samples."""

    name: str
    kind: str
    description: str
    samples: tuple[Sample, ...]

    def __str__(self) -> str:
        lines = [f"# HELP {self.name} {self.description}", f"# TYPE {self.name} {self.kind}"]
        lines += [f"{self.name}{sample.ending}{_labels(sample.labels)} {sample.value}" for sample in self.samples]
        return "\n".join(lines)


def gauge(name: str, description: str, value: float, **labels: str) -> Family:
    """Return a gauge with one sample."""
    return Family(name, "gauge", description, (Sample(value, labels),))


def counter(name: str, description: str, values: Mapping[str, float] | float, label: str = "") -> Family:
    """Return a counter: with one sample, or with one for each value of a label."""
    if isinstance(values, Mapping):
        samples = tuple(Sample(value, {label: key}) for key, value in sorted(values.items()))
        return Family(name, "counter", description, samples)
    return Family(name, "counter", description, (Sample(values, {}),))


def histogram(name: str, description: str, durations: Histogram) -> Family:
    """Return a histogram of durations in seconds."""
    return Family(name, "histogram", description, tuple(_histogram_samples(durations)))


def _histogram_samples(durations: Histogram) -> Iterator[Sample]:
    for values, totals in durations.totals().items():
        labels = dict(zip(durations.names, values, strict=True))
        for bound, count in zip((*map(str, BOUNDS), "+Inf"), (*totals.counts, totals.count), strict=True):
            yield Sample(count, {**labels, "le": bound}, "_bucket")
        yield Sample(round(totals.seconds, 6), labels, "_sum")
        yield Sample(totals.count, labels, "_count")


def _labels(labels: Mapping[str, str]) -> str:
    pairs = ",".join(f'{name}="{value.translate(_ESCAPES)}"' for name, value in labels.items())
    return f"{{{pairs}}}" if pairs else ""
