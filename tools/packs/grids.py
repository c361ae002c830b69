"""The grids of China (MEE notices), of Taiwan and of Hong Kong."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

from pack_io import Row, facts, inputs, number, read, status, test_data, write_factors

MEE = "Ministry of Ecology and Environment of China; National Bureau of Statistics of China"
NOTICES = {
    "2021": ("notice 2024 no. 12", "公告2024年第12号", "2024-04-12", "2024 no. 12"),
    "2022": (
        "notice 2024 no. 33, dated 2024-12-20",
        "公告2024年第33号",
        "2024-12-26",
        "2024 no. 33",
    ),
    "2023": ("notice 2025 no. 47", "公告2025年第47号", "2025-12-31", "2025 no. 47"),
}
FOOTPRINT = {"2023": ("2025-01-17", "2025 no. 3"), "2024": ("2025-10-23", "2025-09-28")}
ETS = {
    "0.6101": ("2015", "2021-03-29", "环办气候〔2021〕9号"),
    "0.581": ("2021", "2022-03-15", "环办气候函〔2022〕111号"),
    "0.5703": ("2022", "2023-02-07", "环办气候函〔2023〕43号"),
}
GENERATION = {
    "全国平均": ("", "national average"),
    "风力发电": ("wind", "wind power"),
    "光伏发电": ("pv", "photovoltaic power"),
    "生物质发电": ("biomass", "biomass power"),
    "燃煤发电": ("coal", "coal power"),
    "燃气发电": ("gas", "gas power"),
    "水力发电": ("hydro", "hydropower"),
    "核能发电": ("nuclear", "nuclear power"),
    "光热发电": ("csp", "concentrating solar power"),
}
SERIES = {
    "average CO2 factor (location-based)": ("average", "electricity", "average"),
    "average excluding market-traded non-fossil electricity (residual-type)": (
        "residual",
        "electricity",
        "average without traded non-fossil power",
    ),
    "fossil power only": ("average", "electricity_fossil", "fossil power"),
}
GRID = {
    "use": "grid",
    "item": "electricity",
    "unit": "kWh",
    "boundary": "combustion",
    "basis": "average",
    "licence": "facts of a public notice; name the source",
}
SHORT = {"average": "", "residual": "-residual"}


def places_by_name() -> dict[str, Row]:
    """Return China's places by each of their Chinese names."""
    by_name = {"全国": {"place": "CN", "name_en": "China", "name_zh": "全国"}}
    for place in inputs("places_china"):
        for name in (place["name_zh"], *place["aliases"].split("|")):
            by_name[name] = place
    return by_name


def copies(confidence: str) -> str:
    """Return how many copies agreed: `read, >=2 sources` is 2."""
    found = re.search(r"(\d+) source", confidence)
    if not found:
        raise ValueError(f"no number of sources in {confidence!r}")
    return found[1]


def average_rows() -> list[Row]:
    """Return regional and provincial averages of 2021 to 2023."""
    places = places_by_name()
    rows = []
    for fact in read(test_data() / "cn_grid_factors.csv"):
        if fact["level"] == "national":
            continue
        place, year = places[fact["region"]], fact["year"]
        english, chinese, published, release = NOTICES[year]
        if fact["notice"] != chinese:
            raise ValueError(f"{fact['region']} {year}: {fact['notice']} is not {chinese}")
        rows.append(
            GRID
            | {
                "factor_id": f"mee-grid-{year}-{place['place']}",
                "name_en": f"Electricity, {place['name_en']} {year}",
                "name_zh": f"{year}年{fact['region']}电力平均二氧化碳排放因子",
                "place": place["place"],
                "co2_kg": number(fact["kgCO2_per_kWh"]),
                "data_year": year,
                "published": published,
                "publisher": MEE,
                "release": release,
                "source": f"MEE and NBS {english} ({chinese}), {fact['level']} table",
                "evidence": "read",
                "copies_read": copies(fact["confidence"]),
                "status": "approved",
                "note": "1 copy and cross-checks" if "cross-checks" in fact["confidence"] else "",
            }
        )
    return rows


