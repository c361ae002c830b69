"""Pages of a row of activities: how it came to what it says, its correction, its removal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from linyin.lake import RevisedMeanwhile
from linyin.ledger.contexts import inputs
from linyin.ledger.web.correcting import (
    CORRECTED,
    PostedRow,
    correct_activity,
    posted_row,
    remove_activity,
    revisions_of,
)
from linyin.ledger.web.offers import items, methods, places, technologies, units
from linyin.ledger.web.row_posting import stated_of, texts_of
from linyin.organization.web.models import Node
from linyin.platform.actor import who_asks
from linyin.platform.audit import plain
from linyin.platform.form_pages import form_page
from linyin.platform.history import changes_of, who_said
from linyin.platform.models import LakeBatch
from linyin.platform.numbers import number
from linyin.platform.parts import Button, Event, Notice, Timeline
from linyin.platform.reasons import reason_said
from linyin.platform.resources.differences import seen_version
from linyin.platform.resources.suggested import Suggested
from linyin.platform.signin import signed_in, takes
from linyin.platform.stale import Stale
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["buttons_of", "correct", "gone_of", "past_of", "remove"]

_STATUSES: Final = ("measured", "invoiced", "estimated", "default")
_REQUIRED: Final = frozenset({"site", "begin", "end", "quantity", "unit", "status"})


@signed_in
@takes("GET", "POST")
def correct(request: HttpRequest, key: str) -> HttpResponse:
    """Correct a row; of one that was removed, bring it back."""
    actor, row, node = _found(request, key)
    form = _form(actor, row)(request.POST or None, initial=_texts(row))

    def act(values: Mapping[str, Any]) -> str:
        stated = {name: _text(value) for name, value in values.items() if name != "reason"}
        seen = _as_seen(request, row)
        try:
            correct_activity(actor, node=node, row=seen, stated=stated, reason=values["reason"])
        except RevisedMeanwhile as revised:
            raise Stale(_again(actor, key), stated) from revised
        messages.success(request, say("row.corrected", row=row))
        return reverse("activities-record", args=[key])

    return form_page(
        request, form, act,
        title=say("row.bring_back.title" if row.is_removed else "row.correct.title", row=row),
        lead=say("row.correct.lead"),
        button=say("row.bring_back" if row.is_removed else "row.correct"),
        cancel=reverse("activities-list" if row.is_removed else "activities-record",
                       args=[] if row.is_removed else [key]),
        notices=[_removed(row)] if row.is_removed else [],
        crumbs=_crumbs(row), record=row, there=_texts,
    )  # fmt: skip


@signed_in
@takes("GET", "POST")
def remove(request: HttpRequest, key: str) -> HttpResponse:
    """Let a row count no more."""
    actor, row, node = _found(request, key)
    if row.is_removed:
        raise Http404
    form = _Removal(request.POST or None)

    def act(values: Mapping[str, Any]) -> str:
        seen = _as_seen(request, row)
        try:
            remove_activity(actor, node=node, row=seen, reason=values["reason"])
        except RevisedMeanwhile as revised:
            raise Stale(_again(actor, key), {}) from revised
        messages.success(request, say("row.removed", row=row))
        return reverse("activities-record", args=[key])

    return form_page(
        request, form, act,
        title=say("row.remove.title", row=row), lead=say("row.remove.lead"),
        button=say("row.remove"), tone="danger", cancel=reverse("activities-record", args=[key]),
        crumbs=_crumbs(row), record=row,
    )  # fmt: skip


def buttons_of(actor: Actor, row: Mapping[str, Any]) -> Iterator[Button]:
    """Yield what the reader can do to a row: correct and remove it, or bring it back."""
    if not actor.may("activities.edit", row["site"]):
        return
    key = [row["pk"]]
    if row.get("_removed"):
        again = reverse("activities-correct", args=key)
        yield Button(say("row.bring_back"), again, "refresh", "primary")
    else:
        yield Button(say("row.remove"), reverse("activities-remove", args=key), "trash", "quiet")
        yield Button(
            say("row.correct"), reverse("activities-correct", args=key), "pencil", "primary"
        )


def gone_of(actor: Actor, key: str) -> tuple[Mapping[str, Any], Notice] | None:
    """Return a row that was removed, as it was, and why it counts no more."""
    row = posted_row(actor, key)
    if row is None or not row.is_removed:
        return None
    stated = {"pk": row.pk, "file": row.now["_file"], "file_row": row.now["_row"]}
    return {**row.now, **stated}, _removed(row)


def _removed(row: PostedRow) -> Notice:
    reason = reason_said(row.now["_reason"] or "–")
    return Notice(say("row.is_removed", reason=reason), tone="warning")


def past_of(actor: Actor, row: Mapping[str, Any]) -> Timeline | None:
    """Return how a row came to what it says, the last revision first."""
    revisions = revisions_of(actor, row["pk"], row["site"])
    if not revisions:
        return None
    batches = LakeBatch.objects.in_bulk({revision["_batch"] for revision in revisions})
    steps = [(None, revisions[0]), *pairwise(revisions)]
    return Timeline([_event(batches, *step) for step in reversed(steps)])


def _event(
    batches: Mapping[str, LakeBatch], before: Mapping[str, Any] | None, after: Mapping[str, Any]
) -> Event:
    batch = batches.get(after["_batch"])
    what = "row.past.posted" if before is None else "row.past.corrected"
    if after["_removed"]:
        what = "row.past.removed"
    elif before is not None and before["_removed"]:
        what = "row.past.brought_back"
    is_change = before is not None and not after["_removed"]
    return Event(
        at=after["_recorded_at"],
        who=who_said(batch.who) if batch is not None else "",
        what=say(what),
        why=reason_said(after["_reason"] or ""),
        changes=list(_changes(_said(before or {}), _said(after))) if is_change else [],
    )


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield what became of each column and input: what it is called, before, after."""
    for name in {**before, **after}:
        then, now = before.get(name), after.get(name)
        for _, *values in changes_of("activities", {name: then}, {name: now}):
            yield _called(name), values[0], values[1]


