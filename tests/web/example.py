"""The example enterprise in a workspace of its own, with one of everything a page can show.

Run as a program: `python example.py FOLDER` makes it and writes FOLDER/visits.json, which has the
keys of its records and a session for every role.
"""

from __future__ import annotations

import json
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from codes import written_codes

YEARS = (2021, 2022, 2023)
READER = "sun@demo.invalid"


def make(folder: Path) -> dict[str, Any]:
    """Write, calculate and adopt the example; do what its people do; return keys and sessions."""
    from linyin.cli.demo_workspace import make_workspace
    from linyin.demo import write_example
    from linyin.inventory import CalculationRequest, calculate_folder, read_folder

    write_example(folder)
    inventories = calculate_folder(read_folder(folder), CalculationRequest(YEARS))
    make_workspace(folder, inventories, lambda step: None)
    keys = _work()
    people = _people()
    return {
        "keys": keys
        | {f"{role}/{name}": key for role, name, key in _first_rows(people)}
        | {f"person/{role}": str(person.pk) for role, person in people.items()},
        "codes": sorted(written_codes(folder) | _beginnings_of_tokens()),
        "sessions": {role: _session(person) for role, person in people.items()},
    }


def _people() -> dict[str, Any]:
    """Return role → who has it; the reader is added to the people of the demonstration."""
    from allauth.account.models import EmailAddress

    from linyin.organization.web.models import Node
    from linyin.platform.models import Grant, Person

    reader, _ = Person.objects.get_or_create(
        email=READER, defaults={"name": "孙悦 Sun Yue", "is_demo": True}
    )
    EmailAddress.objects.get_or_create(user=reader, email=READER, verified=True, primary=True)
    Grant.objects.get_or_create(
        person=reader, role="reader", node=Node.objects.get(code="NJ-YUHUA")
    )
    granted = Grant.objects.select_related("person").order_by("-pk")
    people = {grant.role: grant.person for grant in granted}  # the first of each role
    return people | {"factor": _somebody_with_a_factor()}


def _beginnings_of_tokens() -> frozenset[str]:
    """Return the beginnings by which people know their tokens; some are all small letters."""
    from linyin.platform.models import ApiToken

    return frozenset(ApiToken.objects.values_list("prefix", flat=True))


def _somebody_with_a_factor() -> Any:
    """Make somebody who has set up a second factor."""
    from allauth.account.models import EmailAddress
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    from linyin.platform.models import Person

    email = "he@demo.invalid"
    person, is_new = Person.objects.get_or_create(
        email=email, defaults={"name": "何静 He Jing", "is_demo": True}
    )
    if is_new:
        EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
        TOTP.activate(person, generate_totp_secret())
        RecoveryCodes.activate(person)
    return person


