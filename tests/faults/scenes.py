"""What processes of these tests do; each function runs in a process of its own (`nursery`)."""

from __future__ import annotations

import gc
import hashlib
import json
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from boundaries import Boundaries
from django.conf import settings

sys.path.insert(0, str(Path(__file__).parents[1]))
HEAD = "id,where,month,kwh\n"
MAPPING = {"id": "external_id", "where": "site", "month": "period", "kwh": "quantity"}
CONSTANTS = {"source_type": "electricity", "item": "electricity", "unit": "kWh"}
BEFORE = (("r1", "2024-01", 10), ("r2", "2024-02", 20))
AFTER = (("r1", "2024-01", 11), ("r3", "2024-03", 5))
SENT = {
    "evidence": ("documents?node=A&name=meters.csv", "application/octet-stream"),
    "bulk": ("activities/bulk?source=meters&reason=May", "application/vnd.apache.parquet"),
}


ACKNOWLEDGED = "UPDATE django_tasks_database_dbtaskresult"  # after it, a worker takes what is next


def office() -> Any:
    """Return the actor of the carbon office."""
    from linyin.platform.actor import Actor
    from linyin.platform.models import Person

    return Actor(Person.objects.get(email="office@test.invalid"), "web")


def build() -> None:
    """Make an enterprise with electricity of 2022 and 2023, whom the office serves."""
    from builders import FolderBuilder
    from linyin.inventory.web.adopt import adopt
    from linyin.organization.web.models import Node
    from linyin.platform.actor import Actor
    from linyin.platform.models import Grant, Person

    folder = FolderBuilder(settings.WORKSPACE.root.with_name("folder"))
    folder.packs(["mee-grid-2021-2023"]).node("G", "group", country="CN", name_en="Group")
    folder.node("A", "entity", parent="G", owner="G", ownership_pct=100, control="sole",
                country="CN")  # fmt: skip
    folder.node("A1", parent="A", country="CN", place="CN-GD")
    for year in (2022, 2023):
        for month in range(1, 13):
            folder.electricity("A1", 100 + month, f"{year}-{month:02}", status="invoiced")
    folder.add("metrics", node="G", metric="revenue", period="2023", value=10, unit="亿元")
    adopt(Actor(None, "cli", is_operator=True), folder.write())
    person = Person.objects.create_user("office@test.invalid", name="Office", is_demo=True)
    Grant.objects.create(person=person, role="carbon_office", node=Node.objects.get(code="G"))
    work()


