import math
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyin.inventory.assurance import (
    SamplingError,
    assurance_factor,
    gamma_cdf,
    sample_size,
)
from linyin.inventory.sampling import allocate, draw

T = 1_000_000_000
TOLERABLE = (0.5, 0.3, 0.1, 0.08, 0.06, 0.05, 0.04, 0.03, 0.02, 0.01, 0.005)
TABLE_C1 = {
    (0.05, 0.0): (6, 10, 30, 38, 50, 60, 75, 100, 150, 300, 600),
    (0.05, 0.1): (8, 13, 37, 46, 62, 74, 92, 123, 184, 368, 736),
    (0.05, 0.2): (10, 16, 47, 58, 78, 93, 116, 155, 232, 463, 925),
    (0.05, 0.3): (12, 20, 60, 75, 100, 120, 150, 200, 300, 600, 1199),
    (0.05, 0.4): (17, 27, 81, 102, 135, 162, 203, 270, 405, 809, 1618),
    (0.05, 0.5): (24, 39, 116, 145, 193, 231, 289, 385, 577, 1154, 2308),
    (0.10, 0.0): (5, 8, 24, 29, 39, 47, 58, 77, 116, 231, 461),
    (0.10, 0.2): (7, 12, 35, 43, 57, 69, 86, 114, 171, 341, 682),
    (0.10, 0.5): (16, 27, 80, 100, 134, 160, 200, 267, 400, 799, 1597),
    (0.20, 0.4): (8, 12, 36, 45, 59, 71, 89, 118, 177, 354, 707),
    (0.50, 0.6): (4, 6, 17, 22, 29, 34, 43, 57, 85, 170, 340),
}
"""AICPA (2017), Audit Guide: Audit Sampling, table C-1, as the tests of the R package jfa give it:
(risk of incorrect acceptance, expected over tolerable) → sizes for the tolerable shares above."""

TABLE_POISSON = {0.05: 3.00, 0.10: 2.31, 0.15: 1.90, 0.20: 1.61, 0.25: 1.39, 0.50: 0.70}
"""Confidence factors for no misstatement, same guide."""

populations = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=4), st.integers(0, 10**9), min_size=1, max_size=30
).filter(lambda p: any(p.values()))
SKEWED = {f"{i:03}": round(1_000 * 1.07**i) for i in range(60)}


@pytest.mark.parametrize(("risk", "ratio"), TABLE_C1)
def test_sample_sizes_are_those_of_the_published_table(risk, ratio):
    sizes = [sample_size(1, share, 1 - risk, share * ratio) for share in TOLERABLE]

    assert sizes == list(TABLE_C1[risk, ratio])


@pytest.mark.parametrize("risk", TABLE_POISSON)
def test_assurance_factors_are_those_of_the_published_table(risk):
    assert assurance_factor(1 - risk) == pytest.approx(TABLE_POISSON[risk], abs=0.01)
    assert assurance_factor(1 - risk) == pytest.approx(-math.log(risk))


@given(st.integers(1, 40), st.floats(0, 120))
def test_the_gamma_distribution_of_whole_shapes_counts_poisson_hits(shape, x):
    fewer = math.fsum(math.exp(-x) * x**k / math.factorial(k) for k in range(shape))

    assert gamma_cdf(shape, x) == pytest.approx(1 - fewer, abs=1e-10)


@given(st.floats(0.01, 50))
def test_the_gamma_distribution_of_a_half_is_the_error_function(x):
    assert gamma_cdf(0.5, x) == pytest.approx(math.erf(math.sqrt(x)), abs=1e-12)


@given(st.floats(0.5, 0.99), st.floats(0, 0.6), st.floats(0.01, 0.2))
def test_more_confidence_or_more_expected_misstatement_need_larger_samples(risk, ratio, step):
    assert assurance_factor(risk, ratio + step) >= assurance_factor(risk, ratio)
    assert assurance_factor(min(risk + step, 0.999), ratio) >= assurance_factor(risk, ratio)


METHODS = [
    {"method": "probability proportional to size"},
    {"method": "simple"},
    {"method": "stratified", "strata": {i: "even" if int(i) % 2 == 0 else "odd" for i in SKEWED}},
]


