"""Every row of every released pack is a row of the factor schema."""

import hashlib
import re
from collections import Counter
from datetime import date
from decimal import Decimal, InvalidOperation

import pytest

from packs import PACKS, Row, released, schema, table

SCHEMA = schema()
GASES = ["co2_kg", "co2_biogenic_kg", "co2_land_use_kg", "ch4_kg", "ch4_biogenic_kg", "n2o_kg"]
QUESTION = {
    *("use", "item", "technology", "unit", "boundary", "basis"),
    *("place", "supplier", "product", "data_year", "status"),
}
SPECIES = re.compile(r"[A-Za-z0-9()-]+:\d+(\.\d+)?( [A-Za-z0-9()-]+:\d+(\.\d+)?)*")


def type_fault(kind: str, cell: str) -> bool:
    try:
        match kind:
            case "decimal":
                return not Decimal(cell).is_finite()
            case "integer":
                return str(int(cell)) != cell
            case "date":
                return date.fromisoformat(cell).isoformat() != cell
            case "code" | "unit":
                return cell != cell.strip() or "\n" in cell
    except (ValueError, InvalidOperation):
        return True
    return False


def faults(row: Row) -> list[str]:
    found = []
    for column, rule in SCHEMA.items():
        cell = row[column]
        if not cell:
            if rule["required"] == "yes":
                found.append(f"{column} is empty")
            continue
        if type_fault(rule["type"], cell):
            found.append(f"{column}={cell} is no {rule['type']}")
            continue
        allowed = rule["allowed"]
        if "|" in allowed and cell not in allowed.split("|"):
            found.append(f"{column}={cell} is not allowed")
        if allowed == ">=0" and Decimal(cell) < 0:
            found.append(f"{column}={cell} is below zero")
    return found


def test_the_packs_of_this_release_are_all_there():
    assert {
        "ashrae-refrigerants-34",
        "ember-world-0.12.2",
        "ember-world-0.16.8",
        "gbt-carbonates-32151",
        "gbt-heat-32150",
        "ipcc-fuels-2006",
        "mee-grid-2021-2023",
        "utilities-grid-tw-hk",
    } <= set(released())


def test_every_factor_pack_of_the_folder_is_released():
    header = ",".join(SCHEMA)
    packs = {p.stem for p in PACKS.glob("*.csv") if p.read_text("utf-8").startswith(header)}

    assert packs == set(released())


@pytest.mark.parametrize("pack", released())
def test_a_released_pack_has_the_bytes_and_rows_of_its_release(pack):
    release = next(row for row in table("releases") if row["pack"] == pack)

    assert hashlib.sha256((PACKS / f"{pack}.csv").read_bytes()).hexdigest() == release["sha256"]
    assert len(table(pack)) == int(release["rows"])
    assert release["licence"]
    assert release["attribution"]


@pytest.mark.parametrize("pack", released())
def test_rows_have_the_types_and_values_of_the_schema(pack):
    wrong = {row["factor_id"]: found for row in table(pack) if (found := faults(row))}

    assert wrong == {}


@pytest.mark.parametrize("pack", released())
def test_a_row_gives_either_gases_or_co2e(pack):
    """Biogenic CO2 may stand beside CO2e, which leaves it out."""
    for row in table(pack):
        inside = [gas for gas in [*GASES, "species"] if gas != "co2_biogenic_kg"]
        gases = any(row[gas] for gas in inside) or (row["co2_biogenic_kg"] and not row["co2e_kg"])
        assert bool(gases) != bool(row["co2e_kg"]), row["factor_id"]
        assert bool(row["co2e_kg"]) == bool(row["gwp_set"]), row["factor_id"]
        assert not row["species"] or SPECIES.fullmatch(row["species"]), row["factor_id"]


@pytest.mark.parametrize("pack", released())
def test_remembered_values_are_drafts_and_evidence_of_a_file_has_its_hash(pack):
    for row in table(pack):
        if row["evidence"] == "remembered":
            assert row["status"] == "draft", row["factor_id"]
        if row["evidence"] == "file":
            assert re.fullmatch(r"[0-9a-f]{64}", row["evidence_sha256"]), row["factor_id"]
        if row["evidence"] == "read":
            assert int(row["copies_read"]) >= 1, row["factor_id"]


@pytest.mark.parametrize("pack", released())
def test_an_interval_holds_its_value(pack):
    for row in table(pack):
        for gas in ("co2", "ch4", "n2o"):
            low, high = row[f"{gas}_low_kg"], row[f"{gas}_high_kg"]
            assert bool(low) == bool(high), row["factor_id"]
            if low:
                value = Decimal(row[f"{gas}_kg"] or row[f"{gas}_biogenic_kg"])
                assert Decimal(low) <= value <= Decimal(high), row["factor_id"]
                assert row["uncertainty_evidence"], row["factor_id"]


def test_factor_ids_are_unique_over_all_packs():
    count = Counter(row["factor_id"] for pack in released() for row in table(pack))

    assert [factor for factor, times in count.items() if times > 1] == []


def test_places_of_factors_and_exclusions_exist():
    known = {row["place"] for row in table("places")}
    used = {
        place
        for pack in released()
        for row in table(pack)
        for place in (row["place"], *row["excludes"].split())
    }

    assert used <= known


def test_no_two_factors_of_the_packs_answer_the_same_question():
    key = [
        "use",
        "item",
        "technology",
        "unit",
        "boundary",
        "basis",
        "place",
        "supplier",
        "product",
        "data_year",
        "status",
    ]
    count = Counter(
        tuple(row[column] for column in key)
        for pack in released()
        if pack.split("-")[0] in {"ashrae", "ember", "gbt", "ipcc", "mee", "utilities"}
        for row in table(pack)
    )

    assert [question for question, answers in count.items() if answers > 1] == []


def test_every_pack_has_a_name_in_both_languages():
    from linyin.ledger import pack_name, pack_names

    for lang in ("en", "zh"):
        names = [pack_name(pack, lang) for pack in pack_names()]
        assert all(name not in pack_names() for name in names)
        assert len(set(names)) == len(names)
