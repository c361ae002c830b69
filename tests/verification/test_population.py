"""What a sample is drawn from: every reported entry once, with its mass and its place."""

from linyin.inventory import Inventory, draw_sample, sample_candidates


def plant(folder):
    folder.packs(["mee-grid-2021-2023"])
    folder.company("S")
    folder.factor("diesel", use="fuel", item="diesel", unit="L", co2_kg="2.5")
    folder.activity("d1", source_type="mobile_combustion", item="diesel", quantity=1000, unit="L")
    folder.activity("d2", source_type="mobile_combustion", item="diesel", quantity=4000, unit="L")
    folder.electricity("S", mwh=100)
    return Inventory(folder.calculate(2023).path)


def test_candidates_are_the_reported_entries_and_sum_to_the_total(folder):
    inventory = plant(folder)

    for method in ("location", "market"):
        found = sample_candidates(inventory, method)
        rows = inventory.query(
            "SELECT sum(co2e_mg)::VARCHAR AS mg FROM reported WHERE scope2_method IN ('', $1)",
            [method],
        ).to_pylist()
        assert sum(one.weight for one in found) == int(rows[0]["mg"])
        assert len({one.id for one in found}) == len(found)
        assert [one.id for one in found] == sorted(one.id for one in found)
    by_id = {one.id.partition("@")[0]: one for one in found}
    assert by_id["activities/d2"].weight == 4000 * 2_500_000
    assert (by_id["activities/d2"].line, by_id["activities/d2"].site) == ("1.2", "S")


def test_a_candidate_says_where_its_row_was_read(folder):
    candidates = sample_candidates(plant(folder))
    by_id = {one.id.partition("@")[0]: one for one in candidates}

    assert (by_id["activities/d2"].file, by_id["activities/d2"].row) == ("activities.csv", 3)


def test_the_library_draws_from_candidates_what_the_seed_says(folder):
    weights = {one.id: one.weight for one in sample_candidates(plant(folder))}

    first, again, other = (
        [item.id for item in draw_sample(weights, seed=seed, size=2).items]
        for seed in ("a", "a", "b")
    )

    assert first == again
    assert {*first, *other} <= weights.keys()
