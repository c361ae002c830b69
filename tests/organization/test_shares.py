from datetime import date
from fractions import Fraction

import pytest

from linyin.organization.organization import Organization
from linyin.organization.shares import APPROACHES, Boundary, equity, shares

from .company import Company, percent

DAY = date(2023, 6, 1)


@pytest.fixture
def holland():
    """Holland Industries, the worked example of the GHG Protocol Corporate Standard, chapter 3."""
    return (
        Company()
        .group("Holland")
        .entity("Switzerland", "Holland", "Holland", 100)
        .entity("America", "Holland", "Holland", 83)
        .entity("BGB", "America", "America", 50, control="joint", operator="Rearden")
        .entity("IRW", "America", "America", 75)
        .entity("Kahuna", "Holland", "Holland", 100 / 3, control="joint", operator="Holland")
        .entity("QuickFix", "Holland", "Holland", 43, control="sole")
        .entity("Nallo", "Holland", "Holland", 56, control="none", operator="Nagua")
        .build()
    )


@pytest.mark.parametrize(
    ("company", "by_equity", "by_operation", "by_finance"),
    [
        ("Holland", 100, 100, 100),
        ("Switzerland", 100, 100, 100),
        ("America", 83, 100, 100),
        ("BGB", 41.5, 0, 50),
        ("IRW", 62.25, 100, 100),
        ("Kahuna", 33.333333333333336, 100, 33.333333333333336),
        ("QuickFix", 43, 100, 100),
        ("Nallo", 56, 0, 0),
    ],
)
def test_holland_industries_consolidates_what_the_standard_prints(
    holland, company, by_equity, by_operation, by_finance
):
    found = {a: holland.shares("Holland", a, DAY)[company] for a in APPROACHES}
    assert found == {
        "equity_share": percent(by_equity),
        "operational_control": percent(by_operation),
        "financial_control": percent(by_finance),
    }


def test_the_venture_of_a_subsidiary_is_at_half_in_the_owners_own_chain(holland):
    assert holland.shares("America", "equity_share", DAY)["BGB"] == Fraction(1, 2)
    assert holland.shares("America", "financial_control", DAY)["BGB"] == Fraction(1, 2)
    assert holland.shares("America", "operational_control", DAY)["BGB"] == 0


def test_equity_is_there_for_category_15_where_control_gives_nothing(holland):
    assert holland.equity("Holland", DAY)["Nallo"] == Fraction(56, 100)
    assert equity(holland.ownership, "Holland", DAY) == holland.equity("Holland", DAY)


def test_sites_and_departments_follow_the_entity_above_them():
    organization = (
        Company()
        .group()
        .entity("E", pct=80)
        .site("S", "E")
        .department("D", "S")
        .site("HQ", "G")
        .build()
    )
    found = organization.shares("G", "equity_share", DAY)
    assert found == {"G": 1, "E": percent(80), "S": percent(80), "D": percent(80), "HQ": 1}


def test_a_department_follows_a_site_that_has_several_owners():
    organization = (
        Company()
        .group()
        .entity("A", pct=90)
        .entity("B", pct=50)
        .site("S", "A", owner="A", ownership_pct=60)
        .site("S", "A", owner="B", ownership_pct=40)
        .department("D", "S")
        .build()
    )
    found = organization.shares("G", "equity_share", DAY)
    assert found["S"] == found["D"] == percent(90 * 0.6 + 50 * 0.4)
    assert organization.shares("B", "equity_share", DAY)["D"] == percent(40)


def test_a_site_reports_itself_and_what_is_below_it_wholly():
    organization = (
        Company()
        .group()
        .entity("E", pct=51)
        .site("S", "E")
        .department("D", "S")
        .site("T", "E")
        .build()
    )
    for approach in APPROACHES:
        found = organization.shares("S", approach, DAY)
        assert found == {"S": 1, "D": 1, "G": 0, "E": 0, "T": 0}


def test_a_department_over_entities_takes_them_at_the_share_of_the_entity_it_is_of():
    organization = (
        Company()
        .group()
        .department("Asia", "G")
        .entity("E", parent="Asia", pct=83)
        .site("S", "E")
        .entity("X", parent="G", pct=70)
        .build()
    )
    found = organization.shares("Asia", "equity_share", DAY)
    assert found == {"Asia": 1, "E": percent(83), "S": percent(83), "G": 0, "X": 0}


def test_two_chains_to_one_venture_add_up():
    organization = (
        Company()
        .group()
        .entity("A", pct=100)
        .entity("B", pct=60)
        .entity("JV", "A", "A", 30, control="joint", operator="A")
        .entity("JV", "A", "B", 30, control="joint", operator="A")
        .build()
    )
    assert organization.shares("G", "equity_share", DAY)["JV"] == percent(30 + 18)
    assert organization.shares("G", "financial_control", DAY)["JV"] == percent(60)
    assert organization.shares("G", "operational_control", DAY)["JV"] == 1
    assert organization.shares("B", "operational_control", DAY)["JV"] == 0


def test_more_than_half_is_sole_control_and_half_is_none_unless_stated():
    organization = (
        Company().group().entity("A", pct=50.01).entity("B", pct=50).entity("C", pct=20).build()
    )
    found = organization.shares("G", "financial_control", DAY)
    assert (found["A"], found["B"], found["C"]) == (1, 0, 0)