@pytest.mark.parametrize("arguments", METHODS, ids=lambda a: a["method"])
def test_items_are_drawn_as_often_as_their_probability_says(arguments):
    runs = 2_000
    drawn: Counter[str] = Counter()
    stated: dict[str, float] = {}
    for seed in range(runs):
        for item in draw(SKEWED, seed=seed, size=12, **arguments).items:
            drawn[item.id] += 1
            stated[item.id] = float(item.probability)

    assert sum(stated.values()) == pytest.approx(12)
    for i in SKEWED:
        error = math.sqrt(stated[i] * (1 - stated[i]) / runs)
        assert abs(drawn[i] / runs - stated[i]) <= 5 * error


def test_probabilities_of_a_systematic_draw_are_proportional_to_size():
    sample = draw(SKEWED, seed=1, size=12)

    for item in sample.items:
        assert item.probability == min(Fraction(1), item.weight / sample.interval)


@pytest.mark.parametrize("arguments", METHODS, ids=lambda a: a["method"])
def test_a_seed_draws_the_same_items_from_any_order(arguments):
    backwards = dict(reversed(SKEWED.items()))

    assert draw(backwards, seed=7, size=9, **arguments) == draw(SKEWED, seed=7, size=9, **arguments)
    assert draw(SKEWED, seed="7", size=9, **arguments) == draw(SKEWED, seed=7, size=9, **arguments)


def test_draws_stay_the_same_for_ever():
    """Golden: a change here would break every sample that verifiers have on file."""
    population = {name: weight for weight, name in enumerate("abcdefghij", start=1)}
    strata = dict(zip("abcdefghij", "xxxxxyyyyy", strict=True))

    def ids(**arguments):
        return "".join(item.id for item in draw(population, seed=2023, size=4, **arguments).items)

    assert ids() == "cfhj"
    assert ids(method="simple") == "adgh"
    assert ids(method="stratified", strata=strata) == "aghi"


def test_items_of_an_interval_or_more_are_certain():
    population = {"huge": 700, "large": 200, **{f"small {i}": 10 for i in range(10)}}

    for seed in range(20):
        sample = draw(population, seed=seed, size=4)
        assert sample.certainty_items == ("huge", "large")
        assert sample.interval == 50
        assert len(sample.items) == 4
        assert 0 <= sample.start < sample.interval


def test_materiality_and_confidence_fix_the_interval():
    population = {f"{i:04}": 1_000 for i in range(1_000)}

    sample = draw(population, seed=1, materiality=50_000, confidence=0.95)

    assert sample.interval == Fraction(1_000_000, 60)
    assert len(sample.items) == 60
    assert sample.interval <= Fraction(50_000) / Fraction("2.99")


def test_a_materiality_below_every_item_draws_them_all():
    sample = draw({"a": 100, "b": 200}, seed=1, materiality=10)

    assert sample.certainty_items == ("a", "b")


def test_a_misstatement_of_materiality_is_hit_as_often_as_the_confidence_promises():
    population = {f"{i:04}": 100 for i in range(1_000)}
    misstated = {f"{(i * 37) % 1_000:04}" for i in range(50)}
    runs = 600

    hits = sum(
        any(item.id in misstated for item in draw(population, seed=s, materiality=5_000).items)
        for s in range(runs)
    )

    assert hits / runs >= 0.95 - 3 * math.sqrt(0.95 * 0.05 / runs)


@given(populations, st.integers(), st.data())
def test_a_systematic_draw_has_its_size_and_no_item_twice(population, seed, data):
    weighty = [i for i, weight in population.items() if weight]
    size = data.draw(st.integers(1, len(weighty)))

    sample = draw(population, seed=seed, size=size)

    ids = [item.id for item in sample.items]
    assert ids == sorted(set(ids))
    assert len(ids) == size
    assert set(ids) <= set(weighty)
    assert sample.weightless == len(population) - len(weighty)
    if size == len(weighty):
        assert sample.coverage == 1


