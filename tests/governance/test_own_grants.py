"""Nobody gives themselves a role where somebody else could."""

import pytest
from test_access import call, everything

from linyin.lake import BadInput


def grants():
    from linyin.platform.administration import grants

    return grants


def stated(person, company, role="carbon_office", node="G"):
    return {"person": person, "role": role, "node": company.nodes[node], "subtree": True}


def test_a_grant_to_oneself_is_refused_and_says_who_can(company):
    admin = company.actor("administrator")
    other = company.actor("administrator", "A")
    before = everything()

    with pytest.raises(BadInput) as refused:
        grants().create(admin, values=stated(admin.person, company, node="A1"))

    (finding,) = refused.value.findings
    assert (finding.code, finding.at.column) == ("grant-to-oneself", "person")
    assert finding.fields["others"] == other.person.name
    assert everything() == before


def test_another_gives_it_and_who_is_alone_gives_it_to_themselves(company):
    admin = company.actor("administrator")
    grants().create(admin, values=stated(admin.person, company))  # nobody else manages people

    other = company.actor("administrator", "A")
    grants().create(admin, values=stated(other.person, company, node="A"))

    assert admin.person.grants.filter(role="carbon_office").exists()
    assert other.person.grants.filter(role="carbon_office").exists()


def test_a_grant_of_ones_own_is_not_widened(company):
    admin = company.actor("administrator", "A")
    company.actor("administrator")
    own = admin.person.grants.get()

    with pytest.raises(BadInput) as refused:
        grants().update(admin, own, values={"role": "carbon_office"}, version=own.version)

    assert [one.code for one in refused.value.findings] == ["grant-to-oneself"]
    assert admin.person.grants.get().role == "administrator"


def test_the_api_and_the_page_tell_it_at_the_person(company):
    admin = company.actor("administrator")
    company.actor("administrator", "A")
    client = company.client("administrator")
    asked = {"person": str(admin.person.pk), "role": "reader", "node": "A1", "subtree": True}
    digest = call(client, "post", "grants", asked, dry_run="true").json()["digest"]

    refused = call(client, "post", "grants", asked, seen=digest)
    form = {**asked, "node": company.nodes["A1"].pk, "seen": digest}
    page = client.post("/home/grants/new/", form)

    assert (refused.status_code, refused.json()["code"]) == (422, "grant-to-oneself")
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["person"])