def upload(rows: Any, *, is_full: bool = False) -> Any:
    """Upload a file of rows and map it."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from linyin.inventory.web.imports.actions import map_import, upload_import
    from linyin.organization.web.models import Node

    text = HEAD + "".join(f"{key},A1,{month},{kwh}\n" for key, month, kwh in rows)
    record = upload_import(
        office(), node=Node.objects.get(code="A"), source="meters", is_full=is_full,
        upload=SimpleUploadedFile("meters.csv", text.encode()),
    )  # fmt: skip
    return map_import(office(), record, mapping=MAPPING, constants=CONSTANTS)


def build_import() -> None:
    """Bring rows in, and ask for the check of a file that revises, adds and removes."""
    from linyin.inventory.web.imports.actions import check_import, commit_import, request_check

    first = upload(BEFORE)
    commit_import(office(), check_import(office(), first))
    work()
    request_check(office(), upload(AFTER, is_full=True))


def ask_for_commit() -> None:
    """Ask for the checked import to be written."""
    from linyin.inventory.web.imports.actions import request_commit
    from linyin.inventory.web.models import Import

    request_commit(office(), Import.objects.get(state="checked"), reason="new meter")


def ask_for_undo() -> None:
    """Ask for the import to be undone."""
    from linyin.inventory.web.imports.actions import undo_import
    from linyin.inventory.web.models import Import

    undo_import(office(), Import.objects.latest("pk"), reason="wrong meter")


def ask_for_run() -> None:
    """Ask for the runs of both years again, which replaces the drafts."""
    from linyin.inventory.web.actions import request_runs
    from linyin.organization.web.models import Node

    request_runs(office(), node=Node.objects.get(code="G"), years=[2022, 2023])


def ask_for_report(kind: str) -> None:
    """Ask for the Chinese report of the run of 2023."""
    from linyin.inventory.web.actions import request_report
    from linyin.inventory.web.models import RunRecord

    request_report(office(), RunRecord.objects.get(year=2023), kind=kind, language="zh")


def ask_for_export() -> None:
    """Ask for all activities as a file."""
    from django.http import QueryDict

    from linyin.platform.resources import RESOURCES
    from linyin.platform.resources.exporting import request_export

    request_export(office(), RESOURCES["activities"], QueryDict("sort=begin"), "csv")


def engage_verifier() -> None:
    """Lock the run of 2023 and engage somebody to verify it."""
    from decimal import Decimal

    from linyin.inventory.web.actions import lock_run
    from linyin.inventory.web.models import RunRecord
    from linyin.inventory.web.verification.actions import open_engagement
    from linyin.platform.models import Grant, Person

    run = lock_run(office(), RunRecord.objects.get(year=2023))
    person = Person.objects.create_user("anna@test.invalid", name="Anna")
    Grant.objects.create(person=person, role="verifier", node=run.node)
    agreed = {"name": "2023", "firm": "Audit", "level": "limited", "materiality_pct": Decimal(5)}
    open_engagement(office(), node=run.node, values=agreed, verifiers=[person], runs=[run])


def ask_for_sample() -> None:
    """Ask for a sample as the verifier does, of a run that is large for this once."""
    from linyin.inventory.web.models import Engagement
    from linyin.inventory.web.verification import draws
    from linyin.platform.actor import Actor
    from linyin.platform.models import Person

    draws.AT_ONCE = 0
    draws.draw_sample(
        Actor(Person.objects.get(email="anna@test.invalid"), "web"), Engagement.objects.get(),
        run=Engagement.objects.get().runs.get(), method="pps", seed="7", size=3,
    )  # fmt: skip


def approve() -> None:
    """Lock the run of 2023 and approve it at every level, each by somebody else."""
    from linyin.inventory import APPROVAL_LEVELS
    from linyin.inventory.web.actions import approve_run, lock_run
    from linyin.inventory.web.models import RunRecord
    from linyin.platform.actor import Actor
    from linyin.platform.models import Grant, Person

    run = RunRecord.objects.get(year=2023)
    lock_run(office(), run)
    roles = ("data_owner", "entity_manager", "carbon_office", "committee")
    for level, role in zip(APPROVAL_LEVELS, roles, strict=True):
        person = Person.objects.create_user(f"second-{level}@test.invalid", name=level)
        Grant.objects.create(person=person, role=role, node=run.node)
        approve_run(Actor(person, "web"), run)


def publish(kill_at: list[Any] | None = None) -> None:
    """Publish the approved run, as the page of the office does; the server may die of it."""
    from linyin.inventory.web.actions import publish_run
    from linyin.inventory.web.models import RunRecord

    run = RunRecord.objects.get(year=2023)
    if run.state == "published":  # the page says so
        return
    watch(kill_at).is_armed = True
    publish_run(office(), run)


def published() -> dict[str, Any]:
    """Describe the workspace and what the bundle of the run of 2023 says of itself."""
    from linyin.inventory import Inventory
    from linyin.inventory.web.models import RunRecord

    run = Inventory(RunRecord.objects.get(year=2023).path).run
    told = {name: run[name] for name in ("state", "prepared_by", "approved_by", "authenticated")}
    return describe() | {"publication": told}


def ask(method: str, url: str, language: str = "en", **form: Any) -> dict[str, Any]:
    """Ask a page or the API something as the office; a form may hold a file of rows."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client
    from django.urls import reverse

    person = office().person
    person.language = {"zh": "zh-hans"}.get(language, language)
    person.save()
    client = Client(
        raise_request_exception=False, HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE=person.language
    )
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    if "upload" in form:
        text = HEAD + "".join(f"x{n},A1,2024-01,{n}\n" for n in range(form.pop("rows")))
        form["upload"] = SimpleUploadedFile(form["upload"], text.encode())
    name, *keys = url.split()
    address = name if name.startswith("/") else reverse(name, args=keys)
    if name.startswith("/api/"):
        answer = client.generic(method, address, json.dumps(form), "application/json")
    else:
        answer = client.post(address, form) if form else client.generic(method, address)
    body = b"".join(answer) if answer.streaming else answer.content
    told = {"status": answer.status_code, "text": body.decode()}
    del answer
    gc.collect()  # as a server that lives on does
    return told


