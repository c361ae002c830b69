"""Why a factor wins: the question of an activity, the ranked list, what was filtered out."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from linyin.inventory.web.factors.catalogue import calculated_with, known_factors
from linyin.inventory.web.factors.facts import value_text
from linyin.inventory.web.factors.rows import name_of, place_name
from linyin.inventory.web.pages.common import with_scope
from linyin.lake import BadInput, Finding, Where
from linyin.ledger import Catalog, FactorQuestion, LedgerError, explain_factor, load_source_types
from linyin.ledger.web.called import technology_called, unit_called
from linyin.organization.web.models import Node, Standing
from linyin.platform.actor import who_asks
from linyin.platform.numbers import number
from linyin.platform.parts import Column, Link, Notice, Row, Table
from linyin.platform.parts.cells import Printed
from linyin.platform.refusals import tell_form
from linyin.platform.signin import asks_year, signed_in
from linyin.platform.times import day
from linyin.platform.words import lang, lazy_say, say, words

if TYPE_CHECKING:
    from linyin.ledger import FactorChoice, FactorExplanation
    from linyin.platform.actor import Actor

__all__ = ["ask", "explain", "nearest_miss", "question_of", "verdict"]

SHOWN: Final = 12
NAMED: Final = 3
_TEXTS: Final = ("technology", "supplier", "product")
# What is asked of a factor, in this order: what fails later comes nearer.
_ASKED: Final = (
    "boundary", "basis", "supplier", "product", "technology", "place", "place-excluded",
    "dimension", "calorific-basis", "not-released", "not-approved", "not-valid-yet", "expired",
)  # fmt: skip
_FIELDS: Final = {"item-unknown": "item", "place-unknown": "place", "factor-unknown": "without"}


class Question(forms.Form):
    """What an activity states that decides its factor."""

    item = forms.CharField(label=lazy_say("factors.item"), max_length=120)
    unit = forms.CharField(label=lazy_say("explain.unit"), max_length=40)
    year = forms.IntegerField(label=lazy_say("explain.year"), min_value=1950, max_value=2100)
    place = forms.CharField(
        label=lazy_say("factors.place"), max_length=80, required=False,
        help_text=lazy_say("explain.place.help"),
    )  # fmt: skip
    site = forms.ChoiceField(label=lazy_say("explain.site"), required=False)
    source_type = forms.ChoiceField(label=lazy_say("explain.source_type"), required=False)
    technology = forms.CharField(label=lazy_say("factors.technology"), required=False)
    supplier = forms.CharField(label=lazy_say("factors.supplier"), required=False)
    product = forms.CharField(label=lazy_say("factors.product"), required=False)
    pin = forms.DateField(
        label=lazy_say("explain.pin"), required=False, help_text=lazy_say("explain.pin.help"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    without = forms.CharField(
        label=lazy_say("explain.without"),
        required=False,
        help_text=lazy_say("explain.without.help"),
    )

    def __init__(self, actor: Actor, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        nodes = actor.tree.options(actor.nodes("factors.view"), lang())
        types = sorted(load_source_types())
        choices = {
            "site": [("", "—"), *((code, name.strip()) for code, name in nodes)],
            "source_type": [("", say("explain.any")), *((t, _source_type(t)) for t in types)],
        }
        for name, options_ in choices.items():
            self.fields[name].choices = options_  # type: ignore[attr-defined]


@signed_in
@asks_year
def explain(request: HttpRequest) -> HttpResponse:
    """Ask for a factor as a calculation would, and show why the winner won."""
    actor = who_asks(request)
    if not actor.may("factors.view"):
        raise PermissionDenied
    form = Question(actor, request.GET if "item" in request.GET else None)
    context: dict[str, Any] = {
        "form": form,
        "title": say("factors.explain"),
        "crumbs": [(say("factors.title"), with_scope(request, reverse("factors-list")))],
    }
    if form.is_bound and form.is_valid():
        try:
            told = ask(actor, question_of(form.cleaned_data))
        except BadInput as bad:
            tell_form(bad, form)
        else:
            context |= _answer(request, told)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "inventory/factor_explain.html", context, status=status)


def question_of(stated: dict[str, Any]) -> FactorQuestion:
    """Return the question that a form or a request states; a site stands where it is."""
    site, year = stated.get("site") or "", int(stated["year"])
    place = stated.get("place") or (_place_of(site, date(year, 1, 1)) if site else "")
    texts = {name: (stated.get(name) or "").strip() for name in _TEXTS}
    without = (stated.get("without") or "").replace(",", " ").split()
    return FactorQuestion(
        item=stated["item"].strip(), unit=stated["unit"].strip(), year=year, place=place, site=site,
        source_type=stated.get("source_type") or "", pin=stated.get("pin"), without=tuple(without),
        technology=texts["technology"], supplier=texts["supplier"], product=texts["product"],
    )  # fmt: skip


def ask(actor: Actor, question: FactorQuestion) -> FactorExplanation:
    """Ask among what a run would be given now, as far as the actor sees own factors.

    Raises
    ------
    BadInput
        If the item, the unit, the place or a factor that is to be left out is unknown.

    """
    catalog, pin = calculated_with()
    seen = {one.factor.factor_id for one in known_factors(actor.nodes("factors.view"), actor.tree)}
    shown = Catalog(f for f in catalog.factors if f.factor_id in seen)
    try:
        return explain_factor(shown, replace(question, pin=question.pin or pin))
    except BadInput as bad:
        named = [replace(f, at=Where(column=_FIELDS.get(f.code, ""))) for f in bad.findings]
        raise BadInput(named) from bad
    except LedgerError as fault:
        unread = Finding(fault.code, "error", Where(column="unit"), fault.fields)
        raise BadInput([unread]) from fault


def _place_of(site: str, day: date) -> str:
    """Return the place stated for a node or the nearest above it on a day, else its country."""
    seen: set[str] = set()
    node = Node.objects.filter(code=site).first()
    while node is not None and node.code not in seen:
        seen.add(node.code)
        now = (
            Standing.objects.filter(node=node)
            .exclude(begin__gt=day)
            .exclude(end__lte=day)
            .select_related("parent")
            .last()
        )
        if now is None or now.place or now.country:
            return (now.place or now.country) if now else ""
        node = now.parent
    return ""


def _source_type(name: str) -> str:
    key = f"activities.source_type.{name}"
    return say(key) if key in words() else name


def _answer(request: HttpRequest, told: FactorExplanation) -> dict[str, Any]:
    choice = told.choice
    return {
        "verdict": verdict(told),
        "bridge": say("explain.bridge", times=number(float(told.bridge.value)),
                      unit=unit_called(told.bridge.unit), source=told.bridge.source)
                  if told.bridge else "",
        "ranked": _ranked(request, choice) if choice.ranked else None,
        "rejected": _rejected(choice) if choice.rejected else None,
        "pin": day(choice.query.pin),
    }  # fmt: skip


def verdict(told: FactorExplanation) -> Notice:
    """Say which factor won and why, or that none did."""
    choice, winner = told.choice, told.choice.winner
    if choice.tied:
        ids = ", ".join(f.factor_id for f in choice.tied)
        return Notice(say("explain.tied"), ids, "bad")
    if winner is None:
        return Notice(say("explain.nothing"), say("explain.nothing.text"), "bad")
    why = say(f"explain.why.{choice.decided_by}")
    if told.assumed and winner.technology == told.assumed.technology:
        why += " " + say(
            "explain.assumed",
            technology=technology_called(winner.technology, winner.item),
            method=told.assumed.name,
        )
    return Notice(say("explain.winner", factor=name_of(winner.row)), why, "good")


def _ranked(request: HttpRequest, choice: FactorChoice) -> Table:
    rows = [
        Row(
            [
                str(place),
                Link(name_of(factor.row), hint=factor.factor_id),
                Printed(value_text(factor), f"kg CO₂e/{unit_called(factor.unit_text)}"),
                place_name(factor.place),
                str(factor.data_year),
                "" if place == 1 else _behind(choice, place - 1),
            ],
            with_scope(request, reverse("factors-record", args=[factor.factor_id])),
            "good" if place == 1 and choice.winner else "",
        )
        for place, (_, factor) in enumerate(choice.ranked[:SHOWN], start=1)
    ]
    columns = [
        Column("#", is_whole=True),
        Column(say("factors.name"), is_wide=True),
        Column(say("factors.total_kg"), is_number=True),
        Column(say("factors.place")),
        Column(say("factors.data_year"), is_whole=True),
        Column(say("explain.behind"), is_wide=True),
    ]
    return Table(say("explain.ranked"), columns, rows, is_dense=True)


def _behind(choice: FactorChoice, place: int) -> str:
    """Say in what a factor of the ranked list falls behind the winner."""
    first, mine = choice.ranked[0][0], choice.ranked[place][0]
    field = next((n for n in first.__slots__ if getattr(first, n) != getattr(mine, n)), "tie")
    return say(f"explain.behind.{field}")


def nearest_miss(choice: FactorChoice) -> str:
    """Say which factors come nearest to what was asked for, and what they fail; '' if none do."""
    if not choice.rejected:
        return ""
    reason = max((r.reason for r in choice.rejected), key=_ASKED.index)
    told = say(f"explain.reason.{reason}")
    return say("explain.nearest", factors=_named(choice, reason), reason=told)


def _named(choice: FactorChoice, reason: str) -> str:
    """Name some of the factors that fail for a reason, with the unit that they are for."""
    alike = (
        say("explain.per", factor=name_of(r.factor.row), unit=unit_called(r.factor.unit_text))
        for r in choice.rejected
        if r.reason == reason
    )
    names = list(dict.fromkeys(alike))
    return "; ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")


def _rejected(choice: FactorChoice) -> Table:
    reasons = Counter(rejection.reason for rejection in choice.rejected)
    rows = [
        Row(
            [
                say(f"explain.reason.{reason}"), Printed(number(reasons[reason])),
                _named(choice, reason),
            ]
        )
        for reason in sorted(reasons, key=_ASKED.index, reverse=True)
    ]  # fmt: skip
    columns = [
        Column(say("explain.reason"), is_wide=True),
        Column(say("explain.times"), is_number=True),
        Column(say("explain.examples"), is_wide=True),
    ]
    return Table(say("explain.rejected"), columns, rows, is_dense=True)
