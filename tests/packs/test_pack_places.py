"""The hierarchy of places."""

from linyin.organization.places import place_paths
from packs import table

PLACES = {row["place"]: row for row in table("places")}
PARENTS = {place: row["parent"] for place, row in PLACES.items() if place != "world"}


def test_every_place_leads_to_the_world():
    paths = place_paths(PARENTS)

    assert paths["CN-GD"] == ["CN-GD", "CN.south", "CN", "world"]
    assert all(path[-1] == "world" for path in paths.values())


def test_places_are_unique_and_kinds_known():
    rows = table("places")

    assert len(rows) == len(PLACES)
    assert {row["kind"] for row in rows} == {"world", "country", "grid_region", "subdivision"}


def test_all_countries_of_iso_3166_are_there_with_both_names():
    countries = [row for row in PLACES.values() if row["kind"] == "country"]

    assert len(countries) == 249 + 1  # ISO 3166-1 and XK
    assert all(row["name_en"] and row["name_zh"] for row in countries)
    assert {row["parent"] for row in countries} == {"world"}


def test_taiwan_hong_kong_and_macau_never_fall_back_on_the_chinese_grid():
    paths = place_paths(PARENTS)
    for place in ("TW", "HK", "MO", "HK.clp", "HK.hke"):
        assert "CN" not in paths[place]


def test_tibet_is_in_no_grid_region():
    assert place_paths(PARENTS)["CN-XZ"] == ["CN-XZ", "CN", "world"]


def test_china_has_31_provinces_in_7_grids():
    provinces = [p for p, row in PLACES.items() if p.startswith("CN-") and "." not in p]
    grids = {PARENTS[p] for p in provinces} - {"CN"}

    assert len(provinces) == 31
    assert len(grids) == 7
    assert {p for p in provinces if PARENTS[p] == "CN.south"} == {
        *("CN-GD", "CN-GX", "CN-YN", "CN-GZ", "CN-HI")
    }
    assert {p for p in provinces if PARENTS[p] == "CN.southwest"} == {"CN-SC", "CN-CQ"}


def test_an_alias_names_one_place():
    names: dict[str, str] = {}
    for place, row in PLACES.items():
        for alias in filter(None, row["aliases"].split("|")):
            assert names.setdefault(alias, place) == place
