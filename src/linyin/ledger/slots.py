"""Slots: who uses the supply of a context, when, with which share, on which line."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from linyin.ledger.choose import SITE
from linyin.ledger.contexts import Context
from linyin.ledger.legs import Operations, Piece
from linyin.ledger.lines import Position, positions
from linyin.ledger.runs import Run
from linyin.organization import Period

__all__ = ["Slot", "Slots"]

ENERGIES: Final = frozenset({"electricity", "heat", "steam", "cooling"})


@dataclass(frozen=True, slots=True)
class Slot:
    """Where and when a context is being resolved."""

    site: str
    entity: str
    position: Position
    piece: Piece
    lo: Fraction
    hi: Fraction
    places: tuple[str, ...]
    kind: int
    """Equal for slots that differ by site and entity alone."""

    @property
    def year(self) -> int:
        """Year of the piece, which lies within one."""
        return self.piece.begin.year

    @property
    def place(self) -> str:
        """Innermost place that is no site."""
        return next(place for place in self.places if not place.startswith(SITE))


class Slots:
    """Finds who uses a context's supply, when, with which share, on which line."""

    def __init__(
        self,
        run: Run,
        operations: Operations,
        known: Container[str],
        instrument_days: Iterable[date] = (),
    ) -> None:
        self.run, self.operations, self.known = run, operations, known
        self._instrument_days = frozenset(instrument_days)
        self._slots: dict[tuple[object, ...], tuple[Slot, ...]] = {}
        self._kinds: dict[tuple[object, ...], int] = {}

    def of(self, context: Context) -> tuple[Slot, ...]:
        """Return the slots of a context, in the order of users and time."""
        begin, end = max(context.begin, self.run.begin), min(context.end, self.run.end)
        if begin >= end:
            return ()
        is_shared = self.operations.is_shared(context.site)
        key = (
            context.site,
            context.place,
            context.source_type,
            context.relation,
            (context.item, context.supply) if is_shared else None,
            self._days_of(context),
            begin,
            end,
        )
        if key not in self._slots:
            self._slots[key] = tuple(self._between(context, begin, end))
        return self._slots[key]

    def _days_of(self, context: Context) -> frozenset[date]:
        """Return the days on which something beside the shares changes for a context.

        An instrument covers what is used in its window; what a counterparty does is eliminated
        while it is inside the boundary.
        """
        days = self._instrument_days if context.source_type in ENERGIES else frozenset()
        return days | self.operations.changes(context.counterparty)

    def _between(self, context: Context, begin: date, end: date) -> Iterator[Slot]:
        for target in self.operations.targets(
            context.site, context.item, context.supply, begin, end
        ):
            start, stop = max(begin, target.begin), min(end, target.end)
            if start >= stop:
                continue
            for piece in self.operations.pieces(target.site, self.run.begin, self.run.end):
                if piece.begin >= end or piece.end <= begin:
                    continue
                first, last = max(piece.begin, target.begin), min(piece.end, target.end)
                if first >= last:
                    continue
                position = positions(
                    context.source_type,
                    context.relation,
                    self.run.approach,
                    share=piece.share,
                    equity=piece.equity,
                )
                if position is None:
                    continue
                for part in Period(first, last).cut(self._days_of(context)):
                    dated = Piece(part.begin, part.end, piece.share, piece.equity)
                    places = self.operations.places(target.site, context.place, part.begin)
                    area = tuple(p for p in places if p in self.known or not p.startswith(SITE))
                    kind = (position, dated, target.lo, target.hi, area)
                    yield Slot(
                        target.site,
                        self.operations.owner(target.site, part.begin),
                        position,
                        dated,
                        target.lo,
                        target.hi,
                        places,
                        self._kinds.setdefault(kind, len(self._kinds)),
                    )
