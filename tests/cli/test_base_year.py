from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .company import Linyin, UserFolder, told

ORGANIZATION = """code,kind,parent,country,place,opened,from
G,group,,CN,,,
OLD,site,G,CN,CN-GD,,
BOUGHT,site,G,CN,CN-GD,2015-01-01,2023-01-01
"""
ACTIVITIES = """external_id,site,source_type,item,quantity,unit,period
o21,OLD,electricity,electricity,1000,MWh,2021
o23,OLD,electricity,electricity,1400,MWh,2023
b21,BOUGHT,electricity,electricity,{bought},MWh,2021
b23,BOUGHT,electricity,electricity,{bought},MWh,2023
"""


@pytest.fixture
def grown(folder: UserFolder) -> UserFolder:
    (folder.path / "instruments.csv").unlink()
    folder.configure("[base_year]\nyear = 2021\nthreshold_pct = 5.0\n")
    folder.write(organization=ORGANIZATION, activities=ACTIVITIES.format(bought=150))
    return folder


def runs(folder: UserFolder) -> set[Path]:
    return set((folder.path / ".linyin" / "runs").glob("*"))


def test_an_acquisition_above_the_threshold_is_told_with_its_day_and_share(
    grown: UserFolder, linyin: Linyin
) -> None:
    answer = told(linyin("base-year", grown.path, "--year", 2023, "--json"))
    shown = linyin("base-year", grown.path, "--year", 2023).stdout

    (change,) = answer["changes"]
    assert (change["cause"], change["what"], change["day"]) == (
        "acquisition",
        "BOUGHT",
        "2023-01-01",
    )
    assert change["share"] == answer["accumulated"] == pytest.approx(0.15)
    assert answer["needs_restatement"]
    assert answer["restated"] == []
    assert "Acquisition" in shown
    assert "restate 2021" in shown
    assert "--restate" in shown
    assert runs(grown) == set()


def test_a_restatement_is_a_new_run_with_its_reason(grown: UserFolder, linyin: Linyin) -> None:
    answer = told(linyin("base-year", grown.path, "--year", 2023, "--restate", "--json"))

    (run,) = answer["restated"]
    assert run["year"] == 2021
    assert run["co2e_mg"] == answer["restated_mg"] == round(answer["stated_mg"] * 1.15)
    assert "acquisition BOUGHT" in run["reason"]
    assert runs(grown) == {Path(run["bundle"])}
    assert told(linyin("replay", run["bundle"], "--json"))["ok"]


def test_the_bundle_goes_where_it_is_asked_for_with_the_reason_given(
    grown: UserFolder, linyin: Linyin, tmp_path: Path
) -> None:
    out = tmp_path / "restated"
    asked = ("--restate", "--reason", "BOUGHT joined", "--out", out)

    shown = linyin("base-year", grown.path, "--year", 2023, *asked).stdout

    assert (out / "manifest.json").is_file()
    assert "restated as a new run: restated" in shown
    assert "BOUGHT joined" in shown


def test_below_the_threshold_a_restatement_needs_a_reason(
    grown: UserFolder, linyin: Linyin
) -> None:
    grown.write(activities=ACTIVITIES.format(bought=10))

    assessed = told(linyin("base-year", grown.path, "--year", 2023, "--json"))
    refused = linyin("base-year", grown.path, "--year", 2023, "--restate", "--json")
    forced = linyin("base-year", grown.path, "--year", 2023, "--restate", "--reason", "asked by X")

    assert not assessed["needs_restatement"]
    assert refused.exit_code == 2
    assert [f["code"] for f in told(refused)["findings"]] == ["base-year-below-threshold"]
    assert forced.exit_code == 0
    assert len(runs(grown)) == 1


def test_without_a_base_year_the_setting_is_named(grown: UserFolder, linyin: Linyin) -> None:
    grown.configure("")

    unset = linyin("base-year", grown.path, "--year", 2023, "--json")
    stated = told(linyin("base-year", grown.path, "--year", 2023, "--base-year", 2021, "--json"))

    assert unset.exit_code == 2
    assert told(unset)["findings"][0]["code"] == "base-year-unset"
    assert stated["base_year"] == 2021


def test_an_unknown_entity_is_bad_input(grown: UserFolder, linyin: Linyin) -> None:
    result = linyin("base-year", grown.path, "--year", 2023, "--entity", "NOBODY", "--json")

    assert result.exit_code == 2
    assert told(result)["findings"][0]["code"] == "entity-unknown"


def test_a_bought_site_without_rows_of_the_base_year_is_asked_about(
    grown: UserFolder, linyin: Linyin
) -> None:
    rows = ACTIVITIES.format(bought=150).splitlines(keepends=True)
    grown.write(activities="".join(r for r in rows if not r.startswith("b21")))

    answer = told(linyin("base-year", grown.path, "--year", 2023, "--json"))
    shown = linyin("base-year", grown.path, "--year", 2023).stdout
    restated = told(
        linyin("base-year", grown.path, "--year", 2023, "--restate", "--reason", "X", "--json")
    )

    for said in (answer, restated):
        (finding,) = said["findings"]
        assert (finding["code"], finding["fields"]["node"]) == ("base-year-rows-missing", "BOUGHT")
    assert "BOUGHT joined on 2023-01-01" in " ".join(shown.split())
    assert restated["restated"][0]["co2e_mg"] == answer["stated_mg"]


