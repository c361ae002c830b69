"""UK government factors (DESNZ): 2024 from the condensed set, well-to-tank and heat of 2023.

`python tools/packs/uk.py [OUT]` reads the publisher's files in the folder that LINYIN_TEST_DATA
names. The rows are the importers' own; this file says which of them make which pack, for which
places they stand, and which of them answer where nobody names a technology.

- Travel also serves commuting, and waste serves end of life: the methods ask for both uses.
- Without stated technology: flights and air freight are the international average *without*
  radiative forcing (its factor is no mass of a gas; add ``_rf`` to the technology for it), road
  freight is the average laden diesel HGV, sea freight the average container ship, goods are of
  primary material, heat and steam come from a district network.
- Transport of the 2024 set is tank-to-wheel, or the power used by electric vehicles; its
  well-to-tank is of 2023 (``uk-wtt-2023``), since the 2024 set has none.
- Waste burnt or recycled counts its transport only: the rest is the user's of heat or material.
- Hotels and homeworking count energy in use (``combustion``); no well-to-tank exists for them.
- Fuels, power and heat hold in the UK; the world's fuels are the IPCC's.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pack_io import PACKS, Row, number, significant, test_data, write_factors

from linyin.ledger.importers import uk_flat, uk_full

FLAT_2023, FULL_2024 = "desnz-flat-2023.xlsx", "desnz-full-2024.xlsx"
VEHICLES = frozenset({"car", "motorbike", "van", "hgv"})
FACILITIES = frozenset({"electricity", "heat"})
TRANSPORT = frozenset({"freight", "travel", "hotel", "telework"})
MATTER = frozenset({"waste", "water", "goods"})

WORLD_NOTE = "UK average used as world default."
NO_2024_WTT = "Well-to-tank of 2023: the 2024 set has no well-to-tank sheet."
PER_KM = "Per km of one vehicle: the same as per vehicle·km."
GAS_NCV_MJ = Decimal("38.931")
GAS_NOTE = (
    "Derived for China's gas meters: per kWh net (DESNZ) x 38.931 MJ/Nm3 (default net calorific "
    "value of natural gas of China's guidelines, read in transcriptions) / 3.6 MJ/kWh."
)
ELECTRIC = re.compile(r"(^|_)p?hev$|(^|_)bev$")


@dataclass(frozen=True)
class Default:
    """A row that also answers where an activity names another technology or item."""

    use: str
    item: str
    technology: str
    as_item: str
    as_technology: str
    suffix: str


DEFAULTS = (
    Default("freight", "road_freight", "hgv_diesel", "road_freight", "", "default"),
    Default("freight", "sea_freight", "container_ship", "sea_freight", "", "default"),
    Default("freight", "air_freight", "international", "air_freight", "", "default"),
    Default("travel", "flight", "international", "flight", "", "default"),
    Default("travel", "bus", "coach", "coach", "", "coach"),
    Default("travel", "rail", "metro", "metro", "", "metro"),
    Default("heat", "heat", "district", "heat", "", "default"),
    Default("heat", "heat", "district", "steam", "", "steam"),
)


def build(out: Path) -> None:
    """Write the six packs."""
    flat = uk_flat.read(test_data() / FLAT_2023).rows
    full = uk_full.read(test_data() / FULL_2024).rows
    packs: dict[str, Iterable[Row]] = {
        "uk-transport-2024": _pick(full, _is_transport),
        "uk-waste-water-materials-2024": _pick(full, _is_matter),
        "uk-fuels-2024": _pick(full, _is_fuel),
        "uk-power-heat-2024": _pick(full, _is_power_or_heat),
        "uk-power-heat-2023": _pick(flat, _is_power_or_heat),
        "uk-wtt-2023": _pick(flat, _is_upstream),
    }
    for name, rows in packs.items():
        write_factors(out / f"{name}.csv", rows)


def _is_transport(row: Row) -> bool:
    return row["use"] in TRANSPORT and row["boundary"] != "upstream"


def _is_matter(row: Row) -> bool:
    return row["use"] in MATTER


def _is_fuel(row: Row) -> bool:
    own = row["use"] == "fuel" and row["item"] not in VEHICLES
    return own and row["boundary"] == "combustion"


def _is_power_or_heat(row: Row) -> bool:
    own = row["use"] in {"grid", "heat"} and row["item"] in FACILITIES
    return own and row["boundary"] != "upstream"


def _is_upstream(row: Row) -> bool:
    return row["boundary"] == "upstream"


def _pick(rows: Iterable[Row], belongs: Callable[[Row], bool]) -> Iterator[Row]:
    picked = [row for row in rows if belongs(row)]
    recycled = {row["item"] for row in picked if row["technology"] == "closed_loop"}
    for row in picked:
        final = _finished(row)
        for row_or_default in (final, *_defaults(final), *_recycling(final, recycled)):
            yield row_or_default
            yield from _per_km(row_or_default)
        yield from _chinese_gas(final)


def _finished(row: Row) -> Row:
    """Approve a row read from the publisher's file, place it and score its quality."""
    place = _place(row)
    notes = [row["note"]]
    if place == "world":
        notes.append(WORLD_NOTE)
    if row["boundary"] == "upstream":
        notes.append(NO_2024_WTT)
    zh = f"上游（WTT）：{row['name_zh']}" if row["boundary"] == "upstream" else row["name_zh"]
    return row | {
        "place": place,
        "name_zh": zh,
        "status": "approved",
        "quality": _quality(row, place),
        "note": " ".join(note for note in notes if note),
    }


