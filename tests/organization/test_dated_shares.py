from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linyin.organization.periods import Period
from linyin.organization.shares import APPROACHES

from .company import Company, percent

YEAR = Period.year(2023)


def shown(organization, node, period=YEAR, approach="equity_share", reporter="G", **options):
    pieces = organization.dated_shares(reporter, approach, period, **options)
    return [(str(p.begin), str(p.end), p.share) for p in pieces if p.node == node]


def test_a_mid_year_acquisition_is_outside_before_and_inside_after():
    company = Company().group().entity("A", pct=80, **{"from": "2023-07-01"}).site("S", "A")
    organization = company.build()
    assert shown(organization, "A") == [("2023-07-01", "2024-01-01", percent(80))]
    assert shown(organization, "S") == [
        ("2023-01-01", "2023-07-01", 0),
        ("2023-07-01", "2024-01-01", percent(80)),
    ]


def test_a_share_that_grows_is_cut_on_its_day_for_all_below():
    organization = (
        Company()
        .group()
        .entity("A", pct=40, to="2023-04-01")
        .entity("A", pct=60, **{"from": "2023-04-01"})
        .site("S", "A")
        .build()
    )
    for node in ("A", "S"):
        assert shown(organization, node) == [
            ("2023-01-01", "2023-04-01", percent(40)),
            ("2023-04-01", "2024-01-01", percent(60)),
        ]
        by_control = shown(organization, node, approach="financial_control")
        assert [share for *_, share in by_control] == [0, 1]


def test_what_does_not_change_is_one_piece_even_where_others_change():
    organization = (
        Company()
        .group()
        .entity("A", to="2023-05-01", note="one")
        .entity("A", **{"from": "2023-05-01"}, note="two")
        .entity("B", closed="2023-02-01")
        .build()
    )
    assert shown(organization, "A") == [("2023-01-01", "2024-01-01", 1)]
    assert shown(organization, "B") == [("2023-01-01", "2023-02-01", 1)]


def test_a_site_that_moves_to_another_entity_is_cut_there():
    organization = (
        Company()
        .group()
        .entity("A")
        .entity("B")
        .site("S", "A", to="2023-03-01")
        .site("S", "B", **{"from": "2023-03-01"})
        .build()
    )
    pieces = [p for p in organization.dated_shares("G", "equity_share", YEAR) if p.node == "S"]
    assert [(p.entity, str(p.begin)) for p in pieces] == [("A", "2023-01-01"), ("B", "2023-03-01")]
    assert shown(organization, "S", reporter="B") == [
        ("2023-01-01", "2023-03-01", 0),
        ("2023-03-01", "2024-01-01", 1),
    ]


def test_an_acquired_entity_reports_its_own_years_before_it_joined():
    organization = (
        Company()
        .group()
        .entity("A", opened="2015-01-01", **{"from": "2023-07-01"})
        .site("S", "A", opened="2015-01-01")
        .build()
    )
    before = Period.year(2021)
    for node in ("A", "S"):
        assert shown(organization, node, before, reporter="A") == [("2021-01-01", "2022-01-01", 1)]
    assert shown(organization, "A", before) == []


@pytest.fixture
def changing():
    """Bought 2022, sold 2022, opened 2022, closed mid-2021 by itself, all with their openings."""
    return (
        Company()
        .group()
        .entity("Bought", **{"from": "2022-07-01"})
        .site("Old", "Bought", opened="2010-01-01")
        .site("New", "Bought", opened="2022-03-01")
        .entity("Sold", to="2022-07-01")
        .site("Gone", "Sold", opened="2010-01-01")
        .site("Shut", "G", opened="2010-01-01", closed="2021-07-01")
        .build()
    )


def test_a_base_year_under_a_later_structure_takes_what_was_bought_if_it_existed(changing):
    later = {"period": Period.year(2021), "structure_of": date(2023, 12, 31)}
    assert shown(changing, "Old", **later) == [("2021-01-01", "2022-01-01", 1)]
    assert shown(changing, "New", **later) == []


def test_a_base_year_under_a_later_structure_leaves_out_what_was_sold_but_not_what_closed(changing):
    later = {"period": Period.year(2021), "structure_of": date(2023, 12, 31)}
    assert shown(changing, "Sold", **later) == []
    assert [share for *_, share in shown(changing, "Gone", **later)] == [0]
    assert shown(changing, "Shut", **later) == [("2021-01-01", "2021-07-01", 1)]


