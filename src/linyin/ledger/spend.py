"""Money to the money of a spend factor: VAT, currency, price level, purchaser price.

The order is fixed, every step is kept for the trace, and a missing rate is a finding:
net of VAT → factor's currency at the year's average rate → prices of the factor's year →
price basis of the factor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

__all__ = ["MissingRates", "Rate", "RateKey", "Rates", "Step", "spend_steps"]


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate with its source.

    Attributes
    ----------
    kind
        `vat`, `exchange`, `price_index` or `margin`.
    from_, to
        Currencies of an exchange rate (units of `to` per unit of `from_`); place of a VAT
        rate; currency of a price index; item of a margin ('' = all).
    item
        Item of a VAT rate ('' = all that have none of their own).

    """

    kind: str
    from_: str
    to: str
    year: int
    value: Fraction
    source: str
    item: str = ""

    @property
    def key(self) -> RateKey:
        """What the rate is found by."""
        return RateKey(self.kind, self.from_, self.to, self.year, self.item)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a conversion: what was multiplied, by how much, and who says so."""

    step: str
    value: Fraction
    unit: str
    source: str


class RateKey(NamedTuple):
    """What a row of `rates.csv` is found by."""

    kind: str
    from_: str
    to: str
    year: int
    item: str = ""


class MissingRates(LookupError):
    """Rates that a conversion needs and the folder does not have.

    Attributes
    ----------
    keys
        The rows that are missing in `rates.csv`.

    """

    def __init__(self, *keys: RateKey) -> None:
        self.keys = keys
        super().__init__(f"no rates {keys}")


class Rates:
    """Rates looked up by kind, pair, year and item."""

    def __init__(self, rates: Iterable[Rate]) -> None:
        self._rates: Mapping[RateKey, Rate] = {rate.key: rate for rate in rates}

    def find(self, kind: str, from_: str, to: str, year: int, item: str = "") -> Rate | None:
        """Return the rate of exactly this key."""
        return self._rates.get(RateKey(kind, from_, to, year, item))

    def exchange(self, from_: str, to: str, year: int) -> tuple[Fraction, str]:
        """Return units of `to` per unit of `from_`, also from the inverse rate.

        Raises
        ------
        MissingRates
            If neither direction is known for the year.

        """
        direct = self.find("exchange", from_, to, year)
        if direct:
            return direct.value, direct.source
        inverse = self.find("exchange", to, from_, year)
        if inverse:
            return 1 / inverse.value, inverse.source
        raise MissingRates(RateKey("exchange", from_, to, year))

    def price_level(self, currency: str, year: int, to: int) -> tuple[Fraction, str]:
        """Return the prices of the year `to` per those of a year.

        Raises
        ------
        MissingRates
            If the price index of one of the years is not known.

        """
        now, then = (self.find("price_index", currency, "", y) for y in (year, to))
        if now is None or then is None:
            known = {year: now, to: then}
            missing = (RateKey("price_index", currency, "", y) for y in known if known[y] is None)
            raise MissingRates(*missing)
        return then.value / now.value, "; ".join(dict.fromkeys((now.source, then.source)))

    def vat(self, places: Sequence[str], item: str, year: int) -> tuple[Fraction, str]:
        """Return what is left of an amount without the VAT of the nearest place that has a rate.

        There the item's own rate counts before the one of all items.

        Raises
        ------
        MissingRates
            If none has: that of the country.

        """
        known = (self.find("vat", place, "", year, of) for place in places for of in (item, ""))
        rate = next(filter(None, known), None)
        if rate is None:
            raise MissingRates(RateKey("vat", (places[0], *places)[-2], "", year))
        return 1 / (1 + rate.value), rate.source

    def margin(self, item: str, year: int) -> tuple[Fraction, str]:
        """Return the producer's share of the purchaser price of an item, or of all items.

        Raises
        ------
        MissingRates
            If there is none of either.

        """
        rate = self.find("margin", item, "", year) or self.find("margin", "", "", year)
        if rate is None:
            raise MissingRates(RateKey("margin", item, "", year))
        return rate.value, rate.source


def spend_steps(
    rates: Rates,
    *,
    currency: str,
    year: int,
    gross: bool,
    places: Sequence[str],
    item: str,
    factor_currency: str,
    factor_year: int,
    factor_price: str,
) -> list[Step]:
    """Work out the steps from the money that was paid to the money that a factor is per.

    Parameters
    ----------
    rates : Rates
    currency, year : str, int
        Money and year of the spend.
    gross : bool
        Whether the amount contains VAT.
    places : sequence of str
        From the site outwards, to find the VAT rate.
    item : str
        Item, to find its VAT rate and its margin between producer and purchaser price.
    factor_currency, factor_year, factor_price : str, int, str
        Money, price year and price basis (`purchaser` | `producer` | '') of the factor.

    Returns
    -------
    list of Step
        Their product converts the amount. [factor's currency per currency]

    Raises
    ------
    MissingRates
        Naming every row that `rates.csv` lacks.

    References
    ----------
    .. [1] GHG Protocol, Technical Guidance for Calculating Scope 3 Emissions (2013), box 1.3.

    """
    steps: list[Step] = []
    missing: list[RateKey] = []

    def add(step: str, unit: str, find: Callable[[], tuple[Fraction, str]]) -> None:
        try:
            value, source = find()
        except MissingRates as rates_missing:
            missing.extend(rates_missing.keys)
        else:
            steps.append(Step(step, value, unit, source))

    if gross:
        add("net of VAT", "", lambda: rates.vat(places, item, year))
    if currency != factor_currency:
        unit = f"{factor_currency}/{currency}"
        add("exchange", unit, lambda: rates.exchange(currency, factor_currency, year))
    if factor_year and year != factor_year:
        add("price level", "", lambda: rates.price_level(factor_currency, year, factor_year))
    if factor_price == "producer":
        add("producer share of purchaser price", "", lambda: rates.margin(item, factor_year))
    if missing:
        raise MissingRates(*missing)
    return steps
