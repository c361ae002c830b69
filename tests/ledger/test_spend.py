"""Money to the money of a spend factor, step by step."""

from __future__ import annotations

from fractions import Fraction

import pytest

from builders import FolderBuilder
from linyin.lake import BadInput
from linyin.ledger.spend import MissingRates, Rate, RateKey, Rates, spend_steps

RATES = (
    Rate("vat", "CN", "", 2023, Fraction("0.13"), "tax law"),
    Rate("exchange", "CNY", "USD", 2023, Fraction(1, 7), "central bank"),
    Rate("price_index", "USD", "", 2023, Fraction(110), "statistics"),
    Rate("price_index", "USD", "", 2022, Fraction(100), "statistics"),
    Rate("margin", "chips", "", 2022, Fraction("0.8"), "tables"),
)
ASKED = {
    "currency": "CNY",
    "year": 2023,
    "gross": True,
    "places": ("S", "CN-GD", "CN", "world"),
    "item": "chips",
    "factor_currency": "USD",
    "factor_year": 2022,
    "factor_price": "producer",
}


def test_steps_come_in_order_with_their_sources():
    steps = spend_steps(Rates(RATES), **ASKED)

    assert [s.step for s in steps] == [
        "net of VAT", "exchange", "price level", "producer share of purchaser price",
    ]  # fmt: skip
    assert [s.value for s in steps] == [
        Fraction(100, 113), Fraction(1, 7), Fraction(100, 110), Fraction("0.8"),
    ]  # fmt: skip
    assert [s.source for s in steps] == ["tax law", "central bank", "statistics", "tables"]


def test_inverse_exchange_rate_serves_as_well():
    inverse = Rate("exchange", "USD", "CNY", 2023, Fraction(7), "central bank")
    steps = spend_steps(
        Rates([inverse]), **(ASKED | {"gross": False, "factor_year": 0, "factor_price": ""})
    )

    assert [s.value for s in steps] == [Fraction(1, 7)]


@pytest.mark.parametrize("missing", range(len(RATES)))
def test_missing_rate_is_named(missing):
    kept = [rate for position, rate in enumerate(RATES) if position != missing]

    with pytest.raises(MissingRates) as caught:
        spend_steps(Rates(kept), **ASKED)

    gone = RATES[missing]
    assert caught.value.keys == (RateKey(gone.kind, gone.from_, gone.to, gone.year),)


def test_missing_rates_are_named_all_at_once():
    with pytest.raises(MissingRates) as caught:
        spend_steps(Rates([]), **ASKED)

    assert {key.kind: (key.from_, key.to) for key in caught.value.keys} == {
        rate.kind: (rate.from_, rate.to) for rate in RATES
    }
    assert [key.year for key in caught.value.keys if key.kind == "price_index"] == [2023, 2022]


def spend(folder: FolderBuilder) -> FolderBuilder:
    folder.company("S")
    folder.factor(
        "chips", use="spend", item="chips", unit="USD", boundary="total", co2e_kg="0.5",
        gwp_set="AR5-100", currency_year=2022, price_basis="purchaser",
    )  # fmt: skip
    return folder.activity("p", source_type="goods", item="chips", quantity=7.7, unit="万元")


def test_spend_reaches_the_factor_through_every_step(folder):
    spend(folder)
    folder.add(
        "rates",
        kind="exchange",
        **{"from": "CNY", "to": "USD"},
        year=2023,
        value=0.125,
        source="bank",
    )
    for year, value in ((2022, 100), (2023, 110)):
        folder.add(
            "rates", kind="price_index", **{"from": "USD"}, year=year, value=value, source="office"
        )

    inventory = folder.calculate(2023)

    assert inventory.by_line("location") == {"3.1": 77_000 * 125 * 100 * 500_000 // 110_000}
    steps = inventory.query("SELECT steps FROM legs").to_pylist()[0]["steps"]
    assert "exchange" in steps
    assert "office" in steps


def test_missing_rates_are_findings_at_the_row_all_at_once(folder):
    folder.config["policies"] = {"spend": "gross"}
    with pytest.raises(BadInput) as caught:
        spend(folder).calculate(2023)

    found = caught.value.findings
    assert {(f.fields["kind"], f.fields["pair"], f.fields["year"]) for f in found} == {
        ("vat", "CN", 2023),
        ("exchange", "CNY USD", 2023),
        ("price_index", "USD", 2023),
        ("price_index", "USD", 2022),
    }
    assert {(f.code, f.at.row) for f in found} == {("rate-missing", 2)}


def chips_at_producer_prices(folder: FolderBuilder) -> FolderBuilder:
    folder.company("S")
    for item in ("chips", "paper"):
        folder.factor(
            f"f-{item}", use="spend", item=item, unit="CNY", boundary="total", co2_kg="2",
            currency_year=2023, price_basis="producer",
        )  # fmt: skip
        folder.activity(item, source_type="goods", item=item, quantity=100, unit="CNY")
    return folder


def test_margin_without_an_item_is_that_of_all_items_that_have_none_of_their_own(folder):
    chips_at_producer_prices(folder)
    folder.add("rates", kind="margin", year=2023, value="0.8", source="tables")
    folder.add("rates", kind="margin", **{"from": "chips"}, year=2023, value="0.7", source="tables")

    inventory = folder.calculate(2023)

    booked = inventory.query("SELECT external_id, co2e_mg FROM entries ORDER BY ALL").to_pylist()
    assert [(row["external_id"], row["co2e_mg"]) for row in booked] == [
        ("chips", 140_000_000),
        ("paper", 160_000_000),
    ]


@pytest.mark.parametrize("kind", ["exchange", "price_index", "vat"])
def test_only_a_margin_may_leave_out_what_it_is_from(folder, kind):
    chips_at_producer_prices(folder)
    folder.add("rates", kind="margin", year=2023, value="0.8", source="tables")
    folder.add("rates", kind=kind, year=2023, value="0.1", source="tables")

    with pytest.raises(BadInput) as caught:
        folder.calculate(2023)

    (finding,) = caught.value.findings
    assert (finding.code, finding.at.row, finding.at.column) == ("value-missing", 3, "from")
