from __future__ import annotations

from decimal import Decimal

import pytest

from .company import ACTIVITIES, Linyin, UserFolder, told


def test_a_folder_becomes_an_inventory_by_both_methods(folder: UserFolder, linyin: Linyin) -> None:
    run = told(linyin("calculate", folder.path, "--year", 2023, "--json"))["runs"][0]

    lines = {(x["line"], x["scope2_method"]): x["co2e_mg"] for x in run["lines"]}
    assert lines["2.1", "location"] == 441_900_000_000  # 1000 MWh × 0.4419 t, MEE 2023 Guangdong
    assert lines["2.1", "market"] == 426_720_000_000  # 700 MWh × 0.6096 t
    totals = {method: run["totals"][method]["co2e_mg"] for method in ("location", "market")}
    assert totals["location"] - totals["market"] == 441_900_000_000 - 426_720_000_000
    assert totals["location"] == sum(mg for (_, m), mg in lines.items() if m != "market")
    assert run["outside_totals"]["memo_mg"] == 10 * 1760 * 10**6  # R22, AR5


def test_shares_of_a_total_add_up_to_one(folder: UserFolder, linyin: Linyin) -> None:
    run = told(linyin("calculate", folder.path, "--year", 2023, "--json"))["runs"][0]

    shares = [x["share"] for x in run["lines"] if x["scope2_method"] != "market"]
    assert sum(shares) == pytest.approx(1)
    assert max(shares) > 0.9  # 441.9 t of power beside 2.7 t of diesel


def test_the_table_names_lines_unit_and_methods(folder: UserFolder, linyin: Linyin) -> None:
    shown = linyin("calculate", folder.path, "--year", 2023).stdout

    assert "t CO₂e" in shown
    assert "Scope 2, by market" in shown
    row = next(line for line in shown.splitlines() if line.startswith("1.2"))
    assert row.split()[:3] == ["1.2", "Mobile", "combustion"]
    assert row.split()[-2:] == ["100.0", "%"]  # the diesel is an estimate
    assert all(len(line) <= 100 for line in shown.splitlines() if line[:1].isdigit())


def test_chinese_tables_line_up_by_the_width_of_the_characters(
    folder: UserFolder, linyin: Linyin
) -> None:
    from rich.cells import cell_len

    shown = linyin("calculate", folder.path, "--year", 2023, "--lang", "zh").stdout

    rows = [line for line in shown.splitlines() if line[:3] in {"1.2", "2.1", "3.3"}]
    names = [line for line in shown.splitlines() if "合计（" in line]
    assert len(rows) >= 4
    assert {cell_len(line) for line in [*rows, *names]} == {cell_len(rows[0])}


def test_years_stand_side_by_side_with_the_change_from_the_first(
    folder: UserFolder, linyin: Linyin
) -> None:
    before = "e0,SZ,electricity,electricity,2022,2000,MWh,invoiced,\n"
    folder.write(activities=ACTIVITIES + before)

    result = linyin("calculate", folder.path, "--year", 2022, "--year", 2023, "--json")

    first, second = told(result)["runs"]
    assert [first["year"], second["year"]] == [2022, 2023]
    change = second["totals"]["location"]["co2e_mg"] / first["totals"]["location"]["co2e_mg"] - 1
    assert second["totals"]["location"]["change"] == pytest.approx(change)
    assert second["totals"]["location"]["change_half_width"] > 0
    assert first["totals"]["location"]["change"] is None
    assert "vs 2022" in linyin("calculate", folder.path, "--year", 2022, "--year", 2023).stdout


def test_the_base_years_run_beside_the_bundle_is_compared_with(
    folder: UserFolder, linyin: Linyin
) -> None:
    before = "e0,SZ,electricity,electricity,2022,2000,MWh,invoiced,\n"
    folder.write(activities=ACTIVITIES + before)
    folder.configure("[base_year]\nyear = 2022\n")
    assert linyin("calculate", folder.path, "--year", 2022).exit_code == 0

    run = told(linyin("calculate", folder.path, "--year", 2023, "--json"))["runs"][0]

    assert run["base_year"] == 2022
    assert -1 < run["totals"]["location"]["change"] < 0


def test_lists_of_choices_make_a_run_of_each(folder: UserFolder, linyin: Linyin) -> None:
    result = linyin(
        *("calculate", folder.path, "--year", 2023, "--gwp", "AR5-100", "--gwp", "AR6-100"),
        *("--approach", "equity_share", "--approach", "operational_control", "--json"),
    )

    runs = told(result)["runs"]
    found = {(run["gwp"], run["approach"]) for run in runs}
    assert len(runs) == len(found) == 4


