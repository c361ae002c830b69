"""Why can this person see this? The grants that reach a node or a record, and their way to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from linyin.organization.web.models import Node
from linyin.platform.actor import Actor, who_asks
from linyin.platform.grants import is_shared, visible_to
from linyin.platform.models import Grant, Person
from linyin.platform.models.record import Record, owner_path
from linyin.platform.parts import Column, Empty, Link, Notice, Row, Table
from linyin.platform.resources import Resource
from linyin.platform.resources.named import named_record
from linyin.platform.roles import roles
from linyin.platform.sections import MenuPage, add_page
from linyin.platform.signin import signed_in
from linyin.platform.tree import Tree
from linyin.platform.words import enumerated, lang, lazy_say, say

__all__ = ["AccessForm", "Explanation", "Reason", "access_page", "explained", "reasons_for"]

add_page(MenuPage("home", "access.title", "access", "people.view", 62, "administration"))


@dataclass(frozen=True, slots=True)
class Reason:
    """A grant that reaches a node.

    Attributes
    ----------
    path
        Codes of the nodes from the grant's down to the one that is asked about.
    permissions
        What the role may do there.

    """

    grant: Grant
    path: Sequence[str]
    permissions: frozenset[str]


def reasons_for(
    person: Person, node: str, tree: Tree, permission: str = "", *, as_guest: bool = False
) -> list[Reason]:
    """Return the grants by which a person reaches a node today, the nearest first.

    Parameters
    ----------
    person
        Somebody; who is not active reaches nothing.
    node
        Code of a node; '' = anything of the whole organization, which any node gives.
    tree
        Today's tree.
    permission
        Only grants of roles that hold it.
    as_guest
        Grants of guests instead: they reach what is shared with them there, and no node.

    """
    if not person.is_active:
        return []
    path = tree.path_to(node) if node else []
    found = []
    for grant in person.grants.select_related("node"):
        held = roles()[grant.role].permissions
        if roles()[grant.role].is_guest != as_guest:
            continue
        at = grant.node.code
        reaches = not node or at == node or (grant.subtree and at in path)
        if reaches and (not permission or permission in held):
            way = path[path.index(at) :] if node else [at]
            found.append(Reason(grant, way, held))
    return sorted(found, key=lambda reason: (len(reason.path), reason.grant.role))


class AccessForm(forms.Form):
    """Who, and what."""

    person = forms.ModelChoiceField(
        Person.objects.none(), empty_label="—", label=lazy_say("access.person")
    )
    at = forms.ChoiceField(label=lazy_say("access.node"), required=False)
    record = forms.CharField(
        label=lazy_say("access.record"),
        required=False,
        max_length=500,
        help_text=lazy_say("access.record.help"),
    )

    def __init__(self, actor: Actor, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.actor = actor
        people: Any = self.fields["person"]
        people.queryset = visible_to(actor, Person, "people.view").order_by("name")
        nodes: Any = self.fields["at"]
        nodes.choices = [("", "—"), *actor.tree.options(actor.nodes("people.view"), lang())]

    def clean(self) -> dict[str, Any]:
        """Ask for a node or a record, and find the record's node."""
        stated: dict[str, Any] = super().clean() or {}
        if not stated.get("at") and not stated.get("record"):
            self.add_error("at", say("access.nothing"))
        if stated.get("record"):
            found = named_record(stated["record"])
            node = _node_of(self.actor, *found) if found is not None else None
            if found is None or node is None:
                self.add_error("record", say("access.record.unknown"))
            else:
                stated["resource"], stated["key"], stated["at"] = *found, node
        return stated


def _node_of(actor: Actor, resource: Resource, key: str) -> str | None:
    """Return the code of a record's node, '' for the whole organization's; None out of reach."""
    reach = actor.nodes("people.view")
    if resource.model is None:
        row, column = resource.rows.get(reach, key), resource.node_column
        return str(row[column.name]) if row is not None and column is not None else None
    if owner_path(resource.model):
        return None
    if resource.rows.get(reach, key) is None:
        return None
    record = resource.model._default_manager.get(pk=key)
    if isinstance(record, Record):
        return record.grant_node
    node: Any = getattr(record, "node", None)
    return node.code if isinstance(node, Node) else ""


