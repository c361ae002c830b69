"""Every page and action × role × inside and outside the subtree, and whoever has not signed in.

A denial tells nothing of what exists and leaves everything as it was.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from cases import ELSEWHERE, Case, cases, record_of, subject_model
from company import ROLES
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from routes import routes

from linyin.platform.actions import ACTIONS
from linyin.platform.actor import Actor
from linyin.platform.models.record import owner_path
from linyin.platform.resources import RESOURCES, Query
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
DENIED = (403, 404, 405)
OURS = ("platform", "organization", "ledger", "inventory")


def everything_stored():
    """Return the number of rows of every table, and the end of the audit trail."""
    from django.apps import apps

    from linyin.platform.models import AuditEvent

    counts = {
        m._meta.label: m._default_manager.count()
        for m in apps.get_models()
        if m._meta.label != "sessions.Session"
    }
    end = AuditEvent.objects.order_by("-number").values_list("number", "hash").first()
    return counts, end


def keys(case: Case) -> tuple[str, str]:
    """Return what stands in the address of something inside E, and of something outside."""
    if case.route.startswith("grid"):
        return "S", "T"
    resource = RESOURCES.get(case.subject)
    if resource is None or resource.model is None or owner_path(resource.model):
        return "1", "999999"
    rows = [
        resource.rows.page(frozenset(nodes), Query(size=1)).rows
        for nodes in (("E", "S"), ("F", "T"))
    ]
    inside, outside = (str(found[0]["pk"]) if found else "999999" for found in rows)
    return inside, outside if outside != inside else "999999"


def browser_of(person=None):
    from django.test import Client

    client = Client(HTTP_HOST="localhost")
    if person is not None:
        client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    return client


def test_every_route_has_a_case_and_every_case_a_route():
    known = {r for r in routes() if not any(r.startswith(name) for name in ELSEWHERE)}

    assert set(cases()) == known
    assert [c.route for c in cases().values() if not c.sees and not c.why] == []


def test_every_model_is_declared_or_says_why_not():
    from django.apps import apps

    declared = {r.model._meta.label for r in RESOURCES.values() if r.model is not None}
    ours = {m._meta.label for m in apps.get_models() if m._meta.app_label in OURS}

    assert ours - declared == set(UNDECLARED)


def is_sent_away(answer) -> bool:
    """Whether an answer asks to sign in."""
    to = urlsplit(answer.headers.get("Location", "")).path
    return answer.status_code == 302 and to == "/account/login/"


def test_nobody_sees_or_does_anything(company):
    client = browser_of()
    before = everything_stored()
    let_in = [
        f"{method.__name__} {case.route}: {answer.status_code}"
        for case in cases().values()
        if case.sees != "open"
        for method in (client.get, client.post)
        for answer in [method(case.address(keys(case)[0]))]
        if not is_sent_away(answer) and answer.status_code != 405
    ]

    assert let_in == []
    assert everything_stored() == before


@pytest.mark.parametrize("role", [*ROLES, "stranger"])
def test_a_role_sees_and_does_what_it_may_and_nothing_else(role, company):
    from linyin.platform.models import Person

    held = roles()[role].permissions if role in roles() else frozenset()
    client = browser_of(Person.objects.get(email=f"{role}@company.example"))
    before = everything_stored()
    let_in = []
    for case in cases().values():
        if case.sees in ("", "open"):
            continue
        inside, outside = keys(case)
        asked = []
        if case.sees not in held:
            asked.append((client.get, inside))
        if (case.does or case.sees) not in held:
            asked.append((client.post, inside))
        if case.subject:
            asked += [(client.get, outside), (client.post, outside)]
        for method, key in asked:
            status = method(case.address(key)).status_code
            if status not in DENIED:
                let_in.append(f"{method.__name__} {case.route} {key}: {status}")

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
