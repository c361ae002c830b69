# ruff: noqa: D401 - a docstring of a check says what is wrong, as style asks
"""Totals that cannot be, or that a reader will ask about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from linyin.inventory.checks.registry import check
from linyin.inventory.checks.subject import Subject, where
from linyin.lake import Finding

__all__ = ["ESTIMATED_SHARE", "MARKET_OVER"]

ESTIMATED_SHARE: Final = 0.1
MARKET_OVER: Final = 1.05

_NEGATIVE: Final = """
SELECT e.booked_site, e.line, e.scope2_method, c.item,
    sum(e.co2e_mg)::DOUBLE / 1e9 AS tonnes,
    arg_min(struct_pack(_file, _sheet, _row), r.quantity) AS spot
FROM reported AS e JOIN contexts AS c USING (context)
JOIN (SELECT * FROM rows WHERE NOT past) AS r USING (source, external_id)
WHERE c.source_type NOT IN (FROM exports)
GROUP BY ALL HAVING sum(e.co2e_mg) < 0 ORDER BY ALL
"""


@check("total-negative", severity="warning")
def total_negative(subject: Subject) -> Iterator[Finding]:
    """Reversals and credits take more from a site's item than it has."""
    for row in subject.each(_NEGATIVE):
        fields = {
            "site": row["booked_site"],
            "line": row["line"],
            "item": row["item"],
            "tonnes": f"{row['tonnes']:.6g}",
        }
        yield Finding("total-negative", "warning", where(row["spot"], "quantity"), fields)


@check("estimates-share", severity="question")
def estimates_share(subject: Subject) -> Iterator[Finding]:
    """More than `ESTIMATED_SHARE` of the emissions rests on estimates and defaults."""
    share = subject.inventory.estimated_share("location")
    if share > ESTIMATED_SHARE:
        fields = {"share": f"{100 * share:.1f}", "limit": f"{100 * ESTIMATED_SHARE:.0f}"}
        yield Finding("estimates-share", "question", fields=fields)


@check("market-over-location", severity="question")
def market_over_location(subject: Subject) -> Iterator[Finding]:
    """Scope 2 by market exceeds scope 2 by location although instruments stand behind it."""
    has_instruments = any(subject.each("SELECT 1 FROM legs WHERE instrument <> '' LIMIT 1"))
    market, location = (
        subject.inventory.scope(2, "market"),
        subject.inventory.scope(2, "location"),
    )
    if has_instruments and market > MARKET_OVER * location:
        chosen: dict[str, str] = subject.inventory.run["policies"]["residual"]
        fields = {
            "year": subject.inventory.run["year"],
            "market": f"{market / 1e9:.6g}",
            "location": f"{location / 1e9:.6g}",
            "residual": ", ".join(f"{of}: {policy}" for of, policy in sorted(chosen.items()))
            or "official",
        }
        yield Finding("market-over-location", "question", fields=fields)


@check("line-vanished", severity="question")
def line_vanished(subject: Subject) -> Iterator[Finding]:
    """A line had emissions in the run before and has none now."""
    if subject.previous is None:
        return
    now = subject.inventory.by_line("location")
    for line, mg in subject.previous.by_line("location").items():
        if mg and not now.get(line):
            fields = {"line": line, "tonnes": f"{mg / 1e9:.6g}"}
            yield Finding("line-vanished", "question", fields=fields)
