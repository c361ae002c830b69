"""The page on which data are asked for."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from linyin.lake import BadInput
from linyin.ledger.monthly import later_month
from linyin.ledger.web.grid_models import SourceLine
from linyin.ledger.web.grid_months import read_month
from linyin.ledger.web.requests import request_data
from linyin.organization.web.models import Node
from linyin.platform.actor import who_asks
from linyin.platform.findings import finding_text
from linyin.platform.jobs import enqueue
from linyin.platform.models import Person
from linyin.platform.signin import signed_in, takes
from linyin.platform.words import lang, lazy_say, say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["new_request"]


class MonthField(forms.CharField):
    """A month: `2024-10`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"type": "month"}), **options)

    def clean(self, value: Any) -> date:
        """Return its first day."""
        month = read_month(str(super().clean(value)))
        if month is None:
            raise forms.ValidationError(say("requests.month_broken"))
        return month


class RequestForm(forms.Form):
    """What is asked for, of whom, by when."""

    site = forms.ModelChoiceField(
        Node.objects.none(), empty_label="—", label=lazy_say("requests.site")
    )
    first = MonthField(label=lazy_say("requests.first"))
    last = MonthField(label=lazy_say("requests.last"))
    due = forms.DateField(
        label=lazy_say("requests.due"), widget=forms.DateInput(attrs={"type": "date"})
    )
    assignee = forms.ModelChoiceField(
        Person.objects.none(), empty_label="—", label=lazy_say("requests.assignee")
    )
    note = forms.CharField(
        label=lazy_say("requests.note"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, actor: Actor, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        reach = actor.nodes("activities.approve")
        with_lines = SourceLine.objects.values("site").distinct()
        site = self.fields["site"]
        site.queryset = Node.objects.filter(code__in=reach, pk__in=with_lines)  # type: ignore[attr-defined]
        names = dict(actor.tree.options(reach, lang()))
        site.label_from_instance = lambda node: names.get(node.code, node.code).strip()  # type: ignore[attr-defined]
        people = Person.objects.filter(is_active=True, grants__isnull=False).distinct()
        self.fields["assignee"].queryset = people.order_by("name")  # type: ignore[attr-defined]


@signed_in
@takes("GET", "POST")
def new_request(request: HttpRequest) -> HttpResponse:
    """Ask somebody for months of a site."""
    actor = who_asks(request)
    if not actor.may("activities.approve"):
        raise PermissionDenied("activities.approve")
    site = Node.objects.filter(code=request.GET.get("site", "")).first()
    form = RequestForm(actor, request.POST or None, initial={"site": site})
    if request.method == "POST" and form.is_valid():
        stated = form.cleaned_data
        try:
            made = request_data(
                actor, site=stated["site"], begin=stated["first"], end=later_month(stated["last"]),
                due=stated["due"], assignee=stated["assignee"], note=stated["note"],
            )  # fmt: skip
        except BadInput as bad:
            for finding in bad.findings:
                field = {"request-due-past": "due", "request-without-month": "last",
                         "request-assignee": "assignee"}.get(finding.code)  # fmt: skip
                form.add_error(field, finding_text(finding))
        else:
            enqueue(actor, "ledger.remind", {}, key=f"request-{made.pk}")
            messages.success(request, say("requests.made", person=made.assignee))
            return HttpResponseRedirect(reverse("requests-record", args=[made.pk]))
    context = {
        "title": say("requests.new"),
        "form": form,
        "crumbs": [(say("requests.title"), reverse("requests-list"))],
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "ledger/request_new.html", context, status=status)
