"""The committed packs are what their builders make of the publishers' files."""

import sys

import pytest
from uk_us import EPA, PACKS, ROOT, UK, needs_data, one, rows


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    sys.path.insert(0, str(ROOT / "tools" / "packs"))
    import epa
    import uk

    out = tmp_path_factory.mktemp("packs")
    uk.build(out)
    epa.build(out)
    return out


@needs_data
@pytest.mark.parametrize("name", [*UK, EPA])
def test_a_builder_makes_the_same_bytes(rebuilt, name):
    assert (rebuilt / f"{name}.csv").read_bytes() == (PACKS / f"{name}.csv").read_bytes()


@needs_data
def test_the_builders_make_no_other_packs(rebuilt):
    assert {path.stem for path in rebuilt.iterdir()} == {*UK, EPA}


def test_a_default_row_is_a_copy_that_names_its_original():
    default = one("uk-transport-2024", item="flight")
    original = one("uk-transport-2024", item="flight", technology="international")

    same = set(default) - {"factor_id", "technology", "note"}
    assert {column: default[column] for column in same} == {c: original[c] for c in same}
    assert default["factor_id"] == f"{original['factor_id']}-default"
    assert original["factor_id"] in default["note"]


def test_ids_start_with_publisher_and_year():
    for name in UK:
        year = name[-4:]
        assert {row["factor_id"].partition("-")[0] for row in rows(name)} == {f"uk{year}"}
