"""New parts of the organization: added where they stand, whole or not at all."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from test_access import call, everything

from linyin.lake import BadInput

FACTORY = {
    "code": "A2", "kind": "site", "name_en": "Second works", "name_zh": "二厂",
    "country": "CN", "place": "CN-GD", "begin": "2024-01-01",
}  # fmt: skip


def standing(code):
    from linyin.organization.web.models import Standing

    found = Standing.objects.filter(node__code=code)
    return [(s.parent.code if s.parent else None, s.begin, s.end) for s in found]


def codes(refused):
    return [(finding.code, finding.at.column) for finding in refused.value.findings]


def test_a_node_is_added_on_its_page_and_seen_by_those_above_it(company):
    from linyin.organization.web.models import Node
    from linyin.platform.audit import verify
    from linyin.platform.models import AuditEvent

    client = company.client("carbon_office", "A")
    shown = client.get("/inventory/nodes/new/?node=A")
    parent = company.nodes["A"].pk
    made = client.post("/inventory/nodes/new/", FACTORY | {"parent": parent})

    assert shown.status_code == 200
    assert f'<option value="{parent}" selected>' in shown.content.decode()
    assert made.status_code == 302, made.content.decode()
    assert client.get(made["Location"]).status_code == 200
    assert standing("A2") == [("A", date(2024, 1, 1), None)]
    assert Node.objects.get(code="A2").name_zh == "二厂"
    assert company.client("reader", "A").get(made["Location"]).status_code == 200
    assert company.client("reader", "B").get(made["Location"]).status_code == 404
    told = AuditEvent.objects.order_by("pk").values_list("action", "node")
    assert list(told)[-2:] == [
        ("organization.create_standings", "A2"), ("organization.add_node", ""),
    ]  # fmt: skip
    assert list(verify()) == []


def test_the_api_adds_a_node_and_answers_with_it(company):
    client = company.client("carbon_office", "A")

    made = call(client, "post", "nodes", FACTORY | {"parent": "A"})

    assert (made.status_code, made.json()["code"]) == (201, "A2")
    assert client.get(made["Location"]).json() == made.json()
    assert standing("A2") == [("A", date(2024, 1, 1), None)]


@pytest.mark.parametrize("parent", ["B", "G", "", None, "NOWHERE"])
def test_a_node_is_not_added_out_of_reach(company, parent):
    client = company.client("carbon_office", "A")
    before = everything()

    pk = company.nodes[parent].pk if parent in company.nodes else ""
    on_page = client.post("/inventory/nodes/new/", FACTORY | {"parent": pk})
    by_api = call(client, "post", "nodes", FACTORY | {"parent": parent})

    assert (on_page.status_code, by_api.status_code) == (422, 422)
    assert [one["where"]["column"] for one in by_api.json()["findings"]] == ["parent"]
    assert everything() == before
    from linyin.organization.web.actions import add_node
    from linyin.organization.web.models import Node

    above = Node.objects.filter(code=parent).first()
    with pytest.raises(PermissionDenied if above else BadInput):
        add_node(
            company.actor("carbon_office", "A"),
            values={"code": "A2", "kind": "site", "parent": above},
        )
    assert everything() == before


def test_nobody_adds_a_root_that_nobody_would_see(company):
    from linyin.organization.web.actions import add_node

    office, client = company.actor("carbon_office"), company.client("administrator")
    before = everything()
    refused = call(client, "post", "nodes", {"code": "H", "kind": "group"})

    with pytest.raises(BadInput) as by_python:
        add_node(office, values={"code": "H", "kind": "group"})

    assert (refused.status_code, refused.json()["where"]) == (422, "parent")
    assert codes(by_python) == [("node-without-place", "")]
    assert everything() == before


@pytest.mark.parametrize(
    ("changed", "column", "text"),
    [
        ({"code": "A1"}, "code", ""),
        ({"code": "A/2"}, "code", "A/2"),
        ({"kind": ""}, "kind", ""),
        ({"opened": "2024-05-01", "closed": "2024-01-01"}, "closed", "2024-05-01"),
        ({"begin": "2024-05-01", "end": "2024-05-01"}, "end", "2024-05-01"),
        ({"ownership_pct": "120", "owner": "A"}, "ownership_pct", "120"),
        ({"owner": "A1"}, "owner", "only a group or an entity owns"),
    ],
)
def test_what_does_not_hold_together_is_told_at_its_field(company, changed, column, text):
    client = company.client("carbon_office")
    before = everything()

    refused = call(client, "post", "nodes", FACTORY | {"parent": "A"} | changed)

    assert refused.status_code == 422, refused.content
    found = [one for one in refused.json()["findings"] if one["where"]["column"] == column]
    assert len(found) == 1
    assert text.casefold() in found[0]["detail"].casefold()
    stated = FACTORY | {"parent": "A"} | changed
    named = {n: company.nodes[stated[n]].pk for n in ("parent", "owner") if n in stated}
    page = client.post("/inventory/nodes/new/", stated | named)
    forms = (page.context["node"], page.context["standing"])
    (told,) = next(form.errors[column] for form in forms if column in form.errors)
    assert page.status_code == 422
    assert not told.startswith("column"), "it stands beside the field"
    assert everything() == before


def test_a_standing_changes_the_tree_only_within_reach(company):
    """Without a parent it would make a root, and reach on a root is reach on everything."""
    own = company.nodes["A"].standings.get()
    client = company.client("carbon_office", "A")
    before = everything()

    for parent in (None, "B"):
        asked = {"version": own.version, "parent": parent}
        refused = call(client, "patch", f"standings/{own.pk}", asked, dry_run="true")
        assert refused.status_code in (403, 422), parent
    added = call(client, "post", "standings", {"node": "A1", "parent": None}, dry_run="true")

    assert added.status_code == 403
    assert everything() == before
    kept = call(
        client, "patch", f"standings/{own.pk}", {"version": own.version, "operator": "A"},
        dry_run="true",
    )  # fmt: skip
    assert kept.status_code == 200, "what is above stays: a part is changed by who reaches it"


def test_a_standing_does_not_leave_its_node_alone_nor_go_below_what_is_out_of_reach(company):
    """A's own standing, given to A1, would leave A nowhere and A1 below G."""
    from linyin.organization.web.resources import standings

    of_part, of_all = company.actor("carbon_office", "A"), company.actor("carbon_office")
    own = company.nodes["A"].standings.get()
    change = {"node": company.nodes["A1"], "begin": date(2030, 1, 1)}
    before = everything()

    with pytest.raises(PermissionDenied):
        standings.update(of_part, own, values=change, version=own.version)
    own.refresh_from_db()
    with pytest.raises(BadInput) as refused:
        standings.update(of_all, own, values=change, version=own.version)

    assert "standing-last" in [code for code, _ in codes(refused)]
    assert everything() == before
    assert standing("A") == [("G", None, None)]