def _place(row: Row) -> str:
    """Power, heat and UK fuels hold in the UK, hotels in their country, the rest as default."""
    if row["use"] in {"grid", "heat", "hotel"}:
        return row["place"]
    if row["use"] == "fuel" and row["boundary"] == "combustion":
        return row["place"]
    return "world"


def _quality(row: Row, place: str) -> str:
    """Scores for reliability, completeness, time, place, technology: 1 best, 5 worst."""
    on_uk_grid = row["item"] in {"rail", "rail_freight", "metro"} or bool(
        ELECTRIC.search(row["technology"])
    )
    where = 1 if place != "world" else 5 if on_uk_grid or row["use"] == "telework" else 4
    reliability = 3 if row["use"] in {"hotel", "telework", "goods"} else 2
    time = 2 if row["boundary"] == "upstream" else 1
    technology = 3 if row["use"] in {"hotel", "telework", "goods", "waste"} else 2
    return f"{reliability} 2 {time} {where} {technology}"


def _defaults(row: Row) -> Iterator[Row]:
    for default in DEFAULTS:
        if (row["use"], row["item"], row["technology"]) == (
            default.use,
            default.item,
            default.technology,
        ):
            note = f"{row['note']} The same as {row['factor_id']}.".strip()
            yield row | {
                "factor_id": f"{row['factor_id']}-{default.suffix}",
                "item": default.as_item,
                "technology": default.as_technology,
                "note": note,
            }
    if row["use"] == "goods" and row["technology"] == "primary":
        yield row | {
            "factor_id": f"{row['factor_id']}-default",
            "technology": "",
            "note": f"{row['note']} Primary material, for want of a stated origin.".strip(),
        }


def _per_km(row: Row) -> Iterator[Row]:
    """Yield a vehicle's distance in plain km too: that is how odometers and log books give it."""
    if row["unit"] == "vehicle·km":
        yield row | {
            "factor_id": f"{row['factor_id']}-per_km",
            "unit": "km",
            "note": f"{row['note']} {PER_KM}".strip(),
        }


def _chinese_gas(row: Row) -> Iterator[Row]:
    """Yield well-to-tank of natural gas per normal cubic metre (0 °C), China's billing unit."""
    if (row["use"], row["item"], row["technology"], row["unit"], row["boundary"]) == (
        "fuel",
        "natural_gas",
        "",
        "kWh net",
        "upstream",
    ):
        per_nm3 = Decimal(row["co2e_kg"]) * GAS_NCV_MJ / Decimal("3.6")
        yield row | {
            "factor_id": f"{row['factor_id']}-cn_nm3",
            "unit": "Nm3",
            "place": "CN",
            "co2e_kg": number(significant(per_nm3, 4)),
            "evidence": "read",
            "evidence_sha256": "",
            "quality": "3 2 2 4 3",
            "note": f"{NO_2024_WTT} {GAS_NOTE}",
        }


def _recycling(row: Row, closed: set[str]) -> Iterator[Row]:
    """Yield 'recycling' without more words: closed-loop where there is one, else open-loop."""
    if row["use"] != "waste":
        return
    wanted = "closed_loop" if row["item"] in closed else "open_loop"
    if row["technology"] == wanted:
        yield row | {
            "factor_id": f"{row['factor_id']}-recycling",
            "technology": "recycling",
            "note": f"{row['note']} The same as {row['factor_id']}.".strip(),
        }


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else PACKS)
