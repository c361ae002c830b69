"""The pages of an import: upload, map, look, commit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from linyin.inventory.web.imports.actions import (
    READ_AT_ONCE,
    map_import,
    mend_import,
    request_check,
    request_commit,
    undo_import,
    upload_import,
)
from linyin.inventory.web.imports.checking import ALWAYS, SHOWN
from linyin.inventory.web.imports.mapping import columns_to_choose, missing, schema
from linyin.inventory.web.imports.mending import MENDED_AT_ONCE, rows_to_mend, stated_rows
from linyin.inventory.web.imports.wrong import kept_wrong_rows, wrong_rows_file
from linyin.inventory.web.jobs import IMPORT_JOBS
from linyin.inventory.web.models import Import
from linyin.inventory.web.pages.common import asked_node, with_scope
from linyin.lake import BadInput, Finding, SchemaColumn
from linyin.ledger.web.called import item_called, unit_called
from linyin.organization.web.models import Node
from linyin.platform.actions import require
from linyin.platform.actor import who_asks
from linyin.platform.findings import finding_text
from linyin.platform.grants import visible_to
from linyin.platform.jobs_pages import progress_of
from linyin.platform.looking import (
    act_badge,
    changes_table,
    counts_shown,
    findings_shown,
    verdict,
    was_and_is,
)
from linyin.platform.models import Job
from linyin.platform.numbers import number as number_text
from linyin.platform.parts import (
    Button,
    Column,
    FileDrop,
    Notice,
    Row,
    Step,
    Steps,
    StepState,
    Table,
)
from linyin.platform.resources.differences import seen_version
from linyin.platform.signin import signed_in, takes
from linyin.platform.stale import Stale, require_seen
from linyin.platform.times import day
from linyin.platform.words import enumerated, lang, lazy_say, say, words

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["look", "mapped", "upload", "wrong"]

_CALLED: Final = {"item": item_called, "unit": unit_called}
_STEPS: Final = ("upload", "map", "look", "commit")
_COUNTS: Final = ("rows", "new", "revised", "unchanged", "removed")
_ACTS: Final = {"new": "new", "revised": "changed", "removed": "removed"}


class UploadForm(forms.Form):
    """What is uploaded, and what it is."""

    node = forms.ChoiceField(
        label=lazy_say("imports.node"), help_text=lazy_say("imports.node.help")
    )
    source = forms.CharField(
        label=lazy_say("imports.source"), required=False, max_length=80,
        help_text=lazy_say("imports.source.help"),
    )  # fmt: skip
    is_full = forms.BooleanField(
        label=lazy_say("imports.is_full"), required=False,
        help_text=lazy_say("imports.is_full.help"),
    )  # fmt: skip
    upload = forms.FileField(label=lazy_say("imports.name"))


@signed_in
@takes("GET", "POST")
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file."""
    actor = who_asks(request)
    codes = actor.nodes("activities.edit")
    if not codes:
        raise PermissionDenied
    node = asked_node(request, actor)
    initial: dict[str, Any] = {"node": node.code if node and node.code in codes else ""}
    if again := request.GET.get("again", ""):
        before = _import(request, again)
        initial = {
            "node": before.node.code, "source": before.source, "is_full": before.is_full,
        }  # fmt: skip
    form = UploadForm(request.POST or None, request.FILES or None, initial=initial)
    form.fields["node"].choices = actor.tree.options(codes, lang())  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            record = upload_import(
                actor,
                node=Node.objects.get(code=values["node"]),
                upload=values["upload"],
                source=values["source"],
                is_full=values["is_full"],
                read_at_once=READ_AT_ONCE,
            )
        except BadInput as bad:
            for finding in bad.findings:
                form.add_error("upload", finding_text(finding))
        else:
            return redirect(with_scope(request, reverse("imports-map", args=[record.pk])))
    error = " ".join(str(text) for text in form.errors.get("upload", [])) if form.is_bound else ""
    drop = FileDrop(
        "upload", say("imports.name"), say("imports.name.help"),
        ".csv,.tsv,.txt,.xlsx,.xlsm,.parquet", error, is_required=True,
    )  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    context = {
        "form": form, "drop": drop, "steps": _steps(None, "upload"), "crumbs": _crumbs(request),
        "fields": [form[name] for name in ("node", "source", "is_full")],
    }  # fmt: skip
    return render(request, "inventory/import_upload.html", context, status=status)


