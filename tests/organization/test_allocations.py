from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyin.lake import BadInput
from linyin.organization.allocations import Allocations
from linyin.organization.intervals import (
    AllocationError,
    Part,
    intervals,
    intervals_with_rest,
)
from linyin.organization.metrics import Metrics
from linyin.organization.periods import Period

from .company import day, told

YEAR = Period.year(2023)

values = st.fractions(min_value=0, max_value=10**6, max_denominator=1000)
targets = st.dictionaries(st.text("ABCDEFG", min_size=1, max_size=3), values, min_size=1)


def rows(*found):
    names = ("site", "item", "meter", "target", "key", "value", "unit", "rest", "begin", "end")
    for number, cells in enumerate(found, start=2):
        row = dict.fromkeys(names) | {"site": "S"} | cells
        row |= {name: day(row[name]) for name in ("begin", "end")}
        yield {"_file": "allocations.csv", "_row": number, **row}


def allocations(*found, metrics=None):
    built, findings = Allocations.from_rows(rows(*found), metrics)
    assert findings == []
    return built


def shown(divisions):
    return [
        (str(d.begin), str(d.end), {part.target: part.share for part in d.parts}) for d in divisions
    ]


def is_whole(parts):
    begins, ends = [p.lo for p in parts], [p.hi for p in parts]
    return begins == [0, *ends[:-1]] and ends[-1] == 1 and all(p.lo < p.hi for p in parts)


@given(targets.filter(lambda found: any(found.values())), st.randoms())
def test_parts_follow_one_another_from_0_to_exactly_1_in_any_order_of_targets(found, random):
    pairs = list(found.items())
    parts = intervals(pairs)
    assert is_whole(parts)
    whole = sum(found.values())
    assert {p.target: p.share for p in parts} == {t: v / whole for t, v in pairs if v}
    random.shuffle(pairs)
    assert intervals(pairs) == parts


@given(targets, values, st.sampled_from(["stays", "spread"]))
def test_sub_meters_and_rest_make_exactly_the_main_meter(found, surplus, rest):
    metered = sum(found.values())
    if rest == "spread" and not metered:
        with pytest.raises(AllocationError):
            intervals_with_rest(surplus, found.items(), rest, "S")
        return
    parts = intervals_with_rest(metered + surplus, found.items(), rest, "S")
    assert is_whole(parts)
    shares = {p.target: p.share for p in parts}
    if rest == "stays" and metered + surplus:
        assert shares.get("S", 0) == surplus / (metered + surplus)
    if rest == "spread":
        assert "S" not in shares


def test_sub_meters_above_the_main_meter_are_refused():
    with pytest.raises(AllocationError) as raised:
        intervals_with_rest(Fraction(10), [("A", Fraction(11))], "stays", "S")
    assert raised.value.code == "allocation-over-main"


@pytest.mark.parametrize(
    ("found", "code"),
    [
        ([("A", Fraction(1)), ("A", Fraction(2))], "allocation-target-twice"),
        ([("A", Fraction(3)), ("B", Fraction(-1))], "allocation-negative"),
        ([("A", Fraction(0))], "allocation-all-zero"),
        ([], "allocation-all-zero"),
    ],
)
def test_values_that_make_no_whole_are_refused(found, code):
    with pytest.raises(AllocationError) as raised:
        intervals(found)
    assert raised.value.code == code


def test_a_meter_shared_by_area_is_cut_where_an_area_changes():
    shared = allocations(
        {"target": "A", "key": "area", "value": 300, "unit": "m2"},
        {"target": "B", "key": "area", "value": 100, "unit": "m2", "end": "2023-07-01"},
        {"target": "B", "key": "area", "value": 300, "unit": "m2", "begin": "2023-07-01"},
    )
    assert shown(shared.divisions("S", "electricity", "m1", YEAR)) == [
        ("2023-01-01", "2023-07-01", {"A": Fraction(3, 4), "B": Fraction(1, 4)}),
        ("2023-07-01", "2024-01-01", {"A": Fraction(1, 2), "B": Fraction(1, 2)}),
    ]


def test_heads_come_from_the_metrics_of_the_targets():
    metrics, findings = Metrics.from_rows(
        [
            {"node": "A", "metric": "heads", "period": "2023", "value": 30, "unit": "person"},
            {"node": "B", "metric": "heads", "period": "2023-H1", "value": 10, "unit": "person"},
            {"node": "B", "metric": "heads", "period": "2023-H2", "value": 20, "unit": "person"},
        ]
    )
    assert findings == []
    shared = allocations(
        {"target": "A", "key": "heads"}, {"target": "B", "key": "heads"}, metrics=metrics
    )
    assert shown(shared.divisions("S", "electricity", "", YEAR)) == [
        ("2023-01-01", "2023-07-01", {"A": Fraction(3, 4), "B": Fraction(1, 4)}),
        ("2023-07-01", "2024-01-01", {"A": Fraction(3, 5), "B": Fraction(2, 5)}),
    ]
    with pytest.raises(BadInput) as raised:
        shared.divisions("S", "electricity", "", Period.year(2022))
    assert told(raised.value.findings)[0].code == "allocation-value-missing"


