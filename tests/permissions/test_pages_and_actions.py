"""Every page and action × role × inside and outside the subtree, and whoever has not signed in.

A denial tells nothing of what exists and leaves everything as it was.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from cases import ELSEWHERE, cases, record_of, subject_model
from company import ROLES
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from kept import everything_stored, taken_back
from routes import routes

from linyin.platform.actions import ACTIONS
from linyin.platform.actor import Actor
from linyin.platform.models.record import owner_path
from linyin.platform.resources import RESOURCES
from linyin.platform.roles import roles

pytestmark = pytest.mark.django_db  # what a test did is rolled back

# Models that no page lists, and why.
UNDECLARED = {
    "platform.StoredAnswer": "answers that the API gives again for the same key",
    "platform.Approval": "shown with what it approves",
    "platform.AuditHead": "the end of the chain of the audit trail",
    "platform.LakeBatch": "the register of the lake's writes",
    "platform.LakePin": "which versions of the lake runs need",
    "platform.JobLine": "shown with its job",
    "platform.WorkerBeat": "shown on the administrator's home",
    "ledger.SiteMonth": "the month grid is its page",
    "ledger.CellDraft": "shown in the month grid",
    "ledger.CellEvidence": "shown in the month grid",
    "ledger.CellNote": "shown in the month grid",
    "ledger.Reminder": "which mails of a data request were sent",
    "inventory.Settings": "one row, with pages of its own: the rules",
    "inventory.ColumnMapping": "remembers how columns of a file were mapped",
}
DENIED = (403, 404)
NOT_TAKEN = 405
TAKEN = (302, 409, 422)  # done, or refused for what was stated
# Pages that are shown again: the grid, and what a removal would change, to be seen first.
SHOWN_AGAIN = dict.fromkeys(("grid", "grants-delete", "standings-delete"), (200, *TAKEN))
WHOLE = "everything"  # has every role on the whole organization
# Kinds that belong to the whole organization or to a person: none of them is outside.
EVERYBODYS = {"destinations", "profiles", "rates", "people", "audit"}


def person_of(role: str):
    from linyin.platform.models import Person

    return Person.objects.get(email=f"{role}@company.example")


def browser_of(person=None):
    from django.test import Client

    client = Client(HTTP_HOST="localhost")
    if person is not None:
        client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    return client


def test_every_route_has_a_case_and_every_case_a_route():
    known = {r for r in routes() if not any(r.startswith(name) for name in ELSEWHERE)}

    assert {case.route for case in cases()} == known
    assert [str(case) for case in cases() if not case.sees and not case.why] == []
    posted = [case for case in cases() if "POST" in case.methods]
    assert [str(case) for case in posted if not case.does and case.sees not in ("", "open")] == []


def test_every_model_is_declared_or_says_why_not():
    from django.apps import apps

    declared = {r.model._meta.label for r in RESOURCES.values() if r.model is not None}
    ours = {m._meta.label for m in apps.get_models() if m.__module__.startswith("linyin.")}

    assert "governance.Body" in ours
    assert ours - declared == set(UNDECLARED)


def test_every_kind_of_a_node_is_inside_and_outside(company):
    inside, outside = company
    named = {case.subject for case in cases() if case.subject}

    assert named - set(inside) == set()
    assert named - set(outside) == EVERYBODYS
    assert [name for name, key in outside.items() if key == inside[name]] == []


def is_sent_away(answer) -> bool:
    """Whether an answer asks to sign in."""
    to = urlsplit(answer.headers.get("Location", "")).path
    return answer.status_code == 302 and to == "/account/login/"


def is_answered(answer, statuses) -> bool:
    """Whether an answer comes from behind the permission."""
    return answer.status_code in statuses and not is_sent_away(answer)


def test_who_may_gets_through_inside_and_outside(company):
    """A refusal says something only where the same request gets through by a grant."""
    inside, outside = company
    client = browser_of(person_of(WHOLE))
    kept_out = []
    for case in cases():
        if case.sees == "open":
            continue
        for there in (inside, outside) if case.subject in outside else (inside,):
            address = case.address(there)
            with taken_back():
                shown = client.get(address)
            is_in = is_answered(shown, (200, 302, NOT_TAKEN) if case.takes_no_get else (200, 302))
            told = f"{case} {address}: get {shown.status_code}"
            if case.does:
                with taken_back():
                    posted = client.post(address, case.body)
                is_in &= is_answered(posted, SHOWN_AGAIN.get(case.route, TAKEN))
                told += f", post {posted.status_code}"
            if not is_in:
                kept_out.append(told)

    assert kept_out == []


def test_nobody_sees_or_does_anything(company):
    inside, _ = company
    client = browser_of()
    before = everything_stored()
    let_in = []
    for case in cases():
        if case.sees == "open":
            continue
        for method, body in ((client.get, {}), (client.post, case.body)):
            answer = method(case.address(inside), body)
            if not is_sent_away(answer):
                let_in.append(f"{method.__name__} {case}: {answer.status_code}")

    assert let_in == []
    assert everything_stored() == before


@pytest.mark.parametrize("role", [*ROLES, "stranger"])
def test_a_role_sees_and_does_what_it_may_and_nothing_else(role, company):
    inside, outside = company
    held = roles()[role].permissions if role in roles() else frozenset()
    client = browser_of(person_of(role))
    before = everything_stored()
    let_in = []
    for case in cases():
        if case.sees in ("", "open"):
            continue
        gets = [] if case.sees in held else [inside]
        posts = [] if not case.does or case.does in held else [inside]
        if case.subject in outside:
            gets.append(outside)
            posts += [outside] if case.does else []
        for method, body, keys, refusals in (
            (client.get, {}, gets, (*DENIED, NOT_TAKEN) if case.takes_no_get else DENIED),
            (client.post, case.body, posts, DENIED),
        ):
            for there in keys:
                address = case.address(there)
                status = method(address, body).status_code
                if status not in refusals:
                    let_in.append(f"{method.__name__} {case} {address}: {status}")

    assert let_in == []
    assert everything_stored() == before


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_the_lists_that_it_may(role, company):
    from linyin.platform.models import Person

    client = browser_of(Person.objects.get(email=f"{role}@company.example"))
    answers = {
        name: client.get(reverse(f"{name}-list")).status_code
        for name, resource in RESOURCES.items()
        if resource.view in roles()[role].permissions
    }

    assert answers
    assert set(answers.values()) == {200}, answers


def test_an_action_is_denied_without_its_grant_and_outside_of_it(company):
    from linyin.organization.web.models import Node
    from linyin.platform.models import Person

    nodes = {node.code: node for node in Node.objects.all()}
    made = [
        action
        for resource in RESOURCES.values()
        if resource.is_editable
        for action in (resource.create, resource.update, resource.delete)
    ]
    other = Person.objects.get(email="everything@company.example")
    before = everything_stored()
    denied, done = 0, []
    for role in (*ROLES, "stranger"):
        actor = Actor(Person.objects.get(email=f"{role}@company.example"), "web")
        for action in {*ACTIONS.values(), *made}:
            may = actor.may(action.permission)
            model = _model_of(action)
            stated = {p.name for p in action.parameters} & {"node", "site"}
            is_local = bool(stated) or (model is not None and _is_local(model))
            if may and not is_local:
                continue
            node = nodes["F" if may else "E"]
            subject = (record_of(model, node, other),) if model is not None else ()
            values = dict.fromkeys(stated, node)
            try:
                action(actor, *subject, **values)
            except PermissionDenied:
                denied += 1
            else:
                done.append(f"{role} {action.name}")
    assert done == []
    assert denied > len(ACTIONS)
    assert everything_stored() == before


def _model_of(action):
    for resource in RESOURCES.values():
        if resource.is_editable and action in (resource.update, resource.delete):
            return resource.model
        if resource.is_editable and action is resource.create:
            return None
    return subject_model(action)


def _is_local(model) -> bool:
    return bool(getattr(model, "NODE_PATH", "") or owner_path(model))