def national_rows() -> list[Row]:
    """Return the national series of the notices; each is a basis or an item of its own."""
    rows = []
    for fact in facts("cn_grid_extra"):
        if fact["level"] != "national" or fact["basis"] not in SERIES:
            continue
        basis, item, words = SERIES[fact["basis"]]
        year = fact["data_year"]
        english, chinese, published, release = NOTICES[year]
        suffix = "-fossil" if item == "electricity_fossil" else SHORT[basis]
        rows.append(
            GRID
            | {
                "factor_id": f"mee-grid-{year}-CN{suffix}",
                "name_en": f"Electricity, China {year}, {words}",
                "name_zh": f"{year}年全国电力二氧化碳排放因子（{_chinese(basis, item)}）",
                "item": item,
                "basis": basis,
                "place": "CN",
                "excludes": "CN-XZ",
                "co2_kg": number(fact["value"]),
                "data_year": year,
                "published": published,
                "publisher": MEE,
                "release": release,
                "source": f"MEE and NBS {english} ({chinese}), national table",
                "evidence": fact["evidence"],
                "copies_read": fact["copies_read"],
                "status": status(fact["evidence"]),
                "note": _label_note(fact["note"]),
            }
        )
    return rows


def _chinese(basis: str, item: str) -> str:
    if item == "electricity_fossil":
        return "化石能源电力"
    return "平均" if basis == "average" else "不包括市场化交易的非化石能源电量"


def _label_note(note: str) -> str:
    return "value read; its label from memory" if "remembered" in note else ""


def other_rows() -> list[Row]:
    """Return the other Chinese bases: carbon market, margins, footprints."""
    rows = []
    places = places_by_name()
    for fact in facts("cn_grid_extra"):
        basis = fact["basis"]
        if not fact["value"]:
            continue
        if basis.startswith("carbon-market"):
            rows.append(_ets(fact))
        elif basis.startswith(("OM (", "BM (")):
            rows.append(_margin(fact, places[fact["region"]]))
            if fact["region"] == "华中":
                rows.append(_margin(fact, places["西南"]))
        elif basis.startswith("life-cycle"):
            rows.append(_footprint(fact))
    return rows


def _ets(fact: Row) -> Row:
    year, published, letter = ETS[number(fact["value"])]
    day = "day of the letter from memory"
    unstated = "data year not stated: the reporting year stands in its place"
    return GRID | {
        "factor_id": f"mee-ets-{year}-CN",
        "name_en": f"Electricity, China, carbon-market reporting ({fact['accounting_year']})",
        "name_zh": "全国碳市场企业核算用电网排放因子",
        "item": "electricity_ets",
        "place": "CN",
        "co2_kg": number(fact["value"]),
        "data_year": year,
        "published": published,
        "publisher": "Ministry of Ecology and Environment of China",
        "release": letter,
        "source": f"MEE {letter}",
        "evidence": fact["evidence"],
        "copies_read": fact["copies_read"],
        "status": status(fact["evidence"]),
        "note": day if fact["data_year"] else f"{unstated}; {day}",
    }


def _margin(fact: Row, place: Row) -> Row:
    """Return a margin; in 2019 Sichuan and Chongqing still stood with the central grid."""
    kind = "operating_margin" if fact["basis"].startswith("OM") else "build_margin"
    words = kind.replace("_", " ")
    return GRID | {
        "factor_id": f"mee-{kind.replace('_', '-')}-2019-{place['place']}",
        "name_en": f"Electricity, {place['name_en']} 2019, {words}",
        "name_zh": f"2019年{fact['region']}区域电网基准线排放因子（{fact['basis'][:2]}）",
        "technology": kind,
        "basis": "marginal",
        "place": place["place"],
        "excludes": "CN-XZ",
        "co2_kg": number(fact["value"]),
        "data_year": "2019",
        "published": "2020-12-29",
        "publisher": "Ministry of Ecology and Environment of China",
        "release": "2019",
        "source": "MEE, 2019 baseline emission factors of China's regional grids",
        "evidence": fact["evidence"],
        "copies_read": fact["copies_read"],
        "status": status(fact["evidence"]),
        "note": f"{_label_note(fact['note']) or 'from memory'}; day of publication from memory",
    }


