"""A verifier reads their engagement; nothing else exists, and a denial changes nothing."""

import pytest
from django.urls import get_resolver
from engaged import somebody

pytestmark = pytest.mark.django_db(transaction=True)

FORMS = ("draw", "raise", "state", "change")


def stored():
    """Count everything that is stored, and say where the audit trail ends."""
    from django.apps import apps

    from linyin.platform.models import AuditEvent

    counts = {
        m._meta.label: m._default_manager.count()
        for m in apps.get_models()
        if m._meta.label != "sessions.Session"
    }
    last = AuditEvent.objects.order_by("-number").first()
    return counts, last and last.hash


@pytest.fixture
def drawn(house):
    """Both verifiers have drawn, found and stated; returns the papers by name and firm."""
    from linyin.inventory.web.verification.actions import raise_matter, state_opinion, tick_item
    from linyin.inventory.web.verification.draws import draw_sample

    papers = {}
    for entity, person, engagement in (
        ("A", house.anna, house.engagement),
        ("B", house.ben, house.other),
    ):
        run, actor = house.lock(house.runs[entity, 2023]), house.actor(person)
        sample = draw_sample(actor, engagement, run=run, method="pps", seed="1", size=2)
        for item in sample.items.all():
            tick_item(actor, item, version=item.version, verdict="verified")
        finding = raise_matter(
            actor, engagement, run=run, kind="clarification", severity="minor", text="?"
        )
        opinion = state_opinion(actor, engagement, run=run, kind="unmodified", text="Fine.")
        papers[entity] = {
            "engagements": engagement, "samples": sample, "sample-items": sample.items.first(),
            "verification-findings": finding, "opinions": opinion, "runs": run,
        }  # fmt: skip
    return papers


def addresses(papers):
    """Return what a verifier reads of an engagement."""
    found = [f"/inventory/{name}/{record.pk}/" for name, record in papers.items()]
    engagement, run = papers["engagements"].pk, papers["runs"].pk
    found += [f"/inventory/engagements/{engagement}/{form}/" for form in FORMS[:3]]
    found += [
        f"/inventory/runs/{run}/{tab}/"
        for tab in ("findings", "entries", "factors", "compare", "approvals", "report")
    ]
    return found


def test_their_own_engagement_is_open_and_another_firms_is_not_there(house, drawn):
    client = house.client(house.anna)
    before = stored()
    for own, foreign in zip(addresses(drawn["A"]), addresses(drawn["B"]), strict=True):
        assert client.get(own).status_code == 200, own
        assert client.get(foreign).status_code == 404, foreign
    for form in FORMS[:3]:
        assert client.post(f"/inventory/engagements/{house.other.pk}/{form}/").status_code == 404
    foreign = drawn["B"]["sample-items"].pk
    answer = client.post(f"/inventory/sample-items/{foreign}/", {"verdict": "verified"})
    assert answer.status_code == 404
    assert stored() == before


def test_another_year_of_the_same_entity_is_not_there(house):
    client = house.client(house.anna)
    run = house.runs["A", 2022].pk
    for path in ("", "entries/", "factors/", "report/", "report/en.pdf", "compare/"):
        assert client.get(f"/inventory/runs/{run}/{path}").status_code == 404
    page = client.get("/inventory/runs/").content.decode()
    others = (run for key, run in house.runs.items() if key != ("A", 2023))
    assert f"/inventory/runs/{house.run.pk}/" in page
    assert all(f"/inventory/runs/{run.pk}/" not in page for run in others)
    assert all(run.name not in page for run in house.runs.values())


def test_no_list_of_any_room_is_theirs_but_those_of_the_verification(house):
    from linyin.platform.resources import RESOURCES

    client = house.client(house.anna)
    open_ = {n for n in RESOURCES if client.get(f"/{RESOURCES[n].section}/{n}/").status_code == 200}

    assert open_ == {
        "documents", "engagements", "opinions", "run-findings", "runs", "sample-items", "samples",
        "tokens", "verification-findings",
    }  # fmt: skip
    for page in ("", "entry/", "runs/new/", "imports/new/", "engagements/new/"):
        path = f"/inventory/{page}"
        assert client.get(path).status_code == 403, path