@pytest.mark.parametrize("relations", [("owned", "outsourced"), ("outsourced", "owned")])
def test_outsourcing_without_scope_3_is_a_change_and_a_question(
    grown: UserFolder, linyin: Linyin, relations: tuple[str, str]
) -> None:
    then, now = relations
    grown.write(
        organization="".join(ORGANIZATION.splitlines(keepends=True)[:3]),
        activities=f"""external_id,site,source_type,item,quantity,unit,period,relation
o21,OLD,stationary_combustion,diesel,100000,L,2021,{then}
o23,OLD,stationary_combustion,diesel,100000,L,2023,{now}
w21,OLD,stationary_combustion,petrol,1000,L,2021,owned
w23,OLD,stationary_combustion,petrol,1000,L,2023,owned
""",
    )
    cause = "outsourcing" if now == "outsourced" else "insourcing"

    own = told(linyin("base-year", grown.path, "--year", 2023, "--scopes", "1+2", "--json"))
    whole = told(linyin("base-year", grown.path, "--year", 2023, "--json"))
    shown = linyin("base-year", grown.path, "--year", 2023, "--scopes", "1+2").stdout

    (change,), (finding,) = own["changes"], own["findings"]
    assert change["cause"] == cause
    assert (change["operational_mg"] < 0) is (cause == "outsourcing")
    assert (finding["code"], finding["fields"]["what"]) == ("base-year-relation", cause)
    assert own["needs_restatement"]
    assert not whole["needs_restatement"]
    assert whole["findings"] == []
    assert cause in shown


def test_the_answer_is_in_chinese_too(grown: UserFolder, linyin: Linyin) -> None:
    shown = linyin("base-year", grown.path, "--year", 2023, "--lang", "zh").stdout

    assert "收购" in shown
    assert "须重述 2021 年" in shown


def reported(linyin: Linyin, bundle: Path, *args: object) -> tuple[dict[str, Any], dict[str, str]]:
    """The base year of a report, and what the checklist found of each item."""
    out = bundle.parent / "report.json"
    linyin("report", bundle, "--format", "json", "--out", out, *args)
    report = json.loads(out.read_text(encoding="utf-8"))
    states = {item["item"]: item["state"] for item in report["checklist"]}
    return report["base_year"], states


def test_a_report_that_assessed_nothing_says_so_and_lacks_it(
    grown: UserFolder, linyin: Linyin
) -> None:
    linyin("calculate", grown.path, "--year", 2023, "--out", grown.path / "i")

    base, states = reported(linyin, grown.path / "i")

    assert (base["assessed"], base["recalculations"]) == (False, [])
    assert states["iso-l"] == states["ghgp-8"] == "missing"


def test_a_report_assesses_the_base_year_from_its_folder(grown: UserFolder, linyin: Linyin) -> None:
    linyin("calculate", grown.path, "--year", 2023, "--out", grown.path / "i")

    base, states = reported(linyin, grown.path / "i", "--folder", grown.path)

    (event,) = base["recalculations"]
    assert (event["kind"], event["note"]["en"]) == ("acquisition", "BOUGHT (2023-01-01)")
    assert event["applied"] is None
    assert event["effect"]["mg"] > 0
    assert states["iso-l"] == states["ghgp-8"] == "present"


def test_the_report_of_a_restated_run_tells_its_reason_as_the_event(
    grown: UserFolder, linyin: Linyin
) -> None:
    linyin("base-year", grown.path, "--year", 2023, "--restate", "--reason", "bought in 2023",
           "--out", grown.path / "r")  # fmt: skip

    base, _ = reported(linyin, grown.path / "r")

    (event,) = base["recalculations"]
    assert (event["kind"], event["note"]["en"], event["applied"]) == (
        "restatement", "bought in 2023", True,
    )  # fmt: skip


def test_a_report_refuses_the_folder_of_another_boundary(grown: UserFolder, linyin: Linyin) -> None:
    linyin("calculate", grown.path, "--year", 2023, "--out", grown.path / "i")
    grown.configure("[base_year]\nyear = 2022\n")

    answer = linyin("report", grown.path / "i", "--folder", grown.path)

    assert answer.exit_code == 2
    assert "base year" in answer.stderr


def test_a_year_before_the_base_year_is_refused_in_one_sentence(
    grown: UserFolder, linyin: Linyin
) -> None:
    answer = linyin("base-year", grown.path, "--year", 2020)

    assert answer.exit_code == 2
    assert "2020 lies before the base year 2021" in answer.stderr
