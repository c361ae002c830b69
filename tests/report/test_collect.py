"""From a calculated folder to its report."""

import json
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pymupdf
import pytest

from builders import FolderBuilder
from linyin.inventory.diff import CAUSES
from linyin.inventory.inventory import Inventory
from linyin.inventory.report.checklist import answer
from linyin.inventory.report.collect import collect
from linyin.inventory.report.figures import by_line, gases_of, total_mg
from linyin.inventory.report.reading.part import PartOfInventory
from linyin.inventory.report.reading.sources import instruments, scope2
from linyin.inventory.report.rules import RULES
from linyin.inventory.report.write import write_report

from .enterprise import YEARS, write_enterprise

T = 10**9


@pytest.fixture(scope="module")
def inventories(tmp_path_factory):
    folder = FolderBuilder(tmp_path_factory.mktemp("enterprise") / "folder")
    return write_enterprise(folder).calculate_all(*YEARS)


@pytest.fixture(scope="module")
def collected(inventories):
    base, year = inventories
    return collect(year, earlier=[base])


@pytest.mark.parametrize("method", ["location", "market"])
def test_totals_and_lines_are_those_of_the_inventory(inventories, collected, method):
    year = inventories[1]
    assert total_mg(collected, method) == year.total(method)
    assert by_line(collected, method) == year.by_line(method)


def test_a_bundle_read_twice_gives_the_same_report(inventories, collected):
    base, year = (Inventory(inventory.path) for inventory in inventories)
    assert collect(year, earlier=[base]) == collected


def test_gases_add_up_to_every_line(collected):
    for line in collected.lines:
        assert sum(gas.co2e_mg for gas in line.gases) == line.co2e_mg


def test_refrigerants_are_shown_in_their_own_mass_and_montreal_gases_apart(collected):
    fugitive = gases_of(line for line in collected.lines if line.line == "1.4")
    assert fugitive == {"hfc": (12 * 10**6, 27_066 * 10**6)}
    (memo,) = collected.memos
    assert (memo.kind, memo.mass_mg) == ("montreal", 3 * 10**6)


def test_scope_2_is_shown_by_both_methods_with_what_certificates_cover(collected):
    (market,) = collected.scope2
    assert market.consumption_kwh == pytest.approx(1_300_000)
    assert market.covered_kwh == pytest.approx(300_000)
    assert market.location_mg == 602_630 * 10**6
    assert market.market_mg == 609_600 * 10**6
    assert "mee-grid-2023-CN-residual" in market.residual.en
    (certificate,) = collected.instruments
    assert certificate.used_kwh == 300_000


def of_many_loads(path, certificates, **share):
    """Monthly bills of three sites of E, none a round number; the group's report on 2023."""
    folder = FolderBuilder(path / "folder").packs(["mee-grid-2021-2023"])
    folder.node("G", "group", country="CN", place="CN-GD")
    folder.node("E", "entity", owner="G", **({"ownership_pct": 100, "control": "sole"} | share))
    for n, site in enumerate(("S", "T", "U")):
        folder.node(site, parent="E", country="CN", place="CN-GD")
        for month in range(1, 13):
            mwh = round(37.1234567 + n * 11.7 + month * 1.9876543, 7)
            folder.electricity(site, mwh, period=f"2023-{month:02}")
    for mwh, cells in certificates:
        folder.certificates("E", mwh, **cells)
    return folder


def test_certificates_that_are_used_up_are_used_to_the_last_kilowatt_hour(tmp_path):
    kinds = [(1200, {}), (300.7, {"site": "T"}), (730, {"end": "2025-01-01"})]
    inventory = of_many_loads(tmp_path, kinds).calculate(2023)

    used = {i.instrument: i.used_kwh for i in instruments(inventory)}
    (market,) = scope2(inventory)

    assert used == {"C0": 1_200_000, "C1": 300_700, "C2": 730_000 * 365 / 731}
    assert market.covered_kwh == float(Fraction(1_500_700) + Fraction(730_000 * 365, 731))


def test_certificates_over_the_load_are_used_up_to_it_at_the_groups_share(tmp_path):
    folder = of_many_loads(tmp_path, [(9000, {})], ownership_pct=30)
    inventory = folder.calculate(2023, approaches=("equity_share",))

    (certificate,) = instruments(inventory)
    (market,) = scope2(inventory)

    rows = (Decimal(str(row["quantity"])) for row in folder.tables["activities"])
    load = sum(row.quantize(Decimal("1e-6"), ROUND_HALF_UP) for row in rows)
    assert certificate.used_kwh == market.covered_kwh == market.consumption_kwh
    assert certificate.used_kwh == float(load * 300)


