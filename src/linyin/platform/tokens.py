"""Tokens: made and revoked by the person in whose name they speak."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from linyin.lake import BadInput
from linyin.platform.actions import action, refused, require
from linyin.platform.actor import who_asks
from linyin.platform.findings import finding_text
from linyin.platform.models import ApiToken
from linyin.platform.resources import Column, Resource
from linyin.platform.signin import signed_in, takes
from linyin.platform.words import lazy_say, say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["create_token", "new_token", "revoke_token", "tokens"]

LONGEST_DAYS: Final = 366
_BEGINNING: Final = "linyin_"


@action("api.use")
def create_token(
    actor: Actor, *, name: str, scopes: list[str], days: int = 90, read_only: bool = True
) -> ApiToken:
    """Make a token; its secret is the attribute `secret` of what is returned, and nowhere else.

    Parameters
    ----------
    name
        What it is for.
    scopes
        Permissions that it is confined to, of the actor's own.
    days
        After how many days it no longer counts, at most 366.
    read_only
        Whether it changes nothing.

    """
    person = actor.person
    if person is None or actor.scopes is not None:
        raise refused("token-by-token")
    require(name.strip(), "token-without-name")
    require(scopes and set(scopes) <= actor.permissions, "token-scopes")
    require(1 <= days <= LONGEST_DAYS, "token-days", longest=LONGEST_DAYS)
    secret = _BEGINNING + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        person=person,
        name=name.strip(),
        prefix=secret[: len(_BEGINNING) + 4],
        hash=hashlib.sha256(secret.encode()).hexdigest(),
        scopes=sorted(scopes),
        read_only=read_only,
        expires=timezone.localdate() + timedelta(days=days),
    )
    token.secret = secret  # type: ignore[attr-defined]
    return token


@action("api.use", takes_away=True)
def revoke_token(actor: Actor, token: ApiToken) -> None:  # noqa: ARG001 - an action's signature
    """Revoke a token: it no longer counts from now on."""
    token.delete()


tokens = Resource(
    name="tokens",
    section="home",
    model=ApiToken,
    columns=[
        Column("name"),
        Column("prefix", "code"),
        Column("read_only", "flag"),
        Column("expires", "date"),
        Column("last_used", "time"),
    ],
    view="api.use",
    edit="api.use",
    search=["name", "prefix"],
    order="name",
    title="name",
    actions=[revoke_token],
    rank=90,
    makes=True,
)


class _TokenForm(forms.Form):
    """What a token is to be."""

    name = forms.CharField(max_length=120, label=lazy_say("tokens.name"))
    days = forms.IntegerField(
        min_value=1, max_value=LONGEST_DAYS, initial=90, label=lazy_say("tokens.days")
    )
    read_only = forms.BooleanField(
        required=False, initial=True, label=lazy_say("tokens.read_only"),
        help_text=lazy_say("tokens.read_only.help"),
    )  # fmt: skip
    scopes = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        label=lazy_say("tokens.scopes"),
        help_text=lazy_say("tokens.scopes.help"),
    )

    def __init__(self, actor: Actor, data: Any = None) -> None:
        held = sorted(actor.permissions)
        super().__init__(data, initial={"scopes": [p for p in held if p.endswith(".view")]})
        self.fields["scopes"].choices = [(p, say(f"permission.{p}")) for p in held]  # type: ignore[attr-defined]


@signed_in
@takes("GET", "POST")
def new_token(request: HttpRequest) -> HttpResponse:
    """Make a token and show its secret, this once."""
    actor = who_asks(request)
    if not actor.may("api.use"):
        raise PermissionDenied
    form = _TokenForm(actor, request.POST or None)
    made = None
    if request.method == "POST" and form.is_valid():
        try:
            made = create_token(actor, **form.cleaned_data)
        except BadInput as bad:
            for finding in bad.findings:
                form.add_error(None, finding_text(finding))
    status = 422 if form.is_bound and form.errors else 200
    context = {
        "form": form,
        "made": made,
        "crumbs": [(say("tokens.title"), reverse("tokens-list"))],
    }
    response = render(request, "platform/tokens/new.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response
