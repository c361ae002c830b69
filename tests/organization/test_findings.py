import csv
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import linyin.organization
from linyin.lake import BadInput, Finding, Where, load_schema
from linyin.organization.organization import Organization

from .company import Company

ROOM = Path(linyin.organization.__file__).parent
MESSAGES = list(csv.DictReader((ROOM / "messages.csv").open(encoding="utf-8", newline="")))


def at(row, column):
    return Where("organization.csv", "", row, column)


def test_a_plain_company_has_no_finding():
    company = Company().group().entity("E").site("S", "E").department("D", "S")
    assert company.findings() == []


@pytest.mark.parametrize(
    ("company", "expected"),
    [
        (
            Company().group().site("S", "G").site("S", "G"),
            Finding("organization-row-twice", "warning", at(4, "code"), {"node": "S", "row": 3}),
        ),
        (
            Company().group().entity("E", "X", "G"),
            Finding(
                "organization-parent-unknown",
                "error",
                at(3, "parent"),
                {"node": "E", "parent": "X"},
            ),
        ),
        (
            Company().group().entity("E", "G", "X"),
            Finding(
                "organization-owner-unknown", "error", at(3, "owner"), {"node": "E", "owner": "X"}
            ),
        ),
        (
            Company().group().site("S", "G").entity("E", "G", "S"),
            Finding(
                "organization-owner-kind", "error", at(4, "owner"), {"node": "E", "owner": "S"}
            ),
        ),
        (
            Company().group().site("S", ""),
            Finding("organization-orphan", "error", at(3, "parent"), {"node": "S"}),
        ),
        (
            Company().group().entity("A").entity("B").site("S", "A").site("S", "B"),
            Finding(
                "organization-two-parents",
                "error",
                at(6, "parent"),
                {"node": "S", "column": "parent", "values": "A, B"},
            ),
        ),
        (
            Company().group().site("S", "G", country="CN").site("S", "G", country="HK"),
            Finding(
                "organization-rows-differ",
                "error",
                at(4, "country"),
                {"node": "S", "column": "country", "values": "CN, HK"},
            ),
        ),
        (
            Company().group().site("S", "G", **{"from": "2023-05-01", "to": "2023-05-01"}),
            Finding(
                "organization-span-empty",
                "error",
                at(3, "to"),
                {"first": "from", "after": "to", "begin": "2023-05-01", "end": "2023-05-01"},
            ),
        ),
        (
            Company()
            .group()
            .entity("A")
            .entity("B")
            .entity("C", "A", "A", 60)
            .entity("C", "A", "B", 41),
            Finding(
                "organization-shares-over-whole",
                "error",
                at(5, "ownership_pct"),
                {"node": "C", "begin": "", "total": "101 %"},
            ),
        ),
        (
            Company().group().entity("A", pct=50).entity("A", pct=20),
            Finding(
                "organization-holding-twice",
                "error",
                at(4, "owner"),
                {"node": "A", "owner": "G", "begin": ""},
            ),
        ),
        (
            Company()
            .group()
            .entity("A")
            .entity("C", "A", "A", 50, control="sole")
            .entity("C", "A", "G", 50, control="joint", operator="A"),
            Finding(
                "organization-control-conflict",
                "error",
                at(4, "control"),
                {"node": "C", "owners": "A, G", "begin": ""},
            ),
        ),
        (
            Company().group().entity("A").entity("C", "A", "A", None).entity("C", "A", "G", 50),
            Finding(
                "organization-share-missing",
                "error",
                at(4, "ownership_pct"),
                {"node": "C", "owner": "A"},
            ),
        ),
        (
            Company().group().entity("A", owner="", pct=50),
            Finding("organization-owner-missing", "error", at(3, "owner"), {"node": "A"}),
        ),
        (
            Company().group().entity("A").entity("C", "", "A", 60).entity("C", "", "G", 40),
            Finding(
                "organization-parent-missing",
                "error",
                at(4, "parent"),
                {"node": "C", "owners": "A, G"},
            ),
        ),
        (
            Company().group().entity("A", to="2022-01-01").site("S", "A", **{"from": "2023-01-01"}),
            Finding(
                "organization-parent-absent",
                "error",
                at(4, "parent"),
                {"node": "S", "parent": "A"},
            ),
        ),
        (
            Company().group().entity("A", owner="", pct=None),
            Finding(
                "organization-share-assumed",
                "question",
                at(3, "ownership_pct"),
                {"node": "A", "owner": "G"},
            ),
        ),
        (
            Company().group().entity("A", pct=50, control="joint"),
            Finding("organization-operator-missing", "question", at(3, "operator"), {"node": "A"}),
        ),
        (
            Company().group().entity("A", operator="Partner"),
            Finding(
                "organization-operator-outside",
                "question",
                at(3, "operator"),
                {"node": "A", "operator": "Partner"},
            ),
        ),
        (
            Company().group().entity("A").entity("C", "A", "A", 40).entity("C", "A", "G", 40),
            Finding(
                "organization-control-unclear",
                "question",
                at(4, "control"),
                {"node": "C", "total": "80 %"},
            ),
        ),
        (
            Company().group().site("S", "G", **{"from": "2023-01-01"}),
            Finding("organization-opened-missing", "question", at(3, "opened"), {"node": "S"}),
        ),
    ],
    ids=lambda value: value.code if isinstance(value, Finding) else "",
)
def test_what_is_wrong_is_told_with_its_row_and_column(company, expected):
    assert expected in company.findings()