def test_sites_add_up_to_the_total(inventories, collected):
    booked = sum(s.scope1_mg + s.scope2_location_mg + s.scope3_mg for s in collected.sites)
    assert booked == inventories[1].total("location")


def test_estimates_and_drafts_are_shown(collected):
    assert {e.site for e in collected.estimates} == {"B"}
    (draft,) = [factor for factor in collected.factors if factor.draft]
    assert (draft.factor_id, draft.waived_by) == ("own-steel", "linyin.toml")


def test_factors_carry_their_provenance_and_their_value_in_the_runs_gwp(collected):
    values = {factor.factor_id: factor.value for factor in collected.factors}
    assert values["mee-grid-2023-CN-GD"] == "0.4419"
    assert values["ashrae-34-R410A"] == "2255.5"
    assert values["own-steel"] == "1900"
    for factor in collected.factors:
        assert factor.publisher
        assert factor.release
        assert factor.licence


def test_the_base_year_gives_the_change_with_its_uncertainty(inventories, collected):
    base, year = inventories
    assert collected.base_year.from_mg == base.total("location")
    assert collected.base_year.to_mg == year.total("location")
    change = (year.total("location") / base.total("location") - 1) * 100
    assert collected.base_year.trend_pct == pytest.approx(change)
    assert collected.base_year.trend_low_pct < change < collected.base_year.trend_high_pct
    assert [y.year for y in collected.years] == list(YEARS)


def test_the_causes_of_the_change_add_up_to_it(inventories, collected):
    base, year = inventories
    causes = {cause.cause: cause.co2e_mg for cause in collected.base_year.causes}
    assert sum(causes.values()) == year.total("location") - base.total("location")
    assert set(causes) <= set(CAUSES)
    assert causes["activity"] > 0


def test_a_base_year_that_is_not_at_hand_is_named_without_figures(inventories):
    alone = collect(inventories[1])
    assert alone.base_year.year == YEARS[0]
    assert alone.base_year.trend_pct is None
    assert {found.item.item: found.state for found in answer(alone)}["iso-k"] == "missing"


def test_every_line_has_an_interval_and_the_total_a_simulated_one(inventories, collected):
    found = {row.subject: row for row in collected.uncertainty}
    assert set(inventories[1].by_line("location")) < set(found)
    assert found["total"].draws == 100_000
    for row in found.values():
        assert row.approach1_pct > 0
    assert found["total"].co2e_mg == pytest.approx(inventories[1].total("location"), abs=1000)


def test_a_part_of_an_inventory_holds_only_its_lines(inventories):
    year = inventories[1]
    part = PartOfInventory(year, ["1.1", "1.4"])
    assert set(part.by_line("location")) == {"1.1", "1.4"}
    assert part.total("location") == year.scope(1, "location")
    assert set(year.by_line("location")) > {"1.1", "1.4"}


def test_findings_of_the_calculation_are_told_in_both_languages(collected):
    assert collected.findings
    for finding in collected.findings:
        assert finding.text.en != finding.text.zh
        assert "{" not in finding.text.en + finding.text.zh


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_inventory_becomes_a_report_in_every_format(inventories, lang, tmp_path):
    base, year = inventories
    for form in ("pdf", "xlsx", "json"):
        write_report(year, tmp_path / f"r.{form}", form, lang, earlier=[base])
    data = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert data["totals"]["market"]["total"]["mg"] == year.total("market")
    pdf = pymupdf.open(tmp_path / "r.pdf")
    assert "747.6" in pdf[0].get_text()


def test_a_site_stands_in_its_province_not_in_its_country_alone(collected):
    assert {site.site: site.place for site in collected.sites} == {"S": "CN-GD", "B": "CN-JS"}
    stands = {entity.code: entity.place for entity in collected.entities}
    assert {code: stands[code] for code in ("S", "B")} == {"S": "CN-GD", "B": "CN-JS"}


def test_all_fifteen_categories_are_screened_and_those_that_nobody_decided_say_so(collected):
    treated = {row.line: row.treatment for row in collected.screening}

    assert list(treated) == [f"3.{number}" for number in range(1, 16)]
    assert {line for line, of in treated.items() if of == "quantified"} == {"3.1", "3.3"}
    assert set(treated.values()) == {"quantified", "undecided"}
    assert RULES["scope3_listed"](collected) is False
