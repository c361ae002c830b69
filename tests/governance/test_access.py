"""Why somebody sees something, and who gains and loses sight before the tree changes."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.utils.timezone import localdate

from linyin.lake import BadInput

pytestmark = pytest.mark.django_db(transaction=True)
SEEN = re.compile(r'name="seen" value="([0-9a-f]{64})"')


def ask(client, **asked):
    return client.get("/home/access/", asked)


def move_page(company, node="A1"):
    return f"/inventory/nodes/{company.nodes[node].pk}/do/organization.move_node/"


def standing(company, node):
    return [
        (s.parent.code if s.parent else "", s.begin, s.end)
        for s in company.nodes[node].standings.order_by(F("begin").asc(nulls_first=True))
    ]


def everything():
    from linyin.organization.web.models import Standing
    from linyin.platform.models import AuditEvent, Grant

    return list(Standing.objects.values()), list(Grant.objects.values()), AuditEvent.objects.count()


def test_reasons_are_the_grants_that_reach_a_node_with_their_way(company):
    from linyin.platform.access import reasons_for
    from linyin.platform.models import Grant
    from linyin.platform.tree import Tree

    person = company.actor("reader", "G").person
    Grant.objects.create(person=person, role="data_owner", node=company.nodes["A"])
    Grant.objects.create(person=person, role="committee", node=company.nodes["A"], subtree=False)

    def told(node, permission=""):
        return [(r.grant.role, list(r.path)) for r in reasons_for(person, node, Tree(), permission)]

    assert told("A1") == [("data_owner", ["A", "A1"]), ("reader", ["G", "A", "A1"])]
    assert told("A") == [("committee", ["A"]), ("data_owner", ["A"]), ("reader", ["G", "A"])]
    assert told("A1", "activities.edit") == [("data_owner", ["A", "A1"])]
    assert told("B1") == [("reader", ["G", "B", "B1"])]
    person.is_active = False
    assert told("A1") == []


@pytest.mark.parametrize("role", ["reader", "data_owner", "entity_manager", "verifier"])
def test_reasons_agree_with_what_the_person_reaches(company, role):
    from linyin.platform.access import reasons_for
    from linyin.platform.roles import permissions
    from linyin.platform.tree import Tree

    actor, tree = company.actor(role, "A"), Tree()
    for node in company.nodes:
        for permission in permissions():
            by_grants = bool(reasons_for(actor.person, node, tree, permission))
            assert by_grants == actor.may(permission, node), (node, permission)


def test_the_page_tells_why_and_why_not(company):
    reader = company.actor("reader", "A").person
    admin = company.client("administrator")

    sees = ask(admin, person=reader.pk, at="A1")
    blind = ask(admin, person=reader.pk, at="B1")
    page = sees.content.decode()

    assert sees.status_code == blind.status_code == 200
    assert "Node A › Node A1" in page
    assert "does not see this" in blind.content.decode()


def test_the_page_tells_of_a_record_by_its_address(company):
    reader, owner = company.actor("reader", "A").person, company.actor("data_owner", "A").person
    admin = company.client("administrator")
    address = f"http://localhost/strategy/bodies/{company.team.pk}/"

    sees = ask(admin, person=reader.pk, record=address).content.decode()
    # A data owner reaches the node, but their role holds nothing about governance.
    blind = ask(admin, person=owner.pk, record=address).content.decode()

    assert "see governance" in sees
    assert "None of the person" in blind
    assert ask(admin, person=reader.pk, record="/nowhere/").status_code == 422
    assert ask(admin, person=reader.pk).status_code == 422


def test_an_administrator_of_a_part_learns_nothing_of_the_rest(company):
    admin = company.client("administrator", "A")
    reader = company.actor("reader", "G").person
    board = f"/strategy/bodies/{company.board.pk}/"

    inside = ask(admin, person=reader.pk, at="A1").content.decode()
    assert ask(admin, person=reader.pk, at="B1").status_code == 422
    assert ask(admin, person=reader.pk, record=board).status_code == 422
    assert "above your reach › Node A › Node A1" in inside
    assert "Node G" not in inside


@pytest.mark.parametrize("role", ["carbon_office", "reader", "verifier"])
def test_who_does_not_see_people_is_refused(company, role):
    assert ask(company.client(role)).status_code == 403


def test_nobody_is_sent_to_sign_in(company, client):
    assert client.get("/home/access/", HTTP_HOST="localhost").status_code == 302
    assert client.get(move_page(company), HTTP_HOST="localhost").status_code == 302


def test_a_move_shows_who_gains_and_loses_before_it_is_made(company):
    company.actor("reader", "A")
    company.actor("reader", "B")
    client = company.client("carbon_office")
    form = {"parent": company.nodes["B"].pk, "begin": localdate().isoformat(), "reason": "sold"}
    before = everything()

    shown = client.post(move_page(company), form)
    page = shown.content.decode()

    assert shown.status_code == 200
    assert everything() == before
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.S)
    told = {("reader A" in row, "gains" in row) for row in rows if "Node A1" in row}
    assert told == {(True, False), (False, True)}
    # The reader of the whole group keeps what they have and is not named.
    assert "carbon_office" not in page.partition("<form")[2]

    made = client.post(move_page(company), {**form, "seen": SEEN.search(page)[1]})

    assert made.status_code == 302
    assert standing(company, "A1") == [("A", None, localdate()), ("B", localdate(), None)]
    assert company.actor("reader", "B").may("organization.view", "A1")
    assert not company.actor("reader", "A").may("organization.view", "A1")


def test_what_was_seen_must_be_what_happens(company):
    from linyin.platform.models import Grant

    client = company.client("carbon_office")
    company.actor("reader", "A")
    form = {"parent": company.nodes["B"].pk, "begin": localdate().isoformat()}
    page = client.post(move_page(company), form).content.decode()
    other = company.actor("verifier", "B").person
    Grant.objects.create(person=other, role="reader", node=company.nodes["B"])
    before = everything()

    again = client.post(move_page(company), {**form, "seen": SEEN.search(page)[1]})

    assert again.status_code == 200
    assert other.name in again.content.decode()
    assert everything() == before


def test_a_move_takes_what_is_below_and_keeps_the_rest_of_the_standing(company):
    from linyin.organization.web.actions import move_node
    from linyin.platform.audit import verify
    from linyin.platform.models import AuditEvent
    from linyin.platform.sight import changes_of_sight

    office = company.actor("carbon_office")
    company.actor("reader", "B")
    day = localdate() + timedelta(days=30)
    from linyin.organization.web.actions import moved

    changes = changes_of_sight(lambda: moved(company.nodes["A"], company.nodes["B"], day), day)
    move_node(office, company.nodes["A"], parent=company.nodes["B"], begin=day, reason="merger")

    assert [(c.person, c.gains, c.nodes) for c in changes] == [("reader B", True, ("A", "A1"))]
    assert standing(company, "A") == [("G", None, day), ("B", day, None)]
    assert {s.country for s in company.nodes["A"].standings.all()} == {"CN"}
    assert not company.actor("reader", "B").may("organization.view", "A")  # not before the day
    actions = sorted(AuditEvent.objects.values_list("action", flat=True))
    assert actions == [
        "organization.create_standings", "organization.move_node",
        "organization.update_standings",
    ]  # fmt: skip
    assert AuditEvent.objects.get(action="organization.move_node").reason == "merger"
    assert list(verify()) == []


@pytest.mark.parametrize(
    ("node", "parent", "begin", "code"),
    [
        ("A", "A1", None, "node-under-itself"),
        ("A", "A", None, "node-under-itself"),
        ("A1", "A", None, "node-stands-there"),
        ("B1", "A", date(2019, 1, 1), "node-stands-nowhere"),
        ("B1", "A", date(2021, 1, 1), "node-moves-later"),
    ],
)
def test_a_move_that_makes_no_sense_is_refused(company, node, parent, begin, code):
    from linyin.organization.web.actions import move_node
    from linyin.organization.web.models import Standing

    first = company.nodes["B1"].standings.get()
    first.begin, first.end = date(2020, 1, 1), date(2022, 1, 1)
    first.save()
    Standing.objects.create(
        node=company.nodes["B1"], parent=company.nodes["B"], begin=date(2022, 1, 1)
    )
    before = everything()

    with pytest.raises(BadInput) as refused:
        move_node(company.actor("carbon_office"), company.nodes[node],
                  parent=company.nodes[parent], begin=begin or localdate())  # fmt: skip

    assert [finding.code for finding in refused.value.findings] == [code]
    assert everything()[0] == before[0]


def test_who_may_not_change_either_place_moves_nothing(company):
    from linyin.organization.web.actions import move_node

    company.actor("carbon_office", "A")
    company.actor("reader", "A")
    before = everything()
    form = {"parent": company.nodes["B"].pk, "begin": localdate().isoformat()}

    for actor in (company.actor("carbon_office", "A"), company.actor("reader", "A")):
        with pytest.raises(PermissionDenied):
            move_node(actor, company.nodes["A1"], parent=company.nodes["B"], begin=localdate())
    assert company.client("reader", "A").post(move_page(company), form).status_code == 403
    assert company.client("carbon_office", "A").post(move_page(company), form).status_code == 422
    assert company.client("carbon_office", "A").get(move_page(company, "B1")).status_code == 404
    assert everything() == before


def test_a_changed_standing_and_a_new_grant_show_the_same(company):
    from linyin.platform.models import Grant

    reader = company.actor("reader", "A").person
    office, admin = company.client("carbon_office"), company.client("administrator")
    own = company.nodes["A1"].standings.get()
    edit = f"/inventory/standings/{own.pk}/edit/"
    form = {"node": own.node_id, "parent": company.nodes["B"].pk, "country": "CN", "version": "1"}
    grant = {"person": reader.pk, "role": "reader", "node": company.nodes["B"].pk, "subtree": "on"}
    before = everything()

    shown = office.post(edit, form).content.decode()
    assert "loses" in shown
    assert "gains" in admin.post("/home/grants/new/", grant).content.decode()
    assert everything() == before

    office.post(edit, {**form, "seen": SEEN.search(shown)[1]})
    granted = admin.post("/home/grants/new/", grant).content.decode()
    admin.post("/home/grants/new/", {**grant, "seen": SEEN.search(granted)[1]})
    assert standing(company, "A1") == [("B", None, None)]
    made = Grant.objects.get(person=reader, node=company.nodes["B"])

    gone = f"/home/grants/{made.pk}/delete/"
    looked = admin.post(gone, {"reason": "", "version": made.version}).content.decode()
    assert "loses" in looked
    assert Grant.objects.filter(pk=made.pk).exists()
    admin.post(gone, {"reason": "left", "version": made.version, "seen": SEEN.search(looked)[1]})
    assert not Grant.objects.filter(pk=made.pk).exists()


def test_a_change_that_nobody_sees_is_saved_at_once(company):
    office = company.client("carbon_office")
    own = company.nodes["A1"].standings.get()
    form = {"node": own.node_id, "parent": company.nodes["A"].pk, "country": "CN", "place": "CN-GD",
            "version": "1"}  # fmt: skip

    assert office.post(f"/inventory/standings/{own.pk}/edit/", form).status_code == 302


def call(client, method, path, stated=None, **asked):
    from urllib.parse import urlencode

    query = f"?{urlencode(asked)}" if asked else ""
    return getattr(client, method)(
        f"/api/v1/{path}{query}", stated or {}, content_type="application/json"
    )


def test_the_api_tells_who_gains_and_loses_and_moves_once_that_was_seen(company):
    client = company.client("carbon_office")
    company.actor("reader", "A")
    path = f"nodes/{company.nodes['A1'].pk}/move_node"
    stated = {"parent": "B", "begin": localdate().isoformat(), "reason": "sold"}
    before = everything()

    told = call(client, "post", path, stated, dry_run="true")
    unseen = call(client, "post", path, stated)

    change = {"person": "reader A", "role": "reader", "gains": False, "nodes": ["A1"]}
    assert (told.status_code, told.json()["changes"]) == (200, [change])
    assert (unseen.status_code, unseen.json()["code"]) == (409, "preview-needed")
    assert unseen.json()["preview"] == told.json()
    assert everything() == before

    moved = call(client, "post", path, stated, seen=told.json()["digest"])

    assert (moved.status_code, moved.json()["code"]) == (200, "A1")
    assert standing(company, "A1")[-1] == ("B", localdate(), None)


def test_a_move_by_the_api_is_seen_also_where_nobody_gains_or_loses(company):
    client = company.client("carbon_office")
    path = f"nodes/{company.nodes['A1'].pk}/move_node"
    stated = {"parent": "B", "begin": localdate().isoformat()}

    unseen = call(client, "post", path, stated)

    assert (unseen.status_code, unseen.json()["preview"]["changes"]) == (409, [])
    seen = unseen.json()["preview"]["digest"]
    assert call(client, "post", path, stated, seen=seen).status_code == 200


def test_what_was_seen_by_the_api_must_be_what_happens(company):
    client = company.client("carbon_office")
    path = f"nodes/{company.nodes['A1'].pk}/move_node"
    stated = {"parent": "B", "begin": localdate().isoformat()}
    seen = call(client, "post", path, stated, dry_run="true").json()["digest"]
    company.actor("reader", "B")
    before = everything()

    late = call(client, "post", path, stated, seen=seen)

    assert (late.status_code, late.json()["code"]) == (409, "preview-changed")
    assert [c["person"] for c in late.json()["preview"]["changes"]] == ["reader B"]
    assert everything() == before


def test_standings_and_grants_by_the_api_are_seen_before_they_are_kept(company):
    from linyin.organization.web.models import Standing

    office, admin = company.client("carbon_office"), company.client("administrator")
    reader = company.actor("reader", "A").person
    own, day = company.nodes["A1"].standings.get(), date(2020, 1, 1)
    Standing.objects.filter(pk=own.pk).update(begin=day)
    Standing.objects.create(node=own.node, parent=company.nodes["A"], end=day)
    moved = {"version": 1, "parent": "B"}
    grant = {"person": str(reader.pk), "role": "reader", "node": "B", "subtree": True}
    asked = [
        (office, "patch", f"standings/{own.pk}", moved, 200, {reader.name}),
        (office, "delete", f"standings/{own.pk}", {"version": 2}, 204, {reader.name}),
        (admin, "post", "grants", grant, 201, {reader.name}),
        (admin, "delete", f"grants/{reader.grants.get().pk}", {"version": 1}, 204, {reader.name}),
    ]
    for client, method, path, stated, done, people in asked:
        before = everything()
        version = stated if method == "delete" else {}
        unseen = call(client, method, path, stated, **version)
        told = call(client, method, path, stated, dry_run="true", **version)
        assert (unseen.status_code, unseen.json()["code"]) == (409, "preview-needed"), path
        assert unseen.json()["preview"] == told.json()
        assert {c["person"] for c in told.json()["changes"]} == people
        assert everything() == before
        kept = call(client, method, path, stated, seen=told.json()["digest"], **version)
        assert kept.status_code == done, kept.content
        assert everything() != before


def test_a_change_that_moves_nothing_needs_no_look(company):
    client, own = company.client("carbon_office"), company.nodes["A1"].standings.get()

    same = call(client, "patch", f"standings/{own.pk}", {"version": 1, "place": "CN-BJ"})
    stale = call(client, "patch", f"standings/{own.pk}", {"version": 1, "parent": "B"})

    assert same.status_code == 200
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")


def test_who_may_not_move_learns_nothing_by_a_dry_run(company):
    company.actor("reader", "B")
    path = f"nodes/{company.nodes['A1'].pk}/move_node"
    outside = f"nodes/{company.nodes['B1'].pk}/move_node"
    stated = {"parent": "B", "begin": localdate().isoformat()}
    reader, office = company.client("reader", "A"), company.client("carbon_office", "A")
    before = everything()

    answers = [
        call(reader, "post", path, stated, dry_run="true"),
        call(office, "post", path, stated, dry_run="true"),
        call(office, "post", outside, stated, dry_run="true"),
    ]

    assert [a.status_code for a in answers] == [403, 422, 404]
    assert not any("reader B" in a.content.decode() for a in answers)
    assert everything() == before