@pytest.mark.parametrize("parent", ["A1", "A"])
def test_a_standing_makes_no_loop(company, parent):
    from linyin.organization.web.resources import standings

    own = company.nodes["A"].standings.get()
    with pytest.raises(BadInput) as refused:
        standings.update(
            company.actor("carbon_office"), own,
            values={"parent": company.nodes[parent]}, version=own.version,
        )  # fmt: skip
    assert "organization-tree-loop" in [code for code, _ in codes(refused)]


def test_the_last_standing_of_a_node_stays(company):
    own = company.nodes["A1"].standings.get()
    client = company.client("carbon_office")

    page = client.post(f"/inventory/standings/{own.pk}/delete/", {"version": own.version})
    seen = page.context["preview"].digest
    refused = client.post(
        f"/inventory/standings/{own.pk}/delete/", {"version": own.version, "seen": seen}
    )

    assert refused.status_code == 409
    assert "Node A1 would stand nowhere" in refused.content.decode()
    assert company.nodes["A1"].standings.exists()


def test_a_code_stays_and_files_change_but_do_not_add(company):
    from linyin.organization.web.resources import nodes

    office = company.actor("carbon_office")
    node = company.nodes["A1"]
    with pytest.raises(BadInput) as renamed:
        nodes.update(office, node, values={"code": "A9"}, version=node.version)
    with pytest.raises(BadInput) as added:
        nodes.create(office, values={"code": "A9", "kind": "site"})

    assert codes(renamed) == [("node-code-stays", "code")]
    assert codes(added) == [("node-without-place", "code")]


def test_what_was_wrong_before_does_not_stop_a_change(company):
    """Records of another time may hold errors that a run tells; others are mended meanwhile."""
    from linyin.organization.web.models import Standing
    from linyin.organization.web.resources import standings

    Standing.objects.create(node=company.nodes["B1"], parent=company.nodes["A"])
    own = company.nodes["A1"].standings.get()

    standings.update(
        company.actor("carbon_office"), own, values={"place": "CN-GD"}, version=own.version
    )

    assert company.nodes["A1"].standings.get().place == "CN-GD"
