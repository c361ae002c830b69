"""A verifier's sample of an inventory: seeded, reproducible, by a stated method.

Every random number is a SHA-256 of the seed and a name, every comparison exact: the same seed
draws the same items from the same population in any order, on any machine, in any version.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import Literal, get_args

from linyin.inventory.assurance import SamplingError, sample_size

type Method = Literal["probability proportional to size", "stratified", "simple"]

BITS = 128
MG_PER_TONNE = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Item:
    """A drawn item: its weight, the chance it had of being drawn, its stratum ('' without)."""

    id: str
    weight: int
    probability: Fraction
    stratum: str = ""

    @property
    def certain(self) -> bool:
        """Whether the item had to be drawn."""
        return self.probability == 1


@dataclass(frozen=True, slots=True)
class Sample:
    """Drawn items, sorted by id, with all that is needed to draw them again.

    ``interval`` and ``start`` are those of the systematic selection in the weight's unit, None
    for other methods. Items without weight can't be drawn in proportion to size: ``weightless``
    counts them.
    """

    method: Method
    seed: str
    items: tuple[Item, ...]
    population: int
    population_weight: int
    weightless: int
    interval: Fraction | None = None
    start: Fraction | None = None

    @property
    def certainty_items(self) -> tuple[str, ...]:
        """Ids of the items that had to be drawn."""
        return tuple(item.id for item in self.items if item.certain)

    @property
    def coverage(self) -> Fraction:
        """Share of the population's weight that the items hold [-]."""
        weight = sum(item.weight for item in self.items)
        return Fraction(weight, self.population_weight) if self.population_weight else Fraction(0)

    def describe(self, lang: Literal["en", "zh"] = "en") -> str:
        """State the method in a sentence or two, for the working papers."""
        return _TEXTS[self.method][lang].format(
            seed=self.seed,
            drawn=len(self.items),
            population=self.population,
            certain=len(self.certainty_items),
            weightless=self.weightless,
            interval=_tonnes(self.interval),
            start=_tonnes(self.start),
        )


def _tonnes(mg: Fraction | None) -> str:
    tonnes = float(mg or 0) / MG_PER_TONNE
    return f"{tonnes:,.0f} t CO2e" if tonnes >= 1e5 else f"{tonnes:,.6g} t CO2e"


def draw(
    population: Mapping[str, int],
    *,
    seed: int | str,
    method: Method = "probability proportional to size",
    size: int | None = None,
    materiality: int | None = None,
    confidence: float = 0.95,
    expected: int = 0,
    strata: Mapping[str, str] | None = None,
) -> Sample:
    """Draw a sample of items for testing of details.

    - *probability proportional to size*: systematic selection with a fixed interval over the
      items sorted by id, from a random start; items of at least one interval are certain. With
      ``materiality`` the interval is ``population / sample size``; with ``size`` it is what is
      left after the certain items, divided by what is left of the size.
    - *stratified*: simple random in each stratum; the size is shared out in proportion to the
      strata's weight, at least one item for each.
    - *simple*: every subset of the size is equally likely.

    Parameters
    ----------
    population : mapping of str to int
        Weight of each item, never negative: put reversals and credits into a population of
        their own. [mg CO2e]
    seed : int or str
        Same seed, same items.
    method : str
        One of the three above.
    size : int, optional
        Number of items.
    materiality : int, optional
        Tolerable misstatement; instead of ``size``, in proportion to size only. [mg CO2e]
    confidence : float
        One minus the risk of accepting a materially wrong total; with ``materiality``. [-]
    expected : int
        Misstatement expected in the population; with ``materiality``. [mg CO2e]
    strata : mapping of str to str, optional
        Stratum of each item; with *stratified* only, and required there.

    Raises
    ------
    SamplingError
        If the population is empty or has a negative weight, the size is out of its range, or
        the arguments do not fit the method.

    References
    ----------
    .. [1] ISA 530, Audit Sampling, appendices 1 and 4 (value-weighted selection, systematic
       selection, stratification).
    .. [2] AICPA (2017), Audit Guide: Audit Sampling, ch. 6 and appendix C.

    """
    _require_arguments(population, method, size, materiality, strata)
    if materiality is not None:
        size = sample_size(sum(population.values()), materiality, confidence, expected)
        interval = Fraction(sum(population.values()), size)
        return _systematic(population, str(seed), interval, frozenset())
    if size is None:
        raise SamplingError("state a size or a materiality")
    if method == "probability proportional to size":
        interval, certain = _interval(population, size)
        return _systematic(population, str(seed), interval, certain)
    return _random(population, str(seed), method, size, strata or {})


def _systematic(
    population: Mapping[str, int], seed: str, interval: Fraction, certain: frozenset[str]
) -> Sample:
    ordered = sorted(population)
    certain = certain | {i for i in ordered if population[i] and population[i] >= interval}
    rest = [i for i in ordered if i not in certain and population[i]]
    start = interval * Fraction(_number(seed, "start"), 1 << BITS)
    items = [Item(i, population[i], Fraction(1)) for i in certain]
    ends = accumulate(population[i] for i in rest)
    point = start
    for i, end in zip(rest, ends, strict=True):
        if point < end:
            items.append(Item(i, population[i], population[i] / interval))
            point += interval
    return Sample(
        method="probability proportional to size",
        seed=seed,
        items=_by_id(items),
        population=len(population),
        population_weight=sum(population.values()),
        weightless=sum(not weight for weight in population.values()),
        interval=interval,
        start=start,
    )


