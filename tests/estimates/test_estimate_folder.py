"""`estimate` on folders: marked rows that people can read, edit and supersede."""

import csv
from pathlib import Path

import pytest

from builders import FolderBuilder
from linyin.inventory.calculate import calculate
from linyin.inventory.checks import run_checks
from linyin.inventory.estimate import estimate
from linyin.inventory.jobs import Request
from linyin.lake import BadInput

DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
FILE = "activities-estimates.csv"


def monthly(folder: FolderBuilder, site: str = "S", *, level=100, year=2023, skip=(), **cells):
    for month, days in enumerate(DAYS, 1):
        if month not in skip:
            actual(folder, month, level * days, site=site, year=year, **cells)


def actual(
    folder: FolderBuilder, month: int, kwh: float, *, site="S", year=2023, named="", **cells
):
    folder.activity(
        named or f"{site}-{year}-{month:02}",
        **{
            "site": site,
            "source_type": "electricity",
            "item": "electricity",
            "period": f"{year}-{month:02}",
            "quantity": kwh,
            "unit": "kWh",
            **cells,
        },
    )


@pytest.fixture
def company(folder: FolderBuilder) -> FolderBuilder:
    return folder.company().packs(["mee-grid-2021-2023"])


def rows(folder: FolderBuilder) -> list[dict[str, str]]:
    with (folder.path / FILE).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_a_missing_month_becomes_a_marked_row(company):
    monthly(company, skip=[5])

    report = estimate(company.write(), ["neighbours"])

    assert rows(company) == [
        {
            "external_id": "estimate:electricity:S:electricity:2023-05",
            "site": "S",
            "source_type": "electricity",
            "item": "electricity",
            "relation": "owned",
            "begin": "2023-05-01",
            "end": "2023-06-01",
            "quantity": "3100",
            "unit": "kWh",
            "flow": "emission",
            "status": "estimated",
            "uncertainty_pct": "5",
            "description": "estimated by neighbours, tried on 9 known months",
            "reason": "estimate neighbours: 3100 kWh",
        }
    ]
    assert [f.method for f in report.filled] == ["neighbours"]
    assert report.unfilled == ()


def test_estimates_are_calculated_like_any_row(company):
    monthly(company, skip=[5])
    estimate(company.write())

    (inventory,) = calculate(company.path, Request((2023,)))

    whole = FolderBuilder(company.path.parent / "whole").company().packs(["mee-grid-2021-2023"])
    monthly(whole)
    assert inventory.total("location") == whole.calculate().total("location")
    assert inventory.estimated_share("location") == pytest.approx(31 / 365)


@pytest.mark.parametrize("meters", [["SZ"], ["A-", "B-"]])
def test_a_filled_gap_is_no_gap_any_more(company, meters):
    for meter in meters:
        for month, days in enumerate(DAYS, 1):
            if month != 5:
                actual(company, month, 100 * days, named=f"{meter}2023{month:02}")
    assert [f.code for f in gaps(company)] == ["months-missing"] * len(meters)

    assert len(estimate(company.path).filled) == len(meters)

    assert gaps(company) == ()


def gaps(folder: FolderBuilder):
    (inventory,) = calculate(folder.write(), Request((2023,)))
    return run_checks(inventory, only=("months-missing", "source-begins"))


def test_running_again_changes_nothing(company):
    monthly(company, skip=[5])
    estimate(company.write())
    before = (company.path / FILE).read_bytes()

    report = estimate(company.path)

    assert (company.path / FILE).read_bytes() == before
    assert len(report.filled) == 1
    assert report.dropped == ()


def test_an_actual_row_makes_the_next_run_drop_the_estimate(company):
    monthly(company, skip=[5])
    estimate(company.write())
    actual(company, 5, 2900)

    report = estimate(company.write())

    assert report.dropped == ("estimate:electricity:S:electricity:2023-05",)
    assert not (company.path / FILE).exists()


def test_supersedes_replaces_the_estimate_before_the_next_run(company):
    monthly(company, skip=[5])
    estimate(company.write())
    actual(company, 5, 2900, supersedes="estimate:electricity:S:electricity:2023-05")

    (inventory,) = calculate(company.write(), Request((2023,)))

    kwh = inventory.query("SELECT sum(quantity) AS kwh FROM activities").to_pylist()[0]["kwh"]
    assert kwh == 100 * (365 - 31) + 2900


def test_an_edited_estimate_stays_as_it_is(company):
    monthly(company, skip=[5])
    estimate(company.write())
    edited = (company.path / FILE).read_text(encoding="utf-8").replace(",3100,", ",2500,")
    (company.path / FILE).write_text(edited, encoding="utf-8")

    report = estimate(company.path)

    assert [row["quantity"] for row in rows(company)] == ["2500"]
    assert report.kept == ("estimate:electricity:S:electricity:2023-05",)
    assert report.filled == ()