def _work() -> dict[str, str]:
    """Do what people do in a year, so that no page is empty; return keys of what it made."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.http import QueryDict
    from django.utils import timezone

    from linyin.inventory.web.actions import lock_run
    from linyin.inventory.web.entries import entries_of, reached_in
    from linyin.inventory.web.imports.actions import check_import, map_import, upload_import
    from linyin.inventory.web.models import RunRecord
    from linyin.ledger.web.grid_actions import add_evidence
    from linyin.ledger.web.grid_lines import derive_lines
    from linyin.ledger.web.grid_models import SourceLine
    from linyin.ledger.web.requests import request_data
    from linyin.organization.web.models import Node, Profile
    from linyin.platform.actor import Actor
    from linyin.platform.documents import upload_document
    from linyin.platform.jobs import enqueue
    from linyin.platform.models import Delivery, Destination, Document, Person, Webhook
    from linyin.platform.resources import RESOURCES, Query
    from linyin.platform.resources.exporting import request_export
    from linyin.platform.tokens import create_token
    from linyin.platform.work.run import run as do

    def actor(email: str) -> Actor:
        return Actor(Person.objects.get(email=f"{email}@demo.invalid"), "web")

    office, owner = actor("lin"), actor("chen")
    derive_lines(Actor(None, "cli", is_operator=True))
    site = Node.objects.get(code="NJ-YUHUA")
    line = SourceLine.objects.filter(site=site).order_by("pk")[0]
    month = date(2023, 10, 1)
    bill = SimpleUploadedFile("bill-2023-10.txt", "十月电费 / electricity of October".encode())
    document: Document = upload_document(owner, node=site, upload=bill)
    add_evidence(owner, site=site, month=month, line=line, document=document)
    request_data(
        office, site=site, begin=date(2023, 11, 1), end=date(2024, 1, 1), assignee=owner.person,
        due=date.today() + timedelta(days=9), note="年末两个月 / the last two months",
    )  # fmt: skip
    rows = "id,where,month,kwh\n" + "".join(
        f"visit-{n},NJ-YUHUA,2023-{n:02},{1000 + n}\n" for n in range(1, 13)
    )
    imports = {}
    wrong = rows.replace("2023-03,1003", "2023-13,1003").replace(",1004", ",a lot")
    for name, content in (("mapped", rows), ("checked", rows), ("wrong", wrong)):
        record = upload_import(
            owner, node=site, upload=SimpleUploadedFile(f"bills-{name}.csv", content.encode())
        )
        imports[f"import-{name}"] = str(record.pk)
        if name != "mapped":
            mapping = {"id": "external_id", "where": "site", "month": "period", "kwh": "quantity"}
            constants = {"source_type": "electricity", "item": "electricity", "unit": "kWh"}
            map_import(owner, record, mapping=mapping, constants=constants)
            check_import(owner, record)
    large = SimpleUploadedFile("bills-large.csv", rows.encode())
    unread = upload_import(owner, node=site, upload=large, read_at_once=0)
    imports["import-unread"] = str(unread.pk)
    run = RunRecord.objects.filter(node__code="LINYIN", year=2023).order_by("pk")[0]
    run.findings.filter(severity="error").update(state="settled", comment="seen")
    lock_run(office, run)
    Profile.objects.create(
        profile="winter", begin=date(2023, 11, 1), end=date(2024, 3, 15), weight=2,
        note="采暖季 / the heating season",
    )  # fmt: skip
    create_token(office, name="Power BI", scopes=["inventory.view"], read_only=True, days=90)
    destination = Destination.objects.create(
        name="ESB",
        url="https://esb.example.org/linyin",
        purpose="已发布的排放量 / published figures",
    )
    hook = Webhook.objects.create(
        name="ESB", destination=destination, node=Node.objects.get(code="LINYIN"),
        events="run.published", secret="0123456789abcdef0123",
    )  # fmt: skip
    Delivery.objects.create(
        webhook=hook, event="run.published", node="LINYIN", state="failed", attempts=5, status=503,
        problem="HTTP 503", ended_at=timezone.now(),
    )  # fmt: skip
    followed = _verify(actor("meyer"), run)
    rows_changed = _change_rows(office, owner)
    written = request_export(office, RESOURCES["nodes"], QueryDict("sort=code"), "csv")
    do(written.pk)
    job = enqueue(office, "inventory.calculate", {"node": "LINYIN", "years": [2024]}, node="LINYIN")
    return imports | rows_changed | {
        "run": str(run.pk), "other-run": str(RunRecord.objects.exclude(pk=run.pk)[0].pk),
        "job": str(job.pk), "document": document.sha256, "line": str(line.pk), "site": site.code,
        "sample-item": followed, "export": str(written.pk),
        "entry": str(entries_of(run).page(reached_in(office, run), Query(size=1)).rows[0]["pk"]),
    }  # fmt: skip


def _change_rows(office: Any, owner: Any) -> dict[str, str]:
    """Correct a row that states inputs, and remove one; return their keys."""
    from linyin.ledger.web.activities import activities
    from linyin.ledger.web.correcting import correct_activity, posted_row, remove_activity
    from linyin.organization.web.models import Node
    from linyin.platform.resources import Query

    def first(actor: Any, **filters: str) -> tuple[Any, Any]:
        asked = Query(size=1, filters={name: [value] for name, value in filters.items()})
        key = activities.rows.page(activities.reach(actor), asked).rows[0]["pk"]
        row = posted_row(actor, key)
        assert row is not None
        return row, Node.objects.get(code=row.site)

    sold, site = first(office, source_type="product_use", year="2023")
    stated = {"quantity": str(sold.now["quantity"] + 1), sold.named[0]: "0.38"}
    reason = "现网抽样结果 / a sample of the network"
    correct_activity(office, node=site, row=sold, stated=stated, reason=reason)
    bill, site = first(owner, node="NJ-YUHUA", source_type="stationary_combustion", year="2022")
    remove_activity(owner, node=site, row=bill, reason="重复录入 / entered twice")
    return {"corrected": sold.pk, "removed": bill.pk}


def _verify(verifier: Any, later: Any) -> str:
    """Verify the earlier run to an opinion, and the later as far as an item that may be changed."""
    from linyin.inventory.web.models import Engagement
    from linyin.inventory.web.verification.actions import raise_matter, state_opinion, tick_item
    from linyin.inventory.web.verification.draws import draw_sample

    engagement = Engagement.objects.get()
    drawn = engagement.samples.get()
    raise_matter(
        verifier, engagement, run=drawn.run, kind="clarification", severity="minor",
        text="十月的发票缺页 / a page of October's invoice is missing",
    )  # fmt: skip
    for item in drawn.items.all():
        tick_item(verifier, item, version=item.version, verdict="verified")
    state_opinion(
        verifier, engagement, run=drawn.run, kind="unmodified",
        text="有限保证 / nothing came to our attention",
    )  # fmt: skip
    again = draw_sample(verifier, engagement, run=later, method="simple", seed="2023", size=4)
    return str(again.items.order_by("pk")[0].pk)


def _first_rows(people: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return role, resource and key of the first row that each role sees of each resource."""
    from linyin.platform.actor import Actor
    from linyin.platform.resources import RESOURCES, Query

    found = []
    for role, person in people.items():
        actor = Actor(person, "web")
        for name, resource in RESOURCES.items():
            rows = resource.rows.page(resource.reach(actor), Query(size=1)).rows
            found += [(role, name, str(row["pk"])) for row in rows]
    return found


def _session(person: Any) -> str:
    """Return the cookie of a session of somebody who has just said their password again."""
    import time

    from allauth.account.internal.userkit import user_id_to_str
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time() + 3600, "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = user_id_to_str(person)
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


if __name__ == "__main__":
    root = Path(sys.argv[1])
    told = make(root)
    (root / "visits.json").write_text(json.dumps(told), encoding="utf-8")