def test_what_an_entity_operates_without_owning_counts_by_operational_control_alone():
    organization = (
        Company()
        .group()
        .entity("E")
        .row("Landlord", "entity")
        .site("Tower", "Landlord", operator="E")
        .department("Floor", "Tower")
        .build()
    )
    for code in ("Tower", "Floor"):
        assert organization.shares("G", "operational_control", DAY)[code] == 1
        assert organization.shares("G", "equity_share", DAY)[code] == 0
        assert organization.shares("G", "financial_control", DAY)[code] == 0
        assert organization.shares("Landlord", "operational_control", DAY)[code] == 0


def test_the_sites_of_a_venture_are_operated_by_who_operates_the_venture():
    ours = Company().group().entity("JV", pct=40, control="joint", operator="G").site("S", "JV")
    theirs = Company().group().entity("JV", pct=40, control="joint", operator="P").site("S", "JV")
    assert ours.build().inside("G", "operational_control", DAY, "S") == 1
    assert theirs.build().inside("G", "operational_control", DAY, "S") == 0


def test_a_subsidiary_that_somebody_else_operates_is_outside_operational_control():
    organization = Company().group().entity("E", operator="Contractor").site("S", "E").build()
    assert organization.shares("G", "operational_control", DAY) == {"G": 1, "E": 0, "S": 0}
    assert organization.shares("G", "financial_control", DAY) == {"G": 1, "E": 1, "S": 1}


def test_nodes_that_operate_one_another_are_operated_by_nobody_in_the_group():
    organization = (
        Company()
        .group()
        .entity("A", pct=20, operator="B")
        .entity("B", pct=20, operator="A")
        .build()
    )
    assert organization.shares("G", "operational_control", DAY) == {"G": 1, "A": 0, "B": 0}


def test_a_parent_is_never_inside_its_subsidiarys_boundary():
    organization = Company().group().entity("A").entity("B", "A", "A").build()
    for approach in APPROACHES:
        assert organization.shares("A", approach, DAY) == {"G": 0, "A": 1, "B": 1}


def test_a_counterparty_is_inside_at_its_share_and_a_stranger_is_not():
    organization = Company().group().entity("A", pct=83).build()
    assert organization.inside("G", "equity_share", DAY, "A") == percent(83)
    assert organization.inside("G", "equity_share", DAY, "Supplier") == 0


def test_an_unknown_reporter_or_approach_is_refused():
    organization = Company().group().build()
    with pytest.raises(KeyError):
        organization.shares("X", "equity_share", DAY)
    with pytest.raises(ValueError, match="equity_share"):
        organization.shares("G", "equity", DAY)
    with pytest.raises(KeyError):
        Boundary(organization.ownership, "X")


def test_shares_of_the_graph_and_of_the_organization_are_the_same(holland):
    for approach in APPROACHES:
        assert shares(holland.ownership, "America", approach, DAY) == holland.shares(
            "America", approach, DAY
        )


def test_a_chain_of_two_thousand_owners_is_followed():
    company = Company().group("E0")
    for n in range(1, 2001):
        company.entity(f"E{n}", f"E{n - 1}", f"E{n - 1}", 100)
    organization = company.build()
    assert organization.inside("E0", "equity_share", DAY, "E2000") == 1
    assert organization.inside("E0", "operational_control", DAY, "E2000") == 1


@pytest.mark.parametrize(
    ("rows", "owner"),
    [
        ([("A", 60, "none"), ("B", 40, "sole")], "B"),
        ([("A", 40, "none"), ("B", 45, "none")], "B"),
        ([("B", 50, "joint"), ("A", 50, "joint")], "A"),
        ([("B", 100, None)], "B"),
    ],
)
def test_a_site_belongs_to_its_sole_controller_else_its_largest_owner_else_the_nearest(rows, owner):
    company = Company().group().entity("B").entity("A")
    for code, pct, control in rows:
        company.site("S", "A", owner=code, ownership_pct=pct, control=control, operator=code)
    company.rows[-1]["operator"] = company.rows[3]["operator"]
    organization = company.department("D", "S").build()
    assert organization.owning_entity("S", DAY) == owner
    assert organization.owning_entity("D", DAY) == owner
    assert organization.owning_entity("A", DAY) == "A"


def test_a_named_operator_under_sole_control_counts_even_if_somebody_operates_the_operator():
    organization = (
        Company()
        .group()
        .entity("E", operator="Contractor")
        .site("Ours", "E", operator="E")
        .site("Theirs", "E")
        .build()
    )
    found = organization.shares("G", "operational_control", DAY)
    assert (found["Ours"], found["Theirs"]) == (1, 0)


def test_nothing_is_consolidated_more_than_once_even_where_control_is_stated_twice():
    company = Company().group().entity("A").entity("C", "A", "A", 60, control="sole")
    company.entity("C", "A", "G", 40, control="joint", operator="A")
    organization, findings = Organization.from_rows(company.rows)
    assert [f.code for f in findings] == ["organization-control-conflict"]
    assert organization.shares("G", "financial_control", DAY)["C"] == 1


def test_a_closed_site_belongs_to_nobody_and_is_in_no_boundary():
    organization = Company().group().entity("E").site("S", "E", closed="2023-01-01").build()
    assert organization.owning_entity("S", DAY) == ""
    assert "S" not in organization.shares("G", "equity_share", DAY)
    assert organization.inside("G", "equity_share", DAY, "S") == 0
