"""The pages on which decisions are recorded and corrected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from linyin.governance.web.about import address_of
from linyin.governance.web.actions import correct_decision, record_decision
from linyin.governance.web.models import Body, Decision
from linyin.governance.web.resources import bodies as body_resource
from linyin.governance.web.resources import decisions as decision_resource
from linyin.lake import BadInput
from linyin.platform.actor import who_asks
from linyin.platform.documents import KINDS, keep_document, staged
from linyin.platform.findings import finding_text
from linyin.platform.grants import visible_to
from linyin.platform.parts import FileDrop
from linyin.platform.signin import signed_in, takes
from linyin.platform.words import lazy_say, say

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from linyin.platform.actor import Actor

__all__ = ["correct", "new", "of_body"]

FIELDS: Final = {
    "decision-future": "decided_on", "decision-body-away": "decided_on",
    "decision-before": "decided_on", "decision-without-votes": "votes_for",
    "decision-votes-many": "votes_for", "decision-about": "about",
}  # fmt: skip
"""Field beside which the message of a rule stands."""


class DecisionForm(forms.Form):
    """Who decided what, when and how."""

    body = forms.ModelChoiceField(Body.objects.none(), label=lazy_say("decisions.body"))
    decided_on = forms.DateField(
        label=lazy_say("decisions.decided_on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    heading = forms.CharField(label=lazy_say("decisions.heading"), max_length=200)
    text = forms.CharField(
        label=lazy_say("decisions.text"), widget=forms.Textarea(attrs={"rows": 5})
    )
    result = forms.ChoiceField(label=lazy_say("decisions.result"))
    way = forms.ChoiceField(label=lazy_say("decisions.way"))
    votes_for = forms.IntegerField(
        label=lazy_say("decisions.votes_for"), required=False, min_value=0
    )
    votes_against = forms.IntegerField(
        label=lazy_say("decisions.votes_against"), required=False, min_value=0
    )
    abstained = forms.IntegerField(
        label=lazy_say("decisions.abstained"), required=False, min_value=0
    )
    about = forms.CharField(
        label=lazy_say("decisions.about"), required=False, max_length=500,
        help_text=lazy_say("decisions.about.help"),
    )  # fmt: skip

    def __init__(self, actor: Actor, body: Body | None, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        seen = visible_to(actor, Body, "governance.edit")
        field: Any = self.fields["body"]
        field.queryset = seen.filter(pk=body.pk) if body is not None else seen
        field.empty_label = None if body is not None else "—"
        for name, values in (("result", Decision.RESULTS), ("way", Decision.WAYS)):
            choices: Any = self.fields[name]
            choices.choices = [(value, say(f"decisions.{name}.{value}")) for value in values]
        self.fields["way"].initial = "consent"


@signed_in
@takes("GET", "POST")
def new(request: HttpRequest) -> HttpResponse:
    """Record a decision of any body in reach."""
    actor = _editor(request)
    return _answer(request, actor, None, None)


@signed_in
@takes("GET", "POST")
def of_body(request: HttpRequest, key: str) -> HttpResponse:
    """Record a decision of one body."""
    actor = _editor(request)
    body = body_resource.record(actor, key)
    if body is None:
        raise Http404
    if not record_decision.is_allowed(actor, body):
        raise PermissionDenied
    return _answer(request, actor, body, None)


@signed_in
@takes("GET", "POST")
def correct(request: HttpRequest, key: str) -> HttpResponse:
    """Record a decision in the place of another."""
    actor = _editor(request)
    decision = decision_resource.record(actor, key)
    if decision is None:
        raise Http404
    if not correct_decision.is_allowed(actor, decision):
        raise PermissionDenied
    return _answer(request, actor, decision.body, decision)


def _editor(request: HttpRequest) -> Actor:
    actor = who_asks(request)
    if not actor.may("governance.edit"):
        raise PermissionDenied("governance.edit")
    return actor


def _answer(
    request: HttpRequest, actor: Actor, body: Body | None, corrected: Decision | None
) -> HttpResponse:
    initial: dict[str, Any] = {"decided_on": localdate(), "about": request.GET.get("about", "")}
    if body is not None:
        initial["body"] = body.pk
    if corrected is not None:
        names = ("heading", "text", "result", "way", "votes_for", "votes_against", "abstained",
                 "about")  # fmt: skip
        initial |= {name: getattr(corrected, name) for name in names}
        initial["about"] = address_of(corrected.about)
    form = DecisionForm(actor, body, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        files = request.FILES.getlist("documents")
        made = _record(actor, form, corrected, files)
        if made is not None:
            messages.success(request, say("action.governance.record_decision.done", record=made))
            return redirect("decisions-record", key=made.pk)
    context = {
        "title": say("decisions.correct", number=corrected.number)
        if corrected
        else say("decisions.new"),
        "lead": say("decisions.correct.lead") if corrected else say("decisions.lead"),
        "form": form,
        "drop": FileDrop("documents", say("decisions.documents"), is_multiple=True,
                         help=say("decisions.documents.help"), accept=",".join(KINDS)),
        "crumbs": [(say("decisions.title"), reverse("decisions-list"))],
        "back": reverse("decisions-record", args=[corrected.pk])
        if corrected
        else reverse("decisions-list"),
    }  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "governance/decision.html", context, status=status)


def _record(
    actor: Actor,
    form: DecisionForm,
    corrected: Decision | None,
    files: Sequence[UploadedFile[Any]],
) -> Decision | None:
    """Record what a form states, with its documents; or put what is wrong beside its field."""
    stated = dict(form.cleaned_data)
    body: Body = stated.pop("body")
    for name in ("votes_for", "votes_against", "abstained"):
        stated[name] = stated[name] or 0
    try:
        with staged(actor, body.node, files) as written, transaction.atomic():
            kept = [keep_document(actor, node=body.node, file=file) for file in written]
            stated["documents"] = [document.sha256 for document in kept]
            made: Decision = (
                record_decision(actor, body, **stated)
                if corrected is None
                else correct_decision(actor, corrected, **stated)
            )
    except BadInput as bad:
        for finding in bad.findings:
            form.add_error(FIELDS.get(finding.code), finding_text(finding))
        return None
    return made
