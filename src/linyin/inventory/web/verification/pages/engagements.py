"""The pages of engagements: all of them, one, opening and changing one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from linyin.inventory.web.verification.access import is_verifier
from linyin.inventory.web.verification.actions import (
    answer_matter,
    change_engagement,
    close_engagement,
    invite_verifier,
    open_engagement,
)
from linyin.inventory.web.verification.forms import EngagementForm, agreed, parted
from linyin.inventory.web.verification.models import VERIFIABLE, Engagement
from linyin.inventory.web.verification.pages.common import at, crumbs_of, seen
from linyin.inventory.web.verification.parts import (
    matter_parts,
    opinion_parts,
    progress_figures,
    run_table,
    sample_table,
)
from linyin.inventory.web.verification.progress import RunProgress, progress_of
from linyin.organization.web.models import Node
from linyin.platform.actor import who_asks
from linyin.platform.form_pages import form_page
from linyin.platform.grants import visible_to
from linyin.platform.history import timeline_of
from linyin.platform.parts import Badge, Button, Column, Empty, Link, Row, Table
from linyin.platform.resources.differences import seen_version
from linyin.platform.signin import signed_in, takes
from linyin.platform.times import day
from linyin.platform.words import enumerated, lang, say

if TYPE_CHECKING:
    pass

__all__ = ["change", "engagements", "new", "record"]


@signed_in
def engagements(request: HttpRequest) -> HttpResponse:
    """List the engagements that the reader manages or verifies in."""
    actor = who_asks(request)
    if not actor.may("verification.view"):
        raise PermissionDenied
    new_button = (
        Button(say("engagements.new"), at(request, "engagements-new"), "plus", "primary")
        if actor.may("verification.manage")
        else None
    )
    rows = []
    found = visible_to(actor, Engagement, "verification.view")
    engagements = list(found.select_related("node").prefetch_related("runs__node"))
    of_all = progress_of((one, run) for one in engagements for run in one.runs.all())
    for one in engagements:
        progress = [run for run in of_all if run.engagement == one]
        rows.append(
            Row(
                [
                    Link(one.name, hint=one.firm),
                    one.node.name(lang()),
                    say(f"engagements.level.{one.level}"),
                    enumerated(sorted({p.run.year for p in progress})),
                    say("engagements.ticked", ticked=sum(p.items - p.open_items for p in progress),
                        items=sum(p.items for p in progress)),
                    str(sum(len(p.open_findings) for p in progress)),
                    day(one.due) if one.due else "",
                    Badge("status", one.state),
                ],
                at(request, "engagements-record", one.pk),
            )
        )  # fmt: skip
    columns = [
        Column(say("engagements.name"), is_wide=True),
        Column(say("engagements.node"), is_wide=True),
        Column(say("engagements.level"), is_minor=True),
        Column(say("engagements.years")),
        Column(say("engagements.items")),
        Column(say("engagements.open_findings"), is_number=True),
        Column(say("engagements.due"), is_minor=True),
        Column(say("engagements.state")),
    ]
    empty = Empty(
        say("engagements.title"), say("engagements.empty"), "shield-check", button=new_button
    )
    context = {
        "title": say("engagements.title"),
        "lead": say("engagements.lead"),
        "table": Table(say("engagements.title"), columns, rows, empty=empty),
        "buttons": [new_button] if new_button and rows else [],
    }
    return render(request, "inventory/engagements.html", context)


@signed_in
def record(request: HttpRequest, key: str) -> HttpResponse:
    """Show an engagement: its runs, how far they are, samples, findings, opinions."""
    engagement = seen(request, Engagement, key)
    actor = who_asks(request)
    runs = engagement.runs.select_related("node").order_by("-year", "name")
    progress = progress_of((engagement, run) for run in runs)
    verifies = is_verifier(actor, engagement)
    manages = actor.may("verification.manage", engagement.node.code)
    context = {
        "title": engagement.name,
        "state": _state(engagement, progress),
        "lead": " · ".join(
            [
                say(f"engagements.level.{engagement.level}"),
                say(
                    "engagements.materiality", percent=f"{engagement.materiality_pct.normalize():f}"
                ),
            ]
        ),
        "crumbs": crumbs_of(request),
        "buttons": _buttons(request, engagement, progress, verifies=verifies, manages=manages),
        "figures": progress_figures(progress) if progress else None,
        "runs": run_table(request, progress),
        "samples": sample_table(request, progress),
        "matters": matter_parts(request, progress, verifies=verifies, manages=manages),
        "no_matters": Empty(say("verification-findings.none"), icon="circle-check"),
        "opinions": opinion_parts(request, (p.opinion for p in progress if p.opinion)),
        "facts": _facts(engagement),
        "timeline": timeline_of(engagement),
    }  # fmt: skip
    return render(request, "inventory/engagement.html", context)


def _state(engagement: Engagement, progress: list[RunProgress]) -> Badge:
    """Return how far an engagement is: at work until an opinion is stated on every run."""
    if engagement.state != "open":
        return Badge("status", engagement.state)
    if progress and all(p.opinion for p in progress):
        return Badge("status", "done", say("engagements.state.stated"))
    return Badge("status", "open", say("engagements.state.open"))


def _buttons(
    request: HttpRequest,
    engagement: Engagement,
    progress: list[RunProgress],
    *,
    verifies: bool,
    manages: bool,
) -> list[Button]:
    """Return what the reader can do, the step that comes next as the one primary button."""
    key, buttons = engagement.pk, []
    if verifies:
        add, draw, state = (
            at(request, f"{name}-new", key)
            for name in ("verification-findings", "samples", "opinions")
        )
        waiting = next((item for p in progress if (item := p.next_item)), None)
        is_drawn = any(p.samples for p in progress)
        may_draw = any(p.run.state in VERIFIABLE for p in progress)
        may_state = any(p.obstacle is None for p in progress)
        buttons.append(Button(say("verification-findings.new"), add, "plus"))
        if may_draw:
            tone = "plain" if is_drawn else "primary"
            buttons.append(Button(say("samples.new"), draw, "list-check", tone))
        if is_drawn and may_state:
            tone = "plain" if waiting else "primary"
            buttons.append(Button(say("opinions.new"), state, "shield-check", tone))
        if waiting:
            href = at(request, "sample-items-record", waiting.pk)
            buttons.append(Button(say("samples.follow"), href, "arrow-right", "primary"))
    if manages and engagement.state == "open":
        buttons += _managing(request, engagement)
    return buttons


def _managing(request: HttpRequest, engagement: Engagement) -> Iterator[Button]:
    """Yield what whoever engaged the verifiers can do: what waits for them comes last, green."""
    key, is_alone = engagement.pk, not engagement.verifiers.exists()
    for action in (close_engagement, invite_verifier):
        href = at(request, "engagements-act", key, action.name)
        is_next = action is invite_verifier and is_alone
        tone = "primary" if is_next else "quiet" if action is close_engagement else "plain"
        yield Button(say(f"action.{action.name}"), href, tone=tone)
    yield Button(say("record.edit"), at(request, "engagements-change", key), "pencil")
    asked = engagement.findings.filter(state="open").order_by("pk").first()
    if asked is not None and not is_alone:
        href = at(request, "verification-findings-act", asked.pk, answer_matter.name)
        yield Button(say(f"action.{answer_matter.name}"), href, "message", "primary")


def _facts(engagement: Engagement) -> list[tuple[str, Any]]:
    people = enumerated(engagement.verifiers.all())
    facts: list[tuple[str, Any]] = [
        (say("engagements.node"), engagement.node.name(lang())),
        (say("engagements.verifiers"), people),
        (say("engagements.firm"), engagement.firm),
        (say("engagements.scope"), engagement.scope),
        (say("engagements.begin"), day(engagement.begin) if engagement.begin else ""),
        (say("engagements.due"), day(engagement.due) if engagement.due else ""),
    ]
    return [(label, value) for label, value in facts if value]


@signed_in
@takes("GET", "POST")
def new(request: HttpRequest) -> HttpResponse:
    """Engage verifiers."""
    actor = who_asks(request)
    if not actor.may("verification.manage"):
        raise PermissionDenied
    form = EngagementForm(request.POST or None, actor=actor)

    def act(values: dict[str, Any]) -> str:
        node = Node.objects.get(code=values.pop("node"))
        made = open_engagement(actor, node=node, **parted(values))
        messages.success(request, say("record.made", record=made))
        return at(request, "engagements-record", made.pk)

    return form_page(
        request, form, act, title=say("engagements.new"), button=say("engagements.new"),
        cancel=at(request, "engagements-list"), crumbs=crumbs_of(request),
    )  # fmt: skip


@signed_in
@takes("GET", "POST")
def change(request: HttpRequest, key: str) -> HttpResponse:
    """Change what was agreed."""
    engagement = seen(request, Engagement, key)
    actor = who_asks(request)
    if not change_engagement.is_allowed(actor, engagement):
        raise PermissionDenied
    form = EngagementForm(
        request.POST or None, initial=agreed(engagement), actor=actor, engagement=engagement
    )

    def act(values: dict[str, Any]) -> str:
        version = seen_version(request)
        change_engagement(actor, engagement, version=version, **parted(values))
        messages.success(request, say("record.saved", record=engagement))
        return at(request, "engagements-record", engagement.pk)

    return form_page(
        request, form, act, title=say("record.edit_one", record=engagement),
        button=say("record.save"), cancel=at(request, "engagements-record", key),
        crumbs=crumbs_of(request, engagement), record=engagement, there=agreed,
    )  # fmt: skip