def send(what: str, kill_at: list[Any] | None = None) -> None:
    """Send a file as a browser or a program does, which names a key; the server may die of it."""
    from django.test import Client
    from django.urls import reverse

    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0  # as if it were large
    client, body = Client(HTTP_HOST="localhost"), sent_body(what)
    client.force_login(office().person, "django.contrib.auth.backends.ModelBackend")
    watch(kill_at).is_armed = True
    if what == "page":
        form = {"node": "A", "source": "meters", "upload": BytesIO(body)}
        form["upload"].name = "meters.csv"
        answer = client.post(reverse("imports-new"), form)
    else:
        address, media = SENT[what]
        keyed = {"Idempotency-Key": "sent once"}
        answer = client.generic("POST", f"/api/v1/{address}", body, media, headers=keyed)
    assert answer.status_code in (201, 202, 302), answer.content.decode()


def sign_in() -> str:
    """Let the office sign in; return the cookie of its session."""
    from django.test import Client

    client = Client()
    client.force_login(office().person, "django.contrib.auth.backends.ModelBackend")
    return str(client.cookies[settings.SESSION_COOKIE_NAME].OutputString(attrs=[]))


def sent_body(what: str) -> bytes:
    """Return the bytes that are sent: of rows of activities."""
    import pyarrow as pa
    from pyarrow import parquet

    if what != "bulk":
        return f"{HEAD}r1,A1,2024-01,10\nr2,A1,2024-02,20\n".encode()
    rows = [dict(zip(MAPPING.values(), (k, "A1", m, q), strict=True)) for k, m, q in BEFORE]
    made = BytesIO()
    parquet.write_table(pa.Table.from_pylist([row | CONSTANTS for row in rows]), made)
    return made.getvalue()


def clean_up() -> dict[str, Any]:
    """Do what is done every so often, and all that waits; then describe what there is."""
    from linyin.platform.actor import Actor
    from linyin.platform.jobs import enqueue
    from linyin.platform.work.kinds import kinds

    for name, kind in sorted(kinds().items()):
        if kind.every is not None:
            enqueue(Actor(None, "job", is_operator=True), name, {})
    work()
    return describe()


def begin_again() -> None:
    """Let the last job that failed begin again, as who presses the button."""
    from linyin.platform.jobs import again
    from linyin.platform.models import Job

    assert again(Job.objects.filter(state="failed").latest("made_at"))


def uploaded() -> list[str]:
    """Name the imports that there are."""
    from linyin.inventory.web.models import Import

    return sorted(Import.objects.values_list("name", flat=True))


def watch(kill_at: list[Any] | None) -> Boundaries:
    """Watch this process, and let it die at a boundary."""
    root = settings.WORKSPACE.root
    place = None if kill_at is None else (kill_at[0], kill_at[1])
    return Boundaries(root, place, root.with_name("boundaries"))


