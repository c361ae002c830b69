"""places.csv: the world, its countries, China's grid regions and provinces.

Names of countries come from CLDR through babel; the codes are ISO 3166-1 alpha-2, and XK,
which that standard leaves to its users, for Kosovo.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pack_io import Row, inputs, write

BABEL = "2.18.0"
COLUMNS = ["place", "parent", "kind", "name_en", "name_zh", "aliases"]

NOT_COUNTRIES = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"]
)
"""Codes of CLDR that are no countries of ISO 3166-1: reserved, exceptional, groups."""

ALIASES = {
    "CN": "中国大陆|China mainland|CHN|全国",
    "GB": "UK|GBR|United Kingdom of Great Britain and Northern Ireland",
    "HK": "香港|Hong Kong|HKG|CN-HK",
    "KR": "Korea|Republic of Korea|KOR",
    "MO": "澳门|Macao|Macau|MAC|CN-MO",
    "RU": "Russian Federation|RUS",
    "TR": "Turkey|TUR",
    "TW": "TWN|CN-TW",
    "US": "USA|United States of America",
    "VN": "Viet Nam|VNM",
}


def rows() -> Iterator[Row]:
    """Yield the places, each after its parent.

    Raises
    ------
    SystemExit
        If another release of babel is installed: its names may differ.

    """
    import babel

    if babel.__version__ != BABEL:
        raise SystemExit(f"places need babel {BABEL}, found {babel.__version__}")
    english, chinese = babel.Locale("en").territories, babel.Locale("zh").territories
    yield {
        "place": "world",
        "parent": "",
        "kind": "world",
        "name_en": "World",
        "name_zh": "全球",
        "aliases": "global|世界",
    }
    for code in sorted(english):
        if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES:
            yield {
                "place": code,
                "parent": "world",
                "kind": "country",
                "name_en": english[code],
                "name_zh": chinese[code],
                "aliases": ALIASES.get(code, ""),
            }
    yield from inputs("places_china")


def build(out: Path) -> None:
    """Write the table."""
    write(out / "places.csv", COLUMNS, rows())
