"""What one unit of a context's amount weighs: by a factor, by carbon content, or as stated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final

from linyin.ledger.bridges import cross
from linyin.ledger.catalog import Factor
from linyin.ledger.contexts import Context
from linyin.ledger.faults import LedgerError
from linyin.ledger.lookup import Lookup
from linyin.ledger.multipliers import Multipliers, of_co2, of_co2e
from linyin.ledger.runs import Run
from linyin.ledger.slots import Slot
from linyin.ledger.spend import MissingRates, RateKey, Rates, Step, spend_steps
from linyin.ledger.units import Unit, convert, parse

__all__ = ["Weights", "as_stated"]

HEAT: Final = "GJ net"


class Weights:
    """Works out multipliers and the steps that lead to them."""

    def __init__(self, run: Run, lookup: Lookup, rates: Rates) -> None:
        self.run, self.lookup, self.rates = run, lookup, rates

    def by_factor(
        self, context: Context, factor: Factor, unit: Unit, scale: Fraction, slot: Slot
    ) -> tuple[Multipliers, list[Step]] | None:
        """Weigh by a factor; money goes through the spend chain first.

        Returns
        -------
        tuple of Multipliers and list of Step, or None
            None where the chain lacks rates; each is noted.

        """
        if unit.kind != "currency":
            per_unit = self.lookup.multipliers(factor, unit, self.run.gwp, slot.year)
            bridge = self.lookup.reference.bridges.steps(context.item, unit, factor.unit, slot.year)
            return per_unit.scaled(scale), [*bridge]
        try:
            steps = self._spend(context.item, unit, _price_of(factor), slot)
        except MissingRates as missing:
            self._lack(missing.keys, context)
            return None
        scale *= convert(Fraction(1), unit, parse(_money(unit))) / convert(
            Fraction(1), factor.unit, parse(_money(factor.unit))
        )
        for step in steps:
            scale *= step.value
        per_unit = self.lookup.multipliers(factor, factor.unit, self.run.gwp, slot.year)
        return per_unit.scaled(scale), steps

    def foretell(self, context: Context, unit: Unit, uses: Sequence[str], slot: Slot) -> None:
        """Note the rates that every factor per money asks for, where none was found yet."""
        factors = self.lookup.catalog.factors
        prices = {_price_of(f) for f in factors if f.use in uses and f.unit.kind == "currency"}
        lacking: list[set[RateKey]] = []
        for price in prices:
            keys: set[RateKey] = set()
            try:
                self._spend(context.item, unit, price, slot)
            except MissingRates as missing:
                keys.update(key for key in missing.keys if key.kind != "margin")
            lacking.append(keys)
        self._lack(sorted(set.intersection(*lacking)) if lacking else (), context)

    def _lack(self, keys: Iterable[RateKey], context: Context) -> None:
        for key in keys:
            pair = " ".join(filter(None, (key.from_, key.to)))
            fault = LedgerError("rate-missing", kind=key.kind, pair=pair, year=key.year)
            self.lookup.lack(fault, context)

    def _spend(self, item: str, unit: Unit, price: tuple[str, int, str], slot: Slot) -> list[Step]:
        currency, year, basis = price
        return spend_steps(
            self.rates,
            currency=_money(unit),
            year=slot.year,
            gross=self.run.policies.spend == "gross",
            places=slot.places,
            item=item,
            factor_currency=currency,
            factor_year=year,
            factor_price=basis,
        )

    def by_carbon(
        self, context: Context, unit: Unit, scale: Fraction, year: int
    ) -> tuple[Multipliers, list[Step]]:
        """Weigh by the carbon that a fuel holds and how much of it burns."""
        reference, named = self.lookup.reference, context.technology
        table = named if reference.carbon.has_table(named) else self.run.policies.carbon_table
        is_heat = parse(context.unit).kind == "energy"
        bridge = reference.bridges.steps(context.item, unit, parse(HEAT), year)
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


def as_stated(unit: Unit, scale: Fraction) -> Multipliers:
    """Take an amount that is itself stated in CO2e."""
    target = parse("kgCO2e") if unit.kind == "co2e" else parse("kgCO2e/year")
    return of_co2e(convert(scale, unit, target))


def _price_of(factor: Factor) -> tuple[str, int, str]:
    """Return the money, the price year and the price basis that a factor is per."""
    row = factor.row
    year = int(row.get("currency_year") or 0)
    return _money(factor.unit), year, row.get("price_basis") or ""


def _money(unit: Unit) -> str:
    return next(base.removeprefix("currency:") for base, _ in unit.dimensions)