def _footprint(fact: Row) -> Row:
    technology, words = GENERATION[fact["region"]]
    year = fact["data_year"]
    published, release = FOOTPRINT[year]
    return GRID | {
        "factor_id": f"mee-footprint-{year}-CN{'-' if technology else ''}{technology}",
        "name_en": f"Electricity footprint, China {year}, {words}",
        "name_zh": f"{year}年{fact['region']}碳足迹因子",
        "technology": technology,
        "boundary": "total",
        "place": "CN",
        "excludes": "CN-XZ",
        "co2e_kg": number(fact["value"]),
        "gwp_set": "unknown",
        "data_year": year,
        "published": published,
        "publisher": f"{MEE}; National Energy Administration of China",
        "release": release,
        "source": fact["source"],
        "evidence": fact["evidence"],
        "copies_read": fact["copies_read"],
        "status": status(fact["evidence"]),
        "note": "one third-party copy: verify" if fact["note"] else "",
    }


def neighbour_rows() -> list[Row]:
    """Return Taiwan's grid and Hong Kong's two: by place (average) and by supplier."""
    rows = []
    for fact in facts("cn_grid_extra"):
        if fact["region"] == "台湾" and fact["basis"].startswith("electricity emission factor"):
            rows.append(_taiwan(fact))
        elif fact["region"].startswith("香港"):
            rows += _hong_kong(fact)
    return rows


def _taiwan(fact: Row) -> Row:
    year = fact["data_year"]
    day = "read in an article of that day; later revisions of earlier years possible"
    return GRID | {
        "factor_id": f"tw-grid-{year}",
        "name_en": f"Electricity, Taiwan {year}",
        "name_zh": f"台湾{year}年度电力排碳系数",
        "place": "TW",
        "co2e_kg": number(fact["value"]),
        "gwp_set": "unknown",
        "data_year": year,
        "published": "2024-04-26" if int(year) < 2024 else "2025-12-31",
        "publisher": "Energy Administration, Taiwan",
        "release": year,
        "source": "Energy Administration, electricity carbon emission factor",
        "evidence": fact["evidence"],
        "copies_read": fact["copies_read"],
        "status": status(fact["evidence"]),
        "note": day if fact["evidence"] == "read" else "day of publication not known",
    }


def _hong_kong(fact: Row) -> list[Row]:
    clp = "CLP" in fact["region"]
    code, publisher = ("clp", "CLP Power Hong Kong") if clp else ("hke", "HK Electric")
    year = fact["data_year"]
    reports = {"clp": "2020-05-18", "hke": "2020-04-02"}
    value = number(Decimal(fact["value"]))
    gases = (
        {"co2_kg": value}
        if fact["unit"] == "kgCO2/kWh"
        else {"co2e_kg": value, "gwp_set": "unknown"}
    )
    common = GRID | gases
    common |= {
        "name_en": f"Electricity sold, {publisher} {year}",
        "name_zh": f"{'中华电力' if clp else '港灯'}{year}年售电排放强度",
        "data_year": year,
        "published": reports[code] if year == "2019" else f"{int(year) + 1}-12-31",
        "publisher": publisher,
        "release": year,
        "source": fact["source"],
        "licence": "facts of a company report; name the source",
        "evidence": fact["evidence"],
        "copies_read": fact["copies_read"],
        "status": status(fact["evidence"]),
        "note": "" if year == "2019" else "day of publication not known",
    }
    return [
        common | {"factor_id": f"hk-grid-{year}-{code}", "place": f"HK.{code}"},
        common
        | {
            "factor_id": f"hk-grid-{year}-{code}-supplier",
            "basis": "supplier",
            "place": "HK",
            "supplier": "CLP" if clp else "HKE",
        },
    ]


def build(out: Path) -> None:
    """Write the packs."""
    china = [*national_rows(), *average_rows(), *other_rows()]
    write_factors(out / "mee-grid-2021-2023.csv", china)
    write_factors(out / "utilities-grid-tw-hk.csv", neighbour_rows())
