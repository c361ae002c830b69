"""Tokens: made by their owner, confined to scopes, shown once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from caller import Caller
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from linyin.lake import BadInput
from linyin.platform.actor import Actor


@pytest.fixture
def owner(company):
    from linyin.platform.models import Person

    return Person.objects.get(email="data_owner@company.example")


def test_a_token_does_what_its_owner_may_within_its_scopes(caller_of):
    caller = caller_of("carbon_office", scopes=["organization.view"])

    assert caller.get("metrics").status_code == 200
    assert caller.get("runs").status_code == 403
    assert caller.post("metrics", {}).status_code in (403, 422)
    assert set(caller.get("me").json()["permissions"]) == {"organization.view"}


def test_a_scope_that_the_owner_lost_is_of_no_use(caller_of):
    from linyin.platform.models import Grant

    caller = caller_of("reader")
    Grant.objects.filter(person__email="reader@company.example").delete()

    assert caller.get("metrics").status_code == 403


def test_a_token_that_reads_only_changes_nothing(caller_of):
    caller = caller_of("everything", read_only=True)
    row = caller.get("metrics").json()["items"][0]

    answer = caller.patch(f"metrics/{row['id']}", {"version": 1, "value": "1"})

    assert (answer.status_code, answer.json()["code"]) == (403, "token-read-only")
    assert all(name.endswith(".view") for name in caller.get("me").json()["permissions"])
    assert caller.get(f"metrics/{row['id']}").json() == row


def test_a_token_ends(caller_of):
    from linyin.platform.models import ApiToken, Person

    caller = caller_of("reader")
    assert caller.get("me").status_code == 200

    ApiToken.objects.update(expires=timezone.localdate())
    assert caller.get("me").json()["code"] == "token-unknown"

    ApiToken.objects.update(expires=timezone.localdate() + timedelta(days=1))
    Person.objects.filter(email="reader@company.example").update(is_active=False)
    assert caller.get("me").status_code == 401


def test_only_the_hash_of_a_secret_is_kept(owner):
    from linyin.platform.models import ApiToken, AuditEvent
    from linyin.platform.tokens import create_token

    token = create_token(Actor(owner, "web"), name="t", scopes=["organization.view"])

    kept = str(ApiToken.objects.values().get()) + str(list(AuditEvent.objects.values("after")))
    assert token.secret not in kept
    assert token.hash not in str(list(AuditEvent.objects.values("after")))
    assert len(token.secret) == 7 + 43


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ({"scopes": ["people.manage"]}, "token-scopes"),
        ({"scopes": []}, "token-scopes"),
        ({"days": 367}, "token-days"),
        ({"name": " "}, "token-without-name"),
    ],
)
def test_a_token_is_no_more_than_its_owner(owner, stated, code):
    from linyin.platform.tokens import create_token

    given = {"name": "t", "scopes": ["organization.view"]} | stated
    with pytest.raises(BadInput) as refused:
        create_token(Actor(owner, "web"), **given)
    assert refused.value.findings[0].code == code


def test_a_token_makes_no_token(owner):
    from linyin.platform.tokens import create_token

    actor = Actor(owner, "api", frozenset({"api.use", "organization.view"}))
    with pytest.raises(BadInput):
        create_token(actor, name="t", scopes=["organization.view"])


def test_whoever_has_no_grant_makes_no_token(company):
    from linyin.platform.models import Person
    from linyin.platform.tokens import create_token

    stranger = Actor(Person.objects.get(email="stranger@company.example"), "web")
    with pytest.raises(PermissionDenied):
        create_token(stranger, name="t", scopes=[])


def test_people_see_and_revoke_their_own_tokens_alone(caller_of):
    mine, others = caller_of("data_owner"), caller_of("reader")
    token = mine.get("tokens").json()["items"]
    assert [row["name"] for row in token] == ["data_owner"]

    assert others.get(f"tokens/{token[0]['id']}").status_code == 404
    assert others.post(f"tokens/{token[0]['id']}/revoke_token").status_code == 404
    assert mine.get("me").status_code == 200

    assert mine.post(f"tokens/{token[0]['id']}/revoke_token").status_code == 204
    assert mine.get("me").status_code == 401


def test_the_page_shows_the_secret_once(owner):
    client = Client()
    client.force_login(owner)
    form = {"name": "meter reader", "days": 30, "scopes": ["organization.view"]}

    page = client.post("/home/tokens/new/", form)
    secret = page.context["made"].secret

    assert secret in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert secret not in client.get("/home/tokens/").content.decode()
    assert Caller({"Authorization": f"Bearer {secret}"}).get("nodes").status_code == 200


def test_a_session_counts_and_needs_the_csrf_token_to_change(owner):
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)

    assert client.get("/api/v1/me").json()["token"] is None
    refused = client.post("/api/v1/instruments", {}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf")

    client.get("/home/tokens/new/")
    csrf = client.cookies[settings.CSRF_COOKIE_NAME].value
    answer = client.post(
        "/api/v1/instruments", {}, content_type="application/json", headers={"X-CSRFToken": csrf}
    )
    assert answer.status_code == 422


def test_a_session_without_the_second_factor_that_its_role_needs_is_refused(company):
    client = Client()
    client.force_login(without_factor("carbon_office"))
    assert client.get("/api/v1/me").json()["code"] == "factor-missing"


def without_factor(name):
    from allauth.mfa.models import Authenticator

    from linyin.platform.models import Person

    person = Person.objects.get(email=f"{name}@company.example")
    assert Authenticator.objects.filter(user=person).delete()[0]
    return person


def test_a_token_writes_only_while_its_owner_has_the_second_factor_that_their_role_needs(
    caller_of, settings
):
    from allauth.socialaccount.models import SocialAccount

    caller = caller_of("data_owner")
    before = caller.post("documents", {})
    person = without_factor("data_owner")
    after = caller.post("documents", {})

    assert before.status_code == 422
    assert (after.status_code, after.json()["code"]) == (403, "factor-missing")
    assert caller.get("documents").status_code == 200

    settings.IDENTITIES = replace(settings.IDENTITIES, second_factors=frozenset({"house"}))
    SocialAccount.objects.create(user=person, provider="works", uid="1")
    assert caller.post("documents", {}).status_code == 403
    SocialAccount.objects.create(user=person, provider="house", uid="1")
    assert caller.post("documents", {}).status_code == 422
