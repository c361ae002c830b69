"""The pages of the rules: what holds and since when, and the form that changes it."""

from __future__ import annotations

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
from linyin.inventory.web.rules.stated import ASKED, differences, merged, told
from linyin.inventory.web.rules.tables import TABLES
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

add_page(MenuPage("inventory", "rules.title", "rules", "organization.view", 70))


class RulesForm(forms.Form):
    """Every rule: a field or a table each; why; what was seen."""

    def __init__(self, config: dict[str, Any], data: Any = None) -> None:
        read, _ = parse_config(stated_config(config), "")
        initial = {asked.key: asked.value(read) for asked in ASKED}
        initial |= {table.key: table.rows(read) for table in TABLES}
        super().__init__(data, initial=initial)
        self.fields |= {asked.key: asked.field(initial[asked.key]) for asked in ASKED}
        self.fields |= {table.key: table.field(initial[table.key]) for table in TABLES}
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
        rest = [self[name] for name in (*(table.key for table in TABLES), "reason")]
        return [*found.items(), (say("rules.further"), rest)]

    def clean(self) -> dict[str, Any]:
        """Put everything together."""
        stated: dict[str, Any] = super().clean() or {}
        if not self.errors:
            stated["config"] = merged(Settings.now().config, stated)
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
                form.add_error(_field_of(at, form), finding_text(finding))
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


def _field_of(at: str, form: RulesForm) -> str | None:
    """Return the field that a finding is about: its own, or the table that has its row."""
    return next((name for name in form.fields if at == name or at.startswith(f"{name}.")), None)
