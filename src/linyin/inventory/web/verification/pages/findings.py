"""The pages of findings: raising one, and one with its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html

from linyin.inventory import Inventory, trace_entry
from linyin.inventory.web.entries import entry_key
from linyin.inventory.web.verification.access import is_verifier
from linyin.inventory.web.verification.actions import (
    answer_matter,
    close_matter,
    raise_matter,
    return_matter,
)
from linyin.inventory.web.verification.forms import MatterForm
from linyin.inventory.web.verification.models import Engagement, VerificationFinding
from linyin.inventory.web.verification.pages.common import (
    at,
    crumbs_of,
    mass_text,
    run_name,
    seen,
    steps_of,
)
from linyin.inventory.web.verification.progress import progress_of
from linyin.lake import BadInput
from linyin.platform.actor import who_asks
from linyin.platform.form_pages import form_page
from linyin.platform.history import timeline_of
from linyin.platform.parts import Badge, Button
from linyin.platform.signin import signed_in, takes
from linyin.platform.times import moment
from linyin.platform.words import say

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

__all__ = ["finding", "new_finding"]

# What may be done to a finding in a state: the action, whether it is what usually comes next.
_NEXT = {
    "open": ((answer_matter, True), (close_matter, False)),
    "answered": ((return_matter, False), (close_matter, True)),
    "closed": ((return_matter, False),),
}


@signed_in
@takes("GET", "POST")
def new_finding(request: HttpRequest, key: str) -> HttpResponse:
    """Raise a finding about a run, or about one of its entries."""
    engagement = seen(request, Engagement, key)
    actor = who_asks(request)
    if not is_verifier(actor, engagement):
        raise PermissionDenied
    progress = progress_of((engagement, run) for run in engagement.runs.order_by("-year"))
    drawn = next((str(p.run.pk) for p in progress if p.samples and not p.opinion), "")
    initial = {"run": request.GET.get("run") or drawn, "entry": request.GET.get("entry", "")}
    form = MatterForm(request.POST or None, engagement=engagement, initial=initial)

    def act(values: dict[str, Any]) -> str:
        made = raise_matter(actor, engagement, **values)
        messages.success(request, say("verification-findings.raised"))
        return at(request, "verification-findings-record", made.pk)

    return form_page(
        request, form, act, title=say("verification-findings.new"),
        lead=say("verification-findings.new.help"), button=say("verification-findings.raise"),
        cancel=at(request, "engagements-record", key), crumbs=crumbs_of(request, engagement),
        steps=steps_of(progress, "settle"),
    )  # fmt: skip


@signed_in
def finding(request: HttpRequest, key: str) -> HttpResponse:
    """Show a finding, what the carbon office answered and what the verifier concluded."""
    record = seen(request, VerificationFinding, key)
    actor = who_asks(request)
    verifies = is_verifier(actor, record.engagement)
    allowed = [
        (action, is_usual)
        for action, is_usual in _NEXT[record.state]
        if action.is_allowed(actor, record) and (verifies or action is answer_matter)
    ]
    buttons = [
        Button(
            say(f"action.{action.name}"),
            at(request, "verification-findings-act", record.pk, action.name),
            tone="primary" if is_usual else "plain",
        )
        for action, is_usual in allowed
    ]
    context = {
        "title": str(record),
        "state": Badge("status", record.state),
        "lead": run_name(record.run),
        "crumbs": crumbs_of(request, record.engagement),
        "buttons": buttons,
        "finding": record,
        "weight": Badge("weight", record.severity),
        "facts": _facts(request, record),
        "timeline": timeline_of(record),
    }
    return render(request, "inventory/verification_finding.html", context)


def _facts(request: HttpRequest, record: VerificationFinding) -> list[tuple[str, Any]]:
    facts = [
        (say("verification-findings.kind"), say(f"verification-findings.kind.{record.kind}")),
        (say("verification-findings.amount_mg"), mass_text(record.amount_mg)),
        (say("verification-findings.entry"), _entry(request, record)),
        (say("verification-findings.raised_by"), str(record.raised_by)),
        (say("verification-findings.raised_at"), moment(record.raised_at)),
        (say("verification-findings.answered_by"), str(record.answered_by or "")),
        (say("verification-findings.closed_by"), str(record.closed_by or "")),
    ]
    return [(label, value) for label, value in facts if value]


def _entry(request: HttpRequest, record: VerificationFinding) -> str | SafeString:
    """Return the entry that a finding is about, as the way to where it comes from."""
    if not record.entry:
        return ""
    try:
        (one,) = trace_entry(Inventory(record.run.path), record.entry, limit=1)
    except BadInput:  # the run was calculated anew without it, or its source has a slash
        return record.entry
    href = at(request, "runs-entry", record.run.pk, entry_key(one.entry))
    return format_html('<a href="{}">{}</a>', href, record.entry)
