"""How far the verification of a run is: what is drawn, ticked, found, and what it projects to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from linyin.inventory.web.models import RunRecord
from linyin.inventory.web.verification.models import (
    Engagement,
    Opinion,
    Sample,
    SampleItem,
    VerificationFinding,
)
from linyin.lake import Finding, Value

__all__ = ["RunProgress", "SampleProgress", "progress_of"]


@dataclass(frozen=True)
class SampleProgress:
    """How far a sample is."""

    sample: Sample

    @cached_property
    def items(self) -> list[SampleItem]:
        """Its items, by entry."""
        return list(self.sample.items.all())

    @property
    def ticked(self) -> int:
        """Number of items that somebody has followed."""
        return sum(1 for item in self.items if item.verdict)

    @property
    def open(self) -> int:
        """Number of items that nobody has followed yet."""
        return len(self.items) - self.ticked

    @property
    def coverage(self) -> float:
        """Share of the population's weight that its items hold. [-]"""
        drawn = sum(abs(item.weight_mg) for item in self.items)
        return drawn / int(self.sample.population_mg) if self.sample.population_mg else 0.0

    @property
    def difference_mg(self) -> int:
        """Booked less found in the items. [mg CO2e]"""
        return sum(item.difference_mg or 0 for item in self.items)

    @property
    def projected_mg(self) -> int:
        """Misstatement projected on the population: each difference over its item's chance.

        [mg CO2e] ISA 530, paragraph 14: the auditor projects misstatements found in the sample to
        the population; the estimator is that of Horvitz and Thompson.
        """
        return round(
            sum(
                (item.difference_mg or 0) / Fraction(item.probability)
                for item in self.items
                if item.difference_mg
            )
        )


class _Papers:
    """What is kept of engagements, by engagement and run; each kind is read once, when asked."""

    def __init__(self, engagements: Collection[int]) -> None:
        self._engagements = engagements

    @cached_property
    def samples(self) -> Mapping[tuple[int, int], list[Sample]]:
        drawn = Sample.objects.select_related("run", "drawn_by").prefetch_related("items")
        return _by_run(drawn.filter(engagement__in=self._engagements))

    @cached_property
    def findings(self) -> Mapping[tuple[int, int], list[VerificationFinding]]:
        return _by_run(VerificationFinding.objects.filter(engagement__in=self._engagements))

    @cached_property
    def opinions(self) -> Mapping[tuple[int, int], list[Opinion]]:
        return _by_run(Opinion.objects.filter(engagement__in=self._engagements))


@dataclass(frozen=True)
class RunProgress:
    """How far the verification of one run of an engagement is."""

    engagement: Engagement
    run: RunRecord
    _papers: _Papers

    @property
    def _key(self) -> tuple[int, int]:
        return self.engagement.pk, self.run.pk

    @cached_property
    def samples(self) -> list[SampleProgress]:
        """Its samples, the newest first."""
        return [SampleProgress(sample) for sample in self._papers.samples.get(self._key, ())]

    @property
    def findings(self) -> Sequence[VerificationFinding]:
        """What the verifiers hold against it."""
        return self._papers.findings.get(self._key, ())

    @property
    def opinion(self) -> Opinion | None:
        """What the verifiers have stated on it."""
        return next(iter(self._papers.opinions.get(self._key, ())), None)

    @classmethod
    def of(cls, engagement: Engagement, run: RunRecord) -> RunProgress:
        """Return how far a run is."""
        return progress_of([(engagement, run)])[0]

    @property
    def items(self) -> int:
        """Number of drawn items."""
        return sum(len(sample.items) for sample in self.samples)

    @property
    def open_items(self) -> int:
        """Number of drawn items that nobody has followed yet."""
        return sum(sample.open for sample in self.samples)

    @property
    def obstacle(self) -> Finding | None:
        """What keeps an opinion from being stated on its run; None = nothing does."""
        run = self.run
        pending = sum(1 for one in self.open_findings if one.severity == "material")
        if run.state not in ("locked", "approved"):
            return _told("verification-run-not-locked", run=run.name, state=run.state)
        if not self.samples:
            return _told("verification-nothing-drawn", run=run.name)
        if self.open_items:
            return _told("verification-items-open", count=self.open_items)
        if pending:
            return _told("verification-material-open", count=pending)
        if self.opinion is not None:
            return _told("verification-opinion-stated", run=run.name)
        return None

    @property
    def next_item(self) -> SampleItem | None:
        """The next drawn item that nobody has followed yet."""
        waiting = (item for one in self.samples for item in one.items if not item.verdict)
        return next(waiting, None)

    @property
    def projected_mg(self) -> int:
        """Misstatement that the samples project on what they were drawn from; the largest counts.

        [mg CO2e]
        """
        return max((one.projected_mg for one in self.samples), key=abs, default=0)

    @property
    def materiality_mg(self) -> int:
        """Misstatement from which on the run's total is materially wrong. [mg CO2e]"""
        population = max((int(one.sample.population_mg) for one in self.samples), default=0)
        return int(population * self.engagement.materiality_pct / 100)

    @property
    def coverage(self) -> float:
        """Share of the run's emissions that the drawn entries hold, each counted once. [-]"""
        drawn: dict[str, int] = {}
        population = 0
        method = ""
        for one in self.samples:
            sample = one.sample
            if sample.population != "emissions" or method not in ("", sample.scope2_method):
                continue
            method, population = sample.scope2_method, int(sample.population_mg)
            drawn.update({item.entry: item.weight_mg for item in one.items})
        return sum(drawn.values()) / population if population else 0.0

    @property
    def open_findings(self) -> list[VerificationFinding]:
        """Findings that are not closed."""
        return [finding for finding in self.findings if finding.state != "closed"]


def progress_of(pairs: Iterable[tuple[Engagement, RunRecord]]) -> list[RunProgress]:
    """Return how far runs of engagements are; as many queries for all of them as for one."""
    asked = list(pairs)
    papers = _Papers({engagement.pk for engagement, _ in asked})
    return [RunProgress(engagement, run, papers) for engagement, run in asked]


def _by_run[T: (Sample, VerificationFinding, Opinion)](
    records: Iterable[T],
) -> Mapping[tuple[int, int], list[T]]:
    found: defaultdict[tuple[int, int], list[T]] = defaultdict(list)
    for record in records:
        found[record.engagement_id, record.run_id].append(record)
    return found


def _told(code: str, **fields: Value) -> Finding:
    return Finding(code, "error", fields=fields)
