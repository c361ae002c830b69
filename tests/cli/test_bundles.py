from __future__ import annotations

import json
from pathlib import Path

import pytest

from .company import ACTIVITIES, Linyin, UserFolder, told


def test_a_bundle_replays_to_the_same_digits(bundle: Path, linyin: Linyin) -> None:
    answer = told(linyin("replay", bundle, "--json"))

    assert answer["ok"]
    assert answer["expected"] == answer["found"]
    assert answer["entries"] > 0


def test_one_flipped_byte_is_found(bundle: Path, linyin: Linyin) -> None:
    file = bundle / "inputs" / "activities.parquet"
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)

    result = linyin("replay", bundle, "--json")

    assert result.exit_code == 2
    found = told(result)["findings"]
    assert [(f["code"], f["at"]["file"]) for f in found] == [
        ("bundle-file-changed", "inputs/activities.parquet")
    ]


def test_other_digits_are_a_no(bundle: Path, linyin: Linyin) -> None:
    manifest = bundle / "manifest.json"
    fields = json.loads(manifest.read_text(encoding="utf-8"))
    fields["content"] = "0" * 64
    manifest.write_text(json.dumps(fields), encoding="utf-8")

    result = linyin("replay", bundle)

    assert result.exit_code == 1
    assert "NOT the same" in result.stdout


def test_two_people_publish_once(bundle: Path, linyin: Linyin) -> None:
    by = ("--prepared-by", "王芳", "--approved-by", "Li Lei")

    first = told(linyin("publish", bundle, *by, "--json"))
    again = linyin("publish", bundle, *by, "--json")

    assert (first["state"], first["authenticated"]) == ("published", False)
    assert (first["prepared_by"], first["approved_by"]) == ("王芳", "Li Lei")
    assert again.exit_code == 2
    assert [f["code"] for f in told(again)["findings"]] == ["publish-twice"]


def test_one_person_alone_cannot_publish(bundle: Path, linyin: Linyin) -> None:
    result = linyin("publish", bundle, "--prepared-by", "A", "--approved-by", "a ", "--json")

    assert result.exit_code == 2
    assert [f["code"] for f in told(result)["findings"]] == ["publish-four-eyes"]
    assert not (bundle / "published.json").exists()


def test_the_same_seed_draws_the_same_entries(bundle: Path, linyin: Linyin) -> None:
    draws = [told(linyin("sample", bundle, "--seed", "s", "--size", 2, "--json")) for _ in "ab"]

    assert draws[0] == draws[1]
    assert len(draws[0]["items"]) == 2
    assert draws[0]["items"][0]["at"]["file"] == "activities.csv"


def test_a_sample_weighs_entries_by_their_emissions(bundle: Path, linyin: Linyin) -> None:
    answer = told(linyin("sample", bundle, "--seed", 7, "--size", 1, "--json"))

    inventory = linyin("sample", bundle, "--seed", 7, "--size", 1)
    assert answer["population_mg"] > 441_900_000_000
    assert "activities/e1@" in inventory.stdout


def test_a_sample_larger_than_the_population_is_refused(bundle: Path, linyin: Linyin) -> None:
    result = linyin("sample", bundle, "--seed", 1, "--size", 1000, "--json")

    assert result.exit_code == 2
    assert told(result)["findings"][0]["code"] == "sampling-refused"


@pytest.mark.parametrize("kind", ["json", "xlsx"])
def test_a_report_is_written(kind: str, bundle: Path, linyin: Linyin, tmp_path: Path) -> None:
    out = tmp_path / f"report.{kind}"

    answer = told(linyin("report", bundle, "--format", kind, "--out", out, "--json"))

    assert answer["bytes"] == out.stat().st_size > 1000