def test_estimates_of_other_years_stay(company):
    monthly(company, year=2022, skip=[5])
    monthly(company, skip=[8])
    estimate(company.write(), year=2022)

    report = estimate(company.path, year=2023)

    assert [row["begin"] for row in rows(company)] == ["2022-05-01", "2023-08-01"]
    assert report.kept == ("estimate:electricity:S:electricity:2022-05",)


def test_a_site_that_opened_in_april_gets_nothing_before(folder):
    folder.node("G", "group", country="CN").node(
        "S", parent="G", place="CN-GD", opened="2023-04-01"
    )
    monthly(folder, skip=[1, 2, 3, 6])

    report = estimate(folder.write(), ["neighbours", "per_area"], year=2023)

    assert [f.span.begin.month for f in report.filled] == [6]
    assert report.unfilled == ()


def test_an_estimate_goes_when_its_site_turns_out_to_be_closed(company):
    monthly(company, skip=[5])
    estimate(company.write())
    company.tables["organization"][1]["closed"] = "2023-05-01"
    company.tables["activities"] = company.tables["activities"][:4]

    report = estimate(company.write(), year=2023)

    assert report.filled == ()
    assert report.dropped == ("estimate:electricity:S:electricity:2023-05",)


def test_per_area_asks_comparable_sites_of_the_country(folder):
    folder.company("S", "T").node("U", parent="G", country="US")
    for site, area in (("S", 1000), ("T", 500), ("U", 500)):
        folder.add("metrics", node=site, metric="floor_area", period="2023", value=area, unit="m2")
    monthly(folder, "S", skip=[1, 2, 11, 12])
    monthly(folder, "T", level=40)
    monthly(folder, "U", level=9999)

    report = estimate(folder.write(), ["per_area"], year=2023)

    assert [f.quantity for f in report.filled] == ["2480", "2240", "2400", "2480"]
    assert {f.site for f in report.filled} == {"S"}


def test_a_gap_without_an_answer_is_a_finding_with_the_reasons(company):
    monthly(company, skip=[12])

    report = estimate(company.write(), year=2023)

    (finding,) = report.unfilled
    assert (finding.code, finding.severity, finding.at.file) == (
        "estimate-unfilled",
        "warning",
        "activities.csv",
    )
    assert finding.at.row == 12
    assert "last_year: no data for 2022-12" in finding.fields["reasons"]
    assert not (company.path / FILE).exists()


def test_meters_of_one_site_have_estimates_of_their_own(company):
    for meter, level in (("A", 100), ("B", 10)):
        for month, days in enumerate(DAYS, 1):
            if (meter, month) != ("B", 5):
                actual(company, month, level * days, named=f"{meter}-2023-{month:02}")

    report = estimate(company.write(), ["neighbours"])

    (filled,) = report.filled
    assert (filled.external_id, filled.quantity) == (
        "estimate:electricity:S:electricity/B-*:2023-05",
        "310",
    )


def test_purchases_without_a_monthly_rhythm_are_left_alone(company):
    for number, day in enumerate(("2023-01-03", "2023-02-11", "2023-09-30")):
        company.activity(
            f"p{number}", source_type="goods", item="steel", quantity=1, unit="t", period=day
        )

    report = estimate(company.write(), year=2023)

    assert (report.filled, report.unfilled) == ((), ())


def test_rows_in_several_units_are_brought_into_the_most_usual_one(company):
    monthly(company, skip=[4, 5])
    actual(company, 4, 3, unit="MWh")

    report = estimate(company.write(), ["neighbours"])

    assert [(f.quantity, f.unit) for f in report.filled] == [("3100", "kWh")]


def test_a_folder_with_parts_gets_the_file_among_them(company):
    monthly(company, skip=[5])
    path = company.write()
    (path / "activities").mkdir()
    (path / "activities.csv").rename(path / "activities" / "power.csv")

    report = estimate(path, ["neighbours"])

    assert report.file == path / "activities" / FILE
    assert report.file.exists()


def test_a_broken_folder_is_refused_and_nothing_written(company):
    monthly(company, skip=[5])
    actual(company, 5, 1, unit="ton", named="bad")

    with pytest.raises(BadInput) as bad:
        estimate(company.write())

    assert [f.code for f in bad.value.findings if f.severity == "error"] == ["unit-ambiguous"]
    assert not (company.path / FILE).exists()


def test_a_dry_run_writes_nothing(company):
    monthly(company, skip=[5])

    report = estimate(company.write(), write=False)

    assert len(report.filled) == 1
    assert not Path(report.file).exists()
