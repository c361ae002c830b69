from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyin.lake import BadInput
from linyin.organization.periods import Period, PeriodError
from linyin.organization.profiles import Profile, Profiles, elapsed

from .company import told

JANUARY, JULY, NEXT = date(2023, 1, 1), date(2023, 7, 1), date(2024, 1, 1)


@st.composite
def profiles(draw):
    here, weights = JANUARY, []
    for length, weight in draw(
        st.lists(st.tuples(st.integers(1, 90), st.integers(0, 9)), min_size=1, max_size=6)
    ):
        weights.append((Period(here, here + timedelta(length)), Fraction(weight)))
        here += timedelta(length)
    return Profile("p", weights)


def test_without_a_profile_every_day_weighs_alike():
    assert elapsed(None, JANUARY, NEXT, JULY) == Fraction(181, 365)


def test_a_profile_weighs_its_spans_and_is_even_over_their_days():
    heating = Profile("heating", [(Period(JANUARY, JULY), Fraction(3)), (Period(JULY, NEXT), 1)])
    assert elapsed(heating, JANUARY, NEXT, JULY) == Fraction(3, 4)
    assert elapsed(heating, JANUARY, NEXT, date(2023, 10, 1)) == Fraction(3, 4) + Fraction(1, 8)
    assert elapsed(heating, JULY, NEXT, date(2023, 10, 1)) == Fraction(1, 2)


@given(profiles(), st.lists(st.integers(0, 600), max_size=5))
def test_elapsed_runs_from_0_to_1_and_never_falls_back(profile, offsets):
    begin, end = profile.spans[0].begin, profile.spans[-1].end
    days = sorted({begin, end, *(min(end, begin + timedelta(n)) for n in offsets)})
    if not any(profile.weights):
        with pytest.raises(BadInput):
            elapsed(profile, begin, end, begin)
        return
    found = [elapsed(profile, begin, end, day) for day in days]
    assert found[0] == 0
    assert found[-1] == 1
    assert found == sorted(found)


@given(profiles())
def test_elapsed_is_the_sum_of_the_weights_of_the_days_before(profile):
    begin, end = profile.spans[0].begin, profile.spans[-1].end
    daily = [
        weight / span.days
        for span, weight in zip(profile.spans, profile.weights, strict=True)
        for _ in range(span.days)
    ]
    if sum(daily):
        middle = len(daily) // 2
        expected = sum(daily[:middle]) / sum(daily)
        assert elapsed(profile, begin, end, begin + timedelta(middle)) == expected


def test_days_outside_the_row_count_as_its_begin_or_end():
    assert elapsed(None, JANUARY, JULY, date(2020, 1, 1)) == 0
    assert elapsed(None, JANUARY, JULY, NEXT) == 1
    with pytest.raises(PeriodError):
        elapsed(None, JANUARY, JANUARY, JANUARY)


def test_a_profile_that_leaves_days_out_is_refused_with_the_gap():
    half = Profile("half", [(Period(JANUARY, JULY), Fraction(1))])
    with pytest.raises(BadInput) as raised:
        elapsed(half, JANUARY, NEXT, JULY)
    assert told(raised.value.findings)[0].code == "profile-gap"
    assert told(raised.value.findings)[0].fields["gap"] == "2023-07-01..2024-01-01"


def row(begin, end, weight, name="p"):
    return {"profile": name, "begin": begin, "end": end, "weight": weight, "_row": 2}


def test_profiles_are_read_by_name_and_no_name_means_by_days():
    built, findings = Profiles.from_rows([row(JANUARY, JULY, 3), row(JULY, NEXT, 1)])
    assert findings == []
    assert built.elapsed("p", JANUARY, NEXT, JULY) == Fraction(3, 4)
    assert built.elapsed("", JANUARY, NEXT, JULY) == Fraction(181, 365)
    assert "p" in built
    assert "q" not in built
    with pytest.raises(BadInput) as raised:
        built.elapsed("q", JANUARY, NEXT, JULY)
    assert told(raised.value.findings)[0].code == "profile-unknown"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([row(JANUARY, NEXT, 1), row(JULY, NEXT, 1)], "profile-overlap"),
        ([row(JANUARY, NEXT, -1)], "profile-weight-negative"),
        ([row(JULY, JANUARY, 1)], "organization-span-empty"),
    ],
)
def test_rows_that_make_no_profile_are_told(rows, code):
    _, findings = Profiles.from_rows(rows)
    assert [f.code for f in told(findings)] == [code]


def test_days_between_the_spans_of_a_profile_weigh_nothing():
    gap = Profile("p", [(Period(JANUARY, date(2023, 2, 1)), Fraction(2)), (Period(JULY, NEXT), 1)])
    assert gap.before(date(2023, 5, 1)) == gap.before(JULY) == 2
    assert gap.before(JANUARY - timedelta(1)) == 0
    assert gap.before(NEXT + timedelta(9)) == 3


def test_a_profile_with_overlapping_spans_or_a_negative_weight_is_refused():
    with pytest.raises(ValueError, match="overlap"):
        Profile("p", [(Period(JANUARY, NEXT), Fraction(1)), (Period(JULY, NEXT), Fraction(1))])
    with pytest.raises(ValueError, match="negative"):
        Profile("p", [(Period(JANUARY, NEXT), Fraction(-1))])