@signed_in
@takes("GET", "POST")
def mapped(request: HttpRequest, key: str) -> HttpResponse:
    """Say which header is which column, then check."""
    record = _import(request, key)
    if not record.headers:
        return _unread(request, record)
    actor = who_asks(request)
    notices: list[Notice] = []
    status = 200
    if request.method == "POST":
        headers = [str(header["header"]) for header in record.headers]
        mapping = {h: request.POST.get(f"column-{i}", "") for i, h in enumerate(headers)}
        constants = {
            name: request.POST.get(f"constant-{name}", "").strip() for name in _constant_names()
        }
        known = {*columns_to_choose(), *headers}
        unknown = [c for c in mapping.values() if c and c not in known]
        lacking = _columns(missing(mapping, constants))
        try:
            if seen := seen_version(request):
                require_seen(record, seen)
            require(not unknown, "import-column-unknown", value=", ".join(unknown))
            require(not lacking, "import-columns-missing", columns=lacking)
            map_import(
                actor,
                record,
                mapping=mapping,
                constants=constants,
                version=seen_version(request) or None,
            )
            request_check(actor, record)
        except Stale:
            record.mapping, record.constants = mapping, constants
            notices = [Notice(say("record.stale"), say("imports.map.stale.help"), tone="bad")]
            status = 409
        except BadInput as bad:
            record.mapping, record.constants = mapping, constants
            notices = [Notice(finding_text(f), tone="bad") for f in bad.findings]
            status = 422
        else:
            return redirect(with_scope(request, reverse("imports-look", args=[record.pk])))
    elif lacking := _columns(missing(record.mapping, record.constants)):
        notices = [Notice(say("imports.map.missing", columns=lacking), tone="warning")]
    context = {
        "record": record,
        "title": record.name,
        "steps": _steps(record, "map"),
        "crumbs": _crumbs(request),
        "notices": notices,
        "headers": _header_rows(record),
        "constants": _constants(record),
    }
    return render(request, "inventory/import_map.html", context, status=status)


def _columns(names: Iterable[str]) -> str:
    """Return columns by what pages call them."""
    return enumerated(say(f"activities.{name}") for name in names)


def _unread(request: HttpRequest, record: Import) -> HttpResponse:
    """Show how far a job is that reads the headers of a large file, or why it could not."""
    reading = Job.objects.filter(kind="inventory.read_import", arguments__record=record.pk)
    job = reading.order_by("-made_at").first()
    is_over = job is None or job.is_over
    context = {
        "title": record.name,
        "steps": _steps(record, "map"),
        "crumbs": _crumbs(request),
        "progress": progress_of(job, who_asks(request))
        if job is not None and not is_over
        else None,
        "notices": (_failed(job) or [Notice(say("imports.unread"), tone="warning")])
        if is_over
        else [],
        "again_url": with_scope(request, reverse("imports-new"), again=str(record.pk)),
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "inventory/import_unread.html", context, status=status)


