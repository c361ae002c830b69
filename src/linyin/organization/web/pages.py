"""The pages on which a part of the organization is added, and on which it is moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from linyin.lake import BadInput
from linyin.organization.web.actions import add_node, move_node, sight_of_move
from linyin.organization.web.forms import first_standing_form, offer_reach
from linyin.organization.web.models import Node
from linyin.organization.web.resources import nodes
from linyin.platform.actor import who_asks
from linyin.platform.findings import finding_text
from linyin.platform.refusals import tell_form
from linyin.platform.resources.forms import record_form
from linyin.platform.resources.preview import Preview, look_before
from linyin.platform.signin import signed_in, takes
from linyin.platform.words import lang, lazy_say, say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["add", "move"]

_FIELDS = {"node-stands-nowhere": "begin", "node-moves-later": "begin"}


class MoveForm(forms.Form):
    """Where it goes, and from when on."""

    parent = forms.ModelChoiceField(
        Node.objects.none(),
        empty_label="—",
        label=lazy_say("action.organization.move_node.parent"),
    )
    begin = forms.DateField(
        label=lazy_say("action.organization.move_node.begin"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label=lazy_say("action.organization.move_node.reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, actor: Actor, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_reach(self.fields["parent"], actor)


@signed_in
@takes("GET", "POST")
def add(request: HttpRequest) -> HttpResponse:
    """Ask what a new node is and where it stands, and add it."""
    actor = who_asks(request)
    if not actor.may(add_node.permission):
        raise PermissionDenied(add_node.permission)
    node = record_form(nodes, actor)(request.POST or None)
    above = Node.objects.filter(code=request.GET.get("node", "")).first()
    standing = first_standing_form(actor)(request.POST or None, initial={"parent": above})
    if request.method == "POST" and node.is_valid() & standing.is_valid():
        try:
            made = add_node(actor, values=node.cleaned_data | standing.cleaned_data)
        except BadInput as bad:
            tell_form(bad, node, standing)
        else:
            messages.success(request, say("record.made", record=made))
            return redirect("nodes-record", key=made.pk)
    context = {
        "node": node,
        "standing": standing,
        "crumbs": [(say("nodes.title"), reverse("nodes-list"))],
    }
    status = 422 if node.errors or standing.errors else 200
    return render(request, "organization/add.html", context, status=status)


@signed_in
@takes("GET", "POST")
def move(request: HttpRequest, key: str) -> HttpResponse:
    """Ask where a node goes, show who gains and loses sight, and move it once that was seen."""
    actor = who_asks(request)
    if not actor.may(nodes.view):
        raise PermissionDenied(nodes.view)
    node: Node | None = nodes.record(actor, key)
    if node is None:
        raise Http404
    if not move_node.is_allowed(actor, node):
        raise PermissionDenied("organization.edit")
    form = MoveForm(actor, request.POST or None, initial={"begin": localdate()})
    preview: Preview | None = None
    if request.method == "POST" and form.is_valid():
        try:
            changes = sight_of_move(node, **form.cleaned_data)
            preview = look_before(request, changes, always=True)
            if preview is None:
                move_node(actor, node, **form.cleaned_data)
        except BadInput as bad:
            for finding in bad.findings:
                field = _FIELDS.get(finding.code, "parent")
                form.add_error(field, finding_text(finding))
        else:
            if preview is None:
                messages.success(request, say("action.organization.move_node.done", record=node))
                return redirect("nodes-record", key=node.pk)
    context = {
        "title": say("nodes.move", node=node.name(lang())),
        "form": form,
        "preview": preview,
        "crumbs": [
            (say("nodes.title"), reverse("nodes-list")),
            (node.name(lang()), reverse("nodes-record", args=[node.pk])),
        ],
        "back": reverse("nodes-record", args=[node.pk]),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "organization/move.html", context, status=status)