def _interval(population: Mapping[str, int], size: int) -> tuple[Fraction, frozenset[str]]:
    """Set items aside as certain, largest first, until none of the rest reaches the interval."""
    ranked = sorted((i for i in population if population[i]), key=lambda i: (-population[i], i))
    left = sum(population.values())
    for certain, item in enumerate(ranked[:size]):
        if population[item] * (size - certain) < left:
            return Fraction(left, size - certain), frozenset(ranked[:certain])
        left -= population[item]
    return Fraction(max(1, population[ranked[size - 1]])), frozenset(ranked[:size])


def _random(
    population: Mapping[str, int],
    seed: str,
    method: Method,
    size: int,
    strata: Mapping[str, str],
) -> Sample:
    members: dict[str, list[str]] = defaultdict(list)
    for i in population:
        members[strata.get(i, "")].append(i)
    sizes = allocate(
        {name: sum(population[i] for i in ids) for name, ids in members.items()},
        {name: len(ids) for name, ids in members.items()},
        size,
    )
    items = [
        Item(i, population[i], Fraction(sizes[name], len(ids)), name)
        for name, ids in members.items()
        for i in sorted(ids, key=lambda i: (_number(seed, "item", i), i))[: sizes[name]]
    ]
    return Sample(
        method=method,
        seed=seed,
        items=_by_id(items),
        population=len(population),
        population_weight=sum(population.values()),
        weightless=sum(not weight for weight in population.values()),
    )


def allocate(weights: Mapping[str, int], counts: Mapping[str, int], size: int) -> dict[str, int]:
    """Share a sample size out to strata in proportion to their weight.

    Every stratum gets one item at least and all of its items at most; the rest follows the
    highest averages (weight per item already given); of equal ones
    the smaller comes first, then the one first by name.

    Parameters
    ----------
    weights, counts : mapping of str to int
        Weight and number of the items of each stratum.
    size : int
        Items in all.

    Raises
    ------
    SamplingError
        If the size is below the number of strata or above the number of items.

    """
    if not len(counts) <= size <= sum(counts.values()):
        raise SamplingError(
            f"a size of {size} does not fit {len(counts)} strata of {sum(counts.values())} items"
        )
    sizes = dict.fromkeys(sorted(counts), 1)
    for _ in range(size - len(counts)):
        open_strata = [name for name in sizes if sizes[name] < counts[name]]
        highest = max(
            open_strata, key=lambda name: (Fraction(weights[name], sizes[name]), -sizes[name])
        )
        sizes[highest] += 1
    return sizes


def _number(*names: str) -> int:
    text = "\x1f".join(("linyin sample 1", *names)).encode()
    return int.from_bytes(hashlib.sha256(text).digest()[: BITS // 8])


def _by_id(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(sorted(items, key=lambda item: item.id))


def _require_arguments(
    population: Mapping[str, int],
    method: Method,
    size: int | None,
    materiality: int | None,
    strata: Mapping[str, str] | None,
) -> None:
    if method not in get_args(Method.__value__):
        raise SamplingError(f"{method!r} is no method of sampling")
    if any(weight < 0 for weight in population.values()):
        raise SamplingError("a weight is negative: sample reversals and credits apart")
    by_size = method == "probability proportional to size"
    items = sum(1 for weight in population.values() if weight or not by_size)
    if not items:
        raise SamplingError("nothing to draw from")
    if size is not None and materiality is not None:
        raise SamplingError("state a size or a materiality, not both")
    if materiality is not None and not by_size:
        raise SamplingError(f"a materiality gives no size for {method} sampling: state one")
    if size is not None and not 1 <= size <= items:
        raise SamplingError(f"a size of {size} does not fit {items} items")
    if (strata is not None) != (method == "stratified"):
        raise SamplingError("strata and the method 'stratified' go together")
    if strata is not None and (unplaced := sorted(population.keys() - strata.keys())):
        raise SamplingError(f"item {unplaced[0]!r} has no stratum")


_TEXTS: dict[str, dict[str, str]] = {
    "probability proportional to size": {
        "en": (
            "Systematic selection with probability proportional to size (monetary-unit "
            "sampling) over the items sorted by id: interval {interval}, random start {start}, "
            "seed {seed}. {drawn} of {population} items, {certain} of them certain for their "
            "size; without weight, never drawn: {weightless}."
        ),
        "zh": (
            "按规模比例概率的系统抽样（货币单元抽样），项目按编号排序：间隔 {interval}，"
            "随机起点 {start}，种子 {seed}。从 {population} 项中抽取 {drawn} 项，"
            "其中 {certain} 项因规模必选；{weightless} 项权重为零，不会被抽中。"
        ),
    },
    "stratified": {
        "en": (
            "Stratified random selection, size shared out in proportion to the strata's "
            "weight, seed {seed}. {drawn} of {population} items."
        ),
        "zh": (
            "分层随机抽样，样本量按各层权重分配，种子 {seed}。从 {population} 项中抽取 {drawn} 项。"
        ),
    },
    "simple": {
        "en": "Simple random selection, seed {seed}. {drawn} of {population} items.",
        "zh": "简单随机抽样，种子 {seed}。从 {population} 项中抽取 {drawn} 项。",
    },
}