@signed_in
@takes("GET", "POST")
def look(request: HttpRequest, key: str) -> HttpResponse:
    """Show what is wrong and what would change; commit from here."""
    record = _import(request, key)
    actor = who_asks(request)
    notices: list[Notice] = []
    if request.method == "POST" and "mend" in request.POST:
        notices = _mend(request, actor, record)
        if not notices:
            return redirect(with_scope(request, reverse("imports-look", args=[record.pk])))
    elif request.method == "POST":
        try:
            request_commit(
                actor, record, reason=request.POST.get("reason", ""),
                seen=request.POST.get("seen", "-"),
            )  # fmt: skip
        except BadInput as bad:
            notices = [Notice(finding_text(f), tone="bad") for f in bad.findings]
        else:
            return redirect(with_scope(request, reverse("imports-look", args=[record.pk])))
    job = (
        Job.objects.filter(kind__in=IMPORT_JOBS)
        .filter(arguments__record=record.pk)
        .order_by("-made_at")
        .first()
    )
    is_waiting = job is not None and not job.is_over
    findings = [Finding.from_dict(row) for row in record.findings]
    is_wrong = record.state == "checked" and not is_waiting and bool(record.counts.get("errors"))
    kept = kept_wrong_rows(record) if record.state == "checked" and not is_waiting else []
    context = {
        "record": record,
        "title": record.name,
        "steps": _steps(record, "look"),
        "crumbs": _crumbs(request),
        "notices": notices + _summary(record, job),
        "progress": progress_of(job, who_asks(request)) if job is not None and is_waiting else None,
        "counts": counts_shown(
            {
                _ACTS.get(name, name): count
                for name, count in record.counts.items()
                if name in (_COUNTS[:1] if is_wrong else _COUNTS)
            }
        ),
        **findings_shown(findings),
        "may_commit": record.state == "checked"
        and not record.counts.get("errors")
        and not is_waiting,
        "is_waiting": is_waiting,
        "buttons": [] if is_waiting else _buttons(request, record),
        "back": say("imports.back_to_map"),
        "back_url": with_scope(request, reverse("imports-map", args=[record.pk])),
        "wrong_url": reverse("imports-wrong", args=[record.pk]) if kept else "",
        "to_mend": rows_to_mend(record, kept),
        "more_to_mend": max(0, len(kept) - MENDED_AT_ONCE),
        "again_url": with_scope(request, reverse("imports-new"), again=str(record.pk)),
        "more_changes": 0
        if is_wrong
        else max(0, sum(record.counts.get(act, 0) for act in _ACTS) - SHOWN),
        "stated": [("seen", record.counts.get("digest", ""))],
        "changes": None
        if is_waiting or is_wrong or record.state != "checked"
        else _changes(record, actor.tree.names(lang())),
    }
    return render(request, "inventory/import_look.html", context, status=409 if notices else 200)


def _mend(request: HttpRequest, actor: Actor, record: Import) -> list[Notice]:
    """Mend rows as they were typed and have them checked; return what forbids it."""
    rows = stated_rows(request.POST, rows_to_mend(record, kept_wrong_rows(record)))
    if not rows:
        return [Notice(say("imports.mend.nothing"), tone="warning")]
    try:
        mend_import(actor, record, rows=rows, version=seen_version(request))
        request_check(actor, record)
    except Stale:
        return [Notice(say("record.stale"), say("imports.mend.stale"), tone="warning")]
    except BadInput as bad:
        return [Notice(finding_text(f), tone="bad") for f in bad.findings]
    return []


@signed_in
def wrong(request: HttpRequest, key: str) -> HttpResponse:
    """Give the wrong rows as a file to mend."""
    return wrong_rows_file(_import(request, key))


def _import(request: HttpRequest, key: str) -> Import:
    actor = who_asks(request)
    found = visible_to(actor, Import, "activities.edit")
    record = found.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 18 else None
    if record is None:
        raise Http404
    return record


def _buttons(request: HttpRequest, record: Import) -> list[Button]:
    """Return what can be done with an import that was committed."""
    if record.state != "committed" or not undo_import.is_allowed(who_asks(request), record):
        return []
    undo = reverse("imports-act", args=[record.pk, undo_import.name])
    label = say(f"action.{undo_import.name}")
    return [Button(label, with_scope(request, undo), "arrow-back-up", tone="danger")]


def _steps(record: Import | None, now: str) -> Steps:
    done = {
        None: 0, "uploaded": 1, "mapped": 2, "checked": 3, "committed": 4, "undone": 4,
    }[record.state if record else None]  # fmt: skip
    is_over, steps = done == len(_STEPS), []
    for number, name in enumerate(_STEPS):
        is_now = name == now and not is_over
        state: StepState = "now" if is_now else "done" if number < done else "next"
        href = ""
        if record is not None and name in ("map", "look") and number <= done and not is_over:
            href = reverse(f"imports-{name}", args=[record.pk])
        label = say("imports.step.map" if name == "map" else f"look.step.{name}")
        steps.append(Step(label, state, href))
    return Steps(steps)


def _crumbs(request: HttpRequest) -> list[tuple[str, str]]:
    return [(say("imports.title"), with_scope(request, reverse("imports-list")))]


