"""The record of an own factor: what it states, its document, who decided, what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from linyin.inventory.web.factors.facts import evidence_of
from linyin.inventory.web.pages.common import with_scope
from linyin.lake import BadInput
from linyin.ledger.web.actions import attach_evidence
from linyin.ledger.web.factor_resources import own_factors
from linyin.platform.actor import who_asks
from linyin.platform.documents import KINDS, upload_document
from linyin.platform.findings import finding_text
from linyin.platform.history import timeline_of
from linyin.platform.models import Approval
from linyin.platform.parts import Badge, Button, Event, FileDrop, Notice, Timeline
from linyin.platform.resources.display import Display
from linyin.platform.signin import signed_in, takes
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from linyin.ledger.web.models import OwnFactor
    from linyin.platform.actor import Actor

__all__ = ["attach", "record"]

_FITS: Final = {
    "ledger.submit_factor": ("draft", "rejected"),
    "ledger.approve_factor": ("proposed",),
    "ledger.reject_factor": ("proposed",),
    "ledger.revise_factor": ("approved",),
    "ledger.withdraw_factor": ("approved",),
}
_FORWARD: Final = ("ledger.submit_factor", "ledger.approve_factor")


@signed_in
def record(request: HttpRequest, key: int) -> HttpResponse:
    """Show an own factor and what the reader can do with it."""
    actor, factor = _found(request, key)
    return _shown(request, actor, factor)


@signed_in
@takes("GET", "POST")
def attach(request: HttpRequest, key: int) -> HttpResponse:
    """Keep an uploaded document and name it as the factor's evidence; its page has the form."""
    actor, factor = _found(request, key)
    if not attach_evidence.is_allowed(actor, factor):
        raise Http404
    if request.method != "POST":
        return _shown(request, actor, factor)
    upload = request.FILES.get("document")
    if upload is None:
        return _shown(request, actor, factor, error=say("own-factors.document.missing"))
    try:
        document = upload_document(actor, node=factor.node, upload=upload)
        attach_evidence(actor, factor, sha256=document.sha256)
    except BadInput as bad:
        error = " ".join(finding_text(finding) for finding in bad.findings)
        return _shown(request, actor, factor, error=error)
    messages.success(request, say("action.ledger.attach_evidence.done", record=factor))
    return redirect(with_scope(request, reverse("own-factors-record", args=[factor.pk])))


def _shown(
    request: HttpRequest, actor: Actor, factor: OwnFactor, *, error: str = ""
) -> HttpResponse:
    row = own_factors.row(actor, str(factor.pk)) or {}
    display = Display.of(own_factors, [row], actor.tree)
    document = evidence_of(actor, factor.evidence_sha256)
    may_attach = factor.state in factor.OPEN and attach_evidence.is_allowed(actor, factor)
    drop = FileDrop(
        "document", say("own-factors.document"), say("own-factors.document.help"),
        ",".join(KINDS), error, is_required=True,
    )  # fmt: skip
    context = {
        "title": factor.name_zh if lang() == "zh" and factor.name_zh else factor.name_en
        or factor.name_zh or factor.factor_id,
        "state": Badge("factor", factor.state, say(f"own-factors.state.{factor.state}")),
        "lead": " · ".join([factor.factor_id, str(factor.data_year), factor.publisher]),
        "facts": [
            (say(f"own-factors.{c.name}"), display.fact(c, row))
            for c in own_factors.columns
            if row.get(c.name) not in (None, "") and c.name not in ("evidence_sha256", "state")
        ],
        "buttons": _buttons(request, actor, factor),
        "notice": _notice(factor, document),
        "document": document,
        "drop": drop if may_attach else None,
        "factor": factor,
        "catalogue": with_scope(request, reverse("factors-record", args=[factor.factor_id])),
        "revisions": list(factor.revisions.order_by("pk")),
        "decisions": _decisions(factor),
        "timeline": timeline_of(factor),
        "crumbs": [(say("own-factors.title"), with_scope(request, reverse("own-factors-list")))],
    }  # fmt: skip
    status = 422 if error else 200
    return render(request, "inventory/own_factor.html", context, status=status)


def _found(request: HttpRequest, key: int) -> tuple[Actor, Any]:
    actor = who_asks(request)
    factor = own_factors.record(actor, str(key))
    if factor is None:
        raise Http404
    return actor, factor


def _buttons(request: HttpRequest, actor: Actor, factor: OwnFactor) -> list[Button]:
    buttons = [
        Button(
            say(f"action.{action.name}"),
            with_scope(request, reverse("own-factors-act", args=[factor.pk, action.name])),
            tone="primary" if action.name in _FORWARD else "plain",
        )
        for action in own_factors.actions
        if factor.state in _FITS.get(action.name, ()) and action.is_allowed(actor, factor)
    ]
    if factor.state in factor.OPEN and own_factors.update.is_allowed(actor, factor):
        edit, delete = (
            with_scope(request, reverse(f"own-factors-{verb}", args=[factor.pk]))
            for verb in ("edit", "delete")
        )
        buttons = [
            Button(say("record.delete"), delete, "trash", "quiet"),
            Button(say("record.edit"), edit, "pencil"),
            *buttons,
        ]
    return buttons


def _notice(factor: OwnFactor, document: object) -> Notice | None:
    """Say what comes next."""
    if factor.state == "draft" and document is None:
        return Notice(say("own-factors.next.document"), tone="question")
    tones = {"draft": "question", "proposed": "question", "rejected": "warning"}
    tone: Any = tones.get(factor.state)
    return Notice(say(f"own-factors.next.{factor.state}"), tone=tone) if tone else None


def _decisions(factor: OwnFactor) -> Timeline | None:
    decided = Approval.objects.filter(
        subject=factor._meta.label_lower, key=str(factor.pk)
    ).select_related("person")
    events = [
        Event(
            at=one.at,
            who=str(one.person),
            what=say("own-factors.granted" if one.is_granted else "own-factors.refused"),
            why=one.comment,
        )
        for one in decided
    ]
    return Timeline(events) if events else None