def test_intensity_is_per_million_of_revenue(folder: UserFolder, linyin: Linyin) -> None:
    folder.write(metrics="node,metric,period,value,unit\nG,revenue,2023,200,万元\n")

    run = told(linyin("calculate", folder.path, "--year", 2023, "--json"))["runs"][0]

    t = run["totals"]["location"]["co2e_t"]
    assert run["intensity"]["currency"] == "CNY"
    assert run["intensity"]["t_per_million"] == pytest.approx(t / 2)


def test_ids_are_derived_from_columns_where_a_file_has_none(
    folder: UserFolder, linyin: Linyin
) -> None:
    rows = [line.partition(",")[2] for line in ACTIVITIES.splitlines()]
    folder.write(activities="\n".join(rows) + "\n")
    assert linyin("calculate", folder.path, "--year", 2023).exit_code == 2

    out = folder.path.parent / "b"
    given = ("--id-from", "source_type, period")
    assert linyin("calculate", folder.path, "--year", 2023, *given, "--out", out).exit_code == 0
    traced = told(linyin("trace", out, "activities/mobile_combustion/2023-05", "--json"))
    assert traced["traced"][0]["activity"]["item"] == "diesel"


def test_ids_are_made_of_a_column_that_says_nothing_else(
    folder: UserFolder, linyin: Linyin
) -> None:
    _, *rows = (line.partition(",")[2] for line in ACTIVITIES.splitlines())
    header = ACTIVITIES.partition("\n")[0].partition(",")[2]
    sent = [f"{header},Invoice No", *(f"{row},INV-{n}" for n, row in enumerate(rows))]
    folder.write(activities="\n".join(sent) + "\n")
    out = folder.path.parent / "b"
    given = ("--id-from", "invoice no,period", "--out", out)

    refused = linyin("calculate", folder.path, "--year", 2023, "--id-from", "period", "--json")
    taken = linyin("calculate", folder.path, "--year", 2023, *given)

    assert "Invoice No" in [f["at"]["column"] for f in told(refused)["findings"]]
    assert taken.exit_code == 0
    traced = told(linyin("trace", out, "activities/INV-1/2023-05", "--json"))
    assert traced["traced"][0]["activity"]["item"] == "diesel"


def test_a_missing_id_column_is_named(folder: UserFolder, linyin: Linyin) -> None:
    rows = [line.partition(",")[2] for line in ACTIVITIES.splitlines()]
    folder.write(activities="\n".join(rows) + "\n")

    result = linyin("calculate", folder.path, "--year", 2023, "--id-from", "meter", "--json")

    codes = {f["code"]: f for f in told(result)["findings"]}
    assert result.exit_code == 2
    assert codes["id-column-missing"]["fields"]["value"] == "meter"


def test_the_interval_of_a_negative_total_has_distances_above_zero(
    folder: UserFolder, linyin: Linyin
) -> None:
    head = "external_id,site,source_type,item,period,quantity,unit,kind,uncertainty_pct\n"
    folder.write(activities=head + "c,SZ,electricity,electricity,2023,-1000,MWh,credit,60\n")

    result = linyin("calculate", folder.path, "--year", 2023, "--json")

    found = told(result)["runs"][0]["totals"]["location"]["uncertainty"]
    assert all(0.3 < found[name] < 1 for name in ("half_width", "low", "high"))
    shown = linyin("calculate", folder.path, "--year", 2023).stdout
    assert "By simulation (approach 2) 2023: −" in shown
    assert "−−" not in shown
    assert "+−" not in shown


def test_a_fiscal_year_is_told_by_its_days(folder: UserFolder, linyin: Linyin) -> None:
    days = "2023: 2022-04-01 – 2023-03-31"
    assert days not in linyin("calculate", folder.path, "--year", 2023).stdout

    folder.configure('[inventory]\ngwp = "AR5-100"\nfiscal_year_start = "04-01"\n')
    shown = linyin("calculate", folder.path, "--year", 2023, "--year", 2024).stdout

    assert f"Fiscal years {days}, 2024: 2023-04-01 – 2024-03-31. In a column period" in shown
    assert "write FY2024" in shown


def test_the_chinese_standard_gives_the_total_that_is_filed(
    folder: UserFolder, linyin: Linyin
) -> None:
    args = ("calculate", folder.path, "--year", 2023, "--standard")

    chinese = linyin(*args, "GB/T 32150", "--out", folder.path / "a").stdout
    protocol = linyin(*args, "GHG Protocol", "--out", folder.path / "b").stdout

    def mass(name: str) -> Decimal:
        row = next(line for line in chinese.splitlines() if line.strip().startswith(name))
        return Decimal(row.strip().removeprefix(name).split()[0].replace(",", ""))

    for method in ("location", "market"):
        parts = mass("Scope 1"), mass(f"Scope 2, by {method}")
        assert mass(f"GB/T 32150: scopes 1 + 2, by {method}") == sum(parts)
        assert mass(f"Total, scope 2 by {method}") > sum(parts)
    assert "GB/T" not in protocol
