from __future__ import annotations

import math
import shutil
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from linyin.cli.session import Session
from linyin.cli.trace import decimal
from linyin.cli.trace_words import step_name

from .company import ACTIVITIES, Linyin, UserFolder, told

EVERY_KIND = """external_id,site,source_type,item,period,begin,end,quantity,unit,status,\
distance [km],technology,counterparty
over,SZ,electricity,electricity,,2022-12-15,2023-01-15,3100,kWh,measured,,,
wan,SZ,electricity,electricity,2023,,,12.3456789,万kWh,measured,,,
neg,SZ,electricity_exported,electricity,2023,,,7,MWh,measured,,,
fuel,SZ,mobile_combustion,diesel,2023,,,333.333,L,measured,,,
gas,SZ,fugitive,R410A,2023,,,1.7,kg,measured,,,
coal,SZ,stationary_combustion,anthracite,2023,,,10,t,measured,,,
freight,SZ,inbound_freight,road_freight,2023,,,12.5,t,measured,123.4,van_class_i_diesel,
buy,SZ,services,naics_541512,2023,,,123.45,万元,invoiced,,,
stated,SZ,leased_asset,building,2023,,,12.345678,tCO2e,measured,,,
"""
RATES = """kind,from,to,year,value,source
exchange,USD,CNY,2023,7.0467,PBOC annual average
price_index,USD,,2022,292.655,BLS CPI-U
price_index,USD,,2023,304.702,BLS CPI-U
"""


def redo(one: dict[str, Any]) -> Fraction:
    """Redo the sum with a calculator: the product of the printed terms."""
    product = math.prod((Fraction(t["value"]) for t in one["terms"]), start=Fraction(1))
    a, b = one["part"]
    return product * (Fraction(b) - Fraction(a))


@pytest.mark.parametrize("entry", ["e1", "d1", "r1"])
def test_every_entry_is_redone_to_the_milligram(entry: str, bundle: Path, linyin: Linyin) -> None:
    result = linyin("trace", bundle, f"activities/{entry}", "--json")

    answer = told(result)
    assert result.exit_code == 0
    assert answer["entries"] == len(answer["traced"]) > 0
    for one in answer["traced"]:
        assert one["same"]
        assert abs(redo(one) - one["co2e_mg"]) <= 1


def test_rows_of_every_kind_are_redone_from_their_terms(folder: UserFolder, linyin: Linyin) -> None:
    folder.write(activities=EVERY_KIND, rates=RATES)
    out = folder.path.parent / "bundle"
    made = linyin("calculate", folder.path, "--year", 2023, "--out", out)
    assert made.exit_code == 0, made.stderr
    kinds: set[str] = set()

    for line in EVERY_KIND.splitlines()[1:]:
        name = line.partition(",")[0]
        answer = told(linyin("trace", out, f"activities/{name}", "--json"))
        for one in answer["traced"]:
            assert one["same"], one
            assert abs(redo(one) - one["co2e_mg"]) <= 1, one
            kinds |= {term["kind"] for term in one["terms"]}

    assert kinds >= {"quantity", "input", "conversion", "step", "factor", "sign", "instrument"}


def test_a_row_over_the_year_counts_by_its_days(folder: UserFolder, linyin: Linyin) -> None:
    folder.write(activities=EVERY_KIND, rates=RATES)
    out = folder.path.parent / "bundle"
    assert linyin("calculate", folder.path, "--year", 2023, "--out", out).exit_code == 0

    answer = told(linyin("trace", out, "activities/over", "--json"))

    located = next(x for x in answer["traced"] if x["entry"]["scope2_method"] == "location")
    assert located["part"] == [pytest.approx(17 / 31), 1.0]
    assert located["co2e_mg"] == round(3100 * 0.4419 * 1e6 * 14 / 31)


def test_one_leg_can_be_named(bundle: Path, linyin: Linyin) -> None:
    every = told(linyin("trace", bundle, "activities/e1", "--json"))["traced"]

    one = told(linyin("trace", bundle, every[-1]["id"], "--json"))["traced"]

    assert [x["id"] for x in one] == [every[-1]["id"]]


