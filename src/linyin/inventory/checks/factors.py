# ruff: noqa: D401 - a docstring of a check says what is wrong, as style asks
"""Factors that were used although they had expired, are drafts, are zero, or are a supplier's old.

Factors beyond the policy's age are a finding of the calculation itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from linyin.inventory.checks.registry import check
from linyin.inventory.checks.subject import Subject, where
from linyin.lake import Finding

__all__ = ["DRAFT_SHARE", "PLACED", "SUPPLIER_YEARS"]

SUPPLIER_YEARS: Final = 3
DRAFT_SHARE: Final = 0.01

_USED: Final = """
SELECT DISTINCT ON (l.factor_id) f.factor_id AS factor, f.supplier, f.data_year, f.valid_to,
    f.status, year($end::DATE - 1) AS year, p.spot, f.licence
FROM (
    SELECT factor_id, min(context) AS context, min(leg_from) AS first, max(leg_to) AS last,
        max(abs(k_co2e_mg) + abs(k_co2_biogenic_mg) + abs(k_undivided_mg)) AS heaviest
    FROM legs WHERE role IN ('reported', 'memo') AND factor_id <> '' AND instrument = ''
    GROUP BY ALL
) AS l JOIN factors AS f USING (factor_id) JOIN placed AS p USING (context)
WHERE {condition} ORDER BY l.factor_id, f.priority
"""

PLACED: Final = """
SELECT e.context, arg_min(struct_pack(_file, _sheet, _row), (_file, _sheet, _row)) AS spot
FROM entries AS e JOIN rows AS r USING (source, external_id) WHERE NOT r.past
GROUP BY e.context
"""

_DRAFTS: Final = """
SELECT coalesce(sum(abs(co2e_mg)) FILTER (status = 'draft'), 0)::DOUBLE
        / nullif(sum(abs(co2e_mg)), 0)::DOUBLE AS share,
    count(DISTINCT factor_id) FILTER (status = 'draft') AS drafts
FROM (SELECT leg, co2e_mg FROM reported WHERE scope2_method IN ('', 'location')) AS e
JOIN legs AS l USING (leg) LEFT JOIN (
    SELECT factor_id, arg_min(status, priority) AS status FROM factors GROUP BY factor_id
) AS f USING (factor_id)
"""


@check("factors-expired", severity="warning")
def factors_expired(subject: Subject) -> Iterator[Finding]:
    """The validity of a factor ended before the time it was used for did."""
    subject.keep("placed", PLACED)
    condition = "f.valid_to <> '' AND try_cast(f.valid_to AS DATE) < l.last"
    for row in subject.each(_USED.format(condition=condition)):
        fields = {"factor": row["factor"], "valid_to": row["valid_to"], "year": row["year"]}
        yield Finding("factor-expired", "warning", where(row["spot"]), fields)


@check("factors-zero", severity="question")
def factors_zero(subject: Subject) -> Iterator[Finding]:
    """A factor turned its rows into nothing; gases outside the scopes are something."""
    subject.keep("placed", PLACED)
    for row in subject.each(_USED.format(condition="l.heaviest = 0 AND f.species = ''")):
        yield Finding("factor-zero", "question", where(row["spot"]), {"factor": row["factor"]})


@check("factors-of-suppliers", severity="question")
def factors_of_suppliers(subject: Subject) -> Iterator[Finding]:
    """A supplier's own factor is older than `SUPPLIER_YEARS`."""
    subject.keep("placed", PLACED)
    condition = (
        f"f.supplier <> '' AND year($end::DATE - 1) - f.data_year::INTEGER > {SUPPLIER_YEARS}"
    )
    for row in subject.each(_USED.format(condition=condition)):
        fields = {
            "factor": row["factor"],
            "supplier": row["supplier"],
            "data_year": row["data_year"],
            "year": row["year"],
        }
        yield Finding("factor-supplier-old", "question", where(row["spot"]), fields)


@check("factors-draft", severity="warning")
def factors_draft(subject: Subject) -> Iterator[Finding]:
    """More than `DRAFT_SHARE` of the emissions rest on draft factors."""
    for row in subject.each(_DRAFTS):
        if row["share"] is not None and row["share"] > DRAFT_SHARE:
            fields = {"share": f"{100 * row['share']:.1f}", "drafts": row["drafts"]}
            yield Finding("factors-draft", "warning", fields=fields)
