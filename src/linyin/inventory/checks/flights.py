"""Flights that say neither their haul nor whether radiative forcing counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from linyin.inventory.checks.factors import PLACED
from linyin.inventory.checks.registry import check
from linyin.inventory.checks.subject import Subject, where
from linyin.lake import Finding

__all__: list[str] = []

_DEFAULTS: Final = """
SELECT DISTINCT ON (f.factor_id) f.factor_id AS factor, f.item, named.technology AS meant,
    forced.technology AS forced, p.spot,
    100 * (forced.co2e_kg::DOUBLE / f.co2_kg::DOUBLE - 1) AS more
FROM legs AS l JOIN factors AS f USING (factor_id) JOIN placed AS p USING (context)
JOIN factors AS named ON (named.pack, named.item, named.unit, named.boundary, named.co2_kg)
    = (f.pack, f.item, f.unit, f.boundary, f.co2_kg) AND named.technology <> ''
JOIN factors AS forced ON (forced.pack, forced.item, forced.unit, forced.boundary)
    = (f.pack, f.item, f.unit, f.boundary) AND forced.technology = named.technology || '_rf'
WHERE l.role = 'reported' AND f.item IN ('flight', 'air_freight') AND f.technology = ''
    AND f.boundary <> 'upstream' AND f.co2_kg <> '' AND forced.co2e_kg <> ''
ORDER BY f.factor_id, named.technology
"""


@check("flights-default", severity="question")
def flights_default(subject: Subject) -> Iterator[Finding]:
    """Flights stand at a default that leaves radiative forcing out."""
    subject.keep("placed", PLACED)
    for row in subject.each(_DEFAULTS):
        fields = {
            "item": row["item"],
            "factor": row["factor"],
            "meant": row["meant"],
            "forced": row["forced"],
            "more": f"{row['more']:.0f}",
        }
        yield Finding("flight-default", "question", where(row["spot"], "technology"), fields)