def test_a_mid_year_deal_can_be_booked_for_the_whole_year(changing):
    whole = {"period": Period.year(2022), "structure_of": date(2022, 12, 31)}
    assert shown(changing, "Old", **whole) == [("2022-01-01", "2023-01-01", 1)]
    assert shown(changing, "New", **whole) == [("2022-03-01", "2023-01-01", 1)]


days = st.integers(0, 1200).map(lambda n: date(2021, 1, 1) + timedelta(days=n))


@st.composite
def dated_companies(draw):
    """Entities in a chain order with several owners over dated spans, each with a site."""
    company = Company().group("E0")
    count = draw(st.integers(1, 5))
    for n in range(1, count + 1):
        cuts = sorted(draw(st.sets(days, min_size=2, max_size=4)))
        opened, closed = draw(st.sampled_from([(None, None), (cuts[0], None), (None, cuts[-1])]))
        for begin, end in zip([None, *cuts], [*cuts, None], strict=True):
            owners = draw(st.sets(st.integers(0, n - 1), max_size=2))
            for owner in sorted(owners):
                company.rows.append(
                    {
                        "code": f"E{n}",
                        "kind": "entity",
                        "parent": "E0",
                        "owner": f"E{owner}",
                        "ownership_pct": draw(st.integers(0, 50)),
                        "control": draw(st.sampled_from(["sole", "joint", "none"])),
                        "operator": draw(st.sampled_from(["", "E0"])) if len(owners) == 1 else "",
                        "opened": opened,
                        "closed": closed,
                        "from": begin,
                        "to": end,
                    }
                )
    codes = {row["code"] for row in company.rows}
    company.rows = [row for row in company.rows if row.get("owner", "E0") in codes]
    for code in sorted(codes):
        company.site(f"S-{code}", code)
    return company


@settings(deadline=None, max_examples=60)
@given(dated_companies(), st.sampled_from(APPROACHES), st.data())
def test_pieces_are_exactly_the_days_of_presence_and_agree_with_every_single_day(
    company, approach, data
):
    from linyin.organization.organization import Organization

    organization, _ = Organization.from_rows(company.rows)
    reporter = data.draw(st.sampled_from(sorted(organization.nodes)))
    pieces = organization.dated_shares(reporter, approach, YEAR)
    for node in organization.nodes:
        spans = [Period(p.begin, p.end) for p in pieces if p.node == node]
        assert all(a.end <= b.begin for a, b in pairwise(spans))
        expected = organization.presence(node, YEAR)
        if node == reporter:
            lived = YEAR.overlap(organization.nodes[node].existence)
            expected = [lived] if lived else []
        assert sum(s.days for s in spans) == sum(s.days for s in expected)
        assert not any(gap for span in expected for gap in span.gaps(spans))
    for day in data.draw(st.lists(st.sampled_from([p.begin for p in pieces] or [YEAR.begin]))):
        assert {p.node: p.share for p in pieces if p.begin <= day < p.end} == (
            organization.shares(reporter, approach, day)
        )
        assert {p.node: p.equity for p in pieces if p.begin <= day < p.end} == (
            organization.equity(reporter, day)
        )
    assert all(0 <= p.share <= 1 and 0 <= p.equity <= 1 for p in pieces)


@settings(deadline=None, max_examples=60)
@given(dated_companies(), days)
def test_equity_is_the_row_of_the_leontief_inverse_of_the_direct_shares(company, day):
    from linyin.organization.organization import Organization

    organization, _ = Organization.from_rows(company.rows)
    graph = organization.ownership
    codes = [code for code in organization.nodes if graph.is_present(code, day)]
    direct = np.zeros((len(codes), len(codes)))
    for column, code in enumerate(codes):
        for holding in graph.holdings(code, day):
            if holding.owner in codes:
                direct[codes.index(holding.owner), column] += float(holding.share)
    through = np.linalg.inv(np.eye(len(codes)) - direct)[codes.index("E0")]
    found = organization.equity("E0", day)
    assert [float(found[code]) for code in codes] == pytest.approx(list(through), abs=1e-12)


def test_shares_are_exact_fractions_and_thirds_of_a_float_are_read_by_their_digits():
    organization = Company().group().entity("A", pct=33.3).entity("B", "A", "A", 0.1).build()
    assert organization.equity("G", date(2023, 1, 1))["B"] == Fraction(333, 1000) / 1000
