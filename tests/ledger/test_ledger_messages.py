from __future__ import annotations

import csv
import string
from importlib import resources

import pytest

from linyin.lake import render_finding
from linyin.ledger.bridges import Bridges
from linyin.ledger.faults import LedgerError
from linyin.ledger.gases import canonical, parse_species
from linyin.ledger.gwp import gwp
from linyin.ledger.units import convert, parse

ROWS = list(
    csv.DictReader(
        resources.files("linyin.ledger").joinpath("messages.csv").read_text("utf-8").splitlines()
    )
)
TEXTS = {row["code"]: row for row in ROWS}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_a_code_has_one_text_and_both_languages_say_the_same():
    assert len(TEXTS) == len(ROWS)
    for row in ROWS:
        assert row["en"]
        assert row["zh"]
        assert placeholders(row["en"]) == placeholders(row["zh"])


@pytest.mark.parametrize(
    "fail",
    [
        lambda: parse(""),
        lambda: parse("ton"),
        lambda: parse("foo"),
        lambda: parse("t net"),
        lambda: convert(1, parse("t"), parse("kWh")),
        lambda: convert(1, parse("CNY"), parse("USD")),
        lambda: convert(1, parse("GJ net"), parse("GJ")),
        lambda: Bridges((), (), ()).find("electricity", parse("tce equivalent"), 1066),
        lambda: canonical("foo"),
        lambda: parse_species("foo"),
        lambda: parse_species("SF6:-1"),
        lambda: parse_species("SF6:1 SF6:1"),
        lambda: parse_species("CH4:1"),
        lambda: gwp("AR7-100", "SF6"),
        lambda: gwp("AR4-20", "HFO-1234yf"),
        lambda: gwp("AR6-100", "CH4"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_error_fills_its_text(fail, lang):
    with pytest.raises(LedgerError) as error:
        fail()
    finding = error.value.finding()
    assert "{" not in render_finding(finding, lang)


@pytest.mark.parametrize("fail", [lambda: parse("☃☃"), lambda: canonical("☃☃")])
def test_where_nothing_is_alike_the_usual_ones_are_named(fail):
    with pytest.raises(LedgerError) as caught:
        fail()

    assert len(caught.value.choices) > 4


def test_an_empty_list_of_choices_is_a_dash_not_a_blank():
    assert LedgerError("gwp-missing", choices=()).fields["choices"] == "-"
    assert LedgerError("unit-missing").fields["choices"] == ""
