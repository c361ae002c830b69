"""Resolving: from a context to its legs, worked out once for all contexts that are alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final

from linyin.ledger.alternatives import Alternatives
from linyin.ledger.catalog import Catalog, Factor
from linyin.ledger.contexts import Context, amount_unit
from linyin.ledger.elimination import eliminated, kept
from linyin.ledger.faults import LedgerError
from linyin.ledger.legs import Leg, Operations
from linyin.ledger.lookup import Lookup, Note
from linyin.ledger.methods import CARBON_BALANCE, Method, pick
from linyin.ledger.multipliers import Multipliers
from linyin.ledger.no_method import what_would_fit
from linyin.ledger.questions import owners_of, question
from linyin.ledger.runs import Run
from linyin.ledger.slots import Slot, Slots
from linyin.ledger.source_types import load as load_source_types
from linyin.ledger.spend import Rates, Step
from linyin.ledger.upstream import Upstream
from linyin.ledger.weights import Weights, as_stated

__all__ = ["Resolver"]

STEAMS: Final = frozenset({"heat", "steam"})

type Subject = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """What contexts of one subject become in slots of one kind.

    Attributes
    ----------
    legs
        Of the first such context; the others' differ by context, site and entity.
    notes
        What a reader must know about each of them.

    """

    legs: Sequence[Leg]
    notes: Sequence[tuple[Note, str]]

    def repeat(self, context: Context, slot: Slot) -> Iterator[Leg]:
        """Yield the legs of another context."""
        for note, value in self.notes:
            note.about(context, value)
        for leg in self.legs:
            yield leg.of(context, slot.site, slot.entity)


class Resolver:
    """Resolves the contexts of one run."""

    def __init__(
        self,
        run: Run,
        lookup: Lookup,
        operations: Operations,
        rates: Rates,
        instrument_days: Iterable[date] = (),
    ) -> None:
        self.run, self.lookup, self.operations = run, lookup, operations
        self._slots = Slots(run, operations, lookup.catalog.places, instrument_days)
        self._weights = Weights(run, lookup, rates)
        self._upstream = Upstream(run, lookup)
        self._alternatives = Alternatives(run, lookup)
        self._methods: dict[Subject, Method] = {}
        self._patterns: dict[tuple[Subject, str, int], Pattern] = {}

    def resolve(self, context: Context) -> Sequence[Leg]:
        """Return the legs of a context, without those of scope 2 by market."""
        legs: list[Leg] = []
        subject = _subject(context, self.lookup.catalog)
        try:
            slots = self._slots.of(context)
            method = self._method(context, subject) if slots else None
            if method is None:
                return ()
            for slot in slots:
                pattern = self._pattern(context, subject, method, slot)
                legs += pattern.repeat(context, slot)
        except LedgerError as fault:
            self.lookup.error(fault, context)
        return legs

    def _pattern(self, context: Context, subject: Subject, method: Method, slot: Slot) -> Pattern:
        """Resolve a context in a slot, once for all that share its subject and kind of slot."""
        partner = context.counterparty
        if not partner or not self.operations.inside(partner, slot.piece.begin):
            partner = ""
        key = (subject, partner, slot.kind)
        known = self._patterns.get(key)
        if known is None:
            with self.lookup.hearing() as heard:
                legs = tuple(self._of_slot(context, method, slot))
            known = Pattern(legs, tuple(heard))
            if all(note.severity != "error" for note, _ in heard):
                self._patterns[key] = known
        return known

    def _method(self, context: Context, subject: Subject) -> Method | None:
        method = self._methods.get(subject) or self._pick(context)
        if method is None:
            return None
        self._methods[subject] = method
        if method.name == "fuel" and self._lacks_balance(context):
            unit = method.amount_unit(context.unit, context.inputs)[0].code
            self.lookup.report("carbon-balance-left", context, f"{context.item} {unit}", unit=unit)
        return method

    def _pick(self, context: Context) -> Method | None:
        method = pick(
            context.source_type,
            context.method,
            context.inputs,
            context.unit,
            supplier_factor=self.lookup.catalog.has_specific(
                context.counterparty, context.product, context.item
            ),
            standard="" if self._is_biogenic(context) else self.run.standard,
            pinned=self.run.methods,
        )
        if method and method.takes_amount(context.inputs, context.unit):
            return method
        unit = amount_unit(context.unit, context.inputs)[0]
        weighed = context.source_type in STEAMS and unit.kind == "mass"
        self.lookup.fail(
            "steam-by-mass" if weighed else "method-misfit",
            context,
            source_type=context.source_type,
            method=context.method or "-",
            unit=unit.code,
            inputs=", ".join(sorted(context.inputs)) or "-",
            choices=what_would_fit(context.source_type, context.inputs),
        )
        return None

    def _is_biogenic(self, context: Context) -> bool:
        return context.item in self.lookup.reference.biogenic

    def _lacks_balance(self, context: Context) -> bool:
        """Whether a fuel of the reporter's own has a factor where its standard balances carbon."""
        return (
            self.run.standard == "GB/T 32150"
            and context.source_type in ("stationary_combustion", "mobile_combustion")
            and not context.method
            and not self._is_biogenic(context)
        )

    def _of_slot(self, context: Context, method: Method, slot: Slot) -> Iterator[Leg]:
        reported, beside = self._alternatives.of(context, method, slot)
        main = self._main(context, reported, slot, beside=reported != method)
        if main is None:
            return
        is_beside = main.role == "alternative" and self.run.alternatives_rule > 1
        counted = kept if is_beside else eliminated
        yield from counted(main, self.operations)
        if main.multipliers.montreal:
            yield _outside(main)
        for leg in self._chain(main, slot):
            yield from counted(leg, self.operations)
        for other in beside:
            for leg in self._beside(context, other, slot):
                yield from kept(leg, self.operations)

    def _chain(self, main: Leg, slot: Slot) -> Iterator[Leg]:
        """Yield the legs of a leg's supply chain."""
        if main.method.upstream and main.boundary == "combustion":
            yield from self._upstream.of(main, slot)

    def _beside(self, context: Context, method: Method, slot: Slot) -> Sequence[Leg]:
        """Resolve by another method than the reported; what it lacks is only a warning."""
        with self.lookup.mild():
            try:
                main = self._main(context, method, slot, beside=True)
                return (main, *self._chain(main, slot)) if main else ()
            except LedgerError as fault:
                self.lookup.error(fault, context)
                return ()

    def _main(self, context: Context, method: Method, slot: Slot, *, beside: bool) -> Leg | None:
        line = slot.position.line
        unit, scale = method.amount_unit(context.unit, context.inputs)
        steps: Sequence[Step] = ()
        factor: Factor | None = None
        by = slot.position.share * self._sign(context)
        if unit.kind == "co2e" or unit.kind == "co2e/year":
            multipliers = as_stated(unit, scale).scaled(by)
        elif method.name == CARBON_BALANCE:
            multipliers, steps = self._weights.by_carbon(context, unit, scale, slot.year)
            multipliers = multipliers.scaled(by)
        else:
            catalog, places = self.lookup.catalog, slot.places
            query = question(
                self.run, catalog, context, method, unit, places, slot.year, beside=beside
            )
            factor = self.lookup.factor(query, context, self.run, slot.place)
            if factor is None:
                if unit.kind == "currency":
                    self._weights.foretell(context, unit, method.uses, slot)
                return None
            self.lookup.rebased(factor, context, self.run)
            if line.startswith("2.") and factor.boundary == "total":
                self.lookup.report(
                    "grid-total", context, factor.pack, each="factor", factor=factor.factor_id
                )
            weighed = self._weights.by_factor(context, factor, unit, scale, slot)
            if weighed is None:
                return None
            per_unit, steps = weighed
            multipliers = per_unit.scaled(by)
        role = self._role(context, method, line)
        return Leg(
            run=self.run.run,
            context=context,
            method=method,
            booked_site=slot.site,
            entity=slot.entity,
            line=line,
            scope2_method="location" if line.startswith("2.") else "",
            role=role,
            begin=slot.piece.begin,
            end=slot.piece.end,
            lo=slot.lo,
            hi=slot.hi,
            share=slot.position.share,
            by=by * scale,
            unit=unit,
            multipliers=multipliers,
            factor=factor,
            instrument="",
            boundary=factor.boundary if factor else "combustion",
            steps=tuple(steps),
        )

    def _sign(self, context: Context) -> Fraction:
        return Fraction(load_source_types()[context.source_type].sign)

    def _role(self, context: Context, method: Method, line: str) -> str:
        role = load_source_types()[context.source_type].role_under(self.run.standard)
        if role == "reported" and method.name in self.run.policies.alternatives.get(line, ()):
            return "alternative"
        return role


def _subject(context: Context, catalog: Catalog) -> Subject:
    """Tell apart what methods and factors depend on, beside where and when."""
    return (
        context.source_type,
        context.item,
        context.technology,
        context.method,
        context.unit,
        context.inputs,
        *owners_of(context, catalog),
    )


def _outside(main: Leg) -> Leg:
    """Show the gases of the Montreal Protocol outside the scopes."""
    co2e = main.multipliers.montreal
    masses = {"undivided_mg": co2e, "co2e_mg": co2e}
    return replace(
        main,
        line="0",
        scope2_method="",
        role="memo",
        multipliers=Multipliers(masses, {}, Fraction(0)),
    )
