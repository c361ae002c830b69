"""Following a drawn entry to its activity, evidence and factor, and saying what it shows."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from linyin.inventory import Inventory, trace_entry
from linyin.inventory.web.entries import entry_key
from linyin.inventory.web.line_names import line_name
from linyin.inventory.web.pages.entry import entry_parts
from linyin.inventory.web.verification.access import is_verifier
from linyin.inventory.web.verification.actions import tick_item
from linyin.inventory.web.verification.forms import TickForm
from linyin.inventory.web.verification.models import SampleItem
from linyin.inventory.web.verification.pages.common import (
    at,
    crumbs_of,
    mass_text,
    seen,
    steps_of,
)
from linyin.inventory.web.verification.progress import progress_of
from linyin.lake import BadInput
from linyin.platform.actor import who_asks
from linyin.platform.history import timeline_of
from linyin.platform.parts import Badge, Button, Column, Link, Row, Table
from linyin.platform.parts.cells import Printed
from linyin.platform.refusals import tell_form
from linyin.platform.resources.differences import edit_differences, seen_version
from linyin.platform.signin import signed_in, takes
from linyin.platform.stale import Stale
from linyin.platform.times import day, moment
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from linyin.inventory import TracedEntry

__all__ = ["follow"]

MG_PER_TONNE = 10**9
SHOWN_PARTS = 100


@signed_in
@takes("GET", "POST")
def follow(request: HttpRequest, key: str) -> HttpResponse:
    """Show where a drawn entry comes from; its verifier says what was found, then the next."""
    item = seen(request, SampleItem, key)
    actor = who_asks(request)
    sample, engagement = item.sample, item.sample.engagement
    verifies = is_verifier(actor, engagement)
    if request.method == "POST" and not verifies:
        raise PermissionDenied
    form = TickForm(request.POST or None, initial=_initial(item)) if verifies else None
    changed: list[dict[str, str]] = []
    version = seen_version(request) if request.method == "POST" else item.version
    is_stale = False
    if form is not None and form.is_bound and form.is_valid():
        try:
            tick_item(actor, item, version=version, **form.cleaned_data)
        except Stale as stale:
            version, is_stale = stale.record.version, True
            changed = edit_differences(form, _found(stale.record))
        except BadInput as bad:
            tell_form(bad, form)
        else:
            messages.success(request, say("sample-items.ticked", entry=item.entry))
            return redirect(_onward(request, item))
    items = list(sample.items.all())
    place = items.index(item)
    traced = trace_entry(Inventory(sample.run.path), item.entry, limit=SHOWN_PARTS)
    progress = progress_of((engagement, run) for run in engagement.runs.all())
    context: dict[str, Any] = entry_parts(request, traced[0]) | {
        "title": f"{line_name(item.line)} · {actor.tree.names(lang()).get(item.site, item.site)}",
        "state": Badge("verdict", item.verdict or "open"),
        "lead": f"{item.entry} · {mass_text(traced[0].entry['co2e_mg'])}",
        "crumbs": [
            *crumbs_of(request, engagement),
            (say("samples.one"), at(request, "samples-record", sample.pk)),
        ],
        "steps": steps_of(progress, "follow"),
        "place": say("sample-items.place", number=place + 1, count=len(items)),
        "before": at(request, "sample-items-record", items[place - 1].pk) if place else "",
        "after": at(request, "sample-items-record", items[place + 1].pk)
        if place + 1 < len(items)
        else "",
        "parts": _parts(request, item, traced) if len(traced) > 1 else None,
        "form": form,
        "stale": is_stale,
        "changed": changed,
        "version": version,
        "send": Button(say("action.inventory.tick_item"), tone="primary"),
        "raise_button": Button(
            say("verification-findings.new"),
            at(request, "verification-findings-new", engagement.pk, run=str(sample.run.pk),
               entry=item.entry),
            "plus",
        ) if verifies else None,
        "said": _said(item),
        "timeline": timeline_of(item),
    }  # fmt: skip
    status = 409 if is_stale else 422 if form is not None and form.errors else 200
    return render(request, "inventory/sample_item.html", context, status=status)


def _initial(item: SampleItem) -> dict[str, Any]:
    difference = item.difference_mg
    tonnes = f"{difference / MG_PER_TONNE:f}".rstrip("0").rstrip(".") if difference else ""
    return {"verdict": item.verdict, "difference_t": tonnes, "note": item.note}


def _found(item: Any) -> dict[str, Any]:
    """Return what somebody found, by the form's fields."""
    mg = item.difference_mg
    difference = None if mg is None else Decimal(mg) / MG_PER_TONNE
    return {"verdict": item.verdict, "difference_t": difference, "note": item.note}


def _onward(request: HttpRequest, item: SampleItem) -> str:
    """Return where the next entry that nobody has followed opens, after the last the sample."""
    waiting = item.sample.items.filter(verdict="")
    following = waiting.filter(entry__gt=item.entry).first() or waiting.first()
    if following is None:
        return at(request, "samples-record", item.sample.pk)
    return at(request, "sample-items-record", following.pk)


def _said(item: SampleItem) -> list[tuple[str, Any]]:
    """Return what was found, for those who only read."""
    facts = [
        (say("sample-items.weight_mg"), mass_text(item.weight_mg)),
        (say("sample-items.difference_mg"), mass_text(item.difference_mg)),
        (say("sample-items.note"), item.note),
        (say("sample-items.ticked_by"), str(item.ticked_by or "")),
        (
            say("sample-items.ticked_at"),
            moment(item.ticked_at) if item.ticked_at else "",
        ),
    ]
    return [(label, value) for label, value in facts if value]


def _parts(request: HttpRequest, item: SampleItem, traced: list[TracedEntry]) -> Table:
    """Return the entries that the parts of a split row were booked as."""
    run = item.sample.run
    rows = [
        Row(
            [
                Link(f"{one.entry['part']}"),
                f"{day(one.entry['begin'])} – {day(one.entry['end'] - timedelta(days=1))}",
                Printed(f"{one.entry['co2e_mg']:,}", "mg"),
            ],
            at(request, "runs-entry", run.pk, entry_key(one.entry)),
        )
        for one in traced
    ]  # fmt: skip
    columns = [
        Column(say("sample-items.part")),
        Column(say("entry.period"), is_wide=True),
        Column(say("sample-items.weight_mg"), is_number=True),
    ]
    return Table(say("sample-items.parts"), columns, rows, is_dense=True)
