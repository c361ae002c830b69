"""Choosing a factor: what the filter keeps, what the rank prefers, and why."""

from __future__ import annotations

from datetime import date

import pytest

from linyin.ledger.catalog import Catalog, Factor
from linyin.ledger.choose import Query, choose
from linyin.ledger.units import parse

ROW = {
    "use": "fuel",
    "item": "diesel",
    "unit": "L",
    "boundary": "combustion",
    "basis": "average",
    "place": "world",
    "data_year": "2023",
    "published": "2023-06-30",
    "status": "approved",
    "co2_kg": "2.6",
}
PLACES = ("SITE", "CN-GD", "CN.south", "CN", "world")


def factor(factor_id: str, *, priority: int = 0, **cells: str) -> Factor:
    return Factor.from_row({**ROW, "factor_id": factor_id, **cells}, "test", priority)


def ask(*factors: Factor, **changed: object):
    query = {
        "item": "diesel",
        "uses": ("fuel",),
        "unit": parse("L"),
        "boundaries": ("combustion",),
        "bases": ("average",),
        "places": PLACES,
        "year": 2023,
        "pin": date(2026, 1, 1),
    }
    return choose(Catalog(factors), Query(**(query | changed)), explain=True)


def winner(*factors: Factor, **changed: object) -> str:
    chosen = ask(*factors, **changed).winner
    return chosen.factor_id if chosen else ""


@pytest.mark.parametrize(
    ("better", "worse", "asked", "by"),
    [
        ({"supplier": "acme"}, {"place": "SITE"}, {"supplier": "acme"}, "supplier"),
        ({"supplier": "acme"}, {"product": "x"}, {"supplier": "acme", "product": "x"}, "supplier"),
        ({"product": "x"}, {"place": "SITE"}, {"product": "x"}, "product"),
        ({"product": "x"}, {"technology": "hgv"}, {"product": "x", "technology": "hgv"}, "product"),
        ({"technology": "hgv"}, {"place": "CN"}, {"technology": "hgv"}, "technology"),
        ({"place": "SITE"}, {"place": "CN-GD"}, {}, "place"),
        ({"place": "CN-GD"}, {"place": "CN.south"}, {}, "place"),
        ({"place": "CN.south"}, {"place": "CN"}, {}, "place"),
        ({"place": "CN"}, {"place": "world"}, {}, "place"),
        ({"place": "CN", "data_year": "2019"}, {"place": "world"}, {}, "place"),
        ({"data_year": "2022"}, {"data_year": "2021"}, {}, "years"),
        ({"data_year": "2022"}, {"data_year": "2024"}, {}, "later"),
        ({"place": "world"}, {"place": "CN", "status": "draft"}, {}, "draft"),
    ],
)
def test_rank_prefers_supplier_then_product_then_technology_then_place_then_year(
    better, worse, asked, by
):
    choice = ask(factor("b", **better), factor("w", **worse), **asked)

    assert choice.winner is not None
    assert choice.winner.factor_id == "b"
    assert choice.decided_by == by
    assert winner(factor("w", **worse), factor("b", **better), **asked) == "b"


def test_source_priority_decides_where_all_else_is_equal():
    assert winner(factor("second", priority=2), factor("first", priority=1)) == "first"


def test_without_the_winner_the_second_line_wins():
    factors = [factor("a", place="CN"), factor("b"), factor("c", data_year="2020")]
    choice = ask(*factors)

    order = [f.factor_id for _, f in choice.ranked]

    assert order == ["a", "b", "c"]
    for position, factor_id in enumerate(order[1:], start=1):
        rest = Catalog(factors).without(order[:position])
        assert choose(rest, choice.query).ranked[0][1].factor_id == factor_id


def test_tie_has_no_winner_and_names_the_equals():
    choice = ask(factor("a"), factor("b"), factor("c", data_year="2019"))

    assert choice.winner is None
    assert {f.factor_id for f in choice.tied} == {"a", "b"}


@pytest.mark.parametrize(
    ("cells", "asked", "reason"),
    [
        ({"boundary": "upstream"}, {}, "boundary"),
        ({"basis": "marginal"}, {}, "basis"),
        ({"supplier": "other"}, {}, "supplier"),
        ({"product": "y"}, {"product": "x"}, "product"),
        ({"product": "y"}, {}, "product"),
        ({"technology": "rail"}, {}, "technology"),
        ({"technology": "rail"}, {"technology": "road"}, "technology"),
        ({"place": "GB"}, {}, "place"),
        ({"place": "CN", "excludes": "CN-GD"}, {}, "place-excluded"),
        ({"unit": "kg"}, {}, "dimension"),
        ({"unit": "GJ net"}, {"unit": parse("GJ gross")}, "calorific-basis"),
        ({"published": "2026-01-02"}, {}, "not-released"),
        ({"status": "draft"}, {"drafts": False}, "not-approved"),
        ({"valid_to": "2023-01-01"}, {}, "expired"),
        ({"valid_from": "2024-01-01"}, {}, "not-valid-yet"),
    ],
)
def test_filter_says_why_a_factor_may_not_be_used(cells, asked, reason):
    choice = ask(factor("f", **cells), **asked)

    assert choice.winner is None
    assert [r.reason for r in choice.rejected] == [reason]


def test_later_boundary_is_asked_only_where_the_earlier_has_no_answer():
    direct, whole = factor("direct"), factor("whole", boundary="total", place="SITE")
    both = {"boundaries": ("combustion", "total")}

    assert winner(direct, whole, **both) == "direct"
    assert winner(whole, **both) == "whole"


def test_order_of_the_catalogue_never_matters():
    factors = [factor(f"{p}-{y}", place=p, data_year=str(y)) for p in PLACES for y in (2020, 2023)]

    assert winner(*factors) == winner(*reversed(factors)) == "SITE-2023"


def test_default_technology_stands_in_only_where_the_row_names_none():
    road, general = factor("road", technology="road"), factor("general")

    assert winner(road, default_technology="road") == "road"
    assert winner(road, general, default_technology="road") == "general"
    assert winner(road, technology="rail", default_technology="road") == ""