def test_the_reader_sees_file_factor_source_and_licence(bundle: Path, linyin: Linyin) -> None:
    shown = linyin("trace", bundle, "activities/d1").stdout

    assert "activities.csv, row 3" in shown
    for text in ("1,000", "kg CO2e/L", "IPCC", "the same to the milligram", "Licence"):
        assert text in shown


def test_a_stated_co2e_stays_on_its_publishers_gwp_set(folder: UserFolder, linyin: Linyin) -> None:
    folder.write(activities=EVERY_KIND, rates=RATES)
    out = folder.path.parent / "bundle"
    assert linyin("calculate", folder.path, "--year", 2023, "--gwp", "AR6-100", "--out", out)

    bought = linyin("trace", out, "activities/buy").stdout
    coal = linyin("trace", out, "activities/coal").stdout
    zh = linyin("trace", out, "activities/buy", "--lang", "zh").stdout

    assert "GWP AR5-100, not re-based" in " ".join(bought.split())
    assert "AR6-100" not in bought
    assert "gases weighted by GWP AR6-100" in " ".join(coal.split())
    assert "Purchaser price, with trade and transport margins" in " ".join(bought.split())
    assert "revision 1" in bought
    for words in ("汇率", "折算到因子年份的价格水平", "AR5-100，未换算", "首次提交"):
        assert words in zh
    assert "exchange" not in zh


def test_why_a_row_was_revised_is_asked_for_and_traced(folder: UserFolder, linyin: Linyin) -> None:
    def told_of(litres: int, reason: str) -> tuple[str, list[str]]:
        header, *rows = ACTIVITIES.replace("05,1000", f"05,{litres}").splitlines()
        reasons = [reason if row.startswith("d1") else "" for row in rows]
        told_rows = [f"{r},{why}" for r, why in zip(rows, reasons, strict=True)]
        folder.write(activities="\n".join([f"{header},reason", *told_rows]) + "\n")
        out = folder.path.parent / f"bundle-{litres}-{bool(reason)}"
        run = linyin("calculate", folder.path, "--year", 2023, "--out", out, "--json")
        items = told(run)["runs"][0]["findings"]["items"]
        asked = [f["fields"]["ids"] for f in items if f["code"] == "revision-without-reason"]
        return " ".join(linyin("trace", out, "activities/d1").stdout.split()), asked

    first, asked_first = told_of(1000, "")
    changed, asked = told_of(1200, "")
    explained, asked_last = told_of(1200, "the meter was misread")

    assert (asked_first, asked, asked_last) == ([], ["d1"], [])
    assert "revision 1" in first
    assert "reason" not in first
    assert "revision 2: the row as delivered last, reason: none stated" in changed
    assert "revision 3: the row as delivered last, reason: the meter was misread" in explained


@pytest.mark.parametrize("step", ["excluding traded", "lost ÷ delivered", "default oxidation"])
def test_steps_of_a_calculation_have_words_in_both_languages(step: str) -> None:
    session = Session("zh")

    assert any("\u4e00" <= letter <= "\u9fff" for letter in step_name(step, session))
    assert step_name("some_new step", session) == "some new step"


def test_an_entry_that_does_not_follow_from_its_terms_is_told(bundle: Path, linyin: Linyin) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    forged = bundle.with_name("forged")
    shutil.copytree(bundle, forged)
    file = forged / "legs.parquet"
    legs = pq.read_table(file)
    raised = pa.array([k * 1.001 for k in legs["k_co2e_mg"].to_pylist()])
    pq.write_table(legs.set_column(legs.column_names.index("k_co2e_mg"), "k_co2e_mg", raised), file)

    result = linyin("trace", forged, "activities/d1", "--json")

    assert result.exit_code == 1
    assert not told(result)["ok"]