def test_a_cross_holding_is_told_once_with_its_loop_and_first_day_and_never_calculated():
    company = (
        Company()
        .group()
        .entity("A", "G", "G", 60)
        .entity("B", "G", "A", 60)
        .entity("A", "G", "B", 10, **{"from": "2023-05-01"})
    )
    loops = [f for f in company.findings() if f.code == "organization-ownership-loop"]
    assert [(f.severity, dict(f.fields)) for f in loops] == [
        ("error", {"loop": "A → B → A", "day": "2023-05-01"})
    ]
    organization, _ = Organization.from_rows(company.rows)
    assert organization.equity("G", date(2023, 4, 30))["B"] * 100 == 36
    with pytest.raises(BadInput) as raised:
        organization.equity("G", date(2023, 5, 1))
    assert "A" in str(raised.value.findings[0].fields["loop"])


def test_owners_that_change_places_over_time_are_no_loop():
    company = (
        Company()
        .group()
        .entity("A", to="2023-01-01")
        .entity("B", "A", "A", to="2023-01-01")
        .entity("B", **{"from": "2023-01-01"})
        .entity("A", "B", "B", **{"from": "2023-01-01"})
    )
    assert company.findings() == []


def test_a_loop_of_the_management_tree_is_told_with_its_members():
    company = Company().group().department("A", "B").department("B", "C").department("C", "A")
    loops = [f for f in company.findings() if f.code.endswith("loop")]
    assert [(f.code, f.fields["loop"]) for f in loops] == [
        ("organization-tree-loop", "A → C → B → A")
    ]


def test_everything_wrong_is_told_at_once():
    company = Company().group().entity("E", "X", "Y").site("S", "").site("T", "Z")
    assert len([f for f in company.findings() if f.severity == "error"]) == 4


def test_the_order_of_rows_does_not_change_the_organization():
    company = Company().group().entity("A", pct=83).entity("B", "A", "A", 50).site("S", "B")
    forward, _ = Organization.from_rows(company.rows)
    backward, _ = Organization.from_rows(company.rows[::-1])
    assert forward.nodes == backward.nodes
    day = date(2023, 1, 1)
    assert forward.equity("G", day) == backward.equity("G", day)


def test_rows_that_were_not_validated_are_refused():
    with pytest.raises(TypeError, match="validate"):
        Organization.from_rows([{"code": "G", "kind": "group", "from": "2023-01-01"}])
    with pytest.raises(TypeError, match="validate"):
        Organization.from_rows([{"code": "G", "kind": "group", "ownership_pct": "50"}])


def test_decimals_are_read_exactly():
    company = Company().group().entity("A", pct=Decimal("33.333333333333333333"))
    share = company.build().equity("G", date(2023, 1, 1))["A"]
    assert str(share * 100 * 10**18) == "33333333333333333333"


def test_the_place_of_a_node_is_its_own_or_that_of_the_nearest_above():
    organization = (
        Company()
        .group(country="CN")
        .entity("E", country="CN", place="CN-GD")
        .site("S", "E")
        .site("T", "E", country="HK")
        .build()
    )
    day = date(2023, 1, 1)
    assert [organization.place(code, day) for code in ("G", "S", "T")] == ["CN", "CN-GD", "HK"]
    assert organization.country("S", day) == "CN"


@pytest.mark.parametrize("table", ["organization", "metrics", "allocations", "profiles"])
def test_every_table_has_a_schema_that_loads(table):
    assert load_schema("organization", table) is not None


def test_every_finding_of_the_room_has_its_text_in_both_languages():
    source = "".join(path.read_text(encoding="utf-8") for path in ROOM.rglob("*.py"))
    prefixes = "organization|period|node|standing|metric|profile|allocation"
    used = set(re.findall(rf'"((?:{prefixes})(?:-[a-z]+)+)"', source))
    assert used == {message["code"].partition("@")[0] for message in MESSAGES}
    assert len(MESSAGES) == len({message["code"] for message in MESSAGES})


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message["code"])
def test_a_text_names_the_same_fields_in_both_languages(message):
    fields = [set(re.findall(r"\{(\w+)\}", message[lang])) for lang in ("en", "zh")]
    assert fields[0] == fields[1]
    assert all(message[lang].strip() for lang in ("en", "zh"))
