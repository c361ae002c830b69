"""Money to the money of a spend factor: VAT, currency, price level, purchaser price.

The order is fixed, every step is kept for the trace, and a missing rate is a finding:
net of VAT → factor's currency at the year's average rate → prices of the factor's year →
price basis of the factor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

__all__ = ["MissingRate", "Rate", "Rates", "Step", "spend_steps"]


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

    """

    kind: str
    from_: str
    to: str
    year: int
    value: Fraction
    source: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a conversion: what was multiplied, by how much, and who says so."""

    step: str
    value: Fraction
    unit: str
    source: str


class MissingRate(LookupError):
    """A rate that a conversion needs and the folder does not have.

    Attributes
    ----------
    kind, from_, to, year
        The row that is missing in `rates.csv`.

    """

    def __init__(self, kind: str, from_: str, to: str, year: int) -> None:
        self.kind, self.from_, self.to, self.year = kind, from_, to, year
        super().__init__(f"no {kind} rate {from_} {to} {year}")


class Rates:
    """Rates looked up by kind, pair and year."""

    def __init__(self, rates: Iterable[Rate]) -> None:
        self._rates: Mapping[tuple[str, str, str, int], Rate] = {
            (r.kind, r.from_, r.to, r.year): r for r in rates
        }

    def find(self, kind: str, from_: str, to: str, year: int) -> Rate | None:
        """Return the rate of exactly this key."""
        return self._rates.get((kind, from_, to, year))

    def exchange(self, from_: str, to: str, year: int) -> tuple[Fraction, str]:
        """Return units of `to` per unit of `from_`, also from the inverse rate.

        Raises
        ------
        MissingRate
            If neither direction is known for the year.

        """
        direct = self.find("exchange", from_, to, year)
        if direct:
            return direct.value, direct.source
        inverse = self.find("exchange", to, from_, year)
        if inverse:
            return 1 / inverse.value, inverse.source
        raise MissingRate("exchange", from_, to, year)

    def index(self, currency: str, year: int) -> Rate:
        """Return the price index of a currency in a year.

        Raises
        ------
        MissingRate
            If it is not known.

        """
        rate = self.find("price_index", currency, "", year)
        if rate is None:
            raise MissingRate("price_index", currency, "", year)
        return rate


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
        Item, to find the margin between producer and purchaser price.
    factor_currency, factor_year, factor_price : str, int, str
        Money, price year and price basis (`purchaser` | `producer` | '') of the factor.

    Returns
    -------
    list of Step
        Their product converts the amount. [factor's currency per currency]

    Raises
    ------
    MissingRate
        Naming the row that `rates.csv` lacks.

    References
    ----------
    .. [1] GHG Protocol, Technical Guidance for Calculating Scope 3 Emissions (2013), box 1.3.

    """
    steps: list[Step] = []
    if gross:
        vat = next((r for p in places if (r := rates.find("vat", p, "", year))), None)
        if vat is None:
            raise MissingRate("vat", places[-2] if len(places) > 1 else places[0], "", year)
        steps.append(Step("net of VAT", 1 / (1 + vat.value), "", vat.source))
    if currency != factor_currency:
        value, source = rates.exchange(currency, factor_currency, year)
        steps.append(Step("exchange", value, f"{factor_currency}/{currency}", source))
    if factor_year and year != factor_year:
        now, then = rates.index(factor_currency, year), rates.index(factor_currency, factor_year)
        source = "; ".join(dict.fromkeys((now.source, then.source)))
        steps.append(Step("price level", then.value / now.value, "", source))
    if factor_price == "producer":
        margin = rates.find("margin", item, "", factor_year) or rates.find(
            "margin", "", "", factor_year
        )
        if margin is None:
            raise MissingRate("margin", item, "", factor_year)
        steps.append(Step("producer share of purchaser price", margin.value, "", margin.source))
    return steps
