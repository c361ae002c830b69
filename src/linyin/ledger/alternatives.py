"""Alternatives: the methods that stand beside the reported one of a row, by policy of the line."""

from __future__ import annotations

from linyin.ledger.contexts import Context
from linyin.ledger.lookup import Lookup
from linyin.ledger.methods import Method, fitting
from linyin.ledger.questions import question
from linyin.ledger.runs import Run
from linyin.ledger.slots import Slot
from linyin.ledger.source_types import load as load_source_types

__all__ = ["Alternatives"]


class Alternatives:
    """Says by which method a row is reported, and which are worked out beside it."""

    def __init__(self, run: Run, lookup: Lookup) -> None:
        self.run, self.lookup = run, lookup

    def of(self, context: Context, own: Method, slot: Slot) -> tuple[Method, tuple[Method, ...]]:
        """Return the method that reports a context in a slot, and those beside it.

        A row that names no method is reported by the first that fits it, finds a factor and is
        no alternative. A row that has no such method stays what it is: an alternative itself.

        Parameters
        ----------
        context, own, slot
            `own` is the method that the row states, or that is derived for it.

        """
        named = self.run.policies.alternatives.get(slot.position.line, ())
        if not named or self.run.alternatives_rule < 2:
            return own, ()
        if own.amount_unit(context.unit, context.inputs)[0].kind.startswith("co2e"):
            return own, ()
        if load_source_types()[context.source_type].role_under(self.run.standard) != "reported":
            return own, ()
        others = [m for m in self._fitting(context) if m.name != own.name]
        reported = own
        if own.name in named:
            better = None if context.method else self._first(context, others, named, slot)
            if better is None:
                return own, ()
            others, reported = [own, *(m for m in others if m != better)], better
        beside = [m for m in others if m.name in named]
        return reported, tuple(m for m in beside if self._has_factor(context, m, slot))

    def _fitting(self, context: Context) -> list[Method]:
        supplied = self.lookup.catalog.has_specific(
            context.counterparty, context.product, context.item
        )
        return fitting(
            context.source_type,
            context.inputs,
            context.unit,
            supplier_factor=supplied,
            pinned=self.run.methods,
        )

    def _first(
        self, context: Context, methods: list[Method], named: tuple[str, ...], slot: Slot
    ) -> Method | None:
        return next(
            (m for m in methods if m.name not in named and self._answers(context, m, slot)),
            None,
        )

    def _has_factor(self, context: Context, method: Method, slot: Slot) -> bool:
        if self._answers(context, method, slot):
            return True
        line = slot.position.line
        self.lookup.report(
            "alternative-factor-missing",
            context,
            f"{line} {method.name}",
            line=line,
            method=method.name,
        )
        return False

    def _answers(self, context: Context, method: Method, slot: Slot) -> bool:
        """Whether a method finds a factor; one that asks for none needs none."""
        catalog, places = self.lookup.catalog, slot.places
        unit, _ = method.amount_unit(context.unit, context.inputs)
        asked = question(self.run, catalog, context, method, unit, places, slot.year, beside=True)
        return not method.uses or self.lookup.winner(asked) is not None
