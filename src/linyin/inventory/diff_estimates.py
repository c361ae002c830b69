"""Which part of a changed quantity came from replacing estimates by what was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from linyin.inventory.diff_legs import Slice, kind_of, quanta
from linyin.inventory.diff_matching import Pair
from linyin.inventory.inventory import Inventory
from linyin.ledger import parse_unit

__all__ = ["Estimates"]

_SOFT: Final = "status IN ('estimated', 'default')"

type _Rows = Mapping[int, Mapping[tuple[str, str], tuple[bool, int]]]


class Estimates:
    """Compares the rows behind the sources of two runs of one period."""

    def __init__(self, before: Inventory, after: Inventory, pairs: Sequence[Pair]) -> None:
        self.any = _soft(before) or _soft(after)
        if not self.any:
            return
        changed = [p for p in pairs if p.before and p.after and _quantity(p)]
        self._rows = (
            _rows(before, [s.leg for p in changed for s in p.before]),
            _rows(after, [s.leg for p in changed for s in p.after]),
        )

    def share(self, pair: Pair) -> Fraction | None:
        """Return which part of the change of a quantity estimates are behind. [-]

        A row that was an estimate and is none any more (or the other way round) counts, and, in a
        source with estimates that are gone or new, every row that came or went: actual rows
        supersede estimates under names of their own.
        """
        if not self.any:
            return None
        units = {s.unit for s in (*pair.before, *pair.after)}
        if len({kind_of(unit) for unit in units}) > 1:
            return None
        change = _quantity(pair)
        if not change:
            return None
        before = _merged(self._rows[0], pair.before)
        after = _merged(self._rows[1], pair.after)
        replaced = came_and_went = Fraction(0)
        soft = False
        for key in before.keys() | after.keys():
            was, now = before.get(key), after.get(key)
            delta = (now[1] if now else Fraction(0)) - (was[1] if was else Fraction(0))
            if was and now:
                replaced += delta if was[0] != now[0] else Fraction(0)
                continue
            came_and_went += delta
            soft = soft or any(row[0] for row in (was, now) if row)
        estimated = replaced + (came_and_went if soft else 0)
        return estimated / change if estimated else None


def _soft(inventory: Inventory) -> bool:
    found = inventory.query(f"SELECT 1 FROM entries WHERE {_SOFT} LIMIT 1")
    return bool(found.num_rows)


def _quantity(pair: Pair) -> Fraction:
    before, after = (
        sum((s.quantity * parse_unit(s.unit).factor for s in side), Fraction(0))
        for side in (pair.before, pair.after)
    )
    return after - before


def _merged(rows: _Rows, slices: Sequence[Slice]) -> dict[tuple[str, str], tuple[bool, Fraction]]:
    merged: dict[tuple[str, str], tuple[bool, Fraction]] = {}
    for leg, unit in {s.leg: s.unit for s in slices}.items():
        for key, (soft, quantity) in rows.get(leg, {}).items():
            known = merged.get(key, (soft, Fraction(0)))
            merged[key] = (soft, known[1] + quantity * parse_unit(unit).factor)
    return merged


def _rows(inventory: Inventory, legs: Sequence[int]) -> _Rows:
    found: dict[int, dict[tuple[str, str], tuple[bool, int]]] = {}
    if not legs:
        return found
    table = inventory.query(
        f"""
        SELECT leg, source, external_id, bool_or({_SOFT}) AS soft,
               {quanta("amount * fraction")} AS quantity
        FROM entries WHERE leg IN (SELECT unnest($1)) GROUP BY leg, source, external_id
        """,
        [sorted(set(legs))],
    )
    columns = [table[name].to_pylist() for name in table.column_names]
    for leg, source, external_id, soft, quantity in zip(*columns, strict=True):
        found.setdefault(leg, {})[source, external_id] = (soft, int(quantity))
    return found