def test_areas_of_different_units_are_refused():
    shared = allocations(
        {"target": "A", "key": "area", "value": 300, "unit": "m2"},
        {"target": "B", "key": "area", "value": 1, "unit": "万m2"},
    )
    with pytest.raises(BadInput) as raised:
        shared.divisions("S", "", "", YEAR)
    assert told(raised.value.findings)[0].code == "allocation-units-differ"
    assert told(raised.value.findings)[0].at.row == 2


def test_the_rows_of_a_meter_come_before_those_of_an_item_before_those_of_the_site():
    shared = allocations(
        {"target": "A", "key": "share", "value": 100},
        {"target": "B", "key": "share", "value": 100, "item": "electricity"},
        {"target": "C", "key": "share", "value": 100, "meter": "M-*", "end": "2023-03-01"},
    )

    def taker(item, meter):
        return [list(parts) for _, _, parts in shown(shared.divisions("S", item, meter, YEAR))]

    assert taker("heat", "X-1") == [["A"]]
    assert taker("electricity", "X-1") == [["B"]]
    assert taker("electricity", "M-1") == [["C"], ["B"]]
    assert shared.meters("S") == ["M-*"]


def test_on_days_without_rows_the_site_keeps_all():
    shared = allocations({"target": "A", "key": "share", "value": 100, "begin": "2023-12-01"})
    assert shown(shared.divisions("S", "", "", YEAR)) == [
        ("2023-01-01", "2023-12-01", {"S": 1}),
        ("2023-12-01", "2024-01-01", {"A": 1}),
    ]
    assert shown(shared.divisions("T", "", "", YEAR)) == [("2023-01-01", "2024-01-01", {"T": 1})]


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        (None, {"A": Fraction(3, 10), "B": Fraction(1, 10), "S": Fraction(6, 10)}),
        ("spread", {"A": Fraction(3, 4), "B": Fraction(1, 4)}),
    ],
)
def test_sub_meters_are_read_against_the_main_meter_of_their_days(rest, expected):
    dated = {"key": "submeter", "begin": "2023-01-01", "end": "2024-01-01", "rest": rest}
    shared = allocations(
        {"target": "A", "value": 300, **dated}, {"target": "B", "value": 100, **dated}
    )

    def main(span):
        return Fraction(1000 * span.days, 365)

    (half,) = shared.divisions("S", "", "", Period(date(2023, 1, 1), date(2023, 7, 1)), main)
    assert {part.target: part.share for part in half.parts} == expected
    assert is_whole(half.parts)
    with pytest.raises(BadInput) as raised:
        shared.divisions("S", "", "", YEAR)
    assert told(raised.value.findings)[0].code == "allocation-main-missing"
    with pytest.raises(BadInput) as raised:
        shared.divisions("S", "", "", YEAR, lambda _: Fraction(399))
    assert told(raised.value.findings)[0].code == "allocation-over-main"


def test_a_stated_share_that_leaves_a_rest_leaves_it_at_the_site():
    shared = allocations({"target": "A", "key": "share", "value": 40})
    (whole,) = shared.divisions("S", "", "", YEAR)
    assert whole.parts == (Part("A", Fraction(0), Fraction(2, 5)), Part("S", Fraction(2, 5), 1))


def test_two_meter_patterns_that_fit_one_row_are_refused():
    shared = allocations(
        {"target": "A", "key": "share", "value": 100, "meter": "M*"},
        {"target": "B", "key": "share", "value": 100, "meter": "*1"},
    )
    with pytest.raises(BadInput) as raised:
        shared.divisions("S", "", "M1", YEAR)
    assert told(raised.value.findings)[0].fields["patterns"] == "*1, M*"


@pytest.mark.parametrize(
    ("found", "code"),
    [
        ([{"target": "A", "key": "share"}], "allocation-value-missing"),
        ([{"target": "A", "key": "share", "value": 101}], "allocation-over-main"),
        ([{"target": "A", "key": "submeter", "value": 1}], "allocation-submeter-undated"),
        ([{"target": "A", "key": "area", "value": -1}], "allocation-negative"),
        (
            [{"target": "A", "key": "heads"}, {"target": "A", "key": "heads"}],
            "allocation-target-twice",
        ),
        (
            [{"target": "A", "key": "heads"}, {"target": "B", "key": "area"}],
            "allocation-rows-differ",
        ),
        (
            [{"target": "A", "key": "heads", "begin": "2023-01-01", "end": "2022-01-01"}],
            "organization-span-empty",
        ),
        ([{"target": "X", "key": "heads"}], "node-unknown"),
    ],
)
def test_rows_that_cannot_divide_are_told_before_anything_is_calculated(found, code):
    _, findings = Allocations.from_rows(rows(*found), known={"S", "A", "B"})
    assert [(f.severity, f.code, f.at.file) for f in told(findings)] == [
        ("error", code, "allocations.csv")
    ]
