"""Every operation of the API × role × inside and outside the subtree, and who has no token.

A denial tells nothing of what exists and leaves everything as it was.
"""

from __future__ import annotations

import re

import pytest
from caller import Caller
from calls import OPERATIONS, PERMISSIONS, REPORT, kind_of, permission_of, request_of
from cases import NOWHERE
from company import ROLES
from kept import everything_stored, taken_back

from linyin.platform.models.record import owner_path
from linyin.platform.resources import RESOURCES
from linyin.platform.roles import roles

pytestmark = pytest.mark.django_db  # what a test did is rolled back
WHOLE = "everything"  # has every role on the whole organization
NAMES_A_RECORD = re.compile("{key}|{site}|/figures$")
# Refused for what was stated: too little, or not fitting the record as it stands.
REFUSED = (409, 415, 422)
# What is answered where all is well but nothing is there to be shown.
WITHOUT = {
    REPORT: (404, "report-missing"),
    "GET /api/v1/factor-choice": (422, "item-unknown"),  # the company has no packs
}


@pytest.fixture(autouse=True)
def unlimited(settings):
    settings.API_CALLS_A_MINUTE = settings.API_FAILURES_A_MINUTE = 1_000_000


@pytest.fixture
def caller_of():
    """A caller with a token of a person, who is known by the part before the @."""
    from linyin.platform.actor import Actor
    from linyin.platform.models import Person
    from linyin.platform.tokens import create_token

    def made(name):
        actor = Actor(Person.objects.get(email=f"{name}@company.example"), "web")
        token = create_token(
            actor, name=name, scopes=sorted(actor.permissions), read_only=False, days=9
        )
        return Caller({"Authorization": f"Bearer {token.secret}"})

    return made


def call(caller, name, there):
    method, path, body = request_of(name, there)
    media = {"content_type": "text/plain"} if isinstance(body, bytes) else {}
    return caller.call(method, path, body, **media)


def is_without(name, answer):
    """Whether what is asked for is not there yet, as only who may see it is told."""
    return name in WITHOUT and (answer.status_code, answer.json()["code"]) == WITHOUT[name]


def test_every_operation_is_known_to_these_cases():
    assert [n for n in OPERATIONS if n not in PERMISSIONS and kind_of(n) not in RESOURCES] == []
    assert set(PERMISSIONS) <= set(OPERATIONS)


def test_who_may_gets_through_inside_and_outside(company, caller_of):
    """A refusal says something only where the same request gets through by a grant."""
    inside, outside = company
    caller = caller_of(WHOLE)
    kept_out = []
    for name in OPERATIONS:
        for there in (inside, outside) if kind_of(name) in outside else (inside,):
            with taken_back():
                answer = call(caller, name, there)
            gets = (200,) if name.startswith("GET") else (200, 201, 202, 204, *REFUSED)
            if answer.status_code not in gets and not is_without(name, answer):
                kept_out.append(f"{name} {there.get(kind_of(name))}: {answer.status_code} "
                                f"{answer.content[:200]!r}")  # fmt: skip

    assert kept_out == []


def test_nobody_is_asked_to_sign_in_and_nothing_happens(company):
    inside, _ = company
    before = everything_stored()
    let_in = []
    for name in OPERATIONS:
        answer = call(Caller({}), name, inside)
        if (answer.status_code, answer.json().get("code")) != (401, "not-signed-in"):
            let_in.append(f"{name}: {answer.status_code}")

    assert let_in == []
    assert everything_stored() == before


@pytest.mark.parametrize("role", ROLES)
def test_a_role_does_what_it_may_and_nothing_else(role, company, caller_of):
    inside, outside = company
    nowhere = {"grid": "nowhere"}
    held = roles()[role].permissions
    caller = caller_of(role)
    before = everything_stored()
    wrong = []
    for name in OPERATIONS:
        seen, needed = permission_of(name)
        may = not needed or needed in held
        if not may:
            answer = call(caller, name, inside)
            refusals = (403, 404) if seen in held else (403,)
            if answer.status_code not in refusals:
                wrong.append(f"{name} inside: {answer.status_code}")
        if NAMES_A_RECORD.search(name) and kind_of(name) in outside:
            answer, nothing = call(caller, name, outside), call(caller, name, nowhere)
            told = answer.status_code, answer.json()
            if told != (nothing.status_code, nothing.json()):
                wrong.append(f"{name} outside: {told}, not {nothing.status_code} {nothing.json()}")
            if answer.status_code not in ((404,) if may else (403, 404)):
                wrong.append(f"{name} outside: {answer.status_code}")
            if re.search(r"\bF\b|\bT\b", answer.json()["detail"]):
                wrong.append(f"{name} outside: {answer.json()['detail']}")

    assert wrong == []
    assert everything_stored() == before


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reads_what_it_may(role, company, caller_of):
    inside, _ = company
    held, is_guest = roles()[role].permissions, roles()[role].is_guest
    caller = caller_of(role)
    wrong = []
    for name in OPERATIONS:
        _, needed = permission_of(name)
        if not name.startswith("GET") or (needed and needed not in held):
            continue
        answer = call(caller, name, inside)
        is_own = kind_of(name) in RESOURCES and owner_path(RESOURCES[kind_of(name)].model)
        if is_without(name, answer) or ((is_guest or is_own) and NAMES_A_RECORD.search(name)):
            continue  # what a guest is shown, the tests of verification ask; what is one's own
        # A job is its asker's, and of who sees those of its node.
        hidden = name == "GET /api/v1/jobs/{key}" and "jobs.view" not in held
        if answer.status_code != (404 if hidden else 200):
            wrong.append(f"{name} {inside.get(kind_of(name))}: {answer.status_code}")

    assert wrong == []
    assert NOWHERE not in inside.values()
