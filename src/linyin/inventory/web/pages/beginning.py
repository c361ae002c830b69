"""The first-run page: what is asked before anything else, of whoever started the server."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from linyin.inventory.web.beginning import FirstAnswers, begin, is_begun
from linyin.lake import BadInput
from linyin.ledger import APPROACHES, place_names, place_parents
from linyin.organization import WORLD
from linyin.platform.actor import Actor
from linyin.platform.findings import finding_text
from linyin.platform.signin import takes
from linyin.platform.words import lang, lazy_say, say

__all__ = ["begin_key", "begin_page"]

_FIELDS: Final = {
    "begin-name-missing": "name",
    "begin-name-too-long": "name",
    "begin-name-twice": "sites",
    "begin-base-year-odd": "base_year",
    "begin-approach-unknown": "approach",
    "begin-country-unknown": "country",
    "begin-email-broken": "email",
    "begin-password-weak": "password",
}


def begin_key() -> str:
    """Return what the address of the first-run page must hold, as `linyin serve` prints it.

    The workspace has no people yet, so only who can read the server's output may begin it.
    """
    return salted_hmac("linyin.begin", "first run", algorithm="sha256").hexdigest()[:32]


class BeginForm(forms.Form):
    """Six things about the enterprise, and who keeps it."""

    name = forms.CharField(label=lazy_say("begin.name"), max_length=80)
    country = forms.ChoiceField(label=lazy_say("begin.country"))
    sites = forms.CharField(
        label=lazy_say("begin.sites"), required=False, help_text=lazy_say("begin.sites.help"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    base_year = forms.IntegerField(
        label=lazy_say("begin.base_year"), help_text=lazy_say("begin.base_year.help")
    )
    approach = forms.ChoiceField(
        label=lazy_say("begin.approach"), help_text=lazy_say("begin.approach.help")
    )
    language = forms.ChoiceField(
        label=lazy_say("begin.language"), choices=[("zh-hans", "中文"), ("en", "English")]
    )
    person = forms.CharField(label=lazy_say("begin.person"), max_length=80)
    email = forms.EmailField(
        label=lazy_say("begin.email"), help_text=lazy_say("begin.email.help"),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )  # fmt: skip
    password = forms.CharField(
        label=lazy_say("begin.password"), help_text=lazy_say("begin.password.help"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names, parents = place_names(lang()), place_parents()
        countries = [(code, names[code]) for code, parent in parents.items() if parent == WORLD]
        countries.sort(key=lambda one: (one[0] != "CN", one[1]))
        approaches = [(a, say(f"runs.approach.{a}")) for a in APPROACHES]
        self.fields["country"].choices = countries  # type: ignore[attr-defined]
        self.fields["approach"].choices = approaches  # type: ignore[attr-defined]

    def clean_sites(self) -> list[str]:
        """Read one name a line."""
        return [line.strip() for line in self.cleaned_data["sites"].splitlines() if line.strip()]


@takes("GET", "POST")
def begin_page(request: HttpRequest) -> HttpResponse:
    """Ask for the enterprise and its first administrator; once, with the key of the address."""
    if is_begun():
        return redirect("home")
    if not constant_time_compare(request.GET.get("key", ""), begin_key()):
        context = {"title": say("begin.title"), "is_locked": True}
        return render(request, "inventory/begin.html", context, status=403)
    initial = {"language": "zh-hans" if lang() == "zh" else "en", "approach": "operational_control"}
    form = BeginForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            begin(Actor(None, "web", is_operator=True), FirstAnswers(**form.cleaned_data))
        except BadInput as bad:
            for finding in bad.findings:
                form.add_error(_FIELDS.get(finding.code), finding_text(finding))
        else:
            messages.success(request, say("begin.done", name=form.cleaned_data["name"]))
            return redirect(reverse("account_login"))
    status = 422 if form.is_bound and form.errors else 200
    context = {"title": say("begin.title"), "form": form}
    return render(request, "inventory/begin.html", context, status=status)