def test_they_reach_no_node(house):
    from linyin.platform.roles import permissions

    anna = house.actor(house.anna)
    assert not anna.reach
    assert not any(anna.nodes(permission) for permission in permissions())
    assert anna.may("inventory.view")
    assert not anna.may("inventory.view", "A")


def test_evidence_of_their_run_opens_and_no_other(house):
    from linyin.platform.models import Document

    client = house.client(house.anna)
    opened = {
        document.name
        for document in Document.objects.all()
        if client.get(f"/home/documents/{document.sha256}").status_code == 200
    }

    assert Document.objects.count() == 4
    assert opened == {"bill-A1-2023.pdf"}


def test_without_a_grant_an_engagement_opens_nothing(house):
    from linyin.platform.models import Grant

    client = house.client(house.anna)
    url = f"/inventory/engagements/{house.engagement.pk}/"
    assert client.get(url).status_code == 200

    Grant.objects.filter(person=house.anna).delete()

    assert client.get(url).status_code == 404
    assert client.get("/inventory/engagements/").status_code == 403


def test_a_grant_beside_the_engagement_opens_nothing(house):
    from linyin.organization.web.models import Node
    from linyin.platform.models import Grant

    Grant.objects.filter(person=house.anna).update(node=Node.objects.get(code="B"))

    client = house.client(house.anna)
    assert client.get(f"/inventory/engagements/{house.engagement.pk}/").status_code == 404
    assert client.get(f"/inventory/runs/{house.run.pk}/").status_code == 404


def test_a_verifier_sees_at_home_how_much_of_each_run_is_drawn(house, drawn):
    home = house.client(house.anna).get("/").content.decode()

    assert 'id="chart-coverage-option"' in home


def test_nothing_is_seen_once_the_engagement_has_ended(house, drawn):
    from linyin.inventory.web.verification.actions import close_engagement

    close_engagement(house.actor(house.office), house.engagement, comment="done")

    client = house.client(house.anna)
    for path in addresses(drawn["A"]):
        assert client.get(path).status_code == 404, path
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("role", ["reader", "committee", "entity_manager", "data_owner"])
def test_other_roles_of_the_house_have_no_part_in_it(house, drawn, role):
    from linyin.organization.web.models import Node

    person = somebody(role, role, Node.objects.get(code="G"))
    client, papers = house.client(person), drawn["A"]
    before = stored()

    for name, record in papers.items():
        if name != "runs":
            assert client.get(f"/inventory/{name}/{record.pk}/").status_code in (403, 404)
            assert client.get(f"/inventory/{name}/").status_code == 403
    for form in FORMS:
        path = f"/inventory/engagements/{papers['engagements'].pk}/{form}/"
        assert client.post(path).status_code in (403, 404)
    assert stored() == before


def test_who_is_not_signed_in_is_asked_to(house, drawn, client):
    for path in addresses(drawn["A"]):
        answer = client.get(path, headers={"host": "localhost"})
        assert answer.status_code == 302
        assert answer.url.startswith("/account/login/")


def test_every_page_of_the_verification_is_among_these_cases(drawn):
    routes = {
        p.name
        for p in get_resolver().url_patterns
        if getattr(p, "name", None)
        and p.callback.__module__.startswith("linyin.inventory.web.verification")
    }
    seen = set()
    for path in [*addresses(drawn["A"]), "/inventory/engagements/", "/inventory/engagements/new/",
                 f"/inventory/engagements/{drawn['A']['engagements'].pk}/change/"]:  # fmt: skip
        seen.add(get_resolver().resolve(path).url_name)
    assert routes <= seen


def test_why_a_verifier_sees_what_is_shared_with_them_is_told(house, drawn):
    from linyin.organization.web.models import Node
    from linyin.platform.models import Grant, Person

    admin = Person.objects.create_user("root@house.example", name="Root", is_demo=True)
    Grant.objects.create(
        person=admin, role="administrator", node=Node.objects.get(code="G"), subtree=True
    )
    client = house.client(admin)

    def asked(record):
        page = client.get("/home/access/", {"person": house.anna.pk, "record": record})
        return page.context["verdict"]

    own = asked(f"/inventory/runs/{house.run.pk}/")
    foreign = asked(f"/inventory/runs/{house.runs['B', 2023].pk}/")

    assert (own.tone, foreign.tone) == ("good", "warning")
    assert str(house.run) in own.title
