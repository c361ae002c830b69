"""The pages of the rules: what holds and since when, and the form that changes it."""

from __future__ import annotations

import tomllib
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from linyin.inventory.config import parse_config
from linyin.inventory.web.models import Settings
from linyin.inventory.web.records import stated_config
from linyin.inventory.web.rules.actions import change_rules
from linyin.inventory.web.rules.exclusions import ExclusionsField
from linyin.inventory.web.rules.stated import ASKED, as_toml, differences, merged, rest_of, told
from linyin.lake import BadInput
from linyin.platform.actions import LONGEST_TEXT
from linyin.platform.actor import who_asks
from linyin.platform.findings import finding_text
from linyin.platform.history import timeline_of
from linyin.platform.sections import MenuPage, add_page
from linyin.platform.signin import signed_in, takes
from linyin.platform.stale import Stale
from linyin.platform.words import lazy_say, say

__all__ = ["change", "rules"]

_LONGEST = 100_000

add_page(MenuPage("inventory", "rules.title", "rules", "organization.view", 70))


class RulesForm(forms.Form):
    """Every rule: the usual ones a field each, the rest as text; why; what was seen."""

    def __init__(self, config: dict[str, Any], data: Any = None) -> None:
        read, _ = parse_config(stated_config(config), "")
        initial = {asked.key: asked.value(read) for asked in ASKED}
        initial["exclusions"] = stated_config(config).get("exclusions", [])
        initial["rest"] = as_toml(rest_of(config))
        super().__init__(data, initial=initial)
        self.fields |= {asked.key: asked.field() for asked in ASKED}
        self.fields["exclusions"] = ExclusionsField(
            label=lazy_say("rules.exclusions"), required=False,
            help_text=lazy_say("rules.exclusions.help"),
        )  # fmt: skip
        self.fields["rest"] = forms.CharField(
            label=lazy_say("rules.rest"), required=False, max_length=_LONGEST,
            help_text=lazy_say("rules.rest.help"),
            widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "code"}),
        )  # fmt: skip
        self.fields["reason"] = forms.CharField(
            label=lazy_say("rules.reason"), help_text=lazy_say("rules.reason.help"),
            max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 2}),
        )  # fmt: skip

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return heading → fields: the sections, then what is asked of every change."""
        found: dict[str, list[forms.BoundField]] = {}
        for asked in ASKED:
            heading = say(f"rules.{asked.key.partition('.')[0]}")
            found.setdefault(heading, []).append(self[asked.key])
        return [
            *found.items(),
            (say("rules.further"), [self[n] for n in ("exclusions", "rest", "reason")]),
        ]

    def clean(self) -> dict[str, Any]:
        """Put everything together."""
        stated: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                stated["config"] = merged(Settings.now().config, stated, stated["rest"])
            except tomllib.TOMLDecodeError as error:
                self.add_error("rest", say("rules.rest.broken", detail=str(error)))
        return stated


@signed_in
def rules(request: HttpRequest) -> HttpResponse:
    """Show what holds, who changed it last and why."""
    actor = who_asks(request)
    if not actor.may("organization.view"):
        raise PermissionDenied("organization.view")
    settings = Settings.now()
    context = {
        "title": say("rules.title"),
        "groups": list(told(settings.config).items()),
        "timeline": timeline_of(settings) if settings.pk else None,
        "may_change": change_rules.is_allowed(actor, settings),
    }
    return render(request, "inventory/rules.html", context)


@signed_in
@takes("GET", "POST")
def change(request: HttpRequest) -> HttpResponse:
    """Change the rules; what somebody else has changed meanwhile is shown, not lost."""
    actor = who_asks(request)
    settings = Settings.now()
    if not change_rules.is_allowed(actor, settings):
        raise PermissionDenied("inventory.rules")
    form = RulesForm(settings.config, request.POST or None)
    version, changed, is_stale = settings.version, [], False
    if request.method == "POST" and form.is_valid():
        seen = request.POST.get("version", "")
        try:
            change_rules(
                actor,
                settings,
                config=form.cleaned_data["config"],
                version=int(seen) if seen.isdecimal() else 0,
                reason=form.cleaned_data["reason"],
            )
        except Stale as stale:
            is_stale = True
            changed = differences(stale.stated["config"], Settings.now().config)
        except BadInput as bad:
            for finding in bad.findings:
                at = finding.at.column
                form.add_error(at if at in form.fields else "rest", finding_text(finding))
        else:
            messages.success(request, say("rules.changed"))
            return redirect("rules")
    context = {
        "title": say("rules.change"), "form": form, "version": version, "changed": changed,
        "stale": is_stale,
        "crumbs": [(say("rules.title"), reverse("rules"))],
    }  # fmt: skip
    status = 409 if is_stale else 422 if form.is_bound and form.errors else 200
    return render(request, "inventory/rules_change.html", context, status=status)
