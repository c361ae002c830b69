"""Legs: what one context becomes in one run.

A leg is a line of the inventory for a dated piece of time and a part of the supply, with
everything that depends on the context alone already multiplied: factor, units, defaults,
spend chain, the reporter's share.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final, Protocol

from linyin.ledger.bridges import cross
from linyin.ledger.catalog import Factor
from linyin.ledger.choose import SITE, Query
from linyin.ledger.contexts import Context, amount_unit
from linyin.ledger.faults import LedgerError
from linyin.ledger.lines import OPERATIONAL_LINES, Position, positions
from linyin.ledger.lookup import Lookup
from linyin.ledger.methods import CARBON_BALANCE, Method, pick
from linyin.ledger.multipliers import Multipliers, of_co2, of_co2e
from linyin.ledger.runs import Run
from linyin.ledger.source_types import load as load_source_types
from linyin.ledger.spend import MissingRates, RateKey, Rates, Step, spend_steps
from linyin.ledger.units import Unit, convert, parse
from linyin.organization import Period

__all__ = ["Leg", "Operations", "Piece", "Resolver"]

WHOLE: Final = (Fraction(0), Fraction(1))
CHAIN_LINES: Final = frozenset({"3.4", "3.6", "3.7", "3.9"})
HEAT: Final = parse("GJ net")
ENERGIES: Final = frozenset({"electricity", "heat", "steam", "cooling"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of time in which the reporter's share of an operation does not change."""

    begin: date
    end: date
    share: Fraction
    equity: Fraction


class Operations(Protocol):
    """What the ledger asks of the organization, for one reporter and approach."""

    def targets(
        self, site: str, item: str, supply: str, begin: date, end: date
    ) -> Sequence[Target]:
        """Return who uses a (shared) site's supply, as dated parts that cover it."""

    def is_shared(self, site: str) -> bool:
        """Say whether any supply of a site has several users."""

    def pieces(self, site: str, begin: date, end: date) -> Sequence[Piece]:
        """Return the dated shares of a site."""

    def owner(self, site: str, day: date) -> str:
        """Return the entity that owns a site on a day."""

    def places(self, site: str, place: str, day: date) -> tuple[str, ...]:
        """Return the places from the site (or a stated place) out to the world."""

    def changes(self, code: str) -> frozenset[date]:
        """Return the days on which a counterparty's place in the organization changes."""

    def inside(self, code: str, day: date) -> Fraction:
        """Return the reporter's share of a counterparty; 0 = outside the boundary."""


@dataclass(frozen=True, slots=True)
class Target:
    """A user of a part `[lo, hi)` of a site's supply for some time."""

    site: str
    begin: date
    end: date
    lo: Fraction
    hi: Fraction