@pytest.mark.parametrize(
    ("entry", "code"), [("activities/e2", "entry-unknown"), ("e1", "entry-broken")]
)
def test_an_id_that_names_nothing_is_bad_input(
    entry: str, code: str, bundle: Path, linyin: Linyin
) -> None:
    result = linyin("trace", bundle, entry, "--json")

    assert result.exit_code == 2
    assert told(result)["findings"][0]["code"] == code


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(1, 8), "0.125"),
        (Fraction(-1234567, 100), "−12,345.67"),
        (Fraction(1, 3), "0.333333333333333"),
        (Fraction(1000), "1,000"),
        (Fraction(-1, 20), "−0.05"),
    ],
)
def test_numbers_are_exact_where_they_end(value: Fraction, shown: str) -> None:
    assert decimal(value) == shown


def test_evidence_of_a_row_is_shown(folder: UserFolder, linyin: Linyin) -> None:
    (folder.path / "evidence").mkdir()
    (folder.path / "evidence" / "bill.pdf").write_bytes(b"%PDF")
    folder.write(activities=ACTIVITIES.replace("invoiced,\n", "invoiced,bill.pdf\n"))
    out = folder.path.parent / "b"
    assert linyin("calculate", folder.path, "--year", 2023, "--out", out).exit_code == 0

    assert "bill.pdf" in linyin("trace", out, "activities/e1").stdout


def test_a_conversion_has_above_the_line_what_its_unit_has_below(
    folder: UserFolder, linyin: Linyin
) -> None:
    head = "external_id,site,source_type,item,period,quantity,unit"
    gas = "gas,SZ,stationary_combustion,natural_gas,2023,12,万Sm3"
    folder.write(activities=f"{head}\n{gas}\n")
    out = folder.path.parent / "bundle"
    linyin("calculate", folder.path, "--year", 2023, "--standard", "GB/T 32150", "--out", out)

    traced = told(linyin("trace", out, "activities/gas", "--json"))["traced"][0]

    units = {term["unit"]: term["value"] for term in traced["terms"]}
    assert {"万Sm3", "GJ net/Nm3", "t/GJ net"} < units.keys()
    ratio = Fraction(units["kg·Nm3/t/万Sm3"])
    assert ratio == pytest.approx(10_000 * 1000 * Fraction("273.15") / Fraction("293.15"))


SHARED = """code,kind,parent,owner,ownership_pct,control,country,place
G,group,,,,,CN,
PARK,site,G,,,,CN,CN-GD
SHOP,site,G,,,,CN,CN-GD
LAB,entity,,G,60,sole,CN,CN-GD
"""
SPLIT = """site,target,key,value,unit
PARK,SHOP,area,12000,m2
PARK,LAB,area,3000,m2
"""


def test_a_part_of_a_shared_supply_names_its_user_key_and_amounts(
    folder: UserFolder, linyin: Linyin
) -> None:
    head = "external_id,site,source_type,item,period,quantity,unit"
    folder.write(
        organization=SHARED,
        allocations=SPLIT,
        activities=f"{head}\np,PARK,electricity,electricity,2023,1000,kWh\n",
    )
    (folder.path / "instruments.csv").unlink()
    out = folder.path.parent / "bundle"
    linyin("calculate", folder.path, "--year", 2023, "--approach", "equity_share", "--out", out)

    traced = told(linyin("trace", out, "activities/p", "--json"))["traced"]
    shown = " ".join(linyin("trace", out, "activities/p").stdout.split())
    chinese = linyin("trace", out, "activities/p", "--lang", "zh").stdout

    shared = {one["shared"]["node"]: one["shared"] for one in traced}
    assert shared["LAB"] == {
        "node": "LAB", "key": "area", "unit": "m2", "value": 3000.0, "total": 15000.0,
    }  # fmt: skip
    assert shared["SHOP"]["value"] == 12000.0
    assert all(one["same"] for one in traced)
    assert "part of the row that LAB uses, by floor area: 3,000 / 15,000 m2" in shown
    assert "the reporter's share of LAB" in shown
    assert "SHOP 使用的部分（按面积：12,000 / 15,000 m2）" in chinese