def _called(name: str) -> str:
    """Return what a column or an input is called."""
    known = inputs().get(name)
    if known is None:
        return say(f"activities.{name}")
    unit = "" if known.unit.code == "1" else f" ({known.unit.code})"
    return f"{known.description[lang()]}{unit}"


def _said(revision: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a revision states, under the names of columns."""
    columns, named = stated_of(revision)
    return {
        name: number(value) if isinstance(value, float) else plain(value)
        for name, value in {**columns, **named}.items()
        if name not in ("source", "external_id", "reason") and value not in (None, "")
    }


def _found(request: HttpRequest, key: str) -> tuple[Actor, PostedRow, Node]:
    """Return a row that the reader sees and may correct."""
    actor = who_asks(request)
    if not actor.may("activities.view"):
        raise PermissionDenied("activities.view")
    row = posted_row(actor, key)
    if row is None:
        raise Http404
    if not actor.may("activities.edit", row.site):
        raise PermissionDenied("activities.edit")
    return actor, row, Node.objects.get(code=row.site)


def _as_seen(request: HttpRequest, row: PostedRow) -> PostedRow:
    """Return a row up to the revision that its form was shown with."""
    seen = seen_version(request)
    shown = [revision for revision in row.revisions if revision["_revision"] <= seen]
    if not shown:
        raise Stale(row, {})
    return PostedRow(shown)


def _again(actor: Actor, key: str) -> PostedRow:
    row = posted_row(actor, key)
    if row is None:
        raise Http404
    return row


def _crumbs(row: PostedRow) -> list[tuple[str, str]]:
    crumbs = [(say("activities.title"), reverse("activities-list"))]
    if not row.is_removed:
        crumbs.append((str(row), reverse("activities-record", args=[row.pk])))
    return crumbs


def _texts(row: PostedRow) -> dict[str, Any]:
    """Return what stands in the fields of a row's form."""
    columns, named = stated_of(row.now)
    texts = texts_of({name: columns.get(name) for name in CORRECTED}, named)
    days = {name: row.now[name] for name in ("begin", "end")}
    return {name.partition(" [")[0]: text for name, text in texts.items()} | days


def _text(value: Any) -> str:
    return "" if value is None else str(plain(value)).strip()


def _form(actor: Actor, row: PostedRow) -> type[forms.Form]:
    """Return the form of a row: its columns, the inputs that it states, the reason."""
    made: dict[str, forms.Field] = {name: _field(actor, name) for name in CORRECTED}
    for name in row.named:
        made[name] = forms.CharField(label=_called(name), max_length=80)
    made["reason"] = _reason()
    return type("CorrectionForm", (forms.Form,), made)


_OFFERS: Final = {
    "item": items, "unit": units, "technology": technologies, "method": methods, "place": places,
}  # fmt: skip


def _field(actor: Actor, name: str) -> forms.Field:
    options: dict[str, Any] = {
        "label": _called(name), "required": name in _REQUIRED,
    }  # fmt: skip
    match name:
        case "site":
            nodes = Node.objects.filter(code__in=actor.nodes("activities.edit")).order_by("code")
            choices = [(n.code, n.name(lang())) for n in nodes]
            return forms.ChoiceField(choices=choices, **options)
        case "status":
            choices = [(s, say(f"activities.status.{s}")) for s in _STATUSES]
            return forms.ChoiceField(choices=choices, **options)
        case "begin" | "end":
            day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            return forms.DateField(widget=day, **options)
        case "item" | "unit" | "technology" | "method" | "place":
            return forms.CharField(widget=Suggested(_OFFERS[name]), max_length=200, **options)
        case "description":
            return forms.CharField(
                widget=forms.Textarea(attrs={"rows": 2}), max_length=2000, **options
            )
    return forms.CharField(max_length=200, **options)


def _reason() -> forms.CharField:
    return forms.CharField(
        label=say("row.reason"), help_text=say("row.reason.help"), max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class _Removal(forms.Form):
    """Why a row counts no more."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"] = _reason()