@signed_in
def access_page(request: HttpRequest) -> HttpResponse:
    """Show which grants let a person see a node or a record, and by which way."""
    actor = who_asks(request)
    if not actor.may("people.view"):
        raise PermissionDenied("people.view")
    form = AccessForm(actor, request.GET if request.GET.get("person") else None)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        context |= _answer(actor, explained(actor, **form.cleaned_data))
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "platform/access.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether somebody sees a node or a record, and why.

    Attributes
    ----------
    what
        What was asked about, in words.
    permission
        What seeing it needs; empty for a node.
    reasons
        The grants that reach it; none if they do not see it.
    why_not
        In words, if they do not.

    """

    person: Person
    what: str
    permission: str
    reasons: list[Reason]
    why_not: str


def explained(
    actor: Actor,
    person: Person,
    at: str,
    record: str,  # noqa: ARG001 - `resource` and `key` say it
    resource: Resource | None = None,
    key: str = "",
) -> Explanation:
    """Return what the values of :class:`AccessForm` ask for."""
    permission = resource.view if resource is not None else ""
    reasons = reasons_for(person, at, actor.tree, permission)
    what = actor.tree.names(lang()).get(at, say("access.everything"))
    if resource is not None:
        kind, name = say(f"{resource.name}.title"), _called(actor, resource, key)
        what = say("access.record_of", kind=kind, name=name, node=what)
        if not reasons and _is_shared(person, resource, key):
            reasons = reasons_for(person, at, actor.tree, permission, as_guest=True)
    return Explanation(
        person, what, permission, reasons, "" if reasons else _why_not(person, permission)
    )


def _called(actor: Actor, resource: Resource, key: str) -> str:
    """Return what a record is called."""
    if resource.model is not None:
        return str(resource.model._default_manager.get(pk=key))
    row = resource.rows.get(actor.nodes("people.view"), key)
    return str(row[resource.title]) if row is not None and resource.title else key


def _is_shared(person: Person, resource: Resource, key: str) -> bool:
    if resource.model is None:
        return False
    record = resource.model._default_manager.get(pk=key)
    return is_shared(Actor(person, "web"), record, resource.view)


def _answer(actor: Actor, told: Explanation) -> dict[str, Any]:
    sees = bool(told.reasons)
    verdict = say(
        "access.sees" if sees else "access.sees_not", person=told.person.name, what=told.what
    )
    names = actor.tree.names(lang())
    return {
        "verdict": Notice(verdict, told.why_not, "good" if sees else "warning"),
        "reasons": _table(actor, told.reasons, names, told.permission),
    }


def _why_not(person: Person, permission: str) -> str:
    if not person.is_active:
        return say("access.inactive")
    held = list(person.grants.all())
    if not held:
        return say("access.no_grant")
    if permission and not any(permission in roles()[g.role].permissions for g in held):
        return say("access.no_permission", permission=say(f"permission.{permission}"))
    return say("access.elsewhere")


def _table(
    actor: Actor, reasons: Sequence[Reason], names: dict[str, str], permission: str
) -> Table:
    """Return the grants with their ways; of one out of the reader's reach no node is named."""
    language, reach = lang(), actor.nodes("people.view")
    rows = []
    for reason in reasons:
        grant = reason.grant
        is_seen = grant.node.code in reach
        shown = [names[code] for code in reason.path if code in reach]
        way = " › ".join(shown if is_seen else [say("access.above"), *shown])
        hint = "" if grant.subtree else say("access.alone")
        held = sorted(say(f"permission.{name}") for name in reason.permissions)
        may = say(f"permission.{permission}") if permission else enumerated(held, language)
        href = reverse("grants-record", args=[grant.pk]) if is_seen else ""
        rows.append(Row([roles()[grant.role].names[language], Link(way, hint=hint), may], href))
    columns = [
        Column(say("access.role")),
        Column(say("access.way"), is_wide=True),
        Column(say("access.may"), is_wide=True),
    ]
    empty = Empty(say("access.none"), icon="key")
    return Table(say("access.reasons"), columns, rows, empty=empty)
