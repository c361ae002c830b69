import pytest

from linyin.organization.places import PlaceError, place_path, place_paths

CHINA = {"CN-GD": "CN.south", "CN.south": "CN", "CN": "world", "HK": ""}


def test_a_province_lies_in_its_grid_region_its_country_and_the_world():
    assert place_path("CN-GD", CHINA) == ["CN-GD", "CN.south", "CN", "world"]


def test_a_place_without_a_parent_lies_directly_in_the_world():
    assert place_path("HK", CHINA) == ["HK", "world"]


def test_the_world_lies_in_nothing():
    assert place_path("world", CHINA) == ["world"]


@pytest.mark.parametrize("place", ["XX", "", "cn-gd"])
def test_an_unknown_place_is_refused_and_never_put_in_the_world(place):
    with pytest.raises(PlaceError) as raised:
        place_path(place, CHINA)
    assert raised.value.place == place
    assert raised.value.loop == ()


def test_a_parent_that_is_unknown_is_the_one_named():
    with pytest.raises(PlaceError) as raised:
        place_path("CN-GD", {"CN-GD": "CN.sooth"})
    assert raised.value.place == "CN.sooth"


def test_a_loop_of_places_is_refused_with_its_members():
    with pytest.raises(PlaceError) as raised:
        place_path("a", {"a": "b", "b": "c", "c": "b"})
    assert raised.value.loop == ("b", "c", "b")


def test_every_place_has_its_path():
    assert place_paths(CHINA)["CN.south"] == ["CN.south", "CN", "world"]
    with pytest.raises(PlaceError):
        place_paths({"a": "a"})
