"""Asking for runs: a guided task that ends with a job, whose progress this page follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from linyin.inventory import BaseYearAssessment
from linyin.inventory.web.actions import request_runs
from linyin.inventory.web.baseyear import stated_run
from linyin.inventory.web.models import RunRecord
from linyin.inventory.web.pages.base_year import changes_told
from linyin.inventory.web.pages.common import asked_node, texts, told_of_typed, with_scope
from linyin.lake import BadInput
from linyin.ledger import APPROACHES, GWP_SETS, STANDARDS
from linyin.organization.web.models import Node
from linyin.platform.actor import who_asks
from linyin.platform.findings import finding_text
from linyin.platform.grants import visible_to
from linyin.platform.signin import signed_in, takes
from linyin.platform.words import lang, lazy_say, say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["new_runs"]


class RunsForm(forms.Form):
    """What is calculated: for whom, which years, how."""

    node = forms.ChoiceField(label=lazy_say("runs.node"))
    years = forms.CharField(label=lazy_say("runs.years"), help_text=lazy_say("runs.years.help"))
    approach = forms.ChoiceField(label=lazy_say("runs.approach"), required=False)
    gwp = forms.ChoiceField(label=lazy_say("runs.gwp"), required=False)
    standard = forms.ChoiceField(label=lazy_say("runs.standard"), required=False)
    reason = forms.CharField(
        label=lazy_say("runs.reason"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=lazy_say("runs.reason.help"),
    )  # fmt: skip

    def __init__(self, *args: Any, nodes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        vocabulary = texts()
        as_decided = say("runs.as_decided")
        choices = {
            "node": nodes,
            "approach": [
                ("", as_decided),
                *((a, vocabulary.known("approach", a)) for a in APPROACHES),
            ],
            "gwp": [("", as_decided), *((g, g) for g in GWP_SETS)],
            "standard": [("", as_decided), *((s, s) for s in STANDARDS)],
        }
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]

    def clean_years(self) -> list[int]:
        """Read years: 2023, or several with commas or blanks between."""
        texts_ = (
            self.cleaned_data["years"]
            .replace(",", " ")
            .replace("，", " ")
            .replace("、", " ")
            .split()
        )
        if not texts_ or not all(t.isdecimal() and len(t) == 4 for t in texts_):
            raise forms.ValidationError(say("runs.years.wrong", value=self.cleaned_data["years"]))
        return sorted({int(t) for t in texts_})


@signed_in
@takes("GET", "POST")
def new_runs(request: HttpRequest) -> HttpResponse:
    """Ask for runs, then follow their job."""
    actor = who_asks(request)
    codes = actor.nodes("inventory.run")
    if not codes:
        raise PermissionDenied
    node = asked_node(request, actor)
    seen_from = _seen_from(request, actor)
    old, structure_of = _restated(request, actor, seen_from)
    initial: dict[str, Any] = {"node": node.code if node else "", "years": _next_year()}
    like = old or seen_from
    if like is not None:
        initial = {
            "node": like.node.code, "years": str(like.year), "approach": like.approach,
            "gwp": like.gwp, "standard": like.standard,
        }  # fmt: skip
    if seen_from is not None:
        initial |= {
            "years": request.GET["restated"],
            "reason": changes_told(
                BaseYearAssessment.from_dict(seen_from.assessment), actor.tree.names(lang())
            ),
        }
    nodes = actor.tree.options(codes, lang())
    form = RunsForm(request.POST or None, initial=initial, nodes=nodes)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        values["node"] = Node.objects.get(code=values["node"])
        try:
            job = request_runs(
                actor, **values, restates=old.pk if old else 0, structure_of=structure_of
            )
        except BadInput as bad:
            for finding in bad.findings:
                form.add_error(None, finding_text(finding))
        else:
            return redirect(with_scope(request, reverse("jobs-record", args=[job.pk])))
    status = 422 if form.is_bound and form.errors else 200
    years = [int(y) for y in str(initial["years"]).replace(",", " ").split() if y.isdecimal()]
    sites = actor.tree.subtree(str(initial["node"])) if initial["node"] else ()
    context = {
        "notices": list(told_of_typed(sites, years)),
        "form": form, "old": old, "structure_of": structure_of,
        "crumbs": [(say("runs.title"), with_scope(request, reverse("runs-list")))],
    }  # fmt: skip
    return render(request, "inventory/new.html", context, status=status)


def _seen_from(request: HttpRequest, actor: Actor) -> RunRecord | None:
    """Return the run whose assessment of the base year asks for a restatement, if one does."""
    key, year = request.GET.get("seen_from", ""), request.GET.get("restated", "")
    seen = visible_to(actor, RunRecord, "inventory.view")
    run = seen.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 18 else None
    if run is None or year not in map(str, run.assessment.get("restated_years", ())):
        return None
    return run


def _restated(
    request: HttpRequest, actor: Actor, seen_from: RunRecord | None
) -> tuple[RunRecord | None, int]:
    """Return the run that is restated, and the year whose structure holds (0 = its own)."""
    seen = visible_to(actor, RunRecord, "inventory.view")
    if seen_from is not None:
        return stated_run(seen_from, int(request.GET["restated"])), seen_from.year
    key = request.GET.get("restates", "")
    return seen.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 18 else None, 0


def _next_year() -> str:
    """Return the last year that has a run, to calculate it anew."""
    last = RunRecord.objects.order_by("-year").first()
    return str(last.year) if last else ""