@dataclass(frozen=True, slots=True)
class Leg:
    """One line of the inventory for a context; multipliers are mg per unit of the amount.

    `by` is what they were multiplied by beside the factor: share, sign, scale of the unit.
    """

    run: str
    context: Context
    method: Method
    booked_site: str
    entity: str
    line: str
    scope2_method: str
    role: str
    begin: date
    end: date
    lo: Fraction
    hi: Fraction
    share: Fraction
    by: Fraction
    unit: Unit
    multipliers: Multipliers
    factor: Factor | None
    instrument: str
    boundary: str
    steps: tuple[Step, ...]


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

    @property
    def year(self) -> int:
        return self.piece.begin.year

    @property
    def place(self) -> str:
        return next(place for place in self.places if not place.startswith(SITE))


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
        self.run, self.lookup, self.operations, self.rates = run, lookup, operations, rates
        self._instrument_days = frozenset(instrument_days)
        self._relevant: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._scaled: dict[tuple[object, ...], tuple[Multipliers, tuple[Step, ...]]] = {}
        self._slots: dict[tuple[object, ...], tuple[Slot, ...]] = {}

    def resolve(self, context: Context) -> Iterator[Leg]:
        """Yield the legs of a context, without those of scope 2 by market."""
        try:
            unit, scale = amount_unit(context.unit, context.inputs)
            method = self._method(context, unit)
            if method is None:
                return
            for slot in self._slots_of(context):
                yield from self._of_slot(context, method, unit, scale, slot)
        except LedgerError as fault:
            self.lookup.error(fault, context)

    def _slots_of(self, context: Context) -> tuple[Slot, ...]:
        """Return who uses the context's supply, when, with which share, on which line."""
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
            self._slots[key] = tuple(self._slots_between(context, begin, end))
        return self._slots[key]

    def _days_of(self, context: Context) -> frozenset[date]:
        """Return the days on which something beside the shares changes for a context.

        An instrument covers what is used in its window; what a counterparty does is eliminated
        while it is inside the boundary.
        """
        days = self._instrument_days if context.source_type in ENERGIES else frozenset()
        return days | self.operations.changes(context.counterparty)

    def _slots_between(self, context: Context, begin: date, end: date) -> Iterator[Slot]:
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
                    yield Slot(
                        target.site,
                        self.operations.owner(target.site, part.begin),
                        position,
                        Piece(part.begin, part.end, piece.share, piece.equity),
                        target.lo,
                        target.hi,
                        self.operations.places(target.site, context.place, part.begin),
                    )

    def _method(self, context: Context, unit: Unit) -> Method | None:
        method = pick(
            context.source_type,
            context.method,
            context.inputs,
            unit.kind,
            supplier_factor=self.lookup.catalog.has_specific(
                context.counterparty, context.product, context.item
            ),
            standard="" if self._is_biogenic(context) else self.run.standard,
            pinned=self.run.methods,
        )
        if method is None or (not method.takes(context.inputs, unit.kind) and unit.kind != "co2e"):
            self.lookup.fail(
                "method-misfit",
                context,
                source_type=context.source_type,
                method=context.method or "-",
                unit=unit.code,
                inputs=", ".join(sorted(context.inputs)) or "-",
            )
            return None
        if method.name == "fuel" and self._lacks_balance(context):
            self.lookup.report(
                "carbon-balance-left", context, f"{context.item} {unit.code}", unit=unit.code
            )
        return method

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

    def _of_slot(
        self, context: Context, method: Method, unit: Unit, scale: Fraction, slot: Slot
    ) -> Iterator[Leg]:
        main = self._main(context, method, unit, scale, slot)
        if main is None:
            return
        yield from self._eliminated(main, slot)
        if main.multipliers.montreal:
            yield _outside(main)
        if method.upstream and main.boundary == "combustion":
            yield from self._upstream(main, slot)

    def _main(
        self, context: Context, method: Method, unit: Unit, scale: Fraction, slot: Slot
    ) -> Leg | None:
        line = slot.position.line
        steps: Sequence[Step] = ()
        factor: Factor | None = None
        by = slot.position.share * self._sign(context)
        if unit.kind == "co2e" or unit.kind == "co2e/year":
            multipliers = of_co2e(convert(scale, unit, _co2e_like(unit))).scaled(by)
        elif method.name == CARBON_BALANCE:
            multipliers, steps = self._carbon(context, unit, scale, slot.year)
            multipliers = multipliers.scaled(by)
        else:
            query = self.query(context, method, unit, slot.places, slot.year)
            factor = self.lookup.factor(query, context, self.run, slot.place)
            if factor is None:
                return None
            self.lookup.rebased(factor, context, self.run)
            if line.startswith("2.") and factor.boundary == "total":
                self.lookup.report(
                    "grid-total", context, factor.pack, each="factor", factor=factor.factor_id
                )
            multipliers, steps = self._of_factor(context, factor, unit, scale, slot, by)
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

    def query(
        self, context: Context, method: Method, unit: Unit, places: tuple[str, ...], year: int
    ) -> Query:
        """Put the question of a method to the catalogue; places without factors don't matter."""
        if places not in self._relevant:
            known = self.lookup.catalog.places
            self._relevant[places] = tuple(place for place in places if place in known)
        catalog, item = self.lookup.catalog, context.item
        supplier, product = context.counterparty, context.product
        own = catalog.has_specific(supplier, product, item)
        return Query(
            item=item,
            uses=method.uses,
            unit=unit,
            boundaries=method.boundaries,
            bases=(*method.bases, "supplier") if own else method.bases,
            places=self._relevant[places],
            year=year,
            pin=self.run.pin,
            technology=context.technology,
            default_technology=method.technology,
            supplier=supplier if (supplier, item) in catalog.suppliers else "",
            product=product if (product, item) in catalog.products else "",
        )

    def _of_factor(
        self,
        context: Context,
        factor: Factor,
        unit: Unit,
        scale: Fraction,
        slot: Slot,
        by: Fraction,
    ) -> tuple[Multipliers, tuple[Step, ...]]:
        """Work out the multipliers of a factor, once for all contexts that share it."""
        taxed = slot.places if self.run.policies.spend == "gross" else ()
        key = (factor.factor_id, unit.code, scale, slot.year, context.item, taxed, by)
        if key not in self._scaled:
            per_unit, steps = self._per_unit(context, factor, unit, scale, slot)
            self._scaled[key] = (per_unit.scaled(by), tuple(steps))
        return self._scaled[key]

    def _per_unit(
        self, context: Context, factor: Factor, unit: Unit, scale: Fraction, slot: Slot
    ) -> tuple[Multipliers, list[Step]]:
        if unit.kind != "currency":
            per_unit = self.lookup.multipliers(factor, unit, self.run.gwp, slot.year)
            return per_unit.scaled(scale), [*self._bridged(context, unit, factor, slot.year)]
        money = next(base.removeprefix("currency:") for base, _ in unit.dimensions)
        other = next(base.removeprefix("currency:") for base, _ in factor.unit.dimensions)
        try:
            steps = spend_steps(
                self.rates,
                currency=money,
                year=slot.year,
                gross=self.run.policies.spend == "gross",
                places=slot.places,
                item=context.item,
                factor_currency=other,
                factor_year=int(factor.row.get("currency_year") or 0),
                factor_price=factor.row.get("price_basis") or "",
            )
        except MissingRates as missing:
            *others, last = map(_rate_fault, missing.keys)
            for fault in others:
                self.lookup.error(fault, context)
            raise last from missing
        scale *= convert(Fraction(1), unit, parse(money)) / convert(
            Fraction(1), factor.unit, parse(other)
        )
        for step in steps:
            scale *= step.value
        per_unit = self.lookup.multipliers(factor, factor.unit, self.run.gwp, slot.year)
        return per_unit.scaled(scale), steps

    def _bridged(self, context: Context, unit: Unit, factor: Factor, year: int) -> tuple[Step, ...]:
        return self.lookup.reference.bridges.steps(context.item, unit, factor.unit, year)

    def _carbon(
        self, context: Context, unit: Unit, scale: Fraction, year: int
    ) -> tuple[Multipliers, list[Step]]:
        reference, named = self.lookup.reference, context.technology
        table = named if reference.carbon.has_table(named) else self.run.policies.carbon_table
        is_heat = parse(context.unit).kind == "energy"
        bridge = reference.bridges.steps(context.item, unit, HEAT, year)
        unit, crossed = cross(unit, bridge)
        scale *= crossed
        steps = reference.carbon.steps(context.item, table, context.inputs, is_heat=is_heat)
        for step in steps:
            unit = unit * parse(step.unit)
            scale *= step.value
        kg_carbon = convert(scale, unit, parse("kg"))
        return of_co2(kg_carbon * Fraction(44, 12)), [
            *bridge,
            *steps,
            Step("44/12", Fraction(44, 12), "kgCO2/kgC", "molar masses of CO2 and C"),
        ]

    def _sign(self, context: Context) -> Fraction:
        return Fraction(load_source_types()[context.source_type].sign)

    def _role(self, context: Context, method: Method, line: str) -> str:
        role = load_source_types()[context.source_type].role_under(self.run.standard)
        if role == "reported" and method.name in self.run.policies.alternatives.get(line, ()):
            return "alternative"
        return role

    def _eliminated(self, main: Leg, slot: Slot) -> Iterator[Leg]:
        """Split off what a counterparty inside the boundary already counts itself."""
        counterparty = main.context.counterparty
        inside = Fraction(0)
        if counterparty and not main.line.startswith("1.") and main.role == "reported":
            inside = self.operations.inside(counterparty, slot.piece.begin)
        if not inside:
            yield main
            return
        border = main.lo + (main.hi - main.lo) * inside
        yield replace(main, hi=border, role="eliminated")
        if border < main.hi:
            yield replace(main, lo=border)

    def _upstream(self, main: Leg, slot: Slot) -> Iterator[Leg]:
        if main.role != "reported":
            return
        if main.line in OPERATIONAL_LINES:
            line = "3.3"
        elif main.line in CHAIN_LINES and self.run.policies.chain_upstream:
            line = main.line
        else:
            return
        context, unit = main.context, main.unit
        uses = (main.method.upstream,)
        asked = self.query(context, main.method, unit, slot.places, slot.year)
        query = replace(
            asked,
            uses=uses if main.factor is None else tuple(dict.fromkeys((*uses, main.factor.use))),
            boundaries=("upstream",),
            bases=("average", "supplier") if asked.supplier or asked.product else ("average",),
        )
        chain = replace(main, line=line, scope2_method="", instrument="")
        upstream = self.lookup.factor(query, context, self.run, slot.place, quiet=True)
        if upstream is not None:
            yield from self._eliminated(self._on_chain(chain, upstream, slot), slot)
        if context.source_type == "electricity" and line == "3.3":
            for losses in self._losses(chain, query, slot):
                yield from self._eliminated(losses, slot)

    def _on_chain(self, chain: Leg, factor: Factor, slot: Slot) -> Leg:
        per_unit = self.lookup.multipliers(factor, chain.unit, self.run.gwp, slot.year)
        self.lookup.rebased(factor, chain.context, self.run)
        scale = amount_unit(chain.context.unit, chain.context.inputs)[1]
        return replace(
            chain,
            factor=factor,
            boundary=factor.boundary,
            steps=self._bridged(chain.context, chain.unit, factor, slot.year),
            multipliers=per_unit.scaled(scale * slot.position.share),
        )

    def _losses(self, chain: Leg, upstream: Query, slot: Slot) -> Iterator[Leg]:
        """Grid losses: a factor for them, else the generation factor times lost ÷ delivered."""
        stated = self.lookup.winner(replace(upstream, boundaries=("losses",)))
        if stated is not None:
            self.lookup.use(stated, chain.context, self.run)
            yield self._on_chain(chain, stated, slot)
            return
        rate = self.lookup.reference.losses.find(slot.places, slot.year)
        if rate is None:
            country = slot.places[-2] if len(slot.places) > 1 else slot.places[0]
            self.lookup.report("loss-rate-missing", chain.context, "", each="place", place=country)
            return
        per_delivered = rate.value / (1 - rate.value)
        step = Step("lost ÷ delivered", per_delivered, "", rate.source)
        yield replace(
            chain,
            boundary="losses",
            steps=(*chain.steps, step),
            multipliers=chain.multipliers.scaled(per_delivered),
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


def _rate_fault(key: RateKey) -> LedgerError:
    pair = " ".join(filter(None, (key.from_, key.to)))
    return LedgerError("rate-missing", kind=key.kind, pair=pair, year=key.year)


def _co2e_like(unit: Unit) -> Unit:
    return parse("kgCO2e") if unit.kind == "co2e" else parse("kgCO2e/year")