def work(kind: str = "", kill_at: list[Any] | None = None, *, then_describe: bool = False) -> Any:
    """Be a worker until nothing waits; jobs of a kind are watched and may be died of."""
    from django_tasks_db.management.commands import db_worker

    from linyin.lake import guard
    from linyin.platform.actor import Actor
    from linyin.platform.jobs import enqueue
    from linyin.platform.models import Job
    from linyin.platform.work import context, rescue, worker
    from linyin.platform.work import run as running

    class UntilIdle(db_worker.Worker):
        def __init__(self, **options: Any) -> None:
            super().__init__(**{**options, "batch": True})

    db_worker.Worker = UntilIdle
    context._SECONDS_BETWEEN_WRITES = 0.0
    guard._LOOK_SECONDS = 60  # else a slow machine passes more boundaries than a fast one
    if kind:
        boundaries = watch(kill_at)
        run = running.run

        def watched(job: Any) -> None:
            boundaries.is_armed = Job.objects.get(pk=job).kind == kind
            run(job)
            boundaries.last = ACKNOWLEDGED

        running.run = watched
    rescue.take_up()
    if then_describe:
        enqueue(Actor(None, "job", is_operator=True), "sweep-lake", {})
    worker.main()
    return describe() if then_describe else None


def describe() -> dict[str, Any]:
    """Tell all that the workspace holds, without keys, moments and names made by chance."""
    import duckdb
    from django.apps import apps

    from linyin.inventory import Inventory
    from linyin.inventory.web.models import RunRecord
    from linyin.platform.audit import verify
    from linyin.platform.lake import workspace_lake

    lake, root = workspace_lake(), settings.WORKSPACE.root
    query = (
        "SELECT * EXCLUDE (_recorded_at, _batch) "
        "REPLACE (regexp_replace(_file, '^[0-9a-f]{32}', '') AS _file) "
        f"FROM {lake.scan('activities')} ORDER BY ALL"
    )
    referenced = lake.files("activities")
    skipped = {"session", "dbtaskresult", "workerbeat", "permission", "contenttype", "audithead"}
    return {
        "rows": {
            model._meta.label: sorted(filter(None, map(_plain, model._base_manager.all())))
            for model in apps.get_models(include_auto_created=True)
            if model._meta.model_name not in skipped
        },
        "activities": _digest(duckdb.sql(query).fetchall()),
        "version": lake.version("activities"),
        "runs": [
            [run.name, run.entries_hash, Inventory(run.path).verify() is None]
            for run in RunRecord.objects.order_by("name")
        ],
        "audit": [repr(fault) for fault in verify()],
        "files": sorted(
            str(file.relative_to(root))
            for part in ("runs", "documents", "uploads", "derived")
            for file in (root / part).rglob("*")
            if file.suffix != ".lock"
        ),
        "lost": len(list((lake.path / "activities").glob("*/*.parquet"))) - len(referenced),
    }


_BY_CHANCE = {
    "Job": ("worker", "delivery", "attempt", "kept", "result", "done", "total", "arguments"),
    "JobLine": ("attempt",),
    "AuditEvent": ("key", "hash", "before", "after", "number", "subject_key", "previous"),
    "LakeBatch": ("at", "base"),
    "Import": ("batches",),
}


def _plain(row: Any) -> str:
    """Return a row as text; empty for a batch that its writer left and others voided."""
    from django.db import models

    name = type(row).__name__
    if name == "LakeBatch" and row.state == "void":
        return ""
    by_chance = (models.DateTimeField, models.ForeignKey)
    told = {
        field.name: str(field.value_from_object(row))
        for field in row._meta.concrete_fields
        if not field.primary_key and not isinstance(field, by_chance)
        and field.name not in _BY_CHANCE.get(name, ())
    }  # fmt: skip
    if name == "Import":
        told["batches"] = str(len(row.batches))
    return json.dumps(told, ensure_ascii=False)


def _digest(rows: Any) -> str:
    return hashlib.sha256(str(rows).encode()).hexdigest()
