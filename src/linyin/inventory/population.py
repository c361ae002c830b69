"""What a verifier draws from: the reported entries of a run, each with its weight and its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from linyin.inventory.inventory import Inventory, Scope2Method

__all__ = ["Candidate", "candidates", "is_candidate"]

_REPORTED: Final = """
    SELECT e.source || '/' || e.external_id || '@' || e.leg AS id, e.line,
           any_value(e.booked_site) AS site, sum(e.co2e_mg)::VARCHAR AS mg,
           any_value(a._file) AS file, any_value(a._sheet) AS sheet, any_value(a._row) AS row
    FROM reported AS e JOIN activities AS a USING (source, external_id)
    WHERE e.scope2_method IN ('', $1)
    GROUP BY e.source, e.external_id, e.leg, e.line
    ORDER BY id
"""
_ONE: Final = """
    SELECT count(*) AS found FROM reported
    WHERE source || '/' || external_id || '@' || leg = $1
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reported entry that may be drawn; the parts of a split row are one.

    Attributes
    ----------
    id
        `source/external_id@leg`: how the entry is traced.
    line, site
        Line of the inventory, node it is booked on.
    weight
        Its emissions; below zero for reversals and credits. [mg CO2e]
    file, sheet, row
        Where the activity was read.

    """

    id: str
    line: str
    site: str
    weight: int
    file: str
    sheet: str
    row: int | None


def candidates(inventory: Inventory, scope2_method: Scope2Method = "location") -> list[Candidate]:
    """Return the reported entries of an inventory, sorted by id.

    Parameters
    ----------
    inventory : Inventory
        The run.
    scope2_method : {'location', 'market'}
        Which of the two figures of scope 2 the sample is of.
    """
    return [
        Candidate(
            row["id"], row["line"], row["site"], int(row["mg"]), row["file"], row["sheet"],
            row["row"],
        )
        for row in inventory.query(_REPORTED, [scope2_method]).to_pylist()
    ]  # fmt: skip


def is_candidate(inventory: Inventory, entry: str) -> bool:
    """Say whether an id names a reported entry of an inventory, by either method of scope 2."""
    (row,) = inventory.query(_ONE, [entry]).to_pylist()
    return bool(row["found"])
