import math
from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyin.ledger.quality import (
    INDICATORS,
    Quality,
    QualityError,
    Scores,
    default_interval,
    place_score,
    time_score,
    uncertainty_factors,
    weighted_score,
)

score = st.integers(1, 5)
scores = st.builds(Scores, score, score, score, score, score)

PEDIGREE_MATRIX_V1 = {
    "reliability": (1.0, 1.05, 1.1, 1.2, 1.5),
    "completeness": (1.0, 1.02, 1.05, 1.1, 1.2),
    "time": (1.0, 1.03, 1.1, 1.2, 1.5),
    "place": (1.0, 1.01, 1.02, None, 1.1),
    "technology": (1.0, None, 1.2, 1.5, 2.0),
}
"""Version 1 of the package pedigree-matrix 0.2.2 (C. Mutel), without its two unlisted scores."""


def test_scores_are_read_as_factor_tables_write_them():
    assert Scores.parse("2 2 1 1 3") == Scores(2, 2, 1, 1, 3)


@pytest.mark.parametrize(
    "text", ["", "1 2 3 4", "1 2 3 4 5 1", "1 2 3 4 6", "0 1 1 1 1", "a b c d e", "-1 1 1 1 1"]
)
def test_anything_but_five_scores_from_one_to_five_is_refused(text):
    with pytest.raises(QualityError):
        Scores.parse(text)


def test_scores_weigh_by_emissions():
    quality = weighted_score([Scores(1, 1, 1, 1, 1), Scores(5, 4, 3, 2, 1)], [300, 100])

    assert quality == Quality(2.0, 1.75, 1.5, 1.25, 1.0, overall=1.5, coverage=1.0)


def test_what_is_not_scored_lowers_the_coverage_only():
    quality = weighted_score([Scores(2, 2, 2, 2, 2), None], [30, 70])

    assert (quality.overall, quality.coverage) == (2.0, 0.3)


@pytest.mark.parametrize(
    ("rows", "weights"),
    [
        ([], []),
        ([None], [1]),
        ([Scores(1, 1, 1, 1, 1)], [0]),
        ([Scores(1, 1, 1, 1, 1)], [1, 2]),
        ([Scores(1, 1, 1, 1, 1)] * 2, [1, -1]),
        ([Scores(1, 1, 1, 1, 1)], [math.nan]),
    ],
)
def test_no_mean_without_scored_emissions(rows, weights):
    with pytest.raises(QualityError):
        weighted_score(rows, weights)


@given(st.lists(st.tuples(scores, st.floats(1e-3, 1e9)), min_size=1, max_size=20), st.data())
def test_a_weighted_mean_lies_between_its_scores_in_any_order(rows, data):
    quality = weighted_score(*zip(*rows, strict=True))
    again = weighted_score(*zip(*data.draw(st.permutations(rows)), strict=True))

    assert again == quality
    for k, name in enumerate(INDICATORS):
        column = [astuple(s)[k] for s, _ in rows]
        assert min(column) - 1e-9 <= getattr(quality, name) <= max(column) + 1e-9


@pytest.mark.parametrize(
    ("years", "expected"),
    [(0, 1), (2, 1), (-2, 1), (3, 2), (5, 2), (6, 3), (9, 3), (10, 4), (14, 4), (15, 5), (None, 5)],
)
def test_time_scores_by_distance_in_years(years, expected):
    assert time_score(years) == expected


@pytest.mark.parametrize(
    ("asked", "found", "expected"),
    [
        ("site", "site", 1),
        ("subdivision", "subdivision", 1),
        ("country", "country", 1),
        ("world", "world", 1),
        ("subdivision", "site", 1),
        ("site", "subdivision", 2),
        ("subdivision", "region", 2),
        ("subdivision", "country", 2),
        ("country", "world", 4),
        ("site", "world", 4),
        ("country", None, 5),
    ],
)
def test_place_scores_by_how_much_wider_the_factor_is(asked, found, expected):
    assert place_score(asked, found) == expected


def test_an_unknown_level_of_a_place_is_refused():
    with pytest.raises(QualityError, match="galaxy"):
        place_score("site", "galaxy")


def test_the_table_is_the_published_pedigree_matrix():
    table = uncertainty_factors()

    for name, factors in PEDIGREE_MATRIX_V1.items():
        for score, factor in enumerate(factors, start=1):
            if factor is not None:
                assert table["indicator", name, score].factor == factor


def test_every_row_of_the_table_states_where_it_was_read():
    for row in uncertainty_factors().values():
        assert row.evidence == "read"
        assert row.copies_read >= 1
        assert row.source


def test_the_best_scores_leave_the_basic_uncertainty():
    low, high = default_interval(Scores(1, 1, 1, 1, 1), "energy_and_materials")

    assert (low, high) == pytest.approx((1 - 1 / 1.05, 0.05))


def test_factors_combine_by_their_logarithms():
    """pedigree-matrix 0.2.2: PedigreeMatrix.calculate((2, 3, 1, 3, 3), 1.05)."""
    low, high = default_interval(Scores(2, 3, 1, 3, 3), "energy_and_materials")

    assert 1 + high == pytest.approx(1.2237593405947058)
    assert 1 - low == pytest.approx(1 / 1.2237593405947058)


@given(scores, st.sampled_from(INDICATORS))
def test_a_worse_score_never_narrows_the_interval(given_scores, name):
    values = dict(zip(INDICATORS, astuple(given_scores), strict=True))
    worse = Scores(**values | {name: min(5, values[name] + 1)})

    assert default_interval(worse, "co2")[1] >= default_interval(given_scores, "co2")[1]


def test_the_best_scores_leave_the_basic_uncertainty_alone():
    assert default_interval(Scores(1, 1, 1, 1, 1), "transport_service") == (0.5, pytest.approx(1.0))


def test_an_unknown_basic_uncertainty_names_the_known_ones():
    with pytest.raises(QualityError, match="transport_service"):
        default_interval(Scores(1, 1, 1, 1, 1), "magic")
