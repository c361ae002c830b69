"""A published number can be worked out again, elsewhere and later, to the last digit."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import duckdb
import pytest

from builders import FolderBuilder
from linyin.inventory.inventory import Inventory
from linyin.inventory.publish import publish
from linyin.inventory.replay import replay
from linyin.lake import BadInput, Lake
from linyin.ledger.bundle import BundleError

GOLDEN = Path(__file__).parent / "golden"
FORTY_DAYS = 40 * 86_400


def company(folder: FolderBuilder) -> FolderBuilder:
    folder.company("S1", "S2").packs()
    for site in ("S1", "S2"):
        for month in range(1, 13):
            folder.electricity(site, 100 + month / 8, f"2023-{month:02}")
    folder.certificates("G", 321.123)
    folder.activity(
        "fleet", site="S1", source_type="mobile_combustion", item="diesel", quantity=1234.567,
        unit="L", period="", begin="2022-11-05", end="2023-02-11",
    )  # fmt: skip
    return folder.activity(
        "gas", site="S2", source_type="fugitive", item="R410A", quantity=3.21, unit="kg"
    )


def test_bundle_replays_after_corrections_releases_commits_ageing_and_vacuum_elsewhere(
    folder, tmp_path
):
    inventory = company(folder).calculate(2023)
    publish(inventory.path, prepared_by="Ann", approved_by="Bo")
    folder.tables["activities"][0]["quantity"] = 999
    folder.factor("newer", use="fuel", item="diesel", unit="L", place="CN", co2_kg="3")
    folder.calculate_all(2023, gwp_sets=("AR6-100",))
    lake = Lake(folder.path / ".linyin" / "lake")
    with duckdb.connect() as connection:
        row = connection.sql(f"SELECT * FROM {lake.scan('activities')} LIMIT 1").to_arrow_table()
    for _ in range(200):
        with lake.batch("activities", reason="a further commit") as batch:
            batch.append(row)
    old = time.time() - FORTY_DAYS
    for file in lake.path.rglob("*"):
        os.utime(file, (old, old))
    lake.vacuum("activities", retention_hours=0)
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(inventory.path, elsewhere)
    shutil.rmtree(folder.path)

    again = replay(elsewhere)

    assert again.same
    assert again.rows == inventory.manifest.rows
    assert Inventory(elsewhere).run["approved_by"] == "Bo"


def test_one_flipped_byte_anywhere_is_found(folder):
    bundle = company(folder).calculate(2023).path
    for file in sorted(p for p in bundle.rglob("*") if p.is_file() and p.name != "manifest.json"):
        whole = file.read_bytes()
        middle = len(whole) // 2
        file.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
        with pytest.raises(BundleError) as caught:
            replay(bundle)
        assert [f.at.file for f in caught.value.findings] == [file.relative_to(bundle).as_posix()]
        file.write_bytes(whole)

    assert replay(bundle).same


def test_missing_and_strange_files_are_found(folder):
    bundle = company(folder).calculate(2023).path
    (bundle / "legs.parquet").rename(bundle / "other.parquet")

    with pytest.raises(BundleError) as caught:
        replay(bundle)

    assert {f.code for f in caught.value.findings} == {"bundle-file-missing", "bundle-file-strange"}


@pytest.mark.parametrize("bundle", sorted(GOLDEN.glob("*/")), ids=lambda p: p.name)
def test_golden_bundle_is_replayed_for_ever(bundle):
    assert replay(bundle).same


def test_there_is_a_golden_bundle():
    assert any(GOLDEN.glob("*/manifest.json"))


def test_two_runs_of_the_same_folder_have_the_same_content(folder, tmp_path):
    first = company(folder).calculate(2023)
    content = first.manifest.content
    again = FolderBuilder(tmp_path / "again", folder.config, folder.tables).calculate(2023)

    assert again.manifest.content == content


@pytest.mark.parametrize("approver", ["Ann", " ann ", "Ａnn", "A\u200bnn", "A nn", ""])
def test_publishing_takes_two_people(folder, approver):
    bundle = company(folder).calculate(2023).path

    with pytest.raises(BadInput) as caught:
        publish(bundle, prepared_by="Ann", approved_by=approver)

    assert [f.code for f in caught.value.findings] == ["publish-four-eyes"]
    assert Inventory(bundle).run["state"] == "draft"


def test_published_run_says_that_nobody_was_authenticated_and_cannot_be_published_again(folder):
    bundle = company(folder).calculate(2023).path

    published = publish(bundle, prepared_by="Ann", approved_by="Bo")

    assert published.run["state"] == "published"
    assert published.run["authenticated"] is False
    with pytest.raises(BadInput) as caught:
        publish(bundle, prepared_by="Ann", approved_by="Cy")
    assert [f.code for f in caught.value.findings] == ["publish-twice"]


def test_draft_factor_blocks_publishing_unless_waived_by_name(folder):
    folder.company("S")
    folder.factor("guess", use="fuel", item="diesel", unit="L", co2_kg="2.6", status="draft")
    folder.activity("d", source_type="mobile_combustion", item="diesel", quantity=1, unit="L")

    bundle = folder.calculate(2023).path

    with pytest.raises(BadInput) as caught:
        publish(bundle, prepared_by="Ann", approved_by="Bo")
    assert [f.fields["draft"] for f in caught.value.findings] == ["guess"]
    folder.config["factors"]["waived"] = ["guess"]
    waived = folder.calculate(2023)
    assert publish(waived.path, prepared_by="Ann", approved_by="Bo").run["state"] == "published"


def test_remembered_gwp_blocks_publishing_in_its_set_alone_unless_waived_by_name(folder):
    folder.config["inventory"]["gwp"] = "AR5-20"
    folder.company("S").packs()
    for gas, kg in (("SO2F2", 100), ("HFC-161", 100), ("SF6", 1)):
        folder.activity(gas, source_type="fugitive", item=gas, quantity=kg, unit="kg")
    names = ["gwp:HFC-161:AR5-20", "gwp:SO2F2:AR5-20"]

    bundle = folder.calculate(2023)

    found = [f for f in bundle.findings if f.code == "gwp-draft"]
    assert sorted(f.fields["value"] for f in found) == names
    with pytest.raises(BadInput) as caught:
        publish(bundle.path, prepared_by="Ann", approved_by="Bo")
    assert sorted(f.fields["draft"] for f in caught.value.findings) == names
    (other,) = folder.calculate_all(2023, gwp_sets=("AR5-100",))
    assert not [f for f in other.findings if f.code == "gwp-draft"]
    folder.config["factors"] = {"waived": names}
    waived = folder.calculate(2023)
    assert publish(waived.path, prepared_by="Ann", approved_by="Bo").run["state"] == "published"


@pytest.mark.parametrize("basis", ["residual", "losses"])
def test_draft_beside_the_figure_by_location_is_found_too(folder, basis):
    folder.company("S").electricity("S", 1)
    power = {"use": "grid", "item": "electricity", "unit": "kWh", "co2_kg": "0.5"}
    folder.factor("grid", **power)
    other = {"basis": "residual"} if basis == "residual" else {"boundary": "losses"}
    folder.factor("guess", **power, **other, status="draft")

    findings = folder.calculate(2023).findings

    assert [f.fields["factor"] for f in findings if f.code == "factor-draft"] == ["guess"]


def test_publication_is_sealed_with_the_bundle(folder):
    bundle = company(folder).calculate(2023).path
    publish(bundle, prepared_by="Ann", approved_by="Bo")
    record = bundle / "published.json"
    record.write_text(record.read_text().replace('"Bo"', '"Cy"'))

    with pytest.raises(BundleError) as caught:
        replay(bundle)

    assert [f.at.file for f in caught.value.findings] == ["published.json"]