def _header_rows(record: Import) -> list[dict[str, Any]]:
    described = {column.name: _label(column) for column in schema().columns}
    required = {
        column.name for column in schema().columns if column.required and not column.default
    }
    options = [
        (name, described[name] + (" *" if name in required else "")) for name in columns_to_choose()
    ]
    rows = []
    for number, header in enumerate(record.headers):
        name = str(header["header"])
        chosen = record.mapping.get(name, "")
        own = [] if chosen in described or not chosen else [(chosen, chosen)]
        rows.append(
            {
                "number": number, "header": name, "sheet": header["sheet"],
                "cells": header["cells"], "chosen": chosen, "options": [*own, *options],
            }
        )  # fmt: skip
    return rows


def _constant_names() -> list[str]:
    return ["site", "source_type", "item", "unit", "relation", "status", "period", "place"]


def _label(column: SchemaColumn) -> str:
    """Return what the pages of activities call a column."""
    return say(f"activities.{column.name}")


def _word(column: str, code: str) -> str:
    if column in _CALLED:
        return _CALLED[column](code)
    key = f"activities.{column}.{code}"
    return say(key) if key in words() else code


def _constants(record: Import) -> list[dict[str, Any]]:
    by_name = {column.name: column for column in schema().columns}
    return [
        {
            "name": name,
            "label": _label(by_name[name]),
            "value": record.constants.get(name, ""),
            "choices": [(code, _word(name, code)) for code in by_name[name].allowed],
        }
        for name in _constant_names()
    ]


def _summary(record: Import, job: Job | None) -> list[Notice]:
    """Say in a line how the import stands."""
    if failed := _failed(job):
        return failed
    mended = record.mended_rows
    told = [Notice(say("imports.rows_mended", count=mended), tone="neutral")] if mended else []
    if record.state == "checked":
        return [
            verdict(
                record.counts.get("errors", 0),
                "imports.errors.help",
                record.counts.get("warnings", 0),
            ),
            *told,
        ]
    if record.state == "committed":
        return [Notice(say("imports.committed"), tone="good"), *told]
    if record.state == "undone":
        return [Notice(say("imports.undone"), tone="neutral")]
    return []


def _failed(job: Job | None) -> list[Notice]:
    """Say why a job has failed; nothing of one that has not."""
    if job is None or job.state != "failed":
        return []
    told = [Finding.from_dict(row) for row in (job.error or {}).get("findings", [])]
    return [Notice(finding_text(finding), tone="bad") for finding in told]


def _cell(column: str, value: Any, names: Mapping[str, str]) -> str:
    if value is None:
        return ""
    if column == "site":
        return names.get(str(value), str(value))
    if column in ("begin", "end"):
        return day(value if isinstance(value, date) else date.fromisoformat(str(value)))
    is_number = column == "quantity" or isinstance(value, float | int)
    return number_text(value) if is_number else _word(column, str(value))


def _changes(record: Import, names: Mapping[str, str]) -> Table:
    """Show the first rows that are new, changed or removed, with every column that changes."""
    rows = []
    for change in record.counts.get("changes", []):
        now, then = change["row"], change["before"]
        rows.append(
            Row(
                [
                    act_badge(_ACTS[change["act"]]),
                    change["external_id"],
                    *(_was_and_is(name, now, then, names) for name in ALWAYS),
                    _others(now, then, names),
                ]
            )
        )
    columns = [
        Column(say("entries.external_id"), is_wide=True),
        *(Column(say(f"imports.column.{n}"), is_number=n == "quantity") for n in ALWAYS),
        Column(say("imports.column.others"), is_wide=True),
    ]
    return changes_table(columns, rows)


def _was_and_is(
    column: str, now: Mapping[str, Any] | None, then: Mapping[str, Any] | None,
    names: Mapping[str, str],
) -> str:  # fmt: skip
    """Return the value of a column: both where a row that stays changes it."""
    texts = [None if row is None else _cell(column, row.get(column), names) for row in (then, now)]
    if None in texts or texts[0] == texts[1]:
        return texts[0] if texts[1] is None else texts[1]  # type: ignore[return-value]
    return was_and_is(*texts)


def _others(
    now: Mapping[str, Any] | None, then: Mapping[str, Any] | None, names: Mapping[str, str]
) -> str:
    """Tell which further columns a changed row changes."""
    if now is None or then is None:
        return ""
    labels = {column.name: _label(column) for column in schema().columns}
    return "; ".join(
        f"{labels.get(name, name)}: {_was_and_is(name, now, then, names)}"
        for name in sorted({*now, *then} - {*ALWAYS})
    )
