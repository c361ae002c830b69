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


def test_a_missing_rate_is_told_once_for_all_items_that_have_a_factor(folder):
    folder.company("S")
    for n, item in enumerate(("wires", "chips", "paper")):
        folder.factor(item, use="spend", item=item, unit="USD", boundary="total", co2_kg="2")
        folder.activity(item, source_type="goods", item=item, quantity=100 + n, unit="CNY")

    with pytest.raises(BadInput) as caught:
        folder.calculate(2023, approaches=("operational_control", "equity_share"))

    (found,) = caught.value.findings
    assert (found.code, found.fields["kind"], found.fields["pair"], found.at.row) == (
        "rate-missing", "exchange", "CNY USD", 2
    )  # fmt: skip
    assert (found.fields["item"], found.fields["rows"]) == ("chips, paper, wires", 3)


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


def rate(folder: FolderBuilder, kind: str, from_: str, value: object, **cells: object) -> None:
    cells = {"year": 2023, "source": "tables", **cells}
    folder.add("rates", kind=kind, **{"from": from_}, value=value, **cells)


def at_prices_with_tax(folder: FolderBuilder, *items: str) -> FolderBuilder:
    folder.config["policies"] = {"spend": "gross"}
    folder.company("S")
    for item in items:
        folder.factor(
            f"f-{item}", use="spend", item=item, unit="CNY", boundary="total", co2_kg="1",
            currency_year=2023, price_basis="purchaser",
        )  # fmt: skip
        folder.activity(item, source_type="goods", item=item, quantity=1000, unit="CNY")
    return folder


@pytest.mark.parametrize(
    ("cells", "pair"),
    [
        ({"kind": "vat", "from": "CN", "value": 0.13}, "CN"),
        ({"kind": "vat", "from": "CN", "item": "chips", "value": 0.06}, "CN chips"),
        ({"kind": "exchange", "from": "USD", "to": "CNY", "value": 7}, "USD CNY"),
        ({"kind": "price_index", "from": "USD", "value": 104}, "USD"),
        ({"kind": "margin", "from": "chips", "value": 0.8}, "chips"),
        ({"kind": "margin", "from": "", "value": 0.8}, ""),
    ],
)
def test_a_rate_stated_twice_is_an_error_that_names_both_rows(folder, cells, pair):
    at_prices_with_tax(folder, "chips")
    rate(folder, "vat", "DE", 0.19)
    folder.add("rates", year=2023, source="law", **cells)
    folder.add("rates", year=2022, source="law", **cells)
    folder.add("rates", year=2023, source="law", **(cells | {"value": 0.5}))

    with pytest.raises(BadInput) as caught:
        folder.calculate(2023)

    (finding,) = [f for f in caught.value.findings if f.severity == "error"]
    assert (finding.code, finding.at.file, finding.at.row) == ("rate-twice", "rates.csv", 5)
    assert dict(finding.fields) == {
        "kind": cells["kind"], "pair": pair, "year": 2023, "value": "0.5",
        "other": str(cells["value"]), "other_place": "rates.csv", "other_row": 3,
    }  # fmt: skip


def test_vat_of_an_item_counts_before_that_of_its_place(folder):
    at_prices_with_tax(folder, "chips", "software", "freight", "water")
    rate(folder, "vat", "CN", "0.13")
    rate(folder, "vat", "CN", "0.06", item="software")
    rate(folder, "vat", "CN", "0.09", item="freight")
    rate(folder, "vat", "world", "0.5", item="water")

    inventory = folder.calculate(2023)

    booked = inventory.query("SELECT external_id, co2e_mg FROM entries").to_pylist()
    paid = {row["external_id"]: Fraction(1_000_000_000, row["co2e_mg"]) for row in booked}
    assert {item: float(round(ratio, 6)) for item, ratio in paid.items()} == {
        "chips": 1.13, "software": 1.06, "freight": 1.09, "water": 1.13,
    }  # fmt: skip


def test_item_of_vat_may_be_written_in_chinese(folder):
    at_prices_with_tax(folder, "steel")
    rate(folder, "vat", "CN", "0.06")
    rate(folder, "vat", "CN", "0.25", item="钢")

    inventory = folder.calculate(2023)

    assert inventory.by_line("location") == {"3.1": 800_000_000}


@pytest.mark.parametrize(("kind", "column"), [("vat", "to"), ("margin", "item")])
def test_a_cell_that_its_kind_of_rate_does_not_have_is_an_error(folder, kind, column):
    at_prices_with_tax(folder, "chips")
    rate(folder, "vat", "CN", "0.13")
    rate(folder, kind, "chips", "0.13", **{column: "chips"})

    with pytest.raises(BadInput) as caught:
        folder.calculate(2023)

    (finding,) = [f for f in caught.value.findings if f.severity == "error"]
    assert (finding.code, finding.at.row, finding.at.column) == ("rate-cell", 3, column)


def test_item_of_a_rate_that_no_factor_has_is_told_with_what_is_near(folder):
    at_prices_with_tax(folder, "chips")
    rate(folder, "vat", "CN", "0.13")
    rate(folder, "vat", "CN", "0.06", item="chip")

    (finding,) = [f for f in folder.calculate(2023).findings if f.code == "rate-item-unknown"]

    assert (finding.at.row, finding.at.column, finding.fields["near"]) == (3, "item", "chips")