@given(populations, st.integers(), st.integers(1, 10**9))
def test_a_draw_by_materiality_takes_every_item_of_an_interval(population, seed, materiality):
    if sum(population.values()) / materiality > 10_000:
        materiality = sum(population.values()) // 10_000 + 1
    sample = draw(population, seed=seed, materiality=materiality)

    large = {i for i, weight in population.items() if weight and weight >= sample.interval}
    rest = sum(weight for i, weight in population.items() if i not in large)
    by_chance = len(sample.items) - len(large)
    assert set(sample.certainty_items) == large
    assert math.floor(rest / sample.interval) <= by_chance <= math.ceil(rest / sample.interval)


def test_another_item_leaves_the_order_of_a_simple_draw():
    before = draw(SKEWED, seed=3, size=10, method="simple")
    after = draw(SKEWED | {"new": 5}, seed=3, size=10, method="simple")

    assert len({i.id for i in before.items} & {i.id for i in after.items}) >= 9


def test_strata_get_sizes_in_proportion_to_weight_within_their_bounds():
    assert allocate({"a": 80, "b": 20}, {"a": 100, "b": 100}, 10) == {"a": 8, "b": 2}
    assert allocate({"a": 999, "b": 1}, {"a": 100, "b": 100}, 10) == {"a": 9, "b": 1}
    assert allocate({"a": 999, "b": 1}, {"a": 3, "b": 100}, 10) == {"a": 3, "b": 7}
    assert allocate({"a": 0, "b": 0}, {"a": 5, "b": 5}, 4) == {"a": 2, "b": 2}


@given(
    st.dictionaries(
        st.sampled_from("abcde"),
        st.tuples(st.integers(0, 10**6), st.integers(1, 20)),
        min_size=1,
    ),
    st.data(),
)
def test_an_allocation_adds_up_and_stays_within_its_strata(strata, data):
    weights = {name: weight for name, (weight, _) in strata.items()}
    counts = {name: count for name, (_, count) in strata.items()}
    size = data.draw(st.integers(len(counts), sum(counts.values())))

    sizes = allocate(weights, counts, size)

    assert sum(sizes.values()) == size
    assert all(1 <= sizes[name] <= counts[name] for name in counts)


def test_a_sample_states_its_method_in_both_languages():
    sample = draw({"a": 900 * T, "b": 60 * T, "c": 40 * T, "d": 0}, seed=42, size=2)

    assert sample.describe("en") == (
        "Systematic selection with probability proportional to size (monetary-unit sampling) "
        "over the items sorted by id: interval 100 t CO2e, "
        f"random start {float(sample.start) / T:.6g} t CO2e, "
        "seed 42. 2 of 4 items, 1 of them certain for their size; without weight, never drawn: 1."
    )
    assert "种子 42" in sample.describe("zh")
    for arguments in METHODS[1:]:
        for lang in ("en", "zh"):
            assert "9" in draw(SKEWED, seed=1, size=9, **arguments).describe(lang)


@pytest.mark.parametrize(
    "bad",
    [
        lambda: draw({}, seed=1, size=1),
        lambda: draw({"a": 0}, seed=1, size=1),
        lambda: draw({"a": -1, "b": 5}, seed=1, size=1),
        lambda: draw({"a": 1}, seed=1),
        lambda: draw({"a": 1}, seed=1, size=2),
        lambda: draw({"a": 1}, seed=1, size=0),
        lambda: draw({"a": 1}, seed=1, size=1, materiality=1),
        lambda: draw({"a": 1}, seed=1, materiality=0),
        lambda: draw({"a": 1}, seed=1, materiality=1, method="simple"),
        lambda: draw({"a": 1}, seed=1, size=1, method="stratified"),
        lambda: draw({"a": 1}, seed=1, size=1, strata={"a": "x"}),
        lambda: draw({"a": 1, "b": 1}, seed=1, size=1, method="stratified", strata={"a": "x"}),
        lambda: draw(
            {"a": 1, "b": 1}, seed=1, size=1, method="stratified", strata={"a": "x", "b": "y"}
        ),
        lambda: draw({"a": 1}, seed=1, size=1, method="dice"),
        lambda: sample_size(100, 10, 1.0),
        lambda: sample_size(100, 10, 0.95, 10),
        lambda: sample_size(100, 10, 0.95, -1),
        lambda: sample_size(100, 10, 0.95, 9.999),
        lambda: sample_size(0, 10),
    ],
)
def test_what_cannot_be_drawn_is_refused(bad):
    with pytest.raises(SamplingError):
        bad()
