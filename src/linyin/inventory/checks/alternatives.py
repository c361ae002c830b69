# ruff: noqa: D401 - a docstring of a check says what is wrong, as style asks
"""Alternative methods that stand beside nothing, or that nothing stands beside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from linyin.inventory.checks.registry import check
from linyin.inventory.checks.subject import Subject, where
from linyin.lake import Finding, Where

__all__: list[str] = []

_ALONE: Final = """
WITH booked AS (
    SELECT e.source, e.external_id, e.line, e.role, l.method, sum(e.co2e_mg) AS mg
    FROM entries AS e JOIN legs AS l USING (leg)
    WHERE e.role IN ('reported', 'alternative') AND e.scope2_method <> 'market' GROUP BY ALL
), placed AS (
    SELECT b.*, r.site, r.item, r.begin, r."end", _file, _sheet, _row
    FROM booked AS b JOIN rows AS r USING (source, external_id) WHERE NOT r.past AND NOT r.later
), alone AS (
    SELECT a.* FROM placed AS a ANTI JOIN placed AS b ON b.role = 'reported' AND b.line = a.line
        AND b.site = a.site AND b.item = a.item AND b.begin < a."end" AND a.begin < b."end"
    WHERE a.role = 'alternative'
)
SELECT line, method, count(*) AS rows, sum(mg)::VARCHAR AS mg,
    list(DISTINCT item ORDER BY item) AS items,
    arg_min(struct_pack(_file, _sheet, _row), (_file, _sheet, _row)) AS spot
FROM alone GROUP BY line, method ORDER BY line, method
"""
_LISTED: Final = 12
_SETTING: Final = Where("linyin.toml", column="policies.alternatives")


@check("alternative-alone", severity="warning")
def alternative_alone(subject: Subject) -> Iterator[Finding]:
    """Rows stand by an alternative method and nothing of their kind is reported beside them."""
    if not _policy(subject):
        return
    for row in subject.each(_ALONE):
        items = row["items"]
        more = f" … ({len(items)})" if len(items) > _LISTED else ""
        fields = {
            "line": row["line"],
            "method": row["method"],
            "rows": row["rows"],
            "items": ", ".join(items[:_LISTED]) + more,
            "tonnes": f"{int(row['mg']) / 1e9:.6g}",
        }
        yield Finding("alternative-alone", "warning", where(row["spot"], "method"), fields)


@check("alternative-unused", severity="question")
def alternative_unused(subject: Subject) -> Iterator[Finding]:
    """An alternative method of the policy was worked out for no row of its line."""
    asked = "SELECT DISTINCT line, method FROM legs WHERE role = 'alternative'"
    used = {(row["line"], row["method"]) for row in subject.each(asked)}
    for line, methods in sorted(_policy(subject).items()):
        for method in methods:
            if (line, method) not in used:
                fields = {"line": line, "method": method}
                yield Finding("alternative-unused", "question", _SETTING, fields)


def _policy(subject: Subject) -> dict[str, Any]:
    stated: dict[str, Any] = subject.inventory.run["policies"]["alternatives"]
    return stated