def test_a_filled_in_template_is_a_folder(tmp_path: Path, linyin: Linyin) -> None:
    path = tmp_path / "new"
    written = told(linyin("template", path, "--lang", "zh", "--json"))["files"]

    assert "linyin.toml" in written
    assert (path / "evidence").is_dir()
    with (path / "organization.csv").open("a", encoding="utf-8") as handle:
        handle.write("G,group,Group,集团,,,,,,CN,,,,,,\n")
    result = linyin("check", path, "--json")
    found = [finding["code"] for finding in told(result)["findings"]]
    assert (result.exit_code, found) == (2, ["activities-none"])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_template_of_the_configuration_explains_every_key(
    lang: str, tmp_path: Path, linyin: Linyin
) -> None:
    import re
    import tomllib

    from linyin.inventory.config import _SECTIONS, parse_config

    linyin("template", tmp_path / lang, "--lang", lang)
    text = (tmp_path / lang / "linyin.toml").read_text(encoding="utf-8")
    stated = re.sub(r"^# (?=\[\[|[\"\w]+ = )", "", text, flags=re.MULTILINE)
    raw = tomllib.loads(stated)

    assert parse_config(raw)[1] == []
    assert {name: set(keys) for name, keys in _SECTIONS.items() if keys} == {
        name: set(content[0] if isinstance(content, list) else content)
        for name, content in raw.items()
        if _SECTIONS[name]
    }


def test_a_change_is_split_into_causes_that_add_up(
    folder: UserFolder, linyin: Linyin, tmp_path: Path
) -> None:
    before = "e0,SZ,electricity,electricity,2022,2000,MWh,invoiced,\n"
    folder.write(activities=ACTIVITIES + before)
    years = ("--year", 2022, "--year", 2023)
    runs = told(linyin("calculate", folder.path, *years, "--json"))["runs"]

    answer = told(linyin("diff", *(run["bundle"] for run in runs), "--json"))

    first, second = (run["totals"]["location"]["co2e_mg"] for run in runs)
    assert answer["change_mg"] == second - first == sum(answer["causes"].values())
    assert answer["causes"]["new sources"] > 0
    assert "Shapley" in linyin("diff", *(run["bundle"] for run in runs)).stdout


def test_sources_of_a_change_have_their_line_and_names_in_the_language(
    folder: UserFolder, linyin: Linyin
) -> None:
    before = "e0,SZ,electricity,electricity,2022,2000,MWh,invoiced,\n"
    folder.write(activities=ACTIVITIES + before)
    runs = told(linyin("calculate", folder.path, "--year", 2022, "--year", 2023, "--json"))["runs"]

    english, chinese = (
        linyin("--lang", lang, "diff", *(run["bundle"] for run in runs)).stdout
        for lang in ("en", "zh")
    )

    assert "Group 2022 → Group 2023" in english
    assert "集团 2022 → 集团 2023" in chinese
    assert "2.1   SZ · Electricity " in english
    assert "3.3   SZ · Electricity " in english
    assert "2.1   SZ · 外购电力 · 电力" in chinese
    assert "1.2   SZ · 移动燃烧 · 柴油" in chinese


def test_gaps_are_filled_as_marked_rows_only_when_asked(folder: UserFolder, linyin: Linyin) -> None:
    head = "external_id,site,source_type,item,period,quantity,unit,status\n"
    months = [m for m in range(1, 13) if m != 6]
    rows = (f"e-{m},SZ,electricity,electricity,2023-{m:02},100,MWh,measured\n" for m in months)
    folder.write(activities=head + "".join(rows))

    dry = told(linyin("estimate", folder.path, "--dry-run", "--json"))
    assert not (folder.path / dry["file"]).exists()
    done = told(linyin("estimate", folder.path, "--json"))

    assert [float(f["quantity"]) for f in done["filled"]] == [pytest.approx(100 / 31 * 30)]
    assert done["filled"][0]["span"].startswith("2023-06-01")
    assert dry["filled"] == done["filled"]
    assert "activities-estimates.csv" in done["file"]


def test_an_unknown_method_of_estimating_is_bad_input(folder: UserFolder, linyin: Linyin) -> None:
    assert linyin("estimate", folder.path, "--method", "guess").exit_code == 2
