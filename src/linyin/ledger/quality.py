"""Data quality: five scores, their weighted mean, and the default uncertainty they imply."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from functools import cache
from importlib import resources
from typing import Literal, get_args

BEST, WORST = 1, 5
YEARS = ((3, 1), (6, 2), (10, 3), (15, 4))
"""Distances in years below which a score holds, ascending."""

type Level = Literal["site", "subdivision", "region", "country", "world"]
LEVELS: tuple[str, ...] = get_args(Level.__value__)


class QualityError(ValueError):
    """Scores, weights or names that are not of the data-quality tables."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Five data-quality indicators, each from 1 (best) to 5.

    Raises
    ------
    QualityError
        If a score is not an integer from 1 to 5.

    References
    ----------
    .. [1] Weidema, B. P. and Wesnæs, M. S. (1996), Data quality management for life cycle
       inventories, Journal of Cleaner Production 4 (3–4), table 1.

    """

    reliability: int
    completeness: int
    time: int
    place: int
    technology: int

    def __post_init__(self) -> None:
        for indicator, score in zip(INDICATORS, astuple(self), strict=True):
            if not BEST <= score <= WORST:
                raise QualityError(f"{indicator} has the score {score}: expected 1 to 5")

    @classmethod
    def parse(cls, text: str) -> Scores:
        """Read five scores as factor tables write them: ``2 2 1 1 3``."""
        words = text.split()
        if len(words) != len(INDICATORS) or not all(w.isdecimal() for w in words):
            raise QualityError(f"{text!r}: expected five scores from 1 to 5, as in '2 2 1 1 3'")
        return cls(*map(int, words))


INDICATORS: tuple[str, ...] = tuple(f.name for f in fields(Scores))


@dataclass(frozen=True, slots=True)
class Quality:
    """Means of the scores, weighted by emissions, from 1 (best) to 5.

    ``overall`` is the mean of the five, ``coverage`` the scored share of the emissions. [-]
    """

    reliability: float
    completeness: float
    time: float
    place: float
    technology: float
    overall: float
    coverage: float


@dataclass(frozen=True, slots=True)
class UncertaintyFactor:
    """A row of the table of default uncertainties with its provenance.

    The square of a geometric standard deviation: the 95 % interval of a value v is v / factor to
    v × factor.
    """

    factor: float
    evidence: str
    copies_read: int
    source: str
    note: str


def weighted_score(scores: Sequence[Scores | None], weights: Sequence[float]) -> Quality:
    """Mean data quality, weighted by emissions.

    Parameters
    ----------
    scores : sequence of Scores or None, shape (n,)
        None: not scored; such rows only lower the coverage.
    weights : sequence of float, shape (n,)
        Emissions, never negative. [t CO2e]

    Raises
    ------
    QualityError
        If the lengths differ, a weight is negative, or nothing scored has a weight.

    References
    ----------
    .. [1] GHG Protocol (2011), Product Life Cycle Accounting and Reporting Standard, ch. 8
       (the five indicators); the weighting is this ledger's.

    """
    if len(scores) != len(weights):
        raise QualityError(f"{len(scores)} scores but {len(weights)} weights")
    if any(not (w >= 0 and math.isfinite(w)) for w in weights):
        raise QualityError("a weight is negative or no number")
    scored = [(s, w) for s, w in zip(scores, weights, strict=True) if s is not None]
    weight = math.fsum(w for _, w in scored)
    if weight == 0:
        raise QualityError("nothing that is scored has a weight")
    means = {
        name: math.fsum(w * getattr(s, name) for s, w in scored) / weight for name in INDICATORS
    }
    return Quality(
        **means,
        overall=math.fsum(means.values()) / len(means),
        coverage=weight / math.fsum(weights),
    )


def time_score(years: float | None) -> int:
    """Score the distance between the year of the data and the year of the activity.

    Under 3 years 1, under 6 years 2, under 10 years 3, under 15 years 4; else or unknown 5.

    Parameters
    ----------
    years : float or None
        Distance in either direction; None: unknown. [year]

    References
    ----------
    .. [1] Weidema and Wesnæs (1996), table 1, temporal correlation.

    """
    if years is None:
        return WORST
    return next((score for limit, score in YEARS if abs(years) < limit), WORST)


def place_score(asked: Level, found: Level | None) -> int:
    """Score the place of a factor against the place of the activity.

    The rule, after [1]_: as fine as asked for or finer, 1; a wider area inside one country, 2;
    a world average for a place in a country, 4; another place or unknown (None), 5. A 3 ("an
    area with similar conditions") is a judgement that no rule makes.

    Parameters
    ----------
    asked : str
        Level of the activity's place: site, subdivision, region, country or world.
    found : str or None
        Level of the factor's place, which contains the activity's; None: it does not.

    Raises
    ------
    QualityError
        If a level is unknown.

    References
    ----------
    .. [1] Weidema and Wesnæs (1996), table 1, geographical correlation.

    """
    for level in (asked, found):
        if level is not None and level not in LEVELS:
            raise QualityError(f"{level!r} is no level of a place: {', '.join(LEVELS)}")
    if found is None:
        return WORST
    if LEVELS.index(found) <= LEVELS.index(asked):
        return BEST
    return 4 if found == "world" else 2


def default_interval(scores: Scores, basic: str) -> tuple[float, float]:
    """95 % interval that data-quality scores imply, by the pedigree matrix.

    ``U = exp √(ln² U_basic + Σ ln² U_indicator)``; the interval is value / U to value × U. The
    factors of the tables are squares of geometric standard deviations, so that no 1.96 enters.

    Parameters
    ----------
    scores : Scores
        Five scores.
    basic : str
        Basic uncertainty: a name of kind ``basic`` in ``quality.csv``.

    Returns
    -------
    tuple of float
        Distances down and up as fractions of the value. [-]

    Raises
    ------
    QualityError
        If there is no such basic uncertainty.

    References
    ----------
    .. [1] Frischknecht et al. (2007), Overview and Methodology, ecoinvent report no. 1,
       section 7.3.
    .. [2] GHG Protocol (2011), Quantitative Inventory Uncertainty, pedigree matrix approach.

    """
    table = uncertainty_factors()
    if ("basic", basic, None) not in table:
        known = ", ".join(sorted(name for kind, name, _ in table if kind == "basic"))
        raise QualityError(f"{basic!r} is no basic uncertainty: {known}")
    rows = [
        table["basic", basic, None],
        *(
            table["indicator", name, score]
            for name, score in zip(INDICATORS, astuple(scores), strict=True)
        ),
    ]
    factor = math.exp(math.sqrt(math.fsum(math.log(r.factor) ** 2 for r in rows)))
    return 1 - 1 / factor, factor - 1


@cache
def uncertainty_factors() -> dict[tuple[str, str, int | None], UncertaintyFactor]:
    """Read ``quality.csv``: (kind, name, score or None) → factor and provenance."""
    text = resources.files("linyin.ledger").joinpath("quality.csv").read_text("utf-8")
    return {
        (row["kind"], row["name"], int(row["score"]) if row["score"] else None): UncertaintyFactor(
            float(row["factor"]),
            row["evidence"],
            int(row["copies_read"]),
            row["source"],
            row["note"],
        )
        for row in csv.DictReader(text.splitlines())
    }
